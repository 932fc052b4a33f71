"""Whether those who have access may use the key that objects are encrypted with by default."""

from pathlib import Path

import pytest

from s3audit.policy.access import OWN
from tests.policy.buckets import ALL, OPEN, access, allow, policy

PARTNER = '{AWS: "444455556666"}'
ROOT = '{AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}'
SHOP = f"""
  Shop:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration: {OPEN}
      BucketEncryption:
        ServerSideEncryptionConfiguration: [{{ServerSideEncryptionByDefault: BY}}]
"""
BY_KEY = SHOP.replace("BY", "{SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}")
BY_AWS = SHOP.replace("BY", "{SSEAlgorithm: aws:kms}")
CANNOT = "but not what is encrypted with the key Key: its policy does not let them use it"


def key(*statements: str, more: str = "Enabled: true") -> str:
    written = "".join(f"          - {{{one}}}\n" for one in statements)
    of_policy = f"KeyPolicy:\n        Statement:\n{written}" if statements else ""
    return f"""
  Key:
    Type: AWS::KMS::Key
    Properties:
      {more}
      {of_policy}
"""


def use(who: str, action: str = "[kms:Decrypt, kms:GenerateDataKey]", more: str = "") -> str:
    return allow(who, action, '"*"', more)


def said(tmp_path: Path, *parts: str) -> str:
    [one] = access(tmp_path, *parts)
    assert one.open == ""
    return one.key


def test_an_account_that_its_policy_names_may_use_it(tmp_path: Path) -> None:
    shop = (BY_KEY, policy(allow(PARTNER, "[s3:GetObject, s3:PutObject]")))
    allowed = key(use(ROOT, '"kms:*"'), use(PARTNER))
    [one] = access(tmp_path, *shop, allowed)
    assert one.key == "as far as policies of their own let them use the key Key"
    assert [(step.note, step.at.column) for step in one.steps] == [("the key policy lets them use it", 14)]
    assert said(tmp_path, *shop, key(use(ROOT, '"kms:*"'))) == CANNOT
    reading = key(use(PARTNER, "kms:Decrypt"))
    assert said(tmp_path, *shop, reading) == CANNOT.replace("not what", "not write what")


def test_a_role_that_its_policy_names_needs_no_more(tmp_path: Path) -> None:
    role = '{AWS: "arn:aws:iam::444455556666:role/etl"}'
    shop = (BY_KEY, policy(allow(role)))
    assert said(tmp_path, *shop, key(use(role))) == "also with the key Key"
    refused = use(role).replace("Allow", "Deny", 1)
    assert said(tmp_path, *shop, key(use(role), refused)) == CANNOT


@pytest.mark.parametrize(
    ("condition", "may"),
    [
        ('kms:ViaService: !Sub "s3.${AWS::Region}.amazonaws.com"', True),
        ('kms:ViaService: !Sub "ec2.${AWS::Region}.amazonaws.com"', False),
        ('kms:CallerAccount: "444455556666"', True),
        ('kms:CallerAccount: "777788889999"', False),
    ],
)
def test_what_the_key_asks_of_a_request(condition: str, may: bool, tmp_path: Path) -> None:
    shop = (BY_KEY, policy(allow(PARTNER)))
    found = said(
        tmp_path, *shop, key(use('{AWS: "*"}', more=f"Condition: {{StringEquals: {{{condition}}}}}"))
    )
    assert found == ("also with the key Key" if may else CANNOT)


def test_which_objects_the_key_is_for(tmp_path: Path) -> None:
    shop = (BY_KEY, policy(allow(PARTNER)))
    more = 'Condition: {StringLike: {"kms:EncryptionContext:aws:s3:arn": !Sub "${SHOP}*"}}'
    own = key(use(PARTNER, more=more.replace("SHOP", "Shop.Arn")))
    assert said(tmp_path, *shop, own) == "as far as policies of their own let them use the key Key"
    other = more.replace("!Sub", "").replace("${SHOP}*", "arn:aws:s3:::another/*")
    assert said(tmp_path, *shop, key(use(PARTNER, more=other))) == CANNOT


