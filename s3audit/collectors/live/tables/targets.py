"""Topics, queues and functions, from the answers about them."""

from s3audit.collectors.documents.shape import Shape, absent, document, flag, listed, text, word
from s3audit.model.target import Function, Queue, Subscription, Topic

_TOPIC = "GetTopicAttributes.Attributes."
_QUEUE = "GetQueueAttributes.Attributes."

TOPIC = Shape(
    Topic,
    {
        "name": text("item.Name"),
        "policy": document(_TOPIC + "Policy"),
        "kms_key": text(_TOPIC + "KmsMasterKeyId"),
        "fifo": flag(_TOPIC + "FifoTopic"),
        "subscriptions": listed(
            "ListSubscriptionsByTopic.Subscriptions",
            Shape(Subscription, {"protocol": word("Protocol"), "endpoint": text("Endpoint")}),
        ),
    },
)
QUEUE = Shape(
    Queue,
    {
        "name": text("item.Name"),
        "url": text("GetQueueUrl.QueueUrl"),
        "policy": document(_QUEUE + "Policy"),
        "kms_key": text(_QUEUE + "KmsMasterKeyId"),
        "managed_sse": flag(_QUEUE + "SqsManagedSseEnabled"),
        "fifo": flag(_QUEUE + "FifoQueue"),
    },
)
# The role and the key of a function stand beside its environment, which may hold secrets: they are not asked for.
FUNCTION = Shape(
    Function,
    {
        "name": text("item.Name"),
        "policy": document("GetPolicy.Policy"),
        "permissions": absent(),
        "recursive_loop": word("GetFunctionRecursionConfig.RecursiveLoop"),
        "event_sources": listed("ListEventSourceMappings.EventSourceArns", text("")),
    },
)
