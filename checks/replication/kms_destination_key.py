from s3audit.check import ALL, BUCKETS, HIGH, KEYS, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.owner import belongs_to
from s3audit.model.replica_keys import is_beside, takes_kms
from s3audit.model.replicas import destination_of
from s3audit.model.replication import ReplicationRule
from s3audit.setting import when_set
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, failed, passed, unknown, unless

from ._rules import of_every_rule

_MANAGED = "alias/aws/s3"


@check(
    severity=HIGH,
    severity_rule="high: S3 can't encrypt the copies, and every object that is encrypted with KMS fails",
    needs=(BUCKETS, KEYS),
    about="replication",
    sources=ALL,
    yields_to=("replication-destination-exists",),
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
            # The whole configuration, with the ARN of a key in the Region of the destination as
            # EncryptionConfiguration.ReplicaKmsKeyID of each Destination.
            aws s3api put-bucket-replication --bucket BUCKET --replication-configuration file://replication.json
            """,
        note="The role needs kms:Encrypt on that key; across accounts the key policy has to allow it too.",
    ),
    passes=(
        """
        # A key of the same stack, and so of the Region of the destination.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
                    Destination:
                      Bucket: !GetAtt Copy.Arn
                      EncryptionConfiguration: {ReplicaKmsKeyID: !GetAtt Key.Arn}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
          Key:
            Type: AWS::KMS::Key
        """,
        """
        # The key is named by its ARN, in the Region of the destination.
        provider "aws" {
          region = "eu-west-1"
        }
        provider "aws" {
          alias  = "far"
          region = "eu-central-1"
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket" "copy" {
          provider = aws.far
          bucket   = "shop-copy"
        }
        resource "aws_kms_key" "copy" {
          provider = aws.far
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          bucket = aws_s3_bucket.orders.id
          role   = "arn:aws:iam::111122223333:role/replication"
          rule {
            status   = "Enabled"
            priority = 1
            filter {
              prefix = "paid/"
            }
            source_selection_criteria {
              sse_kms_encrypted_objects {
                status = "Enabled"
              }
            }
            destination {
              bucket = aws_s3_bucket.copy.arn
              encryption_configuration {
                replica_kms_key_id = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
              }
            }
          }
          rule {
            status   = "Enabled"
            priority = 2
            filter {
              prefix = "sent/"
            }
            source_selection_criteria {
              sse_kms_encrypted_objects {
                status = "Enabled"
              }
            }
            destination {
              bucket = aws_s3_bucket.copy.arn
              encryption_configuration {
                replica_kms_key_id = aws_kms_key.copy.arn
              }
            }
          }
        }
        """,
        """
        # Where nothing that is encrypted with KMS is copied, it takes no key.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
                    Destination:
                      Bucket: !GetAtt Copy.Arn
                      EncryptionConfiguration: {ReplicaKmsKeyID: !GetAtt Key.Arn}
          Invoices:
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
          Key:
            Type: AWS::KMS::Key
        """,
    ),
    fails=(
        """
        # No key is named for the copies.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
                    Destination: # <-
                      Bucket: !GetAtt Copy.Arn
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
        """,
        """
        # The copies are written in another Region than the one of the key.
        provider "aws" {
          region = "eu-west-1"
        }
        provider "aws" {
          alias  = "far"
          region = "eu-central-1"
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket" "copy" {
          provider = aws.far
          bucket   = "shop-copy"
        }
        resource "aws_kms_key" "orders" {}
        resource "aws_s3_bucket_replication_configuration" "orders" {
          bucket = aws_s3_bucket.orders.id
          role   = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            source_selection_criteria {
              sse_kms_encrypted_objects {
                status = "Enabled"
              }
            }
            destination {
              bucket = aws_s3_bucket.copy.arn
              encryption_configuration {
                replica_kms_key_id = aws_kms_key.orders.arn # <-
              }
            }
          }
        }
        """,
        """
        # The key that AWS manages is of no use to another account.
        provider "aws" {
          alias = "shop"
          assume_role {
            role_arn = "arn:aws:iam::111122223333:role/deploy"
          }
        }
        provider "aws" {
          alias = "backup"
          assume_role {
            role_arn = "arn:aws:iam::444455556666:role/deploy"
          }
        }
        resource "aws_s3_bucket" "orders" {
          provider = aws.shop
          region   = "eu-west-1"
          bucket   = "shop-orders"
        }
        resource "aws_s3_bucket" "copy" {
          provider = aws.backup
          region   = "eu-west-1"
          bucket   = "shop-copy"
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          provider = aws.shop
          bucket   = aws_s3_bucket.orders.id
          role     = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            source_selection_criteria {
              sse_kms_encrypted_objects {
                status = "Enabled"
              }
            }
            destination {
              bucket = aws_s3_bucket.copy.arn
              encryption_configuration {
                replica_kms_key_id = "arn:aws:kms:eu-west-1:444455556666:alias/aws/s3" # <-
              }
            }
          }
        }
        """,
    ),
    unsure=(
        """
        # In which Region the destination is nobody tells here.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
                    Destination:
                      Bucket: arn:aws:s3:::company-copy # <-
                      EncryptionConfiguration:
                        ReplicaKmsKeyID: arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab
        """,
        """
        # The key is for whoever deploys it.
        Parameters:
          Key: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
                    Destination:
                      Bucket: !GetAtt Copy.Arn
                      EncryptionConfiguration:
                        ReplicaKmsKeyID: !Ref Key # <-
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
        """,
    ),
)
def kms_destination_key(bucket: Bucket, estate: Estate) -> Verdict:
    """The key of the copies is named, in their Region, and customer managed across accounts.

    Copies of objects that are encrypted with KMS are encrypted anew, with the key that the rule names. S3 takes any
    name for it, and when the key is of no use there each object fails by itself.
    """
    return of_every_rule(
        bucket,
        lambda rule: unless(
            ~takes_kms(rule),
            "it copies nothing that takes a key",
            lambda: _judge(rule, bucket, estate),
        ),
    )


def _judge(rule: ReplicationRule, bucket: Bucket, estate: Estate) -> Verdict:
    named = rule.destination.kms_key
    return when_set(
        named,
        lambda key: _is_usable(key, rule, bucket, estate),
        failed(named.at, "the rule names no key for the copies (ReplicaKmsKeyID)"),
        what="the key of the copies",
    )


def _is_usable(key: Text, rule: ReplicationRule, bucket: Bucket, estate: Estate) -> Verdict:
    at = rule.destination.kms_key.at
    managed = _is_managed(key)

    def judge(target: Bucket) -> Verdict:
        found = is_beside(rule, target, estate)
        if managed is Status.FAIL:
            return found
        at_home = belongs_to(target, bucket.account, at)
        if managed is Status.PASS:
            used = passed(at, "the key is the one that AWS manages, and the destination is of its account")
            foreign = failed(
                at, "the key is the one that AWS manages, and the destination is of another account"
            )
            match at_home.status:
                case Status.PASS:
                    return found & used
                case Status.FAIL:
                    return found & foreign
                case _:
                    return found & at_home
        if at_home.status is Status.PASS:
            return found
        return found & unknown(at, f"whether {key} is the key that AWS manages is not known")

    return when_set(destination_of(rule, estate), judge, "the destination does not exist")


def _is_managed(key: Text) -> Status:
    if len(key.parts) == 1 and key.opaque and key.opaque[0].resource:
        return Status.FAIL
    return key.ends_with(_MANAGED)
