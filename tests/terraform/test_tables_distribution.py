"""CloudFront distributions of both types, and the identities by which they read."""

from typing import Any

from tests.terraform.filling import filled, plain, told, unwritten

BEHAVIOR: dict[str, Any] = {
    "target_origin_id": "site",
    "viewer_protocol_policy": "https-only",
    "cache_policy_id": "cache",
    "origin_request_policy_id": "request",
    "response_headers_policy_id": "headers",
}
BEHAVES = {
    "origin": "site",
    "viewer_protocol_policy": "https-only",
    "allowed_methods": ["GET", "HEAD"],
    "cache_policy": "cache",
    "origin_request_policy": "request",
    "response_headers_policy": "headers",
    "trusted_key_groups": ["group"],
}
CERTIFICATE = {
    "cloudfront_default_certificate": False,
    "acm_certificate_arn": "arn:acm",
    "iam_certificate_id": "iam",
    "minimum_protocol_version": "TLSv1.2_2021",
    "ssl_support_method": "sni-only",
}
CERTIFIED = {
    "default": False,
    "acm": "arn:acm",
    "iam": "iam",
    "minimum_tls": "TLSv1.2_2021",
    "support_method": "sni-only",
}
CUSTOM = {
    "origin_protocol_policy": "http-only",
    "http_port": 8080,
    "https_port": 8443,
    "origin_ssl_protocols": ["TLSv1.2"],
}
CUSTOMIZED = {
    "protocol_policy": "http-only",
    "http_port": 8080,
    "https_port": 8443,
    "tls_versions": ["TLSv1.2"],
}


def test_a_distribution() -> None:
    behavior = {
        **BEHAVIOR,
        "allowed_methods": ["GET", "HEAD"],
        "trusted_key_groups": ["group"],
        "trusted_signers": ["self"],
        "forwarded_values": [{"headers": ["Origin"], "query_string": False}],
    }
    behaves = {**BEHAVES, "forwarded_headers": ["Origin"], "trusted_signers": ["self"]}
    distribution = filled(
        "aws_cloudfront_distribution",
        {
            "aliases": ["www.example.com"],
            "comment": "site",
            "enabled": True,
            "staging": True,
            "default_root_object": "index.html",
            "web_acl_id": "arn:acl",
            "origin": [
                {
                    "origin_id": "site",
                    "domain_name": "site.s3.amazonaws.com",
                    "origin_path": "/v1",
                    "origin_access_control_id": "E1",
                    "s3_origin_config": [{"origin_access_identity": "origin-access-identity/cloudfront/E2"}],
                },
                {
                    "origin_id": "web",
                    "domain_name": "web.s3-website-eu-west-1.amazonaws.com",
                    "custom_origin_config": [CUSTOM],
                    "s3_origin_config": [],
                },
                {"origin_id": "in", "domain_name": "x", "vpc_origin_config": [{"vpc_origin_id": "vo-1"}]},
            ],
            "origin_group": [
                {"origin_id": "both", "member": [{"origin_id": "site"}, {"origin_id": "web"}]},
            ],
            "default_cache_behavior": [behavior],
            "ordered_cache_behavior": [{**behavior, "path_pattern": "/img/*"}],
            "logging_config": [
                {"bucket": "logs.s3.amazonaws.com", "prefix": "cf/", "include_cookies": True},
            ],
            "viewer_certificate": [CERTIFICATE],
            "tags": {"a": "b"},
        },
    )
    assert told(distribution) == {
        "aliases": ["www.example.com"],
        "comment": "site",
        "enabled": True,
        "staging": True,
        "default_root_object": "index.html",
        "web_acl": "arn:acl",
        "origins": [
            {
                "id": "site",
                "domain_name": "site.s3.amazonaws.com",
                "path": "/v1",
                "access_control": "E1",
                "access_identity": "origin-access-identity/cloudfront/E2",
            },
            {"id": "web", "domain_name": "web.s3-website-eu-west-1.amazonaws.com", "custom": CUSTOMIZED},
            {"id": "in", "domain_name": "x", "vpc_origin": "vo-1"},
        ],
        "origin_groups": [{"id": "both", "origins": ["site", "web"]}],
        "default_behavior": behaves,
        "behaviors": [{**behaves, "path_pattern": "/img/*"}],
        "logging": {"bucket": "logs.s3.amazonaws.com", "prefix": "cf/", "cookies": True},
        "viewer_certificate": CERTIFIED,
        "tags": [{"key": "a", "value": "b"}],
    }


