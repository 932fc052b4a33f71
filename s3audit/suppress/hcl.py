"""Comments and blocks of HCL, as brackets, quotes and markers tell them."""

import re

from s3audit.collectors.documents.tree import Lines
from s3audit.suppress.page import Block, Comment, Page, bare

_OUTSIDE = re.compile(
    r"""[^"{}()\[\]\#/<]+|(?P<comment>\#[^\n]*|//[^\n]*|/\*.*?(?:\*/|\Z))|(?P<quote>")|(?P<open>[{(\[])"""
    r"""|(?P<close>[})\]])|<<-?(?P<marker>[A-Za-z_][\w-]*)[ \t]*\r?\n|.""",
    re.DOTALL,
)
_INSIDE = re.compile(r'[^"\\$%\n]+|\\.|\$\$\{|%%\{|(?P<open>[$%]\{)|(?P<quote>")|(?P<end>\n)|.', re.DOTALL)
_CALL = re.compile(r'[ \t]*module[ \t]+"?(?P<name>[\w-]+)"?[ \t]*\{')
_SOURCE = re.compile(r'[ \t{]*source[ \t]*=[ \t]*"(?P<source>[^"$]*)"')


def page(text: str) -> Page:
    """The page of a file."""
    lines = Lines(text)
    comments, opened = _scanned(text, lines)
    rows = lines.rows()
    blocks = []
    ends: dict[int, int] = {}
    for first, last, depth in opened:
        ends[first] = max(last, ends.get(first, first))
        if depth == 0:
            call = _CALL.match(rows[first - 1])
            source = next((found for row in rows[first - 1 : last] if (found := _SOURCE.match(row))), None)
            column = len(rows[first - 1]) - len(rows[first - 1].lstrip()) + 1
            blocks.append(
                Block(
                    first,
                    last,
                    column,
                    call["name"] if call else "",
                    source["source"] if source and call else "",
                )
            )
    return Page(rows, comments, _apart(blocks), ends)


def _apart(blocks: list[Block]) -> list[Block]:
    """One of several that share lines."""
    found: list[Block] = []
    for block in sorted(blocks, key=lambda one: (one.first, -one.last)):
        if not found or block.first > found[-1].last:
            found.append(block)
    return found


def _scanned(text: str, lines: Lines) -> tuple[list[Comment], list[tuple[int, int, int]]]:
    """The comments, and of all in brackets and between markers the lines and in how many others it stands."""
    comments: list[Comment] = []
    spans: list[tuple[int, int, int]] = []
    stack: list[tuple[str, int]] = []
    position = 0
    while position < len(text):
        in_text = bool(stack) and stack[-1][0] == '"'
        found = (_INSIDE if in_text else _OUTSIDE).match(text, position)
        if found is None:  # pragma: no cover - the pieces cover every character
            break
        start, position = position, found.end()
        kind = found.lastgroup
        if in_text and kind in ("quote", "end"):
            stack.pop()
        elif kind == "comment":
            comments.append(_comment(text[start:position].rstrip("\r"), start, lines))
        elif kind in ("open", "quote"):
            stack.append((found.group()[-1], start))
        elif kind == "close" and stack:
            _, begun = stack.pop()
            spans.append((lines.place(begun)[0], lines.place(start)[0], len(stack)))
        elif kind == "marker":
            end = re.compile(rf"^[ \t]*{re.escape(found['marker'])}[ \t]*\r?$", re.MULTILINE).search(
                text, position
            )
            position = len(text) if end is None else end.end()
            spans.append((lines.place(start)[0], lines.place(position)[0], len(stack) + 1))
    return comments, spans


def _comment(text: str, start: int, lines: Lines) -> Comment:
    return Comment(*lines.place(start), *lines.place(start + len(text)), bare(text))
