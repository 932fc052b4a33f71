"""YAML from the parser's events, which costs half of what its node trees cost; nothing is resolved."""

from collections.abc import Callable
from typing import Any

from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from s3audit.collectors.documents.problems import MAX_DEPTH, TOO_DEEP, DocumentError, Problems
from s3audit.collectors.documents.tree import (
    UNREADABLE,
    Document,
    Entry,
    Lines,
    Mapping,
    Node,
    Scalar,
    Sequence,
)
from s3audit.collectors.documents.yaml_errors import SYNTAX_ERRORS, explain
from s3audit.collectors.documents.yaml_events import parser
from s3audit.problem import Problem

MAX_NODES = 1_000_000
"""Nodes that the aliases of a document may stand for."""

_MAX_TAG_DIRECTIVES = 64  # libyaml compares each with all before it
_MERGES = "<<"  # the tag of what several `<<` of one mapping have together
_CORE = "tag:yaml.org,2002:"
_CORE_PLAIN = frozenset({"null", "bool", "int", "float", "merge"})
_CORE_TEXT = frozenset({"str", "map", "seq", "timestamp"})


def read_yaml(text: str, source: str) -> tuple[list[Document], list[Problem]]:
    """The documents of a text without byte order mark, up to the first error."""
    return _Builder(text, source).documents()


