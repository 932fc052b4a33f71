"""Values made of the elements of others: `for` and splats."""

from typing import TYPE_CHECKING

from s3audit.collectors.documents.hcl import syntax
from s3audit.collectors.documents.resolved import Partial, Undecided
from s3audit.collectors.documents.tree import Sequence
from s3audit.collectors.terraform.language import convert
from s3audit.collectors.terraform.language.scope import ITEM, Scope
from s3audit.collectors.terraform.language.values import (
    Value,
    again,
    failed,
    is_null,
    keyed,
    sequence,
    undecided,
)

if TYPE_CHECKING:
    from s3audit.collectors.terraform.language.evaluate import Evaluator

_MOST = 100_000
"""Elements that one of these may have."""

_NO_ORDER = "the order of a set is not known before all of its elements are"


def splat(evaluator: "Evaluator", expression: syntax.Splat, scope: Scope) -> Value:
    of = evaluator.evaluate(expression.of, scope)
    if isinstance(of, Undecided):
        return again(of, expression)
    if is_null(of):
        return sequence(expression, ())
    if isinstance(of, Partial) and convert.may_be_anything(of):
        return undecided(expression, f"what {of.text} holds is not known")
    if isinstance(of, Sequence) and not convert.is_ordered(of):
        return undecided(expression, _NO_ORDER)
    items = of.items if isinstance(of, Sequence) else [of]
    found = [evaluator.evaluate(expression.each, scope.within({ITEM: item})) for item in items]
    return evaluator.spoiled(found) or sequence(expression, found)


def for_each(evaluator: "Evaluator", expression: syntax.For, scope: Scope) -> Value:
    collection = evaluator.evaluate(expression.collection, scope)
    members = convert.elements(collection)
    if isinstance(members, Undecided):
        return again(members, expression)
    has_order = expression.name is None or expression.grouped
    if has_order and isinstance(collection, Sequence) and not convert.is_ordered(collection):
        return undecided(expression, _NO_ORDER)
    if len(members) > _MOST:
        return undecided(expression, f"it has more than {_MOST:,} elements")
    made: list[tuple[Scope, Value]] = []
    for key, value in members:
        names = (
            {expression.value: value, expression.key: key} if expression.key else {expression.value: value}
        )
        inner = scope.within(names)
        if expression.condition is not None:
            keep = evaluator.truth(evaluator.evaluate(expression.condition, inner))
            if isinstance(keep, Undecided):
                return again(keep, expression)
            if not keep:
                continue
        result = evaluator.evaluate(expression.result, inner)
        if (spoiled := evaluator.spoiled([result])) is not None:
            return spoiled
        made.append((inner, result))
    if expression.name is None:
        return sequence(expression, [result for _, result in made])
    return _named(evaluator, expression, expression.name, made)


def _named(
    evaluator: "Evaluator", expression: syntax.For, key: syntax.Expression, made: list[tuple[Scope, Value]]
) -> Value:
    """The results by their names, each of them once or in groups."""
    found: dict[str, list[Value]] = {}
    for scope, result in made:
        named = convert.as_text(evaluator.evaluate(key, scope))
        if isinstance(named, Undecided):
            return again(named, expression)
        name = convert.literal(named)
        if name is None:
            return undecided(expression, "one of its keys is not known")
        if name in found and not expression.grouped:
            return failed(expression, f"two of its elements have the key {name!r}")
        found.setdefault(name, []).append(result)
    # A map has no order of its own: Terraform goes through it by its keys.
    return keyed(
        expression,
        {
            name: (key, sequence(expression, results) if expression.grouped else results[0])
            for name, results in sorted(found.items())
        },
    )
