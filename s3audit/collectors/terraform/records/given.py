"""The data of a plan or a state as document nodes, decoded and looked into when somebody asks."""

from collections.abc import Mapping as Words
from typing import Any, Protocol, Self

from s3audit.collectors.documents.resolved import Missing, Partial, Resolved, Resolver, Undecided
from s3audit.collectors.documents.tree import NO_LINES, Entry, Mapping, Node, Scalar, Sequence, Titled
from s3audit.collectors.terraform.language.values import partial, undecided
from s3audit.collectors.terraform.records.arguments import names_itself
from s3audit.collectors.terraform.records.configuration import LOST, Expression, Written, below, elements
from s3audit.collectors.terraform.records.fillings import Fillings, taken_out
from s3audit.collectors.terraform.records.forms import (
    NONE,
    Number,
    Raw,
    UnreadableError,
    marks_nothing,
    plain,
)
from s3audit.collectors.terraform.records.marks import has_marks, left_out, marked, of_paths
from s3audit.collectors.terraform.records.places import Place
from s3audit.collectors.terraform.references import reference
from s3audit.text import Opaque, Text

Path = tuple[str | int, ...]

SENSITIVE = "it is marked as sensitive"
_NOT_LISTED = "the plan does not list it, and does not say what is known only after apply"

_NOWHERE = Node(0, 0, NO_LINES)
_WHOLE = frozenset({Scalar, Titled, Sequence, Partial})
"""What is told already."""


class Source(Resolver, Protocol):
    """The files that a plan was made from, for what the plan does not tell."""

    def written(self, address: str, path: Path) -> Node | None:
        """What the source says of an argument: `("rule", 0, "status")`; None where it does not say either."""


class Unknowns(Protocol):
    """Decides about what is known after apply."""

    def settle(self, node: "Given") -> Node:
        """What is known of it all the same; Missing where nobody wrote it."""

    def arguments(self, record: "Record") -> Written:
        """What its block says, as far as the plan shows it."""

    def unwritten(self, record: "Record", path: Path) -> Words[str, bool]:
        """Of unknown arguments that no expression is shown for, by their names: whether each is surely not written."""


class Identities(Protocol):
    """What the resources of a plan or a state are called."""

    def named(self, argument: str, value: str) -> tuple[Text, str] | None:
        """The one resource that a value of this argument stands for, and its address."""


class Record(Node):
    """A resource or data source of a plan or a state, its arguments undecoded."""

    address: str
    kind: str
    """Its type; that of a data source begins with `data.`."""
    module: str
    """The address of its module; empty for the root."""
    base: str
    """Its address without the key of the instance."""
    values: Raw
    open: Raw = NONE
    """Which of them are known after apply; nothing where the source does not say."""
    hidden: Raw = NONE
    """Which of them are sensitive: marks, or paths in a state file."""
    is_bare: bool = False
    """The source leaves out what is known after apply, without a mark."""
    is_new: bool = False
    """It is to be made, so that nothing of it is known from AWS."""
    place: Place | None = None
    provider: str = ""
    """The configuration of the provider, where it is not the usual one: `aws.west`."""

    @classmethod
    def of(cls, address: str, kind: str, module: str, base: str, values: Raw) -> Self:
        return cls(0, 0, NO_LINES, address, kind, module, base, values)

    @property
    def key(self) -> str:
        """`["eu"]`, `[0]` or nothing."""
        return self.address[len(self.base) :] if self.address.startswith(self.base) else ""

    @property
    def block(self) -> str:
        """What its module calls it: `aws_s3_bucket.logs`."""
        return self.base[len(self.module) + 1 :] if self.module else self.base


class Given(Node):
    """A value that is not plainly there: a list, a map, something unknown or sensitive."""

    data: object
    open: object
    """True where it is known after apply, or which parts of it are."""
    hidden: object
    """The same for what is sensitive."""
    path: Path
    record: Record
    at_source: Path | None
    """Its path in the source, where sets have another order than in a plan."""
    place: Place | None = None
    written: Written = LOST

    @classmethod
    def of(cls, data: object, open: object, hidden: object, path: Path, record: Record) -> Self:  # noqa: A002
        return cls(record.start, record.end, record.lines, data, open, hidden, path, record, path)

    @property
    def spelled(self) -> str:
        """`aws_s3_bucket.logs.rule[0].id`"""
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return self.record.address + "".join(steps)


