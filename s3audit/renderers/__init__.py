"""From a report to text: one module a format, loaded when it is asked for."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from s3audit.finding import Report, Sheet

if TYPE_CHECKING:
    from s3audit.frameworks.framework import Framework

FORMATS: dict[str, str] = {
    "text": "text",
    "json": "json",
    "jsonl": "jsonl",
    "sarif": "sarif",
    "html": "html",
    "markdown": "markdown",
    "csv": "csv",
    "junit": "junit",
    "gitlab": "gitlab",
    "github": "github",
    "rdjson": "rdjson",
    "ocsf": "ocsf",
    "asff": "asff",
}
"""Each format that a user can name, and the module here that writes it."""

BY_REQUIREMENT: dict[str, str] = {
    "text": "matrix_text",
    "json": "matrix_json",
    "html": "matrix_html",
    "markdown": "matrix_markdown",
    "csv": "matrix_csv",
}
"""The formats that a report arranged by the requirements of frameworks has."""


def render(
    format: str,  # noqa: A002 (what the user calls it)
    report: Report,
    sheet: Sheet,
    frameworks: "Sequence[Framework]" = (),
) -> str:
    """The report in one of the FORMATS: the same report gives the same characters.

    With frameworks it is arranged by their requirements, in a format that can be.
    """
    return "".join(pieces(format, report, sheet, frameworks))


def pieces(
    format: str,  # noqa: A002
    report: Report,
    sheet: Sheet,
    frameworks: "Sequence[Framework]" = (),
) -> Iterator[str]:
    """The same in pieces, so that all that is said of a large account need not be at hand at once."""
    if frameworks and format in BY_REQUIREMENT:
        yield _by_requirement(format, report, sheet, frameworks)
        return
    renderer = import_module(f"{__name__}.{FORMATS[format]}")
    if hasattr(renderer, "pieces"):
        yield from renderer.pieces(report, sheet)
    else:
        yield renderer.render(report, sheet)


def left_out(
    format: str,  # noqa: A002
    report: Report,
    frameworks: "Sequence[Framework]" = (),
) -> list[str]:
    """What a report in this format can't tell, in sentences."""
    if frameworks and format in BY_REQUIREMENT:
        return []
    renderer = import_module(f"{__name__}.{FORMATS[format]}")
    return list(renderer.left_out(report)) if hasattr(renderer, "left_out") else []


def _by_requirement(form: str, report: Report, sheet: Sheet, frameworks: "Sequence[Framework]") -> str:
    from s3audit.frameworks.matrix import matrices

    renderer = import_module(f"{__name__}.{BY_REQUIREMENT[form]}")
    text: str = renderer.render(report, sheet, matrices(frameworks, report))
    return text
