"""A policy document as statements, every element with its place; what can't be read is Unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from s3audit.location import Location
from s3audit.model.document import Array, Leaf, Member, Object, Value
from s3audit.recent import Recent
from s3audit.setting import Known, Listed, Setting, Unknown, Unset
from s3audit.text import Text, text

T = TypeVar("T")


class Principal(msgspec.Struct, frozen=True, gc=False):
    kind: str
    """AWS, Service, Federated or CanonicalUser; `*` where the whole element is `"*"`."""
    name: Text


class Condition(msgspec.Struct, frozen=True, gc=False):
    """One operator on one key; the conditions of a statement hold together."""

    operator: str
    """As written, like the key: both are compared without regard to case."""
    key: str
    values: Listed[Text]
    """Booleans and numbers as IAM compares them, as texts."""
    at: Location

    def is_about(self, *keys: str) -> bool:
        return self.key.lower() in keys


class Statement(msgspec.Struct, frozen=True, gc=False):
    """An element that is not written is Unset and empty."""

    at: Location
    sid: Setting[Text | None]
    effect: Setting[str]
    principals: Listed[Principal]
    not_principals: Listed[Principal]
    actions: Listed[Text]
    not_actions: Listed[Text]
    resources: Listed[Text]
    not_resources: Listed[Text]
    conditions: Listed[Condition]


class Policy(msgspec.Struct, frozen=True, gc=False):
    at: Location
    version: Setting[Text | None]
    statements: Listed[Statement]


_RECENT: Recent[Policy] = Recent()
NO_PRINCIPAL = "it has neither Principal nor NotPrincipal, and S3 refuses such a policy"


def names_nobody(statement: Statement) -> bool:
    """As only the policies of identities may."""
    return isinstance(statement.principals, Unset) and isinstance(statement.not_principals, Unset)


def read(document: Value) -> Policy:
    """The statements of a document, whatever state it is in."""
    return _RECENT.of(document, lambda: _read(document))


def _read(document: Value) -> Policy:
    match document:
        case Unknown(at=at) as gap:
            return Policy(at, gap, gap)
        case Object(at=at):
            return Policy(at, _one(document, "Version"), _many(document.get("Statement"), _statement, at))
        case Array(at=at) | Leaf(at=at):
            gap = Unknown("a policy is an object with statements", at)
            return Policy(at, gap, gap)


def policy_of(document: Setting[Value | None]) -> Setting[Policy | None]:
    """The policy that a resource has, if it has one."""
    match document:
        case Unknown():
            return document
        case Known(value, at, via):
            return Known(None if value is None else read(value), at, via)
        case Unset(at=at, via=via):
            return Unset(None, at, via=via)


def _statement(value: Value) -> Setting[Statement]:
    match value:
        case Unknown():
            return value
        case Object(members, at):
            written: dict[str, Value] = {}
            for one in members:
                written.setdefault(one.name.lower(), one.value)
            return Known(
                Statement(
                    at=at,
                    sid=_one(value, "Sid"),
                    effect=_effect(value),
                    principals=_saying("Principal", _principals(written.get("principal"), at)),
                    not_principals=_saying("NotPrincipal", _principals(written.get("notprincipal"), at)),
                    actions=_saying("Action", _many(written.get("action"), _text, at)),
                    not_actions=_saying("NotAction", _many(written.get("notaction"), _text, at)),
                    resources=_saying("Resource", _many(written.get("resource"), _text, at)),
                    not_resources=_saying("NotResource", _many(written.get("notresource"), _text, at)),
                    conditions=_saying("Condition", _conditions(written.get("condition"), at)),
                ),
                at,
            )
        case Array(at=at) | Leaf(at=at):
            return Unknown("a statement is an object", at)


def _saying(element: str, listed: Listed[T]) -> Listed[T]:
    """The same, where what is not known says of which element it is."""
    match listed:
        case Unknown(why, at):
            return Unknown(f"the statement's {element} is not known: {why}", at)
        case Known(items, at) if any(isinstance(item, Unknown) for item in items):
            return Known(tuple(_one_saying(element, item) for item in items), at)
        case _:
            return listed


def _one_saying(element: str, item: Setting[T]) -> Setting[T]:
    if isinstance(item, Unknown):
        return Unknown(f"a part of the statement's {element} is not known: {item.why}", item.at)
    return item


def _effect(statement: Object) -> Setting[str]:
    match _one(statement, "Effect"):
        case Unknown() as gap:
            return gap
        case Known(Text() as effect, at) if (literal := effect.literal) is not None:
            return Known(literal, at)
        case Known(at=at) | Unset(at=at):
            return Unknown("a statement has an Effect, Allow or Deny", at)


def _principals(value: Value | None, at: Location) -> Listed[Principal]:
    match value:
        case None:
            return Unset((), at)
        case Unknown():
            return value
        case Object(members=members):
            found: list[Setting[Principal]] = []
            for member in members:
                match _many(member.value, _text, member.at):
                    case Unknown() as gap:
                        found.append(gap)
                    case Known(names) | Unset(names):
                        found.extend(name.map(_named(member.name)) for name in names)
            return Known(tuple(found), value.at)
        case Array() | Leaf():
            match _many(value, _text, at):
                case Unknown() as gap:
                    return gap
                case Known(names, at) | Unset(names, at):
                    return Known(tuple(name.map(_named("*")) for name in names), at)


def _named(kind: str) -> Callable[[Text], Principal]:
    return lambda name: Principal(kind, name)


def _conditions(value: Value | None, at: Location) -> Listed[Condition]:
    match value:
        case None | Leaf(value=None):
            return Unset((), at)
        case Unknown():
            return value
        case Object(members=operators):
            found: list[Setting[Condition]] = []
            for operator in operators:
                match operator.value:
                    case Unknown() as gap:
                        found.append(gap)
                    case Object(members=keys):
                        found.extend(
                            Known(
                                _condition(operator.name, key),
                                key.at,
                            )
                            for key in keys
                        )
                    case Array() | Leaf():
                        found.append(Unknown(f"{operator.name} is no object of keys", operator.at))
            return Known(tuple(found), value.at)
        case Array(at=at) | Leaf(at=at):
            return Unknown("a condition is an object of operators", at)


def _condition(operator: str, key: Member) -> Condition:
    values = _saying(f"condition on {key.name}", _many(key.value, _text, key.at))
    return Condition(operator, key.name, values, key.at)


def _one(holder: Object, name: str) -> Setting[Text | None]:
    match holder.get(name):
        case None | Leaf(value=None):
            return Unset(None, holder.at)
        case found:
            match _text(found):
                case Unknown() as gap:
                    return gap
                case Known(value, at) | Unset(value, at):
                    return Known(value, at)


def _many(value: Value | None, read_one: Callable[[Value], Setting[T]], at: Location) -> Listed[T]:
    """One or a list of them."""
    match value:
        case None:
            return Unset((), at)
        case Unknown():
            return value
        case Array(items=items, at=at):
            return Known(tuple(map(read_one, items)), at)
        case Leaf(at=at) | Object(at=at):
            return Known((read_one(value),), at)


def _text(value: Value) -> Setting[Text]:
    match value:
        case Unknown():
            return value
        case Leaf(value=Text() as known, at=at):
            return Known(known, at)
        case Leaf(value=bool() as flag, at=at):
            return Known(text("true" if flag else "false"), at)
        case Leaf(value=int() | float() as number, at=at):
            return Known(text(str(number)), at)
        case Leaf(at=at) | Array(at=at) | Object(at=at):
            return Unknown("a text was expected here", at)
