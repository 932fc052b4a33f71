from s3audit.check import ALL, BUCKETS, LOW, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.relations import label
from s3audit.model.replicas import is_latest, is_on, leads_to, share_objects, some_rule
from s3audit.model.replication import ReplicationRule
from s3audit.verdict import Status, Verdict, passed, unless

from ._rules import of_destination, of_every_rule


@check(
    severity=LOW,
    severity_rule="low: tags, ACLs and locks of the two copies drift apart, the data does not",
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
                  DeleteMarkerReplication: {Status: Enabled}
                  SourceSelectionCriteria:
                    ReplicaModifications: {Status: Enabled}
                    SseKmsEncryptedObjects: {Status: Disabled}
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
                  status = "Enabled"
                }
                source_selection_criteria {
                  replica_modifications {
                    status = "Enabled"
                  }
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
                "DeleteMarkerReplication": {"Status": "Enabled"},
                "SourceSelectionCriteria": {"ReplicaModifications": {"Status": "Enabled"}},
                "Destination": {"Bucket": "DESTINATION_ARN"}}]}'
            """,
        note="The rules of both buckets need it.",
    ),
    passes=(
        """
        # Each of the two sends changes of replicas back.
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
                    SourceSelectionCriteria: {ReplicaModifications: {Status: Enabled}}
                    Destination: {Bucket: !GetAtt Copy.Arn}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Enabled}
                    SourceSelectionCriteria: {ReplicaModifications: {Status: Enabled}}
                    Destination: {Bucket: "arn:aws:s3:::shop-orders"}
        """,
        """
        # Both ways for some objects only; and the older form, which has no word for it.
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
                    Filter: {Prefix: orders/}
                    DeleteMarkerReplication: {Status: Enabled}
                    Destination: {Bucket: !GetAtt Copy.Arn}
                  - Status: Enabled
                    Priority: 2
                    Filter: {Prefix: shared/}
                    DeleteMarkerReplication: {Status: Enabled}
                    SourceSelectionCriteria: {ReplicaModifications: {Status: Enabled}}
                    Destination: {Bucket: !GetAtt Copy.Arn}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: photos/}
                    DeleteMarkerReplication: {Status: Enabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-orders"}
                  - Status: Enabled
                    Priority: 2
                    Filter: {Prefix: shared/}
                    DeleteMarkerReplication: {Status: Enabled}
                    SourceSelectionCriteria: {ReplicaModifications: {Status: Enabled}}
                    Destination: {Bucket: "arn:aws:s3:::shop-orders"}
          Left:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-left
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Destination: {Bucket: !GetAtt Right.Arn}}
          Right:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Destination: {Bucket: "arn:aws:s3:::shop-left"}}
        """,
    ),
    fails=(
        """
        # Only one of the two sends changes of replicas back.
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
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Enabled}
                    Destination:
                      Bucket: !GetAtt Copy.Arn # <-
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: orders/}
                    DeleteMarkerReplication: {Status: Enabled}
                    SourceSelectionCriteria: {ReplicaModifications: {Status: Enabled}}
                    Destination: {Bucket: "arn:aws:s3:::shop-orders"}
        """,
    ),
    unsure=(
        """
        # Whether there is a way back is told elsewhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Enabled}
                    Destination:
                      Bucket: arn:aws:s3:::company-copy # <-
        """,
        """
        # Whether the rule back is on is for whoever deploys it.
        Parameters:
          Back: {Type: String}
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
                      Bucket: !GetAtt Copy.Arn # <-
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: !Ref Back # <-
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Enabled}
                    SourceSelectionCriteria: {ReplicaModifications: {Status: Enabled}}
                    Destination: {Bucket: "arn:aws:s3:::shop-orders"}
        """,
    ),
)
def two_way_metadata(bucket: Bucket, estate: Estate) -> Verdict:
    """Two buckets that are copied to each other sync replica modifications.

    Tags, ACLs and locks that are changed on a replica stay there unless a rule says otherwise. So two copies
    that pass for one differ in who may read them, and in how long they are kept.
    """
    return of_every_rule(bucket, lambda rule: _syncs(rule, bucket, estate))


def _syncs(rule: ReplicationRule, source: Bucket, estate: Estate) -> Verdict:
    return unless(
        ~is_latest(rule),
        "it has no word for it",
        lambda: of_destination(rule, source, estate, lambda target: _both_ways(rule, source, target, estate)),
    )


def _both_ways(rule: ReplicationRule, source: Bucket, target: Bucket, estate: Estate) -> Verdict:
    back = some_rule(
        target,
        lambda other: (
            is_on(other) & is_latest(other) & leads_to(other, source, estate) & share_objects(rule, other)
        ),
        Verdict(Status.FAIL),
    )
    there_only = ~back & passed(source.at, f"{label(target)} is not replicated back")
    return unless(
        there_only,
        "nothing comes back",
        rule.replica_modifications.is_in("Enabled", what="ReplicaModifications"),
    )
