"""Where something ends that is not read: as brackets, quotes and markers tell it."""

import re
from functools import cache

import msgspec

from s3audit.collectors.documents.hcl.grammar import COMMENT, WORD, Match

_CLOSES = {")": "(", "]": "[", "}": "{$"}
_HEADER = rf'{WORD}(?:[ \t]+(?:"[^"\n]*+"|{WORD}))*+[ \t]*+\{{[ \t]*+(?:[\#/][^\n]*+)?\r?$'


class _Patterns(msgspec.Struct, frozen=True):
    outside: Match
    """A piece that stands in no text: 1 a quote, 2 and 3 brackets, 4 the end of a line, 5 perhaps a heredoc."""
    inside: Match
    """A piece of a text in quotes: 1 an opening `${`, 2 the closing quote, 3 the end of the line."""
    header: Match
    heredoc: Match


@cache
def _patterns() -> _Patterns:
    blank = r'[^"{}()\[\]\n\#/<]++|\#[^\n]*+|//[^\n]*+|/\*(?s:.*?)(?:\*/|\Z)'
    outside = rf'{blank}|(")|([{{(\[])|([}})\]])|(\n)|(<<)|[/<]'
    inside = r'[^"\\$%\n]++|\\.|\$\$++\{?|%%++\{?|([$%]\{)|(")|(\n)|[\\$%]'
    return _Patterns(
        re.compile(outside, re.ASCII).match,
        re.compile(inside, re.ASCII).match,
        re.compile(_HEADER, re.ASCII | re.MULTILINE).match,
        re.compile(rf"<<-?({WORD})\r?\n", re.ASCII).match,
    )


@cache
def _run() -> Match:
    """All up to the next brace, and up to what only a look at each of its parts can tell from one."""
    part = r'(?>\$\{(?:[^"{}\r\n]++|(?>"[^"\\$%\r\n]*+"))*+\})'
    text = rf'(?>"(?:[^"\\$%\r\n]++|(?>\\[^\r\n])|(?>[$%](?![$%{{]))|{part})*+")'
    return re.compile(
        rf'(?:[^"{{}}\#/<]++|{text}|\#[^\n]*+|//[^\n]*+|{COMMENT}|(?>/(?![/*]))|(?><(?!<)))*+'
    ).match


def closing(text: str, position: int) -> int:
    """The bracket that closes the body which begins here; the end of the text if none does, -1 if hard to tell."""
    run = _run()
    depth = 0
    while (found := run(text, position)) is not None:
        position = found.end()
        first = text[position : position + 1]
        if first == "{":
            depth += 1
        elif first == "}":
            if not depth:
                return position
            depth -= 1
        elif not first:
            return position
        elif first != "<" or (position := _end_of_heredoc(text, position)) < 0:
            break
        position += 1
    return -1


def _end_of_heredoc(text: str, position: int) -> int:
    """The end of the line of its marker, or -1."""
    begin = _patterns().heredoc(text, position)
    if begin is None:
        return -1
    marker = re.compile(rf"^[^\S\n]*+{re.escape(begin[1])}[^\S\n]*+$", re.MULTILINE)
    end = marker.search(text, begin.end())
    return -1 if end is None else end.end()


def after(text: str, position: int) -> int:
    """The end of what begins here as its brackets tell it: the next line, or the bracket of the block around it.

    A line that begins with the header of a block ends it too. -1 where brackets or markers are open to the end.
    """
    patterns = _patterns()
    outside, inside, begins_block = patterns.outside, patterns.inside, patterns.header
    opened: list[str] = []
    before = 0  # the line began
    size = len(text)
    while position < size:
        if opened and opened[-1] == '"':
            found = inside(text, position)
            kind = None if found is None else found.lastindex
            if found is None or kind == 3:
                # A text ends with its line, closed or not, and so do those of this line around it.
                del opened[opened.index('"', min(before, len(opened) - 1)) :]
                continue
            if kind == 1:
                opened.append("$")
            elif kind == 2:
                opened.pop()
                before = min(before, len(opened))
            position = found.end()
            continue
        found = outside(text, position)
        if found is None:  # pragma: no cover - the pieces cover every character
            return -1
        kind = found.lastindex
        if kind == 3:
            place = _open_before(opened, found[3])
            if place < 0 and found[3] == "}":
                return position
            if place >= 0:
                del opened[place:]
                before = min(before, place)
        position = found.end()
        if kind in (1, 2):
            opened.append(found.group())
        elif kind == 4:
            before = len(opened)
            if not opened or begins_block(text, position) is not None:
                return position
        elif kind == 5 and patterns.heredoc(text, position - 2) is not None:
            position = _end_of_heredoc(text, position - 2)
            if position < 0:
                return -1
    return -1 if opened else size


def header(text: str, position: int) -> int:
    """The next line that begins with the header of a block, or -1."""
    matches = _patterns().header
    while position := text.find("\n", position) + 1:
        if matches(text, position) is not None:
            return position
    return -1


def _open_before(opened: list[str], closer: str) -> int:
    """The place of the bracket that this one closes, or -1; a brace closes all that is open in it."""
    wanted = _CLOSES[closer]
    for place in range(len(opened) - 1, -1, -1):
        if opened[place] in wanted:
            return place
        if closer != "}" and opened[place] in "{$":
            break
    return -1
