"""What the tests of CloudFormation share."""

from pathlib import Path

import pytest

from tests.cloudformation.projects import Project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)
