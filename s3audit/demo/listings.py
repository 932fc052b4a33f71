"""Buckets as a whole: made, deleted, listed, looked for."""

from typing import Any

from s3audit.demo import acls
from s3audit.demo.answers import Document, Refused
from s3audit.demo.buckets import elsewhere, found
from s3audit.demo.call import Call, Handler
from s3audit.demo.world import Bucket, World

_DIRECTORY = "--x-s3"
_MOST = 10_000
_MOST_DIRECTORIES = 1_000
_NARROWING = ("MaxBuckets", "ContinuationToken", "Prefix", "BucketRegion")


def listed(world: World, account: str, *, is_directory: bool) -> list[Bucket]:
    """The buckets of an account, by name."""
    return sorted(
        (
            one
            for one in world.buckets.values()
            if one.account == account and one.is_directory == is_directory
        ),
        key=lambda one: one.name,
    )


def _list(call: Call) -> Document:
    asked = call.parameters
    buckets = listed(call.world, call.who.account, is_directory=False)
    prefix, region = asked.get("Prefix", ""), asked.get("BucketRegion", "")
    shown = [one for one in buckets if one.name.startswith(prefix) and region in ("", one.region)]
    # Regions are only told to those who page or narrow.
    regions = any(name in asked for name in _NARROWING)
    page, token = _page(shown, asked.get("ContinuationToken", ""), asked.get("MaxBuckets") or _MOST)
    made: dict[str, Any] = {
        "Owner": {"ID": call.account.canonical_id},
        "Buckets": [
            {"Name": one.name, "CreationDate": one.created}
            | ({"BucketRegion": one.region} if regions else {})
            for one in page
        ],
    }
    if prefix:
        made["Prefix"] = prefix
    if token:
        made["ContinuationToken"] = token
    return made


def _list_directories(call: Call) -> Document:
    asked = call.parameters
    here = [
        one for one in listed(call.world, call.who.account, is_directory=True) if one.region == call.region
    ]
    size = asked.get("MaxDirectoryBuckets") or _MOST_DIRECTORIES
    page, token = _page(here, asked.get("ContinuationToken", ""), size)
    buckets = [
        {
            "Name": one.name,
            "CreationDate": one.created,
            "BucketRegion": one.region,
            "BucketArn": f"arn:aws:s3express:{one.region}:{one.account}:bucket/{one.name}",
        }
        for one in page
    ]
    return {"Buckets": buckets} | ({"ContinuationToken": token} if token else {})


def _page(buckets: list[Bucket], token: str, size: int) -> tuple[list[Bucket], str]:
    """What follows the token, and the token of what follows that."""
    left = [one for one in buckets if one.name > token] if token else buckets
    page = left[:size]
    return page, page[-1].name if len(left) > size else ""


def _create(call: Call) -> Document:
    asked = call.parameters
    name = asked["Bucket"]
    taken = call.world.buckets.get(name)
    if taken is not None:
        own = taken.account == call.who.account
        code = "BucketAlreadyOwnedByYou" if own else "BucketAlreadyExists"
        raise Refused(code, "The requested bucket name is not available", 409)
    told = asked.get("CreateBucketConfiguration") or {}
    region = told.get("LocationConstraint") or call.region
    bucket = call.world.bucket(
        name,
        "eu-west-1" if region == "EU" else region,
        call.who.account,
        is_directory=name.endswith(_DIRECTORY),
    )
    if asked.get("ObjectOwnership"):
        rules = {"Rules": [{"ObjectOwnership": asked["ObjectOwnership"]}]}
        bucket.documents["GetBucketOwnershipControls"] = {"OwnershipControls": rules}
    acl = acls.asked_for(asked, call.account.canonical_id)
    if acl is not None:
        bucket.documents["GetBucketAcl"] = acl
    if asked.get("ObjectLockEnabledForBucket"):
        bucket.documents["GetBucketVersioning"] = {"Status": "Enabled"}
        lock = {"ObjectLockEnabled": "Enabled"}
        bucket.documents["GetObjectLockConfiguration"] = {"ObjectLockConfiguration": lock}
    if told.get("Tags"):
        bucket.documents["GetBucketTagging"] = {"TagSet": told["Tags"]}
    return {"Location": f"/{name}"}


def _delete(call: Call) -> Document:
    del call.world.buckets[found(call).name]
    return {}


def _head(call: Call) -> Document:
    bucket = call.world.buckets.get(call.parameters["Bucket"])
    if bucket is not None and bucket.region != call.region:
        raise elsewhere(bucket)
    try:
        region = found(call).region
    except Refused as refused:
        # Also of those that are not one's own, it says where they are.
        refused.headers = {"x-amz-bucket-region": bucket.region} if bucket is not None else {}
        raise
    return {"BucketRegion": region, "AccessPointAlias": False}


def _session(call: Call) -> Document:
    bucket = found(call)
    who = call.world.assumed(call.who.arn, bucket.account)
    return {
        "Credentials": {
            "AccessKeyId": who,
            "SecretAccessKey": "demo",
            "SessionToken": call.world.keys[who].token,
            "Expiration": "2099-01-01T00:00:00Z",
        }
    }


def _objects(call: Call) -> Document:
    return {"Name": found(call).name, "KeyCount": 0, "MaxKeys": 1000, "IsTruncated": False}


def handlers() -> dict[str, Handler]:
    """By operation."""
    return {
        "CreateBucket": _create,
        "CreateSession": _session,
        "DeleteBucket": _delete,
        "HeadBucket": _head,
        "ListBuckets": _list,
        "ListDirectoryBuckets": _list_directories,
        "ListObjectsV2": _objects,
    }
