"""Measures what a live scan costs beside what boto3 itself costs: the same calls, by a plain loop over the buckets.

Every scan runs in a process of its own against a server in another one. What the start costs drops out: a bucket
costs what 900 more of them cost.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.run import conditions  # noqa: E402 - the folder of the project has to be on the path first

RESULTS = ROOT / "benchmarks" / "live.md"
FEW, MANY, MOST = 100, 1_000, 3_000
WORKERS = 32
REGION = "eu-west-1"
CALLS = 22
"""At most, of a bucket."""
PROMISED = """\
Every run is a process of its own against a server on loopback in another one. boto3 alone makes the same calls in
as many threads, by a client that retries as ours do, and drops what it is answered. Promised: 1,000 buckets cost at
most 11 times the CPU of 100, to read a bucket into the model at most 1.15 times what boto3 needs for its calls, and
memory is as flat as that of boto3 alone, measured from 1,000 to 3,000 buckets. What the whole scan costs beyond the
model is judging, with all checks."""


class Cost(NamedTuple):
    seconds: float
    mebibytes: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each run is measured [%(default)s]")
    parser.add_argument(
        "--write", action="store_true", help=f"put the figures into {RESULTS.relative_to(ROOT)}"
    )
    parser.add_argument("--child", choices=RUNS, help=argparse.SUPPRESS)
    parser.add_argument("file", nargs="?", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        RUNS[asked.child](json.loads(Path(asked.file).read_text("utf-8")))
    else:
        told = f"{conditions(asked.rounds)}\n\n{PROMISED}\n\n{report(asked.rounds)}\n"
        print(told)
        if asked.write:
            heading = "# What a live scan costs\n\nWritten by `benchmarks/live.py --write`.\n\n"
            RESULTS.write_text(heading + told, "utf-8")


def report(rounds: int) -> str:
    """The table of figures."""
    from s3audit.demo.apart import apart

    calls: dict[int, float] = {}
    costs: dict[tuple[str, int], list[Cost]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for count in (FEW, MANY):
            with apart(world(count)) as server:
                measure("scan", server.url, count, folder)
            of_buckets = sum(times for call, times in server.requests.items() if call != "s3:ListBuckets")
            calls[count] = of_buckets / count
        with apart(world(FEW)) as few, apart(world(MANY)) as many:
            for turn in range(-1, rounds):
                for count, server in ((FEW, few), (MANY, many)):
                    for run in RUNS:
                        cost = measure(run, server.url, count, folder)
                        if turn >= 0:
                            costs.setdefault((run, count), []).append(cost)
        with apart(world(MOST)) as most:
            peaks = {run: measure(run, most.url, MOST, folder).mebibytes for run in RUNS}
    return table(costs, peaks, calls[MANY])


def table(costs: Mapping[tuple[str, int], Sequence[Cost]], peaks: Mapping[str, float], calls: float) -> str:
    lines = [
        "| run | CPU s, 100 buckets | 1,000 buckets | times | CPU ms a bucket | times boto3 | peak MiB | 1,000 more |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    loop = [_each(one, other) for one, other in zip(costs["boto3", FEW], costs["boto3", MANY], strict=True)]
    for run in RUNS:
        few, many = costs[run, FEW], costs[run, MANY]
        each = [_each(one, other) for one, other in zip(few, many, strict=True)]
        ratio = median(own / base for own, base in zip(each, loop, strict=True))
        times = median(other.seconds / one.seconds for one, other in zip(few, many, strict=True))
        peak = median(one.mebibytes for one in many)
        more = (peaks[run] - peak) * MANY / (MOST - MANY)
        seconds = [median(one.seconds for one in those) for those in (few, many)]
        lines.append(
            f"| {NAMES[run]} | {seconds[0]:.2f} | {seconds[1]:.2f} | {times:.1f} | {median(each) * 1000:.1f} |"
            f" {ratio:.2f} | {peak:.0f} | {more:.0f} |"
        )
    return "\n".join([*lines, "", f"{calls:.1f} calls a bucket, of {CALLS} that are promised."])


def _each(few: Cost, many: Cost) -> float:
    return (many.seconds - few.seconds) / (MANY - FEW)


def measure(run: str, url: str, count: int, folder: str) -> Cost:
    """The CPU time of a process, and the most memory that it held."""
    told = Path(folder) / f"{run}-{count}.json"
    told.write_text(json.dumps({"asked": asked_of(count) if run == "boto3" else {}}), "utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "AWS_"))}
    environment = {
        **kept,
        "PYTHONPATH": str(ROOT),
        "AWS_ACCESS_KEY_ID": "DEMO123456789012",
        "AWS_SECRET_ACCESS_KEY": "demo",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": url,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    process = subprocess.Popen([sys.executable, __file__, "--child", run, str(told)], env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{run} of {count} buckets ended with {process.returncode}")
    unit = 1024 if sys.platform == "linux" else 1024 * 1024
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


# The account


def world(count: int) -> Any:
    """The buckets of the demo account, over and over."""
    from s3audit.demo.account_buckets import ACCOUNT, BUCKETS
    from s3audit.demo.putting import put
    from s3audit.demo.world import World

    made = World(ACCOUNT)
    kinds = list(BUCKETS.items())
    for number in range(count):
        kind, one = kinds[number % len(kinds)]
        name = f"{kind}-{number:06d}"
        made.bucket(name, REGION, ACCOUNT, is_old=one.is_old, created=one.created)
        for call, parameters in one.puts.items():
            put(made, f"s3:{call}", {"Bucket": name, **parameters})
    return made


_ASKED: dict[int, dict[str, list[str]]] = {}


def asked_of(count: int) -> dict[str, list[str]]:
    """What a scan asks of each bucket; what it knows by then it does not ask."""
    if count not in _ASKED:
        from s3audit.collectors.live.asking import Asker
        from s3audit.collectors.live.buckets import ListedBucket, collect_bucket
        from s3audit.collectors.live.place import Place
        from s3audit.collectors.live.transport import BotoTransport
        from s3audit.demo.account_buckets import ACCOUNT, BUCKETS
        from s3audit.demo.server import Server

        with Server(world(len(BUCKETS))) as server:
            asker = Asker(BotoTransport(server.session(), endpoint_url=server.url, region=REGION))
            for name in server.world.buckets:
                collect_bucket(ListedBucket(name, REGION), Place(ACCOUNT), asker)
            asked: dict[str, list[str]] = {}
            for call, name in server.world.requests_about:
                asked.setdefault(name.rpartition("-")[0], []).append(call.partition(":")[2])
        _ASKED[count] = {name: asked[name.rpartition("-")[0]] for name in world(count).buckets}
    return _ASKED[count]


# What is measured


def scan(_: Mapping[str, Any]) -> None:
    """A whole scan, with the checks, to the report."""
    from s3audit.accounts import live

    found = live(regions=[REGION], workers=WORKERS)
    assert found.findings
    assert not found.problems


def collect(_: Mapping[str, Any]) -> None:
    """The buckets alone, without the checks."""
    from s3audit.collectors.live.gather import gathered
    from s3audit.collectors.live.run import look
    from s3audit.collectors.live.wanted import Wanted

    found = gathered(look(Wanted(regions=(REGION,), workers=WORKERS)))
    assert len(found.estate)


def loop(told: Mapping[str, Any]) -> None:
    """boto3 alone, with clients that retry as ours do, the same threads and the same calls; answers are dropped."""
    import boto3
    from botocore import xform_name
    from botocore.config import Config
    from botocore.exceptions import ClientError

    config = Config(
        s3={"addressing_style": "path"},
        retries={"mode": "adaptive", "total_max_attempts": 10},
        connect_timeout=10,
        read_timeout=20,
        max_pool_connections=WORKERS,
        user_agent_extra="s3audit",
    )
    client = boto3.client("s3", config=config)
    client.list_buckets(MaxBuckets=1_000)

    def one(asked: tuple[str, list[str]]) -> None:
        name, calls = asked
        for call in calls:
            with suppress(ClientError):  # so it says that nothing is configured
                getattr(client, xform_name(call))(Bucket=name, ExpectedBucketOwner="123456789012")

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(one, told["asked"].items()))


RUNS = {"boto3": loop, "collect": collect, "scan": scan}
NAMES = {
    "boto3": "boto3 alone",
    "collect": "the buckets as a model",
    "scan": "the whole scan",
}

if __name__ == "__main__":
    main()
