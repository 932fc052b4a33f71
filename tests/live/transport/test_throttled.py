"""What is throttled: everything is told in the end if it passes, and few calls are made if it does not."""

from typing import Any

import pytest
from msgspec.structs import replace

from s3audit.collectors.live import access, run
from s3audit.collectors.live.answers import Reply
from s3audit.collectors.live.gather import Gathered, gathered
from s3audit.collectors.live.throttling import APART, FEW, MOST_THROTTLED
from s3audit.collectors.live.transport import ATTEMPTS, THROTTLED_OUT, BotoTransport
from s3audit.collectors.live.wanted import Wanted
from s3audit.collectors.live.watch import Watch
from s3audit.demo import faults
from s3audit.demo.server import Server
from s3audit.model.bucket import Bucket
from s3audit.setting import Known, Unknown
from tests.live.transport.conftest import Make

POLICY = "s3:GetBucketPolicy"
VERSIONING = "s3:GetBucketVersioning"
NOT_ASKED = f"{POLICY} was not asked, the last requests before had all been throttled"
TRIED = f"{POLICY} was throttled each time it was tried (SlowDown)"
WANTED = Wanted(needs=frozenset({"buckets"}), workers=8, units_at_once=2)
ROUND = 5 + 8 + 2 * 10 + 3 * 3
"""The most requests for one operation in one round: until it is apart, of all eight who are on their way, and then."""


@pytest.fixture
def store(own: Server, hasty: None) -> Server:
    return own


def fill(server: Server, count: int) -> None:
    for number in range(count):
        server.world.bucket(f"b-{number:03}")


def look(wanted: Wanted = WANTED) -> Gathered:
    return gathered(run.look(wanted))


def policies(found: Gathered) -> list[str]:
    """Why each is not known; empty where it is."""
    of = {one.title: one.policy for one in found.estate.all(Bucket)}
    return [str(it.why) if isinstance(it, Unknown) else "" for _, it in sorted(of.items())]


def ask(transport: BotoTransport, name: str = "b-000", operation: str = "GetBucketPolicy") -> Reply:
    return transport.call("s3", operation, {"Bucket": name})


@pytest.mark.parametrize("count", [10, 30])
def test_a_call_that_is_throttled_for_ever_costs_no_more_for_more_buckets(store: Server, count: int) -> None:
    fill(store, count)
    store.world.faults.add(faults.throttled(), POLICY)
    found = look()
    assert store.world.requests[POLICY] <= 2 * ROUND
    assert set(policies(found)) == {TRIED, NOT_ASKED}
    assert policies(found).count(TRIED) <= 6
    # Of everything else nothing is asked more than twice, and nothing is missed.
    assert max(store.world.requests_about[VERSIONING, f"b-{number:03}"] for number in range(count)) == 2
    assert all(isinstance(one.versioning.status, Known) for one in found.estate.all(Bucket))
    said = sorted(problem.message for problem in found.problems)
    assert [one.partition(" for ")[0] for one in said] == [
        f"{POLICY} was not asked",
        f"{POLICY} was throttled each time it was tried (SlowDown)",
    ]
    assert said[0].endswith(": the last requests before had all been throttled.")


def test_everything_throttled_for_ever_ends_too(store: Server) -> None:
    fill(store, 8)
    for name in ("s3:GetBucket*", "s3:GetObject*", "s3:GetPublic*", "s3:ListBucket*Configurations"):
        store.world.faults.add(faults.throttled(), name)
    found = look()
    operations = [name for name, asked in store.world.requests.items() if name.startswith("s3:Get") and asked]
    assert len(operations) >= 20
    # The first finds it out; the others are looked at more shortly.
    assert sum(store.world.requests.values()) <= 2 * (ROUND + len(operations) * (8 + 2 * 3))
    assert len(found.estate.all(Bucket)) == 8


def test_what_is_throttled_once_or_twice_is_all_told(store: Server) -> None:
    """Three of ten requests, so that some calls meet it several times in a row."""
    fill(store, 10)
    whole = look()
    store.world.requests.clear()
    access.forget()
    store.world.faults.add(faults.throttled(), "s3:*", chance=0.3)
    found = look()
    assert found.problems == ()
    assert found.estate.resources == whole.estate.resources
    assert sum(store.world.requests.values()) > 10 * 22


@pytest.mark.parametrize("times", [APART - 1, APART + 3, 20])
def test_a_time_of_throttling_loses_nothing(store: Server, times: int) -> None:
    fill(store, 10)
    store.world.faults.add(faults.throttled(), POLICY, times=times)
    found = look()
    assert policies(found) == [""] * 10
    assert found.problems == ()


def test_what_was_given_up_is_asked_again_and_told_if_it_passed_meanwhile(store: Server) -> None:
    fill(store, 10)
    store.world.faults.add(faults.throttled(), POLICY)
    seen: list[int] = []

    class Passing(Watch):
        """The store gives way as soon as the first round is over."""

        def __setattr__(self, name: str, value: Any) -> None:
            if (name, value) == ("stage", "reading again"):
                seen.append(store.world.requests[POLICY])
                store.world.faults.clear()
            super().__setattr__(name, value)

    found = gathered(run.look(WANTED, watch=Passing()))
    assert seen == [store.world.requests[POLICY] - 10]
    assert seen[0] <= ROUND
    assert policies(found) == [""] * 10
    assert found.problems == ()


