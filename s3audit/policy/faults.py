"""What is wrong with a policy as a text: elements, operators and actions that there are not, or that do nothing."""

from collections.abc import Iterator

import msgspec

from s3audit.location import Location
from s3audit.model.document import Array, Leaf, Member, Object, Value
from s3audit.policy.actions import ACTIONS, ELSEWHERE
from s3audit.policy.globs import MANY, ONE, Glob, glob
from s3audit.policy.operators import operator
from s3audit.policy.rules import has_wildcard
from s3audit.setting import Unknown
from s3audit.text import Opaque, Text

ELEMENT, EFFECT, OPERATOR, ACTION, NEVER, FORM = "element", "effect", "operator", "action", "never", "form"
_OF_POLICY = {"version": "Version", "id": "Id", "statement": "Statement"}
_OF_STATEMENT = {
    name.lower(): name
    for name in (
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    )
}
_VERSIONS = ("2012-10-17", "2008-10-17")
_NAMES = tuple((one.name.lower(), one.of_objects) for one in ACTIONS)
_KNOWN = frozenset({*(name for name, _ in _NAMES), *(f"s3:{name.lower()}" for name in ELSEWHERE)})


class Fault(msgspec.Struct, frozen=True, order=True):
    at: Location
    kind: str
    """`element`, `effect`, `operator`, `action`, `never` (it can match nothing) or `form`."""
    message: str


def faults(document: Value, *, of_identity: bool = True) -> list[Fault]:
    """In the order of the document; what is not known is no fault. Only that of an identity names no Principal."""
    match document:
        case Unknown():
            return []
        case Object():
            return list(_of_policy(document, of_identity=of_identity))
        case Array(at=at) | Leaf(at=at):
            return [Fault(at, FORM, "A policy is an object with statements.")]


def _of_policy(document: Object, *, of_identity: bool) -> Iterator[Fault]:
    yield from _strange(document, _OF_POLICY, "a policy")
    match document.get("Version"):
        case Leaf(value=Text() as version, at=at) if (
            said := version.literal
        ) is not None and said not in _VERSIONS:
            yield Fault(at, FORM, f"There is no version {said} of the language; 2012-10-17 is the newest.")
        case _:
            pass
    match document.get("Statement"):
        case None:
            yield Fault(document.at, FORM, "The policy has no Statement.")
        case Array(items=items):
            for item in items:
                yield from _of_item(item, of_identity=of_identity)
        case found:
            yield from _of_item(found, of_identity=of_identity)


def _of_item(item: Value, *, of_identity: bool) -> Iterator[Fault]:
    match item:
        case Object():
            yield from _of_statement(item)
            yield from _of_principals(item, of_identity=of_identity)
        case Array(at=at) | Leaf(at=at):
            yield Fault(at, FORM, "A statement is an object.")
        case _:
            pass


def _of_statement(statement: Object) -> Iterator[Fault]:
    yield from _strange(statement, _OF_STATEMENT, "a statement")
    match statement.get("Effect"):
        case None:
            yield Fault(statement.at, EFFECT, "The statement has no Effect.")
        case Leaf(value=Text() as effect, at=at) if (said := effect.literal) not in ("Allow", "Deny", None):
            yield Fault(at, EFFECT, f"There is no Effect {said}; it is Allow or Deny, in these letters.")
        case _:
            pass
    for name in ("Action", "Resource", "Principal"):
        own, other = statement.get(name), statement.get(f"Not{name}")
        if own is not None and other is not None:
            yield Fault(
                statement.at, FORM, f"The statement has {name} and Not{name}; it can have one of them."
            )
        elif own is None and other is None and name == "Action":
            yield Fault(statement.at, FORM, "The statement has neither Action nor NotAction.")
    yield from _of_conditions(statement.get("Condition"))
    yield from _of_actions(statement)


