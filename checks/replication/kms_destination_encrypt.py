from typing import TYPE_CHECKING

from s3audit.check import ALL, BUCKETS, HIGH, KEYS, ROLES, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.key import KmsKey
from s3audit.model.names import arn_parts
from s3audit.model.replica_keys import replica_key, takes_kms
from s3audit.model.replicas import destination_of
from s3audit.model.replication import Replication, ReplicationRule
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text, same
from s3audit.verdict import Status, Verdict, not_applicable, passed, unknown, unless

from ._rights import by_its_role, for_prefix, unless_needed

if TYPE_CHECKING:
    from s3audit.policy.access.roles import Copier


@check(
    severity=HIGH,
    severity_rule="high: S3 can't encrypt the copies, and every object that is encrypted with KMS fails",
    needs=(BUCKETS, ROLES, KEYS),
    about="replication",
    sources=ALL,
    yields_to=(
        "replication-role-trust",
        "replication-destination-exists",
        "replication-kms-destination-key",
    ),
    fix=Fix(
        cloudformation="""
            Encrypting:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: encrypting
                Roles: [!Ref Role]
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Action:
                        - kms:Encrypt
                        - kms:Decrypt
                      Resource: !GetAtt Key.Arn
            """,
        terraform="""
            resource "aws_iam_role_policy" "encrypting" {
              role = aws_iam_role.role.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect   = "Allow"
                  Action   = ["kms:Encrypt", "kms:Decrypt"]
                  Resource = aws_kms_key.key.arn
                }]
              })
            }
            """,
        cli="""
            # kms:Encrypt, and kms:Decrypt for a Bucket Key, on the key of the copies.
            aws iam put-role-policy --role-name ROLE --policy-name encrypting \\
              --policy-document file://encrypting.json
            """,
        note="The policy of a key of another account has to allow it to the role too.",
    ),
    passes=(
        """
        # The role may encrypt for S3 in the destination.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - Status: Enabled
                    Prefix: paid/
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
                        Action: kms:Encrypt
                        Resource: !GetAtt Key.Arn
                        Condition:
                          StringLike:
                            kms:ViaService: !Sub s3.${AWS::Region}.amazonaws.com
                            kms:EncryptionContext:aws:s3:arn: !Sub ${Copy.Arn}/*
        """,
        """
        # A Bucket Key takes kms:Decrypt too, and both for the bucket as a whole; by an alias it is the same key.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
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
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - BucketKeyEnabled: true
                    ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
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
                        Action: [kms:Encrypt, kms:Decrypt]
                        Resource: !GetAtt Key.Arn
                        Condition:
                          StringEquals: {"kms:EncryptionContext:aws:s3:arn": !GetAtt Copy.Arn}
        """,
        """
        # A key of another Region and of the same account.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - Status: Enabled
                    SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
                    Destination:
                      Bucket: arn:aws:s3:::company-copy
                      EncryptionConfiguration:
                        ReplicaKmsKeyID: !Sub arn:aws:kms:eu-central-1:${AWS::AccountId}:key/1234abcd-12ab-34cd
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
                        Action: [kms:Encrypt, kms:Decrypt]
                        Resource: "*"
                        Condition: {StringEquals: {kms:ViaService: s3.eu-central-1.amazonaws.com}}
        """,
    ),
    fails=(
        """
        # The role may decrypt with the key, and not encrypt.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
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
                      - {Effect: Allow, Action: kms:Decrypt, Resource: !GetAtt Key.Arn}
        """,
        """
        # The destination has a Bucket Key, and so S3 has to decrypt as well.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
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
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - BucketKeyEnabled: true
                    ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
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
                      - {Effect: Allow, Action: kms:Encrypt, Resource: !GetAtt Key.Arn}
        """,
        """
        # The role may use the key of the source only.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
                Rules:
                  - Status: Enabled
                    SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
                    Destination:
                      Bucket: !GetAtt Copy.Arn
                      EncryptionConfiguration: {ReplicaKmsKeyID: !GetAtt CopyKey.Arn}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy:
                Statement:
                  - {Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: "kms:*", Resource: "*"}
          CopyKey:
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
                      - {Effect: Allow, Action: [kms:Encrypt, kms:Decrypt], Resource: !GetAtt Key.Arn}
        """,
    ),
    unsure=(
        """
        # The key is of an account that may be another one.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - Status: Enabled
                    SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
                    Destination:
                      Bucket: arn:aws:s3:::company-copy
                      EncryptionConfiguration:
                        ReplicaKmsKeyID: arn:aws:kms:eu-central-1:444455556666:key/1234abcd-12ab-34cd # <-
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
                      - {Effect: Allow, Action: "kms:*", Resource: "*"}
        """,
        """
        # What else the role may do is told by another stack.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
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
            Properties:
              KeyPolicy:
                Statement:
                  - {Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: "kms:*", Resource: "*"}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}]
              ManagedPolicyArns: [!ImportValue encrypting]
        """,
    ),
)
def kms_destination_encrypt(bucket: Bucket, estate: Estate) -> Verdict:
    """The role may encrypt with the destination key.

    The copies are encrypted with the key that the rule names, and with the rights of the role. A Bucket Key in the
    destination also takes decrypting. Where that is not allowed, every object fails.
    """
    return by_its_role(
        bucket,
        estate,
        lambda by, rule, replication: unless(
            ~takes_kms(rule),
            "it copies nothing that takes a key",
            lambda: _may_encrypt(by, rule, replication, bucket, estate),
        ),
        keys=True,
    )


