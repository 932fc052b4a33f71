"""In which Region and account a plan and a state have what they list: whether a trail records a bucket."""

import json
from typing import Any

import pytest

from s3audit.collectors import terraform
from s3audit.collectors.documents.files import File, Options
from s3audit.model.bucket import Bucket
from s3audit.model.trail import Trail
from s3audit.setting import Known

NAME = "registry.terraform.io/hashicorp/aws"
OPTIONS = Options({}, False, 1_000_000, lambda path: None)


def plan(bucket: dict[str, Any], trail: dict[str, Any], providers: dict[str, Any]) -> dict[str, Any]:
    """A bucket of the usual provider, and a trail of `aws.us`."""
    given = (("aws_s3_bucket", "aws", bucket), ("aws_cloudtrail", "aws.us", trail))
    return {
        "format_version": "1.2",
        "resource_changes": [
            {
                "address": f"{kind}.it",
                "mode": "managed",
                "type": kind,
                "name": "it",
                "change": {"actions": ["create"], "after": values, "after_unknown": {}},
            }
            for kind, _, values in given
        ],
        "configuration": {
            "provider_config": providers,
            "root_module": {
                "resources": [
                    {
                        "mode": "managed",
                        "type": kind,
                        "name": "it",
                        "provider_config_key": key,
                        "expressions": {},
                    }
                    for kind, key, _ in given
                ]
            },
        },
    }


def region(name: str) -> dict[str, Any]:
    return {"region": {"constant_value": name}}


def role(arn: object) -> dict[str, Any]:
    return {"assume_role": [{"role_arn": arn}]}


def homes(document: dict[str, Any]) -> list[str]:
    found = terraform.collect([File("it.json", json.dumps(document).encode())], OPTIONS)
    (world,) = found.worlds
    (bucket,), (trail,) = world.estate.all(Bucket), world.estate.all(Trail)
    told = (bucket.region, bucket.account, trail.region, trail.account)
    assert all(isinstance(one, Known) for one in told)
    return [str(one.value) for one in told if isinstance(one, Known)]


@pytest.mark.parametrize(
    ("usual", "us", "expected"),
    [
        (
            region("eu-west-1"),
            region("us-east-1"),
            ["eu-west-1", "${AWS::AccountId}", "us-east-1", "${AWS::AccountId}"],
        ),
        (
            {},
            role({"constant_value": "arn:aws:iam::111122223333:role/audit"}),
            ["${AWS::Region}", "${AWS::AccountId}", "${the Region of aws.us}", "111122223333"],
        ),
        (
            region("eu-west-1"),
            region("eu-west-1") | role({"references": ["var.role"]}),
            ["eu-west-1", "${AWS::AccountId}", "eu-west-1", "${the account of aws.us}"],
        ),
        (
            {"region": {"references": ["var.region"]}},
            {"region": {"references": ["var.region"]}},
            ["${region of aws}", "${AWS::AccountId}", "${region of aws.us}", "${AWS::AccountId}"],
        ),
    ],
)
def test_a_plan(usual: dict[str, Any], us: dict[str, Any], expected: list[str]) -> None:
    providers = {
        "aws": {"name": "aws", "full_name": NAME, "expressions": usual},
        "aws.us": {"name": "aws", "full_name": NAME, "alias": "us", "expressions": us},
    }
    assert homes(plan({"bucket": "b"}, {"name": "t"}, providers)) == expected


def test_what_a_plan_says_of_a_resource_counts_more() -> None:
    document = plan({"bucket": "b", "region": "eu-north-1"}, {"name": "t", "home_region": "us-west-2"}, {})
    assert homes(document)[::2] == ["eu-north-1", "us-west-2"]


def test_a_state() -> None:
    spelled = f'provider["{NAME}"]'
    given = (
        ("aws_s3_bucket", spelled, {"bucket": "b", "region": "eu-west-1"}),
        ("aws_cloudtrail", f"{spelled}.us", {"name": "t"}),
    )
    resources = [
        {"mode": "managed", "type": kind, "name": "it", "provider": by, "instances": [{"attributes": values}]}
        for kind, by, values in given
    ]
    assert homes({"version": 4, "terraform_version": "1.11.4", "lineage": "l", "resources": resources}) == [
        "eu-west-1",
        "${AWS::AccountId}",
        "${the Region of aws.us}",
        "${the account of aws.us}",
    ]
