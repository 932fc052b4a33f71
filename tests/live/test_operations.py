"""The table of operations against botocore's models: what does not exist there can't be asked or answered."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session
import pytest

from s3audit.collectors.live.context import READERS
from s3audit.collectors.live.operations import TABLE, Operation, buckets
from s3audit.collectors.live.reading import Detail, Reading

SESSION = botocore.session.get_session()

# Reads of a bucket that are not made, and why.
NOT_ASKED = {
    "GetBucketLifecycle": "deprecated, GetBucketLifecycleConfiguration says the same",
    "GetBucketNotification": "deprecated, GetBucketNotificationConfiguration says the same",
    "GetBucketLocation": "the listing says where a bucket is",
    "GetBucketAnalyticsConfiguration": "listed",
    "GetBucketIntelligentTieringConfiguration": "listed",
    "GetBucketInventoryConfiguration": "listed",
    "GetBucketMetricsConfiguration": "listed",
}
# Names that sound like reads, and hand out data or credentials.
NEVER = {
    "s3control:GetDataAccess",
    "s3:GetObject",
    "s3:GetObjectAttributes",
    "s3:GetObjectTorrent",
    "s3:HeadObject",
    "s3:SelectObjectContent",
    "s3vectors:GetVectors",
    "s3vectors:ListVectors",
    "s3tables:GetTableMetadataLocation",
    "sts:GetFederationToken",
    "sts:GetSessionToken",
    "glacier:GetJobOutput",
    "ec2:GetPasswordData",
    "lambda:GetFunction",
}


def entries(*operations: Operation) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("operation", operations, ids=lambda one: f"{one.id} {one.action}")


@cache
def model(service: str) -> Any:
    return SESSION.get_service_model(service)


def of(operation: Operation) -> Any:
    return model(operation.service).operation_model(operation.name)


def member(shape: Any, path: str) -> Any:
    """The shape at a dotted path; None where there is no such thing."""
    for name in path.split("."):
        shape = shape.members.get(name) if shape is not None and shape.type_name == "structure" else None
    return shape


@entries(*TABLE)
def test_each_operation_exists(operation: Operation) -> None:
    assert operation.name in model(operation.service).operation_names


@entries(*TABLE)
def test_what_an_answer_must_have_is_in_its_shape(operation: Operation) -> None:
    shape = of(operation).output_shape
    for name in operation.has:
        assert member(shape, name) is not None, name


@entries(*(one for one in TABLE if one.pages is not None))
def test_pages_go_on_by_members_that_there_are(operation: Operation) -> None:
    pages = operation.pages
    assert pages is not None
    asked, told = of(operation).input_shape, of(operation).output_shape
    for items in pages.items:
        assert member(told, items).type_name == "list"
    assert member(told, pages.token).type_name == "string"
    assert pages.parameter in asked.members
    for where, parameter in pages.more:
        assert (member(told, where).type_name, parameter in asked.members) == ("string", True)
    if pages.size is not None:
        name, size = pages.size
        limits = asked.members[name].metadata
        assert limits.get("min", 0) <= size <= limits.get("max", size)


@entries(*(one for one in TABLE if one.name.startswith(("List", "Describe"))))
def test_what_can_be_listed_in_pages_is(operation: Operation) -> None:
    shape = of(operation).output_shape
    tokens = [
        name
        for name in ("NextToken", "nextToken", "NextContinuationToken", "continuationToken", "NextKeyMarker")
        if name in shape.members
    ]
    if operation.optional != "objects" and tokens:
        assert operation.pages is not None
        assert operation.pages.token == tokens[0]


def test_no_read_of_a_bucket_is_forgotten() -> None:
    asked = {one.name for one in (*buckets.OF_BUCKETS, buckets.UPLOADS)}
    reads = {
        name
        for name in model("s3").operation_names
        if name.startswith(("GetBucket", "ListBucket", "GetPublicAccessBlock", "GetObjectLockConfiguration"))
        and name != "ListBuckets"
    }
    assert reads - asked == set(NOT_ASKED)


def test_nothing_that_reads_data_or_hands_out_credentials_is_in_the_table() -> None:
    assert not NEVER & {one.id for one in TABLE}


def test_only_the_way_into_an_account_is_called_a_write() -> None:
    assert [one.id for one in TABLE if one.writes] == ["sts:AssumeRole"]
    verbs = ("Get", "List", "Describe", "Head", "BatchGet")
    assert [one.id for one in TABLE if not one.name.startswith(verbs)] == ["sts:AssumeRole"]


def test_no_permission_is_asked_for_twice_by_one_call() -> None:
    twice = [key for key, count in Counter((one.id, one.action) for one in TABLE).items() if count > 1]
    assert twice == []


def _readings(readers: Any) -> Iterator[Reading]:
    for reader in readers:
        if isinstance(reader, Reading):
            yield reader
            yield from _readings(reader.below)


def _parameters(operation: Operation, given: Any) -> None:
    shape = of(operation).input_shape
    asked = set() if shape is None else set(shape.members)
    needed = set() if shape is None else set(shape.required_members)
    assert set(given) <= asked, operation.id
    assert needed <= set(given), operation.id


@pytest.mark.parametrize("reading", [pytest.param(one, id=one.listing.id) for one in _readings(READERS)])
def test_a_reading_asks_with_parameters_that_there_are(reading: Reading) -> None:
    assert reading.listing in TABLE
    _parameters(reading.listing, reading.parameters)
    assert member(of(reading.listing).output_shape, reading.items) is not None or not reading.items
    for detail in reading.details:
        assert isinstance(detail, Detail)
        assert detail.operation in TABLE
        _parameters(detail.operation, detail.parameters)
