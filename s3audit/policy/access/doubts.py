"""What hangs on an account, a Region or a name that nobody tells is not known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from s3audit.policy import keys
from s3audit.policy.operators import Chosen, Open
from s3audit.policy.placed import literal_of
from s3audit.policy.rules import Pattern, Rule, Test, Who
from s3audit.setting import Known, Unset
from s3audit.text import same, text
from s3audit.verdict import Status

if TYPE_CHECKING:
    from s3audit.policy.access.roles import Copier

_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
WHOLE = re.compile(r"\d{12}|arn:[^:]*:iam::\d{12}:root")
"""An account as a principal."""
ALL_OF = "it names a whole account: "
"""How a doubt begins that is about all of an account."""
_OF_ACCOUNTS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:userid",
        "kms:calleraccount",
        keys.SOURCE_ACCOUNT,
        keys.SOURCE_ARN,
    }
)
VIA = "kms:viaservice"


def doubted(rule: Rule, by: Copier) -> Rule:
    """With whatever hangs on an account or a name that nobody tells taken for unknown."""
    return msgspec.structs.replace(
        rule,
        principals=_each(rule.principals, by),
        not_principals=_each(rule.not_principals, by),
        resources=_keys(rule.resources, by),
        not_resources=_keys(rule.not_resources, by),
        tests=tuple(_test(one, by) for one in rule.tests),
    )


def _each(those: tuple[Who | Open, ...] | None, by: Copier) -> tuple[Who | Open, ...] | None:
    if those is None:
        return None
    return tuple(
        Open(f"{ALL_OF if WHOLE.fullmatch(who.name) else ''}{why}")
        if isinstance(who, Who) and who.kind == "aws" and (why := _doubt(who.name, by))
        else who
        for who in those
    )


def _keys(those: tuple[Pattern | Open, ...] | None, by: Copier) -> tuple[Pattern | Open, ...] | None:
    if those is None:
        return None
    return tuple(
        Open(why)
        if isinstance(one, Pattern) and ":kms:" in one.shown and (why := _key_doubt(one.shown, by))
        else one
        for one in those
    )


def _test(one: Test | Open, by: Copier) -> Test | Open:
    if isinstance(one, Open) or one.key not in _OF_ACCOUNTS:
        return one
    for value in one.values:
        if isinstance(value, Chosen) and (why := _doubt(value.text, by)):
            return Open(why)
    return one


def via_doubted(rule: Rule, via: str) -> Rule:
    """With a Region that a condition names taken for one that may be its own."""
    tests = tuple(
        Open("in which Region the key is nobody tells")
        if isinstance(one, Test) and one.key == VIA and not _is_about(one, via)
        else one
        for one in rule.tests
    )
    return msgspec.structs.replace(rule, tests=tests)


def _is_about(one: Test, via: str) -> bool:
    texts = [value.text for value in one.values if isinstance(value, Chosen)]
    return all(written == via or "*" in written for written in texts)


def _doubt(written: str, by: Copier) -> str:
    return _account_doubt(written, by) or _name_doubt(written, by)


def _account_doubt(written: str, by: Copier) -> str:
    if by.here.owner_is_told:
        return ""
    others = [one for one in _ACCOUNT.findall(written) if one != by.here.owner]
    return f"whether {others[0]} is its own account nobody tells" if others else ""


def _key_doubt(written: str, by: Copier) -> str:
    region = (*written.split(":", 5), "", "", "", "")[3]
    if by.here.region_is_told or not region or {"*", "?", "$"} & set(region):
        return _account_doubt(written, by)
    return f"whether {region} is its own Region nobody tells"


def _name_doubt(written: str, by: Copier) -> str:
    """Whether an ARN may be that of the role, though it is another text."""
    if ":role/" not in written or written == by.caller.arn or literal_of(by.role.arn):
        return ""
    if f"::{by.caller.account}:" not in written:
        return ""
    is_it = Status.UNKNOWN
    match by.role.name:
        case Known(name) | Unset(name):
            is_it = same(name, text(written.rpartition("/")[2]))
        case _:
            pass
    sure = is_it is Status.FAIL or (is_it is Status.PASS and bool(literal_of(by.role.path)))
    return "" if sure else f"whether {written} is the role {by.called} nobody tells"
