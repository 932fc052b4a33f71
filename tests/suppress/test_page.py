"""docs/suppressions.md: its examples are scanned, and do what it says."""

import re
from pathlib import Path

import pytest

from tests.cli.process import ROOT
from tests.suppress.scans import said, scan, suppressed

PAGE = (ROOT / "docs" / "suppressions.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```(hcl|yaml)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    ("number", "ids"),
    [
        (0, {"logging-enabled"}),
        (1, {"logging-enabled", "encryption-kms"}),
        (2, {"logging-enabled", "encryption-kms", "versioning-enabled"}),
    ],
)
def test_an_example(number: int, ids: set[str], tmp_path: Path) -> None:
    language, text = EXAMPLES[number]
    report = scan(tmp_path, {"main.tf" if language == "hcl" else "t.yaml": text})
    assert set(suppressed(report)) == ids
    assert said(report) == []


def test_there_is_no_other_example() -> None:
    assert len(EXAMPLES) == 3
