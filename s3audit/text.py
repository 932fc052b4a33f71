"""Strings that are partly known: `arn:aws:s3:::${Logs}/*`."""

import re
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from s3audit.verdict import Status


class Opaque(msgspec.Struct, frozen=True, gc=False, order=True, omit_defaults=True):
    """A part of a string that the input does not tell, known by where it comes from.

    Equal parts are equal; against anything else the comparison is open, with three exceptions:
    two different resources of one input, the names CloudFormation generates, and the values of `other_than`.
    """

    origin: str
    """What people read: `Env`, `AWS::Region`, `Logs.Arn`."""
    resource: str = ""
    """The address of the one resource that this part names, if it names one."""
    generated: bool = False
    """A name, or the end of one, that is made up while its resource is created.

    CloudFormation's end in a hyphen and 12 or more random characters, those of Terraform's AWS provider in 26 digits
    of time and counter.
    """
    given: bool = False
    """Its value is there before anything is created, so it is no name that is made up meanwhile."""
    other_than: tuple[str, ...] = ()
    """Values that it is known not to have (the scenario in which a parameter is none of these)."""

    def __str__(self) -> str:
        return f"${{{self.origin}}}"


Part = str | Opaque

_SHORT = 20

# An account id has twelve digits too; twelve random characters that are all digits are not to be expected.
_GENERATED = re.compile(r"(?:-(?=[0-9]*[A-Za-z])[A-Za-z0-9]{12,}|[0-9]{18}[0-9a-f]{8})$")


class Text(msgspec.Struct, frozen=True, gc=False, order=True):
    """A string with opaque parts; neighbouring literals are joined, so equal texts have equal parts."""

    parts: tuple[Part, ...] = ()

    @property
    def literal(self) -> str | None:
        """The whole string, if it is known."""
        parts = self.parts
        if len(parts) == 1:
            only = parts[0]
            return only if isinstance(only, str) else None
        return None if parts else ""

    @property
    def opaque(self) -> tuple[Opaque, ...]:
        return tuple(part for part in self.parts if isinstance(part, Opaque))

    def __str__(self) -> str:
        return "".join(map(str, self.parts))

    def __add__(self, other: "Text") -> "Text":
        return text(*self.parts, *other.parts)

    def starts_with(self, prefix: str) -> Status:
        """Whether it starts with these characters, as far as is known."""
        head = self.parts[0] if self.parts else ""
        if isinstance(head, Opaque):
            return _open(bool(prefix))
        if len(head) >= len(prefix) or len(self.parts) < 2:
            return _decided(head.startswith(prefix))
        return Status.UNKNOWN if prefix.startswith(head) else Status.FAIL

    def ends_with(self, suffix: str) -> Status:
        """Whether it ends with these characters, as far as is known."""
        tail = self.parts[-1] if self.parts else ""
        if isinstance(tail, Opaque):
            return _open(bool(suffix))
        if len(tail) >= len(suffix) or len(self.parts) < 2:
            return _decided(tail.endswith(suffix))
        return Status.UNKNOWN if suffix.endswith(tail) else Status.FAIL

    def without_prefix(self, prefix: str) -> "Text | None":
        """What follows the prefix, or None when the prefix is not known to be there."""
        head = self.parts[0] if self.parts else ""
        if isinstance(head, Opaque) or not head.startswith(prefix):
            return None
        return text(head[len(prefix) :], *self.parts[1:])

    def split(self, separator: str, limit: int = -1) -> tuple["Text", ...]:
        """Cut at a separator in the known parts; opaque parts are taken to hold none."""
        if (known := self.literal) is not None:
            return tuple(Text((piece,)) if piece else Text() for piece in known.split(separator, limit))
        pieces: list[list[Part]] = [[]]
        for part in self.parts:
            if isinstance(part, Opaque):
                pieces[-1].append(part)
                continue
            left = -1 if limit < 0 else limit - len(pieces) + 1
            cut = part.split(separator, left)
            pieces[-1].append(cut[0])
            pieces.extend([piece] for piece in cut[1:])
        return tuple(text(*piece) for piece in pieces)


