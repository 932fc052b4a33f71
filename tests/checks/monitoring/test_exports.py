"""Reports and metrics that leave an account, as a live scan sees them; and tables that have failed."""

import pytest

from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket, Encryption, Ownership
from s3audit.model.estate import Estate
from s3audit.model.expectation import Expectation, Matcher, Trust
from s3audit.model.lens import LensExport, StorageLens
from s3audit.model.reports import (
    InventoryConfiguration,
    Metadata,
    MetadataTable,
    MetadataV1,
    ReportDestination,
)
from s3audit.model.table_bucket import Table, TableEncryption
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text, text
from s3audit.verdict import Severity, Status, Verdict
from tests.checks.examples import CHECKS

PASS, FAIL, OPEN, NONE = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
AT = Location("account", "bucket")
OWN, OTHER, HERE, THERE = "111122223333", "444455556666", "eu-west-1", "us-east-1"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/reports"
MANAGED = "arn:aws:kms:eu-west-1:111122223333:alias/aws/s3"


def known(value: str) -> Setting[Text]:
    return Known(text(value), AT)


def maybe(value: str | None) -> Setting[Text | None]:
    return Known(None if value is None else text(value), AT)


def bucket(name: str, owner: str = OWN, region: str = HERE, kms: bool = False, **fields: object) -> Bucket:
    algorithm = Encryption(algorithm=Known("aws:kms" if kms else "AES256", AT), kms_key=Known(None, AT))
    made = {
        "analytics": Unset((), AT),
        "inventory": Unset((), AT),
        "metadata": Known(None, AT),
        "metadata_v1": Known(None, AT),
        "policy": Known(None, AT),
        "ownership": Ownership(object_ownership=Known("BucketOwnerEnforced", AT)),
        **fields,
    }
    return Bucket(
        address=f"arn:aws:s3:::{name}",
        at=AT,
        origin="live",
        name=known(name),
        account=known(owner),
        region=known(region),
        encryption=algorithm,
        **made,  # type: ignore[arg-type]
    )


def source(key: str | None = None, sse_s3: bool = False, named: str | None = OWN, kms: bool = True) -> Bucket:
    to = ReportDestination(
        at=AT,
        bucket=known("arn:aws:s3:::reports"),
        account=maybe(named),
        prefix=maybe(None),
        sse_s3=Known(sse_s3, AT),
        kms_key=maybe(key),
    )
    one = InventoryConfiguration(at=AT, id=known("all"), enabled=Known(True, AT), destination=to)
    return bucket("orders", kms=kms, inventory=Known((Known(one, AT),), AT))


TRUSTING = Expectation(at=AT, trust=Trust(accounts=("999900001111",)))


def judge(check: str, subject: Resource, *others: Resource, said: Expectation | None = None) -> Verdict:
    estate = Estate([subject, *others])
    estate.expectations = () if said is None else (said,)
    return CHECKS[check].judge(subject, estate)


@pytest.mark.parametrize(
    ("subject", "target", "status"),
    [
        (source(KEY), bucket("reports"), PASS),
        (source(), bucket("reports"), FAIL),
        (source(), bucket("reports", kms=True), PASS),
        (source(sse_s3=True), bucket("reports", kms=True), FAIL),
        (source(MANAGED), bucket("reports", kms=True), FAIL),
        (source(MANAGED, kms=False), bucket("reports"), FAIL),
        (source(kms=False), bucket("reports"), PASS),
        (source(KEY), bucket("reports", region=THERE), FAIL),
        (source(KEY, named=None), bucket("reports"), PASS),
    ],
)
def test_where_reports_go(subject: Bucket, target: Bucket, status: Status) -> None:
    found = judge("monitoring-inventory-destination", subject, target)
    assert (found.status, found.severity) == (status, None)


def test_without_an_account_id_the_owner_is_not_checked() -> None:
    found = judge("monitoring-inventory-destination", source(KEY, named=None), bucket("reports"))
    assert "the owner of the destination is not checked" in [e.note for e in found.evidence]


