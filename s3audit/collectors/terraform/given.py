"""The data of a plan or a state as document nodes, decoded and looked into when somebody asks."""

from typing import Protocol

from s3audit.collectors.documents.resolved import Missing, Partial, Resolved, Resolver, Undecided
from s3audit.collectors.documents.tree import NO_LINES, Entry, Mapping, Node, Scalar, Sequence, Titled
from s3audit.collectors.terraform.arguments import names_itself
from s3audit.collectors.terraform.configuration import LOST, Written, below, element
from s3audit.collectors.terraform.forms import NONE, Number, Raw, UnreadableError, data
from s3audit.collectors.terraform.places import Place
from s3audit.collectors.terraform.references import reference
from s3audit.collectors.terraform.values import partial, undecided
from s3audit.text import Opaque, Text

Path = tuple[str | int, ...]

SENSITIVE = "it is marked as sensitive"


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

    def is_unwritten(self, record: "Record", name: str, path: Path) -> bool:
        """Whether an unknown argument that no expression is shown for is surely not written."""


class Record(Node):
    """A resource or data source of a plan or a state, its arguments undecoded."""

    __slots__ = ("address", "base", "hidden", "is_new", "kind", "module", "open", "place", "values")

    def __init__(self, address: str, kind: str, module: str, base: str, values: Raw) -> None:
        super().__init__(0, 0, NO_LINES)
        self.address = address
        self.kind = kind
        """Its type; that of a data source begins with `data.`."""
        self.module = module
        """The address of its module; empty for the root."""
        self.base = base
        """Its address without the key of the instance."""
        self.values = values
        self.open: Raw = NONE
        """Which of them are known after apply; nothing where the source does not say."""
        self.hidden: Raw = NONE
        """Which of them are sensitive: marks, or paths in a state file."""
        self.is_new = False
        """It is to be made, so that nothing of it is known from AWS."""
        self.place: Place | None = None

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

    __slots__ = ("data", "hidden", "open", "path", "place", "record", "written")

    def __init__(self, data: object, open: object, hidden: object, path: Path, record: Record) -> None:  # noqa: A002
        self.start = record.start
        self.end = record.end
        self.lines = record.lines
        self.tag = ""
        self.data = data
        self.open = open
        """True where it is known after apply, or which parts of it are."""
        self.hidden = hidden
        """The same for what is sensitive."""
        self.path = path
        self.record = record
        self.place: Place | None = None
        self.written: Written = LOST

    @property
    def spelled(self) -> str:
        """`aws_s3_bucket.logs.rule[0].id`"""
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return self.record.address + "".join(steps)


