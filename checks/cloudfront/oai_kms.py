from s3audit.check import ALL, BUCKETS, DISTRIBUTIONS, HIGH, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.distribution import Distribution, Origin
from s3audit.model.estate import Estate
from s3audit.model.relations import label
from s3audit.model.uses import filled, has_identity, if_there
from s3audit.setting import every_of, when_set
from s3audit.verdict import Status, Verdict, not_applicable, unless

from ._origins import bucket_behind, is_other, name_of


@check(
    severity=HIGH,
    severity_rule="high: CloudFront can't decrypt what it reads, so viewers get errors",
    needs=(BUCKETS, DISTRIBUTIONS),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            Control:
              Type: AWS::CloudFront::OriginAccessControl
              Properties:
                OriginAccessControlConfig:
                  Name: photos
                  OriginAccessControlOriginType: s3
                  SigningBehavior: always
                  SigningProtocol: sigv4

            # In the distribution:
            DistributionConfig:
              Origins:
                - Id: photos
                  DomainName: shop-photos.s3.eu-west-1.amazonaws.com
                  OriginAccessControlId: !GetAtt Control.Id
                  S3OriginConfig: {OriginAccessIdentity: ""}
            """,
        terraform="""
            resource "aws_cloudfront_origin_access_control" "example" {
              name                              = "example"
              origin_access_control_origin_type = "s3"
              signing_behavior                  = "always"
              signing_protocol                  = "sigv4"
            }

            # In the distribution, without an s3_origin_config:
            origin {
              origin_id                = "photos"
              domain_name              = "shop-photos.s3.eu-west-1.amazonaws.com"
              origin_access_control_id = aws_cloudfront_origin_access_control.example.id
            }
            """,
        cli="""
            aws cloudfront create-origin-access-control --origin-access-control-config \\
              Name=photos,OriginAccessControlOriginType=s3,SigningBehavior=always,SigningProtocol=sigv4
            # Name it in the origin, in the DistributionConfig that get-distribution-config tells.
            aws cloudfront update-distribution --id ID --if-match ETAG \\
              --distribution-config file://distribution.json
            """,
        note="The bucket policy and the policy of the key then have to let cloudfront.amazonaws.com in for this"
        " distribution.",
    ),
    passes=(
        """
        # An identity reads what S3 encrypts with its own keys.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}
          Identity:
            Type: AWS::CloudFront::CloudFrontOriginAccessIdentity
            Properties:
              CloudFrontOriginAccessIdentityConfig: {Comment: reads the photos}
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: !GetAtt Photos.RegionalDomainName
                    S3OriginConfig:
                      OriginAccessIdentity: !Sub origin-access-identity/cloudfront/${Identity}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
        """,
        """
        # With origin access control CloudFront can use a key; nothing is asked of a web server.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: !GetAtt Photos.RegionalDomainName
                    OriginAccessControlId: E2QWRUHAPOMQZL
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
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
        """,
    ),
    fails=(
        """
        # An identity can't use a key of KMS.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: aws:kms # <-
          Identity:
            Type: AWS::CloudFront::CloudFrontOriginAccessIdentity
            Properties:
              CloudFrontOriginAccessIdentityConfig: {Comment: reads the photos}
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: !GetAtt Photos.RegionalDomainName
                    S3OriginConfig:
                      OriginAccessIdentity: !Sub origin-access-identity/cloudfront/${Identity} # <-
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
        """,
    ),
    unsure=(
        """
        # The bucket is declared elsewhere, and what encrypts it is not told.
        Resources:
          Identity:
            Type: AWS::CloudFront::CloudFrontOriginAccessIdentity
            Properties:
              CloudFrontOriginAccessIdentityConfig: {Comment: reads the photos}
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: company-photos.s3.eu-west-1.amazonaws.com # <-
                    S3OriginConfig:
                      OriginAccessIdentity: !Sub origin-access-identity/cloudfront/${Identity}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
        """,
        """
        # What encrypts the bucket is for whoever deploys it.
        Parameters:
          Algorithm:
            Type: String
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketEncryption:
                ServerSideEncryptionConfiguration:
                  - ServerSideEncryptionByDefault:
                      SSEAlgorithm: !Ref Algorithm # <-
          Identity:
            Type: AWS::CloudFront::CloudFrontOriginAccessIdentity
            Properties:
              CloudFrontOriginAccessIdentityConfig: {Comment: reads the photos}
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: !GetAtt Photos.RegionalDomainName
                    S3OriginConfig:
                      OriginAccessIdentity: !Sub origin-access-identity/cloudfront/${Identity} # <-
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
        """,
    ),
)
def oai_kms(distribution: Distribution, estate: Estate) -> Verdict:
    """An OAI origin is not SSE-KMS encrypted.

    An origin access identity is nobody that a key of KMS could be shared with. CloudFront gets what the bucket
    holds, and can't decrypt it: viewers see an error for every new object.
    """
    return every_of(distribution.origins, lambda origin: _judge(origin, estate))


def _judge(origin: Origin, estate: Estate) -> Verdict:
    return unless(
        is_other(origin, estate),
        "only S3 origins are asked",
        lambda: _is_readable(origin, f"the origin {name_of(origin)}", estate),
    )


def _is_readable(origin: Origin, who: str, estate: Estate) -> Verdict:
    signed = filled(origin.access_control, f"{who} has an origin access control")
    if signed.status is Status.PASS:
        return signed
    read = unless(
        ~has_identity(origin),
        "nobody signs for it",
        lambda: has_identity(origin) & _is_not_kms(origin, estate),
    )
    return read if signed.status is Status.FAIL else signed | read


def _is_not_kms(origin: Origin, estate: Estate) -> Verdict:
    at = origin.access_identity.at
    return when_set(
        bucket_behind(origin, estate),
        lambda bucket: if_there(bucket, _is_plain(bucket)).noting(
            f"the origin {name_of(origin)} is read by an origin access identity", at
        ),
        not_applicable(at, "the bucket does not exist"),
    )


def _is_plain(bucket: Bucket) -> Verdict:
    return ~bucket.encryption.algorithm.is_in(
        "aws:kms", "aws:kms:dsse", what=f"default encryption of {label(bucket)}"
    )
