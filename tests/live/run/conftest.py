"""A store that boto3 finds by itself, as it would find AWS."""

from collections.abc import Iterator

import pytest

from s3audit.collectors.live.access import forget
from s3audit.demo.server import Server

OTHER = "222222222222"
THIRD = "333333333333"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with Server() as running:
        running.world.account(OTHER, audit="secret")
        running.world.account(THIRD)
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running
    forget()
