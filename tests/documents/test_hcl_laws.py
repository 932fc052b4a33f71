"""What holds for every file of HCL."""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from s3audit.collectors.documents.hcl import syntax
from s3audit.collectors.documents.hcl.reader import read_expression, read_hcl, read_template
from s3audit.collectors.documents.hcl.syntax import Body, Expression, Invalid, Literal
from s3audit.collectors.documents.tree import Node
from tests.documents.hcl import shown, tree, value

pytestmark = pytest.mark.filterwarnings("error")

# Terraform keeps texts composed; a carriage return stands in no text of a file.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=20).map(
    lambda text: unicodedata.normalize("NFC", text)
)
WORDS = st.sampled_from(["a", "b_1", "fort", "in", "if", "x-y", "\xe9t\xe9", "trueish", "nullable"])
_PIECES = r"""
a b for in if null 1 1.5 . ... .* [*] :: , : ? = == => ! - + * / % < > && || ~ & '
" "a" ${ %{ ${~ ~} } { ( ) [ ] $ $$ %% \ \n \u00 # // /* */ else} endif} endfor} a{}
"""
_LINES = ["E", "\nE", "<<E", "<<-E", "", "a { b = 1 }", "}", 'a "b" {', "\r"]
_OTHERS = [
    " ",
    "\t",
    "\r",
    "\x00",
    "\xa0",
    "\u0301",
    "\u201c",
    " in ",
    "a = ",
    "a = [",
    "if a}",
    "for a in b}",
]
PIECES = st.sampled_from([*_PIECES.split(), *_OTHERS, *(f"{line}\n" for line in _LINES)])


def expressions(node: Expression) -> Iterator[Expression]:
    """An expression and all in it, without calling itself."""
    left: list[object] = [node]
    while left:
        part = left.pop()
        if isinstance(part, tuple):
            left.extend(part)
        elif isinstance(part, Expression):
            yield part
            left.extend(getattr(part, name) for name in part.__struct_fields__)


def nodes(body: Body) -> Iterator[Node]:
    for written in body.attributes.values():
        yield written.key
        yield from expressions(written.value)
    for block in body.blocks:
        yield block
        yield from nodes(block.body)


def outline(body: Body) -> object:
    """All that a body says and where, to compare."""
    return (
        body.is_whole,
        {name: (written.key.start, shown(written.value)) for name, written in body.attributes.items()},
        [(block.type, block.labels, block.start, block.end, outline(block.body)) for block in body.blocks],
    )


def check(data: bytes) -> None:
    """All that must hold for any bytes at all."""
    body, problems = read_hcl(data, "t")
    found = list(nodes(body))
    for problem in problems:
        problem.message.encode()
        assert problem.message.endswith((".", "?"))
        assert problem.at.line >= 1
        assert problem.at.column >= 1
    for node in found:
        assert 0 <= node.start <= node.end <= len(node.lines.text)
        assert node.lines.source == "t"
        assert (node.line, node.column) <= (node.end_line, node.end_column)
    assert problems or not any(isinstance(node, Invalid) for node in found)
    assert problems or body.is_whole
    late, also = read_hcl(data, "t", later=lambda *_: True)
    compared = outline(body)
    if problems:
        # A bracket too many or too few can end a body elsewhere when it is only looked through.
        outline(late)
        assert also
    else:
        assert (outline(late), also) == (compared, [])


@given(st.binary(max_size=200))
@example(b"\xef\xbb\xbf")
@example(b"a = <<E")
@example(b"a = 1\na = 2")
@example(b"a {\nb {")
@example(b'a = "\\')
@example(b"a = {\n{")
def test_any_bytes(data: bytes) -> None:
    check(data)


@given(st.lists(PIECES, max_size=30).map("".join))
@example("a = <<-E\n${~ a}\n E\n")
@example('a = "%{if b}%{endfor}"')
@example("a = [for for in for : for")
@example("a = b[*].*[*")
@example("a = <<E\n<<E\nE")
def test_anything_that_looks_like_hcl(text: str) -> None:
    check(text.encode())
    check(f"a = {text}\n".encode())
    check(f'a "b" {{\n  c = {text}\n}}\n'.encode())
    for read in (read_expression, read_template):
        node, problems = read(text, "t")
        assert bool(problems) == any(isinstance(part, Invalid) for part in expressions(node))


