"""Functions of sets."""

from itertools import product

from s3audit.collectors.documents.resolved import Undecided
from s3audit.collectors.terraform.language.convert import NotKnown, alike, to_set, unify
from s3audit.collectors.terraform.language.functions.common import (
    MANY,
    Call,
    Function,
    Refused,
    fits_elements,
    sequence_in,
    some_in,
)
from s3audit.collectors.terraform.language.values import SetOf, Value, open_sequence, sequence


def _of_one_type(call: Call) -> list[list[Value]]:
    """The elements of the arguments, which have one type, each once."""
    given = [sequence_in(argument, any_order=True) for argument in call.arguments]
    together = unify([item for items in given for item in items])
    if together is None:
        raise Refused("the elements have no type in common")
    rest = iter(together)
    return [_as_set(call, [next(rest) for _ in items]).items for items in given]


def _as_set(call: Call, items: list[Value]) -> SetOf:
    made = to_set(call.at, items)
    if isinstance(made, SetOf):
        return made
    raise NotKnown(made.why if isinstance(made, Undecided) else "")


def _setunion(call: Call) -> Value:
    given = [some_in(argument, any_order=True) for argument in call.arguments]
    gap = next((why for _, why in given if why), "")
    if gap:
        return open_sequence(call.at, [item for items, _ in given for item in items], gap, in_order=False)
    return to_set(call.at, [item for items in _of_one_type(call) for item in items])


def _setintersection(call: Call) -> Value:
    first, *others = _of_one_type(call)
    return _as_set(call, [item for item in first if all(_has(other, item) for other in others)])


def _setsubtract(call: Call) -> Value:
    first, other = _of_one_type(call)
    return _as_set(call, [item for item in first if not _has(other, item)])


def _has(items: list[Value], wanted: Value) -> bool:
    gap = ""
    for item in items:
        answer = alike(item, wanted)
        if answer is True:
            return True
        if isinstance(answer, Undecided):
            gap = gap or answer.why or "whether two elements are equal is not known"
    if gap:
        raise NotKnown(gap)
    return False


def _setproduct(call: Call) -> Value:
    count = 1
    lists: list[list[Value]] = []
    is_set = False
    for argument in call.arguments:
        items = unify(sequence_in(argument))
        if items is None:
            raise Refused("the elements have no type in common")
        is_set = is_set or isinstance(argument, SetOf)
        count *= len(items)
        lists.append(items)
    fits_elements(count * len(lists))
    made = [sequence(call.at, row) for row in product(*lists)]
    return to_set(call.at, made) if is_set else sequence(call.at, made)


FUNCTIONS = {
    "setintersection": Function(_setintersection, 1, MANY),
    "setproduct": Function(_setproduct, 2, MANY),
    "setsubtract": Function(_setsubtract, 2, 2),
    "setunion": Function(_setunion, 1, MANY),
}
