"""Every example of every check, through the real collectors: the verdict, the lines it points to, what it says."""

from pathlib import Path

import pytest

from s3audit.exam import faults
from tests.checks.examples import EXAMPLES, run


@pytest.mark.parametrize("name", EXAMPLES)
def test_example(name: str, tmp_path: Path) -> None:
    example = EXAMPLES[name]
    wrong = list(faults(example, run(example, tmp_path)))
    assert not wrong, f"{name}: {wrong[0]}"
