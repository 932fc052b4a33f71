"""One server and its clients for all tests, and a world for each."""

from collections.abc import Iterator

import pytest

from s3audit.collectors.live.transport import BotoTransport, Transport
from s3audit.demo.server import Server
from s3audit.demo.world import REGION, World
from tests.live.context.scene import Scene


@pytest.fixture(scope="session")
def running() -> Iterator[tuple[Server, Transport]]:
    with Server() as server:
        yield server, BotoTransport(server.session(), endpoint_url=server.url, region=REGION, attempts=1)


@pytest.fixture
def scene(running: tuple[Server, Transport]) -> Scene:
    server, transport = running
    server.world = World()
    return Scene(server.world, transport)
