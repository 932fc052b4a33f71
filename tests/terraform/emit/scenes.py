"""The examples of the checks, and some with more in them, as estates that CloudFormation tells."""

import random
from collections.abc import Iterator, Mapping, Sequence
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
from tests.checks.examples import CHECKS, examples_of, expectations
from tests.terraform.emit.compare import Comparison

OPTIONS = Options({}, False, 10_000_000, lambda _: None)
RICH = sorted((Path(__file__).parent / "rich").glob("*.yaml"))

MOST_ASKED = 25
"""Of an example its own check is asked, and so many others; of the richer templates all are."""

_JUDGING = [check for check in CHECKS.values() if {CLOUDFORMATION, TERRAFORM} <= set(check.sources)]
"""Those that ask something which both can express."""


HANGS_ON_WHOSE = frozenset(
    {
        "access-point-delegation-scope",
        "cloudfront-dangling-bucket-origin",
        "encryption-kms-key-full-arn",
        "encryption-policy-contradicts-default",
        "logging-target-deny-blocks-delivery",
        "logging-target-permission",
        "policy-wildcard-action",
        "replication-kms-destination-encrypt",
        "replication-kms-source-decrypt",
    }
)
"""Checks that go by the account and the Region of something, which one source may tell and another may not.

Where a part of an ARN is known only after apply they may leave open, or decide, what the template does not; they never
turn a verdict round.
"""
NO_WORDS = frozenset(
    {
        "encryption-kms-key-rotation-passes-2",
        "encryption-kms-key-rotation-unsure-2",
        "encryption-kms-key-usable-unsure-2",
        "template-force-destroy-fails-4",
    }
)
"""Examples with what is not written here: a key in another Region by its ARN, one whose material is brought, and the
DeletionPolicy that only CloudFormation has."""


class Scene(NamedTuple):
    name: str
    estate: Estate
    check: str = ""
    """Whose example it is."""

    @property
    def asked(self) -> list[Check]:
        """The checks that must say the same of it."""
        if not self.check or len(_JUDGING) <= MOST_ASKED:
            return _JUDGING
        others = random.Random(self.name).sample(_JUDGING, MOST_ASKED)
        return [check for check in _JUDGING if check.id == self.check or check in others]


def scenes_of(check: Check) -> Iterator[Scene]:
    """Each example in each of its scenarios."""
    for example in examples_of(check):
        if example.file.endswith(".yaml") and example.name not in NO_WORDS:
            yield from scenes_in(example.name, example.text, check.id)


@cache
def _estates(text: str) -> list[Estate]:
    (world,) = cloudformation.collect([File("example.yaml", text.encode())], OPTIONS).worlds
    cases = {case.when: case.estate for one in world.estate.resources for case in world.cases(one.address)}
    for estate in cases.values():
        estate.expectations = expectations(text)
    return list(cases.values())


def scenes_in(name: str, text: str, check: str = "") -> Iterator[Scene]:
    for number, estate in enumerate(_estates(text), 1):
        yield Scene(f"{name}, scenario {number}", estate, check)


Verdict = tuple[str, Severity | None]
Verdicts = dict[tuple[str, str], Verdict]


def _verdicts(estate: Estate, checks: Sequence[Check], names: Mapping[str, str]) -> Verdicts:
    """What checks say of every subject, and how grave a failure is."""
    findings, problems = judge(Plain("x", "x", estate), checks)
    assert problems == []
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


def _gives_way_no_more(key: tuple[str, str], found: Verdicts) -> bool:
    """Whether what a check would give way to is left open."""
    check, subject = key
    others = (found.get((one, subject)) for one in CHECKS[check].yields_to)
    return any(one is not None and one[0] == "unknown" for one in others)


def disagreements(comparison: Comparison, checks: Sequence[Check]) -> list[str]:
    """What two estates do not say alike, and what checks do not say alike of them."""
    wrong = [str(difference) for difference in comparison.run()]
    expected = _verdicts(comparison.expected, checks, comparison.addresses)
    comparison.found.expectations = comparison.expected.expectations
    found = _verdicts(comparison.found, checks, {})
    for key in sorted(expected.keys() | found.keys()):
        one, other = expected.get(key), found.get(key)
        is_open = _is_left_open(one, other) or _gives_way_no_more(key, found)
        may_be = bool(comparison.not_told) or key[0] in HANGS_ON_WHOSE
        if one != other and not (may_be and (is_open or one == ("unknown", None))):
            wrong += [f"{' of '.join(key)}: expected {one}, found {other}"]
    return wrong
