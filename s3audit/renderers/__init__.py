"""From a report to text: one module a format, loaded when it is asked for."""

from importlib import import_module

from s3audit.finding import Report, Sheet

FORMATS: dict[str, str] = {
    "text": "text",
    "json": "json",
    "sarif": "sarif",
    "html": "html",
    "markdown": "markdown",
}
"""Each format that a user can name, and the module here that writes it."""


def render(format: str, report: Report, sheet: Sheet) -> str:  # noqa: A002 (what the user calls it)
    """The report in one of the FORMATS: the same report gives the same characters."""
    text: str = import_module(f"{__name__}.{FORMATS[format]}").render(report, sheet)
    return text