def test_without_a_policy_it_is_its_accounts(tmp_path: Path) -> None:
    own = policy(allow(ROOT))
    assert said(tmp_path, BY_KEY, own, key()) == "as far as policies of their own let them use the key Key"
    assert said(tmp_path, BY_KEY, policy(allow(PARTNER)), key()) == CANNOT


def test_one_that_is_off_is_of_use_to_nobody(tmp_path: Path) -> None:
    off = key(use(PARTNER), more="Enabled: false")
    assert said(tmp_path, BY_KEY, policy(allow(PARTNER)), off) == (
        "but not what is encrypted with the key Key: it is switched off"
    )


def test_without_credentials_nobody_uses_one(tmp_path: Path) -> None:
    everybody = key(use('"*"'))
    found = {one.who: one.key for one in access(tmp_path, BY_KEY, policy(allow('"*"')), everybody)}
    assert found["anybody, without credentials"] == (
        "but not what is encrypted with the key Key: without credentials nobody uses a key"
    )
    assert found["any AWS account"] == "also with the key Key"


@pytest.mark.parametrize(
    "who",
    [
        "{CanonicalUser: !GetAtt Identity.S3CanonicalUserId}",
        '{AWS: !Sub "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity ${Identity}"}',
    ],
)
def test_an_origin_access_identity_uses_none(who: str, tmp_path: Path) -> None:
    identity = """
  Identity:
    Type: AWS::CloudFront::CloudFrontOriginAccessIdentity
    Properties: {CloudFrontOriginAccessIdentityConfig: {Comment: x}}
"""
    assert said(tmp_path, BY_KEY, policy(allow(who)), identity, key(use('"*"'))) == (
        "but not what is encrypted with the key Key: an origin access identity uses no key"
    )


def test_an_origin_access_control_needs_the_service_in_the_key_policy(tmp_path: Path) -> None:
    service = "{Service: cloudfront.amazonaws.com}"
    shop = (BY_KEY, policy(allow(service)))
    assert said(tmp_path, *shop, key(use(service, "kms:Decrypt"))) == "also with the key Key"
    assert said(tmp_path, *shop, key(use(ROOT, '"kms:*"'))) == CANNOT


def test_the_key_of_aws_is_for_its_own_account(tmp_path: Path) -> None:
    found = {one.who: one.key for one in access(tmp_path, BY_AWS, policy(allow(PARTNER), allow(ROOT)))}
    assert found == {
        "the account 444455556666": "but not what is encrypted with the key that AWS manages:"
        " only its own account uses that",
        OWN: "",
    }


def test_without_a_key_nothing_is_said(tmp_path: Path) -> None:
    shop = SHOP.replace("BY", "{SSEAlgorithm: AES256}")
    assert said(tmp_path, shop, policy(allow(PARTNER)), key()) == ""


def test_a_key_that_is_elsewhere(tmp_path: Path) -> None:
    elsewhere = SHOP.replace(
        "BY", '{SSEAlgorithm: aws:kms, KMSMasterKeyID: "arn:aws:kms:eu-west-1:111122223333:key/1"}'
    )
    assert said(tmp_path, elsewhere, policy(allow(PARTNER))) == (
        "whether they may use the key is not known: the key arn:aws:kms:eu-west-1:111122223333:key/1 is declared"
        " elsewhere, or may not be there"
    )


def test_an_account_that_is_written_out_may_be_its_own(tmp_path: Path) -> None:
    literal = key(use('{AWS: "arn:aws:iam::777788889999:root"}', '"kms:*"'))
    assert said(tmp_path, BY_KEY, policy(allow(ROOT)), literal) == (
        "whether they may use the key Key is not known: whether 777788889999 is its own account nobody tells"
    )


def test_a_listing_needs_no_key(tmp_path: Path) -> None:
    assert said(tmp_path, BY_KEY, policy(allow(PARTNER, "s3:ListBucket", ALL)), key()) == ""
