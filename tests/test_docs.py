"""The pages about the checks are what the checks say now."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import s3audit.checks
from s3audit import catalog, docs
from s3audit.check import CLOUDFORMATION, TERRAFORM
from s3audit.explain import explain
from tests.checks.examples import CHECKS, examples_of, run
from tests.checks.fixes import objection

ROOT = Path(__file__).parent.parent


def test_the_pages_are_up_to_date() -> None:
    changed = docs.stale(docs.pages(catalog.load()))
    assert not changed, f"{', '.join(changed)} out of date: run `make docs` and commit what it writes"


def test_the_table_of_topics_is_up_to_date() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert docs.readme(text, catalog.load()) == text, "out of date: run `make docs` and commit what it writes"
    topics = {check.topic for check in CHECKS.values()}
    assert text.count("](docs/checks.md#") >= len(topics) > 10


def test_the_index_is_found_by_the_names_of_other_tools() -> None:
    index = docs.pages(catalog.load())["checks.md"]
    assert "| `CKV_AWS_18` | Checkov | [logging-enabled](checks/logging-enabled.md) |" in index


def test_writing_puts_right_what_is_stale(tmp_path: Path) -> None:
    wanted = docs.pages(catalog.load())
    docs.write(wanted, tmp_path)
    assert docs.stale(wanted, tmp_path) == []
    (tmp_path / "checks.md").write_text("old")
    (tmp_path / "checks" / "logging-loop.md").unlink()
    (tmp_path / "checks" / "no-such-check.md").write_text("old")
    assert docs.stale(wanted, tmp_path) == ["checks.md", "checks/logging-loop.md", "checks/no-such-check.md"]
    docs.write(wanted, tmp_path)
    assert docs.stale(wanted, tmp_path) == []


def test_the_index_leads_to_every_page() -> None:
    wanted = docs.pages(catalog.load())
    for check in CHECKS.values():
        assert f"(checks/{check.id}.md)" in wanted["checks.md"]
        assert f"checks/{check.id}.md" in wanted


@pytest.mark.parametrize("check_id", CHECKS)
def test_a_page_has_all_that_is_said_about_a_check(check_id: str) -> None:
    check = CHECKS[check_id]
    page = docs.pages([check])[f"checks/{check_id}.md"]
    assert page.startswith(f"# {check_id}\n")
    for part in (
        check.title,
        check.why,
        check.severity_rule,
        *(n for names in check.peers.values() for n in names),
    ):
        assert part in page
    examples = len(check.passes) + len(check.fails) + len(check.unsure)
    assert sum(page.count(f"```{language}") for language in ("yaml", "json", "hcl")) >= examples
    assert page.count("```") % 2 == 0


@pytest.mark.parametrize("check_id", CHECKS)
def test_an_explanation_fits_a_terminal(check_id: str) -> None:
    check = CHECKS[check_id]
    plain = explain(check)
    assert plain.splitlines()[0] == f"{check_id}: {check.title}."
    assert "\x1b" not in plain
    assert max(map(len, plain.splitlines())) <= 120
    for heading in ("Fails", "Passes", "Fix: "):
        assert f"\n\n{heading}" in plain
    colored = explain(check, color=True)
    assert "\x1b[1m" in colored
    assert _without_color(colored) == plain


def _without_color(text: str) -> str:
    return re.sub(r"\x1b\[\d*m", "", text)


@pytest.fixture
def written_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The check of CONTRIBUTING.md, written where a newcomer would put it."""
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    place = tmp_path / "naming" / "dots.py"
    place.parent.mkdir()
    place.write_text(code, encoding="utf-8")
    monkeypatch.setattr(s3audit.checks, "__path__", [*s3audit.checks.__path__, str(tmp_path)])
    before = set(sys.modules)
    yield "naming-dots"
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_the_check_in_the_guide_for_contributors_works(written_check: str, tmp_path: Path) -> None:
    [check] = [check for check in catalog.load() if check.id == written_check]
    statuses = {"passes": "pass", "fails": "fail", "unsure": "unknown"}
    for example in examples_of(check):
        report = run(example, tmp_path)
        found = {finding.status for finding in report.findings}
        assert found <= {statuses[example.kind], "not_applicable"}, example.text
        assert example.kind == "passes" or statuses[example.kind] in found, example.text
        judged = (finding for finding in report.findings if finding.status != "not_applicable")
        lines = {e.at.line for finding in judged for e in finding.evidence}
        assert example.kind == "passes" or lines == example.marked
    assert [objection(check, language, tmp_path) for language in (CLOUDFORMATION, TERRAFORM)] == ["", ""]
    assert explain(check)
    assert docs.pages([check])
