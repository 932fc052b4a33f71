"""Regions, accounts, keys and owners: who may ask what where."""

import pytest
from botocore.exceptions import ClientError

from s3audit.demo.server import Server
from s3audit.demo.world import World

_ONE, _OTHER = "111122223333", "444455556666"


def test_buckets_are_listed_with_regions_only_where_the_request_has_a_parameter(server: Server) -> None:
    s3 = server.client("s3")
    for name, region in (("b", "eu-west-1"), ("a", "us-east-1"), ("ab", "eu-west-1")):
        server.world.bucket(name, region)
    assert [one.get("BucketRegion") for one in s3.list_buckets()["Buckets"]] == [None, None, None]
    named = [(one["Name"], one["BucketRegion"]) for one in s3.list_buckets(MaxBuckets=10)["Buckets"]]
    assert named == [("a", "us-east-1"), ("ab", "eu-west-1"), ("b", "eu-west-1")]
    filtered = s3.list_buckets(BucketRegion="eu-west-1", Prefix="a")
    assert ([one["Name"] for one in filtered["Buckets"]], filtered["Prefix"]) == (["ab"], "a")


def test_a_listing_of_buckets_goes_on(server: Server) -> None:
    for n in range(5):
        server.world.bucket(f"bucket-{n}")
    pages = server.client("s3").get_paginator("list_buckets").paginate(PaginationConfig={"PageSize": 2})
    assert [[one["Name"][-1] for one in page["Buckets"]] for page in pages] == [["0", "1"], ["2", "3"], ["4"]]


def test_a_bucket_of_another_region_is_elsewhere(server: Server) -> None:
    server.world.bucket("data", "us-east-1")
    s3 = server.client("s3", "eu-west-1")
    # boto3 goes there by itself.
    assert s3.get_bucket_location(Bucket="data")["LocationConstraint"] is None
    assert server.world.requests["s3:GetBucketLocation"] == 2
    assert s3.head_bucket(Bucket="data")["BucketRegion"] == "us-east-1"
    s3.meta.events.unregister("needs-retry.s3", unique_id="retry-config-s3")
    status, headers, body = _raw(server, "/data?versioning", "eu-west-1")
    assert (status, headers["x-amz-bucket-region"]) == (301, "us-east-1")
    assert b"<Code>PermanentRedirect</Code>" in body
    assert b"<Region>us-east-1</Region>" in body


def test_buckets_belong_to_accounts() -> None:
    with Server(World(_ONE, _OTHER)) as server:
        server.world.bucket("mine", account=_ONE)
        server.world.bucket("theirs", account=_OTHER)
        s3 = server.client("s3", account=_ONE)
        assert [one["Name"] for one in s3.list_buckets()["Buckets"]] == ["mine"]
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.get_bucket_acl(Bucket="theirs")
        with pytest.raises(ClientError, match="403"):
            s3.head_bucket(Bucket="theirs")
        with pytest.raises(ClientError, match="404"):
            s3.head_bucket(Bucket="nobodys")


def test_the_expected_owner_has_to_be_the_owner(server: Server) -> None:
    server.world.bucket("data")
    s3 = server.client("s3")
    assert s3.get_bucket_acl(Bucket="data", ExpectedBucketOwner="123456789012")["Grants"]
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.get_bucket_acl(Bucket="data", ExpectedBucketOwner=_OTHER)


@pytest.mark.parametrize(
    ("service", "call", "code"),
    [
        ("s3", "list_buckets", "InvalidAccessKeyId"),
        ("sts", "get_caller_identity", "InvalidClientTokenId"),
        ("kms", "list_aliases", "UnrecognizedClientException"),
        ("ec2", "describe_vpcs", "AuthFailure"),
    ],
)
def test_unknown_keys_are_refused(server: Server, service: str, call: str, code: str) -> None:
    with pytest.raises(ClientError, match=code):
        getattr(server.client(service, account="999999999999"), call)()


