"""Whether the policy of a bucket lets S3 deliver what it writes about another: what its shape shows is said at once.

S3 comes as a service, over HTTPS, for one bucket and one account, with a new object below the prefix of the logs or of
the reports.
"""

from __future__ import annotations

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
from s3audit.policy.language import Condition, Policy, Statement
from s3audit.policy.patterns import covers_below, in_partition
from s3audit.policy.services import may_deny, may_mean
from s3audit.policy.source import Source
from s3audit.setting import Unknown, every_of, some_of
from s3audit.text import Text, text
from s3audit.verdict import Status, Verdict, every, failed, passed, some, unknown

SERVICE = "logging.s3.amazonaws.com"
ACTION = "s3:PutObject"
_PUT = text(ACTION)
_ASKING = ("stringequals", "stringlike", "arnequals", "arnlike")


class Delivery(msgspec.Struct, frozen=True):
    """Access logs or reports on their way."""

    source: Bucket
    logging: Logging | None
    """None where it is a report."""
    target: Bucket
    service: str = SERVICE
    begun: Text = Text()
    """What the keys of reports begin with."""
    acl: str = ""
    """The canned ACL that comes with it; nothing where AWS does not say which."""

    @property
    def partition(self) -> str:
        """The one that is known, or the usual one."""
        return known_partition(self.source.region) or known_partition(self.target.region) or "aws"

    @property
    def of(self) -> Source:
        """The bucket that it is about, as the request tells it."""
        return Source(self.source, self.partition)

    @property
    def keys(self) -> Text:
        """What the keys of all of it begin with, as far as that is known."""
        return self.begun if self.logging is None else begin(self.source, self.logging)


def admits_delivery(policy: Policy, delivery: Delivery) -> Verdict:
    """Whether the policy of the target allows it, whatever it denies."""
    allowing = [statement for statement in _statements(policy) if _may_allow(statement, delivery.service)]
    if not allowing and _is_whole(policy):
        return failed(policy.at, f"the policy does not allow {ACTION} to {delivery.service}")
    surely = some(_allows(statement, delivery) for statement in allowing)
    if surely.status is Status.PASS:
        return surely
    from s3audit.policy.delivered import admitted

    return admitted(policy, delivery)


def denies_delivery(policy: Policy, delivery: Delivery) -> Verdict:
    """Whether the policy of the target denies it; PASS with the request that shows it."""
    if may_deny(policy, delivery.service, _PUT).status is Status.FAIL:
        return failed(policy.at, f"no statement denies {ACTION} to {delivery.service}")
    from s3audit.policy.delivered import denied

    return denied(policy, delivery)


def _statements(policy: Policy) -> Iterable[Statement]:
    return (found for found in map(value_of, listed(policy)) if found is not None)


def _is_whole(policy: Policy) -> bool:
    return all(not isinstance(item, Unknown) for item in listed(policy))


def _may_allow(statement: Statement, service: str) -> bool:
    found = has_effect(statement, "Allow") & may_mean(statement, service) & acts(statement, _PUT)
    return found.status is not Status.FAIL


def _allows(statement: Statement, delivery: Delivery) -> Verdict:
    """Whether it surely does, by elements that ask for nothing but this source and its logs."""
    bucket, partition = known_name(delivery.target.name), known_partition(delivery.target.region)
    keys, source = delivery.keys, delivery.of

    def reaches(resource: Text) -> Verdict:
        found = (covers_below(resource, bucket, keys), in_partition(resource, partition))
        return Verdict(Status.PASS if found == (Status.PASS, Status.PASS) else Status.UNKNOWN)

    def holds(condition: Condition) -> Verdict:
        if condition.operator.lower() not in _ASKING:
            return unknown(condition.at, "what it asks for is not looked at here")
        return some_of(condition.values, lambda value: Verdict(source.is_met(condition, value)))

    return every(
        (
            has_effect(statement, "Allow"),
            speaks_of(statement, ("Service",), delivery.service),
            acts(statement, _PUT),
            some_of(statement.resources, reaches),
            every_of(statement.conditions, holds),
            passed(statement.at, f"the policy allows {ACTION} to {delivery.service}"),
        )
    )
