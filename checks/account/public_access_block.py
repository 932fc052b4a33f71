from s3audit.check import ACCOUNT, BUCKETS, HIGH, LIVE, MEDIUM, TERRAFORM, Fix, check
from s3audit.model.account import Account
from s3audit.model.bucket import Bucket
from s3audit.model.effective import BLOCKS
from s3audit.model.estate import Estate
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import same
from s3audit.verdict import Status, Verdict, every


@check(
    severity=HIGH,
    severity_rule=(
        "high: it is the one setting that stands above every bucket, ACL and policy; one step lower in a live"
        " account that has no buckets"
    ),
    needs=(ACCOUNT, BUCKETS),
    sources=(TERRAFORM, LIVE),
    peers={
        "prowler": ("s3_account_level_public_access_blocks",),
        "config": ("s3-account-level-public-access-blocks-periodic", "s3-account-level-public-access-blocks"),
        "securityhub": ("S3.1",),
        "steampipe": ("s3_public_access_block_account",),
    },
    fix=Fix(
        terraform="""
            block_public_acls       = true
            ignore_public_acls      = true
            block_public_policy     = true
            restrict_public_buckets = true
            """,
        cli="""
            aws s3control put-public-access-block --account-id ACCOUNT_ID --public-access-block-configuration \\
              BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
            """,
        note=(
            "Every bucket of the account that is meant to be public stops being so; CloudFormation has no resource"
            " for it, and where the organization sets it only the organization can change it."
        ),
    ),
    passes=(
        """
        # All four are on.
        resource "aws_s3_account_public_access_block" "company" {
          block_public_acls       = true
          ignore_public_acls      = true
          block_public_policy     = true
          restrict_public_buckets = true
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        """,
    ),
    fails=(
        """
        # What is left out is off.
        resource "aws_s3_account_public_access_block" "company" { # <-
          block_public_acls   = true
          block_public_policy = true
        }
        """,
        """
        # One of the four is off.
        resource "aws_s3_account_public_access_block" "company" {
          block_public_acls       = true
          ignore_public_acls      = true
          block_public_policy     = true
          restrict_public_buckets = false # <-
        }
        """,
    ),
    unsure=(
        """
        # Whoever deploys it decides about one of the four.
        variable "restrict" {
          type = string
        }
        resource "aws_s3_account_public_access_block" "company" {
          block_public_acls       = true
          ignore_public_acls      = true
          block_public_policy     = true
          restrict_public_buckets = var.restrict # <-
        }
        """,
    ),
)
def public_access_block(account: Account, estate: Estate) -> Verdict:
    """All four settings of Block Public Access are on for the account.

    What is blocked here no bucket of the account can open, also none that somebody makes tomorrow. Without it each
    bucket is one careless statement away from the world.
    """
    block = account.public_access_block
    found = every(getattr(block, name).is_in(True, what=words) for name, words in BLOCKS.items())
    if not _has_buckets(account, estate):
        found = found.at_severity(MEDIUM)
    match block.by_organization:
        case Known(str() as how, at) | Unset(str() as how, at) if found.status is Status.FAIL:
            return found.noting(f"an S3 policy of the organization says {how}, so it is changed there", at)
        case _:
            return found


def _has_buckets(account: Account, estate: Estate) -> bool:
    """Whether there may be one; a configuration does not tell what else is in the account."""
    buckets = estate.all(Bucket)
    if account.origin != LIVE or not isinstance(account.account, Known):
        return True
    number = account.account.value
    if estate.unread_buckets(number.literal or "", "") is not None:
        return True
    if any(one.account == number.literal for one in estate.not_read.values()):
        return True
    return any(_is_of(bucket, account) for bucket in buckets)


def _is_of(bucket: Bucket, account: Account) -> bool:
    match bucket.account, account.account:
        case (Unknown(), _) | (_, Unknown()):
            return True
        case ((Known(one) | Unset(one)), (Known(other) | Unset(other))):
            return same(one, other) is not Status.FAIL
