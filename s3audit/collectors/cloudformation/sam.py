"""SAM: its functions and state machines as the CloudFormation that its transform makes of them.

Only what the model reads is written out. What the transform adds and is not written out here, such as its
policy templates, stands in its place as something that is there and can't be told.
"""

from collections.abc import Iterator

import msgspec

from s3audit.collectors.cloudformation.produced import scalar, sequence, undecided
from s3audit.collectors.cloudformation.sam_events import Events
from s3audit.collectors.cloudformation.sam_nodes import (
    Rewriting,
    branches,
    get_att,
    is_call,
    like,
    mapping,
    plain,
    referred,
)
from s3audit.collectors.cloudformation.template import ResourceNode, Template
from s3audit.collectors.documents.tree import Entry, Mapping, Node, Scalar, Sequence, is_null
from s3audit.problem import Problem

_FUNCTION = "AWS::Serverless::Function"
_SERVICES = {_FUNCTION: "lambda.amazonaws.com", "AWS::Serverless::StateMachine": "states.amazonaws.com"}
"""The types for which SAM makes a role, and who takes it."""
_KEPT = ("FunctionName", "KmsKeyArn", "RecursiveLoop", "Role")
_POLICY_MAKERS = ("DeadLetterQueue", "EventInvokeConfig")
"""Properties for which SAM adds inline policies."""


def lowered(template: Template, problems: list[Problem]) -> Template:
    """The template with what SAM makes of its functions, and with the events that it adds to buckets."""
    rewriting = Rewriting(template, problems)
    events = Events(rewriting)
    for resource in template.resources.values():
        rewriting.resources[resource.logical_id] = resource
        if resource.type in _SERVICES:
            _lower(rewriting, events, resource)
        if resource.type == "AWS::Serverless::Connector" or "Connectors" in resource.node.entries:
            why = f"what the connectors of {resource.logical_id} allow is not written out"
            name = f"{resource.logical_id}Policy"
            rewriting.make(resource, name, "AWS::IAM::ManagedPolicy", undecided(resource.key, why))
    events.finish()
    return msgspec.structs.replace(template, resources=rewriting.resources)


def _lower(rewriting: Rewriting, events: Events, resource: ResourceNode) -> None:
    written = mapping(resource.key, {}) if resource.properties is None else resource.properties
    properties = plain(written)
    if properties is not None:
        properties = _with_globals(rewriting.template.globals, resource, properties)
        role = properties.get("Role")
        if role is None or _is_optional(role):
            body = _role(resource, properties)
            open_end = role and undecided(role, f"whether SAM makes a role for {resource.logical_id} is open")
            rewriting.make(resource, f"{resource.logical_id}Role", "AWS::IAM::Role", body, open_end)
    if resource.type == _FUNCTION:
        body = undecided(written, f"the properties of {resource.logical_id} can't be told")
        rewriting.change(resource, "AWS::Lambda::Function", _function(resource, properties) or body)
        events.add(resource, properties)


def _function(resource: ResourceNode, properties: Mapping | None) -> Mapping | None:
    """The properties of a function, as far as the model reads them."""
    if properties is None:
        return None
    at = resource.key
    entries = {name: entry for name, entry in properties.entries.items() if name in _KEPT}
    entries["Tags"] = Entry(scalar(at, "Tags"), _tags(resource, properties))
    if "Role" not in entries:
        entries["Role"] = Entry(scalar(at, "Role"), get_att(at, f"{resource.logical_id}Role", "Arn"))
    return like(properties, entries)


def _with_globals(sections: Mapping | None, resource: ResourceNode, own: Mapping) -> Mapping:
    """The properties of a resource on top of those that Globals gives to all of its type."""
    section = None if sections is None else sections.get(resource.type.rpartition("::")[2])
    ignored = resource.node.get("IgnoreGlobals")
    if not isinstance(section, Mapping) or isinstance(ignored, Scalar):  # the only word there is "*"
        return own
    left_out = (
        [one.value for one in ignored.items if isinstance(one, Scalar)]
        if isinstance(ignored, Sequence)
        else []
    )
    return _merged({name: entry for name, entry in section.entries.items() if name not in left_out}, own)


