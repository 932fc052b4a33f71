"""`s3audit live --snapshot` and `s3audit scan` as their users meet them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from s3audit.demo import faults
from s3audit.demo.server import Server
from tests.cli.process import ROOT, Ended, run
from tests.live.snapshot.keeping import ended, files, fill

SELECT = ("--select", "versioning-enabled")
Command = Callable[..., Ended]


@pytest.fixture
def command(store: Server, tmp_path: Path) -> Command:
    def start(*arguments: str) -> Ended:
        return run(*arguments, cwd=tmp_path, env=store.environment())

    return start


def test_kept_judged_again_and_replaced(store: Server, command: Command, tmp_path: Path) -> None:
    fill(store, 3)
    live = command("live", "-q", *SELECT, "--snapshot", "kept", "-f", "json")
    assert (live.code, live.err) == (1, "")
    kept = command("scan", *SELECT, "kept", "-f", "json")
    assert (kept.code, kept.err) == (1, "")
    assert json.loads(kept.out)["findings"] == json.loads(live.out)["findings"]
    again = command("live", "-q", *SELECT, "--snapshot", "kept")
    assert (again.code, again.out) == (2, "")
    assert again.err == (
        "Error: there is a finished snapshot in kept: audit it with `s3audit scan kept`, name another folder, or"
        " replace it with --overwrite.\n"
    )
    before = files(tmp_path / "kept")
    assert command("live", "-q", *SELECT, "--snapshot", "kept", "--overwrite").code == 1
    assert files(tmp_path / "kept") == before


@pytest.mark.parametrize("option", ["--redact", "--overwrite"])
def test_these_are_for_a_snapshot(command: Command, option: str) -> None:
    done = command("live", "-q", option)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "Error: only a snapshot can be redacted or overwritten: name its folder with --snapshot.\n"
    )


def test_redacted(store: Server, command: Command, tmp_path: Path) -> None:
    fill(store, 3)
    assert command("live", "-q", *SELECT, "--snapshot", "given", "--redact").code == 1
    done = command("scan", *SELECT, "given")
    assert done.code == 1
    assert "Bucket orders-00" in done.out
    assert not [name for name, data in files(tmp_path / "given").items() if b"123456789012" in data]


def test_ended_by_hand_and_gone_on_with(store: Server, command: Command, tmp_path: Path) -> None:
    fill(store)
    store.world.faults.add(faults.silent(), "s3:*", about="orders-11")
    with subprocess.Popen(
        [sys.executable, "-m", "s3audit", "live", "-q", *SELECT, "--snapshot", "kept"],
        cwd=tmp_path,
        env={**os.environ, **store.environment(), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        end = monotonic() + 30
        while len(list((tmp_path / "kept").rglob("buckets-*.jsonl"))) < 5 and monotonic() < end:
            assert not ended(process, 0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, b"")
    assert (
        "kept: partial: The snapshot is not finished. The same command goes on where it ended."
        in out.decode()
    )
    offline = command("scan", "kept")
    assert offline.code == 3
    assert (
        "kept/unfinished.json: unreadable: This snapshot is not finished, so it is not judged." in offline.out
    )
    store.world.faults.clear()
    store.world.requests_about.clear()
    assert command("live", "-q", *SELECT, "--snapshot", "kept").code == 1
    assert {name for _, name in store.world.requests_about} == {"orders-05", "orders-11"}
    assert command("live", "-q", *SELECT, "--snapshot", "whole").code == 1
    assert files(tmp_path / "kept") == files(tmp_path / "whole")
