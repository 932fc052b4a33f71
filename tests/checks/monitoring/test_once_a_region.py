"""What an account has once in each Region: one finding for all that is missing, and each for what is there."""

from collections.abc import Mapping

import pytest

from s3audit.location import Location
from s3audit.model.account import Account
from s3audit.model.base import Resource, kind_of
from s3audit.model.bucket import Bucket
from s3audit.model.document import Array, Leaf, Member, Object
from s3audit.model.estate import Estate, Listing, Unlisted
from s3audit.model.expectation import Expectation, Matcher
from s3audit.model.trail import EventRule, EventTarget, Trail
from s3audit.model.watch import Analyzer, Detector, MacieJob, MacieSession
from s3audit.setting import Known, Listed, Setting, Unknown, Unset
from s3audit.text import Text, text
from s3audit.verdict import Severity, Status, Verdict
from tests.checks.examples import CHECKS

PASS, FAIL, OPEN, NONE = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
AT = Location("account", "account")
NUMBER, HERE, THERE = "111122223333", "eu-west-1", "us-east-1"
KINDS: Mapping[str, type[Resource]] = {
    "monitoring-access-analyzer": Analyzer,
    "monitoring-guardduty-s3": Detector,
    "monitoring-macie": MacieSession,
}


def known(value: str) -> Setting[Text]:
    return Known(text(value), AT)


def account(organization: str | None = None) -> Account:
    above: Setting[Text | None] = Known(None if organization is None else text(organization), AT)
    return Account(address=NUMBER, at=AT, origin="live", account=known(NUMBER), organization=above)


def made(kind: type[Resource], region: str = HERE, name: str = "one", **fields: object) -> Resource:
    return kind(
        address=f"{region}/{name}",
        at=AT,
        origin="live",
        account=known(NUMBER),
        region=known(region),
        **fields,  # type: ignore[arg-type]
    )


def seen(check: str, *regions: str) -> tuple[Listing, ...]:
    return tuple(Listing(kind_of(KINDS[check]), NUMBER, region) for region in regions)


def judge(check: str, estate: Estate, subject: Resource) -> Verdict:
    return CHECKS[check].judge(subject, estate)


@pytest.mark.parametrize("check", KINDS)
def test_what_is_missing_is_told_of_the_account_once(check: str) -> None:
    one = account()
    there = made(KINDS[check], HERE)
    buckets = [
        Bucket(
            address=f"b{n}",
            at=AT,
            origin="live",
            account=known(NUMBER),
            region=known(THERE),
            name=known(f"b{n}"),
        )
        for n in range(30)
    ]
    estate = Estate([one, there, *buckets], listings=seen(check, HERE, THERE, "eu-west-2"))
    found = judge(check, estate, one)
    assert found.status is FAIL
    assert [e.note.rpartition(" ")[2] for e in found.evidence] == ["eu-west-2", THERE]


@pytest.mark.parametrize("check", KINDS)
def test_a_region_that_was_not_listed_is_open_and_one_that_is_whole_is_no_question(check: str) -> None:
    one = account()
    gap = Unlisted(kind_of(KINDS[check]), NUMBER, THERE, "the call was denied")
    elsewhere = Unlisted(kind_of(KINDS[check]), "444455556666", THERE, "the call was denied")
    there = made(KINDS[check], HERE)
    whole = Estate([one, there], listings=seen(check, HERE), not_listed=(elsewhere,))
    assert judge(check, whole, one).status is NONE
    open_ = judge(check, Estate([one, there], listings=seen(check, HERE), not_listed=(gap,)), one)
    assert open_.status is OPEN
    assert open_.evidence[0].note.endswith("in us-east-1 is not known: the call was denied")


@pytest.mark.parametrize("check", KINDS)
def test_an_account_that_is_declared_is_not_asked(check: str) -> None:
    declared = Account(address="a", at=AT, origin="terraform")
    assert judge(check, Estate([declared]), declared).status is NONE


def analyzer(kind: str, status: str = "ACTIVE", region: str = HERE, name: str = "one") -> Resource:
    return made(Analyzer, region, name, type=Known(kind, AT), status=Known(status, AT))


@pytest.mark.parametrize(
    ("first", "others", "status"),
    [
        (analyzer("ACCOUNT"), (), PASS),
        (analyzer("ACCOUNT", "DISABLED"), (), FAIL),
        (analyzer("ACCOUNT_INTERNAL_ACCESS"), (), FAIL),
        (analyzer("ACCOUNT_UNUSED_ACCESS"), (analyzer("ORGANIZATION", name="two"),), NONE),
        (analyzer("ACCOUNT_UNUSED_ACCESS"), (analyzer("ORGANIZATION", "CREATING", name="two"),), FAIL),
        (analyzer("ACCOUNT_UNUSED_ACCESS"), (analyzer("ORGANIZATION", region=THERE),), FAIL),
    ],
)
def test_analyzers_of_one_region(first: Resource, others: tuple[Resource, ...], status: Status) -> None:
    found = judge("monitoring-access-analyzer", Estate([first, *others, account()]), first)
    assert (found.status, found.severity) == (status, None)


def test_an_organization_may_have_an_analyzer_that_its_members_do_not_see() -> None:
    check = "monitoring-access-analyzer"
    one, unused = account("o-a1b2c3d4e5"), analyzer("ACCOUNT_UNUSED_ACCESS")
    assert judge(check, Estate([one], listings=seen(check, HERE)), one).severity is Severity.INFO
    assert judge(check, Estate([one, unused]), unused).severity is Severity.INFO


