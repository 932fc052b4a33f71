"""A scan that is ended at any moment is gone on with, and in the end nobody can tell."""

import random
import signal
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic

import pytest

from s3audit.collectors.live.run import look
from s3audit.collectors.live.store.keep import Store, open_store
from s3audit.collectors.live.unit import Part
from s3audit.demo import faults
from s3audit.demo.server import Server
from tests.live.snapshot.keeping import files, fill, keep, wanted
from tests.live.snapshot.scanning import scan

KILLS = 20
ASKED = wanted(regions=("eu-west-1",), units_at_once=1)
# Processes of their own that begin with everything imported, which takes longer than such a scan.
APART = get_context("forkserver")
APART.set_forkserver_preload(["boto3", "botocore.session", "tests.live.snapshot.scanning"])


def start(store: Server, folder: Path) -> BaseProcess:
    process = APART.Process(target=scan, args=(store.environment(), str(folder), ASKED))
    process.start()
    return process


def ended(process: BaseProcess, seconds: float) -> bool:
    """Whether it is, after so long at most."""
    process.join(seconds)
    return process.exitcode is not None


def killed(store: Server, folder: Path, chance: random.Random) -> bool:
    """Whether it was; a fast one is done before."""
    process = start(store, folder)
    last = store.world.requests.total() + chance.randint(1, 110)
    end = monotonic() + 60
    while store.world.requests.total() < last and monotonic() < end and not ended(process, 0.005):
        pass
    if not ended(process, chance.random() / 50):
        process.kill()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


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
    process = start(store, folder)
    while not ended(process, 0.005):
        if list(folder.rglob("buckets-*.jsonl")):
            process.kill()
    assert not (folder / "manifest.json").exists()
