"""The ways a stack may turn out, asked for one resource at a time: only what it reads and refers to is varied."""

import re
from collections.abc import Mapping, Sequence, Set
from functools import cached_property

from s3audit.collectors.cloudformation.build import estate_of
from s3audit.collectors.cloudformation.parameters import Parameters
from s3audit.collectors.cloudformation.scenarios import Scenario, Unbounded, reads, scenarios
from s3audit.collectors.cloudformation.stack import Stack
from s3audit.collectors.cloudformation.tables import TYPES
from s3audit.collectors.cloudformation.template import ResourceNode, Template
from s3audit.collectors.documents import tree
from s3audit.collectors.documents.tree import Node, Scalar
from s3audit.model.estate import Estate
from s3audit.model.world import Case
from s3audit.text import Opaque

KIND = "cloudformation"
_WORDS = re.compile(r"[A-Za-z0-9]+")
_NAMES = ("BucketName", "Name", "TableBucketName", "VectorBucketName")
_MOST_MENTIONS = 20_000


class StackWorld:
    """A root stack; its estate leaves open what can't be decided, its cases decide it."""

    def __init__(self, stack: Stack, parameters: Parameters, *, all_scenarios: bool) -> None:
        self.source = stack.template.source
        self.kind = KIND
        self.stack = stack
        self.parameters = parameters
        self.all_scenarios = all_scenarios
        self._estates: dict[tuple[tuple[str, str | Opaque], ...], Estate] = {}
        self._cases: dict[frozenset[str], Sequence[Case]] = {}

    @cached_property
    def estate(self) -> Estate:
        return estate_of(self.stack.evaluation(self.parameters))

    def cases(self, address: str) -> Sequence[Case]:
        """The scenarios of the parameters that this resource and what it refers to depend on."""
        if not self._varies:
            return (Case((), self.estate),)
        around, near = self._relevant(address)
        for wanted in (around, near):
            if (found := self._decided(wanted)) is not None:
                return found
        return (Case((), self.estate),)

    @cached_property
    def _varies(self) -> bool:
        """Whether there is any parameter whose values matter."""
        template = self.stack.template
        every = frozenset(template.parameters) | reads(template, template.document.root)
        found = scenarios(template, self.parameters, every, all_scenarios=self.all_scenarios)
        return isinstance(found, Unbounded) or len(found) > 1

    def _decided(self, wanted: frozenset[str]) -> Sequence[Case] | None:
        """The cases of these parameters; None when there are too many."""
        if wanted not in self._cases:
            found = scenarios(self.stack.template, self.parameters, wanted, all_scenarios=self.all_scenarios)
            if isinstance(found, Unbounded):
                return None
            self._cases[wanted] = tuple(Case(one.when, self._estate_of(one)) for one in found)
        return self._cases[wanted]

    def _estate_of(self, scenario: Scenario) -> Estate:
        key = tuple(sorted(scenario.assignment.items(), key=lambda item: item[0]))
        if not key:
            return self.estate
        if key not in self._estates:
            self._estates[key] = estate_of(self.stack.evaluation(self.parameters, scenario.assignment))
        return self._estates[key]

    def _relevant(self, address: str) -> tuple[frozenset[str], frozenset[str]]:
        """The parameters behind a resource, what it refers to and what refers to it; and those of the first two."""
        template = self.stack.template
        logical_id = _root_id(template, address)
        referring = {name for name, mentioned in self._mentions.items() if logical_id in mentioned}
        near = self._closure({logical_id, *_policies(template, referring)})
        around = self._closure({*near, *referring})
        return self._reads(around), self._reads(near)

    def _closure(self, start: set[str]) -> set[str]:
        """These resources and all that they refer to, directly or not."""
        found: set[str] = set()
        left = list(start)
        while left:
            name = left.pop()
            if name not in found:
                found.add(name)
                left.extend(self._mentions.get(name, ()))
        return found

    def _reads(self, names: set[str]) -> frozenset[str]:
        template = self.stack.template
        resources = (template.resources[name] for name in names if name in template.resources)
        return frozenset().union(*(reads(template, resource.node) for resource in resources))

    @cached_property
    def _mentions(self) -> Mapping[str, frozenset[str]]:
        """For each resource that is read, the others that it names: by reference, or by their literal name."""
        template = self.stack.template
        read = {
            name: resource
            for name, resource in template.resources.items()
            if resource.type in TYPES or name in self.stack.children
        }
        names: dict[str, str] = {}
        for name, resource in read.items():
            for written in _own_names(resource):
                names[written] = name
        return {name: _mentioned(resource.node, read.keys(), names) - {name} for name, resource in read.items()}


def _root_id(template: Template, address: str) -> str:
    """The resource of the root template that an address lies in."""
    rest = address.removeprefix(f"{template.prefix}Resources.")
    return rest.partition(".")[0]


def _policies(template: Template, names: set[str]) -> set[str]:
    """Those of the resources that say something about another one rather than being a thing of their own."""
    return {name for name in names if template.resources[name].type.endswith("Policy")}


def _own_names(resource: ResourceNode) -> list[str]:
    if not isinstance(resource.properties, tree.Mapping):
        return []
    found = (resource.properties.get(name) for name in _NAMES)
    return [node.value for node in found if isinstance(node, Scalar) and node.value]


def _mentioned(node: Node, logical_ids: Set[str], names: Mapping[str, str]) -> frozenset[str]:
    """The logical ids among the words of a node, and the owners of the names among its texts."""
    found: set[str] = set()
    left = [node]
    seen = 0
    while left and seen < _MOST_MENTIONS:
        seen += 1
        one = left.pop()
        if isinstance(one, Scalar):
            if one.value in names:
                found.add(names[one.value])
            found.update(word for word in _WORDS.findall(one.value))
        elif isinstance(one, tree.Mapping):
            left.extend(entry.value for entry in one.entries.values())
        elif isinstance(one, tree.Sequence):
            left.extend(one.items)
    return frozenset(found & logical_ids)
