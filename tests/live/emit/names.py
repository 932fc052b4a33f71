"""What each resource of an estate is called once it is there, and texts and policies with those names."""

import hashlib
import json
import re
from typing import Any

from s3audit.model.access_point import AccessPoint
from s3audit.model.backup import BackupSelection
from s3audit.model.base import Resource, kind_of
from s3audit.model.bucket import Bucket
from s3audit.model.dns import DnsRecord
from s3audit.model.document import Array, Leaf, Object, Value
from s3audit.model.estate import Estate
from s3audit.model.file_system import MountTarget
from s3audit.model.key import KmsAlias, KmsKey
from s3audit.model.load_balancer import LoadBalancer
from s3audit.model.table_bucket import Table
from s3audit.model.trail import MetricFilter
from s3audit.model.vector_bucket import VectorIndex
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Opaque, Text
from tests.live.emit.values import UntoldError, told

_PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "data.aws_partition.current.partition": "aws",
    "data.aws_partition.current.dns_suffix": "amazonaws.com",
}
_ACCOUNT = ("AWS::AccountId", "data.aws_caller_identity.current.account_id")
_REGION = ("AWS::Region", "data.aws_region.current.name", "data.aws_region.current.region")
_ARNS = {
    "access-point": "arn:aws:s3:{place}:accesspoint/{name}",
    "alarm": "arn:aws:cloudwatch:{place}:alarm:{name}",
    "backup-plan": "arn:aws:backup:{place}:backup-plan:{name}",
    "analyzer": "arn:aws:access-analyzer:{place}:analyzer/{name}",
    "bucket": "arn:aws:s3:::{name}",
    "classic": "arn:aws:elasticloadbalancing:{place}:loadbalancer/{name}",
    "directory": "arn:aws:s3express:{place}:bucket/{name}",
    "directory-access-point": "arn:aws:s3express:{place}:accesspoint/{name}",
    "detector": "arn:aws:guardduty:{place}:detector/{name}",
    "distribution": "arn:aws:cloudfront::{account}:distribution/{name}",
    "event-data-store": "arn:aws:cloudtrail:{place}:eventdatastore/{name}",
    "event-rule": "arn:aws:events:{place}:rule/{name}",
    "function": "arn:aws:lambda:{place}:function:{name}",
    "group": "arn:aws:iam::{account}:group/{name}",
    "kms-alias": "arn:aws:kms:{place}:{name}",
    "kms-key": "arn:aws:kms:{place}:key/{name}",
    "load-balancer": "arn:aws:elasticloadbalancing:{place}:loadbalancer/app/{name}/50dc6c495c0c9188",
    "log-group": "arn:aws:logs:{place}:log-group:{name}:*",
    "macie-session": "macie:{region}:{account}",
    "managed-policy": "arn:aws:iam::{account}:policy/{name}",
    "multi-region-access-point": "arn:aws:s3::{account}:accesspoint/{name}.mrap",
    "object-lambda-access-point": "arn:aws:s3-object-lambda:{place}:accesspoint/{name}",
    "origin-access-control": "arn:aws:cloudfront::{account}:origin-access-control/{name}",
    "origin-access-identity": "arn:aws:cloudfront::{account}:origin-access-identity/{name}",
    "queue": "arn:aws:sqs:{place}:{name}",
    "role": "arn:aws:iam::{account}:role/{name}",
    "storage-lens": "arn:aws:s3:{place}:storage-lens/{name}",
    "file-system": "arn:aws:s3files:{place}:file-system/{name}",
    "security-group": "arn:aws:ec2:{place}:security-group/{name}",
    "table-bucket": "arn:aws:s3tables:{place}:bucket/{name}",
    "vector-bucket": "arn:aws:s3vectors:{place}:bucket/{name}",
    "topic": "arn:aws:sns:{place}:{name}",
    "trail": "arn:aws:cloudtrail:{place}:trail/{name}",
    "user": "arn:aws:iam::{account}:user/{name}",
    "vpc": "arn:aws:ec2:{place}:vpc/{name}",
    "route-table": "arn:aws:ec2:{place}:route-table/{name}",
    "subnet": "arn:aws:ec2:{place}:subnet/{name}",
    "vpc-endpoint": "arn:aws:ec2:{place}:vpc-endpoint/{name}",
}
_WITH_ID = frozenset(
    {"security-group", "distribution", "kms-key", "origin-access-control", "origin-access-identity"}
)
_STARTS = {"file-system": "fs", "mount-target": "fsmt", "security-group": "sg"}
_ZONE = "--euw1-az1--x-s3"


