"""Topics, queues and functions that something refers to, and buckets that no listing has shown."""

import json

import pytest

from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.named import read_named
from s3audit.collectors.live.place import Place
from s3audit.demo.faults import denied, failing
from s3audit.demo.server import Server
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from tests.live.neighbours.conftest import REGION
from tests.live.neighbours.seen import calls, only, own, plain, whose

HERE = ("123456789012", "eu-west-1")
TOPIC = "arn:aws:sns:eu-west-1:123456789012:events"
QUEUE = "arn:aws:sqs:eu-west-1:999999999999:jobs.fifo"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:resize"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "a:b"}]}


def read(asker: Asker, place: Place, kind: str, name: str) -> Resource:
    region = "" if kind == "bucket" else REGION
    return only(read_named(asker, place, region, [(kind, name)]).resources)


def tell_topic(server: Server, **more: str) -> None:
    attributes = {"TopicArn": TOPIC, "Owner": "123456789012", "Policy": json.dumps(POLICY)} | more
    server.world.tell("sns:GetTopicAttributes", {"Attributes": attributes}, {"TopicArn": TOPIC})
    subscribed = [
        {"SubscriptionArn": f"{TOPIC}:{number}", "Protocol": "sqs", "Endpoint": f"arn:aws:sqs:::{number}"}
        for number in range(3)
    ]
    asked = {"TopicArn": TOPIC}
    server.world.tell("sns:ListSubscriptionsByTopic", {"Subscriptions": subscribed}, asked, page=2)


def test_a_topic_is_told_with_its_subscriptions(server: Server, asker: Asker, place: Place) -> None:
    tell_topic(server, KmsMasterKeyId="alias/aws/sns", FifoTopic="true")
    topic = read(asker, place, "topic", TOPIC)
    assert whose(topic) == (TOPIC, *HERE)
    assert own(topic) == {
        "name": "events",
        "policy": POLICY,
        "kms_key": "alias/aws/sns",
        "fifo": True,
        "subscriptions": [{"protocol": "sqs", "endpoint": f"arn:aws:sqs:::{number}"} for number in range(3)],
    }
    assert calls(topic)["policy"] == "sns:GetTopicAttributes"
    assert calls(topic)["subscriptions"] == "sns:ListSubscriptionsByTopic"
    assert server.world.requests["kms:DescribeKey"] == 0


def test_a_plain_topic_has_no_key(server: Server, asker: Asker, place: Place) -> None:
    tell_topic(server)
    topic = own(read(asker, place, "topic", TOPIC))
    assert (topic["kms_key"], topic["fifo"]) == (None, False)


def test_the_key_of_a_topic_is_read_with_it(server: Server, asker: Asker, place: Place) -> None:
    tell_topic(server, KmsMasterKeyId=KEY)
    server.world.refuse("kms:DescribeKey", "NotFoundException", when={"KeyId": KEY})
    found = read_named(asker, place, REGION, [("topic", TOPIC)])
    assert [one.address for one in found.resources] == [KEY, TOPIC]
    assert plain(found.resources[0].exists) is False


def tell_queue(server: Server, **attributes: str) -> None:
    url = f"{server.url}/999999999999/jobs.fifo"
    asked = {"QueueName": "jobs.fifo", "QueueOwnerAWSAccountId": "999999999999"}
    server.world.tell("sqs:GetQueueUrl", {"QueueUrl": url}, asked)
    server.world.tell("sqs:GetQueueAttributes", {"Attributes": attributes}, {"QueueUrl": url})


def test_a_queue_is_told(server: Server, asker: Asker, place: Place) -> None:
    tell_queue(server, Policy=json.dumps(POLICY), KmsMasterKeyId="alias/aws/sqs", FifoQueue="true")
    queue = read(asker, place, "queue", QUEUE)
    assert whose(queue) == (QUEUE, "999999999999", "eu-west-1")
    assert own(queue) == {
        "name": "jobs.fifo",
        "url": f"{server.url}/999999999999/jobs.fifo",
        "policy": POLICY,
        "kms_key": "alias/aws/sqs",
        "managed_sse": "? the answer does not tell it",
        "fifo": True,
    }
    assert calls(queue)["url"] == "sqs:GetQueueUrl"
    assert calls(queue)["policy"] == "sqs:GetQueueAttributes"


@pytest.mark.parametrize("told", ["true", "false"])
def test_a_plain_queue_says_how_it_is_encrypted(
    server: Server, asker: Asker, place: Place, told: str
) -> None:
    tell_queue(server, SqsManagedSseEnabled=told)
    queue = own(read(asker, place, "queue", QUEUE))
    assert (queue["managed_sse"], queue["policy"], queue["kms_key"]) == (told == "true", None, None)
    assert queue["fifo"] is False


def tell_function(server: Server) -> None:
    world = server.world
    world.tell("lambda:GetFunctionRecursionConfig", {"RecursiveLoop": "Allow"}, {"FunctionName": FUNCTION})
    world.tell("lambda:GetPolicy", {"Policy": json.dumps(POLICY)}, {"FunctionName": FUNCTION})
    for name in (FUNCTION, f"{FUNCTION}:live"):
        sources = [{"UUID": "1", "EventSourceArn": QUEUE}, {"UUID": "2"}]
        world.tell(
            "lambda:ListEventSourceMappings", {"EventSourceMappings": sources}, {"FunctionName": name}, page=1
        )


