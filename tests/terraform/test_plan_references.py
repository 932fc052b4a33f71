"""Values that a plan calls known after apply, and that come from another resource."""

from typing import Any

import pytest

from s3audit.collectors.terraform.language.values import Named
from s3audit.text import Opaque, Text
from tests.terraform.computed import (
    DATA,
    LOGS,
    MAY,
    NAMED,
    UNKNOWN,
    VERSIONING,
    beside,
    new_bucket,
    text_of,
)
from tests.terraform.plans import Json, change, constant, plan, read, refers


def target_of(*changes: Json, argument: str = "bucket", of: str = VERSIONING, **more: Any) -> Any:
    return read(plan(*changes, **more)).told(of, argument)


def test_a_reference_to_a_new_bucket_is_its_name() -> None:
    reading = read(
        plan(
            new_bucket(DATA, "data"),
            beside(VERSIONING),
            written={**NAMED, VERSIONING: {"bucket": refers(f"{DATA}.id")}},
        )
    )
    assert reading.told(VERSIONING, "bucket") == '"data"'
    declared = reading.declared[VERSIONING]
    node = declared.resolver.resolve(declared.node).node
    found = declared.resolver.resolve(node.get("bucket")).node  # type: ignore[attr-defined]
    assert isinstance(found, Named)
    assert found.resource == DATA


def test_a_reference_to_its_arn_holds_the_name() -> None:
    replication = "aws_s3_bucket_replication_configuration.data"
    rule = {"destination": [{"storage_class": None}], "status": "Enabled"}
    unknown = {"bucket": True, "id": True, "role": True, "rule": [{"destination": [{"bucket": True}]}]}
    role = "aws_iam_role.replication"
    reading = read(
        plan(
            new_bucket(DATA, "data"),
            new_bucket(LOGS, "logs"),
            change(role, {"name": "replication"}, {"arn": True, "id": True}),
            change(replication, {"rule": [rule]}, unknown),
            written={
                **NAMED,
                role: {"name": constant("replication")},
                replication: {
                    "bucket": refers(f"{DATA}.id"),
                    "role": refers(f"{role}.arn"),
                    "rule": [
                        {"destination": [{"bucket": refers(f"{LOGS}.arn")}], "status": constant("Enabled")}
                    ],
                },
            },
        )
    )
    declared = reading.declared[replication]
    destination = "arn:${AWS::Partition}:s3:::logs"
    assert reading.told(replication, "rule", 0, "destination", 0, "bucket") == destination
    assert text_of(declared, "role") == Text((Opaque(f"{role}.arn", role),))


@pytest.mark.parametrize(
    ("argument", "attribute", "told"),
    [
        ("bucket_arn", "id", "arn:${AWS::Partition}:s3:::data"),
        ("domain_name", "bucket_domain_name", "data.s3.${AWS::URLSuffix}"),
        ("domain_name", "bucket_regional_domain_name", "data.s3.${AWS::Region}.${AWS::URLSuffix}"),
        ("domain_name", "website_endpoint", f"data.s3-website${{{DATA}.website_endpoint}}"),
        ("domain_name", "id", f"{UNKNOWN}, from {DATA}.id{MAY}"),
        ("policy", "arn", f"{UNKNOWN}, from {DATA}.arn{MAY}"),
        ("prefix", "id", f"{UNKNOWN}, from {DATA}.id{MAY}"),
        ("role", "arn", f"{UNKNOWN}, from {DATA}.arn{MAY}"),
    ],
)
def test_only_arguments_that_name_another_resource_are_references(
    argument: str, attribute: str, told: str
) -> None:
    of = "aws_test.it"
    made = plan(
        new_bucket(DATA, "data"),
        change(of, {}, {argument: True}),
        written={**NAMED, of: {argument: refers(f"{DATA}.{attribute}")}},
    )
    assert read(made, wanted={"aws_test"}).told(of, argument) == told


