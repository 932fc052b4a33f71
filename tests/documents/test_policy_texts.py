"""Policies that stand in a text: read with the places of their parts, or quickly where there are none."""

import json
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from s3audit.collectors.documents.json_reader import read_json
from s3audit.collectors.documents.policy import PolicyReader
from s3audit.collectors.documents.resolved import Resolved
from s3audit.collectors.documents.tree import NO_LINES, Mapping, Node, Scalar
from s3audit.location import Location
from s3audit.model.document import Array, Leaf, Object, Value
from s3audit.setting import Unknown
from s3audit.text import Text


class AsIs:
    def resolve(self, node: Node) -> Resolved:
        return Resolved(node)


READER = PolicyReader("plan.json", AsIs())
AT = Location("plan.json", "policy")


def placed(text: str) -> Scalar:
    """The text as a document with lines holds it."""
    documents, _ = read_json(json.dumps({"policy": text}), "template.json")
    root = documents[0].root
    assert isinstance(root, Mapping)
    node = root.get("policy")
    assert isinstance(node, Scalar)
    return node


def bare(text: str) -> Scalar:
    return Scalar(0, 0, NO_LINES, "", text, False, "")


def told(value: Value) -> object:
    """All that is said, and where but for the lines."""
    match value:
        case Leaf(said, at):
            return at.address, said
        case Array(items, at):
            return at.address, [told(item) for item in items]
        case Object(members, at):
            return at.address, [(one.name, one.at.address, told(one.value)) for one in members]
        case Unknown(why, at):
            return at.address, why


WORDS = (
    st.sampled_from(["", "*", "s3:*", "Allow", 'a"b', "a\\b", "é", "\U000f0001", "<&>", "a\nb"]) | st.text()
)
VALUES: st.SearchStrategy[object] = st.recursive(
    WORDS | st.booleans() | st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
@example({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": ["s3:*"]}]}, True, None)
@example({"a": 1.0}, True, None)
@example([[]], True, 1)
def test_a_text_says_the_same_with_lines_and_without(
    value: object, ascii_only: bool, indent: int | None
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    assert told(READER.read(bare(text), AT)) == told(READER.read(placed(text), AT))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        '"a text"',
        '{"a": 1, "a": "b"}',
        '{"a": "b", "c": "d", "a": "e"}',
        '{"a": 0001}',
        '{"a": 1e5, "b": 10000000000000000000000000}',
        '{"a": "b",}',
        '{"a": "b"} x',
        "[" * 101 + "]" * 101,
    ],
)
def test_odd_texts_do_too(text: str) -> None:
    assert told(READER.read(bare(text), AT)) == told(READER.read(placed(text), AT))


@pytest.mark.parametrize("make", [bare, placed])
def test_a_private_character_that_is_escaped_stands_for_no_part(make: Callable[[str], Scalar]) -> None:
    found = READER.read(make(r'{"Sid": "\udb80\udc01"}'), AT)
    assert found == Unknown("the document holds characters that no policy has", AT)


def test_numbers_stay_as_they_are_written() -> None:
    found = READER.read(bare('{"Id": 12e1}'), AT)
    assert isinstance(found, Object)
    assert found.get("id") == Leaf(Text(("12e1",)), Location("plan.json", "policy.Id"))
