"""The root elements of S3's answers, as its API reference shows them: clients do not look, an honest scan does."""

import http.client
import re
from collections.abc import Iterator
from typing import Any

import pytest

from s3audit.demo.apart import apart
from s3audit.demo.putting import put
from s3audit.demo.server import Server
from s3audit.demo.world import ACCOUNT, REGION, World

_ROOTS = {
    "?abac": "AbacStatus",
    "?accelerate": "AccelerateConfiguration",
    "?acl": "AccessControlPolicy",
    "?analytics": "ListBucketAnalyticsConfigurationResult",
    "?cors": "CORSConfiguration",
    "?encryption": "ServerSideEncryptionConfiguration",
    "?intelligent-tiering": "ListBucketIntelligentTieringConfigurationsOutput",
    "?inventory": "ListInventoryConfigurationsResult",
    "?lifecycle": "LifecycleConfiguration",
    "?location": "LocationConstraint",
    "?logging": "BucketLoggingStatus",
    "?metrics": "ListMetricsConfigurationsResult",
    "?notification": "NotificationConfiguration",
    "?object-lock": "ObjectLockConfiguration",
    "?ownershipControls": "OwnershipControls",
    "?policyStatus": "PolicyStatus",
    "?publicAccessBlock": "PublicAccessBlockConfiguration",
    "?replication": "ReplicationConfiguration",
    "?requestPayment": "RequestPaymentConfiguration",
    "?tagging": "Tagging",
    "?uploads": "ListMultipartUploadsResult",
    "?versioning": "VersioningConfiguration",
    "?website": "WebsiteConfiguration",
}
_PUT: dict[str, dict[str, Any]] = {
    "PutBucketCors": {
        "CORSConfiguration": {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]}
    },
    "PutBucketLifecycleConfiguration": {"LifecycleConfiguration": {"Rules": []}},
    "PutBucketPolicy": {"Policy": "{}"},
    "PutBucketReplication": {"ReplicationConfiguration": {"Role": "r", "Rules": []}},
    "PutBucketTagging": {"Tagging": {"TagSet": []}},
    "PutBucketWebsite": {"WebsiteConfiguration": {"IndexDocument": {"Suffix": "i"}}},
    "PutObjectLockConfiguration": {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}},
}
_MOST_MILLISECONDS = 1.0
"""Of CPU for each call: several times what it takes, for machines that are slow."""


def _world() -> World:
    world = World()
    world.bucket("data")
    for call, parameters in _PUT.items():
        put(world, f"s3:{call}", {"Bucket": "data", **parameters})
    return world


def _asked(port: int, targets: list[str]) -> list[bytes]:
    """The answers to these, on one connection."""
    scope = f"{World.key(ACCOUNT)}/20260101/{REGION}/s3/aws4_request"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    found = []
    for target in targets:
        connection.request("GET", target, headers={"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}"})
        answer = connection.getresponse()
        assert answer.status == 200, target
        found.append(answer.read())
    connection.close()
    return found


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with Server(_world()) as server:
        yield server.port


@pytest.mark.parametrize("part", _ROOTS)
def test_an_answer_has_the_root_element_of_the_reference(port: int, part: str) -> None:
    [body] = _asked(port, [f"/data{part}"])
    match = re.match(rb"(?:<\?xml[^>]*>\s*)?<([A-Za-z]+)[ >]", body)
    assert match is not None
    assert match.group(1).decode() == _ROOTS[part]
    assert b'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"' in body


def test_a_listing_of_buckets_has_its_root_element(port: int) -> None:
    [body] = _asked(port, ["/?max-buckets=10"])
    assert b"<ListAllMyBucketsResult " in body


def test_a_policy_is_no_xml(port: int) -> None:
    assert _asked(port, ["/data?policy"]) == [b"{}"]


def test_an_answer_costs_little() -> None:
    with apart(_world()) as other:
        _asked(int(other.url.rpartition(":")[2]), [f"/data{part}" for part in _ROOTS] * 20)
    assert other.cpu_seconds * 1000 / other.requests.total() < _MOST_MILLISECONDS
