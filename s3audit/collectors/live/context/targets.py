"""What others refer to: one topic, queue or function, and a bucket that no listing has shown."""

from typing import Any

from s3audit.collectors.live.answers import Absent, Answer, Gone, NotApplicable, Told, Unseen
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.context.found import existence, missing
from s3audit.collectors.live.filler import ORIGIN
from s3audit.collectors.live.operations import Operation
from s3audit.collectors.live.operations import targets as operations
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.reading import filled
from s3audit.collectors.live.tables.targets import FUNCTION, QUEUE, TOPIC
from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.target import Function, Queue, Topic
from s3audit.setting import NOT_COLLECTED, Known, Setting, Unknown
from s3audit.text import Text

_QUEUE_ATTRIBUTES = ["Policy", "KmsMasterKeyId", "SqsManagedSseEnabled", "FifoQueue"]


def read_topic(asker: Asker, place: Place, region: str, arn: str) -> Resource:
    topic = asker.ask(operations.TOPIC, arn, {"TopicArn": arn}, region)
    if isinstance(topic, Absent):
        return missing(Topic, arn, operations.TOPIC)
    subscriptions = asker.ask(operations.SUBSCRIPTIONS, arn, {"TopicArn": arn}, region)
    if isinstance(subscriptions, Gone):
        return missing(Topic, arn, operations.SUBSCRIPTIONS)
    answers = [(operations.TOPIC, topic), (operations.SUBSCRIPTIONS, subscriptions)]
    return _made(TOPIC, arn, operations.TOPIC, answers, place, region)


def read_queue(asker: Asker, place: Place, region: str, arn: str) -> Resource:
    _, _, _, _, account, name = arn.split(":", 5)
    asked = {"QueueName": name, "QueueOwnerAWSAccountId": account}
    url = asker.ask(operations.QUEUE_URL, arn, asked, region)
    if isinstance(url, Absent):
        return missing(Queue, arn, operations.QUEUE_URL)
    queue: Answer = url
    if isinstance(url, Told):
        about = {"QueueUrl": url.document["QueueUrl"], "AttributeNames": _QUEUE_ATTRIBUTES}
        queue = asker.ask(operations.QUEUE, arn, about, region)
    if isinstance(queue, Gone):
        return missing(Queue, arn, operations.QUEUE)
    answers = [(operations.QUEUE_URL, url), (operations.QUEUE, queue)]
    return _made(QUEUE, arn, operations.QUEUE_URL, answers, place, region)


def read_function(asker: Asker, place: Place, region: str, arn: str) -> Resource:
    """A function, or one version or alias of it, which has a policy of its own."""
    unqualified = ":".join(arn.split(":")[:7])
    qualifier = arn[len(unqualified) + 1 :]
    named = {"FunctionName": unqualified}
    recursion = asker.ask(operations.RECURSION, arn, named, region)
    if isinstance(recursion, Absent):
        return missing(Function, arn, operations.RECURSION)
    asked = {**named, "Qualifier": qualifier} if qualifier else named
    policy = asker.ask(operations.FUNCTION_POLICY, arn, asked, region)
    if isinstance(policy, Absent) and isinstance(recursion, Unseen):
        # The same code says that there is no such function.
        policy = Unseen(recursion.reason, f"{operations.FUNCTION_POLICY.id} says {policy.code}")
    sources = asker.ask(operations.EVENT_SOURCES, arn, {"FunctionName": arn}, region)
    if isinstance(sources, Gone):
        return missing(Function, arn, operations.EVENT_SOURCES)
    if isinstance(sources, Told):
        mappings = sources.document["EventSourceMappings"]
        fed_by = [one["EventSourceArn"] for one in mappings if "EventSourceArn" in one]
        sources = Told({"EventSourceArns": fed_by})
    answers = [
        (operations.RECURSION, recursion),
        (operations.FUNCTION_POLICY, policy),
        (operations.EVENT_SOURCES, sources),
    ]
    return _made(FUNCTION, arn, operations.RECURSION, answers, place, region)


def _made(
    shape: Any,
    arn: str,
    call: Operation,
    answers: list[tuple[Operation, Answer]],
    place: Place,
    region: str,
) -> Resource:
    parts = arn.split(":")
    name = parts[6] if parts[2] == "lambda" else parts[5]
    exists = existence(arn, answers)
    return filled(
        shape,
        arn,
        {"Name": name},
        call,
        answers,
        place,
        region,
        title=name,
        account=Known(Text((parts[4],)), exists.at),
        exists=exists,
    )


def read_bucket(asker: Asker, place: Place, name: str) -> Resource:
    """A bucket of which nothing is known but that something refers to it: whether it is there, and where."""
    arn = f"arn:{place.partition}:s3:::{name}"
    at = Location(arn, arn, call=operations.NAMED_BUCKET.id)
    exists: Setting[bool] = Known(True, at)
    region: Setting[Text] = NOT_COLLECTED
    match asker.ask(operations.NAMED_BUCKET, name, {"Bucket": name}, place.home):
        case Told(document):
            if found := document.get("BucketRegion"):
                region = Known(Text((str(found),)), at)
        case Gone():
            exists = Known(False, at)
        case NotApplicable():
            why = "was refused: it may belong to another account, and it may not be there"
            exists = Unknown(f"{operations.NAMED_BUCKET.id} {why}", at)
        case Unseen(why=why):
            exists = Unknown(why, at)
        case _:
            exists = Unknown(f"{operations.NAMED_BUCKET.id} does not tell it", at)
    return Bucket(
        address=arn,
        at=at,
        origin=ORIGIN,
        exists=exists,
        title=name,
        is_declared=False,
        arn=Known(Text((arn,)), at),
        name=Known(Text((name,)), at),
        region=region,
    )