def test_a_role_leads_into_another_account() -> None:
    world = World(_ONE, _OTHER)
    world.account(_OTHER, audit="a secret word")
    world.bucket("theirs", account=_OTHER)
    arn = f"arn:aws:iam::{_OTHER}:role/audit"
    with Server(world) as server:
        sts = server.client("sts", account=_ONE)
        with pytest.raises(ClientError, match="is not authorized to perform: sts:AssumeRole"):
            sts.assume_role(RoleArn=arn, RoleSessionName="scan")
        keys = sts.assume_role(RoleArn=arn, RoleSessionName="scan", ExternalId="a secret word")["Credentials"]
        session = server.session(_ONE)
        there = {
            "aws_access_key_id": keys["AccessKeyId"],
            "aws_secret_access_key": keys["SecretAccessKey"],
            "endpoint_url": server.url,
        }
        inside = session.client("s3", aws_session_token=keys["SessionToken"], **there)
        assert [one["Name"] for one in inside.list_buckets()["Buckets"]] == ["theirs"]
        who = session.client("sts", aws_session_token=keys["SessionToken"], **there).get_caller_identity()
        assert who["Arn"] == f"arn:aws:sts::{_OTHER}:assumed-role/audit/scan"
        with pytest.raises(ClientError, match="InvalidToken"):
            session.client("s3", aws_session_token="forged", **there).list_buckets()


def test_an_account_has_its_own_public_access_block(server: Server) -> None:
    control = server.client("s3control")
    account = "123456789012"
    with pytest.raises(ClientError, match="NoSuchPublicAccessBlockConfiguration"):
        control.get_public_access_block(AccountId=account)
    flags = {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": False,
        "RestrictPublicBuckets": True,
    }
    control.put_public_access_block(AccountId=account, PublicAccessBlockConfiguration=flags)
    assert control.get_public_access_block(AccountId=account)["PublicAccessBlockConfiguration"] == flags
    with pytest.raises(ClientError, match="AccessDenied"):
        control.get_public_access_block(AccountId=_OTHER)


def test_access_points_are_kept_by_region(server: Server) -> None:
    account, control = "123456789012", server.client("s3control")
    server.world.bucket("data")
    for n in range(3):
        control.create_access_point(
            AccountId=account, Name=f"point-{n}", Bucket="data", VpcConfiguration={"VpcId": "vpc-1"}
        )
    assert (
        server.client("s3control", "us-east-1").list_access_points(AccountId=account)["AccessPointList"] == []
    )
    first = control.list_access_points(AccountId=account, MaxResults=2)
    assert [one["Name"] for one in first["AccessPointList"]] == ["point-0", "point-1"]
    rest = control.list_access_points(AccountId=account, MaxResults=2, NextToken=first["NextToken"])
    assert [one["Name"] for one in rest["AccessPointList"]] == ["point-2"]
    point = control.get_access_point(AccountId=account, Name="point-1")
    assert (point["NetworkOrigin"], point["VpcConfiguration"]) == ("VPC", {"VpcId": "vpc-1"})
    with pytest.raises(ClientError, match="NoSuchAccessPointPolicy"):
        control.get_access_point_policy(AccountId=account, Name="point-1")
    control.put_access_point_policy(AccountId=account, Name="point-1", Policy='{"Statement": []}')
    assert control.get_access_point_policy(AccountId=account, Name="point-1")["Policy"] == '{"Statement": []}'
    status = control.get_access_point_policy_status(AccountId=account, Name="point-1")
    assert status["PolicyStatus"] == {"IsPublic": False}


def _raw(server: Server, target: str, region: str) -> tuple[int, dict[str, str], bytes]:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    scope = f"{server.world.key('123456789012')}/20260101/{region}/s3/aws4_request"
    connection.request("GET", target, headers={"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}"})
    answer = connection.getresponse()
    told = answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read()
    connection.close()
    return told


def test_the_regions_of_an_account_are_those_that_it_uses(server: Server) -> None:
    server.world.bucket("data", "eu-north-1")
    regions = server.client("account").list_regions()["Regions"]
    assert [one["RegionName"] for one in regions] == ["eu-north-1", "eu-west-1"]
    server.world.tell("account:ListRegions", {"Regions": [{"RegionName": "sa-east-1"}]})
    regions = server.client("ec2").describe_regions()["Regions"]
    assert [one["RegionName"] for one in regions] == ["sa-east-1"]
