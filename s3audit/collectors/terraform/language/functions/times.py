"""Functions of points in time, as RFC 3339 writes them."""

import re
from typing import NamedTuple

from s3audit.collectors.terraform.language.functions.common import Refused, strict

_STAMP = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(?:Z|([-+])([0-9]{2}):([0-9]{2}))"
)
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

_SECOND = 10**9
_UNITS = {
    "ns": 1,
    "us": 1000,
    "\u00b5s": 1000,
    "\u03bcs": 1000,
    "ms": 10**6,
    "s": _SECOND,
    "m": 60 * _SECOND,
    "h": 3600 * _SECOND,
}
_LONGEST = 2**63 - 1
_PIECE = re.compile(r"([0-9]*)(?:\.([0-9]*))?([^0-9.]+)")


class Moment(NamedTuple):
    day: int
    """Counted from the first of January of the year 0."""
    nanosecond: int
    """Of that day, as the clocks at that place show it."""
    offset: int
    """Of those clocks, in minutes."""

    @property
    def absolute(self) -> int:
        return (self.day * 86_400 - self.offset * 60) * _SECOND + self.nanosecond


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_before(year: int) -> int:
    """From the first of January of the year 0."""
    last = year - 1
    return 365 * year + last // 4 - last // 100 + last // 400 + 1


