"""What several checks ask of the statements of a bucket's policy."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from s3audit.model.bucket import Bucket
from s3audit.model.names import arn_parts
from s3audit.policy.elements import EVERYONE, has_effect
from s3audit.policy.language import Policy, Principal, Statement, policy_of
from s3audit.setting import Known, Listed, Setting, Unknown, Unset, every_of, some_of, when_set
from s3audit.text import Opaque, Text, same, text
from s3audit.verdict import Evidence, Status, Verdict, failed, some, unknown, verdict

T = TypeVar("T")

NO_POLICY = "there is no bucket policy"
_EVERYBODY = text("*")
_NO = Verdict(Status.FAIL)
_DIGITS = 12


def of_policy(bucket: Bucket, judge: Callable[[Policy], Verdict]) -> Verdict:
    """The judgement of the bucket's policy; without one there is nothing to judge."""
    return when_set(policy_of(bucket.policy), judge, NO_POLICY, what="the bucket policy")


def of_each(bucket: Bucket, judge: Callable[[Statement], Verdict]) -> Verdict:
    """That it holds for each statement."""
    return of_policy(bucket, lambda policy: every_of(policy.statements, judge))


def written(listed: Listed[T], element: str, note: Callable[[tuple[Setting[T], ...]], str]) -> Verdict:
    """Whether an element stands in the statement."""
    match listed:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(items, at):
            return Verdict(Status.PASS, (Evidence(at, note(items)),))
        case Unset(at=at):
            return failed(at, f"the statement has no {element}")


def items(listed: Listed[T]) -> tuple[Setting[T], ...]:
    """What a list holds; where it is not known, that."""
    match listed:
        case Unknown():
            return (listed,)
        case Known(some) | Unset(some):
            return some


def value_of(item: Known[T] | Unset[T]) -> T:
    return item.value if isinstance(item, Known) else item.default


def known(listed: Listed[T]) -> Iterator[Known[T]]:
    """What is known of it, with its place."""
    for item in items(listed):
        match item:
            case Known():
                yield item
            case Unset(value, at):
                yield Known(value, at)
            case Unknown():
                pass


def statements(policy: Policy) -> list[Statement]:
    """Those that are known."""
    return [item.value for item in known(policy.statements)]


def names_everyone(statement: Statement) -> Verdict:
    """Whether its Principal is `*`; with the place of that."""
    found = [is_everyone(item) for item in items(statement.principals)]
    sure = [one for one in found if one.status is Status.PASS]
    if sure:
        return verdict(Status.PASS, *(e for one in sure for e in one.evidence))
    return next((one for one in found if one.status is Status.UNKNOWN), _NO)


def is_everyone(item: Setting[Principal]) -> Verdict:
    match item:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(one, at) | Unset(one, at):
            if one.kind not in EVERYONE[0] or names_one(one.name):
                return _NO
            match same(one.name, _EVERYBODY):
                case Status.UNKNOWN:
                    return unknown(at, f"whether {one.name} is * is not known")
                case status:
                    return Verdict(status, (Evidence(at, "the statement's Principal is *"),))


_OF_ONE = ("AWS::AccountId", ".account_id", ".arn", ".Arn")


def names_one(name: Text) -> bool:
    """Whether it is one name of something, and no pattern, although it is not known which."""
    return any(
        isinstance(part, Opaque)
        and (part.resource != "" or part.origin.startswith("data.") or part.origin.endswith(_OF_ONE))
        for part in name.parts
    )


def is_own(name: Text, bucket: Bucket) -> Status:
    """Whether a principal is the account of the bucket, or somebody in it."""
    if any(part.resource for part in name.opaque) and len(name.parts) == 1:
        return Status.PASS  # a role or a user of the same input
    account = account_in(name)
    if account is None:
        return Status.FAIL
    match bucket.account:
        case Unknown():
            return Status.UNKNOWN
        case Known(own) | Unset(own):
            return same(account, own)


def account_in(name: Text) -> Text | None:
    """The account that a principal names: by its number, or by an ARN of it."""
    parts = arn_parts(name)
    if parts is not None:
        return parts[3]
    is_number = len(name.parts) == 1 and (
        name.opaque != () or ((name.literal or "").isdigit() and len(name.literal or "") == _DIGITS)
    )
    return name if is_number else None


def some_of_items(listed: Listed[T], judge: Callable[[Known[T]], Verdict]) -> Verdict:
    """The judgement holds for one of them, which is told its place."""
    gaps = (unknown(item.at, item.why) for item in items(listed) if isinstance(item, Unknown))
    return some((*map(judge, known(listed)), *gaps))


def may_let_others_in(policy: Policy, bucket: Bucket) -> Verdict:
    """Whether an Allow names anybody but services and identities of its own account."""
    return some_of(
        policy.statements,
        lambda one: (
            has_effect(one, "Allow")
            & (some_of(one.principals, lambda who: _may_be_other(who, bucket)) | _spares(one))
        ),
    )


def _may_be_other(who: Principal, bucket: Bucket) -> Verdict:
    if who.kind == "Service" or (who.kind == "AWS" and is_own(who.name, bucket) is Status.PASS):
        return _NO
    return Verdict(Status.PASS)


def _spares(statement: Statement) -> Verdict:
    return _NO if isinstance(statement.not_principals, Unset) else Verdict(Status.PASS)
