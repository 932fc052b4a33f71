"""A store that boto3 finds by itself, as it would find AWS."""

from collections.abc import Iterator

import pytest

from s3audit.collectors.live.access import forget
from s3audit.demo.server import Server
from s3audit.demo.world import World


@pytest.fixture(scope="module")
def _running() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def store(_running: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    _running.world = World()
    for name, value in _running.environment().items():
        monkeypatch.setenv(name, value)
    yield _running
    forget()
