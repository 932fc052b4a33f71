"""What the role of a replication may do, right by right; what of that nobody tells stays open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.document import Value
from s3audit.model.estate import Estate, is_there
from s3audit.model.identity import ManagedPolicy, Role
from s3audit.model.key import KmsKey
from s3audit.policy import keys
from s3audit.policy.access.doubts import ALL_OF, VIA, WHOLE, doubted, via_doubted
from s3audit.policy.access.identities import Own, caller_of, documents, own_policies
from s3audit.policy.access.place import Place
from s3audit.policy.actions import WRITE, Action
from s3audit.policy.evaluate import DENIED
from s3audit.policy.globs import literal
from s3audit.policy.language import policy_of
from s3audit.policy.operators import Open
from s3audit.policy.patterns import touches_bucket
from s3audit.policy.placed import Ground, ground, literal_of
from s3audit.policy.questions import Context, strangers
from s3audit.policy.reason import PROVEN, WITNESS, Answer, Policies, both
from s3audit.policy.replication import Need, Replication, refused
from s3audit.policy.request import Caller
from s3audit.policy.rules import Rule, Who
from s3audit.policy.solve import Box
from s3audit.policy.space import Extent, Space
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text, same, text
from s3audit.verdict import Evidence, Status, Verdict, every, failed, passed, unknown, verdict

S3 = "s3.amazonaws.com"
BATCH = "batchoperations.s3.amazonaws.com"
_STAND_IN = ".xqz-region-"
"""In the name of a service of which nobody tells the Region."""


class Copier(msgspec.Struct, frozen=True):
    """A role, and where it copies from."""

    role: Role
    place: Place
    own: Own
    caller: Caller
    names: tuple[Text, ...]
    """Of the buckets that it copies from and to."""
    gap: str = ""
    """What of its policies is not known."""

    @property
    def called(self) -> str:
        return self.role.title or self.role.address

    @property
    def here(self) -> Ground:
        return self.place.ground


def copier(
    role: Role,
    bucket: Bucket,
    estate: Estate,
    others: Iterable[Text] = (),
    written: Iterable[Text] = (),
    *,
    keys: bool = False,
) -> Copier | Unknown:
    """With all its policies; `others` are the names of the buckets that it copies to, `written` further texts."""
    found = taker(role, bucket, estate, others, written, keys=keys)
    if isinstance(found, Unknown):
        return found
    own = own_policies(role, found.place, lambda item: _mended(item, found.names, found.here))
    limit = None if own.boundary is None else tuple(doubted(rule, found) for rule in own.boundary)
    rules = tuple(doubted(rule, found) for rule in own.rules)
    gap = next(iter((*own.gaps, *_gaps(role, found.place))), "")
    return msgspec.structs.replace(found, own=Own(rules, limit), gap=gap)


def taker(
    role: Role,
    bucket: Bucket,
    estate: Estate,
    others: Iterable[Text] = (),
    written: Iterable[Text] = (),
    *,
    keys: bool = False,
) -> Copier | Unknown:
    """Without its own policies, for what is asked of those of others."""

    def find(address: str) -> Resource | None:
        return estate.at(address, Role) or (estate.at(address, KmsKey) if keys else None)

    here = ground(bucket.name, bucket.region, bucket.account, find)
    if here is None:
        return Unknown("the name of the bucket is not known", bucket.name.at)
    others = tuple(others)
    names = (here.bucket_name, *others)
    for one in (*others, *written):
        here.stand_in_for(one)
    place = Place(bucket=bucket, estate=estate, ground=here, rules=(), at=bucket.at, public=PROVEN)
    return Copier(role, place, Own(()), caller_of(role, place), names)


def rules_for(document: Setting[Value | None], by: Copier) -> tuple[Rule, ...] | Unknown | None:
    """The statements of the policy of a bucket or a key; None where it has none."""
    match policy_of(document):
        case Unknown() as gap:
            return gap
        case Known(policy, at) | Unset(policy, at):
            if policy is None:
                return None
            if not by.here.holds(policy):
                return Unknown("in which partition its statements are is not known", at)
            rules = by.here.rules(policy, lambda item: _mended(item, by.names, by.here))
            return tuple(doubted(rule, by) for rule in rules)


def may(
    by: Copier,
    need: Need,
    at: Location,
    prefix: str = "",
    *,
    beside: Sequence[Rule] = (),
    also: Sequence[Sequence[Rule]] = (),
) -> Verdict:
    """Whether it has a right.

    `beside` are statements of others that count as much as its own; `also` are policies that have to allow it too.
    """
    if by.gap:
        return unknown(at, f"what {by.called} may do is not known: {by.gap}")
    limits: list[Sequence[Rule]] = [(*by.own.rules, *beside)]
    if by.own.boundary is not None:
        limits.append(by.own.boundary)
    return every(_told(_asked(rules, by, need, prefix), by, need, at) for rules in (*limits, *also))


def lets(by: Copier, rules: Sequence[Rule], need: Need, at: Location, prefix: str = "") -> Verdict:
    """Whether a policy of somebody else allows the role something."""
    return _told(_asked(rules, by, need, prefix), by, need, at)


def _asked(rules: Sequence[Rule], by: Copier, need: Need, prefix: str) -> Answer:
    about = Replication(
        source=by.here.arn, destination="", role=by.caller.arn, owner=by.caller.account, prefix=prefix
    )
    via = need.context.get(VIA, "")
    if _STAND_IN in via:
        rules = [via_doubted(rule, via) for rule in rules]
    numbered = [msgspec.structs.replace(rule, number=number) for number, rule in enumerate(rules, 1)]
    return refused(numbered, about, [need])


def _told(answer: Answer, by: Copier, need: Need, at: Location) -> Verdict:
    action = need.actions[0]
    if answer.verdict == PROVEN:
        return passed(at, f"{by.called} may {action}")
    if answer.verdict == WITNESS and answer.request is not None:
        note = f"{by.called} may not {answer.request.action} on {by.here.show(answer.request.resource)}"
        if answer.decision is not None and answer.decision.effect == DENIED:
            denying = (Evidence(rule.at, f"this denies {action}") for rule in answer.decision.by)
            return verdict(Status.FAIL, Evidence(at, note), *denying)
        return failed(at, note)
    why = answer.reasons[0].why if answer.reasons else "its policies do not tell"
    return unknown(at, f"whether {by.called} may {action} is not known: {why}")


def direct(rules: Iterable[Rule]) -> Iterator[Rule]:
    """The statements that let somebody in without leaving it to the account."""
    for rule in rules:
        if rule.effect == "Deny" or rule.principals is None:
            yield rule
            continue
        those = tuple(who for who in rule.principals if not _is_whole(who))
        if those:
            yield msgspec.structs.replace(rule, principals=those)


def by_name(arn: str, bucket: Bucket, at: Location) -> Role:
    """A role of which no more is known than its ARN: enough to ask what others allow it."""
    name = Known(text(arn.rpartition("/")[2]), at)
    return Role(address=arn, at=at, arn=Known(text(arn), at), name=name, account=bucket.account)


def lets_strangers(by: Copier, rules: Sequence[Rule], target: Bucket, arn: str, action: str) -> Verdict:
    """Whether a policy allows something to accounts that it does not name; nothing is said of what it denies."""
    owner = literal_of(target.account)
    context = Context(bucket=arn, owner=owner, partition=by.here.partition)
    them = strangers(rules, context)
    asked = (Action(action, WRITE, of_objects=True),)
    found = Policies(
        rules, Extent(bucket=arn, owner=owner, callers=them.callers, known=them.known, actions=asked)
    )
    answer = found.granted(lambda space: [them.among(space, found.told)])
    at = target.policy.at
    if answer.verdict == PROVEN:
        return failed(at, f"the policy allows {action} to those whom it names")
    if answer.verdict == WITNESS and answer.decision is not None:
        return passed(
            answer.decision.by[0].at, f"the policy allows {action} to accounts that it does not name"
        )
    why = answer.reasons[0].why if answer.reasons else "the policy does not tell"
    return unknown(at, f"whether the policy allows {action} to anybody is not known: {why}")


def _is_whole(who: Who | Open) -> bool:
    """Whether it is all of an account, whichever that is."""
    if isinstance(who, Open):
        return who.why.startswith(ALL_OF)
    return who.kind == "aws" and WHOLE.fullmatch(who.name) is not None


# Who takes the role


def taken_by(by: Copier, service: str, at: Location) -> Verdict:
    """Whether its trust policy lets a service take it, for this bucket."""
    rules = rules_for(by.role.assume_role_policy, by)
    if isinstance(rules, Unknown):
        return unknown(rules.at, f"who may take the role {by.called} is not known: {rules.why}")
    here = by.here
    extent = Extent(
        bucket=by.caller.arn,
        owner=here.owner,
        only=(Caller(kind="service", name=service),),
        actions=(Action("sts:AssumeRole", WRITE, of_objects=False),),
        known={keys.SOURCE_ACCOUNT: (literal(here.owner),), keys.SOURCE_ARN: (literal(here.arn),)},
    )
    holds = {keys.TLS: "true", keys.SOURCE_ACCOUNT: here.owner, keys.SOURCE_ARN: here.arn}

    def query(space: Space) -> Iterable[Box]:
        box: Box = {}
        for name in space.keys:
            if name in holds:
                box = both(box, space.where(name, lambda held, wanted=holds[name]: held == wanted))  # type: ignore[misc]
        yield box

    answer = Policies([trusting(rule) for rule in rules or ()], extent).refused(query)
    if answer.verdict == PROVEN:
        return passed(at, f"{service} may take the role {by.called}")
    if answer.verdict == WITNESS:
        return failed(at, f"{service} may not take the role {by.called}")
    why = answer.reasons[0].why if answer.reasons else "its trust policy does not tell"
    return unknown(at, f"whether {service} may take the role {by.called} is not known: {why}")


_TOLD = frozenset({keys.TLS, keys.SOURCE_ACCOUNT, keys.SOURCE_ARN})


def trusting(rule: Rule) -> Rule:
    """What a service sends along when it takes a role is not known, but for a few keys."""
    tests = tuple(
        one
        if isinstance(one, Open) or one.key in _TOLD or one.key.startswith("aws:principal")
        else Open(f"what {one.key} is when S3 takes the role nobody tells")
        for one in rule.tests
    )
    return msgspec.structs.replace(rule, tests=tests, resources=None, not_resources=None)


# What nobody tells


def _gaps(role: Role, place: Place) -> Iterator[str]:
    """What may be said of it in policies that are not known to be its own, or to be there."""
    if isinstance(role.permissions_boundary, Unknown):
        yield f"its permissions boundary is not known: {role.permissions_boundary.why}"
    for document in documents(role, place):
        if isinstance(document, tuple | Unknown):
            continue
        match policy_of(document):
            case Known(said) | Unset(said):
                if said is not None and not place.ground.holds(said):
                    yield "in which partition its statements are is not known"
            case Unknown(why):
                yield why
    for policy in place.estate.all(ManagedPolicy):
        for gap in _attached(role, policy):
            yield f"whether {policy.title or policy.address} is a policy of it is not known: {gap}"


def _attached(role: Role, policy: ManagedPolicy) -> Iterator[str]:
    """Why it is not known whether a policy is one of a role."""
    there = is_there(policy)
    open_ = there.evidence[0].note if there.status is Status.UNKNOWN and there.evidence else ""
    match policy.roles:
        case Unknown(why):
            yield why
        case Known(items) | Unset(items):
            for item in items:
                match item, role.name:
                    case Unknown(why), _:
                        yield why
                    case ((Known(one) | Unset(one)), (Known(name) | Unset(name))):
                        found = Status.PASS if _is_of(one, role) else same(one, name)
                        if found is Status.UNKNOWN or (open_ and found is Status.PASS):
                            yield open_ or f"{one} may be its name"
                    case ((Known() | Unset()), Unknown(why)):
                        yield why
    match role.attached_policies:
        case Known(items) | Unset(items) if open_:
            if any(isinstance(one, Known) and _is_of(one.value, policy) for one in items):
                yield open_
        case _:
            pass


def _is_of(name: Text, one: Resource) -> bool:
    """Whether a text is a resource's own attribute."""
    return len(name.parts) == 1 and _resource_in(name) == one.address


def _resource_in(written: Text) -> str:
    """The address of the resource of which its first part is an attribute."""
    return written.opaque[0].resource if written.opaque else ""


def _mended(item: Setting[Text], names: Sequence[Text], here: Ground) -> Setting[Text]:
    """A resource, taken for unknown where it may be about one of these buckets and may not."""
    found = here.here(item)
    # The ARN of a key is that of no bucket; that of a bucket is told by its name.
    if not isinstance(found, Known) or (len(found.value.parts) == 1 and _resource_in(found.value)):
        return found
    for name in names:
        if name.literal is None and touches_bucket(found.value, name) is Status.UNKNOWN:
            return Unknown(f"whether {found.value} is about {name} is not known", found.at)
    return found
