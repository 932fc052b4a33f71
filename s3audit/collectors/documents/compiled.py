"""A shape as it is filled: what is the same each time is worked out once."""

from typing import Any

import msgspec

from s3audit.collectors.documents.paths import alternatives
from s3audit.collectors.documents.shape import Field, Shape
from s3audit.defaults import Default, default_of


class Part(msgspec.Struct, frozen=True, eq=False):
    """One field of a section."""

    name: str
    field: Field
    keys: frozenset[str] | None
    """The keys one of which is written if anything of it is; None where that can't be told beforehand."""
    written: Default | None
    """What it is by default in a section that is written."""
    absent: Default | None
    """And in one that is not."""
    is_simple: bool
    """Whether, when it is not written, nothing but the default says what it is."""


class Alike(msgspec.Struct, frozen=True, eq=False):
    """Fields that are the same when they are not written."""

    default: Default | None
    names: tuple[str, ...]


class Compiled(msgspec.Struct, frozen=True, eq=False):
    parts: tuple[Part, ...]
    """Those that something may be written of, or that are more than a value."""
    never: tuple[Alike, ...]
    """The others, in a section that is written."""
    blocks: tuple[Part, ...]
    """What is more than a value in a section that is not written."""
    values: tuple[Alike, ...]
    """And the others there."""


_COMPILED: dict[int, tuple[Shape, Compiled]] = {}
_DEFAULTS: dict[str, Default] = {}


def compiled(shape: Shape) -> Compiled:
    """Kept with the shape, so that its id stays its own."""
    known = _COMPILED.get(id(shape))
    if known is None:
        known = _COMPILED[id(shape)] = (shape, _compiled(shape))
    return known[1]


def _compiled(shape: Shape) -> Compiled:
    every = [_part(shape.section, name, field) for name, field in shape.fields.items()]
    never = [part for part in every if part.is_simple and part.keys == frozenset()]
    return Compiled(
        tuple(part for part in every if part not in never),
        _alike([(part.name, part.written) for part in never]),
        tuple(part for part in every if not part.is_simple),
        _alike([(part.name, part.absent) for part in every if part.is_simple]),
    )


def _alike(defaults: list[tuple[str, Default | None]]) -> tuple[Alike, ...]:
    found: dict[int, Alike] = {}
    for name, default in defaults:
        known = found.get(id(default), Alike(default, ()))
        found[id(default)] = Alike(default, (*known.names, name))
    return tuple(found.values())


def _part(section: type[Any], name: str, field: Field) -> Part:
    if field.kind == "always":
        return Part(name, field, frozenset(), None, None, is_simple=False)
    own = None if field.value is None else _one(Default(field.value))
    absent = None if field.kind == "section" else _one(default_of(section, name, section_written=False))
    if field.kind == "absent":
        return Part(name, field, frozenset(), own or absent, own or absent, is_simple=True)
    written = own
    if written is None and field.kind != "section":
        written = _one(default_of(section, name, section_written=True))
    keys = [steps[0] if steps else "" for steps, _ in alternatives(field.path)]
    known = frozenset(key for key in keys if isinstance(key, str) and key)
    is_simple = field.kind != "section" and not field.path.endswith("#present")
    return Part(name, field, known if len(known) == len(keys) else None, written, absent, is_simple)


def _one(default: Default | None) -> Default | None:
    """The same object for all that are the same: what they make of a place is then made once."""
    return None if default is None else _DEFAULTS.setdefault(repr(default), default)
