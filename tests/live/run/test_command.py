"""`s3audit live` as its users meet it: a process, its exit code, its outputs."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest

import s3audit
from s3audit.demo import faults
from s3audit.demo.server import Server
from tests.cli.process import ROOT, Ended, run
from tests.live.run.conftest import OTHER, THIRD

ACCOUNT = "123456789012"


@pytest.fixture
def live(store: Server, tmp_path: Path) -> Callable[..., Ended]:
    def start(*arguments: str, **more: str) -> Ended:
        return run("live", *arguments, cwd=tmp_path, env={**store.environment(), **more})

    return start


Live = Callable[..., Ended]


def test_findings_and_the_line_that_counts(store: Server, live: Live) -> None:
    store.world.bucket("orders")
    ended = live("--select", "versioning", "--quiet")
    assert ended.code == 1
    assert ended.err == ""
    first, *_, last = ended.out.splitlines()
    assert first == "Bucket orders (arn:aws:s3:::orders)"
    assert "arn:aws:s3:::orders (s3:GetBucketVersioning): medium[versioning-enabled]" in ended.out
    assert last.startswith("1 finding (1 medium)")
    assert last.endswith("in 1 input, 1 resource")


def test_progress_goes_to_standard_error_in_plain_lines(store: Server, live: Live) -> None:
    store.world.bucket("orders")
    ended = live("--select", "versioning")
    assert "\x1b" not in ended.err
    last = ended.err.splitlines()[-1]
    sent = store.world.requests.total()
    assert sent > 20
    assert last == f"s3audit: accounts 1/1 · buckets 1/1 · calls {sent}"


def test_nothing_there_is_said_aloud(live: Live) -> None:
    ended = live("-q", "--ignore", "account,monitoring,naming-predictable")
    assert ended.code == 0
    assert ended.out.splitlines()[-2:] == [
        "No S3 resources found.",
        "0 findings · 0 unknown · 0 passed · 0 not applicable · 0 suppressed · 0 errors in 1 input, 0 resources",
    ]


def test_no_credentials(store: Server, live: Live) -> None:
    ended = live(AWS_ACCESS_KEY_ID="")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "Error: there are no AWS credentials here: sign in, set AWS_PROFILE or AWS_ACCESS_KEY_ID, or name a"
        " profile with --profile.\n"
    )


def test_without_boto3(live: Live, tmp_path: Path) -> None:
    (tmp_path / "boto3.py").write_text("raise ImportError('not here')\n")
    ended = live("-q", PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "Error: a live scan needs boto3: pip install 's3audit[live]'.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--assume-role", "audit"),
            "'audit' is no role; expected an ARN such as arn:aws:iam::111122223333:role/audit",
        ),
        (("--region", "ireland"), "'ireland' is no Region; expected one such as eu-west-1"),
        (("--tag", "env"), "--tag takes KEY=GLOB, not 'env'"),
        (
            ("--endpoint-url", "minio:9000"),
            "'minio:9000' is no endpoint; expected a URL such as https://s3.example.com",
        ),
        (("--external-id", "x"), "an external id is for a role: name it, or scan an organization"),
        (("--select", "nothing"), "there is no check 'nothing'"),
    ],
)
def test_wrong_usage(live: Live, arguments: tuple[str, ...], said: str) -> None:
    ended = live("-q", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_denied_calls_are_told_and_count_under_strict(store: Server, live: Live) -> None:
    for name in ("a", "b", "c", "d", "e"):
        store.world.bucket(f"orders-{name}")
        if name != "e":
            store.world.faults.add(faults.denied(), "s3:GetBucketVersioning", about=f"orders-{name}")
    ended = live("-q", "--select", "versioning-enabled", "--exit-zero")
    assert ended.code == 0
    assert (
        f"{ACCOUNT}: partial: s3:GetBucketVersioning was denied for 4 of 5 buckets (orders-a, orders-b, orders-c and"
        " 1 more): it needs the permission s3:GetBucketVersioning."
    ) in ended.out
    assert "4 unknown" in ended.out
    assert live("-q", "--select", "versioning-enabled", "--exit-zero", "--strict").code == 3
    assert live("-q", "--select", "versioning-enabled", "--strict").code == 1


def test_an_account_that_nobody_gets_into_is_incomplete(store: Server, live: Live) -> None:
    store.world.bucket("theirs", account=OTHER)
    role = "arn:aws:iam::{}:role/audit"
    given = (
        "--assume-role",
        role.format(OTHER),
        "--assume-role",
        role.format(THIRD),
        "--external-id",
        "secret",
    )
    ended = live("-q", *given, "--exit-zero")
    assert ended.code == 3
    assert f"{THIRD}: unreadable: This account was not scanned: the role" in ended.out
    assert "Bucket theirs" in ended.out


def test_several_outputs(store: Server, live: Live, tmp_path: Path) -> None:
    store.world.bucket("orders")
    ended = live("-q", "-f", "json", "-o", "sarif=out.sarif", "-o", "html=out.html")
    report = json.loads(ended.out)
    assert [(i["source"], i["kind"]) for i in report["inputs"]] == [(ACCOUNT, "live")]
    sarif = json.loads((tmp_path / "out.sarif").read_text())
    uris = {
        place["physicalLocation"]["artifactLocation"]["uri"]
        for result in sarif["runs"][0]["results"]
        for place in result["locations"]
    }
    assert uris == {"aws/aws/-/-/s3/orders.json", f"aws/aws/{ACCOUNT}/-/iam/root.json"}
    assert "orders" in (tmp_path / "out.html").read_text()


HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202e<script>alert(1)</script>=cmd()"


def test_what_strangers_wrote_does_nothing(store: Server, live: Live, tmp_path: Path) -> None:
    store.world.bucket("orders")
    client = store.client("s3")
    statement = {
        "Sid": HOSTILE,
        "Effect": "Allow",
        "Principal": HOSTILE,
        "Action": "s3:*",
        "Resource": HOSTILE,
    }
    client.put_bucket_policy(
        Bucket="orders", Policy=json.dumps({"Version": HOSTILE, "Statement": [statement]})
    )
    client.put_bucket_cors(
        Bucket="orders",
        CORSConfiguration={
            "CORSRules": [{"ID": HOSTILE[12:], "AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]
        },
    )
    store.world.faults.add(faults.refused("Ex\u202ecuse", HOSTILE, 403), "s3:GetBucketTagging")
    store.world.faults.add(faults.denied(), "s3:GetBucketAcl")
    ended = live("--show", "all", "--severity", "info", "-o", "html=out.html")
    for text in (ended.out, ended.err):
        assert not set(text) & {"\x1b", "\x07", "\u202e"}
    assert "<script>alert" not in (tmp_path / "out.html").read_text()


def test_a_hostile_refusal_does_nothing_either(store: Server, live: Live) -> None:
    store.world.faults.add(faults.refused("ExpiredToken", HOSTILE[12:], 403), "sts:GetCallerIdentity")
    ended = live("-q")
    assert ended.code == 2
    assert not set(ended.err) & {"\x1b", "\x07", "\u202e"}


@pytest.fixture
def stuck(store: Server) -> Iterator["subprocess.Popen[bytes]"]:
    """A scan that has read all buckets but one, of which it will never hear."""
    for name in ("a", "b", "c"):
        store.world.bucket(f"orders-{name}")
    store.world.bucket("stuck")
    store.world.faults.add(faults.silent(), "s3:*", about="stuck")
    asked = ("live", "-q", "--select", "versioning-enabled", "--show", "all")
    with subprocess.Popen(
        [sys.executable, "-m", "s3audit", *asked],
        cwd=ROOT,
        env={**os.environ, **store.environment()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        end = monotonic() + 30
        while monotonic() < end and process.poll() is None:
            if all(store.world.requests_about["s3:GetBucketAbac", f"orders-{n}"] for n in "abc"):
                break
        yield process
        process.kill()


@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM])
def test_what_is_done_when_it_is_interrupted_is_reported(
    store: Server, stuck: "subprocess.Popen[bytes]", signal_: signal.Signals
) -> None:
    stuck.send_signal(signal_)
    out, err = stuck.communicate(timeout=30)
    told = out.decode()
    assert stuck.returncode == 130
    assert err == b""
    assert "The scan was interrupted. Until then 1 of 1 account and 3 of 4 buckets were read" in told
    assert "versioning-enabled] Versioning is Unversioned" in told


def test_from_python(store: Server) -> None:
    store.world.bucket("orders")
    report = s3audit.live(select=["versioning-enabled"])
    assert [(f.check, f.subject.name, f.status) for f in report.findings] == [
        ("versioning-enabled", "orders", "fail")
    ]
    with pytest.raises(s3audit.UsageError, match="there is no AWS profile ghost"):
        s3audit.live(profile="ghost")
