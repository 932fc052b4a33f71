"""Joins policy documents as the AWS provider does: by the sids of their statements, the later one wins."""

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from s3audit.collectors.documents.policy import head
from s3audit.collectors.documents.resolved import Encoded, Partial, Undecided
from s3audit.collectors.documents.tree import Entry, Mapping, Node, Scalar, Sequence, Titled, as_bool, is_null
from s3audit.collectors.terraform.language.values import (
    Failed,
    Primitive,
    failed,
    key_at,
    mapping,
    sequence,
    undecided,
    why_not_known,
)
from s3audit.text import Text, same
from s3audit.verdict import Status

MOST_STATEMENTS = 1_000

_ELEMENTS = {
    name.lower(): name
    for name in (
        *("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource"),
        *("Principal", "NotPrincipal", "Condition"),
    )
}
LATEST = "2012-10-17"
"""The version of a document that the data source takes unless it is given another."""


class Held(msgspec.Struct, frozen=True, eq=False):
    """A statement, or an Undecided in the place of any number of them."""

    node: Titled | Undecided
    sid: Text | None
    """None where it has none, or where that is open."""
    is_open: bool
    """Whether it may have any sid."""

    @classmethod
    def of(cls, node: Titled | Undecided) -> "Held":
        if isinstance(node, Undecided):
            return cls(node, None, True)
        match node.get("Sid"):
            case None:
                return cls(node, None, False)
            case Primitive(value=sid):
                return cls(node, Text((sid,)) if sid else None, False)
            case Partial(text=sid):
                return cls(node, sid, False)
            case _:
                return cls(node, None, True)

    def has_sid_of(self, other: "Held") -> Status:
        if self.is_open or other.is_open:
            both_may = (self.is_open or self.sid is not None) and (other.is_open or other.sid is not None)
            return Status.UNKNOWN if both_may else Status.FAIL
        if self.sid is None or other.sid is None:
            return Status.FAIL
        answer = same(self.sid, other.sid)
        return Status.UNKNOWN if answer is Status.PASS and not self.surely_has_sid else answer

    @property
    def surely_has_sid(self) -> bool:
        """An opaque text alone may be empty, which is no sid."""
        return self.sid is not None and any(isinstance(part, str) for part in self.sid.parts)


class Document(msgspec.Struct, frozen=True, eq=False):
    version: Entry | None
    name: Entry | None
    """Its Id."""
    statements: list[Held]


def given_document(node: Node) -> Document | None:
    """A document that an argument names, whose head is known; None for an empty text, which says nothing."""
    match node:
        case Undecided(why=why):
            return _unknown(node, why)
        case Encoded(value=value):
            return _read(value)
        case Scalar(value=""):
            return None
        case Scalar() if is_null(node):
            return _unknown(node, "Terraform takes no null among policy documents")
        case Scalar() | Partial():
            from s3audit.collectors.documents.embedded import embedded

            return _read(embedded(node, ""))
        case _:
            return _read(node)


def merged(
    at: Node, sources: list[Document], own: Document, overrides: list[Document]
) -> Mapping | Undecided:
    """All of them as one."""
    held = [one for source in sources for one in source.statements]
    if sum(len(one.statements) for one in (*sources, own, *overrides)) > MOST_STATEMENTS:
        return undecided(at, f"it has more than {MOST_STATEMENTS:,} statements")
    twice = _twice(held) or _twice(own.statements)
    if twice is not None:
        return twice
    # Statements of the body never replace one another.
    sourced = len(held)
    for one in own.statements:
        _join(held, one, sourced)
    for override in overrides:
        for one in override.statements:
            _join(held, one, len(held))
    entries: dict[str, Entry] = {}
    documents = (*sources, own, *overrides)
    if (version := _latest(documents)) is not None:
        entries["Version"] = named("Version", version)
    names = [one.name for one in documents if one.name is not None]
    if names:
        entries["Id"] = named("Id", names[-1])
    if held:
        entries["Statement"] = Entry(key_at(at, "Statement"), sequence(at, [one.node for one in held]))
    return Mapping(at.start, at.end, at.lines, "", entries)


def named(name: str, entry: Entry) -> Entry:
    """An entry by another name, in its place."""
    return Entry(key_at(entry.key, name), entry.value)


def _join(held: list[Held], one: Held, before: int) -> None:
    """Add a statement, which takes the place of the one with its sid among the first `before`."""
    answers = [old.has_sid_of(one) for old in held[:before]]
    if Status.PASS in answers:
        held[answers.index(Status.PASS)] = one
        return
    for index, answer in enumerate(answers):
        if answer is Status.UNKNOWN and not isinstance(old := held[index].node, Undecided):
            why = one.node.why if isinstance(one.node, Undecided) else "their sids are not known"
            gap = undecided(head(old), f"another statement may take its place: {why}")
            # Whatever stands there in the end has this sid.
            held[index] = msgspec.structs.replace(held[index], node=gap)
    held.append(one)


def _twice(statements: list[Held]) -> Failed | None:
    """What Terraform refuses: two statements with one sid."""
    seen: set[Text] = set()
    for one in statements:
        if one.sid is None or not one.surely_has_sid:
            continue
        if one.sid in seen:
            return failed(one.node, f"two statements have the sid {one.sid}, which Terraform refuses")
        seen.add(one.sid)
    return None


