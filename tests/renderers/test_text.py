"""What people see in a terminal."""

import pytest

from s3audit.finding import Input, Subject
from s3audit.location import NOWHERE, Location
from s3audit.problem import Problem
from s3audit.renderers import render
from s3audit.verdict import Severity
from tests.renderers.samples import (
    AT_LOGGING,
    AT_LOGS,
    FINDINGS,
    LOGS,
    PROBLEMS,
    at,
    everything,
    finding,
    report,
    sheet,
)

TWO_INPUTS = (Input("shop.yaml", "cloudformation", 2), Input("broken.yaml", "cloudformation", 0))


def test_a_report() -> None:
    assert (
        render("text", report(problems=PROBLEMS, inputs=TWO_INPUTS), sheet())
        == """\
Bucket Logs (Resources.Logs)
shop.yaml:3:3: medium[versioning-enabled] Versioning was never enabled
  |
3 |   Logs:
  |   ^^^^ no versioning

shop.yaml:6:7: high[logging-loop] The access logs of Logs are written to Logs
  |
6 |       LoggingConfiguration: {}
  |       ^^^^^^^^^^^^^^^^^^^^ no DestinationBucketName: S3 logs to the bucket itself
  = note: shop.yaml:3:3: the bucket that is logged

Bucket Photos (Resources.Photos)
shop.yaml:10:22: critical[access-public-read] Everyone may read the objects of Photos (when Env is dev)
   |
10 |       AccessControl: PublicRead
   |                      ^^^^^^^^^^ grants READ to AllUsers

How to fix

access-public-read: No stranger can read the bucket
    Remove AccessControl.

logging-loop: Access logs do not come back to the bucket they describe
    LoggingConfiguration:
      DestinationBucketName: !Ref AccessLogs
    Note: The other bucket must not log here.

versioning-enabled: Versioning is enabled
    VersioningConfiguration:
      Status: Enabled

`s3audit explain ID` says why it matters, and shows what passes and what fails.

What could not be seen
broken.yaml:9:1: unreadable: no YAML: a tab where spaces are expected
partial: ap-south-2 was not asked: it is not enabled

Add `unknown` to --show to read why 1 could not be decided.
3 findings (1 critical, 1 high, 1 medium) · 1 below medium hidden · 1 unknown · 1 passed · 1 not applicable \
· 0 suppressed · 0 errors in 2 files, 2 resources
"""
    )


def test_every_status() -> None:
    crashed = finding("logging-loop", "error", LOGS, "The check broke: KeyError", (AT_LOGS, "judging Logs"))
    accepted = finding("encryption-kms", "suppressed", LOGS, "Accepted until June", (AT_LOGS, "no key"))
    problems = [Problem(AT_LOGS, "crash", "The check broke: KeyError")]
    shown = everything(report([crashed, accepted, *FINDINGS[1:4], *FINDINGS[5:]], problems))
    text = render("text", shown, sheet())
    assert (
        text.partition("\n\nHow to fix")[0]
        == """\
Bucket Logs (Resources.Logs)
shop.yaml:3:3: error[logging-loop] The check broke: KeyError
shop.yaml:3:3: medium[versioning-enabled] Versioning was never enabled
shop.yaml:3:3: low[encryption-kms] Objects are encrypted with a key of S3
  |
3 |   Logs:
  |   ^^^^
  = judging Logs
  = no versioning
  = no key

shop.yaml:3:3: passed[access-public-read] Nothing opens it
shop.yaml:3:3: suppressed[encryption-kms] Accepted until June

Bucket Photos (Resources.Photos)
shop.yaml:12:17: unknown[versioning-enabled] It is not known whether versioning is enabled
   |
12 |         Status: !Ref Versions
   |                 ^^^^^^^^^^^^^ the parameter Versions has no default

shop.yaml:7:3: not applicable[logging-loop] Photos does not log"""
    )
    assert "What could not be seen" not in text
    assert text.endswith(
        "\n\n2 findings (1 medium, 1 low) · 1 unknown · 1 passed · 1 not applicable · 1 suppressed · 1 error"
        " in 1 file, 2 resources\n"
    )


