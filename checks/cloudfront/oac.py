from s3audit.check import ALL, DISTRIBUTIONS, HIGH, MEDIUM, Fix, check
from s3audit.model.distribution import Distribution, Origin, OriginAccessControl
from s3audit.model.estate import Estate
from s3audit.model.uses import filled, has_identity
from s3audit.setting import Known, Setting, Unset, every_of, when_set
from s3audit.text import Text, same
from s3audit.verdict import Status, Verdict, failed, passed, unknown, unless


@check(
    severity=MEDIUM,
    severity_rule=(
        "medium for an origin access identity, which knows neither SSE-KMS nor new Regions; high where"
        " requests are not signed at all, because the bucket then has to be public"
    ),
    needs=(DISTRIBUTIONS,),
    sources=ALL,
    peers={
        "checkov": ("CKV2_AWS_46",),
        "prowler": ("cloudfront_distributions_s3_origin_access_control",),
        "guard": ("CLOUDFRONT_ORIGIN_ACCESS_IDENTITY_ENABLED",),
        "config": ("cloudfront-s3-origin-access-control-enabled",),
    },
    fix=Fix(
        cloudformation="""
            # Control is an AWS::CloudFront::OriginAccessControl with
            # OriginAccessControlOriginType: s3, SigningBehavior: always, SigningProtocol: sigv4.
            Origins:
              - Id: assets
                DomainName: !GetAtt Assets.RegionalDomainName
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
              origin_id                = "assets"
              domain_name              = aws_s3_bucket.example.bucket_regional_domain_name
              origin_access_control_id = aws_cloudfront_origin_access_control.example.id
            }
            """,
        cli="""
            aws cloudfront create-origin-access-control --origin-access-control-config \\
              Name=assets,OriginAccessControlOriginType=s3,SigningBehavior=always,SigningProtocol=sigv4
            """,
        note="The bucket policy has to let cloudfront.amazonaws.com read for this distribution.",
    ),
    passes=(
        """
        # Every request to the bucket is signed.
        Resources:
          Assets:
            Type: AWS::S3::Bucket
          Control:
            Type: AWS::CloudFront::OriginAccessControl
            Properties:
              OriginAccessControlConfig:
                Name: assets
                OriginAccessControlOriginType: s3
                SigningBehavior: always
                SigningProtocol: sigv4
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: assets
                    DomainName: !GetAtt Assets.RegionalDomainName
                    OriginAccessControlId: !GetAtt Control.Id
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: assets, ViewerProtocolPolicy: https-only}
        """,
        """
        # Signed, unless the viewer has signed it already and a cache policy lets that through.
        Resources:
          Control:
            Type: AWS::CloudFront::OriginAccessControl
            Properties:
              OriginAccessControlConfig:
                Name: assets
                OriginAccessControlOriginType: s3
                SigningBehavior: no-override
                SigningProtocol: sigv4
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: assets
                    DomainName: assets.s3.eu-west-1.amazonaws.com
                    OriginAccessControlId: !Ref Control
                    S3OriginConfig: {}
                DefaultCacheBehavior: {TargetOriginId: assets, ViewerProtocolPolicy: https-only}
        """,
        """
        # A website endpoint and a web server are custom origins; nothing is asked of them.
        Resources:
          Control:
            Type: AWS::CloudFront::OriginAccessControl
            Properties:
              OriginAccessControlConfig:
                Name: assets
                OriginAccessControlOriginType: s3
                SigningBehavior: always
                SigningProtocol: sigv4
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: assets
                    DomainName: assets.s3.eu-west-1.amazonaws.com
                    OriginAccessControlId: !GetAtt Control.Id
                    S3OriginConfig: {}
                  - Id: site
                    DomainName: site.s3-website-eu-west-1.amazonaws.com
                    CustomOriginConfig: {OriginProtocolPolicy: http-only}
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
        # High: nothing signs, so the bucket has to be open to everyone.
        Resources:
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: assets # <-
                    DomainName: assets.s3.eu-west-1.amazonaws.com
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: assets, ViewerProtocolPolicy: https-only}
        """,
        """
        # Medium: an origin access identity.
        Resources:
          Identity:
            Type: AWS::CloudFront::CloudFrontOriginAccessIdentity
            Properties:
              CloudFrontOriginAccessIdentityConfig: {Comment: reads the assets}
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: assets
                    DomainName: assets.s3.eu-west-1.amazonaws.com
                    S3OriginConfig:
                      OriginAccessIdentity: !Sub origin-access-identity/cloudfront/${Identity} # <-
                DefaultCacheBehavior: {TargetOriginId: assets, ViewerProtocolPolicy: https-only}
        """,
        """
        # High: an origin access control that never signs.
        Resources:
          Control:
            Type: AWS::CloudFront::OriginAccessControl
            Properties:
              OriginAccessControlConfig:
                Name: assets
                OriginAccessControlOriginType: s3
                SigningBehavior: never # <-
                SigningProtocol: sigv4
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: assets
                    DomainName: assets.s3.eu-west-1.amazonaws.com
                    OriginAccessControlId: !GetAtt Control.Id
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: assets, ViewerProtocolPolicy: https-only}
        """,
        """
        # One of two origins is left out.
        Resources:
          Control:
            Type: AWS::CloudFront::OriginAccessControl
            Properties:
              OriginAccessControlConfig:
                Name: assets
                OriginAccessControlOriginType: s3
                SigningBehavior: always
                SigningProtocol: sigv4
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: assets
                    DomainName: assets.s3.eu-west-1.amazonaws.com
                    OriginAccessControlId: !GetAtt Control.Id
                    S3OriginConfig: {OriginAccessIdentity: ""}
                  - Id: media # <-
                    DomainName: media.s3.eu-west-1.amazonaws.com
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: assets, ViewerProtocolPolicy: https-only}
        """,
    ),
    unsure=(
        """
        # The control is declared elsewhere: whether it signs is not told.
        Resources:
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: assets
                    DomainName: assets.s3.eu-west-1.amazonaws.com
                    OriginAccessControlId: E2QWRUHAPOMQZL # <-
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: assets, ViewerProtocolPolicy: https-only}
        """,
        """
        # So is how it signs.
        Parameters:
          Signing:
            Type: String
        Resources:
          Control:
            Type: AWS::CloudFront::OriginAccessControl
            Properties:
              OriginAccessControlConfig:
                Name: assets
                OriginAccessControlOriginType: s3
                SigningBehavior: !Ref Signing # <-
                SigningProtocol: sigv4
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: assets
                    DomainName: assets.s3.eu-west-1.amazonaws.com
                    OriginAccessControlId: !GetAtt Control.Id
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: assets, ViewerProtocolPolicy: https-only}
        """,
    ),
)
def oac(distribution: Distribution, estate: Estate) -> Verdict:
    """CloudFront S3 origins use origin access control.

    With origin access control CloudFront signs what it asks of the bucket, and the bucket can refuse everyone
    else. Its predecessor, the origin access identity, lacks SSE-KMS; without either the bucket is public.
    """
    return every_of(distribution.origins, lambda origin: _judge(origin, estate))


