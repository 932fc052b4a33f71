"""What someone who adds a check may have forgotten, each in a sentence that says what to do."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from s3audit import catalog
from s3audit import check as vocabulary
from s3audit.check import ALL, CLOUDFORMATION, LIVE, TERRAFORM, Check
from s3audit.explain import MARK, TOOLS, tidy
from s3audit.renderers.summary import fix_in
from s3audit.verdict import Severity
from tests.checks.examples import CHECKS, examples_of, run

ROOT = Path(__file__).parent.parent.parent
NEEDS = {
    value
    for name, value in vars(vocabulary).items()
    if name.isupper() and isinstance(value, str) and value not in ALL
}
IMPORTS = (
    "s3audit.check",
    "s3audit.intent",
    "s3audit.model",
    "s3audit.policy",
    "s3audit.setting",
    "s3audit.text",
    "s3audit.verdict",
)

every_check = pytest.mark.parametrize("check", CHECKS.values(), ids=list(CHECKS))


def file_of(check: Check) -> Path:
    return ROOT / "checks" / check.topic.replace("-", "_") / f"{check.name.replace('-', '_')}.py"


def test_there_are_checks() -> None:
    assert CHECKS, "no check was found: is checks/ beside s3audit/?"


def test_ids_and_aliases_are_unique() -> None:
    names = Counter(name for check in catalog.load() for name in (check.id, *check.aliases))
    twice = [name for name, count in names.items() if count > 1]
    assert not twice, f"two checks answer to {', '.join(twice)}: rename one, or drop the alias"


@every_check
def test_it_lies_where_its_id_says(check: Check) -> None:
    assert file_of(check).is_file(), f"{check.id} is expected in {file_of(check).relative_to(ROOT)}"
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", check.id), (
        f"{check.id}: an id has lower-case words with hyphens; rename the file"
    )


@every_check
def test_its_title_states_the_good_state(check: Check) -> None:
    title = check.title
    assert len(title) <= 90, f"{check.id}: the title has {len(title)} characters, and 90 fit: shorten it"
    assert not title.endswith((".", "?", "!")), f"{check.id}: the title ends without a mark: {title!r}"
    assert title[0].isupper(), f"{check.id}: the title begins with a capital letter: {title!r}"
    wishes = re.findall(r"\b(?:should|must|ensure|avoid|check that)\b", title, re.IGNORECASE)
    assert not wishes, f"{check.id}: the title says what is true when it passes, without {wishes}"


@every_check
def test_it_says_why_in_few_words(check: Check) -> None:
    sentences = re.findall(r"[.!?](?=\s|$)", check.why)
    assert 1 <= len(sentences) <= 4, (
        f"{check.id}: why it matters takes one to four sentences, and these are {len(sentences)}"
    )
    assert check.why[-1] == ".", f"{check.id}: the last sentence of why it matters ends with a dot"


@every_check
def test_its_severity_rule_names_its_severity(check: Check) -> None:
    rule = check.severity_rule
    assert rule.startswith(check.severity.label), (
        f"{check.id}: severity_rule begins with the usual severity: `{check.severity.label}: because ...`"
    )
    assert not rule.endswith("."), f"{check.id}: severity_rule ends without a dot: {rule!r}"


@every_check
def test_its_severity_rule_is_true_of_its_examples(check: Check, tmp_path: Path) -> None:
    named = {s for s in Severity if re.search(rf"\b{s.label}\b", check.severity_rule)}
    found = {
        finding.severity
        for example in examples_of(check)
        for finding in run(example, tmp_path).findings
        if finding.status == "fail"
    }
    silent, unproven = found - named, named - found
    assert not silent, f"{check.id}: severity_rule does not say when it is {_labels(silent)}"
    assert not unproven, f"{check.id}: no failing example is {_labels(unproven)}, as severity_rule promises"


def _labels(severities: set[Severity]) -> str:
    return " or ".join(s.label for s in sorted(severities))


@every_check
def test_it_needs_and_judges_what_there_is(check: Check) -> None:
    strange = sorted(set(check.needs) - NEEDS)
    assert not strange, f"{check.id}: needs {strange}, which s3audit.check does not know: {sorted(NEEDS)}"
    assert check.sources, f"{check.id}: name the sources that can tell: sources=ALL, or some of {ALL}"
    assert set(check.sources) <= set(ALL), f"{check.id}: a source is one of {ALL}"


@every_check
def test_its_equivalents_are_of_tools_that_are_known(check: Check) -> None:
    strange = sorted(set(check.peers) - set(TOOLS))
    assert not strange, f"{check.id}: {strange} is no tool in s3audit/explain.py; add it there or correct it"
    for tool, names in check.peers.items():
        assert isinstance(names, tuple), f"{check.id}: the names in {tool} are a tuple: ({names!r},)"
        assert names, f"{check.id}: {tool} has no names: leave it out"


@every_check
@pytest.mark.parametrize("source", ALL)
def test_it_has_a_fix_for_each_source(check: Check, source: str) -> None:
    word = {CLOUDFORMATION: "cloudformation", TERRAFORM: "terraform", LIVE: "cli"}[source]
    if source in check.sources:
        assert fix_in(check.fix, source) or check.fix.note, (
            f"{check.id}: it judges {source}, so its fix has a text for it: Fix({word}=...); where there is"
            " no way, note= says so"
        )


@every_check
def test_its_examples_are_readable(check: Check) -> None:
    for example in examples_of(check):
        assert example.text.startswith("# "), (
            f"{example.name}: the first line is a comment that says what the example shows"
        )
        assert "\t" not in example.text, f"{example.name}: indent with spaces"
        if example.kind == "passes":
            assert not example.marked, f"{example.name}: nothing is marked with `{MARK}` where it passes"
        else:
            assert example.marked, f"{example.name}: mark the line that the finding points to with `{MARK}`"


@every_check
def test_it_has_an_example_that_can_not_be_decided(check: Check) -> None:
    assert check.unsure, (
        f"{check.id}: unsure= shows an input that leaves it open, such as a parameter without a default"
    )


@every_check
def test_no_example_stands_there_twice(check: Check) -> None:
    twice = [text for text, count in Counter(e.text for e in examples_of(check)).items() if count > 1]
    assert not twice, f"{check.id} has the same example twice:\n{twice}"


@every_check
def test_what_it_yields_to_exists(check: Check) -> None:
    missing = [other for other in check.yields_to if other not in CHECKS]
    assert not missing, f"{check.id}: yields_to names {missing}, and there is no such check"
    assert check.id not in check.yields_to, f"{check.id} yields to itself"
    for other in set(check.yields_to) & set(CHECKS):
        same = CHECKS[other].subject is check.subject
        assert same, f"{check.id} yields to {other}, which judges another kind of resource"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "checks").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT))
)
def test_it_imports_what_a_check_may(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and not node.level:
            module = node.module or ""
            fine = not module.startswith("s3audit") or module.startswith(IMPORTS)
            assert fine, (
                f"{path.relative_to(ROOT)}:{node.lineno}: a check imports {', '.join(IMPORTS)}, not {module}"
            )
        if isinstance(node, ast.ImportFrom) and node.level:
            helpers = [alias.name for alias in node.names] if node.module is None else [node.module]
            assert node.level == 1, f"{path.relative_to(ROOT)}:{node.lineno}: helpers are those of the topic"
            assert all(name.startswith("_") for name in helpers), (
                f"{path.relative_to(ROOT)}:{node.lineno}: a helper's file name begins with an underscore"
            )


def test_every_python_file_in_checks_is_a_check_or_a_helper() -> None:
    known = {file_of(check) for check in CHECKS.values()}
    for path in (ROOT / "checks").rglob("*.py"):
        if not path.name.startswith("_"):
            assert path in known, (
                f"{path.relative_to(ROOT)} lies too deep or too high: checks/<topic>/<name>.py"
            )


def test_the_marks_of_an_example_survive_tidying() -> None:
    assert tidy("\n    # Shows.\n    A: 1 # <-\n    ") == "# Shows.\nA: 1 # <-\n"