@pytest.mark.parametrize(
    ("named", "owner", "said", "status", "severity"),
    [
        (OTHER, OTHER, None, PASS, None),
        (OWN, OWN, TRUSTING, PASS, None),
        (OTHER, OTHER, TRUSTING, FAIL, Severity.HIGH),
        (None, OTHER, TRUSTING, FAIL, Severity.HIGH),
        ("999900001111", "999900001111", TRUSTING, PASS, None),
    ],
)
def test_who_gets_the_reports(
    named: str | None, owner: str, said: Expectation | None, status: Status, severity: Severity | None
) -> None:
    subject = source(KEY, named=named)
    found = judge("monitoring-inventory-destination", subject, bucket("reports", owner), said=said)
    assert (found.status, found.severity) == (status, severity)


def test_an_untrusted_account_fails_though_its_bucket_is_not_seen() -> None:
    check, subject = "monitoring-inventory-destination", source(KEY, named=OTHER)
    assert judge(check, subject).status is OPEN
    assert judge(check, subject, said=TRUSTING).status is FAIL


def lens(owner: str, enabled: bool = True, key: str | None = None) -> StorageLens:
    to = LensExport(
        at=AT,
        bucket=known("arn:aws:s3:::reports"),
        account=known(owner),
        sse_s3=Known(False, AT),
        kms_key=maybe(key),
    )
    return StorageLens(
        address="lens",
        at=AT,
        origin="live",
        account=known(OWN),
        region=known(HERE),
        enabled=Known(enabled, AT),
        export=Known(to, AT),
        expanded_export=Known(None, AT),
    )


KMS_WANTED = Expectation(at=AT, encryption="aws:kms")
NARROW = Expectation(at=AT, match=Matcher(names=("orders",)), trust=Trust(accounts=("999900001111",)))


@pytest.mark.parametrize(
    ("subject", "said", "status"),
    [
        (lens(OWN), None, PASS),
        (lens(OTHER), None, PASS),
        (lens(OTHER), TRUSTING, FAIL),
        (lens(OTHER, enabled=False), TRUSTING, NONE),
        (lens(OTHER), NARROW, PASS),
        (lens(OWN), TRUSTING, PASS),
        (lens(OWN), KMS_WANTED, FAIL),
        (lens(OWN, key=KEY), KMS_WANTED, PASS),
    ],
)
def test_where_the_metrics_go(subject: StorageLens, said: Expectation | None, status: Status) -> None:
    assert judge("monitoring-storage-lens-export", subject, bucket("reports"), said=said).status is status


TABLE = "arn:aws:s3tables:eu-west-1:111122223333:bucket/aws-s3/table/journal"


def with_tables(status: str, kms: bool = False, state: str | None = None) -> Bucket:
    journal = MetadataTable(
        at=AT,
        state=Known(state, AT),
        status=Known(status, AT),
        error_message=maybe("the key can't be used"),
        table=maybe(TABLE),
        algorithm=Unknown("S3 does not tell it", AT),
    )
    tables = Metadata(
        at=AT, journal=Known(journal, AT), inventory=Known(None, AT), annotation=Known(None, AT)
    )
    return bucket("orders", kms=kms, metadata=Known(tables, AT))


def table(algorithm: str) -> Table:
    return Table(address=TABLE, at=AT, encryption=TableEncryption(algorithm=Known(algorithm, AT)))


@pytest.mark.parametrize(
    ("subject", "others", "status", "severity"),
    [
        (with_tables("ACTIVE"), (), PASS, None),
        (with_tables("BACKFILLING"), (), PASS, None),
        (with_tables("FAILED"), (), FAIL, None),
        (with_tables("FAILED", state="DISABLED"), (), PASS, None),
        (with_tables("ACTIVE", kms=True), (), OPEN, None),
        (with_tables("ACTIVE", kms=True), (table("aws:kms"),), PASS, None),
        (with_tables("ACTIVE", kms=True), (table("AES256"),), FAIL, Severity.MEDIUM),
    ],
)
def test_metadata_tables(
    subject: Bucket, others: tuple[Resource, ...], status: Status, severity: Severity | None
) -> None:
    found = judge("monitoring-metadata-table", subject, *others)
    assert (found.status, found.severity) == (status, severity)


def test_the_first_form_of_metadata_can_fail_too() -> None:
    first = MetadataV1(at=AT, status=Known("FAILED", AT), error_message=maybe("it is full"))
    found = judge("monitoring-metadata-table", bucket("orders", metadata_v1=Known(first, AT)))
    assert found.status is FAIL
    assert [e.note for e in found.evidence] == ["the metadata table has failed: it is full"]
