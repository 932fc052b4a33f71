"""What a plan shows in a resource only because another one, which is declared beside it, had filled it in."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import s3audit
from tests.terraform.plans import Json, change, constant, plan, read, refers, values

BUCKET = "aws_s3_bucket.b"
POLICY = json.dumps({"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}]})
SEEN: Json = {
    "id": "b",
    "bucket": "b",
    "arn": "arn:aws:s3:::b",
    "acceleration_status": "Enabled",
    "cors_rule": [{"allowed_methods": ["GET"], "allowed_origins": ["*"]}],
    "lifecycle_rule": [{"id": "all", "enabled": True}],
    "logging": [{"target_bucket": "logs", "target_prefix": ""}],
    "object_lock_configuration": [{"object_lock_enabled": "Enabled", "rule": []}],
    "policy": POLICY,
    "replication_configuration": [{"role": "arn:aws:iam::1:role/r", "rules": []}],
    "request_payer": "Requester",
    "server_side_encryption_configuration": [{"rule": [{"bucket_key_enabled": True}]}],
    "versioning": [{"enabled": True, "mfa_delete": False}],
    "website": [{"index_document": "index.html"}],
}
PARTS = {
    "aws_s3_bucket_accelerate_configuration": "acceleration_status",
    "aws_s3_bucket_cors_configuration": "cors_rule",
    "aws_s3_bucket_lifecycle_configuration": "lifecycle_rule",
    "aws_s3_bucket_logging": "logging",
    "aws_s3_bucket_object_lock_configuration": "object_lock_configuration",
    "aws_s3_bucket_policy": "policy",
    "aws_s3_bucket_replication_configuration": "replication_configuration",
    "aws_s3_bucket_request_payment_configuration": "request_payer",
    "aws_s3_bucket_server_side_encryption_configuration": "server_side_encryption_configuration",
    "aws_s3_bucket_versioning": "versioning",
    "aws_s3_bucket_website_configuration": "website",
}
WRITTEN = {BUCKET: {"bucket": constant("b")}}


def gone(kind: str, before: Json, actions: Sequence[str] = ("delete",), after: Any = None) -> Json:
    made = change(f"{kind}.x", after, actions=actions)
    made["change"]["before"] = before
    return made


def stays(address: str, arguments: Json, unknown: Any = None) -> Json:
    return change(address, arguments, unknown, actions=["update" if unknown else "no-op"])


def told(*changes: Json, written: Any = None, **more: Any) -> Json:
    found: Json = read(plan(*changes, written=written, **more)).told(changes[0]["address"])
    return found


@pytest.mark.parametrize("written", [None, WRITTEN], ids=["no configuration", "configuration"])
@pytest.mark.parametrize("unknown", [None, {"tags_all": True, "versioning": [{}]}])
@pytest.mark.parametrize("kind", PARTS)
def test_what_a_deleted_part_had_filled_in_is_not_there(kind: str, written: Any, unknown: Any) -> None:
    untouched = told(stays(BUCKET, SEEN, unknown), written=written)
    left = told(stays(BUCKET, SEEN, unknown), gone(kind, {"bucket": "b"}), written=written)
    assert untouched.keys() >= SEEN.keys()
    assert left == {name: value for name, value in untouched.items() if name != PARTS[kind]}


def test_every_check_judges_the_bucket_as_it_will_be(tmp_path: Path) -> None:
    deleted = [gone(kind, {"bucket": "b"}) for kind in PARTS]
    bare = {name: SEEN[name] for name in ("id", "bucket", "arn")}

    def scan(name: str, *changes: Json) -> list[tuple[str, str, str]]:
        file = tmp_path / name
        file.write_text(json.dumps(plan(*changes, written=WRITTEN)), encoding="utf-8")
        findings = s3audit.scan([file], severity="info").findings
        return [(one.check, one.status, one.message) for one in findings]

    there, without = scan("there.json", stays(BUCKET, SEEN)), scan("without.json", stays(BUCKET, bare))
    assert there != without
    assert scan("gone.json", stays(BUCKET, SEEN), *deleted) == without


@pytest.mark.parametrize(
    ("before", "is_there"), [({"bucket": "other"}, True), ({}, False), ({"bucket": None}, False)]
)
def test_whose_part_it_was_decides_as_far_as_that_is_known(before: Json, is_there: bool) -> None:
    left = told(stays(BUCKET, SEEN), gone("aws_s3_bucket_versioning", before))
    assert ("versioning" in left) is is_there


@pytest.mark.parametrize("actions", [("delete", "create"), ("create", "delete")])
def test_a_part_that_moves_to_another_bucket_leaves_the_first(actions: tuple[str, ...]) -> None:
    moved = gone("aws_s3_bucket_versioning", {"bucket": "b"}, actions, {"bucket": "other"})
    assert "versioning" not in told(stays(BUCKET, SEEN), moved)


def test_what_is_in_the_prior_state_only_loses_it_too() -> None:
    made = plan(gone("aws_s3_bucket_versioning", {"bucket": "b"}), prior=[values(BUCKET, SEEN)])
    reading = read(made)
    assert reading.told(BUCKET, "versioning") is None
    assert reading.told(BUCKET, "policy") is not None


VERSIONING = "aws_s3_bucket_versioning.b"
LEFT_OUT = f"? this plan lists no changes, so it can't be told whether {VERSIONING} is destroyed"
NEITHER = "? this plan lists neither its changes nor what there was before them"


@pytest.mark.parametrize(
    ("written", "more", "left"),
    [
        ({}, {}, None),
        ({}, {"complete": False}, LEFT_OUT),
        ({VERSIONING: {"bucket": refers(f"{BUCKET}.id")}}, {}, LEFT_OUT),
        ({}, {"configuration": None}, LEFT_OUT),
        ({}, {"prior_state": None}, NEITHER),
        ({}, {"resource_changes": []}, None),
    ],
)
def test_what_is_not_planned_any_more_is_taken_for_destroyed_where_no_changes_are_listed(
    written: Json, more: Json, left: str | None
) -> None:
    made = plan(
        stays(BUCKET, SEEN),
        written={BUCKET: {"bucket": constant("b")}, **written},
        prior=[values(BUCKET, SEEN), values(VERSIONING, {"id": "b", "bucket": "b"})],
        **{"resource_changes": None, **more},
    )
    reading = read(made)
    assert reading.told(BUCKET, "versioning") == left
    is_open = VERSIONING in reading.declared
    assert is_open is (left == LEFT_OUT)
    if is_open:
        assert f"? {reading.declared[VERSIONING].gap}" == LEFT_OUT


def test_what_becomes_of_a_forgotten_part_is_not_told() -> None:
    forgotten = gone("aws_s3_bucket_policy", {"bucket": "b"}, ["forget"])
    left = told(stays(BUCKET, SEEN), forgotten, written=WRITTEN)
    assert left["policy"] == "? nothing manages it once the plan forgets aws_s3_bucket_policy.x"
    assert left["versioning"] == [{"enabled": "true", "mfa_delete": "false"}]
    bare = {name: value for name, value in SEEN.items() if name != "policy"}
    assert "policy" not in told(stays(BUCKET, bare), forgotten, written=WRITTEN)


def test_what_somebody_wrote_stays() -> None:
    deleted = [gone(kind, {"bucket": "b"}) for kind in ("aws_s3_bucket_versioning", "aws_s3_bucket_policy")]
    expressions = {BUCKET: {"versioning": [{"enabled": constant(True)}], "policy": refers("var.policy")}}
    left = told(stays(BUCKET, SEEN), *deleted, written=expressions)
    assert left["policy"]
    assert left["versioning"] == [{"enabled": "true", "mfa_delete": "false"}]
    assert "policy" not in told(stays(BUCKET, SEEN), *deleted, written={BUCKET: {"policy": {}}})


def test_the_acl_stays_as_the_provider_leaves_it() -> None:
    seen = {**SEEN, "grant": [{"type": "Group", "permissions": ["READ"]}]}
    assert told(stays(BUCKET, seen), gone("aws_s3_bucket_acl", {"bucket": "b"}))["grant"]


def test_what_is_declared_beside_a_bucket_is_not_declared_in_it_as_well(tmp_path: Path) -> None:
    """One written argument inside of the bucket makes nothing of the others written."""
    versioning = stays(
        "aws_s3_bucket_versioning.x", {"bucket": "b", "versioning_configuration": [{"status": "Suspended"}]}
    )
    seen = {name: SEEN[name] for name in ("bucket", "id", "versioning")}
    made = plan(
        stays(BUCKET, {**seen, "object_lock_enabled": False}),
        versioning,
        written={BUCKET: {"object_lock_enabled": constant(False)}},
    )
    assert read(made).told(BUCKET, "versioning") is None
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(made), encoding="utf-8")
    found = {one.check: one.status for one in s3audit.scan([file], severity="info").findings}
    assert found["versioning-enabled"] == "fail"
    assert found["template-duplicate-subresource"] == "pass"


OTHERS: dict[str, tuple[str, Json, Json]] = {
    "aws_kms_key_policy": ("aws_kms_key", {"id": "k1", "key_id": "k1"}, {"key_id": "k1"}),
    "aws_s3control_access_point_policy": (
        "aws_s3_access_point",
        {"name": "p", "arn": "arn:aws:s3:eu-west-1:1:accesspoint/p"},
        {"access_point_arn": "arn:aws:s3:eu-west-1:1:accesspoint/p"},
    ),
    "aws_sns_topic_policy": ("aws_sns_topic", {"arn": "arn:aws:sns:::t"}, {"arn": "arn:aws:sns:::t"}),
    "aws_sqs_queue_policy": (
        "aws_sqs_queue",
        {"id": "https://q", "url": "https://q"},
        {"queue_url": "https://q"},
    ),
    "aws_vpc_endpoint_policy": ("aws_vpc_endpoint", {"id": "vpce-1"}, {"vpc_endpoint_id": "vpce-1"}),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_policies_of_other_resources(kind: str) -> None:
    owner, arguments, before = OTHERS[kind]
    one = stays(f"{owner}.o", {**arguments, "policy": POLICY})
    assert "policy" in told(one)
    assert "policy" not in told(one, gone(kind, before))
    assert "policy" in told(one, gone(kind, dict.fromkeys(before, "another")))


def test_of_what_a_role_lists_only_that_one_is_gone() -> None:
    arns = ["arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"]
    inline = [{"name": "one", "policy": POLICY}, {"name": "two", "policy": POLICY}]
    role = stays(
        "aws_iam_role.r", {"name": "r", "id": "r", "inline_policy": inline, "managed_policy_arns": arns}
    )
    left = told(
        role,
        gone("aws_iam_role_policy", {"role": "r", "name": "one", "policy": POLICY}),
        gone("aws_iam_role_policy_attachment", {"role": "r", "policy_arn": arns[1]}),
        gone("aws_iam_policy_attachment", {"roles": ["s"], "policy_arn": arns[0]}),
    )
    assert [one["name"] for one in left["inline_policy"]] == ['"two"']
    assert left["managed_policy_arns"] == [f'"{arns[0]}"']


def test_of_what_an_endpoint_is_associated_with_only_that_one_is_gone() -> None:
    endpoint = stays("aws_vpc_endpoint.e", {"id": "vpce-1", "route_table_ids": ["rtb-1", "rtb-2"]})
    one = gone(
        "aws_vpc_endpoint_route_table_association", {"vpc_endpoint_id": "vpce-1", "route_table_id": "rtb-1"}
    )
    assert told(endpoint, one)["route_table_ids"] == ['"rtb-2"']
