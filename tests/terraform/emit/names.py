"""What resources are called in Terraform, and texts with references to them."""

import random
import re
from collections.abc import Callable, Mapping

from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.distribution import OriginAccessIdentity
from s3audit.model.estate import Estate
from s3audit.setting import Known, Unknown
from s3audit.text import Opaque, Part, Text, text
from tests.terraform.emit.form import Argument, Block, Joined, Outside, Piece, Reference, Variable

ELSEWHERE = "the bucket is declared elsewhere"

_PSEUDO = {
    "AWS::AccountId": ("aws_caller_identity", ("account_id",)),
    "AWS::Partition": ("aws_partition", ("partition",)),
    "AWS::Region": ("aws_region", ("name", "region", "id")),
    "AWS::URLSuffix": ("aws_partition", ("dns_suffix",)),
}

ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "aws_backup_plan": {"": "id", "BackupPlanId": "id", "BackupPlanArn": "arn"},
    "aws_cloudfront_distribution": {"": "id", "Id": "id", "DomainName": "domain_name"},
    "aws_cloudfront_origin_access_control": {"": "id", "Id": "id"},
    "aws_cloudfront_origin_access_identity": {
        "": "id",
        "Id": "id",
        "S3CanonicalUserId": "s3_canonical_user_id",
    },
    "aws_cloudwatch_event_rule": {"": "name", "Arn": "arn"},
    "aws_cloudwatch_log_group": {"": "name", "Arn": "arn"},
    "aws_guardduty_detector": {"": "id", "Id": "id"},
    "aws_iam_group": {"": "id", "Arn": "arn"},
    "aws_iam_policy": {"": "arn", "PolicyArn": "arn"},
    "aws_iam_role": {"": "id", "Arn": "arn", "RoleId": "unique_id"},
    "aws_iam_user": {"": "id", "Arn": "arn"},
    "aws_kms_alias": {"": "name", "AliasName": "name", "AliasArn": "arn"},
    "aws_kms_key": {"": "key_id", "KeyId": "key_id", "Arn": "arn"},
    "aws_lambda_function": {"": "function_name", "Arn": "arn"},
    "aws_lb": {"": "arn", "LoadBalancerArn": "arn", "DNSName": "dns_name"},
    "aws_elb": {"": "name", "DNSName": "dns_name"},
    "aws_route_table": {"": "id", "RouteTableId": "id"},
    "aws_s3_access_point": {"": "name", "Name": "name", "Arn": "arn", "Alias": "alias"},
    "aws_s3control_multi_region_access_point": {"": "id", "Alias": "alias"},
    "aws_s3control_object_lambda_access_point": {"": "name", "Arn": "arn", "Alias.Value": "alias"},
    "aws_s3files_file_system": {"": "id", "FileSystemId": "id", "FileSystemArn": "arn"},
    "aws_security_group": {"": "id", "GroupId": "id"},
    "aws_s3tables_table": {"": "arn", "TableARN": "arn", "TableName": "name"},
    "aws_s3tables_table_bucket": {"": "arn", "TableBucketARN": "arn"},
    "aws_s3vectors_index": {"": "index_arn", "IndexArn": "index_arn"},
    "aws_s3vectors_vector_bucket": {"": "vector_bucket_arn", "VectorBucketArn": "vector_bucket_arn"},
    "aws_sns_topic": {"": "arn", "TopicArn": "arn", "TopicName": "name"},
    "aws_sqs_queue": {"": "url", "QueueUrl": "url", "Arn": "arn", "QueueName": "name"},
    "aws_subnet": {"": "id", "SubnetId": "id"},
    "aws_vpc": {"": "id", "VpcId": "id"},
    "aws_vpc_endpoint": {"": "id", "Id": "id"},
}
"""What `Ref` ("") and `Fn::GetAtt` of CloudFormation are called in Terraform, by type."""


class UnexpressedError(Exception):
    """Terraform, or one of its forms, has no way to say this."""


