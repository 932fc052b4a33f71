"""The examples of every check, as the tests run them."""

from pathlib import Path

from s3audit import catalog, exam
from s3audit.exam import CONFIG, Example, examples_of, expectations, told
from s3audit.finding import Report
from s3audit.library import Library

__all__ = ["CHECKS", "CONFIG", "EXAMPLES", "Example", "examples_of", "expectations", "run", "told"]

CHECKS = {check.id: check for check in catalog.load()}
KNOWN = Library(catalog.load())
EXAMPLES = {example.name: example for check in CHECKS.values() for example in examples_of(check)}


def run(example: Example, folder: Path) -> Report:
    """What the example's own check says about it, through the door that everybody uses."""
    return exam.run(example, KNOWN, str(folder))
