"""`checks` and what else a configuration says beside its entries."""

import os
from pathlib import Path

import pytest

from s3audit.config import ConfigError, load, parsed


def test_folders_start_from_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "team" / ".s3audit.toml"
    file.parent.mkdir()
    file.write_text(
        '# A comment.\n\nchecks = ["policies", "../shared", "/opt/policies"]\nhonor_foreign = true\n'
    )
    monkeypatch.chdir(tmp_path)
    said = load(str(file))
    assert [os.path.normpath(one) for one in said.checks] == ["team/policies", "shared", "/opt/policies"]
    assert (said.checks_at.source, said.checks_at.line) == ("team/.s3audit.toml", 3)
    assert (said.honor_foreign, said.require_reason) == (True, True)


def test_one_folder_needs_no_list_and_another_table_is_not_ours() -> None:
    text = b'[tool.other]\nrequire_reason = 3\n[tool.s3audit]\nchecks = "policies"\nrequire_reason = false\n'
    said = parsed(text, "pyproject.toml")
    assert said.checks == ("policies",)
    assert not said.require_reason


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("checks = 3", "c.toml:1:1: checks takes a text, not 3"),
        ("\nchecks = ['']", "c.toml:2:1: checks takes a text, not ''"),
        ("honor_foreign = 'yes'", "c.toml:1:1: honor_foreign is true or false, not 'yes'"),
        ("check = []", "c.toml:1:1: there is no setting 'check', did you mean 'checks'?"),
    ],
)
def test_what_it_can_not_be_is_told(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parsed(text.encode(), "c.toml")
    assert str(caught.value) == message
