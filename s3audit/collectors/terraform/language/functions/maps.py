"""Functions of maps and objects."""

from s3audit.collectors.documents.tree import Entry, Mapping
from s3audit.collectors.terraform.language.convert import NotKnown
from s3audit.collectors.terraform.language.functions.common import (
    MANY,
    Call,
    Function,
    Refused,
    fits_elements,
    mapping_in,
    sequence_in,
    string_in,
    text_in,
    texts_in,
)
from s3audit.collectors.terraform.language.values import Primitive, Value, is_null, key_at, sequence
from s3audit.text import Text, same
from s3audit.verdict import Status


def _merge(call: Call) -> Value:
    entries: dict[str, Entry] = {}
    for argument in call.arguments:
        if isinstance(argument, Mapping):
            entries |= argument.entries
            fits_elements(len(entries))
        elif not is_null(argument):
            if any(map(is_null, call.arguments)):
                raise NotKnown("whether null has a type decides, and that can't be told")
            mapping_in(argument)
    at = call.at
    return Mapping(at.start, at.end, at.lines, "", entries)


def _lookup(call: Call) -> Value:
    entries = mapping_in(call.arguments[0]).entries
    wanted = text_in(call.arguments[1])
    name = wanted.literal
    if name is None:
        # It may still be known to be none of the keys.
        for key in entries:
            if same(wanted, Text((key,)) if key else Text()) is not Status.FAIL:
                raise NotKnown(f"which element is meant by {wanted} is not known")
    elif name in entries:
        return entries[name].value
    if len(call.arguments) < 3:
        raise Refused(f"there is no element {wanted}")
    return call.arguments[2]


def _keys(call: Call) -> Value:
    entries = mapping_in(call.arguments[0]).entries
    return sequence(call.at, [Primitive.of(entries[name].key, name) for name in sorted(entries)])


def _values(call: Call) -> Value:
    entries = mapping_in(call.arguments[0]).entries
    return sequence(call.at, [entries[name].value for name in sorted(entries)])


def _zipmap(call: Call) -> Value:
    keys, values = sequence_in(call.arguments[0]), sequence_in(call.arguments[1], sets=False)
    if len(keys) != len(values):
        raise Refused(f"there are {len(keys)} keys and {len(values)} values")
    entries: dict[str, Entry] = {}
    for key, value in zip(keys, values, strict=True):
        name = string_in(key)
        entries[name] = Entry(key_at(key, name), value)
    at = call.at
    return Mapping(at.start, at.end, at.lines, "", entries)


def _transpose(call: Call) -> Value:
    entries = mapping_in(call.arguments[0]).entries
    found: dict[str, list[Value]] = {}
    for name in sorted(entries):
        for text in texts_in(entries[name].value):
            if text is None:
                raise Refused("null can't be a key")
            if text.literal is None:
                raise NotKnown(f"it is a key, and {text} is not known")
            found.setdefault(text.literal, []).append(Primitive.of(entries[name].key, name))
    at = call.at
    made = {name: Entry(key_at(at, name), sequence(at, items)) for name, items in found.items()}
    return Mapping(at.start, at.end, at.lines, "", made)


FUNCTIONS = {
    "keys": Function(_keys, 1, 1),
    "lookup": Function(_lookup, 2, 3, 2),
    "merge": Function(_merge, 0, MANY, 0),
    "transpose": Function(_transpose, 1, 1),
    "values": Function(_values, 1, 1),
    "zipmap": Function(_zipmap, 2, 2),
}
