"""The examples of the checks, and some with more in them, as estates that CloudFormation tells."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from s3audit.check import CLOUDFORMATION, TERRAFORM, Check
from s3audit.collectors import cloudformation
from s3audit.collectors.documents.files import File, Options
from s3audit.engine import judge
from s3audit.model.estate import Estate
from s3audit.model.world import Plain
from s3audit.verdict import Severity
from tests.checks.examples import CHECKS, examples_of
from tests.terraform.emit.compare import Comparison
from tests.terraform.emit.differences import NOT_TOLD

OPTIONS = Options({}, False, 10_000_000, lambda _: None)
RICH = sorted((Path(__file__).parent / "rich").glob("*.yaml"))

_JUDGING = [check for check in CHECKS.values() if {CLOUDFORMATION, TERRAFORM} <= set(check.sources)]
"""Those that ask something which both can express."""


class Scene(NamedTuple):
    name: str
    estate: Estate


def scenes_of(check: Check) -> Iterator[Scene]:
    """Each example in each of its scenarios."""
    for example in examples_of(check):
        if example.file.endswith(".yaml"):
            yield from scenes_in(example.name, example.text)


@cache
def _estates(text: str) -> list[Estate]:
    (world,) = cloudformation.collect([File("example.yaml", text.encode())], OPTIONS).worlds
    cases = {case.when: case.estate for one in world.estate.resources for case in world.cases(one.address)}
    return list(cases.values())


def scenes_in(name: str, text: str) -> Iterator[Scene]:
    for number, estate in enumerate(_estates(text), 1):
        yield Scene(f"{name}, scenario {number}", estate)


Verdict = tuple[str, Severity | None]
Verdicts = dict[tuple[str, str], Verdict]


def verdicts(estate: Estate, addresses: Mapping[str, str] | None = None) -> Verdicts:
    """What every check says of every subject, and how grave a failure is."""
    findings, problems = judge(Plain("x", "x", estate), _JUDGING)
    assert problems == []
    names = addresses or {}
    return {
        (found.check, names.get(found.subject.address, found.subject.address)): (
            found.status,
            found.severity if found.status == "fail" else None,
        )
        for found in findings
    }


def _is_left_open(expected: Verdict | None, found: Verdict | None) -> bool:
    """A failure remains one, but how grave it is may hang on what is not told."""
    return found is not None and (found[0] == "unknown" or (expected is not None and expected[0] == found[0]))


def disagreements(comparison: Comparison) -> list[str]:
    """What two estates do not say alike, and what checks do not say alike of them."""
    wrong = [str(difference) for difference in comparison.run()]
    expected = verdicts(comparison.expected, comparison.addresses)
    found = verdicts(comparison.found)
    for key in sorted(expected.keys() | found.keys()):
        one, other = expected.get(key), found.get(key)
        if one != other and not (NOT_TOLD in comparison.reasons and _is_left_open(one, other)):
            wrong += [f"{' of '.join(key)}: expected {one}, found {other}"]
    return wrong
