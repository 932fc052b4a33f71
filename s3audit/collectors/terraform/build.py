"""Builds the estate of what a configuration, a plan or a state declares: each kind when it is asked for."""

import gc
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import chain, starmap
from typing import Any

import msgspec

from s3audit.collectors.documents import tree
from s3audit.collectors.documents.attach import IDENTITIES, Attached, attach
from s3audit.collectors.documents.attachments import Attachment
from s3audit.collectors.documents.fill import NOT_WRITTEN, Filler
from s3audit.collectors.documents.resolved import Partial, Undecided
from s3audit.collectors.documents.shape import Field, Shape
from s3audit.collectors.documents.spots import Absent, Gap, Spot
from s3audit.collectors.terraform.declared import Declared
from s3audit.collectors.terraform.gaps import Unseen, may_name, with_gaps
from s3audit.collectors.terraform.home import at_home
from s3audit.collectors.terraform.language.values import Named
from s3audit.collectors.terraform.references import made_up
from s3audit.collectors.terraform.tables import shapes_for
from s3audit.model.access_point import AccessPoint, AccessPointPublicAccessBlock
from s3audit.model.acl import Acl, Grant
from s3audit.model.base import Resource, Section, kind_of
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate, Group
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Opaque, Text
from s3audit.verdict import Status

ORIGIN = "terraform"
_BUCKET = "aws_s3_bucket"
_OF_BLOCKS = frozenset({"cors", "lifecycle"})
"""Configurations of a bucket that are there if any of their blocks is."""
_ACCOUNT = "account"
_AT_HOME = frozenset(
    {
        *("access-point", "multi-region-access-point", "object-lambda-access-point"),
        *(_ACCOUNT, "bucket", "event-data-store", "function", "kms-key", "storage-lens", "trail"),
    }
)
"""Kinds of which it matters in which Region and account they are."""


_LARGE = 200
"""Declarations of one kind, from which on it is worth to look for garbage."""


