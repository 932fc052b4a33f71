"""Files that are no HCL, or not wholly: the place is told, and what is certain is judged."""

from pathlib import Path

import pytest

from tests.terraform.hostile import BUCKET, said

LATER = 'resource "aws_s3_bucket" "c" {\n  bucket = "c"\n}\n'


def within(line: str) -> str:
    """A bucket with this on its third line, and another bucket after it."""
    return f'resource "aws_s3_bucket" "b" {{\n  bucket = "b"\n{line}\n}}\n{LATER}'


UNSURE = "unknown aws_s3_bucket.b b.tf:1:1-29: Versioning is not known: a part of this block can't be read."
SURE = "fail aws_s3_bucket.b b.tf:1:1-29: Versioning is not set, so it is Unversioned."
NEXT = "fail aws_s3_bucket.c b.tf:5:1-29: Versioning is not set, so it is Unversioned."


def may_have_more(name: str, at: str) -> str:
    """What is said of a bucket when a place outside of it may have its versioning."""
    return (
        f"unknown aws_s3_bucket.{name} b.tf:{at}: Versioning is not known: whether it is set can't be told:"
        " a part of b.tf can't be read."
    )


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (
            '  acl = "private',
            (
                "3:9-9: The text that begins here is not closed on its line: add the closing quote, or write a line"
                " break as \\n."
            ),
        ),
        ('  acl = "a-${var.x"', "3:19-19: Expected '}' for the '${', but found '\"'."),
        ('  acl = "a-%{ if true }x"', "3:12-12: This %{ if } has no %{ endif }."),
        ("  acl =", "3:8-8: Expected a value, but the line ends."),
        ("  acl = [1, 2", "4:1-1: Expected ',' or ']' for the '[' of line 3, column 9, but found '}'."),
        ("  acl = 'x'", '3:9-9: Expected a value, but found "\'": texts stand in double quotes.'),
        ('  acl = "\\x41"', "3:10-10: HCL has no escape '\\\\x': write a backslash as \\\\."),
        ('  acl = "a" "b"', "3:13-13: Expected the end of the line after this value, but found '\"'."),
        ("  acl = 1 +", "3:12-12: Expected a value, but the line ends."),
        ("  \u00a7\u00a7 @@", "3:6-6: Expected '=' or '{' after '\u00a7\u00a7', but found '@'."),
        ("  \0", "3:3-3: Expected an attribute or a block, but found '\\x00'."),
        ('  "acl" = 1', "3:3-3: The name of an attribute stands without quotes: remove them."),
    ],
)
def test_what_is_wrong_within_a_block_stays_in_it(line: str, problem: str, tmp_path: Path) -> None:
    assert said(tmp_path, within(line)) == [f"partial b.tf:{problem}", UNSURE, NEXT]


def test_a_heredoc_without_an_end_ends_where_a_block_begins(tmp_path: Path) -> None:
    assert said(tmp_path, within("  acl = <<EOT\nx")) == [
        "partial b.tf:1:1-31: The block that begins here is never closed: add '}' behind its last line.",
        "partial b.tf:3:9-9: The text that begins here is never closed: EOT stands on no line of its own after it.",
        UNSURE,
        may_have_more("c", "1:1-31"),
    ]


def test_a_block_that_is_not_closed_ends_where_another_begins(tmp_path: Path) -> None:
    text = f'resource "aws_s3_bucket" "b" {{\n  bucket = "b"\n\n{LATER}'
    assert said(tmp_path, text) == [
        "partial b.tf:1:1-31: The block that begins here is never closed: add '}' behind its last line.",
        UNSURE,
        may_have_more("c", "1:1-31"),
    ]


def test_an_object_that_is_not_closed_ends_where_a_block_begins(tmp_path: Path) -> None:
    assert said(tmp_path, within("  tags = { a = 1").replace("}\nresource", "resource")) == [
        "partial b.tf:1:1-31: The block that begins here is never closed: add '}' behind its last line.",
        "partial b.tf:4:10-10: Expected '=' after the key for the '{' of line 3, column 10, but found '\"'.",
        UNSURE,
        may_have_more("c", "1:1-31"),
    ]


