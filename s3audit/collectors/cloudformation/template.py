"""A template's sections and resources, as written; what is malformed is a Problem, and the rest is kept."""

from typing import Any

import msgspec

from s3audit.collectors.cloudformation.parameters import Declared, Parameters, declare
from s3audit.collectors.cloudformation.produced import canonical, undecided
from s3audit.collectors.documents.resolved import Undecided
from s3audit.collectors.documents.tree import (
    UNREADABLE,
    Document,
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    is_null,
    location,
)
from s3audit.problem import Problem

_HARMLESS = (
    "AWS::CodeDeployBlueGreen",
    "AWS::LanguageExtensions",
    "AWS::SecretsManager-",
    "AWS::Serverless-",
    "AWS::ServiceCatalog",
)
"""Transforms of AWS that leave what is written about S3 as it is; another macro may rewrite anything."""

LOOP = "Fn::ForEach::"


class ResourceNode(msgspec.Struct, frozen=True, eq=False):
    """A resource as it is written."""

    logical_id: str
    key: Scalar
    node: Mapping
    type: str
    """Empty when there is none to be read."""
    properties: Node | None
    condition: Node | None
    """The name of its condition; Undecided when it stands for resources whose number can't be told."""
    metadata: Node | None
    deletion_policy: Node | None
    update_replace_policy: Node | None
    address: str


class Template(msgspec.Struct, frozen=True, eq=False):
    """One template, or one nested in another."""

    source: str
    prefix: str
    """What addresses begin with: "" in a root, `Resources.Network.` in the stack of that resource."""
    document: Document
    parameters: dict[str, Declared]
    mappings: dict[str, Mapping]
    conditions: dict[str, Node]
    rules: dict[str, Mapping]
    resources: dict[str, ResourceNode]
    outputs: dict[str, Mapping]
    globals: Mapping | None
    """What SAM adds to each resource of a type."""
    transforms: tuple[str, ...]
    macros: tuple[str, ...]
    """Those of the transforms that may rewrite every property of every resource."""
    hidden: tuple[str, ...]
    """Why there may be more in this template than can be read; nothing is known to be absent then."""
    known_reads: dict[int, tuple[Node, frozenset[Any]]] = msgspec.field(default_factory=dict)
    """What `reads` has found so far, by the id of the node."""
    known_conditions: dict[str, tuple[frozenset[Any], frozenset[str]]] = msgspec.field(default_factory=dict)
    """The same for conditions: what each reads by itself, and which others it names."""

    @property
    def is_serverless(self) -> bool:
        return any(name.startswith("AWS::Serverless-") for name in self.transforms)

    @property
    def is_closed(self) -> bool:
        """Whether every name that it uses stands in it."""
        return not (self.macros or self.hidden or self.is_serverless)


def read_template(
    document: Document, source: str, prefix: str = "", parameters: Parameters | None = None
) -> tuple[Template | None, list[Problem]]:
    """The template in a document; its Fn::ForEach loops are written out with the values of the parameters."""
    root = document.root
    if not isinstance(root, Mapping):
        return None, []
    problems: list[Problem] = []
    template = _Reader(document, source, prefix, problems).read(root)
    if LOOP not in document.text:
        return template, problems
    from s3audit.collectors.cloudformation.foreach import expand

    expanded, troubles = expand(template, root, parameters or Parameters())
    problems = troubles
    return _Reader(document, source, prefix, problems).read(expanded), problems


