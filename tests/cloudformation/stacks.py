"""Templates in, evaluated values out: what the tests of the evaluation share."""

from collections.abc import Mapping as Map
from textwrap import dedent

from s3audit.collectors.cloudformation.evaluate import Assignment, Evaluator, Outputs
from s3audit.collectors.cloudformation.parameters import Parameters
from s3audit.collectors.cloudformation.produced import canonical
from s3audit.collectors.cloudformation.template import Template, read_template
from s3audit.collectors.documents.reader import read
from s3audit.collectors.documents.resolved import Missing, Partial, Resolved, Undecided
from s3audit.collectors.documents.tree import Mapping, Node, Scalar, Sequence
from s3audit.problem import Problem

SOURCE = "t.yaml"


def parsed(
    text: str, parameters: Map[str, str] | None = None, prefix: str = ""
) -> tuple[Template, list[Problem]]:
    """The template in a text, and every problem with it."""
    documents, problems = read(dedent(text).lstrip("\n").encode(), SOURCE)
    template, troubles = read_template(documents[0], SOURCE, prefix, Parameters(parameters))
    assert template is not None
    return template, [*problems, *troubles]


def template_of(text: str, parameters: Map[str, str] | None = None) -> Template:
    """The template in a text that has nothing wrong with it."""
    template, problems = parsed(text, parameters)
    assert problems == []
    return template


def evaluator_of(
    text: str,
    parameters: Map[str, str] | None = None,
    assignment: Assignment | None = None,
    outputs: Outputs | None = None,
) -> Evaluator:
    return Evaluator(template_of(text, parameters), Parameters(parameters), assignment, outputs)


def output(evaluator: Evaluator, name: str) -> Resolved:
    """The Value of an output, resolved."""
    value = evaluator.template.outputs[name].get("Value")
    assert value is not None
    return evaluator.resolve(value)


def shown(evaluator: Evaluator, node: Node) -> object:
    """A node and all below it: texts with their opaque parts, lists, dicts; `?why` for what is not told."""
    head = evaluator.resolve(node).node
    match head:
        case Scalar():
            return canonical(head)
        case Partial(text=text):
            return str(text)
        case Undecided(why=why):
            return f"?{why}"
        case Missing():
            return None
        case Sequence():
            items = evaluator.items(head)
            assert not isinstance(items, Undecided)
            return [shown(evaluator, item.node) for item in items]
        case Mapping():
            entries = evaluator.entries(head)
            assert not isinstance(entries, Undecided)
            return {name: shown(evaluator, member.value.node) for name, member in entries.items()}
        case other:
            raise AssertionError(type(other))


def value(text: str, parameters: Map[str, str] | None = None, assignment: Assignment | None = None) -> object:
    """What the output `It` of a template comes to."""
    evaluator = evaluator_of(text, parameters, assignment)
    node = evaluator.template.outputs["It"].get("Value")
    assert node is not None
    return shown(evaluator, node)


def place(node: Node) -> tuple[int, int, int, int]:
    return node.line, node.column, node.end_line, node.end_column
