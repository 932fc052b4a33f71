"""Which resources a state holds, and what of it is not told."""

import json
from typing import Any

import pytest

from s3audit.location import Location
from s3audit.setting import Known
from tests.terraform.plans import Json, modules, read_stored, values

LOGS = "aws_s3_bucket.logs"
FILE = "terraform.tfstate"


def shown(*resources: Json, **more: Any) -> Json:
    """A state as `terraform show -json` prints it."""
    return {
        "format_version": "1.0",
        "terraform_version": "1.11.4",
        "values": {"outputs": {}, "root_module": modules(*resources)},
        **more,
    }


def stored(*resources: Json, **more: Any) -> Json:
    """A state as Terraform keeps it."""
    return {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 3,
        "lineage": "0f7e64c8-d3e0-2a6c-1e93-da0e6b39771d",
        "outputs": {},
        "resources": list(resources),
        "check_results": None,
        **more,
    }


def resource(kind: str, name: str, *instances: Json, **more: Any) -> Json:
    provider = 'provider["registry.terraform.io/hashicorp/aws"]'
    return {
        "mode": "managed",
        "type": kind,
        "name": name,
        "provider": provider,
        "instances": list(instances),
        **more,
    }


def instance(attributes: Any, **more: Any) -> Json:
    return {
        "schema_version": 0,
        "attributes": attributes,
        "sensitive_attributes": [],
        "private": "bnVsbA==",
        "dependencies": ["aws_kms_key.it"],
        **more,
    }


def test_both_forms_of_a_state_tell_the_same() -> None:
    arguments = {
        "arn": "arn:aws:s3:::logs",
        "bucket": "logs",
        "tags": {"Env": "prod"},
        "versioning": [{"enabled": True, "mfa_delete": False}],
        "website": [],
        "acl": None,
    }
    address = 'module.site["eu"].aws_s3_bucket.this[0]'
    one = read_stored(shown(values(LOGS, arguments), values(address, arguments)))
    module = {"module": 'module.site["eu"]', "each": "list"}
    other = read_stored(
        stored(
            resource("aws_s3_bucket", "logs", instance(arguments)),
            resource("aws_s3_bucket", "this", instance(arguments, index_key=0), **module),
        )
    )
    for reading in (one, other):
        assert list(reading.declared) == [LOGS, address]
        for declared in reading.declared.values():
            assert declared.as_seen
            assert declared.at == Location(FILE, declared.address)
            assert declared.exists == Known(True, declared.at)
            assert declared.file == FILE
        assert reading.told(address) == {
            "arn": '"arn:aws:s3:::logs"',
            "bucket": '"logs"',
            "tags": {"Env": '"prod"'},
            "versioning": [{"enabled": "true", "mfa_delete": "false"}],
            "website": [],
        }
        assert reading.problems == []


@pytest.mark.parametrize(
    ("index", "key"), [(0, "[0]"), ("eu", '["eu"]'), ('a"b', r'["a\"b"]'), ("${x}", '["$${x}"]'), (None, "")]
)
def test_keys_of_instances(index: Any, key: str) -> None:
    made = stored(resource("aws_s3_bucket", "logs", instance({"bucket": "logs"}, index_key=index)))
    assert list(read_stored(made).declared) == [LOGS + key]


def test_data_sources_and_deposed_objects_are_left_out() -> None:
    made = stored(
        resource("aws_s3_bucket", "other", instance({"bucket": "other"}), mode="data"),
        resource(
            "aws_s3_bucket",
            "logs",
            instance({"bucket": "old"}, deposed="b5c2d1a0"),
            instance({"bucket": "logs"}, status="tainted"),
        ),
    )
    assert read_stored(made).told(LOGS, "bucket") == '"logs"'
    assert list(read_stored(made).declared) == [LOGS]
    deposed = values(LOGS, {"bucket": "old"}) | {"deposed_key": "b5c2d1a0"}
    assert read_stored(shown(deposed)).declared == {}


def test_sensitive_attributes_are_not_told() -> None:
    paths = [
        [{"type": "get_attr", "value": "policy"}],
        [
            {"type": "get_attr", "value": "rule"},
            {"type": "index", "value": {"value": 0, "type": "number"}},
            {"type": "get_attr", "value": "id"},
        ],
        [{"type": "get_attr", "value": "tags"}, {"type": "index", "value": "Env"}],
    ]
    attributes = {
        "bucket": "logs",
        "policy": "s3cr3t",
        "rule": [{"id": "s3cr3t", "status": "Enabled"}],
        "tags": {"Env": "s3cr3t", "Tier": "gold"},
    }
    made = stored(resource("aws_s3_bucket", "logs", instance(attributes, sensitive_attributes=paths)))
    told = read_stored(made).told(LOGS)
    assert "s3cr3t" not in json.dumps(told)
    assert told == {
        "bucket": '"logs"',
        "policy": f"${{(sensitive value of {LOGS}.policy)}}",
        "rule": [{"id": f"${{(sensitive value of {LOGS}.rule[0].id)}}", "status": '"Enabled"'}],
        "tags": {"Env": f"${{(sensitive value of {LOGS}.tags.Env)}}", "Tier": '"gold"'},
    }


@pytest.mark.parametrize(
    "paths", [[[]], ["policy"], [[{"type": "splat"}]], [[{"type": "index", "value": {}}]]]
)
def test_where_it_can_not_be_told_what_is_sensitive_all_is(paths: Any) -> None:
    made = stored(
        resource("aws_s3_bucket", "logs", instance({"policy": "s3cr3t"}, sensitive_attributes=paths))
    )
    assert read_stored(made).told(LOGS) == "? it is marked as sensitive"


