"""The data of a plan as nodes: what a value is, when it is looked at, and what is never shown."""

from decimal import Decimal
from typing import Any

import pytest

from s3audit.collectors.documents.resolved import Partial, Resolved, Undecided
from s3audit.collectors.documents.tree import NO_LINES, Mapping, Node, Scalar, Sequence, as_number, is_null
from s3audit.collectors.terraform.language.values import Primitive
from s3audit.collectors.terraform.records.forms import Raw
from s3audit.collectors.terraform.records.given import Given, Path, Plain, Reader, Record
from s3audit.collectors.terraform.records.marks import has_marks, left_out, marked, of_paths
from s3audit.text import Opaque, Text
from tests.terraform.plans import change, plan, read

LOGS = "aws_s3_bucket.logs"


def record(values: bytes, hidden: bytes = b"{}") -> Record:
    made = Record.of(LOGS, "aws_s3_bucket", "", LOGS, Raw(values))
    made.hidden = Raw(hidden)
    return made


def argument(values: bytes, name: str = "it", hidden: bytes = b"{}") -> Node:
    reader = Reader()
    node = reader.resolve(record(values, hidden)).node
    assert isinstance(node, Mapping)
    found = node.get(name)
    assert found is not None
    return reader.resolve(found).node


@pytest.mark.parametrize(
    ("written", "value", "plain"),
    [
        ('"text"', "text", False),
        ('""', "", False),
        ('"true"', "true", False),
        ("true", "true", True),
        ("false", "false", True),
        ("0", "0", True),
        ("-7", "-7", True),
        ("1.50", "1.50", True),
        ("1e400", "1e400", True),
        ("123456789012345678901234567890", "123456789012345678901234567890", True),
    ],
)
def test_a_word_is_as_it_is_written(written: str, value: str, plain: bool) -> None:
    node = argument(f'{{"it": {written}}}'.encode())
    assert isinstance(node, Scalar)
    assert (node.value, node.plain) == (value, plain)


def test_a_fraction_is_not_rounded() -> None:
    node = argument(b'{"it": 0.1000000000000000055}')
    assert isinstance(node, Scalar)
    assert Decimal(node.value) == Decimal("0.1000000000000000055")
    assert as_number(argument(b'{"it": 12}')) == 12


def test_null_is_not_written_but_keeps_its_place_in_a_list() -> None:
    node = Reader().resolve(record(b'{"it": null, "other": 1}')).node
    assert isinstance(node, Mapping)
    assert list(node.entries) == ["other"]
    items = argument(b'{"it": ["a", null, "b"]}')
    assert isinstance(items, Sequence)
    assert [is_null(item) for item in items.items] == [False, True, False]


def test_nothing_is_decoded_before_somebody_asks() -> None:
    made = plan(change(LOGS, {"bucket": "logs", "rule": [{"id": "x"}]}))
    declared = read(made).declared[LOGS]
    node = declared.node
    assert isinstance(node, Record)
    assert isinstance(node.values, Raw)
    broken = record(b'{"it": tru}')
    assert isinstance(Reader().resolve(broken).node, Undecided)
    inside = declared.resolver.resolve(node).node
    assert isinstance(inside, Mapping)
    assert isinstance(inside.get("rule"), Plain)
    assert isinstance(inside.get("bucket"), Scalar)


def test_a_resource_is_decoded_once_for_whoever_asks_again() -> None:
    reader, one = Reader(), record(b'{"it": 1}')
    first = reader.resolve(one).node
    assert reader.resolve(one).node is first
    reader.resolve(record(b'{"it": 2}'))
    assert reader.resolve(one).node is not first


@pytest.mark.parametrize("values", [b"3", b'"x"', b"[]", b"true", b"null"])
def test_what_is_no_object_is_not_told(values: bytes) -> None:
    node = Reader().resolve(record(values)).node
    assert isinstance(node, Undecided)
    assert node.why == "its arguments are no object, as those of a resource are"


