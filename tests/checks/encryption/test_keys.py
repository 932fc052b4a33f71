"""What no template says of a key: its state, that there is none, whose it is; and whose the accounts are."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from s3audit.law import worlds
from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket, Encryption
from s3audit.model.estate import Estate
from s3audit.model.expectation import Expectation, Trust
from s3audit.model.key import KmsAlias, KmsKey
from s3audit.model.s3object import S3Object
from s3audit.setting import Known, Setting, Unknown
from s3audit.text import Text, text
from s3audit.verdict import Severity, Status, Verdict
from tests.checks.examples import CHECKS, Example

AT = Location("account", "orders")
GAP = Unknown("the call was denied", AT)
OWN, OTHER = "111122223333", "444455556666"
KEY = f"arn:aws:kms:eu-west-1:{OWN}:key/1234"


def known(value: str) -> Known[Text]:
    return Known(text(value), AT)


def bucket(key: str | None = KEY, algorithm: str = "aws:kms", **more: object) -> Bucket:
    name = Known(None if key is None else text(key), AT)
    made = {"account": known(OWN), "region": known("eu-west-1"), "name": known("orders"), **more}
    return Bucket(
        address="orders",
        at=AT,
        origin="live",
        encryption=Encryption(algorithm=Known(algorithm, AT), kms_key=name),
        **made,  # type: ignore[arg-type]
    )


def kms_key(arn: str = KEY, **more: object) -> KmsKey:
    told = {
        "spec": Known("SYMMETRIC_DEFAULT", AT),
        "usage": Known("ENCRYPT_DECRYPT", AT),
        "state": Known("Enabled", AT),
        "manager": Known("CUSTOMER", AT),
        "key_origin": Known("AWS_KMS", AT),
        "rotation": Known(False, AT),
        "primary": Known(None, AT),
        "account": known(arn.split(":")[4]),
        **more,
    }
    return KmsKey(address=arn, at=AT, origin="live", arn=known(arn), id=known("1234"), **told)  # type: ignore[arg-type]


def judge(
    check: str, subject: Resource, *others: Resource, expectations: Sequence[Expectation] = ()
) -> Verdict:
    made = CHECKS[check]
    estate = Estate([subject, *others])
    estate.expectations = tuple(expectations)
    return made.judge(subject, estate) if made.wants_estate else made.judge(subject)


@pytest.mark.parametrize(
    ("state", "status", "severity"),
    [
        ("Enabled", Status.PASS, None),
        ("Creating", Status.PASS, None),
        ("Updating", Status.PASS, None),
        ("Disabled", Status.FAIL, None),
        ("PendingImport", Status.FAIL, None),
        ("Unavailable", Status.FAIL, None),
        ("PendingDeletion", Status.FAIL, Severity.CRITICAL),
        ("PendingReplicaDeletion", Status.FAIL, Severity.CRITICAL),
    ],
)
def test_the_state_of_a_key(state: str, status: Status, severity: Severity | None) -> None:
    found = judge("encryption-kms-key-usable", bucket(), kms_key(state=Known(state, AT)))
    assert (found.status, found.severity) == (status, severity)


@pytest.mark.parametrize(
    ("name", "arn", "status"),
    [
        (KEY, KEY, Status.FAIL),
        ("1234", KEY, Status.FAIL),
        ("alias/shop", f"arn:aws:kms:eu-west-1:{OWN}:alias/shop", Status.FAIL),
        (KEY.replace(OWN, OTHER), KEY.replace(OWN, OTHER), Status.UNKNOWN),
        (KEY, "", Status.UNKNOWN),
    ],
)
def test_a_key_that_is_not_there(name: str, arn: str, status: Status) -> None:
    """Only its own account can say that there is none; what nobody asked for may be there."""
    gone = [kms_key(arn, exists=Known(False, AT))] if arn else []
    assert judge("encryption-kms-key-usable", bucket(name), *gone).status is status


def test_the_region_decides_whatever_else_is_not_known() -> None:
    far = KEY.replace("eu-west-1", "eu-central-1").replace(OWN, OTHER)
    assert judge("encryption-kms-key-usable", bucket(far)).status is Status.FAIL
    assert judge("encryption-kms-key-usable", bucket(far, region=GAP)).status is Status.UNKNOWN


def test_a_key_that_waits_to_be_deleted_is_not_asked_to_rotate() -> None:
    assert judge("encryption-kms-key-rotation", bucket(), kms_key()).status is Status.FAIL
    leaving = kms_key(state=Known("PendingDeletion", AT))
    assert judge("encryption-kms-key-rotation", bucket(), leaving).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("field", "value"), [("key_origin", "EXTERNAL"), ("spec", "HMAC_256"), ("manager", "AWS")]
)
def test_keys_that_nobody_can_rotate(field: str, value: str) -> None:
    key = replace(kms_key(), **{field: Known(value, AT)})
    assert judge("encryption-kms-key-rotation", bucket(), key).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("manager", "status"),
    [
        (Known("CUSTOMER", AT), Status.PASS),
        (Known("AWS", AT), Status.FAIL),
        (GAP, Status.UNKNOWN),
    ],
)
def test_whose_a_key_is_that_is_named_by_its_id(manager: Setting[str], status: Status) -> None:
    assert judge("encryption-kms-customer-key", bucket(), kms_key(manager=manager)).status is status
    assert judge("encryption-kms-customer-key", bucket()).status is Status.UNKNOWN


def test_an_alias_of_ones_own_tells_enough() -> None:
    assert judge("encryption-kms-customer-key", bucket("alias/shop")).status is Status.PASS
    assert judge("encryption-kms-customer-key", bucket("alias/aws/s3")).status is Status.FAIL


POLICY = """
# A bucket that one other account reads and writes.
Resources:
  Orders:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: orders
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
  OrdersPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: orders
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {AWS: arn:aws:iam::444455556666:root}
            Action: [s3:GetObject, s3:PutObject]
            Resource: arn:aws:s3:::orders/*
"""


def shared(account: str | None, key: str | None = None) -> Bucket:
    (world,) = worlds(Example("x", "passes", 1, POLICY))
    (found,) = world.estate.all(Bucket)
    if key is not None:
        found = replace(found, encryption=replace(found.encryption, kms_key=known(key)))
    return found if account is None else replace(found, account=known(account), region=known("eu-west-1"))


@pytest.mark.parametrize(
    ("account", "status"),
    [(None, Status.UNKNOWN), (OWN, Status.FAIL), (OTHER, Status.NOT_APPLICABLE)],
)
def test_an_account_in_a_template_may_be_its_own(account: str | None, status: Status) -> None:
    assert judge("encryption-aws-managed-key-shared", shared(account)).status is status


@pytest.mark.parametrize(
    ("account", "status"), [(None, Status.UNKNOWN), (OWN, Status.FAIL), (OTHER, Status.PASS)]
)
def test_an_alias_where_another_account_writes(account: str | None, status: Status) -> None:
    assert judge("encryption-kms-key-full-arn", shared(account, "alias/shop")).status is status


def test_somebody_whom_the_input_does_not_tell_may_be_of_another_account() -> None:
    template = POLICY.replace("arn:aws:iam::444455556666:root", "!Sub 'arn:aws:iam::${Partner}:root'")
    (world,) = worlds(Example("x", "passes", 1, f"{template}Parameters: {{Partner: {{Type: String}}}}\n"))
    (found,) = world.estate.all(Bucket)
    assert judge("encryption-aws-managed-key-shared", found).status is Status.UNKNOWN
    named = replace(found, encryption=replace(found.encryption, kms_key=known("alias/shop")))
    assert judge("encryption-kms-key-full-arn", named).status is Status.UNKNOWN


def test_the_arn_of_an_alias_is_looked_up_nowhere_else() -> None:
    arn = f"arn:aws:kms:eu-west-1:{OWN}:alias/shop"
    alias = KmsAlias(address=arn, at=AT, arn=known(arn), name=known("alias/shop"), key=known("1234"))
    assert judge("encryption-kms-key-full-arn", shared(OWN, arn), alias).status is Status.PASS


@pytest.mark.parametrize(
    ("owner", "trusted", "status"),
    [
        (OWN, (), Status.PASS),
        (OTHER, (), Status.FAIL),
        (OTHER, (OTHER,), Status.PASS),
        (OTHER, ("777788889999",), Status.FAIL),
    ],
)
def test_the_key_of_an_object(owner: str, trusted: tuple[str, ...], status: Status) -> None:
    one = S3Object(
        address="object",
        at=AT,
        bucket=known("orders"),
        encryption=Known("aws:kms", AT),
        kms_key=Known(text(KEY.replace(OWN, owner)), AT),
    )
    said = [Expectation(at=AT, trust=Trust(accounts=trusted))] if trusted else []
    assert judge("encryption-object-kms", one, bucket(), expectations=said).status is status


def alias(region: str, target: str) -> KmsAlias:
    arn = f"arn:aws:kms:{region}:{OWN}:alias/shop"
    return KmsAlias(address=arn, at=AT, arn=known(arn), name=known("alias/shop"), key=known(target))


@pytest.mark.parametrize(
    ("name", "region", "status"),
    [
        ("alias/shop", "eu-west-1", Status.PASS),
        ("alias/shop", "eu-central-1", Status.FAIL),
        (f"arn:aws:kms:eu-central-1:{OWN}:alias/shop", "eu-central-1", Status.FAIL),
        ("mrk-1", "eu-west-1", Status.PASS),
        ("mrk-1", "eu-central-1", Status.FAIL),
        ("mrk-1", "us-east-1", Status.UNKNOWN),
    ],
)
def test_each_region_has_keys_of_its_own(name: str, region: str, status: Status) -> None:
    """The same alias, and the same id of a multi-Region key, are there twice."""
    on = kms_key(f"arn:aws:kms:eu-west-1:{OWN}:key/mrk-1")
    off = kms_key(f"arn:aws:kms:eu-central-1:{OWN}:key/mrk-1", state=Known("Disabled", AT))
    others = [replace(one, id=known("mrk-1")) for one in (on, off)]
    aliases = [alias("eu-west-1", "mrk-1"), alias("eu-central-1", "mrk-1")]
    subject = bucket(name, region=known(region))
    assert judge("encryption-kms-key-usable", subject, *others, *aliases).status is status
