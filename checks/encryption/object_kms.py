from s3audit.check import BUCKETS, KEYS, LOW, MEDIUM, TERRAFORM, Fix, check
from s3audit.intent import holds, listed
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.key import KmsAlias, KmsKey
from s3audit.model.names import arn_parts
from s3audit.model.relations import label
from s3audit.model.s3object import S3Object
from s3audit.setting import Known, Unknown, Unset, when_set
from s3audit.text import Text, same, text
from s3audit.verdict import Evidence, Status, Verdict, passed, unknown, verdict

_STRENGTH = {"AES256": 1, "aws:kms": 2, "aws:kms:dsse": 3}


@check(
    severity=LOW,
    severity_rule=(
        "low: it is about single objects; medium where S3's own keys replace KMS in a bucket that is said to hold"
        " confidential data"
    ),
    needs=(BUCKETS, KEYS),
    sources=(TERRAFORM,),
    peers={
        "checkov": ("CKV_AWS_186", "CKV_AWS_181"),
        "kics": ("S3 Bucket Object Not Encrypted (terraform 5fb49a69-8d46-4495-a2f8-9c8c622b2b6e)",),
        "terrascan": ("AC_AWS_0498",),
        "tflint": ("aws_s3_bucket_object_invalid_server_side_encryption",),
    },
    fix=Fix(
        terraform="""
            # Without both of these arguments it is the default of the bucket.
            resource "aws_s3_object" "example" {
              server_side_encryption = "aws:kms"
              kms_key_id             = aws_kms_key.example.arn
            }
            """,
    ),
    passes=(
        """
        # What says nothing gets the default of the bucket; the other says the same.
        resource "aws_kms_key" "shop" {
          enable_key_rotation = true
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_server_side_encryption_configuration" "orders" {
          bucket = aws_s3_bucket.orders.id
          rule {
            apply_server_side_encryption_by_default {
              sse_algorithm     = "aws:kms"
              kms_master_key_id = aws_kms_key.shop.arn
            }
          }
        }
        resource "aws_s3_object" "prices" {
          bucket = aws_s3_bucket.orders.id
          key    = "prices.csv"
          source = "prices.csv"
        }
        resource "aws_s3_object" "rates" {
          bucket     = aws_s3_bucket.orders.id
          key        = "rates.csv"
          source     = "rates.csv"
          kms_key_id = aws_kms_key.shop.arn
        }
        """,
        """
        # The key of an account that the owner trusts.
        #: [[expect]]
        #: name = "shop-orders"
        #: trusted_accounts = ["444455556666"]
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_object" "prices" {
          bucket     = aws_s3_bucket.orders.id
          key        = "prices.csv"
          source     = "prices.csv"
          kms_key_id = "arn:aws:kms:eu-west-1:444455556666:key/mrk-1234"
        }
        """,
    ),
    fails=(
        """
        # One object has S3's own keys where the bucket has KMS.
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_server_side_encryption_configuration" "orders" {
          bucket = aws_s3_bucket.orders.id
          rule {
            apply_server_side_encryption_by_default {
              sse_algorithm = "aws:kms"
            }
          }
        }
        resource "aws_s3_object" "prices" {
          bucket                 = aws_s3_bucket.orders.id
          key                    = "prices.csv"
          source                 = "prices.csv"
          server_side_encryption = "AES256" # <-
        }
        """,
        """
        # The same where the data is confidential, and by the older resource.
        #: [[expect]]
        #: name = "shop-orders"
        #: data = "confidential"
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_server_side_encryption_configuration" "orders" {
          bucket = aws_s3_bucket.orders.id
          rule {
            apply_server_side_encryption_by_default {
              sse_algorithm = "aws:kms:dsse"
            }
          }
        }
        resource "aws_s3_bucket_object" "prices" {
          bucket                 = aws_s3_bucket.orders.id
          key                    = "prices.csv"
          source                 = "prices.csv"
          server_side_encryption = "AES256" # <-
        }
        """,
        """
        # One layer where the bucket has two.
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_server_side_encryption_configuration" "orders" {
          bucket = aws_s3_bucket.orders.id
          rule {
            apply_server_side_encryption_by_default {
              sse_algorithm = "aws:kms:dsse"
            }
          }
        }
        resource "aws_s3_object_copy" "prices" {
          bucket                 = aws_s3_bucket.orders.id
          key                    = "prices.csv"
          source                 = "shop-drafts/prices.csv"
          server_side_encryption = "aws:kms" # <-
        }
        """,
    ),
    unsure=(
        """
        # Whose key this is, the input does not tell.
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_object" "prices" {
          bucket     = aws_s3_bucket.orders.id
          key        = "prices.csv"
          source     = "prices.csv"
          kms_key_id = "arn:aws:kms:eu-west-1:444455556666:key/mrk-1234" # <-
        }
        """,
        """
        # The bucket is declared elsewhere, and its default with it.
        resource "aws_s3_object" "prices" {
          bucket                 = "company-prices" # <-
          key                    = "prices.csv"
          source                 = "prices.csv"
          server_side_encryption = "AES256"
        }
        """,
    ),
)
def object_kms(one: S3Object, estate: Estate) -> Verdict:
    """Objects declared in IaC do not weaken the bucket encryption.

    An object that names an encryption gets that one, whatever the bucket has by default. So a single argument can
    leave it with weaker encryption than all others, or with a key that somebody else can take away.
    """
    return when_set(
        one.encryption,
        lambda asked: _in_bucket(one, asked, estate),
        passed(one.encryption.at, "it takes the default of the bucket"),
        what="the encryption of the object",
    )