class Reader:
    """Resolves the nodes of one plan or state."""

    def __init__(self, unknowns: Unknowns | None = None, source: Source | None = None) -> None:
        self.unknowns = unknowns
        self.source = source
        self._keys: dict[str, Scalar] = {}
        self._last: tuple[Record, Node] | None = None

    def resolve(self, node: Node) -> Resolved:
        if isinstance(node, Given):
            return Resolved(self._opened(node))
        if isinstance(node, Record):
            return Resolved(self._read(node))
        if self.source is None or isinstance(
            node, Scalar | Mapping | Sequence | Partial | Undecided | Missing
        ):
            return Resolved(node)
        return self.source.resolve(node)

    def _read(self, record: Record) -> Node:
        # Whoever fills a section asks a few times, and then never again.
        if self._last is None or self._last[0] is not record:
            self._last = record, self._decoded(record)
        return self._last[1]

    def _decoded(self, record: Record) -> Node:
        try:
            values, marks, hidden = data(record.values), data(record.open), data(record.hidden)
        except UnreadableError as error:
            return undecided(record, f"what is said of it can't be read: {error}")
        if isinstance(hidden, list):
            hidden = _marks(hidden)
        if hidden is True:
            return undecided(record, SENSITIVE)
        if isinstance(values, dict):
            return self._mapping(record, values, marks, hidden, (), record, record.place)
        if marks is True or (values is None and isinstance(marks, dict)):
            return self._mapping(record, {}, marks, hidden, (), record, record.place)
        return undecided(record, "its arguments are no object, as those of a resource are")

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
        return _scalar(node, value)

    def _mapping(
        self,
        at: "Record | Given",
        values: dict[str, object],
        marks: object,
        hidden: object,
        path: Path,
        record: Record,
        place: Place | None,
    ) -> Titled:
        entries: dict[str, Entry] = {}
        made = Titled(at.start, at.end, at.lines, "", entries)
        made.title = at
        made.hidden = ""
        is_open, is_hidden = isinstance(marks, dict) and bool(marks), isinstance(hidden, dict)
        for name, value in values.items():
            mark = _marked(marks, name) if is_open else None
            secret = _marked(hidden, name) if is_hidden else None
            if mark is None and secret is None:
                if value is None:
                    continue
                if place is None and not isinstance(value, dict | list):
                    entries[name] = Entry(self._key(name), _scalar(record, value))
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
        for name in marks:
            if name in made.entries or (mark := _marked(marks, name)) is None:
                continue
            if (
                mark is True
                and isinstance(written, dict)
                and name not in written
                and self.unknowns is not None
                and self.unknowns.is_unwritten(record, name, path)
            ):
                continue
            secret = _marked(hidden, name)
            made.entries[name] = self._entry(at, name, None, mark, secret, path, record, at.place)

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
            return Entry(key, _scalar(record if inner is None else inner.node, value))
        node = Given(value, mark, secret, (*path, name), record)
        if mark is not None:
            node.written = below(self._written(at), name)
        return Entry(key, _placed(node, inner))

    def _sequence(self, at: Given, values: list[object]) -> Sequence:
        items: list[Node] = []
        for index, value in enumerate(values):
            mark, secret = _marked(at.open, index), _marked(at.hidden, index)
            inner = None if at.place is None else at.place.element(index, values)
            if mark is None and secret is None and not isinstance(value, dict | list):
                items.append(_scalar(at if inner is None else inner.node, value))
                continue
            node = Given(value, mark, secret, (*at.path, index), at.record)
            if mark is not None:
                block = str(at.path[-1]) if at.path else ""
                node.written = element(at.written, index, values, block, at.record.kind)
            items.append(_placed(node, inner))
        return Sequence(at.start, at.end, at.lines, "", items)

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


def _marked(marks: object, step: str | int) -> object:
    """What is marked of a part: True for all of it, marks of its own, or None for nothing."""
    if isinstance(marks, dict):
        found = marks.get(step)
    elif isinstance(marks, list) and isinstance(step, int) and step < len(marks):
        found = marks[step]
    else:
        return None
    return found if _has_marks(found) else None


def _has_marks(marks: object) -> bool:
    if isinstance(marks, dict):
        return any(map(_has_marks, marks.values()))
    if isinstance(marks, list):
        return any(map(_has_marks, marks))
    return marks is True


def _shown(written: Written) -> list[str]:
    return list(written) if isinstance(written, dict) else []


def _marks(paths: list[object]) -> object:
    """The marks for the paths that a state file lists."""
    marks: dict[object, object] = {}
    for path in paths:
        steps = [_step(one) for one in path] if isinstance(path, list) else [None]
        if not steps or None in steps:
            return True  # what is meant can't be told, so it may be anything
        inner = marks
        for step in steps[:-1]:
            deeper = inner.setdefault(step, {})
            if not isinstance(deeper, dict):
                break
            inner = deeper
        else:
            inner[steps[-1]] = True
    return marks


def _step(step: object) -> str | int | None:
    value = step.get("value") if isinstance(step, dict) else None
    if isinstance(value, dict):
        value = value.get("value")
    return value if isinstance(value, str | int) else None
