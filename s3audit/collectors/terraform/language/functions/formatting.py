"""`format` and `formatlist`."""

import re

from s3audit.collectors.documents.resolved import Partial, Undecided
from s3audit.collectors.documents.tree import Node, Sequence
from s3audit.collectors.terraform.language.convert import (
    NotKnown,
    as_text,
    may_be_anything,
    to_plain,
)
from s3audit.collectors.terraform.language.functions.common import (
    MANY,
    Call,
    Function,
    Refused,
    bool_in,
    fits,
    fits_elements,
    known,
    length_of,
    named_after,
    number_in,
    sequence_in,
    spelled,
    string_in,
    text_in,
)
from s3audit.collectors.terraform.language.functions.verbs import Verb, broken, cut, filled, quoted, whole
from s3audit.collectors.terraform.language.values import (
    Value,
    is_document,
    is_null,
    joined,
    partial,
    sequence,
    undecided,
)
from s3audit.text import Text

_VERB = re.compile(
    r"%(?P<flags>[-+ #0]*)(?P<width>[1-9][0-9]{0,30})?(?:\.(?P<precision>[0-9]{0,30}))?"
    r"(?:\[(?P<argument>[1-9][0-9]{0,30})\])?(?P<letter>[a-zA-Z])"
)
_LETTERS = frozenset("vqstbdoxXeEfgG")


def _format(call: Call) -> Value:
    return _formatted(call, string_in(call.arguments[0]), call.arguments[1:])


def _formatted(call: Call, pattern: str, arguments: list[Value]) -> Value:
    for argument in arguments:
        if isinstance(argument, Undecided):
            known(argument)
    pieces: list[str | Value] = []
    place = used = following = size = 0
    while (mark := pattern.find("%", place)) >= 0:
        pieces.append(pattern[place:mark])
        if pattern.startswith("%%", mark):
            pieces.append("%")
            place = mark + 2
            continue
        found = None if pattern.startswith("%s", mark) else _verb(pattern, mark)
        index = int(found["argument"]) - 1 if found is not None and found["argument"] else following
        following = index + 1
        used = max(used, following)
        if index >= len(arguments):
            raise Refused(f"there is no argument {index + 1}")
        made = _stands_in(found, arguments[index], call.at)
        pieces.append(made)
        size += length_of(made)
        fits(size)
        place = mark + 2 if found is None else found.end()
    if used < len(arguments):
        raise Refused(f"it is given {len(arguments)} arguments and uses {used} of them")
    pieces.append(pattern[place:])
    return joined(call.at, pieces, keep=any(map(is_document, arguments)))


def _verb(pattern: str, mark: int) -> "re.Match[str]":
    found = _VERB.match(pattern, mark)
    if found is None or found["letter"] not in _LETTERS:
        raise Refused(f"its text has a verb that is none: {pattern[mark : mark + 10]!r}")
    return found


def _stands_in(found: "re.Match[str] | None", argument: Value, at: Node) -> str | Value:
    """What is written for an argument; plain %s, by far the most usual verb, is not even looked at."""
    if found is None:
        if is_null(argument):
            raise Refused("null can't be written with %s")
        text_in(argument)
        return as_text(argument)
    precision = found["precision"]
    verb = Verb(
        found["flags"],
        int(found["width"] or 0),
        None if precision is None else int(precision or 0),
        found["letter"],
    )
    if isinstance(argument, Partial) and (known_text := text_in(argument)).literal is None:
        # A number or a list would look different here from what it looks like elsewhere.
        is_as_it_is = verb.letter in ("v", "s") and not verb.width and "#" not in verb.flags
        if is_as_it_is and (not verb.precision if verb.letter == "s" else not may_be_anything(argument)):
            return argument
        return partial(at, Text((named_after("format", (Text((found[0],)), known_text)),)), argument.why)
    return _written(verb, argument)


def _written(verb: Verb, argument: Value) -> str:
    if verb.letter == "v":
        return _any(verb, argument)
    if is_null(argument):
        raise Refused(f"null can't be written with %{verb.letter}")
    match verb.letter:
        case "s":
            return filled(verb, cut(verb, string_in(argument)))
        case "q":
            return filled(verb, quoted(cut(verb, string_in(argument))))
        case "t":
            return "true" if bool_in(argument) else "false"
        case "d" | "b" | "o" | "x" | "X":
            return whole(verb, number_in(argument))
        case _:
            return broken(verb, number_in(argument))


def _any(verb: Verb, argument: Value) -> str:
    """%v: as a text, but a list or a map, and with # everything, as JSON."""
    plain = to_plain(argument)
    if isinstance(plain, str) and "#" not in verb.flags:
        return filled(verb, plain)
    if isinstance(plain, bool | None | list | dict) or "#" in verb.flags:
        from s3audit.collectors.terraform.language.functions.json import encoded

        return filled(verb, encoded(plain))
    if isinstance(plain, str):
        return filled(verb, plain)
    return filled(verb, broken(Verb("", 0, None, "v"), plain))


def _formatlist(call: Call) -> Value:
    pattern, *arguments = call.arguments
    if not isinstance(pattern, Partial):
        string_in(pattern)
    lists = [sequence_in(argument) if isinstance(argument, Sequence) else None for argument in arguments]
    lengths = {len(items) for items in lists if items is not None}
    if len(lengths) > 1:
        raise Refused("its lists differ in length")
    for argument in arguments:
        if isinstance(argument, Undecided) or (not lengths and may_be_anything(argument)):
            # It may be a list as well.
            return _unknown(call, lengths, argument)
    if not lengths:
        return sequence(call.at, [_format(call)])
    (length,) = lengths
    fits_elements(length * (len(arguments) + 1))
    rows: list[Value] = []
    size = 0
    for index in range(length):
        rows.append(_row(call, index, lists))
        size += length_of(rows[-1])
        fits(size)
    return sequence(call.at, rows)


def _row(call: Call, index: int, lists: list[list[Value] | None]) -> Value:
    arguments = [
        argument if items is None else items[index]
        for argument, items in zip(call.arguments[1:], lists, strict=True)
    ]
    for argument in arguments:
        if isinstance(argument, Undecided):
            return undecided(call.at, argument.why)
    return _formatted(call, string_in(call.arguments[0]), arguments)


def _unknown(call: Call, lengths: set[int], argument: Value) -> Value:
    why = argument.why if isinstance(argument, Undecided | Partial) else ""
    if not lengths:
        raise NotKnown(why or f"whether it is a list is not known: {spelled(text_in(argument))}")
    return sequence(call.at, [undecided(call.at, why) for _ in range(next(iter(lengths)))])


FUNCTIONS = {
    "format": Function(_format, 1, MANY, 1),
    "formatlist": Function(_formatlist, 1, MANY, 1),
}
