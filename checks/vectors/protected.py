from collections.abc import Callable
from typing import TypeVar

from s3audit.check import ALL, KEYS, MEDIUM, VECTOR_BUCKETS, Fix, check
from s3audit.intent import said, trusted
from s3audit.model.base import kind_of
from s3audit.model.estate import Estate
from s3audit.model.expectation import Expectation
from s3audit.model.lookup import first_by_name
from s3audit.model.names import arn_parts
from s3audit.model.vector_bucket import VectorBucket, VectorIndex
from s3audit.policy.stores import demanded, kept_to, key_serves
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text
from s3audit.verdict import Verdict, not_applicable, unknown

T = TypeVar("T")

_INDEXING = "indexing.s3vectors.amazonaws.com"
_KIND = kind_of(VectorBucket)
_BUCKET = "bucket/"
_STAND_IN = "arn:aws:s3vectors:eu-west-1:111122223333:bucket/xqz-itself"
_OF_VECTORS = """
    QueryVectors GetVectors ListVectors PutVectors DeleteVectors DeleteIndex DeleteVectorBucket PutVectorBucketPolicy
    DeleteVectorBucketPolicy CreateIndex GetIndex GetVectorBucket GetVectorBucketPolicy ListIndexes ListTagsForResource
    TagResource UntagResource
"""
_ACTIONS = tuple(f"s3vectors:{name}" for name in _OF_VECTORS.split())


