from s3audit.check import ALL, BUCKETS, HIGH, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.relations import comes_back, log_edges
from s3audit.setting import when_set
from s3audit.verdict import Verdict


@check(
    severity=HIGH,
    severity_rule="high: each delivered log makes another one, without end, and the real entries drown",
    needs=(BUCKETS,),
    about="logging",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # Logs is a bucket without a LoggingConfiguration.
            LoggingConfiguration:
              DestinationBucketName: !Ref Logs
            """,
        terraform="""
            # aws_s3_bucket.logs has no aws_s3_bucket_logging.
            resource "aws_s3_bucket_logging" "example" {
              bucket        = aws_s3_bucket.example.id
              target_bucket = aws_s3_bucket.logs.id
              target_prefix = "example/"
            }
            """,
        cli="""
            # Switches the access logs of the log bucket off.
            aws s3api put-bucket-logging --bucket LOG_BUCKET --bucket-logging-status '{}'
            """,
    ),
    passes=(
        """
        # Every log goes to one bucket, and there it ends.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref Logs, LogFilePrefix: orders/}
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref Logs, LogFilePrefix: invoices/}
          Logs:
            Type: AWS::S3::Bucket
        """,
        """
        # A chain that ends is no loop.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: shop-logs}
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-logs
              LoggingConfiguration: {DestinationBucketName: !Ref Attic}
          Attic:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # A bucket that logs to itself.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              LoggingConfiguration:
                DestinationBucketName: shop-orders # <-
                LogFilePrefix: logs/
        """,
        """
        # So does one that names no destination.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: # <-
                LogFilePrefix: logs/
        """,
        """
        # Two that log to one another, and a third one that only feeds them.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Attic # <-
          Attic:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs # <-
        """,
        """
        # The loop closes in one environment only: elsewhere the logs go to the company.
        Parameters:
          Env:
            Type: String
            AllowedValues: [dev, prod]
        Conditions:
          IsProd: !Equals [!Ref Env, prod]
        Resources:
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !If [IsProd, !Ref Attic, !Ref Logs] # <-
          Attic:
            Type: AWS::S3::Bucket
        """,
    ),
    unsure=(
        """
        # Where the logs of the log bucket go is not told here.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !ImportValue log-bucket # <-
        """,
        """
        # A log bucket that is declared elsewhere may log to this one.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              LoggingConfiguration:
                DestinationBucketName: company-logs # <-
        """,
    ),
)
def loop(bucket: Bucket, estate: Estate) -> Verdict:
    """Access logs do not come back to the bucket they describe.

    Each delivery of a log is itself a request that is logged, so the bucket grows for ever and the bill with
    it. The entries that matter drown in those about the logs.
    """
    return when_set(
        bucket.logging,
        lambda _: ~comes_back(bucket, lambda one: log_edges(one, estate), "the access logs"),
        "it has no access logging",
        what="access logging",
    )
