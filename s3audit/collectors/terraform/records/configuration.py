"""What a plan's `configuration` tells of expressions: the constants, and what else they refer to."""

from collections.abc import Iterator
from enum import Enum
from sys import intern
from typing import NamedTuple, TypeAlias

from s3audit.collectors.terraform.records.addresses import Step, parse
from s3audit.collectors.terraform.records.arguments import is_set
from s3audit.collectors.terraform.records.forms import (
    Call,
    Configuration,
    Module,
    Output,
    Raw,
    UnreadableError,
    decoded,
    plain,
)
from s3audit.collectors.terraform.records.order import by_words, in_order


class Gap(Enum):
    ABSENT = "nobody wrote it"
    LOST = "the configuration does not show it"


ABSENT, LOST = Gap.ABSENT, Gap.LOST


class Expression(NamedTuple):
    references: tuple[str, ...]
    """The references in it one after another, each followed by the shorter ones that it begins with."""
    is_inside: bool = False
    """What is asked for is only a part of what the expression gives."""
    among: tuple[int, int] = (0, 0)
    """Which of how many unknown elements it is."""

    @property
    def is_of_instance(self) -> bool:
        """Whether it comes to something else in each instance of its resource."""
        return any(one.startswith(("count", "each")) for one in self.references)


Body: TypeAlias = dict[str, object]
"""The arguments and nested blocks of a block."""

Blocks: TypeAlias = list[object]
"""The bodies of nested blocks of one type; those of `dynamic` blocks are not among them."""

Written: TypeAlias = Body | Blocks | Expression | Gap
"""What a configuration says of a part of a resource."""


def expression(value: object) -> Expression | None:
    """An expression as the configuration spells it; None for what is none."""
    if not isinstance(value, dict) or not value.keys() <= {"references", "constant_value"}:
        return None
    found = value.get("references")
    if not isinstance(found, list):
        return Expression(())
    return Expression(tuple(one for one in found if isinstance(one, str)))


def below(written: Written, name: str) -> Written:
    """What it says of an argument, or of a member of a map."""
    if isinstance(written, dict):
        if name not in written:
            return ABSENT
        value = written[name]
        if (found := expression(value)) is not None:
            return found
        return value if isinstance(value, dict | list) else LOST
    return Expression(written.references, is_inside=True) if isinstance(written, Expression) else LOST


def elements(
    written: Written, items: list[object], block: str, kind: str
) -> list[tuple[Written, int | None]]:
    """What it says of each of these nested blocks, and which of those in the source it is, where that is known."""
    is_sorted = len(items) > 1 and is_set(block, kind)
    # Each block stands for one element, so where there are more, dynamic blocks made them.
    if not isinstance(written, list) or len(written) != len(items):
        return [(LOST, None if is_sorted else index) for index in range(len(items))]
    constants = [_constants(body) for body in written]
    places = by_words(constants, items) if is_sorted else in_order(constants, items)
    found: list[tuple[Written, int | None]] = []
    for place in places:
        body = LOST if place is None else written[place]
        found.append((body if isinstance(body, dict) else LOST, place))
    return found


def _constants(body: object) -> dict[str, object]:
    """What a block says in plain words."""
    if not isinstance(body, dict):
        return {}
    found = {name: one.get("constant_value") for name, one in body.items() if isinstance(one, dict)}
    return {name: value for name, value in found.items() if isinstance(value, str | int | float)}


def traversals(references: tuple[str, ...]) -> Iterator[str]:
    """Each reference of an expression as long as it is written, as often as it is written."""
    last = ""
    for one in references:
        if len(last) > len(one) and last.startswith(one) and last[len(one)] in ".[":
            continue
        last = one
        yield one


class BlockText(NamedTuple):
    """A resource or data source as it is written."""

    provider: str
    expressions: Raw
    for_each: Raw


