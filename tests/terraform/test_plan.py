"""Which resources a plan leads to, and what it leaves open."""

import codecs
import json
from typing import Any

import pytest

from s3audit.location import Location
from s3audit.problem import Problem
from s3audit.setting import Known, Unknown
from tests.terraform.plans import SOURCE, change, modules, plan, read, refers, values

LOGS = "aws_s3_bucket.logs"


def addresses(*changes: Any, **more: Any) -> list[str]:
    return list(read(plan(*changes, **more)).declared)


def test_a_resource_is_there_with_its_arguments_and_the_address_for_a_place() -> None:
    reading = read(plan(change(LOGS, {"bucket": "logs", "force_destroy": True, "tags": {"Env": "prod"}})))
    declared = reading.declared[LOGS]
    at = Location(SOURCE, LOGS)
    assert (declared.address, declared.type, declared.at, declared.file) == (
        LOGS,
        "aws_s3_bucket",
        at,
        SOURCE,
    )
    assert (declared.exists, declared.gap, declared.as_seen) == (Known(True, at), "", False)
    assert reading.told(LOGS) == {"bucket": '"logs"', "force_destroy": "true", "tags": {"Env": '"prod"'}}
    assert reading.problems == []


@pytest.mark.parametrize(
    ("actions", "there"),
    [
        (["create"], True),
        (["update"], True),
        (["no-op"], True),
        (["delete", "create"], True),
        (["create", "delete"], True),
        (["create", "forget"], True),
        (["delete"], False),
        (["forget"], False),
    ],
)
def test_what_is_destroyed_or_forgotten_is_not_there(actions: list[str], there: bool) -> None:
    after = {"bucket": "logs"} if there else None
    assert addresses(change(LOGS, after, actions=actions)) == ([LOGS] if there else [])


def test_what_is_destroyed_is_not_taken_from_the_prior_state_either() -> None:
    gone = [change(LOGS, None, actions=["delete"]), change("aws_s3_bucket.old", None, actions=["forget"])]
    prior = [values(LOGS, {"bucket": "logs"}), values("aws_s3_bucket.old", {"bucket": "old"})]
    assert addresses(*gone, prior=prior) == []


def test_the_deposed_object_of_a_replaced_resource_is_not_the_resource() -> None:
    deposed = change(LOGS, None, actions=["delete"], deposed="b5c2d1a0")
    assert addresses(deposed, change(LOGS, {"bucket": "new"})) == [LOGS]
    assert read(plan(deposed, change(LOGS, {"bucket": "new"}))).told(LOGS, "bucket") == '"new"'
    prior = [values(LOGS, {"bucket": "old"}) | {"deposed_key": "b5c2d1a0"}]
    assert addresses(deposed, prior=prior) == []


def test_a_moved_resource_is_there_once() -> None:
    moved = change(LOGS, {"bucket": "logs"}, actions=["no-op"], previous_address="aws_s3_bucket.old")
    assert addresses(moved, prior=[values("aws_s3_bucket.old", {"bucket": "logs"})]) == [LOGS]


def test_modules_at_any_depth_and_instances_with_any_key() -> None:
    all_of_them = [
        'module.site["eu"].aws_s3_bucket.this[0]',
        'module.site["eu"].module.inner[1].aws_s3_bucket.this["a.b[0]"]',
        'aws_s3_bucket.many["with \\"quotes\\" and ${x}"]',
    ]
    changes = [change(address, {"bucket": f"b{index}"}) for index, address in enumerate(all_of_them)]
    assert addresses(*changes) == all_of_them
    planned_only = read(plan(*changes, resource_changes=None))
    assert sorted(planned_only.declared) == sorted(all_of_them)
    assert planned_only.told(all_of_them[1], "bucket") == '"b1"'


def test_only_the_types_that_are_wanted_and_no_data_sources() -> None:
    others = [
        change("aws_instance.web", {"ami": "ami-1"}),
        change("data.aws_s3_bucket.other", {"bucket": "other"}, actions=["read"]),
    ]
    assert addresses(*others, change(LOGS, {"bucket": "logs"})) == [LOGS]
    assert list(read(plan(*others), wanted={"aws_instance"}).declared) == ["aws_instance.web"]


def test_a_plan_without_planned_values_is_read_from_its_changes() -> None:
    made = plan(change(LOGS, {"bucket": "logs"}), planned_values=None)
    assert read(made).told(LOGS, "bucket") == '"logs"'
    assert read(made).problems == []


def test_a_plan_without_changes_is_read_from_its_planned_values() -> None:
    policy = "aws_s3_bucket_policy.logs"
    made = plan(
        change(policy, {"bucket": "logs"}, {"policy": True}),
        written={policy: {"bucket": {"constant_value": "logs"}, "policy": refers("aws_iam_role.r.arn")}},
        resource_changes=None,
    )
    reading = read(made)
    assert reading.told(policy) == {"bucket": '"logs"', "policy": "? it is known only after apply"}
    assert reading.problems == []


