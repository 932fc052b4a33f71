"""Terraform's operators on numbers: exact for whole numbers, and with the digits of its big floats else."""

from decimal import Decimal

from s3audit.collectors.documents.tree import Node
from s3audit.collectors.terraform.values import Primitive, Value, failed, undecided

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
        return failed(at, "it divides by zero")
    from s3audit.collectors.terraform.functions.exact import fraction, rounded

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
            # The sign is that of the dividend, as in Go.
            rest = abs(left) % abs(right)
            return Primitive.of(at, rounded(-rest if left < 0 else rest))
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
