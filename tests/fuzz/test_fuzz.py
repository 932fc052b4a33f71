"""Whatever is in a file, a scan ends with a report: no crash, no crashed check, and every report can be written."""

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s3audit import catalog
from tests.fuzz.survival import survive

schemas = pytest.importorskip("cfnlint.schema.manager", reason="the resource schemas come with cfn-lint")

CHECKS = catalog.load()
EXAMPLES = [example for check in CHECKS for example in (*check.passes, *check.fails, *check.unsure)]
TYPES = sorted(
    name
    for name in schemas.PROVIDER_SCHEMA_MANAGER.get_resource_types("us-east-1")
    if name.startswith(("AWS::S3", "AWS::CloudFront::", "AWS::KMS::", "AWS::CloudTrail::"))
)
WEIRD = [
    "null", "~", "[]", "{}", "''", "-1", "1e999", "0x10", "yes", "2012-10-17", "!Ref Nobody", "!Ref AWS::NoValue",
    "!GetAtt Nobody.Arn", "!Sub '${Nobody}'", "!If [Nobody, 1, 2]", "!If []", "!Join ['', !Ref Nobody]",
    "!Select [9, [a]]", "!FindInMap [A, B, C]", "!Base64 x", "!Cidr [a, b, c]", "!GetAZs ''", "!Unheard of",
    "{Ref: [1]}", "{'Fn::Sub': {}}", "{'Fn::If': 3}", "{'Fn::Transform': {Name: X}}", "&a [1]", "*a", "<<",
    "'{{resolve:ssm:x}}'", '"\\ud800"', "'\u202e'", "|\n  text", "arn:aws:s3:::", "'*'",
]  # fmt: skip

bounded = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "scanned"


@given(st.binary(max_size=300))
@bounded
def test_bytes(folder: Path, data: bytes) -> None:
    survive(
        folder, {"template.yaml": b"Resources:\n  B:\n    Type: AWS::S3::Bucket\n" + data}, "template.yaml"
    )
    data = b'{"Resources": {"B": {"Type": "AWS::S3::Bucket"' + data
    survive(folder, {"template.json": data}, "template.json")


def _mutate(text: str, random: Random) -> str:
    lines = text.splitlines()
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(lines))
        key, colon, value = lines[at].partition(": ")
        match random.randrange(6):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, random.choice(lines))
            case 2 if colon:
                lines[at] = f"{key}: {random.choice(WEIRD)}"
            case 3:
                lines[at] = lines[at].replace(value or key, random.choice(WEIRD))
            case 4:
                lines[at] = " " * random.randrange(12) + lines[at].lstrip()
            case _:
                cut = random.randrange(len(lines[at]) + 1)
                lines[at] = (
                    lines[at][:cut]
                    + random.choice(["\t", "\0", "\u2028", "#", '"', "{", "*"])
                    + lines[at][cut:]
                )
        if not lines:
            break
    return "\n".join(lines)


@given(st.sampled_from(EXAMPLES), st.randoms(use_true_random=False))
@bounded
def test_mutated_examples(folder: Path, example: str, random: Random) -> None:
    survive(folder, {"template.yaml": _mutate(example, random).encode("utf-8", "replace")}, "template.yaml")


STRANGERS: list[object] = [
    *(None, [], {}, "", "x", True, 7, {"Ref": "P"}, {"Ref": "B"}, {"Fn::GetAtt": ["B", "Arn"]}),
    *({"Fn::If": ["C", "x", {"Ref": "AWS::NoValue"}]}, {"Fn::Sub": "arn:aws:s3:::${P}/*"}),
]


def _value(schema: dict[str, object], root: dict[str, object], random: Random, depth: int) -> object:
    """Something of the schema's shape, with now and then an expression or a value of the wrong kind."""
    if random.random() < 0.08 or depth > 9:
        return random.choice(STRANGERS)
    reference = schema.get("$ref")
    if isinstance(reference, str):
        definitions = root.get("definitions")
        assert isinstance(definitions, dict)
        return _value(definitions[reference.rpartition("/")[2]], root, random, depth + 1)
    words = schema.get("enum")
    if isinstance(words, list):
        return random.choice(words)
    kind = schema.get("type")
    kind = random.choice(kind) if isinstance(kind, list) else kind
    properties, items = schema.get("properties"), schema.get("items")
    if isinstance(properties, dict):
        chosen = [name for name in properties if random.random() < (0.6 if depth < 3 else 0.8)]
        return {name: _value(properties[name], root, random, depth + 1) for name in chosen}
    if isinstance(items, dict):
        return [_value(items, root, random, depth + 1) for _ in range(random.randint(0, 2))]
    return {"integer": 3, "number": 3, "boolean": random.random() < 0.5, "object": {}}.get(str(kind), "text")


@given(st.randoms(use_true_random=False))
@bounded
def test_templates_made_from_the_resource_schemas(folder: Path, random: Random) -> None:
    manager = schemas.PROVIDER_SCHEMA_MANAGER
    resources: dict[str, object] = {"B": {"Type": "AWS::S3::Bucket", "Condition": "C"}}
    for number in range(random.randint(1, 3)):
        kind = random.choice(["AWS::S3::Bucket", "AWS::S3::BucketPolicy", random.choice(TYPES)])
        schema = manager.get_resource_schema("us-east-1", kind).schema
        resources[f"R{number}"] = {"Type": kind, "Properties": _value(schema, schema, random, 0)}
    template = {
        "Parameters": {"P": {"Type": "String"}},
        "Conditions": {"C": {"Fn::Equals": [{"Ref": "P"}, "x"]}},
        "Resources": resources,
    }
    survive(folder, {"template.json": json.dumps(template).encode()}, "template.json")
