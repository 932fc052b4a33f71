"""What the YAML reader makes of a text: the tree, the places, and a sentence for all that is wrong."""

import pytest
import yaml

from s3audit.collectors.documents.reader import read
from s3audit.collectors.documents.tree import (
    UNREADABLE,
    Document,
    Mapping,
    Node,
    Scalar,
    Sequence,
    as_bool,
    is_null,
    location,
    plain_value,
)
from s3audit.location import Location
from s3audit.problem import Problem


@pytest.fixture(params=["libyaml", "pure"], autouse=True)
def _parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "pure":
        monkeypatch.setattr(yaml, "__with_libyaml__", False)


def documents(text: str) -> list[Document]:
    found, problems = read(text.encode(), "t.yaml")
    assert problems == []
    return found


def root(text: str) -> Node:
    [document] = documents(text)
    assert document.root is not None
    return document.root


def data(text: str) -> object:
    return plain_value(root(text))


def at(node: Node | None, *steps: str | int) -> Node:
    for step in steps:
        if isinstance(step, str):
            assert isinstance(node, Mapping)
            node = node.entries[step].value
        else:
            assert isinstance(node, Sequence)
            node = node.items[step]
    assert node is not None
    return node


def span(node: Node) -> tuple[int, int, int, int]:
    return node.line, node.column, node.end_line, node.end_column


def troubles(text: str) -> tuple[list[Document], list[tuple[int, int, str]], list[Problem]]:
    found, problems = read(text.encode(), "t.yaml")
    return found, [(p.at.line, p.at.column, p.kind) for p in problems], problems


TEMPLATE = """\
AWSTemplateFormatVersion: 2010-09-09
Resources:
  # a comment
  Logs:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub "${AWS::StackName}-é"
      Tags: [{Key: owner, Value: !Ref Owner}]

      Versioning:
      - on
      -   'it''s'
  Next: {}
"""


def test_places_are_exact() -> None:
    tree = root(TEMPLATE)
    logs = at(tree, "Resources", "Logs")
    assert span(at(tree, "AWSTemplateFormatVersion")) == (1, 27, 1, 37)
    assert span(at(logs, "Type")) == (5, 11, 5, 26)
    assert span(at(logs, "Properties", "BucketName")) == (7, 19, 7, 45)
    assert span(at(logs, "Properties", "Tags")) == (8, 13, 8, 46)
    assert span(at(logs, "Properties", "Tags", 0, "Value")) == (8, 34, 8, 44)
    assert span(at(logs, "Properties", "Versioning", 1)) == (12, 11, 12, 18)
    assert isinstance(logs, Mapping)
    assert span(logs.entries["Properties"].key) == (6, 5, 6, 15)


def test_a_block_ends_with_its_last_word_and_not_at_the_next() -> None:
    tree = root(TEMPLATE)
    assert span(at(tree, "Resources", "Logs", "Properties", "Versioning")) == (11, 7, 12, 18)
    assert span(at(tree, "Resources", "Logs")) == (5, 5, 12, 18)
    assert span(tree) == (1, 1, 13, 11)


def test_a_location_names_source_and_address() -> None:
    node = at(root(TEMPLATE), "Resources", "Logs", "Type")
    assert location(node, "t.yaml", "Resources.Logs.Type") == Location(
        "t.yaml", "Resources.Logs.Type", 5, 11, 5, 26
    )


@pytest.mark.parametrize("before", ["é", "日本", "\U0001f600\U0001f600", "a\u0301"])
def test_columns_count_code_points(before: str) -> None:
    tree = root(f'"{before}": [{before}, x]\n')
    assert span(at(tree, before, 1)) == (1, len(before) * 2 + 8, 1, len(before) * 2 + 9)


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
def test_a_line_is_what_editors_take_for_one(separator: str) -> None:
    tree = root(f"# a{separator}# b\nc: d\n")
    assert span(at(tree, "c")) == (2, 4, 2, 5)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end(newline: str) -> None:
    tree = root(TEMPLATE.replace("\n", newline))
    assert span(at(tree, "Resources", "Logs", "Properties", "Tags", 0, "Value")) == (8, 34, 8, 44)
    assert plain_value(tree) == data(TEMPLATE)


