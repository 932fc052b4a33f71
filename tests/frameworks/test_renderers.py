"""The reports by requirement, as a reader meets them."""

import csv
import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from s3audit.finding import Report
from s3audit.frameworks.framework import Framework, Requirement
from s3audit.problem import Problem
from s3audit.renderers import BY_REQUIREMENT, FORMATS, render
from s3audit.renderers.read_json import NoReportError, read_json
from tests.frameworks.reports import CHECKS, Said, finding, framework, matrix, report
from tests.profile import examples
from tests.renderers.samples import sheet
from tests.renderers.test_every_format import REPORTS, TEXTS
from tests.renderers.test_html import EVIL, Page

SCHEMA = Path(__file__).parents[2] / "docs" / "report.schema.json"

RULES = framework(
    Requirement(id="1.1", title="A is on", checks=("on-a",), supporting=("on-d",)),
    Requirement(id="1.2", title="B and C are on", checks=("on-b", "on-c"), weak=("on-c",), partial=True),
    Requirement(id="2", title="C is on", checks=("on-c",), differs="Elsewhere C may be off.", unsure=True),
    Requirement(id="3", title="Somebody looks", manual="Ask who looked, and when."),
    Requirement(id="4", title="D is on", checks=("on-d", "on-x")),
)
SAID: Said = {
    ("on-a", "Logs"): "pass",
    ("on-a", "Photos"): "fail",
    ("on-b", "Logs"): "pass",
    ("on-b", "Photos"): "pass",
    ("on-c", "Logs"): "suppressed",
    ("on-c", "Photos"): "not_applicable",
    ("on-d", "Account"): "unknown",
}


def text(given_report: Report, rules: Framework = RULES, width: int = 100) -> str:
    return render("text", given_report, sheet(width=width), [rules])


def test_text() -> None:
    above, _, findings = text(report(SAID)).partition("\nFindings\n")
    assert (
        above
        == """\
Acme rules v1
5 requirements: 1 failed, 1 unknown, 2 suppressed, 1 manual
Only requirements that touch S3 are listed. A scan is evidence for an audit and never its result.

failed          1.1  A is on
                2 subjects: 1 failed, 1 passed
                on-a, 1 failed of 2: bucket Photos
                on-d, 1 unknown of 1 (shown beside it, decides nothing): bucket Account

suppressed      1.2  B and C are on
                2 subjects: 1 suppressed, 1 passed
                on-c, 1 suppressed of 2 (weak evidence): bucket Logs

suppressed      2    C is on
                2 subjects: 1 suppressed, 1 not applicable
                on-c, 1 suppressed of 2: bucket Logs
                Differs: Elsewhere C may be off.
                Unsure: one secondary source alone maps it so

manual          3    Somebody looks
                no check can tell
                To look at: Ask who looked, and when.

unknown         4    D is on
                1 subject: 1 unknown; not run: on-x
                on-d, 1 unknown of 1: bucket Account
"""
    )
    assert "shop.yaml:7:3: medium[on-a] on-a of Photos." in findings
    assert findings.count("[on-c]") == 1  # two requirements ask for it, and it is told once


def test_each_word_for_an_answer_can_occur() -> None:
    passes: Said = {("on-a", "Logs"): "pass"}
    rules = framework(
        Requirement(id="1", title="T", checks=("on-a",)),
        Requirement(id="2", title="T", checks=("on-a",), partial=True, manual="Look."),
        Requirement(id="3", title="T", checks=("on-b",)),
    )
    above = text(report(passes), rules)
    assert (
        "3 requirements: 1 passed in part, 1 passed, 1 not applicable; 1 of them also needs a person\n"
        in above
    )
    assert "not applicable  3  T\n                nothing that it is about was found\n" in above
    assert "Findings" not in above


