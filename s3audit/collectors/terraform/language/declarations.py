"""What a module declares, as values: objects of which only their own module knows the attributes."""

from collections.abc import Sequence
from typing import Generic, Self, TypeVar

from s3audit.collectors.documents.resolved import Partial
from s3audit.collectors.documents.tree import Node
from s3audit.collectors.terraform.language.scope import Trace
from s3audit.collectors.terraform.language.values import (
    Primitive,
    Value,
    failed,
    is_null,
    mapping,
    sequence,
    undecided,
)
from s3audit.text import Text

Key = str | int | Text | None
"""Of one of several: Text where it is not known, None where there is only one."""

_MOST_SAID = 1_000_000_000

_DISABLED = "it is not enabled, so it is null"


class Member(Node):
    """One of what a block declares; as a value it is an object."""

    address: str
    key: Key

    def attribute(self, name: str, at: Node) -> Value | None:
        """An attribute, worked out when asked for; None where there is none to be had."""
        raise TypeError(f"{type(self).__name__} has no attributes")


One = TypeVar("One", bound=Member)


class Declarations(Node, Generic[One]):
    """All that a block declares, as a value."""

    mode: str
    """one, count or for_each."""
    instances: Sequence[One]
    open: str
    """Why there may be others, or less; empty when they are all."""
    trace: Trace
    """What their number and keys are made of."""
    unseen: str = ""
    """What there is to say of those that are too many to be looked at."""

    @classmethod
    def of(
        cls, at: Node, mode: str, instances: Sequence[One], why: str = "", trace: Trace | None = None
    ) -> Self:
        return cls(at.start, at.end, at.lines, mode, instances, why, Trace() if trace is None else trace)

    def cut(self, name: str, number: int, why: str) -> None:
        """These are not all that there are of this name."""
        made = len(self.instances)
        if number > made:
            many = f"{number:,}" if number <= _MOST_SAID else f"more than {_MOST_SAID:,}"
            looked_at = f"only {made:,} are looked at" if made else "none is looked at"
            self.open = self.unseen = f"{name} has {many} instances, and {looked_at}: {why}"

    def whole(self) -> Value:
        """As a list or map of its instances."""
        if self.open:
            return undecided(self, self.open)
        if self.mode == "one":
            return self.instances[0] if self.instances else Primitive.of(self, None)
        if self.mode == "count":
            return sequence(self, self.instances)
        if any(not isinstance(one.key, str) for one in self.instances):
            return undecided(self, "some of its keys are not known")
        return mapping(self, {str(one.key): one for one in self.instances})


def indexed(of: Declarations[One], key: Value, at: Node) -> Value:
    """The instance of a key."""
    if of.mode == "one":
        return failed(at, "it is not repeated, so it has no instances to choose from")
    wanted: Key
    match key:
        case Primitive(data=int() as number) if of.mode == "count" and not isinstance(number, bool):
            wanted = number
        case Primitive(value=name) if not is_null(key):
            wanted = int(name) if of.mode == "count" and name.isdigit() else name
        case Partial(text=known):
            wanted = known
        case _:
            return undecided(at, "which instance is meant is not known")
    for one in of.instances:
        if one.key == wanted:
            return one
    if isinstance(wanted, Text) or of.open or any(isinstance(one.key, Text) for one in of.instances):
        why = of.open or f"which instance is meant by {wanted} is not known"
        return undecided(at, why)
    return failed(at, f"there is no instance {wanted!r}")


def attribute_of(value: Value, name: str, at: Node) -> Value | None:
    """An attribute of a resource, a data source or a module; None where there is none to be had."""
    if isinstance(value, Declarations):
        if value.mode != "one":
            return None
        if not value.instances:
            return undecided(at, value.open) if value.open else failed(at, _DISABLED)
        value = value.instances[0]
    return value.attribute(name, at) if isinstance(value, Member) else None
