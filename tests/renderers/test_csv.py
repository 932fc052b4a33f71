"""What opens in a spreadsheet, and is calculated by none."""

import csv
from io import StringIO

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3audit.finding import Report
from s3audit.renderers import render
from s3audit.renderers.csv import COLUMNS, safe
from tests.renderers.hostile import HOSTILE, SUPPRESSED, VISIBLE
from tests.renderers.samples import FINDINGS, LOGS, PROBLEMS, finding, report, sheet


def rows(given: Report) -> list[dict[str, str]]:
    first, *others = csv.reader(StringIO(render("csv", given, sheet()), newline=""), strict=True)
    assert tuple(first) == COLUMNS
    assert {len(one) for one in others} <= {len(COLUMNS)}
    return [dict(zip(COLUMNS, one, strict=True)) for one in others]


def test_a_report() -> None:
    assert render("csv", report(FINDINGS[4:], PROBLEMS[:1]), sheet()) == (
        "status,severity,check,title,type,name,address,source,region,file,line,column,message,when,evidence,"
        "fingerprint,accepted because,accepted until,accepted by\r\n"
        "fail,critical,access-public-read,No stranger can read the bucket,bucket,Photos,Resources.Photos,"
        "shop.yaml,,shop.yaml,10,22,Everyone may read the objects of Photos,Env is dev,"
        "shop.yaml:10:22: grants READ to AllUsers,4c0346b5e7e891404ae3231fe1cfcf7e,,,\r\n"
        "problem,,unreadable,,,,,broken.yaml,,broken.yaml,9,1,no YAML: a tab where spaces are expected,"
        ",,,,,\r\n"
    )


def test_a_name_stays_in_its_field() -> None:
    [told] = rows(report([HOSTILE]))
    assert told["name"] == told["when"] == VISIBLE
    assert told["evidence"] == f"shop.yaml:6:7: {VISIBLE}"


@pytest.mark.parametrize(
    "mark", ["=", "+", "-", "@", "\t=", "\r=", "\n+", " @", "\u3000-", "\uff1d", "\uff20"]
)
def test_a_formula_is_text(mark: str) -> None:
    name = f'{mark}HYPERLINK("http://example.com";A1)'
    [told] = rows(report([finding("logging-loop", "fail", msgspec.structs.replace(LOGS, name=name), name)]))
    assert told["name"].startswith("'")
    assert told["message"].startswith("'")


@given(st.text())
def test_no_field_begins_like_a_formula(text: str) -> None:
    shown = safe(text)
    assert not shown.lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert shown.isprintable()


def test_what_is_accepted_says_why() -> None:
    [told] = rows(report([SUPPRESSED], show=["suppressed"]))
    assert [told[name] for name in ("status", "accepted because", "accepted until", "accepted by")] == [
        "suppressed",
        "read once a year",
        "2026-12-31",
        "storage",
    ]


def test_much_evidence_is_counted() -> None:
    many = [(FINDINGS[0].evidence[0].at, f"note {number}") for number in range(25)]
    [told] = rows(report([finding("logging-loop", "fail", LOGS, "m", *many)]))
    assert told["evidence"].endswith("note 19; and 5 more")
