"""A store that boto3 finds by itself, as it would find AWS."""

import pytest

from s3audit.demo.server import Server

OTHER = "222222222222"
THIRD = "333333333333"


@pytest.fixture
def store(fresh: Server) -> Server:
    fresh.world.account(OTHER, audit="secret")
    fresh.world.account(THIRD)
    return fresh
