"""Topics, queues, functions and what is attached to them."""

from s3audit.collectors.cloudformation.tables.common import TAGS, attached, part, policy_of
from s3audit.collectors.documents.shape import Shape, absent, flag, listed, text, word
from s3audit.model.target import Function, FunctionPermission, Queue, Subscription, Topic

_SUBSCRIPTION = Shape(Subscription, {"protocol": word("Protocol"), "endpoint": text("Endpoint")})

TABLES = {
    "AWS::SNS::Topic": Shape(
        Topic,
        {
            "name": text("TopicName"),
            "policy": absent(),
            "kms_key": text("KmsMasterKeyId"),
            "fifo": flag("FifoTopic"),
            "subscriptions": listed("Subscription", _SUBSCRIPTION),
            "tags": TAGS,
        },
    ),
    "AWS::SNS::TopicPolicy": policy_of("topic", "Topics", "PolicyDocument"),
    "AWS::SNS::TopicInlinePolicy": policy_of("topic", "TopicArn", "PolicyDocument"),
    "AWS::SNS::Subscription": attached("topic", "subscriptions", "TopicArn", part(_SUBSCRIPTION)),
    "AWS::SQS::Queue": Shape(
        Queue,
        {
            "name": text("QueueName"),
            "policy": absent(),
            "kms_key": text("KmsMasterKeyId"),
            "managed_sse": flag("SqsManagedSseEnabled"),
            "fifo": flag("FifoQueue"),
            "tags": TAGS,
        },
    ),
    "AWS::SQS::QueuePolicy": policy_of("queue", "Queues", "PolicyDocument"),
    "AWS::SQS::QueueInlinePolicy": policy_of("queue", "Queue", "PolicyDocument"),
    "AWS::Lambda::Function": Shape(
        Function,
        {
            "name": text("FunctionName"),
            "role": text("Role"),
            "policy": absent(),
            "permissions": absent(),
            "kms_key": text("KmsKeyArn"),
            "recursive_loop": word("RecursiveLoop"),
            "event_sources": absent(),
            "tags": TAGS,
        },
    ),
    "AWS::Lambda::Permission": attached(
        "function",
        "permissions",
        "FunctionName",
        part(
            Shape(
                FunctionPermission,
                {
                    "action": text("Action"),
                    "principal": text("Principal"),
                    "source_arn": text("SourceArn"),
                    "source_account": text("SourceAccount"),
                    "organization": text("PrincipalOrgID"),
                    "qualifier": absent(),
                },
            )
        ),
    ),
    "AWS::Lambda::EventSourceMapping": attached(
        "function", "event_sources", "FunctionName", text("EventSourceArn")
    ),
}