def test_nothing_is_resolved_before_it_is_asked() -> None:
    tree = root("a: 2012-10-17\nb: yes\nc: 012\nd: ~\ne: 1:30\nf: 1e3\n")
    values = [at(tree, key) for key in "abcdef"]
    assert [node.value for node in values if isinstance(node, Scalar)] == [
        "2012-10-17",
        "yes",
        "012",
        "~",
        "1:30",
        "1e3",
    ]
    assert plain_value(tree) == {"a": "2012-10-17", "b": True, "c": 10, "d": None, "e": "1:30", "f": 1000.0}


def test_only_unquoted_words_mean_more_than_a_text() -> None:
    tree = root("a: true\nb: 'true'\nc: \"true\"\nd: |-\n  true\ne: >-\n  true\nf: !Sub true\n")
    scalars = [at(tree, key) for key in "abcdef"]
    assert [node.plain for node in scalars if isinstance(node, Scalar)] == [True] + [False] * 5
    assert [node.style for node in scalars if isinstance(node, Scalar)] == ["", "'", '"', "|", ">", ""]


@pytest.mark.parametrize(
    ("text", "tag", "value"),
    [
        ("!Ref a", "!Ref", "a"),
        ("!GetAtt a.b", "!GetAtt", "a.b"),
        ("!Sub 12", "!Sub", "12"),
        ("!<!Ref> a", "!Ref", "a"),
        ("!!str 12", "", "12"),
        ("! 12", "", "12"),
        ("!<tag:yaml.org,2002:str> true", "", "true"),
        ("!!int '12'", "", 12),
        ("!!bool 'yes'", "", True),
        ("!!timestamp 2012-10-17", "", "2012-10-17"),
        ("!!binary aGk=", "!!binary", "aGk="),
        ("!!python/none x", "!!python/none", "x"),
    ],
)
def test_tags(text: str, tag: str, value: object) -> None:
    node = at(root(f"a: {text}\n"), "a")
    assert node.tag == tag
    assert plain_value(node) == ({tag: value} if tag else value)
    assert span(node) == (1, 4, 1, 4 + len(text))


def test_tags_of_lists_and_mappings() -> None:
    tree = root("a: !Sub ['${x}', {x: 1}]\nb: !If\n  - c\n  - !!map {d: 1}\n")
    assert plain_value(tree) == {"a": {"!Sub": ["${x}", {"x": 1}]}, "b": {"!If": ["c", {"d": 1}]}}
    assert span(at(tree, "b")) == (2, 4, 4, 17)


def test_an_empty_value_stands_behind_its_colon() -> None:
    tree = root("a:\nb:   # nothing\nc: {d: , e}\nf:\n  -\n")
    assert span(at(tree, "a")) == (1, 3, 1, 3)
    assert span(at(tree, "b")) == (2, 3, 2, 3)
    assert all(is_null(at(tree, *path)) for path in [("a",), ("b",), ("c", "d"), ("c", "e"), ("f", 0)])


def test_block_scalars_end_where_their_text_does() -> None:
    tree = root("a: |\n  x\n   y\n\n\nb: >-\n  z\n\n# c\n")
    assert data("a: |\n  x\n   y\n\n\nb: 1\n") == {"a": "x\n y\n", "b": 1}
    assert span(at(tree, "a")) == (1, 4, 3, 5)
    assert span(at(tree, "b")) == (6, 4, 7, 4)


def test_keys_that_are_no_texts_go_by_their_words() -> None:
    tree = root("1: a\nnull: b\n~: c\ntrue: d\n2012-10-17: e\n? \n: f\n")
    assert plain_value(tree) == {
        "1": "a",
        "null": "b",
        "~": "c",
        "true": "d",
        "2012-10-17": "e",
        "": "f",
    }


def test_a_list_or_mapping_as_a_key_is_left_out_and_reported() -> None:
    found, places, _ = troubles("a: 1\n? {b: c}\n: d\n? [e]\n: f\ng: 2\n")
    assert plain_value(at(found[0].root)) == {"a": 1, "g": 2}
    assert places == [(2, 3, "partial"), (4, 3, "partial")]


def test_an_alias_is_the_node_itself() -> None:
    tree = root("a: &x {k: v}\nb: *x\nc: &y z\nd: [*y, *x]\n*y : e\n")
    assert at(tree, "b") is at(tree, "a")
    assert at(tree, "d", 1) is at(tree, "a")
    assert at(tree, "d", 0) is at(tree, "c")
    assert span(at(tree, "a")) == (1, 4, 1, 13)
    assert plain_value(at(tree, "z")) == "e"


