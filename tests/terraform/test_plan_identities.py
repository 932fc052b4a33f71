"""Resources that are named by what they are called once they are there, in plans and states."""

import json
from pathlib import Path
from typing import Any

import pytest

import s3audit
from tests.terraform.plans import Json, change, plan, read, read_stored, values
from tests.terraform.test_state import instance, resource, shown, stored

KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/k1"
KEY = {"id": "k1", "key_id": "k1", "arn": KEY_ARN}
ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration.b"
AT = ("rule", 0, "apply_server_side_encryption_by_default", 0, "kms_master_key_id")


def encrypted(key: str) -> Json:
    default = {"sse_algorithm": "aws:kms", "kms_master_key_id": key}
    return {"bucket": "b", "rule": [{"apply_server_side_encryption_by_default": [default]}]}


def _stored(address: str, arguments: Json) -> Json:
    kind, name = address.split(".")
    return resource(kind, name, instance(arguments))


def of_each_form(resources: dict[str, Json]) -> list[Any]:
    """A plan that changes nothing, a state as it is shown and one as it is stored."""
    return [
        read(plan(*(change(one, arguments, actions=["no-op"]) for one, arguments in resources.items()))),
        read_stored(shown(*(values(one, arguments) for one, arguments in resources.items()))),
        read_stored(stored(*(_stored(one, arguments) for one, arguments in resources.items()))),
    ]


@pytest.mark.parametrize(
    ("called", "named"), [("k1", "${aws_kms_key.k.id}"), (KEY_ARN, "${aws_kms_key.k.arn}"), ("k2", '"k2"')]
)
def test_a_key_by_its_id_or_arn(called: str, named: str) -> None:
    for reading in of_each_form({"aws_kms_key.k": KEY, ENCRYPTION: encrypted(called)}):
        assert reading.told(ENCRYPTION, *AT) == named


def test_what_several_are_called_names_none() -> None:
    both = {"aws_kms_key.k": KEY, "aws_kms_replica_key.k": {**KEY, "arn": "arn:aws:kms:us-east-1:1:key/k1"}}
    for reading in of_each_form({**both, ENCRYPTION: encrypted("k1")}):
        assert reading.told(ENCRYPTION, *AT) == '"k1"'
    for reading in of_each_form({**both, ENCRYPTION: encrypted(KEY_ARN)}):
        assert reading.told(ENCRYPTION, *AT) == "${aws_kms_key.k.arn}"


def test_only_what_an_argument_can_name_is_meant() -> None:
    resources: dict[str, Json] = {
        "aws_kms_key.k": {"id": "logs", "arn": KEY_ARN},
        "aws_s3_bucket.b": {"bucket": "b", "id": "b", "tags": {"kms_key_id": "other", "a": KEY_ARN}},
        "aws_s3_bucket_logging.b": {"bucket": "b", "target_bucket": "logs", "target_prefix": KEY_ARN},
    }
    for reading in of_each_form(resources):
        assert reading.told("aws_s3_bucket_logging.b") == {
            "bucket": '"b"',
            "target_bucket": '"logs"',
            "target_prefix": f'"{KEY_ARN}"',
        }
        assert reading.told("aws_s3_bucket.b", "tags", "a") == f'"{KEY_ARN}"'


def test_lists_of_those_that_are_named() -> None:
    endpoint = {"id": "vpce-1", "vpc_id": "vpc-1", "route_table_ids": ["rtb-1", "rtb-2"]}
    for reading in of_each_form(
        {"aws_vpc_endpoint.e": endpoint, "aws_route_table.r": {"id": "rtb-1"}, "aws_vpc.v": {"id": "vpc-1"}}
    ):
        assert reading.told("aws_vpc_endpoint.e", "route_table_ids") == ["${aws_route_table.r.id}", '"rtb-2"']
        assert reading.told("aws_vpc_endpoint.e", "vpc_id") == "${aws_vpc.v.id}"


def test_an_origin_access_control_that_is_recorded_is_declared_here(tmp_path: Path) -> None:
    origin = {
        "origin_id": "s3",
        "domain_name": "b.s3.eu-west-1.amazonaws.com",
        "origin_access_control_id": "E1",
    }
    control = {"id": "E1", "origin_access_control_origin_type": "s3", "signing_protocol": "sigv4"}
    resources = [
        resource("aws_s3_bucket", "b", instance({"bucket": "b", "id": "b"})),
        resource("aws_cloudfront_distribution", "d", instance({"enabled": True, "origin": [origin]})),
    ]
    found = {}
    for signing in ("always", "never", ""):
        own = instance({**control, "signing_behavior": signing})
        more = [resource("aws_cloudfront_origin_access_control", "o", own)] if signing else []
        file = tmp_path / "terraform.tfstate"
        file.write_text(json.dumps(stored(*resources, *more)), encoding="utf-8")
        report = s3audit.scan([file], severity="info", select=["cloudfront-oac"])
        (finding,) = report.findings
        found[signing] = finding.status
    assert found == {"always": "pass", "never": "fail", "": "unknown"}
