"""Whether the source beside a plan is the one that it was made from: what the plan knows, it has to say too."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Protocol

from s3audit.collectors.documents.resolved import Missing, Resolved, Undecided
from s3audit.collectors.documents.tree import Mapping as MapNode
from s3audit.collectors.documents.tree import Node, Scalar, Titled, is_null
from s3audit.collectors.documents.tree import Sequence as ListNode
from s3audit.collectors.terraform.records.configuration import LOST, Texts, Written, expression
from s3audit.collectors.terraform.records.forms import Number, Raw, UnreadableError, plain
from s3audit.collectors.terraform.records.given import Path, Record, Source
from s3audit.collectors.terraform.records.marks import marked

_MOST_BLOCKS = 100
"""Of one type in a resource that are told apart."""
_MOST_LEVELS = 30
_META = frozenset({"connection", "lifecycle", "provisioner"})


class Original(Source, Protocol):
    """What claims to be the source of a plan."""

    def differs(self, what: str) -> None:
        """It says something else of this argument than the plan, so it is that of another one."""


class Fitting:
    """The source of a plan; one that says anything else than the plan is not asked."""

    def __init__(self, source: Original, texts: Texts | None, records: Iterable[Record]) -> None:
        self._source = source
        self._texts = texts
        self._records = records

    def written(self, address: str, path: Path) -> Node | None:
        return None if self.is_other else self._source.written(address, path)

    def resolve(self, node: Node) -> Resolved:
        return self._source.resolve(node)

    @cached_property
    def is_other(self) -> bool:
        """Whether it is that of another plan; looked for once, in all that both of them declare."""
        for record in self._records:
            if (found := self._difference(record)) is not None:
                steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in found)
                self._source.differs(record.address + "".join(steps))
                return True
        return False

    def _difference(self, record: Record) -> Path | None:
        node = self._source.written(record.address, ())
        if node is None:
            return None
        written: Written = LOST
        if self._texts is not None:
            written = self._texts.arguments(record.module, record.block)
        is_exact = record.is_new or record.kind.startswith("data.")
        values, marks = _data(record.values), _data(record.open)
        head = self._source.resolve(node).node
        if not isinstance(head, MapNode) or not isinstance(values, dict):
            return None
        return next(self._inside(head, written, values, marks, (), is_exact=is_exact), None)

    def _inside(
        self,
        head: MapNode,
        written: Written,
        values: Mapping[str, object],
        marks: object,
        path: Path,
        *,
        is_exact: bool,
    ) -> Iterator[Path]:
        """Where a block or a map of the source is not what the plan has."""
        shown = written if isinstance(written, dict) else None
        is_spoilt = isinstance(head, Titled) and bool(head.hidden)
        for name, entry in head.entries.items():
            # What is write-only a plan has as null.
            if name in _META or name.endswith("_wo") or len(path) > _MOST_LEVELS:
                continue
            node = self._source.resolve(entry.value).node
            here = (*path, name)
            argument = None if shown is None else shown.get(name)
            if isinstance(argument, dict) and "constant_value" in argument:
                if self._is_other_value(node, argument["constant_value"]):
                    yield here
                continue
            if shown is not None and argument is None and isinstance(node, Scalar) and not _is_blank(node):
                yield here
            mark = marked(marks, name)
            if mark is True or name not in values:
                continue
            told = values[name]
            if isinstance(node, MapNode):
                told, mark, argument = [told], [mark], [argument]
                node = ListNode(node.start, node.end, node.lines, "", [node])
                if isinstance(values[name], list):
                    told, mark, argument = told[0], mark[0], argument[0]
            if isinstance(node, ListNode) and isinstance(told, list) and any(map(_is_dict, told)):
                yield from self._blocks(node, argument, told, mark, here, is_exact=is_exact)
            elif is_exact and mark is None and self._is_other_value(node, told):
                yield here
        for name, argument in () if shown is None else shown.items():
            constant = argument.get("constant_value") if isinstance(argument, dict) else None
            if name not in head.entries and not is_spoilt and constant not in (None, "", [], {}):
                yield (*path, name)

    def _blocks(
        self, node: ListNode, written: Any, told: list[Any], marks: object, path: Path, *, is_exact: bool
    ) -> Iterator[Path]:
        """Where nested blocks are others; those of a set may have another order."""
        heads = [self._source.resolve(item).node for item in node.items]
        if not all(isinstance(head, MapNode) for head in heads) or len(heads) > _MOST_BLOCKS:
            return
        if len(heads) != len(told):
            if is_exact:
                yield path
            return
        bodies = written if isinstance(written, list) and len(written) == len(heads) else []
        for index, head in enumerate(heads):
            assert isinstance(head, MapNode)  # noqa: S101 - looked at above
            first: Path | None = None
            # In most cases it is the one in its place.
            for other in (index, *(one for one in range(len(told)) if one != index)):
                if not isinstance(told[other], dict):
                    break
                # What is shown of the source has its order, and a plan has its own.
                body = bodies[index] if bodies and expression(bodies[index]) is None else LOST
                args = (told[other], marked(marks, other), (*path, index))
                found = next(self._inside(head, body, *args, is_exact=is_exact), None)
                if found is None:
                    first = None
                    break
                first = first or found
            if first is not None:
                yield first

    def _is_other_value(self, node: Node, known: object) -> bool:
        """Whether a value of the source that is told is not this one."""
        if isinstance(node, Scalar):
            said: object = None if is_null(node) else node.value
            return not isinstance(known, dict | list) and not _are_alike(said, known)
        if isinstance(node, ListNode) and isinstance(known, list):
            heads = [self._source.resolve(item).node for item in node.items]
            if not all(isinstance(head, Scalar) for head in heads) or any(
                isinstance(one, dict | list) for one in known
            ):
                return False
            words = [head.value for head in heads if isinstance(head, Scalar)]
            return _sorted_words(words) != _sorted_words(known)
        if isinstance(node, MapNode) and isinstance(known, dict):
            for name, entry in node.entries.items():
                inner = self._source.resolve(entry.value).node
                if not isinstance(inner, Undecided | Missing) and self._is_other_value(
                    inner, known.get(name)
                ):
                    return True
        return False


def _sorted_words(values: Iterable[object]) -> list[str]:
    """The elements of a list that may be a set, as they are compared."""
    return sorted({_spelled(one) for one in values})


def _are_alike(said: object, known: object) -> bool:
    one, other = _spelled(said), _spelled(known)
    # Providers write documents in their own way, and know short names by their ARN.
    if one == other or (one.lstrip().startswith(("{", "[")) and other.lstrip().startswith(("{", "["))):
        return True
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return bool(shorter) and longer.startswith("arn:") and longer.endswith(shorter)


def _spelled(value: object) -> str:
    """A plan may have a number for a text and a text for a boolean; nothing written may stand there as blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Number | int | float):
        return str(float(value))
    # Names of hosts may end with a dot.
    word = str(value).lower().rstrip(".")
    try:
        return str(float(word))
    except ValueError:
        return word


def _is_blank(node: Scalar) -> bool:
    return is_null(node) or not node.value


def _is_dict(value: object) -> bool:
    return isinstance(value, dict)


def _data(raw: Raw) -> Any:
    try:
        return plain(raw)
    except UnreadableError:
        return None
