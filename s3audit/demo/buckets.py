"""The calls about a bucket: it keeps what it is given, and answers it."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from s3audit.demo import acls, policies
from s3audit.demo.answers import Document, Refused
from s3audit.demo.call import Call, Handler
from s3audit.demo.configurations import DIRECTORY, LISTED, SINGLE, Configuration, Listed
from s3audit.demo.world import Account, Bucket

_ON = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)
_PAGE = 100
_PARTITION = "aws"


def as_made(owner: Account, *, is_old: bool = False, is_directory: bool = False) -> dict[str, Any]:
    """What a bucket has from the start: now, or until April 2023."""
    rule: dict[str, Any] = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
        "BucketKeyEnabled": is_directory,
    }
    encryption = {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}
    if is_directory:
        return {"GetBucketEncryption": encryption}
    made = {"GetBucketEncryption": encryption, "GetBucketAcl": acls.private(owner.canonical_id)}
    if is_old:
        return made
    rule["BlockedEncryptionTypes"] = {"EncryptionType": ["SSE-C"]}
    enforced = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    return made | {
        "GetBucketOwnershipControls": {"OwnershipControls": enforced},
        "GetPublicAccessBlock": {"PublicAccessBlockConfiguration": dict(_ON)},
    }


def found(call: Call) -> Bucket:
    """The bucket that a call is about, if this caller may reach it here."""
    name = call.parameters["Bucket"]
    bucket = call.world.buckets.get(name)
    if bucket is None:
        raise Refused("NoSuchBucket", "The specified bucket does not exist", 404, fields={"BucketName": name})
    if bucket.region != call.region:
        raise elsewhere(bucket)
    owner = call.parameters.get("ExpectedBucketOwner", bucket.account)
    if bucket.account != call.who.account or bucket.account != owner:
        raise Refused("AccessDenied", "Access Denied", 403)
    return bucket


def elsewhere(bucket: Bucket) -> Refused:
    """What an endpoint says of a bucket of another region."""
    return Refused(
        "PermanentRedirect",
        "The bucket you are attempting to access must be addressed using the specified endpoint. "
        "Please send all future requests to this endpoint.",
        301,
        fields={
            "Region": bucket.region,
            "Endpoint": f"s3.{bucket.region}.amazonaws.com",
            "Bucket": bucket.name,
        },
        headers={"x-amz-bucket-region": bucket.region},
    )


def _known(call: Call, get: str) -> Bucket:
    """The bucket, if buckets of its type have this configuration."""
    bucket = found(call)
    if bucket.is_directory and get not in DIRECTORY:
        raise Refused(
            "NotImplemented", "A header you provided implies functionality that is not implemented", 501
        )
    return bucket


# Configurations of which there is one


def _get(get: str, one: Configuration, call: Call) -> Document:
    document: Document | None = _known(call, get).documents.get(get)
    if document is not None:
        return document
    if one.absent:
        raise Refused(one.absent, one.message, 404, fields={"BucketName": call.parameters["Bucket"]})
    return _answer(call, one, one.default) if one.default else {}


def _put(get: str, one: Configuration, call: Call) -> Document:
    bucket = _known(call, get)
    value: Any = call.parameters.get(one.member) or {}
    if one.member == "Policy":
        value = value if isinstance(value, str) else json.dumps(value)
        if policies.is_of_another_partition(value, _PARTITION):
            raise Refused("MalformedPolicy", "Policy has invalid resource", 400)
    model = call.operation.service_model.operation_model(get)
    made: dict[str, Any] = {one.member: value} if one.member in model.output_shape.members else dict(value)
    if one.header:
        # S3's own choice, where a rule does not say.
        made[one.header] = call.parameters.get(one.header) or "all_storage_classes_128K"
    if made:
        bucket.documents[get] = made
    else:
        bucket.documents.pop(get, None)
    return {one.header: made[one.header]} if one.header else {}


def _delete(get: str, call: Call) -> Document:
    bucket = _known(call, get)
    bucket.documents.pop(get, None)
    if get == "GetBucketEncryption":
        # There is no bucket without encryption any more.
        bucket.documents[get] = as_made(call.account, is_old=True)[get]
    return {}


def _answer(call: Call, one: Configuration, value: Document) -> Document:
    return {one.member: value} if one.member in call.operation.output_shape.members else value


# Those of which there are several


def _of_ids(call: Call, get: str) -> dict[str, Any]:
    kept: dict[str, Any] = _known(call, get).documents.setdefault(get, {})
    return kept


def _get_one(get: str, one: Listed, call: Call) -> Document:
    kept = _of_ids(call, get)
    if call.parameters["Id"] not in kept:
        raise Refused(one.absent, "The specified configuration does not exist.", 404)
    return {one.member: kept[call.parameters["Id"]]}


def _put_one(get: str, one: Listed, call: Call) -> Document:
    _of_ids(call, get)[call.parameters["Id"]] = call.parameters[one.member]
    return {}


def _delete_one(get: str, call: Call) -> Document:
    _of_ids(call, get).pop(call.parameters["Id"], None)
    return {}


def _list(get: str, one: Listed, call: Call) -> Document:
    kept = _of_ids(call, get)
    after = call.parameters.get("ContinuationToken", "")
    ids = sorted(name for name in kept if name > after)
    shown = ids[:_PAGE]
    made: dict[str, Any] = {
        f"{one.member}List": [kept[name] for name in shown],
        "IsTruncated": len(ids) > _PAGE,
    }
    if made["IsTruncated"]:
        made["NextContinuationToken"] = shown[-1]
    return made


# Those that are more than what is kept


def _put_acl(call: Call) -> Document:
    bucket = _known(call, "GetBucketAcl")
    acl = acls.asked_for(call.parameters, call.account.canonical_id)
    if acl is None:
        raise Refused("MissingSecurityHeader", "Your request was missing a required header")
    controls = bucket.documents.get("GetBucketOwnershipControls", {}).get("OwnershipControls", {})
    if {"ObjectOwnership": "BucketOwnerEnforced"} in controls.get("Rules", ()) and not acls.is_private(acl):
        raise Refused("AccessControlListNotSupported", "The bucket does not allow ACLs")
    bucket.documents["GetBucketAcl"] = acl
    return {}


def _get_acl(call: Call) -> Document:
    kept: Document = _known(call, "GetBucketAcl").documents["GetBucketAcl"]
    return kept


def _policy_status(call: Call) -> Document:
    bucket = _known(call, "GetBucketPolicyStatus")
    policy = bucket.documents.get("GetBucketPolicy")
    if policy is None:
        raise Refused("NoSuchBucketPolicy", "The bucket policy does not exist", 404)
    return {"PolicyStatus": {"IsPublic": policies.is_public(policy["Policy"])}}


def _location(call: Call) -> Document:
    region = found(call).region
    return {"LocationConstraint": None if region == "us-east-1" else region}


def _uploads(call: Call) -> Document:
    kept: Document = _known(call, "ListMultipartUploads").documents.get("ListMultipartUploads", {})
    return {"Bucket": call.parameters["Bucket"], "IsTruncated": False, **kept}


def handlers() -> dict[str, Handler]:
    """By operation."""
    made: dict[str, Callable[[Call], Document]] = {
        "GetBucketAcl": _get_acl,
        "GetBucketLocation": _location,
        "GetBucketPolicyStatus": _policy_status,
        "ListMultipartUploads": _uploads,
        "PutBucketAcl": _put_acl,
    }
    for get, one in SINGLE.items():
        made[get] = partial(_get, get, one)
        made[one.put] = partial(_put, get, one)
        if one.delete:
            made[one.delete] = partial(_delete, get)
    for get, several in LISTED.items():
        made[get] = partial(_get_one, get, several)
        made[several.put] = partial(_put_one, get, several)
        made[several.delete] = partial(_delete_one, get)
        made[several.listing] = partial(_list, get, several)
    return made
