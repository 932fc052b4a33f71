"""A redacted snapshot can be given away: no policy, no tag and no account id of the original is in its bytes."""

import json
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

import s3audit
from s3audit.collectors.live.run import Seen
from s3audit.collectors.live.store.begin import StoreError
from s3audit.collectors.live.store.keep import Store
from s3audit.demo import account
from s3audit.demo.server import Server
from tests.live.snapshot.keeping import files, fill, findings, keep, scan, wanted

ACCOUNT = "123456789012"
STRANGER = "999988887777"
OWNER = "ab" * 32
SECRET = "zanzibar"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": f"{SECRET}Sid",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{STRANGER}:role/{SECRET}-role"},
            "Action": "s3:GetObject",
            "Resource": "*",
        }
    ],
}


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where working copies lie, in this process and in those that it starts."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def working_copies() -> list[Path]:
    return sorted(Path(tempfile.gettempdir()).glob("s3audit-*/*"))


def bear(store: Server) -> None:
    """Everything that is to be taken out, wherever it may stand."""
    world = store.world
    for name in ("orders", f"logs-{ACCOUNT}-eu", f"dump{ACCOUNT}2026", "account-1"):
        world.bucket(name)
    client = store.client("s3")
    client.put_bucket_policy(Bucket="orders", Policy=json.dumps(POLICY))
    tags = {"TagSet": [{"Key": f"{SECRET}Key", "Value": f"{SECRET}Value"}]}
    client.put_bucket_tagging(Bucket="orders", Tagging=tags)
    filtered = {"And": {"Prefix": "a/", "Tags": [{"Key": f"{SECRET}Filter", "Value": f"{SECRET}Match"}]}}
    rule = {"ID": "old", "Status": "Enabled", "Filter": filtered, "Expiration": {"Days": 30}}
    client.put_bucket_lifecycle_configuration(Bucket="orders", LifecycleConfiguration={"Rules": [rule]})
    client.put_bucket_versioning(Bucket="orders", VersioningConfiguration={"Status": "Enabled"})
    client.put_bucket_logging(
        Bucket="orders",
        BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": f"logs-{ACCOUNT}-eu", "TargetPrefix": ""}},
    )
    topic = f"arn:aws:sns:eu-west-1:{STRANGER}:made"
    notification = {"TopicConfigurations": [{"TopicArn": topic, "Events": ["s3:ObjectCreated:*"]}]}
    client.put_bucket_notification_configuration(Bucket="orders", NotificationConfiguration=notification)
    client.put_bucket_ownership_controls(
        Bucket="orders", OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    )
    world.tell(
        "s3:GetBucketAcl",
        {
            "Owner": {"ID": OWNER},
            "Grants": [{"Grantee": {"ID": OWNER, "Type": "CanonicalUser"}, "Permission": "READ"}],
        },
        when={"Bucket": "orders"},
    )


WORDS = [word.encode() for word in (SECRET, ACCOUNT, STRANGER, OWNER)]


