"""What the events of a bucket go to."""

from s3audit.model.target import Function, FunctionPermission, Queue, Subscription, Topic
from tests.terraform.emit.form import Argument, Arguments
from tests.terraform.emit.writer import Writer


def topic(writer: Writer, t: Topic) -> None:
    arguments: Arguments = {
        "name": writer.own_name(t, demanded=False),
        "kms_master_key_id": writer.text(t.kms_key),
        "fifo_topic": writer.flag(t.fifo),
        "tags": writer.tags(t.tags),
    }
    policy = writer.document(t.policy)
    beside = writer.chance.random() < 0.5
    if not beside:
        arguments["policy"] = policy
    writer.block("aws_sns_topic", writer.name(t), arguments)
    arn = writer.reference(t, "arn")
    if beside and policy is not None:
        writer.block("aws_sns_topic_policy", writer.name(t), {"arn": arn, "policy": policy})
    for one in writer.each(t.subscriptions):
        writer.block("aws_sns_topic_subscription", writer.name(t), _subscription(writer, arn, one))


def _subscription(writer: Writer, arn: Argument, one: Subscription) -> Arguments:
    return {"topic_arn": arn, "protocol": writer.word(one.protocol), "endpoint": writer.text(one.endpoint)}


def queue(writer: Writer, q: Queue) -> None:
    arguments: Arguments = {
        "name": writer.own_name(q, demanded=False),
        "kms_master_key_id": writer.text(q.kms_key),
        "sqs_managed_sse_enabled": writer.flag(q.managed_sse),
        "fifo_queue": writer.flag(q.fifo),
        "tags": writer.tags(q.tags),
    }
    policy = writer.document(q.policy)
    beside = writer.chance.random() < 0.5
    if not beside:
        arguments["policy"] = policy
    writer.block("aws_sqs_queue", writer.name(q), arguments)
    if beside and policy is not None:
        url = writer.reference(q, writer.chance.choice(("id", "url")))
        writer.block("aws_sqs_queue_policy", writer.name(q), {"queue_url": url, "policy": policy})


def function(writer: Writer, f: Function) -> None:
    arguments: Arguments = {
        "function_name": writer.own_name(f),
        "role": writer.text(f.role),
        "kms_key_arn": writer.text(f.kms_key),
        "handler": "index.handler",
        "runtime": "python3.13",
        "filename": "function.zip",
        "tags": writer.tags(f.tags),
    }
    writer.block("aws_lambda_function", writer.name(f), arguments)
    loop = writer.word(f.recursive_loop)
    if loop is not None:
        config: Arguments = {"function_name": writer.reference(f, "function_name"), "recursive_loop": loop}
        writer.block("aws_lambda_function_recursion_config", writer.name(f), config)
    for permission in writer.each(f.permissions):
        writer.block("aws_lambda_permission", writer.name(f), _permission(writer, f, permission))
    for source in writer.each(f.event_sources):
        mapping: Arguments = {
            "function_name": writer.reference(f, writer.chance.choice(("arn", "function_name"))),
            "event_source_arn": writer.said(source),
        }
        writer.block("aws_lambda_event_source_mapping", writer.name(f), mapping)


def _permission(writer: Writer, f: Function, permission: FunctionPermission) -> Arguments:
    return {
        "function_name": writer.reference(f, "function_name"),
        "action": writer.text(permission.action),
        "principal": writer.text(permission.principal),
        "source_arn": writer.text(permission.source_arn),
        "source_account": writer.text(permission.source_account),
        "principal_org_id": writer.text(permission.organization),
        "qualifier": writer.text(permission.qualifier),
    }
