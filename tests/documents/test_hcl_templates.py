"""Texts with parts to evaluate. Each outcome here is the one that Terraform 1.11 gave for the same text."""

import pytest

from s3audit.collectors.documents.hcl.reader import read_hcl, read_template
from s3audit.collectors.documents.hcl.syntax import Expression, Literal, Template, TemplateFor, TemplateIf
from s3audit.collectors.documents.tree import Lines, Scalar
from tests.documents.hcl import body, place, problem, shown, tree, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'"\u00e9\U0001F600\n\t\r\"\\"', """'\xe9\U0001f600\\n\\t\\r"\\\\'"""),
        ('"a\tb"', r"'a\tb'"),
        ('"$${a}"', "'${a}'"),
        ('"$$${a}"', "'$${a}'"),
        ('"$$$${a}"', "'$$${a}'"),
        ('"%%{a}"', "'%{a}'"),
        ('"%%%{a}"', "'%%{a}'"),
        ('"$ $$ % %% $x %x {a} ~} $"', "'$ $$ % %% $x %x {a} ~} $'"),
        ('"$${a ${b}"', "<'${a ' b>"),
        ('"%${a}"', "<'%' a>"),
        ('"$%{ if a }b%{ endif }"', "<'$' if a <'b'> else <>>"),
        ('"$$%{ if a }b%{ endif }"', "<'$$' if a <'b'> else <>>"),
        ('"%%${a}$"', "<'%%' a '$'>"),
        ('"${a}"', "<a>"),
        ('"a${b}c${d}"', "<'a' b 'c' d>"),
        ('"${a}${b}"', "<a b>"),
        ('"${"${a}"}"', "<<a>>"),
        ('"${ {a = "}"}.a }"', "<{'a': '}'}.a>"),
        ('"${ "${"}"}" }}"', "<<'}'> '}'>"),
        ('"${\n  a # }"\n}"', "<a>"),
        ('"${f("x", "y")} z"', "<f('x', 'y') ' z'>"),
        ('"  a  ${  b  }  c  "', "<'  a  ' b '  c  '>"),
    ],
)
def test_quoted(text: str, expected: str) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a ${~ b ~} c"', "<'a' b 'c'>"),
        (r'"a \n ${~ b ~} \t c"', "<'a' b 'c'>"),
        ('"a ${~ b} c"', "<'a' b ' c'>"),
        ('" ${~ a ~} ${~ b ~} "', "<a b>"),
        ('"${~ a ~}"', "<a>"),
        # What ~ leaves empty still makes it a text.
        ('"  ${~ a ~}"', "<'' a>"),
        ('"${a ~} $${ b"', "<a '${ b'>"),
        ('"$  ${~ a}"', "<'$' a>"),
        ('"${~1~}"', "<1>"),
        ('"${ -1 }"', "<(-1)>"),
        ('"%{ if a ~} b %{~ else ~} c %{~ endif ~} d"', "<if a <'b'> else <'c'> 'd'>"),
        ('" %{~ if a } b %{ endif } c"', "<if a <' b '> else <> ' c'>"),
        ("<<E\n${a ~}\nE\n", "<'' a>"),
        # It reaches no further than the end of the line, or its beginning.
        ("<<E\n${a ~}\n\n  b\nE\n", "<a '\\n  b\\n'>"),
        ("<<E\na\n\n\n${~ b }\nE\n", "<'a\\n\\n' b '\\n'>"),
        ("<<E\na\n\n ${~ b }\nE\n", "<'a\\n\\n' b '\\n'>"),
        ("<<E\na ${~ b ~}\n   c\n   ${~ d ~}   \n\n  e\nE\n", "<'a' b '   c\\n' d '\\n  e\\n'>"),
        ("<<E\n\u3000${~ a ~}\u2003b\nE\n", "<a 'b\\n'>"),
    ],
)
def test_strip_markers(text: str, expected: str) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<<E\nE\n", "''"),
        ("<<E\n\nE\n", r"'\n'"),
        ("<<E\na\nE\n", r"'a\n'"),
        ("<<E\n  a\n E\n", r"'  a\n'"),
        ("<<E\n  a\n E x\n Ex\nE\n", r"'  a\n E x\n Ex\n'"),
        ("<<E-O\na\nE-O\n", r"'a\n'"),
        ("<<\xc9\na\n\xc9\n", r"'a\n'"),
        ("<<E\na\nE  \n", r"'a\n'"),
        ('<<E\na\\n\\"$${x} %%{y}$$x\nE\n', r"""'a\\n\\"${x} %{y}$$x\n'"""),
        ("<<E\na$\nb%\n$\nE\n", r"'a$\nb%\n$\n'"),
        ("<<E\r\na\r\n b\r\nE\r\n", r"'a\r\n b\r\n'"),
        ("<<E\r\na\r\n b ${c}\r\nE\r\n", r"<'a\r\n b ' c '\r\n'>"),
        ("<<E\n${a}\nE\n", r"<a '\n'>"),
        ("<<E\n${a}${b}\nE\n", r"<a b '\n'>"),
        ("<<E\n${a}E\n${b} E\nE\n", r"<a 'E\n' b ' E\n'>"),
        ('<<E\n${f(\n"E"\n)}\nE\n', r"<f('E') '\n'>"),
        ("<<E\na ${<<E\nb\nE\n} c\nE\n", r"<'a ' 'b\n' ' c\n'>"),
        ("f(<<E\na\nE\n)", r"f('a\n')"),
        ("[<<E\na\nE\n, 1]", r"['a\n', 1]"),
        ("{a = <<E\nb\nE\n c = 1}", r"{'a': 'b\n', 'c': 1}"),
        ('"${<<E\na\nE\n}"', r"<'a\n'>"),
    ],
)
def test_heredocs(text: str, expected: str) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<<-E\n  E\n", "''"),
        ("<<-E\n    a\n\n      b\n   \n  c\n  E\n", r"'  a\n\n    b\n   \nc\n'"),
        ("<<-E\n    a\n  ${b}\n      c\n  E\n", r"<'  a\n' b '\n    c\n'>"),
        ("<<-E\n    a\n${b}\n      c\n  E\n", r"<'    a\n' b '\n      c\n'>"),
        ("<<-E\n    a ${b}\n      c ${d}\n    E\n", r"<'a ' b '\n  c ' d '\n'>"),
        ("<<-E\n    ${a}\n   E\n", r"<a '\n'>"),
        ("<<-E\n\ta\n\t  b\n  E\n", r"'a\n  b\n'"),
        ("<<-E\n  a\n\t\tb\n  E\n", r"'a\nb\n'"),
        ("<<-E\n\xa0\xa0a\n\xa0b\n\xa0E\n", r"'\xa0a\nb\n'"),
        ("<<-E\n  a$\n  b\n  $\n  E\n", r"'a$\nb\n$\n'"),
        ("<<-E\r\n  a\r\n\r\n   b\r\n  E\r\n", r"'a\r\n\r\n b\r\n'"),
        ("<<-E\n \r\n  a\n E\n", r"' \r\na\n'"),
        ("<<-E\n  $${a}  ${~ b ~}  $${c}\n  d\n  E\n", r"<'${a}' b '${c}\nd\n'>"),
        # A line that ~ joins to the one before begins no line; one whose spaces ~ takes has none.
        ("<<-E\n    a\n    ${~ b ~}\n    c\n    d\n    E\n", r"<'    a\n' b '    c\n    d\n'>"),
        (
            "<<-E\n    a\n    %{ if b ~}\n    c\n    %{ endif ~}\n    d\n    E\n",
            r"<'a\n' if b <'    c\n'> else <> '    d\n'>",
        ),
        (
            "<<-E\n    a\n    %{ if b }\n      c\n    %{ endif }\n    d\n    E\n",
            r"<'a\n' if b <'\n  c\n'> else <> '\nd\n'>",
        ),
    ],
)
def test_indented_heredocs(text: str, expected: str) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"%{ if a }b%{ else }c%{ endif }"', "<if a <'b'> else <'c'>>"),
        ('"%{if(a)}b%{endif}"', "<if a <'b'> else <>>"),
        ('"%{ if\na\n}b%{ endif\n}"', "<if a <'b'> else <>>"),
        ('"%{ if a }%{ else }%{ endif }"', "<if a <> else <>>"),
        (
            '"%{ if a }%{ if b }c%{ else }d%{ endif }%{ else }e%{ endif }"',
            "<if a <if b <'c'> else <'d'>> else <'e'>>",
        ),
        ('"%{ for a in b }${a},%{ endfor }"', "<for a in b <a ','>>"),
        ('"%{ for i, a in b }${i}%{ endfor }."', "<for i, a in b <i> '.'>"),
        ('"%{for a in[1]}a%{endfor}"', "<for a in [1] <'a'>>"),
        ('"%{ for for in b }${for}%{ endfor }"', "<for for in b <for>>"),
        (
            '"%{ for a in b }%{ if a > 1 }${a}%{ else }x%{ endif } %{ endfor }"',
            "<for a in b <if (a > 1) <a> else <'x'> ' '>>",
        ),
    ],
)
def test_directives(text: str, expected: str) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        (r'"\x41"', (1, 6), r"HCL has no escape '\\x': write a backslash as \\."),
        (r'"\${a}"', (1, 6), r"HCL has no escape '\\$': write a backslash as \\."),
        (r'"\u00e"', (1, 6), r"Expected four hexadecimal digits after \u."),
        (r'"\U0001F60"', (1, 6), r"Expected eight hexadecimal digits after \U."),
        (r'"\ud800"', (1, 6), r"There is no character \ud800."),
        (r'"\U00110000"', (1, 6), r"There is no character \U00110000."),
        ('"${}"', (1, 8), "Expected a value, but found '}'."),
        ('"${1 2}"', (1, 10), "Expected '}' for the '${', but found '2'."),
        ('"%{}"', (1, 8), "Expected if, else, endif, for or endfor after '%{', but found '}'."),
        ('"%{ foo }"', (1, 9), "Expected if, else, endif, for or endfor after '%{', but found 'foo'."),
        ('"%{ if a }b%{ else if c }d%{ endif }"', (1, 24), "Expected '}' for the '%{', but found 'if'."),
        (
            '"%{ for a, in b }%{ endfor }"',
            (1, 19),
            "Expected 'in' and the collection to loop over, but found 'b'.",
        ),
        ('"%{ else }"', (1, 6), "This %{ else } has no %{ if } before it."),
        ('"a%{ endfor }"', (1, 7), "This %{ endfor } has no %{ for } before it."),
        ('"%{ if a }b"', (1, 6), "This %{ if } has no %{ endif }."),
        ('"%{ for a in b }c"', (1, 6), "This %{ for } has no %{ endfor }."),
        (
            '"%{ for a in b }%{ else }%{ endfor }"',
            (1, 21),
            "This %{ else } stands where the %{ for } of line 1, column 6 needs its %{ endfor }.",
        ),
        (
            '"%{ if a }%{ else }%{ else }%{ endif }"',
            (1, 24),
            "This %{ else } stands where the %{ if } of line 1, column 6 needs its %{ endif }.",
        ),
        (
            '"%{ if a }%{ endfor }"',
            (1, 15),
            "This %{ endfor } stands where the %{ if } of line 1, column 6 needs its %{ endif }.",
        ),
        ("<<E\na\rb\nE", (2, 2), "A carriage return stands here that is no part of a line break: remove it."),
    ],
)
def test_what_terraform_refuses(text: str, where: tuple[int, int], message: str) -> None:
    found = problem(f"x = {text}\n")
    assert (place(found), found.message, found.kind) == (where, message, "partial")


