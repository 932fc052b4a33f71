"""What a live scan is asked to look at."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

import msgspec

from s3audit.collectors.live.access import Access, Role
from s3audit.collectors.live.buckets import ListedBucket
from s3audit.collectors.live.transport import ATTEMPTS, PATIENCE, Patience

_PATTERN = frozenset("*?[")
BY_NAME = "it was left out by its name"
BY_REGION = "it was left out by its Region"
BY_TAGS = "it was left out by its tags"
NOT_NEEDED = "no check that was selected needs it"
STOPPED = "the scan was interrupted before"
BROKE = "s3audit broke on it"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Plain data, so that it can be sent to where a unit is worked off."""

    profile: str = ""
    endpoint_url: str = ""
    roles: tuple[Role, ...] = ()
    """Each leads into an account that is looked at; for an organization, the one way to whoever may list it."""
    organization: bool = False
    role_name: str = ""
    """Of the role in each account of the organization."""
    external_id: str = ""
    """What that role asks for."""
    regions: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()
    """Patterns of names."""
    exclude: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    """Keys and patterns of values; a bucket has to have all of them."""
    needs: frozenset[str] = frozenset()
    """What the selected checks need, in the words of `s3audit/check.py`."""
    needs_buckets: bool = True
    thorough: bool = False
    optional: frozenset[str] = frozenset()
    workers: int = 32
    """How many calls are made at the same time, more or less."""
    units_at_once: int = 4
    attempts: int = ATTEMPTS
    """How often a call is tried."""
    patience: Patience = PATIENCE

    def access(self, *roles: Role) -> Access:
        """The way in by these roles."""
        asks_organization = self.organization or "organization" in self.needs
        return Access(
            profile=self.profile,
            region=self.regions[0] if self.regions else "",
            roles=roles,
            endpoint_url=self.endpoint_url,
            attempts=self.attempts,
            patience=self.patience,
            workers=max(1, self.workers // self.units_at_once),
            options=self.optional | ({"organization"} if asks_organization else set()),
        )

    @property
    def whole_names(self) -> tuple[str, ...]:
        """The buckets that are asked for by name and not by a pattern."""
        return tuple(one for one in self.buckets if _PATTERN.isdisjoint(one) and not _fits(one, self.exclude))

    def why_not(self, listed: ListedBucket) -> str:
        """Why a bucket is left out; empty where it is not."""
        if self.regions and listed.region and listed.region not in self.regions:
            return BY_REGION
        if self.buckets and not _fits(listed.name, self.buckets):
            return BY_NAME
        return BY_NAME if _fits(listed.name, self.exclude) else ""


def _fits(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
