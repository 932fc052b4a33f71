"""A line for each finding, for who can't hold a report of a large account."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from s3audit.finding import Report
from s3audit.findings import ManyFindings
from s3audit.renderers import jsonl, pieces, render
from s3audit.renderers.encode import encode
from tests.renderers.hostile import CRASHED, HOSTILE, NAME, SUPPRESSED, moved
from tests.renderers.samples import FINDINGS, PROBLEMS, everything, report, sheet

SCHEMA = Path(__file__).parents[2] / "docs" / "report-lines.schema.json"


def lines(given: Report) -> list[dict[str, Any]]:
    """What another tool reads, each line valid by the published schema."""
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    found = [json.loads(line) for line in render("jsonl", given, sheet()).splitlines()]
    for one in found:
        validator.validate(one)
    return found


def test_a_report() -> None:
    assert render("jsonl", report(FINDINGS[4:], PROBLEMS[:1]), sheet()) == (
        '{"kind":"report","version":"1.0","tool":{"name":"s3audit","version":"0.1.0"},'
        '"inputs":[{"source":"shop.yaml","kind":"cloudformation","resources":2}],'
        '"problems":[{"kind":"unreadable","message":"no YAML: a tab where spaces are expected",'
        '"file":"broken.yaml","line":9,"column":1,"address":null}],'
        '"summary":{"status":{"fail":1,"error":0,"unknown":1,"suppressed":0,"pass":0,"not_applicable":1},'
        '"severity":{"critical":1,"high":0,"medium":0,"low":0,"info":0},"threshold":"medium",'
        '"below_threshold":0,"shown":1,"checks":4,"subjects":1,"resources":2},'
        '"ran":["access-public-read","encryption-kms","logging-loop","versioning-enabled"]}\n'
        '{"kind":"finding","check":"access-public-read","title":"No stranger can read the bucket",'
        '"status":"fail","severity":"critical","subject":{"type":"bucket","name":"Photos",'
        '"address":"Resources.Photos","source":"shop.yaml"},'
        '"message":"Everyone may read the objects of Photos","when":["Env is dev"],'
        '"evidence":[{"file":"shop.yaml","line":10,"column":22,"end_line":10,"end_column":32,'
        '"address":"Resources.Photos.Properties.AccessControl","note":"grants READ to AllUsers"}],'
        '"fingerprint":"4c0346b5e7e891404ae3231fe1cfcf7e"}\n'
    )


@pytest.mark.parametrize(
    "given",
    [
        report(problems=PROBLEMS),
        everything(report([*FINDINGS, SUPPRESSED, CRASHED], PROBLEMS)),
        report([], inputs=[], checks=[]),
    ],
)
def test_it_says_what_the_json_report_says(given: Report) -> None:
    whole = json.loads(render("json", given, sheet()))
    first, *others = lines(given)
    assert [{k: v for k, v in one.items() if k != "kind"} for one in others] == whole.pop("findings")
    assert {k: v for k, v in first.items() if k != "kind"} == whole
    assert [first["kind"], *{one["kind"] for one in others}] == ["report", *(["finding"] if others else [])]


def test_a_name_with_newlines_stays_on_its_line() -> None:
    first, found = lines(report([HOSTILE]))
    assert first["summary"]["shown"] == 1
    assert found["subject"]["name"] == NAME.replace("\ud800", "\\ud800")


def test_a_finding_keeps_its_identity_when_it_moves() -> None:
    (_, before), (_, after) = lines(report([FINDINGS[0]])), lines(report([moved(FINDINGS[0], 3)]))
    assert before["fingerprint"] == after["fingerprint"]
    assert before["evidence"] != after["evidence"]


def test_findings_are_read_one_after_the_other() -> None:
    class Counted(ManyFindings):
        given = 0

        def having(self, statuses: Any) -> Any:
            for one in super().having(statuses):
                self.given += 1
                yield one

    many = Counted()
    for number in range(50):
        who = msgspec.structs.replace(FINDINGS[0].subject, address=f"R{number}")
        many.extend([msgspec.structs.replace(FINDINGS[0], subject=who)])
    given = msgspec.structs.replace(report(), findings=many)
    told = pieces("jsonl", given, sheet())
    assert json.loads(next(told))["summary"]["shown"] == 50
    assert many.given == 0
    next(told)
    assert many.given == 1
    assert sum(1 for _ in told) == 49


def test_the_published_schema_is_the_one_of_the_code() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == encode(jsonl.schema()), "stale: run `make docs`"


@pytest.mark.parametrize("key", ["kind", "fingerprint", "status"])
def test_the_schema_refuses_what_is_no_finding(key: str) -> None:
    _, found = lines(report([FINDINGS[0]]))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(
            {**found, key: "maybe" if key != "fingerprint" else 1}, json.loads(SCHEMA.read_text("utf-8"))
        )
