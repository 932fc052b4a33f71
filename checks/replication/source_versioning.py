from s3audit.check import ALL, BUCKETS, HIGH, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import versioning
from s3audit.setting import some_of, when_set
from s3audit.verdict import Verdict, passed, unless


@check(
    severity=HIGH,
    severity_rule="high: S3 refuses the configuration, or stops replicating",
    needs=(BUCKETS,),
    about="replication",
    sources=ALL,
    peers={"prowler": ("s3_bucket_cross_region_replication",)},
    fix=Fix(
        cloudformation="""
            VersioningConfiguration:
              Status: Enabled
            """,
        terraform="""
            # aws_s3_bucket_replication_configuration needs depends_on = [aws_s3_bucket_versioning.example].
            resource "aws_s3_bucket_versioning" "example" {
              bucket = aws_s3_bucket.example.id
              versioning_configuration {
                status = "Enabled"
              }
            }
            """,
        cli="""
            aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=Enabled
            """,
    ),
    passes=(
        """
        # The source has versioning on.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Destination: {Bucket: "arn:aws:s3:::shop-copy"}}
        """,
        """
        # So has one that is made with Object Lock; and nothing is asked of a bucket without replication.
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Destination: {Bucket: !GetAtt Copy.Arn}}
          Copy:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # Nothing is said about versioning.
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
            Properties:
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Destination: {Bucket: "arn:aws:s3:::shop-copy"}}
        """,
        """
        # It is suspended. That the rule is switched off as well does not make S3 accept it.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration:
                Status: Suspended # <-
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Disabled, Destination: {Bucket: "arn:aws:s3:::shop-copy"}}
        """,
        """
        # Replication is for production, and so is versioning; but not by the same condition.
        Parameters:
          Env: {Type: String, AllowedValues: [dev, test, prod]}
        Conditions:
          IsProd: !Equals [!Ref Env, prod]
          IsDev: !Equals [!Ref Env, dev]
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: !If [IsProd, {Status: Enabled}, !Ref AWS::NoValue]
              ReplicationConfiguration: !If
                - IsDev
                - !Ref AWS::NoValue
                - Role: arn:aws:iam::111122223333:role/replication
                  Rules:
                    - {Status: Enabled, Destination: {Bucket: "arn:aws:s3:::shop-copy"}}
        """,
    ),
    unsure=(
        """
        # Whoever deploys it decides about versioning.
        Parameters:
          Versioning: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration:
                Status: !Ref Versioning # <-
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Destination: {Bucket: "arn:aws:s3:::shop-copy"}}
        """,
        """
        # Whether there is replication is told elsewhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              ReplicationConfiguration: # <-
                Fn::Transform:
                  Name: AWS::Include
                  Parameters: {Location: s3://templates/replication.yaml}
        """,
    ),
)
def source_versioning(bucket: Bucket) -> Verdict:
    """The replication source has versioning enabled.

    Replication copies versions, so S3 takes a replication configuration only for a bucket that has them.
    Without them the deployment fails, or the copies stop while everybody believes in them.
    """
    return when_set(
        bucket.replication,
        lambda replication: unless(
            ~some_of(replication.rules, lambda rule: passed(rule.at, "it has a replication rule")),
            "there is nothing to replicate",
            versioning(bucket).is_in("Enabled", what="versioning, which replication needs,"),
        ),
        "it has no replication",
        what="replication",
    )
