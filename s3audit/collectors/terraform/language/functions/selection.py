"""Functions that choose among values: what is there, what is not empty, what does not fail."""

from s3audit.collectors.documents.resolved import Partial, Undecided
from s3audit.collectors.documents.tree import Budget, Mapping, Sequence
from s3audit.collectors.terraform.language.convert import (
    NotKnown,
    as_bool,
    as_text,
    equal,
    literal,
    unify,
)
from s3audit.collectors.terraform.language.functions.common import (
    MANY,
    OWN_CARE,
    Call,
    Function,
    Refused,
    gap_in,
    known,
    sequence_in,
    some_in,
    text_in,
)
from s3audit.collectors.terraform.language.values import (
    Encoded,
    Failed,
    Primitive,
    SetOf,
    Value,
    is_null,
    open_sequence,
    sequence,
    undecided,
)
from s3audit.text import Opaque, Text


def _try(call: Call) -> Value:
    for argument in call.arguments:
        failing = _failing(argument, Budget())
        if isinstance(failing, Failed):
            continue
        # Elsewhere in a value something unknown is a value yet to come; in its place it may as well be a failure.
        return undecided(call.at, argument.why) if isinstance(argument, Undecided) else argument
    raise Refused("none of its arguments can be worked out")


def _can(call: Call) -> Value:
    failing = _failing(call.arguments[0], Budget())
    if isinstance(failing, Undecided) and not isinstance(failing, Failed):
        raise NotKnown(failing.why)
    return Primitive.of(call.at, failing is None)


def _failing(value: Value, budget: Budget) -> Undecided | None:
    """What is refused in a value, else what is not known in it."""
    budget.spend()
    if isinstance(value, Undecided):
        return value
    if isinstance(value, Encoded):
        return _failing(value.value, budget)
    if isinstance(value, Sequence):
        items = value.items
    elif isinstance(value, Mapping):
        items = [entry.value for entry in value.entries.values()]
    else:
        return None
    unknown: Undecided | None = None
    for item in items:
        found = _failing(item, budget)
        if isinstance(found, Failed):
            return found
        unknown = unknown or found
    return unknown


def _coalesce(call: Call) -> Value:
    values = unify(call.arguments)
    if values is None:
        if any(map(is_null, call.arguments)):
            raise NotKnown("whether null has a type decides, and that can't be told")
        raise Refused("its arguments have no type in common")
    for value in values:
        if is_null(value):
            continue
        if isinstance(value, Undecided):
            known(value)
        if literal(value) == "":
            continue
        if isinstance(value, Partial):
            if isinstance(value, Encoded) and (why := gap_in(value)):
                raise NotKnown(why)
            if not is_filled(value.text):
                raise NotKnown(f"whether {value.text} is empty is not known")
        return value
    raise Refused("all of its arguments are null or empty")


def is_filled(text: Text) -> bool:
    """Whether a text has a character for certain; the name of a resource has one."""
    return any(not isinstance(part, Opaque) or part.resource or part.generated for part in text.parts)


def _coalescelist(call: Call) -> Value:
    for value in call.arguments:
        if isinstance(value, SetOf | Mapping | Primitive):
            sequence_in(value, sets=False)
    for value in call.arguments:
        if sequence_in(value, sets=False):
            return value
    raise Refused("all of its lists are empty")


def _compact(call: Call) -> Value:
    kept: list[Value] = []
    items, gap = some_in(call.arguments[0])
    for item in items:
        if is_null(item):
            continue
        try:
            text = text_in(item)
            if text.literal is None and not is_filled(text):
                raise NotKnown(f"whether {text} is empty is not known")
        except NotKnown as unknown:
            kept.append(undecided(item, unknown.why))
            gap = gap or unknown.why
            continue
        if text.parts:
            kept.append(as_text(item))
    return open_sequence(call.at, kept, gap) if gap else sequence(call.at, kept)


def _one(call: Call) -> Value:
    items = sequence_in(call.arguments[0], any_order=True)
    if len(items) > 1:
        raise Refused("there is more than one element")
    return items[0] if items else Primitive.of(call.at, None)


def _contains(call: Call) -> Value:
    where, wanted = call.arguments
    gap = ""
    for item in sequence_in(where, any_order=True):
        answer = equal(item, wanted)
        if answer is True:
            return Primitive.of(call.at, True)
        if isinstance(answer, Undecided):
            gap = gap or answer.why
    if gap:
        raise NotKnown(gap)
    return Primitive.of(call.at, False)


def _alltrue(call: Call) -> Value:
    return _all(call, decides=False)


def _anytrue(call: Call) -> Value:
    return _all(call, decides=True)


def _all(call: Call, *, decides: bool) -> Value:
    gap, decided = "", False
    for item in sequence_in(call.arguments[0], any_order=True):
        if is_null(item):
            decided = decided or not decides
            continue
        answer = as_bool(item)
        if isinstance(answer, Failed):
            raise Refused(answer.why)
        if isinstance(answer, Undecided):
            gap = gap or answer.why
        elif answer is decides:
            decided = True
    if not decided and gap:
        raise NotKnown(gap)
    return Primitive.of(call.at, decides is decided)


FUNCTIONS = {
    "alltrue": Function(_alltrue, 1, 1),
    "anytrue": Function(_anytrue, 1, 1),
    "can": Function(_can, 1, 1, OWN_CARE),
    "coalesce": Function(_coalesce, 1, MANY, 0),
    "coalescelist": Function(_coalescelist, 1, MANY),
    "compact": Function(_compact, 1, 1),
    "contains": Function(_contains, 2, 2),
    "one": Function(_one, 1, 1),
    "try": Function(_try, 1, MANY, OWN_CARE),
}
