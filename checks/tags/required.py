from s3audit.check import ALL, BUCKETS, CLOUDFORMATION, INFO, Fix, check
from s3audit.intent import listed
from s3audit.model.base import Tag
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.expectation import TagMatch
from s3audit.policy.patterns import covers
from s3audit.setting import Known, Setting, Unknown, Unset, some_of, when_set
from s3audit.text import Text, same, text
from s3audit.verdict import Status, Verdict, every, failed, passed, some, unknown

_NOT_OURS = "aws:"


@check(
    severity=INFO,
    severity_rule="info: what hangs on a tag, costs and other rules, passes by the buckets that lack it",
    needs=(BUCKETS,),
    sources=ALL,
    peers={"config": ("s3-bucket-tagged",)},
    fix=Fix(
        cloudformation="""
            # With the values that the bucket has to have.
            Tags:
              - {Key: Owner, Value: shop}
              - {Key: Stage, Value: prod}
            """,
        terraform="""
            # Or once for everything, as default_tags of the provider.
            resource "aws_s3_bucket" "example" {
              tags = {
                Owner = "shop"
                Stage = "prod"
              }
            }
            """,
        cli="""
            # It replaces all tags of the bucket, so name those that it has, too.
            aws s3api put-bucket-tagging --bucket BUCKET --tagging 'TagSet=[{Key=KEY,Value=VALUE}]'
            """,
        note="Tags that CloudFormation gives the whole stack are said in .s3audit.toml, as stack_tags.",
    ),
    passes=(
        """
        # Both tags are there, and the stage is one of those that there are.
        #: [[expect]]
        #: required_tags = ["Owner", "Stage=dev", "Stage=prod*"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              Tags: [{Key: Owner, Value: shop}, {Key: Stage, Value: production}]
        """,
        """
        # Of the other bucket nothing is required.
        #: [[expect]]
        #: name = "orders"
        #: required_tags = "Owner"
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: orders
              Tags: [{Key: Owner, Value: ""}]
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: photos
        """,
        """
        # The provider gives every resource an owner.
        #: [[expect]]
        #: required_tags = ["Owner", "Stage"]
        provider "aws" {
          default_tags {
            tags = {
              Owner = "shop"
            }
          }
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
          tags   = { Stage = "prod" }
        }
        """,
    ),
    fails=(
        """
        # Nobody says whose it is.
        #: [[expect]]
        #: required_tags = ["Owner", "Stage=prod"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              Tags: # <-
                - {Key: Stage, Value: prod}
        """,
        """
        # There is no such stage.
        #: [[expect]]
        #: required_tags = ["Owner", "Stage=dev", "Stage=prod"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              Tags:
                - {Key: Owner, Value: shop}
                - Key: Stage
                  Value: live # <-
        """,
        """
        # No tags at all.
        #: [[expect]]
        #: required_tags = "Owner"
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
        """,
    ),
    unsure=(
        """
        # Whoever deploys it says which stage it is.
        #: [[expect]]
        #: required_tags = ["Owner", "Stage=prod"]
        Parameters:
          Stage: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              Tags:
                - {Key: Owner, Value: shop}
                - {Key: Stage, Value: !Ref Stage} # <-
        """,
    ),
)
def required(bucket: Bucket, estate: Estate) -> Verdict:
    """Required tags are present.

    Tags say whose a bucket is, what it costs whom, and which rules of your own are about it. A bucket without them
    is left out of all that, and nobody notices.
    """
    return when_set(
        listed(bucket, estate, lambda one: one.required_tags or None),
        lambda wanted: _has_all(bucket, estate, wanted),
        "no tags are required of it",
        what="which tags it needs",
    )


def _has_all(bucket: Bucket, estate: Estate, wanted: frozenset[TagMatch]) -> Verdict:
    given = _of_stack(bucket, estate)
    if isinstance(given, Unknown):
        return unknown(given.at, given.why)
    by_key: dict[str, list[str]] = {}
    for one in sorted(wanted):
        by_key.setdefault(one.key, []).append(one.value)
    return every(_has(bucket, key, values, given) for key, values in by_key.items())


def _of_stack(bucket: Bucket, estate: Estate) -> frozenset[TagMatch] | Unknown:
    """The tags that it has from its stack; those of a live bucket are its own by then."""
    if bucket.origin != CLOUDFORMATION:
        return frozenset()
    found = listed(bucket, estate, lambda one: one.stack_tags or None)
    if isinstance(found, Unknown):
        return found
    return (found.value if isinstance(found, Known) else found.default) or frozenset()


def _has(bucket: Bucket, key: str, values: list[str], given: frozenset[TagMatch]) -> Verdict:
    """Whether it has a tag with one of these values."""
    at = bucket.tags.at
    if key.lower().startswith(_NOT_OURS):
        return failed(at, f"{key} is for AWS to give, and counts for nothing")
    own = some_of(bucket.tags, lambda tag: _is(tag, key, values))
    # A tag of the stack is one that the bucket does not write itself.
    if own.status is not Status.FAIL or own.evidence:
        return own
    found = some(_fits(Known(text(one.value), at), key, values) for one in given if one.key == key)
    return found if found.evidence else failed(at, f"it has no tag {key}")


def _is(tag: Tag, key: str, values: list[str]) -> Verdict:
    match tag.key:
        case Unknown(why, at):
            return unknown(at, f"the key of a tag is not known: {why}")
        case Known(name, at) | Unset(name, at):
            match same(name, text(key)):
                case Status.PASS:
                    return _fits(tag.value, key, values)
                case Status.UNKNOWN:
                    return unknown(at, f"whether {name} is the tag {key} is not known")
                case _:
                    return Verdict(Status.FAIL)


def _fits(value: Setting[Text], key: str, values: list[str]) -> Verdict:
    """Whether a tag has one of these values, or one that fits them."""
    match value:
        case Unknown(why, at):
            return unknown(at, f"the tag {key} is not known: {why}")
        case Known(told, at) | Unset(told, at):
            found = some(Verdict(covers(text(one), told)) for one in values)
            match found.status:
                case Status.PASS:
                    return passed(at, f"the tag {key} is {told}")
                case Status.UNKNOWN:
                    return unknown(at, f"whether the tag {key} is {_either(values)} is not known")
                case _:
                    return failed(at, f"the tag {key} is {told}, and not {_either(values)}")


def _either(values: list[str]) -> str:
    *others, last = values
    return f"{', '.join(others)} or {last}" if others else last
