"""What the neighbours of a bucket are called in policies: two of these have to name one alike."""

from __future__ import annotations

from collections.abc import Mapping

from s3audit.model.access_point import AccessPoint, MultiRegionAccessPoint, ObjectLambdaAccessPoint
from s3audit.model.base import Resource
from s3audit.model.distribution import Distribution, OriginAccessIdentity
from s3audit.model.identity import Role, User
from s3audit.model.key import KmsKey
from s3audit.policy.placed import Ground, literal_of
from s3audit.text import Opaque

OAI_PATH = "origin-access-identity/cloudfront/"
_OAI = "arn:{}:iam::cloudfront:user/CloudFront Origin Access Identity "


def arn_of(here: Ground, one: Resource) -> str:
    told = literal_of(one.arn)
    if told:
        return told
    name, account = name_of(one), here.account_of(one)
    match one:
        case Role() | User():
            kind = type(one).__name__.lower()
            return f"arn:{here.partition}:iam::{account}:{kind}{literal_of(one.path) or '/'}{name}"
        case AccessPoint():
            return f"arn:{here.partition}:s3:{here.region}:{account}:accesspoint/{name}"
        case MultiRegionAccessPoint():
            return f"arn:{here.partition}:s3::{account}:accesspoint/{alias_of(one)}"
        case ObjectLambdaAccessPoint():
            return f"arn:{here.partition}:s3-object-lambda:{here.region}:{account}:accesspoint/{name}"
        case KmsKey():
            region = literal_of(one.region) or here.region
            return f"arn:{here.partition}:kms:{region}:{account}:key/{name}"
        case Distribution():
            return f"arn:{here.partition}:cloudfront::{account}:distribution/{name}"
        case OriginAccessIdentity():
            return f"{_OAI.format(here.partition)}{name}"
        case _:
            return one.address


def name_of(one: Resource) -> str:
    """The name or id; where that is made up, what no policy has."""
    match one:
        case KmsKey() | Distribution() | OriginAccessIdentity():
            return literal_of(one.id) or one.title or one.address
        case Role() | User() | AccessPoint() | MultiRegionAccessPoint() | ObjectLambdaAccessPoint():
            return literal_of(one.name) or one.address
        case _:
            return one.address


def alias_of(one: AccessPoint | MultiRegionAccessPoint) -> str:
    return literal_of(one.alias) or f"{one.address}.alias"


def canonical_of(one: OriginAccessIdentity) -> str:
    return literal_of(one.canonical_user) or f"{one.address}.canonical"


def attribute(here: Ground, one: Resource, part: Opaque) -> str:
    """What an attribute of it comes to: `Point.Arn`, `aws_s3_access_point.point.name`."""
    name = part.origin.rpartition(".")[2].lower() if "." in part.origin else ""
    match one:
        case OriginAccessIdentity() if name in ("s3canonicaluserid", "s3_canonical_user_id"):
            return canonical_of(one)
        case OriginAccessIdentity() if name == "cloudfront_access_identity_path":
            return f"{OAI_PATH}{name_of(one)}"
        case Role() | User() if name in ("roleid", "userid", "unique_id"):
            return f"{one.address}.id"
        case AccessPoint() | MultiRegionAccessPoint() if name == "alias":
            return alias_of(one)
    return arn_of(here, one) if name.endswith("arn") else name_of(one)


def called(here: Ground, one: Resource, part: Opaque) -> Mapping[str, str]:
    """What people call those that may be callers, by what stands for them."""
    match one:
        case Role() | User():
            return {arn_of(here, one): f"the {type(one).__name__.lower()} {one.title or one.address}"}
        case OriginAccessIdentity():
            return {attribute(here, one, part): f"the origin access identity {one.title or one.address}"}
        case _:
            return {}
