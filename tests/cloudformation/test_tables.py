"""The tables fit the model on one side and CloudFormation's own resource schemas on the other."""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from s3audit.collectors.cloudformation import tables
from s3audit.collectors.cloudformation.tables import TYPES, shape_for
from s3audit.collectors.documents.attachments import Attachment
from s3audit.collectors.documents.fill import Filler
from s3audit.collectors.documents.reader import read
from s3audit.collectors.documents.resolved import Resolved
from s3audit.collectors.documents.shape import Field, Shape
from s3audit.collectors.documents.spots import Spot
from s3audit.collectors.documents.tree import Node
from s3audit.defaults import default_of
from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.model.document import Value
from s3audit.model.kinds import KINDS
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Text

ALL_TYPES = sorted(TYPES)
CUSTOM = "Custom::"
"""Has no schema: whoever answers it says what it takes."""
S3_TYPES = sorted(
    name for name in PROVIDER_SCHEMA_MANAGER.get_resource_types("us-east-1") if name.startswith("AWS::S3")
)

PICKED_BY = "picks the element"
NO_SETTING = "says how to deploy, sets nothing"
NOT_JUDGED = "nothing is judged by it"

# Properties that no table reads, and why.
EXCLUDED: dict[str, dict[str, str]] = {
    "AWS::S3::Bucket": {
        "LoggingConfiguration.TargetObjectKeyFormat.SimplePrefix": "the only other choice",
    },
    "AWS::S3::StorageLens": {
        f"StorageLensConfiguration.{path}": NOT_JUDGED
        for path in (
            "AccountLevel",
            "DataExport.S3BucketDestination.OutputSchemaVersion",
            "DataExport.StorageLensTableDestination.Encryption",
            "ExpandedPrefixesDataExport.S3BucketDestination.OutputSchemaVersion",
            "ExpandedPrefixesDataExport.StorageLensTableDestination",
            "PrefixDelimiter",
        )
    },
    "AWS::S3::StorageLensGroup": {"Filter": NOT_JUDGED},
    "AWS::S3Express::AccessPoint": {
        "PublicAccessBlockConfiguration": "always on for directory buckets, whatever is written",
    },
    "AWS::S3Express::DirectoryBucket": {
        "BucketEncryption.ServerSideEncryptionConfiguration.BucketKeyEnabled": (
            "always on for directory buckets, whatever is written"
        ),
    },
    "AWS::S3Files::AccessPoint": {
        "ClientToken": NO_SETTING,
        "PosixUser.SecondaryGids": NOT_JUDGED,
        "RootDirectory.CreationPermissions": NOT_JUDGED,
    },
    "AWS::S3Files::FileSystem": {
        "AcceptBucketWarning": NO_SETTING,
        "ClientToken": NO_SETTING,
        "SynchronizationConfiguration": NOT_JUDGED,
    },
    "AWS::S3Files::MountTarget": {
        "IpAddressType": NOT_JUDGED,
        "Ipv4Address": NOT_JUDGED,
        "Ipv6Address": NOT_JUDGED,
    },
    "AWS::S3Outposts::Endpoint": {"FailedReason": "an answer, not a setting"},
    "AWS::S3Tables::Table": {"IcebergMetadata": "the columns of the data", "WithoutMetadata": NO_SETTING},
}


class Step(NamedTuple):
    key: str
    picked_by: str = ""
    """The key by whose value an element of the list is picked."""


class Reading(NamedTuple):
    """One alternative of one field's path."""

    field: Field
    steps: tuple[Step, ...]


def readings(field: Field) -> list[Reading]:
    return [Reading(field, _steps(path.removesuffix("#present"))) for path in field.path.split("|")]


def _steps(path: str) -> tuple[Step, ...]:
    pieces = re.split(r"\.(?![^\[]*\])", path) if path else []
    steps = []
    for piece in pieces:
        named = re.fullmatch(r"(\w+)(?:\[(?:0|(\w+)=([\w.]+))\])?", piece)
        assert named, f"{path} has a step that can't be read: {piece}"
        steps.append(Step(named[1], named[2] or ""))
    return tuple(steps)


def test_every_family_says_what_it_holds() -> None:
    for family, names in tables._FAMILIES.items():
        assert set(import_module(f"{tables.__name__}.{family}").TABLES) == set(names), family


def test_every_s3_type_is_read() -> None:
    assert set(S3_TYPES) <= TYPES


VALUES = {"word": (str,), "text": (Text,), "flag": (bool,), "number": (int,), "document": get_args(Value)}


