"""Conditions that say for whom a service may come."""

from s3audit.model.names import arn_parts
from s3audit.policy.language import Condition
from s3audit.setting import every_of
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, unknown

from ._statements import items, names_one

CLOUDFRONT = "cloudfront.amazonaws.com"
SOURCES = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")
_EQUAL = ("stringequals", "stringequalsignorecase")
_LIKE = ("stringlike", "arnequals", "arnlike")
_OWN = "${aws:resourceaccount}"


def pins(condition: Condition, keys: tuple[str, ...]) -> Verdict:
    """Whether it holds for fixed sources only."""
    operator = condition.operator.lower().removeprefix("foranyvalue:")
    if not condition.is_about(*keys) or operator not in (*_EQUAL, *_LIKE) or not items(condition.values):
        return Verdict(Status.FAIL)
    found = every_of(
        condition.values, lambda value: _is_fixed(value, condition, is_pattern=operator in _LIKE)
    )
    return found if found.status is not Status.FAIL else Verdict(Status.FAIL)


def _is_fixed(value: Text, condition: Condition, *, is_pattern: bool) -> Verdict:
    key = condition.key.lower()
    if "${" in _written(value) and _written(value).lower() != _OWN:
        return Verdict(Status.FAIL)
    if not is_pattern:
        return Verdict(Status.PASS)
    if key == "aws:sourceorgpaths":
        return _plain(value.split("/", 1)[0], condition)
    parts = arn_parts(value) if key == "aws:sourcearn" else None
    if parts is None:
        return _plain(value, condition)
    # What no account owns, a bucket for example, is fixed by its name only.
    return _plain(parts[3], condition) if parts[3].parts else _plain(value, condition)


def _plain(value: Text, condition: Condition) -> Verdict:
    """Whether it is no pattern."""
    if any(sign in _written(value) for sign in "*?"):
        return Verdict(Status.FAIL)
    if value.literal is None and not names_one(value):
        return unknown(condition.at, f"whether {value} is a pattern is not known")
    return Verdict(Status.PASS)


def _written(value: Text) -> str:
    return "".join(part for part in value.parts if isinstance(part, str))
