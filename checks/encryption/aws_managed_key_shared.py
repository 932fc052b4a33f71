from s3audit.check import ACCESS_POINTS, ACCOUNT, ALL, BUCKETS, HIGH, KEYS, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import default_key
from s3audit.model.estate import Estate
from s3audit.model.key import KmsKey
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Status, Verdict, every, not_applicable, some, unknown

from ._keys import is_kept_to_itself, is_managed, with_kms


@check(
    severity=HIGH,
    severity_rule="high: the grant looks right, and the other account never gets at the data",
    needs=(BUCKETS, KEYS, ACCESS_POINTS, ACCOUNT),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            BucketEncryption:
              ServerSideEncryptionConfiguration:
                - BucketKeyEnabled: true
                  ServerSideEncryptionByDefault:
                    SSEAlgorithm: aws:kms
                    KMSMasterKeyID: !GetAtt Key.Arn
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
                      # Those whom the bucket policy names.
                      Principal:
                        AWS: [arn:aws:iam::444455556666:root, arn:aws:iam::777788889999:root]
                      Action: [kms:Decrypt, kms:GenerateDataKey]
                      Resource: "*"
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
                    # Those whom the bucket policy names.
                    Effect    = "Allow"
                    Principal = { AWS = ["arn:aws:iam::444455556666:root", "arn:aws:iam::777788889999:root"] }
                    Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
                    Resource  = "*"
                  },
                ]
              })
            }

            resource "aws_s3_bucket_server_side_encryption_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                bucket_key_enabled = true
                apply_server_side_encryption_by_default {
                  sse_algorithm     = "aws:kms"
                  kms_master_key_id = aws_kms_key.example.arn
                }
              }
            }
            """,
        cli="""
            # A policy that lets the other account use kms:Decrypt and kms:GenerateDataKey.
            aws kms create-key --policy file://key-policy.json
            aws s3api put-bucket-encryption --bucket BUCKET --server-side-encryption-configuration \\
              '{"Rules": [{"BucketKeyEnabled": true, "ApplyServerSideEncryptionByDefault":
                {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "KEY_ARN"}}]}'
            """,
        note="Objects that are there keep their key: copy them onto themselves.",
    ),
    passes=(
        """
        # The policy of the key names those whom the policy of the bucket names.
        Resources:
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy:
                Statement:
                  - Effect: Allow
                    Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
                    Action: kms:*
                    Resource: "*"
                  - Effect: Allow
                    Principal: {AWS: [arn:aws:iam::444455556666:root, arn:aws:iam::777788889999:role/reader]}
                    Action: kms:Decrypt
                    Resource: "*"
                    Condition:
                      StringLike: {kms:ViaService: s3.*.amazonaws.com}
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {AWS: [arn:aws:iam::444455556666:root, arn:aws:iam::777788889999:role/reader]}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
        """
        # Nobody else has access, or there is no KMS.
        Resources:
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy:
                Statement:
                  - Effect: Allow
                    Principal: "*"
                    Action: kms:*
                    Resource: "*"
                    Condition:
                      StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
          Photos:
            Type: AWS::S3::Bucket
          PhotosPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Photos
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::444455556666:root}
                    Action: s3:GetObject
                    Resource: !Sub ${Photos.Arn}/*
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}
        """,
    ),
    fails=(
        """
        # Two other accounts may read, and can't decrypt what they read.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: # <-
                      SSEAlgorithm: aws:kms
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: [arn:aws:iam::444455556666:root, arn:aws:iam::777788889999:root]}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
        """
        # All accounts of the organization may write, and can't.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms:dsse
                      KMSMasterKeyID: alias/aws/s3 # <-
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}
        """,
    ),
    unsure=(
        """
        # The key is declared elsewhere, and its policy with it.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms
                      KMSMasterKeyID: !Sub arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/shop # <-
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {AWS: [arn:aws:iam::444455556666:root, arn:aws:iam::777788889999:root]}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
        """
        # The policy of the key does not name them, and KMS knows other ways to let somebody use a key.
        Resources:
          Key: # <-
            Type: AWS::KMS::Key
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {AWS: [arn:aws:iam::444455556666:root, arn:aws:iam::777788889999:root]}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
    ),
)
def aws_managed_key_shared(bucket: Bucket, estate: Estate) -> Verdict:
    """A bucket shared across accounts is not encrypted with the AWS managed key.

    Only the account of the bucket can use the key that AWS manages, and nobody can change that. So another
    account that the bucket policy lets in is refused all the same.
    """

    def judged() -> Verdict:
        if is_kept_to_itself(bucket):
            return not_applicable(bucket.policy.at, "no other account has access")
        # The reasoner is for those that have something to reason about.
        from s3audit.policy.sharing import others

        accounts = others(bucket, estate)
        shared = some(accounts.values())
        if shared.status is Status.FAIL:
            return not_applicable(bucket.policy.at, "no other account has access")
        managed = is_managed(bucket, estate)
        if managed.status is not Status.FAIL:
            return ~(shared & managed)
        if shared.status is Status.UNKNOWN:
            return shared
        return every(
            _lets(who, bucket, estate) for who, told in accounts.items() if told.status is Status.PASS
        )

    return with_kms(bucket, judged)


def _lets(account: str, bucket: Bucket, estate: Estate) -> Verdict:
    """Whether the policy of the key lets an account use it; else a grant of the key may, which nobody has read."""
    match default_key(bucket, estate):
        case Known(KmsKey() as key) | Unset(KmsKey() as key):
            from s3audit.policy.key_policies import lets_use

            found = lets_use(key, account, bucket, estate)
            if found.status is not Status.FAIL:
                return found
            first = found.evidence[0]
            return unknown(first.at, f"{first.note}; whether a grant of the key does is not known")
        case Unknown(why, at):
            return unknown(at, why)
        case Known(at=at) | Unset(at=at):
            return unknown(at, "the key is the one that AWS manages")
