from s3audit.check import ALL, KEYS, MEDIUM, TABLE_BUCKETS, Fix, check
from s3audit.model.estate import Estate
from s3audit.model.table_bucket import Table, TableBucket
from s3audit.policy.stores import demanded, kept_to, key_serves
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Verdict, not_applicable, unknown, unless

from ._buckets import expected, is_of_aws, trusted_with

_MAINTENANCE = "maintenance.s3tables.amazonaws.com"
_NEEDED = ("kms:GenerateDataKey", "kms:Decrypt")
_STAND_IN = "arn:aws:s3tables:eu-west-1:111122223333:bucket/xqz-itself"
_OF_TABLES = """
    GetTableData PutTableData DeleteTable GetTable GetTableMetadataLocation UpdateTableMetadataLocation
    PutTableBucketPolicy PutTablePolicy DeleteTableBucketPolicy DeleteTablePolicy DeleteTableBucket CreateNamespace
    CreateTable DeleteNamespace DeleteTableBucketEncryption GetNamespace GetTableBucket GetTableBucketEncryption
    GetTableBucketMaintenanceConfiguration GetTableBucketPolicy GetTableEncryption GetTableMaintenanceConfiguration
    GetTableMaintenanceJobStatus GetTablePolicy ListNamespaces ListTables PutTableBucketEncryption
    PutTableBucketMaintenanceConfiguration PutTableEncryption PutTableMaintenanceConfiguration RenameTable
"""
_ACTIONS = tuple(f"s3tables:{name}" for name in _OF_TABLES.split())


