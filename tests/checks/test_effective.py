"""What no template can say: the account above a bucket, grants in force, keys and trails of an account."""

import pytest
from msgspec.structs import replace

from s3audit.location import NOWHERE, Location
from s3audit.model.account import Account, AccountPublicAccessBlock
from s3audit.model.acl import Acl, Grant
from s3audit.model.base import Resource
from s3audit.model.bucket import (
    Bucket,
    Cors,
    CorsRule,
    Encryption,
    Logging,
    ObjectLock,
    Ownership,
    PublicAccessBlock,
    Versioning,
)
from s3audit.model.effective import BLOCKS, acls_in_force, blocked, default_key, versioning
from s3audit.model.estate import Estate
from s3audit.model.key import KmsAlias, KmsKey
from s3audit.model.load_balancer import LoadBalancer
from s3audit.model.replication import Replication
from s3audit.model.trail import AdvancedEventSelector, DataResource, EventSelector, FieldSelector, Trail
from s3audit.model.uses import receives_access_logs, receives_balancer_logs
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Severity, Status, Verdict
from tests.checks.examples import CHECKS

AT = Location("account", "orders")
GAP = Unknown("the call was denied", AT)
EVERYONE = "http://acs.amazonaws.com/groups/global/AllUsers"
UNSAID: Setting[bool] = Unset(True, AT, since="2023-04")


def known(value: str) -> Known[Text]:
    return Known(text(value), AT)


def block(on: bool | Setting[bool], **other: Setting[bool]) -> PublicAccessBlock:
    return replace(PublicAccessBlock(), **(dict.fromkeys(BLOCKS, flag(on)) | other))


def account(on: bool | Unknown, number: str = "111122223333") -> Account:
    whole = replace(AccountPublicAccessBlock(), **dict.fromkeys(BLOCKS, flag(on)))
    return Account(address=number, at=AT, account=known(number), public_access_block=whole)


def flag(on: bool | Setting[bool]) -> Setting[bool]:
    return Known(on, AT) if isinstance(on, bool) else on


def bucket(origin: str = "live", **sections: object) -> Bucket:
    made = {"account": known("111122223333"), "name": known("orders"), **sections}
    return Bucket(address="orders", at=AT, origin=origin, **made)  # type: ignore[arg-type]


def judge(check: str, subject: Bucket, *others: Resource) -> Verdict:
    made = CHECKS[check]
    estate = Estate([subject, *others])
    return made.judge(subject, estate) if made.wants_estate else made.judge(subject)


@pytest.mark.parametrize(
    ("own", "above", "status"),
    [
        (block(True), None, Status.PASS),
        (block(True), False, Status.PASS),
        (block(False), True, Status.PASS),
        (block(False), False, Status.FAIL),
        (block(False), GAP, Status.UNKNOWN),
        (block(False), None, Status.UNKNOWN),
        (block(GAP), True, Status.PASS),
        (block(GAP), False, Status.UNKNOWN),
        (block(True, ignore_public_acls=Known(False, AT)), False, Status.FAIL),
    ],
)
def test_the_block_of_a_live_bucket_or_of_its_account(
    own: PublicAccessBlock, above: bool | Unknown | None, status: Status
) -> None:
    others = [] if above is None else [account(above)]
    verdict = judge("access-bucket-public-access-block", bucket(public_access_block=own), *others)
    assert verdict.status is status


def test_another_account_covers_nothing() -> None:
    subject = bucket("terraform", public_access_block=block(False))
    assert blocked(subject, Estate([subject, account(True)]), *BLOCKS).status is Status.PASS
    assert blocked(subject, Estate([subject, account(True, "444455556666")]), *BLOCKS).status is Status.FAIL


def test_a_template_says_that_the_account_may_block() -> None:
    subject = bucket("cloudformation", public_access_block=block(False))
    notes = [e.note for e in blocked(subject, Estate([subject]), "ignore_public_acls").evidence]
    assert notes == ["IgnorePublicAcls is off, unless the account blocks it"]


def test_a_block_that_is_not_declared_is_low() -> None:
    verdict = judge(
        "access-bucket-public-access-block", bucket("cloudformation", public_access_block=block(UNSAID))
    )
    assert verdict.status is Status.FAIL
    assert verdict.severity is Severity.LOW
    assert len(verdict.evidence) == 1