class Names:
    """Names and ARNs, made up where nobody has given any."""

    def __init__(self, estate: Estate, account: str, region: str) -> None:
        self.account = account
        self.region = region
        self.pseudo = _PSEUDO | dict.fromkeys(_ACCOUNT, account) | dict.fromkeys(_REGION, region)
        self._resources = {resource.address: resource for resource in estate.resources}
        self.own: dict[str, str] = {}
        """By address: the name or id."""
        for resource in estate.resources:
            self.own[resource.address] = self._named(resource)

    def _named(self, resource: Resource) -> str:
        # Those that have an id are known by that, whatever they are called.
        has_id = kind_of(type(resource)) in _WITH_ID
        given: Setting[Text] | None = None if has_id else getattr(resource, "name", None)
        match given:
            case Known(Text() as name) | Unset(Text() as name):
                # The part of it that is the resource itself is what is made up.
                parts = [_made_up(resource) if _is_own(part, resource) else part for part in name.parts]
                try:
                    return "".join(part if isinstance(part, str) else self.part(part) for part in parts)
                except UntoldError:
                    pass
            case _:
                pass
        zone = _ZONE if isinstance(resource, Bucket) and resource.type == "directory" else ""
        return _made_up(resource) + zone

    def arn(self, resource: Resource) -> str:
        """The ARN that it has, and by which a live scan knows it."""
        kind = kind_of(type(resource))
        match resource:
            case MetricFilter(log_group=group):
                return f"metric-filter:{self.region}:{self.account}:{self.text(group)}:{self.own[resource.address]}"
            case Bucket(type="directory"):
                kind = "directory"
            case DnsRecord(zone=zone, type=of):
                return f"route53:hostedzone/{self.text(zone)}/{self.own[resource.address]}/{told(of)}"
            case AccessPoint(type="directory"):
                kind = "directory-access-point"
            case MountTarget(file_system=system):
                start = f"arn:aws:s3files:{self.region}:{self.account}:file-system"
                return f"{start}/{self.text(system)}/mount-target/{self.own[resource.address]}"
            case Table(table_bucket=bucket):
                return f"{self.text(bucket)}/table/{_uuid(resource)}"
            case VectorIndex(vector_bucket=bucket):
                named = self.text(bucket)
                start = f"arn:aws:s3vectors:{self.region}:{self.account}:bucket/"
                return f"{named if named.startswith('arn:') else start + named}/index/{self.own[resource.address]}"
            case BackupSelection(plan=plan):
                start = f"arn:aws:backup:{self.region}:{self.account}:backup-plan"
                return f"backup-selection:{start}:{self.text(plan)}:{self.own[resource.address]}"
            case LoadBalancer(type=Known("classic")):
                kind = "classic"
            case _:
                pass
        form = _ARNS.get(kind, f"arn:aws:{kind}:{{place}}:{{name}}")
        return form.format(
            place=f"{self.region}:{self.account}",
            account=self.account,
            region=self.region,
            name=self.own[resource.address],
        )

    def is_elsewhere(self, key: Setting[Any]) -> bool:
        """Whether a key of KMS is named that nobody declares: whether there is one, and whose, is not told."""
        said = self.text(key)
        known = (one for one in self._resources.values() if isinstance(one, KmsKey | KmsAlias))
        names = {name for one in known for name in (self.own[one.address], self.arn(one))}
        return said is not None and "alias/aws/" not in said and said not in names

    # Texts

    def text(self, setting: Setting[Any]) -> Any:
        """A text that is known; None where there is none."""
        value = told(setting)
        return None if value is None else self.said(value)

    def said(self, value: Text) -> str:
        """A text with the names of what it refers to."""
        return "".join(part if isinstance(part, str) else self.part(part) for part in value.parts)

    def part(self, part: Opaque) -> str:
        """What an opaque part is."""
        if part.origin in self.pseudo:
            return self.pseudo[part.origin]
        resource = self._resources.get(part.resource)
        if resource is None and part.origin.endswith(".Alias"):
            # It says not of which one it is, as it is no name of it.
            titles = {one.title: one for one in self._resources.values()}
            resource = titles.get(part.origin.removesuffix(".Alias"))
        if resource is None:
            raise UntoldError(f"it is {part}, which the input does not tell")
        _, _, attribute = (
            part.origin.removeprefix(resource.address).removeprefix(resource.title).partition(".")
        )
        if part.generated and not attribute:  # its own name, whatever a reference to it gives
            return self.own[resource.address]
        return self._attribute(resource, attribute.lower())

    def _attribute(self, resource: Resource, attribute: str) -> str:
        name = self.own[resource.address]
        match kind_of(type(resource)), attribute:
            case _, "arn" | "trailarn" | "aliasarn" | "loadbalancerarn":
                return self.arn(resource)
            case (
                _,
                "tablebucketarn"
                | "tablearn"
                | "vectorbucketarn"
                | "indexarn"
                | "vector_bucket_arn"
                | "index_arn",
            ):
                return self.arn(resource)
            case "load-balancer" | "topic" | "managed-policy" | "table-bucket" | "vector-bucket", "":
                return self.arn(resource)
            case (
                _,
                ""
                | "id"
                | "name"
                | "bucket"
                | "keyid"
                | "key_id"
                | "aliasname"
                | "vpcid"
                | "filesystemid"
                | "groupid",
            ):
                return name
            case "bucket", "domainname" | "bucket_domain_name":
                return f"{name}.s3.amazonaws.com"
            case "bucket", "regionaldomainname" | "bucket_regional_domain_name":
                return f"{name}.s3.{self.region}.amazonaws.com"
            case "multi-region-access-point", "alias":
                return f"{name}.mrap"
            case "bucket", "websiteurl":
                return f"http://{name}.s3-website-{self.region}.amazonaws.com"
            case "bucket", "website_endpoint":
                return f"{name}.s3-website-{self.region}.amazonaws.com"
            case "distribution", "domainname" | "domain_name":
                return f"{name.lower()}.cloudfront.net"
            case "load-balancer", "dnsname" | "dns_name":
                return f"{name}-1234567890.{self.region}.elb.amazonaws.com"
            case "origin-access-identity", "s3canonicaluserid" | "s3_canonical_user_id":
                return hashlib.sha256(name.encode()).hexdigest()
            case kind, other:
                raise UntoldError(f"{other} of a {kind} is not made up")

    # Documents

    def json(self, setting: Setting[Value | None]) -> str | None:
        """A policy as text; None where there is none."""
        value = told(setting)
        return None if value is None else json.dumps(self.plain(value))

    def plain(self, value: Value) -> Any:
        """A document as Python data."""
        match value:
            case Object(members=members):
                return {member.name: self.plain(member.value) for member in members}
            case Array(items=items):
                return [self.plain(item) for item in items]
            case Leaf(value=Text() as leaf):
                return self.said(leaf)
            case Leaf(value=leaf):
                return leaf
            case Unknown(why):
                raise UntoldError(why)