class ModuleText:
    """A module as it is written, whatever its instances."""

    __slots__ = ("_blocks", "_inner", "_module")

    def __init__(self, module: Module) -> None:
        self._module = module
        self._blocks: dict[str, BlockText] | None = None
        self._inner: dict[str, ModuleText] = {}

    @property
    def blocks(self) -> dict[str, BlockText]:
        """By `aws_s3_bucket.logs` and `data.aws_s3_bucket.logs`."""
        if self._blocks is None:
            self._blocks = {
                f"{'' if one.mode == 'managed' else f'{one.mode}.'}{one.type}.{one.name}": BlockText(
                    intern(one.provider_config_key or ""), one.expressions, one.for_each_expression
                )
                for one in self._module.resources or ()
            }
            # There may be thousands, and their names are among the keys now.
            self._module.resources = None
        return self._blocks

    def call(self, name: str) -> Call | None:
        return (self._module.module_calls or {}).get(name)

    def output(self, name: str) -> Output | None:
        return (self._module.outputs or {}).get(name)

    @property
    def outputs(self) -> dict[str, Output] | None:
        return self._module.outputs

    def inner(self, name: str) -> "ModuleText | None":
        call = self.call(name)
        if call is None:
            return None
        if name not in self._inner:
            self._inner[name] = ModuleText(call.module)
        return self._inner[name]


class Scope:
    """One instance of a module."""

    __slots__ = ("call", "key", "parent", "prefix", "text")

    def __init__(
        self, prefix: str, text: ModuleText, parent: "Scope | None", call: Call | None, key: str
    ) -> None:
        self.prefix = prefix
        """What its addresses begin with: `module.site["eu"].`."""
        self.text = text
        self.parent = parent
        self.call = call
        """What the parent calls it with."""
        self.key = key
        """`["eu"]`"""


class Texts:
    """The modules of a plan, as they are written."""

    def __init__(self, configuration: Raw) -> None:
        """Raises UnreadableError."""
        whole = decoded(configuration, Configuration)
        self.providers = whole.provider_config
        root = ModuleText(whole.root_module)
        self._scopes: dict[str, Scope | None] = {"": Scope("", root, None, None, "")}

    def scope(self, module: str) -> Scope | None:
        """The instance of a module, by its address: `module.site["eu"]`."""
        if module not in self._scopes:
            self._scopes[module] = self._find(module)
        return self._scopes[module]

    def _find(self, module: str) -> Scope | None:
        address = parse(f"{module}.a.b")
        scope = self._scopes[""]
        for step in () if address is None else address.modules:
            scope = None if scope is None else self.inside(scope, step)
        return None if address is None else scope

    def inside(self, scope: Scope, step: Step) -> Scope | None:
        """An instance of a module that this one calls."""
        prefix = f"{scope.prefix}module.{step.name}{step.key}."
        known = self._scopes.get(prefix[:-1])
        if known is None and (text := scope.text.inner(step.name)) is not None:
            known = Scope(prefix, text, scope, scope.text.call(step.name), step.key)
            self._scopes[prefix[:-1]] = known
        return known

    def provider(self, module: str, block: str) -> str:
        """The configuration of the provider that a resource is made with: `aws.west`; empty for the usual one."""
        scope = self.scope(module)
        written = None if scope is None else scope.text.blocks.get(block)
        key = "" if written is None else written.provider
        # In a module it may be spelled `module.site:aws`.
        return key if "." in key.rpartition(":")[2] else ""

    def arguments(self, module: str, block: str) -> Written:
        """What a resource's block says."""
        scope = self.scope(module)
        written = None if scope is None else scope.text.blocks.get(block)
        return LOST if written is None else body(written.expressions)


def body(expressions: Raw) -> Written:
    """The arguments of a block or of a call."""
    try:
        found = plain(expressions)
    except UnreadableError:
        return LOST
    return found if isinstance(found, dict) else {} if found is None else LOST


def given(raw: Raw) -> Expression | None:
    """An expression that nobody has looked at."""
    try:
        return expression(plain(raw))
    except UnreadableError:
        return None