def _latest(documents: Iterable[Document]) -> Entry | None:
    """The version of the whole: the latest that is named."""
    latest: Entry | None = None
    gap: Entry | None = None
    for one in documents:
        if one.version is None:
            continue
        if not isinstance(one.version.value, Primitive):
            gap = gap or one.version
        elif latest is None or one.version.value.value > _word(latest):
            latest = one.version
    return latest if gap is None or (latest is not None and _word(latest) >= LATEST) else gap


def _word(entry: Entry) -> str:
    return entry.value.value if isinstance(entry.value, Primitive) else ""


def _unknown(at: Node, why: str) -> Document:
    gap = undecided(at, why)
    return Document(Entry(key_at(at, "Version"), gap), Entry(key_at(at, "Id"), gap), [Held.of(gap)])


def _read(root: Node) -> Document:
    """A document that is JSON."""
    if isinstance(root, Undecided):
        return _unknown(root, root.why)
    if not isinstance(root, Mapping):
        return _unknown(root, why_not_known(root) or "a policy is an object with statements")
    elements = {name.lower(): entry for name, entry in root.entries.items() if not is_null(entry.value)}
    statements: list[Held] = []
    if (found := elements.get("statement")) is not None:
        match found.value:
            case Sequence(items=items):
                statements = [_statement(item) for item in items]
            case Undecided() as gap:
                statements = [Held.of(gap)]
            case _:
                why = "the AWS provider takes a list of statements only"
                statements = [Held.of(failed(found.key, why))]
    return Document(_text(elements.get("version")), _text(elements.get("id")), statements)


def _statement(node: Node) -> Held:
    """A statement as the provider hands it on: with the elements that it knows."""
    if isinstance(node, Undecided):
        return Held.of(node)
    if not isinstance(node, Mapping):
        return Held.of(undecided(node, "a statement is an object"))
    at = head(node)
    made = Titled(at.start, at.end, at.lines, "", {}, at, getattr(node, "hidden", ""))
    written = {_ELEMENTS.get(name.lower(), ""): entry for name, entry in node.entries.items()}
    for name in _ELEMENTS.values():
        entry = written.get(name)
        if entry is None or is_null(entry.value):
            continue
        if name in ("Principal", "NotPrincipal"):
            entry = Entry(entry.key, _principal(entry.value))
        elif name == "Condition":
            entry = Entry(entry.key, _conditions(entry.value))
        made.entries[name] = named(name, Entry(entry.key, evaluated(entry.value)))
    return Held.of(made)


def _principal(node: Node) -> Node:
    """The provider takes any text for `*`, and so it takes `{"*": "*"}`."""
    match node:
        case Scalar() | Partial():
            return Primitive.of(node, "*")
        case Mapping(entries={"*": only, **others}) if not others:
            alone = only.value.items if isinstance(only.value, Sequence) else [only.value]
            if len(alone) == 1 and isinstance(alone[0], Scalar) and alone[0].value == "*":
                return alone[0]
    return node


def _conditions(node: Node) -> Node:
    if not isinstance(node, Mapping):
        return node
    entries = {
        test: Entry(entry.key, _condition(entry.value)) if isinstance(entry.value, Mapping) else entry
        for test, entry in node.entries.items()
    }
    return Mapping(node.start, node.end, node.lines, "", entries)


def _condition(node: Mapping) -> Node:
    """The provider hands on texts and lists of them, and writes booleans as texts; it forgets the rest."""
    entries: dict[str, Entry] = {}
    for variable, entry in node.entries.items():
        value = entry.value
        if isinstance(value, Scalar) and (boolean := as_bool(value)) is not None:
            value = Primitive.of(value, "true" if boolean else "false")
        for one in value.items if isinstance(value, Sequence) else [value]:
            if isinstance(one, Scalar) and one.plain:
                why = f"the AWS provider may leave out this condition, because {one.value} is no text"
                return undecided(one, why)
        entries[variable] = Entry(entry.key, value)
    return Mapping(node.start, node.end, node.lines, "", entries)


def _text(entry: Entry | None) -> Entry | None:
    if entry is None or (isinstance(entry.value, Scalar) and not entry.value.value):
        return None
    return Entry(entry.key, evaluated(entry.value))


def evaluated(node: Node) -> Node:
    """A node of a document as a value."""
    match node:
        case Primitive():
            return node
        case Scalar():
            return Primitive.of(node, _datum(node))
        case Sequence(items=items):
            return sequence(node, map(evaluated, items)) if type(node) is Sequence else node
        case Mapping(entries=entries) if not isinstance(node, Titled):
            made = mapping(node, {})
            made.entries.update({name: Entry(e.key, evaluated(e.value)) for name, e in entries.items()})
            return made
        case _:
            return node


def _datum(node: Scalar) -> str | Decimal | bool | None:
    if is_null(node):
        return None
    if (boolean := as_bool(node)) is not None:
        return boolean
    return Decimal(node.value) if node.plain else node.value
