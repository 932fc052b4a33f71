"""Whatever is in modules, plans and states, a scan ends with a report, and with the same one again."""

import json
import random as chances
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s3audit.collectors.documents.hcl.reader import read_hcl
from s3audit.collectors.documents.hcl.syntax import Block, Body, Expression, Literal
from tests.checks.examples import CHECKS
from tests.fuzz.mutations import changed_bytes, changed_json, changed_text
from tests.fuzz.survival import survive
from tests.profile import examples
from tests.terraform.emit.complete import completed
from tests.terraform.emit.estate import emitted
from tests.terraform.emit.hcl import Hcl
from tests.terraform.emit.names import UnexpressedError
from tests.terraform.emit.plan import PlanJson
from tests.terraform.emit.scenes import RICH, Scene, scenes_in, scenes_of

EXAMPLES = Path(__file__).parents[2] / "examples" / "terraform"
MODULES = sorted(path for path in EXAMPLES.iterdir() if path.is_dir())

WORDS = [
    "null", "true", "0", "-1", "1e999", '""', "[]", "{}", "()", "=", "==", "=>", "?", ":", "...", "[*]",
    ".*", "$${", "%{", '"${"', '"${x}"', '"%{ if x }"', "<<E\n", "<<-E\n", "E\n", "${", "}", "{", '"', "/*",
    "*/", "#", "var.nobody", "local.nobody", "module.nobody.x", "each.key", "each.value", "count.index",
    "self.id", "data.x.y.z", "aws_s3_bucket.nobody.id", "path.module", "for_each = toset([])\n",
    "count = 0\n", "for_each = { a = 1 }\n", "count = 2\n", "provider = aws.west\n", "dynamic", "content",
    "locals", "module", "data", "resource", "variable", "lifecycle", "[for x in y : x]",
    "{ for k, v in y : k => v... }", "merge({}, null)", 'file("../x")', "jsonencode({})", 'jsondecode("{")',
    "try(x, null)", "one([])", "flatten([[]])", 'regex("(", "")', 'format("%d", "x")', "\u202e", "\ufeff",
    "\0", "aws_s3_bucket", "aws_s3_bucket_policy", '"x" "y"', "!", "-", "&&", "%", ",",
]  # fmt: skip

STRANGERS: list[object] = [
    *(None, [], {}, "", "x", True, 7, -1, 1e300, 10**400, [None], [{}], {"": None}, [[]], "\ud800", "\u202e"),
    *("${", "${var.nobody}", "${aws_s3_bucket.b.id}", "%{ if x }", "${each.key}", "${local.nobody[0]}", "$${x}"),
    *({"references": ["aws_s3_bucket.b.id", "aws_s3_bucket.b"]}, {"constant_value": None}, {"references": [7]}),
    *({"dynamic": {"rule": {"for_each": [1], "content": {}}}}, ["no-op"], ["delete", "create"], "aws_s3_bucket"),
    *('{"Statement": 1}', '{"Version": "2012-10-17", "Statement": [{"Principal": "*"}]}'),
    "module.a[0].aws_s3_bucket.b",
]  # fmt: skip

