"""Each right that the role of a replication needs for a rule, put to the reasoner."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.identity import Role
from s3audit.model.names import bucket_in_arn
from s3audit.model.relations import label
from s3audit.model.replication import Replication, ReplicationFilter, ReplicationRule
from s3audit.setting import Known, Setting, Unknown, Unset, every_of
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, not_applicable, passed, unknown

from ._roles import with_role
from ._rules import if_on

if TYPE_CHECKING:
    from s3audit.policy.access.roles import Copier

Ask = Callable[["Copier", ReplicationRule, Replication], Verdict]
Right = Callable[..., Verdict]
"""Of some actions any of which is enough; with `of_objects=False` on the bucket itself."""


def by_its_role(
    bucket: Bucket, estate: Estate, ask: Ask, *, abroad: bool = True, keys: bool = False
) -> Verdict:
    """The judgement of the role for each rule that is on; `abroad` is about destinations, `keys` about keys too."""

    def judge(role: Role, rule: ReplicationRule, replication: Replication) -> Verdict:
        from s3audit.policy.access.roles import copier

        others = names(rule) if abroad else ()
        by = copier(role, bucket, estate, others, texts(rule, abroad=abroad), keys=keys)
        if isinstance(by, Unknown):
            return unknown(by.at, by.why)
        return ask(by, rule, replication)

    return with_role(
        bucket,
        estate,
        lambda role, replication: every_of(
            replication.rules,
            lambda rule: if_on(rule, lambda: judge(role, rule, replication)),
            empty=not_applicable(replication.at, "it has no replication rule"),
        ),
    )


def on_source(bucket: Bucket, estate: Estate, judge: Callable[[ReplicationRule, Right], Verdict]) -> Verdict:
    """The judgement of what the role may do with the source, where the policy of the bucket has a say too."""

    def ask(by: "Copier", rule: ReplicationRule, replication: Replication) -> Verdict:
        from s3audit.policy.access.roles import direct, may, rules_for
        from s3audit.policy.replication import Need

        at = replication.role.at
        said = rules_for(bucket.policy, by)
        if isinstance(said, Unknown):
            return unknown(at, f"the policy of the bucket is not known: {said.why}")
        beside = tuple(direct(said or ()))

        def right(*actions: str, of_objects: bool = True) -> Verdict:
            need = Need(actions=actions, at=by.here.arn, of_objects=of_objects)
            if not of_objects:
                return may(by, need, at, beside=beside)
            return for_prefix(
                by, rule, lambda prefix: may(by, need, at, prefix, beside=beside), replication.role
            )

        return judge(rule, right)

    return by_its_role(bucket, estate, ask, abroad=False)


def names(rule: ReplicationRule) -> tuple[Text, ...]:
    """That of the destination, where it is known."""
    match rule.destination.bucket:
        case Known(arn) | Unset(arn):
            name = bucket_in_arn(arn)
            return () if name is None else (name,)
        case Unknown():
            return ()


def texts(rule: ReplicationRule, *, abroad: bool) -> Iterable[Text]:
    """All that it writes and that may have parts that nobody tells."""
    to = rule.destination
    for setting in (prefix_of(rule), *((to.bucket, to.kms_key) if abroad else ())):
        match setting:
            case Known(Text() as written) | Unset(Text() as written):
                yield written
            case _:
                pass


def prefix_of(rule: ReplicationRule) -> Setting[Text | None]:
    """What the keys begin with that a rule takes."""
    match rule.filter:
        case Unknown() as gap:
            return gap
        case Known(ReplicationFilter(prefix=prefix)) | Unset(ReplicationFilter(prefix=prefix)):
            match prefix, rule.prefix:
                case Unknown() as gap, _:
                    return gap
                case ((Known(Text()) | Unset(Text())), (Known() | Unset())):
                    return prefix
                case _:
                    return rule.prefix
        case _:
            return rule.prefix


def for_prefix(
    by: "Copier", rule: ReplicationRule, ask: Callable[[str], Verdict], role: Setting[Text]
) -> Verdict:
    """The judgement for the keys that a rule takes; where these are not known, what holds for all does."""
    at = role.at
    match prefix_of(rule):
        case Known(None) | Unset(None):
            return ask("")
        case Known(Text() as prefix) | Unset(Text() as prefix):
            found = ask(by.here.filled(prefix))
            if prefix.literal is not None or found.status is not Status.FAIL:
                return found
            return unknown(at, f"which keys begin with {prefix}, as those that the rule takes, is not known")
        case Unknown(why):
            found = ask("")
            if found.status is not Status.FAIL:
                return found
            return unknown(at, f"which objects the rule takes is not known: {why}")
        case _:
            return ask("")


def unless_needed(needed: Verdict, right: Verdict) -> Verdict:
    """A right that is only needed sometimes."""
    if right.status is Status.PASS or needed.status is Status.PASS:
        return right
    if needed.status is Status.FAIL:
        return (
            passed(needed.evidence[0].at, needed.evidence[0].note)
            if needed.evidence
            else Verdict(Status.PASS)
        )
    return needed if right.status is Status.FAIL else right


def changes_owner(rule: ReplicationRule, target: Bucket | None) -> Verdict:
    """Whether the copies are given to the owner of the destination, where that does not happen by itself."""
    asked = rule.destination.owner_override.is_in("Destination", what="the owner of the copies")
    if target is None:
        at = rule.destination.bucket.at
        return asked & unknown(at, "who owns the objects of the destination by default is not known")
    return asked & ~target.ownership.object_ownership.is_in(
        "BucketOwnerEnforced", what=f"ownership in {label(target)}"
    )
