"""A policy in its place: on a bucket, in an account, with something to stand for what nobody tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

import msgspec

from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.model.names import partition_of
from s3audit.policy.language import Policy, Principal, Statement
from s3audit.policy.patterns import in_partition, touches_bucket
from s3audit.policy.questions import Context
from s3audit.policy.rules import Meaning, Rule, rules_of
from s3audit.setting import NOT_COLLECTED, Known, Listed, Setting, Unknown, Unset
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Status

T = TypeVar("T")

OWNER = "314159265358"
"""Stands in for the account of the bucket where nobody tells it: one that nobody writes as an example."""
_PARTITIONS = ("AWS::Partition", ".partition")
_STANDS_IN = "xqz{}"
"""For a part of a name: a text that no policy has."""
_REGION = "xqz-region-0"
_DIGITS = 12
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
    known = {one.address: one for one in identities}
    here = ground(name, region, account, known.get)
    if here is None or not here.holds(policy):
        return None
    context = Context(bucket=here.bucket, owner=here.owner, partition=here.partition)
    return Placed(here.rules(policy), context, here.shown, here.owner_is_told)


def ground(
    name: Setting[Text],
    region: Setting[Text],
    account: Setting[Text] | Setting[Text | None],
    find: Callable[[str], Resource | None],
    aliases: Mapping[str, Resource] = {},
) -> Ground | None:
    """Where the policies of a bucket and of its neighbours stand; None where the name of the bucket is not known.

    `find` has the neighbours by their addresses; the alias of one that AWS makes up says not of which it is.
    """
    match name:
        case Known(own) | Unset(own):
            return Ground(own, region, account, find, aliases)
        case Unknown():
            return None


class Ground:
    """A text for each name that nobody tells: the same one wherever a policy has it."""

    def __init__(
        self,
        name: Text,
        region: Setting[Text],
        account: Setting[Text] | Setting[Text | None],
        find: Callable[[str], Resource | None],
        aliases: Mapping[str, Resource] = {},
    ) -> None:
        self._name = name
        self._aliases = aliases
        self._find = find
        self.region = literal_of(region)
        self.region_is_told = bool(self.region)
        self._partition = partition_of(self.region) if self.region else ""
        self.partition = self._partition or "aws"
        self.region = self.region or _REGION
        told = literal_of(account)
        self.owner_is_told = len(told) == _DIGITS
        self.owner = told if self.owner_is_told else OWNER
        self.shown: dict[str, str] = {}
        self._parts: dict[Opaque, str] = {}
        for part in region.value.opaque if isinstance(region, Known) else ():
            self._parts[part] = _REGION
        for index, part in enumerate(name.opaque):
            self._parts[part] = self.owner if _is_account(part) else _STANDS_IN.format(index)
        self.bucket = self.filled(name)

    @property
    def arn(self) -> str:
        """Of the bucket."""
        return f"arn:{self.partition}:s3:::{self.bucket}"

    @property
    def bucket_name(self) -> Text:
        return self._name

    def holds(self, policy: Policy) -> bool:
        """Whether it is known in which partition its statements are."""
        return bool(self._partition) or not _names_others(policy)

    def rules(
        self, policy: Policy, mend: Callable[[Setting[Text]], Setting[Text]] | None = None
    ) -> tuple[Rule, ...]:
        """The statements of a policy; `mend` takes a resource that may be another's for unknown."""
        mend = mend or self._of_bucket
        read = _mended(policy, mend, self._principal)
        for part in _opaque(read):
            self._fill(part)
        return rules_of(read, Meaning(parts=self._parts, variables={"aws:resourceaccount": self.owner}))

    def filled(self, written: Text) -> str:
        """A text with something for each part that nobody tells."""
        for part in written.opaque:
            self._fill(part)
        return "".join(
            self._parts.get(part, part.origin) if isinstance(part, Opaque) else part for part in written.parts
        )

    def stand_in_for(self, written: Text) -> None:
        """Something for each part of the name of a neighbour that nobody tells, as for that of the bucket."""
        for part in written.opaque:
            self._fill(part)
            self._parts.setdefault(part, _STANDS_IN.format(f"n{len(self._parts)}"))

    def show(self, said: str) -> str:
        """What people read, without the account that only stands in."""
        return said if self.owner_is_told else said.replace(self.owner, "its own account")

    def account_of(self, one: Resource) -> str:
        told = literal_of(one.account)
        return told if len(told) == _DIGITS else self.owner

    def _fill(self, part: Opaque) -> None:
        if part in self._parts:
            return
        if _is_account(part):
            self._parts[part] = self.owner
        elif part.origin.endswith(_PARTITIONS) and not part.resource:
            self._parts[part] = self.partition
        elif part.origin in self._aliases or part.resource:
            # What it is called is not known, but it is one text and no pattern.
            self._parts[part] = self._told_of(part) or part.origin

    def _told_of(self, part: Opaque) -> str:
        """What a neighbour has by that name; empty where there is none."""
        one = self._aliases.get(part.origin) or (self._find(part.resource) if part.resource else None)
        if one is None:
            return ""
        # Only where there are any.
        from s3audit.policy.neighbours import attribute, called

        self.shown.update(called(self, one, part))
        return attribute(self, one, part)

    def _of_bucket(self, item: Setting[Text]) -> Setting[Text]:
        """A resource, taken for unknown where it may be about this bucket and may not."""
        if not isinstance(item, Known):
            return item
        written = _here(item.value, self.partition)
        if self._name.literal is None and touches_bucket(self._told(written), self._name) is Status.UNKNOWN:
            return Unknown(f"whether {written} is about this bucket is not known", item.at)
        return Known(written, item.at)

    def _told(self, written: Text) -> Text:
        """With the names of neighbours, which are none of the bucket's."""
        return text(
            *(self._told_of(part) or part if isinstance(part, Opaque) else part for part in written.parts)
        )

    def here(self, item: Setting[Text]) -> Setting[Text]:
        """A resource in this partition, whatever it is about."""
        return Known(_here(item.value, self.partition), item.at) if isinstance(item, Known) else item

    def _principal(self, item: Setting[Principal]) -> Setting[Principal]:
        if not isinstance(item, Known):
            return item
        name = _here(item.value.name, self.partition)
        return Known(msgspec.structs.replace(item.value, name=name), item.at)


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


def _mended(
    policy: Policy,
    resource: Callable[[Setting[Text]], Setting[Text]],
    principal: Callable[[Setting[Principal]], Setting[Principal]],
) -> Policy:
    """The policy with each resource and each principal put right."""

    def mended(item: Setting[Statement]) -> Setting[Statement]:
        if not isinstance(item, Known):
            return item
        one = item.value
        return Known(
            msgspec.structs.replace(
                one,
                resources=_each(one.resources, resource),
                not_resources=_each(one.not_resources, resource),
                principals=_each(one.principals, principal),
                not_principals=_each(one.not_principals, principal),
            ),
            item.at,
        )

    match policy.statements:
        case Known(items, at):
            return msgspec.structs.replace(policy, statements=Known(tuple(map(mended, items)), at))
        case _:
            return policy


def _each(listed: Listed[T], mend: Callable[[Setting[T]], Setting[T]]) -> Listed[T]:
    return Known(tuple(map(mend, listed.value)), listed.at) if isinstance(listed, Known) else listed


def _here(arn: Text, partition: str) -> Text:
    """An ARN in this partition, where it leaves open in which."""
    match arn.parts:
        case ("arn:", Opaque(), str() as rest, *more) if rest.startswith(":"):
            return text(f"arn:{partition}{rest}", *more)
        case _:
            return arn