def test_color_is_beside_the_words_and_never_instead_of_them() -> None:
    found = finding("logging-loop", "fail", LOGS, "It loops", (AT_LOGGING, "no destination"), (AT_LOGS, "it"))
    text = render("text", report([found]), sheet(color=True))
    assert text.splitlines()[:6] == [
        "\x1b[1mBucket Logs (Resources.Logs)\x1b[0m",
        "\x1b[1mshop.yaml:6:7:\x1b[0m \x1b[1;31mhigh[logging-loop]\x1b[0m It loops",
        "\x1b[2m  |\x1b[0m",
        "\x1b[2m6 |\x1b[0m       LoggingConfiguration: {}",
        "\x1b[2m  |\x1b[0m       \x1b[1;31m^^^^^^^^^^^^^^^^^^^^\x1b[0m no destination",
        "\x1b[2m  =\x1b[0m note: shop.yaml:3:3: it",
    ]
    plain = render("text", report([found]), sheet())
    for code in ("\x1b[1m", "\x1b[2m", "\x1b[1;31m", "\x1b[0m"):
        text = text.replace(code, "")
    assert text == plain


@pytest.mark.parametrize(
    ("inputs", "closing"),
    [
        (TWO_INPUTS[1:], "No S3 resources found.\n0 findings · 0 unknown · 0 passed · 0 not applicable"),
        ((), "No S3 resources found.\n0 findings · 0 unknown · 0 passed · 0 not applicable"),
        (TWO_INPUTS[:1], "0 findings · 0 unknown · 0 passed · 0 not applicable"),
    ],
)
def test_it_says_aloud_that_nothing_was_found(inputs: tuple[Input, ...], closing: str) -> None:
    resources = sum(i.resources for i in inputs)
    files = "1 file" if inputs else "0 files"
    assert render("text", report([], inputs=inputs), sheet()) == (
        f"{closing} · 0 suppressed · 0 errors in {files}, {resources} resources\n"
    )


def test_what_the_message_says_is_not_said_again() -> None:
    found = finding(
        "versioning-enabled", "fail", LOGS, "Never enabled, when Env is dev.", (AT_LOGS, "never enabled"),
        when=("Env is dev",),
    )  # fmt: skip
    assert render("text", report([found]), sheet()).splitlines()[1:5] == [
        "shop.yaml:3:3: medium[versioning-enabled] Never enabled, when Env is dev.",
        "  |",
        "3 |   Logs:",
        "  |   ^^^^",
    ]


def test_a_fix_is_in_the_languages_of_the_sources_and_said_once() -> None:
    other = Subject("main.tf", "aws_s3_bucket.a", "bucket", "a")
    live = Subject("arn:aws:s3:::a", "arn:aws:s3:::a", "bucket", "a")
    found = [finding("logging-loop", "fail", who, "It loops") for who in (LOGS, LOGS, other)]
    found.append(finding("access-public-read", "fail", live, "Everyone may read it"))
    text = render("text", report(found), sheet())
    assert (
        text[text.index("How to fix") : text.index("`s3audit explain")]
        == """\
How to fix

access-public-read: No stranger can read the bucket
    aws s3api put-bucket-acl --acl private

logging-loop (3 times): Access logs do not come back to the bucket they describe
  CloudFormation:
    LoggingConfiguration:
      DestinationBucketName: !Ref AccessLogs
  Terraform:
    Point `target_bucket` to another bucket.
    Note: The other bucket must not log here.

"""
    )


def test_without_the_text_there_is_no_frame() -> None:
    live = Subject("arn:aws:s3:::a", "arn:aws:s3:::a", "bucket", "a")
    told = Location("arn:aws:s3:::a", call="s3:GetBucketVersioning")
    found = [
        finding("versioning-enabled", "fail", live, "Versioning is off", (told, "Suspended")),
        finding("logging-loop", "fail", LOGS, "It loops", (at(99, 1, 5), "beyond the end")),
        finding("encryption-kms", "fail", Subject("", "", "", ""), "", severity=Severity.HIGH),
    ]
    text = render("text", report(found, inputs=TWO_INPUTS[:1]), sheet())
    assert (
        text.partition("\n\nHow to fix")[0]
        == """\
Bucket Logs (Resources.Logs)
shop.yaml:99:1: high[logging-loop] It loops
   = beyond the end

high[encryption-kms] Objects are encrypted with a key of yours

Bucket a (arn:aws:s3:::a)
arn:aws:s3:::a (s3:GetBucketVersioning): medium[versioning-enabled] Versioning is off
  = Suspended"""
    )


