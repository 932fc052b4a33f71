from s3audit.check import ALL, BUCKETS, CRITICAL, DISTRIBUTIONS, LIVE, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.distribution import Distribution, Origin
from s3audit.model.estate import Estate
from s3audit.model.relations import label
from s3audit.model.uses import filled
from s3audit.setting import every_of, when_set
from s3audit.verdict import Status, Verdict, failed, not_applicable, passed, unknown, unless

from ._origins import bucket_behind, bucket_name, is_s3, is_website, name_of

_NEVER = frozenset(":/ ")
"""Characters that stand in ARNs and in addresses, and in no name of a bucket."""


@check(
    severity=MEDIUM,
    severity_rule="medium: a template names what no bucket is called; as grave as can be in a live account, where"
    " anyone may make the bucket and serve what they like on your domain",
    needs=(BUCKETS, DISTRIBUTIONS),
    sources=ALL,
    peers={"prowler": ("cloudfront_distributions_s3_origin_non_existent_bucket",)},
    fix=Fix(
        cloudformation="""
            Assets:
              Type: AWS::S3::Bucket

            # In the distribution:
            DistributionConfig:
              Origins:
                - Id: assets
                  DomainName: !GetAtt Assets.RegionalDomainName
                  S3OriginConfig: {OriginAccessIdentity: ""}
            """,
        terraform="""
            resource "aws_s3_bucket" "assets" {
              bucket = "shop-assets"
            }

            # In the distribution:
            origin {
              origin_id   = "assets"
              domain_name = aws_s3_bucket.assets.bucket_regional_domain_name
            }
            """,
        cli="""
            # Keeps the name out of other hands; then remove the origin, or fill the bucket.
            aws s3api create-bucket --bucket BUCKET
            """,
        note="Or take the origin and its behaviors out of the distribution.",
    ),
    passes=(
        """
        # The bucket is made beside the distribution.
        Resources:
          Assets:
            Type: AWS::S3::Bucket
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: assets
                    DomainName: !GetAtt Assets.RegionalDomainName
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: assets, ViewerProtocolPolicy: https-only}
        """,
        """
        # Nothing is asked of other origins.
        Resources:
          Assets:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-assets
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: assets
                    DomainName: shop-assets.s3.eu-west-1.amazonaws.com
                    S3OriginConfig: {OriginAccessIdentity: ""}
                  - Id: api
                    DomainName: api.example.com
                    CustomOriginConfig: {OriginProtocolPolicy: https-only}
                DefaultCacheBehavior: {TargetOriginId: assets, ViewerProtocolPolicy: https-only}
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
        # A domain name has no scheme.
        Resources:
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: assets
                    DomainName: https://shop-assets.s3.eu-west-1.amazonaws.com # <-
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: assets, ViewerProtocolPolicy: https-only}
        """,
    ),
    unsure=(
        """
        # Whether there is such a bucket is not told here.
        Resources:
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: assets
                    DomainName: company-assets.s3.eu-west-1.amazonaws.com # <-
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: assets, ViewerProtocolPolicy: https-only}
        """,
    ),
)
def dangling_bucket_origin(distribution: Distribution, estate: Estate) -> Verdict:
    """No distribution points at a bucket that does not exist.

    The name of a bucket that is gone is free. Whoever makes a bucket of that name decides what your domain
    serves, with your certificate, to visitors who trust it.
    """
    return every_of(distribution.origins, lambda origin: _judge(origin, distribution, estate))


def _judge(origin: Origin, distribution: Distribution, estate: Estate) -> Verdict:
    who = f"the origin {name_of(origin)}"
    return unless(
        filled(origin.vpc_origin, f"{who} is in a VPC"),
        "it is none of S3",
        lambda: _leads_somewhere(origin, who, distribution, estate),
    )


def _leads_somewhere(origin: Origin, who: str, distribution: Distribution, estate: Estate) -> Verdict:
    at = origin.domain_name.at
    if not is_website(origin):
        s3 = is_s3(origin.domain_name, estate)
        if s3.status is Status.FAIL:
            return not_applicable(at, f"{who} is none of S3")
        if s3.status is Status.UNKNOWN:
            return s3
    name = bucket_name(origin)
    if name is not None and any(_NEVER & set(part) for part in name.parts if isinstance(part, str)):
        return failed(at, f"{who} leads to {name}, which is the name of no bucket", MEDIUM)
    severity = CRITICAL if distribution.origin == LIVE else MEDIUM
    return when_set(
        bucket_behind(origin, estate),
        lambda bucket: _is_ours(bucket, who, origin),
        failed(at, f"{who} leads to a bucket that does not exist", severity),
    )


def _is_ours(bucket: Bucket, who: str, origin: Origin) -> Verdict:
    at = origin.domain_name.at
    if bucket.is_declared:
        return passed(at, f"{who} leads to {label(bucket)}")
    return unknown(at, f"{who} leads to {label(bucket)}, and whose that is, is not known")
