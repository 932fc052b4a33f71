"""Which roles and users have access by policies of their own, as far as these are known."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec

from s3audit.location import Location
from s3audit.model.document import Value
from s3audit.model.estate import is_there
from s3audit.model.identity import Group, ManagedPolicy, NamedPolicy, Role, User
from s3audit.policy.access.doors import Door, asked, direct, moved
from s3audit.policy.access.place import Place, carried, named_in
from s3audit.policy.access.points import Entrance, Point, entrances, mended_for
from s3audit.policy.access.ways import Wanted, doing, of_level
from s3audit.policy.access.words import LEVELS, Access
from s3audit.policy.globs import glob
from s3audit.policy.language import policy_of
from s3audit.policy.neighbours import arn_of
from s3audit.policy.placed import literal_of
from s3audit.policy.reason import PROVEN, WITNESS
from s3audit.policy.request import Caller
from s3audit.policy.rules import Pattern, Rule
from s3audit.setting import Known, Listed, Setting, Unknown, Unset
from s3audit.text import Text, same
from s3audit.verdict import Status

T = TypeVar("T")
Identity = Role | User
Mend = Callable[[Setting[Text]], Setting[Text]]
_LOGS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
_OF_AWS = {
    "AdministratorAccess": ("*",),
    "AmazonS3FullAccess": ("s3:*", "s3-object-lambda:*"),
    "AmazonS3ReadOnlyAccess": (
        "s3:Get*",
        "s3:List*",
        "s3:Describe*",
        "s3-object-lambda:Get*",
        "s3-object-lambda:List*",
    ),
    "AWSLambdaBasicExecutionRole": _LOGS,
    "AWSLambdaExecute": ("logs:*", "s3:GetObject", "s3:PutObject"),
    "AWSLambdaSQSQueueExecutionRole": (
        *("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
        *_LOGS,
    ),
    "AWSLambdaVPCAccessExecutionRole": (
        *("ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces"),
        *("ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses", "ec2:DescribeSubnets"),
        *_LOGS,
    ),
    "AWSXRayDaemonWriteAccess": ("xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSampling*"),
}
"""What some of the policies that AWS has made allow on everything; of others nothing is known here."""
HOW = "policies of its own"


class Own(msgspec.Struct, frozen=True):
    """What the policies of an identity say, and what of them is not known."""

    rules: tuple[Rule, ...]
    boundary: tuple[Rule, ...] | None = None
    gaps: tuple[str, ...] = ()


def by_identities(place: Place, to: Wanted | None = None) -> Iterator[Access]:
    those: list[Identity] = [*place.estate.all(Role), *place.estate.all(User)]
    doors = list(entrances(place)) if those else []
    for one in those:
        account = literal_of(one.account)
        there = is_there(one)
        if there.status is Status.FAIL or (account and account != place.ground.owner):
            continue
        own = own_policies(one, place)
        if not own.rules:
            continue
        open_ = there.evidence[0].note if there.status is Status.UNKNOWN and there.evidence else ""
        found = list(_through(_direct(own, place), one, own, place, HOW, open_, to))
        yield from found
        known = {level for each in found for level in each.can}
        for entrance in doors:
            if entrance.account == place.ground.owner:
                how = f"{HOW}, through {entrance.way.how}"
                door = _at_point(one, own, entrance, place)
                for each in _through(door, one, own, place, how, open_ or entrance.way.open, to):
                    more = tuple(level for level in each.can if level not in known)
                    if more:
                        yield msgspec.structs.replace(each, can=more)


def _direct(own: Own, place: Place) -> Door:
    here = place.ground
    return msgspec.structs.replace(
        direct(here.arn, here.owner, own.rules),
        allowing=(own.rules,) if own.boundary is None else (own.rules, own.boundary),
        denying=(place.rules,) if place.rules else (),
    )


def _at_point(one: Identity, own: Own, entrance: Entrance, place: Place) -> Door:
    """It has to be let in by policies of its own at the access point, and by these or the bucket policy behind it."""
    here = place.ground
    at_point = own_policies(one, place, lambda item: mended_for(item, entrance.point, place))
    rules = moved(at_point.rules, entrance.arn, here.arn)
    behind = (*own.rules, *place.rules)
    allowing: tuple[tuple[Rule, ...], ...] = (rules, behind)
    if own.boundary is not None and at_point.boundary is not None:
        allowing = (*allowing, moved(at_point.boundary, entrance.arn, here.arn), own.boundary)
    return msgspec.structs.replace(entrance.way.door, allowing=allowing, denying=(entrance.rules,))


def _through(
    door: Door, one: Identity, own: Own, place: Place, how: str, open_: str, to: Wanted | None
) -> Iterator[Access]:
    caller = caller_of(one, place)
    # Most have nothing to do with most buckets.
    if asked(door, lambda _: [{}], only=(caller,)).verdict == PROVEN:
        return
    told: dict[tuple[str, Location, str], list[str]] = {}
    for level in LEVELS:
        found = asked(door, doing(of_level(level, to), lambda _: True), only=(caller,))
        at, where, why = one.at, "", open_
        if found.verdict == WITNESS and found.rule is not None:
            at = found.rule.at
            where = carried(found.request, [found.rule], place.ground, but=door.carries)
        elif found.verdict != WITNESS:
            why = open_ or found.why
        if found.verdict != PROVEN:
            told.setdefault((why, at, where), []).append(level)
    for (why, at, where), levels in told.items():
        yield Access(
            who=f"the {type(one).__name__.lower()} {one.title or one.address}",
            can=tuple(levels),
            how=how,
            at=at,
            where=where,
            open=why,
            callers=(caller,),
            own=() if own.gaps else own.rules,
        )


def limited(door: Door, callers: Sequence[Caller], place: Place, point: Point | None = None) -> Door:
    """The bucket policy, or that of an access point, for a role or a user that it names.

    What its own policies deny is denied. What a role is let do by its ARN is no more than its permissions boundary
    allows; a session of its own is not limited by that, and neither is a user.
    """
    those: list[Identity] = [*place.estate.all(Role), *place.estate.all(User)]
    arns = {caller.arn for caller in callers if caller.kind == "aws"}
    one = next((one for one in those if arns and {caller_of(one, place).arn} == arns), None)
    if one is None or is_there(one).status is Status.FAIL:
        return door
    own = own_policies(one, place) if point is None else _own_at(one, point, place)
    denying = tuple(rule for rule in own.rules if rule.effect == "Deny")
    boundary = own.boundary or ()
    if own.boundary is not None and isinstance(one, Role) and not _names_session(door, callers):
        return msgspec.structs.replace(
            door, allowing=(*door.allowing, boundary), denying=(*door.denying, denying)
        )
    denying += tuple(rule for rule in boundary if rule.effect == "Deny")
    return msgspec.structs.replace(door, denying=(*door.denying, denying)) if denying else door


def _own_at(one: Identity, point: Point, place: Place) -> Own:
    """What they say of an access point, in the terms of the bucket."""
    own = own_policies(one, place, lambda item: mended_for(item, point, place))
    arn, bucket = arn_of(place.ground, point), place.ground.arn
    boundary = None if own.boundary is None else moved(own.boundary, arn, bucket)
    return Own(moved(own.rules, arn, bucket), boundary, own.gaps)


def _names_session(door: Door, callers: Sequence[Caller]) -> bool:
    named = named_in(door.rules)
    return any(caller.session in named for caller in callers if caller.session)


def gaps(place: Place) -> list[str]:
    """What of their policies is not known, and of whom."""
    those: list[Identity] = [*place.estate.all(Role), *place.estate.all(User)]
    return [
        f"what else the {type(one).__name__.lower()} {one.title or one.address} may do: {why}"
        for one in those
        for why in own_policies(one, place).gaps
    ]


def caller_of(one: Identity, place: Place) -> Caller:
    here = place.ground
    arn = arn_of(here, one)
    account = here.account_of(one)
    name = arn.rpartition("/")[2]
    session = (
        f"arn:{here.partition}:sts::{account}:assumed-role/{name}/session" if isinstance(one, Role) else ""
    )
    return Caller(kind="aws", account=account, arn=arn, session=session)


def own_policies(one: Identity, place: Place, mend: Mend | None = None) -> Own:
    """All its policies as one; a Deny of any of them holds. `mend` is for those resources that may be another's."""
    rules: list[Rule] = []
    gaps: list[str] = []
    for written in documents(one, place):
        match written:
            case Unknown(why):
                gaps.append(why)
            case document:
                rules += _rules(document, place, mend)
    return Own(tuple(rules), _boundary(one, place, mend), tuple(dict.fromkeys(gaps)))


