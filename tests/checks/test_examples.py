"""Every example of every check, through the real collectors: the verdict, and the lines it points to."""

from pathlib import Path

import pytest

from tests.checks.examples import EXAMPLES, run, told

WANTED = {"passes": "pass", "fails": "fail", "unsure": "unknown"}
ALLOWED = {
    "passes": {"pass", "not_applicable"},
    "fails": {"fail", "pass", "not_applicable"},
    "unsure": {"unknown", "pass", "not_applicable"},
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_example(name: str, tmp_path: Path) -> None:
    example = EXAMPLES[name]
    report = run(example, tmp_path)
    findings = report.findings
    assert not report.problems, f"{name} can't be read: {report.problems[0].message}"
    wanted = WANTED[example.kind]
    found = {f.status for f in findings}
    assert wanted in found, f"{name} has no subject with the status {wanted}:\n{told(findings)}"
    assert found <= ALLOWED[example.kind], f"{name} has others too:\n{told(findings)}"
    if example.kind != "passes":
        lines = {e.at.line for f in findings if f.status == wanted for e in f.evidence}
        assert lines == example.marked, (
            f"{name}: the evidence points to the lines {sorted(lines)}, and {sorted(example.marked)} end with"
            f" `# <-`:\n{told(findings)}"
        )


@pytest.mark.parametrize("name", [name for name, example in EXAMPLES.items() if example.kind != "passes"])
def test_every_finding_says_what_is_the_case(name: str, tmp_path: Path) -> None:
    for finding in run(EXAMPLES[name], tmp_path).findings:
        assert finding.evidence, f"{name}: a finding without evidence shows nothing"
        notes = [evidence.note for evidence in finding.evidence]
        assert all(notes), f"{name}: evidence without a note: {notes}"
        for note in notes:
            assert not note.endswith("."), f"{name}: a note is no sentence, it ends without a dot: {note}"
            assert len(note) < 200, f"{name}: a note is short: {note}"
        assert all(e.at.source for e in finding.evidence), f"{name}: evidence has a place"
