"""The findings of a large account are those that a list would have, in the order of their subjects."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3audit.finding import STATUSES, Finding, FindingStatus, Report, Subject
from s3audit.findings import ManyFindings
from s3audit.location import Location
from s3audit.verdict import Evidence, Severity

NAMES = st.sampled_from(["a", "b", "orders", "\ud800"])
FINDINGS = st.builds(
    Finding,
    check=st.sampled_from(["acl-everyone", "cors-wildcard-origin", "transport-tls-required"]),
    status=st.sampled_from(STATUSES),
    severity=st.sampled_from(Severity),
    subject=st.none(),
    evidence=st.lists(
        st.builds(Evidence, st.builds(Location, NAMES, NAMES), NAMES, st.none() | st.sampled_from(Severity)),
        max_size=2,
    ).map(tuple),
    when=st.sampled_from([(), ("Env is dev",)]),
)
SUBJECTS = st.builds(Subject, source=NAMES, address=NAMES, type=st.just("bucket"), name=NAMES)
SCANS = st.dictionaries(SUBJECTS, st.lists(FINDINGS, max_size=5), max_size=6)


def about(subject: Subject, found: list[Finding]) -> list[Finding]:
    return [
        Finding(one.check, one.status, one.severity, subject, one.evidence, one.when, one.said)
        for one in found
    ]


def kept(scan: dict[Subject, list[Finding]]) -> tuple[ManyFindings, list[Finding]]:
    many, plain = ManyFindings(), []
    for subject, found in scan.items():
        those = about(subject, found)
        many.extend(those)
        plain += those
    plain.sort(key=lambda one: (one.subject, one.evidence[0].at.source if one.evidence else "", one.check))
    return many, plain


@given(SCANS)
def test_they_are_those_that_were_given(scan: dict[Subject, list[Finding]]) -> None:
    many, plain = kept(scan)
    assert list(many) == plain
    assert many == plain
    assert len(many) == len(plain)
    assert [many[place] for place in range(-len(plain), len(plain))] == plain + plain
    assert many[1:3] == plain[1:3]
    assert pickle.loads(pickle.dumps(many)) == many


@given(SCANS, st.frozensets(st.sampled_from(STATUSES)), st.sampled_from(Severity))
def test_a_report_says_the_same_of_them(
    scan: dict[Subject, list[Finding]], show: frozenset[FindingStatus], threshold: Severity
) -> None:
    many, plain = kept(scan)
    one, other = (Report("1", (), (), (), found, threshold, show) for found in (many, tuple(plain)))
    assert one.shown == other.shown
    assert one.failing == other.failing
    assert one.fails is bool(one.failing)
    assert one.counted == other.counted
    assert one.tally() == other.tally()
    assert one.subjects == other.subjects
    for status in STATUSES:
        assert one.severities(status, threshold) == other.severities(status, threshold)


def test_what_comes_later_takes_its_place() -> None:
    at = Evidence(Location("x"), "note")
    second, first = (Subject("s", address, "bucket", address) for address in ("b", "a"))
    many = ManyFindings()
    many.extend([Finding("one", "pass", Severity.LOW, second, (at,))])
    assert [one.subject for one in many] == [second]
    many.extend([Finding("one", "fail", Severity.LOW, first, (at,))])
    assert [one.subject for one in many] == [first, second]
    assert many[1].subject == second


def test_there_is_nothing_beyond_them() -> None:
    many = ManyFindings()
    assert len(many) == 0
    with pytest.raises(IndexError):
        many[0]
