"""A session as a scan has it, and the server that it would reach."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from s3audit.collectors.live import access
from s3audit.collectors.live.transport import BotoTransport
from s3audit.demo.server import Server
from s3audit.demo.world import REGION, World

Make = Callable[..., BotoTransport]


@pytest.fixture
def server(lasting: Server) -> Iterator[Server]:
    """With an empty world."""
    lasting.world = World()
    yield lasting
    assert lasting.broken == []


@pytest.fixture
def made(server: Server) -> Make:
    """Makes transports to the server."""

    def make(**more: Any) -> BotoTransport:
        given = {"endpoint_url": server.url, "region": REGION, "attempts": 1}
        return BotoTransport(server.session(), **{**given, **more})

    return make


@pytest.fixture
def own(fresh: Server, clients: access._Kept, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server that boto3 finds by itself, for clients that no other test has."""
    kept = access._Kept()
    kept.loader = clients.loader
    monkeypatch.setattr(access, "_KEPT", kept)
    return fresh


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """botocore makes no pauses; how often it tries, and when it gives up, is its own."""
    from botocore.retries.bucket import TokenBucket
    from botocore.retries.standard import ExponentialBackoff

    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)
    monkeypatch.setattr(TokenBucket, "_sleep_amount", lambda *_: 0)
