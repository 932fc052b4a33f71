"""When a rule acts: so many days after something, or at a date."""

from typing import NamedTuple

from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text


class Moment(NamedTuple):
    day: int
    """Since the object was made or, of a version, since there is a newer one; of a date, since the year 1."""
    is_date: bool = False

    def __str__(self) -> str:
        return "at a date" if self.is_date else f"after {some_days(self.day)}"


def moment(days: Setting[int | None], date: Setting[Text | None]) -> Setting[Moment | None]:
    """When a rule acts; None where nothing is said. Where both are said, which S3 refuses, the days count."""
    match days, date:
        case (Unknown(why, at), _) | (_, Unknown(why, at)):
            return Unknown(f"when a rule acts is not known: {why}", at)
        case ((Known(int() as after, at) | Unset(int() as after, at)), _):
            return Known(Moment(after), at)
        case _, (Known(Text() as when, at) | Unset(Text() as when, at)):
            day = day_of(when)
            return Unknown(f"{when} is no date", at) if day is None else Known(Moment(day, True), at)
        case ((Known(at=at) | Unset(at=at)), _):
            return Unset(None, at)


def day_of(when: Text) -> int | None:
    """The day of a date as AWS writes it, `2027-01-31T00:00:00Z`; None where it is none, or not known."""
    from datetime import date

    literal = when.literal
    try:
        return None if literal is None else date.fromisoformat(literal[:10]).toordinal()
    except ValueError:
        return None


def some_days(number: int) -> str:
    """`1 day`, `1,000 days`."""
    return f"{number:,} day{'' if number == 1 else 's'}"
