"""A world for each test on one server, and what a scan sees of it."""

from collections.abc import Callable, Iterator

import pytest

from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.reading import Read, Reader
from s3audit.collectors.live.transport import BotoTransport
from s3audit.demo.server import Server
from s3audit.demo.world import World

REGION = "eu-west-1"
Look = Callable[..., Read]


@pytest.fixture(scope="module")
def _running() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture(scope="module")
def _transport(_running: Server) -> BotoTransport:
    return transport_to(_running)


def transport_to(server: Server) -> BotoTransport:
    return BotoTransport(server.session(), endpoint_url=server.url, region=REGION, attempts=1)


@pytest.fixture
def server(_running: Server) -> Server:
    _running.world = World()
    return _running


@pytest.fixture
def asker(server: Server, _transport: BotoTransport) -> Asker:
    return Asker(_transport)


@pytest.fixture
def place() -> Place:
    return Place("123456789012", regions=(REGION,))


@pytest.fixture
def look(asker: Asker, place: Place) -> Look:
    """What a reader sees, in the region if it has one."""

    def read(reader: Reader, region: str = REGION) -> Read:
        return reader.read(asker, place, "" if reader.scope == "account" else region)

    return read
