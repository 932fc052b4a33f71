"""The pre-commit hook: which files it takes, and a commit that it stops."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"

LOOP = """\
Resources:
  Logs:
    Type: AWS::S3::Bucket
    Properties:
      LoggingConfiguration:
        LogFilePrefix: logs/
"""


def hook() -> dict[str, Any]:
    [found] = [
        entry for entry in yaml.safe_load(MANIFEST.read_text(encoding="utf-8")) if entry["id"] == "s3audit"
    ]
    assert isinstance(found, dict)
    return found


def takes(path: str) -> bool:
    """What pre-commit does with `files` and `exclude`."""
    return bool(re.search(hook()["files"], path)) and not re.search(hook()["exclude"], path)


@pytest.mark.parametrize(
    "path",
    [
        "template.yaml",
        "infra/shop.yml",
        "infra/shop.json",
        "stacks/shop.template",
        "cdk.out/ShopStack.template.json",
        "cdk.out/assembly-Prod/ShopStack.template.json",
        "cdk.out/assets.yaml",
        "my_node_modules/template.yaml",
        "main.tf",
        "modules/site/main.tofu",
        "envs/prod/site.tf.json",
        "envs/prod/site.tofu.json",
        "terraform.tfvars",
        "envs/prod/terraform.tfvars",
        "terraform.tfvars.json",
        "envs/prod/terraform.tfvars.json",
        "envs/prod/site.auto.tfvars",
        "site.auto.tfvars.json",
    ],
)
def test_a_template_is_taken(path: str) -> None:
    assert takes(path)


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "prod.tfvars",
        "my-terraform.tfvars",
        "envs/prod.tfvars.json",
        "prod.tfvars.json",
        "terraform.prod.tfvars.json",
        "my-terraform.tfvars.json",
        "app/handler.py",
        "template.yaml.bak",
        "yaml",
        "docs/json",
        "node_modules/x/package.json",
        "web/node_modules/x/package.json",
        ".terraform/modules/site/main.tf",
        "envs/prod/.terraform/modules/modules.json",
        "cdk.out/asset.0f3c/template.yaml",
        "app/cdk.out/asset.0f3c/deep/package.json",
        "cdk.out/assembly-Prod/asset.0f3c/package.json",
        "cdk.out/asset.0f3c.json",
    ],
)
def test_another_file_is_not(path: str) -> None:
    assert not takes(path)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keeps pre-commit and git away from the settings of whoever runs the tests; s3audit is this tree's."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return tmp_path


def precommit(*arguments: str | Path, cwd: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pre_commit", *arguments]
    return subprocess.run(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


def test_precommit_accepts_the_manifest(home: Path) -> None:
    done = precommit("validate-manifest", MANIFEST, cwd=home)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.fixture
def repository(home: Path) -> Path:
    """A git repository that runs our hook, in this environment."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    folder = home / "repository"
    folder.mkdir()
    entry = str(hook()["entry"]).removeprefix("s3audit ")
    local = {
        **hook(),
        "language": "system",
        "entry": f'"{sys.executable}" -m s3audit {entry}',
    }
    config = {"repos": [{"repo": "local", "hooks": [local]}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return folder


def commit_check(repository: Path, **files: str) -> "subprocess.CompletedProcess[str]":
    for name, text in files.items():
        (repository / name.replace("__", ".")).write_text(text, encoding="utf-8")
    subprocess.run(["git", "add", "."], cwd=repository, check=True)
    return precommit("run", cwd=repository)


def test_a_fault_stops_the_commit(repository: Path) -> None:
    done = commit_check(repository, shop__yaml=LOOP, package__json='{"name": "shop"}\n')
    assert done.returncode == 1, done.stdout
    assert "logging-loop" in done.stdout
    assert re.search(r"\bshop\.yaml:5\b", done.stdout), done.stdout


def test_files_without_buckets_pass(repository: Path) -> None:
    done = commit_check(repository, settings__yaml="a: 1\n", package__json='{"name": "shop"}\n')
    assert done.returncode == 0, done.stdout
    assert re.search(r"^s3audit\.+Passed$", done.stdout, re.MULTILINE), done.stdout


MODULE = """\
variable "target" {
}
resource "aws_s3_bucket" "logs" {
  bucket = "logs"
}
resource "aws_s3_bucket_logging" "logs" {
  bucket        = aws_s3_bucket.logs.id
  target_bucket = var.target
  target_prefix = "logs/"
}
"""


@pytest.mark.parametrize("name", ["terraform.tfvars", "site.auto.tfvars"])
def test_values_that_make_a_fault_of_a_module_stop_the_commit(repository: Path, name: str) -> None:
    (repository / "main.tf").write_text(MODULE, encoding="utf-8")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@localhost", "-c", "core.hooksPath=/dev/null"]
    subprocess.run(["git", "add", "."], cwd=repository, check=True)
    subprocess.run([*git, "commit", "-qm", "The module"], cwd=repository, check=True)
    done = commit_check(repository, **{name: 'target = "elsewhere"\n'})
    assert "versioning-enabled" in done.stdout, done.stdout
    assert "logging-loop" not in done.stdout, done.stdout
    done = commit_check(repository, **{name: 'target = "logs"\n'})
    assert done.returncode == 1, done.stdout
    assert "logging-loop" in done.stdout
    assert re.search(r"\bmain\.tf:8\b", done.stdout), done.stdout


def test_values_for_another_folder_stop_no_commit(repository: Path) -> None:
    done = commit_check(repository, terraform__tfvars='target = "logs"\n')
    assert done.returncode == 0, done.stdout


def test_a_commit_without_our_files_is_not_looked_at(repository: Path) -> None:
    (repository / ".pre-commit-config.yaml").rename(repository / "hooks.txt")
    (repository / "handler.py").write_text("", encoding="utf-8")
    subprocess.run(["git", "add", "."], cwd=repository, check=True)
    done = precommit("run", "--config", "hooks.txt", cwd=repository)
    assert done.returncode == 0, done.stdout
    assert re.search(r"^s3audit\.+\(no files to check\)Skipped$", done.stdout, re.MULTILINE), done.stdout