class _Group:
    """What is declared of one kind: the resources themselves, and what is attached to them from elsewhere."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.own: list[tuple[Declared, Shape]] = []
        self.attached: list[tuple[Declared, Shape]] = []

    def make(self, unseen: Sequence[Unseen] = ()) -> list[Resource]:
        own: list[Resource] = []
        parts: list[Attached] = []
        seen: set[str] = set()
        causes: dict[str, str] = {}
        for one, shape in self.own:
            own.append(_resource(one, shape))
            if one.type == _BUCKET:
                parts += _inline(one)
            if one.as_seen:
                seen.add(one.address)
            if one.cause:
                causes[one.address] = one.cause
        attached = chain(parts, starmap(_attached, self.attached))
        made = attach(self.kind, own, attached, ORIGIN, seen, causes, may_name(unseen))
        # What they were made of is needed no more, and of a plan with thousands of buckets it is large.
        self.own, self.attached = [], []
        return made


def estate_of(declared: Iterable[Declared], unseen: Sequence[Unseen] = ()) -> Estate:
    """The estate of these declarations, and of what else there may be."""
    groups: dict[str, _Group] = {}
    sources: dict[str, int] = {}
    for one in declared:
        for shape in shapes_for(one.type):
            is_own = issubclass(shape.section, Resource)
            sources[one.file] = sources.get(one.file, 0) + is_own
            for kind in _kinds(shape):
                group = groups.setdefault(kind, _Group(kind))
                (group.own if is_own else group.attached).append((one, shape))
    gaps: dict[str, Unknown] = {}
    made = {kind: Group(len(one.own), partial(_made, one, unseen, gaps)) for kind, one in groups.items()}
    return Estate(groups=made, sources=sources, gaps=gaps)


def _made(group: _Group, unseen: Sequence[Unseen], gaps: dict[str, Unknown]) -> list[Resource]:
    is_large = len(group.own) + len(group.attached) > _LARGE
    found = _found(group, unseen, gaps)
    if is_large:  # what they were made of goes round in circles, and the command switches the collector off
        gc.collect()
    return found


def _found(group: _Group, unseen: Sequence[Unseen], gaps: dict[str, Unknown]) -> list[Resource]:
    if group.kind not in _AT_HOME:
        return group.make()
    places = {one.address: (one.where, one.provider) for one, _ in group.own}
    made = [
        at_home(one, *places[one.address]) if one.address in places else one for one in group.make(unseen)
    ]
    return with_gaps(made, unseen, gaps) if unseen else made


def _kinds(shape: Shape) -> tuple[str, ...]:
    """The kinds of resource that a declaration makes or adds to."""
    if issubclass(shape.section, Resource):
        return (kind_of(shape.section),)
    kind = shape.constants.get("kind")
    return IDENTITIES if kind is None else (str(kind),)


def _filler(one: Declared) -> Filler:
    # The provider takes an empty text for an argument that is left out, and states are full of them.
    return Filler(one.at.source, one.resolver, blank_is_unset=True, only=one.only)


def _spot(one: Declared, why_there: str = "") -> Spot | Gap:
    known = one.resolver.resolve(one.node)
    resolved, via = known.node, known.via
    if isinstance(resolved, Undecided):
        return Gap(resolved.why, one.at)
    return Spot(resolved, one.at, via or why_there)


def _resource(one: Declared, shape: Shape) -> Resource:
    spot = _spot(one)
    filler = _filler(one)
    made: Resource = filler.section(
        shape, spot, one.at, address=one.address, origin=ORIGIN, exists=one.exists, title=one.address
    )
    if isinstance(made, Bucket):
        return msgspec.structs.replace(made, name=_bucket_name(made))
    if isinstance(made, AccessPoint):
        return _typed(made)
    match getattr(made, "name", None):
        case Unknown(why, at) if why == NOT_WRITTEN:
            return msgspec.structs.replace(made, name=Known(_own_name(one.address), at))
        case _:
            return made


def _own_name(address: str) -> Text:
    """A name that is known only by whose it is."""
    return Text((Opaque(f"{address}.id", address),))


def _typed(point: AccessPoint) -> AccessPoint:
    """An access point of a directory bucket or of a bucket on Outposts is known by the name of that bucket."""
    match point.bucket:
        case Known(name) if ":outpost/" in str(name):
            return _blocked(point, "outposts")
        case Known(name) if name.ends_with("--x-s3") is Status.PASS:
            return _blocked(point, "directory")
        case _:
            return point


def _blocked(point: AccessPoint, kind: str) -> AccessPoint:
    """To these all public access is blocked, always."""
    on = Known(True, point.at)
    block = AccessPointPublicAccessBlock(
        at=point.at,
        block_public_acls=on,
        ignore_public_acls=on,
        block_public_policy=on,
        restrict_public_buckets=on,
    )
    return msgspec.structs.replace(point, type=kind, public_access_block=block)


def _bucket_name(bucket: Bucket) -> Setting[Text]:
    """The name of a bucket, also where the provider makes it up."""
    match bucket.name:
        case Unknown(why, at) if why == NOT_WRITTEN:
            return Known(_generated(bucket), at)
        case Unset(at=at) | Known(Text(parts=()), at):
            return Known(_generated(bucket), at)
        case Unknown(at=at):
            return Known(_own_name(bucket.address), at)
        case named:
            return named


def _generated(bucket: Bucket) -> Text:
    match bucket.name_prefix:
        case Known(Text() as prefix):
            return made_up(bucket.address, prefix)
        case Unknown(why) if why != NOT_WRITTEN:
            return _own_name(bucket.address)
        case _:
            return made_up(bucket.address)


def _attached(one: Declared, shape: Shape) -> Attached:
    # What is said of another resource shows nothing else of how it came to be there.
    spot = _spot(one, one.exists.via if isinstance(one.exists, Known) else "")
    filler = _filler(one)
    section = filler.section(shape, spot, one.at)
    targets = shape.fields.get("targets") if shape.section is Attachment else None
    owner, settle = ("", "") if targets is None else _owner(filler, targets, spot)
    return Attached(one.address, one.address, one.exists, section, owner, cause=one.cause, settle=settle)


def _owner(filler: Filler, targets: Field, spot: Spot | Gap) -> tuple[str, str]:
    """The resource that a target is the very name of, whatever others have that name too, or what would tell it."""
    if isinstance(spot, Gap):
        return "", ""
    found, _ = filler.find(spot, targets.path)
    match found.node if isinstance(found, Spot) else None:
        case Named(resource=address):
            return address, ""
        case Partial(why=why):
            return "", why
        case _:
            return "", ""


def _inline(one: Declared) -> Iterable[Attached]:
    """The configurations that stand inside a bucket, as if they stood beside it."""
    from s3audit.collectors.terraform.tables.bucket import INLINE, INLINE_KEYS

    spot = _spot(one)
    if not isinstance(spot, Spot) or not isinstance(spot.node, tree.Mapping):
        return
    entries = spot.node.entries
    if INLINE_KEYS.isdisjoint(entries):
        return
    filler = _filler(one)
    for inline in INLINE:
        found = next(
            (at for key in inline.keys if key in entries and (at := _declares(filler, spot, key))), None
        )
        if found is None:
            continue
        value = _as_setting(filler.field(inline.value, spot, None), found)
        if isinstance(found, Gap) and inline.field in _OF_BLOCKS:
            value = Unknown(found.why, found.at)
        if one.as_seen and inline.field == "acl":
            value = value.map(_without_owner)
        section = Attachment(at=found.at, kind="bucket", field=inline.field, value=value)
        title = f"{inline.keys[0]} in {one.address}"
        # It is there wherever the bucket is, and that is said of the bucket.
        yield Attached(one.address, title, Known(True, found.at), section, one.address, is_seen=one.as_seen)


def _declares(filler: Filler, spot: Spot, key: str) -> Spot | Gap | None:
    """Where a key is written, unless it is an empty list."""
    found, _ = filler.find(spot, key)
    if isinstance(found, Absent):
        return None
    if isinstance(found, Gap):
        return found
    match found.node:
        case tree.Sequence(items=[]) | tree.Scalar(value=""):
            return None
        case tree.Sequence(items=items):
            heads = [filler.resolver.resolve(item).node for item in items]
            gaps = [head.why for head in heads if isinstance(head, Undecided)]
            return Gap(gaps[0], found.at) if len(gaps) == len(heads) else found
        case _:
            return found


def _without_owner(acl: Acl) -> Acl:
    """S3 gives the owner of a bucket full control of it; of whom the only such grant is, a state does not say."""
    match acl.grants:
        case Known(items, at):
            full = [item for item in items if isinstance(item, Known) and _is_full_control(item.value)]
            left = tuple(item for item in items if len(full) != 1 or item is not full[0])
            return msgspec.structs.replace(acl, grants=Known(left, at))
        case _:
            return acl


def _is_full_control(grant: Grant) -> bool:
    match grant.type, grant.permission:
        case Known("CanonicalUser"), Known("FULL_CONTROL"):
            return True
        case _:
            return False


def _as_setting(value: Any, found: Spot | Gap) -> Setting[Any]:
    if isinstance(value, Section):
        return Known(value, found.at)
    assert isinstance(value, Known | Unset | Unknown)  # noqa: S101 - what the filler gives for every other field
    return value