class Plain(Node):
    """A list or a map of which everything is known, and which has no place of its own."""

    data: object
    name: str
    """The argument that it is the value of."""


class Reader:
    """Resolves the nodes of one plan or state."""

    def __init__(self, unknowns: Unknowns | None = None, source: Source | None = None) -> None:
        self.unknowns = unknowns
        self.source = source
        self.fillings: Fillings | None = None
        self.identities: Identities | None = None
        self._keys: dict[str, Scalar] = {}
        self._last: tuple[Record, Node] | None = None

    def resolve(self, node: Node) -> Resolved:
        if type(node) in _WHOLE:
            return Resolved(node)
        try:
            if isinstance(node, Plain):
                return Resolved(self._known(node.data, node.name))
            if isinstance(node, Given):
                return Resolved(self._opened(node))
            if isinstance(node, Record):
                return Resolved(self._read(node))
        except RecursionError:
            return Resolved(undecided(node, "it is nested too deeply"))
        if self.source is None or isinstance(
            node, Scalar | Mapping | Sequence | Partial | Undecided | Missing
        ):
            return Resolved(node)
        return self.source.resolve(node)

    def _known(self, value: object, name: str) -> Node:
        """All of a value that is known; blocks are small, and most of one is read."""
        if isinstance(value, dict):
            entries: dict[str, Entry] = {}
            for key, inner in value.items():
                if inner is not None:
                    entries[key] = Entry(self._key(key), self._known(inner, key))
            return _titled(_NOWHERE, entries)
        if isinstance(value, list):
            return Sequence(0, 0, NO_LINES, "", [self._known(one, name) for one in value])
        return self._word(_NOWHERE, name, value)

    def _word(self, at: Node, name: str, value: object) -> Node:
        """A value of this argument, or the resource that it is what that one is called."""
        if self.identities is not None and type(value) is str:
            found = self.identities.named(name, value)
            if found is not None:
                return partial(at, found[0], f"it is that of {found[1]}")
        return _scalar(at, value)

    def _read(self, record: Record) -> Node:
        # Whoever fills a section asks a few times, and then never again.
        if self._last is None or self._last[0] is not record:
            self._last = record, self._decoded(record)
        return self._last[1]

    def _decoded(self, record: Record) -> Node:
        try:
            values, marks = plain(record.values), plain(record.open)
            hidden = None if marks_nothing(record.hidden) else plain(record.hidden)
        except UnreadableError as error:
            return undecided(record, f"what is said of it can't be read: {error}")
        if isinstance(hidden, list):
            hidden = of_paths(hidden, values)
        if hidden is not True and not has_marks(hidden):
            hidden = None
        if hidden is True:
            return undecided(record, SENSITIVE)
        if record.is_bare and self.unknowns is not None:
            marks = left_out(values, self.unknowns.arguments(record))
        if isinstance(values, dict):
            open_ = self._take_out(record, values, marks)
            made = self._mapping(record, values, marks, hidden, (), record, record.place)
            for name, why in open_.items():
                made.entries[name] = Entry(self._key(name), undecided(record, why))
            if record.is_bare and not isinstance(self._arguments(record), dict):
                # What is not written stands there as null; what is not there may be known only after apply.
                for name in [name for name, value in values.items() if value is None]:
                    made.entries[name] = Entry(self._key(name), _scalar(record, None))
                made.hidden = _NOT_LISTED
            return made
        if marks is True or (values is None and isinstance(marks, dict)):
            return self._mapping(record, {}, marks, hidden, (), record, record.place)
        return undecided(record, "its arguments are no object, as those of a resource are")

    def _arguments(self, record: Record) -> Written:
        return LOST if self.unknowns is None else self.unknowns.arguments(record)

    def _take_out(self, record: Record, values: dict[str, object], marks: object) -> dict[str, str]:
        """Take out what others had filled there and nobody wrote; why the rest of it can't be told, by argument."""
        open_: dict[str, str] = {}
        if self.fillings is None or record.is_new:
            return open_
        for filling in list(self.fillings.of(record.kind, values)):
            name = filling.way.argument
            if not values.get(name) or self._is_written(record, name, filling.is_gone):
                continue
            if filling.why:
                open_[name] = filling.why
                continue
            values[name] = taken_out(filling, values[name])
            if isinstance(marks, dict):
                marks.pop(name, None)
        return open_

    def _is_written(self, record: Record, name: str, otherwise: bool) -> bool:
        """Whether somebody wrote an argument; what is gone is not, where that can't be told."""
        if record.place is not None and record.place.below(name).blocks:
            return True
        written = self._arguments(record)
        if not isinstance(written, dict):
            return not otherwise
        return written.get(name) not in (None, {}, [], {"constant_value": None})

    def _opened(self, node: Given) -> Node:
        if node.hidden is True:
            return _sensitive(node)
        if node.open is True:
            return (
                undecided(node, "it is known after apply")
                if self.unknowns is None
                else self.unknowns.settle(node)
            )
        value = node.data
        if value is None and isinstance(node.open, dict):
            value = {}
        elif value is None and isinstance(node.open, list):
            value = [None] * len(node.open)
        if isinstance(value, dict):
            return self._mapping(node, value, node.open, node.hidden, node.path, node.record, node.place)
        if isinstance(value, list):
            return self._sequence(node, value)
        return self._word(node, _argument(node.path), value)

    def _mapping(
        self,
        at: "Record | Given",
        values: dict[str, object],
        marks: Any,
        hidden: object,
        path: Path,
        record: Record,
        place: Place | None,
    ) -> Titled:
        entries: dict[str, Entry] = {}
        made = _titled(at, entries)
        is_open, is_hidden = isinstance(marks, dict), isinstance(hidden, dict)
        for name, value in values.items():
            mark = marks.get(name) if is_open else None
            if mark is not None and mark is not True:
                mark = marked(marks, name)
            secret = marked(hidden, name) if is_hidden else None
            if mark is None and secret is None:
                if value is None:
                    continue
                if place is None:
                    is_plain = isinstance(value, dict | list)
                    known = (
                        Plain(0, 0, NO_LINES, value, name) if is_plain else self._word(_NOWHERE, name, value)
                    )
                    entries[name] = Entry(self._key(name), known)
                    continue
            elif value is None and mark is not None:
                continue
            entries[name] = self._entry(at, name, value, mark, secret, path, record, place)
        if marks is True and self.unknowns is not None:
            self._add_unknown(at, made, dict.fromkeys(_shown(self.unknowns.arguments(record)), True), hidden)
        elif isinstance(marks, dict) and marks:
            self._add_unknown(at, made, marks, hidden)
        return made

    def _add_unknown(
        self, at: "Record | Given", made: Titled, marks: dict[str, object], hidden: object
    ) -> None:
        """What stands in no value because it is not known."""
        record = at if isinstance(at, Record) else at.record
        path = () if isinstance(at, Record) else at.path
        written = self._written(at)
        shown: Words[str, object] = {}
        unwritten: Words[str, bool] | None = None
        if isinstance(written, dict) and self.unknowns is not None:
            shown, unwritten = written, self.unknowns.unwritten(record, path)
        entries = made.entries
        for name, found in marks.items():
            # Most of what is unknown of a resource nobody wrote.
            if found is True:
                if unwritten is not None and name not in shown and unwritten[name]:
                    continue
                mark: object = True
            elif not found or (mark := marked(marks, name)) is None:
                continue
            if name not in entries:
                secret = None if hidden is None else marked(hidden, name)
                entries[name] = self._entry(at, name, None, mark, secret, path, record, at.place)

    def _entry(
        self,
        at: "Record | Given",
        name: str,
        value: object,
        mark: object,
        secret: object,
        path: Path,
        record: Record,
        place: Place | None,
    ) -> Entry:
        inner = None if place is None else place.below(name)
        key = self._key(name) if inner is None else _key_at(inner.key, name)
        if mark is None and secret is None and not isinstance(value, dict | list):
            return Entry(key, self._word(record if inner is None else inner.node, name, value))
        node = Given.of(value, mark, secret, (*path, name), record)
        if mark is not None:
            node.written = below(self._written(at), name)
            if isinstance(at, Given):
                node.at_source = None if at.at_source is None else (*at.at_source, name)
        return Entry(key, _placed(node, inner))

    def _sequence(self, at: Given, values: list[object]) -> Sequence:
        items: list[Node] = []
        name = _argument(at.path)
        if isinstance(at.open, list) and len(at.open) > len(values):
            values = [*values, *[None] * (len(at.open) - len(values))]
        if at.open is not None and (told := self._of_source(at, values)) is not None:
            return told
        unknown = [index for index in range(len(values)) if marked(at.open, index) is True]
        order = {index: place for place, index in enumerate(unknown)}
        said = self._of_elements(at, values)
        inside = None if at.place is None else at.place.elements(values)
        for index, value in enumerate(values):
            mark, secret = marked(at.open, index), marked(at.hidden, index)
            inner = None if inside is None else inside[index]
            if mark is None and secret is None:
                if inner is None:
                    items.append(self._known(value, name))
                    continue
                if not isinstance(value, dict | list):
                    items.append(self._word(inner.node, name, value))
                    continue
            node = Given.of(value, mark, secret, (*at.path, index), at.record)
            if mark is not None and isinstance(at.written, Expression):
                among = (order[index], len(order)) if index in order else (0, 0)
                node.written = Expression(at.written.references, is_inside=True, among=among)
                node.at_source = None
            elif mark is not None:
                node.written, place = said[index]
                node.at_source = None if at.at_source is None or place is None else (*at.at_source, place)
            items.append(_placed(node, inner))
        return Sequence(at.start, at.end, at.lines, "", items)

    def _of_elements(self, at: Given, values: list[object]) -> list[tuple[Written, int | None]]:
        """What the configuration says of nested blocks."""
        if at.open is None or isinstance(at.written, Expression):
            return []
        return elements(at.written, values, str(at.path[-1]), at.record.kind)

    def _of_source(self, at: Given, values: list[object]) -> Sequence | None:
        """A list of values as the source has it: which of its elements are known here can't be told."""
        if self.source is None or at.at_source is None or any(isinstance(one, dict) for one in values):
            return None
        found = self.source.written(at.record.address, at.at_source)
        told = None if found is None else self.source.resolve(found).node
        if not isinstance(told, Sequence) or len(told.items) != len(values):
            return None
        is_told = not any(isinstance(self.source.resolve(one).node, Undecided) for one in told.items)
        return told if is_told else None

    def _written(self, at: "Record | Given") -> Written:
        if isinstance(at, Given):
            return at.written
        return LOST if self.unknowns is None else self.unknowns.arguments(at)

    def _key(self, name: str) -> Scalar:
        """The same for every resource, as it has no place."""
        known = self._keys.get(name)
        if known is None:
            known = self._keys[name] = Scalar(0, 0, NO_LINES, "", name, False, "")
        return known


