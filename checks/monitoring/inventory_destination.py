from s3audit.check import ACCESS_POINTS, ACCOUNT, ALL, BUCKETS, DISTRIBUTIONS, HIGH, MEDIUM, Fix, check
from s3audit.intent import listed
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.owner import belongs_to_one_of, is_one_of
from s3audit.model.relations import label
from s3audit.model.reports import ReportDestination
from s3audit.setting import Known, Unset, when_set
from s3audit.text import Text, same
from s3audit.verdict import Evidence, Status, Verdict, failed, passed, unknown

from ._exports import is_private, of_every_export, of_target

_KMS = ("aws:kms", "aws:kms:dsse")
_MANAGED = "alias/aws/s3"
_YES = Verdict(Status.PASS)


@check(
    severity=MEDIUM,
    severity_rule=(
        "medium: a report lists every key; high where everybody can read it, or an account gets it that is not trusted"
    ),
    needs=(BUCKETS, ACCOUNT, ACCESS_POINTS, DISTRIBUTIONS),
    sources=ALL,
    peers={
        "custodian": ("inventory",),
        "tflint": ("aws_s3_bucket_inventory_invalid_included_object_versions",),
    },
    fix=Fix(
        cloudformation="""
            # The bucket that receives the reports.
            Reports:
              Type: AWS::S3::Bucket
              Properties:
                PublicAccessBlockConfiguration:
                  BlockPublicAcls: true
                  IgnorePublicAcls: true
                  BlockPublicPolicy: true
                  RestrictPublicBuckets: true
                BucketEncryption:
                  ServerSideEncryptionConfiguration:
                    - BucketKeyEnabled: true
                      ServerSideEncryptionByDefault:
                        SSEAlgorithm: aws:kms
                        KMSMasterKeyID: !GetAtt Key.Arn
            InventoryConfigurations:
              - Id: all
                Enabled: true
                IncludedObjectVersions: Current
                ScheduleFrequency: Weekly
                Destination:
                  BucketArn: !GetAtt Reports.Arn
                  BucketAccountId: !Ref AWS::AccountId
                  Format: Parquet
            """,
        terraform="""
            resource "aws_s3_bucket_inventory" "example" {
              bucket                   = aws_s3_bucket.example.id
              name                     = "all"
              included_object_versions = "Current"
              schedule {
                frequency = "Weekly"
              }
              destination {
                bucket {
                  bucket_arn = aws_s3_bucket.reports.arn
                  account_id = "111122223333"
                  format     = "Parquet"
                  encryption {
                    sse_kms {
                      key_id = aws_kms_key.example.arn
                    }
                  }
                }
              }
            }
            """,
        cli="""
            aws s3api put-bucket-inventory-configuration --bucket BUCKET --id REPORT_ID --inventory-configuration '{
              "Id": "REPORT_ID",
              "IsEnabled": true,
              "IncludedObjectVersions": "Current",
              "Schedule": {"Frequency": "Weekly"},
              "Destination": {"S3BucketDestination": {
                "Bucket": "arn:aws:s3:::REPORT_BUCKET",
                "AccountId": "ACCOUNT_ID",
                "Format": "Parquet",
                "Encryption": {"SSEKMS": {"KeyId": "KEY_ARN"}}
              }}
            }'
            """,
        note="The policy of the key has to let s3.amazonaws.com generate data keys; a key that AWS manages can't.",
    ),
    passes=(
        """
        # A private bucket of the same account, encrypted as the source is.
        Resources:
          Key:
            Type: AWS::KMS::Key
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
              InventoryConfigurations:
                - Id: all
                  Enabled: true
                  IncludedObjectVersions: Current
                  ScheduleFrequency: Weekly
                  Destination:
                    BucketArn: !GetAtt Reports.Arn
                    BucketAccountId: !Ref AWS::AccountId
                    Format: Parquet
          Reports:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
        """,
        """
        # Nothing is exported that the source keeps under KMS; an inventory that is off goes nowhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AnalyticsConfigurations:
                - Id: all
                  StorageClassAnalysis:
                    DataExport:
                      OutputSchemaVersion: V_1
                      Destination:
                        BucketArn: !GetAtt Reports.Arn
                        Format: CSV
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
              InventoryConfigurations:
                - Id: all
                  Enabled: false
                  IncludedObjectVersions: Current
                  ScheduleFrequency: Weekly
                  Destination: {BucketArn: !GetAtt Reports.Arn, Format: CSV}
          Reports:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # The objects are under KMS, and the list of them is not.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
              InventoryConfigurations:
                - Id: all
                  Enabled: true
                  IncludedObjectVersions: Current
                  ScheduleFrequency: Weekly
                  Destination:
                    BucketArn: !GetAtt Reports.Arn # <-
                    Format: Parquet
          Reports:
            Type: AWS::S3::Bucket
        """,
        """
        # Everybody can read the reports.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              InventoryConfigurations:
                - Id: all
                  Enabled: true
                  IncludedObjectVersions: Current
                  ScheduleFrequency: Weekly
                  Destination:
                    BucketArn: !GetAtt Reports.Arn # <-
                    Format: Parquet
          Reports:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration: {RestrictPublicBuckets: false} # <-
          ReportsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Reports
              PolicyDocument:
                Statement:
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Reports.Arn}/*
        """,
    ),
    unsure=(
        """
        # Which bucket it is, is for whoever deploys it to say.
        Parameters:
          Reports: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              InventoryConfigurations:
                - Id: all
                  Enabled: true
                  IncludedObjectVersions: Current
                  ScheduleFrequency: Weekly
                  Destination:
                    BucketArn: !Ref Reports # <-
                    Format: Parquet
        """,
    ),
)
def inventory_destination(bucket: Bucket, estate: Estate) -> Verdict:
    """Inventory and analytics exports go to a private, encrypted, trusted bucket.

    An inventory is a list of every key, with sizes and dates, and keys say much: names of customers, of files, of
    projects. It deserves the care that the objects get, and often is in a bucket that nobody looks after.
    """
    return of_every_export(bucket, lambda to, _: _judged(to, bucket, estate))


