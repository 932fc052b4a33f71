"""CloudFront."""

from s3audit.collectors.cloudformation.tables.common import TAGS
from s3audit.collectors.documents.shape import (
    Shape,
    absent,
    flag,
    listed,
    number,
    optional,
    section,
    text,
    word,
)
from s3audit.model.distribution import (
    CacheBehavior,
    CustomOrigin,
    Distribution,
    DistributionLogging,
    Origin,
    OriginAccessControl,
    OriginAccessIdentity,
    OriginGroup,
    ViewerCertificate,
)

_BEHAVIOR = {
    "origin": text("TargetOriginId"),
    "viewer_protocol_policy": word("ViewerProtocolPolicy"),
    "allowed_methods": listed("AllowedMethods", word("")),
    "cache_policy": text("CachePolicyId"),
    "origin_request_policy": text("OriginRequestPolicyId"),
    "response_headers_policy": text("ResponseHeadersPolicyId"),
    "forwarded_headers": listed("ForwardedValues.Headers", text("")),
    "trusted_key_groups": listed("TrustedKeyGroups", text("")),
    "trusted_signers": listed("TrustedSigners", text("")),
}

# The second path of a field is that of the legacy properties S3Origin and CustomOrigin.
_ORIGIN = Shape(
    Origin,
    {
        "id": text("Id"),
        "domain_name": text("DomainName|DNSName"),
        "path": text("OriginPath"),
        "access_control": text("OriginAccessControlId"),
        "access_identity": text("S3OriginConfig.OriginAccessIdentity|OriginAccessIdentity"),
        "custom": optional(
            "CustomOriginConfig",
            Shape(
                CustomOrigin,
                {
                    "protocol_policy": word("OriginProtocolPolicy"),
                    "http_port": number("HTTPPort"),
                    "https_port": number("HTTPSPort"),
                    "tls_versions": listed("OriginSSLProtocols", word("")),
                },
            ),
        ),
        "vpc_origin": text("VpcOriginConfig.VpcOriginId"),
    },
)
_CONFIG = "DistributionConfig."

TABLES = {
    "AWS::CloudFront::Distribution": Shape(
        Distribution,
        {
            "aliases": listed(f"{_CONFIG}Aliases|{_CONFIG}CNAMEs", text("")),
            "comment": text(_CONFIG + "Comment"),
            "enabled": flag(_CONFIG + "Enabled"),
            "staging": flag(_CONFIG + "Staging"),
            "default_root_object": text(_CONFIG + "DefaultRootObject"),
            "web_acl": text(_CONFIG + "WebACLId"),
            "origins": listed(f"{_CONFIG}Origins|{_CONFIG}S3Origin|{_CONFIG}CustomOrigin", _ORIGIN),
            "origin_groups": listed(
                _CONFIG + "OriginGroups.Items",
                Shape(
                    OriginGroup,
                    {"id": text("Id"), "origins": listed("Members.Items", text("OriginId"))},
                ),
            ),
            "default_behavior": section(
                _CONFIG + "DefaultCacheBehavior",
                Shape(CacheBehavior, _BEHAVIOR | {"path_pattern": absent()}),
            ),
            "behaviors": listed(
                _CONFIG + "CacheBehaviors",
                Shape(CacheBehavior, _BEHAVIOR | {"path_pattern": text("PathPattern")}),
            ),
            "logging": optional(
                _CONFIG + "Logging",
                Shape(
                    DistributionLogging,
                    {"bucket": text("Bucket"), "prefix": text("Prefix"), "cookies": flag("IncludeCookies")},
                ),
            ),
            "viewer_certificate": section(
                _CONFIG + "ViewerCertificate",
                Shape(
                    ViewerCertificate,
                    {
                        "default": flag("CloudFrontDefaultCertificate"),
                        "acm": text("AcmCertificateArn"),
                        "iam": text("IamCertificateId"),
                        "minimum_tls": word("MinimumProtocolVersion"),
                        "support_method": word("SslSupportMethod"),
                    },
                ),
            ),
            "tags": TAGS,
        },
    ),
    "AWS::CloudFront::OriginAccessControl": Shape(
        OriginAccessControl,
        {
            "name": text("OriginAccessControlConfig.Name"),
            "origin_type": word("OriginAccessControlConfig.OriginAccessControlOriginType"),
            "signing_behavior": word("OriginAccessControlConfig.SigningBehavior"),
            "signing_protocol": word("OriginAccessControlConfig.SigningProtocol"),
        },
    ),
    "AWS::CloudFront::CloudFrontOriginAccessIdentity": Shape(
        OriginAccessIdentity, {"comment": text("CloudFrontOriginAccessIdentityConfig.Comment")}
    ),
}