def _argument(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _titled(at: Node, entries: dict[str, Entry]) -> Titled:
    return Titled(at.start, at.end, at.lines, "", entries, at)


def _key_at(at: Node, name: str) -> Scalar:
    return Scalar(at.start, at.end, at.lines, "", name, False, "")


def _placed(node: Given, place: Place | None) -> Given:
    if place is not None:
        node.place = place
        node.start, node.end, node.lines = place.node.start, place.node.end, place.node.lines
    return node


def _scalar(at: Node, value: object) -> Scalar:
    if type(value) is str:
        return Scalar(at.start, at.end, at.lines, "", value, False, "")
    if value is None:
        shown = "null"
    elif isinstance(value, bool):
        shown = "true" if value else "false"
    elif isinstance(value, Number | int):
        try:
            shown = str(value)
        except ValueError:  # more digits than Python writes out
            shown = "a number of very many digits"
    else:
        shown = ""
    return Scalar(at.start, at.end, at.lines, "", shown, True, "")


def _sensitive(node: Given) -> Node:
    record = node.record
    if not isinstance(node.data, str):
        return undecided(node, SENSITIVE)
    if len(node.path) == 1 and names_itself(record.kind, argument := str(node.path[0])):
        return partial(node, reference(record.kind, record.address, argument, None), SENSITIVE)
    return partial(node, Text((Opaque(f"(sensitive value of {node.spelled})"),)), SENSITIVE)


def _shown(written: Written) -> list[str]:
    return list(written) if isinstance(written, dict) else []
