"""The roles that SAM makes for functions and state machines."""

_POLICY_MAKERS = ("DeadLetterQueue", "EventInvokeConfig")
"""Properties for which SAM adds inline policies."""
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
        "AWSLambdaSQSQueueExecutionRole",
        "AWSLambdaVPCAccessExecutionRole",
    }
)
"""Policies of AWS that SAM attaches itself, or that a template often gives by their names."""


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
        return undecided(tags, "which tags it has can't be told")
    pairs = [mapping(entry.key, {"Key": entry.key, "Value": entry.value}) for entry in known.entries.values()]
    return sequence(tags, [made, *pairs])


def role_of(resource: ResourceNode, properties: Mapping) -> Mapping:
    """What SAM gives to the role that it makes."""
    at = resource.key
    managed: list[Node] = []
    inline: list[Node] = []
    if resource.type == FUNCTION:
        managed += _managed_by_sam(resource, properties)
        inline += _added_by_sam(properties)
    for index, policy in enumerate(_listed(properties.get("Policies"))):
        name = scalar(policy, f"{resource.logical_id}RolePolicy{index}")
        kind = _policy_kind(policy)
        if kind == "inline":
            inline.append(_named(policy, name))
        elif kind == "managed":
            managed.append(_arn(policy))
        elif kind:
            inline.append(undecided(head(policy), f"{kind} is not written out"))
            if kind == _OPEN:
                managed.append(inline[-1])
    trust = properties.get("AssumeRolePolicyDocument") or _trust(at, SERVICES[resource.type])
    body: dict[str, Node] = {
        "AssumeRolePolicyDocument": trust,
        "ManagedPolicyArns": sequence(at, managed),
        "Policies": sequence(at, inline),
        "Tags": tags_of(resource, properties),
    }
    for key, source in (("Path", "RolePath"), ("PermissionsBoundary", "PermissionsBoundary")):
        if (node := properties.get(source)) is not None:
            body[key] = node
    return mapping(at, body)


def _managed_by_sam(resource: ResourceNode, properties: Mapping) -> Iterator[Node]:
    at = resource.key
    durable = "DurableConfig" in properties.entries
    yield _of_aws(
        at, "AWSLambdaBasicDurableExecutionRolePolicy" if durable else "AWSLambdaBasicExecutionRole"
    )
    if "VpcConfig" in properties.entries:
        yield _of_aws(at, "AWSLambdaVPCAccessExecutionRole")
    tracing = properties.get("Tracing")
    if isinstance(tracing, Scalar) and not tracing.tag:
        if tracing.value in ("Active", "PassThrough"):  # in China another one, with the same rights
            yield _of_aws(at, "AWSXrayWriteOnlyAccess")
    elif tracing is not None:
        yield undecided(head(tracing), "whether SAM adds its policy for tracing can't be told")


def _added_by_sam(properties: Mapping) -> Iterator[Node]:
    """What else SAM lets the function do, for where it sends to and what feeds it."""
    for name, entry in properties.entries.items():
        if name in _POLICY_MAKERS:
            yield undecided(entry.key, f"the policy that SAM adds for {name} is not written out")
    events = properties.get("Events")
    known = mapping(events, {}) if events is None or is_null(events) else plain(events)


def _of_aws(at: Node, name: str) -> Node:
    """The ARN of a policy of AWS, from its name."""
    if name not in _ON_THE_ROOT_PATH | _FORSERVICES:
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


def _listed(node: Node | None) -> list[Node]:
    if node is None or is_null(node):
        return []
    return node.items if isinstance(node, Sequence) and not node.tag else [node]


def _policy_kind(policy: Node) -> str:
    """Inline, managed, nothing (""), or in words what can't be written out."""
    if referred(policy) == "AWS::NoValue":
        return ""
    if (found := branches(policy)) is not None:
        kinds = {_policy_kind(branch) for branch in found[1:]} - {""}
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
        return mapping(
            policy, {"Fn::If": sequence(policy, [found[0], *(_named(one, name) for one in found[1:])])}
        )
    if referred(policy) == "AWS::NoValue":
        return policy
    return mapping(policy, {"PolicyName": name, "PolicyDocument": policy})


def _arn(policy: Node) -> Node:
    """The ARN of a managed policy; SAM looks up those that are given by their name alone."""
    if (found := branches(policy)) is not None:
        return mapping(policy, {"Fn::If": sequence(policy, [found[0], *(_arn(one) for one in found[1:])])})
    if isinstance(policy, Scalar) and not policy.tag and not policy.value.startswith("arn:"):
        return _of_aws(policy, policy.value)
    return policy


def is_optional(role: Node) -> bool:
    """Whether it may come to nothing, and SAM makes a role then."""
    found = branches(role)
    return found is not None and any(referred(one) == "AWS::NoValue" for one in found[1:])
