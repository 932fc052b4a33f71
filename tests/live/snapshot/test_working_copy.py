"""A redacted snapshot that is not finished: its folder tells nothing yet, and what was read lies elsewhere."""

import errno
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from time import time

import pytest

from s3audit.collectors.live.run import look
from s3audit.collectors.live.store.begin import StoreError
from s3audit.collectors.live.store.folder import Folder
from s3audit.collectors.live.store.keep import Store, open_store
from s3audit.collectors.live.store.work import MOST_DAYS
from s3audit.collectors.live.unit import Part
from s3audit.demo import faults
from s3audit.demo.server import Server
from tests.cli.process import ROOT, Ended, run
from tests.live.snapshot.keeping import files, fill, keep, until, wanted
from tests.live.snapshot.test_redact import SECRET, WORDS, all_bytes, bear, temporary, working_copies

__all__ = ["temporary"]
SID = f"{SECRET}Sid".encode()
LIVE = ("live", "-q", "--select", "versioning-enabled", "--exit-zero", "--snapshot", "given", "--redact")


def units() -> list[bytes]:
    """Of all working copies, those that are there as a whole."""
    return [path.read_bytes() for one in working_copies() for path in one.rglob("*.jsonl")]


@pytest.fixture
def command(store: Server, tmp_path: Path) -> Callable[..., Ended]:
    def start(*arguments: str) -> Ended:
        return run(*arguments, cwd=tmp_path, env=store.environment())

    return start