def _of_principals(statement: Object, *, of_identity: bool) -> Iterator[Fault]:
    those = [found for name in ("Principal", "NotPrincipal") if (found := statement.get(name)) is not None]
    if not those and not of_identity:
        yield Fault(
            statement.at,
            FORM,
            "The statement has neither Principal nor NotPrincipal; S3 refuses such a policy.",
        )
    for found in those:
        for at, name in _named(found):
            if has_wildcard(name):
                yield Fault(
                    at, FORM, f"{name} has a wildcard; a Principal is one whole ARN, an account or *."
                )


def _named(principal: Value) -> Iterator[tuple[Location, str]]:
    """Those of AWS that are wholly known."""
    match principal:
        case Object(members=members):
            for member in members:
                if member.name.lower() == "aws":
                    yield from ((at, name.literal) for at, name in _texts(member.value) if name.literal)
        case _:
            pass


def _strange(holder: Object, known: dict[str, str], what: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for member in holder.members:
        name = member.name.lower()
        if name not in known:
            yield Fault(member.at, ELEMENT, f"There is no element {member.name} in {what}.")
        elif name in seen:
            yield Fault(member.at, ELEMENT, f"{known[name]} stands twice in {what}.")
        seen.add(name)


def _of_conditions(condition: Value | None) -> Iterator[Fault]:
    match condition:
        case Object(members=members):
            yield from (fault for member in members for fault in _of_operator(member))
        case Leaf(value=None) | None | Unknown():
            pass
        case Array(at=at) | Leaf(at=at):
            yield Fault(at, FORM, "A Condition is an object of operators.")


def _of_operator(member: Member) -> Iterator[Fault]:
    if operator(member.name) is None:
        yield Fault(member.at, OPERATOR, f"There is no operator {member.name}.")
    match member.value:
        case Array(at=at) | Leaf(at=at):
            yield Fault(at, FORM, f"{member.name} is an object of keys.")
        case _:
            pass


def _of_actions(statement: Object) -> Iterator[Fault]:
    shapes = [shape for _, text in _texts(statement.get("Resource")) for shape in _shapes(text)]
    reaches = {of_objects: _may_reach(shapes, of_objects=of_objects) for of_objects in (True, False)}
    for at, text in _texts(statement.get("Action")):
        written = text.literal
        if written is None or written == "*":
            continue
        name = written.lower()
        if ":" not in name:
            yield Fault(
                at, ACTION, f"{written} is no action; one is written service:Name, such as s3:GetObject."
            )
        elif name.startswith("s3:"):
            meant = glob(name)
            if not any(map(meant.matches, _KNOWN)):
                yield Fault(at, ACTION, f"There is no action {written}.")
                continue
            kinds = {of_objects for known, of_objects in _NAMES if meant.matches(known)}
            if shapes and kinds and not any(reaches[kind] for kind in kinds):
                about = "objects" if True in kinds else "buckets"
                yield Fault(
                    at, NEVER, f"{written} is about {about}, and no Resource of the statement is one."
                )


def _texts(value: Value | None) -> Iterator[tuple[Location, Text]]:
    match value:
        case Leaf(value=Text() as text, at=at):
            yield at, text
        case Array(items=items):
            for item in items:
                yield from _texts(item)
        case _:
            pass


def _shapes(text: Text) -> Iterator[Glob]:
    """A Resource as a pattern, with anything for what is not known; none where it may be of any kind."""
    tokens: list[str | int] = []
    for part in text.parts:
        if isinstance(part, Opaque):
            tokens.append(MANY)
        else:
            tokens += [{"*": MANY, "?": ONE}.get(char, char) for char in part]
    yield Glob(tuple(tokens))


def _may_reach(shapes: list[Glob], *, of_objects: bool) -> bool:
    """Whether any may be the ARN of an object, or of a bucket: the one has a slash in it and the other has none."""
    return any(
        _has_slash(shape) or MANY in shape.tokens if of_objects else not _needs_slash(shape)
        for shape in shapes
    )


def _has_slash(shape: Glob) -> bool:
    return "/" in shape.tokens


def _needs_slash(shape: Glob) -> bool:
    """An access point has slashes in its own ARN."""
    written = "".join(token for token in shape.tokens if isinstance(token, str))
    return _has_slash(shape) and ":accesspoint" not in written and ":bucket/" not in written
