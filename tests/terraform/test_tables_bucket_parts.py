"""What is declared beside a bucket."""

import json
from typing import Any

import pytest

from s3audit.collectors.documents.attachments import Attachment
from s3audit.collectors.terraform.tables import bucket_lists, bucket_outposts, bucket_parts, shape_for
from s3audit.model.base import Section, kind_of
from s3audit.model.bucket import Bucket
from s3audit.setting import Known, Unknown, Unset
from tests.terraform.bucket_examples import COMPLETE, RULE, RULE_SAYS
from tests.terraform.covering import unread
from tests.terraform.filling import UNKNOWN, filled, joined, plain, told, unwritten


def test_every_type_has_an_example() -> None:
    tables = {**bucket_parts.TABLES, **bucket_lists.TABLES, **bucket_outposts.TABLES}
    beside = {name for name, shape in tables.items() if shape.section is Attachment}
    assert set(COMPLETE) == beside


@pytest.mark.parametrize("name", sorted(COMPLETE))
def test_a_complete_declaration(name: str) -> None:
    arguments, field, value = COMPLETE[name]
    made = filled(name, {"bucket": "it", "expected_bucket_owner": "111122223333", **arguments})
    assert told(made) == {"kind": kind_of(Bucket), "field": field, "targets": ["it"], "value": value}
    assert unread(shape_for(name), made) == []


@pytest.mark.parametrize("name", sorted(COMPLETE))
def test_null_and_empty_lists_say_nothing(name: str) -> None:
    arguments, _, _ = COMPLETE[name]
    nothing, silent = filled(name, {key: empty(value) for key, value in arguments.items()}), filled(name, {})
    assert meaning(nothing.value) == meaning(silent.value)


def empty(value: Any) -> Any:
    """What a plan writes for an argument or a block that was left out."""
    return [] if isinstance(value, list) else None


def meaning(value: Any) -> Any:
    """What follows from a section, whether it is written there or not."""
    match value:
        case Known(Section() as section):
            return {**unwritten(section), **told(section)}
        case Unset(default):
            return default
        case other:
            return type(other)


def beside(name: str, arguments: dict[str, Any]) -> Any:
    """The section that a declaration beside a bucket makes of it."""
    return filled(name, {"bucket": "it", **arguments}).value.value


def rule(arguments: dict[str, Any], name: str = "aws_s3_bucket_lifecycle_configuration") -> Any:
    (only,) = beside(name, {"rule": [{"id": "one", "status": "Enabled", **arguments}]}).rules.value
    return only.value


def test_versioning_that_is_disabled_never_was_on() -> None:
    made = beside("aws_s3_bucket_versioning", {"versioning_configuration": [{"status": "Disabled"}]})
    assert told(made) == {"status": "Unversioned"}
    assert unwritten(made) == {"mfa_delete": "Disabled"}


def test_a_block_may_be_an_object() -> None:
    made = beside("aws_s3_bucket_versioning", {"versioning_configuration": {"status": "Suspended"}})
    assert told(made) == {"status": "Suspended"}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, {}),
        ({"prefix": "old/"}, {"prefix": "old/"}),
        ({"filter": []}, {}),
        ({"filter": [{}]}, {}),
        ({"filter": [{"prefix": "new/"}]}, {"prefix": "new/"}),
        ({"prefix": "", "filter": [{"prefix": "", "tag": [], "and": []}]}, {"tags": []}),
        (
            {"prefix": "", "filter": [{"prefix": "", "and": [], "tag": [{"key": "a", "value": "b"}]}]},
            {"tags": [{"key": "a", "value": "b"}]},
        ),
        ({"filter": [{"tag": [{"key": "a", "value": "b"}]}]}, {"tags": [{"key": "a", "value": "b"}]}),
        (
            {
                "filter": [
                    {"and": [{"prefix": "new/", "tags": {"a": "b", "c": "d"}}], "prefix": "", "tag": []}
                ]
            },
            {"prefix": "new/", "tags": [{"key": "a", "value": "b"}, {"key": "c", "value": "d"}]},
        ),
        (
            {"filter": [{"object_size_greater_than": "500", "object_size_less_than": ""}]},
            {"size_greater_than": 500},
        ),
        (
            {
                "filter": [
                    {"and": [{"prefix": "a", "object_size_greater_than": 0, "object_size_less_than": 9}]}
                ]
            },
            {"prefix": "a", "size_greater_than": 0, "size_less_than": 9},
        ),
    ],
)
def test_the_filter_of_a_lifecycle_rule(arguments: dict[str, Any], expected: dict[str, Any]) -> None:
    found = told(rule(arguments))
    assert found == {"id": "one", "status": "Enabled", **expected}


