"""One bucket: what is asked about it, and what need not be."""

from collections.abc import Mapping

import msgspec

from s3audit.collectors.live.answers import Absent, Answer, Gone, Told, Unseen
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.filler import resource
from s3audit.collectors.live.nodes import answered
from s3audit.collectors.live.operations import Operation, buckets
from s3audit.collectors.live.operations.access_points import DIRECTORY_TAGS
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


_OF_EVERY_DIRECTORY: tuple[tuple[Operation, Answer], ...] = (
    (
        buckets.PUBLIC_ACCESS_BLOCK,
        Told(
            {
                "PublicAccessBlockConfiguration": dict.fromkeys(
                    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"),
                    True,
                )
            },
            derived="S3 has it on for every directory bucket",
        ),
    ),
    (
        buckets.OWNERSHIP,
        Told(
            {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
            derived="S3 has ACLs off for every directory bucket",
        ),
    ),
)
_NOT_ASKED = Unseen("failed", "nobody asked for it")


def arn_of(listed: ListedBucket, place: Place) -> str:
    if listed.type == "directory":
        return f"arn:{place.partition}:s3express:{listed.region}:{place.account}:bucket/{listed.name}"
    return f"arn:{place.partition}:s3:::{listed.name}"


def ask_bucket(operation: Operation, listed: ListedBucket, place: Place, asker: Asker) -> Answer:
    """One question about it, which a stranger's bucket of the same name would not answer."""
    # Of a directory bucket S3 takes no question with it, and answers none but those of the account that owns it.
    owner = {"ExpectedBucketOwner": place.account} if place.account and listed.type == "general" else {}
    return asker.ask(operation, listed.name, {"Bucket": listed.name, **owner}, listed.region)


def collect_bucket(
    listed: ListedBucket, place: Place, asker: Asker, known: Mapping[str, Answer] | None = None
) -> Bucket | None:
    """The bucket, or None where it is no more; what is known already is not asked again."""
    asked: dict[str, Answer] = {}
    answers: list[tuple[Operation, Answer]] = []
    for operation in _asked_of(listed, place):
        answer = None if place.thorough else _derived(operation, asked)
        if known and operation.name in known:
            answer = known[operation.name]
        elif answer is None:
            answer = ask_bucket(operation, listed, place, asker)
        else:
            asker.note(operation, listed.name, answer)
        if isinstance(answer, Gone):
            return None
        asked[operation.name] = answer
        answers.append((operation, answer))
    if listed.type == "directory":
        for operation, answer in _OF_EVERY_DIRECTORY:
            asker.note(operation, listed.name, answer)
            answers.append((operation, answer))
        arn = arn_of(listed, place)
        of_directory = {"AccountId": place.account, "ResourceArn": arn}
        answers.append((DIRECTORY_TAGS, asker.ask(DIRECTORY_TAGS, listed.name, of_directory, listed.region)))
    if buckets.UPLOADS.name not in asked:
        answers.append((buckets.UPLOADS, _NOT_ASKED))
    return _made(listed, place, answers)


def _made(listed: ListedBucket, place: Place, answers: list[tuple[Operation, Answer]]) -> Bucket:
    listing = "s3:ListDirectoryBuckets" if listed.type == "directory" else "s3:ListBuckets"
    item = {"Name": listed.name, "BucketRegion": listed.region, "CreationDate": listed.created}
    if listed.type == "directory":
        item["LocationName"] = listed.name.removesuffix("--x-s3").rpartition("--")[2]
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
        **({"namespace": Known(_namespace(listed, place), at)} if listed.type == "general" else {}),
    )
    return made


def _namespace(listed: ListedBucket, place: Place) -> str:
    """No call tells it; S3 keeps this end for names of the account's own namespace."""
    own = f"-{place.account}-{listed.region}-an"
    return "account-regional" if listed.region and listed.name.endswith(own) else "global"


def _asked_of(listed: ListedBucket, place: Place) -> list[Operation]:
    """The operations that there are for this type of bucket."""
    every = (*buckets.OF_BUCKETS, buckets.UPLOADS)
    wanted = [one for one in every if not one.optional or one.optional in place.optional]
    if listed.type == "directory":
        return [msgspec.structs.replace(one, action=one.directory) for one in wanted if one.directory]
    return wanted


def _derived(operation: Operation, asked: Mapping[str, Answer]) -> Answer | None:
    """The answer, where it follows from those that there are."""
    match operation:
        case buckets.POLICY_STATUS if isinstance(asked.get(buckets.POLICY.name), Absent):
            return Absent(derived="there is no policy")
        case buckets.ACL if _ownership(asked) == "BucketOwnerEnforced":
            return Told({"Grants": []}, derived="ACLs are off")
        case buckets.METADATA_V1 if isinstance(asked.get(buckets.METADATA.name), Absent):
            return Absent(derived="there is no S3 Metadata in either form")
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
