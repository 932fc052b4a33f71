from s3audit.check import ALL, BUCKETS, LOW, MEDIUM, Fix, check
from s3audit.intent import is_for
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.relations import label
from s3audit.model.replicas import destination_or_stand_in, is_latest
from s3audit.model.replication import ReplicationRule
from s3audit.verdict import Status, Verdict, failed, not_applicable, passed, unknown

from ._rules import of_every_rule

_BACKUP = "backup-target"


@check(
    severity=LOW,
    severity_rule=(
        "low: a deletion hides what is kept, and older versions stay; medium where a rule says that delete markers"
        " are replicated to where backups are kept"
    ),
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
                    Bucket: !GetAtt Backup.Arn
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
                  bucket = aws_s3_bucket.backup.arn
                }
              }
            }
            """,
        cli="""
            aws s3api put-bucket-replication --bucket BUCKET --replication-configuration \\
              '{"Role": "ROLE_ARN", "Rules": [{"Status": "Enabled", "Priority": 1, "Filter": {"Prefix": ""},
                "DeleteMarkerReplication": {"Status": "Disabled"}, "Destination": {"Bucket": "BACKUP_ARN"}}]}'
            """,
        note="What is deleted on purpose then stays in the backup, until a lifecycle rule there removes it.",
    ),
    passes=(
        """
        # The backup keeps what is deleted; to the other copy deletions may go.
        #: [[expect]]
        #: name = "shop-backup"
        #: role = "backup-target"
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
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-backup"}
                  - Status: Enabled
                    Priority: 2
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Enabled}
                    Destination: {Bucket: !GetAtt Copy.Arn}
                  - Status: Disabled
                    Priority: 3
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Enabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-backup"}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-copy
              VersioningConfiguration: {Status: Enabled}
        """,
    ),
    fails=(
        """
        # Medium: whoever deletes here hides it in the backup too.
        #: [[expect]]
        #: name = "shop-backup"
        #: role = "backup-target"
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
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Enabled} # <-
                    Destination:
                      Bucket: !GetAtt Backup.Arn # <-
          Backup:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-backup
              VersioningConfiguration: {Status: Enabled}
        """,
        """
        # Low: a rule without a filter does so unasked; and the backup is declared elsewhere.
        #: [[expect]]
        #: name = "shop-backup"
        #: role = "backup-target"
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled # <-
                    Destination:
                      Bucket: arn:aws:s3:::shop-backup # <-
        """,
    ),
    unsure=(
        """
        # Whether delete markers go with it is for whoever deploys it.
        #: [[expect]]
        #: name = "shop-backup"
        #: role = "backup-target"
        Parameters:
          Markers: {Type: String}
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
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: !Ref Markers} # <-
                    Destination: {Bucket: "arn:aws:s3:::shop-backup"}
        """,
        """
        # Whether it is the backup is for whoever deploys it.
        #: [[expect]]
        #: name = "shop-backup"
        #: role = "backup-target"
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
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Enabled}
                    Destination:
                      Bucket: !Sub arn:aws:s3:::${Copy} # <-
        """,
    ),
)
def delete_markers(bucket: Bucket, estate: Estate) -> Verdict:
    """Deletions are not replicated to where backups are kept.

    A replicated delete marker hides an object in the backup at the moment in which somebody deletes it in the
    source, by mistake or with bad intent. Who looks for it there does not find it.
    """
    if not any(_BACKUP in one.roles for one in estate.expectations):
        return not_applicable(bucket.at, "no bucket is said to be a backup target")
    return of_every_rule(bucket, lambda rule: _spares(rule, estate))


def _spares(rule: ReplicationRule, estate: Estate) -> Verdict:
    backup = _leads_to_backup(rule, estate)
    asked = rule.delete_markers.is_in("Enabled", what="DeleteMarkerReplication")
    by_itself = ~is_latest(rule)
    return (~(asked & backup)).at_severity(MEDIUM) & ~(by_itself & backup)


def _leads_to_backup(rule: ReplicationRule, estate: Estate) -> Verdict:
    at = rule.destination.bucket.at
    target = destination_or_stand_in(rule, estate)
    match is_for(target, estate, _BACKUP).status:
        case Status.PASS:
            return passed(at, f"{label(target)} is said to be a backup target")
        case Status.UNKNOWN:
            return unknown(at, f"whether {label(target)} is a backup target is not known")
        case _:
            return failed(at, f"{label(target)} is not said to be a backup target")
