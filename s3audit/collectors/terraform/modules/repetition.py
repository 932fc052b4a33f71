"""How often a block is there: what `count` and `for_each` come to, as far as that can be told."""

from typing import TYPE_CHECKING

import msgspec

from s3audit.collectors.documents.hcl import syntax
from s3audit.collectors.documents.hcl.syntax import Expression
from s3audit.collectors.documents.resolved import Partial, Undecided
from s3audit.collectors.documents.tree import Sequence
from s3audit.collectors.terraform.language import convert
from s3audit.collectors.terraform.language.declarations import Key
from s3audit.collectors.terraform.language.values import (
    Primitive,
    Value,
    mapping,
    opaque,
    partial,
    undecided,
)
from s3audit.text import Opaque, Text

if TYPE_CHECKING:
    from s3audit.collectors.terraform.modules.instances import ModuleInstance

_NO_NUMBER = "count takes a whole number that is not negative, and this is none"
_LIST = "for_each takes a map or a set of texts, and this is a list: toset() makes a set of it"


class One(msgspec.Struct, frozen=True, eq=False):
    key: Key
    label: str
    """The key as it stands in an address, brackets left out."""
    names: dict[str, Value]
    """What `each` or `count` is for it."""
    cause: str = ""
    """What decides whether it is there, if that is more than the expression that gives it."""


class Repetition(msgspec.Struct, frozen=True, eq=False):
    ones: list[One]
    open: str = ""
    """Why there may be others, or less; empty when they are all."""
    total: int = 0
    """How many there are, also where not all of them are looked at."""


def counted(module: "ModuleInstance", expression: Expression, value: Value) -> Repetition:
    """What `count` gives."""
    number = convert.as_number(value)
    why = ""
    if isinstance(number, Undecided):
        why = number.why
        most = _most(module, expression)
        if most is None:
            return unknown_count(module, expression, why)
        number = most
    total = int(number)
    if total < 0 or total != number:
        return unknown_count(module, expression, _NO_NUMBER)
    ones = [_numbered(index, expression) for index in range(module.may_make(total))]
    return Repetition(ones, why, total)


def _numbered(index: int, at: Expression) -> One:
    return One(index, str(index), {"count": mapping(at, {"index": Primitive.of(at, index)})})


def _most(module: "ModuleInstance", expression: Expression) -> int | None:
    """How many there are at most, where a condition that can't be decided chooses between two numbers."""
    chosen = _meant(module, expression)
    if not isinstance(chosen, syntax.Conditional):
        return None
    numbers: list[int] = []
    for branch in (chosen.yes, chosen.no):
        number = convert.as_number(module.evaluator.aside(branch, module.scope))
        most = _most(module, branch) if isinstance(number, Undecided) else int(number)
        if most is None:
            return None
        numbers.append(most)
    return max(numbers)


def _meant(module: "ModuleInstance", expression: Expression) -> Expression:
    """The expression of the local value that is named."""
    match expression:
        case syntax.Attribute(of=syntax.Name(name="local"), name=name) if name in module.module.locals:
            return module.module.locals[name].value
        case _:
            return expression


def unknown_count(module: "ModuleInstance", expression: Expression, why: str) -> Repetition:
    """One instance stands for all, whose index is known by where it comes from."""
    key = Text((Opaque(f"{module.prefix}count.index of {written(expression)}", given=True),))
    names: dict[str, Value] = {"count": mapping(expression, {"index": partial(expression, key, why)})}
    return Repetition([One(key, "count.index", names)], why)


def each(module: "ModuleInstance", expression: Expression, value: Value) -> Repetition:
    """What `for_each` gives."""
    members = convert.elements(value)
    if isinstance(members, Undecided):
        possible = _possible(module, expression)
        if possible is None:
            return unknown_each(module, expression, members.why)
        ones = [keyed(name, possible[name], expression) for name in sorted(possible)]
        return Repetition(ones[: module.may_make(len(ones))], members.why, len(ones))
    if isinstance(value, Sequence) and type(value) is Sequence:
        return unknown_each(module, expression, _LIST)
    ones = []
    for key, element in members[: module.may_make(len(members))]:
        match convert.as_text(key):
            case Primitive(value=name):
                ones.append(keyed(name, element, expression))
            case Partial(text=known):
                ones.append(keyed(known, element, expression))
            case other:
                why = other.why if isinstance(other, Undecided) else "one of its keys is not known"
                return unknown_each(module, expression, why)
    return Repetition(ones, "", len(members))


def keyed(key: str | Text, value: Value, at: Expression) -> One:
    """The one of a key."""
    shown = partial(at, key) if isinstance(key, Text) else Primitive.of(at, key)
    escaped = str(key).replace("\\", "\\\\").replace('"', '\\"')
    return One(key, f'"{escaped}"', {"each": mapping(at, {"key": shown, "value": value})})


def _possible(module: "ModuleInstance", expression: Expression) -> dict[str, Value] | None:
    """All that there may be, where conditions that can't be decided choose between known ones."""
    match chosen := _meant(module, expression):
        case syntax.Conditional():
            found: dict[str, Value] = {}
            for branch in (chosen.yes, chosen.no):
                members = _possible(module, branch)
                if members is None:
                    return None
                for name, value in members.items():
                    if name in found and convert.alike(found[name], value) is not True:
                        found[name] = undecided(
                            expression, "which value it has depends on what can't be decided"
                        )
                    else:
                        found[name] = value
            return found
        case syntax.Call(name="toset", arguments=(syntax.Conditional() as inner,)):
            return _possible(module, inner)
        case _:
            return _known(module.evaluator.aside(chosen, module.scope))


def _known(value: Value) -> dict[str, Value] | None:
    """The members of a map, or of a list or set as those that a set of them has; None unless all keys are known."""
    members = convert.elements(value)
    if isinstance(members, Undecided):
        return None
    found: dict[str, Value] = {}
    for key, element in members:
        name = convert.literal(convert.as_text(element if isinstance(value, Sequence) else key))
        if name is None:
            return None
        found[name] = element
    return found


def unknown_each(module: "ModuleInstance", expression: Expression, why: str) -> Repetition:
    """One instance stands for all, whose key is known by where it comes from."""
    of = f"of {written(expression)}"
    key = Text((Opaque(f"{module.prefix}each.key {of}", given=True),))
    is_set = isinstance(expression, syntax.Call) and expression.name == "toset"
    shown = partial(expression, key, why)
    value = shown if is_set else opaque(expression, f"{module.prefix}each.value {of}", why)
    names: dict[str, Value] = {"each": mapping(expression, {"key": shown, "value": value})}
    return Repetition([One(key, "each.key", names)], why)


def written(expression: Expression) -> str:
    """All of it: where the same is written the keys are the same, and need not be where anything differs."""
    return " ".join(expression.lines.text[expression.start : expression.end].split())
