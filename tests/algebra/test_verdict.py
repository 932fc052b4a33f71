"""The laws of the verdicts."""

from functools import reduce
from operator import and_, or_

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3audit.location import Location
from s3audit.verdict import (
    Evidence,
    Severity,
    Status,
    Verdict,
    every,
    failed,
    not_applicable,
    passed,
    some,
    unknown,
)
from tests.algebra.strategies import verdicts

AT = Location("a.yaml", "Resources.A", 1, 1)


@given(verdicts(), verdicts())
def test_commutative(a: Verdict, b: Verdict) -> None:
    assert a & b == b & a
    assert a | b == b | a


@given(verdicts(), verdicts(), verdicts())
def test_associative(a: Verdict, b: Verdict, c: Verdict) -> None:
    assert (a & b) & c == a & (b & c)
    assert (a | b) | c == a | (b | c)


@given(verdicts())
def test_idempotent(a: Verdict) -> None:
    assert a & a == a
    assert a | a == a


@given(verdicts(), verdicts())
def test_de_morgan(a: Verdict, b: Verdict) -> None:
    assert ~(a & b) == ~a | ~b
    assert ~(a | b) == ~a & ~b


@given(verdicts())
def test_double_negation(a: Verdict) -> None:
    assert ~~a == a


@given(verdicts(), verdicts(Status.NOT_APPLICABLE))
def test_not_applicable_leaves_the_other_unchanged(a: Verdict, na: Verdict) -> None:
    if a.status is not Status.NOT_APPLICABLE:
        assert a & na == a
        assert a | na == a


@given(st.lists(verdicts(), min_size=1, max_size=5))
def test_every_and_some_are_the_folds(items: list[Verdict]) -> None:
    assert every(items) == reduce(and_, items)
    assert some(items) == reduce(or_, items)


decided = st.sampled_from([Status.PASS, Status.FAIL, Status.NOT_APPLICABLE])


@given(st.lists(verdicts(), min_size=1, max_size=4), st.data())
def test_monotone_in_information(items: list[Verdict], data: st.DataObject) -> None:
    """Learning what was unknown never turns one decided answer into another."""
    learnt = [
        Verdict(data.draw(decided), item.evidence) if item.status is Status.UNKNOWN else item
        for item in items
    ]
    for combine in (every, some):
        before = combine(items)
        if before.status in (Status.PASS, Status.FAIL):
            assert combine(learnt).status is before.status


@given(verdicts(), verdicts())
def test_a_combination_has_the_highest_severity_of_what_decides(a: Verdict, b: Verdict) -> None:
    if a.status is b.status is Status.FAIL:
        known = [v.severity for v in (a, b) if v.severity is not None]
        assert (a & b).severity == (max(known) if known else None)


def test_every_of_nothing_passes_and_some_of_nothing_fails() -> None:
    assert every(()).status is Status.PASS
    assert some(()).status is Status.FAIL
    nothing = not_applicable(AT, "there is no rule")
    assert every((), empty=nothing) == nothing
    assert some((), empty=nothing) == nothing


def test_what_is_known_and_decides_does_decide() -> None:
    gap = unknown(AT, "not told")
    assert (gap & failed(AT, "off")).status is Status.FAIL
    assert (gap & passed(AT, "on")).status is Status.UNKNOWN
    assert (gap | passed(AT, "on")).status is Status.PASS
    assert (gap | failed(AT, "off")).status is Status.UNKNOWN
    assert (~gap).status is Status.UNKNOWN


def test_only_what_decides_is_evidence() -> None:
    assert (passed(AT, "on") & failed(AT, "off")).evidence == (Evidence(AT, "off"),)


def test_evidence_is_sorted_and_not_repeated() -> None:
    later = Location("a.yaml", "Resources.A", 9, 1)
    combined = failed(later, "b") & failed(AT, "a") & failed(later, "b")
    assert combined.evidence == (Evidence(AT, "a"), Evidence(later, "b"))


def test_only_a_failing_verdict_takes_a_severity() -> None:
    assert failed(AT, "off").at_severity(Severity.HIGH).severity is Severity.HIGH
    assert passed(AT, "on").at_severity(Severity.HIGH).severity is None


@pytest.mark.parametrize("use", [bool, lambda v: not v, lambda v: v and v])
def test_a_verdict_has_no_truth_value(use: object) -> None:
    assert callable(use)
    with pytest.raises(TypeError, match="four values"):
        use(passed(AT, "on"))
