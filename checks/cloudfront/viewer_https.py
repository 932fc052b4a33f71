from s3audit.check import ALL, DISTRIBUTIONS, MEDIUM, Fix, check
from s3audit.model.distribution import CacheBehavior, Distribution, Origin, OriginGroup
from s3audit.model.estate import Estate
from s3audit.setting import Known, Setting, Unknown, Unset, every_of, some_of
from s3audit.text import Text, same
from s3audit.verdict import Status, Verdict, not_applicable, passed, some, unknown, unless

from ._origins import is_s3, is_website, name_of


@check(
    severity=MEDIUM,
    severity_rule="medium: whoever sits between a visitor and CloudFront reads along and can change what comes",
    needs=(DISTRIBUTIONS,),
    sources=ALL,
    peers={
        "checkov": ("CKV_AWS_34",),
        "trivy": ("AVD-AWS-0012",),
        "prowler": ("cloudfront_distributions_https_enabled",),
        "kics": (
            "Cloudfront Viewer Protocol Policy Allows HTTP (terraform 55af1353-2f62-4fa0-a8e1-a210ca2708f5)",
            "Cloudfront Viewer Protocol Policy Allows HTTP (cloudformation 31733ee2-fef0-4e87-9778-65da22a8ecf1)",
        ),
    },
    fix=Fix(
        cloudformation="""
            DistributionConfig:
              DefaultCacheBehavior:
                ViewerProtocolPolicy: redirect-to-https
            """,
        terraform="""
            # In the distribution:
            default_cache_behavior {
              target_origin_id       = "photos"
              viewer_protocol_policy = "redirect-to-https"
              allowed_methods        = ["GET", "HEAD"]
              cached_methods         = ["GET", "HEAD"]
            }
            """,
        cli="""
            # Set ViewerProtocolPolicy in the DistributionConfig that get-distribution-config tells.
            aws cloudfront update-distribution --id ID --if-match ETAG \\
              --distribution-config file://distribution.json
            """,
        note="The same goes for each further behavior; redirect-to-https answers a POST over plain HTTP with 307.",
    ),
    passes=(
        """
        # Whoever comes over plain HTTP is sent to HTTPS, or away.
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
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: redirect-to-https}
                CacheBehaviors:
                  - {PathPattern: private/*, TargetOriginId: photos, ViewerProtocolPolicy: https-only}
        """,
        """
        # Nothing is asked where no bucket is behind it.
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
                  - Id: api
                    DomainName: api.example.com
                    CustomOriginConfig: {OriginProtocolPolicy: https-only}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
                CacheBehaviors:
                  - {PathPattern: api/*, TargetOriginId: api, ViewerProtocolPolicy: allow-all}
          Api:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: api
                    DomainName: api.example.com
                    CustomOriginConfig: {OriginProtocolPolicy: https-only}
                DefaultCacheBehavior: {TargetOriginId: api, ViewerProtocolPolicy: allow-all}
        """,
    ),
    fails=(
        """
        # Plain HTTP will do.
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
                DefaultCacheBehavior:
                  TargetOriginId: photos
                  ViewerProtocolPolicy: allow-all # <-
        """,
        """
        # One path is left out: the bucket is the second of a group of origins.
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
                  - Id: api
                    DomainName: api.example.com
                    CustomOriginConfig: {OriginProtocolPolicy: https-only}
                OriginGroups:
                  Quantity: 1
                  Items:
                    - Id: both
                      FailoverCriteria: {StatusCodes: {Quantity: 1, Items: [500]}}
                      Members: {Quantity: 2, Items: [{OriginId: api}, {OriginId: photos}]}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
                CacheBehaviors:
                  - PathPattern: old/*
                    TargetOriginId: both
                    ViewerProtocolPolicy: allow-all # <-
        """,
    ),
    unsure=(
        """
        # Whoever deploys it decides.
        Parameters:
          Protocol:
            Type: String
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
                DefaultCacheBehavior:
                  TargetOriginId: photos
                  ViewerProtocolPolicy: !Ref Protocol # <-
        """,
        """
        # Whether a bucket is behind it is for whoever deploys it.
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
                    CustomOriginConfig: {OriginProtocolPolicy: https-only}
                DefaultCacheBehavior: {TargetOriginId: origin, ViewerProtocolPolicy: allow-all}
        """,
    ),
)
def viewer_https(distribution: Distribution, estate: Estate) -> Verdict:
    """Distributions in front of buckets force HTTPS.

    Over plain HTTP whoever is on the way to CloudFront reads what is asked for and what comes, signed addresses
    and cookies among it, and can put something else in its place.
    """
    return _judge(distribution.default_behavior, distribution, estate) & every_of(
        distribution.behaviors,
        lambda behavior: _judge(behavior, distribution, estate),
        not_applicable(distribution.behaviors.at, "there is no further behavior"),
    )


def _judge(behavior: CacheBehavior, distribution: Distribution, estate: Estate) -> Verdict:
    forced = behavior.viewer_protocol_policy.is_in(
        "redirect-to-https", "https-only", what="the viewer protocol policy"
    )
    return unless(~_shows_a_bucket(behavior, distribution, estate), "it shows no bucket", forced)


def _shows_a_bucket(behavior: CacheBehavior, distribution: Distribution, estate: Estate) -> Verdict:
    """Whether an origin that it asks, by itself or in a group, is a bucket."""
    return some_of(
        distribution.origins,
        lambda origin: _is_bucket(origin, estate) & _asks(behavior, origin, distribution),
    )


def _is_bucket(origin: Origin, estate: Estate) -> Verdict:
    if is_website(origin):
        return passed(origin.domain_name.at, f"the origin {name_of(origin)} is a website endpoint")
    found = is_s3(origin.domain_name, estate)
    return found if found.status is Status.UNKNOWN else Verdict(found.status)


def _asks(behavior: CacheBehavior, origin: Origin, distribution: Distribution) -> Verdict:
    return _same(behavior.origin, origin.id) | some_of(
        distribution.origin_groups, lambda group: _same(behavior.origin, group.id) & _holds(group, origin)
    )


def _holds(group: OriginGroup, origin: Origin) -> Verdict:
    match group.origins:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(items) | Unset(items):
            return some(_same(item, origin.id) for item in items)


def _same(one: Setting[Text], other: Setting[Text]) -> Verdict:
    """Whether two ids are the same."""
    match one, other:
        case (Unknown(why, at), _) | (_, Unknown(why, at)):
            return unknown(at, why)
        case ((Known(a, at) | Unset(a, at)), (Known(b) | Unset(b))):
            found = same(a, b)
            if found is Status.UNKNOWN:
                return unknown(at, f"whether {a} is the origin {b} is not known")
            return Verdict(found)
