"""What comes back and is no answer is said to be what it is."""

import json
from typing import Any

import pytest

from s3audit.collectors.live.answers import Answer, Told, Unseen
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.operations import TABLE
from s3audit.demo import faults
from s3audit.demo.faults import Fault
from s3audit.demo.server import Server
from tests.live.transport.conftest import Make

BUCKET = {"Bucket": "orders"}
CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("s3:GetBucketVersioning", BUCKET),
    ("s3:GetBucketPolicy", BUCKET),
    ("s3:ListBucketInventoryConfigurations", BUCKET),
    ("s3control:GetPublicAccessBlock", {"AccountId": "123456789012"}),
    ("cloudfront:ListDistributions", {}),
    ("cloudtrail:DescribeTrails", {}),
    ("kms:ListAliases", {}),
    ("iam:GetRole", {"RoleName": "a"}),
    ("ec2:DescribeVpcs", {}),
    ("macie2:GetMacieSession", {}),
    ("sqs:GetQueueUrl", {"QueueName": "a"}),
)
BY_ID = {one.id: one for one in TABLE}


def asked(made: Make, server: Server, call: str, parameters: dict[str, Any], fault: Fault) -> Answer:
    server.world.bucket("orders")
    server.world.faults.add(fault, call)
    return Asker(made(attempts=2)).ask(BY_ID[call], "it", parameters)


@pytest.mark.parametrize(("call", "parameters"), CALLS)
@pytest.mark.parametrize(
    "page", [b"<!doctype html>\n<html><body>Sign in</body></html>", b"\n <HTML lang='en'></HTML>"]
)
def test_a_web_page_is_called_one(
    made: Make, server: Server, call: str, parameters: dict[str, Any], page: bytes
) -> None:
    server.world.bucket("orders")
    server.world.faults.add(Fault("raw", body=page, content_type="text/html"), call)
    transport = made(attempts=2)
    answer = Asker(transport).ask(BY_ID[call], "it", parameters)
    assert answer == Unseen("unexpected", f"{call} was answered with a web page")
    # Another try would be answered with another page.
    assert server.world.requests == {call: 1}
    assert transport.requests == 1


@pytest.mark.parametrize(("call", "parameters"), [one for one in CALLS if one[0] != "s3:GetBucketPolicy"])
def test_what_is_nothing_that_can_be_read_is_called_so(
    made: Make, server: Server, hasty: None, call: str, parameters: dict[str, Any]
) -> None:
    match asked(made, server, call, parameters, faults.garbage()):
        case Unseen("failed", why, "", _, True):
            assert why == f"{call} failed, the answer can't be read"
        case other:
            raise AssertionError(other)


def test_an_error_in_an_answer_that_is_none_stays_one(made: Make, server: Server, hasty: None) -> None:
    """S3 may find out that it can't after it has begun to answer."""
    body = b"<Error><Code>InternalError</Code><Message>Try again.</Message></Error>"
    answer = asked(made, server, "s3:GetBucketVersioning", BUCKET, Fault("raw", body=body))
    said = "s3:GetBucketVersioning failed (InternalError)"
    assert answer == Unseen("failed", said, "InternalError", "Try again.", passing=True)
    assert server.world.requests == {"s3:GetBucketVersioning": 2}


def test_a_policy_with_a_page_in_it_is_a_policy(made: Make, server: Server) -> None:
    server.world.bucket("orders")
    policy = json.dumps({"Version": "2012-10-17", "Id": "<!doctype html><html>", "Statement": []})
    server.client("s3").put_bucket_policy(Bucket="orders", Policy=policy)
    server.world.requests.clear()
    transport = made()
    answer = Asker(transport).ask(BY_ID["s3:GetBucketPolicy"], "it", BUCKET)
    assert answer == Told({"Policy": policy})


@pytest.mark.parametrize(("call", "parameters"), CALLS)
def test_only_of_a_bucket_is_it_said_that_it_is_another_accounts(
    made: Make, server: Server, call: str, parameters: dict[str, Any]
) -> None:
    answer = asked(made, server, call, parameters, faults.refused("MethodNotAllowed", status=405))
    assert isinstance(answer, Unseen)
    if call == "s3:GetBucketPolicy":
        # Whoever may read it and is of another account is told so by this very code.
        assert (answer.reason, answer.why) == (
            "denied",
            f"{call} was denied, by which S3 says that the bucket belongs to another account (MethodNotAllowed)",
        )
    else:
        assert (answer.reason, answer.why) == ("failed", f"{call} failed (MethodNotAllowed)")
    assert not answer.passing


@pytest.mark.parametrize(("call", "parameters"), CALLS)
def test_who_is_denied_is_told_the_permission_and_no_more(
    made: Make, server: Server, call: str, parameters: dict[str, Any]
) -> None:
    answer = asked(made, server, call, parameters, faults.denied())
    assert isinstance(answer, Unseen)
    assert answer.why == f"{call} was denied, it needs the permission {BY_ID[call].action}"
