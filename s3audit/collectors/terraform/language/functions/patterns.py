"""Functions that look for something in a text."""

from s3audit.collectors.terraform.language.functions.common import (
    Call,
    Function,
    Refused,
    fits,
    fits_elements,
    named_after,
    strict,
    text_in,
)
from s3audit.collectors.terraform.language.values import Plain, Primitive, Value, partial
from s3audit.text import Text


def _regex(pattern: str, text: str) -> Plain:
    from s3audit.collectors.terraform.language.functions.machine import Machine, compiled

    program = compiled(pattern)
    _check_names(program.names)
    found = Machine(program, text).search(0)
    if found is None:
        raise Refused("the pattern does not fit the text")
    return _groups(found, program.names, text)


def _regexall(pattern: str, text: str) -> Plain:
    from s3audit.collectors.terraform.language.functions.machine import Machine, compiled

    program = compiled(pattern)
    _check_names(program.names)
    made: list[Plain] = []
    for found in Machine(program, text).each():
        made.append(_groups(found, program.names, text))
        fits_elements(len(made) * (len(program.names) + 1))
    return made


def _check_names(names: tuple[str, ...]) -> None:
    if any(names) and not all(names):
        raise Refused("some groups have names, and some have none")


def _groups(found: tuple[tuple[int, int] | None, ...], names: tuple[str, ...], text: str) -> Plain:
    texts = [None if span is None else text[span[0] : span[1]] for span in found]
    if not names:
        return texts[0]
    if names[0]:
        return dict(zip(names, texts[1:], strict=True))
    return list(texts[1:])


def _replace(call: Call) -> Value:
    arguments = [text_in(argument) for argument in call.arguments]
    whole, wanted, new = (argument.literal for argument in arguments)
    if whole is None or wanted is None or new is None:
        why = next((why for argument in call.arguments if (why := getattr(argument, "why", ""))), "")
        return partial(call.at, Text((named_after(call.name, arguments),)), why)
    if len(wanted) > 1 and wanted[0] == wanted[-1] == "/":
        return Primitive.of(call.at, _replaced(whole, wanted[1:-1], new))
    fits(whole.count(wanted) * len(new) + len(whole))
    return Primitive.of(call.at, whole.replace(wanted, new))


def _replaced(text: str, pattern: str, new: str) -> str:
    from s3audit.collectors.terraform.language.functions.machine import Machine, compiled

    program = compiled(pattern)
    machine = Machine(program, text)
    made: list[str] = []
    place = last = size = 0
    while place <= len(text):
        found = machine.search(place)
        if found is None or found[0] is None:
            break
        start, end = found[0]
        made.append(text[last:start])
        if end > last or start == 0:
            made.append(_expanded(new, found, program.names, text))
            size += len(made[-1])
            fits(size)
        last = end
        place = max(place + 1, end)
    return "".join(made) + text[last:]


def _expanded(
    template: str, found: tuple[tuple[int, int] | None, ...], names: tuple[str, ...], text: str
) -> str:
    """The replacement, with $1, ${1}, $name and $$ filled in."""
    made: list[str] = []
    while True:
        before, dollar, rest = template.partition("$")
        made.append(before)
        if not dollar:
            return "".join(made)
        if rest.startswith("$"):
            made.append("$")
            template = rest[1:]
            continue
        name, template = _name(rest)
        if not name:
            made.append("$")
            continue
        span = _group(name, found, names)
        made.append("" if span is None else text[span[0] : span[1]])


def _name(rest: str) -> tuple[str, str]:
    """The name of a group behind a dollar sign, and what follows it; no name where there is none."""
    inner = rest.removeprefix("{")
    end = 0
    while end < len(inner) and (inner[end].isalpha() or inner[end].isdecimal() or inner[end] == "_"):
        end += 1
    if not end or (inner is not rest and inner[end : end + 1] != "}"):
        return "", rest
    return inner[:end], inner[end + (inner is not rest) :]


def _group(
    name: str, found: tuple[tuple[int, int] | None, ...], names: tuple[str, ...]
) -> tuple[int, int] | None:
    if name.isdecimal() and name.isascii() and (name == "0" or name[0] != "0"):
        return found[int(name)] if len(name) < 9 and int(name) < len(found) else None
    spans = (span for known, span in zip(names, found[1:], strict=True) if known == name and span is not None)
    return next(spans, None)


FUNCTIONS = {
    "regex": strict("string string", _regex),
    "regexall": strict("string string", _regexall),
    "replace": Function(_replace, 3, 3),
}