def test_zeros_of_older_versions_of_the_provider_say_nothing() -> None:
    made = rule(
        {
            "expiration": [{"date": "", "days": 0, "expired_object_delete_marker": True}],
            "noncurrent_version_expiration": [{"noncurrent_days": 0, "newer_noncurrent_versions": ""}],
            "abort_incomplete_multipart_upload": [{"days_after_initiation": 0}],
            "filter": [{"and": [{"object_size_less_than": 0, "prefix": "a", "tags": {"b": "c"}}]}],
        }
    )
    assert told(made) == {
        "id": "one",
        "status": "Enabled",
        "prefix": "a",
        "tags": [{"key": "b", "value": "c"}],
        "expired_delete_marker": True,
    }
    assert unwritten(made)["expiration_days"] is None


def test_objects_may_move_at_once() -> None:
    made = rule({"transition": [{"days": 0, "date": "", "storage_class": "GLACIER_IR"}]})
    assert plain(made.transitions) == [{"storage_class": "GLACIER_IR", "days": 0}]


def test_an_unfinished_retention_locks_nothing_by_default() -> None:
    made = beside("aws_s3_bucket_object_lock_configuration", {})
    assert told(made) == {"enabled": True}
    assert (plain(made.mode), plain(made.days), plain(made.years)) == (None, None, None)


def test_a_retention_in_years_has_no_days() -> None:
    made = beside(
        "aws_s3_bucket_object_lock_configuration",
        {"rule": [{"default_retention": [{"mode": "GOVERNANCE", "days": 0, "years": 7}]}]},
    )
    assert told(made) == {"enabled": True, "mode": "GOVERNANCE", "years": 7}


def test_a_lock_beside_the_bucket_counts_whatever_the_bucket_says() -> None:
    (bucket,) = joined(
        Bucket,
        ("aws_s3_bucket", {"bucket": "b", "object_lock_enabled": False}),
        ("aws_s3_bucket_object_lock_configuration", {"bucket": "b", "rule": []}),
    )
    assert plain(bucket.object_lock.enabled) is True


def test_a_bucket_key_of_zero_length_is_no_key() -> None:
    made = beside(
        "aws_s3_bucket_server_side_encryption_configuration",
        {
            "rule": [
                {
                    "apply_server_side_encryption_by_default": [
                        {"sse_algorithm": "AES256", "kms_master_key_id": ""}
                    ],
                    "bucket_key_enabled": None,
                }
            ]
        },
    )
    assert told(made) == {"algorithm": "AES256"}
    assert unwritten(made) == {"kms_key": None, "bucket_key": False, "blocked_types": ["SSE-C"]}


def test_logs_without_a_format_are_not_partitioned() -> None:
    logging = {"target_bucket": "logs", "target_prefix": ""}
    simple: dict[str, Any] = {"target_object_key_format": [{"simple_prefix": [{}], "partitioned_prefix": []}]}
    for arguments in (logging, {**logging, **simple}):
        made = beside("aws_s3_bucket_logging", arguments)
        assert told(made) == {"target": "logs", "partitioned": False}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, None),
        ({"filter": []}, None),
        ({"filter": [{}]}, {}),
        ({"filter": [{"prefix": "a/"}]}, {"prefix": "a/"}),
        ({"filter": [{"prefix": "", "and": [], "tag": []}]}, {"tags": []}),
        ({"filter": [{"tag": [{"key": "a", "value": "b"}]}]}, {"tags": [{"key": "a", "value": "b"}]}),
    ],
)
def test_the_filter_of_a_replication_rule(arguments: dict[str, Any], expected: Any) -> None:
    made = rule(arguments, "aws_s3_bucket_replication_configuration")
    assert plain(made.filter) == expected


