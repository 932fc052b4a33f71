"""What indexes take from their bucket, and which keys indexing may use."""

from typing import Any

import pytest

from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.model.estate import Estate
from s3audit.model.expectation import Expectation, Matcher
from s3audit.model.vector_bucket import VectorBucket, VectorEncryption, VectorIndex
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import text
from s3audit.verdict import Status, Verdict
from tests.checks.examples import CHECKS

AT = Location("s3vectors:arn", "texts")
ARN = "arn:aws:s3vectors:eu-west-1:111122223333:bucket/texts"


def encryption(algorithm: str | None) -> VectorEncryption:
    return VectorEncryption(at=AT, algorithm=Known(algorithm, AT), kms_key=Unset(None, AT))


def bucket(algorithm: str = "AES256") -> VectorBucket:
    return VectorBucket(
        address=ARN,
        at=AT,
        name=Known(text("texts"), AT),
        policy=Unset(None, AT),
        encryption=encryption(algorithm),
    )


def index(algorithm: str | None, named: str = "texts") -> VectorIndex:
    return VectorIndex(
        address=f"{ARN}/index/orders",
        at=AT,
        name=Known(text("orders"), AT),
        vector_bucket=Known(text(named), AT) if named else Unknown("it was not told", AT),
        encryption=encryption(algorithm),
    )


def asked(one: Resource, *others: Resource, **said: Any) -> Verdict:
    estate = Estate([one, *others])
    estate.expectations = (Expectation(at=AT, match=Matcher(kinds=("vector-bucket",)), **said),)
    verdict: Verdict = CHECKS["vectors-protected"].judge(one, estate)
    return verdict


@pytest.mark.parametrize("named", ["texts", ARN])
def test_what_is_said_of_a_bucket_holds_for_its_indexes(named: str) -> None:
    found = asked(index("AES256", named), bucket(), encryption="aws:kms")
    assert found.status is Status.FAIL
    assert [one.note for one in found.evidence] == ["its encryption is AES256"]
    assert asked(index("AES256", named), bucket(), encryption="AES256").status is Status.NOT_APPLICABLE


def test_an_index_without_encryption_of_its_own_is_not_asked() -> None:
    assert asked(index(None), bucket(), encryption="aws:kms").status is Status.NOT_APPLICABLE


def test_of_an_index_of_some_bucket_it_is_open() -> None:
    assert asked(index("AES256", ""), bucket(), encryption="aws:kms").status is Status.UNKNOWN
    assert asked(index("AES256", ""), bucket(), versioned=True).status is Status.NOT_APPLICABLE


def test_a_bucket_of_which_nobody_says_anything_passes() -> None:
    assert asked(bucket(), versioned=True).status is Status.PASS
    assert asked(bucket(), encryption="aws:kms").status is Status.FAIL
