"""What strangers may write into an account, or a store may answer, does nothing in a report nor beside it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import s3audit
from s3audit.collectors.live.access import forget
from s3audit.demo.faults import refused
from s3audit.demo.putting import put
from s3audit.demo.server import Server
from s3audit.demo.world import ACCOUNT, REGION, World
from s3audit.finding import STATUSES, Report, Sheet
from s3audit.renderers import FORMATS, render

EVIL = "\u202e\u009b31m<script>a(1)</script>|[x](https://evil.example)`../../../etc/passwd {{ 7 * 7 }}\u2028::error::"
FORMULA = '=HYPERLINK("https://evil.example")'
IN_JSON = f"\x1b]0;x\x07\x1b[31m{EVIL}"
"""XML has no escape, but policies and many an error are JSON."""
_RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_OURS = tuple(f"::{command} title=s3audit " for command in ("error", "warning", "notice"))
_TAG = re.compile(r"<(?!/?(?:code|details|summary)>)[a-z!/]", re.IGNORECASE)


def _world() -> World:
    made = World()
    for name in ("first", "second"):
        made.bucket(name, is_old=True)
    statement = {
        "Sid": IN_JSON,
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::444455556666:role/{IN_JSON}"},
        "Action": f"s3:{IN_JSON}",
        "Resource": [f"arn:aws:s3:::first/{IN_JSON}", f"arn:aws:s3:::{FORMULA}"],
        "Condition": {"StringLike": {IN_JSON: IN_JSON}},
    }
    public = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*", "Sid": FORMULA}
    rule = {"ID": EVIL, "Status": "Enabled", "Filter": {"Prefix": EVIL}, "Expiration": {"Days": 1}}
    replicate: dict[str, Any] = {"ID": EVIL, "Status": "Enabled", "Priority": 1, "Filter": {"Prefix": EVIL}}
    copy = {
        "DeleteMarkerReplication": {"Status": "Enabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::{EVIL}"},
    }
    puts: dict[str, dict[str, Any]] = {
        "PutBucketPolicy": {
            "Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement, public]})
        },
        "PutBucketTagging": {"Tagging": {"TagSet": [{"Key": EVIL, "Value": FORMULA}]}},
        "PutBucketLifecycleConfiguration": {"LifecycleConfiguration": {"Rules": [rule]}},
        "PutBucketVersioning": {"VersioningConfiguration": {"Status": "Enabled"}},
        "PutBucketReplication": {
            "ReplicationConfiguration": {
                "Role": f"arn:aws:iam::{ACCOUNT}:role/{EVIL}",
                "Rules": [replicate | copy],
            }
        },
        "PutBucketCors": {
            "CORSConfiguration": {
                "CORSRules": [
                    {"AllowedMethods": ["GET"], "AllowedOrigins": [f"http://{EVIL}", "*"], "ID": EVIL}
                ]
            }
        },
    }
    for call, parameters in puts.items():
        put(made, f"s3:{call}", {"Bucket": "first", **parameters})
    target = {"LoggingEnabled": {"TargetBucket": EVIL, "TargetPrefix": EVIL}}
    made.buckets["first"].documents["GetBucketLogging"] = target
    made.faults.add(refused(EVIL, EVIL, 400), "s3:GetBucketVersioning", about="second")
    made.faults.add(
        refused("AccessDenied", f"{EVIL} with an explicit deny in {EVIL}", 403), "s3:GetBucketLogging"
    )
    made.faults.add(
        refused("AccessDeniedException", f"with an explicit deny in {IN_JSON}", 403),
        "account:GetAccountInformation",
    )
    return made


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with Server(_world()) as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running
    forget()


def _scan(**more: Any) -> Report:
    return s3audit.live(show=STATUSES, severity="info", workers=4, **more)


def _inert(report: Report) -> None:
    for form in FORMATS:
        text = render(form, report, Sheet(lambda _: None))
        lines = text.replace("\r\n", "\n") if form == "csv" else text  # that is how rows of CSV end
        raw = {hex(ord(char)) for char in _RAW.findall(lines)}
        assert raw == set(), form
        if form in ("html", "markdown"):
            assert "<script>a" not in text, form
        if form == "markdown":
            assert _TAG.findall(text) == []
            assert "[x](https" not in text
        commands = [line for line in text.splitlines() if line.startswith("::")]
        assert all(line.startswith(_OURS) for line in commands) if form == "github" else not commands, form


@pytest.mark.usefixtures("server")
def test_what_is_in_an_account_is_inert_in_every_format() -> None:
    report = _scan()
    told = "".join(finding.message for finding in report.findings)
    # It gets as far as the report, or nothing would be proved.
    assert "<script>a(1)" in told
    said = "".join(problem.message for problem in report.problems)
    assert "<script>a(1)" in said
    assert "\x1b[31m" in said
    _inert(report)


def test_what_a_store_says_of_itself_leads_nowhere(server: Server, tmp_path: Path) -> None:
    world, out = server.world, "../../../out"
    world.faults.clear()
    world.tell("sts:GetCallerIdentity", {"Account": f"{out}{EVIL}", "Arn": f"arn:aws:iam::{out}:user/{EVIL}"})
    listed = [
        {"Name": "first", "BucketRegion": f"{out}/{REGION}"},
        {"Name": f"{out}/{FORMULA}", "BucketRegion": REGION},
    ]
    world.tell("s3:ListBuckets", {"Buckets": listed})
    inside = tmp_path / "a" / "b" / "c" / "snapshot"
    inside.parent.mkdir(parents=True)
    report = _scan(snapshot=inside)
    _inert(report)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert all(path.is_relative_to(inside) for path in files)
    assert all(re.fullmatch(r"[a-z0-9_.-]+", path.name) for path in files)
    again = s3audit.scan([inside], show=STATUSES, severity="info")
    _inert(again)