def grants(*uris: str | None) -> Acl:
    made = tuple(
        Known(
            Grant(at=AT, uri=Known(None if uri is None else text(uri), AT), permission=Known("READ", AT)), AT
        )
        for uri in uris
    )
    return Acl(canned=Known(None, AT), grants=Known(made, AT))


@pytest.mark.parametrize(
    ("ownership", "own_block", "acl", "status"),
    [
        ("ObjectWriter", block(False), grants(None, EVERYONE), Status.FAIL),
        ("ObjectWriter", block(False), grants(None), Status.PASS),
        ("ObjectWriter", block(True), grants(None), Status.NOT_APPLICABLE),
        ("BucketOwnerEnforced", block(False), grants(None), Status.NOT_APPLICABLE),
        ("ObjectWriter", block(False), Acl(canned=Known(None, AT), grants=GAP), Status.UNKNOWN),
        ("ObjectWriter", block(GAP), grants(EVERYONE), Status.UNKNOWN),
        ("BucketOwnerEnforced", block(False), Acl(canned=Known(None, AT), grants=GAP), Status.NOT_APPLICABLE),
    ],
)
def test_the_grants_of_a_live_bucket(
    ownership: str, own_block: PublicAccessBlock, acl: Acl, status: Status
) -> None:
    subject = bucket(
        ownership=Ownership(object_ownership=Known(ownership, AT)), public_access_block=own_block, acl=acl
    )
    assert judge("acl-everyone", subject, account(False)).status is status


def test_ownership_that_is_not_written_depends_on_the_acl() -> None:
    absent = Ownership(object_ownership=Unset("BucketOwnerEnforced", AT))
    none = Acl(canned=Unset("private", AT), grants=Unset((), AT))
    assert acls_in_force(bucket(ownership=absent, acl=none)).status is Status.FAIL
    assert acls_in_force(bucket(ownership=absent, acl=grants(EVERYONE))).status is Status.PASS
    assert acls_in_force(bucket(ownership=absent, acl=Acl())).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("status", "lock", "effective"),
    [
        (Known("Suspended", AT), Known(True, AT), Known("Suspended", AT)),
        (Unset("Unversioned", AT), Known(False, AT), Unset("Unversioned", AT)),
        (Unset("Unversioned", AT), Known(True, AT), Unset("Enabled", AT, via="because Object Lock is on")),
        (Unset("Unversioned", AT), GAP, GAP),
        (GAP, Known(True, AT), GAP),
    ],
)
def test_object_lock_switches_versioning_on(
    status: Setting[str], lock: Setting[bool], effective: Setting[str]
) -> None:
    subject = bucket(
        versioning=Versioning(status=status), object_lock=ObjectLock(enabled=lock, at_creation=lock)
    )
    assert versioning(subject) == effective


def test_a_lock_that_is_added_later_needs_versioning_and_brings_none() -> None:
    lock = ObjectLock(enabled=Known(True, AT), at_creation=Unset(False, AT))
    unversioned = Versioning(status=Unset("Unversioned", AT))
    subject = bucket(versioning=unversioned, object_lock=lock)
    assert versioning(subject) == unversioned.status
    assert judge("object-lock-versioning", subject).status is Status.FAIL


KEY = KmsKey(
    address="key",
    at=AT,
    id=Known(text("1234"), AT),
    arn=known("arn:aws:kms:eu-west-1:111122223333:key/1234"),
)
ALIAS = KmsAlias(address="alias", at=AT, name=known("alias/orders"), key=known("1234"))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        (Known(None, AT), None),
        (Unset(None, AT), None),
        (known("alias/aws/s3"), None),
        (known("arn:aws:kms:eu-west-1:111122223333:alias/aws/s3"), None),
        (known("arn:aws:kms:eu-west-1:111122223333:key/1234"), KEY),
        (known("1234"), KEY),
        (known("alias/orders"), KEY),
    ],
)
def test_the_key_of_default_encryption(name: Setting[Text | None], key: KmsKey | None) -> None:
    subject = bucket(encryption=Encryption(kms_key=name))
    assert default_key(subject, Estate([subject, KEY, ALIAS])) == Known(key, AT)


@pytest.mark.parametrize("name", [GAP, known("alias/elsewhere"), known("5678")])
def test_a_key_that_is_not_there_is_not_known(name: Setting[Text | None]) -> None:
    subject = bucket(encryption=Encryption(kms_key=name))
    assert isinstance(default_key(subject, Estate([subject, KEY, ALIAS])), Unknown)


