"""Which events and which keys two notifications have in common."""

from collections.abc import Callable

from s3audit.model.notification import NotificationRule
from s3audit.setting import Known, Setting, Unknown, Unset, some_of
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, unknown

Has = Callable[[Text, Text], Status]


def share_events(one: NotificationRule, other: NotificationRule) -> Verdict:
    return some_of(one.events, lambda a: some_of(other.events, lambda b: Verdict(_share(a, b))))


def is_about(rule: NotificationRule, *kinds: str) -> Verdict:
    """Whether it is about one of these, which may end in a wildcard."""
    return some_of(
        rule.events,
        lambda event: Verdict(Status.PASS if any(_meet(event, k) for k in kinds) else Status.FAIL),
    )


def _share(one: str, other: str) -> Status:
    return Status.PASS if _meet(one, other) else Status.FAIL


def _meet(one: str, other: str) -> bool:
    """Whether an event is of both kinds: `s3:ObjectCreated:*` takes in `s3:ObjectCreated:Put`."""
    for wide, narrow in ((one, other), (other, one)):
        if wide.endswith("*") and narrow.startswith(wide[:-1]):
            return True
    return one == other


def share_keys(one: NotificationRule, other: NotificationRule) -> Verdict:
    """Whether a key fits both: one prefix begins with the other, and one suffix ends with the other."""
    return _nested(one.prefix, other.prefix, begins) & _nested(one.suffix, other.suffix, ends)


def begins(longer: Text, shorter: Text) -> Status:
    if longer.parts[: len(shorter.parts)] == shorter.parts:
        return Status.PASS
    literal = shorter.literal
    return Status.UNKNOWN if literal is None else longer.starts_with(literal)


def ends(longer: Text, shorter: Text) -> Status:
    count = len(shorter.parts)
    if not count or longer.parts[-count:] == shorter.parts:
        return Status.PASS
    literal = shorter.literal
    return Status.UNKNOWN if literal is None else longer.ends_with(literal)


def _nested(one: Setting[Text | None], other: Setting[Text | None], has: Has) -> Verdict:
    match one, other:
        case (Known(None) | Unset(None), _) | (_, Known(None) | Unset(None)):
            return Verdict(Status.PASS)
        case ((Known(Text() as a) | Unset(Text() as a)), (Known(Text() as b) | Unset(Text() as b))):
            found = (has(a, b), has(b, a))
            if Status.PASS in found:
                return Verdict(Status.PASS)
            if found == (Status.FAIL, Status.FAIL):
                return Verdict(Status.FAIL)
            return unknown(one.at, f"whether {a} and {b} have a key in common is not known")
        case (Unknown(why, at), _) | (_, Unknown(why, at)):
            return unknown(at, why)
        case _:
            return Verdict(Status.PASS)
