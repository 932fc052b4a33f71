"""What is known of values that a plan calls known after apply."""

from typing import Any

import pytest

from s3audit.collectors.documents.resolved import Partial
from s3audit.collectors.terraform.declared import Declared
from s3audit.collectors.terraform.language.values import Named
from s3audit.collectors.terraform.records import arguments
from s3audit.collectors.terraform.references import made_up
from s3audit.text import Opaque, Text, text
from tests.terraform.plans import Json, change, constant, plan, read, read_later, refers, values

LOGS = "aws_s3_bucket.logs"
DATA = "aws_s3_bucket.data"
POLICY = "aws_s3_bucket_policy.data"
VERSIONING = "aws_s3_bucket_versioning.data"

UNKNOWN = "? it is known only after apply"

# As versions 4 and later of the provider plan a new bucket of which only the name is written.
COMPUTED = dict.fromkeys(
    """
    acceleration_status acl arn bucket_domain_name bucket_prefix bucket_regional_domain_name cors_rule grant
    hosted_zone_id id lifecycle_rule logging object_lock_configuration object_lock_enabled policy region
    replication_configuration request_payer server_side_encryption_configuration tags_all versioning website
    website_domain website_endpoint
    """.split(),  # noqa: SIM905 - a list of them is a page long
    True,
)
# And version 3, in which empty lists stand for the blocks that nobody wrote.
PLAIN_3: Json = {
    "acl": "private",
    "cors_rule": [],
    "grant": [],
    "lifecycle_rule": [],
    "logging": [],
    "object_lock_configuration": [],
    "replication_configuration": [],
    "server_side_encryption_configuration": [],
    "tags": None,
    "website": [],
}
COMPUTED_3 = dict.fromkeys(
    ("acceleration_status", "arn", "id", "region", "request_payer", "versioning"), True
)


def new_bucket(address: str, name: str | None, **more: Any) -> Json:
    after = {"force_destroy": None, "tags": None, **({} if name is None else {"bucket": name}), **more}
    unknown = {argument: True for argument in COMPUTED if argument not in more}
    return change(address, after, unknown if name is not None else {**unknown, "bucket": True})


def beside(address: str, **arguments: Any) -> Json:
    """Something declared for a bucket that is new, too."""
    return change(address, {**arguments, "expected_bucket_owner": None}, {"bucket": True, "id": True})


def text_of(declared: Declared, argument: str) -> Text:
    node = declared.resolver.resolve(declared.node).node
    found = declared.resolver.resolve(node.get(argument)).node  # type: ignore[attr-defined]
    assert isinstance(found, Partial)
    return found.text


ELSEWHERE = [
    change(f"terraform_data.{name}", {"input": "x"}, {"id": True, "output": True}) for name in ("one", "two")
]
NAMED = {LOGS: {"bucket": constant("logs")}, DATA: {"bucket": constant("data")}}


# What nobody wrote.


_SELF = {"arn", "bucket", "id"}


@pytest.mark.parametrize("written", [{LOGS: {"bucket": constant("logs")}}, None])
def test_what_the_provider_computes_for_a_new_bucket_is_not_written(written: Any) -> None:
    reading = read(plan(new_bucket(LOGS, "logs"), written=written))
    for argument in COMPUTED.keys() - _SELF:
        if written is not None or argument in arguments.COMPUTED["aws_s3_bucket"]:
            assert reading.told(LOGS, argument) is None, argument
    assert reading.told(LOGS, "bucket") == '"logs"'
    assert reading.told(LOGS, "arn") == "arn:${AWS::Partition}:s3:::logs"


def test_an_argument_that_is_written_and_unknown_is_not_told() -> None:
    bucket = {"bucket": constant("logs"), "acl": refers("terraform_data.one.output"), "policy": {}}
    reading = read(plan(new_bucket(LOGS, "logs"), *ELSEWHERE, written={LOGS: bucket}))
    assert reading.told(LOGS, "acl") == f"{UNKNOWN}, from terraform_data.one.output"
    assert reading.told(LOGS, "policy") == UNKNOWN
    assert reading.told(LOGS, "versioning") is None


def test_version_3_does_not_compute_blocks_so_an_unknown_one_is_dynamic() -> None:
    after = {"bucket": "logs", **PLAIN_3}
    del after["logging"]
    one = change(LOGS, after, {**COMPUTED_3, "logging": True})
    reading = read(plan(one, written={LOGS: {"bucket": constant("logs")}}))
    assert reading.told(LOGS, "logging") == "? how many logging blocks there are is known only after apply"
    assert reading.told(LOGS, "versioning") is None
    assert reading.told(LOGS, "cors_rule") == []


