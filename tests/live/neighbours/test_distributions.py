"""CloudFront: distributions, and the identities by which they read from S3."""

from datetime import UTC, datetime
from typing import Any

import pytest

from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.context.distributions import (
    ACCESS_CONTROLS,
    ACCESS_IDENTITIES,
    DISTRIBUTION_READERS,
    DISTRIBUTIONS,
)
from s3audit.collectors.live.place import Place
from s3audit.demo.faults import denied
from s3audit.demo.server import Server
from s3audit.model.estate import Listing
from tests.live.neighbours.conftest import Look
from tests.live.neighbours.seen import calls, only, own, whose


def many(*items: Any) -> dict[str, Any]:
    return {"Quantity": len(items), "Items": list(items)}


NONE = {"Quantity": 0}


def arn(name: str) -> str:
    return f"arn:aws:cloudfront::123456789012:distribution/{name}"


def behavior(**more: Any) -> dict[str, Any]:
    return {"TargetOriginId": "s3", "ViewerProtocolPolicy": "redirect-to-https"} | more


def summary(name: str, **more: Any) -> dict[str, Any]:
    made = {
        "Id": name,
        "ARN": arn(name),
        "Status": "Deployed",
        "LastModifiedTime": datetime(2025, 1, 2, tzinfo=UTC),
        "DomainName": f"{name.lower()}.cloudfront.net",
        "Aliases": NONE,
        "Origins": many({"Id": "s3", "DomainName": "shop.s3.eu-west-1.amazonaws.com"}),
        "DefaultCacheBehavior": behavior(),
        "CacheBehaviors": NONE,
        "CustomErrorResponses": NONE,
        "Comment": "",
        "PriceClass": "PriceClass_All",
        "Enabled": True,
        "ViewerCertificate": {"CloudFrontDefaultCertificate": True},
        "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
        "WebACLId": "",
        "HttpVersion": "http2",
        "IsIPV6Enabled": True,
        "Staging": False,
    }
    return made | more


def tell(server: Server, *summaries: dict[str, Any], page: int = 0, **config: Any) -> None:
    listed = {"Marker": "", "MaxItems": 100, "IsTruncated": False} | many(*summaries)
    server.world.tell("cloudfront:ListDistributions", {"DistributionList": listed}, page=page)
    whole = {
        "CallerReference": "1",
        "Origins": many(),
        "DefaultCacheBehavior": behavior(),
        "Comment": "",
        "Enabled": True,
        "DefaultRootObject": "index.html",
        "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
    }
    server.world.tell("cloudfront:GetDistributionConfig", {"DistributionConfig": whole | config})


ORIGINS = many(
    {
        "Id": "s3",
        "DomainName": "shop.s3.eu-west-1.amazonaws.com",
        "OriginPath": "/site",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
        "OriginAccessControlId": "EOAC",
    },
    {
        "Id": "old",
        "DomainName": "old.s3.amazonaws.com",
        "OriginPath": "",
        "S3OriginConfig": {"OriginAccessIdentity": "origin-access-identity/cloudfront/EOAI"},
        "OriginAccessControlId": "",
    },
    {
        "Id": "site",
        "DomainName": "shop.s3-website-eu-west-1.amazonaws.com",
        "OriginPath": "",
        "CustomOriginConfig": {
            "HTTPPort": 8080,
            "HTTPSPort": 8443,
            "OriginProtocolPolicy": "http-only",
            "OriginSslProtocols": many("TLSv1.2"),
        },
    },
    {
        "Id": "vpc",
        "DomainName": "internal.example.com",
        "OriginPath": "",
        "VpcOriginConfig": {"VpcOriginId": "vo_1"},
    },
)
BEHAVIOR: dict[str, Any] = {
    "path_pattern": None,
    "origin": "s3",
    "viewer_protocol_policy": "redirect-to-https",
    "allowed_methods": [],
    "cache_policy": None,
    "origin_request_policy": None,
    "response_headers_policy": None,
    "forwarded_headers": [],
    "trusted_key_groups": [],
    "trusted_signers": [],
}


