"""The roles that SAM makes for functions and state machines.

Its policy templates, and the policies that it adds for some properties and events, are not written out here:
an element that can't be told stands for each.
"""

from s3audit.collectors.cloudformation.produced import scalar, sequence, undecided
from s3audit.collectors.cloudformation.sam_nodes import (
    FUNCTION,
    branches,
    is_call,
    listed,
    mapping,
    plain,
    referred,
)
from s3audit.collectors.cloudformation.template import ResourceNode
from s3audit.collectors.documents.policy import head
from s3audit.collectors.documents.tree import Mapping, Node, Scalar, Sequence, is_null

SERVICES = {FUNCTION: "lambda.amazonaws.com", "AWS::Serverless::StateMachine": "states.amazonaws.com"}
"""The types for which SAM makes a role, and who takes it."""

_ON_THE_ROOT_PATH = frozenset(
    {
        "AWSLambdaExecute",
        "AWSXrayWriteOnlyAccess",
        "AdministratorAccess",
        "AmazonS3FullAccess",
        "AmazonS3ReadOnlyAccess",
        "PowerUserAccess",
        "ReadOnlyAccess",
    }
)
_FOR_SERVICES = frozenset(
    {
        "AWSLambdaBasicDurableExecutionRolePolicy",
        "AWSLambdaBasicExecutionRole",
        "AWSLambdaDynamoDBExecutionRole",
        "AWSLambdaKinesisExecutionRole",
        "AWSLambdaMSKExecutionRole",
        "AWSLambdaSQSQueueExecutionRole",
        "AWSLambdaVPCAccessExecutionRole",
    }
)
"""Policies of AWS that SAM attaches itself, or that a template often gives by their names."""

_FOR_EVENTS = {
    "DynamoDB": "AWSLambdaDynamoDBExecutionRole",
    "Kinesis": "AWSLambdaKinesisExecutionRole",
    "MSK": "AWSLambdaMSKExecutionRole",
    "SQS": "AWSLambdaSQSQueueExecutionRole",
}
_MORE_FOR_EVENTS = frozenset({"DocumentDB", "MQ", "MSK", "SelfManagedKafka"})
"""Event types for which SAM adds an inline policy."""
_MORE_FOR = ("DeadLetterQueue", "EventInvokeConfig")
"""Properties for which it adds one."""

_OPEN = "a policy that depends on a condition"
_MOST_BRANCHES = 4


def is_optional(role: Node) -> bool:
    """Whether a role may come to nothing, and SAM makes one then."""
    found = branches(role)
    return found is not None and any(referred(one) == "AWS::NoValue" for one in found[1:])


def tags_of(resource: ResourceNode, properties: Mapping) -> Node:
    """Tags as a list; SAM writes them as a mapping, and adds one."""
    at = resource.key
    key = "lambda:createdBy" if resource.type == FUNCTION else "stateMachine:createdBy"
    made = mapping(at, {"Key": scalar(at, key), "Value": scalar(at, "SAM")})
    tags = properties.get("Tags")
    if tags is None or is_null(tags):
        return sequence(at, [made])
    known = plain(tags)
    if known is None:
        return undecided(head(tags), "which tags it has can't be told")
    pairs = [mapping(entry.key, {"Key": entry.key, "Value": entry.value}) for entry in known.entries.values()]
    return sequence(tags, [made, *pairs])


def role_of(resource: ResourceNode, properties: Mapping) -> Mapping:
    """The properties of the role that SAM makes for a resource."""
    at = resource.key
    managed: list[Node] = []
    inline: list[Node] = []
    if resource.type == FUNCTION:
        _add_of_sam(at, properties, managed, inline)
    for index, policy in enumerate(listed(properties.get("Policies"))):
        kind = _kind(policy)
        if kind == "inline":
            inline.append(_named(policy, scalar(policy, f"{resource.logical_id}RolePolicy{index}")))
        elif kind == "managed":
            managed.append(_arn(policy))
        elif kind:
            inline.append(undecided(head(policy), f"{kind} is not written out"))
            if kind == _OPEN:
                managed.append(inline[-1])
    body: dict[str, Node] = {
        "AssumeRolePolicyDocument": properties.get("AssumeRolePolicyDocument")
        or _trust(at, SERVICES[resource.type]),
        "ManagedPolicyArns": sequence(at, managed),
        "Policies": sequence(at, inline),
        "Tags": tags_of(resource, properties),
    }
    for name, source in (("Path", "RolePath"), ("PermissionsBoundary", "PermissionsBoundary")):
        if (node := properties.get(source)) is not None:
            body[name] = node
    return mapping(at, body)