@pytest.fixture
def halfway(store: Server, tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A scan that has read all but one bucket, of which it will never hear; one has all that is to be taken out."""
    bear(store)
    fill(store, 3)
    store.world.faults.add(faults.silent(), "s3:*", about="orders-01")
    with subprocess.Popen(
        [sys.executable, "-m", "s3audit", *LIVE, "--tag", f"{SECRET}Key={SECRET}*"],
        cwd=tmp_path,
        env={**os.environ, **store.environment(), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        until(lambda: any(SID in data for data in units()), process)
        yield process
        process.kill()


@pytest.mark.parametrize("signal_", [signal.SIGTERM, signal.SIGKILL])
def test_ended_in_the_middle_its_folder_tells_nothing(
    store: Server,
    halfway: "subprocess.Popen[bytes]",
    command: Callable[..., Ended],
    tmp_path: Path,
    signal_: signal.Signals,
) -> None:
    halfway.send_signal(signal_)
    out, err = halfway.communicate(timeout=30)
    assert (halfway.returncode, err) == (130 if signal_ == signal.SIGTERM else -signal.SIGKILL, b"")
    assert not [word for word in WORDS if word in all_bytes(tmp_path / "given")]
    assert set(files(tmp_path / "given")) == {"unfinished.json"}
    [copy] = working_copies()
    if signal_ == signal.SIGTERM:
        assert (
            "given: partial: The snapshot is not finished. The same command goes on where it ended. Until then what"
            f" was read lies, not redacted and for its owner alone, in {copy}." in out.decode()
        )
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (copy.parent, copy, *copy.rglob("*"))}
    assert modes == {0o700, 0o600}
    store.world.faults.clear()
    store.world.requests_about.clear()
    tagged = ("--tag", f"{SECRET}Key={SECRET}*")
    assert command(*LIVE, *tagged).code == 0
    assert ("s3:GetBucketPolicy", "orders") not in store.world.requests_about
    assert not working_copies()
    assert command(*(one.replace("given", "whole") for one in LIVE), *tagged).code == 0
    assert files(tmp_path / "given") == files(tmp_path / "whole")


class Stopped(BaseException):
    """As if the process was ended."""


def interrupted(folder: Path, monkeypatch: pytest.MonkeyPatch, after: int = 2) -> None:
    """Leave one that is not finished, with so many of its units."""
    asked = wanted(units_at_once=1)
    kept = open_store(str(folder), asked, redact=True)
    saved: list[str] = []
    real = Store.save

    def save(self: Store, part: Part) -> None:
        if len(saved) == after:
            raise Stopped
        saved.append(part.unit)
        real(self, part)

    with monkeypatch.context() as patched:
        patched.setattr(Store, "save", save)
        with pytest.raises(Stopped):
            look(asked, keeper=kept)
    kept.close()


def test_without_the_working_copy_it_begins_anew(
    store: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bear(store)
    keep(tmp_path / "whole", redact=True)
    interrupted(tmp_path / "given", monkeypatch)
    [copy] = working_copies()
    shutil.rmtree(copy)
    store.world.requests_about.clear()
    keep(tmp_path / "given", redact=True)
    assert store.world.requests_about["s3:GetBucketVersioning", "orders"] == 1
    assert files(tmp_path / "given") == files(tmp_path / "whole")
    assert not working_copies()


def test_it_is_gone_on_with_only_by_the_same_options(
    store: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bear(store)
    interrupted(tmp_path / "given", monkeypatch)
    with pytest.raises(StoreError, match="was begun with another --bucket: go on with the same options"):
        open_store(str(tmp_path / "given"), wanted(buckets=("o*",)), redact=True)
    with pytest.raises(StoreError, match="was begun with another --redact: go on with the same options"):
        open_store(str(tmp_path / "given"), wanted())
    keep(tmp_path / "given", wanted(buckets=("o*",)), overwrite=True)
    assert not working_copies()


def test_two_at_once_are_refused(store: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bear(store)
    interrupted(tmp_path / "given", monkeypatch)
    first = open_store(str(tmp_path / "given"), wanted(), redact=True)
    with pytest.raises(StoreError, match="another scan writes into"):
        open_store(str(tmp_path / "given"), wanted(), redact=True)
    first.close()
    open_store(str(tmp_path / "given"), wanted(), redact=True).close()


def everybodys(folder: Path) -> None:
    """Somebody else was here before."""
    (folder / f"s3audit-{os.getuid()}").mkdir(mode=0o755)


def elsewhere(folder: Path) -> None:
    (folder / "theirs").mkdir(mode=0o700)
    (folder / f"s3audit-{os.getuid()}").symlink_to(folder / "theirs")


@pytest.mark.parametrize("taken", [everybodys, elsewhere])
def test_where_others_may_get_in_there_is_none(
    store: Server, tmp_path: Path, temporary: Path, taken: Callable[[Path], None]
) -> None:
    bear(store)
    keep(tmp_path / "whole", redact=True)
    shutil.rmtree(temporary / f"s3audit-{os.getuid()}")
    taken(temporary)
    kept = open_store(str(tmp_path / "given"), wanted(), redact=True)
    assert kept.working_copy == ""
    look(wanted(), keeper=kept)
    kept.close()
    assert not working_copies()
    assert files(tmp_path / "given") == files(tmp_path / "whole")


@pytest.mark.parametrize("place", ["given", "given/below"])
def test_there_is_none_in_the_snapshot(
    store: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / place))
    kept = open_store(str(tmp_path / "given"), wanted(), redact=True)
    assert kept.working_copy == ""
    kept.close()


def test_there_is_none_where_python_found_no_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the folder of the process then, which may be that of the results."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    kept = open_store("given", wanted(), redact=True)
    assert kept.working_copy == ""
    kept.close()


def test_a_full_disk_there_costs_only_going_on(
    store: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bear(store)
    keep(tmp_path / "whole", redact=True)
    kept = open_store(str(tmp_path / "given"), wanted(), redact=True)
    write = Folder.write

    def full(self: Folder, path: str, data: bytes) -> None:
        if self.path == kept.working_copy and path.endswith(".jsonl"):
            raise OSError(errno.ENOSPC, "No space left on device")
        write(self, path, data)

    monkeypatch.setattr(Folder, "write", full)
    look(wanted(), keeper=kept)
    kept.close()
    assert (kept.broken, kept.finished) == ("", True)
    assert not working_copies()
    assert files(tmp_path / "given") == files(tmp_path / "whole")


def test_what_nobody_goes_on_with_is_removed_in_the_end(
    store: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bear(store)
    ages: Mapping[str, float] = {"old": MOST_DAYS + 0.1, "new": MOST_DAYS - 0.1}
    copies: dict[str, Path] = {}
    for name, days in ages.items():
        interrupted(tmp_path / name, monkeypatch)
        [copies[name]] = set(working_copies()) - set(copies.values())
        os.utime(copies[name], (time() - days * 86_400,) * 2)
    used = open_store(str(tmp_path / "used"), wanted(), redact=True)
    os.utime(used.working_copy, (0, 0))
    (copies["old"].parent / "mine").mkdir(mode=0o700)
    os.utime(copies["old"].parent / "mine", (0, 0))
    keep(tmp_path / "other")
    assert {path.name for path in working_copies()} == {
        copies["new"].name,
        Path(used.working_copy).name,
        "mine",
    }
    used.close()