@pytest.mark.parametrize(
    ("enabled", "feature", "logs", "status"),
    [
        (True, "ENABLED", None, PASS),
        (True, "DISABLED", True, FAIL),
        (True, None, True, PASS),
        (True, None, None, FAIL),
        (False, "ENABLED", True, FAIL),
    ],
)
def test_a_live_detector_says_what_it_looks_at(
    enabled: bool, feature: str | None, logs: bool | None, status: Status
) -> None:
    detector = made(
        Detector, enabled=Known(enabled, AT), s3_data_events=Known(feature, AT), s3_logs=Known(logs, AT)
    )
    assert judge("monitoring-guardduty-s3", Estate([detector]), detector).status is status


def job(status: str, *buckets: str | Unknown) -> MacieJob:
    names = tuple(one if isinstance(one, Unknown) else known(one) for one in buckets)
    return MacieJob(at=AT, status=Known(status, AT), buckets=Known(names, AT))


def session(discovery: Setting[str | None], jobs: Listed[MacieJob]) -> Resource:
    return made(MacieSession, status=Known("ENABLED", AT), automated_discovery=discovery, jobs=jobs)


OFF: Setting[str | None] = Known("DISABLED", AT)
CHOSEN = Unknown("the job chooses its buckets by what they are like", AT)
BUCKETS = tuple(
    Bucket(address=name, at=AT, origin="live", account=known(NUMBER), region=known(region), name=known(name))
    for name, region in (("orders", HERE), ("photos", HERE), ("logs", THERE))
)


@pytest.mark.parametrize(
    ("discovery", "jobs", "status"),
    [
        (Known("ENABLED", AT), (), PASS),
        (OFF, (), FAIL),
        (OFF, (job("IDLE", "orders"), job("COMPLETE", "photos")), PASS),
        (OFF, (job("RUNNING", "orders"),), FAIL),
        (OFF, (job("CANCELLED", "orders", "photos"),), FAIL),
        (OFF, (job("RUNNING", "orders", CHOSEN),), OPEN),
        (OFF, (job("RUNNING", "orders", "photos", CHOSEN),), PASS),
        (Unknown("the call was denied", AT), (job("RUNNING", "orders"),), OPEN),
    ],
)
def test_macie_looks_by_itself_or_jobs_read_every_bucket(
    discovery: Setting[str | None], jobs: tuple[MacieJob, ...], status: Status
) -> None:
    one = session(discovery, Known(tuple(Known(each, AT) for each in jobs), AT))
    assert judge("monitoring-macie", Estate([one, *BUCKETS]), one).status is status


def test_macie_matters_more_where_personal_data_is_said_to_be() -> None:
    one = session(OFF, Unset((), AT))
    estate = Estate([one, *BUCKETS])
    assert judge("monitoring-macie", estate, one).severity is None
    said = Expectation(at=AT, match=Matcher(names=("photos",)), data=("personal",))
    estate.expectations = (said,)
    assert judge("monitoring-macie", estate, one).severity is Severity.MEDIUM


ALARM = "monitoring-policy-change-alarm"


def trail(**changed: object) -> Trail:
    fields = {
        "logging": Known(True, AT),
        "multi_region": Known(True, AT),
        "organization": Known(False, AT),
        "log_group": Known(None, AT),
        "selectors": Unset((), AT),
        "advanced_selectors": Unset((), AT),
        **changed,
    }
    found = made(Trail, HERE, "trail", **fields)
    assert isinstance(found, Trail)
    return found


def everywhere(*regions: str) -> tuple[Listing, ...]:
    kinds = ("trail", "metric-filter", "alarm", "event-rule")
    return tuple(Listing(kind, NUMBER, region) for kind in kinds for region in regions)


def test_an_account_without_a_trail_fails_and_one_with_a_trail_is_judged_by_it() -> None:
    one = account()
    bare = Estate([one], listings=everywhere(HERE))
    assert judge(ALARM, bare, one).status is FAIL
    estate = Estate([one, trail()], listings=everywhere(HERE))
    assert [judge(ALARM, estate, each).status for each in (one, trail())] == [NONE, FAIL]
    denied = Estate([one], not_listed=(Unlisted("trail", NUMBER, HERE, "the call was denied"),))
    assert judge(ALARM, denied, one).status is OPEN


def test_the_trail_of_another_account_is_judged_there() -> None:
    foreign = trail(organization=Known(True, AT))
    estate = Estate([foreign, Account(address="b", at=AT, origin="live", account=known("444455556666"))])
    assert judge(ALARM, estate, foreign).status is NONE


@pytest.mark.parametrize(("regions", "status"), [((HERE,), PASS), ((HERE, THERE), FAIL)])
def test_a_rule_sees_its_own_region_only(regions: tuple[str, ...], status: Status) -> None:
    pattern = Object((Member("source", Array((Leaf(text("aws.s3"), AT),), AT), AT),), AT)
    rule = made(
        EventRule,
        HERE,
        "rule",
        bus=Known(text("default"), AT),
        state=Known("ENABLED", AT),
        pattern=Known(pattern, AT),
        targets=Known((Known(EventTarget(at=AT), AT),), AT),
    )
    one = trail()
    estate = Estate([account(), one, rule], listings=everywhere(*regions))
    assert judge(ALARM, estate, one).status is status
