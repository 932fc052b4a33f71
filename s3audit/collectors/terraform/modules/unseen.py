"""What a configuration declares where we can't look: in a module that is not at hand, in a part that can't be read."""

from collections.abc import Sequence
from typing import Any

import msgspec

from s3audit.collectors.documents.tree import Mapping, location
from s3audit.collectors.documents.tree import Sequence as ListNode
from s3audit.collectors.terraform.language import convert
from s3audit.collectors.terraform.language.values import Named, Value
from s3audit.collectors.terraform.modules.instances import Declarations, Instance, ModuleInstance
from s3audit.collectors.terraform.modules.module import ModuleCall
from s3audit.model.base import Resource, Section
from s3audit.model.bucket import Bucket
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Opaque, Text, same
from s3audit.verdict import Status

_OWN = frozenset({"name", "name_prefix", "namespace", "removal", "tags", "duplicates", "region"})
"""What only the bucket's own block says."""

_MOST_VALUES = 10_000


class Unseen(msgspec.Struct, frozen=True):
    """One such place, and what is passed to it; None when it may speak of any bucket."""

    gap: Unknown
    passed: "Passed | None"


class Passed(msgspec.Struct, frozen=True):
    texts: tuple[Text, ...]
    resources: frozenset[str]
    """The addresses of those that are passed by their name or as a whole."""


def hidden(instance: ModuleInstance) -> Unseen:
    """A part of a module that could not be read."""
    return Unseen(Unknown(instance.module.hidden, instance.module.hidden_at), None)


def unread_module(instance: ModuleInstance, call: ModuleCall, one: Instance) -> Unseen:
    """A call of a module that is not at hand: it can speak of what is passed to it."""
    at = location(call.block, call.file, one.address)
    texts: list[Text] = []
    resources: set[str] = set()
    for written in call.arguments.values():
        value = instance.evaluator.evaluate(written.value, one.scope)
        _collect(value, texts, resources, [_MOST_VALUES])
    gap = Unknown(f"it is passed to {one.address}, whose module is not read", at)
    return Unseen(gap, Passed(tuple(texts), frozenset(resources)))


def _collect(value: Value, texts: list[Text], resources: set[str], left: list[int]) -> None:
    left[0] -= 1
    if left[0] < 0:
        return
    match value:
        case Named(resource=address):
            resources.add(address)
        case Instance(address=address):
            resources.add(address)
        case Declarations(instances=instances):
            resources.update(one.address for one in instances)
        case ListNode(items=items):
            for item in items:
                _collect(item, texts, resources, left)
        case Mapping(entries=entries):
            for entry in entries.values():
                _collect(entry.value, texts, resources, left)
        case _:
            known = convert.text_of(value)
            if known is not None and known.parts:
                texts.append(known)


def with_gaps(
    resources: Sequence[Resource], places: Sequence[Unseen], gaps: dict[str, Unknown]
) -> list[Resource]:
    """The buckets; of those that an unseen place may speak of, nothing is known to be absent."""
    return [_with_gap(one, places, gaps) if isinstance(one, Bucket) else one for one in resources]


def _with_gap(bucket: Bucket, places: Sequence[Unseen], gaps: dict[str, Unknown]) -> Bucket:
    gap = next((place.gap for place in places if _speaks_of(place, bucket)), None)
    if gap is None:
        return bucket
    gaps[bucket.address] = gap
    fields = (name for name in bucket.__struct_fields__ if name not in _OWN)
    changes = {name: _opened(getattr(bucket, name), gap) for name in fields}
    return msgspec.structs.replace(bucket, **changes)


def _opened(value: Any, gap: Unknown) -> Any:
    """A setting or section in which nothing is known to be absent."""
    if isinstance(value, Unset):
        return Unknown(f"whether it is set can't be told: {gap.why}", gap.at)
    if isinstance(value, Known) and isinstance(value.value, tuple):
        return Known((*value.value, gap), value.at, value.via)
    if isinstance(value, Section):
        names = (name for name in value.__struct_fields__ if name != "at")
        return msgspec.structs.replace(value, **{name: _opened(getattr(value, name), gap) for name in names})
    return value


def _speaks_of(place: Unseen, bucket: Bucket) -> bool:
    passed = place.passed
    if passed is None or bucket.address in passed.resources:
        return True
    return any(_names(text, bucket) for text in passed.texts)


def _names(text: Text, bucket: Bucket) -> bool:
    """Whether a text is the bucket's name, its ARN, or another text that holds the name."""
    if any(isinstance(part, Opaque) and part.resource == bucket.address for part in text.parts):
        return True
    match bucket.name:
        case Known(name) | Unset(name):
            return any(same(piece, name) is Status.PASS for piece in text.split(":"))
        case Unknown():
            return True