@check(
    severity=MEDIUM,
    severity_rule=(
        "medium: tables hold copies of the data of other buckets, made for analysis; high for a grant to an account"
        " that is not on the list of those to trust"
    ),
    needs=(TABLE_BUCKETS, KEYS),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            EncryptionConfiguration:
              SSEAlgorithm: aws:kms
              KMSKeyArn: !GetAtt Key.Arn
            Key:
              Type: AWS::KMS::Key
              Properties:
                EnableKeyRotation: true
                KeyPolicy:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
                      Action: kms:*
                      Resource: "*"
                    - Effect: Allow
                      Principal: {Service: maintenance.s3tables.amazonaws.com}
                      Action: [kms:GenerateDataKey, kms:Decrypt]
                      Resource: "*"
                      Condition: {StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}}
            """,
        terraform="""
            data "aws_caller_identity" "current" {}

            resource "aws_kms_key" "example" {
              enable_key_rotation = true
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [
                  {
                    Effect    = "Allow"
                    Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
                    Action    = "kms:*"
                    Resource  = "*"
                  },
                  {
                    Effect    = "Allow"
                    Principal = { Service = "maintenance.s3tables.amazonaws.com" }
                    Action    = ["kms:GenerateDataKey", "kms:Decrypt"]
                    Resource  = "*"
                    Condition = {
                      StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
                    }
                  },
                ]
              })
            }

            resource "aws_s3tables_table_bucket" "example" {
              encryption_configuration = {
                sse_algorithm = "aws:kms"
                kms_key_arn   = aws_kms_key.example.arn
              }
            }
            """,
        cli="""
            # policy.json names those who may, in the Principal of each statement.
            aws s3tables put-table-bucket-encryption --table-bucket-arn TABLE_BUCKET_ARN \\
              --encryption-configuration sseAlgorithm=aws:kms,kmsKeyArn=KEY_ARN
            aws s3tables put-table-bucket-policy --table-bucket-arn TABLE_BUCKET_ARN \\
              --resource-policy file://policy.json
            """,
        note="Tables that are there keep the encryption that they were made with.",
    ),
    passes=(
        """
        # A key that maintenance may use, and a policy for a role of an account that is to be trusted.
        #: [[expect]]
        #: kind = "table-bucket"
        #: encryption = "aws:kms"
        #: trusted_accounts = ["444455556666"]
        Resources:
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
                    Action: kms:*
                    Resource: "*"
                  - Effect: Allow
                    Principal: {Service: maintenance.s3tables.amazonaws.com}
                    Action: [kms:GenerateDataKey, kms:Decrypt]
                    Resource: "*"
                    Condition: {StringLike: {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3tables:*:*:bucket/sales/*"}}
          Sales:
            Type: AWS::S3Tables::TableBucket
            Properties:
              TableBucketName: sales
              EncryptionConfiguration: {SSEAlgorithm: aws:kms, KMSKeyArn: !GetAtt Key.Arn}
          SalesPolicy:
            Type: AWS::S3Tables::TableBucketPolicy
            Properties:
              TableBucketARN: !GetAtt Sales.TableBucketARN
              ResourcePolicy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: "arn:aws:iam::444455556666:role/analyst"}
                    Action: [s3tables:GetTable, s3tables:GetTableData]
                    Resource: "*"
        """,
        """
        # Nobody demands KMS, nor said whom to trust.
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
          OrdersPolicy:
            Type: AWS::S3Tables::TablePolicy
            Properties:
              TableARN: !GetAtt Orders.TableARN
              ResourcePolicy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: "444455556666"}
                    Action: s3tables:*
                    Resource: "*"
        """,
    ),
    fails=(
        """
        # KMS is demanded.
        #: [[expect]]
        #: kind = "table-bucket"
        #: encryption = "aws:kms"
        Resources:
          Sales: # <-
            Type: AWS::S3Tables::TableBucket
            Properties:
              TableBucketName: sales
        """,
        """
        # The policy that KMS gives a key leaves maintenance out, so tables are not compacted any more.
        Resources:
          Key: # <-
            Type: AWS::KMS::Key
            Properties:
              EnableKeyRotation: true
          Sales:
            Type: AWS::S3Tables::TableBucket
            Properties:
              TableBucketName: sales
              EncryptionConfiguration: {SSEAlgorithm: aws:kms, KMSKeyArn: !GetAtt Key.Arn}
        """,
        """
        # Everybody may read the tables.
        Resources:
          Sales:
            Type: AWS::S3Tables::TableBucket
            Properties:
              TableBucketName: sales
          SalesPolicy:
            Type: AWS::S3Tables::TableBucketPolicy
            Properties:
              TableBucketARN: !GetAtt Sales.TableBucketARN
              ResourcePolicy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: [s3tables:GetTable, s3tables:GetTableData]
                    Resource: "*"
        """,
        """
        # High: a table for an account that is on no list.
        #: [[expect]]
        #: kind = "table-bucket"
        #: trusted_accounts = ["444455556666"]
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
          OrdersPolicy:
            Type: AWS::S3Tables::TablePolicy
            Properties:
              TableARN: !GetAtt Orders.TableARN
              ResourcePolicy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: "arn:aws:iam::777788889999:root"}
                    Action: s3tables:GetTableData
                    Resource: "*"
        """,
    ),
    unsure=(
        """
        # The key is declared elsewhere.
        Resources:
          Sales:
            Type: AWS::S3Tables::TableBucket
            Properties:
              TableBucketName: sales
              EncryptionConfiguration:
                SSEAlgorithm: aws:kms
                KMSKeyArn: arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab # <-
        """,
    ),
)
def protected(one: TableBucket | Table, estate: Estate) -> Verdict:
    """S3 table buckets use KMS where required and restrict their policy.

    A table bucket has a policy and a key of its own, which nothing of the buckets beside it covers. Without access to
    the key AWS stops to compact its tables and to expire their snapshots, and says so to nobody.
    """
    return unless(is_of_aws(one), "AWS keeps it", lambda: _judge(one, estate))


def _judge(one: TableBucket | Table, estate: Estate) -> Verdict:
    encryption, trust = one.encryption, trusted_with(one, estate)
    if isinstance(trust, Unknown):
        closed = unknown(trust.at, trust.why)
    else:
        closed = kept_to(one, one.policy, estate, trust, _STAND_IN, _ACTIONS)
    if isinstance(one, Table) and _has_none(one):
        return closed & not_applicable(one.at, "it has the encryption of its table bucket")
    wanted = expected(one, estate, lambda entry: entry.encryption)
    served = key_serves(one, encryption.algorithm, encryption.kms_key, estate, _MAINTENANCE, *_NEEDED)
    return closed & demanded(encryption.algorithm, wanted) & served


def _has_none(table: Table) -> bool:
    match table.encryption.algorithm:
        case Known(None) | Unset(None):
            return True
        case _:
            return False
