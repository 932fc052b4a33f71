"""Where the characters of a text stand: one that a document holds in quotes, or that is put together from pieces."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable

from s3audit.collectors.documents.resolved import Piece
from s3audit.collectors.documents.tree import Scalar, offsets_inside

Finder = Callable[[int], int]
"""The offset, in the text that it was read from, of a character of a value."""

_ESCAPED = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)"
    r"|\$\$(?=\{)|%%(?=\{)"
)
_DOUBLED = re.compile(r"([$%])\1(?=\{)")
_UNDONE = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_HEADER = re.compile(r"<<-?[^\n]*\n")
_WORD = re.compile(r"\S+")


def places_of(text: Scalar | Piece) -> Finder | None:
    """Where each character of a text is written; None where only the place of all of it is known."""
    if not text.lines.text:
        return None
    if isinstance(text, Piece):
        return _aligned(text, text.lines.text, text.start, text.end)
    if type(text) is Scalar:
        return offsets_inside(text)
    # What an expression came to is found where it stands, if it is written there as it is.
    return _aligned(text.value, text.lines.text, text.start, text.end)


def _aligned(value: str, text: str, start: int, end: int) -> Finder | None:
    if text.startswith(value, start, end):
        return lambda offset: start + offset
    if text.startswith("<<", start) and (header := _HEADER.match(text, start, end)) is not None:
        return _aligned(value, text, header.end(), end)
    inner = None
    if text.startswith('"', start) and text.endswith('"', start + 1, end):
        inner = _by_escapes(value, text[start + 1 : end - 1], start + 1)
    return inner or _by_escapes(value, text[start:end], start) or _by_words(value, text[start:end], start)


def _by_escapes(value: str, written: str, start: int) -> Finder | None:
    """In what stands in quotes; `~` may have taken white space from both ends."""
    undone: list[str] = []
    begins, sources = [0], [start]
    size = last = 0
    for found in _ESCAPED.finditer(written):
        before, character = written[last : found.start()], _undone(found.group())
        undone += before, character
        size += len(before)
        begins += size, size + len(character)
        sources += start + found.start(), start + found.end()
        size += len(character)
        last = found.end()
    undone.append(written[last:])
    whole = "".join(undone)
    shift = 0
    if whole != value:
        shift = len(whole) - len(whole.lstrip()) - (len(value) - len(value.lstrip()))
        if shift < 0 or not value.strip() or whole[shift : shift + len(value)] != value:
            return None
    return _finder([begin - shift for begin in begins], sources)


def _undone(escape: str) -> str:
    if escape[0] != "\\":
        return escape[1:]
    if len(escape) == 2:
        return _UNDONE.get(escape[1], escape[1])
    units = [int(unit, 16) for unit in re.findall("[0-9a-fA-F]{8}|[0-9a-fA-F]{4}", escape)]
    if len(units) == 2:
        return chr(0x10000 + (units[0] - 0xD800) * 0x400 + units[1] - 0xDC00)
    return chr(units[0]) if units[0] < 0x110000 else ""


def _by_words(value: str, written: str, start: int) -> Finder | None:
    """In a heredoc, of which indentation and what `~` takes were left out: the words are the same."""
    begins: list[int] = []
    sources: list[int] = []
    rest = _WORD.finditer(written)
    for word in _WORD.finditer(value):
        found = next(rest, None)
        if found is None:
            return None
        begins.append(word.start())
        sources.append(start + found.start())
        if word.group() == found.group():
            continue
        for count, escape in enumerate(_DOUBLED.finditer(found.group()), 1):
            begins.append(word.start() + escape.end() - count)
            sources.append(start + found.start() + escape.end())
        if _composed(_DOUBLED.sub(r"\1", found.group())) != word.group():
            return None
    return _finder(begins, sources) if begins else None


def _composed(text: str) -> str:
    """As Terraform keeps texts."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _finder(begins: list[int], sources: list[int]) -> Finder:
    """Runs of characters that stand as they are: where each begins in the value and in its source."""

    def find(offset: int) -> int:
        run = max(bisect_right(begins, offset) - 1, 0)
        return sources[run] + max(offset - begins[run], 0)

    return find
