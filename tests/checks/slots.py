"""Every part of a model that could be unknown, and what else it could be."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from s3audit.defaults import default_of
from s3audit.location import NOWHERE
from s3audit.model.base import Resource, Section
from s3audit.model.document import Array, Leaf, Object
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Opaque, Text, text

BLANK = Unknown("it was made unknown", NOWHERE)

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

Path = tuple[str | int, ...]


class Slot(NamedTuple):
    """A part of a resource: the way to it, and what it is a part of."""

    path: Path
    key: tuple[str, str]
    """Its class and field; in a document, the name of the member."""
    value: Any


def slots(resource: Resource) -> Iterator[Slot]:
    """Every setting, section and part of a document, however deep."""
    return _below(resource, ())


def _below(value: Any, path: Path) -> Iterator[Slot]:
    match value:
        case Known(value=inner):
            yield from _below(inner, (*path, "value"))
        case Unset(default=inner) if inner:
            yield from _below(inner, (*path, "default"))
        case tuple():
            key = ("", "")
            for index, item in enumerate(value):
                if isinstance(item, Known | Unset | Unknown):
                    yield Slot((*path, index), key, item)
                    yield from _below(item, (*path, index))
        case Object(members=members):
            for index, member in enumerate(members):
                yield from _document(member.value, (*path, "members", index, "value"), member.name)
        case Array(items=items):
            for index, item in enumerate(items):
                yield from _document(item, (*path, "items", index), "")
        case Section() | Resource():
            for name in value.__struct_fields__:
                field = getattr(value, name)
                if isinstance(field, Known | Unset | Unknown | Section):
                    yield Slot((*path, name), (type(value).__name__, name), field)
                    yield from _below(field, (*path, name))
        case _:
            return


def _document(value: Any, path: Path, name: str) -> Iterator[Slot]:
    yield Slot(path, ("document", name.lower()), value)
    yield from _below(value, path)


def put(value: Any, path: Path, new: Any) -> Any:
    """The same, with something else at this place."""
    if not path:
        return new
    step, *rest = path
    if isinstance(step, int):
        return (*value[:step], put(value[step], tuple(rest), new), *value[step + 1 :])
    return msgspec.structs.replace(value, **{step: put(getattr(value, step), tuple(rest), new)})


def blank(slot: Slot) -> Any:
    """What stands there when nobody knows it."""
    return type(slot.value)() if isinstance(slot.value, Section) else BLANK


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
