"""Prints blocks as HCL; chance decides between ways to write the same."""

import json
import random
from collections.abc import Iterable

from tests.terraform.emit.form import (
    Argument,
    Arguments,
    Block,
    Blocks,
    Document,
    Joined,
    Kind,
    Outside,
    Piece,
    Reference,
    Untold,
    Variable,
    pieces_of,
)
from tests.terraform.emit.policies import as_data

_TYPES = {
    "flag": "bool",
    "number": "number",
    "list": "list(string)",
    "word": "string",
    "text": "string",
    "document": "string",
    "blocks": "set(string)",
}


class Hcl:
    """The text of one module."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._variables: dict[str, str] = {}
        self._outside: dict[str, str] = {}
        self._locals: dict[str, str] = {}
        self._foreign: dict[str, None] = {}
        self._beside: list[str] = []
        """Data sources that arguments turned out to need."""
        self._untold = 0

    def module(self, blocks: Iterable[Block]) -> dict[str, str]:
        """Its files."""
        own = list(blocks)
        known = {block.address for block in own}
        self._foreign = {
            piece.address: None
            for block in own
            for piece in pieces_of(block.arguments)
            if isinstance(piece, Reference) and piece.address not in known
        }
        bodies = [self._block(block) for block in own]
        self.chance.shuffle(bodies)
        outside = [f'resource "{kind}" "{name}" {{\n}}\n' for name, kind in self._outside.items()]
        foreign = [
            f'resource "{kind}" "{name}" {{\n}}\n'
            for kind, _, name in (a.partition(".") for a in self._foreign)
        ]
        variables = [f'variable "{name}" {{\n  type = {kind}\n}}\n' for name, kind in self._variables.items()]
        named = "".join(f"  {name} = {value}\n" for name, value in self._locals.items())
        files = {"main.tf": "\n".join([*bodies, *self._beside, *outside, *foreign])}
        if named:
            files["main.tf"] += f"\nlocals {{\n{named}}}\n"
        if variables:
            files["variables.tf"] = "\n".join(variables)
        return files

    def _block(self, block: Block) -> str:
        kind = "data" if block.is_data else "resource"
        arguments = dict(block.arguments)
        count = f"  count = {self._count()}\n\n" if block.counted else ""
        body = count + self._body(arguments, "  ", f"{block.type}_{block.name}")
        return f'{kind} "{block.type}" "{block.name}" {{\n{body}}}\n'

    def _count(self) -> str:
        return f"{self._expression(Untold('flag'), '')} ? 1 : 0"

    def _body(self, arguments: Arguments, indent: str, place: str) -> str:
        lines: list[str] = []
        for name, value in arguments.items():
            if isinstance(value, Blocks):
                lines += [self._nested(name, item, indent, place) for item in value.items]
            elif value == Untold("blocks"):
                lines.append(self._nested(name, Untold("blocks"), indent, place))
            elif value is not None:
                lines.append(f"{indent}{name} = {self._argument(value, indent, f'{place}_{name}')}\n")
        return "".join(lines)

    def _nested(self, name: str, item: "Arguments | Untold", indent: str, place: str) -> str:
        if isinstance(item, Untold):
            each = self._expression(item, indent)
            return (
                f'{indent}dynamic "{name}" {{\n{indent}  for_each = {each}\n{indent}  content {{\n'
                f"{indent}  }}\n{indent}}}\n"
            )
        return f"{indent}{name} {{\n{self._body(item, indent + '  ', place)}{indent}}}\n"

    def _argument(self, value: Argument, indent: str, place: str) -> str:
        """A value, perhaps by way of a local."""
        if isinstance(value, Document):
            return self._document(value, indent, place)
        said = self._expression(value, indent)
        if isinstance(value, str) and self.chance.random() < 0.1:
            name = f"named_{len(self._locals)}"
            self._locals[name] = said
            return f"local.{name}"
        return said

    def _expression(self, value: Argument, indent: str) -> str:
        match value:
            case bool():
                return "true" if value else "false"
            case None:
                return "null"
            case int() | float():
                return str(value)
            case str():
                return quoted(value)
            case Joined(parts=parts):
                return self._template(parts)
            case Untold(kind):
                return self._decided_later(kind)
            case list():
                inner = [self._expression(item, indent + "  ") for item in value]
                if len(inner) < 2:
                    return f"[{', '.join(inner)}]"
                lines = "".join(f"{indent}  {item},\n" for item in inner)
                return f"[\n{lines}{indent}]"
            case dict():
                lines = "".join(
                    f"{indent}  {quoted(name)} = {self._expression(one, indent + '  ')}\n"
                    for name, one in value.items()
                )
                return f"{{\n{lines}{indent}}}"
            case Document(value=inside):
                return f"jsonencode({self._expression(inside, indent)})"
            case Blocks():
                raise AssertionError("blocks are no expression")
            case _:
                return self._piece(value)

    def _template(self, parts: "Iterable[str | Piece]") -> str:
        inner = "".join(
            escaped(part) if isinstance(part, str) else f"${{{self._piece(part)}}}" for part in parts
        )
        return f'"{inner}"'

    def _piece(self, piece: Piece) -> str:
        match piece:
            case Reference(address, attribute, counted):
                return f"{address}{'[0]' if counted else ''}.{attribute}"
            case Variable(name):
                self._variables.setdefault(name, "string")
                return f"var.{name}"
            case Outside(name):
                self._outside[name] = "random_password"
                return f"random_password.{name}.result"

    def _decided_later(self, kind: Kind) -> str:
        """An expression that nobody can work out before the deployment."""
        self._untold += 1
        name = f"untold_{self._untold}"
        # A text of which only the origin is known is a text all the same, and no open question.
        if kind != "text" and self.chance.random() < 0.5:
            self._variables[name] = _TYPES[kind]
            return f"var.{name}"
        match kind:
            case "flag":
                return 'timestamp() == "2030-01-01T00:00:00Z"'
            case "number":
                return "tonumber(timestamp())"
            case "list":
                return 'split(",", uuid())'
            case "blocks":
                return 'toset(split(",", uuid()))'
            case _:
                return "uuid()"

    def _document(self, document: Document, indent: str, place: str) -> str:
        """A policy, in one of four ways."""
        pieces = list(pieces_of(document))
        way = self.chance.choice(("encoded", "heredoc", "data", "text"))
        if way == "data" and (arguments := as_data(document)) is not None:
            name = f"{place}_{len(self._beside)}"
            body = self._body(arguments, "  ", place)
            self._beside.append(f'data "aws_iam_policy_document" "{name}" {{\n{body}}}\n')
            return f"data.aws_iam_policy_document.{name}.json"
        if way == "heredoc" and not any(isinstance(piece, Untold) for piece in pieces):
            inner = self._json(document.value, "  ", "\n")
            return f"<<-POLICY\n{inner}\n  POLICY"
        if way == "text" and not pieces:
            return quoted(json.dumps(document.value))
        return self._expression(document, indent)

    def _json(self, value: Argument, indent: str, end: str) -> str:
        """JSON in a heredoc: references stand in its strings."""
        deeper = indent + "  "
        match value:
            case list():
                inner = f",{end}{deeper}".join(self._json(item, deeper, end) for item in value)
                return f"[{end}{deeper}{inner}{end}{indent}]"
            case dict():
                inner = f",{end}{deeper}".join(
                    f"{json.dumps(name)}: {self._json(one, deeper, end)}" for name, one in value.items()
                )
                return f"{{{end}{deeper}{inner}{end}{indent}}}"
            case str():
                return _raw(json.dumps(value))
            case Joined(parts=parts):
                inner = "".join(
                    _raw(json.dumps(part)[1:-1]) if isinstance(part, str) else f"${{{self._piece(part)}}}"
                    for part in parts
                )
                return f'"{inner}"'
            case Reference() | Variable() | Outside():
                return f'"${{{self._piece(value)}}}"'
            case _:
                return json.dumps(value)


def quoted(value: str) -> str:
    return f'"{escaped(value)}"'


def escaped(value: str) -> str:
    """The inside of a quoted text."""
    inner = json.dumps(value, ensure_ascii=False)[1:-1]
    return _raw(inner)


def _raw(value: str) -> str:
    """Nothing in it begins a template."""
    return value.replace("${", "$${").replace("%{", "%%{")