def text(*parts: Part) -> Text:
    """A text of these parts, literals joined and empty ones dropped."""
    if len(parts) == 1:
        return Text(parts) if parts[0] else Text()
    joined: list[Part] = []
    for part in parts:
        if isinstance(part, str):
            if not part:
                continue
            if joined and isinstance(joined[-1], str):
                joined[-1] += part
                continue
        joined.append(part)
    return Text(tuple(joined))


def literal(value: str) -> Text:
    """A text that is known; of short ones the same few are met again and again, and are made once."""
    return _short(value) if len(value) < _SHORT else Text((value,))


@lru_cache(maxsize=1024)
def _short(value: str) -> Text:
    return Text((value,)) if value else Text()


def join(separator: str, items: Iterable[Text]) -> Text:
    parts: list[Part] = []
    for index, item in enumerate(items):
        if index:
            parts.append(separator)
        parts.extend(item.parts)
    return text(*parts)


def same(one: Text, other: Text) -> Status:
    """Whether two texts are the same string: PASS, FAIL, or UNKNOWN when what is known leaves it open."""
    if one.parts == other.parts:
        return Status.PASS
    if one.literal is not None and other.literal is not None:
        return Status.FAIL
    left, right = _strip(list(one.parts), list(other.parts))
    if not left and not right:
        return Status.PASS
    if _all_literal(left) and _all_literal(right):
        return Status.FAIL
    if (not left or not right) and any(isinstance(part, str) for part in (*left, *right)):
        return Status.FAIL
    if _clash(left, right):
        return Status.FAIL
    match (left, right):
        case ([Opaque() as a], [Opaque() as b]):
            different = a.resource and b.resource and a.resource != b.resource
            return (
                Status.FAIL
                if different or (a.given and b.generated) or (a.generated and b.given)
                else Status.UNKNOWN
            )
        case ([Opaque() as a], [str() as known]) | ([str() as known], [Opaque() as a]):
            return Status.FAIL if _never(a, known) else Status.UNKNOWN
        case ([Opaque(generated=True)], others) | (others, [Opaque(generated=True)]):
            end = others[-1] if others else ""
            is_other = isinstance(end, str) and "-" in end and not _GENERATED.search(end)
            return Status.FAIL if is_other or _all_given(others) else Status.UNKNOWN
        case _:
            later = _made_up_against(left, right) or _made_up_against(right, left)
            return Status.FAIL if later else Status.UNKNOWN


def _made_up_against(one: list[Part], other: list[Part]) -> bool:
    """Whether a part of one is made up when the other is there already."""
    is_made_up = any(isinstance(part, Opaque) and part.generated for part in one)
    return is_made_up and _all_given(other) and not _all_literal(other)


def _never(part: Opaque, known: str) -> bool:
    return known in part.other_than or (part.generated and not _GENERATED.search(known))


def _strip(left: list[Part], right: list[Part]) -> tuple[list[Part], list[Part]]:
    """Drop what both begin with and what both end with."""
    for end in (0, -1):
        while left and right:
            a, b = left[end], right[end]
            if a == b:
                del left[end], right[end]
                continue
            if isinstance(a, Opaque) or isinstance(b, Opaque):
                break
            size = _common(a, b, end)
            if not size:
                break
            left[end] = a[size:] if end == 0 else a[: len(a) - size]
            right[end] = b[size:] if end == 0 else b[: len(b) - size]
            for side in (left, right):
                if not side[end]:
                    del side[end]
            if left and right and isinstance(left[end], str) and isinstance(right[end], str):
                break
    return left, right


def _common(a: str, b: str, end: int) -> int:
    size = 0
    limit = min(len(a), len(b))
    while size < limit and (a[size] == b[size] if end == 0 else a[-1 - size] == b[-1 - size]):
        size += 1
    return size


def _all_literal(parts: list[Part]) -> bool:
    return all(isinstance(part, str) for part in parts)


def _clash(left: list[Part], right: list[Part]) -> bool:
    """Both begin, or both end, with characters that differ."""
    return any(
        bool(left and right) and isinstance(left[end], str) and isinstance(right[end], str) for end in (0, -1)
    )


def _all_given(parts: list[Part]) -> bool:
    """A text that is there before anything is created."""
    return bool(parts) and all(isinstance(part, str) or part.given for part in parts)


def _decided(answer: bool) -> Status:
    return Status.PASS if answer else Status.FAIL


def _open(asked: bool) -> Status:
    return Status.UNKNOWN if asked else Status.PASS
