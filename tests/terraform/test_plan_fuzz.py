"""No JSON makes the reading of plans and states raise, whatever it looks like."""

import copy
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s3audit.collectors.documents.hcl.reader import read_hcl
from s3audit.collectors.documents.resolved import Encoded, Missing, Partial, Undecided
from s3audit.collectors.documents.tree import Mapping, Scalar, Sequence
from s3audit.collectors.terraform.records.addresses import key_of, parse, steps
from s3audit.collectors.terraform.records.places import Places
from s3audit.collectors.terraform.records.plan import read_plan
from s3audit.collectors.terraform.records.state import read_state
from s3audit.collectors.terraform.tables import TYPES
from s3audit.problem import Problem
from tests.profile import examples
from tests.terraform.plans import change, constant, plan, read_later, refers, values

LOGS, DATA = "aws_s3_bucket.logs", 'module.store["a"].aws_s3_bucket.data[0]'
DOCUMENT = "data.aws_iam_policy_document.logs"
POLICY = "aws_s3_bucket_policy.logs"
CORS = "module.store.aws_s3_bucket_cors_configuration.data"

RICH = plan(
    change(
        LOGS, {"bucket": "logs", "tags": {"a": "b"}}, {"id": True, "arn": True, "acl": True, "logging": True}
    ),
    change(DATA, {"bucket_prefix": "data-"}, {"bucket": True, "id": True}, sensitive={"bucket": True}),
    change(
        'module.store["a"].aws_s3_bucket_cors_configuration.data',
        {"cors_rule": [{"id": "x", "allowed_origins": [None, "b"]}, {"id": "y", "allowed_origins": None}]},
        {"bucket": True, "cors_rule": [{"allowed_origins": [True, False]}, {"allowed_origins": True}]},
    ),
    read_later(
        DOCUMENT,
        {"statement": [{"actions": ["s3:*"], "resources": [None], "principals": [{"type": "AWS"}]}]},
        {"json": True, "statement": [{"resources": [True], "principals": [{"identifiers": True}]}]},
    ),
    change(POLICY, {}, {"bucket": True, "policy": True}),
    change("aws_s3_bucket.old", None, actions=["delete"]),
    written={
        LOGS: {"bucket": constant("logs"), "acl": refers("local.acl"), "for_each": constant(["a"])},
        "module.store.aws_s3_bucket.data": {"count": constant(1), "bucket_prefix": constant("data-")},
        CORS: {
            "bucket": refers("var.bucket"),
            "cors_rule": [
                {"id": constant("y"), "allowed_origins": refers("var.origins")},
                {"id": constant("x"), "allowed_origins": refers("aws_s3_bucket.data[0].id")},
            ],
        },
        DOCUMENT: {
            "statement": [{"resources": refers(f"{LOGS}.arn"), "principals": [{"type": constant("AWS")}]}]
        },
        POLICY: {"bucket": refers("module.store.id"), "policy": refers(f"{DOCUMENT}.json")},
    },
    calls={"module.store": {"bucket": refers(f"{LOGS}.id"), "for_each": refers("local.stores")}},
    outputs={"module.store.id": refers("aws_s3_bucket.data[0].id")},
    prior=[values("aws_s3_bucket.there", {"bucket": "there"}, {"bucket": True})],
    deferred_changes=[
        {"reason": "instance_count_unknown", "resource_change": change("aws_s3_bucket.x[*]", {})}
    ],
)
STATE = {
    "version": 4,
    "resources": [
        {
            "type": "aws_s3_bucket",
            "name": "logs",
            "module": 'module.a["b"]',
            "instances": [
                {
                    "attributes": {"bucket": "logs", "tags": {"a": None}},
                    "index_key": "k",
                    "sensitive_attributes": [[{"type": "get_attr", "value": "tags"}]],
                }
            ],
        }
    ],
}

