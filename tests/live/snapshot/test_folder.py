"""Where a snapshot may be written, under which names, and who may read it."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3audit.collectors.live.run import look
from s3audit.collectors.live.store.begin import StoreError
from s3audit.collectors.live.store.folder import Folder, is_unit_file, unit_file
from s3audit.collectors.live.store.frames import AnyHeader
from s3audit.collectors.live.store.keep import open_store
from s3audit.collectors.snapshot import SnapshotError, header_of
from s3audit.demo.server import Server
from tests.live.snapshot.keeping import done, files, fill, keep, messages, scan, wanted

HOSTILE = (
    "..",
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\Windows",
    "a/b",
    "a\0b",
    "\x1b[2J",
    ".",
    "con",
    "EU",
    "eu",
    "x" * 300,
    "\ud800",
    "global",
    "store",
    "unit",
    "é",
    "e\u0301",
    " ",
    "",
)


@given(st.sampled_from(HOSTILE) | st.text(), st.sampled_from(HOSTILE) | st.text(), st.text())
def test_no_name_leads_out_of_the_folder(account: str, region: str, name: str) -> None:
    path = unit_file(account, region, name)
    assert is_unit_file(path)
    assert path.isascii()
    assert path == path.lower()
    assert path.count("/") == 2
    assert max(map(len, path.split("/"))) < 80
    assert not {"..", ".", "con"} & set(path.removesuffix(".jsonl").split("/"))


def test_each_name_has_a_place_of_its_own() -> None:
    assert len({unit_file(name, "r", "n").lower() for name in HOSTILE}) == len(HOSTILE)
    assert len({unit_file("a", name, "n").lower() for name in HOSTILE}) == len(HOSTILE)
    assert (
        unit_file("123456789012", "eu-west-1", "buckets-0001") == "123456789012/eu-west-1/buckets-0001.jsonl"
    )
    assert unit_file("", "", "context") == "store/global/context.jsonl"


@pytest.mark.parametrize(
    "path",
    [
        "../a/b.jsonl",
        "a/b/../c.jsonl",
        "/a/b/c.jsonl",
        "a/b/c.json",
        "a/b.jsonl",
        "a/b/c.jsonl\n",
        "a/B/c.jsonl",
    ],
)
def test_what_no_snapshot_has_is_no_unit(path: str) -> None:
    assert not is_unit_file(path)


def test_a_store_may_say_that_a_bucket_is_anywhere(store: Server, tmp_path: Path) -> None:
    names = ("orders", "..", "=cmd()", "<b>x</b>")
    for name in names:
        store.world.bucket(name)
    regions = ["../../../outside", "EU-WEST-1", "con", "global"]
    listed = [
        {"Name": name, "BucketRegion": region, "CreationDate": "2025-06-02T08:30:00Z"}
        for name, region in zip(names, regions, strict=True)
    ]
    store.world.tell("s3:ListBuckets", {"Buckets": listed})
    keep(tmp_path / "in" / "kept", wanted(endpoint_url=store.url))
    assert {path.name for path in tmp_path.iterdir()} == {"in"}
    assert {path.name for path in (tmp_path / "in").iterdir()} == {"kept"}
    kept = tmp_path / "in" / "kept"
    assert all(is_unit_file(name) for name in files(kept) if name != "manifest.json")
    report = scan(kept, select=("versioning-enabled",))
    assert sorted(finding.subject.name for finding in report.findings) == sorted(names)


def test_nobody_else_may_read_it(store: Server, tmp_path: Path) -> None:
    fill(store, 3)
    before = os.umask(0)
    try:
        keep(tmp_path / "deep" / "kept")
        keep(tmp_path / "deep" / "given", redact=True)
    finally:
        os.umask(before)
    for folder in ("kept", "given"):
        top = tmp_path / "deep" / folder
        modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in [top, *top.rglob("*")]}
        assert modes == {(True, 0o700), (False, 0o600)}


def refused(folder: Path, *, overwrite: bool = False) -> str:
    with pytest.raises(StoreError) as raised:
        open_store(str(folder), wanted(), overwrite=overwrite)
    return str(raised.value).replace(str(folder), "FOLDER")


def test_a_folder_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    said = "FOLDER is no snapshot and is not empty: name a folder that is new or empty"
    mine = tmp_path / ".mine.tmp"
    mine.write_text("mine")
    assert refused(tmp_path) == said
    assert refused(tmp_path, overwrite=True) == said
    assert list(tmp_path.iterdir()) == [mine]


def test_what_somebody_else_put_beside_it_stays(store: Server, tmp_path: Path) -> None:
    fill(store, 2)
    keep(tmp_path)
    mine = {"a/b/c.jsonl": b"{}\n", "a/.b.tmp": b"", "a/b/.c.jsonl": b"", "mine.txt": b"mine"}
    for name, data in mine.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    keep(tmp_path, overwrite=True)
    assert mine.items() <= files(tmp_path).items()
    assert len(scan(tmp_path, select=("versioning-enabled",)).findings) == 2


def test_another_manifest_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"name": "a web app"}')
    assert refused(tmp_path, overwrite=True).startswith(
        "FOLDER/manifest.json can't be read, it is no manifest of a"
    )
    (tmp_path / "unfinished.json").write_text("{}")
    assert refused(tmp_path, overwrite=True).startswith(
        "FOLDER/unfinished.json can't be read, it does not say"
    )
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = refused(tmp_path / "file")
    assert said.startswith("the snapshot can't be written to FOLDER: ")
    assert refused(tmp_path / "file" / "below").startswith("the snapshot can't be written to FOLDER: ")


def test_an_empty_folder_is_taken_as_it_is(store: Server, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir(mode=0o750)
    keep(tmp_path / "kept")
    assert stat.S_IMODE((tmp_path / "kept").stat().st_mode) == 0o750


def test_two_at_once_are_refused(tmp_path: Path) -> None:
    one = open_store(str(tmp_path / "kept"), wanted())
    assert refused(tmp_path / "kept") == "another scan writes into FOLDER now"
    one.close()
    open_store(str(tmp_path / "kept"), wanted()).close()


def test_a_finished_one_is_replaced_only_if_told(store: Server, tmp_path: Path) -> None:
    fill(store, 3)
    folder = tmp_path / "kept"
    keep(folder)
    before = files(folder)
    assert refused(folder) == (
        "there is a finished snapshot in FOLDER: audit it with `s3audit scan FOLDER`, name another folder, or"
        " replace it with --overwrite"
    )
    assert files(folder) == before
    del store.world.buckets["orders-01"]
    (folder / "mine.txt").write_text("mine")
    keep(folder, overwrite=True)
    keep(tmp_path / "new")
    assert files(folder) == {**files(tmp_path / "new"), "mine.txt": b"mine"}


@pytest.mark.parametrize("step", [1, 2, 4, 6, 9])
def test_replacing_may_be_ended_too(
    store: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    fill(store, 3)
    keep(tmp_path / "kept")
    store.client("s3").put_bucket_versioning(
        Bucket="orders-00", VersioningConfiguration={"Status": "Enabled"}
    )
    removed: list[object] = []
    remove = os.remove

    def ending(path: str) -> None:
        if not os.fspath(path).endswith(".tmp"):
            removed.append(path)
            if len(removed) == step:
                raise KeyboardInterrupt
        remove(path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "remove", ending)
        with pytest.raises(KeyboardInterrupt):
            keep(tmp_path / "kept", overwrite=True)
    keep(tmp_path / "kept")
    keep(tmp_path / "new")
    assert files(tmp_path / "kept") == files(tmp_path / "new")


def test_other_options_are_refused_once_something_is_kept(store: Server, tmp_path: Path) -> None:
    fill(store, 3)
    open_store(str(tmp_path / "kept"), wanted(thorough=True)).close()
    one = open_store(str(tmp_path / "kept"), wanted())  # nothing is there yet that was read otherwise
    folder = Folder(str(tmp_path / "kept"))
    folder.write("123456789012/global/account.jsonl", b'{"s3audit_snapshot":1}')
    one.close()
    with pytest.raises(StoreError) as raised:
        open_store(str(tmp_path / "kept"), wanted(thorough=True, buckets=("a*",)), redact=True)
    assert str(raised.value).replace(str(tmp_path), "") == (
        "the snapshot in /kept was begun with another --bucket and another --thorough and another --redact: go on"
        " with the same options, name another folder, or begin anew with --overwrite"
    )
    keep(tmp_path / "kept", wanted(thorough=True), overwrite=True)
    assert "123456789012/us-east-1/buckets-0001.jsonl" in files(tmp_path / "kept")


def test_half_written_files_are_removed(store: Server, tmp_path: Path) -> None:
    fill(store, 3)
    keep(tmp_path / "whole")
    open_store(str(tmp_path / "kept"), wanted()).close()
    for name in (".unfinished.json.tmp", "123456789012/eu-west-1/.buckets-0001.jsonl.tmp"):
        path = tmp_path / "kept" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b'{"s3audit_snap')
    half = tmp_path / "kept" / "123456789012" / "us-east-1" / "buckets-0001.jsonl"
    half.parent.mkdir(parents=True)
    whole = (tmp_path / "whole" / "123456789012" / "us-east-1" / "buckets-0001.jsonl").read_bytes()
    half.write_bytes(whole[: len(whole) // 2])  # by a file system that lost the rest
    keep(tmp_path / "kept")
    assert files(tmp_path / "kept") == files(tmp_path / "whole")


def test_what_can_not_be_written_ends_the_snapshot_and_not_the_scan(
    store: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, 3)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    asked = wanted()
    kept = open_store(str(tmp_path / "kept"), asked)
    monkeypatch.setattr(os, "fsync", full)
    seen = look(asked, keeper=kept)
    kept.close()
    assert kept.broken == "No space left on device"
    assert not kept.finished
    assert sum(len(part.resources) for part in seen.parts.values()) == 3
    monkeypatch.undo()
    unfinished = done(tmp_path / "kept")
    assert unfinished.unread
    [message] = messages(unfinished.report)
    assert message == (
        f"{tmp_path}/kept/unfinished.json: unreadable: This snapshot is not finished, so it is not judged. Run"
        " `s3audit live --snapshot` with the same options and this folder: it goes on where it ended."
    )


def test_a_newer_format_is_said() -> None:
    with pytest.raises(SnapshotError, match=r"written by s3audit 9\.0 in format 9; .* Update s3audit"):
        header_of(b'{"s3audit_snapshot":9,"version":"9.0","unit":{}}', "u.jsonl", AnyHeader)