def _in_bucket(one: S3Object, asked: str, estate: Estate) -> Verdict:
    match one.bucket:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(name, at) | Unset(name, at):
            return when_set(
                estate.bucket_named(name, at),
                lambda bucket: _is_as_strong(one, asked, bucket, estate) & _is_ones_own(one, bucket, estate),
                "the bucket does not exist",
            )


def _is_as_strong(one: S3Object, asked: str, bucket: Bucket, estate: Estate) -> Verdict:
    strength = _STRENGTH.get(asked, 0)
    if strength == max(_STRENGTH.values()):
        return passed(one.encryption.at, f"it asks for {asked}")
    match bucket.encryption.algorithm:
        case Unknown(why, at):
            return unknown(at, f"the default encryption of {label(bucket)} is not known: {why}")
        case Known(default) | Unset(default):
            status = Status.PASS if strength >= _STRENGTH.get(default, 0) else Status.FAIL
            note = f"it asks for {asked}, and the default of {label(bucket)} is {default}"
            found = verdict(status, Evidence(one.encryption.at, note))
            grave = (
                strength < _STRENGTH["aws:kms"]
                and holds(bucket, estate, "confidential").status is Status.PASS
            )
            return found.at_severity(MEDIUM) if grave else found


def _is_ones_own(one: S3Object, bucket: Bucket, estate: Estate) -> Verdict:
    return when_set(one.kms_key, lambda name: _is_trusted(name, one, bucket, estate), Verdict(Status.PASS))


def _is_trusted(name: Text, one: S3Object, bucket: Bucket, estate: Estate) -> Verdict:
    """Whether a key is of the account of the bucket, or of one that is trusted."""
    at = one.kms_key.at
    if estate.named_by(name, KmsKey) is not None or estate.named_by(name, KmsAlias) is not None:
        return Verdict(Status.PASS)
    if name.starts_with("arn:") is Status.FAIL:
        return Verdict(Status.PASS)  # an id or an alias of whoever applies it
    parts = arn_parts(name)
    if parts is None:
        return unknown(at, f"whose key {name} is, is not known")
    account = parts[3]
    match listed(bucket, estate, lambda said: said.trust.accounts):
        case Unknown(why, where):
            return unknown(where, why)
        case Known(trusted) | Unset(trusted):
            if any(same(account, text(other)) is Status.PASS for other in trusted or ()):
                return Verdict(Status.PASS)
    match bucket.account:
        case Unknown(why):
            return unknown(at, f"whether {account} is the account of the bucket is not known: {why}")
        case Known(own) | Unset(own):
            found = same(account, own)
            note = f"whether {account} is the account of the bucket is not known"
            if found is not Status.UNKNOWN:
                note = f"the key is of the account {account}, and the bucket of {own}"
            return verdict(found, Evidence(at, note))
