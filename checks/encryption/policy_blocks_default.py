from s3audit.check import ALL, BUCKETS, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.policy.language import Policy, policy_of
from s3audit.setting import when_set
from s3audit.verdict import Verdict, unless

from . import _forced


@check(
    severity=MEDIUM,
    severity_rule="medium: uploads fail although the default would encrypt them as wanted",
    needs=(BUCKETS,),
    about="policy",
    sources=ALL,
    yields_to=("encryption-policy-contradicts-default",),
    fix=Fix(
        cloudformation=_forced.CLOUDFORMATION,
        terraform=_forced.TERRAFORM,
        cli="""
            # This replaces the policy: put the statements that are there into the file too.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note="A Deny that holds of every upload without the header needs Null with false on it in one Condition.",
    ),
    passes=(
        """
        # The Deny is about uploads that have the header.
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
          Photos:
            Type: AWS::S3::Bucket
        """,
        """
        # Whoever has no header at all is no match for this.
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
                      StringEquals: {s3:x-amz-server-side-encryption: AES256}
        """,
    ),
    fails=(
        """
        # A header that is not there is not aws:kms either.
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
                      StringNotEquals: {s3:x-amz-server-side-encryption: aws:kms}
        """,
        """
        # Uploads without the header are denied by name.
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
                      "Null": {s3:x-amz-server-side-encryption: true}
        """,
        """
        # The same for the key, for one prefix.
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
                    Resource: !Sub ${Orders.Arn}/paid/*
                    Condition:
                      StringNotLikeIfExists: {s3:x-amz-server-side-encryption-aws-kms-key-id: !GetAtt Key.Arn}
        """,
    ),
    unsure=(
        """
        # Whether the header has to be there is for whoever deploys it.
        Parameters:
          Missing: {Type: String}
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
                      "Null": {s3:x-amz-server-side-encryption: !Ref Missing}
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
def policy_blocks_default(bucket: Bucket) -> Verdict:
    """An encryption Deny does not reject clients that rely on default encryption.

    S3 holds an upload against the policy as it was sent, before the default is applied. So a Deny on everything
    but the right header also refuses the uploads that have none, which would be encrypted all the same.
    """

    def judged(policy: Policy) -> Verdict:
        from s3audit.policy.encryption import spares_default, speaks_of_encryption

        nobody = ~speaks_of_encryption(policy)
        return unless(nobody, "there is nothing to reject", lambda: spares_default(policy, bucket))

    found = when_set(policy_of(bucket.policy), judged, "there is no bucket policy", what="the bucket policy")
    return unless(of_type(bucket, "directory", "outposts"), "its uploads are not asked about", found)
