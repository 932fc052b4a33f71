"""For a job summary or a pull request: a table of requirements above the table of findings."""

from collections.abc import Sequence

from s3audit.finding import Report, Sheet
from s3audit.frameworks.matrix import Cell, Matrix, Row
from s3audit.renderers import markdown
from s3audit.renderers import matrix_words as words
from s3audit.renderers.clean import encodable


def render(report: Report, sheet: Sheet, matrices: Sequence[Matrix]) -> str:
    page = markdown.environment().get_template("matrix.md.j2")
    above = page.render(
        matrices=matrices,
        words=words.WORDS,
        about=words.ABOUT,
        total=words.total,
        of_row=words.of_row,
        notes=words.notes,
        told=_told,
    )
    return encodable(above) + markdown.render(report, sheet)


def _told(row: Row) -> list[tuple[str, str]]:
    """The checks that say more than that all is well, and what they say."""
    return [(cell.check, _said(cell)) for cell in words.worth_a_word(row)]


def _said(cell: Cell) -> str:
    role = words.role(cell)
    return words.of_cell(cell) + (f" ({role})" if role else "")
