from s3audit.check import ACCESS_POINTS, ACCOUNT, ALL, BUCKETS, KEYS, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.setting import when_set
from s3audit.text import Text
from s3audit.verdict import Evidence, Status, Verdict, passed, verdict

from ._keys import is_alias, is_arn, is_kept_to_itself, with_kms


@check(
    severity=MEDIUM,
    severity_rule="medium: whoever writes from another account encrypts with a key that the owner has not",
    needs=(BUCKETS, KEYS, ACCESS_POINTS, ACCOUNT),
    sources=ALL,
    yields_to=("encryption-aws-managed-key-shared",),
    fix=Fix(
        cloudformation="""
            # !Ref Key is the id only.
            BucketEncryption:
              ServerSideEncryptionConfiguration:
                - BucketKeyEnabled: true
                  ServerSideEncryptionByDefault:
                    SSEAlgorithm: aws:kms
                    KMSMasterKeyID: !GetAtt Key.Arn
            """,
        terraform="""
            # aws_kms_key.example.key_id is the id only.
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
            aws s3api put-bucket-encryption --bucket BUCKET --server-side-encryption-configuration \\
              '{"Rules": [{"BucketKeyEnabled": true, "ApplyServerSideEncryptionByDefault":
                {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "KEY_ARN"}}]}'
            """,
        note="The policy of the key has to let the other account use it, once it is this key that counts.",
    ),
    passes=(
        """
        # The ARN of a key, for a bucket that another account writes to.
        Resources:
          Key:
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
                    Principal: {AWS: arn:aws:iam::444455556666:root}
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
        """
        # Where only its own account writes, the id means what it says; others may read.
        Resources:
          Key:
            Type: AWS::KMS::Key
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !Ref Key}
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::444455556666:root}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
    ),
    fails=(
        """
        # A Ref is the id of the key, which each account looks up among its own keys.
        Resources:
          Key:
            Type: AWS::KMS::Key
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms
                      KMSMasterKeyID: !Ref Key # <-
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: [arn:aws:iam::444455556666:root, arn:aws:iam::777788889999:root]}
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
        """
        # So is an alias.
        Resources:
          Key:
            Type: AWS::KMS::Key
          Alias:
            Type: AWS::KMS::Alias
            Properties: {AliasName: alias/shop, TargetKeyId: !Ref Key}
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms
                      KMSMasterKeyID: alias/shop # <-
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: s3:*
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}
        """,
        """
        # A directory bucket takes no alias at all.
        Resources:
          Scratch:
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              LocationName: euw1-az1
              DataRedundancy: SingleAvailabilityZone
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms
                      KMSMasterKeyID: alias/shop # <-
        """,
    ),
    unsure=(
        """
        # Whoever deploys it names the key, perhaps by its ARN.
        Parameters:
          KeyId: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms
                      KMSMasterKeyID: !Ref KeyId # <-
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: arn:aws:iam::444455556666:root}
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
        """
        # Who else writes is for another stack to say.
        Resources:
          Key:
            Type: AWS::KMS::Key
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !Ref Key}
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: !ImportValue writer}
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
    ),
)
def kms_key_full_arn(bucket: Bucket, estate: Estate) -> Verdict:
    """The default KMS key is given as a full key ARN.

    An id or an alias is looked up in the account of whoever writes. So what another account writes is encrypted
    with a key of that account, and the owner of the bucket can't read it.
    """
    key = bucket.encryption.kms_key
    return with_kms(
        bucket, lambda: when_set(key, lambda name: _told(name, bucket, estate), "no key is named")
    )


def _told(name: Text, bucket: Bucket, estate: Estate) -> Verdict:
    at = bucket.encryption.kms_key.at
    if bucket.type == "directory":
        by_alias = is_alias(name, estate)
        note = (
            f"whether {name} is an alias is not known" if by_alias is Status.UNKNOWN else f"the key is {name}"
        )
        return ~verdict(by_alias, Evidence(at, note))
    by_arn = is_arn(name, estate)
    note = f"whether {name} is an ARN is not known" if by_arn is Status.UNKNOWN else f"the key is {name}"
    found = verdict(by_arn, Evidence(at, note))
    if by_arn is Status.PASS:
        return found
    if is_kept_to_itself(bucket):
        return passed(at, "only its own account writes")
    from s3audit.policy.sharing import others_write

    written = others_write(bucket, estate)
    if written.status is Status.FAIL:
        return passed(at, "only its own account writes")
    return found | ~written
