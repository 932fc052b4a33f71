"""Whom a question about access leaves alone: administrators that were named, and what is only left to an account."""

from collections.abc import Collection, Iterator

import msgspec

from s3audit.model.identity import Role, User
from s3audit.policy.access.place import Place
from s3audit.policy.globs import Glob, glob
from s3audit.policy.neighbours import arn_of
from s3audit.policy.request import Caller
from s3audit.policy.rules import Rule, Who
from s3audit.setting import Unknown


class Spared(msgspec.Struct, frozen=True):
    """Those who have one of some ARNs."""

    patterns: tuple[Glob, ...]
    unnamed: frozenset[str]
    """The ARNs that stand for those of identities whose own are not known."""
    unlimited: frozenset[str]
    """Those of identities of which it is not known what they may do at most."""

    def has(self, caller: Caller) -> bool:
        return caller.arn not in self.unnamed and any(
            arn and one.matches(arn) for one in self.patterns for arn in (caller.arn, caller.session)
        )

    def may_have(self, caller: Caller) -> bool:
        return bool(self.patterns) and caller.arn in self.unnamed

    def may_be_limited(self, caller: Caller) -> bool:
        return caller.arn in self.unlimited


def spared(patterns: Collection[str], place: Place) -> Spared:
    """Where nobody tells the account, a role of any is meant."""
    here = place.ground
    globs = [glob(one if here.owner_is_told else _of_any_account(one)) for one in patterns]
    those: list[Role | User] = [*place.estate.all(Role), *place.estate.all(User)]
    unnamed = (arn_of(here, one) for one in those if Unknown in (type(one.name), type(one.path)))
    unlimited = (arn_of(here, one) for one in those if isinstance(one.permissions_boundary, Unknown))
    return Spared(tuple(globs), frozenset(unnamed), frozenset(unlimited))


def _of_any_account(arn: str) -> str:
    head, _, rest = arn.partition("::")
    return f"{head}::*:{rest.partition(':')[2]}" if rest else arn


def without_delegation(place: Place) -> Place:
    """A statement for the bucket's own account leaves it to the policies of its identities."""
    return msgspec.structs.replace(place, rules=tuple(_delegating_nothing(place)))


def _delegating_nothing(place: Place) -> Iterator[Rule]:
    own = {place.ground.owner, f"arn:{place.ground.partition}:iam::{place.ground.owner}:root"}
    for rule in place.rules:
        if rule.effect != "Allow" or rule.principals is None:
            yield rule
            continue
        others = tuple(one for one in rule.principals if not (isinstance(one, Who) and one.name in own))
        if others:
            yield msgspec.structs.replace(rule, principals=others)
