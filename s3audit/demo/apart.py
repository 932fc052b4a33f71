"""The server in a process of its own, so that what it costs is not counted with what is measured."""

import json
import os
import pickle
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from s3audit.demo.server import Server
from s3audit.demo.world import World

_ROOT = Path(__file__).parent.parent.parent
_START = "from s3audit.demo.apart import serve; serve()"


class Apart:
    """A server elsewhere."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cpu_seconds = 0.0
        """What it used from its start to its end; known after the block."""
        self.requests: Counter[str] = Counter()
        """How often each operation was asked for; known after the block."""


@contextmanager
def apart(world: World) -> Iterator[Apart]:
    """Serve a copy of a world while the block lasts."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")]),
    }
    with subprocess.Popen(  # noqa: S603 - this very interpreter
        [sys.executable, "-c", _START], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as process:
        into, out = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        world_bytes = pickle.dumps(world)
        into.write(f"{len(world_bytes)}\n".encode() + world_bytes)
        into.flush()
        other = Apart(out.readline().decode().strip())
        try:
            yield other
        finally:
            # It ends when nobody is there to tell it anything.
            into.close()
            told = json.loads(out.read())
            other.cpu_seconds, other.requests = told["cpu_seconds"], Counter(told["requests"])


def serve() -> None:
    """What the other process does: a world comes in, its URL goes out, and at the end what it has cost."""
    size = int(sys.stdin.buffer.readline())
    world: World = pickle.loads(sys.stdin.buffer.read(size))  # noqa: S301 - from whoever started this
    with Server(world) as server:
        began = time.process_time()
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        sys.stdin.buffer.read()
        used = time.process_time() - began
    sys.stdout.write(json.dumps({"cpu_seconds": used, "requests": world.requests}))
