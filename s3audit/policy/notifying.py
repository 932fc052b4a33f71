"""Whether what belongs to a destination lets S3 deliver the events of a bucket, by the shape of its statements.

S3 comes as a service, over HTTPS, for one bucket and one account. What the shape leaves open is put to the reasoner.
"""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from s3audit.model.bucket import Bucket
from s3audit.model.target import Function, FunctionPermission, Queue, Topic
from s3audit.policy.elements import acts, has_effect, known_partition, listed, speaks_of, value_of
from s3audit.policy.language import Condition, Policy, Principal, Statement, policy_of
from s3audit.policy.patterns import covers
from s3audit.policy.services import may_deny, may_mean
from s3audit.policy.source import Source, in_one
from s3audit.setting import Known, Listed, Setting, Unknown, Unset, every_of, some_of
from s3audit.text import Opaque, Text, same, text
from s3audit.verdict import Status, Verdict, every, failed, passed, some, unknown

S3 = "s3.amazonaws.com"
_ASKING = ("stringequals", "stringlike", "arnequals", "arnlike")
_ACCOUNTS = ("aws:sourceaccount", "aws:sourceorgid")
_EVERY = text("*")
_NOT_THIS = text("arn:aws:xqz:::another-version")


class Door(msgspec.Struct, frozen=True):
    """A policy that S3 has to pass."""

    policy: Policy
    action: str
    owns: Callable[[Text], Status]
    """Whether a Resource takes in what the policy belongs to."""
    bucket: Bucket
    """That the events are of."""
    called: str
    """`the policy of Queue`."""

    @property
    def source(self) -> Source:
        return Source(self.bucket, known_partition(self.bucket.region) or "aws")


def policy_of_target(
    target: Topic | Queue | Function, qualifier: Setting[Text | None] | None = None
) -> Setting[Policy | None]:
    """Its policy; that of a function with what permissions add to it, for one version or alias of it."""
    found = policy_of(target.policy)
    if not isinstance(target, Function) or isinstance(found, Unknown):
        return found
    if isinstance(target.permissions, Unknown):
        return target.permissions
    permissions = (
        target.permissions.value if isinstance(target.permissions, Known) else target.permissions.default
    )
    policy = found.value if isinstance(found, Known) else found.default
    if not permissions:
        return found
    written: Sequence[Setting[Statement]] = () if policy is None else listed(policy)
    added = tuple(_statement(one, target, qualifier) for one in permissions)
    version: Setting[Text | None] = Unset(None, target.at) if policy is None else policy.version
    whole = Policy(target.at, version, Known((*written, *added), target.permissions.at))
    return Known(whole, target.at)


def _statement(
    item: Setting[FunctionPermission], target: Function, qualifier: Setting[Text | None] | None
) -> Setting[Statement]:
    """What Lambda makes of a permission."""
    match item:
        case Unknown():
            return item
        case Known(one) | Unset(one):
            resource = _of_version(one, target, qualifier)
            return Known(
                Statement(
                    at=one.at,
                    sid=Unset(None, one.at),
                    effect=Known("Allow", one.at),
                    principals=Known((one.principal.map(_who),), one.principal.at),
                    not_principals=Unset((), one.at),
                    actions=Known((one.action,), one.action.at),
                    not_actions=Unset((), one.at),
                    resources=Known((resource,), one.at),
                    not_resources=Unset((), one.at),
                    conditions=Known(tuple(_conditions(one)), one.at),
                ),
                one.at,
            )


def _who(name: Text) -> Principal:
    return Principal("*" if name.literal == "*" else "Service", name)


def _of_version(
    one: FunctionPermission, target: Function, qualifier: Setting[Text | None] | None
) -> Setting[Text]:
    """`*` where the permission is for the version or alias that is asked about."""
    if qualifier is None:
        return Known(_EVERY, one.at)
    if isinstance(one.qualifier, Unknown) or isinstance(qualifier, Unknown):
        return Unknown("for which version of the function it is is not known", one.at)
    own = one.qualifier.value if isinstance(one.qualifier, Known) else one.qualifier.default
    wanted = qualifier.value if isinstance(qualifier, Known) else qualifier.default
    # CloudFormation has no word for it: the name of the function says it there.
    if own == wanted or (own is None and target.origin == "cloudformation"):
        return Known(_EVERY, one.at)
    found = Status.FAIL if own is None or wanted is None else same(own, wanted)
    if found is Status.UNKNOWN:
        return Unknown(f"whether {own} is {wanted} is not known", one.at)
    return Known(_EVERY if found is Status.PASS else _NOT_THIS, one.at)


def _conditions(one: FunctionPermission) -> Iterable[Setting[Condition]]:
    for operator, key, setting in (
        ("ArnLike", "aws:SourceArn", one.source_arn),
        ("StringEquals", "aws:SourceAccount", one.source_account),
        ("StringEquals", "aws:PrincipalOrgID", one.organization),
    ):
        match setting:
            case Unknown():
                yield setting
            case Known(Text() as value, at) | Unset(Text() as value, at):
                yield Known(Condition(operator, key, Known((Known(value, at),), at), at), at)
            case _:
                pass


