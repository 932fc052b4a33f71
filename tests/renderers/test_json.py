"""What other tools read: the whole report, and the schema that is published."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from s3audit.finding import Input, Report, Subject
from s3audit.location import Location
from s3audit.problem import Problem
from s3audit.renderers import contract, render
from s3audit.renderers.encode import encode
from tests.renderers.samples import FINDINGS, PHOTOS, PROBLEMS, everything, finding, report, sheet

SCHEMA = Path(__file__).parents[2] / "docs" / "report.schema.json"


def test_a_report() -> None:
    assert (
        render("json", report(FINDINGS[4:], PROBLEMS[:1]), sheet())
        == """\
{
  "version": "1.0",
  "tool": {
    "name": "s3audit",
    "version": "0.1.0"
  },
  "inputs": [
    {
      "source": "shop.yaml",
      "kind": "cloudformation",
      "resources": 2
    }
  ],
  "problems": [
    {
      "kind": "unreadable",
      "message": "no YAML: a tab where spaces are expected",
      "file": "broken.yaml",
      "line": 9,
      "column": 1,
      "address": null
    }
  ],
  "summary": {
    "status": {
      "fail": 1,
      "error": 0,
      "unknown": 1,
      "suppressed": 0,
      "pass": 0,
      "not_applicable": 1
    },
    "severity": {
      "critical": 1,
      "high": 0,
      "medium": 0,
      "low": 0,
      "info": 0
    },
    "threshold": "medium",
    "below_threshold": 0,
    "shown": 1,
    "checks": 4,
    "subjects": 1,
    "resources": 2
  },
  "ran": [
    "access-public-read",
    "encryption-kms",
    "logging-loop",
    "versioning-enabled"
  ],
  "findings": [
    {
      "check": "access-public-read",
      "title": "No stranger can read the bucket",
      "status": "fail",
      "severity": "critical",
      "subject": {
        "type": "bucket",
        "name": "Photos",
        "address": "Resources.Photos",
        "source": "shop.yaml"
      },
      "message": "Everyone may read the objects of Photos",
      "when": [
        "Env is dev"
      ],
      "evidence": [
        {
          "file": "shop.yaml",
          "line": 10,
          "column": 22,
          "end_line": 10,
          "end_column": 32,
          "address": "Resources.Photos.Properties.AccessControl",
          "note": "grants READ to AllUsers"
        }
      ],
      "fingerprint": "4c0346b5e7e891404ae3231fe1cfcf7e"
    }
  ]
}
"""
    )


def test_an_api_call_stands_in_for_lines() -> None:
    bucket = Subject("arn:aws:s3:::a", "arn:aws:s3:::a", "bucket", "a")
    told = Location("arn:aws:s3:::a", call="s3:GetBucketVersioning")
    [shown] = read(report([finding("versioning-enabled", "fail", bucket, "Off", (told, "Suspended"))]))[
        "findings"
    ]
    assert shown["evidence"] == [
        {
            "file": "arn:aws:s3:::a",
            "line": None,
            "column": None,
            "end_line": None,
            "end_column": None,
            "address": None,
            "note": "Suspended",
            "call": "s3:GetBucketVersioning",
        }
    ]


def read(given: Report) -> dict[str, Any]:
    """The report as another tool gets it, valid by the published schema."""
    text = render("json", given, sheet())
    read: dict[str, Any] = json.loads(text)
    jsonschema.validate(read, json.loads(SCHEMA.read_text(encoding="utf-8")))
    return read


@pytest.mark.parametrize(
    "given",
    [
        report(problems=PROBLEMS),
        everything(report(problems=PROBLEMS)),
        report([], inputs=[], checks=[]),
        report([finding("no-such-check", "error", Subject("", "", "", ""), "")]),
    ],
)
def test_a_report_follows_the_published_schema(given: Report) -> None:
    assert len(read(given)["findings"]) == len(given.shown)


def test_the_schema_refuses_what_is_no_report() -> None:
    whole = read(report())
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    for key in whole:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({k: v for k, v in whole.items() if k != key}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**whole, "findings": [{**whole["findings"][0], "status": "maybe"}]}, schema)


def test_the_published_schema_is_the_one_of_the_code() -> None:
    made = encode(contract.schema())
    assert SCHEMA.read_text(encoding="utf-8") == made, "docs/report.schema.json is stale: run `make docs`"


def test_names_are_told_as_they_are_and_a_terminal_does_not_obey_them() -> None:
    name = "a\x1b[2J\u202e\u2028\x9b\U000e0041\u00e9\U0001f600"
    text = render("json", report([finding("logging-loop", "fail", PHOTOS, name)]), sheet())
    assert r'"message": "a\u001b[2J\u202e\u2028\u009b\udb40\udc41é😀"' in text
    assert json.loads(text)["findings"][0]["message"] == name


def test_a_file_name_that_is_no_utf8() -> None:
    place = Location("caf\udce9.yaml")
    given = report([], [Problem(place, "unreadable", "gone")], [Input("caf\udce9.yaml", "cloudformation", 0)])
    shown = read(given)
    assert shown["problems"][0]["file"] == shown["inputs"][0]["source"] == r"caf\udce9.yaml"