def test_what_is_missing_inside_a_block_of_planned_values_is_unknown_where_it_is_written() -> None:
    encryption = "aws_s3_bucket_server_side_encryption_configuration.logs"
    rule = {"sse_algorithm": "aws:kms"}
    made = plan(
        change(encryption, {"rule": [{"apply_server_side_encryption_by_default": [rule]}]}),
        written={
            encryption: {
                "rule": [
                    {
                        "apply_server_side_encryption_by_default": [
                            {
                                "kms_master_key_id": refers("random_id.key.hex"),
                                "sse_algorithm": {"constant_value": "aws:kms"},
                            }
                        ]
                    }
                ]
            }
        },
        resource_changes=None,
    )
    told = read(made).told(encryption, "rule", 0, "apply_server_side_encryption_by_default", 0)
    assert told == {
        "sse_algorithm": '"aws:kms"',
        "kms_master_key_id": "? it is known only after apply",
    }


def test_planned_values_alone_do_not_tell_what_is_unknown() -> None:
    reading = read(plan(change(LOGS, {"bucket": "logs"}), resource_changes=None))
    assert reading.said == [
        (
            "partial: This plan lists resources without their changes and has no configuration, so"
            " what it does not list is unknown. Give all that `terraform show -json` prints."
        )
    ]


def test_what_a_target_leaves_out_goes_on_to_be_there() -> None:
    prior = [values(LOGS, {"bucket": "logs"}), values("module.site.aws_s3_bucket.this", {"bucket": "site"})]
    reading = read(plan(change("aws_s3_bucket.new", {"bucket": "new"}), prior=prior, complete=False))
    assert list(reading.declared) == ["aws_s3_bucket.new", LOGS, "module.site.aws_s3_bucket.this"]
    assert [one.as_seen for one in reading.declared.values()] == [False, True, True]
    assert reading.said == [
        (
            "partial: This plan is not complete: a part was chosen with -target, or put off. What it"
            " leaves out and is not there yet is not judged. Plan again without -target, or after"
            " applying this one."
        )
    ]


def test_the_planned_values_go_before_the_prior_state() -> None:
    planned = change(LOGS, {"bucket": "new"}, actions=["update"])
    assert read(plan(planned, prior=[values(LOGS, {"bucket": "old"})])).told(LOGS, "bucket") == '"new"'


def test_a_failed_run_says_so_and_no_more() -> None:
    reading = read(plan(change(LOGS, {"bucket": "logs"}), errored=True, complete=False))
    assert list(reading.declared) == [LOGS]
    assert reading.said == [
        (
            "partial: This plan is of a run that failed, so it is not complete; what it leaves out is"
            " not judged. Correct the error and plan again."
        )
    ]


@pytest.mark.parametrize("version", ["0.1", "0.2", "1.0", "1.99", None])
def test_known_versions_of_the_format(version: str | None) -> None:
    assert read(plan(change(LOGS, {"bucket": "logs"}), format_version=version)).problems == []


@pytest.mark.parametrize("version", ["2.0", "10.0", "x", 2])
def test_a_newer_version_of_the_format_is_not_judged(version: Any) -> None:
    reading = read(plan(change(LOGS, {"bucket": "logs"}), format_version=version))
    assert list(reading.declared) == []
    assert reading.problems == [
        Problem(
            Location(SOURCE),
            "unreadable",
            f"This plan has the format_version {str(version)!r}, and those up to 1 are read here, so it is not judged."
            " Look for a newer s3audit, or give what an older Terraform prints of the plan.",
        )
    ]


def test_resources_of_which_the_number_is_not_known_yet_may_be_there() -> None:
    address = "aws_s3_bucket.many[*]"
    deferred = {
        "reason": "instance_count_unknown",
        "resource_change": change(address, {"force_destroy": True}, {"bucket": True, "id": True}),
    }
    other = {"reason": "provider_config_unknown", "resource_change": change(LOGS, {"bucket": "logs"})}
    reading = read(plan(deferred_changes=[deferred, other], complete=False))
    why = "how many there are of it is known only after a first apply"
    assert reading.declared[address].exists == Unknown(why, Location(SOURCE, address))
    assert reading.declared[address].gap == why
    assert reading.told(address, "force_destroy") == "true"
    assert reading.declared[LOGS].exists == Known(True, Location(SOURCE, LOGS))


def test_a_plan_that_only_refreshes_is_read_from_the_state() -> None:
    made = plan(prior=[values(LOGS, {"bucket": "logs"})], planned_values={"root_module": {}})
    assert read(made).told(LOGS, "bucket") == '"logs"'


def test_a_plan_that_destroys_everything_has_nothing() -> None:
    reading = read(plan(change(LOGS, None, actions=["delete"]), prior=[values(LOGS, {"bucket": "logs"})]))
    assert reading == ({}, [])


