"""What stands behind an access point: the buckets of one, the access point of an Object Lambda access point."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from s3audit.location import Location
from s3audit.model.access_point import AccessPoint, MultiRegionAccessPoint, ObjectLambdaAccessPoint
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.lookup import Named
from s3audit.model.names import arn_parts
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text, same
from s3audit.verdict import Status, Verdict, every, passed

Point = AccessPoint | MultiRegionAccessPoint

_OF = {"directory": "it is of a directory bucket", "outposts": "it is of a bucket on Outposts"}
_FOLDER = "accesspoint/"


class Target(NamedTuple):
    """A bucket as an access point names it."""

    name: Setting[Text]
    account: Setting[Text | None]
    """Where it is said."""
    at: Location


def targets(point: Point) -> list[Target]:
    """The buckets behind it; one of which nothing is known stands for those that are not told."""
    if isinstance(point, AccessPoint):
        return [Target(point.bucket, point.bucket_account, point.bucket.at)]
    match point.buckets:
        case Unknown() as gap:
            return [Target(gap, gap, gap.at)]
        case Known(items) | Unset(items):
            found = []
            for item in items:
                match item:
                    case Unknown() as gap:
                        found.append(Target(gap, gap, gap.at))
                    case Known(one) | Unset(one):
                        found.append(Target(one.bucket, one.bucket_account, one.bucket.at))
            return found


def bucket_of(target: Target, estate: Estate) -> Setting[Bucket | None]:
    """The bucket: known, known not to exist (None), or declared elsewhere."""
    match target.name:
        case Unknown() as gap:
            return gap
        case Known(name, at) | Unset(name, at):
            return estate.bucket_named(name, at)


def buckets_of(point: Point, estate: Estate) -> Iterator[Bucket]:
    """The buckets behind it; of one that is not seen, its name and its account and nothing else."""
    for target in targets(point):
        match bucket_of(target, estate):
            case Known(Bucket() as bucket) | Unset(Bucket() as bucket):
                yield bucket
            case _:
                yield _stand_in(target, point)


def _stand_in(target: Target, point: Point) -> Bucket:
    match target.account:
        case Known(Text() as account, at) | Unset(Text() as account, at):
            owner: Setting[Text] = Known(account, at)
        case Unknown() as gap:
            owner = gap
        case _:
            owner = point.account
    name = target.name
    title = "" if isinstance(name, Unknown) else str(name.value if isinstance(name, Known) else name.default)
    return Bucket(
        address=title,
        at=target.at,
        origin=point.origin,
        title=title,
        name=name,
        account=owner,
        region=point.region,
    )


def is_always_blocked(point: AccessPoint) -> Verdict:
    """Whether AWS blocks all public access to it, whatever is written: it is not of a general purpose bucket."""
    if point.type in _OF:
        return passed(point.at, _OF[point.type])
    return is_of_volume(point)


def is_of_volume(point: AccessPoint) -> Verdict:
    """Whether there is an FSx volume behind it and no bucket."""
    return point.data_source_type.satisfies(
        lambda kind: kind is not None and kind.startswith("FSX"), "it is of an FSx volume"
    )


# Object Lambda


class PointName(NamedTuple):
    """What the ARN of an access point says."""

    region: Text
    account: Text
    name: Text


def point_in_arn(arn: Text) -> PointName | None:
    """Of an access point that leads to one bucket; None where it is no such ARN, or can't be read."""
    parts = arn_parts(arn)
    if parts is None or parts[1].literal != "s3" or parts[2].literal == "":
        return None
    name = parts[4].without_prefix(_FOLDER)
    return None if name is None or not name.parts else PointName(parts[2], parts[3], name)


def supporting(point: ObjectLambdaAccessPoint, estate: Estate) -> Setting[AccessPoint | None]:
    """The access point that it reads through: known, known not to exist (None), or not to be seen."""
    match point.supporting_access_point:
        case Unknown() as gap:
            return gap
        case Known(arn, at) | Unset(arn, at):
            own = estate.named_by(arn, AccessPoint)
            if own is not None:
                return Known(own, at)
            meant = point_in_arn(arn)
            if meant is None:
                return Unknown(f"which access point {arn} is is not known", at)
            return _of_name(meant, arn, point, estate, at)


def _of_name(
    meant: PointName, arn: Text, by: ObjectLambdaAccessPoint, estate: Estate, at: Location
) -> Setting[AccessPoint | None]:
    own = estate.named_by(meant.name, AccessPoint)
    addresses = estate.once(_by_name).meant_by(meant.name) if own is None else [own.address]
    for address in addresses:
        found = estate.at(address, AccessPoint)
        is_it = Verdict(Status.FAIL) if found is None else _is(found, meant, is_named=own is not None)
        if found is not None and is_it.status is Status.PASS:
            match found.exists:
                case Known(True) | Unset(True):
                    return Known(found, at)
                case Known() | Unset():
                    return Known(None, at)
                case Unknown(why):
                    return Unknown(f"whether {found.title} is there is not known: {why}", at)
        if found is not None and is_it.status is Status.UNKNOWN:
            return Unknown(f"whether {arn} is {found.title or found.address} is not known", at)
    if by.origin == "live" and _same(by.account, meant.account) is Status.PASS:
        gap = estate.unlisted(AccessPoint, meant.account.literal or "", meant.region.literal or "")
        return Known(None, at) if gap is None else Unknown(f"whether {arn} is there: {gap.why}", at)
    return Unknown(f"the access point {arn} is declared elsewhere", at)


def _by_name(estate: Estate) -> Named[str]:
    return Named(
        (one.address, (one.name.value if isinstance(one.name, Known) else None,))
        for one in estate.all(AccessPoint)
    )


def _is(point: AccessPoint, meant: PointName, *, is_named: bool) -> Verdict:
    """Whether an access point is the one of an ARN; by a reference to it all else is its own, too."""
    if is_named:
        return Verdict(Status.PASS)
    return every(
        Verdict(_same(setting, said))
        for setting, said in (
            (point.name, meant.name),
            (point.account, meant.account),
            (point.region, meant.region),
        )
    )


def _same(setting: Setting[Text], said: Text) -> Status:
    return Status.UNKNOWN if isinstance(setting, Unknown) else same(_told(setting), said)


def _told(setting: Known[Text] | Unset[Text]) -> Text:
    return setting.value if isinstance(setting, Known) else setting.default
