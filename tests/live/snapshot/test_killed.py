"""A scan that is ended at any moment is gone on with, and in the end nobody can tell."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from s3audit.collectors.live.run import look
from s3audit.collectors.live.store.keep import Store, open_store
from s3audit.collectors.live.unit import Part
from s3audit.demo import faults
from s3audit.demo.server import Server
from tests.cli.process import ROOT
from tests.live.snapshot.keeping import ended, files, fill, keep, wanted

KILLS = 20
# What `s3audit live --snapshot` does before it judges; test_command.py runs all of it.
SCAN = """
import sys
from s3audit.collectors.live.run import look
from s3audit.collectors.live.store.keep import open_store
from s3audit.collectors.live.wanted import Wanted

asked = Wanted(needs=frozenset({"buckets"}), attempts=2, units_at_once=1, regions=("eu-west-1",))
look(asked, keeper=open_store(sys.argv[1], asked))
"""
ASKED = wanted(regions=("eu-west-1",))


def start(store: Server, folder: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", SCAN, str(folder)],
        cwd=ROOT,
        env={**os.environ, **store.environment()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def killed(store: Server, folder: Path, chance: random.Random) -> bool:
    """Whether it was; a fast one is done before."""
    with start(store, folder) as process:
        last = store.world.requests.total() + chance.randint(1, 110)
        end = monotonic() + 60
        while store.world.requests.total() < last and monotonic() < end and not ended(process, 0.005):
            pass
        if not ended(process, chance.random() / 50):
            process.kill()
        assert process.stderr is not None
        said = process.stderr.read()
    assert process.returncode in (0, -signal.SIGKILL), said
    return process.returncode != 0


def finished(folder: Path) -> bool:
    return (folder / "manifest.json").exists() and not (folder / "unfinished.json").exists()


def test_killed_twenty_times_in_a_row(store: Server, tmp_path: Path) -> None:
    fill(store, 6, regions=1)
    store.world.faults.add(faults.slow(0.002), "s3:*")
    keep(tmp_path / "whole", ASKED)
    whole = files(tmp_path / "whole")
    chance = random.Random(4)
    kills = folders = 0
    left: list[int] = []
    while kills < KILLS:
        folder = tmp_path / f"kept-{folders}"
        folders += 1
        while kills < KILLS and not finished(folder) and killed(store, folder, chance):
            kills += 1
            left.append(len(list(folder.rglob("*.jsonl"))))
        if not finished(folder):
            keep(folder, ASKED)
        assert files(folder) == whole
    assert len([units for units in left if 0 < units < len(whole) - 1]) > KILLS / 4, left


class Ended(BaseException):
    """As if the process was."""


@pytest.mark.parametrize("after", [0, 2, 5])
def test_what_is_there_is_not_asked_for_again(
    store: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    fill(store, 6, regions=3)
    keep(tmp_path / "whole")
    asked = wanted(units_at_once=1)
    kept = open_store(str(tmp_path / "kept"), asked)
    saved: list[Part] = []

    def save(self: Store, part: Part) -> None:
        if len(saved) == after:
            raise Ended
        saved.append(part)
        real(self, part)

    real = Store.save
    monkeypatch.setattr(Store, "save", save)
    with pytest.raises(Ended):
        look(asked, keeper=kept)
    kept.close()
    monkeypatch.undo()
    for name, value in store.environment().items():
        monkeypatch.setenv(name, value)
    store.world.requests_about.clear()
    keep(tmp_path / "kept", asked)
    again = {name for _, name in store.world.requests_about}
    there = {resource.title for part in saved for resource in part.resources}
    assert not again & there
    assert len(again | there) >= 6
    assert files(tmp_path / "kept") == files(tmp_path / "whole")


def test_what_changed_meanwhile_is_read_again(store: Server, tmp_path: Path) -> None:
    fill(store, 6, regions=1)
    interrupted(store, tmp_path / "kept")
    del store.world.buckets["orders-00"]
    store.world.bucket("orders-99", region="eu-west-1")
    keep(tmp_path / "kept", ASKED)
    keep(tmp_path / "whole", ASKED)
    assert files(tmp_path / "kept") == files(tmp_path / "whole")


def interrupted(store: Server, folder: Path) -> None:
    """Leave a snapshot that is not finished, with some of its units."""
    with start(store, folder) as process:
        while not ended(process, 0.005):
            if list(folder.rglob("buckets-*.jsonl")):
                process.kill()
    assert not (folder / "manifest.json").exists()
