"""From a file to a framework: every fault of it with its line and column, and all of them at once."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from s3audit.collectors.documents.reader import read
from s3audit.collectors.documents.tree import Mapping as Table
from s3audit.collectors.documents.tree import Node, Scalar, Sequence, as_bool, is_null, location
from s3audit.frameworks.framework import Framework, FrameworkError, NotFollowed, Requirement

MOST = 20
"""Faults that are told of one file."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

T = TypeVar("T")
_Reader = Callable[["_Reading", Node, str], Any]


def parsed(data: bytes, source: str, known: Mapping[str, str] | None = None) -> Framework:
    """The framework in a file; raises FrameworkError.

    `known` leads from the names of the checks there are to their ids; without it, names are not looked up.
    """
    documents, problems = read(data, source)
    reading = _Reading(source, known)
    for problem in problems:
        reading.faults.append((problem.at.line, problem.at.column, f"{problem.at}: {problem.message}"))
    made: Framework | None = None
    if not reading.faults:
        roots = [document.root for document in documents if document.root is not None]
        if len(roots) == 1:
            made = reading.framework(roots[0])
        else:
            said = "it is empty" if not roots else f"it holds {len(roots)} documents, and one is read"
            reading.faults.append((1, 1, f"{source}:1:1: {said}"))
    if made is None or reading.faults:
        raise FrameworkError(_told(source, [fault for _, _, fault in sorted(reading.faults)]))
    return made


def _told(source: str, faults: list[str]) -> str:
    faults = [fault.rstrip(".") for fault in faults]
    if len(faults) == 1:
        return f"the framework can't be used: {faults[0]}"
    listed = "".join(f"\n  {fault}" for fault in faults[:MOST])
    more = f"\n  and {len(faults) - MOST} more" if len(faults) > MOST else ""
    return f"the framework {source} can't be used, {len(faults)} things are wrong with it:{listed}{more}"


