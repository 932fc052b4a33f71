"""From the bytes of a file to its documents."""

import gc
import subprocess
import sys

import pytest

from s3audit.collectors.documents.json_reader import read_json
from s3audit.collectors.documents.reader import decode, read
from s3audit.collectors.documents.tree import Lines, Mapping, Node, plain_value
from s3audit.problem import Problem

ENCODINGS = ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
TEXT = "é: \U0001f600\nb: [x]\n"


def root(data: bytes) -> Node:
    [document], problems = read(data, "t")
    assert problems == []
    assert document.root is not None
    return document.root


def only(data: bytes) -> Problem:
    found, [problem] = read(data, "t")
    assert found == []
    return problem


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    "text", ["k: 1\né: \U0001f600x\nb: [x]\n", '{"k": 1,\n"é": "\U0001f600x", "b": ["x"]}']
)
def test_encodings(encoding: str, text: str) -> None:
    tree, plain = root(text.encode(encoding)), root(text.encode())
    assert plain_value(tree) == plain_value(plain) == {"k": 1, "é": "\U0001f600x", "b": ["x"]}
    assert isinstance(tree, Mapping)
    assert isinstance(plain, Mapping)
    places = [(entry.key.line, entry.key.column, entry.value.end_column) for entry in tree.entries.values()]
    assert places == [(e.key.line, e.key.column, e.value.end_column) for e in plain.entries.values()]


@pytest.mark.parametrize("mark", [b"\xfe\xff", b"\xff\xfe"])
def test_utf_16_with_its_mark(mark: bytes) -> None:
    encoding = "utf-16-be" if mark == b"\xfe\xff" else "utf-16-le"
    assert plain_value(root(mark + "a: é".encode(encoding))) == {"a": "é"}


@pytest.mark.parametrize("marks", ["\ufeff", "\ufeff\ufeff"])
def test_a_byte_order_mark_takes_no_column(marks: str) -> None:
    tree = root(f"{marks}a: b".encode())
    assert isinstance(tree, Mapping)
    assert (tree.line, tree.column, tree.entries["a"].value.column) == (1, 1, 4)


@pytest.mark.parametrize(
    ("data", "place", "byte"),
    [
        (b"a: \xff\n", (1, 4), "0xFF"),
        ("é: x\nü: ".encode() + b"\xc3(", (2, 4), "0xC3"),
        (b"\xef\xbb\xbfa: \xed\xa0\x80", (1, 4), "0xED"),
        ('{"é": "'.encode() + b'\x80"}', (1, 8), "0x80"),
        (b"\xff\xfea\x00:\x00 \x00\x00\xd8x\x00", (1, 4), "0x00"),
        (b"\xff\xfea\x00:", (1, 2), "0x3A"),
    ],
)
def test_a_byte_that_is_no_text_is_named_with_its_place(
    data: bytes, place: tuple[int, int], byte: str
) -> None:
    problem = only(data)
    assert problem.kind == "unreadable"
    assert (problem.at.line, problem.at.column) == place
    assert byte in problem.message
    assert "save the file as UTF-8" in problem.message


@pytest.mark.parametrize("data", [b"", b"\n", b" \t\r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_has_no_documents(data: bytes) -> None:
    assert read(data, "t") == ([], [])


def test_a_file_that_is_too_large_is_not_read() -> None:
    found, [problem] = read(b"a: " + b"x" * 98, "t", limit=100)
    assert found == []
    assert problem.kind == "unreadable"
    assert "101 bytes" in problem.message
    assert "1 MB" in problem.message
    assert "--max-size 101" in problem.message
    assert read(b"a: " + b"x" * 97, "t", limit=100)[1] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{a: !Ref b, c: 1}", {"a": {"!Ref": "b"}, "c": 1}),
        ("{'a': 'b'}", {"a": "b"}),
        ('{"a": 1, # why\n "b": !GetAtt c.d}', {"a": 1, "b": {"!GetAtt": "c.d"}}),
        ('{"a": [1, 2,],}', {"a": [1, 2]}),
        ('{"a": 2012-10-17}', {"a": "2012-10-17"}),
        ("[a, b]", ["a", "b"]),
        ('{"a": &x "y", "b": *x}', {"a": "y", "b": "y"}),
    ],
)
def test_braces_may_hold_yaml(text: str, value: object) -> None:
    assert plain_value(root(text.encode())) == value


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ('{"a": [1], // note\n "b": 2}', (1, 12), "no comments"),
        ('{"a": [1,], // note\n "b": 2}', (1, 9), "no comma before"),
        ('{"a": 1 "b":2}', (1, 9), "Expected ',' or '}'"),
        ('{"a": true\n"b":2}', (2, 1), "Expected ',' or '}'"),
        ('{"a": NaN}', (1, 7), "NaN is not JSON"),
        ('{"a": 1,,}', (1, 9), "Expected a key in double quotes, but found ','"),
        ("{a: !Ref b, c: [1, 2}", (1, 21), "Expected ',' or ']'"),
        ('{"a": "b"', (1, 10), "the file ends"),
    ],
)
def test_but_no_broken_json_is_read_as_yaml(text: str, place: tuple[int, int], hint: str) -> None:
    problem = only(text.encode())
    assert (problem.kind, problem.at.line, problem.at.column) == ("unreadable", *place)
    assert hint in problem.message


def test_several_documents_may_each_be_json() -> None:
    found, problems = read(b'{"a": 1}\n---\n{"b": 2}\n', "t")
    assert [plain_value(d.root) for d in found if d.root is not None] == [{"a": 1}, {"b": 2}]
    assert problems == []


def test_json_goes_to_the_json_reader() -> None:
    text = ' \r\n\t{"a": "\\ud83d\\ude00\\ud800"}'
    [document], _ = read_json(text, "t")
    assert document.root is not None
    assert plain_value(root(text.encode())) == plain_value(document.root) == {"a": "\U0001f600\ufffd"}


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("data", [b"a: b", b"a: ]", b'{"a": 1}', b"\xff"])
def test_the_garbage_collector_is_as_it_was(enabled: bool, data: bytes) -> None:
    before = gc.isenabled()
    try:
        gc.enable() if enabled else gc.disable()
        read(data, "t")
        assert gc.isenabled() == enabled
    finally:
        gc.enable() if before else gc.disable()


def test_json_needs_no_yaml() -> None:
    code = (
        "import sys; from s3audit.collectors.documents.reader import read;"
        "from s3audit.collectors.documents.sniff import sniff; sniff(b'{}');"
        "assert read(b'{\"a\": \"b\"}', 't')[0]; print('yaml' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_lines_that_places_count() -> None:
    lines = Lines(decode(b"\xef\xbb\xbfa\r\nb\rc\xe2\x80\xa8d\n\ne\xff"))
    assert lines.rows() == ["a", "b", "c\u2028d", "", "e\ufffd"]
    assert lines.place(3) == (2, 1)
