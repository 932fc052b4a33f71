"""Where the objects of a bucket are copied to: who may read there has them too."""

from collections.abc import Iterator, Mapping

from s3audit.model.bucket import Bucket
from s3audit.model.effective import default_key
from s3audit.model.estate import Estate
from s3audit.model.identity import Role
from s3audit.model.key import KmsKey
from s3audit.model.names import bucket_in_arn
from s3audit.model.replication import Replication, ReplicationRule
from s3audit.policy.access.identities import caller_of, own_policies
from s3audit.policy.access.place import Place
from s3audit.policy.access.words import Access
from s3audit.policy.actions import READ
from s3audit.policy.language import policy_of
from s3audit.policy.neighbours import arn_of
from s3audit.policy.placed import literal_of
from s3audit.policy.reason import PROVEN, WITNESS
from s3audit.policy.replication import DELETE_MARKERS, OBJECTS, role_can_replicate
from s3audit.policy.replication import Replication as Asked
from s3audit.policy.rules import Rule
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text


def by_replication(place: Place) -> Iterator[Access]:
    match place.bucket.replication:
        case Unknown(why, at) if at.source:
            yield Access(who="other buckets", can=(READ,), how="replication", at=at, open=why)
        case Known(Replication() as replication) | Unset(Replication() as replication):
            yield from _of(replication, place)
        case _:
            pass


def _of(replication: Replication, place: Place) -> Iterator[Access]:
    match replication.rules:
        case Unknown(why, at):
            yield Access(who="other buckets", can=(READ,), how="replication", at=at, open=why)
        case Known(items) | Unset(items):
            for item in items:
                match item:
                    case Unknown(why, at):
                        yield Access(who="another bucket", can=(READ,), how="replication", at=at, open=why)
                    case Known(rule) | Unset(rule):
                        yield from _by_rule(rule, replication, place)


def _by_rule(rule: ReplicationRule, replication: Replication, place: Place) -> Iterator[Access]:
    open_ = ""
    match rule.status:
        case Known(status) | Unset(status):
            if status != "Enabled":
                return
        case Unknown(why):
            open_ = f"whether the rule is on is not known: {why}"
    target, role = rule.destination.bucket, replication.role
    if isinstance(target, Unknown):
        yield Access(who="another bucket", can=(READ,), how="replication", at=target.at, open=target.why)
        return
    arn = _value(target)
    account = literal_of(rule.destination.account)
    called, found = _called(arn, place.estate)
    prefix = _prefix(rule)
    yield Access(
        who=f"{called}{f' of the account {account}' if account else ''}, and whoever may read there",
        can=(READ,),
        how=f"replication{f' of keys that begin with {prefix}' if prefix else ''}",
        at=target.at,
        open=open_ or _doubt(rule, role, arn, account, found, prefix, place),
    )


def _called(arn: Text, estate: Estate) -> tuple[str, Bucket | None]:
    name = bucket_in_arn(arn)
    if name is None:
        return str(arn), None
    match estate.bucket_named(name):
        case Known(Bucket() as bucket) | Unset(Bucket() as bucket):
            return f"the bucket {bucket.title or bucket.address}", bucket
        case _:
            return f"the bucket {name}", None


def _doubt(
    rule: ReplicationRule,
    role: Setting[Text],
    destination: Text,
    account: str,
    target: Bucket | None,
    prefix: str,
    place: Place,
) -> str:
    """Why it is not certain that they are copied: the role may not, or nobody tells."""
    here = place.ground
    if isinstance(role, Unknown):
        return f"the role is not known: {role.why}"
    written = _value(role)
    known = place.estate.named_by(written, Role) or _named(here.filled(written), place)
    if known is None:
        return f"what the role {written} may do is not known"
    own = own_policies(known, place)
    rules = own.rules
    if own.boundary is not None:
        return f"the permissions boundary of the role {known.title} is not looked at"
    there = _policy(target, place)
    source_key, key_policies = _source_key(rule, place)
    answer = role_can_replicate(
        rules,
        Asked(
            source=here.arn,
            destination=here.filled(destination),
            role=caller_of(known, place).arn,
            owner=here.owner,
            destination_owner=account,
            replicate=(OBJECTS, DELETE_MARKERS) if _is(rule.delete_markers, "Enabled") else (OBJECTS,),
            prefix=prefix,
            source_policy=place.rules,
            destination_policy=there or (),
            source_key=source_key,
            destination_key=_destination_key(rule, place),
            key_policies=key_policies,
            bucket_keys=_is_on(place.bucket.encryption.bucket_key),
            locked=_is_on(place.bucket.object_lock.enabled),
            changes_owner=_is(rule.destination.owner_override, "Destination"),
        ),
    )
    if answer.verdict == PROVEN and there is not None:
        return ""
    if answer.verdict == PROVEN or (account and there is None):
        return (
            f"what the policy of {destination} lets the role {known.title or known.address} do is not known"
        )
    if answer.verdict == WITNESS and not own.gaps and answer.request is not None:
        shown = here.show(answer.request.resource)
        return f"the role {known.title or known.address} may not {answer.request.action} on {shown}"
    why = (*own.gaps, *(reason.why for reason in answer.reasons))
    return why[0] if why else f"what the policy of {destination} says is not known"


def _source_key(rule: ReplicationRule, place: Place) -> tuple[str, Mapping[str, tuple[Rule, ...]]]:
    """The ARN of the key that what is copied is encrypted with, if it is, and its policy."""
    if not _is(rule.kms_objects, "Enabled"):
        return "", {}
    here = place.ground
    match default_key(place.bucket, place.estate):
        case Known(KmsKey() as key) | Unset(KmsKey() as key):
            match policy_of(key.policy):
                case Known(policy) | Unset(policy) if policy is not None:
                    return arn_of(here, key), {arn_of(here, key): here.rules(policy, here.here)}
                case _:
                    return arn_of(here, key), {}
        case _:
            return "", {}


def _destination_key(rule: ReplicationRule, place: Place) -> str:
    match rule.destination.kms_key:
        case Known(Text() as key) | Unset(Text() as key) if _is(rule.kms_objects, "Enabled"):
            return place.ground.filled(key)
        case _:
            return ""


def _policy(target: Bucket | None, place: Place) -> tuple[Rule, ...] | None:
    """None where nobody knows it."""
    if target is None:
        return None
    match policy_of(target.policy):
        case Known(policy) | Unset(policy):
            return () if policy is None else place.ground.rules(policy, place.ground.here)
        case Unknown():
            return None


def _named(arn: str, place: Place) -> Role | None:
    return next((one for one in place.estate.all(Role) if arn_of(place.ground, one) == arn), None)


def _prefix(rule: ReplicationRule) -> str:
    own = literal_of(rule.prefix)
    match rule.filter:
        case Known(found) | Unset(found) if found is not None:
            return literal_of(found.prefix) or own
        case _:
            return own


def _is(setting: Setting[str | None], word: str) -> bool:
    match setting:
        case Known(value) | Unset(value):
            return value == word
        case Unknown():
            return False


def _is_on(setting: Setting[bool]) -> bool:
    match setting:
        case Known(value) | Unset(value):
            return value
        case Unknown():
            return False


def _value(setting: Known[Text] | Unset[Text]) -> Text:
    return setting.value if isinstance(setting, Known) else setting.default
