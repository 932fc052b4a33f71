"""Folders of templates that are scanned as a user scans them: what the tests of several files share."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import msgspec

from s3audit import scan
from s3audit.collectors.cloudformation import collect
from s3audit.collectors.documents.files import File, Options
from s3audit.finding import Finding, Report
from s3audit.location import Location
from s3audit.model.document import Array, Leaf, Object
from s3audit.model.estate import Estate
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Text


class Project:
    """A folder, which is the current one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, files: Mapping[str, str]) -> None:
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(content).lstrip("\n"), encoding="utf-8")

    def scan(
        self,
        *paths: str,
        select: Sequence[str] = ("versioning-enabled",),
        parameters: Mapping[str, str] | None = None,
        all_scenarios: bool = False,
    ) -> Report:
        return scan(paths or (".",), select=select, parameters=parameters, all_scenarios=all_scenarios)

    def estates(self, *names: str, parameters: Mapping[str, str] | None = None) -> dict[str, Estate]:
        """The estate of each world in these files, as the collector makes it."""
        files = [File(name, (self.folder / name).read_bytes(), name) for name in names]
        options = Options(parameters or {}, False, 10_000_000, self._fetch)
        return {world.source: world.estate for world in collect(files, options).worlds}

    def estate(self, name: str, parameters: Mapping[str, str] | None = None) -> Estate:
        return self.estates(name, parameters=parameters)[name]

    def _fetch(self, path: str) -> File | None:
        found = self.folder / path
        return File(path, found.read_bytes(), path) if found.is_file() else None


def told(value: object) -> Any:
    """A part of the model without its places: texts, lists and dicts; `?why` for what is not told."""
    match value:
        case Known(inner) | Unset(inner):
            return told(inner)
        case Unknown(why):
            return f"?{why}"
        case Text():
            return str(value)
        case tuple():
            return [told(item) for item in value]
        case Object(members):
            return {member.name: told(member.value) for member in members}
        case Array(items):
            return [told(item) for item in items]
        case Leaf(inner):
            return told(inner)
        case msgspec.Struct():
            fields = {name: getattr(value, name) for name in value.__struct_fields__ if name != "at"}
            return {name: told(field) for name, field in fields.items()}
        case _:
            return value


def statuses(report: Report) -> dict[str, str]:
    """The status of each subject, by its address."""
    found = {finding.subject.address: finding.status for finding in report.findings}
    assert len(found) == len(report.findings), "a subject was judged twice"
    return dict(found)


def only(report: Report) -> Finding:
    """The one finding of a report."""
    assert len(report.findings) == 1, report.findings
    return report.findings[0]


def said(report: Report) -> list[str]:
    """Each problem with its place."""
    return [f"{problem.at}: {problem.message}" for problem in report.problems]


def place(at: Location) -> tuple[str, int, int, int, int]:
    return at.source, at.line, at.column, at.end_line, at.end_column


SAM = "Transform: AWS::Serverless-2016-10-31\n"


def serverless(text: str) -> str:
    """A SAM template of these sections."""
    return SAM + dedent(text).lstrip("\n")


NESTED = "Resources.Inner.Resources.Data"
"""The bucket of `CHILD` in the stack that `nesting` makes."""
CHILD = """
    Parameters:
      Status: {Type: String}
    Resources:
      Data:
        Type: AWS::S3::Bucket
        Properties:
          VersioningConfiguration:
            Status: !Ref Status
    """
CHILD_WITH_DEFAULT = CHILD.replace("{Type: String}", "{Type: String, Default: Suspended}")


def nesting(url: str, *, name: str = "Inner", **parameters: str) -> str:
    """A template with one nested stack; what is added to it are more of its resources."""
    lines = [
        "Resources:",
        f"  {name}:",
        "    Type: AWS::CloudFormation::Stack",
        "    Properties:",
        f"      TemplateURL: {url}",
    ]
    if parameters:
        lines.append("      Parameters:")
    return "\n".join([*lines, *(f"        {key}: {value}" for key, value in parameters.items()), ""])


def more(resources: str) -> str:
    """Resources to be added at the end of a template."""
    return indent(dedent(resources), "  ")