def test_routing_rules_may_be_a_text_in_json() -> None:
    for more in ({}, {"routing_rule": None}):
        made = beside("aws_s3_bucket_website_configuration", {"routing_rules": json.dumps([RULE]), **more})
        assert plain(made.routing_rules) == [RULE_SAYS]


def test_a_text_that_is_no_json_is_not_known() -> None:
    rules = beside("aws_s3_bucket_website_configuration", {"routing_rules": "{"}).routing_rules
    assert isinstance(rules, Unknown)
    assert rules.why.startswith("it is text that can't be read as JSON")


def test_places_lead_to_what_says_so() -> None:
    website = beside("aws_s3_bucket_website_configuration", {"routing_rules": json.dumps([RULE])})
    protocol = website.routing_rules.value[0].value.protocol
    written = json.dumps({"bucket": "it", "routing_rules": json.dumps([RULE])})
    column = written.index("https") - len('\\"') + 1
    assert (protocol.at.line, protocol.at.column) == (1, column)
    assert protocol.at.address == "aws_s3_bucket_website_configuration.it.routing_rules[0].Redirect.Protocol"


def test_the_place_of_a_zero_is_where_it_is_written() -> None:
    days = rule({"expiration": [{"days": 0}]}).expiration_days
    written = '{"bucket": "it", "rule": [{"id": "one", "status": "Enabled", "expiration": [{"days": '
    assert isinstance(days, Unset)
    assert (days.at.line, days.at.column) == (1, len(written) + 1)


def test_routing_rules_that_are_written_out_count_where_both_are_told() -> None:
    made = beside(
        "aws_s3_bucket_website_configuration",
        {"routing_rules": '[{"Redirect": {}}]', "routing_rule": [{"redirect": [{"protocol": "http"}]}]},
    )
    assert plain(made.routing_rules) == [{"protocol": "http"}]


def test_a_notification_to_nobody() -> None:
    made = beside("aws_s3_bucket_notification", {})
    assert told(made) == {}
    assert unwritten(made) == {"topics": [], "queues": [], "functions": [], "event_bridge": False}


def test_what_the_provider_does_where_nothing_is_said() -> None:
    inventory = beside("aws_s3_bucket_inventory", {"destination": [{"bucket": [{"encryption": []}]}]})
    tiering = beside("aws_s3_bucket_intelligent_tiering_configuration", {})
    destination: dict[str, Any] = {"s3_bucket_destination": [{}]}
    analytics = beside(
        "aws_s3_bucket_analytics_configuration",
        {"storage_class_analysis": [{"data_export": [{"destination": [destination]}]}]},
    )
    outposts = rule({"status": None}, "aws_s3control_bucket_lifecycle_configuration")
    assert plain(inventory.enabled) is True
    assert plain(inventory.destination.sse_s3) is False
    assert plain(tiering.status) == "Enabled"
    assert plain(analytics.export.value.format) == "CSV"
    assert plain(outposts.status) == "Enabled"


def test_an_analysis_may_export_nothing() -> None:
    made = beside("aws_s3_bucket_analytics_configuration", {"name": "all", "storage_class_analysis": []})
    assert plain(made.export) is None


def test_lists_of_a_bucket_collect_what_is_declared_beside_it() -> None:
    (bucket,) = joined(
        Bucket,
        ("aws_s3_bucket", {"bucket": "b"}),
        ("aws_s3_bucket_metric", {"bucket": "b", "name": "one"}),
        ("aws_s3_bucket_metric", {"bucket": "b", "name": "two"}),
        ("aws_s3_bucket_inventory", {"bucket": "b", "name": "three"}),
    )
    assert [one["id"] for one in plain(bucket.metrics)] == ["one", "two"]
    assert [one["id"] for one in plain(bucket.inventory)] == ["three"]


def test_an_attribute_that_is_no_block_is_not_known() -> None:
    made = filled("aws_s3_bucket_abac", {"bucket": "b", "abac_status": "Enabled"}).value.value
    assert plain(made.status) == UNKNOWN
