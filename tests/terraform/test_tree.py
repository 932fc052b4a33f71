"""What a configuration may read: the scanned tree, and nothing beside it."""

from pathlib import Path

import pytest

import s3audit

MODULE = """\
resource "aws_s3_bucket_versioning" "b" {
  bucket = "shop"
  versioning_configuration {
    status = trimspace(file("%s"))
  }
}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A module beside a file that would decide about it."""
    (tmp_path / "module").mkdir()
    (tmp_path / "status.txt").write_text("Enabled\n")
    return tmp_path


def status(tree: Path, path: str, monkeypatch: pytest.MonkeyPatch, *named: str) -> str:
    (tree / "module" / "main.tf").write_text(MODULE % path)
    monkeypatch.chdir(tree)
    found = s3audit.scan(named or ["module"], select=["versioning-enabled"]).findings
    return {finding.subject.name: finding.status for finding in found}["shop"]


def test_a_file_of_the_module_is_read(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / "module" / "status.txt").write_text("Suspended\n")
    assert status(tree, "${path.module}/status.txt", monkeypatch) == "fail"


@pytest.mark.parametrize("named", ["module", "module/main.tf"])
def test_the_current_folder_is_no_part_of_the_tree(
    tree: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    assert status(tree, "../status.txt", monkeypatch, named) == "unknown"
    assert status(tree, str(tree / "status.txt"), monkeypatch, named) == "unknown"


def test_a_link_leads_nowhere_else(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / "module" / "link.txt").symlink_to(tree / "status.txt")
    assert status(tree, "link.txt", monkeypatch) == "unknown"


def test_the_repository_around_it_is(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / ".git").mkdir()
    assert status(tree, "../status.txt", monkeypatch) == "pass"


def test_another_folder_that_is_named_is(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert status(tree, "../status.txt", monkeypatch, "module", str(tree / "status.txt")) == "pass"
