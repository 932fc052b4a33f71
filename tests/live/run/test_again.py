"""What was throttled or did not get through is tried once more at the end, and nothing else is."""

from boto3 import Session

from s3audit.collectors.live.answers import Reply
from s3audit.collectors.live.merge import gaps
from s3audit.collectors.live.run import look
from s3audit.collectors.live.transport import MOST_BROKEN, BotoTransport
from s3audit.demo import faults
from s3audit.demo.server import Server
from s3audit.model.bucket import Bucket
from s3audit.setting import Known, Unknown
from tests.live.run.seen import messages, names, only, see, wanted


def bucket(found: object, name: str) -> Bucket:
    [one] = [b for b in found.estate.all(Bucket) if b.title == name]  # type: ignore[attr-defined]
    assert isinstance(one, Bucket)
    return one


def fill(store: Server) -> None:
    for name in ("a", "b", "c"):
        store.world.bucket(f"orders-{name}")


def test_a_throttled_call_is_made_good(store: Server) -> None:
    fill(store)
    store.world.faults.add(faults.throttled(), "s3:GetBucketVersioning", about="orders-b", times=1)
    found = see(wanted())
    assert isinstance(bucket(found, "orders-b").versioning.status, Known)
    assert only(messages(found), "throttled") == []
    # Only this bucket is asked again.
    assert store.world.requests_about["s3:GetBucketPolicy", "orders-b"] == 2
    assert store.world.requests_about["s3:GetBucketPolicy", "orders-a"] == 1
    assert names(found) == ["orders-a", "orders-b", "orders-c"]


def test_throttled_to_the_last(store: Server) -> None:
    fill(store)
    store.world.faults.add(faults.throttled(), "s3:GetBucketVersioning", about="orders-b")
    found = see(wanted())
    match bucket(found, "orders-b").versioning.status:
        case Unknown(why):
            assert why == "s3:GetBucketVersioning was throttled each time it was tried (SlowDown)"
        case other:
            raise AssertionError(other)
    assert gaps(bucket(found, "orders-b")) > gaps(bucket(found, "orders-a"))
    assert only(messages(found), "throttled") == [
        (
            "123456789012: partial: s3:GetBucketVersioning was throttled each time it was tried (SlowDown) for 1 of 3"
            " buckets (orders-b)."
        )
    ]


def test_what_was_told_the_first_time_stays_told(store: Server) -> None:
    """The second time more is refused than the first."""
    fill(store)
    store.world.faults.add(faults.throttled(), "s3:GetBucketVersioning", about="orders-b", times=1)
    store.world.faults.add(faults.throttled(), "s3:GetBucketVersioning", about="orders-b")
    seen = look(wanted(needs=frozenset({"buckets"})))
    [part] = [p for p in seen.parts.values() if any(m.about == "orders-b" for m in p.missed)]
    assert {m.operation for m in part.missed} == {"s3:GetBucketVersioning"}


def test_a_broken_connection_is_made_good(store: Server) -> None:
    fill(store)
    store.world.faults.add(faults.dropped(), "s3:GetBucketPolicy", about="orders-c", times=1)
    store.world.faults.add(faults.cut(), "cloudtrail:DescribeTrails", times=1)
    found = see(wanted())
    assert isinstance(bucket(found, "orders-c").policy, Known)
    assert only(messages(found), "DescribeTrails") == []
    assert [one for one in found.estate.not_listed if one.kind == "trail"] == []
    assert [one for one in found.estate.listings if one.kind == "trail"] != []


def test_a_listing_that_was_throttled_is_made_good(store: Server) -> None:
    fill(store)
    store.world.faults.add(faults.throttled(), "s3:ListBuckets", times=1)
    assert names(see(wanted())) == ["orders-a", "orders-b", "orders-c"]


def test_what_is_denied_is_not_asked_again(store: Server) -> None:
    fill(store)
    store.world.faults.add(faults.denied(), "s3:GetBucketPolicy")
    found = see(wanted())
    assert store.world.requests["s3:GetBucketPolicy"] == 3
    assert only(messages(found), "GetBucketPolicy") == [
        (
            "123456789012: partial: s3:GetBucketPolicy was denied for 3 buckets (orders-a, orders-b and orders-c):"
            " it needs the permission s3:GetBucketPolicy."
        )
    ]


def test_where_nobody_answers_nothing_more_is_asked(store: Server) -> None:
    """Three calls find it out; the hundreds that would follow are not made."""
    transport = BotoTransport(Session(), endpoint_url="http://127.0.0.1:1", region="eu-west-1", attempts=1)
    said = {transport.call("s3", "GetBucketPolicy", {"Bucket": f"b-{n}"}).broken for n in range(20)}
    assert said == {"nobody answers at 127.0.0.1:1"}
    assert transport.requests == MOST_BROKEN


def test_an_answer_that_is_not_whole_is_no_answer(store: Server) -> None:
    """botocore reads half of a JSON document as an empty one, and half of a policy as a policy."""
    fill(store)
    store.client("s3").put_bucket_policy(
        Bucket="orders-a", Policy='{"Version": "2012-10-17", "Statement": []}'
    )
    transport = BotoTransport(Session(), attempts=1)
    store.world.faults.add(faults.cut())
    for service, operation, about in (
        ("cloudtrail", "DescribeTrails", {}),
        ("s3", "GetBucketPolicy", {"Bucket": "orders-a"}),
        ("s3", "GetBucketVersioning", {"Bucket": "orders-a"}),
        ("cloudfront", "ListDistributions", {}),
    ):
        assert transport.call(service, operation, about) == Reply(status=0, broken="the answer broke off")
    store.world.faults.clear()
    store.world.faults.add(faults.cut(), times=1)
    again = BotoTransport(Session(), attempts=2)
    assert again.call("cloudtrail", "DescribeTrails", {}).document == {"trailList": []}
