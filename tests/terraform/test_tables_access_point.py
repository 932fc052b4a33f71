"""Access points of every sort, access grants, Storage Lens, endpoints of Outposts."""

import json

from s3audit.model.access_grants import AccessGrantsInstance
from s3audit.model.access_point import AccessPoint, MultiRegionAccessPoint, ObjectLambdaAccessPoint
from tests.terraform.filling import UNKNOWN, filled, joined, plain, told, unwritten

POLICY = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]}
WRITTEN = json.dumps(POLICY)
BLOCKS = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")


def test_an_access_point() -> None:
    point = filled(
        "aws_s3_access_point",
        {
            "name": "team",
            "bucket": "data",
            "bucket_account_id": "111122223333",
            "vpc_configuration": [{"vpc_id": "vpc-1"}],
            "policy": WRITTEN,
            "public_access_block_configuration": [dict.fromkeys(BLOCKS, False)],
            "tags": {"a": "b"},
        },
    )
    assert told(point) == {
        "type": "general",
        "name": "team",
        "bucket": "data",
        "bucket_account": "111122223333",
        "vpc": "vpc-1",
        "policy": POLICY,
        "public_access_block": dict.fromkeys(BLOCKS, False),
        "tags": [{"key": "a", "value": "b"}],
    }


def test_an_access_point_that_says_little() -> None:
    bare = unwritten(filled("aws_s3_access_point", {"name": "team", "bucket": "data"}))
    assert bare == {
        "bucket_account": None,
        "vpc": None,
        "policy": None,
        "public_access_block": dict.fromkeys(BLOCKS, True),
        "scope": None,
        "data_source_type": None,
        "data_source": None,
        "tags": [],
    }
    lists: dict[str, list[object]] = {"vpc_configuration": [], "public_access_block_configuration": []}
    assert unwritten(filled("aws_s3_access_point", {"name": "team", "bucket": "data", **lists})) == bare


def test_the_provider_turns_on_what_a_block_leaves_out() -> None:
    block = [{"block_public_acls": False, "ignore_public_acls": None}]
    point = filled("aws_s3_access_point", {"public_access_block_configuration": block})
    assert told(point)["public_access_block"] == {"block_public_acls": False}
    assert unwritten(point)["public_access_block"] == {
        "ignore_public_acls": True,
        "block_public_policy": True,
        "restrict_public_buckets": True,
    }


def test_a_policy_in_an_access_point_and_one_beside_it_say_the_same() -> None:
    (inside,) = joined(AccessPoint, ("aws_s3_access_point", {"name": "team", "policy": WRITTEN}))
    (beside,) = joined(
        AccessPoint,
        ("aws_s3_access_point", {"name": "team"}),
        (
            "aws_s3control_access_point_policy",
            {"access_point_arn": "arn:aws:s3:eu-west-1:111122223333:accesspoint/team", "policy": WRITTEN},
        ),
    )
    assert plain(inside.policy) == plain(beside.policy) == POLICY


def test_the_scope_of_an_access_point_of_a_directory_bucket() -> None:
    name = "team--euw1-az1--xa-s3"
    (point,) = joined(
        AccessPoint,
        ("aws_s3_access_point", {"name": name, "bucket": "data--euw1-az1--x-s3"}),
        (
            "aws_s3control_directory_bucket_access_point_scope",
            {"name": name, "scope": [{"permissions": ["GetObject"], "prefixes": ["in/*"]}]},
        ),
    )
    assert plain(point.scope) == {"prefixes": ["in/*"], "permissions": ["GetObject"]}


def test_an_access_point_of_a_volume() -> None:
    point = filled(
        "aws_fsx_s3_access_point_attachment",
        {
            "name": "volume",
            "type": "OPENZFS",
            "openzfs_configuration": [{"volume_id": "fsvol-1"}],
            "s3_access_point": [{"policy": WRITTEN, "vpc_configuration": [{"vpc_id": "vpc-1"}]}],
        },
    )
    assert told(point) == {
        "type": "general",
        "name": "volume",
        "vpc": "vpc-1",
        "policy": POLICY,
        "public_access_block": dict.fromkeys(BLOCKS, True),
        "data_source_type": "FSX_OPENZFS",
        "data_source": "fsvol-1",
    }


