"""Topics, queues, functions, load balancers, DNS records."""

import json

import pytest

from s3audit.model.target import Function, Queue, Topic
from tests.terraform.filling import filled, joined, plain, told, unwritten

POLICY = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": "*"}]}
WRITTEN = json.dumps(POLICY)


def test_a_topic_with_what_stands_beside_it() -> None:
    (topic,) = joined(
        Topic,
        (
            "aws_sns_topic",
            {"name": "events", "kms_master_key_id": "alias/x", "fifo_topic": True, "tags": {"a": "b"}},
        ),
        ("aws_sns_topic_policy", {"arn": "arn:aws:sns:eu-west-1:111122223333:events", "policy": WRITTEN}),
        (
            "aws_sns_topic_subscription",
            {
                "topic_arn": "arn:aws:sns:eu-west-1:111122223333:events",
                "protocol": "sqs",
                "endpoint": "arn:q",
            },
        ),
    )
    assert told(topic) == {
        "name": "events",
        "policy": POLICY,
        "kms_key": "alias/x",
        "fifo": True,
        "subscriptions": [{"protocol": "sqs", "endpoint": "arn:q"}],
        "tags": [{"key": "a", "value": "b"}],
    }


def test_a_topic_that_says_little_and_one_with_a_policy_in_it() -> None:
    assert unwritten(filled("aws_sns_topic", {"kms_master_key_id": "", "policy": ""})) == {
        "policy": None,
        "kms_key": None,
        "fifo": False,
        "subscriptions": [],
        "tags": [],
    }
    assert told(filled("aws_sns_topic", {"policy": WRITTEN})) == {"policy": POLICY}


def test_a_queue_with_what_stands_beside_it() -> None:
    (queue,) = joined(
        Queue,
        (
            "aws_sqs_queue",
            {
                "name": "events.fifo",
                "kms_master_key_id": "alias/x",
                "sqs_managed_sse_enabled": False,
                "fifo_queue": True,
                "tags": {"a": "b"},
            },
        ),
        (
            "aws_sqs_queue_policy",
            {
                "queue_url": "https://sqs.eu-west-1.amazonaws.com/111122223333/events.fifo",
                "policy": WRITTEN,
            },
        ),
    )
    assert told(queue) == {
        "name": "events.fifo",
        "policy": POLICY,
        "kms_key": "alias/x",
        "managed_sse": False,
        "fifo": True,
        "tags": [{"key": "a", "value": "b"}],
    }
    assert unwritten(filled("aws_sqs_queue", {})) == {
        "policy": None,
        "kms_key": None,
        "managed_sse": True,
        "fifo": False,
        "tags": [],
    }
    assert told(filled("aws_sqs_queue", {"policy": WRITTEN})) == {"policy": POLICY}


def test_a_function_with_what_stands_beside_it() -> None:
    (function,) = joined(
        Function,
        (
            "aws_lambda_function",
            {"function_name": "resize", "role": "arn:role", "kms_key_arn": "arn:key", "tags": {"a": "b"}},
        ),
        ("aws_lambda_function_recursion_config", {"function_name": "resize", "recursive_loop": "Allow"}),
        (
            "aws_lambda_permission",
            {
                "function_name": "resize",
                "action": "lambda:InvokeFunction",
                "principal": "s3.amazonaws.com",
                "source_arn": "arn:aws:s3:::in",
                "source_account": "111122223333",
                "principal_org_id": "o-1",
                "qualifier": "live",
            },
        ),
        (
            "aws_lambda_permission",
            {"function_name": "arn:aws:lambda:eu-west-1:111122223333:function:resize", "principal": "*"},
        ),
        ("aws_lambda_event_source_mapping", {"function_name": "resize", "event_source_arn": "arn:queue"}),
    )
    assert told(function) == {
        "name": "resize",
        "role": "arn:role",
        "permissions": [
            {
                "action": "lambda:InvokeFunction",
                "principal": "s3.amazonaws.com",
                "source_arn": "arn:aws:s3:::in",
                "source_account": "111122223333",
                "organization": "o-1",
                "qualifier": "live",
            },
            {"principal": "*"},
        ],
        "kms_key": "arn:key",
        "recursive_loop": "Allow",
        "event_sources": ["arn:queue"],
        "tags": [{"key": "a", "value": "b"}],
    }
    assert unwritten(filled("aws_lambda_function", {"function_name": "f", "role": "r"})) == {
        "policy": None,
        "permissions": [],
        "kms_key": None,
        "recursive_loop": "Terminate",
        "event_sources": [],
        "tags": [],
    }


