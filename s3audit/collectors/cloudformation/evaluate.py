"""What the expressions of a template come to, as far as its text and its parameters tell."""

from collections.abc import Callable, Mapping

import msgspec

from s3audit.collectors.cloudformation import physical
from s3audit.collectors.cloudformation.conditions import Answer, Conditions
from s3audit.collectors.cloudformation.functions import FUNCTIONS
from s3audit.collectors.cloudformation.parameters import OF_THE_STACK, PSEUDO, Parameters, Value, partition_of
from s3audit.collectors.cloudformation.produced import (
    as_text,
    both,
    canonical,
    from_text,
    missing,
    open_end,
    sequence,
    undecided,
    without_references,
)
from s3audit.collectors.cloudformation.template import LOOP, ResourceNode, Template
from s3audit.collectors.documents import tree
from s3audit.collectors.documents.resolved import Missing, Partial, Resolved, Undecided
from s3audit.collectors.documents.tree import UNREADABLE, Node, Scalar, Sequence, location
from s3audit.problem import Problem
from s3audit.text import Opaque, Text, text

MAX_DEPTH = 60
"""Functions and conditions that may stand in one another."""

_ABSENT = Resolved(Node(0, 0, tree.NO_LINES))

Assignment = Mapping[str, str | Opaque]
"""The values that a scenario gives to parameters; an Opaque is any value but some."""

Outputs = Callable[[str, str], Resolved | None]
"""The output of a nested stack, by the stack's logical id and the output's name; None when it is not told."""


class Member(msgspec.Struct, frozen=True):
    """An entry of a mapping, its value resolved."""

    key: Scalar
    value: Resolved


