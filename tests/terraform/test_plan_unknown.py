"""What is known of values that a plan calls known after apply."""

from typing import Any

import pytest

from s3audit.collectors.terraform.records import arguments
from s3audit.collectors.terraform.references import made_up
from s3audit.text import Opaque, Text, text
from tests.terraform.computed import (
    COMPUTED,
    COMPUTED_3,
    DATA,
    ELSEWHERE,
    LOGS,
    MAY,
    PLAIN_3,
    UNKNOWN,
    VERSIONING,
    beside,
    new_bucket,
    text_of,
)
from tests.terraform.plans import change, constant, plan, read, refers

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
    assert reading.told(LOGS, "acl") == f"{UNKNOWN}, from terraform_data.one.output{MAY}"
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
    assert told == {"status": f"{UNKNOWN}, from terraform_data.one.output{MAY}"}


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
    assert reading.told(cors, "cors_rule", 0, "allowed_origins") == f"{UNKNOWN}, from {names[1]}{MAY}"
    assert reading.told(cors, "cors_rule", 1, "allowed_origins") == f"{UNKNOWN}, from {names[0]}{MAY}"
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
