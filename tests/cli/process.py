"""Runs the command as its users do: a process of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


class Ended(NamedTuple):
    code: int
    out: str
    err: str


def run(
    *arguments: str | Path, cwd: Path, given: bytes | None = None, env: Mapping[str, str] | None = None
) -> Ended:
    """Run s3audit in a folder; `given` is its standard input."""
    done = subprocess.run(
        [sys.executable, "-m", "s3audit", *map(str, arguments)],
        cwd=cwd,
        input=given,
        stdin=subprocess.DEVNULL if given is None else None,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        check=False,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())
