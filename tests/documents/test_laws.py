"""What holds for every document."""

import json
from collections.abc import Iterator

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from s3audit.collectors.documents.json_reader import read_json
from s3audit.collectors.documents.reader import read
from s3audit.collectors.documents.sniff import sniff
from s3audit.collectors.documents.tree import Mapping, Node, Scalar, Sequence, inside, plain_value
from s3audit.collectors.documents.yaml_reader import read_yaml

pytestmark = pytest.mark.filterwarnings("error")

# What may stand in a JSON text and in a quoted YAML one without an escape.
CHARACTERS = st.characters(
    exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufeff\ufffe\uffff\x85"
)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)


def json_data(texts: st.SearchStrategy[str]) -> st.SearchStrategy[object]:
    leaves = st.none() | st.booleans() | NUMBERS | texts
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
        max_leaves=20,
    ).map(lambda value: value if isinstance(value, dict | list) else [value])


ANY = json_data(st.text(max_size=20))
TAME = json_data(st.text(CHARACTERS, max_size=20))


def nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, Mapping):
        for entry in node.entries.values():
            yield entry.key
            yield from nodes(entry.value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from nodes(item)


def check(data: bytes) -> None:
    """All that must hold for any bytes at all."""
    documents, problems = read(data, "t")
    for problem in problems:
        problem.message.encode()
        assert problem.message.endswith((".", "?"))
        assert problem.at.line >= 1
        assert problem.at.column >= 1
    for document in documents:
        document.text.encode()
        rows = document.text.count("\n") + document.text.count("\r") + 1
        for node in [] if document.root is None else nodes(document.root):
            assert 0 <= node.start <= node.end <= len(document.text)
            assert (1, 1) <= (node.line, node.column) <= (node.end_line, node.end_column)
            assert node.end_line <= rows
            if isinstance(node, Scalar):
                node.value.encode()
                assert inside(node, len(node.value)) >= (node.line, node.column)
        if document.root is not None:
            plain_value(document.root)
    # Bytes that are made up may begin as a snapshot does, or a plan in an archive.
    kind = sniff(data)
    assert kind in (None, "cloudformation", "cdk", "snapshot") or kind.startswith("terraform")


# fmt: off
FRAGMENTS = st.sampled_from([
    "a", "b c", ": ", ":\n", "- ", "\n", "\n  ", "\n    ", "{", "}", "[", "]", ", ", ",", '"', "'",
    "!Ref ", "!Sub", "&a ", "*a", "<<: ", "? ", "# x", "--- ", "...\n", "\\", "\\u12", "\\ud800", "\t",
    "\r", "\r\n", "%TAG ! x\n", "%YAML 1.1\n", ">", ">-\n", "|", "|\n", "|2-\n", "@", "~", "true", "1",
    "//", "/*", "é", "\U0001f600", "\0", "\ufeff", "\x85", "\u2028", "!!str ", "!%c0%80", '"a": ',
    "'b': ",
])
# fmt: on


@given(st.binary(max_size=200))
@example(b"\xff\xfe\x00\xd8")
@example(b"%TAG !a! b\n--- !a!%ff x")
def test_any_bytes_are_read_or_reported(data: bytes) -> None:
    check(data)


@given(st.lists(FRAGMENTS, max_size=30).map("".join), st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
def test_any_scraps_of_yaml_and_json_are_read_or_reported(text: str, encoding: str) -> None:
    check(text.encode(encoding))


@given(st.lists(FRAGMENTS, max_size=30).map("".join))
def test_the_same_without_libyaml(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "__with_libyaml__", False)
        check(text.encode())


@given(ANY, st.sampled_from([None, 0, 2]), st.booleans(), st.sampled_from([(",", ":"), (", ", " : ")]))
def test_json_is_what_was_written(
    value: object, indent: int | None, ascii_only: bool, separators: tuple[str, str]
) -> None:
    written = json.dumps(value, indent=indent, ensure_ascii=ascii_only, separators=separators)
    [document], problems = read_json(written, "t")
    assert problems == []
    assert document.root is not None
    assert plain_value(document.root) == json.loads(written)


@given(TAME, st.sampled_from([None, 2]))
def test_yaml_reads_json_the_same(value: object, indent: int | None) -> None:
    written = json.dumps(value, indent=indent, ensure_ascii=False)
    [ours], no_problems = read_json(written, "t")
    [theirs], none_either = read_yaml(written, "t")
    assert no_problems == none_either == []
    assert ours.root is not None
    assert theirs.root is not None
    assert plain_value(ours.root) == plain_value(theirs.root) == value
    assert [(n.start, n.end) for n in nodes(ours.root)] == [(n.start, n.end) for n in nodes(theirs.root)]


@given(TAME)
def test_yaml_is_what_was_written(value: object) -> None:
    written = yaml.safe_dump(value, allow_unicode=True, default_style='"', width=2**20)
    if "!!" in written:
        written = yaml.safe_dump(json.loads(json.dumps(value), parse_int=str, parse_float=str))
    [document], problems = read(written.encode(), "t")
    assert problems == []
    assert document.root is not None
    assert plain_value(document.root) is not None


WORDS = st.from_regex(r"[A-Za-zé日\U0001f600][A-Za-z0-9é日\U0001f600]{0,8}", fullmatch=True)
SIMPLE = st.recursive(
    WORDS,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4) | st.dictionaries(WORDS, inner, min_size=1, max_size=4)
    ),
    max_leaves=20,
)


def written_out(value: object, indent: int = 0) -> Iterator[str]:
    """The lines of a document in block style."""
    pad = " " * indent
    if isinstance(value, dict):
        for key, below in value.items():
            if isinstance(below, str):
                yield f"{pad}{key}: {below}"
            else:
                yield f"{pad}{key}:"
                yield from written_out(below, indent + 2)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, str):
                yield f"{pad}- {item}"
            else:
                yield f"{pad}-"
                yield from written_out(item, indent + 2)
    else:
        yield f"{pad}{value}"


@given(SIMPLE)
def test_each_scalar_stands_where_its_place_says(value: object) -> None:
    for text in ("\n".join(written_out(value)), json.dumps(value, ensure_ascii=False)):
        [document], problems = read(text.encode(), "t")
        assert problems == []
        assert document.root is not None
        rows = text.split("\n")
        for node in nodes(document.root):
            if isinstance(node, Scalar):
                quotes = len(node.style)
                line = rows[node.line - 1]
                assert line[node.column - 1 + quotes :].startswith(node.value)
                assert line[: node.end_column - 1 - quotes].endswith(node.value)
                assert node.line == node.end_line


# Zero bytes would make it look like UTF-16.
@given(st.lists(FRAGMENTS.filter(lambda text: text not in ("\r", "\r\n", "\0")), max_size=25).map("".join))
def test_line_ends_make_no_difference(text: str) -> None:
    readings = []
    for newline in ("\n", "\r\n"):
        documents, problems = read(text.replace("\n", newline).encode(), "t")
        places = [
            (node.line, node.column, node.end_line, node.end_column)
            for document in documents
            if document.root is not None
            for node in nodes(document.root)
        ]
        values = [None if document.root is None else plain_value(document.root) for document in documents]
        readings.append((places, values, problems))
    assert readings[0] == readings[1]