def test_markdown() -> None:
    lines = render("markdown", report(SAID), sheet(), [RULES]).splitlines()
    assert lines[0] == "## Acme rules v1"
    table = [line for line in lines if line.startswith("| ")]
    assert table[2] == (
        "| **failed** | 1.1 A is on | 2 | 1 | 0 | 0 | 1 | 0 | `on-a` 1 failed of 2;"
        " `on-d` 1 unknown of 1 (shown beside it, decides nothing) |"
    )
    assert (
        table[6] == "| unknown | 4 D is on | 1 | 0 | 1 | 0 | 0 | 0 | `on-d` 1 unknown of 1; not run: on-x |"
    )
    assert "- 3. To look at: Ask who looked, and when." in lines
    assert "## s3audit: 1 finding (1 medium)" in lines


def test_csv() -> None:
    first, *rows = csv.reader(StringIO(render("csv", report(SAID), sheet(), [RULES])))
    told = [dict(zip(first, row, strict=True)) for row in rows]
    assert [one["answer"] for one in told] == ["failed", "suppressed", "suppressed", "manual", "unknown"]
    for one in told:
        parts = ("failed", "unknown", "suppressed", "passed", "not applicable")
        assert int(one["subjects"]) == sum(int(one[part]) for part in parts)
    assert told[0]["evidence"].startswith("shop.yaml:7:3: fail[on-a] ")
    assert told[4]["checks"] == "on-d: 1 unknown of 1; on-x: was not run"


@pytest.mark.parametrize("begins", ["=", "+", "-", "@"])
def test_a_spreadsheet_does_not_calculate(begins: str) -> None:
    rules = framework(Requirement(id="1", title=f"{begins}cmd|'/c calc'!A1", checks=("on-a",)))
    [_, row] = csv.reader(StringIO(render("csv", report(SAID), sheet(), [rules])))
    assert row[3] == f"'{begins}cmd|'/c calc'!A1"


