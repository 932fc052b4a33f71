"""One server for a test, and boto3 that talks to it."""

from collections.abc import Iterator

import pytest

from s3audit.demo.server import Server


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running
