"""What a policy is about, as far as it tells itself: the bucket that its Resources name, and whether it reaches one."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from s3audit.policy.globs import MANY, ONE, Glob
from s3audit.policy.operators import Open
from s3audit.policy.rules import Pattern, Rule

_NAME = re.compile(r"arn:([^:*?]+):s3:::([^/*?]+)(?:/.*)?", re.DOTALL)
_POINT = re.compile(r"(arn:([^:*?]+):s3:[^:*?]*:[0-9]{12}:accesspoint/[^/*?]+)(?:/.*)?", re.DOTALL)


class Named(msgspec.Struct, frozen=True, order=True):
    """A bucket, or an access point by its ARN."""

    bucket: str
    partition: str

    @property
    def arn(self) -> str:
        return self.bucket if self.bucket.startswith("arn:") else f"arn:{self.partition}:s3:::{self.bucket}"


def buckets_of(rules: Sequence[Rule]) -> list[Named]:
    """Those that the Resources of its statements name."""
    return sorted({one for pattern in _patterns(rules) if (one := _named(pattern.glob)) is not None})


def reaches_any(rules: Sequence[Rule], arn: str) -> bool:
    """Whether a statement may be about a bucket or something in it; true where there is no statement."""
    return not rules or any(_may_reach(rule, arn) for rule in rules)


def without_principal(rules: Iterable[Rule]) -> Rule | None:
    """The first statement that names nobody, as only those of policies of identities may."""
    return next(
        (rule for rule in rules if not rule.why and rule.principals is None and rule.not_principals is None),
        None,
    )


def _may_reach(rule: Rule, arn: str) -> bool:
    if rule.why or rule.resources is None:
        return True
    objects = f"{arn}/object/" if ":accesspoint/" in arn else f"{arn}/"
    return any(
        isinstance(one, Open) or one.glob.matches(arn) or one.glob.may_go_on(objects)
        for one in rule.resources
    )


def _patterns(rules: Sequence[Rule]) -> Iterable[Pattern]:
    for rule in rules:
        for one in (*(rule.resources or ()), *(rule.not_resources or ())):
            if isinstance(one, Pattern):
                yield one


def _named(pattern: Glob) -> Named | None:
    signs = {ONE: "?", MANY: "*"}
    written = "".join(one if isinstance(one, str) else signs.get(one, "*") for one in pattern.tokens)
    if (point := _POINT.fullmatch(written)) is not None:
        return Named(point[1], point[2])
    found = _NAME.fullmatch(written)
    return None if found is None else Named(found[2], found[1])
