from collections.abc import Callable

from s3audit.check import ALL, BUCKETS, HIGH, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.owner import belongs_to_one_of, is_one_of
from s3audit.model.relations import label
from s3audit.model.replicas import destination_of
from s3audit.model.replication import ReplicationRule
from s3audit.policy.patterns import covers
from s3audit.setting import Known, Unknown, Unset, when_set
from s3audit.text import text
from s3audit.verdict import Evidence, Status, Verdict, not_applicable, some, unknown

from ._intent import accounts_for_copies, regions_for_copies
from ._rules import of_every_rule


@check(
    severity=HIGH,
    severity_rule="high: data leaves a jurisdiction, or the hands of its owner, and nothing looks wrong",
    needs=(BUCKETS,),
    about="replication",
    sources=ALL,
    fix=Fix(
        cloudformation="Let the Destination be a bucket in a permitted Region and account.",
        terraform="""
            resource "aws_s3_bucket_replication_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              role   = aws_iam_role.example.arn
              rule {
                status   = "Enabled"
                priority = 1
                filter {}
                delete_marker_replication {
                  status = "Disabled"
                }
                destination {
                  bucket = aws_s3_bucket.replica.arn
                }
              }
            }
            """,
        cli="""
            # The whole configuration, with a permitted bucket as the Destination.
            aws s3api put-bucket-replication --bucket BUCKET --replication-configuration file://replication.json
            """,
        note="What was copied before stays where it is, and is deleted there. A stack can't tell where another one is.",
    ),
    passes=(
        """
        # The copy stays in the Regions that the data may be in.
        #: [[expect]]
        #: name = "shop-orders"
        #: regions = ["eu-*"]
        provider "aws" {
          region = "eu-west-1"
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket" "copy" {
          bucket = "shop-copy"
          region = "eu-central-1"
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          bucket = aws_s3_bucket.orders.id
          role   = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            destination {
              bucket = aws_s3_bucket.copy.arn
            }
          }
        }
        """,
        """
        # It stays in its account; a rule that is off leads nowhere.
        #: [[expect]]
        #: name = "shop-orders"
        #: destinations = ["444455556666"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Destination: {Bucket: !GetAtt Copy.Arn}}
                  - Status: Disabled
                    Destination: {Bucket: "arn:aws:s3:::company-copy", Account: "777788889999"}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
        """,
    ),
    fails=(
        """
        # The copy is in a Region in which the data may not be.
        #: [[expect]]
        #: name = "shop-orders"
        #: regions = ["eu-west-1", "eu-central-1"]
        provider "aws" {
          region = "eu-west-1"
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket" "copy" {
          bucket = "shop-copy"
          region = "us-east-1"
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          bucket = aws_s3_bucket.orders.id
          role   = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            destination {
              bucket = aws_s3_bucket.copy.arn # <-
            }
          }
        }
        """,
        """
        # The copy goes to an account that copies may not go to.
        #: [[expect]]
        #: name = "shop-orders"
        #: destinations = ["444455556666"]
        provider "aws" {
          alias = "shop"
          assume_role {
            role_arn = "arn:aws:iam::111122223333:role/deploy"
          }
        }
        resource "aws_s3_bucket" "orders" {
          provider = aws.shop
          bucket   = "shop-orders"
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          provider = aws.shop
          bucket   = aws_s3_bucket.orders.id
          role     = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            destination {
              bucket  = "arn:aws:s3:::company-copy"
              account = "777788889999" # <-
            }
          }
        }
        """,
    ),
    unsure=(
        """
        # The destination is declared elsewhere: whose it is and where it lies is not known.
        #: [[expect]]
        #: name = "shop-orders"
        #: regions = ["eu-west-1"]
        #: destinations = ["444455556666"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Destination:
                      Bucket: arn:aws:s3:::company-copy # <-
                      Account: "444455556666"
        """,
        """
        # The Region is that of whoever deploys it.
        #: [[expect]]
        #: name = "shop-orders"
        #: regions = ["eu-west-1"]
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket" "copy" {
          bucket = "shop-copy"
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          bucket = aws_s3_bucket.orders.id
          role   = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            destination {
              bucket = aws_s3_bucket.copy.arn # <-
            }
          }
        }
        """,
    ),
)
def residency(bucket: Bucket, estate: Estate) -> Verdict:
    """Replication stays inside the permitted Regions and accounts.

    One rule is enough to bring all that is written to another country or another company, for as long as nobody
    looks at where it leads.
    """
    nothing = not_applicable(bucket.at, "nobody says where its data may be")
    regions, accounts = regions_for_copies(bucket, estate), accounts_for_copies(bucket, estate)
    return of_every_rule(
        bucket,
        lambda rule: (
            when_set(regions, lambda those: _in_regions(rule, those, estate), nothing)
            & when_set(accounts, lambda those: _in_accounts(rule, bucket, those, estate), nothing)
        ),
    )


def _in_regions(rule: ReplicationRule, regions: frozenset[str], estate: Estate) -> Verdict:
    return _of_target(rule, estate, lambda target: _in_one_of(target, rule, regions))


def _in_one_of(target: Bucket, rule: ReplicationRule, regions: frozenset[str]) -> Verdict:
    at = rule.destination.bucket.at
    match target.region:
        case Known(region) | Unset(region):
            found = some(Verdict(covers(text(one), region)) for one in sorted(regions)).status
            if found is Status.UNKNOWN:
                return unknown(at, f"whether {label(target)} is in a permitted Region is not known")
            return Verdict(found, (Evidence(at, f"{label(target)} is in {region}"),))
        case Unknown(why):
            return unknown(at, f"in which Region {label(target)} is, is not known: {why}")


def _in_accounts(rule: ReplicationRule, source: Bucket, accounts: frozenset[str], estate: Estate) -> Verdict:
    """Both the owner of the destination and the account that the rule names, if it names one."""
    named = rule.destination.account
    as_named = when_set(named, lambda _: is_one_of(named, source, accounts), Verdict(Status.PASS))
    return as_named & _of_target(
        rule,
        estate,
        lambda target: belongs_to_one_of(target, source, accounts, rule.destination.bucket.at),
    )


def _of_target(rule: ReplicationRule, estate: Estate, judge: Callable[[Bucket], Verdict]) -> Verdict:
    at = rule.destination.bucket.at
    return when_set(destination_of(rule, estate), judge, not_applicable(at, "the destination does not exist"))
