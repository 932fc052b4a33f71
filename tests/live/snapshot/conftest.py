"""A store that boto3 finds by itself, as it would find AWS."""

from collections.abc import Iterator

import pytest

from s3audit.collectors.live.access import forget
from s3audit.demo.server import Server


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with Server() as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running
    forget()