def frame(line: str, column: int, end_column: int, width: int = 100, note: str = "here") -> list[str]:
    """The frame of one line, without its gutter."""
    found = finding("logging-loop", "fail", LOGS, "m", (at(1, column, end_column, source="x.yaml"), note))
    shown = render("text", report([found]), sheet({"x.yaml": line}, width=width)).splitlines()[3:]
    return [row[4:] for row in shown[: shown.index("")]]


@pytest.mark.parametrize(
    ("line", "column", "end_column", "shown"),
    [
        ("\tName: a", 2, 6, ["    Name: a", "    ^^^^ here"]),
        ("a:\tb", 4, 5, ["a:  b", "    ^ here"]),
        ("名前: 値 # 日本", 5, 6, ["名前: 値 # 日本", "      ^^ here"]),
        ("e\u0301: x", 5, 6, ["e\u0301: x", "   ^ here"]),
        ("😀😀: x", 5, 6, ["😀😀: x", "      ^ here"]),
        ("a: \x1b[31mred", 4, 12, ["a: \\x1b[31mred", "   ^^^^^^^^^^^ here"]),
        ("a: \u202edcba", 5, 9, ["a: \\u202edcba", "         ^^^^ here"]),
        ("a: b   ", 4, 0, ["a: b", "   ^ here"]),
        ("a: b", 9, 12, ["a: b", "    ^ here"]),
        ("", 1, 1, ["", "^ here"]),
        ("a: b\r", 4, 9, ["a: b", "   ^ here"]),
    ],
)
def test_the_caret_is_under_the_place(line: str, column: int, end_column: int, shown: list[str]) -> None:
    assert frame(line, column, end_column) == [row.rstrip() for row in shown]


def test_a_long_line_is_cut_around_the_place() -> None:
    line = '{"a":' + '"x",' * 1000 + '"HERE"' + ',"y"' * 1_000_000 + "}"
    assert frame(line, 4006, 4012, width=60) == [
        '…","x","x","x","x","HERE","y","y","y","y","y","y","y","…',
        "                   ^^^^^^ here",
    ]
    assert frame(line, 1, 0, width=44) == [
        '{"a":"x","x","x","x","x","x","x","x","…',
        "^" * 38,
        "here",
    ]
    assert frame("k: " + "名" * 50, 4, 54, width=44) == ["k: " + "名" * 17 + "…", "   " + "^" * 34, "here"]


def test_a_long_note_stands_below_and_is_wrapped() -> None:
    assert frame("  Bucket: a", 3, 9, width=40, note="one two three four five six seven eight nine ten") == [
        "  Bucket: a",
        "  ^^^^^^",
        "one two three four five six seven",
        "eight nine ten",
    ]


def test_of_several_lines_the_first_is_marked() -> None:
    place = Location("shop.yaml", "", 8, 5, 12, 30)
    found = finding("logging-loop", "fail", LOGS, "m", (place, "all of it"))
    assert render("text", report([found]), sheet()).splitlines()[3:5] == [
        "8 |     Type: AWS::S3::Bucket",
        "  |     ^^^^^^^^^^^^^^^^^^^^^ all of it",
    ]


def test_no_stranger_moves_hides_or_reorders_text() -> None:
    name = "a\x1b[2Jb\u202ec\nd\u2028e\x9bf\udc80"
    who = Subject("shop.yaml", f"Resources.{name}", "bucket", name)
    found = finding(
        "logging-loop",
        "fail",
        who,
        f"It is {name}",
        (AT_LOGS, f"note {name}"),
        (at(7, 3, 9), name),
        when=(name,),
    )
    text = render("text", report([found], problems=[Problem(NOWHERE, "crash", name)]), sheet())
    safe = r"a\x1b[2Jb\u202ec d\u2028e\x9bf\udc80"
    assert text.splitlines()[:6] == [
        f"Bucket {safe} (Resources.{safe})",
        f"shop.yaml:3:3: high[logging-loop] It is {safe}",
        "  |",
        "3 |   Logs:",
        f"  |   ^^^^ note {safe}",
        f"  = note: shop.yaml:7:3: {safe}",
    ]
    assert f"\ncrash: {safe}\n" in text


def test_many_related_places_are_counted() -> None:
    places = [(at(n, 1, 2), f"place {n}") for n in range(1, 10)]
    found = finding("logging-loop", "fail", LOGS, "It loops", *places)
    rows = render("text", report([found]), sheet()).splitlines()
    assert rows[5:11] == [
        *(f"  = note: shop.yaml:{n}:1: place {n}" for n in range(2, 7)),
        "  = 3 more places; the JSON report has them all",
    ]
