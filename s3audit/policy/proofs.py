"""The door for checks: what the shape of the statements shows is said at once, all else is put to the reasoner."""

from __future__ import annotations

from s3audit.policy import services, shapes
from s3audit.policy.elements import known_partition, listed, value_of
from s3audit.policy.language import NO_PRINCIPAL, Policy, names_nobody
from s3audit.setting import NOT_COLLECTED, Known, Setting, Unknown, Unset
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, unknown

# The reasoner is imported where a policy needs it: most need no proof, and most scans none of this.


def denies_plain_http(policy: Policy, name: Setting[Text], region: Setting[Text] = NOT_COLLECTED) -> Verdict:
    """Whether every request without TLS is denied, to the bucket and to its objects; a gap with a request for it."""
    found = shapes.denies_plain_http(policy, name, region)
    refused = refused_by_s3(policy)
    if refused is not None:
        # What such a policy leaves open, none at all leaves open too.
        return found if found.status is Status.FAIL else refused
    if found.status is Status.PASS:
        return found
    if not shapes.may_deny(policy):
        # Whatever is asked for over plain HTTP gets through.
        objects = f"{_arn(name, region)}/x"
        witness = spared("s3:GetObject", objects, "over plain HTTP", "anybody")
        return found if isinstance(name, Unknown) else found.noting(witness)
    from s3audit.policy.witnesses import OVER_HTTP, all_denied

    return all_denied(found, policy, name, region, OVER_HTTP)


def denies_uploads_without_retention(
    policy: Policy, name: Setting[Text], region: Setting[Text] = NOT_COLLECTED
) -> Verdict:
    """Whether every upload that asks for no retention is denied; no evidence if no statement is about it."""
    found = shapes.denies_uploads_without_retention(policy, name)
    refused = refused_by_s3(policy)
    if refused is not None and found.evidence:
        return refused
    if found.status is Status.PASS or not found.evidence:
        return found
    from s3audit.policy.witnesses import WITHOUT_RETENTION, all_denied

    return all_denied(found, policy, name, region, WITHOUT_RETENTION)


def admits_service(
    policy: Policy, service: str, action: str, name: Setting[Text], region: Setting[Text] = NOT_COLLECTED
) -> Verdict:
    """Whether a statement that names a service allows it an action on the bucket or on some of its objects."""
    refused = refused_by_s3(policy)
    if refused is not None:
        return refused
    found = services.admits_service(policy, service, action, name, region)
    if found.status is not Status.UNKNOWN:
        return found
    from s3audit.policy.witnesses import admitted

    return admitted(found, policy, service, action, name, region)


def surely_admits_service(policy: Policy, service: str, action: str, account: Setting[Text]) -> Verdict:
    """Whether the policy of a key allows an action to a service in all that it does for an account."""
    found = services.surely_admits_service(policy, service, action, account)
    if found.status is not Status.UNKNOWN:
        return found
    from s3audit.policy.witnesses import surely_admitted

    return surely_admitted(found, policy, service, action, account)


def refused_by_s3(policy: Policy) -> Verdict | None:
    """Of a bucket policy with a statement that names nobody: no bucket has it."""
    for statement in map(value_of, listed(policy)):
        if statement is not None and names_nobody(statement):
            return unknown(
                statement.at, f"whether the bucket can have this policy is not known: {NO_PRINCIPAL}"
            )
    return None


def _arn(name: Setting[Text], region: Setting[Text]) -> str:
    """That of a bucket, as people know it."""
    return f"arn:{known_partition(region) or 'aws'}:s3:::{shown(name)}"


def shown(name: Setting[Text]) -> str:
    match name:
        case Known(known) | Unset(known):
            return str(known)
        case Unknown():
            return ""


def spared(action: str, resource: str, how: str, who: str, where: str = "") -> str:
    """A request that gets through, in the words of findings."""
    return f"{action} on {resource} {how} by {who}{where} is not denied"
