"""`yamlencode` and `yamldecode`: YAML as Terraform writes and reads it, which is neither 1.1 nor 1.2."""

from s3audit.collectors.documents.tree import Budget
from s3audit.collectors.terraform.language.convert import NotKnown, Unlike, to_plain
from s3audit.collectors.terraform.language.functions.common import (
    MOST,
    Call,
    Function,
    fits,
    string_in,
)
from s3audit.collectors.terraform.language.functions.json import Writer, checked, encoding
from s3audit.collectors.terraform.language.values import Encoded, Plain, Value, spelled
from s3audit.text import Opaque, Text, text

_WIDTH = 80
_LONGEST_KEY = 128
_ESCAPES = {
    "\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e",
    '"': '"', "\\": "\\", "\x85": "N", "\u2028": "L", "\u2029": "P",
}  # fmt: skip


def _yamlencode(call: Call) -> Value:
    value = call.arguments[0]
    try:
        plain = to_plain(value)
    except NotKnown:
        # How a text is quoted and where it is wrapped depends on all of it.
        writer = Writer()
        writer.write(value)
        if writer.has_gaps:
            return encoding(call, value, Text((Unlike(writer.why),)), writer.why)
        known = text(*writer.parts)
        given = all(part.given for part in known.opaque)
        return encoding(call, value, Text((Opaque(f"yamlencode({known})", given=given),)), writer.why)
    made = document(plain)
    return encoding(call, value, Text((made,)), "")


def document(data: Plain) -> str:
    """Plain data as YAML."""
    lines = _Lines()
    lines.value(data, -1, "")
    if not isinstance(data, str | list | dict):
        lines.add("\n...")
    if not lines.ends_itself:
        lines.add("\n")
    return "".join(lines.made)


class _Lines:
    def __init__(self) -> None:
        self.made: list[str] = []
        self.size = 0
        self.column = 0
        self.ends_itself = False
        """Whether the text that was written last has a line break at its end."""

    def add(self, part: str) -> None:
        self.made.append(part)
        self.size += len(part)
        fits(self.size)
        _, broken, after = part.rpartition("\n")
        self.column = len(after) if broken else self.column + len(part)

    def line(self, indent: int) -> None:
        """Begin a new line, unless the last one was just ended."""
        if not self.ends_itself:
            self.add("\n")
        self.ends_itself = False
        self.add(" " * max(indent, 0))

    def value(self, data: Plain, indent: int, after: str, *, in_map: bool = False) -> None:
        """What stands below something at an indentation; `after` is what parts it from what stands before."""
        self.ends_itself = False
        if isinstance(data, dict) and data:
            self.mapping(data, max(indent + 2, 0) if indent >= 0 else 0, after, fresh=in_map)
        elif isinstance(data, list) and data:
            own = indent if in_map else indent + 2 if indent >= 0 else 0
            self.sequence(data, max(own, 0), after, fresh=in_map)
        else:
            self.add(after)
            self.scalar(data, indent + 2 if indent >= 0 else 2)

    def mapping(self, data: dict[str, Plain], indent: int, after: str, *, fresh: bool) -> None:
        for index, name in enumerate(sorted(data)):
            if index or fresh:
                self.line(indent)
            else:
                self.add(after)
            if "\n" in name or len(name.encode("utf-8", "replace")) > _LONGEST_KEY:
                raise NotKnown("how a long key is written in YAML is not worked out")
            self.quoted(name, indent, wrap=False)
            self.add(":")
            self.value(data[name], indent, " ", in_map=True)

    def sequence(self, data: list[Plain], indent: int, after: str, *, fresh: bool) -> None:
        for index, item in enumerate(data):
            if index or fresh:
                self.line(indent)
            else:
                self.add(after)
            self.add("-")
            self.value(item, indent, " ")

    def scalar(self, data: Plain, indent: int) -> None:
        match data:
            case str() if "\n" in data and _may_be_block(data):
                self.block(data, indent)
            case str():
                self.quoted(data, indent)
            case list():
                self.add("[]")
            case dict():
                self.add("{}")
            case _:
                self.add(spelled(data))

    def block(self, data: str, indent: int) -> None:
        """A text of several lines, as it is."""
        if "\u2028" in data or "\u2029" in data:
            raise NotKnown("how these line breaks are written in YAML is not worked out")
        hint = "2" if data[0] in " \n" else ""
        kept = "" if data.endswith("\n") else "-"
        if data.endswith("\n\n") or data == "\n":
            kept = "+"
        self.add(f"|{hint}{kept}")
        for line in data.removesuffix("\n").split("\n"):
            self.add(f"\n{' ' * indent}{line}" if line else "\n")
        if kept != "-":
            self.add("\n")
            self.ends_itself = True

    def quoted(self, data: str, indent: int, *, wrap: bool = True) -> None:
        self.add('"')
        spaced = False
        for index, letter in enumerate(data):
            if letter == " ":
                if wrap and not spaced and self.column > _WIDTH and 0 < index < len(data) - 1:
                    self.add(f"\n{' ' * indent}")
                    if data[index + 1] == " ":
                        self.add("\\")
                else:
                    self.add(" ")
                spaced = True
                continue
            spaced = False
            self.add(letter if _is_plain(letter) else _escaped(letter))
        self.add('"')


def _is_plain(letter: str) -> bool:
    code = ord(letter)
    return letter not in _ESCAPES and (
        0x20 <= code <= 0x7E or 0xA0 <= code <= 0xD7FF or (0xE000 <= code <= 0xFFFD and code != 0xFEFF)
    )


def _escaped(letter: str) -> str:
    if letter in _ESCAPES:
        return f"\\{_ESCAPES[letter]}"
    code = ord(letter)
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _may_be_block(data: str) -> bool:
    if " \n" in data or data[-1] == " ":
        return False
    return all(_is_plain(letter) or letter in '\n"\\\u2028\u2029' for letter in data)


def _yamldecode(call: Call) -> Value:
    from s3audit.collectors.terraform.language.convert import from_plain
    from s3audit.collectors.terraform.language.functions.yaml_reader import read

    value = call.arguments[0]
    if isinstance(value, Encoded):
        from s3audit.collectors.terraform.language.functions.json import kept

        if (same := kept(value.value)) is not None:
            return same
    return from_plain(call.at, checked(read(string_in(value), call.at), Budget(MOST)))


FUNCTIONS = {
    "yamldecode": Function(_yamldecode, 1, 1),
    "yamlencode": Function(_yamlencode, 1, 1, 0),
}
