"""Functions whose outcome is made up, secret, or about secrets."""

from s3audit.collectors.documents.resolved import Partial
from s3audit.collectors.documents.tree import Budget, Entry, Mapping, Sequence
from s3audit.collectors.terraform.language.convert import NotKnown, Unlike, to_set, with_values
from s3audit.collectors.terraform.language.functions.common import MANY, MOST, Call, Function
from s3audit.collectors.terraform.language.values import (
    Concealed,
    OpenSequence,
    Primitive,
    SetOf,
    Value,
    again,
    concealed_text,
    sequence,
    set_of,
)
from s3audit.text import Text

SENSITIVE = "(sensitive value)"


def _new_each_time(call: Call) -> Value:
    raise NotKnown(f"{call.name}() has a new value at each run")


def _needs_the_key(call: Call) -> Value:
    raise NotKnown("rsadecrypt() is not worked out here")


def _sensitive(call: Call) -> Value:
    return _hidden(call.arguments[0], Budget(MOST))


def _hidden(value: Value, budget: Budget) -> Value:
    budget.spend()
    if isinstance(value, Partial) or (isinstance(value, Primitive) and isinstance(value.data, str)):
        return concealed_text(value, Text((Unlike(SENSITIVE),)), value)
    if isinstance(value, OpenSequence):
        return again(value, value)
    if isinstance(value, Sequence):
        items = [_hidden(item, budget) for item in value.items]
        return set_of(value, items) if isinstance(value, SetOf) else sequence(value, items)
    if isinstance(value, Mapping):
        entries = {
            name: Entry(entry.key, _hidden(entry.value, budget)) for name, entry in value.entries.items()
        }
        return Mapping(value.start, value.end, value.lines, "", entries)
    return value


def _as_it_is(call: Call) -> Value:
    return call.arguments[0]


def _nonsensitive(call: Call) -> Value:
    return _revealed(call.arguments[0], Budget(MOST))


def _revealed(value: Value, budget: Budget) -> Value:
    budget.spend()
    match value:
        case Concealed(value=inner):
            return _revealed(inner, budget)
        case SetOf(items=items):
            return to_set(value, [_revealed(item, budget) for item in items])
        case Sequence(items=items):
            return sequence(value, [_revealed(item, budget) for item in items])
        case Mapping(entries=entries):
            return with_values(
                value, {name: _revealed(entry.value, budget) for name, entry in entries.items()}
            )
        case _:
            return value


def _issensitive(call: Call) -> Value:
    value = call.arguments[0]
    if isinstance(value, Concealed):
        return Primitive.of(call.at, True)
    if isinstance(value, Partial) and any(part.origin == SENSITIVE for part in value.text.opaque):
        return Primitive.of(call.at, True)
    raise NotKnown("what is sensitive is not traced")


FUNCTIONS = {
    "bcrypt": Function(_new_each_time, 1, MANY),
    "ephemeralasnull": Function(_as_it_is, 1, 1, 0),
    "issensitive": Function(_issensitive, 1, 1, 0),
    "nonsensitive": Function(_nonsensitive, 1, 1, 0),
    "plantimestamp": Function(_new_each_time, 0, 0),
    "rsadecrypt": Function(_needs_the_key, 2, 2),
    "sensitive": Function(_sensitive, 1, 1, 0),
    "timestamp": Function(_new_each_time, 0, 0),
    "uuid": Function(_new_each_time, 0, 0),
}
