"""Functions of texts; where the known parts of a text decide, its opaque parts may stay."""

from collections.abc import Callable

from s3audit.collectors.terraform.language.convert import NotKnown, as_text
from s3audit.collectors.terraform.language.functions.common import (
    MANY,
    Call,
    Function,
    Refused,
    fits,
    fits_elements,
    is_free_of,
    length_of,
    mapped,
    named_after,
    sequence_in,
    strict,
    string_in,
    text_in,
    whole_in,
)
from s3audit.collectors.terraform.language.functions.letters import SPACES, clusters, normal, simple
from s3audit.collectors.terraform.language.values import (
    Primitive,
    Value,
    is_document,
    is_null,
    joined,
    partial,
    sequence,
)
from s3audit.text import Opaque, Part, Text, text
from s3audit.verdict import Status


def _join(call: Call) -> Value:
    separator = as_text(call.arguments[0])
    text_in(separator)
    between = length_of(separator)
    pieces: list[str | Value] = []
    size, keep = 0, False
    for argument in call.arguments[1:]:
        for item in sequence_in(argument):
            if is_null(item):
                raise Refused("null can't be joined")
            if pieces:
                pieces.append(separator)
            text_in(item)
            pieces.append(as_text(item))
            size += between + length_of(pieces[-1])
            fits(size)
            keep = keep or is_document(item)
    return joined(call.at, pieces, keep=keep)


def _split(call: Call) -> Value:
    separator = string_in(call.arguments[0])
    found = text_in(call.arguments[1])
    if found.literal is None and all(is_free_of(part, separator) for part in found.opaque):
        texts = found.split(separator)
        fits_elements(len(texts))
        return sequence(call.at, [_piece(call, text) for text in texts])
    whole = string_in(call.arguments[1])
    pieces = whole.split(separator) if separator else list(whole)
    fits_elements(len(pieces))
    return sequence(call.at, [Primitive.of(call.at, piece) for piece in pieces])


def _piece(call: Call, found: Text) -> Value:
    return _kept(call, found) if found.opaque else partial(call.at, found)


def _upper(call: Call) -> Value:
    return mapped(call.arguments[0], call, upper, "upper({})")


def _lower(call: Call) -> Value:
    return mapped(call.arguments[0], call, lower, "lower({})")


def upper(value: str) -> str:
    return value.upper() if value.isascii() else normal("".join(simple("upper", letter) for letter in value))


def lower(value: str) -> str:
    return value.lower() if value.isascii() else normal("".join(simple("lower", letter) for letter in value))


def title(value: str) -> str:
    """Each letter that begins a word as its title."""
    made: list[str] = []
    before = " "
    for letter in value:
        made.append(simple("title", letter) if _separates(before) else letter)
        before = letter
    return normal("".join(made))


def _separates(letter: str) -> bool:
    if letter.isascii():
        return not letter.isalnum() and letter != "_"
    return letter in SPACES


def _indent(call: Call) -> Value:
    spaces = whole_in(call.arguments[0])
    if spaces < 0:
        raise Refused("the number of spaces is below zero")
    found = text_in(call.arguments[1])
    lines = sum(part.count("\n") for part in found.parts if isinstance(part, str))
    fits(lines * spaces)
    fits(spaces)
    end = "\n" + " " * spaces
    return mapped(call.arguments[1], call, lambda part: part.replace("\n", end), f"indent({spaces}, {{}})")


def _startswith(call: Call) -> Value:
    whole, start = text_in(call.arguments[0]), text_in(call.arguments[1])
    if start.literal is None:
        raise NotKnown(f"{start} is not known")
    return _answer(call, _starts(whole, start.literal), whole)


def _endswith(call: Call) -> Value:
    whole, end = text_in(call.arguments[0]), text_in(call.arguments[1])
    if end.literal is None:
        raise NotKnown(f"{end} is not known")
    return _answer(call, _ends(whole, end.literal), whole)


def _strcontains(call: Call) -> Value:
    whole, wanted = text_in(call.arguments[0]), string_in(call.arguments[1])
    if any(isinstance(part, str) and wanted in part for part in whole.parts) or not wanted:
        return Primitive.of(call.at, True)
    return _answer(call, Status.FAIL if whole.literal is not None else Status.UNKNOWN, whole)


def _starts(whole: Text, start: str) -> Status:
    if (known := whole.literal) is not None:
        return Status.PASS if known.startswith(start) else Status.FAIL
    return whole.starts_with(start)


def _ends(whole: Text, end: str) -> Status:
    if (known := whole.literal) is not None:
        return Status.PASS if known.endswith(end) else Status.FAIL
    return whole.ends_with(end)


def _answer(call: Call, status: Status, whole: Text) -> Value:
    if status is Status.UNKNOWN:
        raise NotKnown(f"{whole} is not known")
    return Primitive.of(call.at, status is Status.PASS)


