"""What the server is told to answer, it answers in the protocol of the service."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from s3audit.demo.server import Server

_AT = datetime(2025, 6, 2, 8, 30, tzinfo=UTC)
_KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
_BUCKETS = "arn:aws:s3tables:eu-west-1:123456789012:bucket/tables"
_TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}}]}

# Service, method, parameters, and the answer: one at least of each protocol.
_ANSWERS: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    (
        "kms",
        "describe_key",
        {"KeyId": _KEY},
        {
            "KeyMetadata": {
                "KeyId": "1",
                "Arn": _KEY,
                "CreationDate": _AT,
                "Enabled": True,
                "KeyManager": "AWS",
            }
        },
    ),
    (
        "iam",
        "get_role",
        {"RoleName": "replication"},
        {
            "Role": {
                "Path": "/",
                "RoleName": "replication",
                "RoleId": "AROA1",
                "Arn": "arn:aws:iam::123456789012:role/replication",
                "CreateDate": _AT,
                "AssumeRolePolicyDocument": _TRUST,
                "Tags": [{"Key": "a", "Value": "b & c"}],
            }
        },
    ),
    (
        "sns",
        "get_topic_attributes",
        {"TopicArn": "arn:aws:sns:eu-west-1:123456789012:t"},
        {"Attributes": {"Owner": "123456789012", "Policy": json.dumps(_TRUST)}},
    ),
    (
        "ec2",
        "describe_vpc_endpoints",
        {"Filters": [{"Name": "service-name", "Values": ["a", "b"]}]},
        {
            "VpcEndpoints": [
                {
                    "VpcEndpointId": "vpce-1",
                    "VpcId": "vpc-1",
                    "PolicyDocument": json.dumps(_TRUST),
                    "RouteTableIds": ["rtb-1", "rtb-2"],
                    "PrivateDnsEnabled": False,
                    "CreationTimestamp": _AT,
                }
            ]
        },
    ),
    ("sqs", "get_queue_attributes", {"QueueUrl": "https://q"}, {"Attributes": {"QueueArn": "arn:aws:sqs:x"}}),
    ("lambda", "get_policy", {"FunctionName": "f:1"}, {"Policy": json.dumps(_TRUST), "RevisionId": "1"}),
    (
        "glacier",
        "get_vault_lock",
        {"accountId": "-", "vaultName": "archive"},
        {"Policy": "{}", "State": "Locked", "CreationDate": "2025-06-02T08:30:00.000Z"},
    ),
    (
        "s3tables",
        "get_table_bucket_policy",
        {"tableBucketARN": _BUCKETS},
        {"resourcePolicy": json.dumps(_TRUST)},
    ),
    ("s3vectors", "list_vector_buckets", {"prefix": "v"}, {"vectorBuckets": []}),
    (
        "cloudfront",
        "get_distribution_config",
        {"Id": "E1"},
        {
            "ETag": "E2",
            "DistributionConfig": {
                "CallerReference": "1",
                "Comment": "<&>",
                "Enabled": True,
                "Origins": {
                    "Quantity": 1,
                    "Items": [
                        {
                            "Id": "o",
                            "DomainName": "web.s3.eu-west-1.amazonaws.com",
                            "S3OriginConfig": {"OriginAccessIdentity": ""},
                            "OriginAccessControlId": "EOAC",
                        }
                    ],
                },
                "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only"},
            },
        },
    ),
    (
        "s3control",
        "get_multi_region_access_point_policy_status",
        {"AccountId": "123456789012", "Name": "all"},
        {"Established": {"IsPublic": True}},
    ),
    (
        "guardduty",
        "get_detector",
        {"DetectorId": "d1"},
        {"Status": "ENABLED", "ServiceRole": "r", "Tags": {"a": "b"}},
    ),
    ("elb", "describe_load_balancers", {}, {"LoadBalancerDescriptions": [{"LoadBalancerName": "old"}]}),
    ("elbv2", "describe_load_balancers", {}, {"LoadBalancers": [{"LoadBalancerName": "new"}]}),
    (
        "s3",
        "get_object_acl",
        {"Bucket": "data", "Key": "a b/c"},
        {"Owner": {"ID": "1"}, "Grants": [{"Grantee": {"Type": "Group", "URI": "u"}, "Permission": "READ"}]},
    ),
]


@pytest.mark.parametrize(
    ("service", "method", "parameters", "document"), _ANSWERS, ids=lambda one: str(one)[:20]
)
def test_an_answer_comes_as_it_was_told(
    server: Server, service: str, method: str, parameters: dict[str, Any], document: dict[str, Any]
) -> None:
    client = server.client(service)
    operation = f"{service}:{client.meta.method_to_api_mapping[method]}"
    server.world.tell(operation, document, parameters)
    answer = getattr(client, method)(**parameters)
    del answer["ResponseMetadata"]
    assert answer == document
    assert server.world.requests == {operation: 1}


def test_an_answer_is_for_its_parameters_account_and_region(server: Server) -> None:
    world = server.world
    world.tell("kms:GetKeyRotationStatus", {"KeyRotationEnabled": False})
    world.tell("kms:GetKeyRotationStatus", {"KeyRotationEnabled": True}, {"KeyId": "a"}, region="us-east-1")
    world.tell("kms:GetKeyRotationStatus", {"KeyRotationEnabled": True}, account="111122223333")
    told = [
        server.client("kms", region).get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
        for region, key in (("us-east-1", "a"), ("us-east-1", "b"), ("eu-west-1", "a"))
    ]
    assert told == [True, False, False]


def test_an_answer_that_has_no_place_in_the_shape_is_an_error_of_whoever_told_it() -> None:
    server = Server()
    with server:
        server.world.tell("kms:DescribeKey", {"KeyMetadata": {"KeyId": "1", "KeyState2": "Enabled"}})
        with pytest.raises(ClientError, match="InternalError"):
            server.client("kms").describe_key(KeyId="1")
        [error] = server.broken
        server.broken.clear()
    assert str(error).startswith("kms:DescribeKey.KeyMetadata has no KeyState2; it has AWSAccountId, ")


@pytest.mark.parametrize(
    ("service", "method", "key", "parameters"),
    [
        ("iam", "list_roles", "Roles", {}),
        ("kms", "list_aliases", "Aliases", {}),
        ("lambda", "list_functions", "Functions", {}),
        ("organizations", "list_accounts", "Accounts", {}),
        ("cloudfront", "list_distributions", "DistributionList.Items", {}),
        ("ec2", "describe_vpcs", "Vpcs", {}),
        ("glacier", "list_vaults", "VaultList", {"accountId": "-"}),
    ],
)
def test_a_listing_is_handed_out_by_pages(
    server: Server, service: str, method: str, key: str, parameters: dict[str, str]
) -> None:
    names = {"iam": "RoleName", "kms": "AliasName", "lambda": "FunctionName", "organizations": "Id"}
    name = names.get(service, {"cloudfront": "Id", "ec2": "VpcId", "glacier": "VaultName"}.get(service, ""))
    items: Any = [{name: f"item-{n}"} for n in range(5)]
    document: dict[str, Any] = {key: items}
    if service == "cloudfront":
        document = {"DistributionList": {"Items": items, "Quantity": 5, "Marker": "", "MaxItems": 2}}
    client = server.client(service)
    server.world.tell(f"{service}:{client.meta.method_to_api_mapping[method]}", document, page=2)
    pages = list(client.get_paginator(method).paginate(**parameters).search(f"{key}[].{name}"))
    assert pages == [f"item-{n}" for n in range(5)]
    assert sum(server.world.requests.values()) == 3


def test_a_listing_that_botocore_does_not_page_goes_on_too(server: Server) -> None:
    reports = [{"StorageLensArn": "arn", "Id": str(n)} for n in range(3)]
    server.world.tell(
        "s3control:ListStorageLensConfigurations", {"StorageLensConfigurationList": reports}, page=2
    )
    control = server.client("s3control")
    first = control.list_storage_lens_configurations(AccountId="123456789012")
    assert [one["Id"] for one in first["StorageLensConfigurationList"]] == ["0", "1"]
    rest = control.list_storage_lens_configurations(AccountId="123456789012", NextToken=first["NextToken"])
    assert [one["Id"] for one in rest["StorageLensConfigurationList"]] == ["2"]
    assert "NextToken" not in rest


@pytest.mark.parametrize(
    ("service", "method", "parameters", "key"),
    [
        ("iam", "list_roles", {}, "Roles"),
        ("ec2", "describe_vpc_endpoints", {}, "VpcEndpoints"),
        ("cloudtrail", "describe_trails", {}, "trailList"),
        ("guardduty", "list_detectors", {}, "DetectorIds"),
        ("s3tables", "list_table_buckets", {}, "tableBuckets"),
        ("s3files", "list_file_systems", {}, "fileSystems"),
        ("accessanalyzer", "list_analyzers", {}, "analyzers"),
        ("backup", "list_backup_plans", {}, "BackupPlansList"),
        ("s3control", "list_jobs", {"AccountId": "123456789012"}, "Jobs"),
    ],
)
def test_of_what_nobody_told_there_is_nothing(
    server: Server, service: str, method: str, parameters: dict[str, str], key: str
) -> None:
    assert getattr(server.client(service), method)(**parameters).get(key, []) == []


@pytest.mark.parametrize(
    ("service", "method", "parameters", "code"),
    [
        ("kms", "describe_key", {"KeyId": "1"}, "NotFoundException"),
        ("iam", "get_role", {"RoleName": "r"}, "NoSuchEntity"),
        ("cloudfront", "get_distribution", {"Id": "E1"}, "NoSuchDistribution"),
        ("lambda", "get_policy", {"FunctionName": "f"}, "ResourceNotFoundException"),
        ("organizations", "describe_organization", {}, "AWSOrganizationsNotInUseException"),
        ("s3tables", "get_table_bucket_policy", {"tableBucketARN": _BUCKETS}, "NotFoundException"),
        ("sns", "get_topic_attributes", {"TopicArn": "arn:aws:sns:eu-west-1:1:t"}, "NotFound"),
    ],
)
def test_what_nobody_told_is_not_found(
    server: Server, service: str, method: str, parameters: dict[str, str], code: str
) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(server.client(service), method)(**parameters)
    assert refused.value.response["Error"]["Code"] == code


@pytest.mark.parametrize(
    ("service", "method", "operation"),
    [
        ("iam", "list_roles", "iam:ListRoles"),
        ("kms", "list_aliases", "kms:ListAliases"),
        ("ec2", "describe_vpcs", "ec2:DescribeVpcs"),
        ("guardduty", "list_detectors", "guardduty:ListDetectors"),
        ("cloudfront", "list_distributions", "cloudfront:ListDistributions"),
        ("s3", "list_buckets", "s3:ListBuckets"),
    ],
)
def test_an_error_is_written_as_the_protocol_has_it(
    server: Server, service: str, method: str, operation: str
) -> None:
    server.world.refuse(operation, "SomeCode", "With a <reason> & more", 418)
    with pytest.raises(ClientError) as refused:
        getattr(server.client(service), method)()
    response = refused.value.response
    assert (response["Error"]["Code"], response["Error"]["Message"]) == ("SomeCode", "With a <reason> & more")
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 418
    assert response["ResponseMetadata"]["RequestId"]