@pytest.mark.parametrize("text", ['"a', '"a ${b} c', '"a\rb"', '"a ${b', '"a\\'])
def test_a_text_that_is_not_closed_ends_with_its_line(text: str) -> None:
    body, [found, *_] = read_hcl(f"x = {text}\ny = 1\n".encode(), "t")
    assert found.at.line in (1, 2)
    assert shown(body.attributes["x"].value) == "!it is written in a way that can't be read"
    assert shown(body.attributes["y"].value) == "1"


@pytest.mark.parametrize("text", ["<<E \na\nE\n", "<<E # b\na\nE\n", "<<-E\t\r\na\nE\n"])
def test_nothing_follows_the_marker(text: str) -> None:
    _, [found, *_] = read_hcl(f"x = {text}".encode(), "t")
    assert place(found) == (1, 5)
    begin = text.split(maxsplit=1)[0].rstrip()
    assert found.message == f"Nothing may follow {begin} on its line, not even a space: remove it."


def test_a_heredoc_that_ends_with_the_file() -> None:
    body, [found] = read_hcl(b"x = <<EOT\na\n  EOT", "t")
    assert shown(body.attributes["x"].value) == r"'a\n'"
    assert place(found) == (3, 1)
    assert found.message == "Terraform wants a line break after EOT even where the file ends: add it."


