"""CloudFormation: templates in YAML and JSON, SAM, and what the CDK writes."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from s3audit.collectors.cloudformation.parameters import Parameters
from s3audit.collectors.cloudformation.stack import Library, Stack, nest, place, read_stack
from s3audit.collectors.cloudformation.worlds import StackWorld
from s3audit.collectors.documents.files import Collected, File, Options
from s3audit.collectors.documents.tree import Document, Mapping
from s3audit.location import Location
from s3audit.problem import Problem


class _Root(NamedTuple):
    """A template that may be deployed by itself."""

    stack: Stack
    parameters: Parameters
    problems: list[Problem]
    place: str


def collect(files: Sequence[File], options: Options) -> Collected:
    """A world for each template that is deployed by itself.

    One that another template nests, or that the manifest of a CDK assembly names, is judged through that one
    only, with what it passes to it, also where the user names its file.
    """
    problems: list[Problem] = []
    library = Library(options)
    manifests: list[tuple[File, Document]] = []
    templates: list[tuple[File, Document, int]] = []
    for file in files:
        documents, troubles = library.documents(file)
        problems.extend(troubles)
        for index, document in enumerate(documents):
            if _is_manifest(document):
                manifests.append((file, document))
            else:
                templates.append((file, document, index))
    roots: list[_Root] = []
    if manifests:
        from s3audit.collectors.cloudformation.cdk import deployed

        stacks, troubles = deployed(manifests, library)
        problems.extend(troubles)
        for one in stacks:
            roots += _root(one.file, one.document, 0, {**one.given, **options.parameters}, library, options)
        named = {place(one.file) for one in stacks}
        templates = [(file, document, index) for file, document, index in templates if place(file) not in named]
    for file, document, index in templates:
        roots += _root(file, document, index, options.parameters, library, options)
    roots = _outermost(roots)
    for root in roots:
        problems.extend(root.problems)
        problems.extend(root.parameters.refused_by(root.stack.template))
    problems.extend(_unused(Parameters(options.parameters), roots))
    worlds = [StackWorld(root.stack, root.parameters, all_scenarios=options.all_scenarios) for root in roots]
    return Collected(worlds, list(dict.fromkeys(problems)))
