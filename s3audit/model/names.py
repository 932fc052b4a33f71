"""Names inside names: the bucket of an ARN, of a domain name, of an object pattern."""

from __future__ import annotations

import re

from s3audit.text import Opaque, Text, text

_ARN_PARTS = 6


def arn_parts(arn: Text) -> tuple[Text, ...] | None:
    """partition, service, region, account and resource of an ARN, or None when its form is not known."""
    pieces = arn.split(":", _ARN_PARTS - 1)
    if len(pieces) != _ARN_PARTS or pieces[0].literal != "arn":
        return None
    return pieces[1:]


_PARTITIONS = (
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
    ("eu-isoe-", "aws-iso-e"),
    ("eusc-", "aws-eusc"),
)


def partition_of(region: str) -> str:
    """The partition that a Region lies in."""
    return next((partition for start, partition in _PARTITIONS if region.startswith(start)), "aws")


def bucket_in_arn(arn: Text) -> Text | None:
    """The name of the bucket in the ARN of a bucket or of its objects."""
    parts = arn_parts(arn)
    if parts is None:
        return None
    _, service, _, _, resource = parts
    if service.literal == "s3":
        return resource.split("/", 1)[0]
    if service.literal == "s3express" and (name := resource.without_prefix("bucket/")) is not None:
        return name.split("/", 1)[0]
    return None


_WEBSITE = ".s3-website"
_S3_HOSTS = (".s3.", ".s3-")


def is_website_domain(domain: Text) -> bool:
    """Whether the domain is the website endpoint of a bucket, as far as its known parts tell."""
    return any(_WEBSITE in part for part in domain.parts if isinstance(part, str))


_HOST = re.compile(r"(?:^|\.)s3(?:-website)?[.-](?!accesspoint|object-lambda|global|outposts|control)")
_NO_BUCKETS = (".vpce.", ".accesspoint.")


def is_s3_host(domain: Text) -> bool:
    """Whether a domain is one by which S3 serves buckets, as far as its known parts tell."""
    known = str(domain).lower().rstrip(".")
    inside = known.endswith((".amazonaws.com", ".amazonaws.com.cn")) or bool(domain.opaque)
    return inside and _HOST.search(known) is not None and not any(one in known for one in _NO_BUCKETS)


def bucket_in_domain(domain: Text) -> Text | None:
    """The name of the bucket that an S3 domain name serves, virtual-hosted style."""
    before: list[str | Opaque] = []
    for part in domain.parts:
        if isinstance(part, str):
            cut = min((at for host in _S3_HOSTS if (at := part.find(host)) >= 0), default=-1)
            if cut >= 0:
                name = text(*before, part[:cut])
                return name if name.parts and _is_s3_host(part[cut:], domain) else None
        before.append(part)
    return None


def _is_s3_host(rest: str, domain: Text) -> bool:
    """`.s3.eu-west-1.amazonaws.com`, also with an opaque region or suffix; not `.s3.example.com`."""
    last = domain.parts[-1]
    if isinstance(last, Opaque):
        return True
    return last.endswith((".amazonaws.com", ".amazonaws.com.cn")) or rest.startswith(_WEBSITE)


def is_deploying_account(origin: str) -> bool:
    """Whether a part that nobody tells is the account of whoever deploys it."""
    return origin == "AWS::AccountId" or origin.endswith(".account_id")


def is_deploying_region(origin: str) -> bool:
    """Whether a part that nobody tells is the Region of whoever deploys it."""
    return origin == "AWS::Region" or origin.startswith("data.aws_region.")
