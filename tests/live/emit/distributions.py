"""A distribution as CloudFront tells it: the summary of the listing, and its configuration."""

from typing import Any

from s3audit.model.distribution import CacheBehavior, CustomOrigin, Distribution, Origin, OriginGroup
from tests.live.emit.names import Names
from tests.live.emit.values import fields, items, told

_SUMMARY_ONLY = ("Id", "ARN", "Status", "LastModifiedTime", "DomainName")


def distribution(names: Names, one: Distribution) -> tuple[dict[str, Any], dict[str, Any]]:
    own = names.own[one.address]
    certificate = one.viewer_certificate
    summary = fields(
        Id=own,
        ARN=names.arn(one),
        Status="Deployed",
        LastModifiedTime="2025-06-02T08:30:00Z",
        DomainName=f"{own.lower()}.cloudfront.net",
        Aliases=_list(items(one.aliases, names.said)),
        Comment=names.text(one.comment) or "",
        Enabled=told(one.enabled),
        Staging=told(one.staging),
        WebACLId=names.text(one.web_acl) or "",
        Origins=_list(items(one.origins, lambda each: _origin(names, each))),
        OriginGroups=_list(items(one.origin_groups, lambda each: _group(names, each))),
        DefaultCacheBehavior=_behavior(names, one.default_behavior),
        CacheBehaviors=_list(items(one.behaviors, lambda each: _behavior(names, each))),
        ViewerCertificate=fields(
            CloudFrontDefaultCertificate=told(certificate.default),
            ACMCertificateArn=names.text(certificate.acm),
            IAMCertificateId=names.text(certificate.iam),
            MinimumProtocolVersion=told(certificate.minimum_tls),
            SSLSupportMethod=told(certificate.support_method),
        ),
    )
    configuration = {key: value for key, value in summary.items() if key not in _SUMMARY_ONLY}
    logging = told(one.logging)
    return summary, configuration | {
        "CallerReference": own,
        "DefaultRootObject": names.text(one.default_root_object) or "",
        "Logging": {
            # An empty bucket is none.
            "Enabled": logging is not None and bool(names.text(logging.bucket)),
            "IncludeCookies": logging is not None and told(logging.cookies),
            "Bucket": "" if logging is None else names.text(logging.bucket) or "",
            "Prefix": "" if logging is None else names.text(logging.prefix) or "",
        },
    }


def _list(found: list[Any]) -> dict[str, Any]:
    return fields(Quantity=len(found), Items=found)


def _origin(names: Names, one: Origin) -> dict[str, Any]:
    custom, vpc = told(one.custom), names.text(one.vpc_origin)
    identity = names.text(one.access_identity)
    plain = custom is None and vpc is None
    return fields(
        Id=names.text(one.id),
        DomainName=names.text(one.domain_name),
        OriginPath=names.text(one.path) or "",
        OriginAccessControlId=names.text(one.access_control) or "",
        S3OriginConfig={"OriginAccessIdentity": identity or ""} if plain else None,
        CustomOriginConfig=None if custom is None else _custom(custom),
        VpcOriginConfig=None if vpc is None else {"VpcOriginId": vpc},
    )


def _custom(custom: CustomOrigin) -> dict[str, Any]:
    return fields(
        OriginProtocolPolicy=told(custom.protocol_policy),
        HTTPPort=told(custom.http_port),
        HTTPSPort=told(custom.https_port),
        OriginSslProtocols=_list(items(custom.tls_versions)),
    )


def _group(names: Names, one: OriginGroup) -> dict[str, Any]:
    members = items(one.origins, lambda origin: {"OriginId": names.said(origin)})
    return {"Id": names.text(one.id), "Members": _list(members)}


def _behavior(names: Names, one: CacheBehavior) -> dict[str, Any]:
    headers = items(one.forwarded_headers, names.said)
    groups, signers = items(one.trusted_key_groups, names.said), items(one.trusted_signers, names.said)
    return fields(
        PathPattern=names.text(one.path_pattern),
        TargetOriginId=names.text(one.origin),
        ViewerProtocolPolicy=told(one.viewer_protocol_policy),
        AllowedMethods=_list(items(one.allowed_methods)),
        CachePolicyId=names.text(one.cache_policy),
        OriginRequestPolicyId=names.text(one.origin_request_policy),
        ResponseHeadersPolicyId=names.text(one.response_headers_policy),
        ForwardedValues={"QueryString": False, "Headers": _list(headers)} if headers else None,
        TrustedKeyGroups=_list(groups) | {"Enabled": bool(groups)},
        TrustedSigners=_list(signers) | {"Enabled": bool(signers)},
    )