def test_blocks_of_a_bucket_that_is_there_already_are_seen_unless_somebody_wrote_one() -> None:
    there = change(LOGS, {"bucket": "logs", "versioning": [{"enabled": True}]}, actions=["no-op"])
    by_hand = {"bucket": {"constant_value": "logs"}}
    inline = {**by_hand, "versioning": [{"enabled": {"constant_value": True}}]}
    assert read(plan(there)).declared[LOGS].as_seen
    assert read(plan(there, written={LOGS: by_hand})).declared[LOGS].as_seen
    assert not read(plan(there, written={LOGS: inline})).declared[LOGS].as_seen
    new = change(LOGS, {"bucket": "logs", "versioning": [{"enabled": True}]})
    assert not read(plan(new)).declared[LOGS].as_seen


@pytest.mark.parametrize(
    "encoded",
    [
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
    ],
)
def test_what_a_windows_shell_writes_is_read(encoded: Any) -> None:
    text = json.dumps(plan(change(LOGS, {"bucket": "lögs"})), ensure_ascii=False)
    assert read(encoded(text)).told(LOGS, "bucket") == '"lögs"'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "unreadable: This is no plan: Input data was truncated."),
        (b'{"format_version":"1.2"', "unreadable: This is no plan: Input data was truncated."),
        (b"[]", "unreadable: This is no plan: Expected `object`, got `array`."),
        (b"Terraform will", "unreadable: This is no plan: JSON is malformed: invalid character (byte 0)."),
    ],
)
def test_what_is_no_plan_is_said(data: bytes, said: str) -> None:
    reading = read(data)
    assert reading.declared == {}
    assert reading.said == [f"{said} Give what `terraform show -json PLAN` prints."]


def test_one_spoilt_change_leaves_the_others_and_is_taken_from_the_planned_values() -> None:
    spoilt = change(LOGS, {"bucket": "logs"})
    good = change("aws_s3_bucket.other", {"bucket": "other"})
    made = plan(spoilt, good)
    spoilt["change"]["actions"] = "create"
    reading = read(made)
    assert reading.told(LOGS, "bucket") == '"logs"'
    assert reading.told("aws_s3_bucket.other", "bucket") == '"other"'
    assert reading.said[0] == (
        "partial: 1 of the resource_changes can't be read, and what they hold is not judged: Expected `array`, got"
        " `str` - at `$.change.actions`. Give the file as `terraform show -json` prints it."
    )


@pytest.mark.parametrize("wrong", [3, "x", {}, [1, "x", {}], [{"address": 1}]])
@pytest.mark.parametrize("part", ["resource_changes", "deferred_changes", "planned_values", "prior_state"])
def test_a_part_of_a_wrong_form_is_said_and_the_rest_is_read(part: str, wrong: Any) -> None:
    reading = read(plan(change(LOGS, {"bucket": "logs"}), **{part: wrong}))
    assert list(reading.declared) == [LOGS]
    assert reading.told(LOGS, "bucket") == '"logs"'
    is_blank = wrong == {} and part in ("planned_values", "prior_state")
    assert any(part in message for message in reading.said) is not is_blank


def test_a_configuration_of_a_wrong_form_is_said_and_the_rest_is_read() -> None:
    reading = read(plan(change(LOGS, {"bucket": "logs"}, {"acl": True}), configuration={"root_module": 3}))
    assert reading.told(LOGS) == {"bucket": '"logs"'}
    assert "The configuration can't be read" in reading.said[0]


def test_arguments_that_are_no_object_are_not_told() -> None:
    reading = read(plan(change(LOGS, ["logs"])))
    assert reading.told(LOGS) == "? its arguments are no object, as those of a resource are"


def test_a_resource_with_an_address_that_is_none_is_said_once() -> None:
    odd = [{**change(LOGS, {}), "address": f"a[{index}", "type": "", "name": ""} for index in range(3)]
    reading = read(plan(resource_changes=odd, planned_values=None))
    assert reading.said == [
        (
            "partial: The resource_changes can't be read, and what they hold is not judged: some of"
            " them have no address that can be understood. Give the file as `terraform show -json`"
            " prints it."
        )
    ]


def test_parts_that_some_tool_left_out_are_known_from_the_address() -> None:
    address = 'module.site["eu"].aws_s3_bucket.logs[0]'
    bare = {"address": address, "change": {"actions": ["create"], "after": {"bucket": "logs"}}}
    declared = read({"format_version": "1.2", "resource_changes": [bare]}).declared[address]
    assert declared.type == "aws_s3_bucket"


def test_modules_too_deep_are_said() -> None:
    deep: Any = modules(values(LOGS, {"bucket": "logs"}))
    for level in range(60):
        deep = {"address": f"module.m{level}", "child_modules": [deep]}
    reading = read({"format_version": "1.2", "planned_values": {"root_module": deep}})
    assert reading.declared == {}
    assert "more than 50 modules deep" in reading.said[0]
