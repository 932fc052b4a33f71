"""Whether the role of a replication rule may do all that the rule needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

import msgspec

from s3audit.policy import keys
from s3audit.policy.actions import READ, WRITE, Action
from s3audit.policy.globs import MANY, Glob, literal
from s3audit.policy.operators import Open
from s3audit.policy.reason import PROVEN, UNKNOWN, WITNESS, Answer, Policies, both
from s3audit.policy.request import OF_CALLER, Caller, Held
from s3audit.policy.rules import Rule, Test
from s3audit.policy.solve import Box
from s3audit.policy.space import Extent, Space

_VIA = "kms:viaservice"
_ENCRYPTED = "kms:encryptioncontext:aws:s3:arn"
_PINNED = frozenset({keys.TLS, keys.TLS_VERSION, keys.VIA_SERVICE, _VIA, _ENCRYPTED})
OBJECTS, TAGS, DELETE_MARKERS = "objects", "tags", "delete-markers"


class Replication(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A rule, and what is known of both sides."""

    source: str
    """The ARN of the bucket, like that of the destination."""
    destination: str
    role: str
    owner: str
    destination_owner: str = ""
    """Where it is another account."""
    replicate: tuple[str, ...] = (OBJECTS,)
    prefix: str = ""
    source_policy: tuple[Rule, ...] = ()
    destination_policy: tuple[Rule, ...] = ()
    source_key: str = ""
    destination_key: str = ""
    key_policies: Mapping[str, tuple[Rule, ...]] = {}
    """Of keys by their ARN; one that is not here leaves it to the account."""
    bucket_keys: bool = False
    locked: bool = False
    changes_owner: bool = False


