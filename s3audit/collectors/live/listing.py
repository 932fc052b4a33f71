"""Where a scan begins: the Regions of an account and the buckets in them."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec

from s3audit.collectors.live.answers import Answer, Gone, Told, Unseen
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.buckets import ListedBucket
from s3audit.collectors.live.operations import Operation
from s3audit.collectors.live.operations.account import (
    EC2_REGIONS,
    HEAD_BUCKET,
    LIST_BUCKETS,
    LIST_DIRECTORY_BUCKETS,
    REGIONS,
)
from s3audit.collectors.live.place import Place
from s3audit.model.base import kind_of
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Listing, Unlisted

_BUCKET = kind_of(Bucket)
_AT_ONCE = 8
_ENABLED = ["ENABLED", "ENABLED_BY_DEFAULT"]


class Buckets(msgspec.Struct, frozen=True):
    """The buckets of an account, and whether these are all of them."""

    buckets: tuple[ListedBucket, ...] = ()
    """Each Region's together, by name."""
    listings: tuple[Listing, ...] = ()
    """Without a Region it stands for the general purpose buckets, with one for its directory buckets."""
    unlisted: tuple[Unlisted, ...] = ()
    regions: tuple[str, ...] = ()
    """Where directory buckets were looked for."""
    gone: tuple[str, ...] = ()
    """Names of those that were listed and are no more."""


def list_buckets(
    asker: Asker, place: Place, regions: Iterable[str] | Unseen | None = None, names: Iterable[str] = ()
) -> Buckets:
    """Every general purpose bucket of the account, and every directory bucket in these Regions.

    Where none are given, they are those that the account has enabled, or those of its buckets if that is not told.
    Where nobody lists the buckets, those of these names are looked for.
    """
    found: list[ListedBucket] = []
    gone: list[str] = []
    listings: list[Listing] = []
    unlisted: list[Unlisted] = []

    def closed(answer: Answer, region: str) -> None:
        if isinstance(answer, Unseen):
            unlisted.append(Unlisted(_BUCKET, place.account, region, answer.why))
        else:
            listings.append(Listing(_BUCKET, place.account, region))

    answer = asker.ask(LIST_BUCKETS, place.account, {})
    closed(answer, "")
    if isinstance(answer, Told):
        found += _general(_named(answer, "Buckets", "Name"), asker, place, gone)
    elif isinstance(answer, Unseen):
        found += _by_name(names, asker, place)
    regions = _regions(regions, asker, place, found)

    def directory(region: str) -> tuple[str, Answer]:
        return region, asker.ask(LIST_DIRECTORY_BUCKETS, f"{place.account}/{region}", {}, region)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(directory, regions))
    for region, answer in answers:
        closed(answer, region)
        if isinstance(answer, Told):
            found += (
                ListedBucket(item["Name"], region, _written(item), "directory")
                for item in _named(answer, "Buckets", "Name")
            )
    found.sort(key=lambda bucket: (bucket.region, bucket.name))
    return Buckets(tuple(found), tuple(listings), tuple(unlisted), regions, tuple(sorted(gone)))


def _regions(
    asked: Iterable[str] | Unseen | None, asker: Asker, place: Place, found: Iterable[ListedBucket]
) -> tuple[str, ...]:
    """Where there may be directory buckets; a store that has no accounts has none."""
    if asked is None:
        asked = list_regions(asker, place) if place.account else ()
    if isinstance(asked, Unseen):
        return tuple(sorted({bucket.region for bucket in found if bucket.region}))
    return tuple(asked)


def _general(
    items: Iterable[Mapping[str, Any]], asker: Asker, place: Place, gone: list[str]
) -> Iterable[ListedBucket]:
    """S3 says where each of them is; a store that does not is asked about each, as long as it tells."""
    store_tells = True
    for item in items:
        name, region = item["Name"], item.get("BucketRegion", "")
        if not region and store_tells:
            match _head(name, asker, place):
                case Told(document):
                    region = document.get("BucketRegion", "")
                    store_tells = bool(region)
                case Gone():
                    gone.append(name)
                    continue
                case _:
                    pass
        yield ListedBucket(name, region, _written(item))


def _by_name(names: Iterable[str], asker: Asker, place: Place) -> Iterable[ListedBucket]:
    """Those of them that this account has."""
    for name in names:
        answer = _head(name, asker, place)
        if isinstance(answer, Told):
            yield ListedBucket(name, answer.document.get("BucketRegion", ""))


def _head(name: str, asker: Asker, place: Place) -> Answer:
    owner = {"ExpectedBucketOwner": place.account} if place.account else {}
    return asker.ask(HEAD_BUCKET, name, {"Bucket": name, **owner})


def _named(answer: Told, items: str, name: str) -> Iterable[Mapping[str, Any]]:
    """What a listing has, but for what has no name to ask for."""
    return [item for item in answer.document.get(items) or () if item.get(name)]


def _written(item: Mapping[str, Any]) -> str:
    """When a bucket was made, as the other times of a snapshot are written."""
    made = item.get("CreationDate")
    return made.isoformat().replace("+00:00", "Z") if made is not None else ""


def ask_regions(asker: Asker, place: Place) -> tuple[Operation, Answer]:
    """The Regions that the account has enabled, by the one of two calls that is allowed."""
    about = f"{place.account}/{place.home}".rstrip("/")
    answer = asker.ask(REGIONS, about, {"RegionOptStatusContains": _ENABLED}, place.home)
    if not isinstance(answer, Unseen):
        return REGIONS, answer
    instead = asker.ask(EC2_REGIONS, about, {}, place.home)
    # No account is without any.
    told = isinstance(instead, Told) and instead.document.get("Regions")
    return (EC2_REGIONS, instead) if told else (REGIONS, answer)


def list_regions(asker: Asker, place: Place) -> tuple[str, ...] | Unseen:
    """The same, by name."""
    _, answer = ask_regions(asker, place)
    match answer:
        case Told():
            return tuple(sorted(item["RegionName"] for item in _named(answer, "Regions", "RegionName")))
        case Unseen():
            return answer
        case _:
            return ()
