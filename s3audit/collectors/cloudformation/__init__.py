"""CloudFormation: templates in YAML and JSON, SAM, and what the CDK writes."""

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from s3audit.collectors.cloudformation.parameters import Parameters
from s3audit.collectors.cloudformation.stack import Library, Stack, nest, place, read_stack
from s3audit.collectors.cloudformation.worlds import StackWorld
from s3audit.collectors.documents.files import Collected, File, Options
from s3audit.collectors.documents.tree import Document
from s3audit.collectors.documents.tree import Mapping as Node
from s3audit.location import Location
from s3audit.problem import Problem


class _Root(msgspec.Struct, frozen=True):
    """A template as if it were deployed by itself."""

    stack: Stack
    parameters: Parameters
    problems: list[Problem]
    name: str
    """What its findings are known by: the file, and from its second document on which one."""


def collect(files: Sequence[File], options: Options) -> Collected:
    """A world for each template that is deployed by itself.

    One that another template nests, or that the manifest of a CDK assembly names, is judged through that one
    only, with what it passes to it, also where the user names its file.
    """
    library = Library(options)
    parameters = Parameters(options.parameters)
    problems: list[Problem] = []
    templates: list[tuple[Document, File]] = []
    manifests: list[tuple[Document, File]] = []
    for file in files:
        documents, troubles = library.documents(file)
        problems += troubles
        for document in documents:
            (manifests if _is_manifest(document) else templates).append((document, file))
    roots: list[_Root] = []
    if manifests:
        from s3audit.collectors.cloudformation.cdk import deployments

        found, troubles = deployments(manifests, library)
        problems += troubles
        for one in found:
            given = Parameters({**one.given, **options.parameters})
            roots += _root(one.document, one.file, given, library, options, one.uploaded)
        named = {place(one.file) for one in found}
        templates = [(document, file) for document, file in templates if place(file) not in named]
    for document, file in templates:
        roots += _root(document, file, parameters, library, options)
    roots = _outermost(roots, library)
    for root in roots:
        problems += root.problems
        problems += root.parameters.refused_by(root.stack.template)
    problems += _unused(parameters, roots)
    worlds = [
        StackWorld(root.stack, root.parameters, name=root.name, all_scenarios=options.all_scenarios)
        for root in roots
    ]
    return Collected(worlds, list(dict.fromkeys(problems)))


def _is_manifest(document: Document) -> bool:
    root = document.root
    return isinstance(root, Node) and "artifacts" in root.entries and "Resources" not in root.entries


def _root(
    document: Document,
    file: File,
    parameters: Parameters,
    library: Library,
    options: Options,
    uploaded: Mapping[str, str] | None = None,
) -> list[_Root]:
    """The stack of a document with those in it; nothing when it is no template."""
    stack, problems = read_stack(document, file, parameters)
    if stack is not None and stack.template.is_serverless and not options.all_scenarios:
        from s3audit.collectors.cloudformation.samconfig import configured

        values, troubles = configured(stack, library)
        if values:
            own = {name: value for name, value in values.items() if name not in parameters.overrides}
            parameters = Parameters(parameters.overrides, own)
            stack, problems = read_stack(document, file, parameters)
        problems = [*problems, *troubles]
    if stack is None:
        return []
    number = library.documents(file)[0].index(document) + 1
    name = file.source if number == 1 else f"{file.source}#{number}"
    return [_Root(stack, parameters, [*problems, *nest(stack, parameters, library, uploaded)], name)]


def _outermost(roots: list[_Root], library: Library) -> list[_Root]:
    """Those that none of the others nests; of templates that nest each other the first."""
    if not any(root.stack.children for root in roots):
        return roots
    inner = [{place(one.file) for one in root.stack.all() if one is not root.stack} for root in roots]
    # Only the first document of a file can be a nested template.
    own = [
        place(root.stack.file) if _is_first(root, library) else f"{root.stack.file.source}#{index}"
        for index, root in enumerate(roots)
    ]
    left = list(range(len(roots)))
    kept: list[int] = []
    while left:
        nested = Counter(one for index in left for one in inner[index])
        free = [index for index in left if not nested[own[index]]] or left[:1]
        kept += free
        covered = {one for index in free for one in inner[index]}
        left = [index for index in left if index not in free and own[index] not in covered]
    return [roots[index] for index in sorted(kept)]


def _is_first(root: _Root, library: Library) -> bool:
    documents, _ = library.documents(root.stack.file)
    return root.stack.template.document is documents[0]


def _unused(parameters: Parameters, roots: Sequence[_Root]) -> list[Problem]:
    """A Problem for each given value that no template knows: most likely its name is misspelled."""
    if not roots or not parameters.overrides:
        return []
    inner = {name for root in roots for stack in root.stack.all() for name in stack.template.parameters}
    problems: list[Problem] = []
    for name in parameters.unknown_to(root.stack.template for root in roots):
        said = f"No scanned template has a parameter {name}; check the name given for it."
        if name in inner:
            said = (
                f"Only nested stacks have a parameter {name}, and they get it from the template around them."
            )
        problems.append(Problem(Location(""), "partial", said))
    return problems
