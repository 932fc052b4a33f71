"""What the control plane of S3 keeps: Block Public Access of an account, access points and their policies."""

from typing import Any

from s3audit.demo import policies
from s3audit.demo.answers import Document, Refused
from s3audit.demo.call import Call, Handler
from s3audit.demo.world import CREATED, AccessPoint

_PAGE = 1_000
_FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def _own(call: Call) -> str:
    """The account that a call is about, if it is the caller's."""
    account = call.parameters.get("AccountId", call.who.account)
    if account != call.who.account:
        raise Refused("AccessDenied", "Access Denied", 403)
    return str(account)


def _put_block(call: Call) -> Document:
    told = call.parameters["PublicAccessBlockConfiguration"]
    _own(call)
    call.account.public_access_block = {flag: bool(told.get(flag)) for flag in _FLAGS}
    return {}


def _get_block(call: Call) -> Document:
    _own(call)
    block = call.account.public_access_block
    if block is None:
        raise Refused(
            "NoSuchPublicAccessBlockConfiguration",
            "The public access block configuration was not found",
            404,
            fields={"AccountId": call.who.account},
        )
    return {"PublicAccessBlockConfiguration": block}


def _delete_block(call: Call) -> Document:
    _own(call)
    call.account.public_access_block = None
    return {}


def _create(call: Call) -> Document:
    asked, account = call.parameters, _own(call)
    name = asked["Name"]
    arn = f"arn:aws:s3:{call.region}:{account}:accesspoint/{name}"
    alias = f"{name}-demoalias-s3alias"
    document: dict[str, Any] = {
        "Name": name,
        "Bucket": asked["Bucket"],
        "NetworkOrigin": "VPC" if asked.get("VpcConfiguration") else "Internet",
        "PublicAccessBlockConfiguration": asked.get("PublicAccessBlockConfiguration")
        or dict.fromkeys(_FLAGS, True),
        "CreationDate": CREATED,
        "Alias": alias,
        "AccessPointArn": arn,
        "Endpoints": {"ipv4": f"s3-accesspoint.{call.region}.amazonaws.com"},
        "BucketAccountId": asked.get("BucketAccountId", account),
    }
    if asked.get("VpcConfiguration"):
        document["VpcConfiguration"] = asked["VpcConfiguration"]
    made = AccessPoint(name, account, call.region, document)
    call.world.access_points[account, call.region, name] = made
    return {"AccessPointArn": arn, "Alias": alias}


def _found(call: Call) -> AccessPoint:
    name = str(call.parameters["Name"]).rpartition("/")[2]
    point = call.world.access_points.get((_own(call), call.region, name))
    if point is None:
        raise Refused("NoSuchAccessPoint", "The specified accesspoint does not exist", 404)
    return point


def _get(call: Call) -> Document:
    return _found(call).document


def _delete(call: Call) -> Document:
    point = _found(call)
    del call.world.access_points[point.account, point.region, point.name]
    return {}


def _list(call: Call) -> Document:
    account, bucket = _own(call), call.parameters.get("Bucket", "")
    here = [
        point
        for (owner, region, _), point in sorted(call.world.access_points.items())
        if (owner, region) == (account, call.region) and bucket in ("", point.document["Bucket"])
    ]
    after = call.parameters.get("NextToken", "")
    size = call.parameters.get("MaxResults") or _PAGE
    left = [point for point in here if point.name > after]
    fields = (
        "Name",
        "NetworkOrigin",
        "VpcConfiguration",
        "Bucket",
        "AccessPointArn",
        "Alias",
        "BucketAccountId",
    )
    shown = [{key: point.document[key] for key in fields if key in point.document} for point in left[:size]]
    made: dict[str, Any] = {"AccessPointList": shown}
    if len(left) > size:
        made["NextToken"] = shown[-1]["Name"]
    return made


def _put_policy(call: Call) -> Document:
    _found(call).policy = call.parameters["Policy"]
    return {}


def _policy(call: Call) -> str:
    policy = _found(call).policy
    if not policy:
        raise Refused("NoSuchAccessPointPolicy", "The specified accesspoint policy does not exist", 404)
    return policy


def _get_policy(call: Call) -> Document:
    return {"Policy": _policy(call)}


def _get_policy_status(call: Call) -> Document:
    return {"PolicyStatus": {"IsPublic": policies.is_public(_policy(call))}}


def _delete_policy(call: Call) -> Document:
    _found(call).policy = ""
    return {}


def handlers() -> dict[str, Handler]:
    """By operation."""
    return {
        "CreateAccessPoint": _create,
        "DeleteAccessPoint": _delete,
        "DeleteAccessPointPolicy": _delete_policy,
        "DeletePublicAccessBlock": _delete_block,
        "GetAccessPoint": _get,
        "GetAccessPointPolicy": _get_policy,
        "GetAccessPointPolicyStatus": _get_policy_status,
        "GetPublicAccessBlock": _get_block,
        "ListAccessPoints": _list,
        "PutAccessPointPolicy": _put_policy,
        "PutPublicAccessBlock": _put_block,
    }
