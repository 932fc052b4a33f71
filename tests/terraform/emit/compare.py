"""Whether two estates say the same, apart from where and by whom it is said."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from s3audit.model.base import Duplicate, Resource, Section
from s3audit.model.bucket import Bucket
from s3audit.model.document import Array, Leaf, Object
from s3audit.model.estate import Estate
from s3audit.model.names import bucket_in_domain
from s3audit.policy import language
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Opaque, Part, Text, text
from tests.terraform.emit.complete import PSEUDO
from tests.terraform.emit.differences import (
    DOMAIN,
    IGNORED,
    NAMED,
    NOT_TOLD,
    PATH,
    UNORDERED,
    reason_for,
    reason_in_plan,
)
from tests.terraform.emit.writer import Writer

_PLACES = frozenset({"at", "first_at"})
_OF_RESOURCES = frozenset({"address", "origin", "title"})
_OF_DUPLICATES = frozenset({"first", "second"})


def _fields(section: msgspec.Struct) -> list[str]:
    """All but where it is, who says it, and what it is called there."""
    words: frozenset[str] = frozenset()
    if isinstance(section, Resource):
        words = _OF_RESOURCES
    elif isinstance(section, Duplicate):
        words = _OF_DUPLICATES
    return [name for name in section.__struct_fields__ if name not in words and name not in _PLACES]


_POLICIES = frozenset({"assume_role_policy", "document", "policy"})


class Difference(NamedTuple):
    place: str
    """`Bucket.logging`, `Logging.prefix`: a field and the class of the model that has it."""
    expected: Any
    found: Any

    def __str__(self) -> str:
        return f"{self.place}: expected {shown(self.expected)}, found {shown(self.found)}"


class Comparison:
    """Compares what an estate tells with what the same says elsewhere."""

    def __init__(self, expected: Estate, found: Estate, writer: Writer, *, strict: bool = True) -> None:
        self.addresses = writer.names.addresses
        self.origins = writer.names.origins
        self.strict = strict
        """Not of a plan: it tells what the provider fills in like what is written, and no text of unknown parts."""
        self.expected = expected
        self.found = found
        self.differences: list[Difference] = []
        self.not_told: set[str] = set()
        """Places that a plan leaves open."""
        self.reasons: set[str] = set()
        """Why other differences are none."""
        self._by_address = {resource.address: resource for resource in found.resources}
        self._made_up = {b.address for b in found.all(Bucket) if _is_made_up(b)}

    def of(self, expected: Resource, found: Resource) -> list[Difference]:
        """What one resource does not say like another."""
        before = len(self.differences)
        self._compare(type(expected).__name__, expected, found)
        return self.differences[before:]

    def run(self) -> list[Difference]:
        """All that is not the same."""
        by_address = dict(self._by_address)
        for resource in self.expected.resources:
            address = self.addresses.get(resource.address, resource.address)
            other = by_address.pop(address, None)
            if other is None:
                self._differ(type(resource).__name__, address, "nothing")
            else:
                self._compare(type(resource).__name__, resource, other)
        for address, extra in by_address.items():
            self._differ(type(extra).__name__, "nothing", address)
        return self.differences

    def _differ(self, place: str, expected: Any, found: Any) -> None:
        reason = reason_for(place, expected, found)
        if not reason and not self.strict:
            reason = reason_in_plan(place, expected, found)
        if reason:
            self._grant(place, reason)
        else:
            self.differences.append(Difference(place, expected, found))

    def _compare(self, place: str, expected: Any, found: Any) -> None:
        match expected, found:
            case (Unknown(), Unknown()):
                pass
            case (Known(one), Known(other)):
                self._compare_values(place, one, other)
            case (Unset(one), Unset(other)):
                self._compare_values(place, one, other)
            case (Known() | Unset() | Unknown(), _):
                self._differ(place, expected, found)
            case (Section() | Resource(), _) if type(expected) is type(found):
                name = type(expected).__name__
                for field in _fields(expected):
                    inner = f"{name}.{field}"
                    if inner not in IGNORED:
                        self._compare_values(inner, getattr(expected, field), getattr(found, field))
            case _ if expected != found:
                self._differ(place, expected, found)
            case _:
                pass

    def _compare_values(self, place: str, expected: Any, found: Any) -> None:
        match expected, found:
            case (Text(), Text()):
                if self._is_name(expected, found):
                    self.reasons.add(NAMED)
                elif place == "Origin.access_identity" and self._is_path(expected, found):
                    self.reasons.add(PATH)
                elif place == "DistributionLogging.bucket" and self._is_domain(expected, found):
                    self.reasons.add(DOMAIN)
                elif not self._same_text(expected, found):
                    self._differ(place, expected, found)
            case (tuple(), tuple()):
                if len(expected) != len(found):
                    self._differ(place, expected, found)
                    return
                if place in UNORDERED:
                    expected = sorted(expected, key=lambda item: self._key(item, True))
                    found = sorted(found, key=lambda item: self._key(item, False))
                for one, other in zip(expected, found, strict=True):
                    self._compare(place, one, other)
            case (Object() | Array() | Leaf(), Object() | Array() | Leaf()):
                self._compare_documents(place, expected, found)
            case _:
                self._compare(place, expected, found)

    def _compare_documents(self, place: str, expected: Any, found: Any) -> None:
        if place.rpartition(".")[2] not in _POLICIES:
            if self._plain(expected, True) != self._plain(found, False):
                self._differ(place, expected, found)
            return
        one, other = language.read(expected), language.read(found)
        left = Counter(self._told(s, True) for s in _elements(one.statements))
        right = Counter(self._told(s, False) for s in _elements(other.statements))
        if left != right and not self._leaves_open(place, expected, found):
            self._differ(place, tuple(sorted(left - right)), tuple(sorted(right - left)))
        self._compare(f"{place}.version", one.version, other.version)

    def _leaves_open(self, place: str, expected: Any, found: Any) -> bool:
        """Whether a plan tells only a part of a policy."""
        reason = "" if self.strict else reason_in_plan(place, expected, found)
        if reason:
            self._grant(place, reason)
        return bool(reason)

    def _grant(self, place: str, reason: str) -> None:
        self.reasons.add(reason)
        if reason == NOT_TOLD:
            self.not_told.add(place)

    def _told(self, value: Any, is_expected: bool) -> str:
        """A statement in one form: its lists have no order."""
        match value:
            case Unknown():
                return "?"
            case Known(inner):
                return self._told(inner, is_expected)
            case Unset(default):
                return f"unset {self._told(default, is_expected)}"
            case Text():
                return repr(self._as_found(value) if is_expected else self._plain_text(value))
            case tuple():
                return f"[{', '.join(sorted(self._told(item, is_expected) for item in value))}]"
            case msgspec.Struct():
                told = (f"{n}={self._told(getattr(value, n), is_expected)}" for n in _fields(value))
                return f"({', '.join(told)})"
            case _:
                return repr(value)

    def _key(self, item: Any, is_expected: bool) -> str:
        """What an element is known by: its id or name, else all of it."""
        inner = item.value if isinstance(item, Known) else item
        name = getattr(inner, "id", getattr(inner, "name", None))
        return self._told(item if name is None else name, is_expected)

    def _plain(self, value: Any, is_expected: bool) -> Any:
        """A document without its places."""
        match value:
            case Object(members=members):
                return {member.name: self._plain(member.value, is_expected) for member in members}
            case Array(items=items):
                return [self._plain(item, is_expected) for item in items]
            case Leaf(value=Text() as leaf):
                return self._as_found(leaf) if is_expected else self._plain_text(leaf)
            case Leaf(value=leaf):
                return leaf
            case _:
                return "?"

    # Texts

    def _same_text(self, expected: Text, found: Text) -> bool:
        return self._as_found(expected) == self._plain_text(found)

    def _is_name(self, expected: Text, found: Text) -> bool:
        """Whether a reference is expected to what was found by the very name that it was given."""
        match expected.parts:
            case (Opaque(resource=address, generated=False),) if found.literal is not None:
                named = self._by_address.get(self.addresses.get(address, address))
                match getattr(named, "name", None):
                    case Known(name):
                        return bool(name == found)
                    case _:
                        return False
            case _:
                return False

    def _is_path(self, expected: Text, found: Text) -> bool:
        """Whether the path of an identity is told by an attribute of it."""
        match expected.parts, found.parts:
            case (str(), Opaque(resource=address)), (Opaque(resource=other),):
                return bool(other) and self.addresses.get(address) == other
            case _:
                return False

    def _is_domain(self, expected: Text, found: Text) -> bool:
        """Whether a plan tells another domain of the same bucket."""
        one, other = bucket_in_domain(expected), bucket_in_domain(found)
        return not self.strict and one is not None and other is not None and self._same_text(one, other)

    def _as_found(self, expected: Text) -> tuple[Part, ...]:
        """With the opaque parts that it has in Terraform."""
        return tuple(self.origins.get(p, p) if isinstance(p, Opaque) else p for p in expected.parts)

    def _origin(self, part: Opaque) -> str:
        """A name that only AWS will know may be told as the id."""
        own = not self.strict and part.origin == f"{part.resource}.name"
        return f"{part.resource}.id" if own else part.origin

    def _plain_text(self, found: Text) -> tuple[Part, ...]:
        """Without what is said of names that are made up, and what the provider begins them with."""
        parts: list[Part] = []
        for part in found.parts:
            if not isinstance(part, Opaque):
                parts.append(part)
                continue
            if not self.strict and part.origin in PSEUDO:
                parts.append(PSEUDO[part.origin])
                continue
            if part.resource in self._made_up and parts and isinstance(before := parts[-1], str):
                parts[-1] = before.removesuffix("terraform-")
            parts.append(Opaque(self._origin(part), part.resource, given=part.given))
        return text(*parts).parts


def _is_made_up(bucket: Bucket) -> bool:
    match bucket.name:
        case Known(Text(parts=(str(), Opaque(resource=address)))):
            return address == bucket.address
        case _:
            return False


def _elements(listed: Any) -> Iterable[Any]:
    return [listed] if isinstance(listed, Unknown) else listed.value if isinstance(listed, Known) else ()


def shown(value: Any) -> str:
    """A value as a failing test shows it."""
    match value:
        case Known(inner):
            return f"known {shown(inner)}"
        case Unset(default):
            return f"unset {shown(default)}"
        case Unknown(why):
            return f"unknown ({why})"
        case Text():
            return repr(str(value))
        case tuple():
            return f"({', '.join(map(shown, value))})"
        case Section():
            fields = [n for n in _fields(value) if isinstance(getattr(value, n), Known)]
            told = [f"{name}={shown(getattr(value, name))}" for name in fields]
            return f"{type(value).__name__}({', '.join(told)})"
        case Object() | Array() | Leaf():
            return str(_document(value))
        case _:
            return repr(value)


def _document(value: Any) -> Any:
    match value:
        case Object(members=members):
            return {member.name: _document(member.value) for member in members}
        case Array(items=items):
            return [_document(item) for item in items]
        case Leaf(value=leaf):
            return str(leaf) if isinstance(leaf, Text) else leaf
        case _:
            return "?"
