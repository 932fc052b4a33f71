"""Joins what is declared apart, such as a bucket policy, to the resources it belongs to."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from s3audit.collectors.documents.attachments import Attachment, IdentityPolicyAttachment
from s3audit.defaults import default_of
from s3audit.location import NOWHERE, Location
from s3audit.model.base import Duplicate, Resource, Section
from s3audit.model.bucket import Bucket
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Opaque, Text, same
from s3audit.verdict import Status

IDENTITIES = ("role", "user", "group")
"""The kinds that an IAM policy may belong to."""

_MOST_COMPARED = 1_000_000
"""Names that are compared with targets; past that each may be meant."""

_IDENTITY = frozenset({"address", "at", "origin", "exists", "title", "type", "is_declared"})


_THERE: Setting[bool] = Known(True, NOWHERE)


class Attached(msgspec.Struct, frozen=True, gc=False):
    """A declaration that adds to other resources, and whether it is there at all."""

    address: str
    title: str
    exists: Setting[bool]
    section: Attachment | IdentityPolicyAttachment
    owner: str = ""
    """The address of the resource that it belongs to, where that is certain without comparing names."""
    cause: str = ""
    """What decides whether it is there, where that is not known."""
    settle: str = ""
    """What would tell whose it is, where only a part of that name is known."""
    is_seen: bool = False
    """It was seen in the resource itself and nobody wrote it there: any other declaration goes before it."""


class _Claim(msgspec.Struct, frozen=True, gc=False):
    """One value for a field of a resource; `certain` when it is known to be meant for this one."""

    title: str
    at: Location
    value: Setting[Any]
    certain: bool
    exists: Setting[bool]
    is_seen: bool = False
    why: str = ""
    """Why it is not certain."""


class _Elsewhere(msgspec.Struct):
    """What is said of a bucket that is not declared here."""

    address: str
    at: Location
    title: str
    name: Setting[Text]
    exists: Setting[bool]
    fields: dict[str, list[_Claim]]


def attach(
    kind: str,
    resources: Sequence[Resource],
    attached: Iterable[Attached],
    origin: str,
    seen: Container[str] = (),
    causes: Mapping[str, str] = {},
    may_name: Callable[[Text, Resource], bool] | None = None,
) -> list[Resource]:
    """The resources of a kind with what is attached to them; a bucket declared elsewhere is known by that only.

    `seen` are the addresses of those whose own settings AWS answered, so that what is attached goes before them.
    `causes` say what decides about those of which it is not known whether they are there: what is attached for the
    same cause is there exactly when they are. `may_name` tells whether a name that is not known may be that of a
    resource; where it is missing, any may.
    """
    claims: dict[str, dict[str, list[_Claim]]] = {}
    candidates = _Candidates(resources, may_name)
    elsewhere: dict[Text | str, _Elsewhere] = {}
    for one in attached:
        for attachment in _attachments(one.section, kind):
            owner = candidates.by_address.get(one.owner)
            owners = _all_owners(candidates, attachment) if owner is None else [(owner, True)]
            value = _present(one, attachment.value)
            for resource, certain in owners:
                fields = claims.setdefault(resource.address, {})
                why = "" if certain else _reason(attachment, one.settle)
                claim = _Claim(one.title, attachment.at, value, certain, one.exists, one.is_seen, why)
                if one.cause and causes.get(resource.address) == one.cause:
                    claim = msgspec.structs.replace(claim, value=attachment.value, exists=_THERE)
                fields.setdefault(attachment.field, []).append(claim)
            if not owners and attachment.kind == "bucket":
                _tell_of(elsewhere, one, attachment, value)
    for fields in claims.values():
        for field, made in fields.items():
            fields[field] = [claim for claim in made if not claim.is_seen] or made
    joined = [
        _joined(resource, claims.get(resource.address), resource.address in seen) for resource in resources
    ]
    return [*joined, *(_declared_elsewhere(one, origin) for one in elsewhere.values())]


def _all_owners(candidates: "_Candidates", attachment: Attachment) -> list[tuple[Resource, bool]]:
    """Whose it is: each resource with whether that is certain."""
    targets = attachment.targets
    if isinstance(targets, Unknown):
        return [(resource, False) for resource in candidates.resources]
    named = targets.value if isinstance(targets, Known) else targets.default
    return [owner for target in named for owner in candidates.owners(target)]


def _attachments(section: Attachment | IdentityPolicyAttachment, kind: str) -> Iterable[Attachment]:
    """What it adds to resources of this kind; an IAM policy adds to roles, users and groups at once."""
    if isinstance(section, Attachment):
        yield section
        return
    from s3audit.model.identity import NamedPolicy

    policy = Known(NamedPolicy(at=section.at, name=section.name, document=section.document), section.at)
    targets = {"role": section.roles, "user": section.users, "group": section.groups}[kind]
    yield Attachment(at=section.at, kind=kind, field="policies", targets=targets, value=policy)


class _Candidates:
    """The resources that a target may name, found without comparing it with each of them where that can be."""

    def __init__(
        self, resources: Sequence[Resource], may_name: Callable[[Text, Resource], bool] | None = None
    ) -> None:
        self.resources = resources
        self._may_name = may_name
        self.by_address = {resource.address: resource for resource in resources}
        self._named: dict[Text, list[Resource]] = {}
        self._partly: list[tuple[Text, Resource]] = []
        """Those whose name is partly known."""
        self._unnamed: list[Resource] = []
        for resource in resources:
            name: Setting[Text | None] = getattr(resource, "name", Unknown("it has no name", resource.at))
            match name:
                case Known(Text() as known) | Unset(Text() as known):
                    self._named.setdefault(known, []).append(resource)
                    if known.literal is None:
                        self._partly.append((known, resource))
                case _:
                    self._unnamed.append(resource)
        self._left = _MOST_COMPARED

    def owners(self, target: Setting[Text]) -> list[tuple[Resource, bool]]:
        """The one that a target names for certain; else each that it may name."""
        if isinstance(target, Unknown):
            return [(resource, False) for resource in self.resources]
        wanted = target.value if isinstance(target, Known) else target.default
        match wanted.parts:
            case (Opaque(resource=address),) if address:
                own = self.by_address.get(address)
                return [] if own is None else [(own, True)]
            case _:
                pass
        namings = list(_namings(wanted))
        sure = {one.address: one for name in namings for one in self._named.get(name, ())}
        # Never by name when it is ambiguous: each of them may be the owner.
        if sure:
            return [(one, len(sure) == 1) for one in sure.values()]
        alike = (*self._alike(namings), *self._unnamed)
        if self._may_name is not None:
            return [(resource, False) for resource in alike if self._may_name(wanted, resource)]
        return [(resource, False) for resource in alike]

    def _alike(self, namings: Sequence[Text]) -> list[Resource]:
        """Those with a name that may be one of these."""
        known = all(name.literal is not None for name in namings)
        compared = self._partly if known else [(n, one) for n, found in self._named.items() for one in found]
        self._left -= len(compared)
        if self._left < 0:
            return [resource for _, resource in compared]
        return [
            resource
            for name, resource in compared
            if any(same(naming, name) is Status.UNKNOWN for naming in namings)
        ]


def _namings(name: Text) -> Iterable[Text]:
    """What may be a name in it: it is the end of an ARN or URL, and a function's may be followed by an alias."""
    last = name.split("/")[-1]
    yield from last.split(":")


