from s3audit.check import ACCESS_POINTS, ACCOUNT, ALL, BUCKETS, CRITICAL, HIGH, KEYS, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.key import KmsKey
from s3audit.setting import Known, Unset
from s3audit.verdict import Status, Verdict, passed, some

from ._keys import with_own_key


@check(
    severity=CRITICAL,
    severity_rule=(
        "critical: the key is the second lock, and it is open; high where neither policy nor ACL let anybody from"
        " outside at the bucket"
    ),
    needs=(BUCKETS, KEYS, ACCESS_POINTS, ACCOUNT),
    sources=ALL,
    peers={"checkov": ("CKV_AWS_33",), "prowler": ("kms_key_not_publicly_accessible",)},
    fix=Fix(
        cloudformation="""
            Key:
              Type: AWS::KMS::Key
              Properties:
                KeyPolicy:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
                      Action: kms:*
                      Resource: "*"
            """,
        terraform="""
            data "aws_caller_identity" "current" {}

            # The key that the bucket has already.
            resource "aws_kms_key" "example" {
              enable_key_rotation = true
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
                  Action    = "kms:*"
                  Resource  = "*"
                }]
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
            aws kms put-key-policy --key-id KEY_ARN --policy-name default --policy file://key-policy.json
            """,
        note="Whoever uses the key by the open statement needs one that names them.",
    ),
    passes=(
        """
        # The policy leaves it to the account; or it is the one that KMS gives a key.
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
          Plain:
            Type: AWS::KMS::Key
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Plain.Arn}
          Photos:
            Type: AWS::S3::Bucket
        """,
        """
        # Everybody, as long as they are of this account or of the organization.
        Resources:
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy:
                Statement:
                  - Effect: Allow
                    Principal: "*"
                    Action: [kms:Decrypt, kms:GenerateDataKey]
                    Resource: "*"
                    Condition:
                      StringEquals: {kms:CallerAccount: "111122223333", kms:ViaService: s3.eu-west-1.amazonaws.com}
                  - Effect: Allow
                    Principal: {AWS: "*"}
                    Action: kms:Decrypt
                    Resource: "*"
                    Condition:
                      StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
        """,
    ),
    fails=(
        """
        # Everybody may do everything with it; the bucket itself is closed.
        Resources:
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy:
                Statement:
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: kms:*
                    Resource: "*"
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
        """,
        """
        # Through S3 only, which says nothing of who asks; and others may read the bucket.
        Resources:
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy:
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: "*"}
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
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}
        """,
    ),
    unsure=(
        """
        # The key is declared elsewhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms
                      KMSMasterKeyID: alias/shop # <-
        """,
        """
        # Whom it lets in is for another stack to say.
        Resources:
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy: # <-
                Statement:
                  - Effect: Allow
                    Principal: {AWS: !ImportValue readers}
                    Action: kms:Decrypt
                    Resource: "*"
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
        """,
    ),
)
def kms_policy_public(bucket: Bucket, estate: Estate) -> Verdict:
    """The key behind the bucket is not open to everyone.

    Encryption with KMS protects the data when somebody gets at the bucket who should not. A key policy that lets
    in any account takes that away, and with CreateGrant or PutKeyPolicy the key itself.
    """
    return with_own_key(bucket, estate, lambda key: _closed(key, bucket, estate))


def _closed(key: KmsKey, bucket: Bucket, estate: Estate) -> Verdict:
    if isinstance(key.policy, Known | Unset):
        written = key.policy.value if isinstance(key.policy, Known) else key.policy.default
        if written is None:
            return passed(key.policy.at, "the policy that KMS gives the key leaves it to its account")
    from s3audit.policy.key_policies import is_open

    verdict = ~is_open(key, bucket, estate)
    if verdict.status is Status.FAIL and _is_out_of_reach(bucket, estate):
        return verdict.at_severity(HIGH)
    return verdict


def _is_out_of_reach(bucket: Bucket, estate: Estate) -> bool:
    """Whether nobody from outside can get at the objects, whatever key they have."""
    from s3audit.policy.access import public_read, public_write
    from s3audit.policy.sharing import others

    if some(others(bucket, estate).values()).status is not Status.FAIL:
        return False
    return (public_read(bucket, estate) | public_write(bucket, estate)).status is Status.FAIL