def test_an_unknown_number_of_dynamic_blocks_is_not_taken_for_none() -> None:
    lifecycle = "aws_s3_bucket_lifecycle_configuration.data"
    one = change(lifecycle, {"bucket": "data"}, {"id": True, "rule": True})
    reading = read(plan(one, written={lifecycle: {"bucket": constant("data")}}))
    assert reading.told(lifecycle, "rule") == "? how many rule blocks there are is known only after apply"


def test_what_is_computed_inside_a_block_is_not_written() -> None:
    block = {"versioning_configuration": [{"status": "Enabled"}]}
    one = change(
        VERSIONING, {"bucket": "data", **block}, {"versioning_configuration": [{"mfa_delete": True}]}
    )
    written = {"bucket": constant("data"), "versioning_configuration": [{"status": constant("Enabled")}]}
    for configuration in ({VERSIONING: written}, {VERSIONING: {"bucket": constant("data")}}, None):
        for planned in (one, one | {"change": one["change"] | {"actions": ["update"]}}):
            told = read(plan(planned, written=configuration)).told(VERSIONING, "versioning_configuration", 0)
            assert told == {"status": '"Enabled"'}


def test_what_is_written_inside_a_block_is_not_told() -> None:
    block = {"versioning_configuration": [{"status": None}]}
    one = change(VERSIONING, {"bucket": "data", **block}, {"versioning_configuration": [{"status": True}]})
    written = {"versioning_configuration": [{"status": refers("terraform_data.one.output")}]}
    told = read(plan(one, *ELSEWHERE, written={VERSIONING: written})).told(
        VERSIONING, "versioning_configuration", 0
    )
    assert told == {"status": f"{UNKNOWN}, from terraform_data.one.output"}


def test_the_names_that_a_resource_gets_are_its_own() -> None:
    role = "aws_iam_role.it"
    one = change(role, {"path": "/"}, {"arn": True, "id": True, "name": True, "unique_id": True})
    reading = read(plan(one, written={role: {"path": constant("/")}}))
    assert text_of(reading.declared[role], "name") == Text((Opaque("aws_iam_role.it.name", role),))
    assert text_of(reading.declared[role], "arn") == Text((Opaque("aws_iam_role.it.arn", role),))


# Names of buckets.


def test_a_bucket_without_a_name_has_one_that_begins_as_the_provider_makes_it() -> None:
    reading = read(
        plan(
            new_bucket(LOGS, None),
            beside(VERSIONING),
            written={LOGS: {}, VERSIONING: {"bucket": refers(f"{LOGS}.id")}},
        )
    )
    name = text("terraform-", Opaque(f"{LOGS}.id", LOGS, generated=True))
    assert reading.told(LOGS, "bucket") is None
    assert text_of(reading.declared[VERSIONING], "bucket") == name == made_up(LOGS)


def test_a_bucket_with_a_prefix() -> None:
    one = change(LOGS, {"bucket_prefix": "logs-"}, {"bucket": True, "id": True})
    name = text("logs-", Opaque(f"{LOGS}.id", LOGS, generated=True))
    assert text_of(read(plan(one)).declared[LOGS], "bucket") == name
    written = {
        LOGS: {"bucket_prefix": constant("logs-")},
        VERSIONING: {"bucket": refers(f"{LOGS}.id")},
    }
    assert (
        text_of(read(plan(one, beside(VERSIONING), written=written)).declared[VERSIONING], "bucket") == name
    )


def test_a_name_that_is_made_of_something_unknown_is_known_by_its_bucket() -> None:
    reading = read(
        plan(
            new_bucket(LOGS, None),
            new_bucket(DATA, None),
            beside(VERSIONING),
            written={
                LOGS: {"bucket": refers("random_id.suffix.hex")},
                DATA: {"bucket": refers("random_id.suffix.hex")},
                VERSIONING: {"bucket": refers(f"{DATA}.bucket")},
            },
        )
    )
    assert text_of(reading.declared[LOGS], "bucket") == Text((Opaque(f"{LOGS}.id", LOGS),))
    assert text_of(reading.declared[VERSIONING], "bucket") == Text((Opaque(f"{DATA}.id", DATA),))


# References.


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
        ("domain_name", "id", f"{UNKNOWN}, from {DATA}.id"),
        ("policy", "arn", f"{UNKNOWN}, from {DATA}.arn"),
        ("prefix", "id", f"{UNKNOWN}, from {DATA}.id"),
        ("role", "arn", f"{UNKNOWN}, from {DATA}.arn"),
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
    assert target_of(*changes, written=written) == f"{UNKNOWN}, from {DATA}.id and {LOGS}.id"