@pytest.mark.parametrize(
    ("spelled", "provider"),
    [
        ('provider["registry.terraform.io/hashicorp/aws"]', ""),
        ('provider["registry.terraform.io/hashicorp/aws"].west', "aws.west"),
        ('module.site.provider["registry.opentofu.org/hashicorp/aws"].west', "aws.west"),
        ("provider.aws", ""),
        ("provider.aws.west", "aws.west"),
        (None, ""),
    ],
)
def test_the_provider_that_is_not_the_usual_one(spelled: str | None, provider: str) -> None:
    made = stored(resource("aws_s3_bucket", "logs", instance({}), provider=spelled))
    assert read_stored(made).declared[LOGS].provider == provider


def test_an_empty_state_has_nothing_and_nothing_is_said() -> None:
    for made in ({"format_version": "1.0"}, {"version": 4, "resources": []}, shown(), stored()):
        assert read_stored(made) == ({}, [])


@pytest.mark.parametrize("version", [1, 3, "4", None])
def test_an_old_state_says_how_it_is_renewed(version: Any) -> None:
    reading = read_stored({"version": version, "serial": 1, "modules": [], "values": {}})
    if version is None:
        assert reading == ({}, [])
        return
    assert reading.declared == {}
    assert reading.said == [
        (
            f"unreadable: This state has the version {version}, of Terraform 0.11 or older, and 4 is read here."
            " Run `terraform apply -refresh-only` with a newer Terraform, which rewrites it."
        )
    ]


def test_a_newer_state_is_not_judged() -> None:
    reading = read_stored(stored(resource("aws_s3_bucket", "logs", instance({"bucket": "logs"})), version=5))
    assert reading.declared == {}
    assert reading.said == [
        (
            "unreadable: This state has the version 5, and 4 is read here, so it is not judged. Look for a newer"
            " s3audit, or give what `terraform show -json` prints."
        )
    ]
    reading = read_stored(shown(values(LOGS, {"bucket": "logs"}), format_version="2.0"))
    assert reading.declared == {}
    assert reading.said == [
        (
            "unreadable: This state has the format_version '2.0', and those up to 1 are read here, so it is not judged."
            " Look for a newer s3audit, or give what an older Terraform prints of the state."
        )
    ]


def test_an_encrypted_state_says_what_to_give_instead() -> None:
    made = {
        "serial": 1,
        "lineage": "0f7e64c8",
        "meta": {"key_provider.pbkdf2.it": "eyJzYWx0Ijoi"},
        "encrypted_data": "c2VjcmV0",
        "encryption_version": "v0",
    }
    assert read_stored(made).declared == {}
    assert read_stored(made).said == [
        "unreadable: This state is encrypted by OpenTofu. Give what `tofu show -json` prints, which is not."
    ]


def test_attributes_of_an_older_terraform_are_not_told() -> None:
    flat = {"schema_version": 0, "attributes_flat": {"bucket": "logs", "tags.%": "0"}}
    reading = read_stored(stored(resource("aws_s3_bucket", "logs", flat)))
    assert reading.told(LOGS) == "? its arguments are no object, as those of a resource are"
    assert reading.said == [
        (
            "partial: 1 resources of this state are stored as Terraform 0.11 did, so nothing is known of them."
            " Run `terraform apply -refresh-only`, which rewrites them."
        )
    ]


def test_of_two_with_one_address_the_first_counts() -> None:
    made = stored(
        *(resource("aws_s3_bucket", "logs", instance({"bucket": name})) for name in ("first", "second"))
    )
    assert read_stored(made).told(LOGS, "bucket") == '"first"'
    assert read_stored(made).said == [
        f"ambiguous: {LOGS} stands more than once in this state; the first one counts."
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Input data was truncated"),
        (b'{"version": 4, "resources": [', "Input data was truncated"),
        (b"{]", "JSON is malformed: object keys must be strings (byte 1)"),
    ],
)
def test_what_is_no_state_is_said(data: bytes, said: str) -> None:
    assert read_stored(data).said == [
        f"unreadable: This is no state: {said}. Give what `terraform show -json` or `state pull` prints."
    ]


@pytest.mark.parametrize("wrong", [3, "x", {"a": 1}, [1], [{"type": "aws_s3_bucket"}], [[]]])
def test_resources_of_a_wrong_form_are_said(wrong: Any) -> None:
    good = resource("aws_s3_bucket", "logs", instance({"bucket": "logs"}))
    made = stored(resources=[good, *wrong] if isinstance(wrong, list) else wrong)
    reading = read_stored(made)
    assert list(reading.declared) == ([LOGS] if isinstance(wrong, list) else [])
    assert "resources can't be read" in reading.said[0]
    # Where it is no list at all, nothing of the file is judged.
    kind = "partial" if isinstance(wrong, list) else "unreadable"
    assert [one.partition(":")[0] for one in reading.said] == [kind]


@pytest.mark.parametrize("wrong", [3, "x", [1], {"attributes": {}, "index_key": {}}])
def test_instances_of_a_wrong_form_are_said(wrong: Any) -> None:
    good = instance({"bucket": "logs"})
    reading = read_stored(stored(resource("aws_s3_bucket", "logs", wrong, good)))
    assert reading.told(LOGS, "bucket") == '"logs"'
    assert "1 of the resources can't be read" in reading.said[0]
