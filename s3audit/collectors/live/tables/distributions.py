"""Distributions and the identities by which they read from S3, from the answers about them."""

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
    "allowed_methods": listed("AllowedMethods.Items", word("")),
    "cache_policy": text("CachePolicyId"),
    "origin_request_policy": text("OriginRequestPolicyId"),
    "response_headers_policy": text("ResponseHeadersPolicyId"),
    "forwarded_headers": listed("ForwardedValues.Headers.Items", text("")),
    "trusted_key_groups": listed("TrustedKeyGroups.Items", text("")),
    "trusted_signers": listed("TrustedSigners.Items", text("")),
}
_ORIGIN = Shape(
    Origin,
    {
        "id": text("Id"),
        "domain_name": text("DomainName"),
        "path": text("OriginPath"),
        "access_control": text("OriginAccessControlId"),
        "access_identity": text("S3OriginConfig.OriginAccessIdentity"),
        "custom": optional(
            "CustomOriginConfig",
            Shape(
                CustomOrigin,
                {
                    "protocol_policy": word("OriginProtocolPolicy"),
                    "http_port": number("HTTPPort"),
                    "https_port": number("HTTPSPort"),
                    "tls_versions": listed("OriginSslProtocols.Items", word("")),
                },
            ),
        ),
        "vpc_origin": text("VpcOriginConfig.VpcOriginId"),
    },
)
_CONFIG = "GetDistributionConfig.DistributionConfig."

DISTRIBUTION = Shape(
    Distribution,
    {
        "id": text("item.Id"),
        "domain_name": text("item.DomainName"),
        "aliases": listed("item.Aliases.Items", text("")),
        "comment": text("item.Comment"),
        "enabled": flag("item.Enabled"),
        "staging": flag("item.Staging"),
        "default_root_object": text(_CONFIG + "DefaultRootObject"),
        "web_acl": text("item.WebACLId"),
        "origins": listed("item.Origins.Items", _ORIGIN),
        "origin_groups": listed(
            "item.OriginGroups.Items",
            Shape(OriginGroup, {"id": text("Id"), "origins": listed("Members.Items", text("OriginId"))}),
        ),
        "default_behavior": section(
            "item.DefaultCacheBehavior", Shape(CacheBehavior, _BEHAVIOR | {"path_pattern": absent()})
        ),
        "behaviors": listed(
            "item.CacheBehaviors.Items",
            Shape(CacheBehavior, _BEHAVIOR | {"path_pattern": text("PathPattern")}),
        ),
        "logging": optional(
            # The element is always there.
            _CONFIG + "Logging[Enabled=true]",
            Shape(
                DistributionLogging,
                {"bucket": text("Bucket"), "prefix": text("Prefix"), "cookies": flag("IncludeCookies")},
            ),
        ),
        "viewer_certificate": section(
            "item.ViewerCertificate",
            Shape(
                ViewerCertificate,
                {
                    "default": flag("CloudFrontDefaultCertificate"),
                    "acm": text("ACMCertificateArn"),
                    "iam": text("IAMCertificateId"),
                    "minimum_tls": word("MinimumProtocolVersion"),
                    "support_method": word("SSLSupportMethod"),
                },
            ),
        ),
    },
)
ACCESS_CONTROL = Shape(
    OriginAccessControl,
    {
        "id": text("item.Id"),
        "name": text("item.Name"),
        "origin_type": word("item.OriginAccessControlOriginType"),
        "signing_behavior": word("item.SigningBehavior"),
        "signing_protocol": word("item.SigningProtocol"),
    },
)
ACCESS_IDENTITY = Shape(
    OriginAccessIdentity,
    {
        "id": text("item.Id"),
        "canonical_user": text("item.S3CanonicalUserId"),
        "comment": text("item.Comment"),
    },
)
