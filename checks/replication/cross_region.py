from s3audit.check import ALL, BUCKETS, LOW, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.model.relations import label
from s3audit.model.replicas import destination_of, is_on, some_rule
from s3audit.model.replication import ReplicationRule
from s3audit.setting import Known, Unset, when_set
from s3audit.text import same
from s3audit.verdict import Evidence, Status, Verdict, failed, unknown, unless

from ._intent import holds_copies, is_precious, is_spared, must_leave_region


@check(
    severity=LOW,
    severity_rule=(
        "low: a Region is rarely lost, even where the role of a bucket says that its loss is grave; medium where"
        " the configuration says that the bucket has to be in two"
    ),
    needs=(BUCKETS,),
    sources=ALL,
    yields_to=("replication-configured",),
    peers={
        "checkov": ("CKV_AWS_144",),
        "prowler": ("s3_bucket_cross_region_replication",),
        "config": ("s3-bucket-cross-region-replication-enabled",),
        "securityhub": ("S3.7",),
        "custodian": ("bucket-replication",),
        "steampipe": ("s3_bucket_cross_region_replication_enabled",),
    },
    fix=Fix(
        cloudformation="Let the Destination be a bucket of a stack in another Region.",
        terraform="""
            resource "aws_s3_bucket" "replica" {
              region = "eu-central-1"
            }

            resource "aws_s3_bucket_versioning" "replica" {
              region = "eu-central-1"
              bucket = aws_s3_bucket.replica.id
              versioning_configuration {
                status = "Enabled"
              }
            }

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
            aws s3api create-bucket --bucket REPLICA --region eu-central-1 \\
              --create-bucket-configuration LocationConstraint=eu-central-1
            aws s3api put-bucket-versioning --bucket REPLICA --versioning-configuration Status=Enabled
            aws s3api put-bucket-replication --bucket BUCKET --replication-configuration \\
              '{"Role": "ROLE_ARN", "Rules": [{"Status": "Enabled", "Priority": 1, "Filter": {"Prefix": ""},
                "DeleteMarkerReplication": {"Status": "Disabled"}, "Destination": {"Bucket": "REPLICA_ARN"}}]}'
            """,
        note="A stack makes buckets in its own Region only, so the replica needs one of its own; traffic is paid for.",
    ),
    passes=(
        """
        # The copy is in another Region.
        #: [[expect]]
        #: name = "shop-orders"
        #: cross_region = true
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
    ),
    fails=(
        """
        # Medium: the copy is in the same Region.
        #: [[expect]]
        #: name = "shop-orders"
        #: cross_region = true
        provider "aws" {
          region = "eu-west-1"
        }
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
        """
        # Medium: a template makes all its buckets in one Region, whichever that is.
        #: [[expect]]
        #: name = "shop-orders"
        #: cross_region = true
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
                      Bucket: !GetAtt Copy.Arn # <-
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
        """,
        """
        # Low: it is the only copy of something, and the rule that leads elsewhere is off.
        #: [[expect]]
        #: name = "shop-orders"
        #: role = "only-copy"
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
                      Bucket: !GetAtt Copy.Arn # <-
                  - Status: Disabled # <-
                    Destination: {Bucket: "arn:aws:s3:::company-copy"}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
        """,
    ),
    unsure=(
        """
        # The destination is declared elsewhere, and so is its Region.
        #: [[expect]]
        #: name = "shop-orders"
        #: cross_region = true
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
        """,
    ),
)
def cross_region(bucket: Bucket, estate: Estate) -> Verdict:
    """Buckets selected for disaster recovery replicate to another Region.

    A copy in the same Region is lost with it, or as hard to reach as the bucket itself while the Region fails.
    """
    found = some_rule(
        bucket,
        lambda rule: is_on(rule) & _leads_out(rule, bucket, estate),
        failed(bucket.replication.at, "it has no replication"),
    )
    wanted = must_leave_region(bucket, estate)
    if wanted.status is Status.PASS:
        found = found.at_severity(MEDIUM)
    if found.status is Status.FAIL:
        found = unless(holds_copies(bucket, estate), "it needs no copy", found)
    found = unless(of_type(bucket, "directory", "outposts"), "S3 does not replicate it", found)
    precious = is_precious(bucket, estate) & ~is_spared(bucket, estate, lambda one: one.cross_region)
    return unless(~(wanted | precious), "nothing is asked of it", found)


def _leads_out(rule: ReplicationRule, source: Bucket, estate: Estate) -> Verdict:
    at = rule.destination.bucket.at
    return when_set(
        destination_of(rule, estate),
        lambda target: _is_elsewhere(target, source, rule),
        failed(at, "the destination does not exist"),
    )


def _is_elsewhere(target: Bucket, source: Bucket, rule: ReplicationRule) -> Verdict:
    at = rule.destination.bucket.at
    match target.region, source.region:
        case ((Known(there) | Unset(there)), (Known(here) | Unset(here))):
            found = same(there, here)
            if found is Status.PASS:
                return failed(at, f"{label(target)} is in the Region of {label(source)}")
            if found is Status.FAIL:
                return Verdict(Status.PASS, (Evidence(at, f"{label(target)} is in {there}"),))
        case _:
            pass
    return unknown(at, f"whether {label(target)} is in another Region is not known")