def test_places_in_texts() -> None:
    found = body('x = "\u00e9 ${a} %{ if b }c%{ endif }"\ny = <<-E\n  \u00e9 ${f(\n    c)}\n  E\n')
    quoted, heredoc = (found.attributes[name].value for name in "xy")
    assert isinstance(quoted, Template)
    assert isinstance(heredoc, Template)
    places = [
        (node.line, node.column, node.end_line, node.end_column)
        for node in (quoted, *nodes(quoted), heredoc, *nodes(heredoc))
    ]
    assert places == [(1, 5, 1, 34), (1, 10, 1, 11), (1, 13, 1, 22), (2, 5, 5, 4), (3, 7, 4, 7)]


def nodes(template: Template) -> list[Expression]:
    return [part for part in template.parts if not isinstance(part, str)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "''"),
        ('a\n "b" \\n \\" $ % $$ %%\n', r"""'a\n "b" \\n \\" $ % $$ %%\n'"""),
        ("$${a} %%{b}", "'${a} %{b}'"),
        ("$$${a}", "'$${a}'"),
        ("${a}", "<a>"),
        ("${a}\n", r"<a '\n'>"),
        ("a\n b ${c ~}\n\n  d\n", r"<'a\n b ' c '\n  d\n'>"),
        ("a\n\n  ${~ b ~}\n\n  c\n", r"<'a\n\n' b '\n  c\n'>"),
        ("\r\n${a ~}\r\n b", r"<'\r\n' a ' b'>"),
        ('%{ for a in b ~}\n  "${a}"\n%{ endfor ~}\nz', """<for a in b <'  "' a '"\\n'> 'z'>"""),
        ("<<E\nx\nE\n", r"'<<E\nx\nE\n'"),
        ("${<<E\nx\nE\n}", r"<'x\n'>"),
        ('${"${a}"}', "<<a>>"),
        ("# a ${b}", "<'# a ' b>"),
        ("e\u0301", "'\xe9'"),
    ],
)
def test_a_template_of_its_own(text: str, expected: str) -> None:
    node, problems = read_template(text, "t.tpl")
    assert (shown(node), problems) == (expected, [])
    assert (node.line, node.column, node.end) == (1, 1, len(text))


