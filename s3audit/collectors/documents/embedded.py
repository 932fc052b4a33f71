"""A JSON text inside another document as nodes, each in the place where its part of the text is written."""

import re
from bisect import bisect_right

from s3audit.collectors.documents.places import Finder, places_of
from s3audit.collectors.documents.resolved import Encoded, Partial, Piece, Undecided
from s3audit.collectors.documents.tree import Entry, Lines, Mapping, Node, Scalar, Sequence
from s3audit.problem import Problem
from s3audit.text import Opaque, Part, Text, text

# A private character stands for each opaque part while the JSON around it is read; JSON texts may hold them.
_FIRST, _LAST = 0xF0000, 0xFFFFD
_SIGN = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")
# Of that plane, as it is or as JSON escapes it.
_ODD = re.compile(rf"{_SIGN.pattern}|\\u[dD][bB][89abAB]")
_TEXT_OR_SIGN = re.compile(rf'"(?:[^"\\]|\\.)*+"|({_SIGN.pattern})', re.DOTALL)
_BARE = "0"
"""What a sign becomes that stands for a whole value: as long, and JSON too."""


def embedded(holder: Node, source: str) -> Node:
    """The document that a text is, or Undecided where it can't be read."""
    return _read(holder, source, whole=True)


def _read(holder: Node, source: str, *, whole: bool) -> Node:
    """`whole`: what was encoded for its place is taken as the value that it encodes."""
    from s3audit.collectors.documents.json_reader import read_json

    flat = _Flat(holder, whole=whole)
    if flat.is_odd:
        return _undecided(holder, "the document holds characters that no policy has")
    if isinstance(holder, Partial) and _SIGN.fullmatch(flat.text.strip()):
        settle = f": {holder.why}" if holder.why else ""
        return _undecided(holder, f"it is {holder.text}, which the input does not tell{settle}")
    bare: set[int] = set()
    if flat.signs:
        bare = {found.start() for found in _TEXT_OR_SIGN.finditer(flat.text) if found[1]}
        if whole and any(isinstance(part, Encoded) for part in flat.signs) and not flat.stand_alone(bare):
            return _read(holder, source, whole=False)
    written = flat.text
    if bare:
        written = "".join(_BARE if index in bare else letter for index, letter in enumerate(written))
    documents, problems = read_json(written, source)
    root = documents[0].root if documents else None
    if root is None or any(problem.kind == "unreadable" for problem in problems):
        said = flat.shown(_met(problems[0], written, flat.text)).rstrip(".") if problems else "it is empty"
        return _undecided(holder, f"it is text that can't be read as JSON: {said}")
    return _Placer(flat, bare).placed(root)


def _met(problem: Problem, written: str, signs: str) -> str:
    """What is wrong, with the sign that stands there and not what it became."""
    before = written.split("\n")[: problem.at.line - 1]
    at = sum(len(line) + 1 for line in before) + problem.at.column - 1
    is_sign = 0 <= at < len(signs) and signs[at] != written[at]
    return problem.message.replace(f"'{_BARE}'", f"'{signs[at]}'") if is_sign else problem.message


