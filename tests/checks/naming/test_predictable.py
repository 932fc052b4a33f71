"""Names that can be worked out: how grave it is that somebody has one, and of which account each is."""

from s3audit.location import NOWHERE, Location
from s3audit.model.account import Account
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket, Logging
from s3audit.model.document import Array, Leaf, Member, Object, Value
from s3audit.model.estate import Estate, Listing, Unlisted
from s3audit.model.identity import NamedPolicy, Role
from s3audit.model.predictable import PredictableName
from s3audit.setting import Known, Unknown
from s3audit.text import Text, text
from s3audit.verdict import Severity, Status, Verdict
from tests.checks.examples import CHECKS

CHECK = CHECKS["naming-predictable"]
OWNER, OTHER = "123456789012", "444455556666"
GLUE = f"aws-glue-assets-{OWNER}-eu-west-1"


def known(value: str) -> Known[Text]:
    return Known(text(value), NOWHERE)


def account(number: str = OWNER) -> Account:
    return Account(address=f"account {number}", at=Location("account"), account=known(number))


def named(holder: str, name: str = GLUE, of: str = OWNER) -> PredictableName:
    return PredictableName(
        address=name,
        at=Location(name),
        title=name,
        account=known(of),
        name=known(name),
        service=known("AWS Glue"),
        holder=Known(holder, Location(name)),
    )


def role(*resources: str) -> Role:
    leaves: tuple[Value, ...] = tuple(Leaf(text(one), NOWHERE) for one in resources)
    statement = Object((Member("Resource", Array(leaves, NOWHERE), NOWHERE),), NOWHERE)
    document = Object((Member("Statement", Array((statement,), NOWHERE), NOWHERE),), NOWHERE)
    policy = Known(NamedPolicy(document=Known(document, NOWHERE)), NOWHERE)
    return Role(address="role", at=NOWHERE, title="etl", policies=Known((policy,), NOWHERE))


def logging_to(name: str) -> Bucket:
    return Bucket(
        address="orders",
        at=NOWHERE,
        title="orders",
        name=known("orders"),
        logging=Known(Logging(target=known(name)), NOWHERE),
    )


LISTED = (Listing("predictable-name", OWNER, ""),)


def judge(*resources: Resource, gaps: tuple[Unlisted, ...] = ()) -> Verdict:
    estate = Estate(resources, listings=() if gaps else LISTED, not_listed=gaps)
    verdict: Verdict = CHECK.judge(account(), estate)
    return verdict


def grave(*resources: Resource) -> Severity | None:
    found = judge(named("foreign"), *resources)
    assert found.status is Status.FAIL
    return found.severity


def test_it_is_graver_where_something_uses_the_name() -> None:
    assert grave() is Severity.HIGH
    assert grave(logging_to(GLUE), role("arn:aws:s3:::other/*")) is Severity.CRITICAL
    assert grave(role(f"arn:aws:s3:::{GLUE}/*")) is Severity.CRITICAL
    assert grave(role("arn:aws:s3:::aws-glue-*")) is Severity.CRITICAL


def test_what_is_about_every_bucket_uses_no_name() -> None:
    assert grave(role("arn:aws:s3:::*", "*", "arn:aws:s3:::*/*"), logging_to("logs")) is Severity.HIGH


def test_a_free_name_that_something_uses_is_told() -> None:
    quiet, used = judge(named("free")), judge(named("free"), role(f"arn:aws:s3:::{GLUE}"))
    assert [one.note for one in quiet.evidence] == ["nobody else has one of the names that its id gives away"]
    assert [one.note for one in used.evidence] == [f"nobody has the name {GLUE} yet, which etl uses"]
    assert quiet.status is used.status is Status.PASS


def test_the_names_of_another_account_are_not_judged_here() -> None:
    assert judge(named("foreign", of=OTHER)).status is Status.NOT_APPLICABLE
    assert judge(named("foreign", "x", of=OTHER), named("own")).status is Status.PASS


def test_what_is_found_counts_though_there_may_be_more() -> None:
    gap = (Unlisted("predictable-name", OWNER, "", "the Regions were denied"),)
    assert judge(named("foreign"), gaps=gap).status is Status.FAIL
    found = judge(named("own"), gaps=gap)
    assert found.status is Status.UNKNOWN
    assert found.evidence[0].note == "which names there may be is not known: the Regions were denied"


def test_an_account_that_has_no_id_has_no_names() -> None:
    nameless = Account(address="account", at=NOWHERE, account=Unknown("nobody tells it", NOWHERE))
    verdict: Verdict = CHECK.judge(nameless, Estate([named("foreign")]))
    assert verdict.status is Status.UNKNOWN
