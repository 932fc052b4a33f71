from s3audit.check import ALL, DISTRIBUTIONS, HIGH, MEDIUM, Fix, check
from s3audit.model.distribution import Distribution, Origin, OriginAccessControl
from s3audit.model.estate import Estate
from s3audit.model.uses import filled, has_identity, if_there
from s3audit.setting import Known, Setting, every_of, when_set
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, failed, unknown, unless

from ._origins import control_named, is_other, name_of


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
            Control:
              Type: AWS::CloudFront::OriginAccessControl
              Properties:
                OriginAccessControlConfig:
                  Name: assets
                  OriginAccessControlOriginType: s3
                  SigningBehavior: always
                  SigningProtocol: sigv4

            # In the distribution:
            DistributionConfig:
              Origins:
                - Id: assets
                  DomainName: assets.s3.eu-west-1.amazonaws.com
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
              domain_name              = "assets.s3.eu-west-1.amazonaws.com"
              origin_access_control_id = aws_cloudfront_origin_access_control.example.id
            }
            """,
        cli="""
            aws cloudfront create-origin-access-control --origin-access-control-config \\
              Name=assets,OriginAccessControlOriginType=s3,SigningBehavior=always,SigningProtocol=sigv4
            # Name it in the origin, in the DistributionConfig that get-distribution-config tells.
            aws cloudfront update-distribution --id ID --if-match ETAG \\
              --distribution-config file://distribution.json
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
          Shop:
            Type: AWS::ElasticLoadBalancingV2::LoadBalancer
            Properties:
              Subnets: [subnet-1, subnet-2]
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
                  - Id: gateway
                    DomainName: !Sub a1b2c3.execute-api.${AWS::Region}.${AWS::URLSuffix}
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
        # High: an S3 domain remains one when the distribution treats it like any web server.
        Resources:
          Assets:
            Type: AWS::S3::Bucket
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: assets # <-
                    DomainName: !GetAtt Assets.RegionalDomainName
                    CustomOriginConfig: {OriginProtocolPolicy: https-only}
                  - Id: media # <-
                    DomainName: media.s3.us-east-1.amazonaws.com
                    CustomOriginConfig: {OriginProtocolPolicy: https-only}
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
        """
        # CloudFront refuses an origin access control of another type for an S3 origin.
        Resources:
          Control:
            Type: AWS::CloudFront::OriginAccessControl
            Properties:
              OriginAccessControlConfig:
                Name: assets
                OriginAccessControlOriginType: lambda # <-
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
        # The domain is for whoever deploys it, and may be that of a bucket.
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
                DefaultCacheBehavior: {TargetOriginId: origin, ViewerProtocolPolicy: https-only}
        """,
        """
        # Whether the control is there depends on what can't be decided.
        Parameters:
          Stack: {Type: String}
          Home: {Type: String}
        Conditions:
          IsHome: !Equals [!Ref Stack, !Ref Home]
        Resources:
          Control: # <-
            Type: AWS::CloudFront::OriginAccessControl
            Condition: IsHome
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
                DefaultCacheBehavior: {TargetOriginId: assets, ViewerProtocolPolicy: https-only}
        """,
        """
        # How the control signs is for whoever deploys it.
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
    who = f"the origin {name_of(origin)}"
    return unless(is_other(origin, estate), "only S3 origins are asked", _signs(origin, who, estate))


def _signs(origin: Origin, who: str, estate: Estate) -> Verdict:
    control = origin.access_control
    given = filled(control, f"{who} has an origin access control")
    if given.status is Status.FAIL:
        identity = has_identity(origin)
        if identity.status is Status.PASS:
            at = origin.access_identity.at
            return failed(at, f"{who} is read by an origin access identity, which is the older way", MEDIUM)
        if identity.status is Status.UNKNOWN:
            note = f"{who} has no origin access control, and whether it has an identity is not known"
            return failed(control.at, note, MEDIUM)
        return failed(control.at, f"{who} has neither an origin access control nor an identity", HIGH)
    return given & when_set(control, lambda name: _control_signs(name, control, estate), Verdict(Status.FAIL))


def _control_signs(name: Text, control: Setting[Text | None], estate: Estate) -> Verdict:
    found = control_named(name, estate)
    if found is None:
        return unknown(control.at, f"the origin access control {name} is declared elsewhere")
    signs = found.signing_behavior.is_in("always", "no-override", what="signing").at_severity(HIGH)
    match found.signing_behavior:
        case Known("no-override"):
            signs = signs.noting("a signature of the viewer counts instead, where a cache policy forwards it")
        case _:
            pass
    return if_there(found, _is_for_s3(found) & signs)


def _is_for_s3(control: OriginAccessControl) -> Verdict:
    """Whether CloudFront takes it for an S3 origin at all."""
    found = control.origin_type.is_in("s3", what="the origin type of the origin access control")
    if found.status is Status.FAIL:
        return found.noting("CloudFront refuses it for an S3 origin")
    return Verdict(Status.PASS) if found.status is Status.PASS else found