def read(given_report: Report, rules: Framework = RULES) -> dict[str, Any]:
    told = json.loads(render("json", given_report, sheet(), [rules]))
    jsonschema.validate(told, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert isinstance(told, dict)
    return told


def test_json() -> None:
    told = read(report(SAID))
    [found] = told["frameworks"]
    assert (found["id"], found["version"]) == ("acme", "v1")
    assert found["answers"] == {
        "fail": 1,
        "unknown": 1,
        "suppressed": 2,
        "in_part": 0,
        "pass": 0,
        "not_applicable": 0,
        "manual": 1,
    }
    first, *_, last = found["requirements"]
    assert first["answer"] == "fail"
    assert first["subjects"] == {"fail": 1, "unknown": 0, "suppressed": 0, "pass": 1, "not_applicable": 0}
    assert [(one["check"], one["role"]) for one in first["checks"]] == [
        ("on-a", "decides"),
        ("on-d", "supports"),
    ]
    assert (last["why"], [one["ran"] for one in last["checks"]]) == ("not run: on-x", [True, False])


def test_json_leads_to_its_own_findings_only() -> None:
    told = read(report(SAID))
    by_fingerprint = {one["fingerprint"]: one for one in told["findings"]}
    led = [
        (one["check"], by_fingerprint[fingerprint])
        for requirement in told["frameworks"][0]["requirements"]
        for one in requirement["checks"]
        for fingerprint in one["findings"]
    ]
    assert len(led) == 5
    assert all(check == found["check"] for check, found in led)
    fails_only = read(replace(report(SAID), show=frozenset({"fail"})))
    assert [one["findings"] for one in fails_only["frameworks"][0]["requirements"][0]["checks"]] == [
        [told["findings"][0]["fingerprint"]],
        [],
    ]


def test_json_without_a_framework_says_nothing_of_any() -> None:
    told = json.loads(render("json", report(SAID), sheet()))
    assert "frameworks" not in told


def test_html_leads_from_each_requirement_to_the_evidence() -> None:
    page = Page(render("html", report(SAID), sheet(), [RULES]))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    assert {link for link in links if not link.startswith("#")} == set()
    assert {link[1:] for link in links} <= set(ids)
    assert sum(link.startswith("#f-") for link in links) == 5
    assert "1 of 5 requirements failed in 3 resources" in page.text
    assert re.search(r"1\.1 A is on \| +failed \| 2 \| 1 \| 0 \| 0 \| 1 \| 0", page.text), page.text
    assert {attributes["href"] for tag, attributes in page.tags if tag == "use"} <= {f"#{one}" for one in ids}


def test_html_of_what_is_not_listed_leads_nowhere() -> None:
    page = Page(render("html", replace(report(SAID), show=frozenset()), sheet(), [RULES]))
    assert not [attributes for tag, attributes in page.tags if tag == "a" and "#f-" in attributes["href"]]
    assert "Bucket Photos (Resources.Photos): failed" in page.text


@pytest.mark.parametrize("form", BY_REQUIREMENT)
def test_no_text_of_a_framework_is_markup(form: str) -> None:
    rules = Framework(
        id="a",
        title=EVIL,
        note=EVIL,
        requirements=(
            Requirement(id=EVIL, title=EVIL, checks=("on-a",), manual=EVIL, differs=EVIL, basis=EVIL),
        ),
    )
    told = render(form, report(SAID), sheet(), [rules])
    assert "\u202e" not in told
    if form in ("html", "markdown"):
        assert "<script" not in told
        assert "<img" not in told


@pytest.mark.parametrize("form", BY_REQUIREMENT)
@settings(max_examples=examples(15))
@given(given_report=REPORTS, title=TEXTS)
def test_it_survives_anything(form: str, given_report: Report, title: str) -> None:
    asked = tuple(dict.fromkeys(one.check for one in given_report.findings))
    rules = framework(Requirement(id=title, title=title, checks=asked, manual=title or "x"))
    told = render(form, given_report, sheet(), [rules])
    assert told.encode().endswith(b"\n")


def test_a_format_that_knows_no_requirements_is_as_ever() -> None:
    assert "sarif" in FORMATS
    assert render("sarif", report(SAID), sheet(), [RULES]) == render("sarif", report(SAID), sheet())


def everything(given_report: Report) -> bytes:
    from s3audit.finding import STATUSES

    return render("json", replace(given_report, show=frozenset(STATUSES)), sheet()).encode()


def test_a_json_report_is_read_back() -> None:
    gives_way = finding("on-a", "Orders", "not_applicable", "fail")
    problem = Problem(gives_way.evidence[0].at, "partial", "a module is missing")
    before = report(
        [*report(SAID).findings, gives_way], ran=["on-a", "on-b", "on-c", "on-d"], problems=[problem]
    )
    after = read_json(everything(before), CHECKS)
    assert after.ran == before.ran
    assert after.inputs == before.inputs
    assert [(one.kind, one.message, str(one.at)) for one in after.problems] == [
        ("partial", "a module is missing", "shop.yaml:7:3")
    ]
    assert [(one.check, one.fingerprint, one.evidence, one.severity) for one in after.findings] == [
        (one.check, one.fingerprint, one.evidence, one.severity) for one in before.findings
    ]
    first, second = matrix(before, *RULES.requirements), matrix(after, *RULES.requirements)
    assert [(one.answer, one.counts) for one in first.rows] == [
        (one.answer, one.counts) for one in second.rows
    ]
    assert after.findings[-1].status == "fail"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is no JSON report of s3audit, as `s3audit scan -f json` writes it: Input data was truncated"),
        (b"[]", "is no JSON report of s3audit"),
        (b'{"version": "2.0"}', "is a report of version 2.0, and this s3audit reads 1.0"),
        (b'{"version": "1.0"}', "missing required field `tool`"),
        (b"\xff\xfe", "is no JSON report of s3audit"),
    ],
)
def test_what_is_no_report_is_told(data: bytes, said: str) -> None:
    with pytest.raises(NoReportError) as raised:
        read_json(data, CHECKS)
    assert said in str(raised.value)


def test_a_report_of_some_answers_is_refused() -> None:
    data = render("json", report(SAID), sheet()).encode()
    with pytest.raises(NoReportError) as raised:
        read_json(data, CHECKS)
    assert str(raised.value) == (
        "holds 3 of the 7 answers of its scan, and a requirement asks for all of them: scan again with"
        " `--show all --severity info -f json`"
    )
