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

from ._rules import if_on

if TYPE_CHECKING:
    from s3audit.policy.access.roles import Copier

Ask = Callable[["Copier", ReplicationRule], Verdict]


def of_rules(
    role: Role,
    replication: Replication,
    bucket: Bucket,
    estate: Estate,
    ask: Ask,
    *,
    abroad: bool = True,
    keys: bool = False,
) -> Verdict:
    """The judgement of the role for each rule that is on; `abroad` is about destinations, `keys` about keys too."""

    def judge(rule: ReplicationRule) -> Verdict:
        from s3audit.policy.access.roles import copier

        others = names(rule) if abroad else ()
        by = copier(role, bucket, estate, others, texts(rule, abroad=abroad), keys=keys)
        if isinstance(by, Unknown):
            return unknown(by.at, by.why)
        return ask(by, rule)

    return every_of(
        replication.rules,
        lambda rule: if_on(rule, lambda: judge(rule)),
        empty=not_applicable(replication.at, "it has no replication rule"),
    )


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
