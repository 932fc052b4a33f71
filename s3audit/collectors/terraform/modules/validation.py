"""The values that the type and the validations of a variable leave it."""

from s3audit.collectors.documents.hcl.syntax import (
    Attribute,
    Binary,
    Call,
    Datum,
    Expression,
    Literal,
    Name,
    Tuple,
)
from s3audit.collectors.terraform.language.types import read_type
from s3audit.collectors.terraform.modules.module import Variable


def allowed(variable: Variable) -> tuple[Datum, ...]:
    """All of them, where they are listed; else none. That null may be among them is left out of account."""
    left: list[Datum] | None = [True, False] if read_type(variable.type).kind == "bool" else None
    for block in variable.validations:
        condition = block.body.attributes.get("condition")
        found = None if condition is None else _allowed(condition.value, variable.name)
        if found is not None:
            left = found if left is None else [value for value in left if value in found]
    return tuple(dict.fromkeys(left or ()))


def _allowed(condition: Expression, name: str) -> list[Datum] | None:
    """What a condition leaves; None where it does not list it."""
    match condition:
        case Call(name="contains", arguments=(listed, asked), expand=False) if _is(asked, name):
            return _literals(listed)
        case Binary(operator="==", left=asked, right=Literal(value=value)) if _is(asked, name):
            return [value]
        case Binary(operator="==", left=Literal(value=value), right=asked) if _is(asked, name):
            return [value]
        case Binary(operator="||" | "&&" as operator, left=left, right=right):
            one, other = _allowed(left, name), _allowed(right, name)
            if one is None or other is None:
                return None if operator == "||" else one if other is None else other
            return [*one, *other] if operator == "||" else [value for value in one if value in other]
        case _:
            return None


def _is(expression: Expression, name: str) -> bool:
    match expression:
        case Attribute(of=Name(name="var"), name=asked):
            return asked == name
        case _:
            return False


def _literals(expression: Expression) -> list[Datum] | None:
    match expression:
        case Call(name="tolist" | "toset", arguments=(inner,)):
            return _literals(inner)
        case Tuple(items=items):
            values = [item.value for item in items if isinstance(item, Literal)]
            return values if len(values) == len(items) else None
        case _:
            return None
