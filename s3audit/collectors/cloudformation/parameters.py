"""Parameters: what a template declares, what the user gives, and the value that follows."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from s3audit.collectors.cloudformation.produced import as_text, canonical, defaults
from s3audit.collectors.documents import tree
from s3audit.collectors.documents.resolved import Missing, Partial, Undecided
from s3audit.collectors.documents.tree import Scalar, is_null, location, truth
from s3audit.location import Location
from s3audit.problem import Problem
from s3audit.text import Opaque, Text

if TYPE_CHECKING:
    from s3audit.collectors.cloudformation.evaluate import Evaluator
    from s3audit.collectors.cloudformation.template import ResourceNode, Template

PSEUDO = frozenset(
    {
        "AWS::AccountId",
        "AWS::NotificationARNs",
        "AWS::Partition",
        "AWS::Region",
        "AWS::StackId",
        "AWS::StackName",
        "AWS::URLSuffix",
    }
)
"""Beside AWS::NoValue, which is no value."""

OF_THE_STACK = frozenset({"AWS::NotificationARNs", "AWS::StackId", "AWS::StackName"})
"""A nested stack has its own; the others are those of the account and region."""

_PARTITIONS = {
    "cn": ("aws-cn", "amazonaws.com.cn"),
    "us-gov": ("aws-us-gov", "amazonaws.com"),
    **dict.fromkeys(("us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"), ("aws", "amazonaws.com")),
}


class Declared(msgspec.Struct, frozen=True, eq=False):
    """A parameter as its template declares it."""

    name: str
    key: Scalar
    type: str = "String"
    default: str | None = None
    allowed: tuple[str, ...] | None = None
    no_echo: bool = False
    length: tuple[float, float] = (0, float("inf"))
    value: tuple[float, float] = (float("-inf"), float("inf"))

    @property
    def is_list(self) -> bool:
        return self.type == "CommaDelimitedList" or self.type.startswith("List<")

    @property
    def is_stored(self) -> bool:
        """Its value is the name of a stored parameter, and what is stored there takes its place."""
        return self.type.startswith("AWS::SSM::Parameter::Value<")

    def accepts(self, given: str) -> bool:
        """Whether CloudFormation would take this value, as far as AllowedPattern does not say otherwise."""
        values = _split(given) if self.is_list else [given]
        if self.allowed is not None and not set(values) <= set(self.allowed):
            return False
        if self.type == "Number":
            number = _number(given)
            return number is not None and self.value[0] <= number <= self.value[1]
        return self.is_list or self.length[0] <= len(given) <= self.length[1]


class Value(msgspec.Struct, frozen=True):
    """What a parameter is: a text, a list of them, or not told (None)."""

    head: Text | tuple[Text, ...] | None
    via: str = ""
    why: str = ""


class Parameters:
    """The values given for the parameters of a template, by hand or by the stack it is nested in."""

    __slots__ = ("_inherited", "_unread", "overrides")

    def __init__(
        self,
        overrides: Mapping[str, str] | None = None,
        inherited: Mapping[str, Value] | None = None,
        unread: str = "",
    ) -> None:
        self.overrides = overrides or {}
        self._inherited = inherited or {}
        self._unread = unread
        """Why it can't be told what the parent passes, if so: any parameter may be among it."""

    def gives(self, name: str) -> bool:
        return name in self.overrides or name in self._inherited or bool(self._unread)

    def value(self, declared: Declared, prefix: str = "") -> Value:
        """What a reference to a declared parameter gives."""
        name = declared.name
        origin = prefix + name
        if declared.no_echo or declared.is_stored:
            why = "is a secret" if declared.no_echo else "is looked up in the parameter store"
            return _opaque(declared, origin, f"{name} {why}")
        if self._unread:
            return Value(None, "", self._unread)
        if (given := self._inherited.get(name)) is not None:
            return _inherit(declared, given)
        if (override := self.overrides.get(name)) is not None:
            return Value(_read(declared, override))
        if declared.default is not None:
            return Value(_read(declared, declared.default), defaults([name]))
        return _opaque(declared, origin, f"{name} has no default and no value was given")

    def pseudo(self, name: str) -> Value | None:
        """The value of AWS::Region and its like, where it was given."""
        override = self.overrides.get(name)
        if override is None:
            return self._inherited.get(name)
        if name == "AWS::NotificationARNs":
            return Value(tuple(as_text(piece) for piece in _split(override)))
        return Value(as_text(override))

    def within(self, stack: "ResourceNode", evaluator: "Evaluator") -> "Parameters":
        """The parameters of a nested stack: what its parent passes, and the given pseudo parameters."""
        passed = evaluator.property(stack, "Parameters").node
        # The region and the account are those of the parent, also where they are assumed.
        inherited: dict[str, Value] = {
            name: value
            for name in PSEUDO - OF_THE_STACK
            if (self.gives(name) or name in evaluator.assignment)
            and (value := evaluator.value(name)) is not None
        }
        if isinstance(passed, Undecided):
            return Parameters(inherited=inherited, unread=passed.why)
        if isinstance(passed, tree.Mapping):
            for name, entry in passed.entries.items():
                value = _passed(evaluator, entry.value)
                if value is not None:
                    inherited[name] = value
        return Parameters(inherited=inherited)

    def unknown_to(self, templates: "Iterable[Template]") -> list[str]:
        """The given values that belong to no parameter of any template."""
        known = {name for template in templates for name in template.parameters}
        return sorted(name for name in self.overrides if name not in known and name not in PSEUDO)

    def refused_by(self, template: "Template") -> list[Problem]:
        """A Problem for each given value that CloudFormation would not accept."""
        return [
            Problem(
                location(declared.key, template.source, f"{template.prefix}Parameters.{name}"),
                "partial",
                _refusal(declared, override),
            )
            for name, override in self.overrides.items()
            if (declared := template.parameters.get(name)) is not None and not declared.accepts(override)
        ]


