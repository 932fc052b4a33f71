"""CloudFront: distributions and the identities by which they read from S3."""

from __future__ import annotations

from s3audit.model.base import Resource, Section
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class CustomOrigin(Section, frozen=True, kw_only=True):
    """An origin that is reached like any web server; a website endpoint of a bucket is one."""

    protocol_policy: Setting[str] = NOT_COLLECTED
    http_port: Setting[int] = NOT_COLLECTED
    https_port: Setting[int] = NOT_COLLECTED
    tls_versions: Listed[str] = NOT_COLLECTED


class Origin(Section, frozen=True, kw_only=True):
    id: Setting[Text] = NOT_COLLECTED
    domain_name: Setting[Text] = NOT_COLLECTED
    path: Setting[Text | None] = NOT_COLLECTED
    access_control: Setting[Text | None] = NOT_COLLECTED
    """The id of an origin access control."""
    access_identity: Setting[Text | None] = NOT_COLLECTED
    """`origin-access-identity/cloudfront/ID`; empty means none."""
    custom: Setting[CustomOrigin | None] = NOT_COLLECTED
    vpc_origin: Setting[Text | None] = NOT_COLLECTED
    """The id of the VPC origin; such an origin is no S3 one."""


class OriginGroup(Section, frozen=True, kw_only=True):
    """Origins of which the second is asked when the first fails."""

    id: Setting[Text] = NOT_COLLECTED
    origins: Listed[Text] = NOT_COLLECTED


class CacheBehavior(Section, frozen=True, kw_only=True):
    path_pattern: Setting[Text | None] = NOT_COLLECTED
    """None for the default behavior."""
    origin: Setting[Text] = NOT_COLLECTED
    """The id of an origin or of an origin group."""
    viewer_protocol_policy: Setting[str] = NOT_COLLECTED
    allowed_methods: Listed[str] = NOT_COLLECTED
    cache_policy: Setting[Text | None] = NOT_COLLECTED
    origin_request_policy: Setting[Text | None] = NOT_COLLECTED
    response_headers_policy: Setting[Text | None] = NOT_COLLECTED
    forwarded_headers: Listed[Text] = NOT_COLLECTED
    trusted_key_groups: Listed[Text] = NOT_COLLECTED
    trusted_signers: Listed[Text] = NOT_COLLECTED


class DistributionLogging(Section, frozen=True, kw_only=True):
    """Standard logging (legacy): the target must accept ACLs."""

    bucket: Setting[Text | None] = NOT_COLLECTED
    """A domain name: `logs.s3.amazonaws.com`; empty means that nothing is logged."""
    prefix: Setting[Text | None] = NOT_COLLECTED
    cookies: Setting[bool] = NOT_COLLECTED


class ViewerCertificate(Section, frozen=True, kw_only=True):
    default: Setting[bool] = NOT_COLLECTED
    """The certificate of `*.cloudfront.net`."""
    acm: Setting[Text | None] = NOT_COLLECTED
    iam: Setting[Text | None] = NOT_COLLECTED
    minimum_tls: Setting[str | None] = NOT_COLLECTED
    support_method: Setting[str | None] = NOT_COLLECTED


class Distribution(Resource, frozen=True, kw_only=True, tag="distribution"):
    id: Setting[Text | None] = NOT_COLLECTED
    domain_name: Setting[Text | None] = NOT_COLLECTED
    aliases: Listed[Text] = NOT_COLLECTED
    comment: Setting[Text | None] = NOT_COLLECTED
    enabled: Setting[bool] = NOT_COLLECTED
    staging: Setting[bool] = NOT_COLLECTED
    default_root_object: Setting[Text | None] = NOT_COLLECTED
    web_acl: Setting[Text | None] = NOT_COLLECTED
    origins: Listed[Origin] = NOT_COLLECTED
    origin_groups: Listed[OriginGroup] = NOT_COLLECTED
    default_behavior: CacheBehavior = CacheBehavior()
    behaviors: Listed[CacheBehavior] = NOT_COLLECTED
    """Beside the default one."""
    logging: Setting[DistributionLogging | None] = NOT_COLLECTED
    viewer_certificate: ViewerCertificate = ViewerCertificate()


class OriginAccessControl(Resource, frozen=True, kw_only=True, tag="origin-access-control"):
    id: Setting[Text | None] = NOT_COLLECTED
    name: Setting[Text] = NOT_COLLECTED
    origin_type: Setting[str] = NOT_COLLECTED
    signing_behavior: Setting[str] = NOT_COLLECTED
    """always, no-override or never."""
    signing_protocol: Setting[str] = NOT_COLLECTED


class OriginAccessIdentity(Resource, frozen=True, kw_only=True, tag="origin-access-identity"):
    id: Setting[Text | None] = NOT_COLLECTED
    canonical_user: Setting[Text | None] = NOT_COLLECTED
    comment: Setting[Text | None] = NOT_COLLECTED
