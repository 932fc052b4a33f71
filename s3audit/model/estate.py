"""All that one scan knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar, cast

import msgspec

from s3audit.location import NOWHERE, Location
from s3audit.model.base import Resource, kind_of
from s3audit.model.bucket import Bucket
from s3audit.model.expectation import Expectation
from s3audit.model.lookup import Named
from s3audit.model.names import bucket_in_arn
from s3audit.problem import Problem
from s3audit.recent import Recent
from s3audit.setting import Known, Setting, Unknown
from s3audit.text import Text
from s3audit.verdict import Verdict

R = TypeVar("R", bound=Resource)
T = TypeVar("T")
K = TypeVar("K")


class Listing(msgspec.Struct, frozen=True, order=True):
    """A kind of resource that was listed completely in an account and region: what is not there does not exist."""

    kind: str
    account: str
    region: str


class Unlisted(msgspec.Struct, frozen=True, order=True):
    """A kind of resource that could not be listed in an account and region: what there is of it is not known."""

    kind: str
    account: str
    region: str
    why: str


class Unread(msgspec.Struct, frozen=True, order=True):
    """A bucket that is there, and of which no more than this is known."""

    name: str
    account: str
    region: str
    why: str
    type: str = "general"


class Group(msgspec.Struct, frozen=True):
    """The resources of one kind that a source declares, made when they are first asked for."""

    size: int
    make: Callable[[], Sequence[Resource]]
    at: Callable[[str], Resource | None] | None = None
    """The one of an address, where what is made does not stay as it is."""


_BUCKETS = "general purpose buckets"
_NOT_ASKED = "nobody asked the account for them"
MOST_COMPARED = 1_000
"""Names that a partly known one is compared with; CloudFormation takes 500 resources."""


def is_there(resource: Resource) -> Verdict:
    """Whether a resource exists; open where a condition that can't be decided governs it."""
    return resource.exists.is_in(True, what=f"whether {resource.title or resource.address} is there")


