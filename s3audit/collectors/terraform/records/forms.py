"""What `terraform show -json` and state files look like, as far as anything of it is for us; values stay undecoded."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from s3audit.collectors.terraform.language.values import Plain

T = TypeVar("T")

Raw = msgspec.Raw
"""JSON that nobody has looked at: a view of the file, no copy."""

NONE = Raw()


class Number(str):
    """A fraction as it is written, which a float would round."""

    __slots__ = ()


class Plan(msgspec.Struct):
    format_version: Raw = NONE
    planned_values: Raw = NONE
    resource_changes: Raw = NONE
    deferred_changes: Raw = NONE
    prior_state: Raw = NONE
    configuration: Raw = NONE
    complete: Raw = NONE
    errored: Raw = NONE


class Change(msgspec.Struct, gc=False):
    actions: list[str] = []
    before: Raw = NONE
    after: Raw = NONE
    after_unknown: Raw = NONE
    after_sensitive: Raw = NONE


class ResourceChange(msgspec.Struct, gc=False):
    address: str
    change: Change
    mode: str = "managed"
    type: str = ""
    name: str = ""
    module_address: str | None = ""
    previous_address: str | None = ""
    deposed: str | None = ""


class Deferred(msgspec.Struct, gc=False):
    resource_change: ResourceChange
    reason: str = ""


class Values(msgspec.Struct):
    """`planned_values`, and what a state has."""

    root_module: Raw = NONE


class State(msgspec.Struct):
    """A state as `show -json` prints it, or as it is stored."""

    format_version: Raw = NONE
    version: Raw = NONE
    values: Raw = NONE
    resources: Raw = NONE
    encrypted_data: Raw = NONE
    lineage: Raw = NONE


class ModuleValues(msgspec.Struct):
    address: str | None = ""
    resources: Raw = NONE
    child_modules: Raw = NONE


class ResourceValues(msgspec.Struct, gc=False):
    address: str
    mode: str = "managed"
    type: str = ""
    name: str = ""
    values: Raw = NONE
    sensitive_values: Raw = NONE
    deposed_key: str | None = ""


class Stored(msgspec.Struct, gc=False):
    """A resource of a state file."""

    type: str
    name: str
    instances: Raw
    mode: str = "managed"
    module: str | None = ""
    provider: str | None = ""


class StoredInstance(msgspec.Struct, gc=False):
    index_key: str | int | float | None = None
    deposed: str | None = ""
    attributes: Raw = NONE
    attributes_flat: Raw = NONE
    sensitive_attributes: Raw = NONE


class Written(msgspec.Struct, gc=False):
    """A resource in a plan's `configuration`."""

    type: str
    name: str
    mode: str = "managed"
    provider_config_key: str | None = ""
    expressions: Raw = NONE
    for_each_expression: Raw = NONE


class Output(msgspec.Struct, gc=False):
    expression: Raw = NONE


class Call(msgspec.Struct, gc=False):
    module: "Module"
    expressions: Raw = NONE
    for_each_expression: Raw = NONE


class Module(msgspec.Struct):
    resources: list[Written] | None = None
    outputs: dict[str, Output] | None = None
    module_calls: dict[str, Call] | None = None


class Configuration(msgspec.Struct):
    root_module: Module
    provider_config: Raw = NONE


_DECODERS: dict[Any, msgspec.json.Decoder[Any]] = {}
"""Made when they are first needed: they cost more than a small file."""


def decoded(raw: bytes | Raw, form: type[T]) -> T:
    """Raises UnreadableError."""
    try:
        if (decoder := _DECODERS.get(form)) is None:
            decoder = _DECODERS[form] = msgspec.json.Decoder(form, float_hook=Number)
        found: T = decoder.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnreadableError(str(error)) from None
    except RecursionError:
        raise UnreadableError("it is nested too deeply") from None
    return found


def plain(raw: Raw) -> object:
    """Python data: None, bool, int, Number, str, list, dict; raises UnreadableError."""
    return None if raw is NONE else decoded(raw, object)


def is_null(raw: Raw) -> bool:
    """Missing, or null."""
    return raw is NONE or bytes(memoryview(raw)[:4]) == b"null"


def marks_nothing(raw: Raw) -> bool:
    """Whether marks say nothing, as those of what is sensitive hardly ever do."""
    written = bytes(raw)
    return not written.startswith(b"[") and b"true" not in written


def many(raw: Raw, form: type[T], spoilt: Callable[[int, str], None]) -> list[T]:
    """The elements of a list; `spoilt` is told how many can't be read and what is wrong with the first."""
    if is_null(raw):
        return []
    try:
        return decoded(raw, list[form])  # type: ignore[valid-type]
    except UnreadableError:
        return _one_by_one(raw, form, spoilt)


def _one_by_one(raw: Raw, form: type[T], spoilt: Callable[[int, str], None]) -> list[T]:
    try:
        elements = decoded(raw, list[Raw])
    except UnreadableError as error:
        spoilt(0, str(error))
        return []
    found: list[T] = []
    said: list[str] = []
    for element in elements:
        try:
            found.append(decoded(element, form))
        except UnreadableError as error:
            said.append(str(error))
    if said:
        spoilt(len(said), said[0])
    return found


class UnreadableError(ValueError):
    """It is no JSON, or of another form; the message is msgspec's."""


def as_plain(value: object) -> Plain:
    """What `data` made of JSON, in the numbers that expressions work with."""
    if isinstance(value, dict):
        return {str(name): as_plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [as_plain(item) for item in value]
    if isinstance(value, Number):
        return Decimal(value)
    return value if isinstance(value, str | int | bool) else None


class _Variable(msgspec.Struct):
    value: Raw = NONE


class _Given(msgspec.Struct):
    variables: dict[str, _Variable] = {}


def variables_of(raw: bytes | Raw) -> dict[str, Raw]:
    """The values that the variables of the root module had when the plan was made."""
    try:
        found = decoded(raw, _Given).variables
    except UnreadableError:
        return {}
    return {name: one.value for name, one in found.items() if not is_null(one.value)}