def test_a_distribution_without_its_optional_blocks() -> None:
    behavior = {"target_origin_id": "site", "viewer_protocol_policy": "allow-all", "forwarded_values": []}
    distribution = filled(
        "aws_cloudfront_distribution",
        {
            "enabled": True,
            "comment": "",
            "default_root_object": "",
            "web_acl_id": "",
            "default_cache_behavior": [behavior],
            "ordered_cache_behavior": [],
            "logging_config": [],
            "viewer_certificate": [],
        },
    )
    assert unwritten(distribution) == {
        "aliases": [],
        "comment": None,
        "staging": False,
        "default_root_object": None,
        "web_acl": None,
        "origins": [],
        "origin_groups": [],
        "default_behavior": {
            "path_pattern": None,
            "allowed_methods": [],
            "cache_policy": None,
            "origin_request_policy": None,
            "response_headers_policy": None,
            "forwarded_headers": [],
            "trusted_key_groups": [],
            "trusted_signers": [],
        },
        "logging": None,
        "viewer_certificate": {
            "default": True,
            "acm": None,
            "iam": None,
            "minimum_tls": None,
            "support_method": None,
        },
        "tags": [],
    }


def test_an_origin_without_an_identity() -> None:
    origin = {"origin_id": "s", "domain_name": "d", "s3_origin_config": [{"origin_access_identity": ""}]}
    (made,) = filled("aws_cloudfront_distribution", {"origin": [origin]}).origins.value
    assert unwritten(made.value) == {
        "path": None,
        "access_control": None,
        "access_identity": None,
        "custom": None,
        "vpc_origin": None,
    }


def test_a_distribution_for_many_tenants() -> None:
    behavior = {
        **BEHAVIOR,
        "allowed_methods": [{"items": ["GET", "HEAD"], "cached_methods": ["GET"]}],
        "trusted_key_groups": [{"items": ["group"], "enabled": True}],
    }
    distribution = filled(
        "aws_cloudfront_multitenant_distribution",
        {
            "comment": "tenants",
            "enabled": True,
            "default_root_object": "index.html",
            "web_acl_id": "arn:acl",
            "origin": [
                {
                    "id": "site",
                    "domain_name": "site.s3.amazonaws.com",
                    "origin_path": "/v1",
                    "origin_access_control_id": "E1",
                    "custom_origin_config": [CUSTOM],
                    "vpc_origin_config": [{"vpc_origin_id": "vo-1"}],
                }
            ],
            "origin_group": [{"id": "both", "member": [{"origin_id": "site"}, {"origin_id": "web"}]}],
            "default_cache_behavior": [behavior],
            "cache_behavior": [{**behavior, "path_pattern": "/img/*"}],
            "viewer_certificate": [CERTIFICATE],
            "tags": {"a": "b"},
        },
    )
    assert told(distribution) == {
        "comment": "tenants",
        "enabled": True,
        "default_root_object": "index.html",
        "web_acl": "arn:acl",
        "origins": [
            {
                "id": "site",
                "domain_name": "site.s3.amazonaws.com",
                "path": "/v1",
                "access_control": "E1",
                "custom": CUSTOMIZED,
                "vpc_origin": "vo-1",
            }
        ],
        "origin_groups": [{"id": "both", "origins": ["site", "web"]}],
        "default_behavior": BEHAVES,
        "behaviors": [{**BEHAVES, "path_pattern": "/img/*"}],
        "viewer_certificate": CERTIFIED,
        "tags": [{"key": "a", "value": "b"}],
    }
    assert (plain(distribution.aliases), plain(distribution.staging)) == ([], False)
    assert plain(distribution.logging) is None


def test_the_identities_by_which_a_distribution_reads() -> None:
    control = filled(
        "aws_cloudfront_origin_access_control",
        {
            "name": "site",
            "origin_access_control_origin_type": "s3",
            "signing_behavior": "always",
            "signing_protocol": "sigv4",
        },
    )
    assert told(control) == {
        "name": "site",
        "origin_type": "s3",
        "signing_behavior": "always",
        "signing_protocol": "sigv4",
    }
    identity = filled("aws_cloudfront_origin_access_identity", {"comment": "older"})
    assert told(identity) == {"comment": "older"}
