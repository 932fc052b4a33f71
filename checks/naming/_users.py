"""What uses the name of a bucket that may not be the account's own."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import TypeVar

from s3audit.model.bucket import Bucket
from s3audit.model.document import Array, Leaf, Object, Value
from s3audit.model.estate import Estate
from s3audit.model.identity import ManagedPolicy, NamedPolicy, Role
from s3audit.model.names import bucket_in_arn
from s3audit.model.relations import label
from s3audit.setting import Known, Listed, Setting, Unset
from s3audit.text import Text

T = TypeVar("T")


def user_of(name: str, estate: Estate) -> str:
    """What sends something to a bucket of this name, or may use it; empty where nothing is seen to."""
    names, patterns = estate.once(_users)
    return names.get(name) or next((user for one, user in patterns.items() if fnmatchcase(name, one)), "")


def _users(estate: Estate) -> tuple[dict[str, str], dict[str, str]]:
    """By the names that are written, and by the patterns."""
    names: dict[str, str] = {}
    patterns: dict[str, str] = {}
    for bucket in estate.all(Bucket):
        for target in _targets(bucket):
            if target.literal:
                names.setdefault(target.literal, label(bucket))
    for one, said in _policies(estate):
        for written in _buckets_in(said):
            if not {*written} & {*"*?"}:
                names.setdefault(written, one)
            elif written.strip("*?"):  # what is about every bucket is about none in particular
                patterns.setdefault(written, one)
    return names, patterns


def _targets(bucket: Bucket) -> Iterator[Text]:
    """Where it sends logs, copies and inventories."""
    for logging in _given(bucket.logging):
        yield from _given(logging.target) if logging is not None else ()
    written = [
        target
        for replication in _given(bucket.replication)
        if replication is not None
        for rule in _items(replication.rules)
        for target in _given(rule.destination.bucket)
    ]
    written += [target for report in _items(bucket.inventory) for target in _given(report.destination.bucket)]
    for target in written:
        yield bucket_in_arn(target) or target


def _policies(estate: Estate) -> Iterator[tuple[str, Value]]:
    """The policies of roles, as far as they were read."""
    for role in estate.all(Role):
        for policy in _items(role.policies):
            yield from _document(role.title, policy)
    for managed in estate.all(ManagedPolicy):
        yield from _document(managed.title, managed)


def _document(title: str, policy: NamedPolicy | ManagedPolicy) -> Iterator[tuple[str, Value]]:
    yield from ((title, said) for said in _given(policy.document) if said is not None)


def _buckets_in(value: Value) -> Iterator[str]:
    match value:
        case Leaf(Text() as written):
            name = bucket_in_arn(written)
            if name is not None and name.literal:
                yield name.literal
        case Array(items):
            for item in items:
                yield from _buckets_in(item)
        case Object(members):
            for member in members:
                yield from _buckets_in(member.value)
        case _:
            return


def _given(setting: Setting[T]) -> Iterator[T]:
    match setting:
        case Known(value) | Unset(value):
            yield value
        case _:
            return


def _items(listed: Listed[T]) -> Iterator[T]:
    for items in _given(listed):
        for item in items:
            yield from _given(item)
