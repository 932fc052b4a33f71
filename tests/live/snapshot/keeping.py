"""Short words for what these tests keep and compare."""

import subprocess
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from pathlib import Path
from time import monotonic
from typing import Any

from s3audit import api
from s3audit.collectors.live.access import refusals
from s3audit.collectors.live.run import Seen, look
from s3audit.collectors.live.store.keep import open_store
from s3audit.collectors.live.wanted import Wanted
from s3audit.demo.server import Server
from s3audit.demo.world import World
from s3audit.finding import Finding, Report

REGIONS = ("eu-west-1", "us-east-1", "ap-south-1", "sa-east-1", "eu-north-1", "ca-central-1")


def wanted(**more: Any) -> Wanted:
    """Buckets and nothing else."""
    return Wanted(**{"needs": frozenset({"buckets"}), "attempts": 1, **more})


def keep(
    folder: Path,
    asked: Wanted | None = None,
    *,
    redact: bool = False,
    overwrite: bool = False,
    executor: Executor | None = None,
) -> Seen:
    """Scan, and keep what is seen."""
    asked = asked or wanted()
    store = open_store(str(folder), asked, redact=redact, overwrite=overwrite, requests=refusals)
    try:
        return look(asked, keeper=store, executor=executor)
    finally:
        store.close()


def files(folder: Path) -> Mapping[str, bytes]:
    """All that must not differ between two runs."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }


def scan(*paths: Path, select: tuple[str, ...] = ()) -> Report:
    """Audit what was kept."""
    return done(*paths, select=select).report


def done(*paths: Path, select: tuple[str, ...] = ()) -> api.Scan:
    return api.run(
        [str(path) for path in paths],
        parameters={},
        select=select,
        ignore=(),
        severity=api.severity_of("medium"),
        show=api.DEFAULT_SHOW,
        all_scenarios=False,
        max_size=api.MAX_SIZE,
    )


def findings(report: Report) -> list[Finding]:
    return sorted(report.findings, key=lambda one: (one.check, one.subject))


def messages(report: Report) -> list[str]:
    return [f"{problem.at}: {problem.kind}: {problem.message}" for problem in report.problems]


def fill(store: Server | World, buckets: int = 12, regions: int = len(REGIONS)) -> None:
    """A few buckets in several Regions."""
    world = store.world if isinstance(store, Server) else store
    for number in range(buckets):
        world.bucket(f"orders-{number:02}", region=REGIONS[number % regions])


def until(condition: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    """Wait for what a process does, for half a minute at most."""
    end = monotonic() + 30
    while not condition():
        assert not ended(process, 0.01)
        assert monotonic() < end


def ended(process: "subprocess.Popen[bytes]", seconds: float) -> bool:
    """Whether it is, after so long at most."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True