def test_a_multi_region_access_point() -> None:
    (point,) = joined(
        MultiRegionAccessPoint,
        (
            "aws_s3control_multi_region_access_point",
            {
                "details": [
                    {
                        "name": "wide",
                        "region": [{"bucket": "a", "bucket_account_id": "111122223333"}, {"bucket": "b"}],
                        "public_access_block": [{"restrict_public_buckets": False}],
                    }
                ]
            },
        ),
        (
            "aws_s3control_multi_region_access_point_policy",
            {"details": [{"name": "wide", "policy": WRITTEN}]},
        ),
    )
    assert told(point) == {
        "name": "wide",
        "buckets": [{"bucket": "a", "bucket_account": "111122223333"}, {"bucket": "b"}],
        "policy": POLICY,
        "public_access_block": {"restrict_public_buckets": False},
    }
    assert unwritten(point) == {"public_access_block": dict.fromkeys(BLOCKS[:3], True)}
    bare = filled("aws_s3control_multi_region_access_point", {"details": [{"name": "wide"}]})
    assert unwritten(bare)["public_access_block"] == dict.fromkeys(BLOCKS, True)
    open_ = {"details": [{"name": "wide", "public_access_block": [dict.fromkeys(BLOCKS, False)]}]}
    made = filled("aws_s3control_multi_region_access_point", open_)
    assert told(made)["public_access_block"] == dict.fromkeys(BLOCKS, False)


def test_an_object_lambda_access_point() -> None:
    transformation = {
        "actions": ["GetObject"],
        "content_transformation": [{"aws_lambda": [{"function_arn": "arn:f", "function_payload": "{}"}]}],
    }
    (point,) = joined(
        ObjectLambdaAccessPoint,
        (
            "aws_s3control_object_lambda_access_point",
            {
                "name": "redacted",
                "configuration": [
                    {
                        "supporting_access_point": "arn:team",
                        "allowed_features": ["GetObject-Range"],
                        "cloud_watch_metrics_enabled": True,
                        "transformation_configuration": [transformation],
                    }
                ],
            },
        ),
        ("aws_s3control_object_lambda_access_point_policy", {"name": "redacted", "policy": WRITTEN}),
    )
    assert told(point) == {
        "name": "redacted",
        "supporting_access_point": "arn:team",
        "allowed_features": ["GetObject-Range"],
        "cloudwatch_metrics": True,
        "transformations": [{"actions": ["GetObject"], "function": "arn:f", "payload": "{}"}],
        "policy": POLICY,
    }
    bare = filled("aws_s3control_object_lambda_access_point", {"configuration": [{}]})
    assert unwritten(bare) == {
        "allowed_features": [],
        "cloudwatch_metrics": False,
        "transformations": [],
        "policy": None,
    }


def test_access_grants() -> None:
    instance = filled(
        "aws_s3control_access_grants_instance", {"identity_center_arn": "arn:sso", "tags": {"a": "b"}}
    )
    assert told(instance) == {"identity_center": "arn:sso", "tags": [{"key": "a", "value": "b"}]}
    location = filled(
        "aws_s3control_access_grants_location",
        {"location_scope": "s3://", "iam_role_arn": "arn:role", "tags": {"a": "b"}},
    )
    assert told(location) == {"scope": "s3://", "role": "arn:role", "tags": [{"key": "a", "value": "b"}]}
    grant = filled(
        "aws_s3control_access_grant",
        {
            "access_grants_location_id": "default",
            "access_grants_location_configuration": [{"s3_sub_prefix": "in/*"}],
            "s3_prefix_type": "Object",
            "grantee": [{"grantee_type": "IAM", "grantee_identifier": "arn:user"}],
            "permission": "READWRITE",
            "tags": {"a": "b"},
        },
    )
    assert told(grant) == {
        "location": "default",
        "sub_prefix": "in/*",
        "prefix_type": "Object",
        "grantee_type": "IAM",
        "grantee": "arn:user",
        "permission": "READWRITE",
        "tags": [{"key": "a", "value": "b"}],
    }
    assert plain(grant.application) is None


