"""Every example of every check that a live account can express is judged alike when it is collected live."""

from collections import Counter
from collections.abc import Iterator, Mapping

import pytest

from s3audit.accounts import judge_seen
from s3audit.check import CLOUDFORMATION, LIVE
from s3audit.collectors.live import run
from s3audit.collectors.live.access import forget
from s3audit.collectors.live.gather import gathered
from s3audit.collectors.live.wanted import Wanted
from s3audit.demo.server import Server
from s3audit.demo.world import World
from s3audit.engine import judge
from s3audit.finding import Finding
from s3audit.model.account import Account
from s3audit.model.expectation import Expectation
from s3audit.model.identity import Role
from s3audit.model.world import Plain
from tests.checks.examples import CHECKS
from tests.live.emit.estate import emit
from tests.live.emit.form import Left
from tests.terraform.emit.scenes import Scene, scenes_of

LIVE_CHECKS = [check for check in CHECKS.values() if LIVE in check.sources]
SCENES = {scene.name: scene for check in LIVE_CHECKS for scene in scenes_of(check)}
WANTED = Wanted(needs=frozenset(need for check in LIVE_CHECKS for need in check.needs), attempts=2)
Verdicts = dict[tuple[str, str], str]
"""By check and the address of what was judged: the status, and how grave a failure is."""
ONLY_LIVE = frozenset({"versioning-mfa-delete"})
"""No template can say it, so that it does not apply there."""
NOT_IN_TEMPLATES = frozenset(check.id for check in LIVE_CHECKS if CLOUDFORMATION not in check.sources)
"""CloudFormation has no word for what they judge."""
LESS_TOLD = frozenset(
    {
        "access-abac-tagging-restricted",
        "monitoring-metadata-table",
        "monitoring-policy-change-alarm",
        "object-lambda-bypass",
        "object-lock-governance-bypass",
        "presigned-signer-scope",
    }
)
"""Identities of an account are not listed, so that it may be open live what a template tells; nor does S3 tell how it
encrypts the tables of metadata, and alarms are read in Regions with buckets only."""
OF_LESS = frozenset({"access-abac-tag-conditions-effective"})
"""For the same reason it speaks of the policies that were read only."""
OF_ROLES = frozenset(check.id for check in LIVE_CHECKS if check.subject is Role)
"""Of the roles of an account only those are read that something else names."""
OF_ACCOUNTS = frozenset(
    check.id for check in LIVE_CHECKS if Account in check.subjects and CLOUDFORMATION in check.sources
)
"""What an account does not have is told of the account, which no template tells of."""
OF_TRAILS = frozenset({"monitoring-object-read-events", "monitoring-object-write-events"})
"""A template without a trail says nothing of those that the account has; a live account that has none is told."""
GRAVER_LIVE = frozenset(
    {
        "access-point-mrap-replication",
        "access-bucket-public-access-block",
        "cloudfront-log-bucket-acl",
        "website-hosting",
    }
)
"""A bucket may be from before there was a default, which a template does not tell; nor does it tell routes."""
ON_AGE = frozenset({"access-public-read", "access-public-write"})
"""Whether the public gets in hangs on the age of a bucket of which nobody sets the block: live it is known."""
ABOUT_PUBLIC = frozenset({"access-latent-public", "logging-target-private"})
"""These say so, too."""
OF_NAMES = frozenset({"naming-dots", "naming-sensitive"})
"""What a template leaves to whoever deploys it has some name in an account."""
CLOSED_LIVE = frozenset({"website-without-cdn"})
"""What may be declared elsewhere in a template is there in an account, or it is not."""
UNTOLD = "a template does not tell it"
REFUSED = "S3 refuses it"
LEFT = {REFUSED: 9, UNTOLD: 22}
"""How many examples that pass or fail can't be made into an account, and why."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One server whose clients are kept from scene to scene."""
    with pytest.MonkeyPatch.context() as patch, Server() as running:
        for name, value in running.environment().items():
            patch.setenv(name, value)
        patch.setattr(run, "forget", lambda: None)
        yield running
    forget()


def _verdicts(findings: list[Finding], names: Mapping[str, str]) -> Verdicts:
    found = {}
    for one in findings:
        is_graded = one.status == "fail" and one.check not in GRAVER_LIVE
        said = f"{one.status}, {one.severity.name}" if is_graded else one.status
        found[one.check, names.get(one.subject.address, one.subject.address)] = said
    return found


def _expected(scene: Scene, arns: Mapping[str, str]) -> Verdicts:
    findings, problems = judge(Plain("x", "x", scene.estate), LIVE_CHECKS)
    assert problems == []
    return _verdicts(findings, arns)


def _live(expectations: tuple[Expectation, ...]) -> Verdicts:
    found = gathered(run.look(WANTED))
    findings: list[Finding] = []
    assert judge_seen(found, LIVE_CHECKS, findings, expectations) == []
    return _verdicts(findings, {})


def _why(left: Left) -> str:
    return REFUSED if left.why.startswith(("S3 refuses it", "S3 demands")) else UNTOLD


@pytest.mark.parametrize("name", SCENES)
def test_an_example_is_judged_alike(server: Server, name: str) -> None:
    scene = SCENES[name]
    server.world = World()
    emitted = emit(scene.estate, server)
    if emitted.left:
        pytest.skip(emitted.left[0].why)
    expected, found = _expected(scene, emitted.arns), _live(scene.estate.expectations)
    expected = {key: said for key, said in expected.items() if key[0] not in OF_ROLES or key in found}
    is_template = any(one.origin == CLOUDFORMATION for one in scene.estate.resources)
    left_out = ONLY_LIVE | (NOT_IN_TEMPLATES if is_template else frozenset())
    only = {
        key
        for key in found
        if key[0] in left_out
        or (key[0] in LESS_TOLD and found[key] == "unknown" != expected.get(key))
        or (key[0] in OF_LESS and found[key] == "pass" and expected.get(key, "").startswith("fail"))
        or (key[0] in OF_ROLES | OF_ACCOUNTS and key not in expected)
        or (key[0] in OF_TRAILS and expected.get(key) == "not_applicable")
        or (key[0] in OF_NAMES | CLOSED_LIVE and expected.get(key) == "unknown")
        or _hangs_on_age(key, expected)
    }
    assert {key: found[key] for key in found.keys() - only} == {
        key: expected[key] for key in expected.keys() - only
    }
    # An account is nothing that a template tells of.
    assert expected.keys() <= found.keys()
    assert {check for check, _ in found.keys() - expected.keys()} <= NOT_IN_TEMPLATES | OF_ROLES | OF_ACCOUNTS


def _hangs_on_age(key: tuple[str, str], expected: Verdicts) -> bool:
    """Whether live it is known what the template leaves open, which others may give way to then."""
    check, subject = key
    is_about_it = bool(ON_AGE & {check, *CHECKS[check].yields_to}) or check in ABOUT_PUBLIC
    return is_about_it and any(expected.get((one, subject)) == "unknown" for one in ON_AGE)


def test_what_a_live_account_can_not_be_made_to_say_is_counted(server: Server) -> None:
    left: Counter[str] = Counter()
    for scene in SCENES.values():
        server.world = World()
        emitted = emit(scene.estate, server)
        # What nobody is sure of hangs as a rule on what a template does not tell.
        if emitted.left and "-unsure-" not in scene.name:
            left[_why(emitted.left[0])] += 1
        elif emitted.left:
            assert {_why(one) for one in emitted.left} <= {UNTOLD, REFUSED}
    assert left == LEFT
    assert len(SCENES) > 100
