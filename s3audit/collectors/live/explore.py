"""Gets into an account and finds out what there is to read."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

import msgspec

from s3audit.collectors.live.access import Access, AccessError, Role, enter, transport_of
from s3audit.collectors.live.answers import Told, Unseen
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.buckets import ListedBucket
from s3audit.collectors.live.listing import list_buckets, list_regions
from s3audit.collectors.live.operations.entry import ACCOUNTS
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.unit import Missed, missed_of
from s3audit.collectors.live.wanted import Wanted
from s3audit.model.estate import Listing, Unlisted

_ACTIVE = ("", "ACTIVE")
_LEFT_OUT = "the other Regions were left out"


class Door(msgspec.Struct, frozen=True):
    """A way into an account."""

    access: Access
    account: str = ""
    """Its id, where that is known before."""
    name: str = ""


class Doors(msgspec.Struct, frozen=True):
    """The ways into all accounts, and what is known of those that have none."""

    open: tuple[Door, ...]
    closed: tuple[tuple[str, str], ...] = ()
    """Accounts that are not active, with their state."""
    refused: str = ""
    """Why the accounts of the organization are not known."""


class Explored(msgspec.Struct, frozen=True, kw_only=True):
    """What there is in an account, or why nobody gets in."""

    access: Access
    place: Place
    name: str = ""
    regions: tuple[str, ...] = ()
    """Those that are enabled, as far as they are asked for."""
    open_regions: str = ""
    """Why there may be more Regions than these; empty where these are all of them."""
    guessed_regions: bool = False
    """Nobody tells which are enabled, so these are those of its buckets."""
    not_enabled: tuple[str, ...] = ()
    """Regions that are asked for and that the account does not have."""
    filters: tuple[str, ...] = ()
    """The options that leave buckets out."""
    unfit: tuple[str, ...] = ()
    """What --bucket names and no bucket of the account fits."""
    buckets: tuple[ListedBucket, ...] = ()
    listings: tuple[Listing, ...] = ()
    unlisted: tuple[Unlisted, ...] = ()
    gone: tuple[str, ...] = ()
    """Names of buckets that are asked for, were listed, and are no more."""
    missed: tuple[Missed, ...] = ()
    tally: tuple[tuple[str, int], ...] = ()
    nameless: str = ""
    """Why it is not known which account it is."""
    refused: str = ""
    everywhere: bool = False
    """The reason is none of this account: it keeps us out of every other one too."""


def doors(wanted: Wanted) -> Doors:
    """The accounts that are asked for."""
    if not wanted.organization:
        roles = tuple(Door(wanted.access(role), role.account) for role in wanted.roles)
        return Doors(roles or (Door(wanted.access()),))
    base = wanted.access(*wanted.roles[:1])
    identity = enter(base)
    own = Door(base, identity.account)
    asker = Asker(transport_of(base))
    match asker.ask(ACCOUNTS, identity.account, {}):
        case Told(document):
            return _of_organization(document.get("Accounts") or (), own, identity.partition, wanted)
        case Unseen(why=why):
            return Doors((own,), refused=why)
        case _:
            return Doors((own,), refused="the store has none")


def _of_organization(listed: Sequence[Mapping[str, str]], own: Door, partition: str, wanted: Wanted) -> Doors:
    found: list[Door] = []
    closed: list[tuple[str, str]] = []
    for account in sorted(listed, key=lambda one: str(one.get("Id"))):
        number, name = str(account.get("Id", "")), str(account.get("Name", ""))
        state = str(account.get("State") or account.get("Status") or "")
        role = Role(f"arn:{partition}:iam::{number}:role/{wanted.role_name}", wanted.external_id)
        if state not in _ACTIVE:
            closed.append((number, state.lower().replace("_", " ")))
        elif number == own.account:
            found.append(msgspec.structs.replace(own, name=name))
        else:
            found.append(Door(wanted.access(*wanted.roles[:1], role), number, name))
    return Doors(tuple(found) or (own,), tuple(closed))


def explore(door: Door, wanted: Wanted) -> Explored:
    """What there is behind a door."""
    try:
        identity = enter(door.access)
    except AccessError as error:
        place = Place(door.account)
        return Explored(
            access=door.access, place=place, name=door.name, refused=str(error), everywhere=error.everywhere
        )
    place = Place(identity.account or door.account, identity.partition, wanted.thorough, wanted.optional)
    asker = Asker(transport_of(door.access))
    regions = _regions(asker, place, door, wanted)
    listed = list_buckets(asker, place, regions.known, wanted.whole_names)
    names = {*listed.gone, *(one.name for one in listed.buckets)}
    return Explored(
        access=door.access,
        place=place,
        name=door.name,
        nameless=identity.unknown,
        regions=listed.regions,
        open_regions=regions.why_more,
        guessed_regions=isinstance(regions.known, Unseen),
        not_enabled=regions.not_enabled,
        filters=_filters(wanted),
        unfit=tuple(one for one in wanted.buckets if not any(fnmatchcase(name, one) for name in names)),
        buckets=listed.buckets,
        listings=listed.listings,
        unlisted=listed.unlisted,
        gone=tuple(name for name in listed.gone if not wanted.why_not(ListedBucket(name))),
        missed=missed_of(asker),
        tally=tuple(sorted(asker.tally.items())),
    )


class _Regions(msgspec.Struct, frozen=True):
    known: tuple[str, ...] | Unseen
    why_more: str = ""
    not_enabled: tuple[str, ...] = ()


def _regions(asker: Asker, place: Place, door: Door, wanted: Wanted) -> _Regions:
    """The Regions that the account has enabled, of those that are asked for; and why there may be more."""
    if wanted.endpoint_url or not place.account:
        return _Regions(())
    if not wanted.regions:
        found = list_regions(asker, place)
        return _Regions(found, found.why if isinstance(found, Unseen) else "")
    # Only to find what is mistyped, so it is no loss if nobody tells it.
    enabled = list_regions(Asker(transport_of(door.access)), place)
    if isinstance(enabled, Unseen) or not enabled:  # no account is without any
        enabled = wanted.regions
    missing = tuple(one for one in wanted.regions if one not in enabled)
    return _Regions(tuple(one for one in wanted.regions if one not in missing), _LEFT_OUT, missing)


def _filters(wanted: Wanted) -> tuple[str, ...]:
    given = (
        ("--region", wanted.regions),
        ("--bucket", wanted.buckets),
        ("--exclude", wanted.exclude),
        ("--tag", wanted.tags),
    )
    return tuple(option for option, values in given if values)
