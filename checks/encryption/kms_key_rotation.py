from s3audit.check import ALL, BUCKETS, KEYS, LOW, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.key import KmsKey
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, unknown, unless

from ._keys import with_own_key
from ._states import DELETED

_NEVER = "such a key does not rotate"


@check(
    severity=LOW,
    severity_rule="low: what one version of the key has encrypted stays with it, and nothing is open today",
    needs=(BUCKETS, KEYS),
    sources=ALL,
    peers={
        "checkov": ("CKV_AWS_7",),
        "trivy": ("AVD-AWS-0065",),
        "prowler": ("kms_cmk_rotation_enabled",),
    },
    fix=Fix(
        cloudformation="""
            Key:
              Type: AWS::KMS::Key
              Properties:
                EnableKeyRotation: true
            """,
        terraform="""
            # The key that the bucket has already.
            resource "aws_kms_key" "example" {
              enable_key_rotation = true
            }

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
            aws kms enable-key-rotation --key-id KEY_ARN
            """,
        note="KMS keeps the old key material, so nothing has to be encrypted anew.",
    ),
    passes=(
        """
        # It rotates once a year.
        Resources:
          Key:
            Type: AWS::KMS::Key
            Properties:
              EnableKeyRotation: true
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
        """,
        """
        # A replica rotates with its primary; the key that AWS manages rotates by itself.
        Resources:
          Key:
            Type: AWS::KMS::Key
            Properties:
              MultiRegion: true
              EnableKeyRotation: true
          Copy:
            Type: AWS::KMS::ReplicaKey
            Properties:
              PrimaryKeyArn: !GetAtt Key.Arn
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Copy.Arn}
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
        """,
    ),
    fails=(
        """
        # Rotation is off unless somebody asks for it.
        Resources:
          Key: # <-
            Type: AWS::KMS::Key
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
        """,
        """
        # Off, and named by an alias.
        Resources:
          Key:
            Type: AWS::KMS::Key
            Properties:
              EnableKeyRotation: false # <-
          Alias:
            Type: AWS::KMS::Alias
            Properties: {AliasName: alias/shop, TargetKeyId: !Ref Key}
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: alias/shop}
        """,
    ),
    unsure=(
        """
        # The key is declared elsewhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms
                      KMSMasterKeyID: alias/shop # <-
        """,
        """
        # Whether a replica rotates is for its primary to say.
        Resources:
          Copy:
            Type: AWS::KMS::ReplicaKey
            Properties:
              PrimaryKeyArn: arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab # <-
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Copy.Arn}
        """,
        """
        # Whoever deploys it decides.
        Parameters:
          Rotate: {Type: String}
        Resources:
          Key:
            Type: AWS::KMS::Key
            Properties:
              EnableKeyRotation: !Ref Rotate # <-
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
        """,
    ),
)
def kms_key_rotation(bucket: Bucket, estate: Estate) -> Verdict:
    """The customer key behind the bucket rotates.

    A key that is never renewed encrypts everything for as long as the bucket is there. With rotation KMS makes
    new key material from time to time, so that one secret never opens it all.
    """
    return with_own_key(bucket, estate, lambda key: _rotates(key, estate))


def _rotates(key: KmsKey, estate: Estate) -> Verdict:
    """A replica rotates with its primary."""
    match key.primary:
        case Known(Text() as name, at) | Unset(Text() as name, at):
            primary = estate.named_by(name, KmsKey)
            if primary is not None:
                return unless(_is_deleted(key), _NEVER, lambda: _does(primary))
            found = _does(key)
            if found.status is not Status.UNKNOWN:
                return found
            return unknown(at, f"whether the primary key {name} rotates is not known")
        case Unknown(why, at) if isinstance(key.rotation, Unknown):
            return unknown(at, why)
        case _:
            return _does(key)


def _does(key: KmsKey) -> Verdict:
    cannot = (
        ~key.key_origin.is_in("AWS_KMS", what="the origin of its key material")
        | ~key.spec.is_in("SYMMETRIC_DEFAULT", what="the kind of the key")
        | _is_deleted(key)
    )
    return unless(cannot, _NEVER, key.rotation.is_in(True, what="rotation"))


def _is_deleted(key: KmsKey) -> Verdict:
    state: Setting[str | None] = key.state
    if isinstance(state, Unknown):  # no template can say it
        return Verdict(Status.FAIL)
    return state.is_in(*DELETED, what="the state of the key")