def all_bytes(folder: Path) -> bytes:
    return b"\n".join(
        os.fsencode(path.relative_to(folder)) + b"\n" + (path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
    )


def test_nothing_of_it_is_anywhere_in_the_bytes(store: Server, tmp_path: Path) -> None:
    bear(store)
    asked = wanted(tags=((f"{SECRET}Key", f"{SECRET}*"),), exclude=(f"x-{ACCOUNT}-*",))
    keep(tmp_path / "kept", asked)
    assert all(word in all_bytes(tmp_path / "kept") for word in WORDS)
    keep(tmp_path / "given", asked, redact=True)
    given = all_bytes(tmp_path / "given")
    assert not [word for word in WORDS if word in given]
    assert b"redacted" in given


def test_with_every_bucket_too(store: Server, tmp_path: Path) -> None:
    bear(store)
    keep(tmp_path / "given", redact=True)
    given = all_bytes(tmp_path / "given")
    assert not [word for word in WORDS if word in given]
    report = scan(tmp_path / "given", select=("versioning-enabled",))
    # One bucket has such a name of its own, so the accounts have another one.
    assert {finding.subject.source for finding in report.findings} == {"redacted-account-1"}
    assert [finding.subject.name for finding in findings(report)] == [
        "account-1",
        "dumpredacted-account-12026",
        "logs-redacted-account-1-eu",
        "orders",
    ]


def test_the_accounts_of_the_scan_are_one_throughout(store: Server, tmp_path: Path) -> None:
    fill(store, 2)
    store.world.account("222222222222", audit="")
    store.world.account("111111111111", audit="")
    for number in ("222222222222", "111111111111"):
        store.world.bucket(f"of-{number}", account=number)
    roles = [f"arn:aws:iam::{number}:role/audit" for number in ("222222222222", "111111111111")]
    live = s3audit.live(
        assume_roles=roles, snapshot=tmp_path / "given", redact=True, select=["versioning-enabled"]
    )
    assert {finding.subject.source for finding in live.findings} == {"111111111111", "222222222222"}
    kept = scan(tmp_path / "given", select=("versioning-enabled",))
    assert [(finding.subject.source, finding.subject.name) for finding in findings(kept)] == [
        ("account-1", "of-account-1"),
        ("account-2", "of-account-2"),
    ]
    manifest = json.loads((tmp_path / "given" / "manifest.json").read_bytes())
    assert manifest["expected"] == manifest["reached"] == ["account-1", "account-2"]
    assert manifest["asked"]["roles"] == [
        "arn:aws:iam::account-1:role/audit",
        "arn:aws:iam::account-2:role/audit",
    ]


@pytest.fixture
def demo(store: Server) -> Server:
    store.world = account.world()
    return store


def test_no_verdict_is_turned_round(demo: Server, tmp_path: Path) -> None:
    live = s3audit.live(snapshot=tmp_path / "given", redact=True)
    assert not re.search(rb"123456789012|Statement|hazelwick-auditor", all_bytes(tmp_path / "given"))
    kept = scan(tmp_path / "given")
    before = {(f.check, f.subject.name): f.status for f in live.findings}
    gave_way = {(f.check, f.subject.name) for f in live.findings if f.said.startswith("See ")}
    # What is open gives way like a failure, where the same cause has another finding.
    after = {
        (f.check, f.subject.name.replace("account-1", "123456789012")): (
            "unknown" if f.said.startswith("See ") else f.status
        )
        for f in kept.findings
    }
    assert set(after) == set(before)
    turned = {
        what: (before[what], after[what])
        for what in before.keys() - gave_way
        if after[what] not in (before[what], "unknown")
    }
    assert not turned
    why = "".join(f.message for f in kept.findings if f.status == "unknown")
    assert "redacted" in why


def test_two_are_the_same_and_leave_nothing_else(store: Server, tmp_path: Path) -> None:
    bear(store)
    keep(tmp_path / "one", wanted(units_at_once=1), redact=True)
    keep(tmp_path / "other", wanted(units_at_once=5), redact=True)
    assert files(tmp_path / "one") == files(tmp_path / "other")
    assert {path.name for path in (tmp_path / "one").iterdir()} == {
        "redacted-account-1",
        "manifest.json",
        "run.json",
    }


class Ended(BaseException):
    """As if the process was."""


STEPS = ("replace", "remove", "unlink", "rmdir")


def ended_at(step: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Scan until so many steps of the end are made; returns those that were."""
    calls = {name: getattr(os, name) for name in STEPS}
    taken: list[str] = []
    finishing = False

    def count(name: str) -> object:
        def instead(*arguments: object, **named: object) -> object:
            nonlocal finishing
            if finishing:
                if len(taken) == step:
                    finishing = False
                    raise Ended
                taken.append(name)
            return calls[name](*arguments, **named)

        return instead

    real = Store.finish

    def finish(self: Store, seen: Seen) -> None:
        nonlocal finishing
        finishing = True
        real(self, seen)

    with monkeypatch.context() as patched:
        patched.setattr(Store, "finish", finish)
        for name in STEPS:
            patched.setattr(os, name, count(name))
        with suppress(Ended):
            keep(folder, redact=True)
    return taken


def test_ended_at_any_step_of_the_end(store: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.world.bucket("orders")
    store.client("s3").put_bucket_policy(Bucket="orders", Policy=json.dumps(POLICY))
    every = len(ended_at(1_000, tmp_path / "whole", monkeypatch))
    assert every > 5
    for step in range(every):
        folder = tmp_path / f"given-{step}"
        assert len(ended_at(step, folder, monkeypatch)) == step
        assert not [word for word in WORDS if word in all_bytes(folder)]
        is_marked = (folder / "unfinished.json").exists()
        assert is_marked or not working_copies()
        with suppress(StoreError):  # it had only to be closed
            keep(folder, redact=True)
        assert files(folder) == files(tmp_path / "whole")
        assert not working_copies()
