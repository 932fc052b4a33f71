"""Where the references of a plan's expressions lead: through variables, outputs and `each` to resources."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from s3audit.collectors.terraform.records.addresses import Step, key_of, steps
from s3audit.collectors.terraform.records.configuration import (
    Expression,
    Scope,
    Texts,
    below,
    body,
    given,
    traversals,
)
from s3audit.collectors.terraform.records.given import Record
from s3audit.collectors.terraform.records.records import Records

MOST = 300
"""References that are followed for one value."""

# Of these everything is known when a plan is made.
_KNOWN = frozenset({"count", "ephemeral", "path", "self", "terraform", "tofu"})
_OWN_KEY = frozenset({"each.key", "count.index"})


class Target(NamedTuple):
    """A resource or data source, and what of it is meant; nothing where that can't be told."""

    record: Record
    rest: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join((self.record.address, *self.rest))


class Open(NamedTuple):
    """Where the plan does not show how it goes on."""

    what: str

    def __str__(self) -> str:
        return self.what


Followed = Target | Open


class Referrer(NamedTuple):
    """Where a reference stands."""

    scope: Scope
    key: str
    """Of the instance whose expression it is."""
    each: Expression | None
    """What `each` runs over."""


class Follower:
    def __init__(self, texts: Texts, records: Records, is_open: Callable[[Followed], bool]) -> None:
        """`is_open` tells whether a value may have to wait for one."""
        self._is_open = is_open
        self._texts = texts
        self._records = records
        self._known: dict[tuple[str, ...], list[list[Followed]]] = {}
        self._left = 0
        self._met: set[tuple[str, tuple[Step, ...], str]] = set()

    def followed(self, expression: Expression, record: Record) -> list[list[Followed]]:
        """What each reference of an expression of a resource leads to."""
        # A bucket is referred to by all that is declared beside it.
        question = (record.module, *expression.references)
        if expression.is_of_instance:
            question = (record.address, *expression.references)
        if question not in self._known:
            self._known[question] = self._followed(expression, record)
        return self._known[question]

    def _followed(self, expression: Expression, record: Record) -> list[list[Followed]]:
        scope = self._texts.scope(record.module)
        block = None if scope is None else scope.text.blocks.get(record.block)
        if scope is None or block is None:
            return [[Open(one)] for one in traversals(expression.references)]
        referrer = Referrer(scope, record.key, given(block.for_each))
        own = not _OWN_KEY.isdisjoint(expression.references)
        self._left = MOST
        found: list[list[Followed]] = []
        for one in traversals(expression.references):
            self._met = set()
            found.append(list(self._one(one, referrer, (), own)))
        return found

    def _all(
        self, expression: Expression, referrer: Referrer, rest: tuple[Step, ...], own: bool
    ) -> Iterator[Followed]:
        own = own or not _OWN_KEY.isdisjoint(expression.references)
        for one in traversals(expression.references):
            yield from self._one(one, referrer, rest, own)

    def _one(
        self, traversal: str, referrer: Referrer, rest: tuple[Step, ...], own: bool
    ) -> Iterable[Followed]:
        """`own` where the key of the referring instance is used to choose one."""
        parts = steps(traversal)
        self._left -= 1
        if not parts or self._left < 0:
            return (Open(traversal),)
        met = (referrer.scope.prefix, (*parts, *rest), referrer.key)
        if met in self._met:
            return ()
        self._met.add(met)
        head = parts[0].name
        if head in _KNOWN:
            return ()
        if head == "each":
            return self._each(parts, referrer, rest)
        if head == "var":
            return self._variable(parts, referrer, rest)
        if head == "module":
            return self._module([*parts, *rest], referrer, own)
        if head == "local":
            return (Open(f"{referrer.scope.prefix}{traversal}"),)
        if head == "resource":
            del parts[0]
        return self._resource(parts, referrer, rest, own)

    def _each(self, parts: list[Step], referrer: Referrer, rest: tuple[Step, ...]) -> Iterable[Followed]:
        if len(parts) < 2 or parts[1].name != "value" or referrer.each is None:
            return ()
        return self._all(referrer.each, referrer._replace(each=None), (*parts[2:], *rest), own=True)

    def _variable(self, parts: list[Step], referrer: Referrer, rest: tuple[Step, ...]) -> Iterable[Followed]:
        scope = referrer.scope
        if scope.call is None or scope.parent is None or len(parts) < 2:
            return ()
        written = below(body(scope.call.expressions), parts[1].name)
        if not isinstance(written, Expression):
            return ()  # it has its default, which is known
        caller = Referrer(scope.parent, scope.key, given(scope.call.for_each_expression))
        return self._all(written, caller, (*parts[2:], *rest), own=False)

    def _module(self, parts: list[Step], referrer: Referrer, own: bool) -> Iterable[Followed]:
        scope = referrer.scope
        spelled = f"{scope.prefix}{'.'.join(step.name + step.key for step in parts)}"
        if len(parts) < 2:
            return (Open(spelled),)
        name = f"{scope.prefix}module.{parts[1].name}"
        keys = [parts[1].key] if parts[1].key else self._records.module_keys(name) or [""]
        chosen = keys[0] if len(keys) == 1 else referrer.key if own and referrer.key in keys else None
        if chosen is None:
            return (Open(f"one of the {len(keys)} instances of {name}"),)
        inner = self._texts.inside(scope, Step(parts[1].name, chosen))
        if len(parts) < 3:
            only = None if inner is None else self._only_one(inner, referrer, own=own)
            return (Open(spelled),) if only is None else (only,)
        output = None if inner is None else inner.text.output(parts[2].name)
        written = None if output is None else given(output.expression)
        if inner is None or written is None:
            return (Open(spelled),)
        # `module.site.ids["eu"]` is of the instance with that key, as far as there is more than one.
        hint = parts[2].key or (referrer.key if own and len(keys) == 1 else "")
        return self._all(written, Referrer(inner, hint, None), tuple(parts[3:]), own=bool(hint))

    def _only_one(self, inner: Scope, referrer: Referrer, *, own: bool) -> Target | None:
        """The one resource that all outputs lead to that have to be waited for.

        Of `module.site[each.key].id` a plan does not show which output it is.
        """
        found: dict[str, Record] = {}
        for output in (inner.text.outputs or {}).values():
            written = given(output.expression)
            if written is None:
                return None
            for one in self._all(written, Referrer(inner, referrer.key if own else "", None), (), own=own):
                if not self._is_open(one):
                    continue
                if not isinstance(one, Target):
                    return None
                found[one.record.address] = one.record
        return Target(next(iter(found.values())), ()) if len(found) == 1 else None

    def _resource(
        self, parts: list[Step], referrer: Referrer, rest: tuple[Step, ...], own: bool
    ) -> Iterable[Followed]:
        size = 3 if parts[0].name == "data" else 2
        if len(parts) < size:
            return (Open(f"{referrer.scope.prefix}{'.'.join(step.name for step in parts)}"),)
        *around, last = parts[:size]
        base = f"{referrer.scope.prefix}{'.'.join(step.name for step in around)}.{last.name}"
        instances = self._records.instances(base)
        if not instances:
            return ()
        chosen = _chosen(instances, last.key, referrer.key if own else "")
        if chosen is None:
            return () if last.key else (Open(f"one of the {len(instances)} instances of {base}"),)
        # What follows an attribute in a variable or output belongs to an object that is not shown.
        attributes = parts[size:] or list(rest)
        return (Target(chosen, tuple(step.name for step in attributes)),)


def _chosen(instances: dict[str, Record], written: str, own: str) -> Record | None:
    if written:
        if written in instances:
            return instances[written]
        wanted = key_of(written)
        return next((one for key, one in instances.items() if key_of(key) == wanted), None)
    if len(instances) == 1:
        return next(iter(instances.values()))
    return instances.get(own) if own else None
