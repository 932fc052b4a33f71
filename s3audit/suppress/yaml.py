"""Comments and blocks of YAML: what stands in no scalar, and the entries of a template's sections."""

import re
from bisect import bisect_right

from s3audit.collectors.documents.tree import Document, Lines, Mapping, Node, Scalar, Sequence
from s3audit.suppress.page import Block, Comment, IndentedPage, Page, bare

_COMMENT = re.compile(r"(?:(?<=[ \t\n\r])|^)#[^\n\r]*", re.MULTILINE)
_MOST_NODES = 500_000


def page(text: str, documents: list[Document]) -> Page:
    """The page of a file whose documents these are."""
    lines = Lines(text)
    scalars: list[tuple[int, int]] = []
    ends: dict[int, int] = {}
    for document in documents:
        if document.root is not None:
            _walk(document.root, lines, scalars, ends)
    scalars.sort()
    blocks = [
        Block(line, max(line, _last(entry.value, lines)), column, address=f"{section}.{name}")
        for document in documents
        if isinstance(document.root, Mapping)
        for section, part in document.root.entries.items()
        if isinstance(part.value, Mapping)
        for name, entry in part.value.entries.items()
        for line, column in [lines.place(entry.key.start)]
    ]
    apart = {block.first: block for block in sorted(blocks, key=lambda one: one.last)}
    return IndentedPage(lines.rows(), _comments(text, lines, scalars), apart.values(), ends)


def _walk(root: Node, lines: Lines, scalars: list[tuple[int, int]], ends: dict[int, int]) -> None:
    seen: set[int] = set()
    left: list[Node] = [root]
    while left and len(seen) < _MOST_NODES:
        node = left.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Scalar):
            if "#" in lines.text[node.start : node.end]:
                scalars.append((node.start, node.end))
        elif isinstance(node, Mapping):
            for entry in node.entries.values():
                left += (entry.key, entry.value)
                if entry.value.start >= entry.key.start:  # else it is an alias
                    _extend(ends, lines.place(entry.key.start)[0], _last(entry.value, lines))
        elif isinstance(node, Sequence):
            for item in node.items:
                left.append(item)
                _extend(ends, lines.place(item.start)[0], _last(item, lines))


def _extend(ends: dict[int, int], line: int, last: int) -> None:
    ends[line] = max(last, ends.get(line, line))


def _last(node: Node, lines: Lines) -> int:
    """The last line with something of it."""
    written = lines.text[node.start : node.end].rstrip()
    return lines.place(node.start + max(len(written) - 1, 0))[0]


def _comments(text: str, lines: Lines, scalars: list[tuple[int, int]]) -> list[Comment]:
    starts = [start for start, _ in scalars]
    found: list[Comment] = []
    position = 0
    while (match := _COMMENT.search(text, position)) is not None:
        place = bisect_right(starts, match.start()) - 1
        if place >= 0 and match.start() < scalars[place][1]:
            position = max(scalars[place][1], match.start() + 1)
            continue
        position = match.end()
        found.append(Comment(*lines.place(match.start()), *lines.place(match.end()), bare(match.group())))
    return found
