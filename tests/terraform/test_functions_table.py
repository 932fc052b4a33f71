"""Each function with many arguments, against what Terraform itself makes of them."""

import pytest

from s3audit.collectors.terraform.language.functions import TOPICS
from s3audit.collectors.terraform.language.values import Failed
from tests.terraform import opentofu
from tests.terraform.agreement import is_open, is_said
from tests.terraform.calls import read, worked_out
from tests.terraform.console import FOLDER, REFUSED, UNKNOWN, Row, ask, recorded

# What is made up anew each time, is hidden or comes from files has tests of its own.
NOT_IN_TABLES = {
    "fileset",
    "issensitive",
    "nonsensitive",
    "plantimestamp",
    "provider::aws::arn_build",
    "provider::aws::arn_parse",
    "provider::aws::trim_iam_role_path",
    "sensitive",
    "templatestring",
    "timestamp",
    "uuid",
}


def complaint(row: Row) -> str:
    """What is wrong with the outcome of an expression; nothing if it is the one recorded."""
    value = worked_out(read([row.expression])[0])
    if row.outcome == UNKNOWN:
        return ""
    if is_open(value) is not row.open:
        return "it is not told" if is_open(value) else "it is told by now"
    if row.open:
        return ""
    if row.outcome == REFUSED:
        return "" if isinstance(value, Failed) else "it is not refused"
    return "" if is_said(value, *row.outcome) else f"it is not {row.outcome.value!r}"


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_the_outcome_is_what_terraform_said(topic: str) -> None:
    rows = recorded(topic)
    assert rows
    wrong = {row.expression: found for row in rows if (found := complaint(row))}
    assert wrong == {}


def test_every_function_is_in_a_table() -> None:
    called = " ".join(row.expression for topic in TOPICS for row in recorded(topic))
    names = {name for names in TOPICS.values() for name in names.split()}
    assert {name for name in names if f"{name}(" not in called} == NOT_IN_TABLES | opentofu.FUNCTIONS


def test_most_of_what_terraform_tells_is_told() -> None:
    rows = [row for topic in TOPICS for row in recorded(topic)]
    left_open = [row for row in rows if row.open and row.outcome != REFUSED]
    assert len(left_open) < len(rows) / 25


def test_the_tables_say_what_terraform_says_today() -> None:
    rows = [row for topic in TOPICS for row in recorded(topic)]
    answers = ask([row.expression for row in rows])
    stale = {row.expression: new for row, new in zip(rows, answers, strict=True) if row.outcome != new}
    assert stale == {}, "python -m tests.terraform.console records them anew"


def test_a_table_is_a_topic() -> None:
    assert {path.stem for path in FOLDER.glob("*.jsonl")} == set(TOPICS)