def _present(one: Attached, value: Setting[Any]) -> Setting[Any]:
    match one.exists:
        case Unknown(why):
            return Unknown(f"whether {one.title} is there can't be told: {why}", one.section.at)
        case Known(via=via) if via and isinstance(value, Known):
            return Known(value.value, value.at, via)
        case _:
            return value


def _joined(resource: Resource, fields: dict[str, list[_Claim]] | None, is_seen: bool) -> Resource:
    repeats = "duplicates" in resource.__struct_fields__
    if not fields:
        return msgspec.structs.replace(resource, duplicates=Known((), resource.at)) if repeats else resource
    written = {field: _own(getattr(resource, field), is_seen) for field in fields}
    changes = {field: _merged(written[field], claims) for field, claims in fields.items()}
    if repeats:
        found = [
            one
            for field, claims in fields.items()
            for one in _repeated(resource, field, written[field], claims)
        ]
        changes["duplicates"] = Known(tuple(found), resource.at)
    return msgspec.structs.replace(resource, **changes)


def _own(written: Any, is_seen: bool) -> Any:
    """What a resource says itself; what AWS answered of it only shows what is declared beside it."""
    if (
        is_seen
        and isinstance(written, Known | Unknown)
        and not (isinstance(written, Known) and _is_list(written))
    ):
        return Unset(None, written.at)
    return written