def _held(annotation: Any) -> tuple[str, tuple[Any, ...]]:
    """What a field of the model may hold: `setting`, `listed` or `section`, and the types of its value."""
    if not get_args(annotation):
        return "section", (annotation,)
    known = next(state for state in get_args(annotation) if get_origin(state) is Known)
    (value,) = get_args(known)
    if get_origin(value) is tuple:
        return "listed", get_args(value)[:1]
    return "setting", get_args(value) or (value,)


def _misfits(shape: Shape, where: str) -> Iterator[str]:
    hints = get_type_hints(shape.section)
    for name, constant in shape.constants.items():
        if hints.get(name) is not type(constant):
            yield f"{where}: the constant {name}"
    for name, field in shape.fields.items():
        at = f"{where}.{name}"
        if name not in hints:
            yield f"{at}: {shape.section.__name__} has no such field"
        elif hints[name] is not Any and not (issubclass(shape.section, Attachment) and name == "value"):
            yield from _misfit(shape, name, field, hints[name], at)
        elif isinstance(field.of, Shape):
            yield from _misfits(field.of, at)


def _misfit(shape: Shape, name: str, field: Field, annotation: Any, at: str) -> Iterator[str]:
    form, types = _held(annotation)
    match field.kind, field.of:
        case "absent", _:
            fits = default_of(shape.section, name, section_written=False) is not None
        case "always", _:
            fits = field.value == () if form == "listed" else type(field.value) in types
        case "section", Shape() as of:
            fits = (form, types) == ("section", (of.section,))
        case "optional", Shape() as of:
            fits = form == "setting" and set(types) == {of.section, type(None)}
        case "listed", Shape() as of:
            fits = form == "listed" and _held(types[0]) == ("setting", (of.section,))
        case "listed", Field() as of:
            fits = form == "listed" and _held(types[0]) == ("setting", VALUES[of.kind])
        case _:
            fits = form == "setting" and {*types, type(None)} == {*VALUES[field.kind], type(None)}
    if not fits or (field.words and field.kind != "word"):
        yield f"{at}: {field.kind}"
    if isinstance(field.of, Shape):
        yield from _misfits(field.of, at)


@pytest.mark.parametrize("name", ALL_TYPES)
def test_every_field_fits_the_model(name: str) -> None:
    shape = shape_for(name)
    assert shape
    assert list(_misfits(shape, name)) == []


@pytest.mark.parametrize("name", ALL_TYPES)
def test_every_attachment_names_a_field_of_a_kind(name: str) -> None:
    shape = shape_for(name)
    assert shape
    if issubclass(shape.section, Attachment):
        kind = KINDS[shape.constants["kind"]]
        form, types = _held(get_type_hints(kind)[shape.constants["field"]])
        of = shape.fields["value"].of
        value = {of.section} if isinstance(of, Shape) else set(VALUES[shape.fields["value"].kind])
        held = set(get_args(get_args(types[0])[0])) if form == "listed" else set(types) - {type(None)}
        assert (held or {get_args(types[0])}) == value


