from s3audit.check import ACCOUNT, ALL, BUCKETS, KEYS, LOW, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import BLOCKS, acls_in_force, blocked, key_named
from s3audit.model.estate import Estate
from s3audit.model.relations import label
from s3audit.model.replication import ReplicationRule
from s3audit.policy.language import policy_of
from s3audit.policy.proofs import denies_plain_http
from s3audit.setting import Setting, when_set
from s3audit.text import Text
from s3audit.verdict import Evidence, Status, Verdict, every, failed, passed, unknown, verdict

from ._rules import of_destination, of_every_rule

_NO = Verdict(Status.FAIL)


@check(
    severity=MEDIUM,
    severity_rule=(
        "medium: whoever wants the data takes the copy; low for what a finding of the destination itself says too:"
        " public access, plain HTTP and ACLs"
    ),
    needs=(BUCKETS, ACCOUNT, KEYS),
    about="replication",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # The destination bucket, as the source is.
            Copy:
              Type: AWS::S3::Bucket
              Properties:
                PublicAccessBlockConfiguration:
                  BlockPublicAcls: true
                  IgnorePublicAcls: true
                  BlockPublicPolicy: true
                  RestrictPublicBuckets: true
                OwnershipControls:
                  Rules:
                    - ObjectOwnership: BucketOwnerEnforced
            CopyPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Copy
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Deny
                      Principal: "*"
                      Action: s3:*
                      Resource:
                        - !GetAtt Copy.Arn
                        - !Sub ${Copy.Arn}/*
                      Condition:
                        Bool: {"aws:SecureTransport": "false"}
            """,
        terraform="""
            resource "aws_s3_bucket_public_access_block" "copy" {
              bucket                  = aws_s3_bucket.copy.id
              block_public_acls       = true
              ignore_public_acls      = true
              block_public_policy     = true
              restrict_public_buckets = true
            }

            resource "aws_s3_bucket_ownership_controls" "copy" {
              bucket = aws_s3_bucket.copy.id
              rule {
                object_ownership = "BucketOwnerEnforced"
              }
            }

            resource "aws_s3_bucket_policy" "copy" {
              bucket = aws_s3_bucket.copy.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Deny"
                  Principal = "*"
                  Action    = "s3:*"
                  Resource  = [aws_s3_bucket.copy.arn, "${aws_s3_bucket.copy.arn}/*"]
                  Condition = { Bool = { "aws:SecureTransport" = "false" } }
                }]
              })
            }
            """,
        cli="""
            aws s3api put-public-access-block --bucket DESTINATION --public-access-block-configuration \\
              BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
            aws s3api put-bucket-ownership-controls --bucket DESTINATION \\
              --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'
            # This replaces the policy: put the statements that are there into the file too.
            aws s3api put-bucket-policy --bucket DESTINATION --policy file://policy.json
            """,
        note="A key of one's own for the replicas is named in the rule, as ReplicaKmsKeyID.",
    ),
    passes=(
        """
        # The copy is as the source is, or better.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                IgnorePublicAcls: true
                BlockPublicPolicy: true
                RestrictPublicBuckets: false
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Destination: {Bucket: !GetAtt Copy.Arn}}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                IgnorePublicAcls: true
                BlockPublicPolicy: true
                RestrictPublicBuckets: true
          CopyPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Copy
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Copy.Arn, !Sub "${Copy.Arn}/*"]
                    Condition: {Bool: {"aws:SecureTransport": "false"}}
        """,
        """
        # Each has a key of its own. How the copy encrypts what is uploaded to it does not matter.
        Resources:
          Key:
            Type: AWS::KMS::Key
            Properties: {EnableKeyRotation: true}
          CopyKey:
            Type: AWS::KMS::Key
            Properties: {EnableKeyRotation: true}
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
                    Destination:
                      Bucket: !GetAtt Copy.Arn
                      EncryptionConfiguration: {ReplicaKmsKeyID: !GetAtt CopyKey.Arn}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
        """,
    ),
    fails=(
        """
        # Low: the source blocks public access and plain HTTP and has no ACLs, its copy does nothing of that.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced}]}
              PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                IgnorePublicAcls: true
                BlockPublicPolicy: true
                RestrictPublicBuckets: true
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Destination:
                      Bucket: !GetAtt Copy.Arn # <-
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition: {Bool: {"aws:SecureTransport": "false"}}
          Copy: # <-
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              OwnershipControls:
                Rules:
                  - ObjectOwnership: ObjectWriter # <-
              PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                IgnorePublicAcls: true
                BlockPublicPolicy: true
                RestrictPublicBuckets: false # <-
        """,
        """
        # Medium: the key of the source has a policy of one's own, that of the replicas is for the whole account.
        Resources:
          Key:
            Type: AWS::KMS::Key
            Properties: {EnableKeyRotation: true}
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
                    Destination:
                      Bucket: !GetAtt Copy.Arn # <-
                      EncryptionConfiguration:
                        ReplicaKmsKeyID: alias/aws/s3 # <-
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
        """,
    ),
    unsure=(
        """
        # The destination is declared elsewhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Destination:
                      Bucket: arn:aws:s3:::company-copy # <-
        """,
        """
        # Whether the copy has ACLs is for whoever deploys it.
        Parameters:
          Ownership: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Destination:
                      Bucket: !GetAtt Copy.Arn # <-
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              OwnershipControls:
                Rules:
                  - ObjectOwnership: !Ref Ownership # <-
        """,
    ),
)
def destination_protection(bucket: Bucket, estate: Estate) -> Verdict:
    """The replica is at least as protected as the source.

    The copy holds the same data. Whoever can't get at the source takes the copy, if that is easier.
    """
    return of_every_rule(
        bucket,
        lambda rule: of_destination(
            rule,
            bucket,
            estate,
            lambda target: (
                _blocks_as_much(bucket, target, estate)
                & _weaker(_needs_tls(bucket), _needs_tls(target), "takes plain HTTP", bucket, target)
                & _weaker(~acls_in_force(bucket), ~acls_in_force(target), "has ACLs", bucket, target)
                & _key_is_as_good(rule, bucket, estate)
            ),
        ),
    )


def _blocks_as_much(source: Bucket, target: Bucket, estate: Estate) -> Verdict:
    return every(
        _weaker(
            blocked(source, estate, name),
            blocked(target, estate, name),
            f"is without {BLOCKS[name]}",
            source,
            target,
        )
        for name in BLOCKS
    )


def _weaker(own: Verdict, other: Verdict, words: str, source: Bucket, target: Bucket) -> Verdict:
    """Whether the destination has what the source has; `words` says what it is like without."""
    found = ~own | other
    if found.status is not Status.FAIL:
        return found
    note = f"{label(target)} {words}, {label(source)} is not like that"
    places = other.evidence or (Evidence(target.at, note),)
    return verdict(Status.FAIL, *(Evidence(one.at, note, LOW) for one in places))


def _needs_tls(bucket: Bucket) -> Verdict:
    return when_set(
        policy_of(bucket.policy),
        lambda policy: denies_plain_http(policy, bucket.name, bucket.region),
        failed(bucket.policy.at, "there is no bucket policy that denies plain HTTP"),
        what="the bucket policy",
    )


def _key_is_as_good(rule: ReplicationRule, source: Bucket, estate: Estate) -> Verdict:
    own, other = source.encryption.kms_key, rule.destination.kms_key
    of_owner = source.encryption.algorithm.is_in("aws:kms", "aws:kms:dsse", what="default encryption") & ~(
        _is_of_aws(own, estate)
    )
    of_aws = when_set(other, lambda _: _is_of_aws(other, estate), _NO, what="the key of the replicas")
    copied = rule.kms_objects.is_in("Enabled", what="SseKmsEncryptedObjects")
    found = ~(copied & of_owner & of_aws)
    if found.status is not Status.FAIL:
        return found
    note = f"the key of the replicas is one that AWS manages, that of {label(source)} is not"
    return failed(other.at, note)


def _is_of_aws(key: Setting[Text | None], estate: Estate) -> Verdict:
    """Whether a key is one that AWS manages; without a name it is."""
    return when_set(
        key,
        lambda name: _is_named_by_aws(name, key, estate),
        passed(key.at, "no key is named"),
        what="the key",
    )


def _is_named_by_aws(name: Text, key: Setting[Text | None], estate: Estate) -> Verdict:
    known = key_named(name, estate)
    if known is not None:
        return known.manager.is_in("AWS", what=f"the manager of the key {name}")
    if name.ends_with("alias/aws/s3") is Status.PASS:
        return passed(key.at, f"the key is {name}")
    return unknown(key.at, f"whose key {name} is, is not known")