def test_what_can_not_be_decoded_is_not_told() -> None:
    node = Reader().resolve(record(b'{"it": "\xff"}')).node
    assert isinstance(node, Undecided)
    assert node.why.startswith("what is said of it can't be read: ")


def test_deep_data_ends_in_a_reason() -> None:
    for levels, is_told in ((200, True), (995, False), (100_000, False)):
        deep = b"[" * levels + b"1" + b"]" * levels
        reader = Reader()
        node = reader.resolve(record(b'{"it": %s}' % deep)).node
        if isinstance(node, Mapping):
            node = reader.resolve(node.entries["it"].value).node
        assert isinstance(node, Undecided) is not is_told
        assert not isinstance(node, Undecided) or "nested too deeply" in node.why


# Sensitive values.


@pytest.mark.parametrize("value", ['"s3cr3t"', '""'])
def test_a_sensitive_text_is_known_by_its_address_alone(value: str) -> None:
    node = argument(f'{{"it": {value}}}'.encode(), hidden=b'{"it": true}')
    assert isinstance(node, Partial)
    assert node.text == Text((Opaque(f"(sensitive value of {LOGS}.it)"),))


@pytest.mark.parametrize("value", ["17", "true", "null", '["s3cr3t"]', '{"a": "s3cr3t"}'])
def test_what_is_sensitive_and_no_text_is_not_told(value: str) -> None:
    node = argument(f'{{"it": {value}}}'.encode(), hidden=b'{"it": true}')
    assert isinstance(node, Undecided)
    assert node.why == "it is marked as sensitive"


def test_two_sensitive_values_are_not_compared() -> None:
    first = argument(b'{"it": "same", "other": "same"}', hidden=b'{"it": true, "other": true}')
    second = argument(b'{"it": "same", "other": "same"}', "other", hidden=b'{"it": true, "other": true}')
    assert isinstance(first, Partial)
    assert isinstance(second, Partial)
    assert first.text != second.text


def test_a_sensitive_name_is_still_that_of_its_bucket() -> None:
    node = argument(b'{"bucket": "s3cr3t"}', "bucket", hidden=b'{"bucket": true}')
    assert isinstance(node, Partial)
    assert node.text == Text((Opaque(f"{LOGS}.id", LOGS),))


def test_a_sensitive_element_of_a_list() -> None:
    reading = read(
        plan(change(LOGS, {"tags": {"a": ["s3cr3t", "x"]}}, sensitive={"tags": {"a": [True, False]}}))
    )
    assert reading.told(LOGS, "tags", "a") == [f"${{(sensitive value of {LOGS}.tags.a[0])}}", '"x"']


def test_a_sensitive_resource_is_not_told() -> None:
    made = plan(change(LOGS, {"bucket": "s3cr3t"}, sensitive=True))
    assert read(made).told(LOGS) == "? it is marked as sensitive"


def test_what_is_unknown_and_sensitive_is_sensitive() -> None:
    made = plan(change(LOGS, {}, {"acl": True}, sensitive={"acl": True}), written={LOGS: {"acl": {}}})
    assert read(made).told(LOGS, "acl") == "? it is marked as sensitive"


# The source of a plan.


class Written:
    """What the source of a plan says, by path."""

    def __init__(self, nodes: dict[Path, Node]) -> None:
        self.nodes = nodes
        self.asked: list[Path] = []

    def written(self, address: str, path: Path) -> Node | None:
        assert address == LOGS
        if path:
            self.asked.append(path)
        return self.nodes.get(path)

    def differs(self, what: str) -> None:
        raise AssertionError(what)

    def resolve(self, node: Node) -> Resolved:
        return Resolved(node)


def word(value: str) -> Primitive:
    return Primitive.of(Node(0, 0, NO_LINES), value)


def listing(*items: Node) -> Sequence:
    return Sequence(0, 0, items[0].lines, "", list(items))


