"""The job, run: its commands in a shell, the command line against a store on this machine, the AWS CLI played."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest
import yaml

from s3audit.demo import faults
from s3audit.demo.server import Server
from tests.deploy.written import DEPLOY, ROOT

SPEC = yaml.safe_load((DEPLOY / "terraform" / "buildspec.yml").read_text(encoding="utf-8"))
[INSTALL] = SPEC["phases"]["install"]["commands"]
[BUILD] = SPEC["phases"]["build"]["commands"]

# As much of the AWS CLI as the job uses: what is in the bucket lies in a folder.
_AWS = """#!/bin/sh
eval "to=\\${$#}"
for last; do from=$before; before=$last; done
case "$from" in s3://*) from="$STORE/${from#s3://}" ;; esac
case "$to" in s3://*) to="$STORE/${to#s3://}"; mkdir -p "$to" ;; esac
[ ! -d "$from" ] || from="$from/."
cp -R "$from" "$to"
"""
Job = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def job(server: Server, tmp_path: Path) -> Job:
    tools = tmp_path / "tools"
    for name, text in (
        ("aws", _AWS),
        ("s3audit", f'#!/bin/sh\necho $$ > "$STORE.pid"\nexec "{sys.executable}" -m s3audit "$@"\n'),
        ("python", '#!/bin/sh\necho "$@"\n'),
    ):
        tools.mkdir(exist_ok=True)
        (tools / name).write_text(text, encoding="utf-8")
        (tools / name).chmod(0o755)
    (tmp_path / "work").mkdir()

    def start(command: str, **given: str) -> subprocess.CompletedProcess[str]:
        usual = {
            "ACCOUNTS": "",
            "EXTERNAL_ID": "",
            "FINDINGS": "--exit-zero",
            "OPTIONS": "",
            "RESULTS": "results",
        }
        environment = {**os.environ, **server.environment(), **usual, "PYTHONPATH": str(ROOT)}
        path = f"{tools}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            ["sh", "-c", command],
            cwd=tmp_path / "work",
            env={**environment, "PATH": path, "STORE": str(tmp_path / "store"), **given},
            capture_output=True,
            text=True,
            check=False,
        )

    return start


def kept(tmp_path: Path) -> set[str]:
    """What is in the bucket of results, without the folders of the day."""
    scans = tmp_path / "store" / "results" / "scans"
    files = [path.relative_to(scans).parts for path in scans.rglob("*") if path.is_file()]
    assert all(len(parts) > 4 for parts in files), files
    return {parts[4] for parts in files}


def test_findings_are_no_failure_and_all_is_kept(server: Server, job: Job, tmp_path: Path) -> None:
    server.world.bucket("orders")
    done = job(BUILD)
    assert done.returncode == 0, done.stderr
    assert "versioning-enabled" in done.stdout
    assert kept(tmp_path) == {"report.html", "report.json", "report.sarif", "snapshot"}


def test_findings_fail_it_if_that_is_asked_for(server: Server, job: Job, tmp_path: Path) -> None:
    server.world.bucket("orders")
    assert job(BUILD, FINDINGS="").returncode != 0
    assert "report.sarif" in kept(tmp_path)


def test_what_can_not_be_listed_fails_it_and_is_kept(server: Server, job: Job, tmp_path: Path) -> None:
    server.world.faults.add(faults.denied(), "s3:ListBuckets")
    assert job(BUILD).returncode != 0
    assert "report.json" in kept(tmp_path)


SECRET = "zanzibar"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Sid": f"{SECRET}Sid", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    ],
}


def stuck(server: Server) -> None:
    """The account has something to hide, and a bucket of which nobody will ever hear."""
    server.world.bucket("orders")
    server.world.bucket("silent", region="us-east-1")
    client = server.client("s3")
    client.put_bucket_policy(Bucket="orders", Policy=json.dumps(POLICY))
    client.put_bucket_tagging(
        Bucket="orders", Tagging={"TagSet": [{"Key": "team", "Value": f"{SECRET}Team"}]}
    )
    server.world.faults.add(faults.silent(), "s3:*", about="silent")


def ended_halfway(job: Job, temporary: Path, pid: Path, signal_: signal.Signals, **given: str) -> None:
    """Run the job and end the scan in it once it has read something that it was to take out."""
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(job, BUILD, TMPDIR=str(temporary), **given)
        end = monotonic() + 30
        while not any(f"{SECRET}Sid".encode() in data for data in contents(temporary)):
            assert monotonic() < end
            assert not running.done()
            wait([running], 0.01)
        os.kill(int(pid.read_text()), signal_)
        assert running.result(30).returncode != 0


def contents(folder: Path) -> list[bytes]:
    """Of its files; one may be gone by then."""
    found: list[bytes] = []
    for path in folder.rglob("*.jsonl"):
        with suppress(FileNotFoundError):
            found.append(path.read_bytes())
    return found


@pytest.mark.parametrize("signal_", [signal.SIGTERM, signal.SIGKILL])
def test_a_redacted_scan_that_is_ended_leaves_nothing_in_the_results(
    server: Server, job: Job, tmp_path: Path, signal_: signal.Signals
) -> None:
    stuck(server)
    (tmp_path / "temporary").mkdir()
    options = f"--redact --tag team={SECRET}*"
    ended_halfway(job, tmp_path / "temporary", tmp_path / "store.pid", signal_, OPTIONS=options)
    results = tmp_path / "store" / "results"
    reports = {"report.html", "report.json", "report.sarif"}
    names = {path.name for path in results.rglob("*") if path.is_file()}
    assert names == (reports if signal_ == signal.SIGTERM else set())
    left = [path.read_bytes() for path in (tmp_path / "work" / "snapshot").rglob("*") if path.is_file()]
    assert len(left) == 2  # that it is not finished, and when it ran
    assert not [data for data in left if b"123456789012" in data or SECRET.encode() in data]


def test_options_are_handed_on(server: Server, job: Job) -> None:
    server.world.bucket("orders")
    server.world.bucket("images")
    done = job(BUILD, OPTIONS="--bucket orders --severity high")
    assert "1 of 2 buckets was left out, as asked" in " ".join(done.stdout.split())


def test_no_way_in_fails_it(job: Job) -> None:
    done = job(BUILD, AWS_ACCESS_KEY_ID="")
    assert done.returncode != 0
    assert "there are no AWS credentials" in done.stderr


def test_results_that_can_not_be_kept_fail_it(server: Server, job: Job, tmp_path: Path) -> None:
    server.world.bucket("orders")
    (tmp_path / "store").write_text("not a folder", encoding="utf-8")
    assert job(BUILD).returncode != 0


def test_the_package_comes_from_the_bucket(job: Job, tmp_path: Path) -> None:
    package = tmp_path / "store" / "results" / "package"
    package.mkdir(parents=True)
    (package / "s3audit-1-py3-none-any.whl").write_text("", encoding="utf-8")
    done = job(INSTALL, PACKAGE="package/s3audit-1-py3-none-any.whl")
    assert done.stdout.split()[-1] == "./s3audit-1-py3-none-any.whl[live]"
    assert (tmp_path / "work" / "s3audit-1-py3-none-any.whl").exists()


def test_a_package_that_is_not_there_is_not_looked_for_elsewhere(job: Job) -> None:
    done = job(INSTALL, PACKAGE="package/s3audit-1-py3-none-any.whl")
    assert done.stdout.split()[-1] == "package/s3audit-1-py3-none-any.whl"


def test_a_package_of_an_index_is_named(job: Job) -> None:
    assert job(INSTALL, PACKAGE="s3audit[live]==1").stdout.split()[-1] == "s3audit[live]==1"