def _add_of_sam(at: Node, properties: Mapping, managed: list[Node], inline: list[Node]) -> None:
    """What SAM lets a function do unasked: write logs, use its network, read what feeds it, send on."""
    durable = "Durable" if "DurableConfig" in properties.entries else ""
    managed.append(_of_aws(at, f"AWSLambdaBasic{durable}ExecutionRole{'Policy' if durable else ''}"))
    tracing = properties.get("Tracing")
    if isinstance(tracing, Scalar) and not tracing.tag:
        if tracing.value != "Disabled":  # in China another one, with the same rights
            managed.append(_of_aws(at, "AWSXrayWriteOnlyAccess"))
    elif tracing is not None:
        managed.append(undecided(head(tracing), "whether SAM adds its policy for tracing can't be told"))
    if "VpcConfig" in properties.entries:
        managed.append(_of_aws(at, "AWSLambdaVPCAccessExecutionRole"))
    inline += [
        undecided(entry.key, f"the policy that SAM adds for {name} is not written out")
        for name, entry in properties.entries.items()
        if name in _MORE_FOR
    ]
    events = properties.get("Events")
    if events is None or is_null(events):
        return
    known = plain(events)
    if known is None:
        inline.append(undecided(head(events), "which policies SAM adds for its events can't be told"))
        managed.append(inline[-1])
        return
    for name, entry in known.entries.items():
        policy, more = _for_event(plain(entry.value))
        if policy:
            managed.append(_of_aws(entry.key, policy))
        if more:
            inline.append(undecided(entry.key, f"the policy that SAM adds for {name} is not written out"))


def _for_event(event: Mapping | None) -> tuple[str, bool]:
    """The managed policy that SAM attaches for an event, and whether it adds one of its own."""
    kind = None if event is None else event.get("Type")
    properties = None if event is None else plain(event.get("Properties"))
    if not isinstance(kind, Scalar) or kind.tag:
        return "", True
    written = {} if properties is None else properties.entries
    if kind.value == "SNS" and "SqsSubscription" in written:
        return _FOR_EVENTS["SQS"], False
    sends = kind.value in _FOR_EVENTS and not written.keys().isdisjoint(("DestinationConfig", "KmsKeyArn"))
    return _FOR_EVENTS.get(kind.value, ""), sends or kind.value in _MORE_FOR_EVENTS


def _of_aws(at: Node, name: str) -> Node:
    """The ARN of a policy of AWS, from its name."""
    if name not in _ON_THE_ROOT_PATH | _FOR_SERVICES:
        return undecided(at, f"the ARN of the managed policy {name} is not written")
    path = "" if name in _ON_THE_ROOT_PATH else "service-role/"
    return mapping(at, {"Fn::Sub": scalar(at, f"arn:${{AWS::Partition}}:iam::aws:policy/{path}{name}")})


def _trust(at: Node, service: str) -> Mapping:
    statement = {
        "Action": sequence(at, [scalar(at, "sts:AssumeRole")]),
        "Effect": scalar(at, "Allow"),
        "Principal": mapping(at, {"Service": sequence(at, [scalar(at, service)])}),
    }
    version = scalar(at, "2012-10-17")
    return mapping(at, {"Version": version, "Statement": sequence(at, [mapping(at, statement)])})


def _kind(policy: Node, depth: int = 0) -> str:
    """Inline, managed, nothing (""), or in words what can't be written out."""
    if referred(policy) == "AWS::NoValue":
        return ""
    if (found := branches(policy)) is not None:
        if depth == _MOST_BRANCHES:
            return _OPEN
        kinds = {_kind(branch, depth + 1) for branch in found[1:]} - {""}
        return kinds.pop() if len(kinds) == 1 else _OPEN if kinds else ""
    if isinstance(policy, Sequence):
        return _OPEN
    if isinstance(policy, Scalar) or is_call(policy):
        return "managed"
    if isinstance(policy, Mapping) and "Statement" in policy.entries:
        return "inline"
    names = list(policy.entries) if isinstance(policy, Mapping) else []
    return f"SAM's policy template {names[0]}" if len(names) == 1 else "a policy of an unknown form"


def _named(policy: Node, name: Scalar) -> Node:
    """An inline policy with its name, in each branch that has one."""
    if (found := branches(policy)) is not None:
        return _if(policy, found[0], [_named(one, name) for one in found[1:]])
    if referred(policy) == "AWS::NoValue":
        return policy
    return mapping(policy, {"PolicyName": name, "PolicyDocument": policy})


def _arn(policy: Node) -> Node:
    """The ARN of a managed policy; SAM looks up those that are given by their name alone."""
    if (found := branches(policy)) is not None:
        return _if(policy, found[0], [_arn(one) for one in found[1:]])
    if isinstance(policy, Scalar) and not policy.tag and not policy.value.startswith("arn:"):
        return _of_aws(policy, policy.value)
    return policy


def _if(at: Node, condition: Node, values: list[Node]) -> Node:
    return mapping(at, {"Fn::If": sequence(at, [condition, *values])})
