"""The transitions of a rule as steps in time, and what S3 takes of them."""

from collections.abc import Iterator
from typing import NamedTuple

from s3audit.model.lifecycle import LifecycleRule, NoncurrentTransition, Transition
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text
from s3audit.verdict import Status, Verdict

from ._moments import Moment, moment, some_days

_NO = Verdict(Status.FAIL)

END = ""
"""In place of a storage class: the object is deleted."""
_FEWEST = 30
_NEXT = {
    "STANDARD_IA": ("INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"),
    "INTELLIGENT_TIERING": ("ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"),
    "ONEZONE_IA": ("GLACIER", "DEEP_ARCHIVE"),
    "GLACIER_IR": ("GLACIER", "DEEP_ARCHIVE"),
    "GLACIER": ("DEEP_ARCHIVE",),
}
_SPACED = {
    "STANDARD_IA": ("ONEZONE_IA", "GLACIER", "DEEP_ARCHIVE"),
    "ONEZONE_IA": ("GLACIER", "DEEP_ARCHIVE"),
}


class Step(NamedTuple):
    storage_class: Setting[str]
    when: Setting[Moment]
    has_both: Verdict = _NO
    """Whether it is said in days and as a date, too."""


def current_steps(rule: LifecycleRule) -> tuple[Step, ...] | Unknown:
    """The transitions of objects; a step of which nothing is known stands for one that is not told."""
    match rule.transitions:
        case Unknown() as gap:
            return gap
        case Known(items) | Unset(items):
            return tuple(_current(item) for item in items)


def noncurrent_steps(rule: LifecycleRule) -> tuple[Step, ...] | Unknown:
    """The transitions of noncurrent versions."""
    match rule.noncurrent_transitions:
        case Unknown() as gap:
            return gap
        case Known(items) | Unset(items):
            return tuple(_noncurrent(item) for item in items)


def _current(item: Setting[Transition]) -> Step:
    match item:
        case Unknown() as gap:
            return Step(gap, gap)
        case Known(one) | Unset(one):
            when = _at_once(moment(one.days, one.date), one)
            return Step(one.storage_class, when, _both(one.days, one.date))


def _noncurrent(item: Setting[NoncurrentTransition]) -> Step:
    match item:
        case Unknown() as gap:
            return Step(gap, gap)
        case Known(one) | Unset(one):
            when = moment(one.days, Unset(None, one.at))
            return Step(one.storage_class, _at_once(when, one))


def _both(days: Setting[int | None], date: Setting[Text | None]) -> Verdict:
    note = "the same is said in days and as a date"
    found = days.satisfies(lambda told: told is not None, note) & date.satisfies(
        lambda told: told is not None, note
    )
    return _NO if found.status is Status.FAIL else found


def _at_once(when: Setting[Moment | None], one: Transition | NoncurrentTransition) -> Setting[Moment]:
    """Where nothing is said it is on day 0."""
    match when:
        case Known(Moment() as told, near) | Unset(Moment() as told, near):
            return Known(told, near)
        case Unknown() as gap:
            return gap
        case _:
            return Unset(Moment(0), one.at)


def expiry(rule: LifecycleRule) -> Step | None:
    """When objects expire; None where they do not."""
    when = moment(rule.expiration_days, rule.expiration_date)
    return _end(when, _both(rule.expiration_days, rule.expiration_date))


def version_expiry(rule: LifecycleRule) -> Step | None:
    """When noncurrent versions are deleted; None where they are not."""
    return _end(moment(rule.noncurrent_days, Unset(None, rule.at)))


def _end(when: Setting[Moment | None], has_both: Verdict = _NO) -> Step | None:
    match when:
        case Known(Moment() as told, at) | Unset(Moment() as told, at):
            return Step(Known(END, at), Known(told, at), has_both)
        case Unknown(at=at) as gap:
            return Step(Known(END, at), gap, has_both)
        case _:
            return None


def pairs(steps: tuple[Step, ...]) -> Iterator[tuple[Step, Step]]:
    """Every two of them."""
    for index, one in enumerate(steps):
        for other in steps[index + 1 :]:
            yield one, other


def can_follow(earlier: str, later: str) -> bool:
    """Whether S3 moves objects from one class to another."""
    return later in _NEXT.get(earlier, ())


def refusal(earlier: str, later: str, days: int) -> str:
    """Why S3 does not take a rule that moves objects from one class to another so many days later."""
    if not can_follow(earlier, later):
        return f"S3 moves nothing from {earlier} to {later}"
    if days < _FEWEST and later in _SPACED.get(earlier, ()):
        return f"{later} follows {earlier} after {some_days(days)}, and not after {_FEWEST} or more"
    return ""
