"""The JSON report as other tools read it; `docs/report.schema.json` is made from these types."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from s3audit.finding import FindingStatus
from s3audit.problem import ProblemKind

VERSION = "1.0"

SeverityLabel = Literal["info", "low", "medium", "high", "critical"]
Count = Annotated[int, Meta(ge=0)]
Position = Annotated[int, Meta(ge=1)] | None
File = Annotated[str | None, Meta(description="A file as it was named, or an ARN; null if there is none.")]
Address = Annotated[
    str | None, Meta(description="`Resources.Logs.Properties.LoggingConfiguration`, `aws_s3_bucket.logs`.")
]


class Tool(msgspec.Struct):
    """What made the report."""

    name: Literal["s3audit"]
    version: str


class Input(msgspec.Struct):
    """One thing that was read."""

    source: Annotated[str, Meta(description="A file as it was named, or an ARN.")]
    kind: Annotated[str, Meta(description="`cloudformation`, `terraform`, `live`.")]
    resources: Annotated[Count, Meta(description="How many resources of S3 or around it were found in it.")]


class Problem(msgspec.Struct):
    """What kept us from looking. Line and column count code points from 1; null where there is none."""

    kind: ProblemKind
    message: Annotated[str, Meta(description="What, what was expected, and the way out.")]
    file: File
    line: Position
    column: Position
    address: Address


class Statuses(msgspec.Struct):
    """How many findings have each status, shown or not."""

    fail: Count
    error: Count
    unknown: Count
    suppressed: Count
    passed: Count = msgspec.field(name="pass")
    not_applicable: Count


class Severities(msgspec.Struct):
    """How many failing findings have each severity, shown or not."""

    critical: Count
    high: Count
    medium: Count
    low: Count
    info: Count


class Summary(msgspec.Struct):
    """The counts that add up to the whole."""

    status: Statuses
    severity: Severities
    threshold: Annotated[SeverityLabel, Meta(description="Findings below it are not shown.")]
    below_threshold: Annotated[Count, Meta(description="Failing findings that the threshold hides.")]
    shown: Annotated[Count, Meta(description="The length of `findings`.")]
    checks: Annotated[Count, Meta(description="How many checks there are.")]
    subjects: Annotated[Count, Meta(description="How many subjects were judged.")]
    resources: Annotated[Count, Meta(description="How many resources were found.")]


class Subject(msgspec.Struct):
    """What was judged."""

    type: str
    name: str
    address: Annotated[str, Meta(description="Its identity within the source.")]
    source: Annotated[str, Meta(description="The input it comes from.")]
    origin: (
        Annotated[str, Meta(description="What tells of it: `cloudformation`, `terraform` or `live`.")]
        | UnsetType
    ) = UNSET
    region: Annotated[str, Meta(description="The Region it is in, if it is live and in one.")] | UnsetType = (
        UNSET
    )


class Evidence(msgspec.Struct):
    """A place and what stands there; lines and columns count code points from 1, null where there is none."""

    file: File
    line: Position
    column: Position
    end_line: Position
    end_column: Position
    address: Address
    note: Annotated[str, Meta(description="What stands there, as a fact.")]
    call: Annotated[str, Meta(description="The API call that told it, if one did.")] | UnsetType = UNSET


class Accepted(msgspec.Struct):
    """What suppresses a finding: where it stands, and what it says."""

    file: File
    line: Position
    column: Position
    reason: str
    until: Annotated[str | None, Meta(description="The last day on which it counts, as in 2026-12-31.")]
    owner: str | None


class Finding(msgspec.Struct):
    """One check's answer about one subject."""

    check: Annotated[str, Meta(description="The id of the check.")]
    title: Annotated[str, Meta(description="What is true when the check passes.")]
    status: FindingStatus
    severity: SeverityLabel
    subject: Subject
    message: Annotated[str, Meta(description="What is the case, in a sentence or two.")]
    when: Annotated[list[str], Meta(description="The scenarios in which it holds; empty: always.")]
    evidence: Annotated[list[Evidence], Meta(description="The place to show first, then related places.")]
    fingerprint: Annotated[
        str, Meta(description="Check and subject as a hash, without line and message: the same in each run.")
    ]
    gave_way: (
        Annotated[
            FindingStatus, Meta(description="What the check says by itself, where another says it already.")
        ]
        | UnsetType
    ) = UNSET
    accepted: (
        Annotated[Accepted, Meta(description="What suppresses it, if it is suppressed.")] | UnsetType
    ) = UNSET


class Report(msgspec.Struct):
    """What one run of s3audit says. Within version 1, keys may be added; none is taken away or changes its meaning."""

    version: Annotated[str, Meta(pattern=r"^1\.[0-9]+$", description="The version of this schema.")]
    tool: Tool
    inputs: list[Input]
    problems: list[Problem]
    summary: Summary
    ran: Annotated[list[str], Meta(description="The ids of the checks that were run.")]
    findings: list[Finding]


def schema() -> dict[str, Any]:
    """The JSON Schema of the report, with what it may hold about frameworks."""
    from s3audit.renderers.matrix_contract import Report as Whole

    (whole,), parts = msgspec.json.schema_components([Whole])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "s3audit report",
        **whole,
        "$defs": parts,
    }
