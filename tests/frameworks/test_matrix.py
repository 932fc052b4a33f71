"""What a requirement comes to, from what its checks say of each subject."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from s3audit.finding import STATUSES, FindingStatus, Report
from s3audit.findings import ManyFindings
from s3audit.frameworks.framework import Requirement
from s3audit.frameworks.matrix import ANSWERS, Answer, Counts, Row, matrices
from s3audit.location import NOWHERE, Location
from s3audit.problem import Problem
from tests.frameworks.reports import CHECKS, NAMES, Said, finding, framework, matrix, report

BUCKETS = ("Logs", "Orders", "Photos")
NOTHING: Said = {}
UNREAD = Problem(Location("x.yaml"), "unreadable", "no YAML")


def asks(
    *checks: str, partial: bool = False, supporting: tuple[str, ...] = (), manual: str = ""
) -> Requirement:
    return Requirement(
        id="1", title="T", checks=checks, partial=partial, supporting=supporting, manual=manual
    )


def row(said: Said | Report, requirement: Requirement) -> Row:
    [found] = matrix(said if isinstance(said, Report) else report(said), requirement).rows
    return found


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        ("pass", "pass", "passed"),
        ("pass", "not_applicable", "passed"),
        ("not_applicable", "not_applicable", "not_applicable"),
        ("pass", "fail", "fail"),
        ("unknown", "fail", "fail"),
        ("suppressed", "fail", "fail"),
        ("pass", "unknown", "unknown"),
        ("pass", "error", "unknown"),
        ("suppressed", "unknown", "unknown"),
        ("pass", "suppressed", "suppressed"),
        ("not_applicable", "suppressed", "suppressed"),
    ],
)
def test_the_worst_of_its_checks_is_what_a_subject_is(
    first: FindingStatus, second: FindingStatus, state: str
) -> None:
    for one, other in ((first, second), (second, first)):
        found = row({("on-a", "Logs"): one, ("on-b", "Logs"): other}, asks("on-a", "on-b"))
        assert found.counts == Counts(**{state: 1})


@pytest.mark.parametrize(
    ("statuses", "answer"),
    [
        (("pass", "pass", "pass"), "pass"),
        (("pass", "not_applicable", "pass"), "pass"),
        (("not_applicable", "not_applicable", "not_applicable"), "not_applicable"),
        (("pass", "fail", "unknown"), "fail"),
        (("pass", "unknown", "suppressed"), "unknown"),
        (("pass", "error", "pass"), "unknown"),
        (("pass", "suppressed", "pass"), "suppressed"),
    ],
)
def test_the_worst_of_its_subjects_is_what_a_requirement_comes_to(
    statuses: tuple[FindingStatus, ...], answer: Answer
) -> None:
    said: Said = {("on-a", bucket): status for bucket, status in zip(BUCKETS, statuses, strict=True)}
    assert row(said, asks("on-a")).answer == answer
    in_part = "in_part" if answer == "pass" else answer
    assert row(said, asks("on-a", partial=True)).answer == in_part


def test_without_checks_a_person_decides() -> None:
    found = row({("on-a", "Logs"): "fail"}, asks(manual="Look."))
    assert (found.answer, found.counts.subjects, found.cells) == ("manual", 0, ())


def test_subjects_that_no_check_of_it_is_about_do_not_count() -> None:
    found = row({("on-a", "Logs"): "pass", ("on-b", "Photos"): "fail"}, asks("on-a"))
    assert (found.answer, found.counts) == ("pass", Counts(passed=1))


def test_what_stands_beside_it_is_shown_and_decides_nothing() -> None:
    found = row({("on-a", "Logs"): "pass", ("on-b", "Photos"): "fail"}, asks("on-a", supporting=("on-b",)))
    assert (found.answer, found.counts) == ("pass", Counts(passed=1))
    decides, supports = found.cells
    assert (decides.supports, decides.findings) == (False, ())
    assert (supports.supports, supports.counts) == (True, Counts(fail=1))
    assert [one.subject.name for one in supports.findings] == ["Photos"]


def test_what_did_not_run_might_have_failed() -> None:
    said: Said = {("on-a", "Logs"): "pass", ("on-a", "Photos"): "not_applicable"}
    found = row(report(said, ran=["on-a"]), asks("on-a", "on-b"))
    assert (found.answer, found.counts) == ("unknown", Counts(unknown=2))
    assert found.open == "not run: on-b"
    assert [cell.ran for cell in found.cells] == [True, False]
    fails: Said = {("on-a", "Logs"): "fail"}
    assert row(report(fails, ran=["on-a"]), asks("on-a", "on-b")).answer == "fail"


def test_a_check_that_is_not_there_did_not_run() -> None:
    assert row({("on-a", "Logs"): "pass"}, asks("on-a", "not-written-yet")).answer == "unknown"


def test_nothing_to_judge_is_unknown_where_something_could_not_be_read() -> None:
    assert row(NOTHING, asks("on-a")).answer == "not_applicable"
    found = row(report(NOTHING, problems=[UNREAD]), asks("on-a"))
    assert found.answer == "unknown"
    assert found.open == "nothing was found that it is about, and not everything could be read"
    nothing = Problem(NOWHERE, "empty", "nothing for us")
    assert row(report(NOTHING, problems=[nothing]), asks("on-a")).answer == "not_applicable"
    passes: Said = {("on-a", "Logs"): "pass"}
    assert row(report(passes, problems=[UNREAD]), asks("on-a")).answer == "pass"


@pytest.mark.parametrize("by_itself", ["fail", "unknown"])
def test_a_check_that_gives_way_does_not_make_it_look_passed(by_itself: FindingStatus) -> None:
    gives_way = finding("on-a", "Photos", "not_applicable", by_itself)
    assert gives_way.message == "See on-x."
    found = row(report([gives_way, finding("on-a", "Logs", "pass")]), asks("on-a"))
    assert found.answer == by_itself
    assert found.counts == Counts(**{by_itself: 1, "passed": 1})
    [shown] = found.cells[0].findings
    assert (shown.status, shown.message) == (by_itself, "on-a of Photos.")


@pytest.mark.parametrize(
    ("origin", "first", "state"),
    [
        ("cloudformation", "pass", "unknown"),
        ("cloudformation", "fail", "fail"),
        ("cloudformation", "not_applicable", "not_applicable"),
        ("terraform", "pass", "passed"),
        ("live", "pass", "passed"),
    ],
)
def test_what_a_template_has_no_word_for_is_not_passed(origin: str, first: FindingStatus, state: str) -> None:
    """The second check can be told from Terraform; what only templates can be asked is no matter for an account."""
    told = replace(CHECKS[1], sources=("terraform",))
    findings = [
        finding("on-a", "Logs", first, origin=origin),
        finding("on-b", "Logs", "not_applicable", origin=origin),
    ]
    found = row(report(findings, checks=(CHECKS[0], told)), asks("on-a", "on-b"))
    assert found.counts == Counts(**{state: 1})
    why = "on-b can't be told from CloudFormation"
    assert found.open == (why if state == "unknown" else "")
    assert found.cells[1].counts == Counts(not_applicable=1)


def test_a_subject_that_is_told_of_twice_counts_once_and_with_the_worse() -> None:
    twice = [finding("on-a", "Logs", "pass"), finding("on-a", "Logs", "fail")]
    for findings in (twice, twice[::-1]):
        found = row(report(findings), asks("on-a"))
        assert found.counts == found.cells[0].counts == Counts(fail=1)


def test_several_frameworks_in_one_walk() -> None:
    said: Said = {("on-a", "Logs"): "pass", ("on-b", "Logs"): "fail"}
    given = report(said)
    one, two = framework(asks("on-a"), asks("on-b")), framework(asks("on-b"))
    first, second = matrices([one, two], given)
    assert [found.answer for found in first.rows] == ["pass", "fail"]
    assert [found.answer for found in second.rows] == ["fail"]


SAID = st.dictionaries(st.tuples(st.sampled_from(NAMES), st.sampled_from(BUCKETS)), st.sampled_from(STATUSES))
REQUIREMENTS = st.lists(
    st.builds(
        Requirement,
        id=st.text("123.", min_size=1, max_size=3),
        title=st.just("T"),
        checks=st.lists(st.sampled_from(NAMES), unique=True, max_size=3).map(tuple),
        partial=st.booleans(),
        manual=st.sampled_from(["", "Look."]),
    ),
    min_size=1,
    max_size=4,
)


@given(said=SAID, requirements=REQUIREMENTS, ran=st.none() | st.sets(st.sampled_from(NAMES)))
def test_the_counts_add_up(said: Said, requirements: list[Requirement], ran: set[str] | None) -> None:
    if ran is not None:
        said = {key: status for key, status in said.items() if key[0] in ran}
    found = matrix(report(said, ran=ran), *requirements)
    totals = found.totals()
    assert set(totals) == set(ANSWERS)
    assert sum(totals.values()) == len(requirements) == len(found.rows)
    for one in found.rows:
        checks = set(one.requirement.checks)
        counts = one.counts
        assert counts.subjects == len({bucket for check, bucket in said if check in checks})
        assert counts.subjects == sum(
            (counts.fail, counts.unknown, counts.suppressed, counts.passed, counts.not_applicable)
        )
        for cell in one.cells:
            assert cell.counts.subjects == sum(check == cell.check for check, _ in said)
            told = cell.counts.fail + cell.counts.unknown + cell.counts.suppressed
            assert len(cell.findings) == told


@given(said=SAID, requirements=REQUIREMENTS, ran=st.sets(st.sampled_from(NAMES)))
def test_a_pass_is_never_more_than_its_checks_say(
    said: Said, requirements: list[Requirement], ran: set[str]
) -> None:
    said = {key: status for key, status in said.items() if key[0] in ran}
    for one in matrix(report(said, ran=ran), *requirements).rows:
        checks = one.requirement.checks
        states = {status for (check, _), status in said.items() if check in checks}
        if one.answer in ("pass", "in_part"):
            assert set(checks) <= ran
            assert states <= {"pass", "not_applicable"}
            assert (one.answer == "in_part") is one.requirement.partial
        if "fail" in states:
            assert one.answer == "fail"


@given(said=SAID, requirements=REQUIREMENTS)
def test_findings_that_are_folded_up_come_to_the_same(said: Said, requirements: list[Requirement]) -> None:
    plain = report(said)
    folded = ManyFindings()
    for bucket in BUCKETS:
        folded.extend(one for one in plain.findings if one.subject.name == bucket)
    many = Report(
        plain.tool_version, plain.checks, plain.inputs, plain.problems, folded, plain.threshold, plain.show
    )
    first, second = matrix(plain, *requirements), matrix(many, *requirements)
    assert [(one.answer, one.counts) for one in first.rows] == [
        (one.answer, one.counts) for one in second.rows
    ]