def test_an_anchor_may_be_used_again_and_ends_with_its_document() -> None:
    assert data("a: &x 1\nb: *x\nc: &x 2\nd: *x\n") == {"a": 1, "b": 1, "c": 2, "d": 2}
    _, places, _ = troubles("a: &x 1\n---\nb: *x\n")
    assert places == [(3, 4, "partial")]


def test_merge_keys() -> None:
    text = "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc:\n  y: 0\n  <<: [*a, *b]\nd: {<<: *b}\ne: {'<<': *a}\n"
    tree = root(text)
    assert plain_value(at(tree, "c")) == {"y": 0, "x": 1, "z": 4}
    assert plain_value(at(tree, "d")) == {"y": 3, "z": 4}
    assert plain_value(at(tree, "e")) == {"<<": {"x": 1, "y": 2}}
    # What was merged stands where it was written.
    assert span(at(tree, "c", "x")) == (1, 11, 1, 12)
    assert span(at(tree, "c", "z")) == (2, 17, 2, 18)


def test_several_merge_keys_in_one_mapping() -> None:
    text = "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc:\n  <<: *a\n  <<: [*b, {z: 3}]\n  <<: {z: 4, w: 4}\n"
    assert plain_value(at(root(text), "c")) == {"x": 1, "y": 2, "z": 3, "w": 4}


@pytest.mark.parametrize("merged", ["3", "!Ref x", "[{a: 1}, b]", "!If [{a: 1}]"])
def test_a_merge_of_something_else_stays_and_is_reported(merged: str) -> None:
    found, places, _ = troubles(f"b: 1\n<<: {merged}\n")
    tree = found[0].root
    assert isinstance(tree, Mapping)
    assert list(tree.entries) == ["b", "<<"]
    assert places == [(2, 1, "partial")]


def test_a_repeated_key_is_named_with_both_places_and_the_last_counts() -> None:
    found, places, problems = troubles("a:\n  b: 1\n  c: 2\n  b: 3\n")
    assert plain_value(at(found[0].root)) == {"a": {"b": 3, "c": 2}}
    assert places == [(4, 3, "ambiguous")]
    assert "'b'" in problems[0].message
    assert "line 2, column 3" in problems[0].message
    assert problems[0].at == Location("t.yaml", "", 4, 3, 4, 4)


def test_a_file_full_of_repeated_keys_does_not_fill_the_report() -> None:
    _, places, problems = troubles("a: 1\n" * 1000)
    assert len(places) == 101
    assert "the rest is not named" in problems[-1].message


def test_several_documents() -> None:
    found = documents("a: 1\n---\n---\n- b\n...\n--- {c: 2}\n")
    assert [None if d.root is None else plain_value(d.root) for d in found] == [
        {"a": 1},
        None,
        ["b"],
        {"c": 2},
    ]
    assert span(at(found[3].root, "c")) == (6, 9, 6, 10)
    assert {d.source for d in found} == {"t.yaml"}


@pytest.mark.parametrize("text", ["", " \n", "# only a comment\n", "\n\n"])
def test_nothing_at_all(text: str) -> None:
    assert documents(text) == []


