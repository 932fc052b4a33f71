"""What the JSON reader makes of a text."""

import pytest

from s3audit.collectors.documents.json_reader import read_json
from s3audit.collectors.documents.tree import Mapping, Node, Scalar, Sequence, plain_value

TEMPLATE = """\
{
  "Resources" : {
    "Löögs": { "Type": "AWS::S3::Bucket", "n": -1.5e3,
      "list": ["a", true, null, {}, [ ], "x\\ny" , 7],
      "esc\\u0041ped" :"\U0001f600" , "last": {"a": [1]}
    }
  }
}
"""


def root(text: str) -> Node:
    [document], problems = read_json(text, "t.json")
    assert problems == []
    assert document.root is not None
    return document.root


def at(node: Node, *steps: str | int) -> Node:
    for step in steps:
        if isinstance(step, str):
            assert isinstance(node, Mapping)
            node = node.entries[step].value
        else:
            assert isinstance(node, Sequence)
            node = node.items[step]
    return node


def span(node: Node) -> tuple[int, int, int, int]:
    return node.line, node.column, node.end_line, node.end_column


def test_values() -> None:
    assert plain_value(root(TEMPLATE)) == {
        "Resources": {
            "Löögs": {
                "Type": "AWS::S3::Bucket",
                "n": -1500.0,
                "list": ["a", True, None, {}, [], "x\ny", 7],
                "escAped": "\U0001f600",
                "last": {"a": [1]},
            }
        }
    }


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_places_are_exact(newline: str) -> None:
    tree = root(TEMPLATE.replace("\n", newline))
    logs = at(tree, "Resources", "Löögs")
    assert isinstance(logs, Mapping)
    assert span(tree) == (1, 1, 8, 2)
    assert span(logs) == (3, 14, 6, 6)
    assert span(at(logs, "Type")) == (3, 24, 3, 41)
    assert span(at(logs, "n")) == (3, 48, 3, 54)
    items = at(logs, "list")
    assert isinstance(items, Sequence)
    assert [span(node)[1::2] for node in items.items] == [
        (16, 19),
        (21, 25),
        (27, 31),
        (33, 35),
        (37, 40),
        (42, 48),
        (51, 52),
    ]
    assert span(logs.entries["escAped"].key) == (5, 7, 5, 21)
    assert span(at(logs, "escAped")) == (5, 23, 5, 26)
    assert span(at(logs, "last", "a", 0)) == (5, 44, 5, 45)


def test_texts_are_never_more_than_texts() -> None:
    tree = root('{"a": "true", "b": true, "c": "1", "d": 1, "e": "", "f": null}')
    scalars = [at(tree, key) for key in "abcdef"]
    assert [node.plain for node in scalars if isinstance(node, Scalar)] == [
        False,
        True,
        False,
        True,
        False,
        True,
    ]
    assert plain_value(tree) == {"a": "true", "b": True, "c": "1", "d": 1, "e": "", "f": None}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (r"\ud83d\ude00", "\U0001f600"),
        (r"\ud800", "\ufffd"),
        (r"a\udc00b\ud83dc", "a\ufffdb\ufffdc"),
        (r"\"\\\/\b\f\n\r\t", '"\\/\b\f\n\r\t'),
        (r"\u00e9", "é"),
        ("\x7f\u2028", "\x7f\u2028"),
    ],
)
def test_escapes(written: str, value: str) -> None:
    tree = root(f'{{"{written}": "{written}"}}')
    assert plain_value(tree) == {value: value}
    assert span(at(tree, value)) == (1, len(written) + 6, 1, len(written) * 2 + 8)


def test_a_repeated_key_is_named_with_both_places_and_the_last_counts() -> None:
    [document], problems = read_json('{"a": 1,\n "b": {"a": 2}, "a": 3}', "t.json")
    assert document.root is not None
    assert plain_value(document.root) == {"a": 3, "b": {"a": 2}}
    [problem] = problems
    assert (problem.kind, str(problem.at)) == ("ambiguous", "t.json:2:17")
    assert "line 1, column 2" in problem.message


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ('{"a": 1,\n}', (1, 8), "no comma before '}'"),
        ('{"a": [1, 2 ,\n]}', (1, 13), "no comma before ']'"),
        ('{"a": 1 // no\n}', (1, 9), "no comments"),
        ('{/* no */"a": 1}', (1, 2), "no comments"),
        ('{"a": # no\n1}', (1, 7), "no comments"),
        ('{"a" 1}', (1, 6), "Expected ':' after the key 'a', but found '1'"),
        ('{"a": 1 "b": 2}', (1, 9), "Expected ',' or '}', but found '\"'"),
        ("[1 2]", (1, 4), "Expected ',' or ']', but found '2'"),
        ('{"a": 1]', (1, 8), "Expected ',' or '}', but found ']'"),
        ('{"é": \U0001f600}', (1, 7), "Expected a value"),
        ('{"a":}', (1, 6), "Expected a value, but found '}'"),
        ('{"a": NaN}', (1, 7), "NaN is not JSON"),
        ("[-Infinity]", (1, 2), "-Infinity is not JSON"),
        ("[01]", (1, 3), "Expected ',' or ']'"),
        ("[1.]", (1, 3), "Expected ',' or ']'"),
        ("[tru]", (1, 2), "Expected a value"),
        ("{a: 1}", (1, 2), "Expected a key in double quotes, but found 'a'"),
        ("{'a': 1}", (1, 2), "single quote"),
        ('{"a": "x', (1, 7), "never closed"),
        ('{"a": "x\ny"}', (1, 9), "No line break"),
        ('{"a": "\\q"}', (1, 8), "escape"),
        ('{"a": "\\u12"}', (1, 9), "hexadecimal"),
        ('{"a": {\n"b": 1', (2, 7), "the file ends. What is not closed begins on line 1, column 7"),
        ("{", (1, 2), "the file ends"),
        ('{"a": 1} x', (1, 10), "Expected nothing after the end"),
        ('{"a": 1}\n{"b": 2}', (2, 1), "Expected nothing after the end"),
        ("", (1, 1), "Expected '{' or '['"),
        ("1", (1, 1), "Expected '{' or '['"),
    ],
)
def test_an_error_has_its_place_and_a_way_out(text: str, place: tuple[int, int], hint: str) -> None:
    found, [problem] = read_json(text, "t.json")
    assert found == []
    assert problem.kind == "unreadable"
    assert hint in problem.message
    assert (problem.at.line, problem.at.column) == place


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[\n" * 100_000, '[{"a":' * 100_000])
def test_deep_nesting_ends_at_once(text: str) -> None:
    found, [problem] = read_json(text, "t.json")
    assert found == []
    assert "nested deeper than 100" in problem.message


def test_a_number_of_any_length_is_harmless() -> None:
    digits = "9" * 100_000
    assert plain_value(root(f"[{digits}, -{digits}, 1e{digits}]")) == [digits, f"-{digits}", f"1e{digits}"]
