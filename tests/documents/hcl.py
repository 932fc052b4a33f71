"""Expressions of HCL written out with all their brackets, so that a test can say what was read."""

from s3audit.collectors.documents.hcl import syntax
from s3audit.collectors.documents.hcl.reader import read_hcl
from s3audit.collectors.documents.hcl.syntax import Body, Datum, Expression, TemplatePart
from s3audit.problem import Problem


def value(text: str) -> Expression:
    """What `x = text` says, without a problem."""
    body, problems = read_hcl(f"x = {text}\n".encode(), "t")
    assert problems == []
    return body.attributes["x"].value


def tree(text: str) -> str:
    return shown(value(text))


def body(text: str) -> Body:
    found, problems = read_hcl(text.encode(), "t")
    assert problems == []
    assert found.is_whole
    return found


def problem(text: str) -> Problem:
    _, [found] = read_hcl(text.encode(), "t")
    return found


def place(found: Problem) -> tuple[int, int]:
    return found.at.line, found.at.column


def shown(node: Expression) -> str:  # noqa: C901 - a case for each class
    match node:
        case syntax.Literal(value=known):
            return datum(known)
        case syntax.Template(parts=parts):
            return f"<{_parts(parts)}>"
        case syntax.TemplateIf():
            return f"if {shown(node.test)} <{_parts(node.yes)}> else <{_parts(node.no)}>"
        case syntax.TemplateFor():
            return f"for {_names(node.key, node.value)} in {shown(node.collection)} <{_parts(node.body)}>"
        case syntax.Name(name=name):
            return name
        case syntax.EachItem():
            return "@"
        case syntax.Attribute(of=of, name=name):
            return f"{shown(of)}.{name}"
        case syntax.Index(of=of, key=key):
            return f"{shown(of)}[{shown(key)}]"
        case syntax.Splat(of=of, each=each):
            return f"each({shown(of)}: {shown(each)})"
        case syntax.Call():
            return f"{node.name}({', '.join(map(shown, node.arguments))}{'...' if node.expand else ''})"
        case syntax.Conditional(test=test, yes=yes, no=no):
            return f"({shown(test)} ? {shown(yes)} : {shown(no)})"
        case syntax.Binary(left=left, operator=operator, right=right):
            return f"({shown(left)} {operator} {shown(right)})"
        case syntax.Unary(operator=operator, operand=operand):
            return f"({operator}{shown(operand)})"
        case syntax.Tuple(items=items):
            return f"[{', '.join(map(shown, items))}]"
        case syntax.Object(items=entries):
            return f"{{{', '.join(f'{shown(key)}: {shown(item)}' for key, item in entries)}}}"
        case syntax.For():
            return _loop(node)
        case syntax.Invalid(why=why):
            return f"!{why}"
        case _:
            raise TypeError(type(node).__name__)


def datum(known: Datum) -> str:
    if known is None:
        return "null"
    return (
        str(known).lower()
        if isinstance(known, bool)
        else repr(known)
        if isinstance(known, str)
        else str(known)
    )


def _parts(parts: tuple[TemplatePart, ...]) -> str:
    return " ".join(repr(part) if isinstance(part, str) else shown(part) for part in parts)


def _names(key: str, name: str) -> str:
    return f"{key}, {name}" if key else name


def _loop(node: syntax.For) -> str:
    name = "" if node.name is None else f"{shown(node.name)} => "
    condition = "" if node.condition is None else f" if {shown(node.condition)}"
    intro = f"for {_names(node.key, node.value)} in {shown(node.collection)}"
    return f"({intro} : {name}{shown(node.result)}{'...' if node.grouped else ''}{condition})"