class Schema:
    """A resource type as CloudFormation describes it."""

    def __init__(self, type_name: str) -> None:
        self.root: dict[str, Any] = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_name).schema
        self.read_only = {
            pointer.removeprefix("/properties/").replace("/*", "").replace("/", ".")
            for pointer in self.root.get("readOnlyProperties", [])
        }

    def resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            node = self.root["definitions"][node["$ref"].rsplit("/", 1)[-1]]
        return node

    def element(self, node: dict[str, Any]) -> dict[str, Any]:
        """What a list holds, or the node itself when it is none."""
        node = self.resolved(node)
        while "items" in node:
            node = self.resolved(node["items"])
        return node

    def properties(self, node: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """The properties of an object or of the elements of a list, of all its variants together."""
        node = self.element(node)
        found = dict(node.get("properties", {}))
        for variants in ("oneOf", "anyOf", "allOf"):
            for variant in node.get(variants, []):
                found |= self.properties(variant)
        return found

    def leaves(self, node: dict[str, Any], path: str = "", seen: tuple[int, ...] = ()) -> Iterator[str]:
        """The path of everything that can be written and has no parts, in dots."""
        properties = self.properties(node)
        if not properties:
            yield path
        for name, below in properties.items():
            inner = f"{path}.{name}" if path else name
            if inner in self.read_only or id(self.element(below)) in seen:
                continue
            yield from self.leaves(below, inner, (*seen, id(self.element(below))))


def _astray(schema: Schema, shape: Shape, nodes: list[dict[str, Any]], where: str) -> Iterator[str]:
    """Paths of a shape that lead nowhere from any of the nodes that it reads."""
    for name, field in shape.fields.items():
        if field.kind in ("absent", "always"):
            continue
        below: list[dict[str, Any]] = []
        for reading in readings(field):
            found = _followed(schema, nodes, reading.steps)
            if not found:
                yield f"{where}.{name}: {field.path}"
            below += found
        if field.kind == "listed" and isinstance(field.of, Field):
            for reading in readings(field.of):
                if below and not _followed(schema, below, reading.steps):
                    yield f"{where}.{name}: {field.of.path}"
        elif isinstance(field.of, Shape):
            yield from _astray(schema, field.of, below, f"{where}.{name}")


def _followed(schema: Schema, nodes: list[dict[str, Any]], steps: tuple[Step, ...]) -> list[dict[str, Any]]:
    for step in steps:
        nodes = [found for node in nodes if (found := schema.properties(node).get(step.key)) is not None]
        if step.picked_by:
            nodes = [node for node in nodes if step.picked_by in schema.properties(node)]
    return nodes


@pytest.mark.parametrize("name", [name for name in ALL_TYPES if not name.startswith(CUSTOM)])
def test_every_path_leads_somewhere(name: str) -> None:
    schema, shape = Schema(name), shape_for(name)
    assert shape
    assert list(_astray(schema, shape, [schema.root], name)) == []


def _read(shape: Shape, above: tuple[str, ...] = ()) -> Iterator[str]:
    """What a shape reads, as dotted paths."""
    for field in shape.fields.values():
        if field.kind in ("absent", "always"):
            continue
        for reading in readings(field):
            path = (*above, *(step.key for step in reading.steps))
            for end, step in enumerate(reading.steps, len(above) + 1):
                if step.picked_by:
                    yield ".".join((*path[:end], step.picked_by))
            if isinstance(field.of, Shape):
                yield from _read(field.of, path)
            elif field.of is not None:
                for inner in readings(field.of):
                    yield ".".join((*path, *(step.key for step in inner.steps)))
            else:
                yield ".".join(path)


def _covers(read: str, leaf: str) -> bool:
    return leaf == read or leaf.startswith(f"{read}.")


@pytest.mark.parametrize("name", S3_TYPES)
def test_every_property_is_read_or_left_out_for_a_reason(name: str) -> None:
    schema, shape = Schema(name), shape_for(name)
    assert shape
    read, excluded = set(_read(shape)), EXCLUDED.get(name, {})
    leaves = set(schema.leaves(schema.root))
    unread = {leaf for leaf in leaves if not any(_covers(path, leaf) for path in read)}
    assert {leaf for leaf in unread if not any(_covers(path, leaf) for path in excluded)} == set()
    idle = {path for path in excluded if not any(_covers(path, leaf) for leaf in unread)}
    assert idle == set(), "these reasons excuse nothing"


def test_reasons_are_given_for_types_that_exist() -> None:
    assert set(EXCLUDED) <= set(S3_TYPES)


def test_words_are_those_of_the_schema() -> None:
    assert _words("AWS::S3::Bucket", "AccessControl") == set(
        _field("AWS::S3::Bucket", "acl.canned").words or ()
    )
    assert _words("AWS::S3Express::DirectoryBucket", "DataRedundancy") == set(
        _field("AWS::S3Express::DirectoryBucket", "location_type").words or ()
    )
    for path, words in {
        "Compaction.Status": "compaction.status",
        "SnapshotManagement.Status": "snapshots.status",
    }.items():
        assert _words("AWS::S3Tables::Table", path) == set(_field("AWS::S3Tables::Table", words).words or ())


def _words(type_name: str, path: str) -> set[str]:
    schema = Schema(type_name)
    (node,) = _followed(schema, [schema.root], _steps(path))
    return set(schema.resolved(node)["enum"])


def _field(type_name: str, path: str) -> Field:
    shape = shape_for(type_name)
    *sections, last = path.split(".")
    for name in sections:
        assert shape
        shape = shape.fields[name].of  # type: ignore[assignment]
    assert shape
    return shape.fields[last]


class AsWritten:
    """Resolves nothing: the properties of these tests are literal."""

    def resolve(self, node: Node) -> Resolved:
        return Resolved(node)


def filled(type_name: str, properties: str) -> Any:
    """A resource of a type, as its properties in YAML make it."""
    (document,), problems = read(properties.encode(), "template.yaml")
    shape = shape_for(type_name)
    assert shape
    assert document.root
    assert problems == []
    at = Location("template.yaml", "Resources.It")
    identity = {"address": "Resources.It"} if issubclass(shape.section, Resource) else {}
    return Filler("template.yaml", AsWritten()).section(shape, Spot(document.root, at), at, **identity)


def plain(setting: Any) -> Any:
    """What is known, or the default of what is not set; texts as strings."""
    match setting:
        case Known(value) | Unset(value):
            return plain(value)
        case tuple():
            return [plain(item) for item in setting]
        case Text():
            return setting.literal
        case _:
            return setting


def test_spellings_of_cloudformation_become_those_of_s3() -> None:
    bucket = filled("AWS::S3::Bucket", "AccessControl: PublicRead\nObjectLockEnabled: 'true'")
    assert plain(bucket.acl.canned) == "public-read"
    assert plain(bucket.object_lock.enabled) is True
    assert plain(bucket.versioning.mfa_delete) == "Disabled"


def test_older_properties_of_lifecycle_rules_say_the_same() -> None:
    older = "{NoncurrentVersionExpirationInDays: 9, Transition: {StorageClass: Glacier, TransitionInDays: 1}}"
    newer = (
        "{NoncurrentVersionExpiration: {NoncurrentDays: 9},"
        " Transitions: [{StorageClass: GLACIER, TransitionInDays: 1}]}"
    )
    for rule in (older, newer):
        bucket = filled("AWS::S3::Bucket", f"LifecycleConfiguration: {{Rules: [{rule}]}}")
        (only,) = plain(plain(bucket.lifecycle).rules)
        (transition,) = plain(only.transitions)
        assert plain(only.noncurrent_days) == 9
        assert (plain(transition.storage_class), plain(transition.days)) == ("GLACIER", 1)


def test_an_element_is_picked_by_its_key() -> None:
    bucket = filled(
        "AWS::S3::Bucket",
        "NotificationConfiguration: {TopicConfigurations: [{Topic: t, Event: 's3:ObjectCreated:*',"
        " Filter: {S3Key: {Rules: [{Name: Suffix, Value: .jpg}, {Name: prefix, Value: in/}]}}}]}",
    )
    (rule,) = plain(plain(bucket.notification).topics)
    assert (plain(rule.prefix), plain(rule.suffix), plain(rule.events)) == (
        "in/",
        ".jpg",
        ["s3:ObjectCreated:*"],
    )


def test_a_key_with_dots_picks_an_element() -> None:
    balancer = filled(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "LoadBalancerAttributes: [{Key: access_logs.s3.enabled, Value: 'true'},"
        " {Key: access_logs.s3.bucket, Value: logs}]",
    )
    assert plain(balancer.access_logs) is True
    assert plain(balancer.access_log_bucket) == "logs"


def test_a_value_is_taken_from_each_element() -> None:
    bucket = filled(
        "AWS::S3Tables::TableBucket",
        "ReplicationConfiguration: {Role: r, Rules: [{Destinations: [{DestinationTableBucketARN: a}]}]}",
    )
    assert plain(plain(bucket.replication).destinations) == ["a"]


def test_what_a_directory_bucket_always_is() -> None:
    bucket = filled("AWS::S3Express::DirectoryBucket", "DataRedundancy: SingleAvailabilityZone")
    assert bucket.type == "directory"
    assert bucket.public_access_block.block_public_acls == Known(True, bucket.at)
    assert plain(bucket.ownership.object_ownership) == "BucketOwnerEnforced"
    assert (plain(bucket.encryption.algorithm), plain(bucket.encryption.bucket_key)) == ("AES256", True)
    assert plain(bucket.location_type) == "AvailabilityZone"


def test_a_block_that_leaves_a_setting_out_turns_it_off() -> None:
    absent = filled("AWS::S3::Bucket", "BucketName: logs").public_access_block
    partial = filled(
        "AWS::S3::Bucket", "PublicAccessBlockConfiguration: {BlockPublicAcls: true}"
    ).public_access_block
    assert (plain(absent.ignore_public_acls), plain(partial.ignore_public_acls)) == (True, False)
    point = filled("AWS::S3::AccessPoint", "PublicAccessBlockConfiguration: {BlockPublicAcls: true}")
    assert isinstance(point.public_access_block.ignore_public_acls, Unknown)


def test_an_attachment_names_what_it_belongs_to() -> None:
    permission = filled("AWS::Lambda::Permission", "FunctionName: f\nPrincipal: s3.amazonaws.com")
    assert (permission.kind, permission.field, plain(permission.targets)) == (
        "function",
        "permissions",
        ["f"],
    )
    assert plain(plain(permission.value).principal) == "s3.amazonaws.com"
    policy = filled("AWS::SNS::TopicPolicy", "Topics: [a, b]\nPolicyDocument: {Statement: []}")
    assert (policy.kind, policy.field, plain(policy.targets)) == ("topic", "policy", ["a", "b"])


def test_a_distribution_of_the_legacy_form_has_an_origin() -> None:
    distribution = filled(
        "AWS::CloudFront::Distribution",
        "DistributionConfig: {S3Origin: {DNSName: b.s3.amazonaws.com, OriginAccessIdentity: x}}",
    )
    (origin,) = plain(distribution.origins)
    assert (plain(origin.domain_name), plain(origin.access_identity)) == ("b.s3.amazonaws.com", "x")
