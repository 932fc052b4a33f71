"""SAM: its functions and state machines as the CloudFormation that its transform makes of them.

Only what the model reads is written out. What the transform adds and is not written out here, such as its
policy templates, stands in its place as something that is there and can't be told.
"""

import msgspec

from s3audit.collectors.cloudformation.produced import scalar, sequence, undecided
from s3audit.collectors.cloudformation.sam_events import Events
from s3audit.collectors.cloudformation.sam_nodes import FUNCTION, Rewriting, get_att, like, mapping, plain
from s3audit.collectors.cloudformation.sam_roles import SERVICES, is_optional, role_of, tags_of
from s3audit.collectors.cloudformation.template import ResourceNode, Template
from s3audit.collectors.documents.tree import Entry, Mapping, Scalar, Sequence
from s3audit.problem import Problem

_KEPT = ("FunctionName", "KmsKeyArn", "RecursiveLoop", "Role")


def lowered(template: Template, problems: list[Problem]) -> Template:
    """The template with what SAM makes of its functions, and with the events that it adds to buckets."""
    rewriting = Rewriting(template, problems)
    events = Events(rewriting)
    for resource in template.resources.values():
        rewriting.resources[resource.logical_id] = resource
        if resource.type in SERVICES:
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
        if role is None or is_optional(role):
            name = f"{resource.logical_id}Role"
            why = f"whether SAM makes the role {name} depends on a condition"
            maybe = None if role is None else undecided(role, why)
            rewriting.make(resource, name, "AWS::IAM::Role", role_of(resource, properties), maybe)
    if resource.type == FUNCTION:
        body = _function(resource, properties)
        open_end = undecided(resource.key, f"the properties of {resource.logical_id} can't be told")
        rewriting.change(resource, "AWS::Lambda::Function", body or open_end)
        events.add(resource, properties)


def _function(resource: ResourceNode, properties: Mapping | None) -> Mapping | None:
    """The properties of a function, as far as the model reads them."""
    if properties is None:
        return None
    at = resource.key
    entries = {name: entry for name, entry in properties.entries.items() if name in _KEPT}
    entries["Tags"] = Entry(scalar(at, "Tags"), tags_of(resource, properties))
    if "Role" not in entries:
        entries["Role"] = Entry(scalar(at, "Role"), get_att(at, f"{resource.logical_id}Role", "Arn"))
    return like(properties, entries)


def _with_globals(sections: Mapping | None, resource: ResourceNode, own: Mapping) -> Mapping:
    """The properties of a resource on top of those that Globals gives to all of its type."""
    section = None if sections is None else sections.get(resource.type.rpartition("::")[2])
    ignored = resource.node.get("IgnoreGlobals")
    if not isinstance(section, Mapping) or isinstance(ignored, Scalar):  # the only word there is "*"
        return own
    entries = dict(section.entries)
    for one in ignored.items if isinstance(ignored, Sequence) else ():
        if isinstance(one, Scalar):
            entries.pop(one.value, None)
    return _merged(entries, own)


def _merged(shared: dict[str, Entry], own: Mapping, levels: int = 2) -> Mapping:
    """Mappings are merged, lists put together; of all else, and far below, the resource's own counts."""
    entries = dict(shared)
    for name, entry in own.entries.items():
        value = entry.value
        under = shared[name].value if name in shared else None
        below, above = plain(under), plain(value)
        if levels and below is not None and above is not None:
            value = _merged(below.entries, above, levels - 1)
        elif isinstance(under, Sequence) and isinstance(value, Sequence) and not (under.tag or value.tag):
            value = sequence(value, [*under.items, *value.items])
        entries[name] = Entry(entry.key, value)
    return like(own, entries)
