"""What a bucket is put, it answers; what it never was put, it answers as AWS does."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from s3audit.demo.server import Server

_TOPIC = "arn:aws:sns:eu-west-1:123456789012:uploads"
_KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
_LOGS = "arn:aws:s3:::logs"

# By the call that gets it: the call that puts it, and what it is put.
_PUT: dict[str, tuple[str, dict[str, Any]]] = {
    "get_bucket_versioning": (
        "put_bucket_versioning",
        {"VersioningConfiguration": {"Status": "Enabled", "MFADelete": "Enabled"}},
    ),
    "get_bucket_encryption": (
        "put_bucket_encryption",
        {
            "ServerSideEncryptionConfiguration": {
                "Rules": [
                    {
                        "ApplyServerSideEncryptionByDefault": {
                            "SSEAlgorithm": "aws:kms",
                            "KMSMasterKeyID": _KEY,
                        },
                        "BucketKeyEnabled": True,
                        "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
                    }
                ]
            }
        },
    ),
    "get_public_access_block": (
        "put_public_access_block",
        {
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": True,
                "IgnorePublicAcls": False,
                "BlockPublicPolicy": True,
                "RestrictPublicBuckets": False,
            }
        },
    ),
    "get_bucket_ownership_controls": (
        "put_bucket_ownership_controls",
        {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}},
    ),
    "get_object_lock_configuration": (
        "put_object_lock_configuration",
        {
            "ObjectLockConfiguration": {
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Years": 7}},
            }
        },
    ),
    "get_bucket_accelerate_configuration": (
        "put_bucket_accelerate_configuration",
        {"AccelerateConfiguration": {"Status": "Suspended"}},
    ),
    "get_bucket_request_payment": (
        "put_bucket_request_payment",
        {"RequestPaymentConfiguration": {"Payer": "Requester"}},
    ),
    "get_bucket_abac": ("put_bucket_abac", {"AbacStatus": {"Status": "Enabled"}}),
    "get_bucket_logging": (
        "put_bucket_logging",
        {
            "BucketLoggingStatus": {
                "LoggingEnabled": {
                    "TargetBucket": "logs",
                    "TargetPrefix": "a&b<c>/",
                    "TargetGrants": [
                        {
                            "Grantee": {
                                "Type": "Group",
                                "URI": "http://acs.amazonaws.com/groups/global/AllUsers",
                            },
                            "Permission": "READ",
                        }
                    ],
                    "TargetObjectKeyFormat": {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}},
                }
            }
        },
    ),
    "get_bucket_cors": (
        "put_bucket_cors",
        {
            "CORSConfiguration": {
                "CORSRules": [
                    {
                        "ID": "one",
                        "AllowedHeaders": ["*"],
                        "AllowedMethods": ["GET", "PUT"],
                        "AllowedOrigins": ["https://a.example", "*"],
                        "ExposeHeaders": ["ETag"],
                        "MaxAgeSeconds": 3000,
                    },
                    {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]},
                ]
            }
        },
    ),
    "get_bucket_lifecycle_configuration": (
        "put_bucket_lifecycle_configuration",
        {
            "TransitionDefaultMinimumObjectSize": "varies_by_storage_class",
            "LifecycleConfiguration": {
                "Rules": [
                    {
                        "Status": "Enabled",
                        "Filter": {
                            "And": {
                                "Prefix": "logs/",
                                "Tags": [{"Key": "a", "Value": "b"}],
                                "ObjectSizeGreaterThan": 500,
                                "ObjectSizeLessThan": 64000,
                            }
                        },
                        "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}],
                        "NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 5},
                        "NoncurrentVersionTransitions": [
                            {"NoncurrentDays": 7, "StorageClass": "GLACIER_IR", "NewerNoncurrentVersions": 2}
                        ],
                        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 3},
                        "Expiration": {"ExpiredObjectDeleteMarker": True},
                    }
                ]
            },
        },
    ),
    "get_bucket_replication": (
        "put_bucket_replication",
        {
            "ReplicationConfiguration": {
                "Role": "arn:aws:iam::123456789012:role/replication",
                "Rules": [
                    {
                        "ID": "all",
                        "Priority": 1,
                        "Filter": {},
                        "Status": "Enabled",
                        "SourceSelectionCriteria": {
                            "SseKmsEncryptedObjects": {"Status": "Enabled"},
                            "ReplicaModifications": {"Status": "Enabled"},
                        },
                        "Destination": {
                            "Bucket": "arn:aws:s3:::copy",
                            "Account": "444455556666",
                            "AccessControlTranslation": {"Owner": "Destination"},
                            "EncryptionConfiguration": {"ReplicaKmsKeyID": _KEY},
                            "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}},
                            "Metrics": {"Status": "Enabled", "EventThreshold": {"Minutes": 15}},
                        },
                        "DeleteMarkerReplication": {"Status": "Enabled"},
                    }
                ],
            }
        },
    ),
    "get_bucket_website": (
        "put_bucket_website",
        {
            "WebsiteConfiguration": {
                "IndexDocument": {"Suffix": "index.html"},
                "ErrorDocument": {"Key": "404.html"},
                "RoutingRules": [
                    {
                        "Condition": {"KeyPrefixEquals": "old/"},
                        "Redirect": {"ReplaceKeyPrefixWith": "new/", "Protocol": "https"},
                    }
                ],
            }
        },
    ),
    "get_bucket_notification_configuration": (
        "put_bucket_notification_configuration",
        {
            "NotificationConfiguration": {
                "EventBridgeConfiguration": {},
                "TopicConfigurations": [
                    {
                        "Id": "new",
                        "TopicArn": _TOPIC,
                        "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
                        "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}},
                    }
                ],
            }
        },
    ),
    "get_bucket_tagging": (
        "put_bucket_tagging",
        {"Tagging": {"TagSet": [{"Key": "owner", "Value": "data & <web>"}, {"Key": "empty", "Value": ""}]}},
    ),
}
_LISTS: dict[str, dict[str, Any]] = {
    "analytics": {
        "Id": "a1",
        "Filter": {"And": {"Prefix": "x", "Tags": [{"Key": "k", "Value": "v"}]}},
        "StorageClassAnalysis": {
            "DataExport": {
                "OutputSchemaVersion": "V_1",
                "Destination": {"S3BucketDestination": {"Format": "CSV", "Bucket": _LOGS}},
            }
        },
    },
    "intelligent_tiering": {
        "Id": "t1",
        "Status": "Enabled",
        "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}],
    },
    "inventory": {
        "Id": "i1",
        "IsEnabled": True,
        "IncludedObjectVersions": "All",
        "OptionalFields": ["Size", "EncryptionStatus"],
        "Schedule": {"Frequency": "Daily"},
        "Destination": {
            "S3BucketDestination": {
                "AccountId": "123456789012",
                "Bucket": _LOGS,
                "Format": "Parquet",
                "Encryption": {"SSES3": {}},
            }
        },
    },
    "metrics": {"Id": "m1", "Filter": {"Prefix": "x"}},
}


@pytest.mark.parametrize("get", _PUT)
def test_a_configuration_comes_back_as_it_was_put(server: Server, get: str) -> None:
    put, parameters = _PUT[get]
    s3 = server.client("s3")
    server.world.bucket("data")
    getattr(s3, put)(Bucket="data", **parameters)
    answer = getattr(s3, get)(Bucket="data")
    del answer["ResponseMetadata"]
    expected: dict[str, Any] = {}
    for name, value in parameters.items():
        expected |= {name: value} if name in answer else value
    assert answer == expected


@pytest.mark.parametrize("kind", _LISTS)
def test_a_configuration_with_an_id_is_listed_got_and_deleted(server: Server, kind: str) -> None:
    s3, told = server.client("s3"), _LISTS[kind]
    server.world.bucket("data")
    member = f"{kind.title().replace('_', '')}Configuration"
    getattr(s3, f"put_bucket_{kind}_configuration")(Bucket="data", Id=told["Id"], **{member: told})
    assert getattr(s3, f"get_bucket_{kind}_configuration")(Bucket="data", Id=told["Id"])[member] == told
    assert getattr(s3, f"list_bucket_{kind}_configurations")(Bucket="data")[f"{member}List"] == [told]
    getattr(s3, f"delete_bucket_{kind}_configuration")(Bucket="data", Id=told["Id"])
    listed = getattr(s3, f"list_bucket_{kind}_configurations")(Bucket="data")
    assert (listed.get(f"{member}List", []), listed["IsTruncated"]) == ([], False)


def test_configurations_with_ids_are_listed_by_hundreds(server: Server) -> None:
    s3 = server.client("s3")
    server.world.bucket("data")
    for n in range(101):
        s3.put_bucket_metrics_configuration(
            Bucket="data", Id=f"m{n:03d}", MetricsConfiguration={"Id": f"m{n:03d}"}
        )
    first = s3.list_bucket_metrics_configurations(Bucket="data")
    assert (len(first["MetricsConfigurationList"]), first["IsTruncated"]) == (100, True)
    rest = s3.list_bucket_metrics_configurations(
        Bucket="data", ContinuationToken=first["NextContinuationToken"]
    )
    assert [one["Id"] for one in rest["MetricsConfigurationList"]] == ["m100"]


_ABSENT = {
    "get_bucket_cors": "NoSuchCORSConfiguration",
    "get_bucket_lifecycle_configuration": "NoSuchLifecycleConfiguration",
    "get_bucket_metadata_configuration": "MetadataConfigurationNotFound",
    "get_bucket_policy": "NoSuchBucketPolicy",
    "get_bucket_policy_status": "NoSuchBucketPolicy",
    "get_bucket_replication": "ReplicationConfigurationNotFoundError",
    "get_bucket_tagging": "NoSuchTagSet",
    "get_bucket_website": "NoSuchWebsiteConfiguration",
    "get_object_lock_configuration": "ObjectLockConfigurationNotFoundError",
}


@pytest.mark.parametrize("get", _ABSENT)
def test_what_a_bucket_does_not_have_is_told_by_a_code(server: Server, get: str) -> None:
    server.world.bucket("data")
    assert _code(server, get, Bucket="data") == (404, _ABSENT[get])


@pytest.mark.parametrize(
    ("get", "code"),
    [
        ("get_public_access_block", "NoSuchPublicAccessBlockConfiguration"),
        ("get_bucket_ownership_controls", "OwnershipControlsNotFoundError"),
    ],
)
def test_an_old_bucket_lacks_what_new_ones_are_made_with(server: Server, get: str, code: str) -> None:
    server.world.bucket("new")
    server.world.bucket("old", is_old=True)
    assert getattr(server.client("s3"), get)(Bucket="new")["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert _code(server, get, Bucket="old") == (404, code)


@pytest.mark.parametrize(
    ("get", "member", "value"),
    [
        ("get_bucket_versioning", "Status", None),
        ("get_bucket_logging", "LoggingEnabled", None),
        ("get_bucket_notification_configuration", "EventBridgeConfiguration", None),
        ("get_bucket_accelerate_configuration", "Status", None),
        ("get_bucket_request_payment", "Payer", "BucketOwner"),
        ("get_bucket_abac", "AbacStatus", {"Status": "Disabled"}),
    ],
)
def test_some_calls_have_an_answer_for_every_bucket(
    server: Server, get: str, member: str, value: object
) -> None:
    server.world.bucket("data")
    assert getattr(server.client("s3"), get)(Bucket="data").get(member) == value


def test_a_new_bucket_is_as_aws_makes_it(server: Server) -> None:
    s3 = server.client("s3")
    s3.create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    [rule] = s3.get_bucket_encryption(Bucket="data")["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert rule["BlockedEncryptionTypes"] == {"EncryptionType": ["SSE-C"]}
    controls = s3.get_bucket_ownership_controls(Bucket="data")["OwnershipControls"]
    assert controls == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert set(s3.get_public_access_block(Bucket="data")["PublicAccessBlockConfiguration"].values()) == {True}
    [grant] = s3.get_bucket_acl(Bucket="data")["Grants"]
    assert (grant["Grantee"]["Type"], grant["Permission"]) == ("CanonicalUser", "FULL_CONTROL")


def test_a_bucket_made_with_object_lock_is_versioned(server: Server) -> None:
    s3 = server.client("s3", "us-east-1")
    s3.create_bucket(Bucket="data", ObjectLockEnabledForBucket=True)
    assert s3.get_bucket_versioning(Bucket="data")["Status"] == "Enabled"
    lock = s3.get_object_lock_configuration(Bucket="data")["ObjectLockConfiguration"]
    assert lock == {"ObjectLockEnabled": "Enabled"}


@pytest.mark.parametrize(
    "delete", ["delete_bucket_cors", "delete_bucket_policy", "delete_public_access_block"]
)
def test_what_was_deleted_is_absent_again(server: Server, delete: str) -> None:
    s3, get = server.client("s3"), delete.replace("delete", "get")
    server.world.bucket("data")
    s3.put_bucket_policy(Bucket="data", Policy="{}")
    s3.put_bucket_cors(Bucket="data", **_PUT["get_bucket_cors"][1])
    getattr(s3, get)(Bucket="data")
    getattr(s3, delete)(Bucket="data")
    status, code = _code(server, get, Bucket="data")
    assert status == 404
    assert code.startswith("NoSuch")


def test_a_policy_is_answered_byte_for_byte(server: Server) -> None:
    s3 = server.client("s3")
    server.world.bucket("data")
    policy = '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}  '
    s3.put_bucket_policy(Bucket="data", Policy=policy)
    assert s3.get_bucket_policy(Bucket="data")["Policy"] == policy
    assert s3.get_bucket_policy_status(Bucket="data")["PolicyStatus"] == {"IsPublic": True}
    narrow = json.loads(policy)
    narrow["Statement"][0]["Condition"] = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}
    s3.put_bucket_policy(Bucket="data", Policy=json.dumps(narrow))
    assert s3.get_bucket_policy_status(Bucket="data")["PolicyStatus"] == {"IsPublic": False}


def test_a_canned_acl_becomes_grants_unless_acls_are_off(server: Server) -> None:
    s3 = server.client("s3")
    server.world.bucket("new")
    server.world.bucket("old", is_old=True)
    s3.put_bucket_acl(Bucket="old", ACL="public-read")
    grants = s3.get_bucket_acl(Bucket="old")["Grants"]
    assert grants[1] == {
        "Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"},
        "Permission": "READ",
    }
    assert _code(server, "put_bucket_acl", Bucket="new", ACL="public-read") == (
        400,
        "AccessControlListNotSupported",
    )
    s3.put_bucket_acl(
        Bucket="old", GrantRead='uri="http://acs.amazonaws.com/groups/s3/LogDelivery", id="abc"'
    )
    told = [grant["Grantee"] for grant in s3.get_bucket_acl(Bucket="old")["Grants"]]
    assert [one["Type"] for one in told] == ["Group", "CanonicalUser"]


def test_metadata_tables_are_made_of_what_is_asked_for(server: Server) -> None:
    s3 = server.client("s3")
    server.world.bucket("data")
    s3.create_bucket_metadata_configuration(
        Bucket="data",
        MetadataConfiguration={
            "JournalTableConfiguration": {"RecordExpiration": {"Expiration": "ENABLED", "Days": 30}},
            "InventoryTableConfiguration": {"ConfigurationState": "DISABLED"},
        },
    )
    answer = s3.get_bucket_metadata_configuration(Bucket="data")["GetBucketMetadataConfigurationResult"]
    result = answer["MetadataConfigurationResult"]
    assert result["JournalTableConfigurationResult"]["RecordExpiration"] == {
        "Expiration": "ENABLED",
        "Days": 30,
    }
    assert result["JournalTableConfigurationResult"]["TableStatus"] == "ACTIVE"
    assert result["InventoryTableConfigurationResult"] == {"ConfigurationState": "DISABLED"}


def test_a_directory_bucket_has_few_configurations(server: Server) -> None:
    name = "data--euw1-az1--x-s3"
    server.world.bucket(name, is_directory=True)
    s3 = server.client("s3")
    assert [one["Name"] for one in s3.list_directory_buckets()["Buckets"]] == [name]
    assert s3.list_buckets()["Buckets"] == []
    s3.put_bucket_policy(Bucket=name, Policy="{}")
    assert s3.get_bucket_policy(Bucket=name)["Policy"] == "{}"
    assert _code(server, "get_bucket_versioning", Bucket=name) == (501, "NotImplemented")


def _code(server: Server, call: str, **parameters: object) -> tuple[int, str]:
    with pytest.raises(ClientError) as refused:
        getattr(server.client("s3"), call)(**parameters)
    response = refused.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]