def partition_of(region: str) -> tuple[str, str] | None:
    """The partition of a region and its URL suffix, where the region's name tells."""
    family, _, rest = region.partition("-")
    if family == "us" and rest.startswith("gov-"):
        family, rest = "us-gov", rest[4:]
    place, _, number = rest.partition("-")
    # An isolated region is named `us-iso-east-1`: one word more.
    return _PARTITIONS.get(family) if place.isalpha() and number.isdigit() else None


def declare(entry: tree.Entry, name: str) -> Declared:
    """Read one parameter; what is malformed counts as not written."""
    node = entry.value
    if not isinstance(node, tree.Mapping):
        return Declared(name, entry.key)
    kind = _word(node.get("Type"))
    allowed = node.get("AllowedValues")
    return Declared(
        name,
        entry.key,
        kind or "String",
        _default(node.get("Default")),
        tuple(canonical(item) for item in allowed.items if isinstance(item, Scalar))
        if isinstance(allowed, tree.Sequence)
        else None,
        _is_true(node.get("NoEcho")),
        (_bound(node.get("MinLength"), 0), _bound(node.get("MaxLength"), float("inf"))),
        (_bound(node.get("MinValue"), float("-inf")), _bound(node.get("MaxValue"), float("inf"))),
    )


def _is_true(node: tree.Node | None) -> bool:
    # What is written here and not understood may well mean true: a secret is kept rather than shown.
    return node is not None and truth(node) is not False


def _word(node: tree.Node | None) -> str | None:
    return canonical(node) if isinstance(node, Scalar) and not node.tag and not is_null(node) else None


def _default(node: tree.Node | None) -> str | None:
    if isinstance(node, tree.Sequence):
        return ",".join(_word(item) or "" for item in node.items)
    return _word(node)


def _bound(node: tree.Node | None, otherwise: float) -> float:
    number = _number(_word(node) or "")
    return otherwise if number is None else number


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _split(value: str) -> list[str]:
    return [piece.strip() for piece in value.split(",")]


