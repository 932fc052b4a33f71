from s3audit.check import ALL, BUCKETS, HIGH, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.relations import Edge
from s3audit.setting import Known, Setting, Unset, when_set
from s3audit.text import Text
from s3audit.verdict import Verdict, failed, passed

from ._targets import logging_of, of_edge

_NEVER = frozenset(":/ ")
"""Characters that stand in ARNs and in addresses, and in no name of a bucket."""


@check(
    severity=HIGH,
    severity_rule="high: there are no logs, and whoever makes a bucket of that name may get them",
    needs=(BUCKETS,),
    about="logging",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            LoggingConfiguration:
              DestinationBucketName: !Ref Logs
            """,
        terraform="""
            resource "aws_s3_bucket_logging" "example" {
              bucket        = aws_s3_bucket.example.id
              target_bucket = aws_s3_bucket.logs.id
              target_prefix = "example/"
            }
            """,
        cli="""
            aws s3api put-bucket-logging --bucket BUCKET --bucket-logging-status \\
              '{"LoggingEnabled": {"TargetBucket": "LOG_BUCKET", "TargetPrefix": "BUCKET/"}}'
            """,
        note="Whether a bucket of another account has the name is only known when it is made again.",
    ),
    passes=(
        """
        # The log bucket is made beside the bucket.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs
          Logs:
            Type: AWS::S3::Bucket
        """,
        """
        # It is the bucket that has this name here.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: shop-logs
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-logs
        """,
    ),
    fails=(
        """
        # An ARN stands where the name of a bucket should, and no bucket is called like that.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !GetAtt Logs.Arn # <-
          Logs:
            Type: AWS::S3::Bucket
        """,
        """
        # So does the address of one.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: s3://shop-logs # <-
        """,
    ),
    unsure=(
        """
        # Whether there is such a bucket is not told here.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: company-logs # <-
        """,
        """
        # Which bucket it is, is for whoever deploys it.
        Parameters:
          LogBucket:
            Type: String
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref LogBucket # <-
        """,
    ),
)
def target_exists(bucket: Bucket, estate: Estate) -> Verdict:
    """The log target exists.

    S3 tells nobody that it could not deliver a log. And the name of a bucket that is gone is free: whoever makes
    a bucket of that name owns the place that the logs are meant for.
    """
    return of_edge(bucket, estate, lambda edge: _is_there(edge, logging_of(bucket).target))


def _is_there(edge: Edge, target: Setting[Text]) -> Verdict:
    match target:
        case Known(name, at) | Unset(name, at) if _is_no_name(name):
            return failed(at, f"{name} is the name of no bucket")
        case _:
            pass
    return when_set(
        edge.to,
        lambda _: passed(edge.at, edge.note),
        failed(edge.at, f"{edge.note}, and there is no such bucket"),
    )


def _is_no_name(written: Text) -> bool:
    return any(_NEVER & set(part) for part in written.parts if isinstance(part, str))