@pytest.mark.parametrize("type_name", ["aws_lb", "aws_alb"])
def test_a_load_balancer(type_name: str) -> None:
    balancer = filled(
        type_name,
        {
            "name": "front",
            "load_balancer_type": "network",
            "access_logs": [{"bucket": "logs", "prefix": "lb", "enabled": True}],
            "connection_logs": [{"bucket": "connections", "prefix": "c", "enabled": False}],
            "tags": {"a": "b"},
        },
    )
    assert told(balancer) == {
        "name": "front",
        "type": "network",
        "access_logs": True,
        "access_log_bucket": "logs",
        "access_log_prefix": "lb",
        "connection_logs": False,
        "connection_log_bucket": "connections",
        "connection_log_prefix": "c",
        "tags": [{"key": "a", "value": "b"}],
    }


def test_a_load_balancer_without_logs() -> None:
    empty = filled("aws_lb", {"access_logs": [], "connection_logs": []})
    assert unwritten(empty) == unwritten(filled("aws_lb", {}))
    assert unwritten(empty) == {
        "name": None,
        "type": "application",
        "access_logs": False,
        "access_log_bucket": None,
        "access_log_prefix": None,
        "connection_logs": False,
        "connection_log_bucket": None,
        "connection_log_prefix": None,
        "tags": [],
    }


def test_a_block_of_logs_must_say_that_it_is_enabled() -> None:
    assert plain(filled("aws_lb", {"access_logs": [{"bucket": "logs"}]}).access_logs) is False


@pytest.mark.parametrize(
    ("logs", "enabled"),
    [
        ([{"bucket": "logs"}], True),
        ([{"bucket": "logs", "enabled": None}], True),
        ([{"bucket": "logs", "enabled": False}], False),
        ({"bucket": "logs"}, True),
        ([], False),
        (None, False),
    ],
)
def test_but_that_of_a_classic_load_balancer_is_enabled_unless_it_says_otherwise(
    logs: object, enabled: bool
) -> None:
    assert plain(filled("aws_elb", {"access_logs": logs}).access_logs) is enabled


def test_a_classic_load_balancer() -> None:
    balancer = filled(
        "aws_elb",
        {
            "name": "front",
            "access_logs": [{"bucket": "logs", "bucket_prefix": "lb", "enabled": True}],
            "tags": {"a": "b"},
        },
    )
    assert told(balancer) == {
        "name": "front",
        "type": "classic",
        "access_logs": True,
        "access_log_bucket": "logs",
        "access_log_prefix": "lb",
        "tags": [{"key": "a", "value": "b"}],
    }


def test_dns_records() -> None:
    alias = filled(
        "aws_route53_record",
        {
            "zone_id": "Z1",
            "name": "www.example.com",
            "type": "A",
            "alias": [{"name": "s3-website-eu-west-1.amazonaws.com", "zone_id": "Z2"}],
        },
    )
    assert told(alias) == {
        "name": "www.example.com",
        "type": "A",
        "zone": "Z1",
        "alias": "s3-website-eu-west-1.amazonaws.com",
        "alias_zone": "Z2",
    }
    direct = filled(
        "aws_route53_record",
        {
            "zone_id": "Z1",
            "name": "files.example.com",
            "type": "CNAME",
            "records": ["files.example.com.s3.amazonaws.com"],
            "alias": [],
        },
    )
    assert plain(direct.values) == ["files.example.com.s3.amazonaws.com"]
    assert unwritten(direct) == {"alias": None, "alias_zone": None}