def trail(**changed: object) -> Trail:
    values = DataResource(type=Known("AWS::S3::Object", AT), values=Known((known("arn:aws:s3"),), AT))
    selector = EventSelector(read_write=Known("All", AT), data_resources=Known((Known(values, AT),), AT))
    made = {
        "account": known("111122223333"),
        "home_region": known("eu-west-1"),
        "logging": Known(True, AT),
        "multi_region": Known(False, AT),
        "organization": Known(False, AT),
        "selectors": Known((Known(selector, AT),), AT),
        "advanced_selectors": Known((), AT),
        **changed,
    }
    return Trail(address="trail", at=AT, origin="live", **made)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, Status.PASS),
        ({"logging": Known(False, AT)}, Status.FAIL),
        ({"logging": GAP}, Status.UNKNOWN),
        ({"home_region": known("us-east-1")}, Status.FAIL),
        ({"home_region": known("us-east-1"), "multi_region": Known(True, AT)}, Status.PASS),
        ({"account": known("444455556666")}, Status.FAIL),
        ({"account": known("444455556666"), "organization": Known(True, AT)}, Status.PASS),
        ({"selectors": GAP}, Status.UNKNOWN),
        ({"exists": GAP}, Status.UNKNOWN),
        ({"exists": GAP, "logging": Known(False, AT)}, Status.FAIL),
    ],
)
def test_a_live_trail_sees_its_own_region_and_account(changed: dict[str, object], status: Status) -> None:
    subject = bucket(logging=Known(None, NOWHERE), region=known("eu-west-1"))
    assert judge("logging-enabled", subject, trail(**changed)).status is status


@pytest.mark.parametrize(
    ("operators", "status"),
    [
        ({"starts_with": "arn:aws:s3:::"}, Status.PASS),
        ({"starts_with": "arn:aws:s3:::orders/"}, Status.PASS),
        ({"starts_with": "arn:aws:s3:::invoices/"}, Status.FAIL),
        ({"equals": "arn:aws:s3:::orders/one"}, Status.UNKNOWN),
        ({"starts_with": "arn:aws:s3:::", "not_starts_with": "arn:aws:s3:::orders/"}, Status.FAIL),
        ({"starts_with": "arn:aws:s3:::", "not_starts_with": "arn:aws:s3:::orders/private/"}, Status.FAIL),
        ({"starts_with": "arn:aws:s3:::", "not_equals": "arn:aws:s3:::orders/one"}, Status.UNKNOWN),
        ({"starts_with": "arn:aws:s3:::", "ends_with": ".csv"}, Status.UNKNOWN),
        ({"starts_with": "arn:aws:s3:::", "not_ends_with": ".csv"}, Status.UNKNOWN),
        ({"starts_with": "arn:aws:s3:::invoices/", "not_ends_with": ".csv"}, Status.FAIL),
        ({"not_starts_with": "arn:aws:s3:::orders"}, Status.FAIL),
        ({"not_starts_with": "arn:aws:s3:::invoices/"}, Status.PASS),
    ],
    ids=str,
)
def test_a_selector_of_arns(operators: dict[str, str], status: Status) -> None:
    names = ("equals", "not_equals", "starts_with", "not_starts_with", "ends_with", "not_ends_with")
    absent = {name: Unset((), AT) for name in names}
    given = {name: Known((known(value),), AT) for name, value in operators.items()}
    typed = {"equals": Known((known("AWS::S3::Object"),), AT)}
    fields = (
        FieldSelector(field=Known("resources.type", AT), **(absent | typed)),  # type: ignore[arg-type]
        FieldSelector(field=Known("resources.ARN", AT), **(absent | given)),  # type: ignore[arg-type]
    )
    selector = AdvancedEventSelector(fields=Known(tuple(Known(one, AT) for one in fields), AT))
    recorder = trail(selectors=Known((), AT), advanced_selectors=Known((Known(selector, AT),), AT))
    subject = bucket(logging=Known(None, NOWHERE), region=known("eu-west-1"))
    assert judge("logging-enabled", subject, recorder).status is status