def _merged(written: Any, claims: list[_Claim]) -> Any:
    """A field with what is attached to it: added where it is a list, else set."""
    if isinstance(written, Section):
        return _merged_section(written, claims)
    if isinstance(written, Known | Unset) and _is_list(written):
        already = written.value if isinstance(written, Known) else written.default
        added = tuple(one for claim in claims for one in _elements(claim))
        return Known((*already, *added), written.at if isinstance(written, Known) else claims[0].at)
    if isinstance(written, Unset) and all(claim.certain for claim in claims) and _agree(claims):
        return claims[0].value
    return Unknown(_open(claims), claims[0].at)


def _merged_section(written: Section, claims: list[_Claim]) -> Any:
    """A section as it is declared apart; what only its owner can say stays the owner's."""
    first = claims[0]
    if not (all(claim.certain for claim in claims) and _agree(claims)):
        return _gaps(written, Unknown(_open(claims), first.at))
    if not isinstance(first.value, Known):
        why = first.value.why if isinstance(first.value, Unknown) else _open(claims)
        return _gaps(written, Unknown(why, first.at))
    told = first.value.value
    kept = {
        name: own
        for name in told.__struct_fields__
        if isinstance(getattr(told, name), Unset)
        and isinstance(own := getattr(written, name), Known | Unknown)
    }
    return msgspec.structs.replace(told, **kept) if kept else told


def _agree(claims: list[_Claim]) -> bool:
    """Whether all say the same, wherever they say it."""
    return len(claims) == 1 or len({_told(claim.value) for claim in claims}) == 1


def _told(value: object) -> object:
    """A value without its places, fit to be compared."""
    if isinstance(value, Unknown):
        return ("unknown", id(value))
    if isinstance(value, msgspec.Struct):
        names = (name for name in value.__struct_fields__ if name not in ("at", "via", "since"))
        return (type(value).__name__, *((name, _told(getattr(value, name))) for name in names))
    if isinstance(value, tuple):
        return tuple(map(_told, value))
    return value


def _reason(attachment: Attachment, settle: str) -> str:
    """Why it is not certain whose it is."""
    match attachment.targets:
        case Unknown(why):
            return why
        case Known(items) | Unset(items):
            for item in items:
                match item:
                    case Unknown(why):
                        return why
                    case Known(name) | Unset(name):
                        is_open = bool(settle) and name.literal is None
                        return f"it is for {name}: {settle}" if is_open else f"it is for {name}"
    return ""


def _open(claims: list[_Claim]) -> str:
    names = " or ".join(dict.fromkeys(claim.title for claim in claims))
    if sum(claim.certain for claim in claims) > 1:
        return f"which of several it has can't be told: {names}"
    whys = dict.fromkeys(claim.why for claim in claims if claim.why)
    if len(whys) > 1:
        told = {claim.title: f"{claim.title} ({claim.why})" if claim.why else claim.title for claim in claims}
        return f"whether it has {' or '.join(told.values())} can't be told"
    return f"whether it has {names} can't be told{f': {next(iter(whys))}' if whys else ''}"


