"""Functions that encode texts, and CSV."""

import re
from base64 import b64decode, b64encode
from binascii import Error as NoBase64

from s3audit.collectors.terraform.language.convert import NotKnown
from s3audit.collectors.terraform.language.effort import MOST_UNPACKED
from s3audit.collectors.terraform.language.functions.common import (
    Call,
    Function,
    Refused,
    TooLarge,
    fits,
    fits_elements,
    named_after,
    strict,
    text_in,
)
from s3audit.collectors.terraform.language.functions.letters import normal
from s3audit.collectors.terraform.language.values import Plain, Value, partial
from s3audit.text import Text

_ENCODINGS = {
    "utf-8": "utf-8",
    "utf-16be": "utf-16-be",
    "utf-16le": "utf-16-le",
    "iso-8859-1": "latin-1",
    "iso_8859-1": "latin-1",
    "latin1": "latin-1",
    "l1": "latin-1",
    "us-ascii": "ascii",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "windows-1252": "cp1252",
}
"""By the names of IANA, in small letters; others are known to Terraform, too."""

_MOST_PACKS = 100
"""That may stand one behind the other, as gzip allows."""


def _base64encode(text: str) -> str:
    fits(len(text) * 4 // 3)
    return b64encode(text.encode("utf-8", "replace")).decode("ascii")


def bytes_of(text: str) -> bytes:
    """What base64 stands for."""
    try:
        return b64decode(text.replace("\r", "").replace("\n", ""), validate=True)
    except (NoBase64, ValueError):
        raise Refused("it is no base64") from None


def _base64decode(text: str) -> str:
    try:
        return normal(bytes_of(text).decode("utf-8"))
    except UnicodeDecodeError:
        raise Refused("what it encodes is no text") from None


def _base64gzip(call: Call) -> Value:
    """What Go's compression makes of a text is not worked out, but the same for the same text."""
    return partial(call.at, Text((named_after(call.name, [text_in(call.arguments[0])]),)))


def _base64gunzip(text: str) -> str:
    try:
        return normal(_unpacked(bytes_of(text)).decode("utf-8"))
    except UnicodeDecodeError:
        raise NotKnown("what it holds is no text") from None


def _unpacked(data: bytes) -> bytes:
    import zlib

    made = b""
    for _ in range(_MOST_PACKS):
        reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            made += reader.decompress(data, MOST_UNPACKED + 1 - len(made))
        except zlib.error:
            raise Refused("what it encodes was not packed with gzip") from None
        if len(made) > MOST_UNPACKED:
            raise TooLarge
        if not reader.eof:
            raise Refused("what it encodes ends in the middle")
        data = reader.unused_data
        if not data:
            return made
    raise TooLarge


def _urlencode(text: str) -> str:
    from urllib.parse import quote_plus

    fits(len(text) * 3)
    return quote_plus(text, encoding="utf-8", errors="replace")


def _urldecode(text: str) -> str:
    from urllib.parse import unquote_to_bytes

    if re.search("%(?![0-9A-Fa-f]{2})", text):
        raise Refused("a % has no two hexadecimal digits behind it")
    try:
        encoded = text.replace("+", " ").encode("utf-8", "replace")
        return normal(unquote_to_bytes(encoded).decode("utf-8"))
    except UnicodeDecodeError:
        raise NotKnown("what it encodes is no text") from None


def _codec(name: str) -> str:
    found = _ENCODINGS.get(name.lower())
    if found is None:
        raise NotKnown(f"the encoding {name[:40]} is not worked out")
    return found


def _textencodebase64(text: str, encoding: str) -> str:
    fits(len(text) * 4)
    try:
        return b64encode(text.encode(_codec(encoding))).decode("ascii")
    except UnicodeEncodeError:
        raise Refused(f"the text can't be written in {encoding}") from None


def _textdecodebase64(text: str, encoding: str) -> str:
    try:
        return normal(bytes_of(text).decode(_codec(encoding)))
    except UnicodeDecodeError:
        raise Refused(f"what it encodes is no text in {encoding}") from None


def _csvdecode(text: str) -> Plain:
    fits(len(text))
    head, *rows = _records(text) or [[]]
    if not head:
        raise Refused("it has no line with the names of columns")
    if len(set(head)) < len(head):
        raise Refused("two columns have the same name")
    fits_elements(len(head) * len(rows))
    for row in rows:
        if len(row) != len(head):
            raise Refused("a line has more or less fields than the first one")
    return [dict(zip(head, row, strict=True)) for row in rows]


def _records(text: str) -> list[list[str]]:
    """The lines of a CSV text, as strict as Go is about quotes."""
    text = text.replace("\r\n", "\n")
    text = text.removesuffix("\r")
    records: list[list[str]] = []
    place = 0
    while place < len(text):
        if text[place] == "\n":
            place += 1
            continue
        record, place = _record(text, place)
        records.append(record)
    return records


def _record(text: str, place: int) -> tuple[list[str], int]:
    """The fields of a line, and where the next one begins."""
    fields: list[str] = []
    while True:
        if text[place : place + 1] == '"':
            field, place = _in_quotes(text, place + 1)
        else:
            end = min(at for at in (text.find(",", place), text.find("\n", place), len(text)) if at >= 0)
            field, place = text[place:end], end
            if '"' in field:
                raise Refused("a field with quotes in it must stand in quotes")
        fields.append(field)
        if text[place : place + 1] == ",":
            place += 1
            continue
        if place < len(text) and text[place] != "\n":
            raise Refused("something follows after the quotes of a field")
        return fields, place + 1


def _in_quotes(text: str, place: int) -> tuple[str, int]:
    pieces: list[str] = []
    while True:
        end = text.find('"', place)
        if end < 0:
            raise Refused("the quotes of a field are never closed")
        pieces.append(text[place:end])
        if text[end + 1 : end + 2] != '"':
            return "".join(pieces), end + 1
        pieces.append('"')
        place = end + 2


FUNCTIONS = {
    "base64decode": strict("string", _base64decode, gives_text=True),
    "base64encode": strict("string", _base64encode, gives_text=True),
    "base64gunzip": strict("string", _base64gunzip, gives_text=True),
    "base64gzip": Function(_base64gzip, 1, 1),
    "csvdecode": strict("string", _csvdecode),
    "textdecodebase64": strict("string string", _textdecodebase64, gives_text=True),
    "textencodebase64": strict("string string", _textencodebase64, gives_text=True),
    "urldecode": strict("string", _urldecode, gives_text=True),
    "urlencode": strict("string", _urlencode, gives_text=True),
}
