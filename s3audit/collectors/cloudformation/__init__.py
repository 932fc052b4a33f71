"""CloudFormation: templates in YAML and JSON, SAM, and what the CDK writes."""

from collections.abc import Sequence

from s3audit.collectors.cloudformation.parameters import Parameters
from s3audit.collectors.cloudformation.stack import Stack, nest
from s3audit.collectors.cloudformation.template import read_template
from s3audit.collectors.cloudformation.worlds import StackWorld
from s3audit.collectors.documents.files import Collected, File, Options
from s3audit.collectors.documents.reader import read
from s3audit.location import Location
from s3audit.problem import Problem


def collect(files: Sequence[File], options: Options) -> Collected:
    """A world for each template that is no part of another one."""
    problems: list[Problem] = []
    parameters = Parameters(options.parameters)
    stacks: list[Stack] = []
    for file in files:
        documents, troubles = read(file.data, file.source, limit=options.max_size)
        problems.extend(troubles)
        for document in documents:
            template, troubles = read_template(document, file.source, "", parameters)
            problems.extend(troubles)
            if template is not None:
                problems.extend(parameters.refused_by(template))
                stacks.append(nest(template, file.path, options.fetch, problems))
    nested = {child.template.source for stack in stacks for child in stack.all() if child is not stack}
    roots = [stack for stack in stacks if stack.template.source not in nested]
    problems.extend(_unused(parameters, roots))
    worlds = [StackWorld(stack, parameters, all_scenarios=options.all_scenarios) for stack in roots]
    return Collected(worlds, problems)


def _unused(parameters: Parameters, roots: Sequence[Stack]) -> list[Problem]:
    """A Problem for each given value that no template knows: most likely its name is misspelled."""
    if not roots:
        return []
    return [
        Problem(Location(""), "partial", f"No scanned template has a parameter {name}; check the name given for it.")
        for name in parameters.unknown_to(stack.template for stack in roots)
    ]
