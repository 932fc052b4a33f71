"""A SARIF log as its readers get it, valid by the schema and by what GitHub asks beyond it.

`sarif-2.1.0.json` is the schema that the npm package `@microsoft/sarif-multitool-linux` 5.7.0 ships (MIT).
"""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema

from s3audit.finding import Finding, Report, Sheet
from s3audit.renderers import render
from tests.renderers.samples import everything, report, sheet

VALIDATOR = jsonschema.Draft202012Validator(
    json.loads(Path(__file__).with_name("sarif-2.1.0.json").read_text(encoding="utf-8"))
)
LINE_HASH = re.compile(r"[0-9a-f]{1,16}:[1-9][0-9]*")
RELATIVE = re.compile(r"(?!/)([A-Za-z0-9._~-]|%[0-9A-F]{2})+(/([A-Za-z0-9._~-]|%[0-9A-F]{2})+)*")


def run(given: Report, on: Sheet | None = None) -> dict[str, Any]:
    """The one run of the log, valid by the schema and by what GitHub asks beyond it."""
    log = json.loads(render("sarif", given, on or sheet()))
    VALIDATOR.validate(log)
    [run] = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({check.id for check in given.checks})
    for rule in rules:
        assert re.fullmatch(r"[0-9]\.[0-9]", rule["properties"].get("security-severity", "1.0"))
        assert len(rule["properties"]["tags"]) <= 10
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert LINE_HASH.fullmatch(result["partialFingerprints"]["primaryLocationLineHash"])
        [location] = result["locations"]
        for place in (location, *result.get("relatedLocations", ())):
            region = place["physicalLocation"]["region"]
            assert region["startLine"] == region["endLine"]
            assert 1 <= region["startColumn"] < region["endColumn"]
            assert RELATIVE.fullmatch(place["physicalLocation"]["artifactLocation"]["uri"])
    named: dict[str, Any] = run
    return named


def results(*findings: Finding, on: Sheet | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run(everything(report(findings)), on)["results"]
    return found


def region(line: int, start: int, end: int) -> dict[str, int]:
    return {"startLine": line, "startColumn": start, "endLine": line, "endColumn": end}
