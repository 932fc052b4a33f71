"""What every kind of resource needs to be written for Terraform: names, references, and settings as arguments."""

import random
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from s3audit.collectors.documents.fill import NOT_WRITTEN
from s3audit.model.base import Resource, Section, Tag
from s3audit.model.bucket import Bucket
from s3audit.model.distribution import OriginAccessIdentity
from s3audit.model.document import Array, Leaf, Object, Value
from s3audit.model.estate import Estate
from s3audit.setting import NOT_COLLECTED, Known, Listed, Setting, Unknown, Unset
from s3audit.text import Opaque, Part, Text, text
from tests.terraform.emit.form import (
    Argument,
    Arguments,
    Block,
    Blocks,
    Document,
    Joined,
    Kind,
    Outside,
    Piece,
    Reference,
    Untold,
    Variable,
)

T = TypeVar("T")

ELSEWHERE = "the bucket is declared elsewhere"
_SILENT = frozenset({NOT_COLLECTED.why, NOT_WRITTEN, ELSEWHERE})
"""Why something is unknown that nobody wrote."""

_PSEUDO = {
    "AWS::AccountId": ("aws_caller_identity", ("account_id",)),
    "AWS::Partition": ("aws_partition", ("partition",)),
    "AWS::Region": ("aws_region", ("name", "region", "id")),
    "AWS::URLSuffix": ("aws_partition", ("dns_suffix",)),
}

ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "aws_cloudfront_distribution": {"": "id", "Id": "id", "DomainName": "domain_name"},
    "aws_cloudfront_origin_access_control": {"": "id", "Id": "id"},
    "aws_cloudfront_origin_access_identity": {
        "": "id",
        "Id": "id",
        "S3CanonicalUserId": "s3_canonical_user_id",
    },
    "aws_iam_group": {"": "id", "Arn": "arn"},
    "aws_iam_policy": {"": "arn", "PolicyArn": "arn"},
    "aws_iam_role": {"": "id", "Arn": "arn", "RoleId": "unique_id"},
    "aws_iam_user": {"": "id", "Arn": "arn"},
    "aws_kms_alias": {"": "name", "AliasName": "name", "AliasArn": "arn"},
    "aws_kms_key": {"": "key_id", "KeyId": "key_id", "Arn": "arn"},
    "aws_lambda_function": {"": "function_name", "Arn": "arn"},
    "aws_lb": {"": "arn", "LoadBalancerArn": "arn", "DNSName": "dns_name"},
    "aws_elb": {"": "name", "DNSName": "dns_name"},
    "aws_s3_access_point": {"": "name", "Name": "name", "Arn": "arn", "Alias": "alias"},
    "aws_s3control_multi_region_access_point": {"": "id", "Alias": "alias"},
    "aws_s3control_object_lambda_access_point": {"": "name", "Arn": "arn", "Alias.Value": "alias"},
    "aws_sns_topic": {"": "arn", "TopicArn": "arn", "TopicName": "name"},
    "aws_sqs_queue": {"": "url", "QueueUrl": "url", "Arn": "arn", "QueueName": "name"},
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