def test_a_bucket_that_is_there_already_is_no_reason_why_a_value_is_unknown() -> None:
    there = change(LOGS, {"bucket": "logs", "id": "logs", "arn": "arn:aws:s3:::logs"}, actions=["no-op"])
    written = {**NAMED, VERSIONING: {"bucket": refers(f"{LOGS}.id", f"{DATA}.id")}}
    assert target_of(there, new_bucket(DATA, "data"), beside(VERSIONING), written=written) == '"data"'


def test_several_resources_that_it_may_be_are_named() -> None:
    written = {**NAMED, VERSIONING: {"bucket": refers(f"{LOGS}.id", f"{DATA}.id", "var.which")}}
    changes = new_bucket(LOGS, "logs"), new_bucket(DATA, "data"), beside(VERSIONING)
    assert target_of(*changes, written=written) == f"{UNKNOWN}, from {DATA}.id and {LOGS}.id{MAY}"


def test_a_local_value_is_where_a_plan_ends() -> None:
    written = {**NAMED, VERSIONING: {"bucket": refers("local.bucket")}}
    assert target_of(beside(VERSIONING), written=written) == f"{UNKNOWN}, from local.bucket{MAY}"


def test_a_reference_to_what_has_no_instances_names_nothing() -> None:
    written = {
        DATA: {"bucket": constant("data")},
        LOGS: {"bucket": constant("logs"), "count": constant(0)},
        VERSIONING: {"bucket": refers(f"{LOGS}[0].id", f"{DATA}.id")},
    }
    assert target_of(new_bucket(DATA, "data"), beside(VERSIONING), written=written) == '"data"'


def test_an_explicit_key_chooses_the_instance() -> None:
    changes = [new_bucket(f'{LOGS}["{key}"]', f"logs-{key}") for key in ("a", "b")]
    written = {
        LOGS: {"bucket": refers("each.key")},
        VERSIONING: {"bucket": refers(f'{LOGS}["b"].id')},
    }
    assert target_of(*changes, beside(VERSIONING), written=written) == '"logs-b"'


@pytest.mark.parametrize("key", ['["a"]', "[0]"])
def test_the_same_key_chooses_the_instance_where_it_is_used(key: str) -> None:
    other = {'["a"]': '["b"]', "[0]": "[1]"}[key]
    changes = [new_bucket(f"{LOGS}{key}", "this"), new_bucket(f"{LOGS}{other}", "other")]
    by = "each.key" if key == '["a"]' else "count.index"
    for refers_to, told in (
        ([LOGS, by], '"this"'),
        ([LOGS], f"{UNKNOWN}, from one of the 2 instances of {LOGS}{MAY}"),
        ([LOGS, "each.value"], f"{UNKNOWN}, from one of the 2 instances of {LOGS}{MAY}"),
    ):
        written = {LOGS: {}, VERSIONING: {"bucket": {"references": refers_to}}}
        found = target_of(*changes, beside(VERSIONING + key), of=VERSIONING + key, written=written)
        assert found == told


def test_the_only_instance_is_it() -> None:
    written = {LOGS: {}, VERSIONING: {"bucket": {"references": [LOGS]}}}
    assert target_of(new_bucket(f"{LOGS}[0]", "logs"), beside(VERSIONING), written=written) == '"logs"'


def test_each_value_over_another_resource_is_the_instance_with_the_same_key() -> None:
    changes = [new_bucket(f'{LOGS}["{key}"]', f"logs-{key}") for key in ("a", "b")]
    of = f'{VERSIONING}["b"]'
    written = {
        LOGS: {},
        VERSIONING: {"for_each": {"references": [LOGS]}, "bucket": refers("each.value.id")},
    }
    assert target_of(*changes, beside(of), of=of, written=written) == '"logs-b"'