class _Flat:
    """A text with a sign for each part that is not known, and where each of its characters comes from."""

    def __init__(self, holder: Node, *, whole: bool) -> None:
        self.holder = holder
        self.whole = whole
        self.signs: list[Opaque | Encoded] = []
        self.is_odd = False
        self._parts: list[str] = []
        self._size = 0
        self._begins: list[int] = []
        self._origins: list[Node | Piece] = []
        self._finders: dict[int, Finder | None] = {}
        self._add(holder)
        self.text = "".join(self._parts)

    def _add(self, origin: Node) -> None:
        pieces: tuple[str | Node, ...] = getattr(origin, "pieces", ())
        if pieces:
            for piece in pieces:
                if isinstance(piece, Node):
                    self._add(piece)
                else:
                    self._literal(piece, piece if isinstance(piece, Piece) else origin)
        elif isinstance(origin, Encoded) and self.whole:
            self._sign(origin, origin)
        elif isinstance(origin, Partial):
            for part in origin.text.parts:
                if isinstance(part, str):
                    self._literal(part, origin)
                else:
                    self._sign(part, origin)
        elif isinstance(origin, Scalar):
            self._literal(origin.value, origin)

    def _literal(self, value: str, origin: Node | Piece) -> None:
        self.is_odd = self.is_odd or _ODD.search(value) is not None
        self._put(value, origin)

    def _sign(self, part: Opaque | Encoded, origin: Node) -> None:
        self.is_odd = self.is_odd or len(self.signs) > _LAST - _FIRST
        self._put(chr(_FIRST + min(len(self.signs), _LAST - _FIRST)), origin)
        self.signs.append(part)

    def _put(self, value: str, origin: Node | Piece) -> None:
        self._begins.append(self._size)
        self._origins.append(origin)
        self._parts.append(value)
        self._size += len(value)

    def stand_alone(self, bare: set[int]) -> bool:
        """Whether what was encoded stands for whole values only."""
        signs = (found.start() for found in _SIGN.finditer(self.text))
        return all(
            place in bare for place, part in zip(signs, self.signs, strict=True) if isinstance(part, Encoded)
        )

    def part(self, sign: str) -> Opaque | Encoded:
        return self.signs[ord(sign) - _FIRST]

    def span(self, start: int, end: int) -> tuple[int, int, Lines]:
        """Where characters of the text are written; what came from elsewhere stands where it was put in."""
        first, last = self._index(start), self._index(end - 1)
        origin = self._origins[first]
        find, until = self._finder(first), self._finder(last)
        if find is None:
            return origin.start, origin.end, origin.lines
        begin = find(start - self._begins[first])
        stop = begin + 1
        if until is not None and self._origins[last].lines is origin.lines:
            # What follows a text of YAML may stand on the next line.
            is_old = type(self._origins[last]) is Scalar
            stop = max(stop, until(end - is_old - self._begins[last]) + is_old)
        return begin, stop, origin.lines

    def settle(self, offset: int) -> str:
        """What would settle a part that is not known, to be said after it."""
        why = getattr(self._origins[self._index(offset)], "why", "")
        return f": {why}" if why else ""

    def _index(self, offset: int) -> int:
        return max(bisect_right(self._begins, offset) - 1, 0)

    def _finder(self, index: int) -> Finder | None:
        if index not in self._finders:
            origin = self._origins[index]
            self._finders[index] = places_of(origin) if isinstance(origin, Piece | Scalar) else None
        return self._finders[index]

    def shown(self, message: str) -> str:
        """A message with the parts that the signs stand for."""
        return _SIGN.sub(lambda sign: _shown(self.part(sign.group())), message)

    def text_of(self, flat: str) -> Text:
        """A text with its opaque parts back in their places."""
        parts: list[Part] = []
        last = 0
        for found in _SIGN.finditer(flat):
            parts.append(flat[last : found.start()])
            part = self.part(found.group())
            parts += (part,) if isinstance(part, Opaque) else part.text.parts
            last = found.end()
        return text(*parts, flat[last:])


class _Placer:
    """Moves the nodes of a text to where they are written."""

    def __init__(self, flat: _Flat, bare: set[int]) -> None:
        self.flat = flat
        self.bare = bare

    def placed(self, node: Node) -> Node:
        start, end, lines = self.flat.span(node.start, node.end)
        match node:
            case Mapping(entries=entries):
                made: dict[str, Entry] = {}
                for name, entry in entries.items():
                    if _SIGN.search(name):
                        return self._open(node, f"it has a key {self.flat.text_of(name)}")
                    key = Scalar(*self.flat.span(entry.key.start, entry.key.end), "", name, False, "")
                    made[name] = Entry(key, self.placed(entry.value))
                return Mapping(start, end, lines, "", made)
            case Sequence(items=items):
                return Sequence(start, end, lines, "", [self.placed(item) for item in items])
            case Scalar(plain=True):
                if self.bare and not self.bare.isdisjoint(range(node.start, node.end)):
                    return self._bare(node)
                return Scalar(start, end, lines, "", node.value, True, "")
            case Scalar(value=value) if _SIGN.search(value):
                return _partial(start, end, lines, self.flat.text_of(value))
            case Scalar(value=value):
                return Scalar(start, end, lines, "", value, False, "")
            case _:
                return self._open(node, "it is no JSON")

    def _bare(self, node: Scalar) -> Node:
        """A value of which not even the type is known, unless it was encoded for this place."""
        place = min(self.bare.intersection(range(node.start, node.end)))
        part = self.flat.part(self.flat.text[place])
        if isinstance(part, Encoded) and node.end - node.start == 1:
            return part.value
        return self._open(node, f"it is {_shown(part)}", self.flat.settle(place))

    def _open(self, node: Node, what: str, settle: str = "") -> Undecided:
        start, end, lines = self.flat.span(node.start, node.end)
        return _undecided(Node(start, end, lines), f"{what}, which the input does not tell{settle}")


def _shown(part: Opaque | Encoded) -> str:
    return str(part) if isinstance(part, Opaque) else str(part.text)


def _undecided(at: Node, why: str) -> Undecided:
    return Undecided(at.start, at.end, at.lines, why)


def _partial(start: int, end: int, lines: Lines, known: Text) -> Partial:
    return Partial(start, end, lines, known)