@check(
    severity=MEDIUM,
    severity_rule=(
        "medium: vectors give away much of the texts and pictures that they were made of; high for a grant to an"
        " account that is not on the list of those to trust"
    ),
    needs=(VECTOR_BUCKETS, KEYS),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # A new one, as the encryption can't be changed.
            EncryptionConfiguration:
              SseType: aws:kms
              KmsKeyArn: !GetAtt Key.Arn
            Key:
              Type: AWS::KMS::Key
              Properties:
                EnableKeyRotation: true
                KeyPolicy:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
                      Action: kms:*
                      Resource: "*"
                    - Effect: Allow
                      Principal: {Service: indexing.s3vectors.amazonaws.com}
                      Action: kms:Decrypt
                      Resource: "*"
                      Condition: {StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}}
            """,
        terraform="""
            data "aws_caller_identity" "current" {}

            resource "aws_kms_key" "example" {
              enable_key_rotation = true
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [
                  {
                    Effect    = "Allow"
                    Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
                    Action    = "kms:*"
                    Resource  = "*"
                  },
                  {
                    Effect    = "Allow"
                    Principal = { Service = "indexing.s3vectors.amazonaws.com" }
                    Action    = "kms:Decrypt"
                    Resource  = "*"
                    Condition = {
                      StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
                    }
                  },
                ]
              })
            }

            # A new one, as the encryption can't be changed.
            resource "aws_s3vectors_vector_bucket" "example" {
              encryption_configuration {
                sse_type    = "aws:kms"
                kms_key_arn = aws_kms_key.example.arn
              }
            }
            """,
        cli="""
            # policy.json names those who may, in the Principal of each statement.
            aws s3vectors create-vector-bucket --vector-bucket-name BUCKET \\
              --encryption-configuration sseType=aws:kms,kmsKeyArn=KEY_ARN
            aws s3vectors put-vector-bucket-policy --vector-bucket-name BUCKET --policy file://policy.json
            """,
        note="The encryption of a vector bucket and of an index stays as it was made, so the vectors have to move.",
    ),
    passes=(
        """
        # A key that indexing may use, and a policy for an account that is to be trusted.
        #: [[expect]]
        #: kind = "vector-bucket"
        #: encryption = "aws:kms"
        #: trusted_accounts = ["444455556666"]
        Resources:
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: indexing.s3vectors.amazonaws.com}
                    Action: kms:Decrypt
                    Resource: "*"
                    Condition:
                      ArnLike: {"aws:SourceArn": "arn:aws:s3vectors:*:*:bucket/texts"}
                      StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}
          Texts:
            Type: AWS::S3Vectors::VectorBucket
            Properties:
              VectorBucketName: texts
              EncryptionConfiguration: {SseType: aws:kms, KmsKeyArn: !GetAtt Key.Arn}
          TextsPolicy:
            Type: AWS::S3Vectors::VectorBucketPolicy
            Properties:
              VectorBucketArn: !GetAtt Texts.VectorBucketArn
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: "arn:aws:iam::444455556666:role/search"}
                    Action: s3vectors:QueryVectors
                    Resource: "*"
        """,
        """
        # Nobody demands KMS.
        Resources:
          Texts:
            Type: AWS::S3Vectors::VectorBucket
            Properties:
              VectorBucketName: texts
          Orders:
            Type: AWS::S3Vectors::Index
            Properties:
              VectorBucketName: texts
              IndexName: orders
              DataType: float32
              Dimension: 3
              DistanceMetric: cosine
        """,
    ),
    fails=(
        """
        # KMS is demanded.
        #: [[expect]]
        #: kind = "vector-bucket"
        #: encryption = "aws:kms"
        Resources:
          Texts: # <-
            Type: AWS::S3Vectors::VectorBucket
            Properties:
              VectorBucketName: texts
        """,
        """
        # The key lets in maintenance of tables, which is another service.
        Resources:
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy: # <-
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: maintenance.s3tables.amazonaws.com}
                    Action: kms:*
                    Resource: "*"
          Texts:
            Type: AWS::S3Vectors::VectorBucket
            Properties:
              VectorBucketName: texts
              EncryptionConfiguration: {SseType: aws:kms, KmsKeyArn: !GetAtt Key.Arn}
        """,
        """
        # High: an account that is on no list.
        #: [[expect]]
        #: kind = "vector-bucket"
        #: trusted_accounts = ["444455556666"]
        Resources:
          Texts:
            Type: AWS::S3Vectors::VectorBucket
            Properties:
              VectorBucketName: texts
          TextsPolicy:
            Type: AWS::S3Vectors::VectorBucketPolicy
            Properties:
              VectorBucketArn: !GetAtt Texts.VectorBucketArn
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: "arn:aws:iam::777788889999:root"}
                    Action: [s3vectors:QueryVectors, s3vectors:GetVectors]
                    Resource: "*"
        """,
    ),
    unsure=(
        """
        # The key is declared elsewhere.
        Resources:
          Texts:
            Type: AWS::S3Vectors::VectorBucket
            Properties:
              VectorBucketName: texts
              EncryptionConfiguration:
                SseType: aws:kms
                KmsKeyArn: arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab # <-
        """,
    ),
)
def protected(one: VectorBucket | VectorIndex, estate: Estate) -> Verdict:
    """S3 vector buckets are encrypted as required and not shared with strangers.

    Whoever has the vectors of a text knows what it is about, and can often tell its words. A vector bucket has a policy
    and a key of its own, and its encryption is chosen once.
    """
    encryption = one.encryption
    if isinstance(one, VectorIndex) and _has_none(one):
        return not_applicable(one.at, "it has the encryption and the policy of its vector bucket")
    served = key_serves(one, encryption.algorithm, encryption.kms_key, estate, _INDEXING, "kms:Decrypt")
    wanted = _expected(one, estate, lambda entry: entry.encryption)
    found = demanded(encryption.algorithm, wanted) & served
    return found if isinstance(one, VectorIndex) else found & _closed(one, estate)


def _has_none(index: VectorIndex) -> bool:
    match index.encryption.algorithm:
        case Known(None) | Unset(None):
            return True
        case _:
            return False


def _closed(bucket: VectorBucket, estate: Estate) -> Verdict:
    trust = trusted(bucket, estate)
    if isinstance(trust, Unknown):
        return unknown(trust.at, trust.why)
    nobody = frozenset[str]()
    those = (trust.accounts or nobody, trust.organizations or nobody) if trust.is_said else None
    return kept_to(bucket, bucket.policy, estate, those, _STAND_IN, _ACTIONS)


def _expected(
    one: VectorBucket | VectorIndex, estate: Estate, read: Callable[[Expectation], T | None]
) -> Setting[T | None]:
    """What is said of a vector bucket, and so of the indexes in it."""
    if not any(_KIND in entry.match.kinds and read(entry) is not None for entry in estate.expectations):
        return Unset(None, one.at)
    if isinstance(one, VectorBucket):
        return said(one, estate, read)
    match one.vector_bucket:
        case Unknown(why, at):
            return Unknown(f"in which vector bucket it is is not known: {why}", at)
        case Known(named) | Unset(named):
            bucket = _bucket_named(named, estate)
            return Unset(None, one.at) if bucket is None else said(bucket, estate, read)


def _bucket_named(named: Text, estate: Estate) -> VectorBucket | None:
    """The one of this name or ARN."""
    own = estate.named_by(named, VectorBucket)
    if own is not None:
        return own
    parts = arn_parts(named)
    name = named if parts is None else parts[4].without_prefix(_BUCKET)
    address = None if name is None else estate.once(_by_name).get(name)
    return None if address is None else estate.at(address, VectorBucket)


def _by_name(estate: Estate) -> dict[Text, str]:
    return first_by_name((one.address, (one.name,)) for one in estate.all(VectorBucket))
