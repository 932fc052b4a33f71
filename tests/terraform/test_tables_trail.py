"""CloudTrail, event data stores, metric filters, alarms and event rules."""

import json

import pytest

from s3audit.model.trail import EventRule
from tests.terraform.filling import filled, joined, plain, told, unwritten

SELECTOR = {
    "name": "writes",
    "field_selector": [
        {"field": "eventCategory", "equals": ["Data"]},
        {
            "field": "resources.ARN",
            "equals": None,
            "not_equals": ["arn:1"],
            "starts_with": ["arn:2"],
            "not_starts_with": ["arn:3"],
            "ends_with": ["4"],
            "not_ends_with": ["5"],
        },
    ],
}
SELECTED = {
    "name": "writes",
    "fields": [
        {"field": "eventCategory", "equals": ["Data"]},
        {
            "field": "resources.ARN",
            "not_equals": ["arn:1"],
            "starts_with": ["arn:2"],
            "not_starts_with": ["arn:3"],
            "ends_with": ["4"],
            "not_ends_with": ["5"],
        },
    ],
}


def test_a_trail() -> None:
    trail = filled(
        "aws_cloudtrail",
        {
            "name": "all",
            "s3_bucket_name": "logs",
            "s3_key_prefix": "trail",
            "enable_logging": False,
            "is_multi_region_trail": True,
            "is_organization_trail": True,
            "include_global_service_events": False,
            "enable_log_file_validation": True,
            "kms_key_id": "arn:key",
            "cloud_watch_logs_group_arn": "arn:group:*",
            "cloud_watch_logs_role_arn": "arn:role",
            "sns_topic_name": "told",
            "event_selector": [
                {
                    "read_write_type": "WriteOnly",
                    "include_management_events": False,
                    "exclude_management_event_sources": ["kms.amazonaws.com"],
                    "data_resource": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}],
                }
            ],
            "advanced_event_selector": [SELECTOR],
            "insight_selector": [{"insight_type": "ApiCallRateInsight"}],
            "tags": {"a": "b"},
        },
    )
    assert told(trail) == {
        "name": "all",
        "bucket": "logs",
        "prefix": "trail",
        "logging": False,
        "multi_region": True,
        "organization": True,
        "global_events": False,
        "file_validation": True,
        "kms_key": "arn:key",
        "log_group": "arn:group:*",
        "log_role": "arn:role",
        "topic": "told",
        "selectors": [
            {
                "read_write": "WriteOnly",
                "management_events": False,
                "excluded_sources": ["kms.amazonaws.com"],
                "data_resources": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}],
            }
        ],
        "advanced_selectors": [SELECTED],
        "insights": ["ApiCallRateInsight"],
        "tags": [{"key": "a", "value": "b"}],
    }


def test_what_the_provider_sends_for_a_trail_that_says_little() -> None:
    trail = filled("aws_cloudtrail", {"name": "all", "s3_bucket_name": "logs", "kms_key_id": ""})
    assert told(trail) == {"name": "all", "bucket": "logs"}
    assert unwritten(trail) == {
        "prefix": None,
        "logging": True,
        "multi_region": False,
        "organization": False,
        "global_events": True,
        "file_validation": False,
        "kms_key": None,
        "log_group": None,
        "log_role": None,
        "topic": None,
        "selectors": [],
        "advanced_selectors": [],
        "insights": [],
        "tags": [],
    }


def test_a_selector_that_says_little() -> None:
    (selector,) = filled("aws_cloudtrail", {"event_selector": [{}]}).selectors.value
    assert unwritten(selector.value) == {
        "read_write": "All",
        "management_events": True,
        "excluded_sources": [],
        "data_resources": [],
    }


