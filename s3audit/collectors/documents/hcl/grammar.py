"""The words of HCL as patterns, and what the modules of the reader say when something else stands there."""

import re
from collections.abc import Callable
from functools import cache, cached_property
from typing import TypeAlias

from s3audit.collectors.documents.problems import DocumentError, shown

Match: TypeAlias = Callable[[str, int], "re.Match[str] | None"]

# What ASCII has beside its letters, its digits and "_-". All beyond it is looked at afterwards: see `is_word`.
_NOT_IN_WORDS = r"\x00-,./:-@\[-^`{-\x7f"
WORD = rf"[^{_NOT_IN_WORDS}0-9-][^{_NOT_IN_WORDS}]*+"
NUMBER = r"[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?"
TEXT = r'"([^"\\$%\r\n]*+)"'
"""A text in quotes with nothing to look at in it."""
# Atomic: Python 3.11.2 forgets to go back when a part of a possessive group fails in its middle.
COMMENT = r"(?>/\*(?s:.*?)\*/)"
BLANK = rf"[ \t]*+(?:{COMMENT}[ \t]*+)*+"
"""What may stand between two words of a line."""
BLANK_LINES = rf"[ \t\n]*+(?:(?:\r\n|\#[^\n]*+|//[^\n]*+|{COMMENT})[ \t\n]*+)*+"
END_OF_LINE = r"(?:\n|\r\n|(?:\#|//)[^\n]*+(?:\n|\Z)|\Z)"

_ONE_WORD = rf"{TEXT}|({WORD})((?:\.{WORD})*+)|({NUMBER})"
ONE_WORD = f"(?:{_ONE_WORD})"
_OPERAND = rf"""(?:{_ONE_WORD}|(["(\[{{!-]|<<))"""
_AFTER = r"(\|\||&&|[=!<>]=|[<>+\-*%?]|/(?![/*])|\.(?!\.)|\[|\(|::)"
_MEMBER = rf"(?:(\}})|(?:{TEXT}|(for(?=[{_NOT_IN_WORDS}]))|({WORD})){BLANK}(?:=(?![=>])|:))"

SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What `~` and `<<-` take away: Unicode's white space, without four that Python counts too."""

_QUOTES = "\u2018\u2019\u201c\u201d'`\u00ab\u00bb"


class Mode:
    """How words follow one another: within a line, or where line breaks mean nothing.

    Its patterns, as those of the grammar, are compiled when they are first needed.
    """

    def __init__(self, blank: str, ends: str) -> None:
        self._blank = blank
        self.ends = frozenset(ends)
        """What ends an operand when it comes right after it: most of them."""

    @cached_property
    def space(self) -> Match:
        return _matcher(self._blank)

    @cached_property
    def operand(self) -> Match:
        """Begins an operand: group 1 a text, 2 and 3 a reference, 4 a number, 5 the start of anything else."""
        return _matcher(self._blank + _OPERAND)

    @cached_property
    def after(self) -> Match:
        """What may follow an operand: an operator or more of a reference."""
        return _matcher(self._blank + _AFTER)


class Grammar:
    def __init__(self) -> None:
        self.line = Mode(BLANK, ",)]}\n")
        self.free = Mode(BLANK_LINES, ",)]}")

    @cached_property
    def word(self) -> Match:
        return _matcher(WORD)

    @cached_property
    def end_of_line(self) -> Match:
        return _matcher(BLANK + END_OF_LINE)

    @cached_property
    def member(self) -> Match:
        """A member of an object up to its value: group 2 or 4 is the key; 1 ends the object, 3 makes it a `for`."""
        return _matcher(BLANK_LINES + _MEMBER)

    @cached_property
    def separator(self) -> Match:
        return _matcher(rf"{BLANK}(?:(,)|(\}})|{END_OF_LINE})")


@cache
def grammar() -> Grammar:
    return Grammar()


def _matcher(pattern: str) -> Match:
    return re.compile(pattern, re.ASCII).match


class HclError(DocumentError):
    """What stands at an offset is not HCL."""


class TooDeepError(HclError):
    """It may be HCL, and nobody needs that."""


class UnendedError(HclError):
    """A text goes on to the end of the file, as if all that follows belonged to it."""


def is_word(name: str) -> bool:
    return name.isascii() or name.replace("-", "_").isidentifier()


def known(text: str) -> str:
    """As Terraform keeps texts: letters in their composed form."""
    if text.isascii():
        return text
    import unicodedata

    return unicodedata.normalize("NFC", text)


def expected(what: str, text: str, offset: int) -> HclError:
    """An error where something else stands than what should."""
    rest = text[offset : offset + 30]
    if not rest:
        return HclError(offset, f"Expected {what}, but the file ends.")
    if rest[0] in "\r\n":
        return HclError(offset, f"Expected {what}, but the line ends.")
    if rest.startswith("/*"):
        return HclError(offset, "The comment that begins here is never closed: add */.")
    if rest[0] in _QUOTES:
        return HclError(offset, f"Expected {what}, but found {shown(rest[0])}: texts stand in double quotes.")
    if found := re.match(r"<<-?\w+[ \t]+(?=[\r\n#/])", rest):
        return HclError(
            offset, f"Nothing may follow {found.group().rstrip()} on its line, not even a space: remove it."
        )
    word = re.match(r"[\w-]+|[^\w\s]", rest)
    return HclError(offset, f"Expected {what}, but found {shown(word.group() if word else rest[0])}.")
