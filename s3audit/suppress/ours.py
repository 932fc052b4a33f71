"""Our own suppressions: `# s3audit: ignore[logging-enabled] until=2026-12-31 owner=web reason="no visitors"`."""

import re
from collections.abc import Iterator

from s3audit.location import Location
from s3audit.suppress.mark import OURS, Mark

KEYS = ("until", "reason", "owner")
FORM = '`s3audit: ignore[CHECK] reason="..."`'

_BEGIN = re.compile(r"s3audit:\s*ignore\b\s*(?:\[(?P<names>[^\]]*)\])?(?P<rest>.*)", re.DOTALL)
_OTHER = re.compile(r"s3audit:\s*(?P<word>[\w-]+)\[")
_PART = re.compile(
    r"""\s*(?:(?P<key>[A-Za-z_]+)=(?:"(?P<quoted>(?:\\.|[^"\\])*)"|(?P<plain>\S+))|(?P<word>\S+))"""
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def marks(comment: str, at: Location) -> Iterator[Mark]:
    """The suppression in a comment, if there is one."""
    found = _BEGIN.match(comment)
    if found is None:
        if other := _OTHER.match(comment):
            yield mark((), at, {}, wrong=f"{other['word']!r} is nothing it knows: write {FORM}")
        return
    names = tuple(name.strip() for name in (found["names"] or "").split(",") if name.strip())
    told: dict[str, str] = {}
    words: list[str] = []
    wrong = "" if names else f"it names no check: write {FORM}"
    for part in _PART.finditer(found["rest"].strip()):
        if part["key"] is None:
            words.append(part["word"])
        elif part["key"] in told or part["key"] not in KEYS:
            wrong = (
                wrong or f"{part['key']}= is {'there twice' if part['key'] in told else 'nothing it takes'}"
            )
        else:
            plain = part["plain"]
            told[part["key"]] = re.sub(r"\\(.)", r"\1", part["quoted"]) if plain is None else plain
    yield mark(names, at, told, " ".join(words), wrong)


def mark(
    names: tuple[str, ...], at: Location, told: dict[str, str], words: str = "", wrong: str = ""
) -> Mark:
    """What is said about these checks; the reason may stand without its name."""
    until = told.get("until", "")
    if until and not is_day(until):
        wrong = wrong or f"until={until} is no day, such as 2026-12-31"
    return Mark(
        OURS,
        names,
        at,
        "around",
        reason=told.get("reason", "") or words.strip(" :-\"'"),
        until=until,
        owner=told.get("owner", ""),
        wrong=wrong,
    )


def is_day(text: str) -> bool:
    """Whether it is a day of the calendar."""
    if _DAY.fullmatch(text) is None:
        return False
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
