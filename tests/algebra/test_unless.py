"""What a guard makes of a verdict."""

from hypothesis import given
from hypothesis import strategies as st

from s3audit.location import Location
from s3audit.verdict import Status, Verdict, failed, not_applicable, passed, unknown, unless
from tests.algebra.strategies import verdicts

AT = Location("a.yaml", "Resources.A", 1, 1)
DECIDED = (Status.PASS, Status.FAIL, Status.NOT_APPLICABLE)


@given(verdicts(Status.PASS), verdicts())
def test_a_guard_that_holds_makes_the_question_moot(guard: Verdict, judged: Verdict) -> None:
    assert unless(guard, "why", judged).status is Status.NOT_APPLICABLE


@given(verdicts(Status.FAIL) | verdicts(Status.NOT_APPLICABLE), verdicts())
def test_a_guard_that_does_not_hold_changes_nothing(guard: Verdict, judged: Verdict) -> None:
    assert unless(guard, "why", judged) == judged


@given(verdicts(), verdicts(), st.sampled_from(DECIDED), st.sampled_from(DECIDED))
def test_monotone_in_information(guard: Verdict, judged: Verdict, one: Status, other: Status) -> None:
    """Once it is decided, no further knowledge changes the answer."""
    before = unless(guard, "why", judged).status
    told_guard = Verdict(one) if guard.status is Status.UNKNOWN else guard
    told = Verdict(other) if judged.status is Status.UNKNOWN else judged
    assert before in (Status.UNKNOWN, unless(told_guard, "why", told).status)


def test_the_reason_stands_beside_what_the_guard_found() -> None:
    guard = passed(AT, "Orders logs to Logs")
    judged = failed(AT, "default encryption is AES256")
    assert unless(guard, "log delivery needs SSE-S3", judged) == not_applicable(
        AT, "Orders logs to Logs: log delivery needs SSE-S3"
    )
    assert unless(Verdict(Status.PASS), "why", judged).evidence[0].note == "why"


def test_an_open_guard_leaves_the_verdict_open() -> None:
    guard = unknown(AT, "where Orders logs to is not known")
    assert unless(guard, "why", passed(AT, "it is on")) == guard
    assert unless(guard, "why", failed(AT, "it is off")) == guard
    assert unless(guard, "why", unknown(AT, "x")).status is Status.UNKNOWN
    nothing = not_applicable(AT, "it is a directory bucket")
    assert unless(guard, "why", nothing) == nothing
