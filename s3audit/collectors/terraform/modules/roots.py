"""The root modules of the scanned files, each with all that it calls: one world each."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from s3audit.collectors.documents.files import File, Options
from s3audit.collectors.documents.tree import Node, location
from s3audit.collectors.terraform.build import ORIGIN, estate_of
from s3audit.collectors.terraform.declared import Declared
from s3audit.collectors.terraform.gaps import Unseen
from s3audit.collectors.terraform.home import homes
from s3audit.collectors.terraform.language.convert import as_text, from_plain, literal
from s3audit.collectors.terraform.language.declarations import Declarations
from s3audit.collectors.terraform.language.evaluate import Evaluator
from s3audit.collectors.terraform.language.values import Plain, Primitive, Value, partial, why_not_known
from s3audit.collectors.terraform.modules.bodies import BodyNode
from s3audit.collectors.terraform.modules.instances import Instance, ModuleInstance
from s3audit.collectors.terraform.modules.library import Library, folder_of, local_folder, local_path
from s3audit.collectors.terraform.modules.module import (
    Declaration,
    Module,
    ModuleCall,
    ResourceBlock,
    repeated_twice,
)
from s3audit.collectors.terraform.modules.providers import Providers
from s3audit.collectors.terraform.modules.sandbox import Sandbox
from s3audit.collectors.terraform.modules.unseen import hidden, unread_module
from s3audit.collectors.terraform.modules.validation import allowed
from s3audit.collectors.terraform.modules.variables import Inputs, admitted
from s3audit.collectors.terraform.tables import TYPES
from s3audit.location import Location
from s3audit.model.estate import Estate
from s3audit.model.world import Case
from s3audit.problem import Problem
from s3audit.setting import Unknown
from s3audit.text import Opaque, Text

if TYPE_CHECKING:
    from s3audit.collectors.terraform.language.scope import Condition
    from s3audit.collectors.terraform.modules.scenarios import (
        Assignment,
        Choice,
        Compared,
        Relations,
        Scenario,
        Variables,
    )

_Held: TypeAlias = "tuple[tuple[tuple[str, Choice], ...], tuple[tuple[Condition, bool], ...]]"
_DOCUMENT = "aws_iam_policy_document"
MOST_LEVELS = 20
MOST_MODULES = 2_000
MOST_MADE = 10_000
"""Resources that are made again for the scenarios of one module."""
MOST_TRIED = 64
"""Ways in which one resource is judged once more, for conditions that nothing decides."""
MOST_WORK = 2_000_000
"""Steps that it may take to work out the expressions once more for them."""

# A module in which none of these stands has nothing for us, unless it calls others.
_OURS = re.compile(
    rb"aws_(?:s3|cloudfront|iam|kms|cloudtrail|vpc|lambda|sns|sqs|glacier|backup|guardduty|macie|accessanalyzer"
    rb"|cloudwatch|route53|lb|alb|elb|default|security|subnet|route)|\bmodule\b"
)


_NO_MODULE = (
    "This file gives values to the variables of a module, and there is none in its folder. Scan the folder of the"
    " module, with `--var-file {}`."
)


def roots(
    files: Sequence[File], options: Options, values: Sequence[File] = (), *, beside_records: bool = False
) -> tuple[list["ModuleWorld"], list[Problem]]:
    """A world for each module that no other one of these calls.

    `values` are files that give values to the modules in their folders; beside records there are plans and states.
    """
    library = Library(files, options, values)
    inputs = Inputs(options)
    worlds: list[ModuleWorld] = []
    modules: list[Module] = []
    for folder in _outermost(library):
        module = library.module(folder)
        if module is None:
            continue
        modules.append(module)
        if any(_OURS.search(data) for data in library.data(folder)):
            worlds.append(ModuleWorld(module, library, inputs))
    problems = [*inputs.problems, *inputs.unused(modules, beside_records=beside_records)]
    for file in values:
        if library.module(folder_of(file)) is None:
            said = _NO_MODULE.format(file.source)
            problems.append(Problem(Location(file.source), "partial", said))
    for world in worlds:
        world.estate  # noqa: B018 - what it takes to make it is what there is to say about the modules
    worlds = _not_called(worlds)
    for world in worlds:
        problems += world.found
    return worlds, [*library.problems, *problems]


def _outermost(library: Library) -> list[str]:
    """The folders that none of the others calls; where all call each other, the first."""
    calls: dict[str, set[str]] = {}
    for folder in library.folders():
        module = library.module(folder)
        own = library.real(folder)
        calls[own] = set()
        for call in module.calls.values() if module else ():
            target = local_folder(own, call)
            if target is not None and library.real(target) != own:
                calls[own].add(library.real(target))
    called = {target for targets in calls.values() for target in targets}
    found = [folder for folder in calls if folder not in called]
    reached = _reached(found, calls)
    for folder in calls:
        if folder not in reached:
            found.append(folder)
            reached |= _reached([folder], calls)
    return sorted(found)


def _not_called(worlds: list["ModuleWorld"]) -> list["ModuleWorld"]:
    """Without those whose module another one calls, as is known only when its variables are."""
    kept = worlds
    if not any(world.worked_out for world in worlds):
        return kept
    for world in worlds:
        if any(world.module is module for one in kept if one is not world for module in one.worked_out):
            kept = [one for one in kept if one is not world]
    return kept


def _told(caller: ModuleInstance, call: ModuleCall) -> tuple[str | None, str]:
    """The source that variables and local values of the caller give, or why there is none."""
    written = call.argument("source")
    if written is None:
        return None, "none is written"
    value = as_text(caller.source(written)[0])
    return literal(value), why_not_known(value) or "it is no text"


def _reached(start: Iterable[str], calls: dict[str, set[str]]) -> set[str]:
    left, reached = list(start), set(start)
    while left:
        for target in calls.get(left.pop(), ()):
            if target not in reached:
                reached.add(target)
                left.append(target)
    return reached


class ModuleWorld:
    """A root module with the modules that it calls."""

    kind = ORIGIN

    def __init__(self, module: Module, library: Library, inputs: Inputs) -> None:
        self.module = module
        self.library = library
        self.inputs = inputs
        self.source = os.path.dirname(module.files[0]) or os.curdir if module.files else module.folder
        self.found: dict[Problem, None] = {}
        """What was met on the way."""
        self._said: list[Problem] = []
        self._read: dict[str, Module] = {module.folder: module}
        """By folder: the modules that it is made of."""
        self.worked_out: list[Module] = []
        """Those of which an expression says where they lie."""
        self._installed: dict[str, str] | None = None
        self._made = 0
        self._worked = 0
        self._open = Attempt(self, {})
        self._attempts: dict[tuple[tuple[str, Choice], ...], Attempt] = {}
        self._tried: dict[_Held, Attempt] = {}
        self._retried = 0
        self._reworked = 0

    @property
    def estate(self) -> Estate:
        return self._open.estate

    @property
    def problems(self) -> list[Problem]:
        # What is wrong with a block that is read late is found by the world that asks for it.
        late = [
            one for module in self._read.values() for found, known in module.late for one in found[known:]
        ]
        return [*self._said, *late, *self._open.evaluator.problems]

    def cases(self, address: str) -> Sequence[Case]:
        """The scenarios of the variables without a value that this resource and its neighbours depend on."""
        for compared in self._relevant(address):
            found = self._variables().scenarios(compared)
            if found is not None and self._affords(found):
                cases = [(one, self._attempt(one)) for one in found]
                # Where what it is called depends on them, too, it is judged with all of them open.
                if any(address in attempt.addresses for _, attempt in cases):
                    most = MOST_TRIED // len(cases)
                    return [self._case(address, one.assignment, made, most, one.when) for one, made in cases]
        return (self._case(address, {}, self._open, MOST_TRIED),)

    def _case(
        self,
        address: str,
        assignment: "Assignment",
        attempt: "Attempt",
        most: int,
        when: tuple[str, ...] = (),
    ) -> Case:
        return Case(when, attempt.estate, lambda: self._tries(address, assignment, attempt, most))

    def _tries(
        self, address: str, assignment: "Assignment", attempt: "Attempt", most: int
    ) -> Iterator[Estate]:
        """The estates of all the ways in which conditions that nothing decides may turn out around a resource."""
        for ways in attempt.relations.held(address, most) if attempt.evaluator.open_ended else ():
            keys = [(tuple(assignment.items()), tuple(held.items())) for held in ways]
            missing = sum(key not in self._tried for key in keys)
            made, steps = len(attempt.estate), attempt.evaluator.effort.used
            if self._retried + missing * made > MOST_MADE or self._reworked + missing * steps > MOST_WORK:
                continue
            for key, held in zip(keys, ways, strict=True):
                if key not in self._tried:
                    self._retried += made
                    self._reworked += steps
                    self._tried[key] = Attempt(self, assignment, held)
                yield self._tried[key].estate
            return

    def _relevant(self, address: str) -> "Iterable[Compared]":
        evaluator = self._open.evaluator
        if not evaluator.asked:
            return ()
        return self._open.relations.around(address)

    def _variables(self) -> "Variables":
        from s3audit.collectors.terraform.modules.scenarios import Variables

        return Variables(self._open.evaluator.asked)

    def _affords(self, found: Sequence["Scenario"]) -> bool:
        """Whether these estates are there, or may still be made: each of them is the whole module once more."""
        missing = sum(_key(one) not in self._attempts for one in found)
        resources, steps = len(self.estate), self._open.evaluator.effort.used
        if self._made + missing * resources <= MOST_MADE and self._worked + missing * steps <= MOST_WORK:
            return True
        if not self._said:
            said = (
                "This module can turn out in so many ways that not all were tried; some verdicts are unknown."
            )
            self._said.append(Problem(Location(self.source), "partial", said))
        return False

    def _attempt(self, scenario: "Scenario") -> "Attempt":
        key = _key(scenario)
        if key not in self._attempts:
            self._made += len(self.estate)
            self._worked += self._open.evaluator.effort.used
            self._attempts[key] = Attempt(self, scenario.assignment)
        return self._attempts[key]

    def callee(self, caller: ModuleInstance, call: ModuleCall) -> Module | None:
        """The module that a call names; a Problem says why there is none."""
        source, unknown = call.source, ""
        if source is None:
            source, unknown = _told(caller, call)
        folder = local_path(caller.module.folder, source) or self._of_registry(caller, call)
        module = None if folder is None else self.library.module(folder)
        if folder is None:
            source = f"comes from {source}" if source else f"has a source that is not known ({unknown})"
            why = f"{source} and is not installed here. Run `terraform init` in {self.source}"
        elif module is None:
            why = (
                f"lies in {folder}, where the scanned tree has no files of a module. Scan the folder of both"
            )
        elif len(caller.path) >= MOST_LEVELS:
            why = f"is too deep: no more than {MOST_LEVELS} levels are read"
        elif caller.root.modules >= MOST_MODULES:
            why = f"is one too many: no more than {MOST_MODULES:,} in a configuration are read"
        elif caller.calls_itself(module):
            why = "calls itself in the end. Break the circle"
        else:
            caller.root.modules += 1
            self._read[module.folder] = module
            if call.source is None:
                self.worked_out.append(module)
            return module
        written = call.body.attributes.get("source")
        at = location(written.value if written else call.block, call.file, f"module.{call.name}")
        said = f"The module {call.name} {why}; what it declares is not judged."
        self.found[Problem(at, "partial", said)] = None
        return None

    def _of_registry(self, caller: ModuleInstance, call: ModuleCall) -> str | None:
        from s3audit.collectors.terraform.modules.installed import installed

        if self._installed is None:
            self._installed = installed(self.module.folder, self.library.options)
        return self._installed.get(".".join((*caller.path, call.name)))


def bodies_in(folder: str, library: Library, given: Mapping[str, Plain]) -> dict[str, Node]:
    """What the module of a folder declares with these values of its variables, such as a plan has; by address."""
    module = library.module(folder)
    if module is None:
        return {}
    world = ModuleWorld(module, library, Inputs(library.options))
    known: dict[str, Node] = {}
    for name, value in given.items():
        if name in module.variables and not module.variables[name].sensitive:
            known[name] = from_plain(module.variables[name].block, value)
    attempt = Attempt(world, known)
    return {**{one.address: one.node for one in attempt.declared}, **dict(_documents(attempt.root))}


def _documents(instance: ModuleInstance) -> Iterator[tuple[str, Node]]:
    """The policy documents that a module is made with."""
    for block in instance.module.data.values():
        if block.type == _DOCUMENT:
            for one in instance.instances(block).instances:
                yield one.address, BodyNode.of(block.block, block.body, one.scope)
    for call in instance.module.calls.values():
        for one in instance.calls(call).instances:
            if one.inner is not None:
                yield from _documents(one.inner)


def _key(scenario: "Scenario") -> "tuple[tuple[str, Choice], ...]":
    return tuple(scenario.assignment.items())


def _supposed(module: Module, assignment: "Assignment | Mapping[str, Node]") -> "dict[str, Choice]":
    """What is tried only because something is compared with it, and not because nothing else is allowed."""
    return {
        name: chosen
        for name, chosen in assignment.items()
        if not isinstance(chosen, Node) and not (name in module.variables and allowed(module.variables[name]))
    }


class Attempt:
    """The module under one choice of values for the variables that have none."""

    def __init__(
        self,
        world: ModuleWorld,
        assignment: "Assignment | Mapping[str, Node]",
        held: "Mapping[Condition, bool] | None" = None,
    ) -> None:
        self.evaluator = Evaluator(_supposed(world.module, assignment), held)
        self._world = world
        self._unseen: list[Unseen] = []
        sandbox = Sandbox(world.module.folder, world.library.options, self.evaluator)
        values = world.inputs.of(world.module)

        def inputs(instance: ModuleInstance, name: str) -> Value | None:
            if name not in assignment or name in self.evaluator.supposed:
                return values(instance, name)
            chosen = assignment[name]
            if isinstance(chosen, Node):
                return admitted(instance, world.module.variables[name], chosen)
            at = world.module.variables[name].block
            return partial(at, Text((chosen,))) if isinstance(chosen, Opaque) else Primitive.of(at, chosen)

        self.root = ModuleInstance(self.evaluator, world.module, sandbox, world.callee, inputs)
        sandbox.root = self.root
        self._providers = Providers(self.root)
        self._homes = homes(self._providers.written)

    @cached_property
    def relations(self) -> "Relations":
        """Which resources have to do with which."""
        from s3audit.collectors.terraform.modules.scenarios import Relations

        self.estate.resources  # noqa: B018 - every expression has to be worked out once to tell what it reads
        return Relations(self.evaluator.traces)

    @cached_property
    def declared(self) -> list[Declared]:
        return list(self._declared(self.root))

    @cached_property
    def addresses(self) -> frozenset[str]:
        return frozenset(one.address for one in self.declared)

    @cached_property
    def estate(self) -> Estate:
        return estate_of(self.declared, self._unseen)

    def _declared(self, instance: ModuleInstance) -> Iterator[Declared]:
        module = instance.module
        if module.hidden:
            self._unseen.append(hidden(instance))
        for block in module.resources.values():
            if block.type not in TYPES:
                continue
            if (problem := repeated_twice(block)) is not None:
                self._world.found[problem] = None
            made = instance.instances(block)
            self._say_unseen(made, block)
            for one in made.instances:
                yield Declared(
                    one.address,
                    block.type,
                    BodyNode.of(block.block, block.body, one.scope),
                    location(block.block, block.file, one.address),
                    one.exists,
                    instance.evaluator,
                    block.file,
                    provider=self._providers.configuration(instance, block, one),
                    where=self._homes,
                    cause=one.cause,
                    only=instance.evaluator.only,
                )
        for call in module.calls.values():
            if (problem := repeated_twice(call)) is not None:
                self._world.found[problem] = None
            called = instance.calls(call)
            self._say_unseen(called, call)
            for one in called.instances:
                if one.inner is not None:
                    yield from self._declared(one.inner)
                else:
                    self._unseen.append(unread_module(instance, call, one))

    def _say_unseen(self, made: Declarations[Instance], block: Declaration) -> None:
        """Those that are too many may say anything of any bucket, unless they are buckets themselves."""
        if not made.unseen:
            return
        at = location(made, block.file)
        self._world.found[Problem(at, "partial", f"{made.unseen}.")] = None
        if not (isinstance(block, ResourceBlock) and block.type == "aws_s3_bucket"):
            self._unseen.append(Unseen(Unknown(made.unseen, at), None))
