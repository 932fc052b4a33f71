from s3audit.check import ALL, BUCKETS, HIGH, KEYS, LOW, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import default_key
from s3audit.model.estate import Estate
from s3audit.model.key import KmsKey
from s3audit.model.relations import Edge, label, log_edges
from s3audit.policy.language import policy_of
from s3audit.policy.proofs import surely_admits_service
from s3audit.setting import Known, when_set
from s3audit.verdict import Status, Verdict, every, not_applicable

_ACTIONS = ("kms:GenerateDataKey", "kms:Decrypt")


@check(
    severity=HIGH,
    severity_rule=(
        "high for the key that AWS manages and for two layers (aws:kms:dsse); medium for another key whose"
        " policy is not known to admit the delivery; low when it does: AWS documents SSE-S3 only, but people"
        " report that it works"
    ),
    needs=(BUCKETS, KEYS),
    about="logging",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # The log bucket.
            Logs:
              Type: AWS::S3::Bucket
              Properties:
                BucketEncryption:
                  ServerSideEncryptionConfiguration:
                    - ServerSideEncryptionByDefault:
                        SSEAlgorithm: AES256
            """,
        terraform="""
            resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
              bucket = aws_s3_bucket.logs.id
              rule {
                apply_server_side_encryption_by_default {
                  sse_algorithm = "AES256"
                }
              }
            }
            """,
        cli="""
            aws s3api put-bucket-encryption --bucket LOG_BUCKET --server-side-encryption-configuration \\
              '{"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}'
            """,
        note="Several other tools ask for KMS on exactly these buckets.",
    ),
    passes=(
        """
        # The log bucket is encrypted by S3's own keys, said aloud.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref Logs}
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}
        """,
        """
        # Nothing is said, so it is S3's own keys. What the logged bucket itself uses does not matter.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref Logs}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
          Logs:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # Without a key of one's own it is the key of AWS, whose policy nobody can change.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs # <-
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms # <-
        """,
        """
        # Two layers, with a key of one's own.
        Resources:
          Key:
            Type: AWS::KMS::Key
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: shop-logs # <-
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-logs
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms:dsse # <-
                      KMSMasterKeyID: !GetAtt Key.Arn
        """,
        """
        # Medium: the policy of the key does not speak of the delivery.
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
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs # <-
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms # <-
                      KMSMasterKeyID: !GetAtt Key.Arn
        """,
        """
        # Medium: the policy lets S3 deliver, but takes it back.
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
                  - Effect: Deny
                    Principal: {Service: logging.s3.amazonaws.com}
                    Action: kms:Decrypt
                    Resource: "*"
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs # <-
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms # <-
                      KMSMasterKeyID: !GetAtt Key.Arn
        """,
        """
        # Low: the policy of the key lets S3 deliver.
        Resources:
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy:
                Statement:
                  - Effect: Allow
                    Principal: {Service: logging.s3.amazonaws.com}
                    Action: [kms:GenerateDataKey*, kms:Decrypt]
                    Resource: "*"
          Alias:
            Type: AWS::KMS::Alias
            Properties:
              AliasName: alias/logs
              TargetKeyId: !Ref Key
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs # <-
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms # <-
                      KMSMasterKeyID: !Ref Alias
        """,
    ),
    unsure=(
        """
        # The log bucket may not be there, and another one may have its name.
        Parameters:
          Stack: {Type: String}
          Home: {Type: String}
        Conditions:
          IsHome: !Equals [!Ref Stack, !Ref Home]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: shop-logs # <-
          Logs:
            Type: AWS::S3::Bucket
            Condition: IsHome
            Properties:
              BucketName: shop-logs
        """,
        """
        # The log bucket is declared elsewhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: company-logs # <-
        """,
        """
        # The log bucket is here, what encrypts it is not told.
        Parameters:
          Algorithm:
            Type: String
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref Logs # <-
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: !Ref Algorithm # <-
        """,
    ),
)
def target_encryption(bucket: Bucket, estate: Estate) -> Verdict:
    """The log target uses SSE-S3 default encryption.

    S3 delivers access logs to buckets that are encrypted with its own keys. With a KMS key the delivery stops
    without an error anywhere, and nobody notices before the logs are needed.
    """
    return every(
        (_judge(edge, estate) for edge in log_edges(bucket, estate)),
        empty=not_applicable(bucket.logging.at, "it has no access logging"),
    )


def _judge(edge: Edge, estate: Estate) -> Verdict:
    return when_set(
        edge.to,
        lambda target: _without_kms(target, estate).noting(edge.note, edge.at),
        "the log target does not exist",
    )


def _without_kms(target: Bucket, estate: Estate) -> Verdict:
    algorithm = target.encryption.algorithm
    found = ~algorithm.is_in("aws:kms", "aws:kms:dsse", what=f"default encryption of {label(target)}")
    if found.status is not Status.FAIL:
        return found
    match algorithm, default_key(target, estate):
        case (Known("aws:kms:dsse"), _) | (_, Known(None)):
            return found.at_severity(HIGH)
        case _, Known(key) if key is not None:
            return _judged_by_key(found, _admits_delivery(key, target))
        case _:
            return found.at_severity(MEDIUM)


def _judged_by_key(found: Verdict, admits: Verdict) -> Verdict:
    """With what the policy of the key has against the delivery."""
    if admits.status is Status.PASS:
        return found.at_severity(LOW)
    for gap in admits.evidence if admits.status is Status.FAIL else ():
        found = found.noting(gap.note)
    return found.at_severity(MEDIUM)


def _admits_delivery(key: KmsKey, target: Bucket) -> Verdict:
    return when_set(
        policy_of(key.policy),
        lambda policy: every(
            surely_admits_service(policy, "logging.s3.amazonaws.com", action, target.account)
            for action in _ACTIONS
        ),
        Verdict(Status.FAIL),
    )
