"""Whether two estates say the same, apart from where and by whom it is said."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from s3audit.model.base import Resource, Section
from s3audit.model.bucket import Bucket
from s3audit.model.document import Array, Leaf, Object
from s3audit.model.estate import Estate
from s3audit.policy import language
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Opaque, Part, Text, text
from tests.terraform.emit.differences import IGNORED, NAMED, reason_for
from tests.terraform.emit.writer import Writer

_NEVER = frozenset({"address", "at", "first", "first_at", "origin", "second", "since", "title", "via", "why"})
"""Where it stands, who says it, and in which words."""

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
        self.addresses = writer.addresses
        self.origins = writer.origins
        self.strict = strict
        """Whether it matters that a value was written, or only what it is; and where an opaque part comes from."""
        self.expected = expected
        self.found = found
        self.differences: list[Difference] = []
        self.reasons: set[str] = set()
        """Why other differences are none."""
        self._by_address = {resource.address: resource for resource in found.resources}
        self._made_up = {b.address for b in found.all(Bucket) if _is_made_up(b)}

    def run(self) -> list[Difference]:
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
        if reason:
            self.reasons.add(reason)
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
                for field in expected.__struct_fields__:
                    inner = f"{name}.{field}"
                    if field not in _NEVER and inner not in IGNORED:
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
                elif not self._same_text(expected, found):
                    self._differ(place, expected, found)
            case (tuple(), tuple()):
                if len(expected) != len(found):
                    self._differ(place, expected, found)
                for one, other in zip(expected, found, strict=False):
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
        if left != right:
            self._differ(place, tuple(sorted(left - right)), tuple(sorted(right - left)))
        self._compare(f"{place}.version", one.version, other.version)

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
                names = (name for name in value.__struct_fields__ if name not in _NEVER)
                return f"({', '.join(f'{n}={self._told(getattr(value, n), is_expected)}' for n in names)})"
            case _:
                return repr(value)

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
            case (Opaque(resource=address),) if found.literal is not None:
                named = self._by_address.get(self.addresses.get(address, address))
                match getattr(named, "name", None):
                    case Known(name):
                        return bool(name == found)
                    case _:
                        return False
            case _:
                return False

    def _as_found(self, expected: Text) -> tuple[Part, ...]:
        """With the opaque parts that it has in Terraform."""
        return tuple(self.origins.get(p, p) if isinstance(p, Opaque) else p for p in expected.parts)

    def _plain_text(self, found: Text) -> tuple[Part, ...]:
        """Without what is said of names that are made up, and what the provider begins them with."""
        parts: list[Part] = []
        for part in found.parts:
            if not isinstance(part, Opaque):
                parts.append(part)
                continue
            if part.resource in self._made_up and parts and isinstance(before := parts[-1], str):
                parts[-1] = before.removesuffix("terraform-")
            parts.append(Opaque(part.origin, part.resource, given=part.given))
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
            fields = (n for n in value.__struct_fields__ if n not in _NEVER)
            told = [f"{n}={shown(getattr(value, n))}" for n in fields if isinstance(getattr(value, n), Known)]
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