def _merged(shared: dict[str, Entry], own: Mapping) -> Mapping:
    """Mappings are merged, lists put together; of all else the resource's own counts."""
    entries = dict(shared)
    for name, entry in own.entries.items():
        under, over = shared[name].value if name in shared else None, entry.value
        if isinstance(under, Mapping) and (above := plain(over)) is not None and not is_call(under):
            entry = Entry(entry.key, _merged(under.entries, above))
        elif isinstance(under, Sequence) and isinstance(over, Sequence) and not (under.tag or over.tag):
            entry = Entry(entry.key, sequence(over, [*under.items, *over.items]))
        entries[name] = entry
    return like(own, entries)


def _tags(resource: ResourceNode, properties: Mapping) -> Node:
    """Tags as a list; SAM writes them as a mapping, and adds one."""
    at = resource.key
    made = mapping(at, {"Key": scalar(at, "lambda:createdBy"), "Value": scalar(at, "SAM")})
    tags = properties.get("Tags")
    if tags is None or is_null(tags):
        return sequence(at, [made])
    known = plain(tags)
    if known is None:
        return undecided(tags, "which tags it has can't be told")
    pairs = [mapping(entry.key, {"Key": entry.key, "Value": entry.value}) for entry in known.entries.values()]
    return sequence(tags, [made, *pairs])


def _role(resource: ResourceNode, properties: Mapping) -> Mapping:
    """What SAM gives to the role that it makes."""
    at = resource.key
    managed = [_managed(at, name) for name in _managed_by_sam(resource, properties)]
    if (tracing := properties.get("Tracing")) is not None:
        managed.append(undecided(tracing, "whether SAM adds its policy for tracing is not written out"))
    inline: list[Node] = [
        undecided(entry.key, f"the policy that SAM adds for {name} is not written out")
        for name, entry in properties.entries.items()
        if name in _POLICY_MAKERS
    ]
    for index, policy in enumerate(_listed(properties.get("Policies"))):
        name = scalar(policy, f"{resource.logical_id}RolePolicy{index}")
        kind = _policy_kind(policy)
        if kind == "inline":
            inline.append(_named(policy, name))
        elif kind == "managed":
            managed.append(_arn(policy))
        elif kind:
            inline.append(undecided(policy, f"{kind} is not written out"))
            if kind == _OPEN:
                managed.append(inline[-1])
    trust = properties.get("AssumeRolePolicyDocument") or _trust(at, _SERVICES[resource.type])
    body = {
        "AssumeRolePolicyDocument": trust,
        "ManagedPolicyArns": sequence(at, managed),
        "Policies": sequence(at, inline),
        "Tags": _tags(resource, properties),
    }
    for name, source in (("Path", "RolePath"), ("PermissionsBoundary", "PermissionsBoundary")):
        if (node := properties.get(source)) is not None:
            body[name] = node
    return mapping(at, body)


def _managed_by_sam(resource: ResourceNode, properties: Mapping) -> Iterator[str]:
    if resource.type != _FUNCTION:
        return
    durable = "DurableConfig" in properties.entries
    yield "AWSLambdaBasicDurableExecutionRolePolicy" if durable else "AWSLambdaBasicExecutionRole"
    if "VpcConfig" in properties.entries:
        yield "AWSLambdaVPCAccessExecutionRole"


def _managed(at: Node, name: str) -> Mapping:
    arn = f"arn:${{AWS::Partition}}:iam::aws:policy/service-role/{name}"
    return mapping(at, {"Fn::Sub": scalar(at, arn)})


def _trust(at: Node, service: str) -> Mapping:
    statement = {
        "Action": sequence(at, [scalar(at, "sts:AssumeRole")]),
        "Effect": scalar(at, "Allow"),
        "Principal": mapping(at, {"Service": sequence(at, [scalar(at, service)])}),
    }
    version = scalar(at, "2012-10-17")
    return mapping(at, {"Version": version, "Statement": sequence(at, [mapping(at, statement)])})


_OPEN = "a policy that depends on a condition"


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
        return undecided(policy, f"the ARN of the managed policy {policy.value} is not written")
    return policy


def _is_optional(role: Node) -> bool:
    """Whether it may come to nothing, and SAM makes a role then."""
    found = branches(role)
    return found is not None and any(referred(one) == "AWS::NoValue" for one in found[1:])