def _is_own(part: object, resource: Resource) -> bool:
    return isinstance(part, Opaque) and part.resource == resource.address


def _uuid(resource: Resource) -> str:
    mark = hashlib.sha256(resource.address.encode()).hexdigest()
    return f"{mark[:8]}-{mark[8:12]}-4{mark[13:16]}-8{mark[17:20]}-{mark[20:32]}"


def _made_up(resource: Resource) -> str:
    """A name of the form that its kind has."""
    mark = hashlib.sha256(resource.address.encode()).hexdigest()
    kind = kind_of(type(resource))
    match kind:
        case "kms-key":
            return _uuid(resource)
        case "file-system" | "mount-target" | "security-group":
            return f"{_STARTS[kind]}-{mark[:17]}"
        case "distribution" | "origin-access-control" | "origin-access-identity":
            return f"E{mark[:13].upper()}"
        case "vpc-endpoint" | "vpc":
            return f"{'vpce' if kind == 'vpc-endpoint' else 'vpc'}-{mark[:17]}"
        case "queue" | "topic" | "function" | "role" | "managed-policy":
            return f"{resource.title or kind}-{mark[:12].upper()}"
        case _:
            slug = re.sub(r"[^a-z0-9]+", "-", (resource.title or resource.address).lower()).strip("-")
            return f"{slug}-x{mark[:12]}"
