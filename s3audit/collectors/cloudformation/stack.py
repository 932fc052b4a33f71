"""A template with the templates nested in it, and how values pass between them."""

import os
from collections.abc import Iterator
from collections.abc import Mapping as Map

from s3audit.collectors.cloudformation.evaluate import Assignment, Evaluator
from s3audit.collectors.cloudformation.parameters import Parameters
from s3audit.collectors.cloudformation.template import ResourceNode, Template, read_template
from s3audit.collectors.documents.files import File, Options
from s3audit.collectors.documents.reader import read
from s3audit.collectors.documents.resolved import Missing, Partial, Resolved, Undecided
from s3audit.collectors.documents.tree import Document, Mapping, Node, Scalar, location
from s3audit.problem import Problem
from s3audit.text import Text
from s3audit.verdict import Status

NESTED = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
"""Resource types that are stacks of their own, and the property that says where their template is."""

_MOST_LEVELS = 10
_MOST_STACKS = 500
_REMOTE = ("http://", "https://", "s3://")


class Library:
    """The documents of the scanned files and of those they refer to, each read once."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._fetched: dict[str, File | None] = {}
        self._read: dict[str, tuple[list[Document], list[Problem]]] = {}

    def fetch(self, folder: str, path: str) -> File | None:
        """The file at a path that starts from a folder."""
        target = os.path.normpath(os.path.join(folder, path))
        if target not in self._fetched:
            self._fetched[target] = self._options.fetch(target)
        return self._fetched[target]

    def documents(self, file: File) -> tuple[list[Document], list[Problem]]:
        if file.source not in self._read:
            self._read[file.source] = read(file.data, file.source, limit=self._options.max_size)
        return self._read[file.source]


def place(file: File) -> str:
    """Where a file is, whatever links lead to it; its name when it came from no file."""
    return os.path.realpath(file.path) if file.path else file.source


class Stack:
    """One template in its place: a root, or the stack of a resource of another one."""

    def __init__(self, template: Template, file: File) -> None:
        self.template = template
        self.file = file
        self.children: dict[str, Stack] = {}
        """By the logical id of their resource."""

    def evaluation(self, parameters: Parameters, assignment: Assignment | None = None) -> "Evaluation":
        return Evaluation(self, parameters, assignment)

    def all(self) -> "Iterator[Stack]":
        """This stack and those nested in it."""
        yield self
        for child in self.children.values():
            yield from child.all()


class Evaluation:
    """A stack under given parameters: its evaluator, and those of the stacks in it, made when asked for."""

    def __init__(
        self,
        stack: Stack,
        parameters: Parameters,
        assignment: Assignment | None = None,
        around: Assignment | None = None,
    ) -> None:
        self.stack = stack
        self.evaluator = Evaluator(stack.template, parameters, assignment, self._output, around)
        self._children: dict[str, Evaluation] = {}

    def child(self, logical_id: str) -> "Evaluation | None":
        """The evaluation of a nested stack with what its parent passes to it."""
        if logical_id not in self.stack.children:
            return None
        if logical_id not in self._children:
            passed = self.passed(self.stack.template.resources[logical_id])
            child, supposed = self.stack.children[logical_id], self.evaluator.supposed
            self._children[logical_id] = Evaluation(child, passed, around=supposed)
        return self._children[logical_id]

    def passed(self, resource: ResourceNode) -> Parameters:
        """What a resource that is a stack passes to the template of that stack."""
        return self.evaluator.parameters.within(resource, self.evaluator)

    def _output(self, logical_id: str, name: str) -> Resolved | None:
        try:
            child = self.child(logical_id)
            output = None if child is None else child.stack.template.outputs.get(name)
            value = None if output is None else output.get("Value")
            return None if child is None or value is None else child.evaluator.resolve(value)
        except RecursionError:  # stacks that pass values on to one another in a chain without end
            return None


def read_stack(
    document: Document, file: File, parameters: Parameters, prefix: str = ""
) -> tuple[Stack | None, list[Problem]]:
    """The stack of a template, without those nested in it; None when it is no template."""
    template, problems = read_template(document, file.source, prefix, parameters)
    if template is None:
        return None, problems
    if template.is_serverless:
        from s3audit.collectors.cloudformation.sam import lowered

        template = lowered(template, problems)
    return Stack(template, file), problems


def nest(
    stack: Stack, parameters: Parameters, library: Library, uploaded: Map[str, str] | None = None
) -> list[Problem]:
    """Give a root the stacks that its resources name by a local path, and those theirs.

    `uploaded` are the local paths of files that are named by the URL they will have, by the end of that URL.
    """
    if not any(resource.type in NESTED for resource in stack.template.resources.values()):
        return []
    nesting = _Nesting(library, uploaded or {})
    nesting.fill(stack, parameters, (stack.file,))
    return nesting.problems


class _NoTemplateError(Exception):
    """Why the template of a nested stack is not read, and where that shows."""

    def __init__(self, node: Node, why: str) -> None:
        super().__init__(why)
        self.node = node


class _Nesting:
    """The stacks nested in one root."""

    def __init__(self, library: Library, uploaded: Map[str, str]) -> None:
        self.library = library
        self.uploaded = uploaded
        self.problems: list[Problem] = []
        self.left = _MOST_STACKS

    def fill(self, stack: Stack, parameters: Parameters, above: tuple[File, ...]) -> None:
        evaluation = stack.evaluation(parameters)
        source = stack.template.source
        for resource in stack.template.resources.values():
            if resource.type not in NESTED:
                continue
            try:
                stack.children[resource.logical_id] = self.child(resource, evaluation, above)
            except _NoTemplateError as error:
                at = location(error.node, source, f"{resource.address}.Properties.{NESTED[resource.type]}")
                said = f"The nested stack {resource.logical_id} {error}; what it declares is not judged."
                self.problems.append(Problem(at, "partial", said))

    def child(self, resource: ResourceNode, evaluation: Evaluation, above: tuple[File, ...]) -> Stack:
        node, path = _template_path(resource, evaluation, self.uploaded)
        around = evaluation.stack.file
        if not around.path:
            why = f"has the template {path} beside this one, which came from no file. Scan it by its path"
            raise _NoTemplateError(node, why)
        file = self.library.fetch(os.path.dirname(around.path), path)
        if file is None:
            why = (
                f"has the template {path}, which is missing or in no scanned folder. Scan the folder of both"
            )
            raise _NoTemplateError(node, why)
        self.check(node, file, above)
        documents, troubles = self.library.documents(file)
        self.problems += troubles
        passed = evaluation.passed(resource)
        stack = None
        if documents:
            stack, troubles = read_stack(documents[0], file, passed, f"{resource.address}.")
            self.problems += troubles
        if stack is None:
            raise _NoTemplateError(
                node, f"has the file {file.source} for a template, and it can't be read as one"
            )
        self.fill(stack, passed, (*above, file))
        return stack

    def check(self, node: Node, file: File, above: tuple[File, ...]) -> None:
        """Refuse what would never end."""
        places = [place(one) for one in above]
        if place(file) in places:
            circle = above[places.index(place(file)) :]
            chain = " in ".join(one.source for one in (file, *reversed(circle)))
            raise _NoTemplateError(
                node, f"has a template that is nested in itself ({chain}). Break the circle"
            )
        if len(above) > _MOST_LEVELS:
            raise _NoTemplateError(node, f"is too deep: no more than {_MOST_LEVELS} levels are read")
        if not self.left:
            raise _NoTemplateError(node, f"is one too many: no more than {_MOST_STACKS} in a stack are read")
        self.left -= 1


def _template_path(
    resource: ResourceNode, evaluation: Evaluation, uploaded: Map[str, str]
) -> tuple[Node, str]:
    """The local path of a nested stack's template, and the node that tells it."""
    if isinstance(resource.metadata, Mapping):  # what the CDK will upload
        asset, of = resource.metadata.get("aws:asset:path"), resource.metadata.get("aws:asset:property")
        if isinstance(asset, Scalar) and isinstance(of, Scalar) and of.value == "TemplateURL":
            return asset, asset.value
    name = NESTED[resource.type]
    node = evaluation.evaluator.property(resource, name).node
    entry = resource.properties.entries.get(name) if isinstance(resource.properties, Mapping) else None
    key = resource.key if entry is None else entry.key
    match node:
        case Scalar(value=path) if path and not path.startswith(_REMOTE):
            return node, path
        case Scalar(value=told) if told:
            url = Text((told,))
        case Partial(text=url):
            pass
        case Undecided(why=why):
            raise _NoTemplateError(key, f"has a template that can't be told: {why}")
        case Mapping():
            raise _NoTemplateError(key, "is an application of a repository, where a scan of files can't look")
        case _:
            raise _NoTemplateError(
                key, f"has no {name}" if isinstance(node, Missing) else f"has no path as {name}"
            )
    local = uploaded.get(str(url).rpartition("/")[2])
    if local is not None:
        return key, local
    if url.starts_with("http") is Status.PASS or url.starts_with("s3:") is Status.PASS:
        raise _NoTemplateError(key, f"has its template at {url}, where a scan of files can't look")
    raise _NoTemplateError(
        key, f"has the template {url}, which is not told. Give it with --parameter KEY=VALUE"
    )
