"""Texts as people count them: what a reader takes for one letter may be several characters."""

import unicodedata

from s3audit.collectors.terraform.language.convert import NotKnown
from s3audit.collectors.terraform.language.functions.common import fits

_FLAG_HALVES = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_HANGUL_PIECES = (range(0x1100, 0x1200), range(0xA960, 0xA980), range(0xD7B0, 0xD800))

# Letters and signs that join what stands beside them, though their category does not say so.
_JOINING = frozenset("\u0e33\u0eb3\uff9e\uff9f\u0d4e\u06dd\u070f\u08e2\u200c\u200d\u0890\u0891")
_PREPENDED = (range(0x600, 0x606), range(0x110BD, 0x110CE), range(0x111C2, 0x111C4), range(0x11900, 0x11B00))

# What Go's `unicode.IsSpace` knows; Python has some control characters more.
SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004"
    "\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)


def clusters(text: str) -> list[str]:
    """The letters of a text; raises NotKnown where scripts or emoji join them by rules of their own."""
    if text.isascii() and "\r\n" not in text:
        return list(text)
    fits(len(text))
    made: list[str] = []
    for character in text:
        if made and _joins(made[-1], character):
            made[-1] += character
        else:
            made.append(character)
    return made


def _joins(before: str, character: str) -> bool:
    if character == "\n":
        return before == "\r"
    if character.isascii():
        return False
    code = ord(character)
    category = unicodedata.category(character)
    if category in ("Mn", "Me") or code in _SKIN_TONES:
        return unicodedata.category(before[-1]) not in ("Cc", "Cf", "Zl", "Zp")
    if code in _FLAG_HALVES:
        return len(before) == 1 and ord(before) in _FLAG_HALVES
    is_special = category in ("Mc", "Cn", "Co", "Cs") or (
        category == "Cf" and code not in (0xAD, 0xFEFF, 0x200B)
    )
    if is_special or character in _JOINING or any(code in span for span in (*_HANGUL_PIECES, *_PREPENDED)):
        raise NotKnown("where the letters of a text begin and end is not worked out for this script")
    return False


def simple(change: str, character: str) -> str:
    """A single character in upper, lower or title case, if it has one; Go knows no others."""
    made: str = getattr(character, change)()
    if len(made) == 1:
        return made
    if change == "lower":
        return made[0]
    title = character.title()
    return title if len(title) == 1 else character


def normal(text: str) -> str:
    """In the form in which Terraform keeps texts; half a character, which only JSON can write, is a mark for it."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
