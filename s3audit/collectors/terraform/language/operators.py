"""Conditions and operators: decided as soon as what is known decides."""

from decimal import Decimal
from typing import TYPE_CHECKING

from s3audit.collectors.documents.hcl import syntax
from s3audit.collectors.documents.resolved import Undecided
from s3audit.collectors.documents.tree import Mapping, Sequence
from s3audit.collectors.terraform.language import convert
from s3audit.collectors.terraform.language.arithmetic import calculated
from s3audit.collectors.terraform.language.effort import TOO_MUCH
from s3audit.collectors.terraform.language.naming import one_of
from s3audit.collectors.terraform.language.scope import Scope
from s3audit.collectors.terraform.language.values import (
    Failed,
    Primitive,
    SetOf,
    Value,
    again,
    failed,
    is_null,
    undecided,
)

if TYPE_CHECKING:
    from s3audit.collectors.terraform.language.evaluate import Evaluator

_BRACKETS = (syntax.Tuple, syntax.Object, syntax.For, syntax.Splat)
"""What is written so is a tuple or an object, and no list or map."""


def conditional(evaluator: "Evaluator", expression: syntax.Conditional, scope: Scope) -> Value:
    test = evaluator.truth(evaluator.evaluate(expression.test, scope))
    if isinstance(test, Failed):
        return test
    if isinstance(test, Undecided):
        test = evaluator.condition(expression.test, scope, test)
    if isinstance(test, Undecided):
        yes, no = evaluator.evaluate(expression.yes, scope), evaluator.evaluate(expression.no, scope)
        if not evaluator.effort.go_through([yes, no], "=="):
            return undecided(expression, TOO_MUCH)
        if convert.alike(yes, no) is True:
            return yes
        return one_of(evaluator, expression, [yes, no], scope, undecided(expression, test.why))
    taken, other = (expression.yes, expression.no) if test else (expression.no, expression.yes)
    value, rest = evaluator.evaluate(taken, scope), evaluator.aside(other, scope)
    if isinstance(value, Undecided) or is_null(value):
        return value
    if isinstance(rest, Undecided) and (datum := _like(other)) is not None:
        rest = Primitive.of(other, datum)
    if not evaluator.effort.go_through([value, rest]):
        return undecided(expression, TOO_MUCH)
    told = {isinstance(one, SetOf) for one in (value, rest) if isinstance(one, Sequence)}
    lists = [written for one, written in ((value, taken), (rest, other)) if not isinstance(one, SetOf)]
    if len(told) > 1 and type(lists[0]) not in _BRACKETS:
        return undecided(expression, "whether it is a list or a set can't be told")
    together = convert.unify([value, rest])
    if together is not None:
        return together[0]
    # Something empty may have a type that fits, as `tomap({})` has, but not where it is written as a pair of brackets.
    for one, written in ((value, taken), (rest, other)):
        if _are_lists_or_maps(value, rest) and not convert.elements(one) and type(written) not in _BRACKETS:
            return value
    return failed(expression, "its two results have no type in common")


def _like(expression: syntax.Expression) -> syntax.Datum:
    """Something of the type that this expression has, whatever it comes to."""
    match expression:
        case syntax.Template():
            return None if expression.is_one_value else ""
        case syntax.Binary(operator="+" | "-" | "*" | "/" | "%") | syntax.Unary(operator="-"):
            return 0
        case syntax.Binary() | syntax.Unary():
            return False
        case _:
            return None


def _are_lists_or_maps(one: Value, other: Value) -> bool:
    both = (one, other)
    return all(isinstance(value, Sequence) for value in both) or all(isinstance(v, Mapping) for v in both)


def binary(evaluator: "Evaluator", expression: syntax.Binary, scope: Scope) -> Value:
    operator = expression.operator
    left = evaluator.evaluate(expression.left, scope)
    if operator in ("&&", "||"):
        return _logical(evaluator, expression, left, scope)
    right = evaluator.evaluate(expression.right, scope)
    if operator in ("==", "!="):
        if not evaluator.effort.go_through([left, right], "=="):
            return undecided(expression, TOO_MUCH)
        answer = convert.equal(left, right)
        if isinstance(answer, Undecided):
            one = evaluator.deciding(left, (right.data,) if isinstance(right, Primitive) else ())
            other = evaluator.deciding(right, (left.data,) if isinstance(left, Primitive) else ())
            if one is not left or other is not right:
                answer = convert.equal(one, other)
        if isinstance(answer, Undecided):
            return again(answer, expression)
        return Primitive.of(expression, answer is (operator == "=="))
    one_number, other_number = convert.as_number(left), convert.as_number(right)
    if isinstance(one_number, Undecided):
        return again(one_number, expression)
    if isinstance(other_number, Undecided):
        return again(other_number, expression)
    return calculated(operator, one_number, other_number, expression)


def _logical(evaluator: "Evaluator", expression: syntax.Binary, left: Value, scope: Scope) -> Value:
    """Decided as soon as one side decides."""
    decides = expression.operator == "||"
    one = evaluator.truth(left)
    if isinstance(one, Failed):
        return again(one, expression)
    if one is decides:
        return Primitive.of(expression, decides)
    other = evaluator.truth(evaluator.evaluate(expression.right, scope))
    if other is decides:
        return Primitive.of(expression, decides)
    for side in (one, other):
        if isinstance(side, Undecided):
            return again(side, expression)
    return Primitive.of(expression, not decides)


def unary(evaluator: "Evaluator", expression: syntax.Unary, scope: Scope) -> Value:
    operand = evaluator.evaluate(expression.operand, scope)
    if expression.operator == "!":
        answer = evaluator.truth(operand)
        return (
            again(answer, expression)
            if isinstance(answer, Undecided)
            else Primitive.of(expression, not answer)
        )
    number = convert.as_number(operand)
    if isinstance(number, Undecided):
        return again(number, expression)
    # The minus of a Decimal rounds.
    return Primitive.of(expression, number.copy_negate() if isinstance(number, Decimal) else -number)
