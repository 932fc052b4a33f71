from s3audit.check import ALL, BUCKETS, LOW, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.model.replicas import is_on, some_rule
from s3audit.verdict import Status, Verdict, failed, unless

from ._intent import holds_copies, is_precious, must_replicate


@check(
    severity=LOW,
    severity_rule=(
        "low: of many buckets the loss is borne, even where their role says that it is grave; medium where the"
        " configuration says that the bucket has to be replicated"
    ),
    needs=(BUCKETS,),
    sources=ALL,
    peers={
        "guard": ("S3_BUCKET_REPLICATION_ENABLED",),
        "config": ("s3-bucket-replication-enabled",),
        "custodian": ("bucket-replication",),
        "regula": ("FG_R00275",),
    },
    fix=Fix(
        cloudformation="""
            VersioningConfiguration:
              Status: Enabled
            ReplicationConfiguration:
              Role: !GetAtt Role.Arn
              Rules:
                - Status: Enabled
                  Priority: 1
                  Filter: {Prefix: ""}
                  DeleteMarkerReplication: {Status: Disabled}
                  Destination:
                    Bucket: !GetAtt Replica.Arn
            """,
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

            resource "aws_s3_bucket_versioning" "example" {
              bucket = aws_s3_bucket.example.id
              versioning_configuration {
                status = "Enabled"
              }
            }
            """,
        cli="""
            aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=Enabled
            aws s3api put-bucket-replication --bucket BUCKET --replication-configuration \\
              '{"Role": "ROLE_ARN", "Rules": [{"Status": "Enabled", "Priority": 1, "Filter": {"Prefix": ""},
                "DeleteMarkerReplication": {"Status": "Disabled"}, "Destination": {"Bucket": "DESTINATION_ARN"}}]}'
            """,
        note="Only what is written from then on is copied: the rest takes a job of S3 Batch Replication.",
    ),
    passes=(
        """
        # One of two rules is on.
        #: [[expect]]
        #: name = "shop-orders"
        #: replicated = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Prefix: orders/, Destination: {Bucket: !GetAtt Copy.Arn}}
                  - {Status: Disabled, Prefix: old/, Destination: {Bucket: !GetAtt Copy.Arn}}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
        """,
        """
        # All have to be replicated; that is not asked of copies, nor of access logs.
        #: [[expect]]
        #: replicated = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              LoggingConfiguration: {DestinationBucketName: !Ref Logs}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Destination: {Bucket: !GetAtt Copy.Arn}}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
          Logs:
            Type: AWS::S3::Bucket
        """,
        """
        # One that is said to need no copy needs none, however critical it is.
        #: [[expect]]
        #: name = "shop-*"
        #: role = "critical"
        #: [[expect]]
        #: name = "shop-invoices"
        #: replicated = false
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-invoices
        """,
    ),
    fails=(
        """
        # Medium: it has to be replicated, and is not.
        #: [[expect]]
        #: name = "shop-orders"
        #: replicated = true
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
        """,
        """
        # Medium: the only rule is off.
        #: [[expect]]
        #: name = "shop-orders"
        #: replicated = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Disabled # <-
                    Destination: {Bucket: !GetAtt Copy.Arn}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
        """,
        """
        # Low: it is critical, and nobody says whether that takes a copy.
        #: [[expect]]
        #: name = "shop-orders"
        #: role = "critical"
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
        """,
    ),
    unsure=(
        """
        # Whether the rule is on is for whoever deploys it.
        #: [[expect]]
        #: name = "shop-orders"
        #: replicated = true
        Parameters:
          Replication: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: !Ref Replication # <-
                    Destination: {Bucket: "arn:aws:s3:::company-copy"}
        """,
        """
        # It may be where the other one is copied to.
        #: [[expect]]
        #: name = "shop-archive"
        #: replicated = true
        Parameters:
          Copy: {Type: String}
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
                      Bucket: !Sub arn:aws:s3:::${Copy} # <-
          Archive:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-archive
        """,
    ),
)
def configured(bucket: Bucket, estate: Estate) -> Verdict:
    """Buckets selected for resilience replicate.

    What is in one bucket only is gone with it: with its Region, its account, or whoever may delete there.
    Versions do not help against any of that.
    """
    found = some_rule(bucket, is_on, failed(bucket.replication.at, "it has no replication"))
    wanted = must_replicate(bucket, estate)
    if wanted.status is Status.PASS:
        found = found.at_severity(MEDIUM)
    if found.status is Status.FAIL:
        found = unless(holds_copies(bucket, estate), "it needs no copy", found)
    found = unless(of_type(bucket, "directory", "outposts"), "S3 does not replicate it", found)
    return unless(~(wanted | is_precious(bucket, estate)), "nothing is asked of it", found)
