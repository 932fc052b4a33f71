"""Every part of a model that could be unknown, and what else it could be."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from s3audit.defaults import default_of
from s3audit.law import BLANK, Slot, blank, put, slots
from s3audit.location import NOWHERE
from s3audit.model.base import Resource, Section
from s3audit.model.document import Array, Leaf, Object
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Opaque, Text, text

__all__ = ["BLANK", "Pool", "Slot", "blank", "put", "slots"]

# The words that AWS has for a field, where the examples may not show all of them.
WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("Acl", "canned"): ("private", "public-read", "log-delivery-write"),
    ("Encryption", "algorithm"): ("AES256", "aws:kms", "aws:kms:dsse"),
    ("EventSelector", "read_write"): ("All", "ReadOnly", "WriteOnly"),
    ("Grant", "permission"): ("READ", "FULL_CONTROL"),
    ("LoadBalancer", "type"): ("application", "network"),
    ("ObjectLock", "mode"): ("COMPLIANCE", "GOVERNANCE"),
    ("OriginAccessControl", "signing_behavior"): ("always", "never", "no-override"),
    ("Ownership", "object_ownership"): ("BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"),
    ("ReplicationRule", "status"): ("Enabled", "Disabled"),
    ("Versioning", "status"): ("Enabled", "Suspended", "Unversioned"),
}
OTHER_TEXTS = (
    *(text("another"), text(Opaque("Another")), Text()),
    *(text("*", Opaque("Another")), text("https://*.", Opaque("Another"))),
)
OTHER_VALUES = (
    *(Leaf(text(word), NOWHERE) for word in ("*", "Allow", "Deny", "s3:GetObject", "false", "another")),
    Leaf(text(Opaque("Another")), NOWHERE),
    Leaf(True, NOWHERE),
    Leaf(None, NOWHERE),
    Array((), NOWHERE),
    Object((), NOWHERE),
)


class Pool:
    """What each field has been seen to be, in all examples."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._seen: dict[tuple[str, str], list[Any]] = {}
        for resource in resources:
            for slot in slots(resource):
                if not isinstance(slot.value, Unknown):
                    self._add(slot.key, slot.value)

    def _add(self, key: tuple[str, str], value: Any) -> None:
        seen = self._seen.setdefault(key, [])
        if len(seen) < 12 and all(_plain(value) != _plain(other) for other in seen):
            seen.append(value)

    def completions(self, slot: Slot) -> Sequence[Any]:
        """What could stand there."""
        if slot.key == ("", ""):
            return [slot.value, *_varied(slot.value)]
        if slot.key[0] == "document":
            return [slot.value, *self._seen.get(slot.key, ()), *OTHER_VALUES]
        words = [Known(word, NOWHERE) for word in WORDS.get(slot.key, ())]
        return [*self._seen.get(slot.key, ()), *words, *_defaults(slot), *_varied(slot.value)]


def _defaults(slot: Slot) -> list[Any]:
    kind = _CLASSES.get(slot.key[0])
    found = None if kind is None else default_of(kind, slot.key[1])
    if found is None:
        return []
    value = found.value
    if isinstance(value, tuple):  # the elements of a list are settings
        value = tuple(Unset(one, NOWHERE, found.since) for one in value)
    return [Unset(value, NOWHERE, found.since)]


def _varied(value: Any) -> list[Any]:
    """Other values of the same type."""
    match value:
        case Known(bool()) | Unset(bool()):
            return [Known(True, NOWHERE), Known(False, NOWHERE)]
        case Known(int()) | Unset(int()):
            return [Known(1, NOWHERE)]
        case Known(Text()) | Unset(Text()):
            return [Known(other, NOWHERE) for other in OTHER_TEXTS]
        case Known(tuple()) | Unset(tuple()):
            return [Known((), NOWHERE), Known((BLANK,), NOWHERE)]
        case _:
            return []


def _plain(value: Any) -> Any:
    """A value to compare by, without its place."""
    match value:
        case Known(inner) | Unset(inner):
            return (type(value).__name__, _plain(inner))
        case tuple():
            return tuple(map(_plain, value))
        case Section():
            return tuple(_plain(getattr(value, name)) for name in value.__struct_fields__ if name != "at")
        case Leaf(inner):
            return ("leaf", inner)
        case Array(items):
            return ("array", *map(_plain, items))
        case Object(members):
            return ("object", *((member.name, _plain(member.value)) for member in members))
        case Unknown():
            return "unknown"
        case _:
            return value


def _subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _subclasses(below)


_CLASSES = {kind.__name__: kind for root in (Section, Resource) for kind in _subclasses(root)}