def test_if_one_is_answered_in_the_second_round_the_rest_are_asked(store: Server) -> None:
    """The store throttles still when the second round begins, and gives way before that is given up."""
    fill(store, 10)
    transport = access.transport_of(WANTED.access())
    store.world.faults.add(faults.throttled(), POLICY)
    transport.begin("first")
    for number in range(10):
        ask(transport, f"b-{number:03}")
    assert ask(transport).code == THROTTLED_OUT
    store.world.faults.clear()
    store.world.faults.add(faults.throttled(), POLICY, times=MOST_THROTTLED * FEW - 1)
    transport.begin("second")
    assert {ask(transport, f"b-{number:03}").code for number in range(10)} == {"NoSuchBucketPolicy"}


def test_in_the_second_round_it_is_found_out_sooner(store: Server) -> None:
    fill(store, 1)
    transport = access.transport_of(WANTED.access())
    store.world.faults.add(faults.throttled(), POLICY)
    asked = []
    for name in ("first", "first", "second", "second"):
        transport.begin(name)
        store.world.requests.clear()
        replies = [ask(transport).code for _ in range(20)]
        asked.append((store.world.requests[POLICY], replies.count("SlowDown")))
    first, second = asked[0], asked[2]
    assert asked == [first, (0, 0), second, (0, 0)]
    # The first of it meets the limit after which it is apart, and is tried as often as any other from there.
    assert first == (APART + ATTEMPTS + 2 * FEW, 2)
    assert second == (MOST_THROTTLED * FEW, 1)


def test_the_others_do_not_wait_for_it(made: Make, server: Server, hasty: None) -> None:
    """The pauses belong to a client, so it has one of its own; the others keep theirs."""
    fill(server, 1)
    transport = made(attempts=ATTEMPTS)
    server.world.faults.add(faults.throttled(), POLICY)
    ask(transport)
    assert set(transport._clients) == {("s3", "eu-west-1", ""), ("s3", "eu-west-1", "GetBucketPolicy")}
    paced: list[bool] = []
    client = transport._clients["s3", "eu-west-1", ""]
    alone = transport._clients["s3", "eu-west-1", "GetBucketPolicy"]
    client.meta.events.register("before-send", lambda **_: paced.append(True))
    alone.meta.events.register("before-send", lambda **_: paced.append(False))
    ask(transport, operation="GetBucketVersioning")
    server.world.faults.clear()
    transport.begin("again")
    assert ask(transport).code == "NoSuchBucketPolicy"
    assert paced == [True, False]


def test_another_bucket_that_answers_keeps_it_going(made: Make, server: Server, hasty: None) -> None:
    """It is the bucket that is throttled and not the call."""
    fill(server, 40)
    server.world.faults.add(faults.throttled(), POLICY, about="b-007")
    transport = made(attempts=2)
    codes = [ask(transport, f"b-{number:03}").code for number in range(40) for _ in range(2)]
    assert codes.count("SlowDown") == 2
    assert codes.count("NoSuchBucketPolicy") == 78


def test_who_tries_once_gives_up_after_as_many_calls(made: Make, server: Server) -> None:
    fill(server, 1)
    server.world.faults.add(faults.throttled(), POLICY)
    transport = made()
    codes = [ask(transport).code for _ in range(20)]
    assert codes == ["SlowDown"] * (MOST_THROTTLED * FEW) + [THROTTLED_OUT] * (20 - MOST_THROTTLED * FEW)
    assert ask(transport, operation="GetBucketVersioning").code == ""
    # Elsewhere it may be otherwise.
    assert transport.call("s3", "GetBucketPolicy", {"Bucket": "b-000"}, "us-east-1").code == "SlowDown"


def test_each_answer_makes_up_for_what_was_throttled_before(made: Make, server: Server) -> None:
    fill(server, 1)
    transport = made()
    often = MOST_THROTTLED * FEW - 1
    for _ in range(4):
        server.world.faults.add(faults.throttled(), POLICY, times=often)
        codes = [ask(transport).code for _ in range(often + 1)]
        assert codes == ["SlowDown"] * often + ["NoSuchBucketPolicy"]


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("s3", "GetBucketPolicy", {"Bucket": "b-000"}),  # SlowDown, 503
        ("kms", "ListAliases", {}),  # ThrottlingException, 400
        ("iam", "GetRole", {"RoleName": "a"}),  # Throttling, 400
        ("macie2", "GetMacieSession", {}),  # TooManyRequestsException, 429
        ("ec2", "DescribeVpcs", {}),  # RequestLimitExceeded, 503
    ],
)
def test_each_throttled_request_is_counted_whatever_the_service_calls_it(
    made: Make, server: Server, hasty: None, service: str, operation: str, parameters: dict[str, Any]
) -> None:
    fill(server, 1)
    server.world.faults.add(faults.throttled(), f"{service}:{operation}", times=2)
    transport = made(attempts=4)
    transport.call(service, operation, parameters)
    assert (transport.requests, transport.throttled) == (3, 2)
    assert server.world.requests == {f"{service}:{operation}": 3}


def test_all_that_was_sent_is_counted_though_there_are_many_accounts(
    store: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transports of the first accounts are let go of in a large organization."""
    fill(store, 1)
    monkeypatch.setattr(access, "_MOST_TRANSPORTS", 2)
    store.world.faults.add(faults.throttled(), VERSIONING, times=3)
    for workers in range(1, 6):
        one = replace(WANTED.access(), workers=workers, attempts=1)
        ask(access.transport_of(one), operation="GetBucketVersioning")
    assert access.traffic() == (5, 3)
    access.forget()
    assert access.traffic() == (0, 0)
