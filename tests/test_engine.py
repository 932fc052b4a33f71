"""The engine: one finding for each check and subject, whatever the scenarios and whatever breaks."""

from collections.abc import Callable, Sequence

import pytest

from s3audit.api import _collected
from s3audit.check import ALL, Check, Fix, check
from s3audit.collectors.documents.files import Collected, File, Options
from s3audit.engine import judge
from s3audit.finding import Finding
from s3audit.location import Location
from s3audit.model.bucket import Bucket, Versioning
from s3audit.model.estate import Estate
from s3audit.model.world import Case, Plain
from s3audit.problem import Problem
from s3audit.setting import Known, Setting, Unknown
from s3audit.verdict import Severity, Verdict, failed, not_applicable, passed

AT = Location("a.yaml", "Resources.A", 3, 3, 3, 4)


def bucket(status: Setting[str]) -> Bucket:
    return Bucket(
        address="Resources.A", at=AT, origin="cloudformation", title="A", versioning=Versioning(status=status)
    )


def made(judgement: Callable[[Bucket], Verdict], **more: object) -> Check:
    judgement.__module__ = "checks.some.thing"
    judgement.__doc__ = "It holds.\n\nBecause."
    judgement.__annotations__ = {"bucket": Bucket, "return": Verdict}
    given = {"severity": Severity.MEDIUM, "needs": (), "sources": ALL, "fix": Fix(note="x"), **more}
    return check(passes="x", fails="x", unsure="x", **given)(judgement)  # type: ignore[arg-type]


VERSIONED = made(lambda bucket: bucket.versioning.status.is_in("Enabled", what="versioning"))


class Turning:
    """A world of several scenarios."""

    source, kind = "a.yaml", "cloudformation"
    problems: Sequence[Problem] = ()

    def __init__(self, *cases: Case) -> None:
        self.estate = cases[0].estate
        self._cases = cases

    def cases(self, address: str) -> Sequence[Case]:
        return self._cases


def case(status: str | None, *when: str) -> Case:
    setting: Setting[str] = Unknown("not told", AT) if status == "?" else Known(str(status), AT)
    return Case(when, Estate([] if status is None else [bucket(setting)]))


def only(*cases: Case) -> Finding:
    findings, problems = judge(Turning(*cases), [VERSIONED])
    assert problems == []
    (finding,) = findings
    return finding


def test_a_failure_in_one_scenario_is_a_failure_and_says_when() -> None:
    finding = only(case("Enabled", "Env is prod"), case("Off", "Env is dev"))
    assert (finding.status, finding.when) == ("fail", ("Env is dev",))
    assert finding.message == "Versioning is Off, when Env is dev."


def test_a_failure_in_every_scenario_says_no_when() -> None:
    finding = only(case("Off", "Env is prod"), case("Off", "Env is dev"))
    assert (finding.status, finding.when, finding.message) == ("fail", (), "Versioning is Off.")


def test_what_makes_no_difference_is_not_said() -> None:
    finding = only(
        case("Off", "Env is dev", "Region is a"),
        case("Off", "Env is dev", "Region is b"),
        case("Enabled", "Env is prod", "Region is a"),
        case("Enabled", "Env is prod", "Region is b"),
    )
    assert finding.when == ("Env is dev",)


def test_what_makes_a_difference_together_is_said_together() -> None:
    finding = only(
        case("Off", "Env is dev", "Region is a"),
        case("Enabled", "Env is dev", "Region is b"),
        case("Enabled", "Env is prod", "Region is a"),
        case("Off", "Env is prod", "Region is b"),
    )
    assert finding.when == ("Env is dev and Region is a", "Env is prod and Region is b")


def test_unknown_in_one_scenario_is_unknown_if_none_fails() -> None:
    assert only(case("Enabled", "Env is prod"), case("?", "Env is dev")).status == "unknown"
    assert only(case("Off", "Env is prod"), case("?", "Env is dev")).status == "fail"


def test_a_scenario_without_the_subject_is_left_out() -> None:
    assert only(case("Enabled", "Env is prod"), case(None, "Env is dev")).status == "pass"


def test_a_crashing_check_is_a_result_and_the_others_go_on() -> None:
    def broken(bucket: Bucket) -> Verdict:
        raise ZeroDivisionError("by zero")

    world = Plain("a.yaml", "cloudformation", Estate([bucket(Known("Off", AT))]))
    findings, problems = judge(world, [made(broken), VERSIONED])
    assert [finding.status for finding in findings] == ["error", "fail"]
    assert findings[0].message == (
        "The check some-thing crashed on A (ZeroDivisionError: by zero); please report this."
        " Nothing else is affected."
    )
    assert [(p.kind, p.at) for p in problems] == [("crash", AT)]


def test_a_source_that_can_not_express_it_makes_it_not_applicable() -> None:
    world = Plain("a.yaml", "cloudformation", Estate([bucket(Known("Off", AT))]))
    (finding,), _ = judge(world, [made(lambda bucket: failed(bucket.at, "x"), sources=("live",))])
    assert (finding.status, finding.message) == (
        "not_applicable",
        "Cloudformation can't express what this check asks.",
    )


def test_the_severity_is_the_verdicts_then_the_configurations() -> None:
    world = Plain("a.yaml", "cloudformation", Estate([bucket(Known("Off", AT))]))
    grave = made(lambda bucket: failed(bucket.at, "x", Severity.CRITICAL))
    assert judge(world, [grave])[0][0].severity is Severity.CRITICAL
    assert judge(world, [grave], {"some-thing": Severity.LOW})[0][0].severity is Severity.LOW


def test_one_check_yields_to_another_that_fails() -> None:
    world = Plain("a.yaml", "cloudformation", Estate([bucket(Known("Off", AT))]))

    def other(bucket: Bucket) -> Verdict:
        return failed(bucket.at, "the cause")

    cause = made(other)
    cause = Check(**{name: getattr(cause, name) for name in cause.__struct_fields__} | {"id": "some-cause"})
    yielding = made(lambda bucket: failed(bucket.at, "x"), yields_to=("some-cause",))
    found = {finding.check: finding for finding in judge(world, [yielding, cause])[0]}
    assert (found["some-thing"].status, found["some-thing"].message) == ("not_applicable", "See some-cause.")
    assert found["some-cause"].status == "fail"
    assert judge(world, [yielding])[0][0].status == "fail"


@pytest.mark.parametrize("verdict", [passed(AT, "x"), not_applicable(AT, "x")])
def test_only_a_failure_is_one(verdict: Verdict) -> None:
    world = Plain("a.yaml", "cloudformation", Estate([bucket(Known("Off", AT))]))
    assert judge(world, [made(lambda bucket: verdict)])[0][0].status in ("pass", "not_applicable")


def test_a_collector_that_breaks_on_one_file_keeps_the_others() -> None:
    def collect(files: Sequence[File], options: Options) -> Collected:
        if any(file.data == b"bad" for file in files):
            raise ValueError("no good")
        return Collected([Plain(file.source, "x", Estate()) for file in files], ())

    files = [File("a.yaml", b""), File("b.yaml", b"bad"), File("c.yaml", b"")]
    options = Options(parameters={}, all_scenarios=False, max_size=10, fetch=lambda path: None)
    done = _collected(collect, files, options)
    assert [world.source for world in done.worlds] == ["a.yaml", "c.yaml"]
    (problem,) = done.problems
    assert (problem.at.source, problem.kind) == ("b.yaml", "unreadable")
    assert "ValueError: no good" in problem.message
