"""What a role may do by policies of its own, on buckets; the reasoner is asked where there is a role to ask about."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate, is_there
from s3audit.model.identity import Role
from s3audit.model.lookup import first_by_name
from s3audit.setting import Known, Setting, Unknown
from s3audit.text import Text, text
from s3audit.verdict import Status, Verdict, passed, unknown

if TYPE_CHECKING:
    from s3audit.policy.access.doors import Told
    from s3audit.policy.access.identities import Own
    from s3audit.policy.access.place import Place
    from s3audit.policy.actions import Action
    from s3audit.policy.rules import Rule

_ELSEWHERE = "xqz-elsewhere"
"""Stands for a bucket that no policy names."""
_FOREIGN = "000000000000"
"""Stands for the account of a bucket that is somebody else's."""
_OF_ACCOUNT = ("aws:resourceaccount", "s3:resourceaccount")
_OF_ORGANIZATION = "aws:resourceorgid"
_S3_ARN = ":s3:::"
_LIVE = "live"


class Holder:
    """A role and its policies, asked in the terms of one bucket."""

    def __init__(self, role: Role, place: "Place", own: "Own") -> None:
        self.role = role
        self.place = place
        self.own = own

    @property
    def title(self) -> str:
        return self.role.title or self.role.address

    def gap(self) -> str:
        """What of its policies is not known, if anything."""
        if isinstance(self.role.permissions_boundary, Unknown):
            return f"the permissions boundary of {self.title} is not known"
        if self.own.gaps:
            return f"what else {self.title} may do is not known: {self.own.gaps[0]}"
        there = is_there(self.role)
        return there.evidence[0].note if there.status is Status.UNKNOWN and there.evidence else ""

    def may(
        self,
        bucket: str,
        actions: Iterable["Action"],
        prefix: str = "",
        *,
        beside: bool = False,
        foreign: bool = False,
    ) -> Verdict:
        """Whether it may do one of these on a bucket of this ARN, or its objects; `beside` a prefix only.

        A `foreign` bucket is in another account and none of the organization.
        """
        from s3audit.policy.access.doors import Door, asked
        from s3audit.policy.access.identities import caller_of
        from s3audit.policy.globs import literal
        from s3audit.policy.reason import PROVEN, WITNESS, both
        from s3audit.policy.solve import Box
        from s3audit.policy.space import Space

        own, owner = self.own, self.place.ground.owner
        allowing = (own.rules,) if own.boundary is None else (own.rules, own.boundary)
        door = Door(bucket=bucket, owner=owner, allowing=allowing, actions=tuple(actions))

        known = dict.fromkeys(_OF_ACCOUNT, (literal(_FOREIGN),)) | {_OF_ORGANIZATION: ()} if foreign else {}

        def query(space: Space) -> Iterator[Box]:
            start = f"{bucket}/{prefix}"
            box = space.at(lambda arn: not arn.startswith(start) and arn != bucket) if beside else {}
            for key in _OF_ACCOUNT if foreign else ():
                box = both(box, space.where(key, lambda held: held == _FOREIGN))
            if foreign:
                box = both(box, space.where(_OF_ORGANIZATION, lambda held: held is None))
            yield box

        told = asked(door, query, only=(caller_of(self.role, self.place),), known=known)
        if told.verdict == PROVEN:
            return Verdict(Status.FAIL)
        if told.verdict == WITNESS and told.rule is not None:
            return passed(told.rule.at, f"{self.title} may do {self._shown(told)}")
        return unknown(self.role.at, f"what {self.title} may do is not known: {told.why}")

    def _shown(self, told: "Told") -> str:
        from s3audit.policy.actions import words

        if told.request is None:
            return "it"
        where = told.request.resource.replace(_ELSEWHERE, "any-other-bucket")
        here = self.place.ground
        where = where.replace(here.arn, f"arn:{here.partition}{_S3_ARN}{here.bucket_name}", 1)
        return f"{words(told.request.action)} on {here.show(where)}"


def holder_of(
    written: Setting[Text], name: Setting[Text], about: Resource, estate: Estate
) -> Holder | Unknown:
    """The role of an ARN, with a bucket of this name to ask about."""
    from s3audit.policy.access.identities import own_policies
    from s3audit.policy.access.place import Place
    from s3audit.policy.neighbours import arn_of
    from s3audit.policy.placed import ground
    from s3audit.policy.reason import PROVEN

    if isinstance(written, Unknown):
        return Unknown(f"the role is not known: {written.why}", written.at)

    def find(address: str) -> Resource | None:
        return estate.at(address, Role)

    here = ground(name, about.region, about.account, find)
    if here is None:
        return Unknown("which bucket it is about is not known", written.at)
    arn = written.value if isinstance(written, Known) else written.default
    role = estate.named_by(arn, Role)
    address = estate.once(_by_arn).get(arn)
    if role is None and address is not None:
        role = estate.at(address, Role)
    if role is None and about.origin != _LIVE:
        # Nobody writes the ARN of a role that is made together with this one.
        filled = here.filled(arn)
        role = next((one for one in estate.all(Role) if arn_of(here, one) == filled), None)
    if role is None:
        return Unknown(f"what the role {arn} may do is not known", written.at)
    stand_in = Bucket(address="", at=written.at, name=name)
    place = Place(bucket=stand_in, estate=estate, ground=here, rules=(), at=written.at, public=PROVEN)
    return Holder(role, place, own_policies(role, place))


def _by_arn(estate: Estate) -> dict[Text, str]:
    return first_by_name((one.address, (one.arn,)) for one in estate.all(Role))


def elsewhere(scope: Setting[Text]) -> Known[Text]:
    return Known(text(_ELSEWHERE), scope.at)


def bucket_arn(place: "Place", name: str = _ELSEWHERE) -> str:
    return f"arn:{place.ground.partition}{_S3_ARN}{name}"


def buckets_in(rules: Iterable["Rule"]) -> list[str]:
    """The ARNs of buckets that statements name in full."""
    from s3audit.policy.rules import Pattern

    found: dict[str, None] = {}
    for rule in rules:
        for one in rule.resources or ():
            if not isinstance(one, Pattern):
                continue
            tokens = one.glob.tokens
            wild = next(
                (index for index, token in enumerate(tokens) if not isinstance(token, str)), len(tokens)
            )
            known = "".join(map(str, tokens[:wild]))
            arn, slash, _ = known.partition("/")
            if _S3_ARN in arn and (slash or wild == len(tokens)):
                found[arn] = None
    return list(found)


def patterns_in(rules: Iterable["Rule"]) -> dict[str, str]:
    """The ARN of one bucket for each pattern that statements have for several, with that pattern."""
    from s3audit.policy.globs import MANY
    from s3audit.policy.rules import Pattern

    found: dict[str, str] = {}
    for rule in rules:
        for one in (rule.resources or ()) if rule.effect == "Allow" else ():
            if not isinstance(one, Pattern) or _S3_ARN not in one.shown:
                continue
            shown = one.shown.partition("/")[0]
            name = "".join(
                token if isinstance(token, str) else "xqz" if token == MANY else "x"
                for token in one.glob.tokens
            ).partition("/")[0]
            if name != shown and "${" not in shown:
                found[name] = shown
    return found
