"""The machine: the same estate whoever does the work, and in whatever order it is done."""

import pickle
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any

import msgspec

from s3audit.collectors.live.gather import Gathered
from s3audit.collectors.live.plan import MOST_BUCKETS
from s3audit.collectors.live.run import Seen, look
from s3audit.collectors.live.unit import Part, Unit, collect
from s3audit.demo import faults
from s3audit.demo.server import Server
from tests.live.run.seen import messages, names, see, wanted


def told(found: Gathered) -> bytes:
    """All of it, byte by byte."""
    estate = found.estate
    return msgspec.json.encode(
        [
            estate.resources,
            estate.listings,
            estate.not_listed,
            list(estate.not_read.values()),
            messages(found),
        ]
    )


def fill(store: Server) -> None:
    for number in range(7):
        store.world.bucket(f"orders-{number}", region="eu-west-1" if number % 2 else "us-east-1")
    store.world.faults.add(faults.denied(), "s3:GetBucketCors", about="orders-3")
    store.world.faults.add(faults.gone(), "s3:GetBucketVersioning", about="orders-4")


def test_threads_processes_and_one_after_the_other_see_the_same(store: Server) -> None:
    fill(store)
    alone = told(see(wanted(units_at_once=1, workers=1)))
    assert told(see(wanted())) == alone
    with ThreadPoolExecutor(3) as pool:
        assert told(see(wanted(units_at_once=7), executor=pool)) == alone
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert told(see(wanted(), executor=pool)) == alone


def test_units_and_parts_are_plain_data(store: Server) -> None:
    fill(store)
    [plan] = look(wanted()).plans
    for unit in plan.units:
        sent = pickle.loads(pickle.dumps((unit, plan.explored.access)))
        part = collect(*sent)
        assert pickle.loads(pickle.dumps(part)) == part
        assert b"demo" not in pickle.dumps((unit, plan.explored.access))  # the secret key


def test_a_unit_has_a_hundred_buckets_at_most(store: Server) -> None:
    for number in range(MOST_BUCKETS * 4 + 1):
        store.world.bucket(f"b-{number:04}")
    store.world.faults.add(faults.gone(), "s3:GetBucketVersioning")
    [plan] = look(wanted(needs=frozenset())).plans
    sizes = {unit.id: len(unit.buckets) for unit in plan.units}
    assert sizes == {
        **{f"123456789012/eu-west-1/buckets-{number:04}": 100 for number in range(1, 5)},
        "123456789012/eu-west-1/buckets-0005": 1,
    }


def test_buckets_that_went_are_said_once_and_are_no_subjects(store: Server) -> None:
    fill(store)
    found = see()
    assert "orders-4" not in names(found)
    assert len(names(found)) == 6
    assert "123456789012: empty: 1 bucket (orders-4) went while the scan was on." in messages(found)


def test_a_bucket_that_is_not_there_yet_is_looked_for_again(store: Server) -> None:
    fill(store)
    store.world.faults.add(faults.gone(), "s3:GetBucketVersioning", about="orders-5", times=1)
    found = see()
    assert "orders-5" in names(found)
    assert store.world.requests_about["s3:GetBucketVersioning", "orders-4"] == 2


def test_only_what_the_checks_need_is_asked(store: Server) -> None:
    fill(store)
    see(wanted(needs=frozenset({"buckets"})))
    asked = set(store.world.requests)
    assert not [
        call for call in asked if call.startswith(("cloudtrail:", "cloudfront:", "kms:", "s3control:"))
    ]
    store.world.requests.clear()
    see(wanted(needs=frozenset({"distributions"}), needs_buckets=False))
    asked = set(store.world.requests)
    assert "cloudfront:ListDistributions" in asked
    assert "s3:GetBucketVersioning" not in asked


def test_a_worker_that_dies_is_said_and_the_rest_goes_on(store: Server) -> None:
    fill(store)

    class Broken(ThreadPoolExecutor):
        def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
            if getattr(arguments[0], "id", "").endswith("us-east-1/buckets-0001"):
                raise RuntimeError("this pool is shut")
            return super().submit(function, *arguments, **named)

    with Broken(2) as pool:
        found = see(executor=pool)
    assert "orders-1" in names(found)
    assert [m for m in messages(found) if "unreadable" in m] == [
        (
            "123456789012: unreadable: 123456789012/us-east-1/buckets-0001 was not read: s3audit broke on it"
            " (RuntimeError: this pool is shut); please report this."
        )
    ]
    assert {one.name: one.why for one in found.estate.not_read.values()} == {
        "orders-0": "s3audit broke on it",
        "orders-2": "s3audit broke on it",
    }


class Kept:
    """A keeper in memory."""

    def __init__(self) -> None:
        self.parts: dict[str, Part] = {}
        self.saved: list[str] = []
        self.finished = False

    def done(self, unit: Unit) -> Part | None:
        return self.parts.get(unit.id)

    def save(self, part: Part) -> None:
        self.parts[part.unit] = part
        self.saved.append(part.unit)

    def finish(self, seen: Seen) -> None:
        self.finished = not seen.interrupted


def test_what_was_kept_is_not_read_again(store: Server) -> None:
    fill(store)
    kept = Kept()
    first = see(keeper=kept)
    assert set(kept.saved) == set(kept.parts)
    asked = store.world.requests["s3:GetBucketVersioning"]
    lost = "123456789012/us-east-1/buckets-0001"
    del kept.parts[lost]
    kept.saved.clear()
    assert told(see(keeper=kept)) == told(first)
    # Two of the buckets are in that unit.
    assert set(kept.saved) == {lost}
    assert kept.finished
    assert store.world.requests["s3:GetBucketVersioning"] == asked + 2