class Need(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A right that a rule does not work without."""

    actions: tuple[str, ...]
    """Any of these will do."""
    at: str
    """The ARN of the bucket or of the key."""
    of_objects: bool = False
    context: Mapping[str, str] = {}
    encrypted: str = ""
    """What the encryption context begins with, or is."""
    policy: tuple[Rule, ...] = ()
    """That of the bucket or of the key."""
    must_allow: bool = False
    """That policy has to allow it too."""
    by_account: bool = True
    """It leaves it to its account where nothing is known of it."""
    denied_only: bool = False
    """It is not needed, but may not be denied."""


def role_can_replicate(rules: Sequence[Rule], rule: Replication) -> Answer:
    """A request of the role that is refused, if there is one."""
    return refused(rules, rule, _needs(rule))


def refused(rules: Sequence[Rule], rule: Replication, needs: Iterable[Need]) -> Answer:
    """A request for one of these rights that is refused."""
    role = Caller(
        kind="aws",
        account=rule.owner,
        arn=rule.role,
        session=f"arn:aws:sts::{rule.owner}:assumed-role/{rule.role.rpartition('/')[2]}/s3-replication",
    )
    unsure: Answer | None = None
    for need in needs:
        for answer in _asked(rules, rule, role, need):
            if answer.verdict == WITNESS:
                return answer
            if answer.verdict == UNKNOWN:
                unsure = unsure or answer
    return unsure or Answer(verdict=PROVEN)


def _asked(rules: Sequence[Rule], rule: Replication, role: Caller, need: Need) -> Iterable[Answer]:
    ways = [_asked_for(rules, rule, role, need, action) for action in need.actions]
    # Any of the actions will do; the first is the one to name.
    proven = next((way for way in ways if all(one.verdict == PROVEN for one in way)), None)
    yield from proven or ways[0]


def _asked_for(
    rules: Sequence[Rule], rule: Replication, role: Caller, need: Need, action: str
) -> list[Answer]:
    def query(space: Space) -> Iterable[Box]:
        box: Box = space.at(lambda arn: not need.of_objects or arn.startswith(f"{need.at}/{rule.prefix}"))
        for name in space.keys:
            if (wanted := _held(name, need)) is not None:
                box = both(box, space.where(name, wanted))
        yield box

    level = WRITE if "Put" in action or "Replicate" in action else READ
    extent = Extent(
        bucket=need.at,
        owner=rule.owner,
        only=(role,),
        actions=(Action(action, level, need.of_objects),),
        prefixes=(rule.prefix,) if need.of_objects else (),
        known=dict(_known(need)),
    )

    def of(those: Sequence[Rule]) -> Policies:
        return Policies(list(map(_replicating, those)), extent)

    if need.denied_only:
        return [of(those).denied(query, lambda _: True) for those in (rules, need.policy) if those]
    answers = [of(rules).refused(query)]
    if need.must_allow:
        answers.append(of(need.policy).refused(query))
    elif need.policy:
        answers.append(of(need.policy).denied(query, lambda _: True))
    return answers


def _known(need: Need) -> Iterable[tuple[str, tuple[Glob, ...]]]:
    for name, value in need.context.items():
        yield name, (literal(value),)
    if need.encrypted:
        begins = (
            (*need.encrypted, MANY)
            if need.encrypted.endswith("/") or "/" in need.encrypted
            else tuple(need.encrypted)
        )
        yield _ENCRYPTED, (Glob(begins), literal(need.encrypted))


def _held(name: str, need: Need) -> Callable[[Held | None], bool] | None:
    """What a key holds while S3 replicates; None for anything."""
    if name == _ENCRYPTED:
        if "/" not in need.encrypted:
            return lambda held: held == need.encrypted if need.encrypted else held is None
        return lambda held: isinstance(held, str) and held.startswith(need.encrypted)
    if name in need.context:
        return lambda held: held == need.context[name]
    if name == keys.TLS:
        return lambda held: held == "true"
    if name == _VIA or name in keys.OF_ENDPOINTS or name in keys.OF_SERVICES:
        return lambda held: held is None
    return None


@lru_cache(maxsize=512)
def _replicating(rule: Rule) -> Rule:
    """What S3 sends along with a request of its own is not known, but for a few keys."""
    tests = tuple(
        test
        if isinstance(test, Open) or _is_pinned(test)
        else Open(f"what {test.key} is while S3 replicates nobody tells")
        for test in rule.tests
    )
    return msgspec.structs.replace(rule, tests=tests)


def _is_pinned(test: Test) -> bool:
    name = test.key
    return name in _PINNED or name in OF_CALLER or name in keys.OF_ENDPOINTS or name in keys.OF_SERVICES


def _needs(rule: Replication) -> Iterable[Need]:
    tags = TAGS in rule.replicate
    source = {"at": rule.source, "policy": rule.source_policy}
    yield Need(actions=("s3:GetReplicationConfiguration",), **source)  # type: ignore[arg-type]
    yield Need(actions=("s3:ListBucket",), **source)  # type: ignore[arg-type]
    # Not of objects that are encrypted with a key of KMS.
    plain = () if rule.source_key else ("s3:GetObjectVersion",)
    reads = [("s3:GetObjectVersionForReplication", *plain), ("s3:GetObjectVersionAcl",)]
    reads += [("s3:GetObjectVersionTagging",)] if tags else []
    reads += [("s3:GetObjectRetention",), ("s3:GetObjectLegalHold",)] if rule.locked else []
    for actions in reads:
        yield Need(actions=actions, of_objects=True, **source)  # type: ignore[arg-type]
    abroad = bool(rule.destination_owner) and rule.destination_owner != rule.owner
    target = {"at": rule.destination, "policy": rule.destination_policy, "of_objects": True}
    writes = ["s3:ReplicateObject"]
    writes += ["s3:ReplicateDelete"] if DELETE_MARKERS in rule.replicate else []
    writes += ["s3:ObjectOwnerOverrideToBucketOwner"] if rule.changes_owner else []
    for action in writes:
        yield Need(actions=(action,), must_allow=abroad, **target)  # type: ignore[arg-type]
    if tags:
        yield Need(actions=("s3:ReplicateTags",), denied_only=True, **target)  # type: ignore[arg-type]
    yield from _key_needs(rule)


def _key_needs(rule: Replication) -> Iterable[Need]:
    uses = []
    if rule.source_key:
        uses.append(("kms:Decrypt", rule.source_key, rule.source))
    if rule.destination_key:
        uses.append(("kms:Encrypt", rule.destination_key, rule.destination))
        if rule.bucket_keys:
            uses.append(("kms:Decrypt", rule.destination_key, rule.destination))
    for action, key, bucket in uses:
        region = key.split(":")[3] if key.count(":") > 4 else ""
        told = rule.key_policies.get(key)
        yield Need(
            actions=(action,),
            at=key,
            context={_VIA: f"s3.{region}.amazonaws.com"} if region else {},
            encrypted=bucket if rule.bucket_keys else f"{bucket}/{rule.prefix}",
            policy=told or (),
            must_allow=told is not None,
        )
