"""Which parameters an expression may depend on, and what it compares them with."""

from collections.abc import Iterable

import msgspec

from s3audit.collectors.cloudformation.maps import default_of
from s3audit.collectors.cloudformation.parameters import OF_THE_STACK, PSEUDO
from s3audit.collectors.cloudformation.physical import BUCKETS
from s3audit.collectors.cloudformation.produced import canonical
from s3audit.collectors.cloudformation.spelling import call_of, long_call_of, variables
from s3audit.collectors.cloudformation.template import ResourceNode, Template
from s3audit.collectors.documents.tree import Mapping, Node, Scalar, Sequence


class Read(msgspec.Struct, frozen=True):
    """One use of a parameter (or pseudo parameter)."""

    name: str
    literals: tuple[str, ...] = ()
    """What it is compared with; empty when its value itself is used."""
    closed: bool = False
    """Whether a deployment fails with any other value: they are the keys of a map."""


def reads(template: Template, node: Node) -> frozenset[Read]:
    """What evaluating this node may read, directly or through conditions, maps and the names of resources."""
    known = template.known_reads.get(id(node))
    if known is not None:
        return known[1]
    own, left = _walked(template, node)
    found = set(own)
    seen: set[str] = set()
    while left:
        seen |= left
        named: set[str] = set()
        for name in left:
            if name not in template.known_conditions:
                template.known_conditions[name] = _walked(template, template.conditions[name])
            more, others = template.known_conditions[name]
            found |= more
            named |= others
        left = frozenset(named - seen)
    result = frozenset(found)
    template.known_reads[id(node)] = (node, result)  # the node is kept, so that its id stays its own
    return result


def _walked(template: Template, node: Node) -> tuple[frozenset[Read], frozenset[str]]:
    """What a node reads by itself, and the conditions that it names."""
    walk = _Walk(template)
    walk.run(node)
    return frozenset(walk.found), frozenset(walk.conditions)


def through(template: Template, stack: ResourceNode, inner: Iterable[Read]) -> frozenset[Read]:
    """What the template of a nested stack reads, in terms of the parameters of the template around it."""
    found: set[Read] = set()
    properties = stack.properties
    passed = (
        properties.get("Parameters")
        if isinstance(properties, Mapping) and not call_of(properties)
        else properties
    )
    if passed is not None and (not isinstance(passed, Mapping) or call_of(passed)):
        found |= reads(template, passed)
        passed = None
    for read in inner:
        if read.name in PSEUDO:
            if read.name not in OF_THE_STACK:
                found.add(read)
        elif isinstance(passed, Mapping):
            binding = passed.get(read.name)
            name = None if binding is None else _named(binding)
            if name is not None and (name in template.parameters or name in PSEUDO):
                found.add(Read(name, read.literals, read.closed and stack.condition is None))
            elif binding is not None:
                found |= reads(template, binding)
    if isinstance(stack.condition, Scalar) and (condition := template.conditions.get(stack.condition.value)):
        found |= reads(template, condition)
    return frozenset(found)


def _named(node: Node) -> str | None:
    """The name in `!Ref X`, or in `!Sub ${X}`."""
    function, argument = call_of(node) or ("", node)
    if not isinstance(argument, Scalar):
        return None
    if function == "Ref":
        return argument.value
    if (
        function == "Sub"
        and argument.value.startswith("${")
        and argument.value.find("}") == len(argument.value) - 1
    ):
        return next(variables(argument.value))[1]
    return None


def _keys(mapping: Mapping) -> tuple[str, ...]:
    return tuple([canonical(entry.key) for entry in mapping.entries.values()])


def _literal(node: Node) -> str | None:
    return canonical(node) if isinstance(node, Scalar) and not node.tag else None