class _Reading:
    """One file, and what is wrong with it so far."""

    def __init__(self, source: str, known: Mapping[str, str] | None) -> None:
        self.source = source
        self.known = known
        self.faults: list[tuple[int, int, str]] = []

    def wrong(self, node: Node, said: str) -> None:
        at = location(node, self.source)
        self.faults.append((at.line, at.column, f"{at}: {said}"))

    def framework(self, root: Node) -> Framework | None:
        told = self.table(root, "a framework", _FRAMEWORK, ("id", "title", "requirements"))
        if told is None or not isinstance(root, Table):
            return None
        if (name := told.get("id")) and not _ID.fullmatch(name):
            said = f"{name!r} is no id; it takes letters, digits, '.', '-' and '_'"
            self.wrong(root.entries["id"].value, said)
        return None if self.faults else Framework(**told)

    def table(
        self, node: Node, what: str, readers: Mapping[str, _Reader], needed: Collection[str]
    ) -> dict[str, Any] | None:
        """The values of a mapping by their keys; what is unknown, missing or of another kind is told."""
        if not isinstance(node, Table) or node.tag:
            self.wrong(node, f"{what} is a mapping with {_listed(needed)}, not {_kind(node)}")
            return None
        found: dict[str, Any] = {}
        for key, entry in node.entries.items():
            reader = readers.get(key)
            if reader is None:
                self.wrong(entry.key, f"there is no key {key!r}{_near(key, readers)}")
            else:
                found[key] = reader(self, entry.value, key)
        for key in needed:
            if key not in found:
                self.wrong(node, f"{what} has no {key}")
        return found

    def text(self, node: Node, key: str) -> str:
        if not isinstance(node, Scalar) or node.tag:
            self.wrong(node, f"{key} takes a text, not {_kind(node)}")
            return ""
        said = "" if is_null(node) else " ".join(node.value.split())
        if not said:
            self.wrong(node, f"{key} is empty; leave it out, or say what it is")
        return said

    def flag(self, node: Node, key: str) -> bool:
        said = as_bool(node)
        if said is None:
            self.wrong(node, f"{key} is true or false, not {_kind(node)}")
        return bool(said)

    def texts(self, node: Node, key: str) -> tuple[str, ...]:
        return tuple(self.text(one, key) for one in self.items(node, key))

    def items(self, node: Node, key: str) -> list[Node]:
        if not isinstance(node, Sequence) or node.tag:
            self.wrong(node, f"{key} takes a list, not {_kind(node)}")
            return []
        return node.items

    def checks(self, node: Node, key: str) -> tuple[str, ...]:
        """The ids of the checks of a list."""
        found: dict[str, None] = {}
        for one in self.items(node, key):
            name = self.text(one, f"an entry of {key}")
            if name and self.known is not None and name not in self.known:
                near = _near(name, self.known, " `s3audit checks` lists them")
                self.wrong(one, f"there is no check {name!r}{near}")
            elif name:
                check = name if self.known is None else self.known[name]
                if check in found:
                    self.wrong(one, f"{check} stands in this list twice")
                found[check] = None
        return tuple(found)

    def requirements(self, node: Node, key: str) -> tuple[Requirement, ...]:
        found: dict[str, Requirement] = {}
        if isinstance(node, Sequence) and not node.items:
            self.wrong(node, "a framework has at least one requirement" if key == "requirements" else _EMPTY)
        for one in self.items(node, key):
            made = self.requirement(one, key == "retired")
            if made is None:
                continue
            if made.id in found and isinstance(one, Table):
                self.wrong(one.entries["id"].value, f"there is another requirement {made.id!r} above")
            found[made.id] = made
        return tuple(found.values())

    def requirement(self, node: Node, retired: bool) -> Requirement | None:
        before = len(self.faults)
        told = self.table(node, "a requirement", _REQUIREMENT, ("id", "title"))
        if told is None or len(self.faults) > before:
            return None
        if not told.get("checks") and not told.get("manual") and not retired:
            said = "has no checks, so it needs `manual`: what a person has to look at"
            self.wrong(node, f"the requirement {told['id']!r} {said}")
        for key in ("weak", "supporting"):
            for check in told.get(key, ()):
                if (check in told.get("checks", ())) is (key == "supporting"):
                    said = "stands in checks too, and can't do both" if key == "supporting" else _NOT_AMONG
                    self.wrong(node, f"{check} under {key} of the requirement {told['id']!r} {said}")
        return None if len(self.faults) > before else Requirement(**told)

    def not_followed(self, node: Node, key: str) -> tuple[NotFollowed, ...]:
        found = (
            self.table(one, f"an entry of {key}", _NOT_FOLLOWED, tuple(_NOT_FOLLOWED))
            for one in self.items(node, key)
        )
        return tuple(NotFollowed(**told) for told in found if told is not None and len(told) == 3)


_EMPTY = "this is empty; leave it out"
_NOT_AMONG = "does not stand among its checks"
_TEXT: _Reader = _Reading.text
_REQUIREMENT: Mapping[str, _Reader] = {
    **dict.fromkeys(
        ("id", "title", "manual", "differs", "basis", "level", "assessment", "standards", "note"), _TEXT
    ),
    **dict.fromkeys(("checks", "supporting", "weak"), _Reading.checks),
    **dict.fromkeys(("partial", "unsure"), _Reading.flag),
}
_NOT_FOLLOWED: Mapping[str, _Reader] = dict.fromkeys(("peer", "requirement", "why"), _TEXT)
_FRAMEWORK: Mapping[str, _Reader] = {
    **dict.fromkeys(("id", "title", "short", "version", "publisher", "source", "note"), _TEXT),
    "also_for": _Reading.texts,
    "requirements": _Reading.requirements,
    "retired": _Reading.requirements,
    "not_followed": _Reading.not_followed,
}


def _kind(node: Node) -> str:
    if isinstance(node, Scalar):
        if is_null(node):
            return "nothing"
        said = node.value if len(node.value) <= 40 else f"{node.value[:37]}..."
        return f"{f'{node.tag} ' if node.tag else ''}{said!r}"
    return "a list" if isinstance(node, Sequence) else "a mapping"


def _listed(names: Collection[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}"


def _near(word: str, known: Collection[str], otherwise: str = "") -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, known, n=1)
    if near:
        return f", did you mean {near[0]!r}"
    return f";{otherwise}" if otherwise else f"; expected one of {', '.join(known)}"
