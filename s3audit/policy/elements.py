"""What one element of a statement surely takes in, surely does not, or may."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from s3audit.model.names import partition_of
from s3audit.policy.conditions import told
from s3audit.policy.language import Policy, Principal, Statement
from s3audit.policy.patterns import ANY, covers_action, touches_service
from s3audit.setting import Known, Listed, Setting, Unknown, Unset, some_of
from s3audit.text import Opaque, Text, same, text
from s3audit.verdict import Status, Verdict, failed, unknown

T = TypeVar("T", Text, Principal)
E = TypeVar("E")

EVERYONE = (("*", "AWS"), "*")
YES, NO = Verdict(Status.PASS), Verdict(Status.FAIL)


def has_effect(statement: Statement, effect: str) -> Verdict:
    found = statement.effect.is_in(effect, what="the statement's Effect")
    return YES if found.status is Status.PASS else found


def speaks_of(statement: Statement, kinds: tuple[str, ...], name: str) -> Verdict:
    """Whether a principal of one of these kinds has this name; NotPrincipal never does."""
    match statement.not_principals:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(spared, at):
            return failed(at, f"the statement's NotPrincipal spares {names(spared)}")
        case Unset():
            return one_of(
                statement.principals,
                lambda p: same(p.name, text(name)) if p.kind in kinds else Status.FAIL,
                only("Principal"),
            )


def acts(statement: Statement, action: Text) -> Verdict:
    """Whether the statement speaks of an action, or of every action."""
    match statement.not_actions:
        case Unset():
            return one_of(
                statement.actions,
                lambda pattern: covers_action(pattern, action),
                only("Action"),
            )
        case Unknown(why, at):
            return unknown(at, why)
        case Known(spared, at):
            found = some_of(Known(spared, at), lambda pattern: Verdict(_touches(pattern, action)))
            return told(~found, at, f"the statement's NotAction spares {names(spared)}")


def _touches(pattern: Text, action: Text) -> Status:
    """Whether a pattern takes in the action, or where every action is meant one of them."""
    if ANY in action.parts:
        return touches_service(pattern, "s3")
    return covers_action(pattern, action)


def one_of(
    listed: Listed[T], judge: Callable[[T], Status], gap: Callable[[str], str], still_open: str = ""
) -> Verdict:
    """Whether one of them will do; together they are one piece of evidence."""
    match listed:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(items, at) | Unset(items, at):
            found = some_of(listed, lambda item: Verdict(judge(item)))
            if found.status is Status.PASS:
                return YES
            return told(found, at, gap(names(items) if items else ""), still_open)


def only(element: str) -> Callable[[str], str]:
    return lambda names: (
        f"the statement's {element} is {names} only" if names else f"the statement has no {element}"
    )


def elements(listed: Listed[E]) -> list[E | None]:
    """What a list holds; None stands for what is not known."""
    match listed:
        case Unknown():
            return [None]
        case Known(items) | Unset(items):
            return [value_of(item) for item in items]


def value_of(item: Setting[E]) -> E | None:
    match item:
        case Unknown():
            return None
        case Known(value) | Unset(value):
            return value


def listed(policy: Policy) -> Sequence[Setting[Statement]]:
    match policy.statements:
        case Unknown() as gap:
            return (gap,)
        case Known(items) | Unset(items):
            return items


def known_name(name: Setting[Text]) -> Text:
    """The name of a bucket; where it is not known, a text that nothing but a wildcard covers."""
    match name:
        case Known(value) | Unset(value):
            return value
        case Unknown():
            return text(Opaque("its name"))


def known_partition(region: Setting[Text]) -> str:
    """That of a Region, or nothing where it is not known."""
    match region:
        case Known(name) | Unset(name) if name.literal is not None:
            return partition_of(name.literal)
        case _:
            return ""


def names(items: Sequence[Setting[Text] | Setting[Principal]]) -> str:
    """At most three of them, and how many more there are."""
    them = [_name(item) for item in items]
    if not them:
        return "nothing"
    if len(them) > 3:
        return f"{', '.join(them[:3])} and {len(them) - 3} more"
    return " and ".join(filter(None, (", ".join(them[:-1]), them[-1])))


def _name(item: Setting[Text] | Setting[Principal]) -> str:
    match item:
        case Known(Principal(name=name)) | Unset(Principal(name=name)):
            return str(name)
        case Known(Text() as name) | Unset(Text() as name):
            return str(name)
        case _:
            return "something unknown"
