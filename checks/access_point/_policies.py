"""What the policies of access points say, as far as it shows without the reasoner."""

from collections.abc import Callable, Collection

from s3audit.model.access_point import AccessPoint, MultiRegionAccessPoint
from s3audit.model.names import arn_parts
from s3audit.model.points import is_of_volume
from s3audit.policy.elements import EVERYONE, has_effect
from s3audit.policy.language import Policy, Principal, Statement, policy_of
from s3audit.setting import Known, Unknown, Unset, some_of, when_set
from s3audit.text import Text, same, text
from s3audit.verdict import Evidence, Status, Verdict, unless, verdict

Point = AccessPoint | MultiRegionAccessPoint

_EVERYBODY = text("*")
_DIGITS = 12


def of_policy(point: Point, judge: Callable[[Policy], Verdict]) -> Verdict:
    """The judgement of its policy; without one there is nothing to judge."""
    return when_set(policy_of(point.policy), judge, "it has no policy", what="the policy of the access point")


def but_for_volumes(point: Point, why: str, judged: Callable[[], Verdict]) -> Verdict:
    """The judgement, unless there is an FSx volume behind it."""
    return unless(is_of_volume(point), why, judged) if isinstance(point, AccessPoint) else judged()


def may_name_everybody(policy: Policy) -> bool:
    """Whether an Allow may be for everybody, or for all who sign in somewhere."""
    return (
        some_of(policy.statements, lambda one: _allows(one) & _for(one, _may_be_everybody)).status
        is not Status.FAIL
    )


def may_name_others(policy: Policy, point: Point) -> bool:
    """Whether an Allow may be for anybody but services and identities of the account of the access point."""

    def may_be_other(who: Principal) -> bool:
        return who.kind != "Service" and (who.kind != "AWS" or is_own(who.name, point) is not Status.PASS)

    return (
        some_of(policy.statements, lambda one: _allows(one) & _for(one, may_be_other)).status
        is not Status.FAIL
    )


def is_own(name: Text, point: Point) -> Status:
    """Whether a principal is the account of the access point, or somebody in it."""
    if any(part.resource for part in name.opaque) and len(name.parts) == 1:
        return Status.PASS  # a role or a user of the same input
    account = account_in(name)
    match point.account:
        case Known(own) | Unset(own) if account is not None:
            return same(account, own)
        case _:
            return Status.UNKNOWN if account is not None else Status.FAIL


def account_in(name: Text) -> Text | None:
    """The account that a principal names: by its number, or by an ARN of it."""
    parts = arn_parts(name)
    if parts is not None:
        return parts[3]
    literal = name.literal or ""
    is_number = len(name.parts) == 1 and (
        name.opaque != () or (literal.isdigit() and len(literal) == _DIGITS)
    )
    return name if is_number else None


def foreign_in_words(policy: Policy, point: Point, accounts: Collection[str] = ()) -> Verdict:
    """Whether an Allow names somebody of another account than its own and these; as it is written.

    What the policy of an access point of a directory bucket lets through is not reasoned about.
    """

    def foreign(who: Principal) -> Verdict:
        if who.kind not in ("AWS", "*"):
            return Verdict(Status.FAIL)
        account = account_in(who.name)
        own = is_own(who.name, point)
        if own is Status.PASS or (account is not None and account.literal in accounts):
            return Verdict(Status.FAIL)
        if account is None and same(who.name, _EVERYBODY) is Status.PASS:
            return Verdict(Status.FAIL)
        is_told = (
            account is not None and account.literal is not None and not isinstance(point.account, Unknown)
        )
        return Verdict(Status.PASS if is_told else Status.UNKNOWN)

    def judged(statement: Statement) -> Verdict:
        found = _allows(statement) & some_of(statement.principals, foreign)
        if found.status is Status.FAIL:
            return Verdict(Status.FAIL)
        return verdict(
            found.status, Evidence(statement.at, "the statement names somebody of another account")
        )

    return some_of(policy.statements, judged)


def _allows(statement: Statement) -> Verdict:
    return has_effect(statement, "Allow")


def _for(statement: Statement, holds: Callable[[Principal], bool]) -> Verdict:
    if not isinstance(statement.not_principals, Unset):
        return Verdict(Status.PASS)
    return some_of(statement.principals, lambda who: Verdict(Status.PASS if holds(who) else Status.FAIL))


def _may_be_everybody(who: Principal) -> bool:
    if who.kind == "Federated":
        return True
    return who.kind in EVERYONE[0] and same(who.name, _EVERYBODY) is not Status.FAIL