tried = settings(
    max_examples=examples(15),
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.data_too_large,
    ],
)
chance = st.randoms(use_true_random=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "scanned"


@cache
def scenes() -> list[Scene]:
    found = [scene for path in RICH for scene in scenes_in(path.stem, path.read_text())] * 5
    return found + [scene for check in CHECKS.values() for scene in scenes_of(check)]


def module(random: Random) -> dict[str, str]:
    """The files of a module, by their paths."""
    if random.random() < 0.4:
        top = random.choice(MODULES)
        paths = [path for path in top.rglob("*") if path.suffix in (".tf", ".tfvars")]
        return {path.relative_to(top).as_posix(): path.read_text() for path in sorted(paths)}
    scene, seed = random.choice(scenes()), random.random()
    return Hcl(chances.Random(seed)).module(emitted(scene.estate, str(seed)).blocks)


def plan(random: Random) -> Any:
    while True:
        scene, seed = random.choice(scenes()), random.random()
        try:
            writer = emitted(completed(scene.estate, with_names=seed < 0.5), str(seed), is_counting=False)
            return PlanJson(chances.Random(seed)).document(writer.blocks)
        except UnexpressedError:
            continue


def shown_state(of: Any) -> Any:
    return {"format_version": "1.0", "terraform_version": "1.11.4", "values": of["planned_values"]}


def stored_state(of: Any) -> Any:
    resources = [
        {
            **{name: one[name] for name in ("mode", "type", "name")},
            "provider": f'provider["{one["provider_name"]}"]',
            "instances": [{"schema_version": 0, "attributes": one["values"], "sensitive_attributes": []}],
        }
        for one in of["planned_values"]["root_module"]["resources"]
    ]
    return {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x", "resources": resources}


def as_json(text: str) -> Any:
    """A file of a module in the JSON syntax."""
    body, problems = read_hcl(text.encode(), "x.tf")
    assert problems == []
    return _members(body)


def _members(body: Body) -> dict[str, Any]:
    made: dict[str, Any] = {name: _value(written.value) for name, written in body.attributes.items()}
    for block in body.blocks:
        holder = made
        for label in (block.type, *block.labels)[:-1]:
            holder = holder.setdefault(label, {})
        holder.setdefault((block.type, *block.labels)[-1], []).append(_block(block))
    return made


def _block(block: Block) -> dict[str, Any]:
    return _members(block.body)


def _value(expression: Expression) -> Any:
    if isinstance(expression, Literal) and isinstance(expression.value, bool | int | None):
        return expression.value
    return f"${{{expression.lines.text[expression.start : expression.end]}}}"


@given(chance)
@tried
def test_modules(folder: Path, random: Random) -> None:
    files = module(random)
    changed = random.choice(sorted(files))
    data = {name: text.encode() for name, text in files.items()}
    survive(folder, {**data, changed: changed_text(files[changed], WORDS, random)})


@given(chance)
@tried
def test_bytes_of_modules(folder: Path, random: Random) -> None:
    data = {name: text.encode() for name, text in module(random).items()}
    survive(folder, {name: changed_bytes(text, random) for name, text in data.items()})


@given(chance)
@tried
def test_modules_in_json(folder: Path, random: Random) -> None:
    data = {
        f"{name}.json": changed_json(as_json(text), STRANGERS, random)
        for name, text in module(random).items()
        if name.endswith(".tf")
    }
    survive(folder, data)


@given(chance)
@tried
def test_plans(folder: Path, random: Random) -> None:
    survive(folder, {"plan.json": changed_json(plan(random), STRANGERS, random)}, "plan.json")


@given(chance)
@tried
def test_plans_beside_their_source(folder: Path, random: Random) -> None:
    scene, seed = random.choice(scenes()), random.random()
    try:
        writer = emitted(completed(scene.estate, with_names=seed < 0.5), str(seed), is_counting=False)
        document = PlanJson(chances.Random(seed)).document(writer.blocks)
    except UnexpressedError:
        return
    files = Hcl(chances.Random(seed)).module(writer.blocks)
    source = {f"source/{name}": changed_text(text, WORDS, random) for name, text in files.items()}
    data = (
        json.dumps(document).encode() if random.random() < 0.5 else changed_json(document, STRANGERS, random)
    )
    survive(folder, {"plan.json": data, **source}, "plan.json", source_dir=str(folder / "source"))


@given(chance)
@tried
def test_states(folder: Path, random: Random) -> None:
    state = random.choice([shown_state, stored_state])(plan(random))
    survive(folder, {"x.tfstate": changed_json(state, STRANGERS, random)}, "x.tfstate")


@given(chance)
@tried
def test_several_that_belong_together(folder: Path, random: Random) -> None:
    document = plan(random)
    files = {f"{name}/{inner}": text for name in ("a", "b") for inner, text in module(random).items()}
    calls = "".join(
        f'module "{name}" {{\n  source = "./{random.choice("ab")}"\n  {random.choice(WORDS)}\n}}\n'
        for name in "xyz"
    )
    survive(
        folder,
        {
            **{name: changed_text(text, WORDS, random) for name, text in files.items()},
            "main.tf": calls.encode(),
            "plan.json": changed_json(document, STRANGERS, random),
            "x.tfstate": changed_json(stored_state(document), STRANGERS, random),
        },
    )
