"""Topics, queues, functions and what is attached to them."""

from s3audit.collectors.documents.shape import Shape, absent, document, flag, text, word
from s3audit.collectors.terraform.tables.common import TAGS, attached, part, policy_of
from s3audit.model.target import Function, FunctionPermission, Queue, Subscription, Topic

TABLES = {
    "aws_sns_topic": Shape(
        Topic,
        {
            "name": text("name"),
            "policy": document("policy"),
            "kms_key": text("kms_master_key_id"),
            "fifo": flag("fifo_topic"),
            "subscriptions": absent(),
            "tags": TAGS,
        },
    ),
    "aws_sns_topic_policy": policy_of("topic", "arn"),
    "aws_sns_topic_subscription": attached(
        "topic",
        "subscriptions",
        "topic_arn",
        part(Shape(Subscription, {"protocol": word("protocol"), "endpoint": text("endpoint")})),
    ),
    "aws_sqs_queue": Shape(
        Queue,
        {
            "name": text("name"),
            "policy": document("policy"),
            "kms_key": text("kms_master_key_id"),
            "managed_sse": flag("sqs_managed_sse_enabled"),
            "fifo": flag("fifo_queue"),
            "tags": TAGS,
        },
    ),
    "aws_sqs_queue_policy": policy_of("queue", "queue_url"),
    "aws_lambda_function": Shape(
        Function,
        {
            "name": text("function_name"),
            "role": text("role"),
            "policy": absent(),
            "permissions": absent(),
            "kms_key": text("kms_key_arn"),
            "recursive_loop": absent(),
            "event_sources": absent(),
            "tags": TAGS,
        },
    ),
    "aws_lambda_function_recursion_config": attached(
        "function", "recursive_loop", "function_name", word("recursive_loop")
    ),
    "aws_lambda_permission": attached(
        "function",
        "permissions",
        "function_name",
        part(
            Shape(
                FunctionPermission,
                {
                    "action": text("action"),
                    "principal": text("principal"),
                    "source_arn": text("source_arn"),
                    "source_account": text("source_account"),
                    "organization": text("principal_org_id"),
                    "qualifier": text("qualifier"),
                },
            )
        ),
    ),
    "aws_lambda_event_source_mapping": attached(
        "function", "event_sources", "function_name", text("event_source_arn")
    ),
}
