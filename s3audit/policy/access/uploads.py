"""Who of another account may upload, and whether they have to hand the objects over."""

from __future__ import annotations

from collections.abc import Iterable

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.policy.access.acl import by_acl
from s3audit.policy.access.place import Place, place_of
from s3audit.policy.access.words import PUBLIC
from s3audit.policy.actions import WRITE
from s3audit.policy.globs import literal
from s3audit.policy.questions import policies
from s3audit.policy.reason import PROVEN, WITNESS, both
from s3audit.policy.request import Caller
from s3audit.policy.solve import Box
from s3audit.policy.space import Space
from s3audit.setting import Unknown
from s3audit.verdict import Status, Verdict, failed, passed, some, unknown

_UPLOAD = "s3:PutObject"
_HEADER = "s3:x-amz-acl"
_HANDED_OVER = "bucket-owner-full-control"
_FOREIGN = ("aws", "canonical", "federated", "open")


def foreign_writers(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether somebody of another account may upload objects."""
    return _by_policy(bucket, estate) | _by_acl(bucket, estate)


def _by_policy(bucket: Bucket, estate: Estate) -> Verdict:
    # The door of the package is no room of it.
    from s3audit.policy.access import granted_outside

    return some(granted_outside(bucket, estate, _UPLOAD).values())


def _by_acl(bucket: Bucket, estate: Estate) -> Verdict:
    return some(
        unknown(one.at, one.open) if one.open else passed(one.at, f"its ACL lets {one.who} write")
        for one in by_acl(bucket, estate)
        if WRITE in one.can and (one.open or one.who in PUBLIC or one.who.startswith("the canonical user "))
    )


def hands_over(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether each of their uploads has to give the owner of the bucket full control, or is refused."""
    place = place_of(bucket, estate)
    if isinstance(place, Unknown):
        return unknown(place.at, place.why)
    by_acl = _by_acl(bucket, estate)
    if by_acl.status is Status.FAIL:
        return _asked(place, by_acl=False)
    return (~by_acl | _asked(place, by_acl=True)) & _asked(place, by_acl=False)


def _asked(place: Place, *, by_acl: bool) -> Verdict:
    owner = place.ground.owner
    asked = policies(place.rules, place.context, known={_HEADER: (literal(_HANDED_OVER),)})

    def is_foreign(caller: Caller) -> bool:
        return caller.kind in _FOREIGN and caller.account != owner

    def query(space: Space) -> Iterable[Box]:
        box = both(space.who(is_foreign), space.asking_for(frozenset({_UPLOAD})))
        yield both(box, space.where(_HEADER, lambda held: held != _HANDED_OVER))

    # Whom an ACL lets in, a policy can only keep out.
    answer = asked.not_denied(query) if by_acl else asked.granted(query)
    if answer.verdict == PROVEN:
        return passed(place.at, f"the policy demands {_HANDED_OVER} of uploads from other accounts")
    if answer.verdict == WITNESS:
        at = answer.decision.by[0].at if answer.decision is not None and answer.decision.by else place.at
        return failed(at, f"an upload without the ACL {_HANDED_OVER} is let in")
    return unknown(
        place.at, answer.reasons[0].why if answer.reasons else "what the policy demands is not known"
    )
