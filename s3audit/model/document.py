"""A JSON document, such as a policy, whose parts keep their place and may be unknown."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from s3audit.location import Location
from s3audit.setting import Unknown
from s3audit.text import Text


class Leaf(msgspec.Struct, frozen=True, gc=False, tag="leaf"):
    value: Text | bool | int | float | None
    at: Location


class Array(msgspec.Struct, frozen=True, gc=False, tag="array"):
    items: tuple[Value, ...]
    at: Location


class Member(msgspec.Struct, frozen=True, gc=False):
    name: str
    value: Value
    at: Location
    """The place of the name."""


class Object(msgspec.Struct, frozen=True, gc=False, tag="object"):
    members: tuple[Member, ...]
    at: Location

    def get(self, name: str) -> Value | None:
        """The member of this name, without regard to case, as IAM reads element names."""
        wanted = name.lower()
        for member in self.members:
            if member.name == name or member.name.lower() == wanted:
                return member.value
        return None


Value: TypeAlias = Leaf | Array | Object | Unknown
