"""A policy in its place: on a bucket, in an account, with something to stand for what nobody tells."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.model.identity import Role, User
from s3audit.model.names import partition_of
from s3audit.policy.language import Policy, Principal, Statement
from s3audit.policy.patterns import in_partition, touches_bucket
from s3audit.policy.questions import Context
from s3audit.policy.rules import Meaning, Rule, rules_of
from s3audit.setting import NOT_COLLECTED, Known, Listed, Setting, Unknown, Unset
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Status

OWNER = "111122223333"
"""Stands in for the account of the bucket where nobody tells it."""
_STANDS_IN = "xqz{}"
"""For a part of a name: a text that no policy has."""
_ACCOUNTS = ("AWS::AccountId", ".account_id")
"""How the origin of a part ends that is the account of whoever deploys it."""


class Placed(msgspec.Struct, frozen=True):
    rules: tuple[Rule, ...]
    context: Context
    shown: Mapping[str, str]
    """By ARN or id: what people call those that stand for resources of the input."""
    owner_is_told: bool


def placed(
    policy: Policy,
    name: Setting[Text],
    region: Setting[Text] = NOT_COLLECTED,
    account: Setting[Text] | Setting[Text | None] = NOT_COLLECTED,
    identities: Iterable[Resource] = (),
) -> Placed | None:
    """None where it is not known which of its statements are about this bucket."""
    if isinstance(name, Unknown):
        return None
    partition = partition_of(found) if (found := literal_of(region)) else ""
    if not partition:
        if _names_others(policy):
            return None
        partition = "aws"
    bucket = name.value if isinstance(name, Known) else name.default
    told = literal_of(account)
    owner = told if len(told) == 12 else OWNER
    parts: dict[Opaque, str] = {}
    for index, part in enumerate(bucket.opaque):
        parts[part] = owner if _is_account(part) else _STANDS_IN.format(index)
    shown: dict[str, str] = {}
    known = {one.address: one for one in identities}
    for part in _opaque(policy):
        if part in parts:
            continue
        if _is_account(part):
            parts[part] = owner
        elif isinstance(one := known.get(part.resource), Role | User):
            kind = type(one).__name__.lower()
            parts[part] = f"arn:{partition}:iam::{owner}:{kind}/{one.title or one.address}"
            shown[parts[part]] = f"the {kind} {one.title or one.address}"
        elif part.resource:  # what it is called is not known, but it is one text and no pattern
            parts[part] = part.origin
            if one is not None:
                shown[part.origin] = f"the origin access identity {one.title or one.address}"
    meaning = Meaning(parts=parts, variables={"aws:resourceaccount": owner})
    filled = "".join(parts[part] if isinstance(part, Opaque) else part for part in bucket.parts)
    rules = rules_of(_about(policy, bucket, partition), meaning)
    context = Context(bucket=filled, owner=owner, partition=partition)
    return Placed(rules, context, shown, owner == told)


def literal_of(setting: Setting[Text] | Setting[Text | None]) -> str:
    """A text that is wholly known, or an empty one."""
    match setting:
        case Known(Text() as known) | Unset(Text() as known):
            return known.literal or ""
        case _:
            return ""


def _is_account(part: Opaque) -> bool:
    return part.origin.endswith(_ACCOUNTS)


def _opaque(value: object) -> Iterator[Opaque]:
    """The parts of all texts in a policy that nobody tells."""
    if isinstance(value, Opaque):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _opaque(one)
    elif isinstance(value, msgspec.Struct) and not isinstance(value, Location):
        for name in value.__struct_fields__:
            yield from _opaque(getattr(value, name))


def _statements(policy: Policy) -> Iterator[Statement]:
    match policy.statements:
        case Known(items) | Unset(items):
            yield from (item.value for item in items if isinstance(item, Known))
        case _:
            pass


def _names_others(policy: Policy) -> bool:
    """Whether it is about more partitions than the usual one, of which only the region tells which is meant."""
    return any(
        isinstance(item, Known) and in_partition(item.value, "") is Status.UNKNOWN
        for statement in _statements(policy)
        for listed in (statement.resources, statement.not_resources)
        for item in (listed.value if isinstance(listed, Known) else ())
    )


def _about(policy: Policy, bucket: Text, partition: str) -> Policy:
    """The policy with what may be about this bucket, and may not, taken for unknown."""
    match policy.statements:
        case Known(items, at):
            kept = tuple(_statement(item, bucket, partition) for item in items)
            return msgspec.structs.replace(policy, statements=Known(kept, at))
        case _:
            return policy


def _statement(item: Setting[Statement], bucket: Text, partition: str) -> Setting[Statement]:
    if not isinstance(item, Known):
        return item
    statement = item.value
    return Known(
        msgspec.structs.replace(
            statement,
            resources=_resources(statement.resources, bucket, partition),
            not_resources=_resources(statement.not_resources, bucket, partition),
            principals=_principals(statement.principals, partition),
            not_principals=_principals(statement.not_principals, partition),
        ),
        item.at,
    )


def _resources(listed: Listed[Text], bucket: Text, partition: str) -> Listed[Text]:
    if not isinstance(listed, Known):
        return listed
    return Known(tuple(_resource(item, bucket, partition) for item in listed.value), listed.at)


def _resource(item: Setting[Text], bucket: Text, partition: str) -> Setting[Text]:
    if not isinstance(item, Known):
        return item
    written = _here(item.value, partition)
    if bucket.literal is None and touches_bucket(written, bucket) is Status.UNKNOWN:
        return Unknown(f"whether {written} is about this bucket is not known", item.at)
    return Known(written, item.at)


def _principals(listed: Listed[Principal], partition: str) -> Listed[Principal]:
    if not isinstance(listed, Known):
        return listed
    items = (
        Known(msgspec.structs.replace(item.value, name=_here(item.value.name, partition)), item.at)
        if isinstance(item, Known)
        else item
        for item in listed.value
    )
    return Known(tuple(items), listed.at)


def _here(arn: Text, partition: str) -> Text:
    """An ARN in this partition, where it leaves open in which."""
    match arn.parts:
        case ("arn:", Opaque(), str() as rest, *more) if rest.startswith(":"):
            return text(f"arn:{partition}{rest}", *more)
        case _:
            return arn
