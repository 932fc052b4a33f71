"""A scan of many buckets holds hardly more than one of few: what was read and judged is folded up."""

import pickle
import tracemalloc

from s3audit import catalog
from s3audit.accounts import judge_seen
from s3audit.check import LIVE
from s3audit.collectors.live.gather import gathered
from s3audit.collectors.live.run import Seen, look
from s3audit.demo.account_buckets import ACCOUNT, BUCKETS
from s3audit.demo.putting import put
from s3audit.demo.server import Server
from s3audit.findings import ManyFindings
from s3audit.model.bucket import Bucket
from tests.live.run.seen import wanted

FEW, MANY = 24, 96
KEPT, HELD = 3_000, 15_000
"""Bytes at most of one more bucket; one that is looked at takes about 40,000, and what is said of it as much again.

What is held has room for the reasoner, which remembers some of the policies that it has met.
"""
CHECKS = [one for one in catalog.load() if LIVE in one.sources]
OF_BUCKETS = sum(one.subject is Bucket for one in CHECKS)


def fill(store: Server, count: int) -> None:
    kinds = list(BUCKETS.items())
    for number in range(count):
        kind, one = kinds[number % len(kinds)]
        name = f"{kind}-{number:04}"
        store.world.bucket(name, "eu-west-1", ACCOUNT, is_old=one.is_old, created=one.created)
        for call, parameters in one.puts.items():
            put(store.world, f"s3:{call}", {"Bucket": name, **parameters})


def cost(seen: Seen) -> tuple[int, int]:
    """What is kept of what was read, and the most that is held beside it until all of it is judged."""
    kept = len(pickle.dumps(seen.parts))
    tracemalloc.start()
    try:
        findings = ManyFindings()
        found = gathered(seen)
        assert not judge_seen(found, CHECKS, findings)
        held = tracemalloc.get_traced_memory()[1]
        owned = sum(bucket.is_declared for bucket in found.estate.all(Bucket))
        assert owned >= FEW
        assert sum(one.subject.type == "bucket" for one in findings) == owned * OF_BUCKETS
        return kept, held
    finally:
        tracemalloc.stop()


def test_one_more_bucket_takes_a_few_kilobytes(store: Server) -> None:
    fill(store, FEW)
    few = look(wanted())
    cost(few)  # what is made for the first one counts for none
    kept, held = cost(few)
    fill(store, MANY)
    more_kept, more_held = cost(look(wanted()))
    assert (more_kept - kept) / (MANY - FEW) < KEPT
    assert (more_held - held) / (MANY - FEW) < HELD


def test_what_a_bucket_takes_when_it_is_looked_at(store: Server) -> None:
    """So the test above would fail if it stayed at hand."""
    fill(store, FEW)
    estate = gathered(look(wanted())).estate
    tracemalloc.start()
    try:
        at_hand = list(estate.all(Bucket))
        assert tracemalloc.get_traced_memory()[0] / len(at_hand) > 2 * HELD
    finally:
        tracemalloc.stop()