def slug(name: str) -> str:
    """A name as Terraform's authors write it: `OrdersPolicy` is `orders_policy`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    made = re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")
    return made if made[:1].isalpha() else f"x{made}"


class Names:
    """What each resource of an estate is called; chance decides between ways to refer to it."""

    def __init__(self, estate: Estate, types: Callable[[Resource], str], chance: random.Random) -> None:
        self.estate = estate
        self.chance = chance
        self.addresses: dict[str, str] = {}
        """Of the estate -> of Terraform, with the index of what is counted."""
        self.origins: dict[Opaque, Opaque] = {}
        """What the opaque parts are known by in Terraform."""
        self.sources: dict[str, Block] = {}
        """The data sources that are referred to."""
        self._blocks: dict[str, tuple[str, bool]] = {}
        self._titles: dict[str, Resource] = {}
        self._given: dict[str, Bucket] = {}
        """Buckets that are surely there, by the name that they were given."""
        taken: set[str] = set()
        for resource in estate.resources:
            base = f"{types(resource)}.{slug(resource.title or resource.address)}"
            name = next(n for n in (base, *(f"{base}_{i}" for i in range(2, 99))) if n not in taken)
            taken.add(name)
            self._enter(resource, name)

    def _enter(self, resource: Resource, name: str) -> None:
        counted = isinstance(resource.exists, Unknown)
        address = f"{name}[0]" if counted else name
        self._blocks[resource.address] = (name, counted)
        self._titles.setdefault(resource.title, resource)
        self.addresses[resource.address] = address
        for part in own_parts(resource):
            self.origins[part] = Opaque(f"{address}.id", address)
        match resource:
            case Bucket(type="general", name=Known(Text(literal=str() as given))) if (
                given and not counted and not is_elsewhere(resource)
            ):
                self._given[given] = resource
            case _:
                pass

    def label(self, resource: Resource) -> str:
        """The second label of its block."""
        return self._blocks[resource.address][0].partition(".")[2]

    def reference(self, resource: Resource, attribute: str) -> Reference:
        address, counted = self._blocks[resource.address]
        return Reference(address, attribute, counted)

    def _data(self, kind: str, attribute: str) -> Reference:
        """An attribute of a data source that takes no arguments."""
        self.sources.setdefault(kind, Block(kind, "current", {}, is_data=True))
        return Reference(f"data.{kind}.current", attribute)

    def said(self, value: Text, *, is_own_name: bool = False) -> Argument:
        """A text, as it is or in pieces; what names a resource can't refer to that name."""
        whole = self._whole_names(value.parts)
        parts = list(whole) if is_own_name else self._folded(whole)
        if all(isinstance(part, str) for part in parts):
            return "".join(str(part) for part in parts)
        pieces = tuple(part if isinstance(part, str) else self._piece(part) for part in parts)
        return pieces[0] if len(pieces) == 1 and not isinstance(pieces[0], str) else Joined(pieces)

    def _whole_names(self, parts: tuple[Part, ...]) -> list[Part]:
        """With names that are made up as one piece, and not behind their prefix."""
        found: list[Part] = []
        for part in parts:
            owner = self._owner(part)[0] if isinstance(part, Opaque) and part.resource else None
            match getattr(owner, "name", None):
                case Known(Text(parts=(str() as prefix, last))) if last == part and found:
                    found[-1] = str(found[-1]).removesuffix(prefix)
                case _:
                    pass
            found.append(part)
        return found

    def _piece(self, part: "Opaque | Piece") -> Piece:
        if not isinstance(part, Opaque):
            return part
        if part.other_than:
            raise UnexpressedError("a variable of which only some values are known that it has not")
        if part.origin in _PSEUDO:
            kind, attributes = _PSEUDO[part.origin]
            self.origins[part] = part
            return self._data(kind, self.chance.choice(attributes))
        owner, attribute = self._owner(part)
        if owner is not None:
            return self._attribute_of(owner, attribute, part)
        if part.resource:
            foreign = Reference(f"aws_cloudwatch_log_group.{slug(part.resource)}", _identity(attribute))
            self.origins[part] = Opaque(f"{foreign.address}.{foreign.attribute}", foreign.address)
            return foreign
        if part not in self.origins:
            name = self._free(slug(part.origin))
            origin = f"var.{name}" if part.given else f"random_password.{name}.result"
            self.origins[part] = Opaque(origin, given=part.given)
        name = self.origins[part].origin.split(".")[1]
        return Variable(name) if part.given else Outside(name)

    def _owner(self, part: Opaque) -> tuple[Resource | None, str]:
        """The resource that it is an attribute of, and which attribute that is."""
        title, _, attribute = part.origin.partition(".")
        if part.resource:
            found = next((r for r in self.estate.resources if r.address == part.resource), None)
            return found, attribute
        return (self._titles.get(title) if attribute else None), attribute

    def _attribute_of(self, owner: Resource, attribute: str, part: Opaque) -> Reference:
        address, _ = self._blocks[owner.address]
        origin = self.addresses[owner.address]
        if isinstance(owner, Bucket) and attribute == "WebsiteURL":
            self.origins[part] = Opaque(f"{origin}.website_endpoint")
            return self.reference(owner, "website_endpoint")
        if isinstance(owner, Bucket) and not attribute:
            self.origins[part] = Opaque(f"{origin}.id", origin)
            return self.reference(owner, self._name_of(owner))
        known = ATTRIBUTES.get(address.partition(".")[0], {}).get(attribute)
        if known is None:
            raise UnexpressedError(f"what {attribute or 'Ref'} of {address} is called in Terraform")
        self.origins[part] = Opaque(f"{origin}.{known}", origin)
        return self.reference(owner, known)

    def _name_of(self, bucket: Bucket) -> str:
        return "bucket" if bucket.type == "directory" else self.chance.choice(("id", "bucket"))

    def _free(self, name: str) -> str:
        taken = {origin.origin.split(".")[1] for origin in self.origins.values() if "." in origin.origin}
        return next(n for n in (name, *(f"{name}_{i}" for i in range(2, 99))) if n not in taken)

    def _folded(self, parts: list[Part]) -> "list[Part | Piece]":
        """The ARN or a domain of a bucket as one attribute of it, where that is what the pieces make."""
        found: list[Part | Piece] = []
        rest = list(parts)
        while rest:
            folded = self._fold(rest) or self._fold_identity(rest) or self._fold_name(rest)
            if folded is None:
                found.append(rest.pop(0))
            else:
                before, piece, rest = folded
                found += [before, piece]
        return [part for part in found if part != ""]

    def _fold_identity(self, parts: list[Part]) -> tuple[str, Piece, list[Part]] | None:
        """The path of an origin access identity."""
        match parts:
            case [str() as head, Opaque() as part, *rest] if head == "origin-access-identity/cloudfront/":
                owner, _ = self._owner(part)
                if isinstance(owner, OriginAccessIdentity) and self.chance.random() < 0.5:
                    self._piece(part)
                    return "", self.reference(owner, "cloudfront_access_identity_path"), rest
        return None

    def _fold_name(self, parts: list[Part]) -> tuple[str, Piece, list[Part]] | None:
        """The name that a bucket was given, or its ARN, as an attribute of it."""
        match parts:
            case [str() as name] if name in self._given and self.chance.random() < 0.5:
                return "", self.reference(self._given[name], self.chance.choice(("id", "bucket"))), []
            case [str() as head, Opaque(origin="AWS::Partition"), str() as tail, *rest] if (
                head.endswith("arn:") and tail.startswith(":s3:::") and self.chance.random() < 0.5
            ):
                name, slash, path = tail.removeprefix(":s3:::").partition("/")
                if name in self._given and (slash or not rest):
                    arn = self.reference(self._given[name], "arn")
                    return head.removesuffix("arn:"), arn, list(text(slash + path, *rest).parts)
        return None

    def _fold(self, parts: list[Part]) -> tuple[str, Piece, list[Part]] | None:
        """What stands before it, the attribute, and what is left."""
        for attribute, form in _FORMS:
            place = next((i for i, one in enumerate(form) if one == "name"), 0)
            name = parts[place] if len(parts) > place else ""
            if not isinstance(name, Opaque):
                continue
            owner, what = self._owner(name)
            if not (isinstance(owner, Bucket) and owner.type == "general" and not what and name.resource):
                continue
            split = _matched(parts, form)
            # The endpoint of a website can be told by its attribute only.
            if split is not None and (attribute == "website_endpoint" or self.chance.random() < 0.7):
                for part in parts[: len(form)]:
                    if isinstance(part, Opaque):
                        self._piece(part)
                return split[0], self.reference(owner, attribute), split[1]
        return None


_FORMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("website_endpoint", ("name", "=.s3-website", ".WebsiteURL")),
    ("arn", ("=arn:", "AWS::Partition", "=:s3:::", "name")),
    ("bucket_regional_domain_name", ("name", "=.s3.", "AWS::Region", "=.", "AWS::URLSuffix")),
    ("bucket_domain_name", ("name", "=.s3.", "AWS::URLSuffix")),
)


def _matched(parts: list[Part], form: tuple[str, ...]) -> tuple[str, list[Part]] | None:
    """What stands before and after these pieces, if the parts begin with them."""
    before, after = "", list(parts[len(form) :])
    for place, wanted in enumerate(form):
        part = parts[place] if place < len(parts) else ""
        if isinstance(part, Opaque):
            if wanted not in ("name", part.origin) and not part.origin.endswith(wanted):
                return None
            continue
        if not wanted.startswith("="):
            return None
        literal = wanted[1:]
        if place == 0 and part.endswith(literal):
            before = part[: -len(literal)]
        elif part != literal:
            return None
    return before, list(text(*after).parts)


def own_parts(resource: Resource) -> list[Opaque]:
    """The parts of its name that only AWS will know."""
    match getattr(resource, "name", None):
        case Known(Text() as name):
            return [part for part in name.opaque if part.resource == resource.address]
        case _:
            return []


def _identity(attribute: str) -> str:
    return "arn" if attribute.lower().endswith("arn") else "name" if attribute else "id"


def is_elsewhere(bucket: Bucket) -> bool:
    """Whether only what is attached to it is declared."""
    match bucket.removal.force_destroy:
        case Unknown(why):
            return why == ELSEWHERE
        case _:
            return False
