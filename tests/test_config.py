"""The configuration: what it may say, where each entry stands, and a sentence for what it may not."""

from pathlib import Path

import pytest

from s3audit.config import ConfigError, load, parsed
from s3audit.discover import configuration
from s3audit.location import Location
from s3audit.model.expectation import Expectation, Matcher, Retention, TagMatch, Trust


def read(text: str) -> tuple[Expectation, ...]:
    return parsed(text.encode(), ".s3audit.toml").expectations


def said(text: str) -> str:
    with pytest.raises(ConfigError) as error:
        read(text)
    return str(error.value)


def test_all_that_an_entry_may_say() -> None:
    [one, other] = read(
        """
[[expect]]
name = ["orders-*", "invoices"]
kind = "bucket"
account = "111122223333"
path = "infra/prod"
tag = ["Purpose=rec*", "Ledger"]
reason = "the auditors read it"
role = ["worm", "records"]
data = "confidential"
trusted_accounts = ["444455556666"]
organization = "o-example"
regions = ["eu-west-1", "eu-central-1"]
retention = { minimum = 30, maximum = 3650, mode = "COMPLIANCE" }
replicated = true

[[ expect ]]
public = false
"""
    )
    assert one == Expectation(
        at=Location(".s3audit.toml", "expect[0]", 2, 1),
        match=Matcher(
            kinds=("bucket",),
            names=("orders-*", "invoices"),
            accounts=("111122223333",),
            paths=("infra/prod",),
            tags=(TagMatch("Purpose", "rec*"), TagMatch("Ledger")),
        ),
        reason="the auditors read it",
        roles=("worm", "records"),
        data=("confidential",),
        trust=Trust(accounts=("444455556666",), organizations=("o-example",)),
        regions=("eu-west-1", "eu-central-1"),
        retention=Retention(30, 3650, "COMPLIANCE"),
        replicated=True,
    )
    assert other == Expectation(at=Location(".s3audit.toml", "expect[1]", 17, 1), public=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("expect = 3", ".s3audit.toml:1:1: `expect` is a list of tables, each written as [[expect]]"),
        ("[expct]", ".s3audit.toml:1:1: there is no setting 'expct', did you mean 'expect'?"),
        (
            '[[expect]]\npublic = true\n\n[[expect]]\nrole = "web"',
            ".s3audit.toml:4:1: role can't be 'web', did you mean 'website'?",
        ),
        (
            "[[expect]]\npublik = true",
            ".s3audit.toml:1:1: there is no setting 'publik', did you mean 'public'?",
        ),
        ('[[expect]]\npublic = "no"', ".s3audit.toml:1:1: public is true or false, not 'no'"),
        (
            "[[expect]]\ntrusted_accounts = 111122223333",
            ".s3audit.toml:1:1: trusted_accounts takes a text, not 111122223333",
        ),
        (
            '[[expect]]\ntrusted_accounts = "1111"',
            ".s3audit.toml:1:1: trusted_accounts takes account ids of twelve digits in quotes, not '1111'",
        ),
        (
            '[[expect]]\nname = "a"\nreason = "b"',
            '.s3audit.toml:1:1: this entry expects nothing; say what, such as `role = "website"`',
        ),
        (
            "[[expect]]\nretention = { minimum = 9, maximum = 3 }",
            ".s3audit.toml:1:1: retention has a minimum of 9 days above its maximum of 3",
        ),
        (
            "[[expect]]\nretention = { minimum = true }",
            ".s3audit.toml:1:1: retention.minimum takes a number, not True",
        ),
        (
            "[[expect]]\nabort_multipart_days = -1",
            ".s3audit.toml:1:1: abort_multipart_days takes a number, not -1",
        ),
        ("expect = [3]", ".s3audit.toml:1:1: expected a table, not 3"),
    ],
)
def test_what_it_may_not_say_is_told_with_its_place(text: str, expected: str) -> None:
    assert said(text) == expected


def test_what_is_no_toml_is_told() -> None:
    assert said("[[expect]\n").startswith("the configuration .s3audit.toml is no TOML: ")
    with pytest.raises(ConfigError, match="is no TOML"):
        parsed(b"\xff", "x.toml")
    with pytest.raises(ConfigError, match=r"nowhere\.toml can't be read: No such file"):
        load("nowhere.toml")


def test_in_pyproject_it_is_a_table_of_ours() -> None:
    text = '[project]\nname = "shop"\n\n[[tool.s3audit.expect]]\npublic = true\n'
    [one] = parsed(text.encode(), "app/pyproject.toml").expectations
    assert (one.at.line, one.public) == (4, True)
    assert parsed(b'[project]\nname = "shop"\n', "pyproject.toml").expectations == ()
    with pytest.raises(ConfigError, match="there is no setting 'select'"):
        parsed(b"[tool.s3audit]\nselect = []\n", "pyproject.toml")


def test_the_nearest_one_counts_up_to_where_the_repository_begins(tmp_path: Path) -> None:
    deep = tmp_path / "repository" / "infra" / "prod"
    deep.mkdir(parents=True)
    assert configuration(str(deep)) != str(tmp_path / ".s3audit.toml")
    (tmp_path / ".s3audit.toml").write_text("")
    assert configuration(str(deep)) == str(tmp_path / ".s3audit.toml")
    (tmp_path / "repository" / ".git").mkdir()
    assert configuration(str(deep)) == ""
    project = tmp_path / "repository" / "pyproject.toml"
    project.write_text('[project]\ndependencies = ["s3audit"]\n')
    assert configuration(str(deep)) == ""
    project.write_text("[[tool.s3audit.expect]]\npublic = true\n")
    assert configuration(str(deep)) == str(project)
    (deep.parent / ".s3audit.toml").write_text("")
    assert configuration(str(deep)) == str(deep.parent / ".s3audit.toml")
