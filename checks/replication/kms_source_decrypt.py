from typing import TYPE_CHECKING

from s3audit.check import ALL, BUCKETS, HIGH, KEYS, ROLES, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import default_key
from s3audit.model.estate import Estate
from s3audit.model.key import KmsKey
from s3audit.model.replica_keys import takes_kms
from s3audit.model.replication import Replication, ReplicationRule
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Verdict, passed, unknown, unless

from ._rights import by_its_role, for_prefix

if TYPE_CHECKING:
    from s3audit.policy.access.roles import Copier


@check(
    severity=HIGH,
    severity_rule="high: S3 can't decrypt what it is to copy, and every object that is encrypted with the key fails",
    needs=(BUCKETS, ROLES, KEYS),
    about="replication",
    sources=ALL,
    yields_to=("replication-role-trust",),
    fix=Fix(
        cloudformation="""
            Decrypting:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: decrypting
                Roles: [!Ref Role]
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Action: kms:Decrypt
                      Resource: !GetAtt Key.Arn
            """,
        terraform="""
            resource "aws_iam_role_policy" "decrypting" {
              role = aws_iam_role.role.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect   = "Allow"
                  Action   = "kms:Decrypt"
                  Resource = aws_kms_key.key.arn
                }]
              })
            }
            """,
        cli="""
            # kms:Decrypt on the key of the source.
            aws iam put-role-policy --role-name ROLE --policy-name decrypting \\
              --policy-document file://decrypting.json
            """,
        note="A key policy that does not leave it to its account has to name the role itself.",
    ),
    passes=(
        """
        # The key leaves it to its account, and the role may decrypt for S3 in this bucket.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - Status: Enabled
                    SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
                    Destination:
                      Bucket: arn:aws:s3:::company-copy
                      EncryptionConfiguration: {ReplicaKmsKeyID: !GetAtt Key.Arn}
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
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}]
              Policies:
                - PolicyName: replication
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow
                        Action: kms:Decrypt
                        Resource: !GetAtt Key.Arn
                        Condition:
                          StringLike:
                            kms:ViaService: !Sub s3.${AWS::Region}.amazonaws.com
                            kms:EncryptionContext:aws:s3:arn: arn:aws:s3:::shop-orders/*
        """,
        """
        # The key names the role itself, for the bucket as a whole, as a Bucket Key needs it.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - BucketKeyEnabled: true
                    ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !Ref Key}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - Status: Enabled
                    Prefix: paid/
                    SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
                    Destination:
                      Bucket: arn:aws:s3:::company-copy
                      EncryptionConfiguration: {ReplicaKmsKeyID: !GetAtt Key.Arn}
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: !GetAtt Role.Arn}
                    Action: kms:Decrypt
                    Resource: "*"
                    Condition:
                      StringEquals: {"kms:EncryptionContext:aws:s3:arn": arn:aws:s3:::shop-orders}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}]
        """,
        """
        # The key that AWS manages lets in whoever S3 acts for; and without KMS it takes no key.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - Status: Enabled
                    SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
                    Destination:
                      Bucket: arn:aws:s3:::company-copy
                      EncryptionConfiguration: {ReplicaKmsKeyID: !GetAtt Key.Arn}
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - {Status: Enabled, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy:
                Statement:
                  - {Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: "kms:*", Resource: "*"}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}]
        """,
    ),
    fails=(
        """
        # The key leaves it to its account, and the role may not decrypt.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
                Rules:
                  - Status: Enabled
                    SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
                    Destination:
                      Bucket: arn:aws:s3:::company-copy
                      EncryptionConfiguration: {ReplicaKmsKeyID: !GetAtt Key.Arn}
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy:
                Statement:
                  - {Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: "kms:*", Resource: "*"}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}]
              Policies:
                - PolicyName: replication
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - {Effect: Allow, Action: "s3:*", Resource: "*"}
        """,
        """
        # With a Bucket Key S3 asks for the bucket, and the role may decrypt for its objects only.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - BucketKeyEnabled: true
                    ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
                Rules:
                  - Status: Enabled
                    SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
                    Destination:
                      Bucket: arn:aws:s3:::company-copy
                      EncryptionConfiguration: {ReplicaKmsKeyID: !GetAtt Key.Arn}
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy:
                Statement:
                  - {Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: "kms:*", Resource: "*"}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}]
              Policies:
                - PolicyName: replication
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow
                        Action: kms:Decrypt
                        Resource: !GetAtt Key.Arn
                        Condition:
                          StringLike: {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::shop-orders/*"}
        """,
        """
        # The key lets in nobody but an administrator.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
                Rules:
                  - Status: Enabled
                    SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
                    Destination:
                      Bucket: arn:aws:s3:::company-copy
                      EncryptionConfiguration: {ReplicaKmsKeyID: !GetAtt Key.Arn}
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:role/admin"}
                    Action: kms:*
                    Resource: "*"
          Role:
            Type: AWS::IAM::Role
            Properties:
              RoleName: replication
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}]
              Policies:
                - PolicyName: replication
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - {Effect: Allow, Action: "kms:*", Resource: "*"}
        """,
    ),
    unsure=(
        """
        # The key is declared elsewhere, and so is its policy.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms
                      KMSMasterKeyID: !ImportValue key # <-
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - Status: Enabled
                    SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
                    Destination:
                      Bucket: arn:aws:s3:::company-copy
                      EncryptionConfiguration: {ReplicaKmsKeyID: !ImportValue key}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}]
        """,
        """
        # Whether it is the Region that the role may use the key in is for whoever deploys it.
        Parameters:
          Home: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
                Rules:
                  - Status: Enabled
                    SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
                    Destination:
                      Bucket: arn:aws:s3:::company-copy
                      EncryptionConfiguration: {ReplicaKmsKeyID: !GetAtt Key.Arn}
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy:
                Statement:
                  - {Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: "kms:*", Resource: "*"}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}]
              Policies:
                - PolicyName: replication
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow
                        Action: kms:Decrypt
                        Resource: !GetAtt Key.Arn
                        Condition: {StringEquals: {"kms:ViaService": !Sub "s3.${Home}.amazonaws.com"}}
        """,
    ),
)
def kms_source_decrypt(bucket: Bucket, estate: Estate) -> Verdict:
    """The role may decrypt with the source key.

    What is encrypted with a KMS key has to be decrypted before it is copied, with the rights of the role. That takes
    a policy of the role and the policy of the key; where one of them says no, every object fails.
    """
    uses_kms = bucket.encryption.algorithm.is_in("aws:kms", "aws:kms:dsse", what="default encryption")
    return unless(
        ~uses_kms,
        "it takes no key to read them",
        lambda: by_its_role(
            bucket,
            estate,
            lambda by, rule, replication: unless(
                ~takes_kms(rule),
                "it copies nothing that takes a key",
                lambda: _may_decrypt(by, rule, replication, bucket, estate),
            ),
            abroad=False,
            keys=True,
        ),
    )


def _may_decrypt(
    by: "Copier", rule: ReplicationRule, replication: Replication, bucket: Bucket, estate: Estate
) -> Verdict:
    from s3audit.policy.access.role_keys import may_use

    match default_key(bucket, estate):
        case Known(KmsKey() as key) | Unset(KmsKey() as key):
            at = replication.role.at
            whole = bucket.encryption.bucket_key
            return for_prefix(
                by,
                rule,
                lambda prefix: may_use(by, "kms:Decrypt", key, by.here.arn, prefix, whole, at),
                replication.role,
            )
        case Unknown(why, at):
            return unknown(at, why)
        case Known(at=at) | Unset(at=at):
            return passed(at, "the key that AWS manages lets in whoever S3 acts for in its account")