def _read(declared: Declared, value: str) -> Text | tuple[Text, ...]:
    if declared.is_list:
        return tuple(as_text(piece) for piece in _split(value))
    return as_text(value)


def _opaque(declared: Declared, origin: str, why: str) -> Value:
    if declared.is_list or "<List<" in declared.type or "<CommaDelimitedList>" in declared.type:
        return Value(None, "", why)
    return Value(Text((Opaque(origin, given=True),)))


def _passed(evaluator: "Evaluator", node: tree.Node) -> Value | None:
    """What a parent passes for one parameter; None when it passes nothing."""
    resolved = evaluator.resolve(node)
    head, via = resolved.node, resolved.via
    match head:
        case Missing():
            return None
        case Scalar():
            return Value(as_text(canonical(head)), via)
        case Partial(text=known):
            return Value(known, via)
        case Undecided(why=why):
            return Value(None, via, why)
        case _:
            return Value(None, via, "a stack passes texts to the stacks in it, and this is none")


def _inherit(declared: Declared, given: Value) -> Value:
    if not declared.is_list or not isinstance(given.head, Text):
        return given
    literal = given.head.literal
    if literal is None:
        return Value(None, given.via, f"it is {given.head}, which the input does not tell")
    return Value(_read(declared, literal), given.via)


def _refusal(declared: Declared, given: str) -> str:
    value = f"The value given for {declared.name}{'' if declared.no_echo else f', {given!r},'}"
    if declared.allowed is not None:
        told = "" if declared.no_echo else f": {', '.join(declared.allowed)}"
        return f"{value} is none of its AllowedValues{told}."
    return f"{value} is not one that its declaration accepts; check its limits."


def load_parameter_file(data: bytes, source: str) -> tuple[dict[str, str], list[Problem]]:
    """Read `[{"ParameterKey", "ParameterValue"}]`, `{"Parameters": {...}}` or `{"Key": "value"}`."""
    from s3audit.collectors.documents.reader import read

    documents, problems = read(data, source)
    root = documents[0].root if documents else None
    if isinstance(root, tree.Mapping):
        inner = root.get("Parameters")
        return _load_mapping(inner if isinstance(inner, tree.Mapping) else root, source, problems)
    if isinstance(root, tree.Sequence):
        return _load_list(root, source, problems)
    if not problems:
        at = Location(source) if root is None else location(root, source)
        problems.append(Problem(at, "unreadable", f"This is no parameter file. {_FORMS}"))
    return {}, problems


_FORMS = (
    'A parameter file is a list of {"ParameterKey": ..., "ParameterValue": ...}, as for the AWS CLI, '
    'or an object {"Parameters": {"Key": "value"}}, as for CodePipeline.'
)


def _load_mapping(
    root: tree.Mapping, source: str, problems: list[Problem]
) -> tuple[dict[str, str], list[Problem]]:
    values: dict[str, str] = {}
    for name, entry in root.entries.items():
        value = _default(entry.value)
        if value is None:
            at = location(entry.key, source)
            problems.append(Problem(at, "partial", f"The value of {name} is no text. {_FORMS}"))
        else:
            values[name] = value
    return values, problems


def _load_list(
    root: tree.Sequence, source: str, problems: list[Problem]
) -> tuple[dict[str, str], list[Problem]]:
    values: dict[str, str] = {}
    for item in root.items:
        if isinstance(item, Scalar) and "=" in item.value:  # as for `aws cloudformation deploy`
            name, _, value = item.value.partition("=")
            values[name] = value
            continue
        if isinstance(item, tree.Mapping) and (key := _word(item.get("ParameterKey"))) is not None:
            given = _default(item.get("ParameterValue"))
            if given is not None:
                values[key] = given
                continue
            if _is_true(item.get("UsePreviousValue")):
                continue
        problems.append(Problem(location(item, source), "partial", f"This is no key and value. {_FORMS}"))
    return values, problems
