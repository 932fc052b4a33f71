"""For people in a terminal: each requirement with what it comes to and why; then the findings, each once."""

from collections.abc import Callable, Iterator, Sequence

from s3audit.finding import Report, Sheet
from s3audit.frameworks.matrix import Answer, Cell, Matrix, Row
from s3audit.renderers import matrix_words as words
from s3audit.renderers import text
from s3audit.renderers.clean import clean, wrap

_BOLD, _DIM = "1", "2"
_COLORS: dict[Answer, str] = {"fail": "1;31", "unknown": "35", "pass": "32", "in_part": "32", "manual": "36"}
_NAMED = 4
"""Subjects that are named for a check; the findings below name all."""
_WIDEST = max(map(len, words.WORDS.values()))

_Paint = Callable[[str, str], str]


def render(report: Report, sheet: Sheet, matrices: Sequence[Matrix]) -> str:
    page = _Page(sheet)
    lines = [line for matrix in matrices for line in page.matrix(matrix)]
    if report.shown:
        lines += [page.paint(_BOLD, "Findings"), ""]
    return "\n".join(lines) + "\n" + text.render(report, sheet)


class _Page:
    def __init__(self, sheet: Sheet) -> None:
        self.width = max(sheet.width, 60)
        self.paint: _Paint = _colored if sheet.color else _plain

    def matrix(self, matrix: Matrix) -> Iterator[str]:
        yield self.paint(_BOLD, clean(matrix.framework.name))
        yield words.total(matrix)
        for said in (words.ABOUT, clean(matrix.framework.note)):
            yield from wrap(said, self.width)
        widest = max(len(clean(row.requirement.id)) for row in matrix.rows)
        for row in matrix.rows:
            yield ""
            yield from self._row(row, widest)
        yield ""

    def _row(self, row: Row, widest: int) -> Iterator[str]:
        word = self.paint(_COLORS.get(row.answer, ""), f"{words.WORDS[row.answer]:<{_WIDEST}}")
        beside = _WIDEST + 2
        name = f"{clean(row.requirement.id):<{widest}}  "
        first, *others = [*wrap(clean(row.requirement.title), self.width - beside - len(name))] or [""]
        yield f"{word}  {self.paint(_BOLD, name + first)}".rstrip()
        for line in others:
            yield f"{' ' * (beside + len(name))}{line}"
        yield from self._below(clean(words.of_row(row)), beside)
        for cell in words.worth_a_word(row):
            yield from self._below(self._cell(cell), beside)
        for note in words.notes(row):
            yield from self._below(clean(f"{note.label}: {note.text}"), beside, _DIM)

    def _cell(self, cell: Cell) -> str:
        said = f"{cell.check}, {words.of_cell(cell)}"
        if role := words.role(cell):
            said += f" ({role})"
        if cell.findings:
            said += f": {words.subjects(cell.findings, _NAMED)}"
        return clean(said)

    def _below(self, said: str, indent: int, color: str = "") -> Iterator[str]:
        room = " " * indent
        for line in wrap(said, self.width - indent):
            yield f"{room}{self.paint(color, line)}"
            room = " " * (indent + 2)


def _plain(_: str, said: str) -> str:
    return said


def _colored(color: str, said: str) -> str:
    return f"\x1b[{color}m{said}\x1b[0m" if color else said
