from s3audit.check import ALL, BUCKETS, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.replicas import is_on, some_rule, takes_all
from s3audit.verdict import Verdict, not_applicable, unless

from ._intent import for_recovery
from ._rules import NOTHING


@check(
    severity=MEDIUM,
    severity_rule="medium: part of the bucket is nowhere else, and that is found out when it is needed",
    needs=(BUCKETS,),
    about="replication",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            ReplicationConfiguration:
              Rules:
                - Status: Enabled
                  Priority: 1
                  Filter: {Prefix: ""}
                  DeleteMarkerReplication: {Status: Disabled}
                  Destination:
                    Bucket: !GetAtt Copy.Arn
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
                  bucket = aws_s3_bucket.copy.arn
                }
              }
            }
            """,
        cli="""
            aws s3api put-bucket-replication --bucket BUCKET --replication-configuration \\
              '{"Role": "ROLE_ARN", "Rules": [{"Status": "Enabled", "Priority": 1, "Filter": {"Prefix": ""},
                "DeleteMarkerReplication": {"Status": "Disabled"}, "Destination": {"Bucket": "DESTINATION_ARN"}}]}'
            """,
        note="What is older than the rule is not copied by it: that takes a job of S3 Batch Replication.",
    ),
    passes=(
        """
        # One rule takes everything, whatever the other one takes.
        #: [[expect]]
        #: name = "shop-*"
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
                  - Status: Enabled
                    Priority: 2
                    Filter: {Prefix: invoices/}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::company-copy", StorageClass: GLACIER}
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::company-copy"}
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
        """,
        """
        # Where no rule is on, that is what is wrong. And not every bucket has to be whole elsewhere.
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
                  - {Status: Enabled, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
          Old:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-old
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Disabled, Prefix: old/, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Prefix: large/, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
        """,
    ),
    fails=(
        """
        # Only the keys with two prefixes are copied.
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
                  - Status: Enabled
                    Prefix: orders/ # <-
                    Destination: {Bucket: !GetAtt Copy.Arn}
                  - Status: Enabled
                    Prefix: invoices/ # <-
                    Destination: {Bucket: !GetAtt Copy.Arn}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-copy
              VersioningConfiguration: {Status: Enabled}
        """,
        """
        # The rule that takes everything is off, the other one takes what has a tag.
        #: [[expect]]
        #: name = "shop-orders"
        #: role = "critical"
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
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::company-copy"}
                  - Status: Enabled
                    Priority: 2
                    Filter:
                      TagFilter: {Key: keep, Value: "yes"} # <-
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::company-copy"}
        """,
    ),
    unsure=(
        """
        # Whether there is a prefix is for whoever deploys it.
        #: [[expect]]
        #: name = "shop-orders"
        #: replicated = true
        Parameters:
          Prefix: {Type: String}
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
                    Priority: 1
                    Filter: {Prefix: !Ref Prefix} # <-
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::company-copy"}
        """,
    ),
)
def scope_complete(bucket: Bucket, estate: Estate) -> Verdict:
    """Buckets that have to be elsewhere too are copied as a whole.

    A rule with a prefix or with tags copies what it names. Whatever is put beside it later has no copy, and
    nobody notices before it is needed.
    """
    nothing = not_applicable(bucket.replication.at, NOTHING)
    is_copied = some_rule(bucket, is_on, nothing)
    whole = some_rule(bucket, lambda rule: is_on(rule) & takes_all(rule), nothing)
    whole = unless(~is_copied, "nothing is replicated", whole)
    return unless(~for_recovery(bucket, estate), "nothing is asked of it", whole)
