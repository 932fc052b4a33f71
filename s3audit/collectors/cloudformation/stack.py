"""A template with the templates nested in it, and how values pass between them."""

import posixpath
from collections.abc import Callable, Iterator

from s3audit.collectors.cloudformation.evaluate import Assignment, Evaluator
from s3audit.collectors.cloudformation.parameters import Parameters
from s3audit.collectors.cloudformation.template import ResourceNode, Template, read_template
from s3audit.collectors.documents.files import File
from s3audit.collectors.documents.reader import read
from s3audit.collectors.documents.resolved import Resolved
from s3audit.collectors.documents.tree import Mapping, Node, Scalar, location
from s3audit.problem import Problem

NESTED = {
    "AWS::CloudFormation::Stack": ("TemplateURL",),
    "AWS::Serverless::Application": ("Location",),
}
"""Resource types that are stacks of their own, and the property that says where their template is."""

_MOST_LEVELS = 10
_REMOTE = ("http://", "https://", "s3://")

Fetch = Callable[[str], File | None]


class Stack:
    """One template in its place: a root, or the stack of a resource of another one."""

    def __init__(self, template: Template, path: str, children: "dict[str, Stack]") -> None:
        self.template = template
        self.path = path
        """Where its file lies; the paths in it are relative to that."""
        self.children = children

    def evaluation(self, parameters: Parameters, assignment: Assignment | None = None) -> "Evaluation":
        return Evaluation(self, parameters, assignment)

    def all(self) -> "Iterator[Stack]":
        """This stack and those nested in it."""
        yield self
        for child in self.children.values():
            yield from child.all()


class Evaluation:
    """A stack under given parameters: its evaluator, and those of the stacks in it, made when asked for."""

    def __init__(self, stack: Stack, parameters: Parameters, assignment: Assignment | None = None) -> None:
        self.stack = stack
        self.evaluator = Evaluator(stack.template, parameters, assignment, self._output)
        self._children: dict[str, Evaluation] = {}

    def child(self, logical_id: str) -> "Evaluation | None":
        """The evaluation of a nested stack with what its parent passes to it."""
        if logical_id not in self.stack.children:
            return None
        if logical_id not in self._children:
            resource = self.stack.template.resources[logical_id]
            passed = self.evaluator.parameters.within(resource, self.evaluator)
            self._children[logical_id] = Evaluation(self.stack.children[logical_id], passed)
        return self._children[logical_id]

    def _output(self, logical_id: str, name: str) -> Resolved | None:
        child = self.child(logical_id)
        if child is None:
            return None
        output = child.stack.template.outputs.get(name)
        value = None if output is None else output.get("Value")
        return None if value is None else child.evaluator.resolve(value)


def nest(template: Template, path: str, fetch: Fetch, problems: list[Problem], level: int = 0) -> Stack:
    """A stack with the templates that it names by a local path."""
    children: dict[str, Stack] = {}
    for resource in template.resources.values():
        if resource.type not in NESTED:
            continue
        child = _child(resource, template, path, fetch, problems, level)
        if child is not None:
            children[resource.logical_id] = child
    return Stack(template, path, children)


def local_template(resource: ResourceNode) -> tuple[Node, str] | None:
    """The local path of a nested stack's template, and where it is written."""
    asset = resource.metadata.get("aws:asset:path") if isinstance(resource.metadata, Mapping) else None
    if isinstance(asset, Scalar):
        return asset, asset.value
    if not isinstance(resource.properties, Mapping):
        return None
    for name in NESTED[resource.type]:
        node = resource.properties.get(name)
        if isinstance(node, Scalar) and not node.tag and not node.value.startswith(_REMOTE):
            return node, node.value
    return None


def _child(
    resource: ResourceNode, template: Template, path: str, fetch: Fetch, problems: list[Problem], level: int
) -> Stack | None:
    found = local_template(resource)
    if found is None:
        return None
    node, relative = found
    at = location(node, template.source, resource.address)
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), relative))
    file = fetch(target) if path else None
    if file is None or level >= _MOST_LEVELS:
        why = "is not among the scanned files" if file is None else f"is nested more than {_MOST_LEVELS} levels deep"
        said = f"The template {relative} of the nested stack {resource.logical_id} {why}, so what it declares is not judged."
        problems.append(Problem(at, "partial", said))
        return None
    documents, troubles = read(file.data, file.source)
    problems.extend(troubles)
    if not documents:
        return None
    prefix = f"{resource.address}."
    nested, troubles = read_template(documents[0], file.source, prefix)
    problems.extend(troubles)
    return None if nested is None else nest(nested, file.path, fetch, problems, level + 1)
