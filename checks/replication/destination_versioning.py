from s3audit.check import ALL, BUCKETS, HIGH, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import versioning
from s3audit.model.estate import Estate
from s3audit.model.relations import label
from s3audit.verdict import Verdict

from ._rules import of_destination, of_every_rule


@check(
    severity=HIGH,
    severity_rule="high: objects fail to replicate while the console shows that replication is on",
    needs=(BUCKETS,),
    about="replication",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # The destination bucket.
            Copy:
              Type: AWS::S3::Bucket
              Properties:
                VersioningConfiguration:
                  Status: Enabled
            """,
        terraform="""
            resource "aws_s3_bucket_versioning" "copy" {
              bucket = aws_s3_bucket.copy.id
              versioning_configuration {
                status = "Enabled"
              }
            }
            """,
        cli="""
            aws s3api put-bucket-versioning --bucket DESTINATION --versioning-configuration Status=Enabled
            """,
    ),
    passes=(
        """
        # Source and destination keep versions.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Destination: {Bucket: !GetAtt Copy.Arn}}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
        """,
        """
        # A rule that is switched off copies nothing, wherever it leads.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Destination: {Bucket: !GetAtt Copy.Arn}}
                  - {Status: Disabled, Destination: {Bucket: !GetAtt Old.Arn}}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
          Old:
            Type: AWS::S3::Bucket
        """,
        """
        # The destination is named by its ARN, and has versions because of Object Lock.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Destination: {Bucket: !Sub "arn:${AWS::Partition}:s3:::shop-copy"}}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-copy
              ObjectLockEnabled: true
        """,
    ),
    fails=(
        """
        # The destination keeps no versions.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Destination:
                      Bucket: !GetAtt Copy.Arn # <-
          Copy: # <-
            Type: AWS::S3::Bucket
        """,
        """
        # The second of two destinations has versioning suspended.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Priority: 1, Filter: {}, Destination: {Bucket: !GetAtt Copy.Arn}}
                  - Status: Enabled
                    Priority: 2
                    Filter: {}
                    Destination:
                      Bucket: arn:aws:s3:::shop-archive # <-
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
          Archive:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-archive
              VersioningConfiguration:
                Status: Suspended # <-
        """,
        """
        # One destination is known to lack versions, whatever the other one is like.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Priority: 1, Filter: {}, Destination: {Bucket: !ImportValue copy-arn}}
                  - Status: Enabled
                    Priority: 2
                    Filter: {}
                    Destination:
                      Bucket: !GetAtt Copy.Arn # <-
          Copy: # <-
            Type: AWS::S3::Bucket
        """,
    ),
    unsure=(
        """
        # The destination is declared elsewhere, in another account perhaps.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
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
        # The destination is here, and its versioning is for whoever deploys it.
        Parameters:
          Versioning: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
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
              VersioningConfiguration:
                Status: !Ref Versioning # <-
        """,
    ),
)
def destination_versioning(bucket: Bucket, estate: Estate) -> Verdict:
    """Every replication destination has versioning enabled.

    A destination without versions turns every object away, and nothing but the replication status of each
    single object tells it. So nobody misses the copies before they are needed.
    """
    return of_every_rule(
        bucket,
        lambda rule: of_destination(
            rule,
            bucket,
            estate,
            lambda target: versioning(target).is_in("Enabled", what=f"versioning of {label(target)}"),
        ),
    )
