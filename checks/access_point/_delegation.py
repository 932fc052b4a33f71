"""What a bucket policy leaves to access points."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from s3audit.intent import trusted
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.names import arn_parts
from s3audit.policy.elements import EVERYONE, has_effect
from s3audit.policy.language import Condition, Policy, Statement
from s3audit.setting import Known, Unknown, Unset, some_of
from s3audit.text import Text, same, text
from s3audit.verdict import Status, Verdict, every, failed, passed, unknown

_ARN, _ACCOUNT, _ORIGIN = (
    "s3:dataaccesspointarn",
    "s3:dataaccesspointaccount",
    "s3:accesspointnetworkorigin",
)
_EVERYBODY = text("*")
_NEGATED = ("not", "null")

T = TypeVar("T")


def delegating(policy: Policy) -> Verdict:
    """Whether an Allow for everybody asks for an access point."""
    return some_of(policy.statements, _delegates)


def _delegates(statement: Statement) -> Verdict:
    everybody = some_of(
        statement.principals,
        lambda who: Verdict(same(who.name, _EVERYBODY) if who.kind in EVERYONE[0] else Status.FAIL),
    )
    return (
        has_effect(statement, "Allow")
        & everybody
        & some_of(
            statement.conditions,
            lambda one: Verdict(Status.PASS if _asks(one, _ARN, _ACCOUNT, _ORIGIN) else Status.FAIL),
        )
    )


def _asks(condition: Condition, *keys: str) -> bool:
    """Whether it asks for one of some values."""
    operator = condition.operator.lower().rpartition(":")[2]
    return condition.is_about(*keys) and not any(word in operator for word in _NEGATED)


def of_accounts(policy: Policy, bucket: Bucket, estate: Estate) -> Verdict:
    """Whether all that it leaves to access points it leaves to those of its own account, or of one to trust."""
    trust = trusted(bucket, estate)
    if isinstance(trust, Unknown):
        return unknown(policy.at, trust.why)

    def judged(account: Text, at: Known[Text] | Unset[Text]) -> Verdict:
        return _is_trusted(account, at, bucket, trust.accounts)

    if isinstance(policy.statements, Unknown):
        return unknown(policy.statements.at, policy.statements.why)
    found = [
        unknown(item.at, item.why) if isinstance(item, Unknown) else _of_statement(_told(item), judged)
        for item in _told(policy.statements)
    ]
    nothing = passed(policy.at, "it names no account whose access points it leaves it to")
    answer = every(found, nothing)
    if answer.status is not Status.FAIL:
        return answer if answer.evidence else nothing
    from s3audit.policy.access.left_to_points import leaves_to_others

    # Unless another statement takes it back.
    left = leaves_to_others(bucket, estate)
    return answer if left.status is Status.PASS else ~left


def _of_statement(
    statement: Statement, judged: Callable[[Text, Known[Text] | Unset[Text]], Verdict]
) -> Verdict:
    if _delegates(statement).status is Status.FAIL:
        return Verdict(Status.PASS)
    # Where it asks for several things, one of them that holds for trusted accounts alone is enough.
    limits = [every(found) for one in _conditions(statement) if (found := list(_accounts(one, judged)))]
    fixed = [one for one in limits if one.evidence]
    best = [one for one in fixed if one.status is Status.PASS] or fixed
    return every(best[:1])


def _conditions(statement: Statement) -> Iterator[Condition | Unknown]:
    match statement.conditions:
        case Unknown() as gap:
            yield gap
        case Known(items) | Unset(items):
            for item in items:
                match item:
                    case Unknown():
                        yield item
                    case Known(one) | Unset(one):
                        yield one


def _accounts(
    condition: Condition | Unknown, judged: Callable[[Text, Known[Text] | Unset[Text]], Verdict]
) -> Iterator[Verdict]:
    """The judgement of each account that it names; one with a wildcard is any, and others speak of that."""
    if isinstance(condition, Unknown):
        yield unknown(condition.at, condition.why)
        return
    if not _asks(condition, _ARN, _ACCOUNT):
        return
    match condition.values:
        case Unknown(why, at):
            yield unknown(at, why)
        case Known(values) | Unset(values):
            for value in values:
                if isinstance(value, Unknown):
                    yield unknown(value.at, value.why)
                    continue
                written = value.value if isinstance(value, Known) else value.default
                account = _account(written, is_arn=condition.is_about(_ARN))
                if account is None:
                    yield unknown(value.at, f"whose access points {written} are is not known")
                elif not any("*" in part or "?" in part for part in account.parts if isinstance(part, str)):
                    yield judged(account, value)


def _account(written: Text, *, is_arn: bool) -> Text | None:
    if not is_arn:
        return written
    parts = arn_parts(written)
    if parts is not None:
        return parts[3]
    return written if written.literal is not None else None  # a pattern of no form: `*`


def _is_trusted(
    account: Text, value: Known[Text] | Unset[Text], bucket: Bucket, accounts: frozenset[str] | None
) -> Verdict:
    own = bucket.account
    answer = Status.UNKNOWN if isinstance(own, Unknown) else same(account, _told(own))
    if any(part.resource for part in account.opaque) or answer is Status.PASS:
        return passed(value.at, "it leaves it to access points of its own account")
    if account.literal in (accounts or ()):
        return passed(value.at, f"it leaves it to access points of {account}, which is to be trusted")
    # What a template writes out is taken for another account, once somebody has said which ones to trust.
    taken = accounts is not None and not isinstance(own, Unknown)
    if account.literal is None or (answer is Status.UNKNOWN and not taken):
        return unknown(value.at, f"whether {account} is its own account is not known")
    return failed(value.at, f"it leaves it to access points of {account}, which is not said to be trusted")


def _told(setting: Known[T] | Unset[T]) -> T:
    return setting.value if isinstance(setting, Known) else setting.default
