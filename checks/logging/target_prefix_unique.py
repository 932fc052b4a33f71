from s3audit.check import ALL, BUCKETS, LOW, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.log_keys import Logger, Loggers, by_target, logger, meet, unseen
from s3audit.model.relations import log_edges
from s3audit.setting import when_set
from s3audit.text import Text, same
from s3audit.verdict import Evidence, Status, Verdict, passed, some, unknown, verdict

from ._targets import NOT_LOGGED


@check(
    severity=LOW,
    severity_rule="low: the logs of several buckets lie mixed, and nobody can be let in to those of one only",
    needs=(BUCKETS,),
    about="logging",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            LoggingConfiguration:
              DestinationBucketName: !Ref Logs
              LogFilePrefix: access/example/
            """,
        terraform="""
            resource "aws_s3_bucket_logging" "example" {
              bucket        = aws_s3_bucket.example.id
              target_bucket = aws_s3_bucket.logs.id
              target_prefix = "access/example/"
            }
            """,
        cli="""
            aws s3api put-bucket-logging --bucket BUCKET --bucket-logging-status \\
              '{"LoggingEnabled": {"TargetBucket": "LOG_BUCKET", "TargetPrefix": "access/BUCKET/"}}'
            """,
        note="What was delivered before stays where it is.",
    ),
    passes=(
        """
        # Each bucket has a prefix of its own.
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
        # The keys say whose the logs are: account, Region and bucket stand in them.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs
                LogFilePrefix: access/
                TargetObjectKeyFormat:
                  PartitionedPrefix: {PartitionDateSource: EventTime}
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs
                LogFilePrefix: access/
                TargetObjectKeyFormat:
                  PartitionedPrefix: {PartitionDateSource: EventTime}
          Logs:
            Type: AWS::S3::Bucket
        """,
        """
        # The same prefix in two log buckets.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref Logs, LogFilePrefix: access/}
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref OtherLogs, LogFilePrefix: access/}
          Logs:
            Type: AWS::S3::Bucket
          OtherLogs:
            Type: AWS::S3::Bucket
        """,
        """
        # What both prefixes begin with is not known yet, and after that they differ.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: company-logs
                LogFilePrefix: !Sub ${AWS::StackName}/orders/
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: company-logs
                LogFilePrefix: !Sub ${AWS::StackName}/invoices/
        """,
    ),
    fails=(
        """
        # Without a prefix the logs lie among all others.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: # <-
                DestinationBucketName: !Ref Logs
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs
                LogFilePrefix: invoices/ # <-
          Logs:
            Type: AWS::S3::Bucket
        """,
        """
        # One prefix is the start of the other.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: shop-logs
                LogFilePrefix: orders # <-
          Archive:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs
                LogFilePrefix: orders-archive/ # <-
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-logs
        """,
        """
        # Only one of them has keys that say whose they are.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: company-logs
                LogFilePrefix: access/ # <-
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: company-logs
                LogFilePrefix: access/ # <-
                TargetObjectKeyFormat:
                  PartitionedPrefix: {PartitionDateSource: EventTime}
        """,
    ),
    unsure=(
        """
        # Whether both log to the same bucket is for whoever deploys it.
        Parameters:
          LogBucket:
            Type: String
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref LogBucket
                LogFilePrefix: access/ # <-
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: company-logs
                LogFilePrefix: access/ # <-
        """,
        """
        # So is the prefix.
        Parameters:
          Prefix:
            Type: String
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: company-logs
                LogFilePrefix: !Ref Prefix # <-
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: company-logs
                LogFilePrefix: invoices/ # <-
        """,
    ),
)
def target_prefix_unique(bucket: Bucket, estate: Estate) -> Verdict:
    """Buckets sharing a log target use distinct prefixes.

    By its prefix a log is found, kept as long as it should be, and shown to those it concerns only. Where two
    buckets share one, all of that is done to both or to none.
    """
    return when_set(bucket.logging, lambda _: _alone(bucket, estate), NOT_LOGGED)


def _alone(bucket: Bucket, estate: Estate) -> Verdict:
    own = logger(bucket, estate)
    if own is None:
        return unknown(bucket.logging.at, "where it logs to is not known")
    target = own.target
    if target is None:
        return unknown(own.at, "which bucket it logs to is not known")
    shared = some(
        _shared(own, other, those, target)
        for those in estate.once(by_target).meant_by(target)
        for other in those.near(own)
        if other is None or other.address != own.address
    )
    for edge in log_edges(bucket, estate):
        shared = shared | some(unseen(bucket, edge.to, own.at, estate))
    if shared.status is Status.FAIL:
        return passed(own.at, f"no other bucket is seen to log {own.below}")
    return ~shared


def _shared(own: Logger, other: Logger | None, those: Loggers, target: Text) -> Verdict:
    """Whether the logs of both lie below the same prefix."""
    if other is None:
        return unknown(own.at, "there are too many prefixes that are not told in full")
    ways = (own.partitioned, other.partitioned)
    if ways == (True, True):
        return Verdict(Status.FAIL)
    is_same = Status.UNKNOWN if those.target is None else same(those.target, target)
    answers = {meet(own.prefix, other.prefix), is_same, other.is_there.status}
    if Status.FAIL in answers:
        return Verdict(Status.FAIL)
    is_open = Status.UNKNOWN in answers or False not in ways
    return verdict(
        Status.UNKNOWN if is_open else Status.PASS,
        Evidence(own.at, f"{own.label} logs {own.below}"),
        Evidence(
            other.at, f"{other.label} {'may log' if is_open else 'logs'} {other.below} in the same bucket"
        ),
    )
