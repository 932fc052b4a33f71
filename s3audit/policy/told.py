"""What statements name: the values of a key that they compare with, as far as these are known."""

from __future__ import annotations

from collections.abc import Sequence

from s3audit.policy.globs import Glob
from s3audit.policy.operators import Chosen, patterns
from s3audit.policy.rules import Rule, Test


def values_of(rules: Sequence[Rule], key: str) -> tuple[Glob, ...]:
    """As patterns, where the operator takes patterns."""
    found = [
        patterns(test.operator, value)
        for rule in rules
        for test in rule.tests
        if isinstance(test, Test) and test.key == key and test.operator is not None
        for value in test.values
        if isinstance(value, Chosen) and not value.open
    ]
    return tuple(one for one in found if one is not None)


def asked_for(rule: Rule, key: str) -> list[str]:
    """The values, one of which a statement wants a key to have; not those that it must not have."""
    return [
        value.text
        for test in rule.tests
        if isinstance(test, Test) and test.key == key and test.operator is not None
        if not test.operator.negated and test.operator.base != "null"
        for value in test.values
        if isinstance(value, Chosen) and not value.open
    ]


def is_matched(held: str | frozenset[str] | None, some: Sequence[Glob]) -> bool:
    """Whether a key holds one of them."""
    values = (held,) if isinstance(held, str) else held or ()
    return any(one.matches(value) for one in some for value in values)
