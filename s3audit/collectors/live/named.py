"""The second stage: what others refer to and no listing has shown, each of it read once.

Keys, topics, queues and functions are named by their ARNs and read in the regions of these; roles and managed
policies by their ARNs, and buckets by their names, have no region.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.context.identity import read_managed_policy, read_role
from s3audit.collectors.live.context.keys import read_key
from s3audit.collectors.live.context.targets import read_bucket, read_function, read_queue, read_topic
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.reading import Read
from s3audit.model.base import Resource, Section
from s3audit.model.bucket import Bucket
from s3audit.model.dns import DnsRecord
from s3audit.model.document import Array, Leaf, Object, Value
from s3audit.model.identity import Role
from s3audit.model.names import bucket_in_domain
from s3audit.model.replication import ReplicationDestination
from s3audit.setting import Known, Unset
from s3audit.text import Text

Name = tuple[str, str]
"""Of which kind it is, and how it is named: `("role", "arn:aws:iam::123456789012:role/copy")`."""

MOST_AT_ONCE = 8
_NEEDED_FOR = {
    "kms-key": "keys",
    "role": "roles",
    "managed-policy": "roles",
    "topic": "notification targets",
    "queue": "notification targets",
    "function": "notification targets",
    "bucket": "buckets",
}
_TARGETS = {"sns": "topic", "sqs": "queue", "lambda": "function"}
_BUCKET_FIELDS = frozenset(
    {
        "access_log_bucket",
        "bucket",
        "connection_log_bucket",
        "domain_name",
        "manifest_bucket",
        "report_bucket",
    }
)
_FIELDS = _BUCKET_FIELDS | {
    "actions",
    "attached_policies",
    "domain_name",
    "function",
    "kms_key",
    "log_role",
    "notification_topic",
    "permissions_boundary",
    "role",
    "target",
    "topic",
}
_BUCKET_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]")
# What stands where a bucket may stand, and is none.
_NO_BUCKET = ("-s3alias", "--ol-s3", "--op-s3", "--x-s3", ".mrap")
_ROLE_NAME = re.compile(r"[\w+=,.@/-]+")


def references(
    resources: Iterable[Resource], place: Place, needs: Collection[str], known: Collection[str] = ()
) -> frozenset[Name]:
    """What the resources of an account refer to, of the kinds that are needed; without the buckets that are known."""
    found: set[Name] = set()
    for resource in resources:
        for field, text, within in _texts(resource):
            found.update(_named(field, text, within, resource, place))
        if isinstance(resource, Bucket):
            found.update(_roles_in(resource, place))
        if isinstance(resource, DnsRecord) and isinstance(resource.name, Known):
            # S3 serves the bucket that is called as the browser calls the host.
            found.update(_bucket(str(resource.name.value), []))
    return frozenset(
        (kind, name)
        for kind, name in found
        if _NEEDED_FOR[kind] in needs and not (kind == "bucket" and name in known)
    )


def by_region(names: Iterable[Name]) -> dict[str, tuple[Name, ...]]:
    """The names that are read together, in their order; under "" those that have no region."""
    found: dict[str, list[Name]] = {}
    for kind, name in sorted(names):
        region = "" if kind == "bucket" else name.split(":")[3]
        found.setdefault(region, []).append((kind, name))
    return {region: tuple(found[region]) for region in sorted(found)}


def read_named(asker: Asker, place: Place, region: str, names: Sequence[Name]) -> Read:
    """Each of these, by kind and name, and what has to be known of what they refer to in turn."""
    found: dict[str, Resource] = {}
    read: set[Name] = set()
    todo = sorted(set(names))
    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        while todo:
            made = list(pool.map(lambda name: _READERS[name[0]](asker, place, region, name[1]), todo))
            read.update(todo)
            fresh = [one for those in made for one in those if one.address not in found]
            found.update((one.address, one) for one in fresh)
            in_turn = references(fresh, place, ("roles", "keys"))
            todo = sorted(
                name
                for name in by_region(in_turn).get(region, ())
                if name not in read and name[0] in ("managed-policy", "kms-key")
            )
    return Read(tuple(found[address] for address in sorted(found)))


_READERS: Mapping[str, Callable[[Asker, Place, str, str], tuple[Resource, ...]]] = {
    "kms-key": read_key,
    "role": lambda asker, place, _, arn: (read_role(asker, place, arn),),
    "managed-policy": lambda asker, place, _, arn: (read_managed_policy(asker, place, arn),),
    "topic": lambda *about: (read_topic(*about),),
    "queue": lambda *about: (read_queue(*about),),
    "function": lambda *about: (read_function(*about),),
    "bucket": lambda asker, place, _, name: (read_bucket(asker, place, name),),
}


def _texts(section: Section | Resource) -> Iterator[tuple[str, str, Section | Resource]]:
    """Every text that may name something, with its field and the section that it stands in."""
    for field in section.__struct_fields__:
        yield from _in(field, getattr(section, field), section)


def _in(
    field: str, value: object, within: Section | Resource
) -> Iterator[tuple[str, str, Section | Resource]]:
    match value:
        case Known(value=found) | Unset(default=found):
            yield from _in(field, found, within)
        case Text():
            if field in _FIELDS and (literal := value.literal):
                yield field, literal, within
        case Section():
            yield from _texts(value)
        case tuple():
            for one in value:
                yield from _in(field, one, within)
        case _:
            return


def _named(
    field: str, text: str, within: Section | Resource, resource: Resource, place: Place
) -> Iterator[Name]:
    arn = text.split(":", 5) if text.startswith("arn:") else []
    if arn and (len(arn) < 6 or "*" in text):
        return
    if field == "kms_key":
        yield from _key(text, arn, within, resource, place)
    elif field in ("attached_policies", "permissions_boundary"):
        if isinstance(resource, Role) and arn:
            yield "managed-policy", text
    elif field in ("role", "log_role"):
        if arn and _is_own_role(text, place):
            yield "role", text
    elif field == "domain_name":
        # An origin may be any host.
        yield from _bucket(text, []) if _is_aws(text) else ()
    elif arn and arn[2] in _TARGETS:
        yield from _target(arn, text)
    elif field in _BUCKET_FIELDS or (field == "target" and not arn):
        yield from _bucket(text, arn)


def _key(
    text: str, arn: list[str], within: Section | Resource, resource: Resource, place: Place
) -> Iterator[Name]:
    """A key by its ARN; one that is named otherwise is in the account and region of what names it."""
    if not arn and not isinstance(within, ReplicationDestination):
        match resource.region:
            case Known(Text() as region) if region.literal and place.account:
                path = text if text.startswith("alias/") else f"key/{text}"
                text = f"arn:{place.partition}:kms:{region}:{place.account}:{path}"
            case _:
                return
    # Those are the keys that AWS manages: their names say all that there is to say.
    if text.startswith("arn:") and ":alias/aws/" not in text and text.split(":")[2] == "kms":
        yield "kms-key", text


def _target(arn: list[str], text: str) -> Iterator[Name]:
    kind = _TARGETS[arn[2]]
    # Beside functions there are layers; below topics there are subscriptions.
    if arn[5].startswith("function:") if kind == "function" else ":" not in arn[5] and "/" not in arn[5]:
        yield kind, text


def _bucket(text: str, arn: list[str]) -> Iterator[Name]:
    if arn:
        # That of an access point has a region and an account.
        name = "" if arn[3] or arn[4] else arn[5].split("/", 1)[0]
    elif _is_aws(text):
        found = bucket_in_domain(Text((text,)))
        name = "" if found is None else found.literal or ""
    else:
        name = text
    if _BUCKET_NAME.fullmatch(name) and not name.endswith(_NO_BUCKET):
        yield "bucket", name


def _is_aws(domain: str) -> bool:
    return domain.endswith((".amazonaws.com", ".amazonaws.com.cn"))


def _roles_in(bucket: Bucket, place: Place) -> Iterator[Name]:
    """The roles of the account that the policy of a bucket speaks of."""
    if isinstance(bucket.policy, Known) and bucket.policy.value is not None:
        for text in _leaves(bucket.policy.value):
            if _is_own_role(text, place):
                yield "role", text


def _leaves(value: Value) -> Iterator[str]:
    match value:
        case Leaf(Text() as text):
            yield text.literal or ""
        case Array(items):
            for item in items:
                yield from _leaves(item)
        case Object(members):
            for member in members:
                yield from _leaves(member.value)
        case _:
            return


def _is_own_role(text: str, place: Place) -> bool:
    """Whether it is the ARN of one role of the account: the roles of another one can't be read from here."""
    prefix = f"arn:{place.partition}:iam::{place.account}:role/"
    return text.startswith(prefix) and _ROLE_NAME.fullmatch(text, len(prefix)) is not None
