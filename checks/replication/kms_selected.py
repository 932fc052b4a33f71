from s3audit.check import ALL, BUCKETS, HIGH, LOW, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.replication import ReplicationRule
from s3audit.setting import Known, Unset
from s3audit.verdict import Verdict, unless

from ._rules import of_every_rule


@check(
    severity=HIGH,
    severity_rule=(
        "high: what is encrypted with KMS is left out silently, and the copy is incomplete; low when the rule says"
        " itself that it leaves that out"
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
                  SourceSelectionCriteria:
                    SseKmsEncryptedObjects: {Status: Enabled}
                  Destination:
                    Bucket: !GetAtt Replica.Arn
                    EncryptionConfiguration:
                      ReplicaKmsKeyID: !GetAtt Key.Arn
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
                source_selection_criteria {
                  sse_kms_encrypted_objects {
                    status = "Enabled"
                  }
                }
                destination {
                  bucket = aws_s3_bucket.replica.arn
                  encryption_configuration {
                    replica_kms_key_id = aws_kms_key.example.arn
                  }
                }
              }
            }
            """,
        cli="""
            # The whole configuration, with SourceSelectionCriteria.SseKmsEncryptedObjects Enabled in each rule, and
            # in each Destination EncryptionConfiguration.ReplicaKmsKeyID.
            aws s3api put-bucket-replication --bucket BUCKET --replication-configuration file://replication.json
            """,
        note="The role needs kms:Decrypt on the key of the source, and kms:Encrypt on that of the destination.",
    ),
    passes=(
        """
        # Objects that are encrypted with KMS are copied too.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
                    Destination:
                      Bucket: arn:aws:s3:::company-copy
                      EncryptionConfiguration:
                        ReplicaKmsKeyID: arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab
          Key:
            Type: AWS::KMS::Key
        """,
        """
        # With S3's own keys there is nothing to select; a rule that is off leaves nothing out.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
                    Destination:
                      Bucket: arn:aws:s3:::company-copy
                      EncryptionConfiguration:
                        ReplicaKmsKeyID: arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab
                  - {Status: Disabled, Prefix: old/, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
        """,
    ),
    fails=(
        """
        # New objects are encrypted with KMS, and such objects are not copied.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled # <-
                    Destination: {Bucket: "arn:aws:s3:::company-copy"}
        """,
        """
        # Low: somebody has decided to leave them out.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms:dsse}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    SourceSelectionCriteria:
                      SseKmsEncryptedObjects:
                        Status: Disabled # <-
                    Destination: {Bucket: "arn:aws:s3:::company-copy"}
        """,
    ),
    unsure=(
        """
        # Whether new objects are encrypted with KMS is for whoever deploys it.
        Parameters:
          Algorithm: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: !Ref Algorithm # <-
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
        """,
        """
        # Whether they are copied is for whoever deploys it.
        Parameters:
          Encrypted: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    SourceSelectionCriteria:
                      SseKmsEncryptedObjects:
                        Status: !Ref Encrypted # <-
                    Destination: {Bucket: "arn:aws:s3:::company-copy"}
        """,
    ),
)
def kms_selected(bucket: Bucket) -> Verdict:
    """KMS-encrypted objects are selected for replication.

    S3 leaves out what is encrypted with a KMS key unless the rule asks for it. It counts that as no failure, so an
    incomplete copy looks like a complete one until it is needed.
    """
    uses_kms = bucket.encryption.algorithm.is_in("aws:kms", "aws:kms:dsse", what="default encryption")
    return unless(~uses_kms, "nothing has to be selected", lambda: of_every_rule(bucket, _takes_them))


def _takes_them(rule: ReplicationRule) -> Verdict:
    found = rule.kms_objects.is_in("Enabled", what="SseKmsEncryptedObjects")
    match rule.kms_objects:
        case Known("Disabled") | Unset("Disabled"):
            return found.at_severity(LOW)
        case _:
            return found.at_severity(HIGH)