class _Builder:
    __slots__ = ("anchors", "end", "lines", "next", "open", "problems", "sizes", "source", "stands_for")

    next: Callable[[], Any]

    def __init__(self, text: str, source: str) -> None:
        self.source = source
        self.lines = Lines(text)
        self.problems = Problems(source, self.lines)
        self.anchors: dict[str, Node] = {}
        self.open: list[Node] = []
        """The anchored mappings and sequences that are not complete yet."""
        self.sizes: dict[int, tuple[Node, int, int]] = {}
        """By identity: the node (so that it lives on), its number of nodes and its height."""
        self.stands_for = 0
        self.end = 0
        """Where the last word ended: libyaml ends a block only at the next token."""

    def documents(self) -> tuple[list[Document], list[Problem]]:
        found: list[Document] = []
        try:
            self._read(found)
        except DocumentError as error:
            self.problems.stop(error)
        except SYNTAX_ERRORS as error:
            self.problems.stop(explain(error, self.lines.text, self.end))
        return found, self.problems.found

    def _read(self, found: list[Document]) -> None:
        text = self.lines.text
        if text.count("%TAG") > _MAX_TAG_DIRECTIVES:
            sentence = f"More than {_MAX_TAG_DIRECTIVES} %TAG directives: write the tags in full instead."
            raise DocumentError(text.find("%TAG"), sentence)
        self.next = parser(text).get_event
        root: Node | None = None
        while type(event := self.next()) is not StreamEndEvent:
            kind = type(event)
            if kind is DocumentStartEvent:
                root = None
                self.anchors.clear()
                self.sizes.clear()
                self.stands_for = 0
            elif kind is DocumentEndEvent:
                empty = type(root) is Scalar and root.plain and root.start == root.end
                found.append(Document(None if empty else root, self.source, text))
            elif kind is not StreamStartEvent:
                root = self._node(event, 0)

    def _node(self, event: Any, depth: int) -> Node:
        kind = type(event)
        if kind is ScalarEvent:
            return self._scalar(event)
        if kind is AliasEvent:
            return self._alias(event, depth)
        if depth >= MAX_DEPTH:
            raise DocumentError(event.start_mark.index, TOO_DEEP)
        tag = "" if event.tag is None else _tag(event.tag)[0]
        start = event.start_mark.index
        node: Mapping | Sequence
        if kind is MappingStartEvent:
            node = Mapping(start, start, self.lines, tag, {})
        else:
            node = Sequence(start, start, self.lines, tag, [])
        if event.anchor is not None:
            self.anchors[event.anchor] = node
            self.open.append(node)
        if type(node) is Mapping:
            self._entries(node.entries, depth + 1)
        elif type(node) is Sequence:
            self._items(node.items, depth + 1)
        if event.anchor is not None:
            self.open.pop()
        node.end = self.end
        return node

    def _scalar(self, event: Any) -> Scalar:
        start = event.start_mark.index
        end = event.end_mark.index
        style = event.style
        tag = ""
        plain = True
        if style:
            plain = False
            if style in "|>":
                # The parser counts the blank lines after the text as a part of it.
                end = start + len(self.lines.text[start:end].rstrip())
        if event.tag is not None:
            tag, plain = _tag(event.tag)
        self.end = end
        node = Scalar(start, end, self.lines, tag, event.value, plain, style or "")
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def _items(self, items: list[Node], depth: int) -> None:
        next_event, scalar = self.next, self._scalar
        while True:
            event = next_event()
            kind = type(event)
            if kind is ScalarEvent:
                items.append(scalar(event))
            elif kind is SequenceEndEvent:
                self._close(event)
                return
            else:
                items.append(self._node(event, depth))

    def _entries(self, entries: dict[str, Entry], depth: int) -> None:
        next_event, scalar = self.next, self._scalar
        while True:
            event = next_event()
            kind = type(event)
            if kind is ScalarEvent:
                key: Node = scalar(event)
            elif kind is MappingEndEvent:
                self._close(event)
                if "<<" in entries:
                    self._merge(entries)
                return
            else:
                key = self._node(event, depth)
            event = next_event()
            value: Node = scalar(event) if type(event) is ScalarEvent else self._node(event, depth)
            if type(key) is not Scalar:
                self.problems.partial(
                    key, "A mapping or list can't be a key, so this entry is left out: use a text."
                )
                continue
            name = key.value
            if name in entries:
                value = self._repeated(entries[name], key, value)
            entries[name] = Entry(key, value)

    def _close(self, event: Any) -> None:
        # Only a bracket takes room; a block ends where its last word did.
        end = event.end_mark.index
        if end > event.start_mark.index:
            self.end = end

    def _repeated(self, first: Entry, key: Scalar, value: Node) -> Node:
        """What counts for a key that was there before: the new value, or for merges both."""
        if _is_merge(first.key) and _is_merge(key):
            merges = first.value
            if type(merges) is not Sequence or merges.tag != _MERGES:
                merges = Sequence(merges.start, merges.end, self.lines, _MERGES, [merges])
            merges.items.append(value)
            return merges
        self.problems.repeated(first.key, key)
        return value

    def _merge(self, entries: dict[str, Entry]) -> None:
        merge = entries["<<"]
        if not _is_merge(merge.key):
            return
        sources = _sources(merge.value)
        mappings = [source for source in sources if type(source) is Mapping and not source.tag]
        if len(mappings) < len(sources):
            if not any(source.tag == UNREADABLE for source in sources):
                sentence = (
                    "'<<' takes a mapping or a list of them; this is neither, so what it adds is unknown."
                )
                self.problems.partial(merge.key, sentence)
            return
        del entries["<<"]
        for mapping in mappings:
            for name, entry in mapping.entries.items():
                entries.setdefault(name, entry)

    def _alias(self, event: Any, depth: int) -> Node:
        start, end = event.start_mark.index, event.end_mark.index
        self.end = end
        name = event.anchor
        target = self.anchors.get(name)
        if target is None:
            sentence = f"No anchor '&{name}' stands before this alias, so its value is unknown."
            return self._unreadable(start, end, f"{sentence} Quote a text that begins with '*'.")
        if any(node is target for node in self.open):
            return self._unreadable(
                start,
                end,
                f"The alias '*{name}' stands inside what it repeats, so this value has no end. Remove it.",
            )
        size, height = self._measure(target)
        self.stands_for += size
        if depth + height > MAX_DEPTH:
            raise DocumentError(start, TOO_DEEP)
        if self.stands_for > MAX_NODES:
            sentence = (
                f"The aliases of this document stand for more than {MAX_NODES:,} values: write them out."
            )
            raise DocumentError(start, sentence)
        return target

    def _measure(self, node: Node) -> tuple[int, int]:
        """Number of nodes and height; shallow and linear: what an alias repeats was measured before."""
        if type(node) is Scalar:
            return 1, 0
        if (known := self.sizes.get(id(node))) is not None:
            return known[1:]
        children = [entry.value for entry in node.entries.values()] if type(node) is Mapping else []
        if type(node) is Sequence:
            children = node.items
        size, height = 1, 0
        for child in children:
            of_child = self._measure(child)
            size += of_child[0]
            height = max(height, of_child[1])
        self.sizes[id(node)] = (node, size, height + 1)
        return size, height + 1

    def _unreadable(self, start: int, end: int, sentence: str) -> Scalar:
        self.problems.add("partial", start, end, sentence)
        return Scalar(start, end, self.lines, UNREADABLE, "", True, "")


def _is_merge(key: Scalar) -> bool:
    return key.value == "<<" and key.plain


def _sources(value: Node) -> list[Node]:
    if type(value) is Sequence and value.tag == _MERGES:
        return [source for item in value.items for source in _sources(item)]
    return value.items if type(value) is Sequence and not value.tag else [value]


def _tag(tag: str) -> tuple[str, bool]:
    """The tag as written, none for YAML's own; and whether a scalar with it may mean more than a text."""
    if tag == "!":
        return "", False
    if not tag.startswith(_CORE):
        return tag, False
    name = tag.removeprefix(_CORE)
    if name in _CORE_PLAIN:
        return "", True
    return "" if name in _CORE_TEXT else f"!!{name}", False