def test_each_value_of_a_map_of_several_may_be_each_of_them() -> None:
    of = f'{VERSIONING}["data"]'
    written = {
        **NAMED,
        VERSIONING: {"for_each": refers(f"{DATA}.id", f"{LOGS}.id"), "bucket": refers("each.value")},
    }
    changes = new_bucket(DATA, "data"), new_bucket(LOGS, "logs"), beside(of)
    assert target_of(*changes, of=of, written=written) == f"{UNKNOWN}, from {DATA}.id and {LOGS}.id{MAY}"
    written[VERSIONING] = {"for_each": refers(f"{DATA}.id"), "bucket": refers("each.value.id")}
    assert target_of(*changes, of=of, written=written) == '"data"'


def test_variables_and_outputs_lead_through_modules() -> None:
    of = "module.outer.module.guard.aws_s3_bucket_versioning.it"
    bucket = "module.store.aws_s3_bucket.this"
    written = {
        "module.store.aws_s3_bucket.this": {"bucket": constant("stored")},
        of: {"bucket": refers("var.bucket")},
    }
    calls = {
        "module.outer": {"name": refers("module.store.name")},
        "module.outer.module.guard": {"bucket": refers("var.name")},
    }
    outputs = {"module.store.name": refers("aws_s3_bucket.this.id")}
    made = plan(new_bucket(bucket, "stored"), beside(of), written=written, calls=calls, outputs=outputs)
    assert read(made).told(of, "bucket") == '"stored"'
    calls["module.outer"] = {}
    assert read(plan(beside(of), written=written, calls=calls, outputs=outputs)).told(of, "bucket") == UNKNOWN


def test_a_whole_resource_that_is_passed_on_is_still_that_resource() -> None:
    of = "module.guard.aws_s3_bucket_versioning.it"
    calls = {"module.guard": {"bucket": {"references": [DATA]}}}
    written = {**NAMED, of: {"bucket": refers("var.bucket.id")}}
    assert target_of(new_bucket(DATA, "data"), beside(of), of=of, written=written, calls=calls) == '"data"'


def test_the_key_of_a_module_chooses_the_instance() -> None:
    buckets = [new_bucket(f'module.store["{key}"].aws_s3_bucket.this', f"stored-{key}") for key in "ab"]
    of = 'module.guard["b"].aws_s3_bucket_versioning.it'
    written = {
        "module.store.aws_s3_bucket.this": {},
        "module.guard.aws_s3_bucket_versioning.it": {"bucket": refers("var.bucket")},
    }
    outputs = {"module.store.id": refers("aws_s3_bucket.this.id")}
    for passed, told in (
        ({"references": ["module.store", "each.key"]}, '"stored-b"'),
        ({"references": ["module.store"]}, f"{UNKNOWN}, from one of the 2 instances of module.store{MAY}"),
        ({"references": ['module.store["a"].id', 'module.store["a"]', "module.store"]}, '"stored-a"'),
        ({"references": ["each.value.id", "each.value"]}, '"stored-b"'),
    ):
        calls = {"module.guard": {"for_each": {"references": ["module.store"]}, "bucket": passed}}
        found = target_of(*buckets, beside(of), of=of, written=written, calls=calls, outputs=outputs)
        assert found == told


