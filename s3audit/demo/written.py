"""An account that is written down as YAML, made into a world: an example of what only a live account can tell.

    Account:
      Buckets:
        - Name: shop-orders
          CreationDate: 2016-05-04
          PutBucketVersioning: {VersioningConfiguration: {Status: Enabled}}

The words are those of AWS's own calls. A bucket has what was put to it, a role the policy that it carries, and a job
what DescribeJob answers. What has another `Owner` is somebody else's, and what stands under `Denied` is refused.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from s3audit.demo.faults import denied
from s3audit.demo.putting import put
from s3audit.demo.world import ACCOUNT, REGION, World

_FROM = "2023-04-28"
"""Since then S3 makes buckets with Block Public Access, and without ACLs."""
_BEGAN = "2025-06-02T08:30:00Z"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "batchoperations.s3.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


class WrittenError(Exception):
    """The text is no account; the message says what is wrong with it."""


class Written(msgspec.Struct, frozen=True):
    """The world, and the line of the text in which each thing is named, by the address that a scan gives it."""

    world: World
    lines: Mapping[str, int]


def written(text: str) -> Written:
    """The account of a text."""
    import yaml

    try:
        root, whole = yaml.compose(text), yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        raise WrittenError(f"it is no YAML: {error}") from None
    if root is None or not isinstance(whole, dict) or list(whole) != ["Account"]:
        raise WrittenError("an account has one key, Account")
    key, account = root.value[0]
    lines = {f"arn:aws:iam::{ACCOUNT}:root": key.start_mark.line + 1}
    world = World()
    for part, values in (_plain(whole["Account"]) or {}).items():
        if part == "Denied":
            for call in values:
                world.faults.add(denied(), call)
            continue
        if part not in _PARTS:
            raise WrittenError(f"an account has no {part}; it has {', '.join((*_PARTS, 'Denied'))}")
        nodes = next(value.value for name, value in account.value if name.value == part)
        for node, value in zip(nodes, values, strict=True):
            try:
                lines[_PARTS[part](world, dict(value))] = node.start_mark.line + 1
            except (KeyError, TypeError, ValueError) as error:
                said = f"it has no {error.args[0]}" if isinstance(error, KeyError) else error
                raise WrittenError(f"{part}, line {node.start_mark.line + 1}: {said}") from None
    if jobs := world.told.get("s3control:DescribeJob"):
        listed = [{name: one.document["Job"][name] for name in _LISTED} for one in reversed(jobs)]
        world.tell("s3control:ListJobs", {"Jobs": listed}, region=REGION)
    return Written(world, lines)


def _plain(value: Any) -> Any:
    """With times as AWS writes them."""
    match value:
        case dict():
            return {str(name): _plain(one) for name, one in value.items()}
        case list():
            return [_plain(one) for one in value]
        case datetime():
            return value.isoformat()
        case date():
            return f"{value.isoformat()}T00:00:00Z"
        case _:
            return value


def _bucket(world: World, told: dict[str, Any]) -> str:
    name, owner = told.pop("Name"), str(told.pop("Owner", ACCOUNT))
    created, region = told.pop("CreationDate", _BEGAN), told.pop("BucketRegion", REGION)
    world.account(owner)
    world.bucket(name, region, owner, is_old=created < _FROM, created=created)
    for call, parameters in told.items():
        if not call.startswith("Put"):
            raise ValueError(f"{call} is no call that puts something to a bucket")
        put(world, f"s3:{call}", {"Bucket": name, **parameters})
    return f"arn:aws:s3:::{name}"


def _role(world: World, told: dict[str, Any]) -> str:
    name = told.pop("RoleName")
    arn, when = f"arn:aws:iam::{ACCOUNT}:role/{name}", {"RoleName": name}
    trust = told.pop("AssumeRolePolicyDocument", _TRUST)
    role = {"Path": "/", "RoleName": name, "RoleId": "AROAEXAMPLE", "Arn": arn, "CreateDate": _BEGAN}
    world.tell("iam:GetRole", {"Role": {**role, "AssumeRolePolicyDocument": trust}}, when)
    policy = told.pop("PolicyDocument", None)
    names = ["own"] if policy else []
    world.tell("iam:ListRolePolicies", {"PolicyNames": names, "IsTruncated": False}, when)
    world.tell("iam:GetRolePolicy", {"RoleName": name, "PolicyName": "own", "PolicyDocument": policy}, when)
    attached = [_managed(world, one) for one in told.pop("AttachedPolicies", ())]
    world.tell("iam:ListAttachedRolePolicies", {"AttachedPolicies": attached, "IsTruncated": False}, when)
    _nothing_left(told)
    return arn


def _managed(world: World, told: Mapping[str, Any]) -> dict[str, str]:
    """A policy that stands by itself, as the list of a role has it."""
    arn, document = told["PolicyArn"], told["PolicyDocument"]
    policy = {"PolicyName": arn.rpartition("/")[2], "Arn": arn, "DefaultVersionId": "v1"}
    world.tell("iam:GetPolicy", {"Policy": policy}, {"PolicyArn": arn})
    version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": document}
    world.tell("iam:GetPolicyVersion", {"PolicyVersion": version}, {"PolicyArn": arn})
    return {"PolicyName": policy["PolicyName"], "PolicyArn": arn}


_LISTED = ("JobId", "Operation", "CreationTime", "Status")


def _job(world: World, told: dict[str, Any]) -> str:
    name, operation = told["JobId"], told.pop("Operation", {"S3PutObjectTagging": {"TagSet": []}})
    job = {"Status": "Active", "CreationTime": _BEGAN, **told}
    document = {"Job": {**job, "Operation": operation}}
    world.tell("s3control:DescribeJob", document, {"JobId": name}, region=REGION)
    return f"arn:aws:s3:{REGION}:{ACCOUNT}:job/{name}"


def _nothing_left(told: Mapping[str, Any]) -> None:
    if told:
        raise ValueError(f"nothing is known here by the name of {next(iter(told))}")


_PARTS: Mapping[str, Callable[[World, dict[str, Any]], str]] = {
    "Buckets": _bucket,
    "Roles": _role,
    "Jobs": _job,
}