def test_an_event_data_store() -> None:
    store = filled(
        "aws_cloudtrail_event_data_store",
        {
            "name": "lake",
            "suspend": "true",
            "multi_region_enabled": False,
            "organization_enabled": True,
            "kms_key_id": "arn:key",
            "retention_period": 30,
            "advanced_event_selector": [SELECTOR],
            "tags": {"a": "b"},
        },
    )
    assert told(store) == {
        "name": "lake",
        "ingestion": False,
        "multi_region": False,
        "organization": True,
        "kms_key": "arn:key",
        "retention_days": 30,
        "advanced_selectors": [SELECTED],
        "tags": [{"key": "a", "value": "b"}],
    }
    assert unwritten(filled("aws_cloudtrail_event_data_store", {"name": "lake"})) == {
        "ingestion": True,
        "multi_region": True,
        "organization": False,
        "kms_key": None,
        "retention_days": 2555,
        "advanced_selectors": [],
        "tags": [],
    }


@pytest.mark.parametrize(("suspend", "ingestion"), [("false", True), (False, True), (True, False)])
def test_a_store_ingests_unless_it_is_suspended(suspend: object, ingestion: bool) -> None:
    store = filled("aws_cloudtrail_event_data_store", {"suspend": suspend})
    assert plain(store.ingestion) is ingestion


def test_a_metric_filter_and_an_alarm() -> None:
    metric_filter = filled(
        "aws_cloudwatch_log_metric_filter",
        {
            "name": "policy changes",
            "log_group_name": "trail",
            "pattern": "{ $.eventName = PutBucketPolicy }",
            "metric_transformation": [{"name": "changes", "namespace": "s3", "value": "1"}],
        },
    )
    assert told(metric_filter) == {
        "name": "policy changes",
        "log_group": "trail",
        "pattern": "{ $.eventName = PutBucketPolicy }",
        "metrics": [{"name": "changes", "namespace": "s3"}],
    }
    alarm = filled(
        "aws_cloudwatch_metric_alarm",
        {
            "alarm_name": "changed",
            "metric_name": "changes",
            "namespace": "s3",
            "alarm_actions": ["arn:topic"],
            "actions_enabled": False,
            "tags": {"a": "b"},
        },
    )
    assert told(alarm) == {
        "name": "changed",
        "metric": "changes",
        "namespace": "s3",
        "actions": ["arn:topic"],
        "actions_enabled": False,
        "tags": [{"key": "a", "value": "b"}],
    }
    assert plain(filled("aws_cloudwatch_metric_alarm", {"alarm_name": "x"}).actions_enabled) is True


def test_an_event_rule_with_its_targets() -> None:
    pattern = {"source": ["aws.s3"]}
    (rule,) = joined(
        EventRule,
        (
            "aws_cloudwatch_event_rule",
            {
                "name": "changes",
                "event_bus_name": "default",
                "state": "DISABLED",
                "event_pattern": json.dumps(pattern),
                "tags": {"a": "b"},
            },
        ),
        (
            "aws_cloudwatch_event_target",
            {"rule": "changes", "target_id": "t", "arn": "arn:1", "role_arn": "r"},
        ),
        ("aws_cloudwatch_event_target", {"rule": "changes", "arn": "arn:2"}),
        ("aws_cloudwatch_event_target", {"rule": "else", "arn": "arn:3"}),
    )
    assert told(rule) == {
        "name": "changes",
        "bus": "default",
        "state": "DISABLED",
        "pattern": pattern,
        "targets": [{"id": "t", "target": "arn:1", "role": "r"}, {"target": "arn:2"}],
        "tags": [{"key": "a", "value": "b"}],
    }


@pytest.mark.parametrize(
    ("arguments", "state"),
    [
        ({}, "ENABLED"),
        ({"is_enabled": False}, "DISABLED"),
        ({"is_enabled": True, "state": None}, "ENABLED"),
        (
            {"state": "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"},
            "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
        ),
    ],
)
def test_the_older_way_to_disable_a_rule(arguments: dict[str, object], state: str) -> None:
    assert plain(filled("aws_cloudwatch_event_rule", arguments).state) == state
