from s3audit.check import ALL, INFO, TABLE_BUCKETS, Fix, check
from s3audit.model.estate import Estate
from s3audit.model.expectation import Retention
from s3audit.model.table_bucket import RecordExpiration, Table, TableBucket
from s3audit.setting import Setting, Unset, when_set
from s3audit.verdict import Verdict, failed, not_applicable, passed, unless

from ._buckets import expected, is_of_aws

_ON = "Enabled"


@check(
    severity=INFO,
    severity_rule="info: it costs storage and time, and keeps what was meant to be gone",
    needs=(TABLE_BUCKETS,),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            UnreferencedFileRemoval:
              Status: Enabled
              UnreferencedDays: 3
              NoncurrentDays: 10
            """,
        terraform="""
            resource "aws_s3tables_table_bucket" "example" {
              maintenance_configuration = {
                iceberg_unreferenced_file_removal = {
                  status = "enabled"
                  settings = {
                    unreferenced_days = 3
                    non_current_days  = 10
                  }
                }
              }
            }
            """,
        cli="""
            aws s3tables put-table-bucket-maintenance-configuration --table-bucket-arn TABLE_BUCKET_ARN \\
              --type icebergUnreferencedFileRemoval --value status=enabled
            aws s3tables put-table-maintenance-configuration --table-bucket-arn TABLE_BUCKET_ARN \\
              --namespace NAMESPACE --name TABLE --type icebergSnapshotManagement --value status=enabled
            """,
        note="All of it is on unless somebody switches it off: whatever does its work instead has to go.",
    ),
    passes=(
        """
        # On in so many words; and on because nobody says anything.
        Resources:
          Sales:
            Type: AWS::S3Tables::TableBucket
            Properties:
              TableBucketName: sales
              UnreferencedFileRemoval: {Status: Enabled, UnreferencedDays: 5, NoncurrentDays: 15}
          Orders:
            Type: AWS::S3Tables::Table
            Properties:
              TableBucketARN: !GetAtt Sales.TableBucketARN
              Namespace: shop
              TableName: orders
              OpenTableFormat: ICEBERG
        """,
    ),
    fails=(
        """
        # Files that no table refers to stay, and are paid for.
        Resources:
          Sales:
            Type: AWS::S3Tables::TableBucket
            Properties:
              TableBucketName: sales
              UnreferencedFileRemoval:
                Status: Disabled # <-
        """,
        """
        # A table whose snapshots never expire, with all data that was ever in it.
        Resources:
          Sales:
            Type: AWS::S3Tables::TableBucket
            Properties:
              TableBucketName: sales
          Orders:
            Type: AWS::S3Tables::Table
            Properties:
              TableBucketARN: !GetAtt Sales.TableBucketARN
              Namespace: shop
              TableName: orders
              OpenTableFormat: ICEBERG
              Compaction: {Status: enabled}
              SnapshotManagement:
                Status: disabled # <-
        """,
    ),
    unsure=(
        """
        # Whoever deploys it decides.
        Parameters:
          Removal: {Type: String}
        Resources:
          Sales:
            Type: AWS::S3Tables::TableBucket
            Properties:
              TableBucketName: sales
              UnreferencedFileRemoval:
                Status: !Ref Removal # <-
        """,
    ),
)
def maintenance(one: TableBucket | Table, estate: Estate) -> Verdict:
    """Table buckets remove unreferenced files and expire snapshots.

    Each change of a table leaves the old files behind, for its older snapshots. Where nobody removes them the table
    grows for ever, and what was deleted from it can still be read.
    """
    return unless(is_of_aws(one), "AWS keeps it", lambda: _judge(one, estate))


def _judge(one: TableBucket | Table, estate: Estate) -> Verdict:
    if isinstance(one, TableBucket):
        return one.file_removal.status.is_in(_ON, what="the removal of unreferenced files")
    return (
        one.compaction.status.is_in(_ON, what="compaction")
        & one.snapshots.status.is_in(_ON, what="the management of snapshots")
        & _expires_in_time(one, estate)
    )


def _expires_in_time(table: Table, estate: Estate) -> Verdict:
    """Whether records are deleted within the time that the configuration has for it, if they are deleted at all."""
    wanted = expected(table, estate, lambda entry: entry.retention)
    if isinstance(wanted, Unset):
        return not_applicable(table.at, "nobody said how long records stay")
    return when_set(
        table.record_expiration,
        lambda rule: _within(rule, wanted),
        "its records do not expire",
        what="the expiration of records",
    )


def _within(rule: RecordExpiration, wanted: Setting[Retention | None]) -> Verdict:
    off = ~rule.status.is_in(_ON, what="the expiration of records")
    return unless(
        off,
        "its records stay",
        lambda: when_set(
            wanted,
            lambda retention: when_set(
                rule.days,
                lambda days: _fits(days, retention, rule),
                "no period is set",
                what="when records expire",
            ),
            "nobody said how long records stay",
            what="how long records stay",
        ),
    )


def _fits(days: int, retention: Retention, rule: RecordExpiration) -> Verdict:
    at = rule.days.at
    if retention.minimum is not None and days < retention.minimum:
        return failed(at, f"records expire after {days} days, and have to stay for {retention.minimum}")
    if retention.maximum is not None and days > retention.maximum:
        return failed(at, f"records expire after {days} days, and have to be gone after {retention.maximum}")
    return passed(at, f"records expire after {days} days")
