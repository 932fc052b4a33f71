"""Whatever goes wrong on the way into the accounts of an organization: nothing is made up, and it is said."""

from collections.abc import Iterator

import pytest

from s3audit.collectors.live import transport
from s3audit.collectors.live.access import forget
from s3audit.collectors.live.wanted import Wanted
from s3audit.demo import faults
from s3audit.demo.server import Server
from s3audit.demo.world import ACCOUNT, World
from tests.live.test_matrix import DOORS, FAULTS, made_up, scan

MEMBER = "222222222222"
CALLS = (*sorted(DOORS), "organizations:ListAccounts")
OF_ROLES = ("sts:AssumeRole", "sts:GetCallerIdentity")
"""Without these nobody knows whether a role is needed, or has one."""


@pytest.fixture
def organization(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Two accounts with a bucket each, and clients of its own for each scan: who is let in is kept with them."""
    world = World()
    world.account(MEMBER, audit="")
    world.bucket("own")
    world.bucket("other", account=MEMBER)
    members = [{"Id": number, "Name": number, "Status": "ACTIVE"} for number in (ACCOUNT, MEMBER)]
    world.tell("organizations:ListAccounts", {"Accounts": members})
    world.faults.add(faults.denied(), "account:ListRegions")
    with Server(world) as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running
    forget()


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("call", CALLS)
def test_a_way_in_that_breaks_is_said(
    organization: Server, monkeypatch: pytest.MonkeyPatch, call: str, name: str
) -> None:
    if name == "silent":
        monkeypatch.setattr(transport, "READ_SECONDS", 1)
    wanted = Wanted(organization=True, role_name="audit", needs=frozenset({"buckets"}), attempts=1)
    before = scan(organization, wanted)
    assert {address for address, _ in before.findings} == {"arn:aws:s3:::own", "arn:aws:s3:::other"}
    organization.world.faults.add(FAULTS[name], call)
    now = scan(organization, wanted)
    assert now.requests[call]
    assert list(made_up(before, now, {call}, name)) == []
    said = [problem.message for problem in now.found.problems]
    assert any(call in one or (call in OF_ROLES and "can't be assumed" in one) for one in said), said
    # What each account has is told as before, where anybody gets into it.
    if call != "sts:GetCallerIdentity":
        assert "arn:aws:s3:::own" in {address for address, _ in now.findings}
