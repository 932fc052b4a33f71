"""Lets this very process find a world where it would find AWS, and nothing of the user's own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from s3audit.demo.server import Server
from s3audit.demo.world import World


@contextmanager
def alone(world: World) -> Iterator[Server]:
    """While the block lasts, boto3 finds its way by these variables alone."""
    before = dict(os.environ)
    try:
        for name in before:
            if name.startswith("AWS_") or name.lower().endswith("_proxy"):
                del os.environ[name]
        with Server(world) as server:
            os.environ.update(server.environment())
            yield server
    finally:
        os.environ.clear()
        os.environ.update(before)
