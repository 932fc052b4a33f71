"""Whatever a template says, evaluating it ends, soon and without an exception."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3audit.collectors.cloudformation.evaluate import Evaluator
from s3audit.collectors.cloudformation.functions import FUNCTIONS
from s3audit.collectors.cloudformation.parameters import Parameters
from s3audit.collectors.cloudformation.physical import name_of
from s3audit.collectors.cloudformation.scenarios import reads, scenarios
from s3audit.collectors.cloudformation.template import read_template
from s3audit.collectors.documents.reader import read
from s3audit.collectors.documents.resolved import Undecided
from s3audit.collectors.documents.tree import Mapping, Node, Sequence
from s3audit.verdict import Status
from tests.cloudformation.stacks import evaluator_of, output, parsed, shown


def everything(data: bytes, most: int = 5_000) -> Evaluator | None:
    """Evaluate all of a template in every way there is; the nodes that aliases repeat are looked at once."""
    documents, _ = read(data, "t.yaml")
    evaluator = None
    for document in documents:
        template, _ = read_template(document, "t.yaml", "", Parameters({"A": "x"}))
        if template is None:
            continue
        for assignment in ({}, {"P": "y", "AWS::Region": "eu-west-1"}):
            evaluator = Evaluator(template, Parameters({"A": "x"}), assignment)
            nodes: list[Node] = [document.root] if document.root is not None else []
            for resource in template.resources.values():
                evaluator.exists(resource)
                name_of(evaluator, resource)
                scenarios(template, Parameters(), reads(template, resource.node), all_scenarios=True)
                nodes += [resource.node]
            for name in template.conditions:
                evaluator.conditions.holds(name)
            for rule in template.rules.values():
                evaluator.conditions.breaks(rule)
            seen: set[int] = set()
            while nodes and len(seen) < most:
                node = nodes.pop()
                if id(node) in seen:
                    continue
                seen.add(id(node))
                resolved = evaluator.resolve(node).node
                for one in (node, resolved):
                    if isinstance(one, Mapping):
                        nodes += [entry.value for entry in one.entries.values()]
                        evaluator.entries(one)
                    elif isinstance(one, Sequence):
                        nodes += one.items
                        evaluator.items(one)
    return evaluator


def nested(levels: int, one: str, inner: str) -> str:
    for _ in range(levels):
        inner = one.replace("INNER", inner)
    return inner


@pytest.mark.parametrize(
    ("expression", "doubles"),
    [
        ("!Sub ['${A}${A}', {A: INNER}]", True),
        ("!Join ['', [INNER, x]]", False),
        ("{'Fn::Join': ['', [INNER, x]]}", False),
        ("!If [No, x, INNER]", False),
        ("!Select [0, [INNER]]", False),
        ("!ToJsonString [INNER]", False),
        ("!Base64 {'Fn::Sub': ['${A}', {A: INNER}]}", False),
        ("!Sub ['${A}', {A: INNER}]", False),
    ],
)
@pytest.mark.parametrize("levels", [10, 30, 50, 60, 90])
def test_functions_in_functions_end(expression: str, doubles: bool, levels: int) -> None:
    value = nested(levels, expression, "x")
    text = f"Conditions: {{'No': !Equals [a, b]}}\nResources: {{}}\nOutputs: {{It: {{Value: {value}}}}}\n"
    evaluator = everything(text.encode())
    if evaluator is None or "It" not in evaluator.template.outputs:  # deeper than a reader goes
        assert levels > 30
        return
    head = output(evaluator, "It").node
    come_to = str(shown(evaluator, head))
    assert len(come_to) < 1_100_000
    if doubles and levels == 30:
        assert isinstance(head, Undecided) or "Fn::Sub" in come_to


LEVELS = 13
"""More, and the reader refuses what the aliases stand for."""


@pytest.mark.parametrize("seed", ["x" * 1000, "${Env}"])
@pytest.mark.parametrize("function", ["!Sub ['${A}${A}', {A: *before}]", "!Join ['', [*before, *before]]"])
def test_a_text_that_doubles_stays_small(function: str, seed: str) -> None:
    lines = ["Parameters: {Env: {Type: String}}", "Resources: {}", "Outputs:"]
    lines.append(f"  O0: {{Value: &v0 !Sub '{seed}'}}")
    for level in range(1, LEVELS):
        made = function.replace("*before", f"*v{level - 1}")
        lines.append(f"  O{level}: {{Value: &v{level} {made}}}")
    evaluator = evaluator_of("\n".join(lines) + "\n")
    for name in evaluator.template.outputs:
        assert len(str(shown(evaluator, output(evaluator, name).node))) < 1_100_000


LISTS = ["!ToJsonString [*v]", "!Join [',', *v]", "!Length [*v]", "!Sub ['${A}', {A: !Join ['', *v]}]"]


@pytest.mark.parametrize("function", LISTS)
def test_a_list_that_doubles_stays_small(function: str) -> None:
    lines = ["Resources: {}", "Metadata:", "  L0: &v0 [a, b]"]
    lines += [f"  L{level}: &v{level} [*v{level - 1}, *v{level - 1}]" for level in range(1, LEVELS)]
    last = f"*v{LEVELS - 1}"
    lines += ["Outputs:", f"  It: {{Value: {function.replace('*v', last)}}}"]
    lines += ["Conditions:", f"  Same: !Equals [{last}, {last}]", f"  It: !Equals [{last}, *v{LEVELS - 2}]"]
    evaluator = evaluator_of("\n".join(lines) + "\n")
    assert len(str(shown(evaluator, output(evaluator, "It").node))) < 100_000
    assert evaluator.conditions.holds("Same").why.endswith("what is compared is too large")
    assert evaluator.conditions.holds("It").status is not Status.PASS
    root = evaluator.template.document.root
    assert root is not None
    reads(evaluator.template, root)


def test_long_chains_end() -> None:
    count = 400
    conditions = "".join(f"  C{n}: !Not [!Condition C{n + 1}]\n" for n in range(count))
    bucket = "{Type: AWS::S3::Bucket, Condition: CHERE, Properties: {BucketName: !Sub '${BNEXT}-x'}}"
    resources = "".join(
        f"  B{n}: {bucket.replace('HERE', str(n)).replace('NEXT', str(n + 1))}\n" for n in range(count)
    )
    text = f"Conditions:\n{conditions}  C{count}: !Equals [a, a]\nResources:\n{resources}"
    text += f"  B{count}: {{Type: AWS::S3::Bucket, Properties: {{BucketName: end}}}}\n"
    template, problems = parsed(text)
    assert problems == []
    evaluator = Evaluator(template, Parameters())
    for name in ("C0", f"C{count}"):
        evaluator.conditions.holds(name)
    for resource in template.resources.values():
        assert name_of(evaluator, resource) is not None
        assert scenarios(template, Parameters(), reads(template, resource.node), all_scenarios=True)


NAMES = [*sorted(FUNCTIONS), "Fn::ForEach::L", "a", "Other"]
WORDS = [
    "",
    "a",
    "A",
    "P",
    "B",
    "C",
    "M",
    "k",
    "k2",
    "L",
    "0",
    "1",
    "-1",
    ",",
    "X",
    "true",
    "B.Arn",
    "S.Outputs.O",
    "${A}",
    "${P}-${B.Arn}",
    "${!A}",
    "${",
    "${}",
    "&{X}",
    "{{resolve:ssm:x}}",
    "AWS::Region",
    "AWS::NoValue",
    "Arn",
]


def values() -> st.SearchStrategy[Any]:
    scalars = st.one_of(st.sampled_from(WORDS), st.integers(-2, 3), st.booleans(), st.none(), st.floats(0, 1))
    return st.recursive(
        scalars,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4),
            st.dictionaries(st.sampled_from(NAMES), inner, max_size=2),
            st.tuples(st.sampled_from(NAMES), st.lists(inner, min_size=1, max_size=4)).map(
                lambda one: {one[0]: one[1]}
            ),
        ),
        max_leaves=12,
    )


def fixed(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(dict(fields))


PARAMETERS = {"A": {"Type": "String"}, "P": {"Type": "String"}, "L": {"Type": "CommaDelimitedList"}}
MAPPINGS = {"M": {"k": {"k2": "v", "k": ["x"]}, "a": {"k2": "w"}}}
RULE = fixed(RuleCondition=values(), Assertions=st.lists(fixed(Assert=values())))
BUCKET = fixed(
    Type=st.just("AWS::S3::Bucket"),
    Condition=values(),
    Properties=st.one_of(fixed(BucketName=values()), values()),
)
STACK = fixed(Type=st.just("AWS::CloudFormation::Stack"), Properties=values())
SECTIONS = fixed(
    Transform=st.sampled_from(["AWS::LanguageExtensions", ["Mine"], {"Name": "x"}, None, 3]),
    Parameters=st.one_of(st.just(PARAMETERS), values()),
    Mappings=st.one_of(st.just(MAPPINGS), values()),
    Conditions=st.one_of(fixed(C=values(), D=values()), values()),
    Rules=st.one_of(fixed(R=RULE), values()),
    Resources=st.one_of(fixed(B=BUCKET, S=STACK, **{"Fn::ForEach::L": values()}), values()),
    Outputs=fixed(It=fixed(Value=values())),
)


@given(template=SECTIONS)
def test_no_template_raises(template: Any) -> None:
    everything(json.dumps(template).encode(), most=500)


@given(expression=values())
def test_no_expression_raises_in_a_good_template(expression: Any) -> None:
    template = {
        "Transform": "AWS::LanguageExtensions",
        "Parameters": PARAMETERS,
        "Mappings": MAPPINGS,
        "Conditions": {"C": {"Fn::Equals": [{"Ref": "A"}, "a"]}, "It": expression},
        "Resources": {
            "B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": expression, "Tags": [expression]}},
            "Fn::ForEach::Loop": ["X", ["a", "b"], {"R${X}": {"Type": "T", "Properties": {"P": expression}}}],
        },
    }
    evaluator = everything(json.dumps(template).encode(), most=500)
    assert evaluator is not None
    for problem in evaluator.problems:
        assert problem.at.line
