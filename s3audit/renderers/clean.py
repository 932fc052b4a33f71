"""Names and source lines come from strangers: none of their characters may move, hide or reorder text."""

from collections.abc import Iterator

_SPACES = {"\n": " ", "\r": " ", "\t": " ", "\u3000": "\u3000"}


def clean(text: str) -> str:
    """One line in which every character shows; what would not is its escape (`\\x1b`, `\\u202e`)."""
    return text if text.isprintable() else "".join(map(visible, text))


def visible(char: str) -> str:
    """The character, or what is shown in its place."""
    if char.isprintable():
        return char
    return _SPACES.get(char) or char.encode("unicode_escape").decode("ascii")


def encodable(text: str) -> str:
    """The same text without lone surrogates, which no encoding can write: `\\udc80` instead."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def cells(char: str) -> int:
    """How many columns of a terminal a visible character takes."""
    if char.isascii():
        return 1
    from unicodedata import category, east_asian_width

    if category(char) in ("Mn", "Me"):
        return 0
    return 2 if east_asian_width(char) in "WF" else 1


def wrap(text: str, width: int) -> Iterator[str]:
    """Lines of whole words, no wider than this unless one word is."""
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    if line:
        yield line
