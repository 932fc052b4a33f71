"""One bucket: what is asked about it, and what need not be."""

from collections.abc import Mapping

import msgspec

from s3audit.collectors.live.answers import Absent, Answer, Gone, Told
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.filler import resource
from s3audit.collectors.live.nodes import answered
from s3audit.collectors.live.operations import Operation, buckets
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.tables.buckets import BUCKET
from s3audit.location import Location
from s3audit.model.bucket import Bucket
from s3audit.setting import Known
from s3audit.text import Text


class ListedBucket(msgspec.Struct, frozen=True, order=True):
    """What a listing tells about a bucket."""

    name: str
    region: str = ""
    created: str = ""
    type: str = "general"
    """general or directory."""


def arn_of(listed: ListedBucket, place: Place) -> str:
    if listed.type == "directory":
        return f"arn:{place.partition}:s3express:{listed.region}:{place.account}:bucket/{listed.name}"
    return f"arn:{place.partition}:s3:::{listed.name}"


def collect_bucket(listed: ListedBucket, place: Place, asker: Asker) -> Bucket | None:
    """The bucket, or None where it is no more."""
    asked: dict[str, Answer] = {}
    answers: list[tuple[Operation, Answer]] = []
    parameters = {"Bucket": listed.name, "ExpectedBucketOwner": place.account}
    if not place.account:
        del parameters["ExpectedBucketOwner"]
    for operation in _asked_of(listed, place):
        answer = None if place.thorough else _derived(operation, asked)
        if answer is None:
            answer = asker.ask(operation, listed.name, parameters, listed.region)
        else:
            asker.note(operation, listed.name, answer)
        if isinstance(answer, Gone):
            return None
        asked[operation.name] = answer
        answers.append((operation, answer))
    return _made(listed, place, answers)


def _made(listed: ListedBucket, place: Place, answers: list[tuple[Operation, Answer]]) -> Bucket:
    listing = "s3:ListDirectoryBuckets" if listed.type == "directory" else "s3:ListBuckets"
    item = {"Name": listed.name, "BucketRegion": listed.region, "CreationDate": listed.created}
    told = answered({key: value for key, value in item.items() if value}, listing, answers)
    arn = arn_of(listed, place)
    at = Location(arn, arn, call=listing)
    made: Bucket = resource(
        BUCKET,
        told,
        arn,
        listing,
        title=listed.name,
        type=listed.type,
        arn=Known(Text((arn,)), at),
        account=Known(Text((place.account,)), at),
    )
    return made


def _asked_of(listed: ListedBucket, place: Place) -> list[Operation]:
    """The operations that there are for this type of bucket."""
    every = (*buckets.OF_BUCKETS, buckets.UPLOADS)
    return [
        one
        for one in every
        if (listed.type != "directory" or one.directory)
        and (not one.optional or one.optional in place.optional)
    ]


def _derived(operation: Operation, asked: Mapping[str, Answer]) -> Answer | None:
    """The answer, where it follows from those that there are."""
    match operation:
        case buckets.POLICY_STATUS if isinstance(asked.get(buckets.POLICY.name), Absent):
            return Absent(derived="there is no policy")
        case buckets.ACL if _ownership(asked) == "BucketOwnerEnforced":
            return Told({"Grants": []}, derived="ACLs are off")
        case buckets.OBJECT_LOCK | buckets.REPLICATION if _is_unversioned(asked):
            return Absent(derived="versioning is not on, and S3 demands it")
        case _:
            return None


def _ownership(asked: Mapping[str, Answer]) -> str:
    match asked.get(buckets.OWNERSHIP.name):
        case Told(document):
            rules = document.get("OwnershipControls", {}).get("Rules") or [{}]
            return str(rules[0].get("ObjectOwnership", ""))
        case _:
            return ""


def _is_unversioned(asked: Mapping[str, Answer]) -> bool:
    match asked.get(buckets.VERSIONING.name):
        case Told(document):
            return document.get("Status") != "Enabled"
        case _:
            return False
