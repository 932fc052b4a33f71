"""For pipelines and large accounts: what the JSON report says, the findings one a line after all the rest."""

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from msgspec.structs import asdict, replace

from s3audit.finding import Report, Sheet
from s3audit.renderers import contract, json, summary
from s3audit.renderers.encode import in_line


class ReportLine(msgspec.Struct, tag="report", tag_field="kind"):
    """The first line: all that the JSON report says but for its findings."""

    version: Annotated[str, Meta(pattern=r"^1\.[0-9]+$", description="The version of this schema.")]
    tool: contract.Tool
    inputs: list[contract.Input]
    problems: list[contract.Problem]
    summary: Annotated[
        contract.Summary, Meta(description="Counts; `shown` is how many lines follow this one.")
    ]
    ran: Annotated[list[str], Meta(description="The ids of the checks that were run.")]


class FindingLine(contract.Finding, tag="finding", tag_field="kind"):
    """Each other line: one check's answer about one subject."""


def pieces(report: Report, _: Sheet) -> Iterator[str]:
    rest = json.told(report, ())
    counts = replace(rest.summary, shown=summary.listed_count(report))
    yield f"{in_line(ReportLine(rest.version, rest.tool, rest.inputs, rest.problems, counts, rest.ran))}\n"
    titles = {check.id: check.title for check in report.checks}
    for finding in summary.listed(report):
        told = json.told_of(finding, titles.get(finding.check, ""))
        yield f"{in_line(FindingLine(**asdict(told)))}\n"


def schema() -> dict[str, Any]:
    """The JSON Schema of a line."""
    kinds, parts = msgspec.json.schema_components([ReportLine, FindingLine])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of a s3audit report",
        "oneOf": list(kinds),
        "$defs": parts,
    }