@pytest.mark.parametrize(("type_", "status"), [("general", Status.UNKNOWN), ("directory", Status.FAIL)])
def test_only_general_purpose_buckets_receive_logs(type_: str, status: Status) -> None:
    subject = bucket(type=type_)
    logger = Bucket(address="other", at=AT, name=known("other"), logging=Known(Logging(target=GAP), AT))
    balancer = LoadBalancer(address="balancer", at=AT)
    estate = Estate([subject, logger, balancer])
    assert receives_access_logs(subject, estate).status is status
    assert receives_balancer_logs(subject, estate).status is status


@pytest.mark.parametrize("changed", [KEY, ALIAS], ids=["key", "alias"])
def test_a_key_that_may_not_be_there_is_not_known(changed: Resource) -> None:
    name: Setting[Text | None] = Known(text("alias/orders"), AT)
    subject = bucket(encryption=Encryption(kms_key=name))
    kept = [one for one in (KEY, ALIAS) if one is not changed]
    estate = Estate([subject, *kept, replace(changed, exists=GAP)])
    assert isinstance(default_key(subject, estate), Unknown)


@pytest.mark.parametrize("check", ["replication-destination-versioning", "replication-source-versioning"])
def test_replication_without_rules_is_none(check: str) -> None:
    subject = bucket(replication=Known(Replication(at=AT, rules=Known((), AT)), AT))
    verdict = judge(check, subject)
    assert verdict.status is Status.NOT_APPLICABLE
    assert verdict.evidence


X = Opaque("X")


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (text("*", X), Status.UNKNOWN),
        (text("https://*", X), Status.UNKNOWN),
        (text("https://*.", X), Status.UNKNOWN),
        (text("https://*.s3.", X), Status.UNKNOWN),
        (text(X, "*.com"), Status.UNKNOWN),
        (text(X, "hub.io"), Status.UNKNOWN),
        (text(X, ".eu-west-1.amazonaws.com"), Status.UNKNOWN),
        (text("https://www", X), Status.PASS),
        (text("https://app*.", X), Status.PASS),
        (text(X, ".example.com"), Status.PASS),
        (text(X, "*.example.com:8080"), Status.PASS),
        *(
            (text(f"https://*.{suffix}"), Status.FAIL)
            for suffix in (
                *("s3.amazonaws.com", "s3.eu-west-1.amazonaws.com", "s3.dualstack.eu-west-1.amazonaws.com"),
                *("s3-website-us-east-1.amazonaws.com", "s3-website.us-gov-west-1.amazonaws.com"),
                *("execute-api.eu-west-1.amazonaws.com", "lambda-url.eu-west-1.on.aws"),
                *(
                    "eu-west-1.elb.amazonaws.com",
                    "elb.eu-west-1.amazonaws.com",
                    "s3.cn-north-1.amazonaws.com.cn",
                ),
                *("elasticbeanstalk.com", "eu-west-1.elasticbeanstalk.com", "run.app", "a.run.app"),
                *("europe-west1.run.app", "gov.uk", "amplifyapp.com"),
            )
        ),
        (text("https://*.shop.s3.eu-west-1.amazonaws.com"), Status.PASS),
        (text("https://*.d111.amplifyapp.com"), Status.PASS),
        (text("https://*.shop.gov.uk"), Status.PASS),
    ],
    ids=str,
)
def test_an_origin_that_anyone_can_have(origin: Text, status: Status) -> None:
    assert admitted(origin) is status


HEADS = ("", "*", "https://", "https://*", "http://*.", "https://www.", "https://*.s3.", "https://app*.")
TAILS = ("", "*", ".com", "*.com", ".example.com", "hub.io", ".github.io", ".eu-west-1.amazonaws.com", ":80")
VALUES = ("", "*", "https://*", "com", ".com", "github.io", "https://*.git", "https://*.s3", "example.com")


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("head", HEADS)
def test_what_an_origin_turns_out_to_be_is_what_was_said(head: str, tail: str) -> None:
    found = admitted(text(head, X, tail))
    if found is not Status.UNKNOWN:
        for value in VALUES:
            whole = head + value + tail
            assert whole.count("*") > 1 or admitted(text(whole)) is found, whole


def admitted(origin: Text) -> Status:
    rule = CorsRule(
        allowed_methods=Known((Known("GET", AT),), AT), allowed_origins=Known((Known(origin, AT),), AT)
    )
    subject = bucket(cors=Known(Cors(rules=Known((Known(rule, AT),), AT)), AT))
    return judge("cors-wildcard-origin", subject).status
