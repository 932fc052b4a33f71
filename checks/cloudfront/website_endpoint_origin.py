from s3audit.check import ALL, BUCKETS, DISTRIBUTIONS, LOW, MEDIUM, Fix, check
from s3audit.intent import is_for, said
from s3audit.model.bucket import Bucket
from s3audit.model.distribution import Distribution, Origin
from s3audit.model.estate import Estate
from s3audit.model.uses import filled
from s3audit.policy.language import Statement, policy_of
from s3audit.setting import Known, Unset, every_of, some_of, when_set
from s3audit.verdict import Status, Verdict, failed, not_applicable, passed, unless

from ._origins import bucket_behind, is_s3, is_website, name_of


@check(
    severity=MEDIUM,
    severity_rule="medium: the bucket has to be public, and the way to it is plain HTTP; low for a bucket that is"
    " said to be a website or public, or whose policy asks for a secret in the Referer",
    needs=(BUCKETS, DISTRIBUTIONS),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            Control:
              Type: AWS::CloudFront::OriginAccessControl
              Properties:
                OriginAccessControlConfig:
                  Name: site
                  OriginAccessControlOriginType: s3
                  SigningBehavior: always
                  SigningProtocol: sigv4

            # In the distribution:
            DistributionConfig:
              DefaultRootObject: index.html
              Origins:
                - Id: site
                  DomainName: shop-site.s3.eu-west-1.amazonaws.com
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

            # In the distribution, without a custom_origin_config:
            origin {
              origin_id                = "site"
              domain_name              = "shop-site.s3.eu-west-1.amazonaws.com"
              origin_access_control_id = aws_cloudfront_origin_access_control.example.id
            }
            """,
        cli="""
            aws cloudfront create-origin-access-control --origin-access-control-config \\
              Name=site,OriginAccessControlOriginType=s3,SigningBehavior=always,SigningProtocol=sigv4
            # Name it in the origin, in the DistributionConfig that get-distribution-config tells.
            aws cloudfront update-distribution --id ID --if-match ETAG \\
              --distribution-config file://distribution.json
            """,
        note="Index documents of folders and redirects then take a CloudFront function, and the bucket policy has to"
        " let cloudfront.amazonaws.com read for this distribution.",
    ),
    passes=(
        """
        # The REST endpoint of the bucket.
        Resources:
          Site:
            Type: AWS::S3::Bucket
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: site
                    DomainName: !GetAtt Site.RegionalDomainName
                    OriginAccessControlId: E2QWRUHAPOMQZL
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: site, ViewerProtocolPolicy: https-only}
        """,
        """
        # Nothing is asked of web servers and load balancers.
        Resources:
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: shop-photos.s3.eu-west-1.amazonaws.com
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
                  - Id: shop
                    DomainName: !GetAtt Shop.DNSName
                    CustomOriginConfig: {OriginProtocolPolicy: https-only}
                DefaultCacheBehavior: {TargetOriginId: api, ViewerProtocolPolicy: https-only}
          Shop:
            Type: AWS::ElasticLoadBalancingV2::LoadBalancer
            Properties:
              Subnets: [subnet-1, subnet-2]
        """,
    ),
    fails=(
        """
        # Everybody can get past CloudFront.
        Resources:
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: site
                    DomainName: shop-site.s3-website-eu-west-1.amazonaws.com # <-
                    CustomOriginConfig: {OriginProtocolPolicy: http-only}
                DefaultCacheBehavior: {TargetOriginId: site, ViewerProtocolPolicy: https-only}
        """,
        """
        # The same by the address that the bucket tells of itself.
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Properties:
              WebsiteConfiguration: {IndexDocument: index.html}
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: site
                    DomainName: !Select [2, !Split ["/", !GetAtt Site.WebsiteURL]] # <-
                    CustomOriginConfig: {OriginProtocolPolicy: http-only}
                DefaultCacheBehavior: {TargetOriginId: site, ViewerProtocolPolicy: https-only}
        """,
        """
        # Low: the bucket is said to be a website, which is served to everybody anyway.
        #: [[expect]]
        #: name = "shop-site"
        #: role = "website"
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-site
              WebsiteConfiguration: {IndexDocument: index.html}
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: site
                    DomainName: shop-site.s3-website.eu-central-1.amazonaws.com # <-
                    CustomOriginConfig: {OriginProtocolPolicy: http-only}
                DefaultCacheBehavior: {TargetOriginId: site, ViewerProtocolPolicy: https-only}
        """,
        """
        # Low: the policy asks for a word that only CloudFront knows.
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-site
              WebsiteConfiguration: {IndexDocument: index.html}
          SitePolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Site
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Site.Arn}/*
                    Condition:
                      StringEquals: {aws:Referer: a-long-secret}
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: site
                    DomainName: !Sub ${Site}.s3-website.eu-central-1.amazonaws.com # <-
                    CustomOriginConfig: {OriginProtocolPolicy: http-only}
                DefaultCacheBehavior: {TargetOriginId: site, ViewerProtocolPolicy: https-only}
        """,
    ),
    unsure=(
        """
        # The domain is for whoever deploys it.
        Parameters:
          Domain:
            Type: String
        Resources:
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: origin
                    DomainName: !Ref Domain # <-
                    CustomOriginConfig: {OriginProtocolPolicy: http-only}
                DefaultCacheBehavior: {TargetOriginId: origin, ViewerProtocolPolicy: https-only}
        """,
    ),
)
def website_endpoint_origin(distribution: Distribution, estate: Estate) -> Verdict:
    """CloudFront does not use the website endpoint of a bucket.

    A website endpoint answers everybody and knows no signatures, so the bucket has to be public and CloudFront
    can be passed by. The way between the two is plain HTTP.
    """
    return every_of(distribution.origins, lambda origin: _judge(origin, estate))


def _judge(origin: Origin, estate: Estate) -> Verdict:
    who = f"the origin {name_of(origin)}"
    return unless(
        filled(origin.vpc_origin, f"{who} is in a VPC"),
        "it is none of S3",
        lambda: _rest(origin, who, estate),
    )


def _rest(origin: Origin, who: str, estate: Estate) -> Verdict:
    at = origin.domain_name.at
    if is_website(origin):
        found = failed(at, f"{who} is a website endpoint")
        return found.at_severity(LOW) if _is_meant(origin, estate) else found
    s3 = is_s3(origin.domain_name, estate)
    return not_applicable(at, f"{who} is none of S3") if s3.status is Status.FAIL else s3


def _is_meant(origin: Origin, estate: Estate) -> bool:
    match bucket_behind(origin, estate):
        case Known(Bucket() as bucket) | Unset(Bucket() as bucket):
            return _is_for_everybody(bucket, estate) or _asks_for_a_secret(bucket).status is Status.PASS
        case _:
            return False


def _is_for_everybody(bucket: Bucket, estate: Estate) -> bool:
    match said(bucket, estate, lambda one: one.public):
        case Known(True):
            return True
        case _:
            return is_for(bucket, estate, "website", "public-data").status is Status.PASS


def _asks_for_a_secret(bucket: Bucket) -> Verdict:
    """Whether the policy looks at a header that CloudFront may be told to send."""
    return when_set(
        policy_of(bucket.policy),
        lambda policy: some_of(policy.statements, _looks_at_the_referer),
        Verdict(Status.FAIL),
    )


def _looks_at_the_referer(statement: Statement) -> Verdict:
    return some_of(
        statement.conditions,
        lambda one: (
            passed(one.at, "") if one.is_about("aws:referer", "aws:useragent") else Verdict(Status.FAIL)
        ),
    )
