"""What is damaged or missing is said, with the file and the way out; the rest is judged, and nothing is guessed."""

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from s3audit.collectors.documents.files import File, Options
from s3audit.collectors.live.access import forget
from s3audit.collectors.live.store.replay import collect
from s3audit.demo.server import Server
from s3audit.location import NOWHERE
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.key import KmsAlias
from s3audit.model.trail import Trail
from s3audit.setting import Unknown
from s3audit.text import text
from tests.live.snapshot.keeping import done, fill, keep, messages, scan, wanted

ACCOUNT = "123456789012"
SELECT = ("versioning-enabled",)
WAY_OUT = (
    "so what stood there is not known. The rest is judged. Take the folder from where it was made, or scan the"
    " account anew."
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "kept"
    with Server() as store, pytest.MonkeyPatch.context() as patched:
        for name, value in store.environment().items():
            patched.setenv(name, value)
        fill(store, 6, regions=3)
        keep(folder, wanted(needs=frozenset({"buckets", "trails", "keys"})))
    forget()
    return folder


@pytest.fixture
def kept(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(whole, tmp_path / "kept")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "kept"


def estate(folder: Path) -> Estate:
    manifest = folder / "manifest.json"
    options = Options({}, all_scenarios=False, max_size=0, fetch=lambda path: None)
    [world] = collect([File("manifest.json", manifest.read_bytes(), str(manifest))], options).worlds
    return world.estate


BUCKETS = f"{ACCOUNT}/us-east-1/buckets-0001.jsonl"
CONTEXT = f"{ACCOUNT}/us-east-1/context.jsonl"
LISTING = f"{ACCOUNT}/global/listing.jsonl"


def cut(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"\n") + 1])


def turned(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"Unversioned"', b'"Enabled"'))


def denied(path: Path) -> None:
    path.unlink()
    path.mkdir()


CHANGED = "is not as it was written: its hash is not that of the manifest"


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (Path.unlink, "is missing"),
        (cut, CHANGED),
        (turned, CHANGED),
        (denied, "is no file"),
        (lambda path: path.write_bytes(b""), "is no snapshot of s3audit: Input data was truncated"),
        (lambda path: path.write_bytes(b"\x1b[2J" * 9), "is no snapshot of s3audit: JSON is malformed"),
        (lambda path: path.write_bytes(b"[" * 100_000), "is no snapshot of s3audit: "),
        (
            lambda path: path.write_bytes(b'{"s3audit_snapshot":7,"version":"8.1"}'),
            "was written by s3audit 8.1 in format 7; this is 0.1.0, which reads up to format 1. Update s3audit",
        ),
    ],
)
def test_a_damaged_unit_of_buckets(kept: Path, damage: Callable[[Path], object], said: str) -> None:
    damage(kept / BUCKETS)
    ended = done(Path("kept"), select=SELECT)
    [message] = messages(ended.report)
    assert message.startswith(f"kept/{BUCKETS}: unreadable: kept/{BUCKETS} {said}")
    assert message.endswith(WAY_OUT)
    assert ended.unread
    there = {finding.subject.name: finding.status for finding in ended.report.findings}
    assert there == dict.fromkeys(("orders-00", "orders-02", "orders-03", "orders-05"), "fail")
    world = estate(kept)
    why = "the bucket orders-01 is there and was not read: its file in the snapshot can't be read"
    assert world.bucket_named(text("orders-01")) == Unknown(why, NOWHERE)
    gap = world.unread_buckets(ACCOUNT, "us-east-1")
    assert gap is not None
    assert "was not read: its file in the snapshot can't be read" in gap.why
    assert world.unread_buckets(ACCOUNT, "ap-south-1") is None


def test_a_missing_context_closes_nothing(kept: Path) -> None:
    assert estate(kept).unlisted(KmsAlias, ACCOUNT, "us-east-1") is None
    (kept / CONTEXT).unlink()
    world = estate(kept)
    gap = world.unlisted(KmsAlias, ACCOUNT, "us-east-1")
    assert gap is not None
    assert gap.why == "its file in the snapshot can't be read"
    assert world.unlisted(Trail, ACCOUNT, "us-east-1") is not None
    assert world.unlisted(KmsAlias, ACCOUNT, "ap-south-1") is None
    assert len(world.all(Bucket)) == 6


