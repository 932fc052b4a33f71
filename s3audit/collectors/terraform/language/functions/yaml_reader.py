"""Reads YAML as Terraform does: what its words mean is decided here, its syntax is read by PyYAML."""

import re
from typing import Any

from yaml.error import YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from s3audit.collectors.documents.resolved import Undecided
from s3audit.collectors.documents.tree import Node
from s3audit.collectors.documents.yaml_events import parser
from s3audit.collectors.terraform.language.convert import (
    LARGEST_EXPONENT,
    TOO_MANY_DIGITS,
    NotKnown,
    number_in,
)
from s3audit.collectors.terraform.language.functions.common import Refused, TooLarge
from s3audit.collectors.terraform.language.values import Plain, spelled

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLS = {
    word: truth
    for words, truth in (("y yes true on", True), ("n no false off", False))
    for base in words.split()
    for word in (base, base.capitalize(), base.upper())
}
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_BASED = re.compile(r"0x([0-9a-fA-F]+)|0o([0-7]+)")
_ENDLESS = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_CLOCK = re.compile(r"[Tt ][0-9]")
_TEXT = "tag:yaml.org,2002:str"
_KINDS = {"tag:yaml.org,2002:map": dict, "tag:yaml.org,2002:seq": list}
_DEEPEST = 200
_LONGEST = 200_000
"""Characters of a text that is read, which takes its time."""


def read(text: str, at: Node) -> Plain:
    """The one document of a text."""
    if len(text) > _LONGEST:
        raise TooLarge
    if re.search(r"^%", text, re.MULTILINE):
        raise NotKnown("directives of YAML are not worked out")
    try:
        events = _events(text)
    except YAMLError:
        raise NotKnown("the YAML can't be read") from None
    starts = [index for index, event in enumerate(events) if isinstance(event, DocumentStartEvent)]
    if len(starts) != 1:
        raise Refused("one document of YAML is required here")
    return _Reader(events, starts[0] + 1, at).value(0)


def _events(text: str) -> list[Any]:
    found: list[Any] = []
    following = parser(text).get_event
    while not found or not isinstance(found[-1], StreamEndEvent):
        found.append(following())
    return found


class _Reader:
    def __init__(self, events: list[Any], place: int, at: Node) -> None:
        self.events = events
        self.place = place
        self.at = at
        self.anchors: dict[str, Plain] = {}

    def value(self, depth: int) -> Plain:
        event = self.events[self.place]
        self.place += 1
        if depth > _DEEPEST:
            raise TooLarge
        if isinstance(event, AliasEvent):
            if event.anchor not in self.anchors:
                raise Refused(f"there is nothing named {event.anchor}")
            return self.anchors[event.anchor]
        made: Plain
        if isinstance(event, ScalarEvent):
            made = self.scalar(event)
        else:
            kind = dict if isinstance(event, MappingStartEvent) else list
            if event.tag is not None and _KINDS.get(event.tag) is not kind:
                raise NotKnown(f"the tag {event.tag} is not worked out")
            made = self.mapping(depth) if kind is dict else self.sequence(depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = made
        return made

    def sequence(self, depth: int) -> Plain:
        items: list[Plain] = []
        while not isinstance(self.events[self.place], SequenceEndEvent):
            items.append(self.value(depth + 1))
        self.place += 1
        return items

    def mapping(self, depth: int) -> Plain:
        entries: dict[str, Plain] = {}
        while not isinstance(self.events[self.place], MappingEndEvent):
            head = self.events[self.place]
            is_merge = isinstance(head, ScalarEvent) and head.value == "<<" and head.tag is None
            if getattr(head, "anchor", None) is not None and not isinstance(head, AliasEvent):
                raise NotKnown("the anchors of keys are not worked out")
            key = self.value(depth + 1)
            value = self.value(depth + 1)
            if is_merge:
                if not isinstance(value, dict):
                    raise Refused("only a map can be merged into a map")
                entries |= value
                continue
            if key is None or isinstance(key, list | dict):
                raise Refused("a key must be a text, a number or a bool")
            entries[key if isinstance(key, str) else spelled(key)] = value
        self.place += 1
        return entries

    def scalar(self, event: Any) -> Plain:
        word: str = event.value
        if event.tag == _TEXT or (event.style and event.tag is None):
            return word
        if event.tag is not None:
            raise NotKnown(f"the tag {event.tag} is not worked out")
        if word in _NULLS:
            return None
        if word in _BOOLS:
            return _BOOLS[word]
        if _NUMBER.fullmatch(word):
            number = number_in(word, self.at)
            if isinstance(number, Undecided):
                raise NotKnown(number.why)
            return number
        if (based := _BASED.fullmatch(word)) is not None:
            if len(word) > LARGEST_EXPONENT // 2:
                raise NotKnown(TOO_MANY_DIGITS)
            return int(based[1], 16) if based[1] else int(based[2], 8)
        if _ENDLESS.fullmatch(word):
            raise NotKnown("infinity is not worked out")
        return self.date(word)

    def date(self, word: str) -> str:
        found = _DATE.match(word)
        if found is None:
            return word
        if found.end() < len(word):
            if _CLOCK.match(word, found.end()):
                raise NotKnown("what YAML takes for a time is not worked out")
            return word
        from s3audit.collectors.terraform.language.functions.times import is_date

        year, month, day = map(int, found.groups())
        return f"{year:04d}-{month:02d}-{day:02d}T00:00:00Z" if is_date(year, month, day) else word
