from collections.abc import Iterator

from s3audit.check import ALL, BUCKETS, LOW, MEDIUM, TABLE_BUCKETS, Fix, check
from s3audit.intent import said
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.expectation import Retention
from s3audit.model.reports import Metadata, MetadataTable, MetadataV1
from s3audit.model.table_bucket import Table
from s3audit.setting import NOT_COLLECTED, Known, Setting, Unknown, Unset, when_set
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, every, failed, passed, unknown, unless

_KMS = ("aws:kms", "aws:kms:dsse")
_YES = Verdict(Status.PASS)
_FAILED = "FAILED"


@check(
    severity=LOW,
    severity_rule=(
        "low: a table that has failed misses what happened; medium where the objects are under KMS, and it is not"
    ),
    needs=(BUCKETS, TABLE_BUCKETS),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            MetadataConfiguration:
              JournalTableConfiguration:
                RecordExpiration: {Expiration: ENABLED, Days: 365}
                EncryptionConfiguration:
                  SseAlgorithm: aws:kms
                  KmsKeyArn: !GetAtt Key.Arn
            """,
        terraform="""
            resource "aws_s3_bucket_metadata_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              metadata_configuration {
                inventory_table_configuration {
                  configuration_state = "DISABLED"
                }
                journal_table_configuration {
                  record_expiration {
                    expiration = "ENABLED"
                    days       = 365
                  }
                  encryption_configuration {
                    sse_algorithm = "aws:kms"
                    kms_key_arn   = aws_kms_key.example.arn
                  }
                }
              }
            }
            """,
        cli="""
            aws s3api delete-bucket-metadata-configuration --bucket BUCKET
            aws s3api create-bucket-metadata-configuration --bucket BUCKET --metadata-configuration '{
              "JournalTableConfiguration": {
                "RecordExpiration": {"Expiration": "ENABLED", "Days": 365},
                "EncryptionConfiguration": {"SseAlgorithm": "aws:kms", "KmsKeyArn": "KEY_ARN"}
              }
            }'
            """,
        note=(
            "The encryption of a table is set when it is made, so it is made anew; the key has to let"
            " metadata.s3.amazonaws.com and maintenance.s3tables.amazonaws.com use it."
        ),
    ),
    passes=(
        """
        # The tables are under KMS as the objects are.
        Resources:
          Key:
            Type: AWS::KMS::Key
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
              MetadataConfiguration:
                JournalTableConfiguration:
                  RecordExpiration: {Expiration: DISABLED}
                  EncryptionConfiguration: {SseAlgorithm: aws:kms, KmsKeyArn: !GetAtt Key.Arn}
                InventoryTableConfiguration:
                  ConfigurationState: DISABLED
        """,
        """
        # Neither is; and records are kept no longer than they may be.
        #: [[expect]]
        #: name = "shop-orders"
        #: log_retention = { maximum = 365 }
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              MetadataConfiguration:
                JournalTableConfiguration:
                  RecordExpiration: {Expiration: ENABLED, Days: 30}
        """,
    ),
    fails=(
        """
        # The objects are under KMS, and the journal of them is not.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
              MetadataConfiguration:
                JournalTableConfiguration: # <-
                  RecordExpiration: {Expiration: ENABLED, Days: 30}
        """,
        """
        # Records are kept for ever, and the configuration allows a year.
        #: [[expect]]
        #: name = "shop-orders"
        #: log_retention = { maximum = 365 }
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              MetadataConfiguration:
                JournalTableConfiguration:
                  RecordExpiration:
                    Expiration: DISABLED # <-
        """,
        """
        # Ten years are more than one.
        #: [[expect]]
        #: name = "shop-orders"
        #: log_retention = { maximum = 365 }
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              MetadataConfiguration:
                JournalTableConfiguration:
                  RecordExpiration:
                    Expiration: ENABLED
                    Days: 3650 # <-
        """,
    ),
    unsure=(
        """
        # How the journal is encrypted is for whoever deploys it to say.
        Parameters:
          Algorithm: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
              MetadataConfiguration:
                JournalTableConfiguration:
                  RecordExpiration: {Expiration: ENABLED, Days: 30}
                  EncryptionConfiguration:
                    SseAlgorithm: !Ref Algorithm # <-
        """,
    ),
)
def metadata_table(bucket: Bucket, estate: Estate) -> Verdict:
    """S3 Metadata tables are encrypted and expire journal records as required.

    The tables hold every key of the bucket, and the journal also who changed it and from which address. That asks for
    the care that the objects get, and for an end to what is kept about people.
    """
    found = when_set(bucket.metadata, lambda one: _judged(one, bucket, estate), "it has no metadata tables")
    return found & when_set(bucket.metadata_v1, _first_form, "it has no metadata tables")


def _first_form(one: MetadataV1) -> Verdict:
    return _has_not_failed(one.status, one.error_message, "the metadata table") & passed(
        one.at, "it has a metadata table"
    )


def _judged(metadata: Metadata, bucket: Bucket, estate: Estate) -> Verdict:
    expires = when_set(metadata.journal, lambda journal: _expires(journal, bucket, estate), _YES)
    return every(
        (expires, *_of_tables(metadata, bucket, estate), passed(metadata.at, "it has metadata tables"))
    )


def _of_tables(metadata: Metadata, bucket: Bucket, estate: Estate) -> Iterator[Verdict]:
    for what, setting in (
        ("the journal", metadata.journal),
        ("the inventory table", metadata.inventory),
        ("the annotation table", metadata.annotation),
    ):

        def judge(table: MetadataTable, what: str = what) -> Verdict:
            is_off = table.state.satisfies(lambda state: state == "DISABLED", f"{what} is off")
            found = _has_not_failed(table.status, table.error_message, what)
            return unless(
                is_off, "there is no such table", found & _is_encrypted(table, what, bucket, estate)
            )

        yield when_set(setting, judge, _YES)


def _has_not_failed(status: Setting[str | None], message: Setting[Text | None], what: str) -> Verdict:
    """Only what is there has a status; one that is being made is no failure."""
    match status:
        case Known(str() as word, at) | Unset(str() as word, at) if word == _FAILED:
            why = f": {message.value}" if isinstance(message, Known) and message.value is not None else ""
            return failed(at, f"{what} has failed{why}"[:190])
        case Unknown(why, at) if why != NOT_COLLECTED.why:
            return unknown(at, f"whether {what} has failed is not known: {why}")
        case _:
            return _YES


def _is_encrypted(table: MetadataTable, what: str, bucket: Bucket, estate: Estate) -> Verdict:
    source = bucket.encryption.algorithm.is_in(*_KMS, what="default encryption")
    if source.status is Status.FAIL:
        return _YES
    algorithm = table.algorithm
    if isinstance(algorithm, Unknown):
        algorithm = _of_table(table.table, estate, algorithm)
    own = algorithm.satisfies(lambda word: word in _KMS, f"how {what} is encrypted is not known")
    if own.status is Status.FAIL:
        at = table.at if isinstance(algorithm, Unset) else algorithm.at
        own = failed(at, f"the objects are under KMS, and {what} is not", MEDIUM)
    if own.status is Status.FAIL and source.status is Status.UNKNOWN:
        return source
    return own


def _of_table(arn: Setting[Text | None], estate: Estate, gap: Unknown) -> Setting[str | None]:
    """S3 does not tell how it encrypts the table; S3 Tables does."""
    match arn:
        case Known(Text() as name) | Unset(Text() as name):
            address = name.literal or ""
        case _:
            address = ""
    table = estate.at(address, Table)
    return gap if table is None else table.encryption.algorithm


def _expires(journal: MetadataTable, bucket: Bucket, estate: Estate) -> Verdict:
    def within(wanted: Retention) -> Verdict:
        most = wanted.maximum
        if most is None:
            return _YES
        ends = journal.expiration.is_in("ENABLED", what="expiration of journal records")
        if ends.status is Status.FAIL:
            return ends
        return ends & journal.expiration_days.satisfies(
            lambda days: days is not None and days <= most, f"journal records stay longer than {most} days"
        )

    return when_set(said(bucket, estate, lambda one: one.log_retention), within, _YES)