class Evaluator:
    """Resolves the nodes of one template under one assignment; each function is computed once."""

    __slots__ = (
        "_depth",
        "_done",
        "_references",
        "_values",
        "assignment",
        "conditions",
        "outputs",
        "parameters",
        "problems",
        "supposed",
        "template",
    )

    def __init__(
        self,
        template: Template,
        parameters: Parameters,
        assignment: Assignment | None = None,
        outputs: Outputs | None = None,
        around: Assignment | None = None,
    ) -> None:
        self.template = template
        self.parameters = parameters
        self.assignment: Assignment = assignment or {}
        self.supposed: Assignment = {**(around or {}), **_supposed(template, self.assignment)}
        """By origin: what is tried only because something is compared with it. `around` is that of the parent."""
        self.outputs = outputs
        self.conditions = Conditions(self)
        self.problems: dict[Problem, None] = {}
        """What was met so far that no template should have."""
        self._depth = 0
        # None stands for one that is being computed: whoever asks for it goes round in a circle.
        self._done: dict[int, Resolved | None] = {}
        self._references: dict[tuple[str, str], tuple[Text, str]] = {}
        self._values: dict[str, Value] = {}

    def resolve(self, node: Node) -> Resolved:
        """A node whose head is no expression any more; its children are as written."""
        tag = node.tag
        if isinstance(node, Scalar):
            if not tag:
                if "{{resolve:" in node.value:
                    return Resolved(from_text(node, as_text(node.value)))
                return Resolved(node)
            if tag == UNREADABLE:
                return open_end(node, "it could not be read")
            return self._call(tag, node, node, id(node))
        if isinstance(node, tree.Mapping):
            if tag:
                return self._call(tag, node, node, id(node))
            return self.mapping(node)
        if isinstance(node, Sequence) and tag:
            return self._call(tag, node, node, id(node))
        return Resolved(node)

    def mapping(self, node: tree.Mapping) -> Resolved:
        """A mapping without regard to its tag: a function in the long form, or itself."""
        entries = node.entries
        if len(entries) == 1:
            for name, entry in entries.items():
                if name == "Ref" or name.startswith("Fn::"):
                    # The node may be the argument of the function in its tag: the entry stands for this one.
                    return self._call(name, entry.value, node, id(entry))
        else:
            for name in entries:
                if "Fn::" in name and name.startswith("Fn::"):  # the first half alone decides sooner
                    return open_end(node, _mixed(name))
        if "<<" in entries and entries["<<"].key.plain:
            return open_end(node, "a part of it is merged from elsewhere and could not be read")
        return Resolved(node)

    def _call(self, name: str, argument: Node, node: Node, key: int) -> Resolved:
        done = self._done.get(key, _ABSENT)
        if done is None:
            return open_end(node, "it refers to itself")
        if done is not _ABSENT:
            return done
        function = FUNCTIONS.get(name)
        if function is None:
            return open_end(node, _unsupported(name))
        if self._depth >= MAX_DEPTH:
            return open_end(node, "its functions are nested too deeply")
        self._done[key] = None
        self._depth += 1
        try:
            result = function(self, argument, node)
        finally:
            self._depth -= 1
        self._done[key] = result
        return result

    def deeper(self) -> bool:
        """Count a level of conditions in conditions; False at the bottom."""
        self._depth += 1
        return self._depth <= MAX_DEPTH

    def higher(self) -> None:
        self._depth -= 1

    def operand(self, argument: Node, node: Node) -> Resolved:
        """The whole argument of a function; in the short form as written, its tag being the function."""
        if argument is not node:
            return self.resolve(argument)
        return self.mapping(argument) if isinstance(argument, tree.Mapping) else Resolved(argument)

    def arguments(self, argument: Node, node: Node) -> list[Node] | None:
        """The arguments of a function that takes a list of them; None when it has no list."""
        head = self.operand(argument, node).node
        return head.items if isinstance(head, Sequence) else None

    def text(self, node: Node) -> tuple[Text | Undecided, str]:
        """A node as a string."""
        resolved = self.resolve(node)
        return self.as_text(resolved.node, resolved.via)

    def as_text(self, head: Node, via: str = "") -> tuple[Text | Undecided, str]:
        """A resolved node as a string."""
        if isinstance(head, Scalar):
            literal = canonical(head)
            return (Text((literal,)) if literal else Text()), via
        if isinstance(head, Partial):
            return head.text, via
        if isinstance(head, Undecided):
            return head, via
        what = "nothing (AWS::NoValue)" if isinstance(head, Missing) else "no text"
        return undecided(head, f"a text is expected, and this is {what}"), via

    def items(self, node: Node) -> list[Resolved] | Undecided:
        """The elements of a list, each resolved; those that are AWS::NoValue are not there."""
        resolved = self.resolve(node)
        head, via = resolved.node, resolved.via
        if isinstance(head, Undecided):
            return head
        if not isinstance(head, Sequence):
            return undecided(head, "a list is expected here")
        found: list[Resolved] = []
        for item in head.items:
            resolved = self.resolve(item)
            if not isinstance(resolved.node, Missing):
                found.append(Resolved(resolved.node, both(resolved.via, via)) if via else resolved)
        return found

    def entries(self, node: Node) -> dict[str, Member] | Undecided:
        """The entries of a mapping, each resolved; those that are AWS::NoValue are not there."""
        resolved = self.resolve(node)
        head, via = resolved.node, resolved.via
        if isinstance(head, Undecided):
            return head
        if not isinstance(head, tree.Mapping):
            return undecided(head, "a mapping is expected here")
        found: dict[str, Member] = {}
        for name, entry in head.entries.items():
            resolved = self.resolve(entry.value)
            if not isinstance(resolved.node, Missing):
                value = Resolved(resolved.node, both(resolved.via, via)) if via else resolved
                found[name] = Member(entry.key, value)
        return found

    def property(self, resource: ResourceNode, name: str) -> Resolved:
        """A property of a resource; Missing when it is not written."""
        if resource.properties is None:
            return missing(resource.key)
        resolved = self.resolve(resource.properties)
        head, via = resolved.node, resolved.via
        if isinstance(head, Undecided):
            return Resolved(head, via)
        entry = head.entries.get(name) if isinstance(head, tree.Mapping) else None
        if entry is None:
            return Resolved(missing(resource.key).node, via)
        resolved = self.resolve(entry.value)
        return Resolved(resolved.node, both(resolved.via, via))

    def exists(self, resource: ResourceNode) -> Answer:
        """Whether a resource is created."""
        return self.conditions.governs(resource.condition)

    def value(self, name: str) -> Value | None:
        """The value of a parameter or pseudo parameter; None when there is none of this name."""
        known = self._values.get(name)
        if known is None:
            found = self._value(name)
            if found is None:
                return None
            self._values[name] = known = found
        return known

    def deciding(self, known: Text) -> Text:
        """A text where something is decided by what it is.

        A parameter without a value is taken to be one of those it is compared with there, or none. That it is compared
        with a value does not say that somebody will give it that one, so where it is used itself it stays what it is.
        """
        supposed = self.supposed
        if not supposed or not any(part.origin in supposed for part in known.opaque):
            return known
        return text(
            *(supposed.get(part.origin, part) if isinstance(part, Opaque) else part for part in known.parts)
        )

    def _value(self, name: str) -> Value | None:
        declared = self.template.parameters.get(name)
        is_supposed = self.template.prefix + name in self.supposed
        if not is_supposed and (assumed := self.assignment.get(name)) is not None:
            return Value(Text((assumed,)) if isinstance(assumed, Opaque) else as_text(assumed))
        if declared is not None:
            return self.parameters.value(declared, self.template.prefix)
        return self._pseudo(name) if name in PSEUDO else None

    def _pseudo(self, name: str) -> Value:
        given = self.parameters.pseudo(name)
        if given is not None:
            return given
        if name == "AWS::NotificationARNs":
            return Value(None, "", "the topics of the stack are not known")
        if name in ("AWS::Partition", "AWS::URLSuffix"):
            region = self.pseudo("AWS::Region").literal
            if region is not None and (partition := partition_of(region)) is not None:
                return Value(as_text(partition[name == "AWS::URLSuffix"]))
        prefix = self.template.prefix if name in OF_THE_STACK else ""
        return Value(Text((Opaque(prefix + name, given=True),)))

    def pseudo(self, name: str) -> Text:
        """AWS::Region and its like as a text."""
        value = self.value(name)
        return value.head if value is not None and isinstance(value.head, Text) else Text((Opaque(name),))

    def parameter(self, name: str, at: Node) -> Resolved | None:
        """A reference to a parameter, in the place of the reference; None when there is no such parameter."""
        value = self.value(name)
        if value is None:
            return None
        head = value.head
        if head is None:
            return Resolved(undecided(at, value.why), value.via)
        if isinstance(head, Text):
            return Resolved(from_text(at, head), value.via)
        return Resolved(sequence(at, [from_text(at, item) for item in head]), value.via)

    def reference(self, resource: ResourceNode, attribute: str) -> tuple[Text, str]:
        """What Ref (the attribute "") or Fn::GetAtt of a resource gives."""
        key = (resource.logical_id, attribute)
        known = self._references.get(key)
        if known is None:
            self._references[key] = known = physical.reference(self, resource, attribute)
        return known

    def produce(self, at: Node, value: Text, via: str) -> Resolved:
        """A computed string."""
        return Resolved(from_text(at, without_references(value)), via)

    def complain(self, node: Node, message: str) -> None:
        """Note what CloudFormation would refuse; where a name may come from elsewhere it is no problem."""
        if self.template.is_closed:
            self.problems[Problem(location(node, self.template.source), "partial", message)] = None


def _supposed(template: Template, assignment: Assignment) -> Assignment:
    return {
        template.prefix + name: chosen
        for name, chosen in assignment.items()
        if (declared := template.parameters.get(name)) is not None and declared.allowed is None
    }


def _mixed(name: str) -> str:
    if name == "Fn::Transform":
        return "a macro rewrites it"
    if name.startswith(LOOP):
        return f"{name} can't be written out"
    return f"{name} stands beside other keys, where CloudFormation does not allow it"


def _unsupported(name: str) -> str:
    if name.startswith(LOOP):
        return f"{name} can't be written out"
    return f"{name} is no function that is understood here"