def test_every_setting_of_a_distribution_is_told_with_its_call(server: Server, look: Look) -> None:
    full = behavior(
        PathPattern="/private/*",
        AllowedMethods=many("GET", "PUT") | {"CachedMethods": many("GET")},
        CachePolicyId="cache",
        OriginRequestPolicyId="request",
        ResponseHeadersPolicyId="response",
        ForwardedValues={"QueryString": False, "Cookies": {"Forward": "none"}, "Headers": many("Origin")},
        TrustedKeyGroups=many("group") | {"Enabled": True},
        TrustedSigners=many("self") | {"Enabled": True},
    )
    group = {"Id": "either", "Members": many({"OriginId": "s3"}, {"OriginId": "old"})}
    group["FailoverCriteria"] = {"StatusCodes": many(500)}
    one = summary(
        "EFULL",
        Aliases=many("shop.example.com"),
        Comment="the shop",
        Origins=ORIGINS,
        OriginGroups=many(group),
        CacheBehaviors=many(full),
        WebACLId="arn:aws:wafv2:us-east-1:123456789012:global/webacl/w",
        Staging=True,
        Enabled=False,
        ViewerCertificate={
            "CloudFrontDefaultCertificate": False,
            "ACMCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/c",
            "IAMCertificateId": "ASCA",
            "SSLSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        },
    )
    logging = {
        "Enabled": True,
        "IncludeCookies": True,
        "Bucket": "logs.s3.amazonaws.com",
        "Prefix": "cf/",
    }
    tell(server, one, Logging=logging)
    found = look(DISTRIBUTIONS)
    assert found.listings == (Listing("distribution", "123456789012", ""),)
    distribution = only(found.resources)
    assert distribution.title == "EFULL"
    assert whose(distribution)[:2] == (arn("EFULL"), "123456789012")
    no_custom = {"custom": None, "vpc_origin": None}
    assert own(distribution) == {
        "id": "EFULL",
        "domain_name": "efull.cloudfront.net",
        "aliases": ["shop.example.com"],
        "comment": "the shop",
        "enabled": False,
        "staging": True,
        "default_root_object": "index.html",
        "web_acl": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/w",
        "origins": [
            {
                "id": "s3",
                "domain_name": "shop.s3.eu-west-1.amazonaws.com",
                "path": "/site",
                "access_control": "EOAC",
                "access_identity": "",
            }
            | no_custom,
            {
                "id": "old",
                "domain_name": "old.s3.amazonaws.com",
                "path": "",
                "access_control": "",
                "access_identity": "origin-access-identity/cloudfront/EOAI",
            }
            | no_custom,
            {
                "id": "site",
                "domain_name": "shop.s3-website-eu-west-1.amazonaws.com",
                "path": "",
                "access_control": None,
                "access_identity": None,
                "custom": {
                    "protocol_policy": "http-only",
                    "http_port": 8080,
                    "https_port": 8443,
                    "tls_versions": ["TLSv1.2"],
                },
                "vpc_origin": None,
            },
            {
                "id": "vpc",
                "domain_name": "internal.example.com",
                "path": "",
                "access_control": None,
                "access_identity": None,
                "custom": None,
                "vpc_origin": "vo_1",
            },
        ],
        "origin_groups": [{"id": "either", "origins": ["s3", "old"]}],
        "default_behavior": BEHAVIOR,
        "behaviors": [
            {
                "path_pattern": "/private/*",
                "origin": "s3",
                "viewer_protocol_policy": "redirect-to-https",
                "allowed_methods": ["GET", "PUT"],
                "cache_policy": "cache",
                "origin_request_policy": "request",
                "response_headers_policy": "response",
                "forwarded_headers": ["Origin"],
                "trusted_key_groups": ["group"],
                "trusted_signers": ["self"],
            }
        ],
        "logging": {"bucket": "logs.s3.amazonaws.com", "prefix": "cf/", "cookies": True},
        "viewer_certificate": {
            "default": False,
            "acm": "arn:aws:acm:us-east-1:123456789012:certificate/c",
            "iam": "ASCA",
            "minimum_tls": "TLSv1.2_2021",
            "support_method": "sni-only",
        },
    }
    assert calls(distribution) == {
        **dict.fromkeys(own(distribution), "cloudfront:ListDistributions"),
        "default_root_object": "cloudfront:GetDistributionConfig",
        "logging": "cloudfront:GetDistributionConfig",
    }


def test_a_distribution_that_does_not_log_has_no_logging(server: Server, look: Look) -> None:
    tell(server, summary("E1"))
    assert own(only(look(DISTRIBUTIONS).resources))["logging"] is None


def test_where_a_distribution_logs_is_unknown_when_its_configuration_is_denied(
    server: Server, look: Look
) -> None:
    tell(server, summary("E1", Origins=ORIGINS))
    server.world.faults.add(denied(), "cloudfront:GetDistributionConfig")
    found = own(only(look(DISTRIBUTIONS).resources))
    why = "cloudfront:GetDistributionConfig was denied, it needs the permission"
    assert found["logging"] == found["default_root_object"] == f"? {why} cloudfront:GetDistributionConfig"
    assert [origin["id"] for origin in found["origins"]] == ["s3", "old", "site", "vpc"]


def test_distributions_come_in_pages_and_one_may_go(server: Server, look: Look) -> None:
    tell(server, *(summary(f"E{number}") for number in range(5)), page=2)
    server.world.refuse("cloudfront:GetDistributionConfig", "NoSuchDistribution", when={"Id": "E3"})
    assert [one.title for one in look(DISTRIBUTIONS).resources] == ["E0", "E1", "E2", "E4"]
    assert server.world.requests["cloudfront:ListDistributions"] == 3


def test_access_controls_are_told(server: Server, look: Look) -> None:
    listed = [
        {
            "Id": name,
            "Description": "",
            "Name": name.lower(),
            "SigningProtocol": "sigv4",
            "SigningBehavior": "no-override",
            "OriginAccessControlOriginType": "s3",
        }
        for name in ("E1", "E2", "E3")
    ]
    whole = {"Marker": "", "MaxItems": 100, "IsTruncated": False} | many(*listed)
    server.world.tell("cloudfront:ListOriginAccessControls", {"OriginAccessControlList": whole}, page=2)
    found = look(ACCESS_CONTROLS)
    assert len(found.resources) == 3
    last = found.resources[-1]
    assert whose(last)[0] == "arn:aws:cloudfront::123456789012:origin-access-control/E3"
    assert own(last) == {
        "id": "E3",
        "name": "e3",
        "origin_type": "s3",
        "signing_behavior": "no-override",
        "signing_protocol": "sigv4",
    }
    assert set(calls(last).values()) == {"cloudfront:ListOriginAccessControls"}


def test_access_identities_are_told(server: Server, look: Look) -> None:
    listed = [
        {"Id": name, "S3CanonicalUserId": name.lower(), "Comment": "old"} for name in ("E1", "E2", "E3")
    ]
    whole = {"Marker": "", "MaxItems": 100, "IsTruncated": False} | many(*listed)
    server.world.tell(
        "cloudfront:ListCloudFrontOriginAccessIdentities",
        {"CloudFrontOriginAccessIdentityList": whole},
        page=2,
    )
    found = look(ACCESS_IDENTITIES)
    assert [own(one) for one in found.resources] == [
        {"id": name, "canonical_user": name.lower(), "comment": "old"} for name in ("E1", "E2", "E3")
    ]
    assert set(calls(found.resources[0]).values()) == {"cloudfront:ListCloudFrontOriginAccessIdentities"}


def test_a_partition_without_cloudfront_has_none_and_is_not_asked(server: Server, asker: Asker) -> None:
    for reader in DISTRIBUTION_READERS:
        found = reader.read(asker, Place("123456789012", "aws-us-gov"), "")
        assert [one.account for one in found.listings] == ["123456789012"]
        assert found.resources == ()
    assert not server.world.requests


@pytest.mark.parametrize("partition", ["aws", "aws-cn"])
def test_cloudfront_is_asked_in_the_partition_of_the_account(
    server: Server, asker: Asker, partition: str
) -> None:
    region = {"aws": "us-east-1", "aws-cn": "cn-north-1"}[partition]
    listed = {"Marker": "", "MaxItems": 100, "IsTruncated": False} | many(summary("E2"))
    tell(server, summary("E1"))
    server.world.tell("cloudfront:ListDistributions", {"DistributionList": listed}, region=region)
    found = DISTRIBUTIONS.read(asker, Place("123456789012", partition), "")
    assert [one.title for one in found.resources] == ["E2"]
