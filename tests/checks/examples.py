"""The examples of every check, as the tests run them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import s3audit
from s3audit import catalog
from s3audit.check import Check
from s3audit.config import parsed
from s3audit.explain import MARK, intent, is_terraform, tidy
from s3audit.finding import Finding, Report
from s3audit.model.expectation import Expectation

CONFIG = ".s3audit.toml"
CHECKS = {check.id: check for check in catalog.load()}


class Example(NamedTuple):
    check: str
    kind: str
    """passes, fails or unsure."""
    number: int
    text: str

    @property
    def name(self) -> str:
        return f"{self.check}-{self.kind}-{self.number}"

    @property
    def file(self) -> str:
        return "example.tf" if is_terraform(self.text) else "example.yaml"

    @property
    def expectations(self) -> tuple[Expectation, ...]:
        """What its configuration says, if it has one."""
        return expectations(self.text)

    @property
    def marked(self) -> set[int]:
        """The lines that the evidence has to point to."""
        return {n for n, line in enumerate(self.text.splitlines(), 1) if line.endswith(MARK)}


def examples_of(check: Check) -> Iterator[Example]:
    for kind in ("passes", "fails", "unsure"):
        for number, text in enumerate(getattr(check, kind), 1):
            yield Example(check.id, kind, number, tidy(text))


EXAMPLES = {example.name: example for check in CHECKS.values() for example in examples_of(check)}


def run(example: Example, folder: Path) -> Report:
    """What the example's own check says about it, through the door that everybody uses."""
    file = folder / example.file
    file.write_text(example.text, encoding="utf-8")
    config = folder / CONFIG
    config.write_text(intent(example.text), encoding="utf-8")
    return s3audit.scan([file], select=[example.check], severity="info", config=config)


def expectations(text: str) -> tuple[Expectation, ...]:
    """What the configuration in a text says, if it has one."""
    return parsed(intent(text).encode(), CONFIG).expectations if intent(text) else ()


def told(findings: Sequence[Finding]) -> str:
    """The findings as a failing test shows them."""
    return "\n".join(
        f"{f.status} {f.subject.name}: {f.message} (lines {sorted({e.at.line for e in f.evidence})})"
        for f in findings
    )
