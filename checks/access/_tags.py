"""Conditions on the tags of buckets, in the policies of buckets and of identities."""

from collections.abc import Iterator
from typing import NamedTuple

from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.document import Value
from s3audit.model.estate import Estate, is_there
from s3audit.model.identity import Group, ManagedPolicy, NamedPolicy, Role, User
from s3audit.model.uses import if_there
from s3audit.policy.language import Condition, Statement, policy_of
from s3audit.policy.patterns import lowered, touches_bucket
from s3audit.setting import Known, Listed, Setting, Unknown, Unset, some_of
from s3audit.text import Text
from s3audit.verdict import Evidence, Severity, Status, Verdict, failed, some, unknown

_TAGS = ("aws:resourcetag/", "s3:buckettag/")
_NO = Verdict(Status.FAIL)
_HOPE = (Status.FAIL, Status.UNKNOWN, Status.PASS)


class Tested(NamedTuple):
    """A statement of an identity that tests tags, or may; or why nobody can tell."""

    statement: Statement | None
    found: Verdict


def tested_by_bucket(bucket: Bucket) -> Verdict:
    """Whether the bucket policy tests tags; with the severity that a condition without effect has."""
    written = policy_of(bucket.policy)
    if isinstance(written, Unknown):
        return unknown(written.at, f"the bucket policy is not known: {written.why}")
    policy = written.value if isinstance(written, Known) else written.default
    if policy is None:
        return failed(written.at, "there is no bucket policy")
    found = some_of(policy.statements, tests_tags)
    return found if found.evidence else failed(policy.at, "the bucket policy tests no tags of the bucket")


def tested_by_identities(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether a policy of an identity tests tags in what it says of this bucket."""
    return some(_about(one, bucket) for one in estate.once(_all_tested))


def tests_tags(statement: Statement) -> Verdict:
    return some_of(statement.conditions, lambda condition: _tests(condition, statement))


def _tests(condition: Condition, statement: Statement) -> Verdict:
    if not condition.key.lower().startswith(_TAGS):
        return _NO
    allows = statement.effect.is_in("Allow", what="the Effect").status is Status.PASS
    effect = "an Allow" if allows else "a Deny"
    severity = Severity.MEDIUM if allows else Severity.HIGH
    return Verdict(Status.PASS, (Evidence(condition.at, f"{effect} tests {condition.key}", severity),))


def _about(one: Tested, bucket: Bucket) -> Verdict:
    if one.statement is None:
        return one.found
    return one.found & _names(one.statement, bucket)


def _names(statement: Statement, bucket: Bucket) -> Verdict:
    """Whether a statement names actions of S3 on this bucket."""
    if isinstance(bucket.name, Unknown):
        return unknown(bucket.name.at, f"the name of the bucket is not known: {bucket.name.why}")
    name = bucket.name.value if isinstance(bucket.name, Known) else bucket.name.default
    actions = some_of(statement.actions, lambda action: _of_s3(action, statement))
    resources = some_of(statement.resources, lambda resource: _touches(resource, name, statement))
    if not isinstance(statement.not_resources, Unset):
        resources = unknown(statement.at, "which buckets its NotResource leaves is not known")
    return actions & resources


def _of_s3(action: Text, statement: Statement) -> Verdict:
    found = lowered(action).starts_with("s3:")
    return (
        unknown(statement.at, f"whether {action} is an action of S3 is not known")
        if found is Status.UNKNOWN
        else Verdict(found)
    )


def _touches(resource: Text, name: Text, statement: Statement) -> Verdict:
    if resource.literal == "*":
        return Verdict(Status.PASS)
    found = touches_bucket(resource, name)
    return (
        unknown(statement.at, f"whether {resource} is this bucket is not known")
        if found is Status.UNKNOWN
        else Verdict(found)
    )


def _all_tested(estate: Estate) -> list[Tested]:
    found: list[Tested] = []
    for owner, document in _documents(estate):
        if is_there(owner).status is not Status.FAIL:
            found += (Tested(one.statement, if_there(owner, one.found)) for one in _of_document(document))
    return found


def _of_document(document: Setting[Value | None]) -> Iterator[Tested]:
    match policy_of(document):
        case Unknown(why, at):
            yield Tested(None, unknown(at, why))
        case Known(policy) | Unset(policy):
            if policy is not None:
                yield from _in(policy.statements)


def _in(statements: Listed[Statement]) -> Iterator[Tested]:
    if isinstance(statements, Unknown):
        yield Tested(None, unknown(statements.at, statements.why))
        return
    for item in statements.value if isinstance(statements, Known) else statements.default:
        match item:
            case Unknown(why, at):
                yield Tested(None, unknown(at, why))
            case Known(statement) | Unset(statement):
                tests = tests_tags(statement)
                if tests.status is not Status.FAIL:
                    yield Tested(statement, tests)


def _documents(estate: Estate) -> Iterator[tuple[Resource, Setting[Value | None]]]:
    for policy in estate.all(ManagedPolicy):
        yield policy, policy.document
    identities: list[Role | User | Group] = [*estate.all(Role), *estate.all(User), *estate.all(Group)]
    for one in identities:
        for document in _inline(one.policies):
            yield one, document


def _inline(policies: Listed[NamedPolicy]) -> Iterator[Setting[Value | None]]:
    if isinstance(policies, Unknown):
        yield policies
        return
    for item in policies.value if isinstance(policies, Known) else policies.default:
        match item:
            case Unknown():
                yield item
            case Known(policy) | Unset(policy):
                yield policy.document
