"""Addresses of resources: `module.site["eu"].data.aws_s3_bucket.logs[0]`."""

import json
import re
from typing import NamedTuple

Key = str | int | None
"""Of an instance of `for_each` or `count`; None where there is only one."""

_STEP = re.compile(r'([^.\[\]"]++)(\[(?:-?[0-9]++|\*|"(?:[^"\\]|\\.)*+")\])?+(?:\.|$)', re.DOTALL)


class Step(NamedTuple):
    """A name and its key as written, brackets included: `site` and `["eu"]`."""

    name: str
    key: str = ""


class Address(NamedTuple):
    modules: tuple[Step, ...]
    """From the root downwards."""
    mode: str
    """`managed`, `data` or `ephemeral`."""
    type: str
    name: str
    key: str
    """As written, brackets included; empty for the only one."""

    @property
    def block(self) -> str:
        """What its module's references call it, without its key: `data.aws_s3_bucket.logs`."""
        head = "" if self.mode == "managed" else f"{self.mode}."
        return f"{head}{self.type}.{self.name}"

    @property
    def folder(self) -> tuple[str, ...]:
        """The names of its modules: all instances of a module are written in one place."""
        return tuple(step.name for step in self.modules)


def parse(address: str) -> Address | None:
    """The parts of an address; None for what is none."""
    found = steps(address)
    if found is None:
        return None
    modules: list[Step] = []
    place = 0
    while place + 1 < len(found) and found[place] == ("module", ""):
        modules.append(found[place + 1])
        place += 2
    mode = "managed"
    if place < len(found) and found[place] in (("data", ""), ("ephemeral", "")):
        mode = found[place].name
        place += 1
    if len(found) - place != 2 or found[place].key:
        return None
    return Address(tuple(modules), mode, found[place].name, *found[place + 1])


def in_module(modules: tuple[Step, ...], block: str, key: str = "") -> str:
    """The address of what a module calls `block`."""
    around = "".join(f"module.{step.name}{step.key}." for step in modules)
    return f"{around}{block}{key}"


def key_of(written: str) -> Key:
    """`["eu"]` is eu, `[0]` is 0 and nothing is None."""
    inner = written[1:-1]
    if not inner.startswith('"'):
        return int(inner) if inner.lstrip("-").isascii() and inner.lstrip("-").isdigit() else None
    # What would begin a template is written twice.
    inner = inner.replace("$${", "${").replace("%%{", "%{")
    try:
        return str(json.loads(inner))
    except ValueError:
        return inner[1:-1]


def steps(address: str) -> list[Step] | None:
    """What stands between the dots; None where that can't be told."""
    parts: list[Step] = []
    position = 0
    while position < len(address):
        found = _STEP.match(address, position)
        if found is None:
            return None
        parts.append(Step(found[1], found[2] or ""))
        position = found.end()
    return None if not parts or address.endswith(".") else parts
