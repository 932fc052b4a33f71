"""What is asked alike of table buckets and vector buckets: their encryption, their key, and whom they let in."""

from s3audit.model.base import Resource
from s3audit.model.document import Value
from s3audit.model.effective import key_named
from s3audit.model.estate import Estate
from s3audit.model.key import KmsKey
from s3audit.model.names import arn_parts
from s3audit.policy.elements import acts, has_effect
from s3audit.policy.language import Condition, Policy, policy_of
from s3audit.policy.patterns import ANY, covers
from s3audit.policy.services import may_deny, may_mean
from s3audit.setting import Known, Setting, Unknown, Unset, every_of, some_of, when_set
from s3audit.text import Text, same, text
from s3audit.verdict import Severity, Status, Verdict, every, failed, not_applicable, passed, some, unknown

KMS = ("aws:kms", "aws:kms:dsse")
_OF_STORE = ("kms:encryptioncontext:aws:s3:arn", "aws:sourcearn")
_OF_ACCOUNT = ("aws:sourceaccount", "aws:resourceaccount", "kms:calleraccount")
_POSITIVE = ("stringequals", "stringlike", "arnequals", "arnlike")
_DEPLOYING = ("AWS::AccountId", ".account_id")


def demanded(algorithm: Setting[str | None], wanted: Setting[str | None]) -> Verdict:
    """Whether it is encrypted with KMS, where the configuration demands that; nothing said is SSE-S3."""
    asked = wanted.satisfies(lambda one: one in KMS, "KMS is demanded")
    if asked.status is Status.UNKNOWN:
        return asked
    if asked.status is Status.FAIL:
        return not_applicable(algorithm.at, "nobody demands KMS")
    match algorithm:
        case Unknown(why, at):
            return unknown(at, f"its encryption is not known: {why}")
        case Known(None, at) | Unset(None, at):
            return failed(at, "its encryption is not set, so it is AES256")
        case Known(used, at) | Unset(used, at):
            return (
                passed(at, f"its encryption is {used}")
                if used in KMS
                else failed(at, f"its encryption is {used}")
            )


def key_serves(
    store: Resource,
    algorithm: Setting[str | None],
    key: Setting[Text | None],
    estate: Estate,
    service: str,
    *actions: str,
) -> Verdict:
    """Whether the key of a store lets the service of AWS in that keeps it in order; without KMS it needs none."""
    uses_it = algorithm.satisfies(lambda used: used in KMS, "it is encrypted with KMS")
    if uses_it.status is not Status.PASS:
        return (
            uses_it if uses_it.status is Status.UNKNOWN else not_applicable(algorithm.at, "it has no KMS key")
        )
    match key:
        case Known(Text() as name, at) | Unset(Text() as name, at):
            found = key_named(name, estate)
            if found is None:
                return unknown(at, f"the key {name} is declared elsewhere, or may not be there")
            return _serves(found, store, service, actions)
        case Unknown(why, at):
            return unknown(at, f"which key it is is not known: {why}")
        case Known(at=at) | Unset(at=at):
            return unknown(at, "no key is named")


def _serves(key: KmsKey, store: Resource, service: str, actions: tuple[str, ...]) -> Verdict:
    title = key.title or key.address
    closed = failed(key.policy.at, f"the policy that KMS gives the key {title} does not let {service} use it")
    return when_set(
        policy_of(key.policy),
        lambda policy: every(_admits(policy, service, action, store) for action in actions),
        closed,
        what="the policy of the key",
    )


def _admits(policy: Policy, service: str, action: str, store: Resource) -> Verdict:
    wanted = text(action)
    found = some_of(
        policy.statements,
        lambda one: (
            has_effect(one, "Allow")
            & may_mean(one, service)
            & acts(one, wanted)
            & every_of(one.conditions, lambda condition: _is_for(condition, store))
        ),
    )
    if found.status is Status.FAIL:
        return failed(policy.at, f"the policy of the key does not allow {action} to {service}")
    if found.status is Status.PASS and may_deny(policy, service, wanted).status is Status.FAIL:
        return passed(policy.at, f"the policy of the key allows {action} to {service}")
    return unknown(policy.at, f"whether the policy of the key allows {action} to {service} is not known")


def _is_for(condition: Condition, store: Resource) -> Verdict:
    """Whether what the service does for a store meets a condition."""
    key, operator = condition.key.lower(), condition.operator.lower()
    if operator in _POSITIVE and key in _OF_STORE:
        return some_of(condition.values, lambda value: Verdict(_is_of(value, store)))
    if operator in _POSITIVE and key in _OF_ACCOUNT:
        return some_of(condition.values, lambda value: Verdict(_is_account(value, store)))
    return unknown(condition.at, f"what {condition.operator} makes of {condition.key} is not known")


def _is_account(value: Text, store: Resource) -> Status:
    if len(value.opaque) == len(value.parts) == 1 and value.opaque[0].origin.endswith(_DEPLOYING):
        return Status.PASS
    match store.account:
        case Known(own) | Unset(own):
            return same(value, own)
        case Unknown():
            return Status.UNKNOWN


def _is_of(value: Text, store: Resource) -> Status:
    """Whether a pattern of ARNs takes in the store, or something in it."""
    named = [part.resource for part in value.opaque if part.resource]
    if named:
        return Status.PASS if store.address in named else Status.FAIL
    if store.address.startswith("arn:"):
        those = (text(store.address), text(store.address, "/", ANY))
        return Status.PASS if any(covers(value, one) is Status.PASS for one in those) else Status.FAIL
    parts, name = arn_parts(value), getattr(store, "name", None)
    if parts is None:
        return Status.PASS if value.literal == "*" else Status.UNKNOWN
    if not isinstance(name, Known):
        return Status.UNKNOWN
    tails = (text("bucket/", *name.value.parts), text("bucket/", *name.value.parts, "/", ANY))
    found = [covers(parts[4], one) for one in tails]
    return next((one for one in (Status.PASS, Status.UNKNOWN) if one in found), Status.FAIL)


def kept_to(
    store: Resource,
    policy: Setting[Value | None],
    estate: Estate,
    trusted: tuple[frozenset[str], frozenset[str]] | None,
    arn: str,
    actions: tuple[str, ...],
) -> Verdict:
    """Whether its policy lets in none but whom it names, and of other accounts only those that are trusted.

    `trusted` are accounts and organizations, or None where nobody said which.
    """

    def judged(read: Policy) -> Verdict:
        from s3audit.policy.own_policies import Asked, lets_in_anybody, lets_in_others

        asked = Asked(read, store, arn, actions)
        found = ~lets_in_anybody(asked, estate)
        if trusted is None or found.status is Status.FAIL:
            return found
        others = some(lets_in_others(asked, estate, *trusted))
        return found & (~others if others.evidence else Verdict(Status.PASS)).at_severity(Severity.HIGH)

    return when_set(policy_of(policy), judged, passed(store.at, "it has no policy"), what="its policy")
