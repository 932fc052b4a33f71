"""A snapshot is closed when somebody was told what it holds: until then the same command goes on with it."""

import json
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import s3audit
from s3audit.demo.server import Server
from s3audit.finding import Report
from tests.cli.process import Ended, run
from tests.live.snapshot.keeping import files, fill, findings, messages, scan
from tests.live.snapshot.test_redact import temporary, working_copies

__all__ = ["temporary"]
SELECT = ["versioning-enabled"]


class Killed(BaseException):
    """As if the process was."""


def killed_before_the_report(folder: Path, monkeypatch: pytest.MonkeyPatch, *, redact: bool) -> None:
    def judge(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("s3audit.accounts.judge_seen", judge)
        with pytest.raises(Killed):
            s3audit.live(snapshot=folder, redact=redact, select=SELECT)


@pytest.mark.parametrize("redact", [False, True])
def test_ended_between_manifest_and_report(
    store: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, redact: bool
) -> None:
    fill(store, 3)
    whole = s3audit.live(snapshot=tmp_path / "whole", redact=redact, select=SELECT)
    killed_before_the_report(tmp_path / "kept", monkeypatch, redact=redact)
    # It is whole, so it can be audited as it is.
    assert len(scan(tmp_path / "kept", select=("versioning-enabled",)).findings) == 3
    store.world.requests_about.clear()
    again = s3audit.live(snapshot=tmp_path / "kept", redact=redact, select=SELECT)
    assert findings(again) == findings(whole)
    assert again.problems == whole.problems
    assert not [name for name, _ in store.world.requests_about if name == "s3:GetBucketVersioning"]
    assert files(tmp_path / "kept") == files(tmp_path / "whole")
    assert not working_copies()


@pytest.mark.parametrize("redact", [False, True])
def test_what_is_taken_up_from_long_ago_says_so(
    store: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, redact: bool
) -> None:
    fill(store, 3)
    kept = tmp_path / "kept"
    killed_before_the_report(kept, monkeypatch, redact=redact)
    runs = json.loads((kept / "run.json").read_text())
    runs["runs"][0]["began"] = "2026-03-01T04:05:06.000Z"
    (kept / "run.json").write_text(json.dumps(runs))
    again = s3audit.live(snapshot=kept, redact=redact, select=SELECT)
    [said] = [one for one in again.problems if "began on" in one.message]
    parts = len([one for one in files(kept) if one.endswith(".jsonl")]) - 1  # the listing is always new
    assert said.kind == "partial"
    assert said.message == (
        f"A scan that began on 2026-03-01 at 04:05 UTC had read {parts} parts of this, so they tell how it was then."
        " To read all of it again, begin anew with --overwrite."
    )


def test_the_report_can_not_be_written(store: Server, tmp_path: Path) -> None:
    fill(store, 3)

    def live(*more: str) -> Ended:
        asked = ("live", "-q", "--select", *SELECT, "--snapshot", "kept", *more)
        return run(*asked, cwd=tmp_path, env=store.environment())

    assert live("-o", "json=nowhere/report.json").code == 2
    assert live("-o", "json=report.json").code == 1
    assert len(json.loads((tmp_path / "report.json").read_text())["findings"]) == 3
    assert not (tmp_path / "kept" / "unfinished.json").exists()
    assert live().code == 2  # now it is finished


def test_it_is_gone_on_with_only_by_the_same_options(
    store: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, 3)
    killed_before_the_report(tmp_path / "kept", monkeypatch, redact=False)
    before = files(tmp_path / "kept")
    with pytest.raises(s3audit.UsageError, match="was begun with another --bucket"):
        s3audit.live(snapshot=tmp_path / "kept", buckets=["a*"], select=SELECT)
    assert files(tmp_path / "kept") == before


def test_redacted_and_without_its_working_copy_it_is_finished(
    store: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, 3)
    killed_before_the_report(tmp_path / "kept", monkeypatch, redact=True)
    [copy] = working_copies()
    for path in sorted(copy.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    with pytest.raises(s3audit.UsageError, match="there is a finished snapshot in"):
        s3audit.live(snapshot=tmp_path / "kept", redact=True, select=SELECT)
    assert len(scan(tmp_path / "kept", select=("versioning-enabled",)).findings) == 3
    assert not working_copies()


def breaking(unit: str) -> ThreadPoolExecutor:
    """A pool that breaks on a unit."""

    class Breaking(ThreadPoolExecutor):
        def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
            if any(getattr(one, "id", "").endswith(unit) for one in arguments):
                raise RuntimeError("this pool is shut")
            return super().submit(function, *arguments, **named)

    return Breaking(2)


def lacking(folder: Path, *, redact: bool) -> Report:
    with breaking("us-east-1/buckets-0001") as pool:
        return s3audit.live(snapshot=folder, redact=redact, select=SELECT, executor=pool)


@pytest.mark.parametrize("redact", [False, True])
def test_what_s3audit_broke_on_is_tried_again(store: Server, tmp_path: Path, redact: bool) -> None:
    fill(store, 4, regions=2)
    whole = s3audit.live(snapshot=tmp_path / "whole", redact=redact, select=SELECT)
    first, second = (lacking(tmp_path / "kept", redact=redact) for _ in range(2))  # as long as it breaks
    assert messages(first) == messages(second)
    [said] = [one for one in messages(first) if one.startswith(str(tmp_path / "kept"))]
    assert "partial: The snapshot lacks what s3audit broke on. The same command tries that again." in said
    assert ("Until then what was read lies, not redacted" in said) is redact
    # Meanwhile it can be audited as it is.
    kept = scan(tmp_path / "kept", select=("versioning-enabled",))
    assert len(kept.findings) == 3
    told = [one.replace("account-1", "123456789012") for one in messages(kept)]
    assert told == [one for one in messages(first) if one != said]
    assert any("/us-east-1/buckets-0001 was not read: s3audit broke on it" in one for one in told)
    store.world.requests_about.clear()
    again = s3audit.live(snapshot=tmp_path / "kept", redact=redact, select=SELECT)
    asked = {about for name, about in store.world.requests_about if name == "s3:GetBucketVersioning"}
    assert asked == {"orders-01"}
    assert findings(again) == findings(whole)
    assert files(tmp_path / "kept") == files(tmp_path / "whole")
    assert not working_copies()