_Found = Setting[Value | None] | tuple[Rule, ...]


def _rules(
    document: Known[Value | None] | Unset[Value | None] | tuple[Rule, ...], place: Place, mend: Mend | None
) -> tuple[Rule, ...]:
    if isinstance(document, tuple):
        return document
    match policy_of(document):
        case Known(policy) | Unset(policy) if policy is not None and place.ground.holds(policy):
            return place.ground.rules(policy, mend)
        case _:
            return ()


def _boundary(one: Identity, place: Place, mend: Mend | None) -> tuple[Rule, ...] | None:
    """What it may do at most; None where nothing limits it."""
    match one.permissions_boundary:
        case Known(Text() as arn, at) | Unset(Text() as arn, at):
            found = _managed(arn, at, place)
            if isinstance(found, Unknown):
                return (
                    Rule(
                        number=1, effect="", at=at, why=f"its permissions boundary is not known: {found.why}"
                    ),
                )
            return _rules(found, place, mend)
        case Unknown(why, at):
            # What no source tells is not there.
            return None if not at.source else (Rule(number=1, effect="", at=at, why=why),)
        case _:
            return None


def documents(one: Identity, place: Place) -> Iterator[_Found]:
    """All that says what it may do, whatever is known of it."""
    yield from _inline(one.policies)
    yield from _attached(one.attached_policies, place)
    kind = "roles" if isinstance(one, Role) else "users"
    yield from _declared_with(kind, one.name, place)
    if isinstance(one, User):
        for group in place.estate.all(Group):
            if any(_same(name, group.name) for name in _items(one.groups)):
                yield from _inline(group.policies)
                yield from _attached(group.attached_policies, place)
                yield from _declared_with("groups", group.name, place)


