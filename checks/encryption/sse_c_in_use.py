from s3audit.check import ALL, BUCKETS, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.model.relations import label
from s3audit.model.replicas import destination_of, is_on
from s3audit.model.replication import Replication, ReplicationRule
from s3audit.policy.language import Policy, policy_of
from s3audit.setting import every_of, when_set
from s3audit.verdict import Status, Verdict, not_applicable, passed, unless

from ._blocked import blocks_sse_c

_HEADER = "s3:x-amz-server-side-encryption-customer-algorithm"


@check(
    severity=MEDIUM,
    severity_rule="medium: uploads or copies are refused, and nobody but their sender sees it",
    needs=(BUCKETS,),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            BucketEncryption:
              ServerSideEncryptionConfiguration:
                - BlockedEncryptionTypes:
                    EncryptionType: [SSE-C]
                  # As it is today.
                  ServerSideEncryptionByDefault:
                    SSEAlgorithm: AES256
            """,
        terraform="""
            # With version 6.40 of the provider, or a later one.
            resource "aws_s3_bucket_server_side_encryption_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                blocked_encryption_types = ["SSE-C"]
                # As it is today.
                apply_server_side_encryption_by_default {
                  sse_algorithm = "AES256"
                }
              }
            }
            """,
        cli="""
            # This replaces the configuration: take over the algorithm and the key that are there.
            aws s3api put-bucket-encryption --bucket BUCKET --server-side-encryption-configuration \\
              '{"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
                "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]}}]}'
            """,
        note="Where somebody needs SSE-C, set BlockedEncryptionTypes to NONE on both buckets instead.",
    ),
    passes=(
        """
        # Nobody may use it, neither here nor there.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}
                    BlockedEncryptionTypes: {EncryptionType: [NONE]}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Destination: {Bucket: !GetAtt Copy.Arn}}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}
                    BlockedEncryptionTypes: {EncryptionType: [NONE]}
          Photos:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # The copies of what is written with SSE-C are refused.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}
                    BlockedEncryptionTypes:
                      EncryptionType: [NONE]
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
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}
                    BlockedEncryptionTypes:
                      EncryptionType: [SSE-C] # <-
        """,
        """
        # The policy demands what the bucket refuses.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}
                    BlockedEncryptionTypes:
                      EncryptionType: [SSE-C] # <-
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
                      "Null": {s3:x-amz-server-side-encryption-customer-algorithm: true}
        """,
    ),
    unsure=(
        """
        # Whether the destination takes it is for another stack to say.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}
                    BlockedEncryptionTypes: {EncryptionType: [NONE]}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Destination:
                      Bucket: !ImportValue copy-arn # <-
        """,
    ),
)
def sse_c_in_use(bucket: Bucket, estate: Estate) -> Verdict:
    """Replication and policy do not depend on SSE-C while it is blocked.

    A bucket that blocks SSE-C refuses every upload with a key of the caller, the copies from another bucket
    included. Nothing in the configuration of either shows that until something is missing.
    """

    def judged() -> Verdict:
        blocked = blocks_sse_c(bucket)
        copies = unless(blocked, "nothing is written with SSE-C here", lambda: _copies(bucket, estate))
        demanded = unless(~blocked, "it may be used", lambda: _demanded(bucket, blocked))
        return copies & demanded

    return unless(of_type(bucket, "directory", "outposts"), "it has no setting for SSE-C", judged)


def _copies(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether every bucket that it is copied to takes what it takes."""

    def of_rules(replication: Replication) -> Verdict:
        return every_of(
            replication.rules,
            lambda rule: unless(~is_on(rule), "nothing is replicated by it", lambda: of_rule(rule)),
            empty=not_applicable(replication.at, "it has no replication rule"),
        )

    def of_rule(rule: ReplicationRule) -> Verdict:
        return when_set(
            destination_of(rule, estate),
            lambda target: (~blocks_sse_c(target)).noting(
                f"{label(bucket)}, which allows SSE-C, is replicated to {label(target)}",
                rule.destination.bucket.at,
            ),
            "the destination does not exist",
        )

    nothing = passed(bucket.at, "SSE-C is allowed, and nothing here depends on it")
    found = when_set(bucket.replication, of_rules, nothing, what="replication")
    return nothing if found.status is Status.NOT_APPLICABLE else found


def _demanded(bucket: Bucket, blocked: Verdict) -> Verdict:
    """Whether no upload is denied for being without a key of the caller, which the bucket refuses."""

    def asked(policy: Policy) -> Verdict:
        from s3audit.policy.encryption import allows_without_sse_c, speaks_of_encryption

        nobody = ~speaks_of_encryption(policy, _HEADER)
        return unless(nobody, "nobody demands SSE-C", lambda: allows_without_sse_c(policy, bucket) | ~blocked)

    return when_set(policy_of(bucket.policy), asked, "there is no bucket policy", what="the bucket policy")