def _judge(origin: Origin, estate: Estate) -> Verdict:
    who = f"the origin {_name(origin.id)}"
    other = when_set(
        origin.custom, lambda custom: passed(custom.at, f"{who} is a custom one"), Verdict(Status.FAIL)
    ) | filled(origin.vpc_origin, f"{who} is in a VPC")
    return unless(other, "only S3 origins are asked", _signs(origin, who, estate))


def _signs(origin: Origin, who: str, estate: Estate) -> Verdict:
    control = origin.access_control
    given = filled(control, f"{who} has an origin access control")
    if given.status is Status.FAIL:
        identity = has_identity(origin)
        if identity.status is Status.PASS:
            at = origin.access_identity.at
            return failed(at, f"{who} is read by an origin access identity, which is the older way", MEDIUM)
        return failed(control.at, f"{who} has neither an origin access control nor an identity", HIGH)
    return given & when_set(control, lambda name: _control_signs(name, control, estate), Verdict(Status.FAIL))


def _control_signs(name: Text, control: Setting[Text | None], estate: Estate) -> Verdict:
    found = _named(name, estate)
    if found is None:
        return unknown(control.at, f"the origin access control {name} is declared elsewhere")
    signs = found.signing_behavior.is_in("always", "no-override", what="signing").at_severity(HIGH)
    match found.signing_behavior:
        case Known("no-override"):
            return signs.noting("a signature of the viewer counts instead, where a cache policy forwards it")
        case _:
            return signs


def _name(setting: Setting[Text]) -> str:
    match setting:
        case Known(name) | Unset(name):
            return str(name)
        case _:
            return "without a known name"


def _named(name: Text, estate: Estate) -> OriginAccessControl | None:
    own = estate.named_by(name, OriginAccessControl)
    if own is not None:
        return own
    return next((one for one in estate.all(OriginAccessControl) if _has_id(one.id, name)), None)


def _has_id(setting: Setting[Text | None], name: Text) -> bool:
    match setting:
        case Known(Text() as known) | Unset(Text() as known):
            return same(known, name) is Status.PASS
        case _:
            return False
