"""A live scan from the way in to all that was seen: the machine that works the units off."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed, wait
from contextlib import suppress
from functools import partial
from typing import Any, Protocol
from uuid import uuid4

import msgspec

from s3audit.collectors.live.access import Access, AccessError, forget, traffic, transport_of
from s3audit.collectors.live.explore import Door, Doors, Explored, doors, explore
from s3audit.collectors.live.merge import merged, once_more
from s3audit.collectors.live.named import references
from s3audit.collectors.live.plan import Plan, named_units, plan
from s3audit.collectors.live.unit import Part, Unit, collect
from s3audit.collectors.live.wanted import Wanted
from s3audit.collectors.live.watch import Watch

GRACE_SECONDS = 3
"""How long the calls that are under way may take once the scan is interrupted."""


class Seen(msgspec.Struct):
    """All that came of a scan, before anything is made of it."""

    doors: Doors = Doors(())
    explored: tuple[Explored, ...] = ()
    plans: tuple[Plan, ...] = ()
    parts: dict[str, Part] = {}
    """By the id of the unit."""
    broken_doors: dict[str, str] = {}
    """Why an account was not looked at, though there may be a way in."""
    broken: dict[str, str] = {}
    """Why a unit was not worked off: something in s3audit or in the executor broke."""
    lost: dict[str, str] = {}
    """Why what was seen of a unit is not known any more."""
    interrupted: bool = False


class Keeper(Protocol):
    """Keeps what was seen, as it is seen."""

    def done(self, unit: Unit) -> Part | None:
        """What an earlier run has seen of just this unit."""

    def save(self, part: Part) -> None: ...

    def finish(self, seen: Seen) -> None: ...


def look(
    wanted: Wanted,
    *,
    executor: Executor | None = None,
    watch: Watch | None = None,
    keeper: Keeper | None = None,
) -> Seen:
    """Look at all that is wanted; raises AccessError where there is no way in at all."""
    run = _Run(wanted, executor, watch or Watch(), keeper)
    try:
        run.explore()
        run.read()
        run.read_again()
        run.read_named()
        if keeper is not None:
            keeper.finish(run.seen)
    except KeyboardInterrupt:
        run.seen.interrupted = True
    finally:
        run.end()
    return run.seen


class _Run:
    def __init__(
        self, wanted: Wanted, executor: Executor | None, watch: Watch, keeper: Keeper | None = None
    ) -> None:
        self.wanted = wanted
        self.watch = watch
        self.keeper = keeper
        self.seen = Seen()
        self._scan = uuid4().hex
        self._rounds = 0
        self._own = executor is None
        self.executor = executor or ThreadPoolExecutor(wanted.units_at_once)
        self._collect: Callable[[Unit, Access], Part] = collect
        self._is_here = isinstance(self.executor, ThreadPoolExecutor)
        if self._is_here:  # then what is going on can be looked at, and stopped
            self._collect = partial(collect, watch=watch)

    def explore(self) -> None:
        """Find out which accounts and buckets there are."""
        self.watch.stage = "listing"
        found = self.seen.doors = doors(self.wanted)
        self.watch.all_accounts = len(found.open)
        explored: dict[int, Explored] = {}

        def note(number: int, result: Explored) -> None:
            if result.everywhere:
                raise AccessError(result.refused)
            explored[number] = result
            self.watch.account_done()

        def note_again(number: int, result: Explored) -> None:
            again, before = passing[number]
            if not result.refused and len(result.missed) <= len(before.missed):
                explored[again] = result

        try:
            self._work(explore, [(door, self.wanted) for door in found.open], note, self._broken_door)
            passing = [(n, one) for n, one in explored.items() if any(m.passing for m in one.missed)]
            jobs = [(found.open[n], self.wanted) for n, _ in passing]
            self._work(explore, jobs, note_again, lambda *_: None)
        finally:
            self.seen.explored = _once_each(explored[number] for number in sorted(explored))
            self.seen.plans = tuple(plan(one, self.wanted) for one in self.seen.explored if not one.refused)

    def _broken_door(self, number: int, error: Exception) -> None:
        door = self.seen.doors.open[number]
        self.seen.broken_doors[door.account or "account"] = _said(error)

    def read(self) -> None:
        self.watch.stage = "reading"
        self.watch.all_buckets = sum(len(unit.buckets) for _, unit in self._units())
        self._collect_all(self._left(self._units()))

    def read_again(self) -> None:
        """A second time what was throttled to the last, or did not get through."""
        self._again(list(self._units()))

    def read_named(self) -> None:
        """What the resources refer to and no listing has shown."""
        known = {listed.name for one in self.seen.plans for listed in one.explored.buckets}
        jobs: list[tuple[Access, Unit]] = []
        plans: list[Plan] = []
        for one in self.seen.plans:
            parts = [self.seen.parts[unit.id] for unit in one.units if unit.id in self.seen.parts]
            resources = (resource for part in parts for resource in part.resources)
            named = named_units(one, references(resources, one.explored.place, self.wanted.needs, known))
            jobs += ((one.explored.access, unit) for unit in named)
            plans.append(msgspec.structs.replace(one, units=(*one.units, *named)))
        self.seen.plans = tuple(plans)
        if jobs:
            self.watch.stage = "following references"
            self._collect_all(self._left(jobs))
            self._again(jobs)

    def _again(self, jobs: Sequence[tuple[Access, Unit]]) -> None:
        again = [
            (unit, access)
            for access, first in jobs
            if (part := self.seen.parts.get(first.id)) is not None
            and (unit := once_more(first, part)) is not None
        ]
        if again:
            self.watch.stage = "reading again"
            self._collect_all(again)

    def _units(self) -> Iterable[tuple[Access, Unit]]:
        for one in self.seen.plans:
            for unit in one.units:
                yield one.explored.access, unit

    def _left(self, jobs: Iterable[tuple[Access, Unit]]) -> list[tuple[Unit, Access]]:
        """Those that no earlier run has worked off."""
        left: list[tuple[Unit, Access]] = []
        for access, unit in jobs:
            part = None if self.keeper is None else self.keeper.done(unit)
            if part is None:
                left.append((unit, access))
            else:
                self.seen.parts[unit.id] = part
                self.watch.buckets_done(len(unit.buckets))
        return left

    def _collect_all(self, jobs: Sequence[tuple[Unit, Access]]) -> None:
        def note(number: int, part: Part) -> None:
            before = self.seen.parts.get(part.unit)
            kept = self.seen.parts[part.unit] = part if before is None else merged(before, part)
            if self.keeper is not None:
                self.keeper.save(kept)
            if not self._is_here:
                self.watch.buckets_done(len(jobs[number][0].buckets))

        def broken(number: int, error: Exception) -> None:
            unit = jobs[number][0]
            if unit.id not in self.seen.parts:
                self.seen.broken[unit.id] = _said(error)

        self._work(self._collect, jobs, note, broken)

    def _work(
        self,
        function: Callable[..., Any],
        jobs: Sequence[tuple[Any, ...]],
        note: Callable[[int, Any], None],
        broken: Callable[[int, Exception], None],
    ) -> None:
        """Work all of it off; what is done when it is interrupted counts."""
        self._rounds += 1
        function = partial(_in_round, f"{self._scan}/{self._rounds}", function)
        futures: dict[Future[Any], int] = {}
        noted: set[int] = set()

        def take(future: Future[Any]) -> None:
            number = futures[future]
            if number in noted or future.cancelled():
                return
            noted.add(number)
            error = future.exception()
            if isinstance(error, AccessError) and error.everywhere:
                raise error
            if isinstance(error, Exception):
                broken(number, error)
            elif error is not None:
                raise error
            else:
                note(number, future.result())

        try:
            for number, job in enumerate(jobs):
                try:
                    futures[self.executor.submit(function, *job)] = number
                except RuntimeError as error:  # an executor that broke takes no more work
                    broken(number, error)
            for future in as_completed(futures):
                take(future)
        except KeyboardInterrupt:
            self.watch.stop()
            for future in futures:
                future.cancel()
            for future in wait(futures, GRACE_SECONDS).done:
                take(future)
            raise

    def end(self) -> None:
        self.watch.traffic = traffic()
        forget()
        if self._own:
            self.executor.shutdown(wait=not self.seen.interrupted, cancel_futures=True)


def _in_round(name: str, function: Callable[..., Any], what: Door | Unit, how: Wanted | Access) -> Any:
    """What was given up because it was throttled is asked again in the next round."""
    with suppress(AccessError):  # which the function itself meets, and knows what to do about
        transport_of(what.access if isinstance(what, Door) else how).begin(name)  # type: ignore[arg-type]
    return function(what, how)


def _once_each(explored: Iterable[Explored]) -> tuple[Explored, ...]:
    """Each account once, whatever the number of ways into it, in the order of their ids."""
    found: dict[str, Explored] = {}
    for one in explored:
        account = one.place.account
        if account not in found or (found[account].refused and not one.refused):
            found[account] = one
    return tuple(found[account] for account in sorted(found))


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
