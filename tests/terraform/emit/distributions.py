"""CloudFront."""

from s3audit.model.distribution import (
    CacheBehavior,
    CustomOrigin,
    Distribution,
    DistributionLogging,
    Origin,
    OriginAccessControl,
    OriginAccessIdentity,
    OriginGroup,
)
from s3audit.setting import Known, Setting, Unknown
from tests.terraform.emit.differences import DEMANDED
from tests.terraform.emit.form import Argument, Arguments, Blocks, Untold, one, written
from tests.terraform.emit.writer import Writer

_UNRESTRICTED = Blocks(({"geo_restriction": Blocks(({"restriction_type": "none"},))},))


def distribution(writer: Writer, d: Distribution) -> None:
    certificate = one(
        {
            "cloudfront_default_certificate": writer.flag(d.viewer_certificate.default),
            "acm_certificate_arn": writer.text(d.viewer_certificate.acm),
            "iam_certificate_id": writer.text(d.viewer_certificate.iam),
            "minimum_protocol_version": writer.word(d.viewer_certificate.minimum_tls),
            "ssl_support_method": writer.word(d.viewer_certificate.support_method),
        }
    )
    arguments: Arguments = {
        "enabled": writer.flag(d.enabled),
        "aliases": writer.texts(d.aliases),
        "comment": writer.text(d.comment),
        "staging": writer.flag(d.staging),
        "default_root_object": writer.text(d.default_root_object),
        "web_acl_id": writer.text(d.web_acl),
        "origin": writer.blocks_of(d.origins, lambda origin: _origin(writer, origin)),
        "origin_group": writer.blocks_of(d.origin_groups, lambda group: _group(writer, group)),
        "default_cache_behavior": Blocks((written(_behavior(writer, d.default_behavior)),)),
        "ordered_cache_behavior": writer.blocks_of(d.behaviors, lambda one: _behavior(writer, one)),
        "logging_config": _logging(writer, d.logging),
        "restrictions": _UNRESTRICTED,
        "viewer_certificate": certificate
        or Blocks(({"cloudfront_default_certificate": DEMANDED["ViewerCertificate.default"]},)),
        "tags": writer.tags(d.tags),
    }
    writer.block("aws_cloudfront_distribution", writer.name(d), arguments)


def _origin(writer: Writer, origin: Origin) -> Arguments:
    return {
        "origin_id": writer.text(origin.id),
        "domain_name": writer.text(origin.domain_name),
        "origin_path": writer.text(origin.path),
        "origin_access_control_id": writer.text(origin.access_control),
        "s3_origin_config": one({"origin_access_identity": writer.text(origin.access_identity)}),
        "custom_origin_config": _custom(writer, origin.custom),
        "vpc_origin_config": one({"vpc_origin_id": writer.text(origin.vpc_origin)}),
    }


def _custom(writer: Writer, setting: Setting[CustomOrigin | None]) -> Argument:
    match setting:
        case Known(CustomOrigin() as custom):
            arguments = {
                "origin_protocol_policy": writer.word(custom.protocol_policy),
                "http_port": writer.number(custom.http_port) or DEMANDED["CustomOrigin.http_port"],
                "https_port": writer.number(custom.https_port) or DEMANDED["CustomOrigin.https_port"],
                "origin_ssl_protocols": writer.words(custom.tls_versions)
                or DEMANDED["CustomOrigin.tls_versions"],
            }
            return Blocks((written(arguments),))
        case Unknown():
            return Untold("blocks")
        case _:
            return None


def _group(writer: Writer, group: OriginGroup) -> Arguments:
    members = group.origins.value if isinstance(group.origins, Known) else ()
    return {
        "origin_id": writer.text(group.id),
        "failover_criteria": Blocks(({"status_codes": [500, 502]},)),
        "member": Blocks(tuple(written({"origin_id": writer.text(member)}) for member in members)),
    }


def _behavior(writer: Writer, behavior: CacheBehavior) -> Arguments:
    forwarded = writer.texts(behavior.forwarded_headers)
    return {
        "path_pattern": writer.text(behavior.path_pattern),
        "target_origin_id": writer.text(behavior.origin),
        "viewer_protocol_policy": writer.word(behavior.viewer_protocol_policy),
        "allowed_methods": writer.words(behavior.allowed_methods)
        or DEMANDED["CacheBehavior.allowed_methods"],
        "cached_methods": ["GET", "HEAD"],
        "cache_policy_id": writer.text(behavior.cache_policy),
        "origin_request_policy_id": writer.text(behavior.origin_request_policy),
        "response_headers_policy_id": writer.text(behavior.response_headers_policy),
        "forwarded_values": None
        if forwarded is None
        else Blocks(
            ({"headers": forwarded, "query_string": False, "cookies": Blocks(({"forward": "none"},))},)
        ),
        "trusted_key_groups": writer.texts(behavior.trusted_key_groups),
        "trusted_signers": writer.texts(behavior.trusted_signers),
    }


def _logging(writer: Writer, setting: Setting[DistributionLogging | None]) -> Argument:
    match setting:
        case Known(DistributionLogging() as logging):
            return one(
                {
                    "bucket": writer.text(logging.bucket),
                    "prefix": writer.text(logging.prefix),
                    "include_cookies": writer.flag(logging.cookies),
                }
            )
        case Unknown():
            return Untold("blocks")
        case _:
            return None


def access_control(writer: Writer, control: OriginAccessControl) -> None:
    arguments: Arguments = {
        "name": writer.text(control.name),
        "origin_access_control_origin_type": writer.word(control.origin_type),
        "signing_behavior": writer.word(control.signing_behavior),
        "signing_protocol": writer.word(control.signing_protocol),
    }
    writer.block("aws_cloudfront_origin_access_control", writer.name(control), arguments)


def access_identity(writer: Writer, identity: OriginAccessIdentity) -> None:
    kind = "aws_cloudfront_origin_access_identity"
    writer.block(kind, writer.name(identity), {"comment": writer.text(identity.comment)})
