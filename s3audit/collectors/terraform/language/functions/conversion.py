"""Functions that convert to a type."""

from s3audit.collectors.documents.resolved import Undecided
from s3audit.collectors.documents.tree import Mapping
from s3audit.collectors.terraform.language.convert import (
    as_bool,
    as_number,
    as_text,
    to_set,
    unify,
    with_values,
)
from s3audit.collectors.terraform.language.functions.common import (
    Call,
    Function,
    Refused,
    mapping_in,
    sequence_in,
)
from s3audit.collectors.terraform.language.values import (
    OpenSequence,
    Primitive,
    Value,
    is_null,
    open_sequence,
    sequence,
)


def _tostring(call: Call) -> Value:
    value = call.arguments[0]
    return value if is_null(value) else as_text(value)


def _tonumber(call: Call) -> Value:
    value = call.arguments[0]
    if is_null(value):
        return value
    made = as_number(value)
    return made if isinstance(made, Undecided) else Primitive.of(value, made)


def _tobool(call: Call) -> Value:
    value = call.arguments[0]
    if is_null(value):
        return value
    made = as_bool(value)
    return made if isinstance(made, Undecided) else Primitive.of(value, made)


def _tolist(call: Call) -> Value:
    value = call.arguments[0]
    if is_null(value) or isinstance(value, OpenSequence):
        return value
    return sequence(value, _of_one_type(sequence_in(value)))


def _toset(call: Call) -> Value:
    value = call.arguments[0]
    if isinstance(value, OpenSequence):
        return open_sequence(value, value.items, value.why, in_order=False)
    return value if is_null(value) else to_set(value, _of_one_type(sequence_in(value, any_order=True)))


def _tomap(call: Call) -> Value:
    value = call.arguments[0]
    if is_null(value):
        return value
    old: Mapping = mapping_in(value)
    items = _of_one_type([entry.value for entry in old.entries.values()])
    return with_values(old, dict(zip(old.entries, items, strict=True)))


def _of_one_type(items: list[Value]) -> list[Value]:
    made = unify(items)
    if made is None:
        raise Refused("the elements have no type in common")
    return made


FUNCTIONS = {
    "tobool": Function(_tobool, 1, 1, 0),
    "tolist": Function(_tolist, 1, 1, 0),
    "tomap": Function(_tomap, 1, 1, 0),
    "tonumber": Function(_tonumber, 1, 1, 0),
    "tostring": Function(_tostring, 1, 1, 0),
    "toset": Function(_toset, 1, 1, 0),
}
