import re
from collections.abc import Iterable

from s3audit.check import ALL, BUCKETS, INFO, Fix, check
from s3audit.intent import listed
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, unknown

from ._names import as_made, judged, of_general, of_samples

_KEY = re.compile(r"(?<![a-z0-9])(?:akia|asia)[a-z2-7]{16}(?![a-z0-9])")
_MAIL = re.compile(r"[.-]at[.-](?:gmail|gmx|googlemail|hotmail|icloud|outlook|proton(?:mail)?|yahoo)[.-]")
_CARD = re.compile(r"(?<!\d)(?:3[47]\d{13}|4\d{15}|5[1-5]\d{14}|6(?:011|5\d\d)\d{12})(?!\d)")


@check(
    severity=INFO,
    severity_rule="info: the name alone opens nothing, and whoever sees a link or a log can read it",
    needs=(BUCKETS,),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # Another name makes another bucket: move what is in it first.
            BucketName: shop-uploads
            """,
        terraform="""
            # Another name makes another bucket: move what is in it first.
            resource "aws_s3_bucket" "example" {
              bucket = "shop-uploads"
            }
            """,
        cli="""
            aws s3api create-bucket --bucket NEW_BUCKET
            aws s3 sync s3://BUCKET s3://NEW_BUCKET
            """,
        note="A key whose id stood in a name is best replaced; the name stays in old logs and links.",
    ),
    passes=(
        """
        # Numbers of accounts are no secret.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders-111122223333
          Photos:
            Type: AWS::S3::Bucket
        """,
        """
        # What the configuration forbids does not stand there.
        #: [[expect]]
        #: forbidden_names = ["acme", "^customer-"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-customer-orders
        """,
    ),
    fails=(
        """
        # The id of an access key; an address of somebody; what looks like the number of a card.
        Resources:
          Uploads:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: uploads-akiaiosfodnn7example # <-
          Mails:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: jane.doe-at-gmail.com # <-
          Payments:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: payments-4111111111111111 # <-
        """,
        """
        # The configuration says which customers nobody shall read of.
        #: [[expect]]
        #: forbidden_names = "(?i)acme|globex"
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: orders-of-globex # <-
        """,
    ),
    unsure=(
        """
        # Whoever deploys it chooses the name.
        variable "customer" {
          type = string
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "orders-of-${var.customer}" # <-
        }
        """,
    ),
)
def sensitive(bucket: Bucket, estate: Estate) -> Verdict:
    """Bucket names carry no secrets or personal data.

    The name of a bucket stands in every link to it, in DNS and in logs, and it can't be changed. Whatever it tells
    is told to everybody.
    """
    return of_general(
        bucket, lambda: _judge(bucket, listed(bucket, estate, lambda one: one.forbidden_names or None))
    )


def _judge(bucket: Bucket, forbidden: Setting[frozenset[str] | None]) -> Verdict:
    match forbidden:
        case Unknown(why, at):
            return _tells_nothing(bucket, ()) & unknown(at, why)
        case Known(patterns) | Unset(patterns):
            return _tells_nothing(bucket, sorted(patterns or ()))


def _tells_nothing(bucket: Bucket, forbidden: Iterable[str]) -> Verdict:
    own = [(re.compile(one), f"fits {one}, which the configuration forbids") for one in forbidden]

    def told(name: str) -> str:
        found = (f"the name {words}" for pattern, words in own if pattern.search(name))
        return _of_itself(name) or next(found, "")

    def judge(name: Text) -> tuple[Status, str]:
        status, note = of_samples(as_made(name, bucket.address), told)
        return status, note or f"the name is {name}"

    return judged(bucket.name, judge) & _is_made_up(bucket)


def _is_made_up(bucket: Bucket) -> Verdict:
    """Whether a name that nobody wrote begins with nothing that somebody may have written."""
    match bucket.name, bucket.name_prefix:
        case Known(name), Unknown(why, at) if any(part.generated for part in name.opaque):
            return unknown(at, why)
        case _:
            return Verdict(Status.NOT_APPLICABLE)


def _of_itself(name: str) -> str:
    """What is told to everybody who reads it, whatever the configuration says."""
    if _KEY.search(name):
        return "the name has what looks like the id of an access key"
    if _MAIL.search(name):
        return "the name has what looks like an e-mail address"
    if any(_is_card(found.group()) for found in _CARD.finditer(name)):
        return "the name has what looks like the number of a card"
    return ""


def _is_card(digits: str) -> bool:
    """Whether the last digit is the one that the others demand (Luhn)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0