def _may_encrypt(
    by: "Copier", rule: ReplicationRule, replication: Replication, bucket: Bucket, estate: Estate
) -> Verdict:
    from s3audit.policy.access.role_keys import may_use, may_use_elsewhere

    at, to, named = replication.role.at, rule.destination.bucket, rule.destination.kms_key
    whole: Setting[bool]
    match destination_of(rule, estate):
        case Known(None, where) | Unset(None, where):
            return not_applicable(where, "the destination does not exist")
        case Known(Bucket() as target) | Unset(Bucket() as target):
            whole = target.encryption.bucket_key
        case _:
            whole = Unknown("whether the destination has a Bucket Key is not known", to.at)
    if isinstance(to, Unknown):
        return unknown(to.at, to.why)
    arn = by.here.filled(to.value if isinstance(to, Known) else to.default)
    needs_both = whole.is_in(True, what="the Bucket Key of the destination")
    key = replica_key(rule, estate)
    match key, named:
        case ((Known(KmsKey() as own) | Unset(KmsKey() as own)), _):

            def may(action: str, prefix: str) -> Verdict:
                return may_use(by, action, own, arn, prefix, whole, at)

        case ((Known(None) | Unset(None)), _):
            return not_applicable(named.at, "the rule names no key for the copies")
        case Unknown(why), (Known(Text() as name) | Unset(Text() as name)):
            if _is_at_home(name, bucket) is not Status.PASS:
                return unknown(named.at, why)
            if name.ends_with("alias/aws/s3") is Status.PASS:
                return passed(named.at, "the key that AWS manages lets in whoever S3 acts for in its account")

            def may(action: str, prefix: str) -> Verdict:
                found = may_use_elsewhere(by, action, by.here.filled(name), arn, prefix, whole, at)
                # Its policy may name the role, which is as good.
                return unknown(named.at, why) if found.status is Status.FAIL else found

        case _:
            return unknown(named.at, "the key of the copies is not known")

    return for_prefix(
        by,
        rule,
        lambda prefix: may("kms:Encrypt", prefix) & unless_needed(needs_both, may("kms:Decrypt", prefix)),
        replication.role,
    )


def _is_at_home(key: Text, bucket: Bucket) -> Status:
    """Whether the ARN of a key names the account of the bucket."""
    parts = arn_parts(key)
    match bucket.account:
        case Known(account) | Unset(account) if parts is not None:
            return same(parts[3], account)
        case _:
            return Status.UNKNOWN
