from s3audit.check import ALL, BUCKETS, DISTRIBUTIONS, LOW, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.distribution import Distribution, DistributionLogging
from s3audit.model.effective import acls_in_force
from s3audit.model.estate import Estate
from s3audit.model.names import bucket_in_domain
from s3audit.model.relations import label
from s3audit.model.uses import filled, if_there
from s3audit.setting import Known, Setting, Unknown, Unset, when_set
from s3audit.text import Text
from s3audit.verdict import Verdict, not_applicable, unless


@check(
    severity=MEDIUM,
    severity_rule="medium: CloudFront can't write, so there are no logs; low where nothing is said about ownership,"
    " as the bucket may be from before ACLs were off by default",
    needs=(BUCKETS, DISTRIBUTIONS),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            Logs:
              Type: AWS::S3::Bucket
              Properties:
                OwnershipControls:
                  Rules:
                    - ObjectOwnership: BucketOwnerPreferred
            """,
        terraform="""
            resource "aws_s3_bucket_ownership_controls" "logs" {
              bucket = aws_s3_bucket.logs.id
              rule {
                object_ownership = "BucketOwnerPreferred"
              }
            }
            """,
        cli="""
            aws s3api put-bucket-ownership-controls --bucket LOG_BUCKET \\
              --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerPreferred}]'
            """,
        note="Better still is standard logging v2, which needs no ACLs: deliver the logs by CloudWatch Logs'"
        " delivery sources and destinations.",
    ),
    passes=(
        """
        # ACLs count in the log bucket, so CloudFront can give itself access.
        Resources:
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: shop-photos.s3.eu-west-1.amazonaws.com
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
                Logging: {Bucket: !GetAtt Logs.RegionalDomainName}
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              OwnershipControls:
                Rules:
                  - ObjectOwnership: BucketOwnerPreferred
        """,
        """
        # Nothing is asked without logs of this kind.
        Resources:
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: shop-photos.s3.eu-west-1.amazonaws.com
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
                Logging: {Bucket: shop-logs.s3.amazonaws.com}
          Api:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: api
                    DomainName: api.example.com
                    CustomOriginConfig: {OriginProtocolPolicy: https-only}
                DefaultCacheBehavior: {TargetOriginId: api, ViewerProtocolPolicy: https-only}
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-logs
              OwnershipControls:
                Rules:
                  - ObjectOwnership: ObjectWriter
        """,
    ),
    fails=(
        """
        # Without ACLs CloudFront has no way in.
        Resources:
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: shop-photos.s3.eu-west-1.amazonaws.com
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
                Logging:
                  Bucket: !GetAtt Logs.DomainName # <-
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              OwnershipControls:
                Rules:
                  - ObjectOwnership: BucketOwnerEnforced # <-
        """,
        """
        # Low: nothing is said, and a bucket that is made now has no ACLs.
        Resources:
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: shop-photos.s3.eu-west-1.amazonaws.com
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
                Logging:
                  Bucket: shop-logs.s3.amazonaws.com # <-
          Logs: # <-
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-logs
        """,
    ),
    unsure=(
        """
        # The log bucket is declared elsewhere.
        Resources:
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: shop-photos.s3.eu-west-1.amazonaws.com
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
                Logging:
                  Bucket: company-logs.s3.amazonaws.com # <-
        """,
        """
        # Who owns what is in the log bucket is for another stack to say.
        Resources:
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: shop-photos.s3.eu-west-1.amazonaws.com
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
                Logging:
                  Bucket: !GetAtt Logs.DomainName # <-
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              OwnershipControls:
                Rules:
                  - ObjectOwnership: !ImportValue ownership # <-
        """,
    ),
)
def log_bucket_acl(distribution: Distribution, estate: Estate) -> Verdict:
    """A CloudFront standard-log (legacy) target bucket accepts ACLs.

    CloudFront gets at the log bucket by an ACL that it sets itself. Where ACLs are off that is refused, nothing
    is logged, and nobody notices before the logs are needed.
    """
    return when_set(
        distribution.logging,
        lambda logging: _judge(logging, estate),
        "it writes no logs of the legacy kind",
        what="where the logs go",
    )


def _judge(logging: DistributionLogging, estate: Estate) -> Verdict:
    return unless(
        ~filled(logging.bucket, "it writes logs"),
        "it writes no logs of the legacy kind",
        lambda: when_set(
            _target(logging.bucket, estate),
            lambda bucket: _takes_acls(bucket).noting(f"the logs go to {label(bucket)}", logging.bucket.at),
            not_applicable(logging.bucket.at, "the log bucket does not exist"),
        ),
    )


def _target(domain: Setting[Text | None], estate: Estate) -> Setting[Bucket | None]:
    match domain:
        case Known(Text() as written, at) | Unset(Text() as written, at):
            name = bucket_in_domain(written)
            if name is None:
                return Unknown(f"which bucket {written} leads to is not known", at)
            return estate.bucket_named(name, at)
        case Unknown() as gap:
            return gap
        case _:
            return Known(None, domain.at)


def _takes_acls(bucket: Bucket) -> Verdict:
    found = if_there(bucket, acls_in_force(bucket))
    return found.at_severity(LOW) if isinstance(bucket.ownership.object_ownership, Unset) else found
