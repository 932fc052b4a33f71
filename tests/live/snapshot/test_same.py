"""What is kept is the same for the same account, and is judged as it was when it was seen."""

import json
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from queue import LifoQueue

import pytest

import s3audit
from s3audit.collectors.live.access import forget
from s3audit.demo import account, faults
from s3audit.demo.server import Server
from tests.live.snapshot.keeping import done, files, fill, findings, keep, messages, scan, wanted


def test_two_runs_keep_the_same_bytes_whoever_does_the_work(store: Server, tmp_path: Path) -> None:
    fill(store)
    store.world.faults.add(faults.denied(), "s3:GetBucketCors", about="orders-03")
    store.world.faults.add(faults.gone(), "s3:GetBucketVersioning", about="orders-04")
    keep(tmp_path / "one", wanted(units_at_once=1, workers=1))
    first = files(tmp_path / "one")
    assert len(first) == 1 + 1 + 1 + 6 + 6  # the manifest, the listing, the account, and each Region twice
    keep(tmp_path / "many", wanted(units_at_once=7, workers=40))
    assert files(tmp_path / "many") == first
    with ThreadPoolExecutor(1) as pool:
        setattr(pool, "_work_queue", LifoQueue())  # noqa: B010 - so what is asked for last is done first
        keep(tmp_path / "backwards", executor=pool)
    assert files(tmp_path / "backwards") == first
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        keep(tmp_path / "apart", executor=pool)
    assert json.loads((tmp_path / "apart" / "manifest.json").read_bytes())["not_read"] == {}
    assert files(tmp_path / "apart") == first


def test_a_throttle_that_passes_leaves_no_trace(store: Server, tmp_path: Path) -> None:
    fill(store)
    keep(tmp_path / "calm")
    forget()
    store.world.faults.add(faults.throttled(), "s3:GetBucketAcl", times=3)
    store.world.faults.add(faults.throttled(), "s3:GetBucketOwnershipControls", times=3)
    before = store.world.requests.total()
    keep(tmp_path / "busy")
    assert files(tmp_path / "busy") == files(tmp_path / "calm")
    assert store.world.requests.total() > before
    run = json.loads((tmp_path / "busy" / "run.json").read_bytes())["runs"][0]
    assert {told["code"] for told in run["requests"]} == {"SlowDown"}
    assert all(told["request"] for told in run["requests"])


@pytest.fixture
def demo(store: Server) -> Server:
    store.world = account.world()
    return store


def test_the_demo_account_is_judged_as_it_was_when_it_was_seen(demo: Server, tmp_path: Path) -> None:
    live = s3audit.live(snapshot=tmp_path / "kept")
    asked = demo.world.requests.total()
    kept = scan(tmp_path / "kept")
    assert demo.world.requests.total() == asked
    assert len(live.failing) > 10
    assert findings(kept) == findings(live)
    assert [f.fingerprint for f in findings(kept)] == [f.fingerprint for f in findings(live)]
    assert kept.problems == live.problems
    assert [(one.source, one.kind, one.resources) for one in kept.inputs] == [
        (one.source, "snapshot", one.resources) for one in live.inputs
    ]


def test_several_accounts_are_one_world(store: Server, tmp_path: Path) -> None:
    fill(store, 2)
    for number in ("222222222222", "333333333333"):
        store.world.account(number, audit="")
    store.world.bucket("theirs", account="222222222222")
    roles = ["arn:aws:iam::222222222222:role/audit", "arn:aws:iam::333333333333:role/none"]
    live = s3audit.live(assume_roles=roles, snapshot=tmp_path / "kept", select=["versioning-enabled"])
    kept = done(tmp_path / "kept", select=("versioning-enabled",))
    assert findings(kept.report) == findings(live)
    assert messages(kept.report) == messages(live)
    assert kept.unread
    manifest = json.loads((tmp_path / "kept" / "manifest.json").read_bytes())
    assert manifest["expected"] == ["222222222222", "333333333333"]
    assert manifest["reached"] == ["222222222222"]


def test_a_folder_is_met_on_the_way_and_a_unit_can_be_named(store: Server, tmp_path: Path) -> None:
    fill(store, 2)
    keep(tmp_path / "deep" / "kept")
    select = ("versioning-enabled",)
    by_folder = findings(scan(tmp_path, select=select))
    assert [finding.subject.name for finding in by_folder] == ["orders-00", "orders-01"]
    unit = tmp_path / "deep" / "kept" / "123456789012" / "us-east-1" / "buckets-0001.jsonl"
    assert findings(scan(unit, select=select)) == by_folder[1:]


def test_what_was_left_out_stays_open(store: Server, tmp_path: Path) -> None:
    fill(store, 4)
    client = store.client("s3")
    client.put_bucket_tagging(Bucket="orders-00", Tagging={"TagSet": [{"Key": "env", "Value": "prod"}]})
    keep(tmp_path / "kept", wanted(tags=(("env", "prod"),), exclude=("orders-03",)))
    report = scan(tmp_path / "kept", select=("versioning-enabled",))
    assert [finding.subject.name for finding in report.findings] == ["orders-00"]
    assert messages(report) == ["123456789012: empty: 3 of 4 buckets were left out, as asked."]
