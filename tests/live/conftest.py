"""One server for all tests of a process, and a world for each."""

from collections.abc import Iterator

import pytest

from s3audit.collectors.live import access, run
from s3audit.demo.server import Server
from s3audit.demo.world import World


@pytest.fixture(scope="session")
def lasting() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture(scope="session")
def clients() -> access._Kept:
    """To make them takes longer than most scans."""
    return access._Kept()


@pytest.fixture
def fresh(lasting: Server, clients: access._Kept) -> Iterator[Server]:
    """The server with an empty world, which boto3 finds by itself; the clients are those of the test before."""
    lasting.world = World()
    # Not the one of the tests, which they may undo.
    with pytest.MonkeyPatch.context() as patch:
        for name, value in lasting.environment().items():
            patch.setenv(name, value)
        # Whoever has a server of his own has clients of his own.
        patch.setattr(access, "_KEPT", clients)
        patch.setattr(run, "forget", lambda: None)
        yield lasting
        if lasting.world.requests["sts:AssumeRole"]:
            access.forget()  # whoever was let in is a stranger in the next world
    assert lasting.broken == []
