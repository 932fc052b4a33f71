"""Functions of lists."""

from decimal import Decimal

from s3audit.collectors.documents.resolved import Partial, Undecided
from s3audit.collectors.documents.tree import Budget, Mapping, Sequence
from s3audit.collectors.terraform.language.convert import (
    NotKnown,
    alike,
    as_text,
    distinct_items,
    equal,
    literal,
    may_be_anything,
    unify,
)
from s3audit.collectors.terraform.language.functions.common import (
    MANY,
    MOST,
    Call,
    Function,
    Refused,
    fits_elements,
    known,
    number_in,
    of_wrong_kind,
    sequence_in,
    some_in,
    text_in,
    whole_in,
)
from s3audit.collectors.terraform.language.values import (
    OpenSequence,
    Primitive,
    Value,
    is_null,
    open_sequence,
    sequence,
    undecided,
)

MOST_IN_RANGE = 1024


def _length(call: Call) -> Value:
    value = known(call.arguments[0])
    if isinstance(value, Sequence):
        return Primitive.of(call.at, len(value.items))
    if isinstance(value, Mapping):
        return Primitive.of(call.at, len(value.entries))
    text = literal(value)
    if text is None:
        if isinstance(value, Partial):
            raise NotKnown(f"the length of {value.text} is not known")
        raise of_wrong_kind(value, "a list, a map or a string")
    if text.isascii():
        return Primitive.of(call.at, len(text) - text.count("\r\n"))
    from s3audit.collectors.terraform.language.functions.letters import clusters

    return Primitive.of(call.at, len(clusters(text)))


def _concat(call: Call) -> Value:
    items: list[Value] = []
    gap = ""
    for argument in call.arguments:
        some, why = some_in(argument, sets=False)
        items += some
        gap = gap or why
        fits_elements(len(items))
    if gap:
        return open_sequence(call.at, items, gap)
    kinds = {type(item.data) for item in items if isinstance(item, Primitive)}
    if str in kinds and not kinds.isdisjoint((int, Decimal, bool)):
        return sequence(call.at, _of_lists(call, items))
    return sequence(call.at, items)


def _of_lists(call: Call, items: list[Value]) -> list[Value]:
    """The elements where numbers stand beside texts: those of lists, but not of tuples, become texts."""
    for argument in call.arguments:
        own = sequence_in(argument)
        if unify(own) is not own:
            return items  # it has several types, so it is a tuple, and the outcome is one
    why = "whether it is a number or a text is known only where lists are told from tuples"
    is_word = [isinstance(item, Primitive) and isinstance(item.data, int | Decimal) for item in items]
    return [undecided(item, why) if word else item for word, item in zip(is_word, items, strict=True)]


def _element(call: Call) -> Value:
    items = sequence_in(call.arguments[0], sets=False)
    if not items:
        raise Refused("the list is empty")
    index = whole_in(call.arguments[1])
    if index < 0:
        raise NotKnown("an index below zero is for lists alone, and whether this is one can't be told")
    return items[index % len(items)]


def _index(call: Call) -> Value:
    wanted = call.arguments[1]
    for place, item in enumerate(sequence_in(call.arguments[0], sets=False)):
        answer = equal(item, wanted)
        if answer is True:
            return Primitive.of(call.at, place)
        if isinstance(answer, Undecided):
            known(answer)
    raise Refused("the list does not have this element")


def _flatten(call: Call) -> Value:
    found: list[Value] = []
    gap = _flatten_into(found, call.arguments[0], Budget(MOST))
    return open_sequence(call.at, found, gap) if gap else sequence(call.at, found)


def _flatten_into(found: list[Value], value: Value, budget: Budget) -> str:
    """Add the elements; gives why there may be more."""
    items, gap = some_in(value)
    for item in items:
        budget.spend()
        if isinstance(item, Sequence | OpenSequence):
            why = _flatten_into(found, item, budget)
        elif isinstance(item, Undecided) or may_be_anything(item):
            # It may be a list.
            some, why = some_in(item)
            found += some
        else:
            found.append(item)
            continue
        gap = gap or why
    return gap


def _slice(call: Call) -> Value:
    items = sequence_in(call.arguments[0], sets=False)
    start, end = whole_in(call.arguments[1]), whole_in(call.arguments[2])
    if not 0 <= start <= end <= len(items):
        raise Refused(f"the list has {len(items)} elements")
    return sequence(call.at, items[start:end])


def _reverse(call: Call) -> Value:
    items, gap = some_in(call.arguments[0])
    return open_sequence(call.at, reversed(items), gap) if gap else sequence(call.at, reversed(items))


