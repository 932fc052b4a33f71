"""What is run in a process of its own, and imports no more than that needs."""

import os
from collections.abc import Mapping

from s3audit.collectors.live.run import look
from s3audit.collectors.live.store.keep import open_store
from s3audit.collectors.live.wanted import Wanted


def scan(environment: Mapping[str, str], folder: str, asked: Wanted) -> None:
    """What `s3audit live --snapshot` does before it judges; test_command.py runs all of it."""
    os.environ.update(environment)
    look(asked, keeper=open_store(folder, asked))
