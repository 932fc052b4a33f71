"""What a request says: whose bucket is expected, by which path, and how fast it may follow the one before."""

from typing import Any

import botocore
import pytest

from s3audit.collectors.live.operations.buckets import OF_BUCKETS, UPLOADS
from s3audit.collectors.live.transport import ATTEMPTS
from s3audit.demo import faults
from s3audit.demo.server import Server
from s3audit.demo.world import ACCOUNT, REGION
from s3audit.finding import Report
from tests.live.run.seen import report
from tests.live.transport.conftest import Make

OTHER = "222222222222"


@pytest.fixture
def strangers(own: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A store that answers whatever is asked about a bucket, though not for the owner that is named."""
    world = own.world
    world.account(OTHER)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", world.key(OTHER))
    world.bucket("orders", account=OTHER, is_old=True)
    world.tell("s3:ListObjectsV2", {"Contents": [{"Key": "a"}]}, {"Bucket": "orders"})
    grant = {"Grantee": {"Type": "CanonicalUser", "ID": "a"}, "Permission": "READ"}
    world.tell("s3:GetObjectAcl", {"Grants": [grant]}, {"Bucket": "orders"})
    return own


NOT_ASKED = {
    "monitoring-object-read-events",
    "monitoring-object-write-events",
    "naming-sensitive",
    "presigned-sigv4",
}
"""They go by the name of a bucket, its day and Region, and what watches it."""


def verdicts(of: Report) -> set[tuple[str, str]]:
    return {
        (one.check, one.status)
        for one in of.findings
        if "orders" in one.subject.address and one.status in ("pass", "fail") and one.check not in NOT_ASKED
    }


def seen_as(server: Server, account: str) -> set[tuple[str, str]]:
    arn = f"arn:aws:iam::{account}:user/audit"
    server.world.tell("sts:GetCallerIdentity", {"Account": account, "Arn": arn, "UserId": "A"})
    return verdicts(report(optional=("objects", "uploads")))


def test_of_a_bucket_that_is_somebody_elses_there_is_no_verdict(strangers: Server) -> None:
    assert {status for _, status in seen_as(strangers, OTHER)} == {"pass", "fail"}
    strangers.world.requests.clear()
    assert seen_as(strangers, ACCOUNT) == set()
    # It was asked all the same, and it was the store that refused.
    assert strangers.world.requests["s3:GetBucketPolicy"] == 1


def test_every_call_about_a_bucket_names_the_owner_that_is_expected(own: Server) -> None:
    own.world.bucket("orders", is_old=True)
    own.world.tell("s3:ListObjectsV2", {"Contents": [{"Key": "a"}]})
    without: list[str] = []
    answer = own._document

    def note(call: Any) -> Any:
        about = call.parameters
        # Of names that are not on its list nobody knows whose they are.
        is_own = call.service == "s3" and about.get("Bucket") == "orders"
        if is_own and about.get("ExpectedBucketOwner") != ACCOUNT:
            without.append(call.name)
        return answer(call)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own, "_document", note)
        report(optional=("objects", "uploads"), thorough=True)
    assert without == []
    asked = {name for name in own.world.requests if name.startswith("s3:")}
    assert asked >= {one.id for one in (*OF_BUCKETS, UPLOADS)} | {"s3:ListObjectsV2", "s3:GetObjectAcl"}


@pytest.mark.parametrize("name", ["orders", "or.ders", "Orders_Of_Old"])
def test_the_bucket_stands_in_the_path(made: Make, server: Server, name: str) -> None:
    """As requests to AWS are made; they are then led to the server."""
    server.world.bucket(name)
    transport = made(endpoint_url="")
    urls: list[str] = []

    def lead(request: Any, **_: object) -> None:
        urls.append(request.url)
        request.url = request.url.replace(f"https://s3.{REGION}.amazonaws.com", server.url)

    transport._core.register("before-send.s3", lead)
    assert transport.call("s3", "GetBucketVersioning", {"Bucket": name}).status == 200
    assert urls == [f"https://s3.{REGION}.amazonaws.com/{name}?versioning"]
    assert server.world.requests_about == {("s3:GetBucketVersioning", name): 1}


def test_it_says_who_asks(made: Make, server: Server) -> None:
    server.world.bucket("orders")
    transport = made()
    names: list[bytes] = []
    transport._core.register(
        "before-send.s3", lambda request, **_: names.append(request.headers["User-Agent"])
    )
    transport.call("s3", "GetBucketVersioning", {"Bucket": "orders"})
    assert names == [f"s3audit Botocore/{botocore.__version__}".encode()]


@pytest.fixture
def paces(monkeypatch: pytest.MonkeyPatch, hasty: None) -> list[int]:
    """Each time that botocore waits for its turn before it sends."""
    from botocore.retries.bucket import TokenBucket

    waited: list[int] = []
    monkeypatch.setattr(TokenBucket, "acquire", lambda *_, **__: waited.append(1))
    return waited


def test_after_it_was_throttled_it_goes_slower(made: Make, server: Server, paces: list[int]) -> None:
    server.world.bucket("orders")
    transport = made(attempts=ATTEMPTS)
    about = {"Bucket": "orders"}
    transport.call("s3", "GetBucketVersioning", about)
    assert paces == []
    server.world.faults.add(faults.throttled(), "s3:GetBucketAcl", times=2)
    assert transport.call("s3", "GetBucketAcl", about).status == 200
    assert len(paces) == 2
    # All of the client does, until it is found out that it need not.
    transport.call("s3", "GetBucketVersioning", about)
    assert len(paces) == 3


def test_whoever_tries_once_never_waits(made: Make, server: Server, paces: list[int]) -> None:
    server.world.bucket("orders")
    server.world.faults.add(faults.throttled(), "s3:GetBucketAcl")
    transport = made(attempts=1)
    for _ in range(5):
        assert transport.call("s3", "GetBucketAcl", {"Bucket": "orders"}).code == "SlowDown"
    assert paces == []
    assert server.world.requests == {"s3:GetBucketAcl": 5}


def test_it_is_tried_as_often_as_was_said(made: Make, server: Server, hasty: None) -> None:
    server.world.bucket("orders")
    server.world.faults.add(faults.failing(), "s3:GetBucketAcl")
    transport = made(attempts=4)
    assert transport.call("s3", "GetBucketAcl", {"Bucket": "orders"}).code == "InternalError"
    assert server.world.requests == {"s3:GetBucketAcl": 4}