def test_a_brace_too_many_takes_nothing(tmp_path: Path) -> None:
    assert said(tmp_path, f"{BUCKET}}}\n{LATER}") == [
        "partial b.tf:4:1-2: This '}' closes nothing: remove it.",
        SURE,
        NEXT,
    ]


def test_a_comment_that_is_not_closed_may_hold_anything(tmp_path: Path) -> None:
    assert said(tmp_path, f"{BUCKET}/* {LATER}") == [
        "partial b.tf:4:1-1: The comment that begins here is never closed: add */.",
        may_have_more("b", "4:1-1"),
    ]


def test_both_sides_of_a_merge_are_looked_at(tmp_path: Path) -> None:
    marker = "This is a marker of a merge that was not finished: keep one of the two sides."
    inside = "<<<<<<< HEAD\n  acl = 1\n=======\n  acl = 2\n>>>>>>> other"
    assert said(tmp_path, within(inside)) == [
        f"partial b.tf:3:1-1: {marker}",
        f"partial b.tf:5:1-1: {marker}",
        (
            "ambiguous b.tf:6:3-6: The attribute 'acl' stands here and on line 4, column 3 too, which Terraform"
            " refuses. Where they differ, nothing is known; remove the others."
        ),
        f"partial b.tf:7:1-1: {marker}",
        UNSURE,
        NEXT.replace(":5:", ":9:"),
    ]


def test_both_sides_of_a_merge_may_declare_the_same(tmp_path: Path) -> None:
    marker = "This is a marker of a merge that was not finished: keep one of the two sides."
    assert said(tmp_path, f"<<<<<<< HEAD\n{BUCKET}=======\n{BUCKET}>>>>>>> other\n") == [
        f"partial b.tf:1:1-1: {marker}",
        f"partial b.tf:5:1-1: {marker}",
        (
            'ambiguous b.tf:6:1-29: resource "aws_s3_bucket" "b" is declared here and in b.tf:2:1 too, and Terraform'
            " refuses that. Where they differ, nothing is known; rename or remove the other."
        ),
        f"partial b.tf:9:1-1: {marker}",
        may_have_more("b", "1:1-1"),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            BUCKET.encode().replace(b'"b"\n', b'"\xff"\n'),
            "2:13-13: The byte 0xFF is no UTF-8: save the file as UTF-8.",
        ),
        (BUCKET.encode("utf-16"), "1:1-1: The byte 0xFF is no UTF-8: save the file as UTF-8."),
        (
            BUCKET.replace('"', "'"),
            "1:1-1: This is not HCL. Expected labels and '{' after 'resource', all on this line.",
        ),
        (
            '{"resource": {"aws_s3_bucket": {"b": {}}}}',
            "1:1-1: This is not HCL. Expected an attribute or a block, but found '{'.",
        ),
        ("\0\0\0\0", "1:1-1: This is not HCL. Expected an attribute or a block, but found '\\x00'."),
    ],
)
def test_a_file_of_which_nothing_can_be_read(text: str | bytes, problem: str, tmp_path: Path) -> None:
    assert said(tmp_path, text) == [f"unreadable b.tf:{problem}"]


@pytest.mark.parametrize(
    "text", ["\ufeff" + BUCKET, BUCKET.replace("\n", "\r\n"), BUCKET.replace('b"\n', 'b\0"\n')]
)
def test_what_terraform_reads_is_no_problem(text: str, tmp_path: Path) -> None:
    assert said(tmp_path, text) == [SURE]


def test_what_is_wrong_in_many_places_does_not_fill_the_report(tmp_path: Path) -> None:
    told = said(tmp_path, BUCKET * 1000)
    assert len(told) == 101
    assert told[98].startswith(
        'ambiguous b.tf:298:1-29: resource "aws_s3_bucket" "b" is declared here and in b.tf:1:1'
    )
    assert told[99:] == [
        "ambiguous b.tf:301:1-29: There are more than 100 such problems in this folder; the rest is not named.",
        SURE,
    ]
