from s3audit.check import ALL, BUCKETS, HIGH, KEYS, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.policy.language import Policy, policy_of
from s3audit.setting import Known, Unknown, Unset, when_set
from s3audit.verdict import Verdict, unknown, unless

from . import _forced

_DEMANDS = ("s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id")


@check(
    severity=HIGH,
    severity_rule="high: whatever relies on the default is refused, or stored in another way than demanded",
    needs=(BUCKETS, KEYS),
    about="policy",
    sources=ALL,
    fix=Fix(
        cloudformation=_forced.CLOUDFORMATION,
        terraform=_forced.TERRAFORM,
        cli="""
            # The default as the policy demands it; or put-bucket-policy, the other way round.
            aws s3api put-bucket-encryption --bucket BUCKET --server-side-encryption-configuration \\
              '{"Rules": [{"BucketKeyEnabled": true, "ApplyServerSideEncryptionByDefault":
                {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "KEY_ARN"}}]}'
            """,
        note="The policy needs the ARN of the key: an id or an alias never fits what a request is known by.",
    ),
    passes=(
        """
        # The policy demands what the default is.
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
                      KMSMasterKeyID: !GetAtt Key.Arn
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringNotEquals: {s3:x-amz-server-side-encryption: aws:kms}
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringNotEquals: {s3:x-amz-server-side-encryption-aws-kms-key-id: !GetAtt Key.Arn}
          Photos:
            Type: AWS::S3::Bucket
        """,
        """
        # The ARN of the key is put together.
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
                      KMSMasterKeyID: !Ref Key
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringNotEquals:
                        s3:x-amz-server-side-encryption-aws-kms-key-id:
                          - !Sub arn:aws:kms:${AWS::Region}:${AWS::AccountId}:key/${Key}
        """,
        """
        # Nobody may ask for anything, so that the default is all there is.
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
                      KMSMasterKeyID: !GetAtt Key.Arn
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      "Null": {s3:x-amz-server-side-encryption: false}
        """,
    ),
    fails=(
        """
        # The policy demands KMS, and the default has none.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: AES256
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      "Null": {s3:x-amz-server-side-encryption: false}
                      StringNotEquals: {s3:x-amz-server-side-encryption: aws:kms}
        """,
        """
        # The other way round.
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
                      KMSMasterKeyID: !GetAtt Key.Arn
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringNotEquals: {s3:x-amz-server-side-encryption: AES256}
        """,
        """
        # Another key.
        Resources:
          Key:
            Type: AWS::KMS::Key
          Old:
            Type: AWS::KMS::Key
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms
                      KMSMasterKeyID: !GetAtt Key.Arn
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      "Null": {s3:x-amz-server-side-encryption: false}
                      StringNotEquals: {s3:x-amz-server-side-encryption-aws-kms-key-id: !GetAtt Old.Arn}
        """,
        """
        # The id of the key, where a request is known by the ARN.
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
                      KMSMasterKeyID: !GetAtt Key.Arn
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      "Null": {s3:x-amz-server-side-encryption: false}
                      StringNotEquals: {s3:x-amz-server-side-encryption-aws-kms-key-id: !Ref Key}
        """,
    ),
    unsure=(
        """
        # Whether this is the ARN of the default key is for whoever deploys it.
        Parameters:
          KeyArn: {Type: String}
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
                      KMSMasterKeyID: !GetAtt Key.Arn
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument: # <-
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      "Null": {s3:x-amz-server-side-encryption: false}
                      StringNotEquals: {s3:x-amz-server-side-encryption-aws-kms-key-id: !Ref KeyArn}
        """,
        """
        # What the default is, too.
        Parameters:
          Algorithm: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: !Ref Algorithm # <-
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      "Null": {s3:x-amz-server-side-encryption: false}
                      StringNotEquals: {s3:x-amz-server-side-encryption: aws:kms}
        """,
    ),
)
def policy_contradicts_default(bucket: Bucket, estate: Estate) -> Verdict:
    """The encryption the policy demands equals the default encryption.

    Where they differ, every client and service has to send headers to get anything in, and what relies on the
    default is refused or encrypted in another way than the policy means.
    """

    def judged(policy: Policy) -> Verdict:
        from s3audit.policy.encryption import speaks_of_encryption

        nobody = ~speaks_of_encryption(policy, *_DEMANDS)
        return unless(nobody, "nothing is demanded", lambda: _agrees(policy, bucket, estate))

    found = when_set(policy_of(bucket.policy), judged, "there is no bucket policy", what="the bucket policy")
    return unless(of_type(bucket, "directory", "outposts"), "its uploads are not asked about", found)


def _agrees(policy: Policy, bucket: Bucket, estate: Estate) -> Verdict:
    from s3audit.policy.encryption import agrees

    match bucket.encryption.algorithm:
        case Unknown(why, at):
            return unknown(at, f"default encryption is not known: {why}")
        case Known(algorithm) | Unset(algorithm):
            return agrees(policy, bucket, estate, algorithm)