def test_a_local_value_is_where_a_plan_ends() -> None:
    written = {**NAMED, VERSIONING: {"bucket": refers("local.bucket")}}
    assert target_of(beside(VERSIONING), written=written) == f"{UNKNOWN}, from local.bucket"


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
        ([LOGS], f"{UNKNOWN}, from one of the 2 instances of {LOGS}"),
        ([LOGS, "each.value"], f"{UNKNOWN}, from one of the 2 instances of {LOGS}"),
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
    assert target_of(*changes, of=of, written=written) == f"{UNKNOWN}, from {DATA}.id and {LOGS}.id"
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
        ({"references": ["module.store", "each.key"]}, f"{UNKNOWN}, from module.store"),
        ({"references": ['module.store["a"].id', 'module.store["a"]', "module.store"]}, '"stored-a"'),
        ({"references": ["each.value.id", "each.value"]}, '"stored-b"'),
    ):
        calls = {"module.guard": {"for_each": {"references": ["module.store"]}, "bucket": passed}}
        found = target_of(*buckets, beside(of), of=of, written=written, calls=calls, outputs=outputs)
        assert found == told


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
        (True, [f"{roles[0]}.name"], f"{UNKNOWN}, from {roles[0]}.name"),
    ):
        after = {"roles": [None] * len(unknown)} if isinstance(unknown, list) else {}
        one = change(attachment, after, {"roles": unknown})
        written = {**{role: {} for role in roles}, attachment: {"roles": refers(*references)}}
        found = read(plan(*made, one, written=written)).told(attachment, "roles")
        from_both = f"{UNKNOWN}, from {roles[0]}.name and {roles[1]}.name"
        assert found == (told or (from_both if unknown is True else [from_both]))


# Which block of the source is which of the plan.


def test_blocks_are_told_apart_by_what_is_written_in_them() -> None:
    cors = "aws_s3_bucket_cors_configuration.data"
    names = ["terraform_data.one.output", "terraform_data.two.output"]
    rules = [
        {"allowed_methods": [method], "allowed_origins": None, "id": method} for method in ("GET", "PUT")
    ]
    unknown = {"cors_rule": [{"allowed_origins": True}, {"allowed_origins": True}]}
    one = change(cors, {"bucket": "data", "cors_rule": rules}, unknown)
    # A set: the plan has sorted the rules, the source has them the other way round.
    blocks = [
        {"id": constant(method), "allowed_origins": refers(name)}
        for method, name in zip(("PUT", "GET"), names, strict=True)
    ]
    reading = read(plan(one, *ELSEWHERE, written={cors: {"cors_rule": blocks}}))
    assert reading.told(cors, "cors_rule", 0, "allowed_origins") == f"{UNKNOWN}, from {names[1]}"
    assert reading.told(cors, "cors_rule", 1, "allowed_origins") == f"{UNKNOWN}, from {names[0]}"
    alike = [{"allowed_origins": refers(name)} for name in names]
    reading = read(plan(one, *ELSEWHERE, written={cors: {"cors_rule": alike}}))
    assert reading.told(cors, "cors_rule", 0, "allowed_origins") == UNKNOWN


def test_a_block_beside_dynamic_ones_is_no_certain_one() -> None:
    cors = "aws_s3_bucket_cors_configuration.data"
    rules = [{"allowed_origins": None, "id": None}, {"allowed_origins": None, "id": None}]
    unknown = {"cors_rule": [{"allowed_origins": True}, {"allowed_origins": True}]}
    one = change(cors, {"bucket": "data", "cors_rule": rules}, unknown)
    block = {"allowed_origins": refers("terraform_data.one.output")}
    reading = read(plan(one, *ELSEWHERE, written={cors: {"cors_rule": [block]}}))
    assert reading.told(cors, "cors_rule", 1, "allowed_origins") == UNKNOWN


# Policies.

DOCUMENT = "data.aws_iam_policy_document.data"


def document(**statement: Any) -> Json:
    known = {
        "actions": ["s3:GetObject"],
        "effect": "Allow",
        "sid": None,
        "condition": [],
        "not_actions": None,
    }
    return {"policy_id": None, "statement": [{**known, **statement}], "version": None}


def policy_of(after: Json, unknown: Json, expressions: Json, *more: Json) -> Any:
    made = plan(
        *more,
        new_bucket(DATA, "data"),
        read_later(DOCUMENT, after, {"id": True, "json": True, "minified_json": True, **unknown}),
        change(POLICY, {}, {"bucket": True, "id": True, "policy": True}),
        written={
            **NAMED,
            DOCUMENT: expressions,
            POLICY: {"bucket": refers(f"{DATA}.id"), "policy": refers(f"{DOCUMENT}.json")},
        },
    )
    declared = read(made).declared[POLICY]
    node = declared.resolver.resolve(declared.node).node
    found: Any = declared.resolver.resolve(node.get("policy")).node  # type: ignore[attr-defined]
    return shown_policy(found.value, declared)