def _repeated(
    resource: Resource, field: str, written: Any, claims: list[_Claim]
) -> Iterable[Setting[Duplicate]]:
    """What is declared more than once: each declaration replaces the whole configuration, so the last one wins."""
    if not isinstance(written, Section) and not isinstance(written, Unknown) and _is_list(written):
        return
    places = [(claim.title, claim.at) for claim in claims]
    if isinstance(written, Known) and not isinstance(written, Section) and written.value is not None:
        places.insert(0, (resource.title, written.at))
    if len(places) < 2:
        return
    (first, at), (second, other) = places[:2]
    open_ = next((claim for claim in claims if not claim.certain or isinstance(claim.exists, Unknown)), None)
    if open_ is None:
        yield Known(Duplicate(at=other, setting=field, first=first, second=second, first_at=at), other)
    elif not open_.certain:
        yield Unknown(f"whether {open_.title} is for it too can't be told", open_.at)
    else:
        yield Unknown(f"whether {first} and {second} are both there can't be told", other)


def _is_list(written: Known[Any] | Unset[Any]) -> bool:
    return isinstance(written.value if isinstance(written, Known) else written.default, tuple)


def _elements(claim: _Claim) -> tuple[Setting[Any], ...]:
    """What one declaration adds to a list: a value, or several at once."""
    if not claim.certain:
        return (Unknown(f"whether it has {claim.title} can't be told", claim.at),)
    match claim.value:
        case Known(tuple() as several):
            return several
        case one:
            return (one,)


def _tell_of(
    elsewhere: dict[Text | str, _Elsewhere], one: Attached, attachment: Attachment, value: Setting[Any]
) -> None:
    """Note what is said of a bucket that is not declared here, by the name that is used for it."""
    at = attachment.at
    name: Setting[Text] = Unknown("the bucket is declared elsewhere", at)
    if isinstance(attachment.targets, Known) and attachment.targets.value:
        name = attachment.targets.value[0]
    key: Text | str = name.value if isinstance(name, Known) else one.address
    title = str(name.value) if isinstance(name, Known) else one.title
    if key not in elsewhere:
        elsewhere[key] = _Elsewhere(one.address, at, title, name, one.exists, {})
    bucket = elsewhere[key]
    if isinstance(bucket.exists, Unknown):
        bucket.exists = one.exists
    claim = _Claim(one.title, at, value, True, one.exists)
    bucket.fields.setdefault(attachment.field, []).append(claim)


def _declared_elsewhere(one: _Elsewhere, origin: str) -> Bucket:
    """A bucket of which the input has only what is attached to it."""
    gap = Unknown("the bucket is declared elsewhere", one.at)
    blank = Bucket(address=one.address, at=one.at)
    fields = {
        name: _gaps(getattr(blank, name), gap) for name in blank.__struct_fields__ if name not in _IDENTITY
    }
    # As written it is no website: that is an exception which somebody would have to declare.
    fields |= {"name": one.name, "website": Unset(None, one.at)}
    bucket = Bucket(
        address=one.address,
        at=one.at,
        origin=origin,
        exists=one.exists,
        title=one.title,
        is_declared=False,
        **fields,
    )
    changes = {
        field: _set_elsewhere(field, getattr(bucket, field), claims, gap)
        for field, claims in one.fields.items()
    }
    repeated = [
        found
        for field, claims in one.fields.items()
        for found in _repeated(bucket, field, getattr(bucket, field), claims)
    ]
    return msgspec.structs.replace(bucket, duplicates=Known(tuple(repeated), one.at), **changes)


def _set_elsewhere(field: str, written: Any, claims: list[_Claim], gap: Unknown) -> Any:
    """What is attached to a bucket of which nothing else is known; to a list others may add."""
    if isinstance(written, Section):
        return _merged_section(written, claims)
    usual = default_of(Bucket, field)
    if usual is not None and usual.value == ():
        return Known((*(claim.value for claim in claims), gap), claims[0].at)
    return claims[0].value if _agree(claims) else Unknown(_open(claims), claims[0].at)


def _gaps(value: object, gap: Unknown) -> Any:
    """The same section with every setting unknown."""
    if isinstance(value, Unknown | Known | Unset):
        return gap
    if isinstance(value, msgspec.Struct):
        fields = {name: _gaps(getattr(value, name), gap) for name in value.__struct_fields__ if name != "at"}
        return type(value)(at=gap.at, **fields) if "at" in value.__struct_fields__ else type(value)(**fields)
    return value