def test_a_missing_listing_closes_nothing(kept: Path) -> None:
    (kept / LISTING).unlink()
    world = estate(kept)
    assert len(world.all(Bucket)) == 6
    assert isinstance(world.bucket_named(text("never-heard-of")), Unknown)
    assert world.unlisted(Bucket, ACCOUNT) is not None
    [message] = messages(scan(Path("kept"), select=SELECT))
    assert message == f"kept/{LISTING}: unreadable: kept/{LISTING} is missing, {WAY_OUT}"


@pytest.mark.parametrize("name", [BUCKETS, CONTEXT, LISTING])
def test_no_damage_makes_anything_known(kept: Path, name: str) -> None:
    """Less is told than before, and nothing else: no verdict is turned round."""
    before = {(f.check, f.subject.name): f.status for f in scan(Path("kept")).findings}
    (kept / name).unlink()
    after = {(f.check, f.subject.name): f.status for f in scan(Path("kept")).findings}
    assert set(after) <= set(before)
    assert not {what: status for what, status in after.items() if status not in (before[what], "unknown")}


def test_a_manifest_leads_nowhere_else(kept: Path) -> None:
    outside = kept.parent / "outside.jsonl"
    shutil.copy(kept / BUCKETS, outside)
    manifest = json.loads((kept / "manifest.json").read_bytes())
    for one in manifest["files"]:
        if one["file"] == BUCKETS:
            one["file"] = "../outside.jsonl"
    (kept / "manifest.json").write_text(json.dumps(manifest))
    [message] = messages(scan(Path("kept"), select=SELECT))
    assert "the manifest names '../outside.jsonl', which no snapshot has" in message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            '{"s3audit_snapshot_manifest": 2, "version": "3.0"}',
            "it was written by s3audit 3.0 in format 2, and this",
        ),
        ('{"s3audit_snapshot_manifest": 1, "files": 7}', "it is no manifest of a snapshot: Expected `array`"),
        ('{"s3audit_snapshot_manifest": 1, "fi', "it is no manifest of a snapshot: Input data was truncated"),
    ],
)
def test_a_manifest_that_can_not_be_read(kept: Path, content: str, said: str) -> None:
    (kept / "manifest.json").write_text(content)
    ended = done(Path("kept"))
    [message] = messages(ended.report)
    assert message.startswith(f"kept/manifest.json: unreadable: This snapshot can't be read, {said}")
    assert ended.unread
    assert not ended.report.findings


def test_a_unit_by_itself_shows_that_it_was_cut(kept: Path) -> None:
    unit = kept / BUCKETS
    lines = unit.read_bytes().splitlines(keepends=True)
    unit.write_bytes(b"".join(lines[:2]))
    ended = done(Path("kept", BUCKETS))
    assert messages(ended.report) == [
        f"kept/{BUCKETS}: unreadable: kept/{BUCKETS} is not as it was written: it was cut off or changed."
    ]
    assert ended.unread


def test_an_older_version_did_not_collect_all(kept: Path) -> None:
    """Its files are read; what they do not have is not known."""
    unit = kept / BUCKETS
    lines = unit.read_bytes().splitlines()[:-1]
    header, bucket = json.loads(lines[0]), json.loads(lines[1])
    header["version"] = "0.0.1"
    del bucket["versioning"]
    body = b"".join(json.dumps(line, separators=(",", ":")).encode() + b"\n" for line in (header, bucket))
    unit.write_bytes(body + b'{"sha256":"%s"}\n' % sha256(body).hexdigest().encode())
    manifest = json.loads((kept / "manifest.json").read_bytes())
    for one in manifest["files"]:
        if one["file"] == BUCKETS:
            one["sha256"] = sha256(unit.read_bytes()).hexdigest()
    (kept / "manifest.json").write_text(json.dumps(manifest))
    [finding] = [f for f in scan(Path("kept"), select=SELECT).findings if f.subject.name == "orders-01"]
    assert finding.status == "unknown"
    assert "not collected by version 0.0.1" in finding.message


def test_two_snapshots_are_two_worlds(kept: Path, whole: Path) -> None:
    report = scan(Path("kept"), whole, select=SELECT)
    assert len(report.findings) == 12
    assert len({finding.fingerprint for finding in report.findings}) == 6
    assert not messages(report)