class Writer:
    """Collects the blocks that say what an estate holds; chance decides between ways to say the same."""

    def __init__(
        self,
        estate: Estate,
        types: Callable[[Resource], str],
        chance: random.Random,
        *,
        is_counting: bool = True,
    ) -> None:
        self.estate = estate
        self.chance = chance
        self.is_counting = is_counting
        """Whether a resource may be one of which it is not told whether it is there."""
        self.blocks: list[Block] = []
        self.addresses: dict[str, str] = {}
        """Of the estate -> of Terraform, with the index of what is counted."""
        self.counted = False
        """Whether what is written just now may not be there."""
        self._names: dict[str, tuple[str, bool]] = {}
        self._titles: dict[str, Resource] = {}
        self.origins: dict[Opaque, Opaque] = {}
        """What the opaque parts are known by in Terraform."""
        self._named: dict[str, Bucket] = {}
        """General purpose buckets that are surely there, by the name that they were given."""
        taken: set[str] = set()
        for resource in estate.resources:
            base = name = f"{types(resource)}.{slug(resource.title or resource.address)}"
            number = 1
            while name in taken:
                number += 1
                name = f"{base}_{number}"
            taken.add(name)
            counted = isinstance(resource.exists, Unknown)
            self._names[resource.address] = (name, counted)
            self._titles.setdefault(resource.title, resource)
            address = self.addresses[resource.address] = f"{name}[0]" if counted else name
            if isinstance(resource, Bucket) and resource.type == "general" and not counted:
                literal = resource.name.value.literal if isinstance(resource.name, Known) else None
                if literal and isinstance(resource.tags, Known | Unset):
                    self._named[literal] = resource
            for part in _own_parts(resource):
                self.origins[part] = Opaque(f"{address}.id", address)

    def block(self, kind: str, name: str, arguments: Arguments) -> Block:
        """Write a resource."""
        taken = {block.name for block in self.blocks if block.type == kind}
        label = next(n for n in (name, *(f"{name}_{i}" for i in range(2, 99))) if n not in taken)
        made = Block(kind, label, {k: v for k, v in arguments.items() if v is not None}, self.counted)
        self.blocks.append(made)
        return made

    def name(self, resource: Resource) -> str:
        """The second label of its block."""
        return self._names[resource.address][0].partition(".")[2]

    def own_name(self, resource: Resource, *, demanded: bool = True) -> Argument:
        """What it is named; where CloudFormation makes that up, the label of its block if Terraform demands a name."""
        if _own_parts(resource):
            return self.name(resource) if demanded else None
        named, self._named = self._named, {}
        try:
            return self.text(getattr(resource, "name", NOT_COLLECTED))
        finally:
            self._named = named

    def reference(self, resource: Resource, attribute: str) -> Reference:
        address, counted = self._names[resource.address]
        return Reference(address, attribute, counted)

    def data(self, kind: str, attribute: str) -> Reference:
        """An attribute of a data source that takes no arguments."""
        if not any(block.is_data and block.type == kind for block in self.blocks):
            self.blocks.append(Block(kind, "current", {}, is_data=True))
        return Reference(f"data.{kind}.current", attribute)

    # Settings

    def text(self, setting: Setting[Text] | Setting[Text | None]) -> Argument:
        def read(value: Text | None) -> Argument:
            return None if value is None else self.said(value)

        return self._told(setting, "text", read)

    def word(self, setting: Setting[str] | Setting[str | None]) -> Argument:
        def read(value: str | None) -> Argument:
            return value

        return self._told(setting, "word", read)

    def flag(self, setting: Setting[bool]) -> Argument:
        return self._told(setting, "flag", lambda value: value)

    def number(self, setting: Setting[int] | Setting[int | None]) -> Argument:
        def read(value: int | None) -> Argument:
            return value

        return self._told(setting, "number", read)

    def texts(self, listed: Listed[Text]) -> Argument:
        return self._told(listed, "list", lambda items: [self.text(item) for item in items])

    def words(self, listed: Listed[str]) -> Argument:
        return self._told(listed, "list", lambda items: [self.word(item) for item in items])

    def tags(self, listed: Listed[Tag]) -> Argument:
        return self._told(listed, "list", self._map)

    def document(self, setting: Setting[Value | None]) -> Argument:
        def read(value: Value | None) -> Argument:
            if value is None or isinstance(value, Unknown):
                return None if value is None else Untold("document")
            return Document(self.node(value))

        return self._told(setting, "document", read)

    def blocks_of(self, listed: Listed[T], read: Callable[[T], Arguments]) -> Blocks | Untold | None:
        """A nested block for each element."""

        def element(item: Setting[T]) -> Arguments | Untold:
            match item:
                case Known(value) | Unset(value):
                    return {k: v for k, v in read(value).items() if v is not None}
                case Unknown():
                    return Untold("blocks")

        match listed:
            case Known(items) if items:
                return Blocks(tuple(map(element, items)))
            case Unknown(why) if why not in _SILENT:
                return Untold("blocks")
            case _:
                return None

    def each(self, listed: Listed[T]) -> list[T]:
        """The elements, for a resource each; there is no resource for what is not told."""
        match listed:
            case Unknown(why) if why not in _SILENT:
                raise UnexpressedError("a list of unknown length, whose elements are resources of their own")
            case Known(items):
                if any(isinstance(item, Unknown) for item in items):
                    raise UnexpressedError("an unknown element, which is a resource of its own")
                return [item.value for item in items if isinstance(item, Known)]
            case _:
                return []

    def _told(self, setting: Setting[Any], kind: Kind, read: Callable[[Any], Argument]) -> Argument:
        match setting:
            case Known(value):
                return read(value)
            case Unknown(why) if why not in _SILENT:
                return Untold(kind)
            case _:
                return None

    def _map(self, tags: Iterable[Setting[Tag]]) -> Argument:
        found: dict[str, Argument] = {}
        for tag in tags:
            match tag:
                case Known(Tag(key=Known(key), value=value)) | Unset(Tag(key=Known(key), value=value)) if (
                    key.literal is not None
                ):
                    found[key.literal] = self.text(value)
                case _:
                    return Untold("list")
        return found

    def node(self, value: Value) -> Argument:
        """A part of a policy."""
        match value:
            case Leaf(value=leaf):
                return self.said(leaf) if isinstance(leaf, Text) else leaf
            case Array(items=items):
                return [self.node(item) for item in items]
            case Object(members=members):
                return {member.name: self.node(member.value) for member in members}
            case Unknown():
                return Untold("text")

    # Texts

    def said(self, value: Text) -> Argument:
        """A text, as it is or in pieces."""
        parts = self._folded(self._whole_names(value.parts))
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
            return self.data(kind, self.chance.choice(attributes))
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
        address, _ = self._names[owner.address]
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
            case [str() as name] if name in self._named and self.chance.random() < 0.5:
                return "", self.reference(self._named[name], self.chance.choice(("id", "bucket"))), []
            case [str() as head, Opaque(origin="AWS::Partition"), str() as tail, *rest] if (
                head.endswith("arn:") and tail.startswith(":s3:::") and self.chance.random() < 0.5
            ):
                name, slash, path = tail.removeprefix(":s3:::").partition("/")
                if name in self._named and (slash or not rest):
                    arn = self.reference(self._named[name], "arn")
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


def _own_parts(resource: Resource) -> list[Opaque]:
    """The parts of its name that only AWS will know."""
    match getattr(resource, "name", None):
        case Known(Text() as name):
            return [part for part in name.opaque if part.resource == resource.address]
        case _:
            return []


def _identity(attribute: str) -> str:
    return "arn" if attribute.lower().endswith("arn") else "name" if attribute else "id"


def is_written(section: Section) -> bool:
    """Whether anything of a section is written, or can't be told."""
    for name in section.__struct_fields__:
        value = getattr(section, name)
        if isinstance(value, Known) or (isinstance(value, Unknown) and value.why not in _SILENT):
            return True
        if isinstance(value, Section) and is_written(value):
            return True
    return False