class Estate:
    """Every resource the input tells of, what it does not tell, and the ways from one resource to another."""

    def __init__(
        self,
        resources: Iterable[Resource] = (),
        *,
        groups: Mapping[str, Group] | None = None,
        kinds: Iterable[str] = (),
        listings: Iterable[Listing] = (),
        not_listed: Iterable[Unlisted] = (),
        not_read: Iterable[Unread] = (),
        problems: Callable[[], Iterable[Problem]] = tuple,
        sources: Mapping[str, int] | None = None,
        gaps: Mapping[str, Unknown] | None = None,
    ) -> None:
        self.kinds = frozenset(kinds)
        """The kinds that the source can tell of at all; of any other kind nothing is known."""
        self.listings = tuple(listings)
        self.not_listed = tuple(not_listed)
        self.not_read = {one.name: one for one in not_read}
        self.sources = sources or {}
        """How many resources each file declares, where they come from several."""
        self.gaps = {} if gaps is None else gaps
        """By address: why there may be more that refers to a bucket than is seen. Complete once buckets are made."""
        self.expectations: tuple[Expectation, ...] = ()
        """What the owner says about what is here, from the configuration of whoever judges it."""
        self._problems = problems
        self._groups = dict(groups or {})
        self._made: dict[str, Sequence[Resource]] = {}
        self._indices: dict[str, dict[str, Resource]] = {}
        self._unlisted: dict[tuple[str, str, str], Unknown | None] = {}
        self._worked_out: dict[object, object] = {}
        self._recent: dict[object, Recent[object]] = {}
        given: dict[str, list[Resource]] = {}
        for resource in resources:
            given.setdefault(kind_of(type(resource)), []).append(resource)
        for kind, made in given.items():
            self._made[kind] = tuple(made)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be read of all that was asked for so far."""
        return tuple(self._problems())

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Every resource of every kind."""
        kinds = sorted({*self._made, *self._groups})
        return tuple(resource for kind in kinds for resource in self._of(kind))

    def __len__(self) -> int:
        """How many resources there are, also of those that nobody has asked for."""
        unmade = (group.size for kind, group in self._groups.items() if kind not in self._made)
        return sum(map(len, self._made.values())) + sum(unmade)

    def _of(self, kind: str) -> Sequence[Resource]:
        if kind not in self._made:
            group = self._groups.get(kind)
            made = () if group is None else group.make()
            self._made[kind] = tuple(made) if group is None or group.at is None else made
        return self._made[kind]

    def all(self, kind: type[R]) -> Sequence[R]:
        """Every resource of a kind, in the order of the input.

        Those of a large account are made anew for whoever looks: what keeps an index keeps what it needs of them.
        """
        return cast("Sequence[R]", self._of(kind_of(kind)))

    def of_kind(self, kind: str) -> Sequence[Resource]:
        """The same by the tag of a kind, of which the class may not even be loaded."""
        return self._of(kind)

    def at(self, address: str, kind: type[R]) -> R | None:
        """The resource of this address, if it is of this kind."""
        tag = kind_of(kind)
        if tag not in self._indices:
            made, group = self._of(tag), self._groups.get(tag)
            if group is not None and group.at is not None:
                return cast("R | None", group.at(address))
            self._indices[tag] = {resource.address: resource for resource in made}
        return cast("R | None", self._indices[tag].get(address))

    def once(self, make: Callable[[Estate], T]) -> T:
        """What a function makes of this estate, worked out when it is first asked for: an index, for one."""
        if make not in self._worked_out:
            self._worked_out[make] = make(self)
        return cast("T", self._worked_out[make])

    def recent(self, one: K, make: Callable[[K, Estate], T]) -> T:
        """What a function makes of one thing, kept while it and a few others are looked at."""
        kept = self._recent.setdefault(make, Recent())
        return cast("T", kept.of(one, lambda: make(one, self)))

    @cached_property
    def _buckets_by_name(self) -> dict[Text, list[str]]:
        """The addresses of those that have a name."""
        found: dict[Text, list[str]] = {}
        for bucket in self.all(Bucket):
            if isinstance(bucket.name, Known):
                found.setdefault(bucket.name.value, []).append(bucket.address)
        return found

    @cached_property
    def _buckets_that_may_be(self) -> Named[str]:
        """The titles of all of them by their names."""
        return Named(
            (bucket.title, (bucket.name.value if isinstance(bucket.name, Known) else None,))
            for bucket in self.all(Bucket)
        )

    def named_by(self, name: Text, kind: type[R]) -> R | None:
        """The resource that a text stands for because it is that resource's own attribute (`${Key.Arn}`)."""
        match name.parts:
            case (part,) if not isinstance(part, str) and part.resource:
                return self.at(part.resource, kind)
            case _:
                return None

    def bucket_named(self, name: Text, at: Location = NOWHERE) -> Setting[Bucket | None]:
        """The bucket of this name: known, known not to exist (None), or declared elsewhere."""
        if (own := self.named_by(name, Bucket)) is not None:
            return Known(own, at)
        exact = self._buckets_by_name.get(name, [])
        if len(exact) == 1 and (bucket := self.at(exact[0], Bucket)) is not None:
            # Only a reference makes sure of it: without the bucket the deployment would fail.
            match bucket.exists:
                case Unknown(why):
                    return Unknown(f"whether {name} is there is not known: {why}", at)
                case Known(False):
                    return Known(None, at)
                case _:
                    return Known(bucket, at)
        if exact:
            return Unknown(f"{len(exact)} buckets of this input are named {name}", at)
        if not self._is_seen or name.literal is None:  # what was seen has its true name
            if len(self.all(Bucket)) > MOST_COMPARED:
                return Unknown(f"there are more than {MOST_COMPARED:,} buckets that {name} might be", at)
            if (other := self._buckets_that_may_be.first_meant_by(name)) is not None:
                return Unknown(f"whether the name '{name}' is that of {other} is not known", at)
        if (unread := self.not_read.get(name.literal or "")) is not None:
            return Unknown(f"the bucket {name} is there and was not read: {unread.why}", at)
        if self._lists_all_buckets(name):
            return Known(None, at)
        if self._is_seen:
            return Unknown(f"the bucket {name} is not among those that were read", at)
        return Unknown(f"the bucket {name} is declared elsewhere", at)

    def unlisted(self, kind: type[Resource], account: str, region: str = "") -> Unknown | None:
        """Why there may be more of a kind in an account and Region than is seen; None where that is all there is.

        Without a Region: in any that is in use. What a template or a module does not declare counts as not there.
        """
        if not self._is_seen:
            return None
        tag = kind_of(kind)
        key = (tag, account, region)
        if key not in self._unlisted:
            self._unlisted[key] = self._why_unlisted(*key)
        return self._unlisted[key]

    def _why_unlisted(self, kind: str, account: str, region: str) -> Unknown | None:
        def is_here(one: Listing | Unlisted) -> bool:
            near = not region or not one.region or one.region == region
            return near and one.kind == kind and one.account == account

        for gap in self.not_listed:
            if is_here(gap):
                return Unknown(gap.why, NOWHERE)
        if any(is_here(listing) for listing in self.listings):
            return None
        return Unknown(_NOT_ASKED, NOWHERE)

    def unread_buckets(self, account: str, region: str) -> Unknown | None:
        """Why not all general purpose buckets of an account and Region are known; None where they are."""
        if not self._is_seen:
            return None
        key = (_BUCKETS, account, region)
        if key not in self._unlisted:
            self._unlisted[key] = self._why_unread(account, region)
        return self._unlisted[key]

    def _why_unread(self, account: str, region: str) -> Unknown | None:
        whole = (kind_of(Bucket), account, "")
        for gap in self.not_listed:
            if (gap.kind, gap.account, gap.region) == whole:
                return Unknown(gap.why, NOWHERE)
        for one in self.not_read.values():
            if one.account == account and one.region in ("", region) and one.type == "general":
                return Unknown(f"the bucket {one.name} was not read: {one.why}", NOWHERE)
        if any((one.kind, one.account, one.region) == whole for one in self.listings):
            return None
        return Unknown(_NOT_ASKED, NOWHERE)

    @property
    def _is_seen(self) -> bool:
        """Whether it was looked for what is there, and not read what is declared."""
        return bool(self.listings or self.not_listed)

    def bucket_of_arn(self, arn: Text, at: Location = NOWHERE) -> Setting[Bucket | None]:
        """The bucket of an ARN, its own or that of its objects."""
        name = bucket_in_arn(arn)
        if name is None:
            return Unknown(f"{arn} is no bucket ARN that can be read", at)
        return self.bucket_named(name, at)

    def _lists_all_buckets(self, name: Text) -> bool:
        """Whether a bucket of this name would have been seen: bucket names say neither account nor region."""
        return name.literal is not None and any(
            listing.kind == "bucket" and not listing.account and not listing.region
            for listing in self.listings
        )
