"""Whether a condition is met, where its key is absent or has a value that is known."""

from __future__ import annotations

from s3audit.location import Location
from s3audit.policy.language import Condition
from s3audit.policy.patterns import covers, lowered
from s3audit.setting import some_of
from s3audit.text import Text, same, text
from s3audit.verdict import Status, Verdict, failed, unknown

# Operators that compare; each has a negation with Not in its name, which an absent key satisfies.
_COMPARING = (
    *("stringequals", "stringequalsignorecase", "stringlike", "bool", "binaryequals", "ipaddress"),
    *("arnequals", "arnlike", "numericequals", "dateequals"),
    *(f"{kind}{relation}" for kind in ("numeric", "date") for relation in ("lessthan", "greaterthan")),
    *(f"{kind}{relation}equals" for kind in ("numeric", "date") for relation in ("lessthan", "greaterthan")),
)


def met_where_absent(condition: Condition) -> Verdict:
    """Whether a request without the key meets the condition."""
    operator = condition.operator.lower()
    gap = f"the statement's {condition.operator} is not met where {condition.key} is absent"
    if operator == "null":
        return _names(condition, "true", gap)
    if operator.startswith("foranyvalue:") or operator in _COMPARING:
        return failed(condition.at, gap)
    base = operator.removeprefix("forallvalues:").removesuffix("ifexists").replace("not", "", 1)
    return Verdict(Status.PASS) if base in _COMPARING else _not_understood(condition)


def met_by(condition: Condition, value: str) -> Verdict:
    """Whether a request whose key has this one value, in lower case, meets the condition."""
    operator = condition.operator.lower().removesuffix("ifexists")
    # Any of one value is that value, and so are all of them.
    operator = operator.removeprefix("foranyvalue:").removeprefix("forallvalues:")
    gap = f"the statement's condition on {condition.key} is not met where it is {value}"
    match operator:
        case "null":
            return _names(condition, "false", f"the statement's condition on {condition.key} is never met")
        case "bool" | "stringequalsignorecase":
            return _names(condition, value, gap)
        case "stringequals":
            return told(_takes(condition, text(value)), condition.at, gap)
        case "stringlike":
            found = some_of(condition.values, lambda v: Verdict(covers(v, text(value))))
            return told(found, condition.at, gap)
        case "stringnotequals":
            return told(~_takes(condition, text(value)), condition.at, gap)
        case _:
            return _not_understood(condition)


def _names(condition: Condition, value: str, gap: str) -> Verdict:
    """Whether the value is among those of the condition, whatever the case of its letters."""
    found = some_of(condition.values, lambda v: Verdict(same(lowered(v), text(value))))
    return told(found, condition.at, gap)


def _takes(condition: Condition, value: Text) -> Verdict:
    return some_of(condition.values, lambda v: Verdict(same(v, value)))


def _not_understood(condition: Condition) -> Verdict:
    return unknown(condition.at, f"what {condition.operator} makes of {condition.key} is not known")


def told(found: Verdict, at: Location, gap: str, still_open: str = "") -> Verdict:
    """The verdict with its evidence: the gap where it fails, and what is open where it is."""
    match found.status:
        case Status.FAIL:
            return failed(at, gap)
        case Status.UNKNOWN if not found.evidence:
            return unknown(at, still_open or f"whether {gap} is not known")
        case _:
            return found