def from_source(after: Any, unknown: Any, written: Any, nodes: dict[Path, Node]) -> tuple[Any, list[Path]]:
    source = Written(nodes)
    made = plan(change(LOGS, after, unknown), written={LOGS: written})
    return read(made, fallback=source).told(LOGS), source.asked


def test_what_a_plan_does_not_tell_the_source_may() -> None:
    told, asked = from_source(
        {"bucket": "logs"},
        {"acl": True, "policy": True, "versioning": True},
        {"acl": {}, "policy": {}, "bucket": {}},
        {("acl",): word("private")},
    )
    assert told == {
        "bucket": '"logs"',
        "acl": '"private"',
        "policy": "? it is known only after apply",
    }
    assert asked == [("acl",), ("policy",)]


def test_nested_blocks_of_a_list_have_their_index_and_those_of_a_set_are_looked_for() -> None:
    rules = [{"id": "b", "prefix": None}, {"id": "a", "prefix": None}]
    unknown = [{"prefix": True}, {"prefix": True}]
    blocks = [{"id": {"constant_value": name}, "prefix": {}} for name in ("a", "b")]
    for name, paths in (("lifecycle_rule", [0, 1]), ("cors_rule", [1, 0])):
        written: Any = blocks if name == "cors_rule" else blocks[::-1]
        told, asked = from_source({name: rules}, {name: unknown}, {name: written}, {})
        assert [one["prefix"] for one in told[name]] == ["? it is known only after apply"] * 2
        assert asked == [(name, index, "prefix") for index in paths]


def test_a_list_with_unknown_elements_is_that_of_the_source_as_a_whole() -> None:
    nodes: dict[Path, Node] = {("names",): listing(word("b"), word("a"))}
    told, _ = from_source({"names": ["a", None]}, {"names": [False, True]}, {"names": {}}, nodes)
    assert told["names"] == ['"b"', '"a"']
    told, _ = from_source({"names": ["a", None, "c"]}, {"names": [False, True, False]}, {"names": {}}, nodes)
    assert told["names"] == ['"a"', "? it is known only after apply", '"c"']


# Marks.


def test_marks_are_of_the_same_form_as_the_data() -> None:
    marks = {"a": True, "b": [False, {"c": True}], "d": {"e": False}, "f": False}
    assert [marked(marks, name) for name in ("a", "d", "f", "g")] == [True, None, None, None]
    assert marked(marked(marks, "b"), 1) == {"c": True}
    assert marked(marked(marks, "b"), 0) is None
    assert marked(marked(marks, "b"), 7) is None
    assert marked(3, "a") is None
    assert has_marks(marks)
    assert not has_marks({"a": [], "b": [{}, False, None, 1, "true"]})


def test_marks_of_paths_meet() -> None:
    def path(*steps: str | int) -> list[object]:
        return [{"type": "get_attr", "value": step} for step in steps]

    values = {"a": [{"b": 1}, 2], "c": 3, "d": {"value": {"e": 4}, "type": "string"}}
    assert of_paths([path("a", 0, "b"), path("a", 1), path("c")], values) == {
        "a": {0: {"b": True}, 1: True},
        "c": True,
    }
    assert of_paths([path("a"), path("a", 0)], values) == {"a": True}
    # Of what has another form than the path says, all is sensitive.
    assert of_paths([path("d", "e"), path("a", 7), path("x")], values) == {"a": True, "d": True}
    assert of_paths([], values) == {}


def test_what_is_left_out() -> None:
    written: dict[str, object] = {"a": {}, "b": [{"c": {}, "d": {}}], "e": [{"f": {}}]}
    assert left_out({"a": None, "b": [{"c": 1}], "e": []}, written) == {"b": [{"d": True}], "e": None}


def test_a_path_is_spelled_as_terraform_does() -> None:
    node = Given.of(None, True, None, ("rule", 0, "id"), record(b"{}"))
    assert node.spelled == "aws_s3_bucket.logs.rule[0].id"
