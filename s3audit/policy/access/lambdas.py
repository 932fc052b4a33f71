"""Who reads through Object Lambda access points: those whom the access point behind lets in too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from s3audit.model.access_point import ObjectLambdaAccessPoint
from s3audit.model.estate import is_there
from s3audit.policy.access.direct import cut_by, either
from s3audit.policy.access.doors import after
from s3audit.policy.access.place import Place
from s3audit.policy.access.points import BEHIND, CALLED_VIA, VIA_LAMBDA, Entrance, mended_for
from s3audit.policy.access.ways import Wanted, Way, through
from s3audit.policy.access.words import Access
from s3audit.policy.globs import MANY, Glob, joined
from s3audit.policy.language import Policy, policy_of
from s3audit.policy.neighbours import arn_of
from s3audit.policy.operators import Open
from s3audit.policy.questions import not_public
from s3audit.policy.request import ANONYMOUS
from s3audit.policy.rules import Pattern, Rule
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Status, Verdict

_LAMBDA = "s3-object-lambda"


def by_lambda(place: Place, entrance: Entrance, to: Wanted | None = None) -> Iterator[Access]:
    here = place.ground
    for point in place.estate.all(ObjectLambdaAccessPoint):
        doubt = _doubt(point, entrance, place)
        if doubt is None:
            continue
        match policy_of(point.policy):
            case Known(Policy() as policy) | Unset(Policy() as policy):
                written = here.rules(policy, lambda item, point=point: mended_for(item, point, place))  # type: ignore[misc]
            case Unknown(why, at):
                written = (Rule(number=1, effect="", at=at, why=why),)
            case _:
                continue
        rules = _of_lambda(written, arn_of(here, point), here.arn)
        # All four settings of its Block Public Access are on, and nobody can change that.
        public = not_public(rules, msgspec.structs.replace(place.context, access_point=True)).verdict
        inside = frozenset({here.owner, entrance.account})
        own_cut = cut_by(public, Verdict(Status.PASS), inside, "whether its policy is public is not known")
        door = entrance.way.door
        through_function = msgspec.structs.replace(
            door,
            allowing=(rules, *door.allowing),
            carries={**door.carries, CALLED_VIA: lambda held: held is not None and VIA_LAMBDA in held},
        )
        there = is_there(point)
        from_vpc = f", from the VPC {entrance.vpc} alone" if entrance.vpc else ""
        way = Way(
            door=through_function,
            how=f"the Object Lambda access point {point.title or point.address}{from_vpc}",
            at=point.at,
            open=entrance.way.open
            or doubt
            or (there.evidence[0].note if there.status is Status.UNKNOWN else ""),
            behind=("its supporting access point lets it through", BEHIND),
        )
        if there.status is not Status.FAIL:
            yield from through(
                way, place, either(own_cut, entrance.cut), lambda one: one.kind != ANONYMOUS, to
            )


def _doubt(point: ObjectLambdaAccessPoint, entrance: Entrance, place: Place) -> str | None:
    """Why it is open whether it reads through this one; None where it does not."""
    match point.supporting_access_point:
        case Unknown(why):
            return why
        case Known(arn, at) | Unset(arn, at):
            if place.ground.filled(arn) == entrance.arn:
                return ""
            found = mended_for(Known(arn, at), entrance.point, place)
            return found.why if isinstance(found, Unknown) else None


def _of_lambda(rules: Iterable[Rule], point: str, bucket: str) -> tuple[Rule, ...]:
    """Its statements as if they were about the bucket: all that it transforms has the one ARN."""

    def actions(those: tuple[Pattern | Open, ...] | None) -> tuple[Pattern | Open, ...] | None:
        if those is None:
            return None
        return tuple(
            found
            for one in those
            for found in (
                (one,)
                if isinstance(one, Open)
                else (
                    Pattern(one.shown, Glob(joined((*"s3:", *rest))), one.open)
                    for rest in after(one.glob, f"{_LAMBDA}:")
                )
            )
        )

    def resources(those: tuple[Pattern | Open, ...] | None) -> tuple[Pattern | Open, ...] | None:
        if those is None:
            return None
        everything = Glob((*bucket, MANY))
        return tuple(
            one if isinstance(one, Open) else Pattern(one.shown, everything, one.open)
            for one in those
            if isinstance(one, Open) or one.glob.matches(point)
        )

    return tuple(
        msgspec.structs.replace(
            rule,
            actions=actions(rule.actions),
            not_actions=actions(rule.not_actions),
            resources=resources(rule.resources),
            not_resources=resources(rule.not_resources),
        )
        for rule in rules
    )
