"""Whether the policy of a bucket lets S3 deliver the access logs of another: what its shape shows is said at once.

S3 comes as a service, over HTTPS, for one bucket and one account, with a new object below the prefix of the logs.
"""

from collections.abc import Iterable

import msgspec

from s3audit.model.bucket import Bucket, Logging
from s3audit.model.log_keys import begin
from s3audit.policy.elements import (
    acts,
    has_effect,
    known_name,
    known_partition,
    listed,
    speaks_of,
    value_of,
)
from s3audit.policy.keys import SOURCE_ACCOUNT, SOURCE_ARN
from s3audit.policy.language import Condition, Policy, Statement
from s3audit.policy.patterns import covers, covers_below, in_partition
from s3audit.policy.services import may_deny, may_mean
from s3audit.setting import Known, Setting, Unknown, Unset, every_of, some_of
from s3audit.text import Opaque, Text, same, text
from s3audit.verdict import Status, Verdict, every, failed, passed, some, unknown

SERVICE = "logging.s3.amazonaws.com"
ACTION = "s3:PutObject"
_PUT = text(ACTION)
_NO_ALLOW = f"the policy does not allow {ACTION} to {SERVICE}"
_ALLOWS = f"the policy allows {ACTION} to {SERVICE}"
_EXACT = ("stringequals", "stringnotequals")
_PATTERNS = ("stringlike", "stringnotlike")
_ARNS = ("arnequals", "arnlike", "arnnotequals", "arnnotlike")
_ASKING = ("stringequals", "stringlike", "arnequals", "arnlike")
_ARN_PIECES = 6


class Delivery(msgspec.Struct, frozen=True):
    """Access logs on their way."""

    source: Bucket
    logging: Logging
    target: Bucket

    @property
    def partition(self) -> str:
        """The one that is known, or the usual one."""
        return known_partition(self.source.region) or known_partition(self.target.region) or "aws"

    @property
    def arn(self) -> Text | None:
        """Of the bucket that is logged, in the request."""
        match self.source.name:
            case Known(name) | Unset(name):
                return text(f"arn:{self.partition}:s3:::", *name.parts)
            case Unknown():
                return None

    @property
    def account(self) -> Text | None:
        return _text_of(self.source.account)

    @property
    def keys(self) -> Text:
        """What the keys of all its logs begin with, as far as that is known."""
        return begin(self.source, self.logging)

    def is_met(self, condition: Condition, value: Text) -> Status:
        """Whether a value of a condition on the source is that of the request; open for a key that tells no source."""
        own = {SOURCE_ARN: self.arn, SOURCE_ACCOUNT: self.account}.get(condition.key.lower())
        if own is None:
            return Status.UNKNOWN
        operator, value = _bare(condition.operator), self._here(value)
        if operator in _EXACT:
            return same(value, own)
        is_arn = len(value.split(":", _ARN_PIECES - 1)) == _ARN_PIECES
        if operator in _PATTERNS or (operator in _ARNS and is_arn):
            return covers(value, own) if _is_pattern(value) else same(value, own)
        return Status.UNKNOWN

    def _here(self, value: Text) -> Text:
        """An ARN in this partition, where it leaves open in which."""
        match value.parts:
            case ("arn:", Opaque(), str() as rest, *more) if rest.startswith(":"):
                return text(f"arn:{self.partition}{rest}", *more)
            case _:
                return value


def admits_delivery(policy: Policy, delivery: Delivery) -> Verdict:
    """Whether the policy of the log bucket allows it, whatever it denies."""
    allowing = [statement for statement in _statements(policy) if _may_allow(statement)]
    if not allowing and _is_whole(policy):
        return failed(policy.at, _NO_ALLOW)
    surely = some(_allows(statement, delivery) for statement in allowing)
    if surely.status is Status.PASS:
        return surely
    from s3audit.policy.delivered import admitted

    return admitted(policy, delivery)


def denies_delivery(policy: Policy, delivery: Delivery) -> Verdict:
    """Whether the policy of the log bucket denies it; PASS with the request that shows it."""
    if may_deny(policy, SERVICE, _PUT).status is Status.FAIL:
        return failed(policy.at, f"no statement denies {ACTION} to {SERVICE}")
    from s3audit.policy.delivered import denied

    return denied(policy, delivery)


def _statements(policy: Policy) -> Iterable[Statement]:
    return (found for found in map(value_of, listed(policy)) if found is not None)


def _is_whole(policy: Policy) -> bool:
    return all(not isinstance(item, Unknown) for item in listed(policy))


def _may_allow(statement: Statement) -> bool:
    found = has_effect(statement, "Allow") & may_mean(statement, SERVICE) & acts(statement, _PUT)
    return found.status is not Status.FAIL


def _allows(statement: Statement, delivery: Delivery) -> Verdict:
    """Whether it surely does, by elements that ask for nothing but this source and its logs."""
    bucket, partition = known_name(delivery.target.name), known_partition(delivery.target.region)
    keys = delivery.keys

    def reaches(resource: Text) -> Verdict:
        found = (covers_below(resource, bucket, keys), in_partition(resource, partition))
        return Verdict(Status.PASS if found == (Status.PASS, Status.PASS) else Status.UNKNOWN)

    def holds(condition: Condition) -> Verdict:
        if condition.operator.lower() not in _ASKING:
            return unknown(condition.at, "what it asks for is not looked at here")
        return some_of(condition.values, lambda value: Verdict(delivery.is_met(condition, value)))

    return every(
        (
            has_effect(statement, "Allow"),
            speaks_of(statement, ("Service",), SERVICE),
            acts(statement, _PUT),
            some_of(statement.resources, reaches),
            every_of(statement.conditions, holds),
            passed(statement.at, _ALLOWS),
        )
    )


def _is_pattern(value: Text) -> bool:
    return any(sign in part for part in value.parts if isinstance(part, str) for sign in ("*", "?", "${"))


def _bare(operator: str) -> str:
    name = operator.lower().removesuffix("ifexists")
    return name.removeprefix("foranyvalue:").removeprefix("forallvalues:")


def _text_of(setting: Setting[Text]) -> Text | None:
    match setting:
        case Known(found) | Unset(found):
            return found
        case Unknown():
            return None
