"""Annotations: a line that GitHub's runner obeys holds nothing that somebody else wrote."""

import pytest

from s3audit.finding import Report
from s3audit.renderers import render
from s3audit.verdict import Severity
from tests.renderers import live_samples
from tests.renderers.hostile import CRASHED, HOSTILE, SUPPRESSED, VISIBLE
from tests.renderers.samples import (
    FINDINGS,
    LOGS,
    PROBLEMS,
    SHOP,
    at,
    everything,
    finding,
    report,
    sheet,
)


def obeyed(line: str) -> tuple[str, dict[str, str], str]:
    """What the runner makes of a line: the command, its properties and its message."""
    assert line.startswith("::")
    head, _, message = line[2:].partition("::")
    command, _, given = head.partition(" ")
    properties = dict(pair.partition("=")[::2] for pair in given.split(","))
    unescaped = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}
    for escaped, plain in unescaped.items():
        properties = {name: value.replace(escaped, plain) for name, value in properties.items()}
    for escaped in ("%0D", "%0A", "%25"):
        message = message.replace(escaped, unescaped[escaped])
    return command, properties, message


def commands(given: Report) -> list[tuple[str, dict[str, str], str]]:
    lines = render("github", given, sheet()).splitlines()
    return [obeyed(line) for line in lines if line.startswith("::")]


def test_a_report() -> None:
    assert render("github", report(FINDINGS[4:], PROBLEMS), sheet()) == (
        "::error file=shop.yaml,line=10,endLine=10,col=22,endColumn=32,title=s3audit access-public-read::"
        "Everyone may read the objects of Photos (when Env is dev): grants READ to AllUsers.\n"
        "::error file=broken.yaml,line=9,endLine=9,col=1,endColumn=2,title=s3audit unreadable::"
        "broken.yaml:9:1: no YAML: a tab where spaces are expected.\n"
        "::warning title=s3audit partial::ap-south-2 was not asked: it is not enabled.\n"
        "s3audit: 1 finding (1 critical), 1 unknown, 0 passed, 1 not applicable, 0 suppressed, 0 errors.\n"
    )


@pytest.mark.parametrize(
    ("severity", "command"),
    [
        (Severity.CRITICAL, "error"),
        (Severity.HIGH, "error"),
        (Severity.MEDIUM, "warning"),
        (Severity.LOW, "notice"),
        (Severity.INFO, "notice"),
    ],
)
def test_severities(severity: Severity, command: str) -> None:
    found = finding("logging-loop", "fail", LOGS, "m", severity=severity)
    assert [one for one, _, _ in commands(everything(report([found])))] == [command]


def test_an_open_question_is_a_notice_and_what_is_in_order_is_none() -> None:
    told = commands(everything(report([*FINDINGS[3:4], *FINDINGS[5:], SUPPRESSED, CRASHED])))
    assert [(command, properties["title"]) for command, properties, _ in told] == [
        ("error", "s3audit versioning-enabled"),
        ("notice", "s3audit versioning-enabled"),
    ]


def test_nobody_can_write_a_command() -> None:
    text = render("github", report([HOSTILE]), sheet())
    assert text.count("\n") == 2  # the annotation and the line that counts
    [(command, properties, message)] = commands(report([HOSTILE]))
    assert command == "error"
    assert set(properties) == {"file", "line", "endLine", "col", "endColumn", "title"}
    assert VISIBLE in message
    assert "y%250A" in text


def test_a_file_name_is_no_property_and_no_end_of_them() -> None:
    name = "a,line=9::%0A:b.yaml"
    told = report([finding("logging-loop", "fail", LOGS, "m", (at(2, 1, 2, source=name), "n"))])
    [(_, properties, _)] = commands(told)
    assert (properties["file"], properties["line"]) == (name, "2")


def test_what_is_in_no_file_has_no_place() -> None:
    [(_, properties, _)] = commands(report([live_samples.seen()]))
    assert properties == {"title": "s3audit versioning-enabled"}


def test_columns_are_those_of_the_text() -> None:
    source = SHOP.replace("Logs:", "L\U0001f600s:")
    found = finding("logging-loop", "fail", LOGS, "m", (at(3, 6, 7), "n"))
    assert "col=7,endColumn=8" in render("github", report([found]), sheet({"shop.yaml": source}))


def test_the_worst_come_first_and_the_log_says_that_the_others_are_not_shown() -> None:
    many = [
        finding("logging-loop", "fail", LOGS, f"{severity.label} {number}", severity=severity)
        for number in range(6)
        for severity in (Severity.HIGH, Severity.CRITICAL)
    ]
    told = commands(report(many))
    assert [message for _, _, message in told] == [
        *(f"Logs: critical {number}." for number in range(6)),
        *(f"Logs: high {number}." for number in range(6)),
    ]
    last = "GitHub shows 10 annotations of each kind; the others are in this log.\n"
    assert render("github", report(many), sheet()).endswith(last)
    assert last not in render("github", report(many[:10]), sheet())
