"""Who reads a bucket through CloudFront: whoever may reach a distribution that the bucket policy lets in."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec

from s3audit.model.base import Section
from s3audit.model.distribution import (
    CacheBehavior,
    Distribution,
    Origin,
    OriginAccessControl,
    OriginAccessIdentity,
    OriginGroup,
)
from s3audit.model.estate import Estate, is_there
from s3audit.model.lookup import Named
from s3audit.model.names import bucket_in_domain, is_website_domain
from s3audit.policy import keys
from s3audit.policy.access.direct import cut
from s3audit.policy.access.doors import Door, asked, direct
from s3audit.policy.access.place import Place, carried, named_in
from s3audit.policy.access.ways import doing
from s3audit.policy.access.words import Access
from s3audit.policy.actions import LIST, READ, WRITE
from s3audit.policy.globs import literal
from s3audit.policy.neighbours import OAI_PATH, arn_of, canonical_of, name_of
from s3audit.policy.placed import literal_of
from s3audit.policy.reason import PROVEN, WITNESS
from s3audit.policy.request import Caller
from s3audit.setting import Known, Listed, Setting, Unknown, Unset
from s3audit.text import Text, same
from s3audit.verdict import Evidence, Status

T = TypeVar("T", bound=Section)
CLOUDFRONT = "cloudfront.amazonaws.com"
_ASKS = {READ: ("s3:GetObject",), LIST: ("s3:ListBucket",), WRITE: ("s3:PutObject", "s3:DeleteObject")}
_WRITING = frozenset({"PUT", "POST", "PATCH", "DELETE"})


def by_distributions(place: Place) -> Iterator[Access]:
    if not place.rules:
        return
    for one, origin, why in origins_of(place):
        yield from _by_origin(place, one, origin, why)


def origins_of(place: Place) -> Iterator[tuple[Distribution, Origin, str]]:
    """Of those that are enabled, each with why it is open whether it leads to this bucket."""
    for one, origin, why in fronts_of(place):
        enabled = one.enabled.is_in(True, what="whether it is enabled")
        if enabled.status is not Status.FAIL:
            is_open = enabled.status is Status.UNKNOWN
            yield one, origin, why or (enabled.evidence[0].note if is_open else "")


def fronts_of(place: Place) -> Iterator[tuple[Distribution, Origin, str]]:
    """The same of all."""
    name = place.ground.bucket_name
    for one in place.estate.once(_by_domain).meant_by(name):
        there = is_there(one)
        if there.status is Status.FAIL:
            continue
        open_ = there.evidence[0].note if there.status is Status.UNKNOWN else ""
        for origin in _known(one.origins):
            leads, why = _leads(origin.domain_name, name)
            if leads:
                yield one, origin, open_ or why


def _leads(domain: Setting[Text], name: Text) -> tuple[bool, str]:
    match domain:
        case Known(written) | Unset(written):
            found = bucket_in_domain(written)
            if found is None or is_website_domain(written):
                return False, ""  # a website is read by everybody alike
            answer = same(found, name)
            return answer is not Status.FAIL, (
                f"whether {found} is this bucket is not known" if answer is Status.UNKNOWN else ""
            )
        case Unknown(why):
            return True, why


def _by_domain(estate: Estate) -> Named[Distribution]:
    def names(one: Distribution) -> Iterable[Text | None]:
        for origin in _known(one.origins):
            match origin.domain_name:
                case Known(written) | Unset(written):
                    if (name := bucket_in_domain(written)) is not None:
                        yield name
                case Unknown():
                    yield None

    return Named((one, names(one)) for one in estate.all(Distribution))


def _by_origin(place: Place, one: Distribution, origin: Origin, why: str) -> Iterator[Access]:
    here = place.ground
    arn = arn_of(here, one)
    callers, how, open_ = _reads_as(place, origin)
    if not callers:
        return
    door = direct(here.arn, here.owner, place.rules)
    if callers[0].kind == "service":
        account = here.account_of(one)
        door = _asking_as(door, arn, account)
    behaviors = list(_behaviors(one, origin))
    blocked = cut(place)(callers[0])
    if blocked is None or (not behaviors and _all_known(one)):
        return
    can: dict[str, list[str]] = {}
    at, where = origin.at, ""
    for level, actions in _ASKS.items():
        if level == WRITE and not _may_write(behaviors):
            continue
        told = asked(
            door,
            doing(lambda action, actions=actions: action.name in actions, lambda caller: caller in callers),  # type: ignore[misc]
            only=callers,
        )
        if told.verdict == PROVEN:
            continue
        if told.verdict == WITNESS and told.rule is not None and at is origin.at:
            at = told.rule.at
            where = carried(told.request, [told.rule], here, but=door.carries)
        can.setdefault(blocked or open_ or why or (told.why if told.verdict != WITNESS else ""), []).append(
            level
        )
    called = f"the distribution {one.title or one.address}"
    for reason, levels in can.items():
        yield Access(
            who=f"whoever may reach {called}{_viewers(behaviors)}",
            can=tuple(levels),
            how=f"{called}, which reads as {how}",
            at=at,
            where=where,
            open=reason,
            steps=(Evidence(origin.at, f"the origin of {called}"),),
            callers=callers,
        )


def _asking_as(door: Door, arn: str, account: str) -> Door:
    """The service, for one distribution."""
    return msgspec.structs.replace(
        door,
        carries={
            **door.carries,
            keys.SOURCE_ARN: lambda held: held == arn,
            keys.SOURCE_ACCOUNT: lambda held: held == account,
        },
        known={keys.SOURCE_ARN: (literal(arn),), keys.SOURCE_ACCOUNT: (literal(account),)},
    )


def _reads_as(place: Place, origin: Origin) -> tuple[tuple[Caller, ...], str, str]:
    """Who it is for S3, in words too, and why that is not certain; nobody where it signs nothing."""
    match origin.access_control:
        case Known(Text() as control) | Unset(Text() as control) if control.parts:
            known = place.estate.named_by(control, OriginAccessControl) or _control(place, control)
            open_ = ""
            if known is not None:
                signs = known.signing_behavior.is_in("always", "no-override", what="its signing behavior")
                if signs.status is Status.FAIL:
                    return (), "", ""
                open_ = signs.evidence[0].note if signs.status is Status.UNKNOWN else ""
            called = (known.title if known is not None else "") or str(control)
            return (Caller(kind="service", name=CLOUDFRONT),), f"origin access control {called}", open_
        case Unknown(why):
            return (Caller(kind="service", name=CLOUDFRONT),), "an origin access control", why
        case _:
            pass
    match origin.access_identity:
        case Known(Text() as path) | Unset(Text() as path) if path.parts:
            return identity_of(place, path)
        case _:
            return (), "", ""


def _control(place: Place, control: Text) -> OriginAccessControl | None:
    if control.literal is None:
        return None
    controls = place.estate.all(OriginAccessControl)
    return next((one for one in controls if literal_of(one.id) == control.literal), None)


def identity_of(place: Place, path: Text) -> tuple[tuple[Caller, ...], str, str]:
    """The two names that a policy may have for an origin access identity."""
    here = place.ground
    name = here.filled(path).removeprefix(OAI_PATH)
    arn = f"arn:{here.partition}:iam::cloudfront:user/CloudFront Origin Access Identity {name}"
    callers = [Caller(kind="oai", arn=arn)]
    called = name
    for one in place.estate.all(OriginAccessIdentity):
        if name_of(one) == name:
            called = one.title or one.address
            # It is no account, so nobody means it who does not name it.
            if canonical_of(one) in named_in(place.rules):
                callers.append(Caller(kind="canonical", name=canonical_of(one)))
    return tuple(callers), f"the origin access identity {called}", ""


def _behaviors(one: Distribution, origin: Origin) -> Iterator[CacheBehavior]:
    """Those that ask this origin, or a group that it belongs to."""
    wanted = [origin.id, *(group.id for group in _known(one.origin_groups) if _belongs(origin, group))]
    for behavior in (one.default_behavior, *_known(one.behaviors)):
        if any(_same(behavior.origin, id_) for id_ in wanted):
            yield behavior


def _belongs(origin: Origin, group: OriginGroup) -> bool:
    match group.origins:
        case Known(items) | Unset(items):
            return any(_same(item, origin.id) for item in items)
        case Unknown():
            return True


def _same(one: Setting[Text], other: Setting[Text]) -> bool:
    match one, other:
        case ((Known(a) | Unset(a)), (Known(b) | Unset(b))):
            return same(a, b) is not Status.FAIL
        case _:
            return True


def _all_known(one: Distribution) -> bool:
    return not isinstance(one.behaviors, Unknown) and not isinstance(one.origin_groups, Unknown)


def _viewers(behaviors: list[CacheBehavior]) -> str:
    """Whether what viewers ask has to be signed."""
    signed = [_signs(one.trusted_key_groups) or _signs(one.trusted_signers) for one in behaviors]
    if signed and all(signed):
        return ", with a URL or cookies signed by those that it trusts"
    if any(signed):
        return ", some paths only with a URL or cookies signed by those that it trusts"
    if None in signed:
        return ", perhaps only with a URL or cookies signed by those that it trusts"
    return ""


def _signs(listed: Listed[Text]) -> bool | None:
    match listed:
        case Known(items) | Unset(items):
            return bool(items)
        case Unknown():
            return None


def _may_write(behaviors: list[CacheBehavior]) -> bool:
    for one in behaviors:
        match one.allowed_methods:
            case Known(items) | Unset(items):
                if any(not isinstance(item, Unknown) and _word(item) in _WRITING for item in items):
                    return True
            case Unknown():
                return True
    return False


def _word(item: Known[str] | Unset[str]) -> str:
    return item.value if isinstance(item, Known) else item.default


def _known(listed: Listed[T]) -> Iterator[T]:
    match listed:
        case Known(items) | Unset(items):
            for item in items:
                match item:
                    case Known(value) | Unset(value):
                        yield value
                    case Unknown():
                        continue
        case Unknown():
            return
