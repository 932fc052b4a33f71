"""The resources of a plan or a state: by address, by block, and as the two forms list them."""

from collections.abc import Container, Iterator
from sys import intern

from s3audit.collectors.terraform.records.addresses import parse, steps
from s3audit.collectors.terraform.records.forms import (
    ModuleValues,
    Raw,
    ResourceValues,
    UnreadableError,
    Values,
    decoded,
    is_null,
    many,
)
from s3audit.collectors.terraform.records.given import Record
from s3audit.location import Location
from s3audit.problem import Problem, ProblemKind

MOST_LEVELS = 50
"""Modules in one another."""
_MOST_PROBLEMS = 100
NO_ADDRESS = "some of them have no address that can be understood"


class Said:
    """The problems of one file."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._problems: dict[Problem, None] = {}

    @property
    def problems(self) -> list[Problem]:
        return list(self._problems)

    def add(self, kind: ProblemKind, message: str) -> None:
        if len(self._problems) < _MOST_PROBLEMS:
            self._problems[Problem(Location(self.source), kind, message)] = None

    def spoilt(self, what: str, count: int, error: str, kind: ProblemKind = "partial") -> None:
        some = f"{count:,} of the" if count else "The"
        self.add(
            kind,
            f"{some} {what} can't be read, and what they hold is not judged: {error}. Give the file as"
            " `terraform show -json` prints it.",
        )


class Records:
    """The resources and data sources of a plan, by address and by block."""

    def __init__(self) -> None:
        self.by_address: dict[str, Record] = {}
        self._keyed: dict[str, dict[str, Record]] | None = None
        self._modules: dict[str, list[str]] | None = None

    def add(self, record: Record) -> bool:
        """Whether it is the first of its address."""
        return self.by_address.setdefault(record.address, record) is record

    def instances(self, base: str) -> dict[str, Record]:
        """The instances of a block, by their keys as written."""
        if self._keyed is None:
            self._keyed = {}
            for record in self.by_address.values():
                # Most have no key, and are found by their address.
                if key := record.key:
                    self._keyed.setdefault(record.base, {})[key] = record
        only = self.by_address.get(base)
        keyed = self._keyed.get(base, {})
        return keyed if only is None else {"": only, **keyed}

    def module_keys(self, base: str) -> list[str]:
        """The keys of the instances of a module in which there is anything; `base` ends with its name."""
        if self._modules is None:
            found: dict[str, dict[str, None]] = {}
            for module in {record.module: None for record in self.by_address.values() if record.module}:
                outer = ""
                # Each second step is the word `module`.
                for step in (steps(module) or [])[1::2]:
                    name = f"{outer}module.{step.name}"
                    found.setdefault(name, {})[step.key] = None
                    outer = f"{name}{step.key}."
            self._modules = {name: list(keys) for name, keys in found.items()}
        return self._modules.get(base, [])


def record_of(address: str, mode: str, kind: str, name: str, module: str, values: Raw) -> Record | None:
    """None for what has no address that can be understood."""
    prefix = "" if mode == "managed" else f"{mode}."
    block = f"{prefix}{kind}.{name}"
    base = f"{module}.{block}" if module else block
    # Most are named in the parts that a plan gives; some tools leave them out.
    if not kind or not name or not (address == base or address.startswith(f"{base}[")):
        parsed = parse(address)
        if parsed is None:
            return None
        prefix = "" if parsed.mode == "managed" else f"{parsed.mode}."
        kind = parsed.type
        base = address[: len(address) - len(parsed.key)]
        module = base[: -len(parsed.block) - 1]
    # As large plans have thousands of them, what is the same is kept once.
    return Record.of(address, intern(prefix + kind), module, address if base == address else base, values)


def listed(
    values: Raw, said: Said, what: str, known: Container[str] = ()
) -> Iterator[tuple[ResourceValues, Record]]:
    """The resources of `planned_values` or of a state, with those of all its modules; not those that are known."""
    if is_null(values):
        return
    try:
        root = decoded(values, Values).root_module
    except UnreadableError as error:
        said.spoilt(what, 0, str(error))
        return
    modules = [(root, "", 0)]
    while modules:
        raw, around, level = modules.pop()
        if is_null(raw):
            continue
        if level > MOST_LEVELS:
            said.spoilt(what, 0, f"they are more than {MOST_LEVELS} modules deep")
            continue
        try:
            module = decoded(raw, ModuleValues)
        except UnreadableError as error:
            said.spoilt(what, 0, str(error))
            continue
        name = module.address or around

        def spoilt(count: int, error: str) -> None:
            said.spoilt(what, count, error)

        for one in many(module.resources, ResourceValues, spoilt):
            if one.address in known:
                continue
            record = record_of(one.address, one.mode, one.type, one.name, name, one.values)
            if record is None:
                said.spoilt(what, 0, NO_ADDRESS)
                continue
            record.hidden = one.sensitive_values
            yield one, record
        inner = many(module.child_modules, Raw, spoilt)
        modules += [(child, name, level + 1) for child in reversed(inner)]