def test_a_template_in_the_place_of_another_node() -> None:
    at = Scalar(3, 9, Lines("a: bcdefg", "main.tf.json"), "", "", False, '"')
    node, problems = read_template("a ${b.c} %{ if d }e${f}%{ endif }", "main.tf.json", at)
    assert problems == []
    assert shown(node) == "<'a ' b.c ' ' if d <'e' f> else <>>"
    assert isinstance(node, Template)
    _, attribute, _, directive = node.parts
    assert isinstance(attribute, Expression)
    assert isinstance(directive, TemplateIf)
    for part in (node, attribute, directive, directive.test, *directive.yes[1:]):
        assert isinstance(part, Expression)
        assert (part.start, part.end, part.lines) == (3, 9, at.lines)
    node, [found] = read_template("a ${b", "main.tf.json", at)
    assert (place(found), found.at.end_column) == ((1, 4), 10)
    assert shown(node) == "<!it is written in a way that can't be read>"
    node, problems = read_template("a", "main.tf.json", at)
    assert isinstance(node, Literal)
    assert (node.value, node.start, problems) == ("a", 3, [])


def test_loops_know_their_names() -> None:
    found = value('"%{ for k, v in a }%{ endfor }%{ for v in a }%{ endfor }"')
    assert isinstance(found, Template)
    first, second = found.parts
    assert isinstance(first, TemplateFor)
    assert isinstance(second, TemplateFor)
    assert [(loop.key, loop.value, loop.body) for loop in (first, second)] == [("k", "v", ()), ("", "v", ())]