def test_a_function_is_told_without_its_environment(server: Server, asker: Asker, place: Place) -> None:
    tell_function(server)
    function = read(asker, place, "function", FUNCTION)
    assert (function.title, whose(function)) == ("resize", (FUNCTION, *HERE))
    assert own(function) == {
        "name": "resize",
        "role": "? no source has told it",
        "policy": POLICY,
        "permissions": [],
        "kms_key": "? no source has told it",
        "recursive_loop": "Allow",
        "event_sources": [QUEUE],
    }
    assert calls(function)["policy"] == "lambda:GetPolicy"
    assert calls(function)["recursive_loop"] == "lambda:GetFunctionRecursionConfig"
    assert calls(function)["event_sources"] == "lambda:ListEventSourceMappings"
    assert not {"lambda:GetFunction", "lambda:GetFunctionConfiguration"} & set(server.world.requests)


def test_an_alias_of_a_function_has_a_policy_of_its_own(server: Server, asker: Asker, place: Place) -> None:
    tell_function(server)
    other = POLICY | {"Id": "live"}
    asked = {"FunctionName": FUNCTION, "Qualifier": "live"}
    server.world.tell("lambda:GetPolicy", {"Policy": json.dumps(other)}, asked)
    function = read(asker, place, "function", f"{FUNCTION}:live")
    assert whose(function)[0] == f"{FUNCTION}:live"
    assert (own(function)["name"], own(function)["policy"]) == ("resize", other)


def test_a_function_without_a_policy_is_told_from_one_that_is_not_there(
    server: Server, asker: Asker, place: Place
) -> None:
    tell_function(server)
    server.world.refuse("lambda:GetPolicy", "ResourceNotFoundException", status=404)
    assert own(read(asker, place, "function", FUNCTION))["policy"] is None
    server.world.faults.add(denied(), "lambda:GetFunctionRecursionConfig")
    function = read(asker, place, "function", FUNCTION)
    assert own(function)["policy"] == "? lambda:GetPolicy says ResourceNotFoundException"
    assert own(function)["recursive_loop"].startswith("? lambda:GetFunctionRecursionConfig was denied")


_FIRST_CALLS = {
    ("topic", TOPIC): "sns:GetTopicAttributes",
    ("queue", QUEUE): "sqs:GetQueueUrl",
    ("function", FUNCTION): "lambda:GetFunctionRecursionConfig",
}


@pytest.mark.parametrize(("name", "call"), _FIRST_CALLS.items())
def test_what_is_not_there_is_known_not_to_be(
    server: Server, asker: Asker, place: Place, name: tuple[str, str], call: str
) -> None:
    found = read(asker, place, *name)
    assert (plain(found.exists), found.exists.at.call) == (False, call)
    assert whose(found) == (name[1], name[1].split(":")[4], "eu-west-1")
    assert dict(server.world.requests) == {call: 1}
    assert asker.unseen == []


@pytest.mark.parametrize(("name", "call"), _FIRST_CALLS.items())
def test_of_what_is_denied_nothing_is_known(
    server: Server, asker: Asker, place: Place, name: tuple[str, str], call: str
) -> None:
    server.world.faults.add(denied(), "*")
    found = read(asker, place, *name)
    why = f"? {call} was denied, it needs the permission {call}"
    assert plain(found.exists) == why
    assert own(found)["policy"].startswith("? ")
    assert own(found)["name"] == name[1].split(":")[-1]


def head(asker: Asker, place: Place, name: str) -> Bucket:
    found = read(asker, place, "bucket", name)
    assert isinstance(found, Bucket)
    assert not found.is_declared
    assert (found.title, plain(found.name), plain(found.arn)) == (name, name, f"arn:aws:s3:::{name}")
    return found


def test_a_bucket_that_was_not_listed_may_be_there(server: Server, asker: Asker, place: Place) -> None:
    server.world.bucket("elsewhere", "us-west-2")
    found = head(asker, place, "elsewhere")
    assert (plain(found.exists), plain(found.region)) == (True, "us-west-2")
    assert found.exists.at.call == "s3:HeadBucket"


def test_a_bucket_that_is_not_there_is_known_not_to_be(server: Server, asker: Asker, place: Place) -> None:
    found = head(asker, place, "nobody-has-it")
    assert (plain(found.exists), asker.unseen) == (False, [])


def test_a_bucket_that_refuses_may_belong_to_anybody(server: Server, asker: Asker, place: Place) -> None:
    server.world.account("999999999999")
    server.world.bucket("theirs", "us-east-1", "999999999999")
    found = head(asker, place, "theirs")
    why = "was refused: it may belong to another account, and it may not be there"
    assert plain(found.exists) == f"? s3:HeadBucket {why}"
    assert asker.unseen == []


def test_a_bucket_about_which_the_store_fails_may_be_there(
    server: Server, asker: Asker, place: Place
) -> None:
    server.world.faults.add(failing(), "s3:HeadBucket")
    assert plain(head(asker, place, "shop").exists).startswith("? s3:HeadBucket failed")
    assert len(asker.unseen) == 1
