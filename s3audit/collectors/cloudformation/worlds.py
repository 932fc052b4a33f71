"""The ways a stack may turn out, asked for one resource at a time: only what it reads and refers to is varied."""

import gc
import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

from s3audit.collectors.cloudformation.build import estate_of
from s3audit.collectors.cloudformation.parameters import PSEUDO, Parameters
from s3audit.collectors.cloudformation.scenarios import Read, Scenario, Unbounded, reads, scenarios, through
from s3audit.collectors.cloudformation.stack import Stack
from s3audit.collectors.cloudformation.tables import TYPES
from s3audit.collectors.cloudformation.template import ResourceNode, Template
from s3audit.collectors.documents import tree
from s3audit.collectors.documents.tree import Node, Scalar
from s3audit.location import Location
from s3audit.model.estate import Estate
from s3audit.model.world import Case
from s3audit.problem import Problem
from s3audit.text import Opaque

KIND = "cloudformation"
_WORDS = re.compile(r"[A-Za-z0-9]+")
_NAMES = ("BucketName", "Name", "TableBucketName", "VectorBucketName")
_MOST_MENTIONS = 20_000
_MOST_MADE = 40_000
"""Resources that are made again for the scenarios of one template."""
_MOST_KEPT = 128
"""Estates that are kept in case another resource needs the same ones."""
_VARIABLE = re.compile(r"\$\{[^}]*\}")
_EVERYWHERE = "AWS::CloudTrail::"
"""Types that may speak of every bucket without a word about it."""


Reads = frozenset[Read]


class StackWorld:
    """A root stack; its estate leaves open what can't be decided, its cases decide it."""

    def __init__(self, stack: Stack, parameters: Parameters, *, name: str, all_scenarios: bool) -> None:
        self.source = name
        self.kind = KIND
        self.stack = stack
        self.parameters = parameters
        self.all_scenarios = all_scenarios
        self.problems: list[Problem] = []
        self._estates: dict[tuple[tuple[str, str | Opaque], ...], Estate] = {}
        self._scenarios: dict[Reads, Sequence[Scenario] | Unbounded] = {}
        self._left = _MOST_MADE
        self._relations: dict[str, _Relations] = {}

    @cached_property
    def estate(self) -> Estate:
        return estate_of(self.stack.evaluation(self.parameters))

    def cases(self, address: str) -> Sequence[Case]:
        """The scenarios of the parameters that this resource and what it refers to depend on."""
        if self._may_vary:
            # An address is `Resources.Network.Resources.Logs`: every second word is a logical id.
            for wanted in self._relevant(self.stack, address.split(".")[1::2]):
                if (found := self._decided(wanted)) is not None:
                    return found
        return (Case((), self.estate),)

    @cached_property
    def _may_vary(self) -> bool:
        """Whether there may be any parameter whose values matter; quick to say no, and wrong only in saying yes."""
        template, given = self.stack.template, self.parameters
        if self.all_scenarios:
            return True
        undecided = {name for name in PSEUDO if given.pseudo(name) is None}
        for declared in template.parameters.values():
            if declared.default is None and not given.gives(declared.name):
                if declared.allowed is not None:
                    return True
                undecided.add(declared.name)
        if self.stack.children:
            texts = [stack.template.document.text for stack in self.stack.all()]
            return any(name in text for name in undecided for text in texts)
        compared = (read for node in template.conditions.values() for read in reads(template, node))
        return any(read.name in undecided for read in compared) or _looked_up(
            template.document.text, undecided
        )

    def _decided(self, wanted: Reads) -> Sequence[Case] | None:
        """The cases of these parameters; None when there are too many."""
        if wanted not in self._scenarios:
            self._scenarios[wanted] = scenarios(
                self.stack.template, self.parameters, wanted, all_scenarios=self.all_scenarios
            )
        found = self._scenarios[wanted]
        if isinstance(found, Unbounded) or not self._affords(found):
            return None
        return tuple(Case(one.when, self._estate_of(one)) for one in found)

    def _affords(self, found: Sequence[Scenario]) -> bool:
        """Whether these estates are there, or may still be made: each of them is the whole stack once more."""
        missing = sum(1 for one in found if _key(one) not in self._estates)
        if missing * len(self.estate) <= self._left:
            return True
        if not self.problems:
            said = "This template can turn out in so many ways that not all were tried; some verdicts are unknown."
            self.problems.append(Problem(Location(self.stack.template.source), "partial", said))
        return False

    def _estate_of(self, scenario: Scenario) -> Estate:
        key = _key(scenario)
        if not key:
            return self.estate
        if key not in self._estates:
            self._left -= len(self.estate)
            if len(self._estates) >= _MOST_KEPT:
                self._estates.clear()
                gc.collect()  # they go round in circles, and the command switches the collector off
            self._estates[key] = estate_of(self.stack.evaluation(self.parameters, scenario.assignment))
        return self._estates[key]

    def _relevant(self, stack: Stack, path: Sequence[str]) -> tuple[Reads, Reads]:
        """What decides about a resource, what it refers to and what refers to it; and about the first two only.

        Said in terms of the parameters of this stack's own template.
        """
        prefix = stack.template.prefix
        if prefix not in self._relations:
            self._relations[prefix] = _Relations(stack)
        relations = self._relations[prefix]
        around, near = relations.around(path[0])
        child = stack.children.get(path[0])
        if child is None or len(path) == 1:
            return relations.reads(around), relations.reads(near)
        inner_around, inner_near = self._relevant(child, path[1:])
        resource = stack.template.resources[path[0]]
        return (
            relations.reads(around) | through(stack.template, resource, inner_around),
            through(stack.template, resource, inner_near),
        )