@given(st.lists(PIECES, max_size=10).map("".join), st.integers(0, 400))
def test_one_mistake_leaves_the_blocks_around_it(mistake: str, place: int) -> None:
    # What opens a comment or a text of many lines may hide what follows.
    assume(not {"/*", "<<"} & {mistake[i : i + 2] for i in range(len(mistake))})
    block = 'resource "a" "{}" {{\n  b = "c"\n  d {{\n    e = [1, 2]\n  }}\n}}\n'
    before, middle, after = (block.format(name) for name in ("before", "middle", "after"))
    middle = middle[: place % len(middle)] + mistake + middle[place % len(middle) :]
    body, problems = read_hcl((before + middle + after).encode(), "t")
    names = [found.labels[-1] for found in body.blocks if found.type == "resource" and found.labels]
    assert problems or body.is_whole
    assert "before" in names
    assert "after" in names or any(
        found.labels[-1:] == ("after",) for outer in body.blocks for found in outer.body.blocks
    )


def quoted(text: str) -> str:
    for character, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("${", "$${"), ("%{", "%%{")):
        text = text.replace(character, escape)
    return f'"{text}"'


@given(TEXTS)
@example("$${")
@example("%%%{")
@example("\u2028\x85\x1c")
def test_quoted_texts_are_read_back(text: str) -> None:
    found = value(quoted(text))
    assert isinstance(found, Literal)
    assert found.value == text
    hexadecimal = "".join(f"\\U{ord(character):08X}" for character in text)
    assert shown(value(f'"{hexadecimal}"')) == shown(found)


LINES = st.lists(st.text("ab $%{}\t", max_size=8), max_size=6).filter(
    lambda lines: all("${" not in line and "%{" not in line and line.strip() != "E" for line in lines)
)


@given(LINES)
def test_heredocs_are_read_back(lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    found = value(f"<<E\n{text}E\n")
    assert isinstance(found, Literal)
    assert found.value == text
    node, problems = read_template(text, "t")
    assert isinstance(node, Literal)
    assert (node.value, problems) == (text, [])


@given(LINES, st.integers(0, 5), st.integers(0, 5))
def test_indentation_is_taken_away(lines: list[str], indent: int, last: int) -> None:
    lines = [line.strip() and line for line in lines]
    assume(any(line and not line[0].isspace() for line in lines))
    written = "".join(f"{line and ' ' * indent + line}\n" for line in lines)
    found = value(f"<<-E\n{written}{' ' * last}E\n")
    assert isinstance(found, Literal)
    assert found.value == "".join(f"{line}\n" for line in lines)


RANKS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))


def grouped(words: list[str]) -> str:
    """Operands and operators with the brackets that their ranks mean: the last of the lowest rank is the outermost."""
    for operators in RANKS:
        for place in range(len(words) - 2, 0, -2):
            if words[place] in operators:
                return f"({grouped(words[:place])} {words[place]} {grouped(words[place + 1 :])})"
    return words[0]


@given(st.lists(st.sampled_from([operator for rank in RANKS for operator in rank]), max_size=12), st.data())
def test_operators_bind_by_rank(operators: list[str], data: st.DataObject) -> None:
    words = ["a"]
    for operator in operators:
        words += [operator, data.draw(st.sampled_from(["b", "c.d", "1"]))]
    space = data.draw(st.sampled_from([" ", "  ", "\t", " /* + */ "]))
    assert tree(space.join(words)) == grouped(words)
    assert shown(read_expression(f"{space}\n# -\n".join(words), "t")[0]) == grouped(words)


class Printed(NamedTuple):
    text: str
    expected: str


def printed(text: str, expected: str) -> Printed:
    return Printed(text, expected)


@st.composite
def blanks(draw: st.DrawFn) -> str:
    return draw(st.sampled_from(["", "", " ", "\n", "\t \n", " # }])\n", "/* \n */", " // ${\n"]))


