from s3audit.check import ALL, BUCKETS, DISTRIBUTIONS, HIGH, LOAD_BALANCERS, Fix, check
from s3audit.intent import said
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.setting import Unset
from s3audit.verdict import Status, Verdict, not_applicable, unless

from ._uses import needs_sse_s3

_DSSE = "aws:kms:dsse"


@check(
    severity=HIGH,
    severity_rule="high: somebody has said that one layer is not enough for what is in it",
    needs=(BUCKETS, DISTRIBUTIONS, LOAD_BALANCERS),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            BucketEncryption:
              ServerSideEncryptionConfiguration:
                - ServerSideEncryptionByDefault:
                    SSEAlgorithm: aws:kms:dsse
                    KMSMasterKeyID: !GetAtt Key.Arn
            """,
        terraform="""
            resource "aws_s3_bucket_server_side_encryption_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                apply_server_side_encryption_by_default {
                  sse_algorithm     = "aws:kms:dsse"
                  kms_master_key_id = aws_kms_key.example.arn
                }
              }
            }
            """,
        cli="""
            aws s3api put-bucket-encryption --bucket BUCKET --server-side-encryption-configuration \\
              '{"Rules": [{"ApplyServerSideEncryptionByDefault":
                {"SSEAlgorithm": "aws:kms:dsse", "KMSMasterKeyID": "KEY_ARN"}}]}'
            """,
        note="DSSE-KMS costs more per request and per gigabyte, and objects that are there stay as they are.",
    ),
    passes=(
        """
        # Two layers, as the configuration asks for.
        #: [[expect]]
        #: name = "shop-secrets"
        #: encryption = "aws:kms:dsse"
        Resources:
          Secrets:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-secrets
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms:dsse}
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
        """,
        """
        # Access logs can't be delivered to such a bucket, whatever is asked for.
        #: [[expect]]
        #: name = "shop-*"
        #: encryption = "aws:kms:dsse"
        Resources:
          Secrets:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-secrets
              LoggingConfiguration: {DestinationBucketName: !Ref Logs}
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms:dsse}
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-logs
        """,
    ),
    fails=(
        """
        # One layer where two are asked for.
        #: [[expect]]
        #: name = "shop-secrets"
        #: encryption = "aws:kms:dsse"
        Resources:
          Secrets:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-secrets
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms # <-
        """,
        """
        # Nothing is declared, so it is S3's own keys.
        #: [[expect]]
        #: name = "shop-secrets"
        #: encryption = "aws:kms:dsse"
        Resources:
          Secrets: # <-
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-secrets
        """,
    ),
    unsure=(
        """
        # Whoever deploys it decides.
        #: [[expect]]
        #: name = "shop-secrets"
        #: encryption = "aws:kms:dsse"
        Parameters:
          Algorithm: {Type: String}
        Resources:
          Secrets:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-secrets
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: !Ref Algorithm # <-
        """,
    ),
)
def dsse_where_required(bucket: Bucket, estate: Estate) -> Verdict:
    """Buckets that need dual-layer encryption use DSSE-KMS.

    Some rules ask for two independent layers of encryption. Only DSSE-KMS does that, and a bucket does not get
    it unless its default encryption says so.
    """
    wanted = said(bucket, estate, lambda one: one.encryption)
    asked = wanted.is_in(_DSSE, what="the encryption that is asked for")

    def judged() -> Verdict:
        verdict = bucket.encryption.algorithm.is_in(_DSSE, what="default encryption")
        if verdict.status is Status.FAIL:
            return unless(needs_sse_s3(bucket, estate), "that does not work with KMS", verdict)
        return verdict

    if isinstance(wanted, Unset):
        return not_applicable(bucket.at, "the configuration asks for no encryption")
    return unless(~asked, "two layers are not asked for", judged)