def _looked_up(text: str, names: AbstractSet[str]) -> bool:
    """Whether any of these names may choose a value of a map."""
    _, *calls = text.split("FindInMap")
    for call in calls:
        argument = call.lstrip('": \t')
        # What is not written on one line and in brackets may go on for long.
        inside, closed, _ = argument.partition("\n")[0].rpartition("]")
        is_whole = closed and inside.startswith("[") and inside.count("[") == inside.count("]") + 1
        if any(name in (inside if is_whole else text) for name in names):
            return True
    return False


def _key(scenario: Scenario) -> tuple[tuple[str, str | Opaque], ...]:
    return tuple(sorted(scenario.assignment.items(), key=lambda item: item[0]))


class _Relations:
    """Which resources of one template name which others."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.template = stack.template
        read = {
            name: resource
            for name, resource in self.template.resources.items()
            if resource.type in TYPES or name in stack.children
        }
        names: dict[str, set[str]] = {}
        for name, resource in read.items():
            for written in _fragments(resource):
                names.setdefault(written, set()).add(name)
        self.mentions = {
            name: _mentioned(resource.node, read.keys(), names) - {name} for name, resource in read.items()
        }

    def around(self, logical_id: str) -> tuple[set[str], set[str]]:
        """A resource with all it refers to and what refers to it; and without the latter, but for policies."""
        referring = {name for name, mentioned in self.mentions.items() if logical_id in mentioned}
        referring |= {
            name for name in self.mentions if self.template.resources[name].type.startswith(_EVERYWHERE)
        }
        near = self._closure({logical_id, *_policies(self.template, referring)})
        return self._closure({*near, *referring}), near

    def _closure(self, start: set[str]) -> set[str]:
        found: set[str] = set()
        left = list(start)
        while left:
            name = left.pop()
            if name not in found:
                found.add(name)
                left.extend(self.mentions.get(name, ()))
        return found

    def reads(self, names: set[str]) -> Reads:
        """What these resources read, those of nested stacks in terms of this template's parameters."""
        found: set[Read] = set()
        for name in names:
            resource = self.template.resources.get(name)
            if resource is None:
                continue
            found |= reads(self.template, resource.node)
            child = self.stack.children.get(name)
            if child is not None:
                inner = _Relations(child)
                found |= through(self.template, resource, inner.reads(set(child.template.resources)))
        return frozenset(found)


def _policies(template: Template, names: set[str]) -> set[str]:
    """Those of the resources that say something about another one rather than being a thing of their own."""
    return {name for name in names if template.resources[name].type.endswith("Policy")}


def _fragments(resource: ResourceNode) -> list[str]:
    """What is written of a resource's own name: all that another spelling of it may have in common with it."""
    if not isinstance(resource.properties, tree.Mapping):
        return []
    named = (node for name in _NAMES if (node := resource.properties.get(name)) is not None)
    pieces = [piece for node in named for text in _texts(node) for piece in _VARIABLE.split(text)]
    longest = max(pieces, key=len, default="")
    return [longest] if longest else []


def _texts(node: Node) -> list[str]:
    if isinstance(node, Scalar):
        return [node.value]
    if isinstance(node, tree.Mapping):
        return [text for entry in node.entries.values() for text in _texts(entry.value)]
    return [text for item in node.items for text in _texts(item)] if isinstance(node, tree.Sequence) else []


def _mentioned(
    node: Node, logical_ids: AbstractSet[str], names: Mapping[str, AbstractSet[str]]
) -> frozenset[str]:
    """The logical ids in the expressions of a node, and the owners of the names that stand in its texts."""
    found: set[str] = set()
    left = [(node, False)]
    seen = 0
    while left and seen < _MOST_MENTIONS:
        seen += 1
        one, in_expression = left.pop()
        if isinstance(one, Scalar):
            for name, owners in names.items():
                if name in one.value:
                    found |= owners
            if in_expression or one.tag:
                found.update(_WORDS.findall(one.value))
        elif isinstance(one, tree.Mapping):
            if one.tag or (len(one.entries) == 1 and next(iter(one.entries)).startswith(("Ref", "Fn::"))):
                in_expression = True
            left.extend((entry.value, in_expression) for entry in one.entries.values())
        elif isinstance(one, tree.Sequence):
            in_expression = in_expression or bool(one.tag)
            left.extend((item, in_expression) for item in one.items)
    return frozenset(found & logical_ids)