SOURCE = b"""\
resource "aws_s3_bucket" "logs" {
  bucket = "logs"
  tags   = { a = "b" }
  dynamic "logging" {
    content {}
  }
}
resource "aws_s3_bucket_policy" "logs" {
  policy = data.aws_iam_policy_document.logs.json
}
module "store" {
  source = "./store"
}
"""
STORE = b"""\
resource "aws_s3_bucket_cors_configuration" "data" {
  cors_rule {
    id = "y"
  }
  cors_rule {
    id              = "x"
    allowed_origins = ["a", "b"]
  }
}
"""
PLACES = Places({".": [read_hcl(SOURCE, "main.tf")[0]], "store": [read_hcl(STORE, "store/main.tf")[0]]})

WORDS = st.sampled_from(
    [
        "",
        "logs",
        "aws_s3_bucket",
        LOGS,
        f"{LOGS}.id",
        DATA,
        "var.x",
        "each.value.id",
        "module.store.id",
        "a[",
        "é",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


def look(data: bytes) -> int:
    """Reads it as both, and looks at everything there is; how much that is."""
    seen = 0
    for reading in (read_plan, read_state):
        declared, problems = reading(data, "x.json", TYPES, PLACES)
        assert all(type(problem) is Problem for problem in problems)
        assert len({one.address for one in declared}) == len(declared)
        for one in declared:
            left = [one.node]
            while left:
                seen += 1
                node = one.resolver.resolve(left.pop()).node
                assert isinstance(node, Mapping | Sequence | Scalar | Partial | Undecided | Missing)
                if isinstance(node, Mapping):
                    left += [entry.value for entry in node.entries.values()]
                elif isinstance(node, Sequence):
                    left += node.items
                elif isinstance(node, Encoded):
                    left.append(node.value)
                elif isinstance(node, Undecided):
                    assert node.why
    return seen


def test_the_examples_are_read() -> None:
    assert look(json.dumps(RICH).encode()) > 30
    assert look(json.dumps(STATE).encode()) == 3


@settings(max_examples=examples(150), deadline=None)
@given(JSON)
def test_any_json(made: Any) -> None:
    look(json.dumps(made).encode())


@settings(max_examples=examples(100), deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    look(data)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path of each part of a value."""
    found = [path] if path else []
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in inside:
        found += places(inner, (*path, step))
    return found


def changed(whole: Any, path: tuple[str | int, ...], made: Any) -> Any:
    whole = copy.deepcopy(whole)
    *around, last = path
    inner = whole
    for step in around:
        inner = inner[step]
    if made is ...:
        del inner[last]
    else:
        inner[last] = made
    return whole


EVERYWHERE = [(RICH, path) for path in places(RICH)] + [(STATE, path) for path in places(STATE)]


def test_nothing_is_needed_anywhere() -> None:
    for whole, path in EVERYWHERE:
        look(json.dumps(changed(whole, path, ...)).encode())


@settings(max_examples=examples(400), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(EVERYWHERE), JSON)
def test_anything_may_be_of_another_form(place: tuple[Any, Any], made: Any) -> None:
    look(json.dumps(changed(*place, made)).encode())


@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_a_file_may_end_anywhere(chosen: st.DataObject) -> None:
    data = json.dumps(chosen.draw(st.sampled_from([RICH, STATE]))).encode()
    cut = chosen.draw(st.integers(0, len(data) - 1))
    assert look(data[:cut]) == 0
    declared, problems = read_plan(data[:cut], "x.json", TYPES)
    assert declared == []
    assert [problem.kind for problem in problems] == ["unreadable"]


@settings(max_examples=examples(200), deadline=None)
@given(st.text(alphabet='ab.[]"\\0-*$', max_size=20) | st.sampled_from([LOGS, DATA, DOCUMENT]))
def test_any_address(address: str) -> None:
    found = steps(address)
    if found is not None:
        assert ".".join(step.name + step.key for step in found) == address
    parsed = parse(address)
    if parsed is not None:
        assert address.endswith(parsed.key)
        key_of(parsed.key)
        assert parse(f"module.x.{address}") is not None
