"""The bucket for which S3 comes as a service, and what conditions on the source make of it."""

from __future__ import annotations

import msgspec

from s3audit.model.bucket import Bucket
from s3audit.model.names import is_deploying_account
from s3audit.policy.keys import SOURCE_ACCOUNT, SOURCE_ARN
from s3audit.policy.language import Condition, Policy, Statement
from s3audit.policy.patterns import covers
from s3audit.setting import Known, Listed, Setting, Unknown, Unset
from s3audit.text import Opaque, Text, same, text
from s3audit.verdict import Status

_OTHER = "arn:aws:s3:::xqz-other"
"""What no request of these is for."""
_STANDS_IN = "arn:{}:s3:::xqz-source"
"""For the bucket where its name is not told in full: a text that no policy has."""
_OF_SOURCE = (SOURCE_ARN, SOURCE_ACCOUNT)
_EXACT = ("stringequals", "stringnotequals")
_PATTERNS = ("stringlike", "stringnotlike")
_ARNS = ("arnequals", "arnlike", "arnnotequals", "arnnotlike")
_ARN_PIECES = 6


class Source(msgspec.Struct, frozen=True):
    bucket: Bucket
    partition: str

    @property
    def arn(self) -> Text | None:
        """As the request tells it."""
        match self.bucket.name:
            case Known(name) | Unset(name):
                return text(f"arn:{self.partition}:s3:::", *name.parts)
            case Unknown():
                return None

    @property
    def account(self) -> Text | None:
        match self.bucket.account:
            case Known(found) | Unset(found):
                return found
            case Unknown():
                return None

    @property
    def told_arn(self) -> str:
        """Or what stands for it."""
        known = None if self.arn is None else self.arn.literal
        return known or _STANDS_IN.format(self.partition)

    @property
    def told_account(self) -> str:
        """Or what stands for it."""
        known = None if self.account is None else self.account.literal
        return known or "xqz-account"

    def is_met(self, condition: Condition, value: Text) -> Status:
        """Whether a value of a condition on the source is that of the request; open for a key that tells no source."""
        own = {SOURCE_ARN: self.arn, SOURCE_ACCOUNT: self.account}.get(condition.key.lower())
        if own is None:
            return Status.UNKNOWN
        if condition.is_about(SOURCE_ACCOUNT) and _is_own_account(value):
            return Status.PASS
        operator, value = _bare(condition.operator), in_one(value, self.partition)
        if operator in _EXACT:
            return same(value, own)
        is_arn = len(value.split(":", _ARN_PIECES - 1)) == _ARN_PIECES
        if operator in _PATTERNS or (operator in _ARNS and is_arn):
            return covers(value, own) if _is_pattern(value) else same(value, own)
        return Status.UNKNOWN

    def told(self, policy: Policy) -> Policy:
        """The policy, in whose conditions on the source each value is that of the request, another one, or unknown."""

        def statement(item: Setting[Statement]) -> Setting[Statement]:
            if not isinstance(item, Known):
                return item
            found = self._each_condition(item.value.conditions)
            return Known(msgspec.structs.replace(item.value, conditions=found), item.at)

        match policy.statements:
            case Known(items, at):
                return msgspec.structs.replace(policy, statements=Known(tuple(map(statement, items)), at))
            case _:
                return policy

    def _each_condition(self, listed: Listed[Condition]) -> Listed[Condition]:
        def condition(item: Setting[Condition]) -> Setting[Condition]:
            if not isinstance(item, Known) or not item.value.is_about(*_OF_SOURCE):
                return item
            one = item.value
            values = one.values
            if one.operator.lower() != "null" and isinstance(values, Known):
                values = Known(tuple(self._value(one, value) for value in values.value), values.at)
            return Known(msgspec.structs.replace(one, values=values), item.at)

        return Known(tuple(map(condition, listed.value)), listed.at) if isinstance(listed, Known) else listed

    def _value(self, condition: Condition, item: Setting[Text]) -> Setting[Text]:
        match item:
            case Known(value, at) | Unset(value, at):
                is_account = condition.is_about(SOURCE_ACCOUNT)
                own = self.account if is_account else self.arn
                if own is not None and own.literal is not None and value.literal is not None:
                    return item
                match self.is_met(condition, value):
                    case Status.PASS:
                        return Known(text(self.told_account if is_account else self.told_arn), at)
                    case Status.FAIL:
                        return Known(text(_OTHER), at)
                    case _:
                        what = "the account" if is_account else "the ARN"
                        return Unknown(f"whether {value} is {what} of the bucket is not known", at)
            case Unknown():
                return item


def in_one(arn: Text, partition: str) -> Text:
    """An ARN in this partition, where it leaves open in which."""
    match arn.parts:
        case ("arn:", Opaque(), str() as rest, *more) if rest.startswith(":"):
            return text(f"arn:{partition}{rest}", *more)
        case _:
            return arn


def _is_own_account(value: Text) -> bool:
    """The account of whoever deploys it is that of the bucket."""
    match value.parts:
        case (Opaque(resource="", origin=origin),):
            return is_deploying_account(origin)
        case _:
            return False


def _is_pattern(value: Text) -> bool:
    return any(sign in part for part in value.parts if isinstance(part, str) for sign in ("*", "?", "${"))


def _bare(operator: str) -> str:
    name = operator.lower().removesuffix("ifexists")
    return name.removeprefix("foranyvalue:").removeprefix("forallvalues:")