@pytest.mark.parametrize(
    ("outputs", "told"),
    [
        ({"id": refers("aws_s3_bucket.this.id"), "arn": refers("aws_s3_bucket.this.arn")}, '"stored-b"'),
        # What is known when a plan is made is not what is waited for.
        ({"id": refers("aws_s3_bucket.this.id"), "name": refers("aws_s3_bucket.logs.bucket")}, '"stored-b"'),
        ({"id": refers("aws_s3_bucket.this.id"), "logs": refers("aws_s3_bucket.logs.id")}, None),
        ({"id": refers("aws_s3_bucket.this.id"), "other": refers("local.other")}, None),
        ({}, None),
    ],
)
def test_which_output_of_an_instance_is_meant_does_not_matter_where_all_lead_to_one(
    outputs: Json, told: str | None
) -> None:
    """Of `module.store[each.key].id` a plan shows only `module.store` and `each.key`."""
    buckets = [
        new_bucket(f'module.store["{key}"].aws_s3_bucket.{name}', f"{name}-{key}")
        for key in "ab"
        for name in ("this", "logs")
    ]
    of = 'aws_s3_bucket_versioning.it["b"]'
    written = {
        "module.store.aws_s3_bucket.this": {},
        "module.store.aws_s3_bucket.logs": {},
        "aws_s3_bucket_versioning.it": {"bucket": {"references": ["module.store", "each.key"]}},
    }
    made = {f"module.store.{name}": one for name, one in outputs.items()}
    found = target_of(*buckets, beside(of), of=of, written=written, outputs=made)
    assert found == (f"{UNKNOWN}, from module.store{MAY}" if told is None else told.replace("stored", "this"))


def test_a_map_of_outputs_is_read_by_its_key() -> None:
    buckets = [new_bucket(f'module.store.aws_s3_bucket.this["{key}"]', f"stored-{key}") for key in "ab"]
    written = {
        "module.store.aws_s3_bucket.this": {},
        VERSIONING: {"bucket": {"references": ['module.store.ids["b"]', "module.store"]}},
    }
    outputs = {"module.store.ids": {"references": ["aws_s3_bucket.this"]}}
    assert target_of(*buckets, beside(VERSIONING), written=written, outputs=outputs) == '"stored-b"'


def test_an_argument_of_another_resource_is_followed() -> None:
    between = "aws_s3_bucket_public_access_block.data"
    written = {
        **NAMED,
        between: {"bucket": refers(f"{DATA}.id")},
        VERSIONING: {"bucket": refers(f"{between}.bucket")},
    }
    told = target_of(new_bucket(DATA, "data"), beside(between), beside(VERSIONING), written=written)
    assert told == '"data"'


def test_circles_end() -> None:
    one, other = "aws_s3_bucket_versioning.one", "aws_s3_bucket_versioning.other"
    written = {one: {"bucket": refers(f"{other}.bucket")}, other: {"bucket": refers(f"{one}.bucket")}}
    assert target_of(beside(one), beside(other), of=one, written=written).startswith(
        "${aws_s3_bucket_versioning."
    )
    of = "module.m.aws_s3_bucket_versioning.it"
    calls = {"module.m": {"bucket": refers("module.m.bucket")}}
    inner = {of: {"bucket": refers("var.bucket")}}
    outputs = {"module.m.bucket": refers("var.bucket")}
    assert target_of(beside(of), of=of, written=inner, calls=calls, outputs=outputs) == UNKNOWN


def test_lists_of_references_have_one_for_each_element() -> None:
    attachment = "aws_iam_policy_attachment.it"
    roles = ["aws_iam_role.a", "aws_iam_role.b"]
    made = [change(role, {"path": "/"}, {"arn": True, "id": True, "name": True}) for role in roles]
    for unknown, references, told in (
        ([True, True], [f"{role}.name" for role in roles], [f"${{{role}.name}}" for role in roles]),
        ([True], [f"{roles[0]}.name"], [f"${{{roles[0]}.name}}"]),
        ([True], [f"{role}.name" for role in roles], None),
        (True, [f"{role}.name" for role in roles], None),
        (True, [f"{roles[0]}.name"], f"{UNKNOWN}, from {roles[0]}.name{MAY}"),
    ):
        after = {"roles": [None] * len(unknown)} if isinstance(unknown, list) else {}
        one = change(attachment, after, {"roles": unknown})
        written = {**{role: {} for role in roles}, attachment: {"roles": refers(*references)}}
        found = read(plan(*made, one, written=written)).told(attachment, "roles")
        from_both = f"{UNKNOWN}, from {roles[0]}.name and {roles[1]}.name{MAY}"
        assert found == (told or (from_both if unknown is True else [from_both]))