def is_date(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= _month_lengths(year)[month - 1]


def _month_lengths(year: int) -> tuple[int, ...]:
    return (31, 29, *_LENGTHS[2:]) if _is_leap(year) else _LENGTHS


def _moment(text: str) -> Moment:
    found = _STAMP.fullmatch(text)
    if found is None:
        raise Refused(f"{text[:40]!r} is no time such as 2024-01-31T12:00:00Z")
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    away = int(found[9] or 0) * 60 + int(found[10] or 0)
    is_right = is_date(year, month, day) and hour < 24 and minute < 60 and second < 60
    if not is_right or int(found[9] or 0) > 23 or int(found[10] or 0) > 59:
        raise Refused(f"{text[:40]!r} is no time that there is")
    fraction = int((found[7] or "0")[:9].ljust(9, "0"))
    days = _days_before(year) + sum(_month_lengths(year)[: month - 1]) + day - 1
    clock = ((hour * 60 + minute) * 60 + second) * _SECOND + fraction
    return Moment(days, clock, -away if found[8] == "-" else away)


def date(days: int) -> tuple[int, int, int]:
    """Year, month and day."""
    year = days * 400 // 146_097
    while _days_before(year + 1) <= days:
        year += 1
    while _days_before(year) > days:
        year -= 1
    left = days - _days_before(year)
    month = 0
    for length in _month_lengths(year):
        if left < length:
            break
        left -= length
        month += 1
    return year, month + 1, left + 1


def _zone(offset: int, colon: str) -> str:
    hours, minutes = divmod(abs(offset), 60)
    return f"{'-' if offset < 0 else '+'}{hours:02d}{colon}{minutes:02d}"


def _timeadd(stamp: str, duration: str) -> str:
    moment = _moment(stamp)
    clock = moment.nanosecond + _duration(duration)
    days, clock = moment.day + clock // (86_400 * _SECOND), clock % (86_400 * _SECOND)
    year, month, day = date(days)
    hour, minute, second = _clock(clock)
    spelled = f"{'-' if year < 0 else ''}{abs(year):04d}-{month:02d}-{day:02d}"
    zone = _zone(moment.offset, ":") if moment.offset else "Z"
    return f"{spelled}T{hour:02d}:{minute:02d}:{second:02d}{zone}"


def _clock(nanosecond: int) -> tuple[int, int, int]:
    minutes, second = divmod(nanosecond // _SECOND, 60)
    return minutes // 60, minutes % 60, second


def _duration(text: str) -> int:
    """In nanoseconds: 1h30m, -1.5s."""
    sign, rest = (-1 if text[:1] == "-" else 1), text[1:] if text[:1] in ("-", "+") else text
    if rest == "0":
        return 0
    total = place = 0
    while place < len(rest) or not place:
        found = _PIECE.match(rest, place)
        if found is None or not (found[1] or found[2]) or found[3] not in _UNITS or len(found[1]) > 20:
            raise Refused(f"{text[:40]!r} is no duration such as 1h30m")
        unit = _UNITS[found[3]]
        total += int(found[1] or 0) * unit
        if found[2]:
            digits = found[2][:18]
            total += int(float(int(digits)) * (float(unit) / float(10 ** len(digits))))
        place = found.end()
    if total > _LONGEST + (sign < 0):
        raise Refused(f"the duration {text[:40]!r} is too long")
    return sign * total


def _timecmp(one: str, other: str) -> int:
    left, right = _moment(one).absolute, _moment(other).absolute
    return (left > right) - (left < right)


def _formatdate(pattern: str, stamp: str) -> str:
    moment = _moment(stamp)
    made: list[str] = []
    place = 0
    while place < len(pattern):
        letter = pattern[place]
        if letter == "'":
            text, place = _quoted(pattern, place)
            made.append(text)
        elif letter.isascii() and letter.isalpha():
            end = place
            while pattern[end : end + 1] == letter:
                end += 1
            made.append(_written(pattern[place:end], moment))
            place = end
        else:
            made.append(letter)
            place += 1
    return "".join(made)


def _quoted(pattern: str, start: int) -> tuple[str, int]:
    """The text between two quotes, in which two stand for one, and where it ends."""
    if pattern.startswith("''", start):
        return "'", start + 2
    place = start + 1
    while (end := pattern.find("'", place)) >= 0:
        if not pattern.startswith("''", end):
            return pattern[start + 1 : end].replace("''", "'"), end + 1
        place = end + 2
    rest = pattern[start + 1 :]
    if rest.endswith("'"):  # the last one closes, after all
        return rest[:-1].replace("''", "'"), len(pattern)
    raise Refused("its pattern has a quote that is never closed")


def _written(letters: str, moment: Moment) -> str:
    year, month, day = date(moment.day)
    hour, minute, second = _clock(moment.nanosecond)
    twelve = hour % 12 or 12
    weekday = _DAYS[(moment.day - 2) % 7]
    match letters:
        case "YYYY":
            return f"{year:04d}"
        case "YY":
            return f"{year % 100:02d}"
        case "MMMM" | "MMM":
            return _MONTHS[month - 1] if letters == "MMMM" else _MONTHS[month - 1][:3]
        case "MM" | "M":
            return _padded(month, letters)
        case "DD" | "D":
            return _padded(day, letters)
        case "EEEE" | "EEE":
            return weekday if letters == "EEEE" else weekday[:3]
        case "hh" | "h":
            return _padded(hour, letters)
        case "HH" | "H":
            return _padded(twelve, letters)
        case "AA" | "aa":
            half = "AM" if hour < 12 else "PM"
            return half if letters == "AA" else half.lower()
        case "mm" | "m":
            return _padded(minute, letters)
        case "ss" | "s":
            return _padded(second, letters)
        case "ZZZZZ" | "Z":
            return "Z" if letters == "Z" and not moment.offset else _zone(moment.offset, ":")
        case "ZZZZ" | "ZZZ":
            return "UTC" if letters == "ZZZ" and not moment.offset else _zone(moment.offset, "")
        case _:
            raise Refused(f"its pattern has {letters[:20]!r}, which stands for nothing")


def _padded(number: int, letters: str) -> str:
    return f"{number:02d}" if len(letters) == 2 else str(number)


FUNCTIONS = {
    "formatdate": strict("string string", _formatdate, gives_text=True),
    "timeadd": strict("string string", _timeadd, gives_text=True),
    "timecmp": strict("string string", _timecmp),
}