def owner_of(arns: Sequence[Text], address: str, bucket: Bucket) -> Callable[[Text], Status]:
    """Whether a Resource takes in what has these ARNs, all of which are one."""
    partition = known_partition(bucket.region) or "aws"
    arns = [in_one(arn, partition) for arn in arns]

    def owns(resource: Text) -> Status:
        if resource == _NOT_THIS:
            return Status.FAIL
        match resource.parts:
            case (Opaque(resource=one),) if one:
                return Status.PASS if one == address else Status.FAIL
            case _:
                found = [covers(in_one(resource, partition), arn) for arn in arns]
                sure = (one for one in (Status.PASS, Status.FAIL) if one in found)
                return next(sure, Status.UNKNOWN)

    return owns


def lets_in(door: Door) -> Verdict:
    """Whether it allows S3 the action in all that it does for the bucket."""
    allowing = [one for one in map(value_of, listed(door.policy)) if one is None or _may_allow(one, door)]
    if not allowing:
        return failed(door.policy.at, f"{door.called} does not allow {door.action} to {S3}")
    if may_deny(door.policy, S3, text(door.action)).status is Status.FAIL:
        surely = some(_allows(one, door) for one in allowing if one is not None)
        if surely.status is Status.PASS:
            return surely
    from s3audit.policy.notified import admitted

    return admitted(door)


def admits_strangers(door: Door) -> Verdict | None:
    """Whether S3 may come for others: FAIL as `medium` for any bucket, as `low` for this name in another account.

    PASS where it may come for one's own account only; None where no statement is for it.
    """
    is_for_s3 = some_of(door.policy.statements, lambda one: _names_s3(one, door))
    if is_for_s3.status is Status.FAIL:
        return None
    found = _strangers(door)
    return is_for_s3 & found if found.status is Status.PASS else found


def _strangers(door: Door) -> Verdict:
    allowing = [one for one in map(value_of, listed(door.policy)) if one is None or _may_allow(one, door)]
    if all(one is not None and _is_pinned(one).status is Status.PASS for one in allowing):
        return passed(door.policy.at, f"{door.called} lets S3 in for one account only")
    from s3audit.policy.notified import for_strangers

    return for_strangers(door)


def _may_allow(statement: Statement, door: Door) -> bool:
    return _names_s3(statement, door).status is not Status.FAIL


def _names_s3(statement: Statement, door: Door) -> Verdict:
    found = has_effect(statement, "Allow") & may_mean(statement, S3) & acts(statement, text(door.action))
    return found if found.status is Status.UNKNOWN else Verdict(found.status)


def _allows(statement: Statement, door: Door) -> Verdict:
    def holds(condition: Condition) -> Verdict:
        if condition.operator.lower() not in _ASKING:
            return unknown(condition.at, "what it asks for is not looked at here")
        return some_of(condition.values, lambda value: Verdict(door.source.is_met(condition, value)))

    reaches = some_of(statement.resources, lambda one: Verdict(door.owns(one)))
    return every(
        (
            has_effect(statement, "Allow"),
            speaks_of(statement, ("Service",), S3),
            acts(statement, text(door.action)),
            reaches,
            every_of(statement.conditions, holds),
            passed(statement.at, f"{door.called} allows {door.action} to {S3}"),
        )
    )


def _is_pinned(statement: Statement) -> Verdict:
    """Whether a condition surely asks for fixed accounts, whichever they are."""

    def asks(condition: Condition) -> Verdict:
        is_fixed = condition.is_about(*_ACCOUNTS) and condition.operator.lower() == "stringequals"
        return Verdict(Status.PASS if is_fixed else Status.FAIL)

    return some_of(statement.conditions, asks)


def fixed_accounts(policy: Policy) -> Policy:
    """The policy, in which an account that is compared as a text and not known is one that no stranger has."""

    def condition(item: Setting[Condition]) -> Setting[Condition]:
        if not isinstance(item, Known) or not item.value.is_about(*_ACCOUNTS):
            return item
        one = item.value
        is_text = one.operator.lower().removesuffix("ifexists").endswith("stringequals")
        if not is_text or not isinstance(one.values, Known):
            return item
        values = tuple(_fixed(value) for value in one.values.value)
        return Known(msgspec.structs.replace(one, values=Known(values, one.values.at)), item.at)

    def statement(item: Setting[Statement]) -> Setting[Statement]:
        if not isinstance(item, Known):
            return item
        found: Listed[Condition] = item.value.conditions
        if isinstance(found, Known):
            found = Known(tuple(map(condition, found.value)), found.at)
        return Known(msgspec.structs.replace(item.value, conditions=found), item.at)

    match policy.statements:
        case Known(items, at):
            return msgspec.structs.replace(policy, statements=Known(tuple(map(statement, items)), at))
        case _:
            return policy


def _fixed(value: Setting[Text]) -> Setting[Text]:
    match value:
        case Known(told, at) | Unset(told, at) if told.literal is None:
            return Known(text("xqz-some-account"), at)
        case _:
            return value