def test_what_stands_before_an_error_is_kept() -> None:
    found, places, _ = troubles("a: 1\n---\nb: ]\n")
    assert [plain_value(at(d.root)) for d in found] == [{"a": 1}]
    assert places == [(3, 4, "unreadable")]


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("a: b: c\n", (1, 5), "needs quotes"),
        ("a:\n\tb: 1\n", (2, 1), "A tab can't indent"),
        ("é: @x\n", (1, 4), "'@'"),
        ("a:\n  - 'x\nb: 1\n", (2, 5), "never closed"),
        ('a: "\\q"\n', None, "escape"),
        ('a: "\\xzz"\n', (1, 7), "hexadecimal"),
        ("Action: *\n", (1, 10), 'like "*"'),
        ("a: [1, 2\nb: 3\n", (2, 2), "Expected ',' or ']' in the list begun on line 1"),
        ("x: 0\na: {x: 1\nb: 3\n", (3, 2), "Expected ',' or '}' in the mapping begun on line 2"),
        ("a:\n  b: 1\n c: 2\n", (3, 2), "begun on line 1: mind the indentation"),
        ("a: 'it's'\n", (1, 8), "begun on line 1: mind the indentation"),
        ("- a\nb: 1\n", (2, 1), "begun on line 1: mind the indentation"),
        ("a: 1\nkey\nb: 2\n", None, "key"),
        ("a: - b\n", (1, 4), "A list item"),
        ("a: ? b\n", (1, 4), "'? '"),
        ("a: |x\n  b\n", (1, 5), "on the next line"),
        ("a: |0\n  b\n", (1, 5), "from 1 to 9"),
        ("a: !x!y b\n", (1, 4), "'!Ref'"),
        ("a: ]\n", (1, 4), "Expected a value"),
        ("a: b\n...\nc: d\n", None, "Expected '---'"),
        ("%YAML 3.0\n---\na: 1\n", (1, 1), "YAML 1.x"),
        ("é: \U0001f600\x07\n", (1, 5), "U+0007"),
        ("a: b\0c\n", (1, 5), "U+0000"),
        ("a: \ufffe\n", (1, 4), "U+FFFE"),
        ("a: !%ff b\n", (1, 5), "tag"),
        ("a: !%c0%80 b\n", None, "tag"),
        ('a: "\\Uffffffff"\n', None, "escape"),
    ],
)
def test_an_error_has_its_place_and_a_way_out(text: str, place: tuple[int, int] | None, hint: str) -> None:
    found, problems = read(text.encode(), "t.yaml")
    if not problems:
        pytest.skip("this parser is more lenient")
    assert found == [] or text.startswith("a: b\n...")
    assert [problem.kind for problem in problems] == ["unreadable"]
    assert hint in problems[0].message
    assert place in (None, (problems[0].at.line, problems[0].at.column))


def test_a_name_that_no_anchor_has() -> None:
    found, places, problems = troubles("Action: *foo\nb: 1\n")
    tree = at(found[0].root)
    assert places == [(1, 9, "partial")]
    assert "'&foo'" in problems[0].message
    assert at(tree, "Action").tag == UNREADABLE
    assert plain_value(at(tree, "b")) == 1


@pytest.mark.parametrize("text", ["&a [x, *a]\n", "&a {k: *a}\n", "a: &a\n  b:\n    - *a\n", "&a {<<: *a}\n"])
def test_an_alias_inside_what_it_repeats(text: str) -> None:
    found, places, problems = troubles(text)
    assert [kind for _, _, kind in places] == ["partial"]
    assert "no end" in problems[0].message
    [document] = found
    assert document.root is not None
    plain_value(document.root)


def test_what_could_not_be_read_is_no_null_and_has_a_tag_of_its_own() -> None:
    found, _, _ = troubles("a: &a [x, *a]\n")
    node = at(found[0].root, "a", 1)
    assert not is_null(node)
    assert as_bool(node) is None
    assert node.tag == UNREADABLE
    assert span(node) == (1, 11, 1, 13)


def test_an_alias_bomb_is_refused() -> None:
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    lines += [f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 30)]
    _, places, problems = troubles("\n".join(lines))
    assert [(line, kind) for line, _, kind in places] == [(6, "unreadable")]
    assert "1,000,000" in problems[0].message


def test_merges_count_as_what_they_stand_for() -> None:
    keys = ",".join(f"k{i}: 1" for i in range(2000))
    _, places, _ = troubles(f"a: &a {{{keys}}}\n" + "".join(f"m{i}: {{<<: *a}}\n" for i in range(1000)))
    assert [kind for _, _, kind in places] == ["unreadable"]


def test_aliases_do_not_nest_deeper_than_brackets_may() -> None:
    text = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 300))
    _, places, problems = troubles(text)
    assert [kind for _, _, kind in places] == ["unreadable"]
    assert "nested deeper than 100" in problems[0].message


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000,
        "{a: " * 10_000,
        "- " * 10_000,
        "? " * 10_000,
        "[\n" * 10_000,
        "!x [" * 10_000,
        "\n".join(" " * i + "a:" for i in range(500)),
    ],
)
def test_deep_nesting_ends_at_once(text: str) -> None:
    _, _, problems = troubles(text)
    assert [problem.kind for problem in problems] == ["unreadable"]
    assert "nested deeper than 100" in problems[0].message


def test_a_depth_that_templates_may_have() -> None:
    value: object = 1
    for _ in range(99):
        value = [value]
    assert data("a: " + "[" * 99 + "1" + "]" * 99) == {"a": value}


def test_many_tag_directives_are_refused() -> None:
    _, places, _ = troubles("".join(f"%TAG !a{i}! b\n" for i in range(1000)) + "---\na: 1\n")
    assert places == [(1, 1, "unreadable")]
