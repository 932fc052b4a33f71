"""Roles, policies, and whom the events of buckets go to, as the server is told to answer."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from s3audit.demo.world import World
from s3audit.model.identity import ManagedPolicy, Role
from s3audit.model.network import VpcEndpoint
from s3audit.model.target import Function, FunctionPermission, Queue, Topic
from tests.live.emit.listings import Listings
from tests.live.emit.names import Names
from tests.live.emit.values import fields, items, told

_MADE = "2025-06-02T08:30:00Z"


def _role(names: Names, world: World, listings: Listings, one: Role) -> None:
    own = names.own[one.address]
    boundary = names.text(one.permissions_boundary)
    role = fields(
        RoleName=own,
        Arn=names.arn(one),
        Path=names.text(one.path),
        RoleId="AROADEMODEMODEMODEMO",
        CreateDate=_MADE,
        AssumeRolePolicyDocument=json.loads(names.json(one.assume_role_policy) or "null"),
        MaxSessionDuration=told(one.max_session_duration),
        PermissionsBoundary=None if boundary is None else {"PermissionsBoundaryArn": boundary},
    )
    named = {"RoleName": own}
    policies = {
        names.text(policy.name): json.loads(names.json(policy.document) or "{}")
        for policy in items(one.policies)
    }
    attached = [
        {"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn}
        for arn in items(one.attached_policies, names.said)
    ]
    world.tell("iam:GetRole", {"Role": role}, named)
    world.tell("iam:ListRolePolicies", {"PolicyNames": list(policies), "IsTruncated": False}, named)
    world.tell("iam:ListAttachedRolePolicies", {"AttachedPolicies": attached, "IsTruncated": False}, named)
    for name, document in policies.items():
        answer = {"RoleName": own, "PolicyName": name, "PolicyDocument": document}
        world.tell("iam:GetRolePolicy", answer, {**named, "PolicyName": name})


def _managed_policy(names: Names, world: World, listings: Listings, one: ManagedPolicy) -> None:
    arn = names.arn(one)
    policy = fields(
        PolicyName=names.own[one.address], Arn=arn, Path=names.text(one.path), DefaultVersionId="v1"
    )
    version = {
        "VersionId": "v1",
        "IsDefaultVersion": True,
        "Document": json.loads(names.json(one.document) or "{}"),
    }
    world.tell("iam:GetPolicy", {"Policy": policy}, {"PolicyArn": arn})
    world.tell("iam:GetPolicyVersion", {"PolicyVersion": version}, {"PolicyArn": arn})


def _topic(names: Names, world: World, listings: Listings, one: Topic) -> None:
    arn, place = names.arn(one), names.region
    attributes = fields(
        TopicArn=arn,
        Policy=names.json(one.policy),
        KmsMasterKeyId=names.text(one.kms_key),
        FifoTopic="true" if told(one.fifo) else None,
    )
    subscriptions = items(
        one.subscriptions,
        lambda each: fields(Protocol=told(each.protocol), Endpoint=names.text(each.endpoint), TopicArn=arn),
    )
    world.tell("sns:GetTopicAttributes", {"Attributes": attributes}, {"TopicArn": arn}, region=place)
    world.tell(
        "sns:ListSubscriptionsByTopic", {"Subscriptions": subscriptions}, {"TopicArn": arn}, region=place
    )


def _queue(names: Names, world: World, listings: Listings, one: Queue) -> None:
    own, place = names.own[one.address], names.region
    url = f"https://sqs.{place}.amazonaws.com/{names.account}/{own}"
    attributes = fields(
        Policy=names.json(one.policy),
        KmsMasterKeyId=names.text(one.kms_key),
        SqsManagedSseEnabled="true" if told(one.managed_sse) else "false",
        FifoQueue="true" if told(one.fifo) else None,
    )
    world.tell("sqs:GetQueueUrl", {"QueueUrl": url}, {"QueueName": own}, region=place)
    world.tell("sqs:GetQueueAttributes", {"Attributes": attributes}, {"QueueUrl": url}, region=place)


def _function(names: Names, world: World, listings: Listings, one: Function) -> None:
    arn, place = names.arn(one), names.region
    named = {"FunctionName": arn}
    by_qualifier: dict[str, list[dict[str, Any]]] = {}
    for number, permission in enumerate(items(one.permissions), 1):
        qualifier = names.text(permission.qualifier) or ""
        statement = {"Sid": f"p{number}", **_permission(names, permission, arn)}
        by_qualifier.setdefault(qualifier, []).append(statement)
    for qualifier, statements in by_qualifier.items():
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        when = {**named, "Qualifier": qualifier} if qualifier else named
        world.tell("lambda:GetPolicy", {"Policy": policy}, when, region=place)
    mappings = items(one.event_sources, lambda source: {"EventSourceArn": names.said(source)})
    loop = {"RecursiveLoop": told(one.recursive_loop)}
    world.tell("lambda:GetFunctionRecursionConfig", loop, named, region=place)
    world.tell("lambda:ListEventSourceMappings", {"EventSourceMappings": mappings}, named, region=place)


def _permission(names: Names, one: FunctionPermission, arn: str) -> dict[str, Any]:
    """The statement that Lambda makes of a permission."""
    principal = names.text(one.principal)
    who = {"Service" if principal.endswith(".amazonaws.com") else "AWS": principal}
    equals = fields(
        **{
            "AWS:SourceAccount": names.text(one.source_account),
            "aws:PrincipalOrgID": names.text(one.organization),
        }
    )
    like = fields(**{"AWS:SourceArn": names.text(one.source_arn)})
    return fields(
        Effect="Allow",
        Principal="*" if principal == "*" else who,
        Action=names.text(one.action),
        Resource=arn,
        Condition=fields(StringEquals=equals or None, ArnLike=like or None) or None,
    )


def _endpoint(names: Names, world: World, listings: Listings, one: VpcEndpoint) -> None:
    item = fields(
        VpcEndpointId=names.own[one.address],
        VpcEndpointType=told(one.type),
        VpcId=names.text(one.vpc),
        ServiceName=names.text(one.service),
        ServiceRegion=names.text(one.service_region),
        State="available",
        PolicyDocument=names.json(one.policy),
        RouteTableIds=items(one.route_tables, names.said),
        SubnetIds=items(one.subnets, names.said),
        Groups=items(one.security_groups, lambda group: {"GroupId": names.said(group)}),
        PrivateDnsEnabled=told(one.private_dns),
        OwnerId=names.account,
    )
    listings.add("ec2:DescribeVpcEndpoints", item)


SERVICES: Mapping[str, Callable[[Names, World, Listings, Any], None]] = {
    "function": _function,
    "managed-policy": _managed_policy,
    "queue": _queue,
    "role": _role,
    "topic": _topic,
    "vpc-endpoint": _endpoint,
}
"""By kind."""
