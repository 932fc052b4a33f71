"""CloudFront."""

from s3audit.collectors.documents.shape import (
    Field,
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
from s3audit.collectors.terraform.tables.common import TAGS
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


def _behavior(methods: str, key_groups: str) -> dict[str, Field]:
    return {
        "origin": text("target_origin_id"),
        "viewer_protocol_policy": word("viewer_protocol_policy"),
        "allowed_methods": listed(methods, word("")),
        "cache_policy": text("cache_policy_id"),
        "origin_request_policy": text("origin_request_policy_id"),
        "response_headers_policy": text("response_headers_policy_id"),
        "forwarded_headers": listed("forwarded_values[0].headers", text("")),
        "trusted_key_groups": listed(key_groups, text("")),
        "trusted_signers": listed("trusted_signers", text("")),
    }


def _behaviors(path: str, behavior: dict[str, Field]) -> dict[str, Field]:
    """The default behavior, and those of a path."""
    return {
        "default_behavior": section(
            "default_cache_behavior[0]", Shape(CacheBehavior, behavior | {"path_pattern": absent()})
        ),
        "behaviors": listed(path, Shape(CacheBehavior, behavior | {"path_pattern": text("path_pattern")})),
    }


def _origins(key: str, identity: Field) -> dict[str, Field]:
    """Origins and their groups, whose id stands under this key."""
    return {
        "origins": listed(
            "origin",
            Shape(
                Origin,
                {
                    "id": text(key),
                    "domain_name": text("domain_name"),
                    "path": text("origin_path"),
                    "access_control": text("origin_access_control_id"),
                    "access_identity": identity,
                    "custom": optional(
                        "custom_origin_config[0]",
                        Shape(
                            CustomOrigin,
                            {
                                "protocol_policy": word("origin_protocol_policy"),
                                "http_port": number("http_port"),
                                "https_port": number("https_port"),
                                "tls_versions": listed("origin_ssl_protocols", word("")),
                            },
                        ),
                    ),
                    "vpc_origin": text("vpc_origin_config[0].vpc_origin_id"),
                },
            ),
        ),
        "origin_groups": listed(
            "origin_group",
            Shape(OriginGroup, {"id": text(key), "origins": listed("member", text("origin_id"))}),
        ),
    }


_DISTRIBUTION = {
    "aliases": listed("aliases", text("")),
    "comment": text("comment"),
    "enabled": flag("enabled"),
    "staging": flag("staging"),
    "default_root_object": text("default_root_object"),
    "web_acl": text("web_acl_id"),
    **_origins("origin_id", text("s3_origin_config[0].origin_access_identity")),
    **_behaviors("ordered_cache_behavior", _behavior("allowed_methods", "trusted_key_groups")),
    "logging": optional(
        "logging_config[0]",
        Shape(
            DistributionLogging,
            {"bucket": text("bucket"), "prefix": text("prefix"), "cookies": flag("include_cookies")},
        ),
    ),
    "viewer_certificate": section(
        "viewer_certificate[0]",
        Shape(
            ViewerCertificate,
            {
                "default": flag("cloudfront_default_certificate"),
                "acm": text("acm_certificate_arn"),
                "iam": text("iam_certificate_id"),
                "minimum_tls": word("minimum_protocol_version"),
                "support_method": word("ssl_support_method"),
            },
        ),
    ),
    "tags": TAGS,
}
# What only its tenants have, or only the other type.
_MULTITENANT = {
    **_DISTRIBUTION,
    "aliases": absent(),
    "staging": absent(),
    "logging": absent(),
    **_origins("id", absent()),
    **_behaviors(
        "cache_behavior",
        _behavior("allowed_methods[0].items", "trusted_key_groups[0].items")
        | {"forwarded_headers": absent(), "trusted_signers": absent()},
    ),
}

TABLES = {
    "aws_cloudfront_distribution": Shape(Distribution, _DISTRIBUTION),
    "aws_cloudfront_multitenant_distribution": Shape(Distribution, _MULTITENANT),
    "aws_cloudfront_origin_access_control": Shape(
        OriginAccessControl,
        {
            "name": text("name"),
            "origin_type": word("origin_access_control_origin_type"),
            "signing_behavior": word("signing_behavior"),
            "signing_protocol": word("signing_protocol"),
        },
    ),
    "aws_cloudfront_origin_access_identity": Shape(OriginAccessIdentity, {"comment": text("comment")}),
}
