"""How far a live scan has come, on standard error: drawn where that is a terminal, plain lines where it is not."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import monotonic
from typing import TextIO

from s3audit.collectors.live.access import traffic
from s3audit.collectors.live.watch import Watch

_LINE_SECONDS = 10.0
_DRAW_SECONDS = 0.2
_SURE_AFTER = 20
"""Buckets that have to be read before the time left is guessed."""


@contextmanager
def shown(watch: Watch, stream: TextIO | None) -> Iterator[None]:
    """Show it while the block lasts."""
    if stream is None:
        yield
        return
    told = _Told(watch)
    draw = _drawn if stream.isatty() and _has_rich() else _lines
    done = Event()
    thread = Thread(target=draw, args=(told, stream, done), name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(2)


class _Told:
    """What there is to say, at the moment it is asked."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._reading = 0.0
        """When the first bucket was read."""

    @property
    def has_begun(self) -> bool:
        """Whether anybody got in."""
        return self._watch.accounts > 0

    @property
    def share(self) -> float:
        """Of the buckets, how many are done."""
        return min(self._watch.buckets / self._watch.all_buckets, 1.0) if self._watch.all_buckets else 0.0

    def words(self) -> str:
        watch = self._watch
        if not watch.all_accounts:
            return "signing in"
        parts = [f"accounts {watch.accounts:,}/{watch.all_accounts:,}"]
        if watch.all_buckets:
            parts.append(f"buckets {min(watch.buckets, watch.all_buckets):,}/{watch.all_buckets:,}")
        calls, throttled = watch.traffic or traffic()
        parts.append(f"calls {calls:,}")
        if throttled:
            parts.append(f"throttled {throttled:,}")
        if watch.stage == "reading again":
            parts.append("a second try for what was throttled or broken")
        elif left := self._left():
            parts.append(f"{left} left")
        return " · ".join(parts)

    def _left(self) -> str:
        done, total = self._watch.buckets, self._watch.all_buckets
        if done and not self._reading:
            self._reading = monotonic()
        if done < _SURE_AFTER or done >= total:
            return ""
        seconds = (monotonic() - self._reading) / done * (total - done)
        return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{max(seconds, 1):.0f} s"


def _lines(told: _Told, stream: TextIO, done: Event) -> None:
    said = ""
    while not done.wait(_LINE_SECONDS):
        said = _say(told, stream, said)
    if told.has_begun:
        _say(told, stream, said)


def _say(told: _Told, stream: TextIO, said: str) -> str:
    words = told.words()
    if words != said:
        with suppress(OSError, ValueError):  # whoever read it has gone
            stream.write(f"s3audit: {words}\n")
            stream.flush()
    return words


def _drawn(told: _Told, stream: TextIO, done: Event) -> None:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), BarColumn(bar_width=24), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=Console(file=stream), transient=True, auto_refresh=False) as progress:
        task = progress.add_task("", total=1.0)
        is_last = False
        while True:
            progress.update(task, completed=told.share, description=told.words(), refresh=True)
            if is_last:
                return
            is_last = done.wait(_DRAW_SECONDS)


def _has_rich() -> bool:
    from importlib.util import find_spec

    return find_spec("rich") is not None
