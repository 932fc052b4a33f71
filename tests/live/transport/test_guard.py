"""Nothing but the calls of the table gets through to botocore, by whatever way it is asked for them."""

import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

import pytest

from s3audit.collectors.live.access import Role, forget, transport_of
from s3audit.collectors.live.guard import ReadOnlyError
from s3audit.collectors.live.operations import TABLE
from s3audit.collectors.live.transport import BotoTransport
from s3audit.collectors.live.wanted import Wanted
from s3audit.demo.server import Server
from s3audit.demo.world import ACCOUNT, REGION

BUCKET = {"Bucket": "orders"}
OBJECT = {"Bucket": "orders", "Key": "a"}
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/audit"
CSV = {
    "ExpressionType": "SQL",
    "InputSerialization": {"CSV": {}},
    "OutputSerialization": {"CSV": {}},
}
REFUSED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    # They read what is stored.
    ("s3", "GetObject", OBJECT),
    ("s3", "GetObjectTorrent", OBJECT),
    ("s3", "GetObjectAttributes", {**OBJECT, "ObjectAttributes": ["ETag"]}),
    ("s3", "GetObjectTagging", OBJECT),
    ("s3", "GetObjectRetention", OBJECT),
    ("s3", "HeadObject", OBJECT),
    ("s3", "SelectObjectContent", {**OBJECT, **CSV, "Expression": "SELECT * FROM s3object"}),
    ("s3", "ListObjects", BUCKET),
    ("s3", "ListObjectVersions", BUCKET),
    ("s3", "ListParts", {**OBJECT, "UploadId": "1"}),
    (
        "s3vectors",
        "GetVectors",
        {"vectorBucketName": "vectors", "indexName": "index", "keys": ["a"], "returnData": True},
    ),
    ("s3vectors", "ListVectors", {"vectorBucketName": "vectors", "indexName": "index"}),
    ("glacier", "GetJobOutput", {"vaultName": "vault", "jobId": "1"}),
    ("sqs", "ReceiveMessage", {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/queue"}),
    ("logs", "GetLogEvents", {"logGroupName": "a", "logStreamName": "b"}),
    (
        "logs",
        "StartQuery",
        {"logGroupName": "a", "startTime": 0, "endTime": 1, "queryString": "fields @message"},
    ),
    ("athena", "StartQueryExecution", {"QueryString": "SELECT 1"}),
    ("cloudtrail", "LookupEvents", {}),
    ("dynamodb", "GetItem", {"TableName": "a", "Key": {"a": {"S": "b"}}}),
    # They read or make secrets.
    ("s3", "CreateSession", BUCKET),
    ("s3control", "GetDataAccess", {"AccountId": ACCOUNT, "Target": "s3://orders/*", "Permission": "READ"}),
    ("sts", "GetSessionToken", {}),
    ("sts", "GetFederationToken", {"Name": "somebody"}),
    ("sts", "GetAccessKeyInfo", {"AccessKeyId": "AKIAIOSFODNN7EXAMPLE"}),
    ("sts", "DecodeAuthorizationMessage", {"EncodedMessage": "a"}),
    ("kms", "Decrypt", {"CiphertextBlob": b"a"}),
    ("kms", "GenerateDataKey", {"KeyId": KEY, "KeySpec": "AES_256"}),
    ("kms", "GenerateDataKeyWithoutPlaintext", {"KeyId": KEY, "KeySpec": "AES_256"}),
    (
        "kms",
        "GetParametersForImport",
        {"KeyId": KEY, "WrappingAlgorithm": "RSAES_OAEP_SHA_256", "WrappingKeySpec": "RSA_2048"},
    ),
    ("lambda", "GetFunction", {"FunctionName": "function"}),
    ("lambda", "Invoke", {"FunctionName": "function"}),
    ("secretsmanager", "GetSecretValue", {"SecretId": "secret"}),
    ("ssm", "GetParameter", {"Name": "secret", "WithDecryption": True}),
    ("ec2", "GetPasswordData", {"InstanceId": "i-1234567890abcdef0"}),
    ("ec2", "GetConsoleOutput", {"InstanceId": "i-1234567890abcdef0"}),
    ("ecr", "GetAuthorizationToken", {}),
    # They change something or start work.
    ("iam", "GenerateCredentialReport", {}),
    ("iam", "CreateAccessKey", {}),
    ("s3", "RestoreObject", OBJECT),
    ("s3", "PutBucketPolicy", {**BUCKET, "Policy": "{}"}),
    ("s3", "PutBucketVersioning", {**BUCKET, "VersioningConfiguration": {"Status": "Suspended"}}),
    ("s3", "DeleteBucketPolicy", BUCKET),
    ("s3", "DeleteBucket", BUCKET),
    ("s3control", "DeletePublicAccessBlock", {"AccountId": ACCOUNT}),
    ("organizations", "LeaveOrganization", {}),
    # They are in the table, and nobody asked for them.
    ("s3", "ListObjectsV2", BUCKET),
    ("s3", "GetObjectAcl", OBJECT),
    ("s3", "ListMultipartUploads", BUCKET),
    ("sts", "AssumeRole", {"RoleArn": ROLE, "RoleSessionName": "somebody"}),
    ("organizations", "ListAccounts", {}),
)
BEFORE = ("request-created", "choose-signer", "before-sign", "before-send", "before-call")
"""What botocore tells of once it has made a request of a call."""


class Guarded(NamedTuple):
    """A session that a transport has, and what happens in it."""

    session: Any
    transport: BotoTransport
    server: Server
    events: list[str]

    def client(self, service: str) -> Any:
        return self.session.client(service, REGION, endpoint_url=self.server.url)


@pytest.fixture(scope="module")
def guarded(lasting: Server) -> Guarded:
    session = lasting.session()
    events: list[str] = []
    transport = BotoTransport(session, endpoint_url=lasting.url, region=REGION, attempts=1, options=())
    for event in BEFORE:
        session.events.register(event, lambda event_name, **_: events.append(event_name))
    return Guarded(session, transport, lasting, events)


@pytest.fixture
def untouched(guarded: Guarded, server: Server) -> Iterator[Guarded]:
    """Nothing that is done with it becomes a request, whether the server knows it or not."""
    server.world.bucket("orders")
    guarded.events.clear()
    before = server._asked
    yield guarded
    assert guarded.events == []
    assert server.world.requests == {}
    assert server._asked == before


def method(client: Any, operation: str) -> Any:
    names = {api: name for name, api in client.meta.method_to_api_mapping.items()}
    return getattr(client, names[operation])


@pytest.mark.parametrize(
    ("service", "operation", "parameters"), REFUSED, ids=lambda one: one if isinstance(one, str) else ""
)
def test_what_only_looks_harmless_is_refused(
    untouched: Guarded, service: str, operation: str, parameters: dict[str, Any]
) -> None:
    said = f"^{service}:{operation} is not among the calls that a scan may make$"
    with pytest.raises(ReadOnlyError, match=said):
        method(untouched.client(service), operation)(**parameters)
    # Nor does the transport itself make it.
    if service in {one.service for one in TABLE}:
        with pytest.raises(ReadOnlyError, match=said):
            untouched.transport.call(service, operation, parameters)


def test_what_the_table_has_gets_through(guarded: Guarded, server: Server) -> None:
    server.world.bucket("orders")
    guarded.events.clear()
    assert guarded.client("s3").get_bucket_versioning(**BUCKET)["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert guarded.transport.call("s3", "GetBucketVersioning", BUCKET).status == 200
    assert server.world.requests == {"s3:GetBucketVersioning": 2}
    assert guarded.events != []


def test_no_other_way_leads_round_it(untouched: Guarded) -> None:
    client = untouched.client("s3")
    again = untouched.session.client("s3", "us-east-1", endpoint_url=untouched.server.url)
    ways: dict[str, Callable[[], object]] = {
        "a paginator": lambda: list(client.get_paginator("list_object_versions").paginate(**BUCKET)),
        "a waiter": lambda: client.get_waiter("object_exists").wait(**OBJECT),
        "a second client": lambda: again.delete_bucket(**BUCKET),
        "a resource": lambda: (
            untouched.session.resource("s3", endpoint_url=untouched.server.url).Bucket("orders").delete()
        ),
        "the client of a resource": lambda: untouched.session.resource(
            "s3", endpoint_url=untouched.server.url
        ).meta.client.delete_bucket(**BUCKET),
        "an upload": lambda: client.upload_fileobj(io.BytesIO(b"a"), "orders", "a"),
        "a download": lambda: client.download_fileobj("orders", "a", io.BytesIO()),
        "a copy": lambda: client.copy(OBJECT, "orders", "b"),
        "the call itself": lambda: client._make_api_call("DeleteBucket", BUCKET),
        "a presigned URL": lambda: client.generate_presigned_url("get_object", OBJECT),
        "a presigned URL of another verb": lambda: client.generate_presigned_url(
            "put_object", OBJECT, 60, "GET"
        ),
    }
    past: list[str] = []
    for name, way in ways.items():
        with suppress(ReadOnlyError):
            way()
            past.append(name)
    assert past == []


SERVICES = sorted({one.service for one in TABLE})
STRANGERS = ("athena", "cognito-identity", "dynamodb", "ecr", "glue", "rds", "secretsmanager", "sso", "ssm")


@pytest.mark.parametrize("service", [*SERVICES, *STRANGERS])
def test_of_all_operations_just_those_of_the_table_get_through(guarded: Guarded, service: str) -> None:
    """Each operation that botocore has is begun as a client begins it; what gets past that ends before a request."""
    client = guarded.client(service)

    class PastTheGuardError(Exception):
        pass

    def end(**_: object) -> None:
        raise PastTheGuardError

    client.meta.events.register_last("before-parameter-build", end)
    passed: set[str] = set()
    operations = client.meta.service_model.operation_names
    for operation in operations:
        try:
            client._make_api_call(operation, {})
        except ReadOnlyError:
            continue
        except PastTheGuardError:
            passed.add(operation)
    assert passed == {one.name for one in TABLE if one.service == service and not one.optional}
    assert len(operations) > len(passed)


READS = ("Describe", "Get", "List")
ALL_ARE_POSTS = frozenset({"ec2", "json", "query"})
POSTS_THAT_READ = frozenset(
    {
        "account:GetAccountInformation",
        "account:ListRegions",
        "macie2:ListClassificationJobs",
        "s3vectors:GetIndex",
        "s3vectors:GetVectorBucket",
        "s3vectors:GetVectorBucketPolicy",
        "s3vectors:ListIndexes",
        "s3vectors:ListVectorBuckets",
    }
)
"""By their documentation they return a configuration and no more, though their parameters stand in a body."""
MAKES_CREDENTIALS = "sts:AssumeRole"
"""The way into other accounts, made only where a role was named; IAM calls it a write."""


def test_every_call_of_the_table_reads(guarded: Guarded) -> None:
    posts: set[str] = set()
    for one in TABLE:
        model = guarded.session._session.get_service_model(one.service)
        verb = model.operation_model(one.name).http["method"]
        assert one.writes is (one.id == MAKES_CREDENTIALS)
        assert one.name.startswith((*READS, "Head")) or one.writes, one.id
        if verb not in ("GET", "HEAD") and model.resolved_protocol not in ALL_ARE_POSTS:
            assert verb == "POST", one.id
            posts.add(one.id)
    assert posts == POSTS_THAT_READ


OPTIONS: tuple[tuple[Wanted, set[str]], ...] = (
    (Wanted(), set()),
    (Wanted(optional=frozenset({"objects"})), {"s3:ListObjectsV2", "s3:GetObjectAcl"}),
    (Wanted(optional=frozenset({"uploads"})), {"s3:ListMultipartUploads"}),
    (Wanted(organization=True, role_name="audit"), {"organizations:ListAccounts"}),
    # A check may need it too.
    (Wanted(needs=frozenset({"organization"})), {"organizations:ListAccounts"}),
)


@pytest.mark.parametrize(("wanted", "more"), OPTIONS)
def test_what_has_to_be_asked_for_gets_through_if_it_was(
    fresh: Server, wanted: Wanted, more: set[str]
) -> None:
    fresh.world.bucket("orders")
    transport = transport_of(wanted.access())
    passed = set()
    for service, operation, parameters in REFUSED:
        if any(one.service == service and one.name == operation for one in TABLE):
            try:
                transport.call(service, operation, parameters)
                passed.add(f"{service}:{operation}")
            except ReadOnlyError:
                assert fresh.world.requests[f"{service}:{operation}"] == 0
    assert passed == more
    assert fresh.world.requests.keys() == more


def test_a_role_is_assumed_where_one_was_named(fresh: Server) -> None:
    fresh.world.account(ACCOUNT, audit="")
    roles = [Wanted().access(), Wanted().access(Role(ROLE))]
    asked = ("sts", "AssumeRole", {"RoleArn": ROLE, "RoleSessionName": "somebody"})
    with pytest.raises(ReadOnlyError):
        transport_of(roles[0]).call(*asked)
    assert fresh.world.requests == {}
    assert transport_of(roles[1]).call("sts", "GetCallerIdentity", {}).document["Arn"].endswith("/s3audit")
    assert fresh.world.requests == {"sts:AssumeRole": 1, "sts:GetCallerIdentity": 1}
    forget()