def _chunklist(call: Call) -> Value:
    items = _of_one_type(call.arguments[0])
    size = whole_in(call.arguments[1])
    if size < 0:
        raise Refused("the size of the chunks is below zero")
    size = size or max(1, len(items))
    chunks = (items[start : start + size] for start in range(0, len(items), size))
    return sequence(call.at, [sequence(call.at, chunk) for chunk in chunks])


def _of_one_type(value: Value) -> list[Value]:
    """The elements of a list, which have one type."""
    items = unify(sequence_in(value))
    if items is None:
        raise Refused("the elements have no type in common")
    return items


def _distinct(call: Call) -> Value:
    if isinstance(call.arguments[0], OpenSequence):
        return call.arguments[0]
    items = distinct_items(_of_one_type(call.arguments[0]))
    if isinstance(items, Undecided):
        raise NotKnown(items.why)
    return sequence(call.at, items)


def _sort(call: Call) -> Value:
    if isinstance(call.arguments[0], OpenSequence):
        some, gap = some_in(call.arguments[0])
        return open_sequence(call.at, some, gap, in_order=False)
    items = sequence_in(call.arguments[0], any_order=True)
    if any(is_null(item) for item in items):
        raise Refused("null can't be sorted")
    texts = [text_in(item) for item in items]
    if len(items) > 1:
        for text in texts:
            if text.literal is None:
                raise NotKnown(f"it is sorted, and {text} is not known")
    words = zip(((text.literal or "") for text in texts), map(as_text, items), strict=True)
    return sequence(call.at, [item for _, item in sorted(words, key=lambda pair: pair[0])])


def _matchkeys(call: Call) -> Value:
    values, keys, wanted = (sequence_in(argument) for argument in call.arguments)
    if len(values) != len(keys):
        raise Refused("there are not as many keys as values")
    together = unify([*keys, *wanted])
    items = unify(values)
    if together is None or items is None:
        raise Refused("the elements have no type in common")
    keys, wanted = together[: len(keys)], together[len(keys) :]
    if len(keys) * len(wanted) > MOST:
        raise NotKnown("so many keys are too large to be worked out")
    kept: list[Value] = []
    for key, item in zip(keys, items, strict=True):
        answers = [alike(key, one) for one in wanted]
        if True in answers:
            kept.append(item)
            continue
        for answer in answers:
            if isinstance(answer, Undecided):
                raise NotKnown(answer.why)
    return sequence(call.at, kept)


def _range(call: Call) -> Value:
    numbers = [number_in(argument) for argument in call.arguments]
    if len(numbers) == 1:
        numbers.insert(0, 0)
    start, end = numbers[:2]
    step = numbers[2] if len(numbers) == 3 else (-1 if end < start else 1)
    if start == end:
        return sequence(call.at, ())
    if not step or (step > 0) is not (end > start):
        raise Refused("the step does not lead from the start to the end")
    if (end - start) / step > MOST_IN_RANGE:
        raise Refused(f"more than {MOST_IN_RANGE} values would be made")
    if isinstance(start, int) and isinstance(step, int):
        stop = int(end) if end == int(end) else int(end // 1) + (1 if step > 0 or end < 0 else 0)
        return sequence(call.at, [Primitive.of(call.at, number) for number in range(start, stop, step)])
    return sequence(call.at, [Primitive.of(call.at, number) for number in _steps(start, end, step)])


def _steps(start: int | Decimal, end: int | Decimal, step: int | Decimal) -> list[int | Decimal]:
    from s3audit.collectors.terraform.language.functions.exact import fraction, rounded

    made: list[int | Decimal] = []
    current, last, by = fraction(start), fraction(end), fraction(step)
    while current < last if by > 0 else current > last:
        made.append(rounded(current))
        current = fraction(rounded(current + by))
    return made


FUNCTIONS = {
    "chunklist": Function(_chunklist, 2, 2),
    "concat": Function(_concat, 1, MANY),
    "distinct": Function(_distinct, 1, 1),
    "element": Function(_element, 2, 2),
    "flatten": Function(_flatten, 1, 1),
    "index": Function(_index, 2, 2),
    "length": Function(_length, 1, 1),
    "matchkeys": Function(_matchkeys, 3, 3),
    "range": Function(_range, 1, 3),
    "reverse": Function(_reverse, 1, 1),
    "slice": Function(_slice, 3, 3),
    "sort": Function(_sort, 1, 1),
}
