"""What is said of the buckets that may be spoken of where we can't look."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from s3audit.model.base import Resource, Section
from s3audit.model.bucket import Bucket
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Opaque, Part, Text, same
from s3audit.verdict import Status

_OWN = frozenset({"name", "name_prefix", "namespace", "removal", "tags", "duplicates", "region"})
"""What only the bucket's own block says."""


class Unseen(msgspec.Struct, frozen=True):
    """One such place, and what is passed to it; None when it may speak of any bucket."""

    gap: Unknown
    passed: "Passed | None"
    module: str = ""
    """The address of the module that is not read."""


class Passed(msgspec.Struct, frozen=True):
    texts: tuple[Text, ...]
    resources: frozenset[str]
    """The addresses of those that are passed by their name or as a whole."""


def with_gaps(
    resources: Sequence[Resource], places: Sequence[Unseen], gaps: dict[str, Unknown]
) -> list[Resource]:
    """The buckets; of those that an unseen place may speak of, nothing is known to be absent."""
    return [_with_gap(one, places, gaps) if isinstance(one, Bucket) else one for one in resources]


def may_name(places: Sequence[Unseen]) -> Callable[[Text, Resource], bool] | None:
    """Whether a text may name a bucket: what a module puts out that is not read, only one that it was passed.

    None where that rules nothing out.
    """
    unread = {place.module: place for place in places if place.module}
    if not unread:
        return None

    def asked(text: Text, resource: Resource) -> bool:
        if len(text.parts) != 1 or not isinstance(resource, Bucket):
            return True
        place = next((place for module, place in unread.items() if _puts_out(module, text.parts[0])), None)
        return place is None or _speaks_of(place, resource)

    return asked


def _puts_out(module: str, part: Part) -> bool:
    return isinstance(part, Opaque) and part.origin.startswith(f"{module}.")


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
