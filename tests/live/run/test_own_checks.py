"""A live scan with checks of one's own: what they need is asked for, and they are judged like any other."""

import json
from pathlib import Path

import pytest

import s3audit
from s3audit.demo.server import Server
from tests.cli.process import run
from tests.custom.test_testing import CHECK


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    folder = tmp_path / "policies"
    (folder / "mine").mkdir(parents=True)
    (folder / "mine" / "versions.py").write_text(CHECK)
    return folder


def test_they_are_judged(store: Server, policies: Path) -> None:
    store.world.bucket("orders")
    arguments = ("live", "-q", "--select", "mine", "--severity", "low", "--checks", "policies")
    ended = run(*arguments, cwd=policies.parent, env=store.environment())
    assert (ended.code, ended.err) == (1, "")
    assert "arn:aws:s3:::orders (s3:GetBucketVersioning): low[mine-versions]" in ended.out


def test_a_configuration_counts_if_it_is_named(store: Server, policies: Path) -> None:
    store.world.bucket("orders")
    (policies.parent / ".s3audit.toml").write_text('checks = ["policies"]\n')
    scan = ("live", "-q", "--severity", "low")
    found = run(*scan, cwd=policies.parent, env=store.environment())
    assert "mine-versions" not in found.out
    assert ".s3audit.toml:1:1: partial: The checks in policies are not run" in found.out
    named = run(*scan, "--config", ".s3audit.toml", cwd=policies.parent, env=store.environment())
    assert "mine-versions" in named.out


def test_from_python(store: Server, policies: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.world.bucket("orders")
    for name, value in store.environment().items():
        monkeypatch.setenv(name, value)
    report = s3audit.live(select=["mine"], checks=[policies], severity="low")
    assert [finding.check for finding in report.failing] == ["mine-versions"]


def test_the_credentials_have_to_allow_what_they_need(policies: Path) -> None:
    ended = run("iam-policy", "--select", "mine", "--checks", "policies", cwd=policies.parent)
    assert (ended.code, ended.err) == (0, "")
    assert "s3:GetBucketVersioning" in json.dumps(json.loads(ended.out))
