"""GitHub's workflow commands: annotations beside the lines of a pull request, where nobody uploads SARIF."""

from collections import Counter
from collections.abc import Iterator

from s3audit.finding import Report, Sheet
from s3audit.renderers import summary
from s3audit.renderers.clean import clean
from s3audit.renderers.marks import Mark, marks
from s3audit.renderers.sarif_places import Places
from s3audit.renderers.uri import path

MOST = 10
"""GitHub shows no more annotations of one kind in a step."""
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
_LEVELS = list(_COMMANDS)


def pieces(report: Report, sheet: Sheet) -> Iterator[str]:
    places = Places(sheet)
    # Those that come first are shown.
    ordered = sorted(marks(report), key=lambda m: (_LEVELS.index(m.level), -(m.severity or 0)))
    for mark in ordered:
        yield f"::{_COMMANDS[mark.level]} {_properties(mark, places)}::{_data(mark.text)}\n"
    yield f"s3audit: {', '.join(summary.counts(report))}.\n"
    if max(Counter(mark.level for mark in ordered).values(), default=0) > MOST:
        yield f"GitHub shows {MOST} annotations of each kind; the others are in this log.\n"


def _properties(mark: Mark, places: Places) -> str:
    given = {**_place(mark, places), "title": f"s3audit {clean(mark.id)}"}
    return ",".join(f"{name}={_property(str(value))}" for name, value in given.items())


def _place(mark: Mark, places: Places) -> dict[str, str | int]:
    """Nothing for what stands in no file."""
    at = mark.at
    if not mark.in_file or not at.source:
        return {}
    file: dict[str, str | int] = {"file": path(at.source)}
    if not at.line:
        return file
    region = places.region(at)
    return {
        **file,
        "line": region["startLine"],
        "endLine": region["endLine"],
        "col": region["startColumn"],
        "endColumn": region["endColumn"],
    }


def _data(text: str) -> str:
    return clean(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
