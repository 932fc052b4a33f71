"""Whatever goes wrong on the way into the accounts of an organization: nothing is made up, and it is said."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from s3audit.collectors.live import run
from s3audit.collectors.live.access import forget
from s3audit.collectors.live.transport import Patience
from s3audit.collectors.live.wanted import Wanted
from s3audit.demo import faults
from s3audit.demo.server import Server
from s3audit.demo.world import ACCOUNT, World
from tests.live.test_matrix import DOORS, FAULTS, Hit, Scan, made_up, scan

MEMBER = "222222222222"
CALLS = (*sorted(DOORS), "organizations:ListAccounts")
OF_ROLES = ("sts:AssumeRole", "sts:GetCallerIdentity")
"""Without these nobody knows whether a role is needed, or has one."""
WANTED = Wanted(
    organization=True,
    role_name="audit",
    needs=frozenset({"buckets"}),
    attempts=1,
    patience=Patience(rest=0),
)
HASTY = tuple(replace(WANTED, patience=Patience(read=seconds, rest=0)) for seconds in (0.5, 20))
"""The second is for a machine that is too busy for the first."""


@pytest.fixture(scope="module")
def organization() -> Iterator[Server]:
    """Two accounts with a bucket each, and clients that are kept from scan to scan."""
    world = World()
    world.account(MEMBER, audit="")
    world.bucket("own")
    world.bucket("other", account=MEMBER)
    members = [{"Id": number, "Name": number, "Status": "ACTIVE"} for number in (ACCOUNT, MEMBER)]
    world.tell("organizations:ListAccounts", {"Accounts": members})
    with pytest.MonkeyPatch.context() as patch, Server(world) as running:
        for name, value in running.environment().items():
            patch.setenv(name, value)
        patch.setattr(run, "forget", lambda: None)
        yield running
    forget()


def _without_regions(organization: Server) -> None:
    """So the Regions are asked for in both ways that there are."""
    organization.world.faults.clear()
    organization.world.faults.add(faults.denied(), "account:ListRegions")


@pytest.fixture(scope="module")
def before(organization: Server) -> Scan:
    _without_regions(organization)
    seen = scan(organization, WANTED)
    assert {address for address, _ in seen.findings} == {"arn:aws:s3:::own", "arn:aws:s3:::other"}
    return seen


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("call", CALLS)
def test_a_way_in_that_breaks_is_said(organization: Server, before: Scan, call: str, name: str) -> None:
    _without_regions(organization)
    organization.world.faults.add(FAULTS[name], call)
    if call == "sts:AssumeRole":
        forget()  # who was let in stays in
    tries = (scan(organization, wanted) for wanted in (HASTY if name == "silent" else (WANTED,)))
    now = next(now for now in tries if name != "silent" or now.missed <= {call, "account:ListRegions"})
    assert now.requests[call]
    assert list(made_up(before, now, {call: Hit(name)})) == []
    said = [problem.message for problem in now.found.problems]
    assert any(call in one or (call in OF_ROLES and "can't be assumed" in one) for one in said), said
    # What each account has is told as before, where anybody gets into it.
    if call != "sts:GetCallerIdentity":
        assert "arn:aws:s3:::own" in {address for address, _ in now.findings}
