from s3audit.check import ALL, DISTRIBUTIONS, HIGH, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.distribution import Distribution, Origin, OriginAccessControl
from s3audit.model.estate import Estate
from s3audit.model.load_balancer import LoadBalancer
from s3audit.model.lookup import first_by_name
from s3audit.model.names import bucket_in_domain, is_website_domain
from s3audit.model.uses import filled, has_identity, if_there
from s3audit.setting import Known, Setting, Unknown, Unset, every_of, when_set
from s3audit.text import Opaque, Text
from s3audit.verdict import Status, Verdict, failed, passed, unknown, unless

_SUFFIXES = (".amazonaws.com", ".amazonaws.com.cn")
_PATH_STYLE = ("s3.", "s3-")
_OTHER_SERVICES = (".execute-api.", ".elb.", ".lambda-url.", ".mediapackage", ".mediastore")


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
    who = f"the origin {_name(origin.id)}"
    other = when_set(
        origin.custom,
        lambda custom: ~_is_s3(origin.domain_name, estate) & passed(custom.at, f"{who} is a custom one"),
        Verdict(Status.FAIL),
    ) | filled(origin.vpc_origin, f"{who} is in a VPC")
    return unless(other, "only S3 origins are asked", _signs(origin, who, estate))


def _is_s3(setting: Setting[Text], estate: Estate) -> Verdict:
    """Whether a domain name is one of S3's, other than that of a website, as far as its known parts tell."""
    match setting:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(domain, at) | Unset(domain, at):
            found = _is_s3_domain(domain, estate)
            if found is Status.UNKNOWN:
                return unknown(at, f"whether {domain} is a domain of S3 is not known")
            return Verdict(found)


def _is_s3_domain(domain: Text, estate: Estate) -> Status:
    ends = [domain.ends_with(suffix) for suffix in _SUFFIXES]
    if is_website_domain(domain) or all(end is Status.FAIL for end in ends):
        return Status.FAIL
    known = [part for part in domain.parts if isinstance(part, str)]
    if any(service in part for part in known for service in _OTHER_SERVICES):
        return Status.FAIL
    path_style = any(domain.starts_with(host) is Status.PASS for host in _PATH_STYLE)
    if bucket_in_domain(domain) is not None or path_style:
        last = domain.parts[-1]
        sure = not isinstance(last, Opaque) or last.origin == "AWS::URLSuffix"
        return Status.PASS if sure else Status.UNKNOWN
    if domain.literal is not None or _is_of_another_resource(domain, estate):
        return Status.FAIL
    return Status.UNKNOWN


def _is_of_another_resource(domain: Text, estate: Estate) -> bool:
    """Whether it is the domain name of something declared here that is no bucket, such as a load balancer."""
    match domain.parts:
        case (Opaque(resource=resource),) if resource:
            return estate.at(resource, Bucket) is None
        case (Opaque(origin=origin, given=False),):
            return origin in estate.once(_names_of_balancers)
        case _:
            return False


def _names_of_balancers(estate: Estate) -> frozenset[str]:
    return frozenset(f"{one.address.rpartition('.')[2]}.DNSName" for one in estate.all(LoadBalancer))


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
    found = _named(name, estate)
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


def _name(setting: Setting[Text]) -> str:
    match setting:
        case Known(name) | Unset(name):
            return str(name)
        case _:
            return "without a known name"


def _named(name: Text, estate: Estate) -> OriginAccessControl | None:
    return estate.named_by(name, OriginAccessControl) or estate.once(_controls_by_id).get(name)


def _controls_by_id(estate: Estate) -> dict[Text, OriginAccessControl]:
    return first_by_name((one, (one.id,)) for one in estate.all(OriginAccessControl))