class _Walk:
    """One walk over all that a node may lead to; each node once."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self.found: set[Read] = set()
        self.conditions: set[str] = set()
        self.left: list[tuple[Node, bool]] = []
        self.functions = {
            "Condition": self.named,
            "Contains": self.contains,
            "Equals": self.equals,
            "FindInMap": self.find_in_map,
            "GetAtt": self.get_att,
            "If": self.if_,
            "Ref": self.ref,
            "Sub": self.sub,
        }

    def run(self, root: Node) -> None:
        seen: set[int] = set()
        left = self.left
        left.append((root, False))
        while left:
            # Guarded means that it may not be evaluated at all.
            node, guarded = left.pop()
            if isinstance(node, Scalar) and not node.tag:
                continue
            key = 2 * id(node) + guarded
            if key in seen:
                continue
            seen.add(key)
            if not self.called(call_of(node), guarded):
                self.below(node, guarded)

    def called(self, call: tuple[str, Node] | None, guarded: bool) -> bool:
        """Follow a call of a function whose arguments mean something of their own."""
        function = None if call is None else self.functions.get(call[0])
        if call is None or function is None:
            return False
        function(call[1], guarded)
        return True

    def below(self, node: Node, guarded: bool) -> None:
        """Everything under a node, whatever its tag calls."""
        if node.tag and self.called(long_call_of(node), guarded):
            return
        if isinstance(node, Sequence):
            for item in node.items:
                if item.tag or not isinstance(item, Scalar):
                    self.left.append((item, guarded))
        elif isinstance(node, Mapping):
            condition = node.entries.get("Condition")
            if condition is not None and self.condition(condition.value, guarded):
                guarded = True
            for entry in node.entries.values():
                if entry.value.tag or not isinstance(entry.value, Scalar):
                    self.left.append((entry.value, guarded))

    def inner(self, argument: Node, guarded: bool) -> None:
        """An argument; where it bears the tag of its own function, what is under it."""
        if argument.tag:
            self.below(argument, guarded)
        else:
            self.left.append((argument, guarded))

    def condition(self, argument: Node, guarded: bool) -> bool:
        """A condition by its name; CloudFormation evaluates every one of them."""
        if not isinstance(argument, Scalar) or argument.tag not in ("", "!Condition"):
            return False
        name = argument.value
        if name not in self.template.conditions:
            return False
        self.conditions.add(name)
        return True

    def named(self, argument: Node, guarded: bool) -> None:
        if not self.condition(argument, guarded):  # the Condition of a policy, perhaps
            self.inner(argument, guarded)

    def ref(self, argument: Node, guarded: bool) -> None:
        if isinstance(argument, Scalar):
            self.name(argument.value, guarded)
        else:
            self.inner(argument, guarded)

    def name(self, name: str, guarded: bool) -> None:
        if name in self.template.parameters or name in PSEUDO:
            self.found.add(Read(name))
            return
        resource = self.template.resources.get(name.partition(".")[0])
        if resource is None or resource.properties is None:
            return
        known = BUCKETS.get(resource.type)
        if known is None:
            if resource.type in ("AWS::CloudFormation::Stack", "AWS::Serverless::Application"):
                self.left.append((resource.properties, guarded))
        elif isinstance(resource.properties, Mapping) and not call_of(resource.properties):
            for key in (known[0], "BucketNamePrefix"):
                if (node := resource.properties.get(key)) is not None:
                    self.left.append((node, guarded))
        else:
            self.left.append((resource.properties, guarded))

    def get_att(self, argument: Node, guarded: bool) -> None:
        if isinstance(argument, Scalar):
            self.name(argument.value, guarded)
            return
        if isinstance(argument, Sequence) and argument.items and isinstance(argument.items[0], Scalar):
            self.name(argument.items[0].value, guarded)
        self.inner(argument, guarded)

    def sub(self, argument: Node, guarded: bool) -> None:
        local: Mapping | None = None
        if isinstance(argument, Sequence) and len(argument.items) == 2:
            given = argument.items[1]
            local = given if isinstance(given, Mapping) and not call_of(given) else None
            if local is None:
                self.left.append((given, guarded))
            argument = argument.items[0]
        if not isinstance(argument, Scalar):
            self.inner(argument, guarded)
            return
        for _, name in variables(argument.value):
            if name is not None and (local is None or name not in local.entries):
                self.name(name, guarded)
        if local is not None:
            self.below(local, guarded)

    def if_(self, argument: Node, guarded: bool) -> None:
        if not isinstance(argument, Sequence) or not argument.items:
            self.inner(argument, guarded)
            return
        self.condition(argument.items[0], guarded)
        self.left += [(item, True) for item in argument.items]

    def equals(self, argument: Node, guarded: bool) -> None:
        items = argument.items if isinstance(argument, Sequence) else []
        if len(items) == 2:
            for one, other in (items, reversed(items)):
                name, literal = _named(one), _literal(other)
                if literal is not None and self.compared(name, (literal,)):
                    return
        self.inner(argument, guarded)

    def contains(self, argument: Node, guarded: bool) -> None:
        items = argument.items if isinstance(argument, Sequence) else []
        if len(items) == 2 and isinstance(items[0], Sequence) and not items[0].tag:
            literals = [_literal(item) for item in items[0].items]
            known = tuple(literal for literal in literals if literal is not None)
            if len(known) == len(literals) and self.compared(_named(items[1]), known):
                return
        self.inner(argument, guarded)

    def compared(self, name: str | None, literals: tuple[str, ...], *, closed: bool = False) -> bool:
        if name is None or not (name in self.template.parameters or name in PSEUDO):
            return False
        self.found.add(Read(name, literals, closed))
        return True

    def find_in_map(self, argument: Node, guarded: bool) -> None:
        items = argument.items if isinstance(argument, Sequence) else []
        mapping = self.template.mappings.get(_literal(items[0]) or "") if len(items) in (3, 4) else None
        if mapping is None:
            self.inner(argument, guarded)
            return
        fallback = default_of(items)
        closed = fallback is None and not guarded
        rows = [entry.value for entry in mapping.entries.values() if isinstance(entry.value, Mapping)]
        top = _literal(items[1])
        if top is not None:
            rows = [row for row in (mapping.get(top),) if isinstance(row, Mapping)]
        second = tuple(dict.fromkeys(key for row in rows for key in _keys(row)))
        for item, keys in ((items[1], _keys(mapping)), (items[2], second)):
            if not keys or not self.compared(_named(item), keys, closed=closed):
                self.left.append((item, guarded))
        if fallback is not None:
            self.left.append((fallback, True))