def _judged(to: ReportDestination, bucket: Bucket, estate: Estate) -> Verdict:
    accounts = listed(bucket, estate, lambda one: one.trust.accounts)

    def named(those: frozenset[str]) -> Verdict:
        return when_set(
            to.account, lambda _: is_one_of(to.account, bucket, those).at_severity(HIGH), Verdict(Status.PASS)
        )

    def of_bucket(target: Bucket) -> Verdict:
        owner = when_set(
            accounts,
            lambda those: belongs_to_one_of(target, bucket, those, to.bucket.at).at_severity(HIGH),
            _YES,
        )
        found = owner & _is_near(to, bucket, target) & _is_encrypted(to, bucket, target)
        note = f"reports go to {label(target)}"
        return found & is_private(target, estate, note, to.bucket).at_severity(HIGH)

    found = when_set(accounts, named, _YES) & of_target(to, estate, of_bucket)
    match to.account:
        case Known(None, at) | Unset(None, at) if found.status is Status.PASS:
            return found.noting("the owner of the destination is not checked", at)
        case _:
            return found


def _is_near(to: ReportDestination, bucket: Bucket, target: Bucket) -> Verdict:
    match bucket.region, target.region:
        case ((Known(home) | Unset(home)), (Known(other) | Unset(other))):
            found = same(home, other)
            note = f"{label(target)} is in {other}, and S3 exports within a Region only"
            if found is Status.UNKNOWN:
                return unknown(to.bucket.at, f"whether {label(target)} is in the same Region is not known")
            return Verdict(found, (Evidence(to.bucket.at, note),) if found is Status.FAIL else ())
        case _:
            return unknown(to.bucket.at, f"whether {label(target)} is in the same Region is not known")


def _is_encrypted(to: ReportDestination, bucket: Bucket, target: Bucket) -> Verdict:
    """Whether a report about what is under KMS is under KMS too."""
    managed = when_set(to.kms_key, lambda key: _is_usable(key, to), _YES)
    source = bucket.encryption.algorithm.is_in(*_KMS, what="default encryption")
    if source.status is Status.FAIL:
        return managed
    own = when_set(
        to.kms_key, lambda _: passed(to.kms_key.at, "the report has a KMS key"), Verdict(Status.FAIL)
    )
    by_default = target.encryption.algorithm.is_in(*_KMS, what=f"default encryption of {label(target)}")
    by_default &= to.sse_s3.satisfies(lambda on: not on, "the report asks for SSE-S3")
    found = own | by_default | ~source
    if found.status is Status.FAIL:
        found = failed(
            to.bucket.at, f"{label(bucket)} is under KMS, and its report in {label(target)} is not"
        )
    return managed & found


def _is_usable(key: Text, to: ReportDestination) -> Verdict:
    if any(part.resource for part in key.opaque):  # one that is declared is one's own
        return _YES
    match key.ends_with(_MANAGED):
        case Status.PASS:
            return failed(to.kms_key.at, "reports can't be encrypted with the key that AWS manages")
        case Status.FAIL:
            return _YES
        case _:
            return unknown(to.kms_key.at, f"whether {key} is the key that AWS manages is not known")
