"""Terraform's operators on numbers: exact for whole numbers, and with the digits of its big floats else."""

from decimal import Decimal

from s3audit.collectors.documents.tree import Node
from s3audit.collectors.terraform.language.convert import NotKnown
from s3audit.collectors.terraform.language.values import Primitive, Value, failed, undecided

_MOST_BITS = 512
_COMPARISONS = frozenset({"<", "<=", ">", ">="})


def calculated(operator: str, one: int | Decimal, other: int | Decimal, at: Node) -> Value:
    """One number and another."""
    if operator in _COMPARISONS:
        return Primitive.of(at, _compared(operator, one, other))
    if isinstance(one, int) and isinstance(other, int) and operator in ("+", "-", "*"):
        whole = {"+": one + other, "-": one - other, "*": one * other}[operator]
        if whole.bit_length() < _MOST_BITS:
            return Primitive.of(at, whole)
    if operator in ("/", "%") and not other:
        if operator == "%":
            return Primitive.of(at, one)
        return undecided(at, "it divides by zero") if one else failed(at, "it divides zero by zero")
    try:
        return _exactly(operator, one, other, at)
    except NotKnown as gap:
        return undecided(at, gap.why)


def _exactly(operator: str, one: int | Decimal, other: int | Decimal, at: Node) -> Value:
    from s3audit.collectors.terraform.language.functions.exact import fraction, remainder, rounded

    left, right = fraction(one), fraction(other)
    match operator:
        case "+":
            return Primitive.of(at, rounded(left + right))
        case "-":
            return Primitive.of(at, rounded(left - right))
        case "*":
            return Primitive.of(at, rounded(left * right))
        case "/":
            return Primitive.of(at, rounded(left / right))
        case "%":
            return Primitive.of(at, rounded(remainder(left, right)))
        case _:
            return undecided(at, f"there is no operator {operator}")


def _compared(operator: str, one: int | Decimal, other: int | Decimal) -> bool:
    match operator:
        case "<":
            return one < other
        case "<=":
            return one <= other
        case ">":
            return one > other
        case _:
            return one >= other
