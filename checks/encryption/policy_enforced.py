from s3audit.check import ALL, BUCKETS, HIGH, KEYS, MEDIUM, Fix, check
from s3audit.intent import holds, said
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.policy.language import Policy, policy_of
from s3audit.setting import Known, Unknown, Unset, when_set
from s3audit.verdict import Status, Verdict, failed, unknown, unless

from . import _forced
from ._blocked import blocks_sse_c


@check(
    severity=MEDIUM,
    severity_rule=(
        "medium: default encryption does not keep a caller from choosing another key; high where the data is"
        " said to be confidential"
    ),
    needs=(BUCKETS, KEYS),
    sources=ALL,
    yields_to=("encryption-policy-contradicts-default",),
    peers={"custodian": ("no-encryption-statement",)},
    fix=Fix(
        cloudformation=_forced.CLOUDFORMATION,
        terraform=_forced.TERRAFORM,
        cli="""
            # This replaces the policy: put the statements that are there into the file too.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note="Clients that ask for another encryption are refused from then on; those that ask for none are not.",
    ),
    passes=(
        """
        # Whatever asks for something else is refused, and what asks for nothing gets the default.
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
                      StringNotEquals: {s3:x-amz-server-side-encryption: aws:kms}
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      "Null": {s3:x-amz-server-side-encryption: false}
                      StringNotEquals: {s3:x-amz-server-side-encryption-aws-kms-key-id: !GetAtt Key.Arn}
        """,
        """
        # No statement is about encryption, and nobody asked for one.
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
                      StringNotEquals: {s3:x-amz-server-side-encryption: aws:kms}
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      "Null": {s3:x-amz-server-side-encryption: false}
                      StringNotEquals: {s3:x-amz-server-side-encryption-aws-kms-key-id: !GetAtt Key.Arn}
          Photos:
            Type: AWS::S3::Bucket
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
        """,
    ),
    fails=(
        """
        # Uploads may choose the key.
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
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      "Null": {s3:x-amz-server-side-encryption: false}
                      StringNotEquals: {s3:x-amz-server-side-encryption: aws:kms}
        """,
        """
        # It looks at the key only where there is one: without one it is the key that AWS manages.
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
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      "Null": {s3:x-amz-server-side-encryption: false}
                      StringNotEquals: {s3:x-amz-server-side-encryption: aws:kms}
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      "Null": {s3:x-amz-server-side-encryption-aws-kms-key-id: false}
                      StringNotEquals: {s3:x-amz-server-side-encryption-aws-kms-key-id: !GetAtt Key.Arn}
        """,
        """
        # Nothing is enforced where the data is confidential.
        #: [[expect]]
        #: name = "shop-orders"
        #: data = "confidential"
        Resources:
          Key:
            Type: AWS::KMS::Key
          Orders: # <-
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms
                      KMSMasterKeyID: !GetAtt Key.Arn
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
                      StringNotEquals: {s3:x-amz-server-side-encryption: aws:kms}
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      "Null": {s3:x-amz-server-side-encryption: false}
                      StringNotEquals: {s3:x-amz-server-side-encryption-aws-kms-key-id: !Ref KeyArn}
        """,
        """
        # The document comes from elsewhere.
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
                Fn::Transform:
                  Name: AWS::Include
                  Parameters: {Location: s3://policies/encryption.yaml}
        """,
    ),
)
def policy_enforced(bucket: Bucket, estate: Estate) -> Verdict:
    """The bucket policy rejects uploads that ask for the wrong encryption.

    Default encryption is for uploads that say nothing. Whoever writes can still ask for another algorithm or for a
    key of their own, unless the bucket policy denies it.
    """

    def judged() -> Verdict:
        match bucket.encryption.algorithm:
            case Unknown(why, at):
                return unknown(at, f"default encryption is not known: {why}")
            case Known(algorithm) | Unset(algorithm):
                blocked = blocks_sse_c(bucket)
                is_plain = bucket.encryption.algorithm.is_in("AES256", what="default encryption") & blocked
                return unless(
                    is_plain,
                    "there is nothing weaker to ask for",
                    lambda: _enforced(bucket, estate, algorithm, blocked),
                )

    return unless(of_type(bucket, "directory", "outposts"), "its uploads are not asked about", judged)


def _enforced(bucket: Bucket, estate: Estate, algorithm: str, blocked: Verdict) -> Verdict:
    confidential = holds(bucket, estate, "confidential")
    asked = confidential | when_set(
        said(bucket, estate, lambda one: one.encryption_enforced),
        lambda told: Verdict(Status.PASS if told else Status.FAIL),
        failed(bucket.policy.at, "nobody has asked to enforce the encryption"),
    )

    def judged(policy: Policy) -> Verdict:
        from s3audit.policy.encryption import enforces, speaks_of_encryption

        return unless(
            ~(speaks_of_encryption(policy) | asked),
            "the policy says nothing about it",
            lambda: enforces(policy, bucket, estate, algorithm, blocked),
        )

    nothing = failed(bucket.policy.at, "there is no bucket policy that denies another encryption")
    absent = unless(~asked, "there is no bucket policy", nothing)
    found = when_set(policy_of(bucket.policy), judged, absent, what="the bucket policy")
    return found.at_severity(HIGH) if confidential.status is Status.PASS else found
