"""What rewriting a SAM template needs: new nodes in the place of those they come from, and new resources."""

import msgspec

from s3audit.collectors.cloudformation.produced import scalar, sequence
from s3audit.collectors.cloudformation.template import ResourceNode, Template
from s3audit.collectors.documents.tree import Entry, Mapping, Node, Scalar, Sequence, is_null
from s3audit.problem import Problem

FUNCTION = "AWS::Serverless::Function"


class Rewriting:
    """The resources of a template as they become CloudFormation."""

    def __init__(self, template: Template, problems: list[Problem]) -> None:
        self.template = template
        self.problems = problems
        self.resources: dict[str, ResourceNode] = {}

    def make(
        self,
        around: ResourceNode,
        name: str,
        kind: str,
        properties: Node,
        condition: Node | None = None,
    ) -> None:
        """Add a resource that SAM makes for another one; what is written under its name goes before it."""
        if name in self.template.resources:
            return
        key = scalar(around.key, name)
        condition = condition or around.condition
        body = {"Type": scalar(key, kind), "Properties": properties}
        if condition is not None:
            body["Condition"] = condition
        self.resources[name] = msgspec.structs.replace(
            around,
            logical_id=name,
            key=key,
            node=mapping(key, body),
            type=kind,
            properties=properties,
            condition=condition,
            metadata=None,
            deletion_policy=None,
            update_replace_policy=None,
            address=f"{self.template.prefix}Resources.{name}",
        )

    def change(self, resource: ResourceNode, kind: str, properties: Node) -> None:
        """Give a resource another type and other properties."""
        body = {"Type": scalar(resource.key, kind), "Properties": properties}
        entries = resource.node.entries | mapping(resource.key, body).entries
        node = like(resource.node, entries)
        self.resources[resource.logical_id] = msgspec.structs.replace(
            resource, type=kind, properties=properties, node=node
        )


def like(node: Node, entries: dict[str, Entry]) -> Mapping:
    """A mapping of these entries in the place of a node."""
    return Mapping(node.start, node.end, node.lines, "", entries)


def mapping(at: Node, entries: dict[str, Node]) -> Mapping:
    return like(at, {name: Entry(scalar(at, name), node) for name, node in entries.items()})


def ref(at: Node, name: str) -> Mapping:
    return mapping(at, {"Ref": scalar(at, name)})


def get_att(at: Node, name: str, attribute: str) -> Mapping:
    return mapping(at, {"Fn::GetAtt": sequence(at, [scalar(at, name), scalar(at, attribute)])})


def is_call(node: Node) -> bool:
    """Whether it is an expression, so that what it comes to is not written here."""
    if node.tag or not isinstance(node, Mapping):
        return bool(node.tag)
    names = node.entries
    return (
        "<<" in names or (len(names) == 1 and "Ref" in names) or any(one.startswith("Fn::") for one in names)
    )


def plain(node: Node | None) -> Mapping | None:
    """A mapping that is written out; None for everything else."""
    return node if isinstance(node, Mapping) and not is_call(node) else None


def listed(node: Node | None) -> list[Node]:
    """The elements of a list; one alone is a list."""
    if node is None or is_null(node):
        return []
    return node.items if isinstance(node, Sequence) and not node.tag else [node]


def referred(node: Node | None) -> str | None:
    """The name in `!Ref X`."""
    if isinstance(node, Mapping) and not node.tag and len(node.entries) == 1:
        node = node.get("Ref")
        return node.value if isinstance(node, Scalar) and not node.tag else None
    return node.value if isinstance(node, Scalar) and node.tag == "!Ref" else None


def branches(node: Node) -> list[Node] | None:
    """The condition and the two values of an Fn::If."""
    if isinstance(node, Mapping) and len(node.entries) == 1 and "Fn::If" in node.entries:
        node = node.entries["Fn::If"].value
        found = node.items if isinstance(node, Sequence) and not node.tag else []
    else:
        found = node.items if isinstance(node, Sequence) and node.tag == "!If" else []
    return found if len(found) == 3 else None
