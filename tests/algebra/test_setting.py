"""What is known of a value, and the questions one may ask of it."""

import pytest

from s3audit.location import Location
from s3audit.setting import Known, Listed, Setting, Unknown, Unset, every_of, some_of, when_set
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Evidence, Status, Verdict, failed, passed

AT = Location("a.yaml", "Resources.A.Properties.VersioningConfiguration.Status", 4, 9, 4, 18)
HEADER = Location("a.yaml", "Resources.A", 2, 3, 2, 4)

KNOWN: Setting[str] = Known("Suspended", AT)
DEFAULTED: Setting[str] = Known("Enabled", AT, "with the default of Env")
UNSET: Setting[str] = Unset("Unversioned", HEADER)
GAP: Setting[str] = Unknown("Env has no default", AT)


def said(verdict: Verdict) -> tuple[Status, list[tuple[int, str]]]:
    return verdict.status, [(e.at.line, e.note) for e in verdict.evidence]


def test_is_in() -> None:
    assert said(KNOWN.is_in("Enabled", what="versioning")) == (Status.FAIL, [(4, "versioning is Suspended")])
    assert said(DEFAULTED.is_in("Enabled", what="versioning")) == (
        Status.PASS,
        [(4, "versioning is Enabled with the default of Env")],
    )
    assert said(UNSET.is_in("Enabled", what="versioning")) == (
        Status.FAIL,
        [(2, "versioning is not set, so it is Unversioned")],
    )
    assert said(GAP.is_in("Enabled", what="versioning")) == (
        Status.UNKNOWN,
        [(4, "versioning is not known: Env has no default")],
    )


def test_satisfies_takes_a_three_valued_answer() -> None:
    name: Setting[Text] = Known(text(Opaque("Env"), "-logs"), AT)
    assert (
        name.satisfies(lambda n: n.starts_with("prod"), "the name begins with prod").status is Status.UNKNOWN
    )
    assert name.satisfies(lambda n: n.ends_with("-logs"), "the name ends in -logs").status is Status.PASS


def test_map_keeps_state_and_place() -> None:
    assert KNOWN.map(len) == Known(9, AT)
    assert UNSET.map(len) == Unset(11, HEADER)
    assert GAP.map(len) == GAP


def test_when_set() -> None:
    def judge(value: str) -> Verdict:
        return passed(AT, value)

    logging: Setting[str | None] = Known("logs", AT)
    assert said(when_set(logging, judge, "no logging")) == (Status.PASS, [(4, "logs")])
    off: Setting[str | None] = Unset(None, HEADER)
    assert said(when_set(off, judge, "no logging")) == (Status.NOT_APPLICABLE, [(2, "no logging")])
    assert when_set(off, judge, failed(HEADER, "off")).status is Status.FAIL
    answered: Setting[str | None] = Known(None, AT)
    assert when_set(answered, judge, "no logging").status is Status.NOT_APPLICABLE
    gap: Setting[str | None] = Unknown("denied", AT)
    assert said(when_set(gap, judge, "no logging")) == (Status.UNKNOWN, [(4, "denied")])


def test_every_and_some_of_a_list_with_a_gap() -> None:
    def is_a(value: str) -> Verdict:
        return Verdict(Status.PASS if value == "a" else Status.FAIL, (Evidence(AT, value),))

    some_gap: Listed[str] = Known((Known("a", AT), Unknown("not told", AT)), AT)
    assert every_of(some_gap, is_a).status is Status.UNKNOWN
    assert some_of(some_gap, is_a).status is Status.PASS
    with_b: Listed[str] = Known((Known("b", AT), Unknown("not told", AT)), AT)
    assert every_of(with_b, is_a).status is Status.FAIL
    assert some_of(with_b, is_a).status is Status.UNKNOWN
    whole_gap: Listed[str] = Unknown("not told", AT)
    assert every_of(whole_gap, is_a).status is Status.UNKNOWN
    nothing: Listed[str] = Unset((), HEADER)
    assert every_of(nothing, is_a).status is Status.PASS
    assert some_of(nothing, is_a).status is Status.FAIL


@pytest.mark.parametrize("setting", [KNOWN, UNSET, GAP])
def test_a_setting_has_no_truth_value(setting: Setting[str]) -> None:
    with pytest.raises(TypeError, match="three states"):
        bool(setting)