def _inline(listed: Listed[NamedPolicy]) -> Iterator[_Found]:
    if isinstance(listed, Unknown):
        yield listed
    for item in _items(listed):
        yield item if isinstance(item, Unknown) else _value(item).document


def _attached(listed: Listed[Text], place: Place) -> Iterator[_Found]:
    if isinstance(listed, Unknown):
        yield listed
    for item in _items(listed):
        yield item if isinstance(item, Unknown) else _managed(_value(item), item.at, place)


def _declared_with(field: str, name: Setting[Text], place: Place) -> Iterator[_Found]:
    """Managed policies that say themselves whom they belong to."""
    for policy in place.estate.all(ManagedPolicy):
        if any(_same(item, name) for item in _items(getattr(policy, field))):
            yield policy.document


def _managed(arn: Text, at: Location, place: Place) -> _Found:
    known = place.estate.named_by(arn, ManagedPolicy)
    if known is None and arn.literal is not None:
        policies = place.estate.all(ManagedPolicy)
        known = next((one for one in policies if literal_of(one.arn) == arn.literal), None)
    if known is not None:
        return known.document
    name = str(arn).rpartition("/")[2]
    allowed = _OF_AWS.get(name) if ":iam::aws:policy/" in str(arn) else None
    if allowed is None:
        return Unknown(f"what the policy {name} allows is not known", at)
    patterns = tuple(Pattern(one, glob(one.lower())) for one in allowed)
    return (Rule(number=1, sid=name, effect="Allow", actions=patterns, at=at),)


def _same(one: Setting[Text], other: Setting[Text]) -> bool:
    match one, other:
        case ((Known(a) | Unset(a)), (Known(b) | Unset(b))):
            is_one = bool(a.opaque and b.opaque) and a.opaque[0].resource == b.opaque[0].resource != ""
            return same(a, b) is Status.PASS or (is_one and len(a.parts) == len(b.parts) == 1)
        case _:
            return False


def _items(listed: Listed[T]) -> Iterable[Setting[T]]:
    match listed:
        case Known(items) | Unset(items):
            return items
        case Unknown():
            return ()


def _value(item: Known[T] | Unset[T]) -> T:
    return item.value if isinstance(item, Known) else item.default