def shown_policy(node: Any, declared: Declared) -> Any:
    from tests.terraform.plans import shown

    return shown(node, declared)


def test_a_policy_document_that_is_read_later_is_known_but_for_its_resources() -> None:
    after = document(
        principals=[{"identifiers": ["*"], "type": "AWS"}],
        condition=[{"test": "Bool", "values": ["false"], "variable": "aws:SecureTransport"}],
        resources=[None, None],
    )
    statement = {
        "actions": constant(["s3:GetObject"]),
        "resources": refers(f"{DATA}.arn", f"{DATA}.arn"),
    }
    told = policy_of(after, {"statement": [{"resources": [True, True]}]}, {"statement": [statement]})
    assert told == {
        "Version": '"2012-10-17"',
        "Statement": [
            {
                "Effect": '"Allow"',
                "Action": '"s3:GetObject"',
                "Resource": [f"{UNKNOWN}, from {DATA}.arn"] * 2,
                "Principal": {"AWS": '"*"'},
                "Condition": {"Bool": {"aws:SecureTransport": '"false"'}},
            }
        ],
    }


def test_principals_and_the_source_of_a_condition_are_references() -> None:
    role, site = "aws_iam_role.reader", "aws_cloudfront_distribution.site"
    after = document(
        principals=[{"identifiers": [None], "type": "AWS"}],
        condition=[{"test": "StringEquals", "values": [None], "variable": "AWS:SourceArn"}],
        resources=["arn:aws:s3:::data/*"],
    )
    statement = {
        "actions": constant(["s3:GetObject"]),
        "principals": [{"identifiers": refers(f"{role}.arn"), "type": constant("AWS")}],
        "condition": [
            {
                "test": constant("StringEquals"),
                "values": refers(f"{site}.arn"),
                "variable": constant("AWS:SourceArn"),
            }
        ],
    }
    unknown = {"statement": [{"principals": [{"identifiers": [True]}], "condition": [{"values": [True]}]}]}
    others = [change(one, {}, {"arn": True, "id": True, "name": True}) for one in (role, site)]
    told = policy_of(after, unknown, {"statement": [statement]}, *others)
    [only] = told["Statement"]
    assert only["Principal"] == {"AWS": f"${{{role}.arn}}"}
    assert only["Condition"] == {"StringEquals": {"AWS:SourceArn": f"${{{site}.arn}}"}}


def test_documents_that_are_merged_are_followed() -> None:
    inner = "data.aws_iam_policy_document.inner"
    first = read_later(
        inner,
        document(effect="Deny", resources=["*"], sid="Inner"),
        {"json": True, "id": True},
    )
    after = {**document(resources=["*"], sid="Outer"), "source_policy_documents": [None]}
    made = plan(
        first,
        new_bucket(DATA, "data"),
        read_later(DOCUMENT, after, {"json": True, "source_policy_documents": [True]}),
        change(POLICY, {"bucket": "data"}, {"policy": True}),
        written={
            **NAMED,
            inner: {"statement": [{"actions": constant(["s3:GetObject"])}]},
            DOCUMENT: {
                "statement": [{"actions": constant(["s3:GetObject"])}],
                "source_policy_documents": refers(f"{inner}.json"),
            },
            POLICY: {"policy": refers(f"{DOCUMENT}.json")},
        },
    )
    declared = read(made).declared[POLICY]
    node = declared.resolver.resolve(declared.node).node
    found: Any = declared.resolver.resolve(node.get("policy")).node  # type: ignore[attr-defined]
    told = shown_policy(found.value, declared)
    assert [(one["Sid"], one["Effect"]) for one in told["Statement"]] == [
        ('"Inner"', '"Deny"'),
        ('"Outer"', '"Allow"'),
    ]


def test_a_policy_that_is_put_together_in_an_expression_is_not_told() -> None:
    made = plan(
        new_bucket(DATA, "data"),
        change(POLICY, {"bucket": "data"}, {"policy": True}),
        written={**NAMED, POLICY: {"policy": refers(f"{DATA}.arn", f"{DATA}.arn", "var.account")}},
    )
    assert read(made).told(POLICY, "policy") == f"{UNKNOWN}, from {DATA}.arn"


def test_a_document_that_was_read_already_is_in_the_plan() -> None:
    prior = [values(DOCUMENT, {**document(resources=["*"]), "json": "{}"})]
    made = plan(change(POLICY, {"bucket": "data", "policy": "{}"}), prior=prior)
    assert read(made).told(POLICY, "policy") == '"{}"'