class _Reader:
    def __init__(self, document: Document, source: str, prefix: str, problems: list[Problem]) -> None:
        self.document = document
        self.source = source
        self.prefix = prefix
        self.problems = problems
        self.hidden: list[str] = []
        self.macros: list[str] = []

    def read(self, root: Mapping) -> Template:
        transforms = _transforms(root.get("Transform"))
        if "Resources" not in root.entries:
            self.report(root, "", "A template has a section Resources, and this one does not.")
        for name in (*transforms, *_transforms(root.get("Fn::Transform"))):
            if not name.startswith(_HARMLESS):
                self.macros.append(name)
        resources = self.section(root, "Resources")
        return Template(
            self.source,
            self.prefix,
            self.document,
            {name: declare(entry, name) for name, entry in self.mappings(root, "Parameters").items()},
            _values(self.mappings(root, "Mappings")),
            {name: entry.value for name, entry in self.section(root, "Conditions").items()},
            _values(self.mappings(root, "Rules")),
            {
                name: self.resource(name, entry.key, entry.value)
                for name, entry in resources.items()
                if self.is_mapping(entry, f"Resources.{name}") and isinstance(entry.value, Mapping)
            },
            _values(self.mappings(root, "Outputs")),
            found if isinstance(found := root.get("Globals"), Mapping) else None,
            transforms,
            tuple(dict.fromkeys(self.macros)),
            tuple(dict.fromkeys(self.hidden)),
        )

    def report(self, node: Node, address: str, message: str) -> None:
        self.problems.append(Problem(location(node, self.source, self.prefix + address), "partial", message))

    def section(self, root: Mapping, name: str) -> dict[str, Entry]:
        """The entries of a section, without its loops and macros."""
        entry = root.entries.get(name)
        if entry is None:
            return {}
        if not isinstance(entry.value, Mapping) or entry.value.tag:
            self.report(entry.key, name, f"The section {name} is no mapping of names, so it is not read.")
            self.hidden.append(f"the section {name} can't be read")
            return {}
        entries = entry.value.entries
        if not any(key.startswith("Fn::") for key in entries):
            return entries
        for key, inner in entries.items():
            if key == "Fn::Transform":
                names = _transforms(inner.value) or ("a macro",)
                self.hidden.append(f"{', '.join(names)} adds to the section {name}")
                if name == "Resources":  # an include adds to its neighbours, another macro may rewrite them
                    self.macros += [macro for macro in names if macro != "AWS::Include"]
            elif key.startswith(LOOP):
                self.hidden.append(f"{key} in the section {name} can't be written out")
        return {key: inner for key, inner in entries.items() if not key.startswith("Fn::")}

    def mappings(self, root: Mapping, name: str) -> dict[str, Entry]:
        """Those entries of a section that are mappings."""
        entries = self.section(root, name)
        return {key: entry for key, entry in entries.items() if self.is_mapping(entry, f"{name}.{key}")}

    def is_mapping(self, entry: Entry, address: str) -> bool:
        if isinstance(entry.value, Mapping):
            return True
        if entry.value.tag == UNREADABLE:  # its reader has said so
            self.hidden.append(f"{address} can't be read")
            return False
        self.report(entry.key, address, f"{address} is no mapping, so it is not read.")
        return False

    def resource(self, name: str, key: Scalar, node: Mapping) -> ResourceNode:
        address = f"Resources.{name}"
        kind = node.entries.get("Type")
        if kind is None:
            self.report(key, address, f"The resource {name} has no Type, so it is not read.")
        elif not isinstance(kind.value, Scalar) or kind.value.tag or is_null(kind.value):
            self.report(kind.key, f"{address}.Type", f"The Type of {name} is not a text, so it is not read.")
            kind = None
        properties = node.entries.get("Properties")
        body = None if properties is None else properties.value
        if properties is not None and is_null(properties.value):
            message = (
                f"The Properties of {name} are empty. CloudFormation refuses null: remove the key or fill it."
            )
            self.report(properties.key, f"{address}.Properties", message)
            body = None
        elif (
            properties is not None
            and isinstance(properties.value, Scalar | Sequence)
            and not properties.value.tag
        ):
            self.report(properties.key, f"{address}.Properties", f"The Properties of {name} are no mapping.")
        if (macro := node.get("Fn::Transform")) is not None:
            names = ", ".join(_transforms(macro)) or "a macro"
            body = undecided(macro, f"the macro {names} rewrites this resource")
        condition = node.get("Condition")
        if isinstance(condition, Undecided):
            self.hidden.append(condition.why)
        return ResourceNode(
            name,
            key,
            node,
            kind.value.value if kind is not None and isinstance(kind.value, Scalar) else "",
            body,
            condition,
            node.get("Metadata"),
            node.get("DeletionPolicy"),
            node.get("UpdateReplacePolicy"),
            f"{self.prefix}{address}",
        )


def _values(entries: dict[str, Entry]) -> dict[str, Mapping]:
    return {name: entry.value for name, entry in entries.items() if isinstance(entry.value, Mapping)}


def _transforms(node: Node | None) -> tuple[str, ...]:
    """The names in a Transform: a name, {Name, Parameters}, or a list of these."""
    if isinstance(node, Scalar):
        return () if is_null(node) else (canonical(node),)
    if isinstance(node, Mapping):
        return _transforms(node.get("Name"))
    if isinstance(node, Sequence):
        return tuple(name for item in node.items for name in _transforms(item))
    return ()