def _trimprefix(call: Call) -> Value:
    whole, prefix = text_in(call.arguments[0]), text_in(call.arguments[1])
    literal = prefix.literal
    if literal is None and (rest := _after(whole, prefix)) is not None:
        return _kept(call, rest)
    if literal is not None and _starts(whole, literal) is not Status.UNKNOWN:
        return _kept(call, whole.without_prefix(literal) or (Text() if whole.literal == literal else whole))
    return _kept(call, Text((named_after(call.name, (whole, prefix)),)))


def _after(whole: Text, prefix: Text) -> Text | None:
    """What follows a prefix with opaque parts, where the text begins with the very same."""
    *same, last = prefix.parts
    size = len(same)
    if whole.parts[:size] != tuple(same) or len(whole.parts) <= size:
        return None
    if isinstance(last, str):
        return text(*whole.parts[size:]).without_prefix(last)
    return text(*whole.parts[size + 1 :]) if whole.parts[size] == last else None


def _trimsuffix(call: Call) -> Value:
    whole, suffix = text_in(call.arguments[0]), text_in(call.arguments[1])
    literal = suffix.literal
    status = Status.UNKNOWN if literal is None else _ends(whole, literal)
    if literal is None or status is Status.UNKNOWN:
        return _kept(call, Text((named_after(call.name, (whole, suffix)),)))
    if status is Status.FAIL or not literal:
        return _kept(call, whole)
    last = whole.parts[-1]
    assert isinstance(last, str)  # noqa: S101 - it ends with a literal
    return _kept(call, text(*whole.parts[:-1], last[: -len(literal)]))


def _trim(call: Call) -> Value:
    whole, letters = text_in(call.arguments[0]), text_in(call.arguments[1])
    if letters.literal is None:
        return _kept(call, Text((named_after(call.name, (whole, letters)),)))
    return _stripped(call, letters.literal, (whole, letters))


def _trimspace(call: Call) -> Value:
    return _stripped(call, SPACES, (text_in(call.arguments[0]),))


def _chomp(call: Call) -> Value:
    return _stripped(call, "\r\n", (text_in(call.arguments[0]),), start=False)


def _stripped(call: Call, letters: str, arguments: tuple[Text, ...], *, start: bool = True) -> Value:
    """Without some letters at its ends, as far as its ends are known."""
    parts = list(arguments[0].parts)
    if not parts or not letters:
        return _kept(call, arguments[0])
    if start:
        parts[0] = _without(parts[0], str.lstrip, letters)
    parts[-1] = _without(parts[-1], str.rstrip, letters)
    if len(parts) > 1 and (not parts[-1] or not parts[0]):
        # The end is gone, and what comes next is not known.
        parts = [named_after(call.name, arguments)]
    elif isinstance(parts[-1], Opaque) or (start and isinstance(parts[0], Opaque)):
        parts = [named_after(call.name, arguments)]
    return _kept(call, text(*parts))


def _without(part: Part, strip: Callable[[str, str], str], letters: str) -> Part:
    return part if isinstance(part, Opaque) else strip(part, letters)


def _kept(call: Call, found: Text) -> Value:
    why = next((why for argument in call.arguments if (why := getattr(argument, "why", ""))), "")
    return partial(call.at, found, why)


def _substr(call: Call) -> Value:
    offset, length = whole_in(call.arguments[1]), whole_in(call.arguments[2])
    found = text_in(call.arguments[0])
    whole = found.literal
    if whole is None:
        head = found.parts[0]
        # One letter more than is asked for, since what follows may join the last one.
        if not isinstance(head, str) or offset < 0 or length < 0 or offset + length >= len(clusters(head)):
            known = named_after(call.name, (found, Text((str(offset),)), Text((str(length),))))
            return _kept(call, Text((known,)))
        whole = head
    return _kept(call, Text((cut,)) if (cut := substring(whole, offset, length)) else Text())


def substring(whole: str, offset: int, length: int) -> str:
    letters = clusters(whole)
    start = max(0, offset + len(letters)) if offset < 0 else offset
    if offset < 0 and not length:  # so it is, and nobody says why
        length = -1
    return "".join(letters[start : len(letters) if length < 0 else start + length])


def _strrev(value: str) -> str:
    return normal("".join(reversed(clusters(value))))


FUNCTIONS = {
    "chomp": Function(_chomp, 1, 1),
    "endswith": Function(_endswith, 2, 2),
    "indent": Function(_indent, 2, 2),
    "join": Function(_join, 2, MANY),
    "lower": Function(_lower, 1, 1),
    "split": Function(_split, 2, 2),
    "startswith": Function(_startswith, 2, 2),
    "strcontains": Function(_strcontains, 2, 2),
    "strrev": strict("string", _strrev, gives_text=True),
    "substr": Function(_substr, 3, 3),
    "title": strict("string", title, gives_text=True),
    "trim": Function(_trim, 2, 2),
    "trimprefix": Function(_trimprefix, 2, 2),
    "trimspace": Function(_trimspace, 1, 1),
    "trimsuffix": Function(_trimsuffix, 2, 2),
    "upper": Function(_upper, 1, 1),
}
