"""Joins what is declared apart, such as a bucket policy, to the resources it belongs to."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from s3audit.collectors.documents.attachments import Attachment, IdentityPolicyAttachment
from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Opaque, Text, same
from s3audit.verdict import Status

IDENTITIES = ("role", "user", "group")
"""The kinds that an IAM policy may belong to."""

_IDENTITY = frozenset({"address", "at", "origin", "exists", "title", "type"})


class Attached(msgspec.Struct, frozen=True):
    """A declaration that adds to other resources, and whether it is there at all."""

    address: str
    title: str
    exists: Setting[bool]
    section: Attachment | IdentityPolicyAttachment


class _Claim(msgspec.Struct, frozen=True):
    """One value for a field of a resource; `certain` when it is known to be meant for this one."""

    title: str
    at: Location
    value: Setting[Any]
    certain: bool


def attach(kind: str, resources: Sequence[Resource], attached: Iterable[Attached]) -> list[Resource]:
    """The resources of a kind with what is attached to them; a bucket declared elsewhere is known by its policy."""
    claims: dict[str, dict[str, list[_Claim]]] = {}
    elsewhere: list[Resource] = []
    for one in attached:
        for attachment in _attachments(one.section, kind):
            owners = _all_owners(resources, attachment)
            value = _present(one, attachment.value)
            for resource, certain in owners:
                fields = claims.setdefault(resource.address, {})
                claim = _Claim(one.title, attachment.at, value, certain)
                fields.setdefault(attachment.field, []).append(claim)
            if not owners and (attachment.kind, attachment.field) == ("bucket", "policy"):
                elsewhere.append(_elsewhere(one, attachment))
    return [*(_joined(resource, claims.get(resource.address)) for resource in resources), *elsewhere]


def _all_owners(resources: Sequence[Resource], attachment: Attachment) -> list[tuple[Resource, bool]]:
    """Whose it is: each resource with whether that is certain."""
    targets = attachment.targets
    if isinstance(targets, Unknown):
        return [(resource, False) for resource in resources]
    named = targets.value if isinstance(targets, Known) else targets.default
    return [owner for target in named for owner in _owners(resources, target)]


def _attachments(section: Attachment | IdentityPolicyAttachment, kind: str) -> Iterable[Attachment]:
    """What it adds to resources of this kind; an IAM policy adds to roles, users and groups at once."""
    if isinstance(section, Attachment):
        yield section
        return
    from s3audit.model.identity import NamedPolicy

    policy = Known(NamedPolicy(at=section.at, name=section.name, document=section.document), section.at)
    targets = {"role": section.roles, "user": section.users, "group": section.groups}[kind]
    yield Attachment(at=section.at, kind=kind, field="policies", targets=targets, value=policy)


def _owners(candidates: Iterable[Resource], target: Setting[Text]) -> list[tuple[Resource, bool]]:
    """The one that a target names for certain; else each that it may name."""
    maybe: list[tuple[Resource, bool]] = []
    sure: list[tuple[Resource, bool]] = []
    for resource in candidates:
        answer = _names(target, resource)
        if answer is Status.PASS:
            sure.append((resource, True))
        elif answer is Status.UNKNOWN:
            maybe.append((resource, False))
    # Never by name when it is ambiguous: each of them may be the owner.
    return sure if len(sure) == 1 else [(resource, False) for resource, _ in sure] or maybe


def _names(target: Setting[Text], resource: Resource) -> Status:
    if isinstance(target, Unknown):
        return Status.UNKNOWN
    wanted = target.value if isinstance(target, Known) else target.default
    match wanted.parts:
        case (Opaque(resource=address),) if address:
            return Status.PASS if address == resource.address else Status.FAIL
        case _:
            pass
    name: Setting[Text | None] = getattr(resource, "name", Unknown("it has no name", resource.at))
    match name:
        case Known(Text() as known) | Unset(Text() as known):
            return _any(same(written, known) for written in _namings(wanted))
        case _:
            return Status.UNKNOWN


def _any(answers: Iterable[Status]) -> Status:
    found = set(answers)
    return next(answer for answer in (Status.PASS, Status.UNKNOWN, Status.FAIL) if answer in found)


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


def _joined(resource: Resource, fields: dict[str, list[_Claim]] | None) -> Resource:
    if not fields:
        return resource
    changes = {field: _merged(getattr(resource, field), claims) for field, claims in fields.items()}
    return msgspec.structs.replace(resource, **changes)


def _merged(written: Setting[Any], claims: list[_Claim]) -> Setting[Any]:
    """A field with what is attached to it: added where it is a list, else set."""
    if isinstance(written, Known | Unset) and _is_list(written):
        already = written.value if isinstance(written, Known) else written.default
        added = tuple(_element(claim) for claim in claims)
        return Known((*already, *added), written.at if isinstance(written, Known) else claims[0].at)
    if isinstance(written, Unset) and len(claims) == 1 and claims[0].certain:
        return claims[0].value
    names = " or ".join(dict.fromkeys(claim.title for claim in claims))
    several = sum(claim.certain for claim in claims) > 1
    why = (
        f"which of several it has can't be told: {names}"
        if several
        else f"whether it has {names} can't be told"
    )
    return Unknown(why, claims[0].at)


def _is_list(written: Known[Any] | Unset[Any]) -> bool:
    return isinstance(written.value if isinstance(written, Known) else written.default, tuple)


def _element(claim: _Claim) -> Setting[Any]:
    if claim.certain:
        return claim.value
    return Unknown(f"whether it has {claim.title} can't be told", claim.at)


def _elsewhere(one: Attached, policy: Attachment) -> Bucket:
    """A bucket of which the input has the policy only."""
    at = policy.at
    gap = Unknown("the bucket is declared elsewhere", at)
    blank = Bucket(address=one.address, at=at)
    fields = {
        name: _gaps(getattr(blank, name), gap) for name in blank.__struct_fields__ if name not in _IDENTITY
    }
    name: Setting[Text] = gap
    if isinstance(policy.targets, Known) and policy.targets.value:
        name = policy.targets.value[0]
    title = str(name.value) if isinstance(name, Known) else one.title
    # As written it is no website: that is an exception which somebody would have to declare.
    told = {"name": name, "policy": _present(one, policy.value), "website": Unset(None, at)}
    return Bucket(
        address=one.address,
        at=at,
        origin="cloudformation",
        exists=one.exists,
        title=title,
        **{**fields, **told},
    )


def _gaps(value: object, gap: Unknown) -> Any:
    """The same section with every setting unknown."""
    if isinstance(value, Unknown):
        return gap
    if isinstance(value, msgspec.Struct):
        fields = {name: _gaps(getattr(value, name), gap) for name in value.__struct_fields__ if name != "at"}
        return type(value)(at=gap.at, **fields) if "at" in value.__struct_fields__ else type(value)(**fields)
    return value
