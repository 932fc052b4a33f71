"""Suppressions in the metadata of a template, of all of it or of a resource; JSON has no other place for them."""

from collections.abc import Callable, Iterator
from typing import Any

from s3audit.collectors.documents.tree import (
    BudgetError,
    Document,
    Entry,
    Lines,
    Mapping,
    Node,
    Scalar,
    Sequence,
    location,
    plain_value,
)
from s3audit.location import Location
from s3audit.suppress.mark import Mark, Span
from s3audit.suppress.ours import KEYS, mark

_FORM = "a list of entries with `check` and `reason`"


def spans(document: Document, source: str, honor_foreign: bool) -> Iterator[Span]:
    """What the metadata of a document say, with what it is about."""
    root = document.root
    if not isinstance(root, Mapping):
        return
    last = len(Lines(document.text).starts)
    for one in _marks(root, source, "Metadata", honor_foreign):
        yield Span(one, 1, last, is_whole=True)
    resources = root.get("Resources")
    for name, entry in resources.entries.items() if isinstance(resources, Mapping) else ():
        address = f"Resources.{name}"
        if isinstance(entry.value, Mapping):
            for one in _marks(entry.value, source, f"{address}.Metadata", honor_foreign):
                yield Span(one, *_lines(entry), is_whole=True, address=address)


def _lines(entry: Entry) -> tuple[int, int]:
    """Those that are about nothing else; none where all stands on one line."""
    first, last = entry.key.line, entry.value.end_line
    return (first, last) if last > first else (0, 0)


def _marks(holder: Mapping, source: str, address: str, honor_foreign: bool) -> Iterator[Mark]:
    metadata = holder.get("Metadata")
    if not isinstance(metadata, Mapping):
        return
    for way, reader in _READERS.items():
        if way[0] != "s3audit" and not honor_foreign:
            continue
        node: Node | None = metadata
        for step in way:
            node = node.get(step) if isinstance(node, Mapping) else None
        if node is not None:
            yield from reader(node, source, f"{address}.{'.'.join(way)}")


def _ours(node: Node, source: str, address: str) -> Iterator[Mark]:
    if isinstance(node, Mapping) and "check" not in node.entries:
        for name, entry in node.entries.items():
            at, told = location(entry.key, source, f"{address}.{name}"), _plain(entry.value)
            yield _entry((name,), at, {"reason": told} if isinstance(told, str) else told)
        return
    for index, item in enumerate(node.items if isinstance(node, Sequence) else [node]):
        at, told = location(item, source, f"{address}[{index}]"), _plain(item)
        names = told.pop("check", ()) if isinstance(told, dict) else told
        yield _entry(_texts(names), at, told if isinstance(told, dict) else {})


def _entry(names: tuple[str, ...], at: Location, told: object) -> Mark:
    wrong = "" if names else f"it names no check: write {_FORM}"
    known: dict[str, str] = {}
    for key, value in told.items() if isinstance(told, dict) else ():
        if key in KEYS and isinstance(value, str):
            known[key] = value
        else:
            wrong = wrong or f"{key}: {value!r} is nothing it takes"
    if not isinstance(told, dict):
        wrong = wrong or f"{told!r} is nothing it takes: write {_FORM}"
    return mark(names, at, known, wrong=wrong)


def _checkov(node: Node, source: str, address: str) -> Iterator[Mark]:
    for index, item in enumerate(node.items if isinstance(node, Sequence) else ()):
        told = _plain(item)
        if isinstance(told, dict) and isinstance(name := told.get("id"), str):
            reason = told.get("comment")
            at = location(item, source, f"{address}[{index}]")
            yield Mark("checkov", (name,), at, "inside", reason=reason if isinstance(reason, str) else "")


def _cfn_lint(node: Node, source: str, address: str) -> Iterator[Mark]:
    for index, item in enumerate(node.items if isinstance(node, Sequence) else ()):
        if isinstance(item, Scalar) and item.value:
            at = location(item, source, f"{address}[{index}]")
            yield Mark("cfn_lint", (item.value,), at, "inside")


def _plain(node: Node) -> Any:
    try:
        return plain_value(node)
    except BudgetError:
        return None


def _texts(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(one for one in values if isinstance(one, str) and one)


_READERS: dict[tuple[str, ...], Callable[[Node, str, str], Iterator[Mark]]] = {
    ("s3audit", "ignore"): _ours,
    ("checkov", "skip"): _checkov,
    ("cfn-lint", "config", "ignore_checks"): _cfn_lint,
}
