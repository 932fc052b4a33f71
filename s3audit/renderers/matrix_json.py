"""For other tools: the JSON report, with what it comes to by requirement."""

from collections.abc import Collection, Sequence

from msgspec import UNSET
from msgspec.structs import asdict

from s3audit.finding import Report, Sheet
from s3audit.frameworks.matrix import Cell, Counts, Matrix, Row
from s3audit.renderers import json
from s3audit.renderers import matrix_contract as contract
from s3audit.renderers.encode import encode


def render(report: Report, _: Sheet, matrices: Sequence[Matrix]) -> str:
    plain = json.told(report, report.shown)
    listed = {finding.fingerprint for finding in plain.findings}
    return encode(
        contract.Report(**asdict(plain), frameworks=[_framework(matrix, listed) for matrix in matrices])
    )


def _framework(matrix: Matrix, listed: Collection[str]) -> contract.Framework:
    framework, found = matrix.framework, matrix.totals()
    return contract.Framework(
        id=framework.id,
        title=framework.title,
        version=framework.version,
        publisher=framework.publisher,
        note=framework.note,
        answers=contract.Answers(
            fail=found["fail"],
            unknown=found["unknown"],
            suppressed=found["suppressed"],
            in_part=found["in_part"],
            passed=found["pass"],
            not_applicable=found["not_applicable"],
            manual=found["manual"],
        ),
        requirements=[_requirement(row, listed) for row in matrix.rows],
    )


def _requirement(row: Row, listed: Collection[str]) -> contract.Requirement:
    asked = row.requirement
    return contract.Requirement(
        id=asked.id,
        title=asked.title,
        answer=row.answer,
        subjects=_states(row.counts),
        checks=[_check(cell, listed) for cell in row.cells],
        why=row.open,
        manual=asked.manual,
        differs=asked.differs,
        basis=asked.basis,
        unsure=asked.unsure,
    )


def _check(cell: Cell, listed: Collection[str]) -> contract.AskedCheck:
    found = dict.fromkeys(finding.fingerprint for finding in cell.findings)
    return contract.AskedCheck(
        check=cell.check,
        role="supports" if cell.supports else "decides",
        ran=cell.ran,
        subjects=_states(cell.counts),
        findings=[fingerprint for fingerprint in found if fingerprint in listed],
        weak=cell.weak or UNSET,
    )


def _states(found: Counts) -> contract.States:
    return contract.States(
        fail=found.fail,
        unknown=found.unknown,
        suppressed=found.suppressed,
        passed=found.passed,
        not_applicable=found.not_applicable,
    )
