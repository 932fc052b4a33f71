"""The calls that tell about what others refer to: topics, queues, functions, buckets."""

from msgspec.structs import replace

from s3audit.collectors.live.operations.account import HEAD_BUCKET
from s3audit.collectors.live.operations.base import Operation, Pages

TOPIC = Operation(
    service="sns",
    name="GetTopicAttributes",
    action="sns:GetTopicAttributes",
    tells="who may publish to a topic, and its key",
    resource="arn:{partition}:sns:*:*:*",
    has=("Attributes",),
    absent=("NotFound",),
)
SUBSCRIPTIONS = Operation(
    service="sns",
    name="ListSubscriptionsByTopic",
    action="sns:ListSubscriptionsByTopic",
    tells="who is told of what a topic gets",
    resource="arn:{partition}:sns:*:*:*",
    has=("Subscriptions",),
    gone=("NotFound",),
    pages=Pages(("Subscriptions",), "NextToken", "NextToken"),
)
_NO_QUEUE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
QUEUE_URL = Operation(
    service="sqs",
    name="GetQueueUrl",
    action="sqs:GetQueueUrl",
    tells="where a queue is asked",
    resource="arn:{partition}:sqs:*:*:*",
    has=("QueueUrl",),
    absent=_NO_QUEUE,
)
QUEUE = Operation(
    service="sqs",
    name="GetQueueAttributes",
    action="sqs:GetQueueAttributes",
    tells="who may send to a queue, and its key",
    resource="arn:{partition}:sqs:*:*:*",
    has=("Attributes",),
    gone=_NO_QUEUE,
)
# GetFunction would hand out the code, and GetFunctionConfiguration the environment with what is secret in it.
RECURSION = Operation(
    service="lambda",
    name="GetFunctionRecursionConfig",
    action="lambda:GetFunctionRecursionConfig",
    tells="whether a function that calls itself is stopped",
    resource="arn:{partition}:lambda:*:*:function:*",
    has=("RecursiveLoop",),
    absent=("ResourceNotFoundException",),
)
FUNCTION_POLICY = Operation(
    service="lambda",
    name="GetPolicy",
    action="lambda:GetPolicy",
    tells="who may call a function",
    resource="arn:{partition}:lambda:*:*:function:*",
    has=("Policy",),
    absent=("ResourceNotFoundException",),
)
EVENT_SOURCES = Operation(
    service="lambda",
    name="ListEventSourceMappings",
    action="lambda:ListEventSourceMappings",
    tells="the queues and streams that feed a function",
    has=("EventSourceMappings",),
    gone=("ResourceNotFoundException",),
    pages=Pages(("EventSourceMappings",), "NextMarker", "Marker"),
)
# The buckets of others refuse, which is no permission that could be given.
NAMED_BUCKET = replace(HEAD_BUCKET, no_such=("403", "AccessDenied"))

OF_TARGETS: tuple[Operation, ...] = (
    TOPIC,
    SUBSCRIPTIONS,
    QUEUE_URL,
    QUEUE,
    RECURSION,
    FUNCTION_POLICY,
    EVENT_SOURCES,
)
