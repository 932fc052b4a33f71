"""A store that boto3 finds by itself, as it would find AWS."""

import pytest

from s3audit.demo.server import Server


@pytest.fixture
def store(fresh: Server) -> Server:
    return fresh
