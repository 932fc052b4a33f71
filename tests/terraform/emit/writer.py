"""Collects what is written for Terraform, and makes arguments of settings."""

import random
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from s3audit.collectors.documents.fill import NOT_WRITTEN
from s3audit.model.base import Resource, Section, Tag
from s3audit.model.document import Array, Leaf, Object, Value
from s3audit.model.estate import Estate
from s3audit.setting import NOT_COLLECTED, Known, Listed, Setting, Unknown, Unset
from s3audit.text import Text
from tests.terraform.emit.form import (
    Argument,
    Arguments,
    Block,
    Blocks,
    Document,
    Kind,
    Reference,
    Untold,
)
from tests.terraform.emit.names import ELSEWHERE, Names, UnexpressedError, own_parts

T = TypeVar("T")

_SILENT = frozenset({NOT_COLLECTED.why, NOT_WRITTEN, ELSEWHERE})
"""Why something is unknown that nobody wrote."""


class Writer:
    """Collects the blocks that say what an estate holds; chance decides between ways to say the same."""

    def __init__(
        self,
        estate: Estate,
        types: Callable[[Resource], str],
        chance: random.Random,
        *,
        is_counting: bool = True,
    ) -> None:
        self.chance = chance
        self.is_counting = is_counting
        """Whether a resource may be one of which it is not told whether it is there."""
        self.counted = False
        """Whether what is written just now may not be there."""
        self.names = Names(estate, types, chance)
        self.blocks: list[Block] = []

    def block(self, kind: str, name: str, arguments: Arguments) -> Block:
        """Write a resource."""
        taken = {block.name for block in self.blocks if block.type == kind}
        label = next(n for n in (name, *(f"{name}_{i}" for i in range(2, 99))) if n not in taken)
        made = Block(kind, label, {k: v for k, v in arguments.items() if v is not None}, self.counted)
        self.blocks.append(made)
        return made

    def name(self, resource: Resource) -> str:
        """The second label of its block."""
        return self.names.label(resource)

    def own_name(self, resource: Resource, *, demanded: bool = True) -> Argument:
        """What it is named; where CloudFormation makes that up, one like its label if Terraform demands one."""
        if own_parts(resource):
            return self.name(resource).replace("_", "-") if demanded else None
        name = getattr(resource, "name", NOT_COLLECTED)
        return self._told(name, "text", lambda value: value and self.names.said(value, is_own_name=True))

    def reference(self, resource: Resource, attribute: str) -> Reference:
        return self.names.reference(resource, attribute)

    def said(self, value: Text) -> Argument:
        return self.names.said(value)

    def text(self, setting: Setting[Text] | Setting[Text | None]) -> Argument:
        def read(value: Text | None) -> Argument:
            return None if value is None else self.said(value)

        return self._told(setting, "text", read)

    def word(self, setting: Setting[str] | Setting[str | None]) -> Argument:
        def read(value: str | None) -> Argument:
            return value

        return self._told(setting, "word", read)

    def flag(self, setting: Setting[bool]) -> Argument:
        return self._told(setting, "flag", lambda value: value)

    def number(self, setting: Setting[int] | Setting[int | None]) -> Argument:
        def read(value: int | None) -> Argument:
            return value

        return self._told(setting, "number", read)

    def texts(self, listed: Listed[Text]) -> Argument:
        return self._told(listed, "list", lambda items: [self.text(item) for item in items])

    def words(self, listed: Listed[str]) -> Argument:
        return self._told(listed, "list", lambda items: [self.word(item) for item in items])

    def tags(self, listed: Listed[Tag]) -> Argument:
        return self._told(listed, "list", self._map)

    def document(self, setting: Setting[Value | None]) -> Argument:
        def read(value: Value | None) -> Argument:
            if value is None or isinstance(value, Unknown):
                return None if value is None else Untold("document")
            return Document(self.node(value))

        return self._told(setting, "document", read)

    def blocks_of(self, listed: Listed[T], read: Callable[[T], Arguments]) -> Blocks | Untold | None:
        """A nested block for each element."""

        def element(item: Setting[T]) -> Arguments | Untold:
            match item:
                case Known(value) | Unset(value):
                    return {k: v for k, v in read(value).items() if v is not None}
                case Unknown():
                    return Untold("blocks")

        match listed:
            case Known(items) if items:
                return Blocks(tuple(map(element, items)))
            case Unknown(why) if why not in _SILENT:
                return Untold("blocks")
            case _:
                return None

    def each(self, listed: Listed[T]) -> list[T]:
        """The elements, for a resource each; there is no resource for what is not told."""
        match listed:
            case Unknown(why) if why not in _SILENT:
                raise UnexpressedError("a list of unknown length, whose elements are resources of their own")
            case Known(items):
                if any(isinstance(item, Unknown) for item in items):
                    raise UnexpressedError("an unknown element, which is a resource of its own")
                return [item.value for item in items if isinstance(item, Known)]
            case _:
                return []

    def _told(self, setting: Setting[Any], kind: Kind, read: Callable[[Any], Argument]) -> Argument:
        match setting:
            case Known(value):
                return read(value)
            case Unknown(why) if why not in _SILENT:
                return Untold(kind)
            case _:
                return None

    def _map(self, tags: Iterable[Setting[Tag]]) -> Argument:
        found: dict[str, Argument] = {}
        for tag in tags:
            match tag:
                case Known(Tag(key=Known(key), value=value)) | Unset(Tag(key=Known(key), value=value)) if (
                    key.literal is not None
                ):
                    found[key.literal] = self.text(value)
                case _:
                    return Untold("list")
        return found

    def node(self, value: Value) -> Argument:
        """A part of a policy."""
        match value:
            case Leaf(value=leaf):
                return self.said(leaf) if isinstance(leaf, Text) else leaf
            case Array(items=items):
                return [self.node(item) for item in items]
            case Object(members=members):
                return {member.name: self.node(member.value) for member in members}
            case Unknown():
                return Untold("text")


def is_written(section: Section) -> bool:
    """Whether anything of a section is written, or can't be told."""
    for name in section.__struct_fields__:
        value = getattr(section, name)
        if isinstance(value, Known) or (isinstance(value, Unknown) and value.why not in _SILENT):
            return True
        if isinstance(value, Section) and is_written(value):
            return True
    return False