LEAVES = st.one_of(
    WORDS.map(lambda word: printed(word, word)),
    st.integers(0, 10**9).map(lambda number: printed(str(number), str(number))),
    st.sampled_from(["true", "false", "null"]).map(lambda word: printed(word, word)),
    TEXTS.map(lambda text: printed(quoted(text), repr(text))),
    WORDS.map(lambda word: printed(f"{word}.b[0].*.c", f"each({word}.b[0]: @.c)")),
)


@st.composite
def compound(draw: st.DrawFn, inner: st.SearchStrategy[Printed]) -> Printed:
    one, two, three = draw(inner), draw(inner), draw(inner)
    space, other = draw(blanks()), draw(blanks())
    form = draw(st.integers(0, 10))
    match form:
        case 0:
            return printed(f"({space}{one.text}{other})", one.expected)
        case 1:
            items = draw(st.lists(inner, max_size=3))
            text = f"{space},{other}".join(item.text for item in items)
            return printed(f"[{space}{text}{other}]", f"[{', '.join(item.expected for item in items)}]")
        case 2:
            text = f"{{{space}({one.text}) = {two.text}\n{other}b-c : {three.text}, }}"
            return printed(text, f"{{{one.expected}: {two.expected}, 'b-c': {three.expected}}}")
        case 3:
            dots = draw(st.sampled_from(["", "..."]))
            text = f"f({space}{one.text}{other},{two.text}{dots}{space})"
            return printed(text, f"f({one.expected}, {two.expected}{dots})")
        case 4:
            text = f"({one.text}{space}?{two.text}{other}:{space}{three.text})"
            return printed(text, f"({one.expected} ? {two.expected} : {three.expected})")
        case 5:
            sign = draw(st.sampled_from("-!"))
            return printed(f"({sign}{space}({one.text}))", f"({sign}{one.expected})")
        case 6:
            text = f"[{space}for a in {one.text}{other}: {two.text} if {three.text}]"
            return printed(text, f"(for a in {one.expected} : {two.expected} if {three.expected})")
        case 7:
            text = f"{{for{space or ' '}a,b in {one.text}{other}:{two.text}=>{three.text}... }}"
            return printed(text, f"(for a, b in {one.expected} : {two.expected} => {three.expected}...)")
        case 8:
            text = f'"x ${{{space}{one.text}{other}}} $${{y}}%{{ if {two.text} ~}} z %{{ endif }}"'
            return printed(text, f"<'x ' {one.expected} ' ${{y}}' if {two.expected} <'z '> else <>>")
        case 9:
            text = f"(<<-E\n  a ${{{one.text}}}\n    b\n  E\n)"
            return printed(text, rf"<'a ' {one.expected} '\n  b\n'>")
        case _:
            text = f"({one.text})[{space}{two.text}{other}][*].a[{three.text}]"
            return printed(text, f"each({one.expected}[{two.expected}]: @.a[{three.expected}])")


@given(st.recursive(LEAVES, compound, max_leaves=12))
def test_expressions_are_read_back(made: Printed) -> None:
    assert tree(made.text) == made.expected
    node, problems = read_expression(f"\n{made.text}\n", "t")
    assert (shown(node), problems) == (made.expected, [])
    end = node.end + 1
    # The place of an expression holds all of it and nothing else.
    again, problems = read_expression(f"\n{made.text}\n"[node.start : end], "t")
    assert (shown(again), problems) == (made.expected, [])


@given(st.recursive(LEAVES, compound, max_leaves=8))
def test_each_part_stands_where_it_says(made: Printed) -> None:
    text = f"x = {made.text}\n"
    body, _ = read_hcl(text.encode(), "t")
    for node in expressions(body.attributes["x"].value):
        within = text[node.start : node.end]
        match node:
            case syntax.Name():
                assert within == node.name or within.startswith("(")
            case Literal(value=str(known)) if within.startswith('"'):
                assert shown(read_expression(within, "t")[0]) == repr(known)
            case syntax.Call():
                assert within.startswith(("f(", "("))
                assert within.endswith(")")
            case syntax.Template():
                assert within[0] in '"(<'
            case _:
                assert within
