from s3audit.check import ALL, BUCKETS, INFO, LOW, MEDIUM, Fix, check
from s3audit.intent import holds, is_for
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.lifecycle import Lifecycle, LifecycleRule
from s3audit.model.lifetimes import is_on
from s3audit.model.received import receives_replicas
from s3audit.model.replicas import is_on as copies
from s3audit.model.replicas import some_rule
from s3audit.setting import Setting, every_of, some_of, when_set
from s3audit.verdict import Status, Verdict, passed, unless

from ._objects import ONE_ZONE, REDUCED, declared_as
from ._rules import NOTHING, WHAT, quiet

_NO = Verdict(Status.FAIL)


@check(
    severity=MEDIUM,
    severity_rule="medium: with the zone the data is lost; low for an object where the bucket is replicated; info for"
    " reduced redundancy, which AWS advises against and which costs more than STANDARD",
    needs=(BUCKETS,),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            LifecycleConfiguration:
              Rules:
                - Id: rarely-read
                  Status: Enabled
                  Transitions:
                    - StorageClass: STANDARD_IA
                      TransitionInDays: 30
            """,
        terraform="""
            resource "aws_s3_bucket_lifecycle_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                id     = "rarely-read"
                status = "Enabled"
                filter {}
                transition {
                  days          = 30
                  storage_class = "STANDARD_IA"
                }
              }
            }
            """,
        cli="""
            # This replaces all rules: add those that are there.
            aws s3api put-bucket-lifecycle-configuration --bucket BUCKET --lifecycle-configuration \\
              '{"Rules": [{"ID": "rarely-read", "Status": "Enabled", "Filter": {},
                "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}]}]}'
            """,
        note="What is in One Zone-IA already stays there until it is copied onto itself.",
    ),
    passes=(
        """
        # Rarely read, and in several zones.
        #: [[expect]]
        #: name = "shop-*"
        #: role = "only-copy"
        Resources:
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-invoices
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - {StorageClass: STANDARD_IA, TransitionInDays: 30}
                  - Status: Disabled
                    Transitions:
                      - {StorageClass: ONEZONE_IA, TransitionInDays: 30}
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
        """,
        """
        # There is a copy elsewhere, and the copy itself may be in one zone; of others nobody asks.
        #: [[expect]]
        #: name = "shop-*"
        #: role = "critical"
        Resources:
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-invoices
              VersioningConfiguration: {Status: Enabled}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    NoncurrentVersionTransitions:
                      - {StorageClass: ONEZONE_IA, TransitionInDays: 30}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Destination: {Bucket: !GetAtt Copy.Arn}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-copy
              VersioningConfiguration: {Status: Enabled}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - {StorageClass: ONEZONE_IA, TransitionInDays: 30}
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: thumbnails
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - {StorageClass: ONEZONE_IA, TransitionInDays: 30}
        """,
    ),
    fails=(
        """
        # The only copy goes to a single zone, and its old versions, too.
        #: [[expect]]
        #: name = "shop-invoices"
        #: role = "only-copy"
        Resources:
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-invoices
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - StorageClass: ONEZONE_IA # <-
                        TransitionInDays: 30
                    NoncurrentVersionTransitions:
                      - StorageClass: ONEZONE_IA # <-
                        TransitionInDays: 30
        """,
        """
        # So does a single object.
        #: [[expect]]
        #: name = "shop-*"
        #: data = "critical"
        resource "aws_s3_bucket" "invoices" {
          bucket = "shop-invoices"
        }
        resource "aws_s3_object" "ledger" {
          bucket        = aws_s3_bucket.invoices.id
          key           = "ledger.csv"
          source        = "ledger.csv"
          storage_class = "ONEZONE_IA" # <-
        }
        """,
        """
        # Low: there is a copy of the object elsewhere.
        #: [[expect]]
        #: name = "shop-invoices"
        #: role = "critical"
        resource "aws_s3_bucket" "invoices" {
          bucket = "shop-invoices"
        }
        resource "aws_s3_bucket_versioning" "invoices" {
          bucket = aws_s3_bucket.invoices.id
          versioning_configuration {
            status = "Enabled"
          }
        }
        resource "aws_s3_bucket_replication_configuration" "invoices" {
          bucket = aws_s3_bucket.invoices.id
          role   = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            destination {
              bucket = "arn:aws:s3:::company-copy"
            }
          }
        }
        resource "aws_s3_object" "ledger" {
          bucket        = aws_s3_bucket.invoices.id
          key           = "ledger.csv"
          source        = "ledger.csv"
          storage_class = "ONEZONE_IA" # <-
        }
        """,
        """
        # Info: reduced redundancy, in whatever bucket.
        resource "aws_s3_bucket" "photos" {
          bucket = "shop-photos"
        }
        resource "aws_s3_object" "logo" {
          bucket        = aws_s3_bucket.photos.id
          key           = "logo.png"
          source        = "logo.png"
          storage_class = "REDUCED_REDUNDANCY" # <-
        }
        resource "aws_s3_object" "font" {
          bucket        = aws_s3_bucket.photos.id
          key           = "font.woff"
          source        = "font.woff"
          storage_class = "ONEZONE_IA"
        }
        """,
    ),
    unsure=(
        """
        # Which class it is, is for whoever deploys it.
        #: [[expect]]
        #: name = "shop-invoices"
        #: role = "only-copy"
        Parameters:
          Class:
            Type: String
        Resources:
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-invoices
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions:
                      - StorageClass: !Ref Class # <-
                        TransitionInDays: 30
        """,
    ),
)
def onezone_critical(bucket: Bucket, estate: Estate) -> Verdict:
    """Sole copies are not moved to One Zone-IA or reduced redundancy.

    One Zone-IA keeps data in a single building or group of buildings. When these are lost, the data is lost, and where
    it was the only copy nobody gets it back.
    """
    reduced = declared_as(bucket, estate, REDUCED).at_severity(INFO)
    is_precious = is_for(bucket, estate, "critical", "only-copy") | holds(bucket, estate, "critical")
    return reduced & unless(
        ~is_precious,
        "nobody says that its loss is grave",
        lambda: _is_kept(bucket, estate),
    )


def _is_kept(bucket: Bucket, estate: Estate) -> Verdict:
    is_copied = quiet(some_rule(bucket, copies, _NO))
    moves = when_set(bucket.lifecycle, _spares, passed(bucket.lifecycle.at, NOTHING), what=WHAT)
    objects = declared_as(bucket, estate, ONE_ZONE)
    found = (moves | is_copied).at_severity(MEDIUM) & objects.at_severity(
        LOW if is_copied.status is Status.PASS else MEDIUM
    )
    if found.status is not Status.FAIL:
        return found
    is_copy = is_for(bucket, estate, "replica") | receives_replicas(bucket, estate)
    return unless(is_copy, "it holds a copy", found)


def _spares(lifecycle: Lifecycle) -> Verdict:
    return every_of(lifecycle.rules, _stays, passed(lifecycle.at, "there are no lifecycle rules"))


def _stays(rule: LifecycleRule) -> Verdict:
    """Whether a rule moves nothing to a single zone."""
    moves = some_of(rule.transitions, lambda one: _is_one_zone(one.storage_class)) | some_of(
        rule.noncurrent_transitions, lambda one: _is_one_zone(one.storage_class)
    )
    return ~(moves & quiet(is_on(rule)))


def _is_one_zone(storage_class: Setting[str]) -> Verdict:
    return storage_class.is_in(ONE_ZONE, what="the storage class that objects move to")
