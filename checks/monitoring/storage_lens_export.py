from s3audit.check import ACCESS_POINTS, ACCOUNT, ALL, BUCKETS, DISTRIBUTIONS, LOW, STORAGE_LENS, Fix, check
from s3audit.intent import is_about, said
from s3audit.model.base import kind_of
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.expectation import Matcher
from s3audit.model.lens import LensExport, StorageLens
from s3audit.model.relations import label
from s3audit.setting import Known, Setting, Unknown, Unset, when_set
from s3audit.text import Text, same, text
from s3audit.verdict import Evidence, Status, Verdict, every, failed, passed, some, unknown, unless

from ._exports import is_private

_KMS = ("aws:kms", "aws:kms:dsse")
_YES = Verdict(Status.PASS)
_NO_EXPORT = "it exports to no bucket"


@check(
    severity=LOW,
    severity_rule="low: the metrics name buckets and prefixes, and what is in them they do not tell",
    needs=(STORAGE_LENS, BUCKETS, ACCOUNT, ACCESS_POINTS, DISTRIBUTIONS),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # The bucket that receives the metrics.
            Metrics:
              Type: AWS::S3::Bucket
              Properties:
                PublicAccessBlockConfiguration:
                  BlockPublicAcls: true
                  IgnorePublicAcls: true
                  BlockPublicPolicy: true
                  RestrictPublicBuckets: true
            """,
        terraform="""
            resource "aws_s3_bucket_public_access_block" "metrics" {
              bucket                  = aws_s3_bucket.metrics.id
              block_public_acls       = true
              ignore_public_acls      = true
              block_public_policy     = true
              restrict_public_buckets = true
            }
            """,
        cli="""
            aws s3api put-public-access-block --bucket METRICS_BUCKET --public-access-block-configuration \\
              BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
            """,
        note=(
            "Where the account is not trusted, or KMS is missing, S3BucketDestination is changed: Arn, AccountId,"
            " Encryption."
        ),
    ),
    passes=(
        """
        # To a private bucket of the same account.
        Resources:
          Lens:
            Type: AWS::S3::StorageLens
            Properties:
              StorageLensConfiguration:
                Id: all
                IsEnabled: true
                AccountLevel: {BucketLevel: {}}
                DataExport:
                  S3BucketDestination:
                    AccountId: !Ref AWS::AccountId
                    Arn: !GetAtt Metrics.Arn
                    Format: CSV
                    OutputSchemaVersion: V_1
          Metrics:
            Type: AWS::S3::Bucket
        """,
        """
        # KMS, as the configuration wants it; the other dashboard exports nothing.
        #: [[expect]]
        #: encryption = "aws:kms"
        #: trusted_accounts = ["444455556666"]
        Resources:
          Lens:
            Type: AWS::S3::StorageLens
            Properties:
              StorageLensConfiguration:
                Id: all
                IsEnabled: true
                AccountLevel: {BucketLevel: {}}
                DataExport:
                  S3BucketDestination:
                    AccountId: !Ref AWS::AccountId
                    Arn: !GetAtt Metrics.Arn
                    Format: CSV
                    OutputSchemaVersion: V_1
                    Encryption: {SSEKMS: {KeyId: "arn:aws:kms:eu-west-1:111122223333:key/metrics"}}
          Board:
            Type: AWS::S3::StorageLens
            Properties:
              StorageLensConfiguration:
                Id: board
                IsEnabled: true
                AccountLevel: {BucketLevel: {}}
                DataExport:
                  CloudWatchMetrics: {IsEnabled: true}
          Metrics:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # Everybody can read the metrics.
        Resources:
          Lens:
            Type: AWS::S3::StorageLens
            Properties:
              StorageLensConfiguration:
                Id: all
                IsEnabled: true
                AccountLevel: {BucketLevel: {}}
                DataExport:
                  S3BucketDestination:
                    AccountId: !Ref AWS::AccountId
                    Arn: !GetAtt Metrics.Arn # <-
                    Format: CSV
                    OutputSchemaVersion: V_1
          Metrics:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration: {RestrictPublicBuckets: false} # <-
          MetricsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Metrics
              PolicyDocument:
                Statement:
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Metrics.Arn}/*
        """,
        """
        # The configuration wants KMS.
        #: [[expect]]
        #: encryption = "aws:kms"
        Resources:
          Lens:
            Type: AWS::S3::StorageLens
            Properties:
              StorageLensConfiguration:
                Id: all
                IsEnabled: true
                AccountLevel: {BucketLevel: {}}
                DataExport:
                  S3BucketDestination:
                    AccountId: !Ref AWS::AccountId
                    Arn: !GetAtt Metrics.Arn # <-
                    Format: CSV
                    OutputSchemaVersion: V_1
          Metrics:
            Type: AWS::S3::Bucket
        """,
    ),
    unsure=(
        """
        # Which bucket it is, is for whoever deploys it to say.
        Parameters:
          Metrics: {Type: String}
        Resources:
          Lens:
            Type: AWS::S3::StorageLens
            Properties:
              StorageLensConfiguration:
                Id: all
                IsEnabled: true
                AccountLevel: {BucketLevel: {}}
                DataExport:
                  S3BucketDestination:
                    AccountId: !Ref AWS::AccountId
                    Arn: !Ref Metrics # <-
                    Format: CSV
                    OutputSchemaVersion: V_1
        """,
    ),
)
def storage_lens_export(lens: StorageLens, estate: Estate) -> Verdict:
    """Storage Lens exports stay in trusted accounts.

    The metrics tell which buckets and prefixes there are in the whole organization, how large they are and how they are
    protected. Nobody outside needs such a map.
    """

    def asked() -> Verdict:
        return every(
            when_set(one, lambda to: _judged(to, lens, estate), _NO_EXPORT)
            for one in (lens.export, lens.expanded_export)
        )

    return unless(~lens.enabled.is_in(True, what="the dashboard"), "it exports nothing", asked)


def _judged(to: LensExport, lens: StorageLens, estate: Estate) -> Verdict:
    at = to.bucket.at

    def of_bucket(target: Bucket) -> Verdict:
        wanted = said(target, estate, lambda one: one.encryption)
        needs_kms = wanted.satisfies(lambda least: least in _KMS, "")
        private = is_private(target, estate, f"the metrics go to {label(target)}", to.bucket)
        if needs_kms.status is Status.FAIL:
            return private
        under_kms = _is_under_kms(to, target)
        if needs_kms.status is Status.UNKNOWN and under_kms.status is not Status.PASS:
            return private & needs_kms
        return private & under_kms

    gone = failed(at, "there is no such bucket, and whoever makes one of this name gets the metrics")
    return (
        _is_trusted(to, lens, estate)
        & when_set(_target(to, estate), of_bucket, gone)
        & passed(at, "it exports to a bucket")
    )


def _target(to: LensExport, estate: Estate) -> Setting[Bucket | None]:
    match to.bucket:
        case Unknown() as gap:
            return gap
        case Known(arn, at) | Unset(arn, at):
            return estate.bucket_of_arn(arn, at)


def _is_under_kms(to: LensExport, target: Bucket) -> Verdict:
    own = when_set(
        to.kms_key, lambda _: passed(to.kms_key.at, "the export has a KMS key"), Verdict(Status.FAIL)
    )
    by_default = target.encryption.algorithm.is_in(*_KMS, what=f"default encryption of {label(target)}")
    found = own | (by_default & to.sse_s3.satisfies(lambda on: not on, "the export asks for SSE-S3"))
    if found.status is Status.FAIL:
        return failed(to.bucket.at, f"KMS is asked for, and the metrics in {label(target)} are not under KMS")
    return found


def _is_trusted(to: LensExport, lens: StorageLens, estate: Estate) -> Verdict:
    """Whether the account that receives the metrics is the own one or said to be trusted, if any is."""
    return when_set(_trusted(lens, estate), lambda those: _is_one_of(to, lens, those), _YES)


def _trusted(lens: StorageLens, estate: Estate) -> Setting[frozenset[str] | None]:
    """What is said of every bucket of the account holds of the dashboard over them."""
    found: set[str] | None = None
    for one in estate.expectations:
        match = one.match
        if one.trust.accounts is None or match.kinds or match.names or match.paths or match.tags:
            continue
        meant = Matcher(kinds=(kind_of(StorageLens),), accounts=match.accounts, regions=match.regions)
        about = is_about(meant, lens)
        if about.status is Status.UNKNOWN:
            return Unknown(f"whether the entry at {one.at} is about this dashboard is not known", one.at)
        if about.status is Status.PASS:
            found = {*(found or ()), *one.trust.accounts}
    return Unset(None, lens.at) if found is None else Known(frozenset(found), lens.at)


def _is_one_of(to: LensExport, lens: StorageLens, accounts: frozenset[str]) -> Verdict:
    match to.account:
        case Known(account, at) | Unset(account, at):
            found = _is_own(account, lens)
            found |= some(Verdict(same(account, text(one))) for one in sorted(accounts))
            if found.status is Status.UNKNOWN:
                return unknown(at, f"whether {account} is a trusted account is not known")
            return Verdict(found.status, (Evidence(at, f"the metrics go to the account {account}"),))
        case Unknown(why, at):
            return unknown(at, f"to which account the metrics go is not known: {why}")


def _is_own(account: Text, lens: StorageLens) -> Verdict:
    match lens.account:
        case Known(own) | Unset(own):
            return Verdict(same(account, own))
        case Unknown():
            return Verdict(Status.UNKNOWN)