def test_which_instance_a_policy_is_for_is_not_said() -> None:
    policy = filled(
        "aws_s3control_access_grants_instance_resource_policy", {"account_id": "1", "policy": WRITTEN}
    )
    assert told(policy) == {"kind": "access-grants-instance", "field": "policy", "value": POLICY}
    (instance,) = joined(
        AccessGrantsInstance,
        ("aws_s3control_access_grants_instance", {}),
        ("aws_s3control_access_grants_instance_resource_policy", {"policy": WRITTEN}),
    )
    assert plain(instance.policy) == UNKNOWN


def test_storage_lens() -> None:
    destination = {
        "arn": "arn:aws:s3:::metrics",
        "account_id": "111122223333",
        "format": "CSV",
        "output_schema_version": "V_1",
        "prefix": "lens/",
        "encryption": [{"sse_kms": [{"key_id": "arn:key"}], "sse_s3": []}],
    }
    exported = {
        "bucket": "arn:aws:s3:::metrics",
        "account": "111122223333",
        "format": "CSV",
        "prefix": "lens/",
        "sse_s3": False,
        "kms_key": "arn:key",
    }
    lens = filled(
        "aws_s3control_storage_lens_configuration",
        {
            "config_id": "all",
            "storage_lens_configuration": [
                {
                    "enabled": True,
                    "aws_org": [{"arn": "arn:org"}],
                    "include": [{"buckets": ["arn:1"], "regions": ["eu-west-1"]}],
                    "exclude": [{"buckets": ["arn:2"], "regions": ["eu-west-2"]}],
                    "data_export": [
                        {
                            "cloud_watch_metrics": [{"enabled": True}],
                            "s3_bucket_destination": [destination],
                            "storage_lens_table_destination": [{"enabled": True}],
                        }
                    ],
                    "expanded_prefixes_data_export": [{"s3_bucket_destination": [destination]}],
                }
            ],
            "tags": {"a": "b"},
        },
    )
    assert told(lens) == {
        "id": "all",
        "enabled": True,
        "organization": "arn:org",
        "included_buckets": ["arn:1"],
        "included_regions": ["eu-west-1"],
        "excluded_buckets": ["arn:2"],
        "excluded_regions": ["eu-west-2"],
        "export": exported,
        "expanded_export": exported,
        "table_export": True,
        "cloudwatch": True,
        "tags": [{"key": "a", "value": "b"}],
    }


def test_storage_lens_without_exports() -> None:
    lens = filled(
        "aws_s3control_storage_lens_configuration",
        {"config_id": "all", "storage_lens_configuration": [{"enabled": True, "data_export": []}]},
    )
    assert unwritten(lens) == {
        "organization": None,
        "included_buckets": [],
        "included_regions": [],
        "excluded_buckets": [],
        "excluded_regions": [],
        "export": None,
        "expanded_export": None,
        "table_export": False,
        "cloudwatch": False,
        "tags": [],
    }


def test_an_empty_block_turns_on_encryption_of_an_export() -> None:
    destination = [{"arn": "a", "encryption": [{"sse_s3": [{}]}]}]
    configuration = [{"data_export": [{"s3_bucket_destination": destination}]}]
    lens = filled("aws_s3control_storage_lens_configuration", {"storage_lens_configuration": configuration})
    assert plain(lens.export) == {"bucket": "a", "sse_s3": True}


def test_an_endpoint_of_an_outpost() -> None:
    endpoint = filled(
        "aws_s3outposts_endpoint",
        {
            "outpost_id": "op-1",
            "subnet_id": "subnet-1",
            "security_group_id": "sg-1",
            "access_type": "CustomerOwnedIp",
            "customer_owned_ipv4_pool": "pool",
        },
    )
    assert told(endpoint) == {
        "outpost": "op-1",
        "subnet": "subnet-1",
        "security_group": "sg-1",
        "access_type": "CustomerOwnedIp",
        "customer_owned_pool": "pool",
    }
    assert unwritten(filled("aws_s3outposts_endpoint", {})) == {
        "access_type": "Private",
        "customer_owned_pool": None,
    }
