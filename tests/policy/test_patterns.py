"""Wildcards against names that are partly known, and against every text of a small alphabet."""

from fnmatch import translate
from itertools import product
from re import compile as compile_

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3audit.policy.patterns import (
    ANY,
    covers,
    covers_action,
    covers_bucket,
    covers_objects,
    in_partition,
    touches_bucket,
)
from s3audit.text import Opaque, Part, Text, text
from s3audit.verdict import Status

PASS, FAIL, UNKNOWN = Status.PASS, Status.FAIL, Status.UNKNOWN

LOGS = Opaque("Logs", resource="Resources.Logs", generated=True)
DATA = Opaque("Data", resource="Resources.Data", generated=True)
PARTITION = Opaque("AWS::Partition")
NAME = Opaque("Name")


@pytest.mark.parametrize(
    ("resource", "bucket", "objects"),
    [
        (text("*"), PASS, PASS),
        (text("arn:*"), PASS, PASS),
        (text("arn:", PARTITION, ":s3*"), PASS, PASS),
        (text("arn:aws:s3:::*"), PASS, PASS),
        (text("arn:aws:*:::*"), PASS, PASS),
        (text("arn:aws:s3:::", LOGS), PASS, FAIL),
        (text("arn:", PARTITION, ":s3:::", LOGS), PASS, FAIL),
        (text("arn:aws-cn:s3:::", LOGS), PASS, FAIL),
        (text("arn:aws:s3:::", LOGS, "/*"), FAIL, PASS),
        (text("arn:aws:s3:::", LOGS, "/?*"), FAIL, PASS),
        (text("arn:aws:s3:::", LOGS, "*"), PASS, PASS),
        (text("arn:aws:s3:::", LOGS, "/"), FAIL, FAIL),
        (text("arn:aws:s3:::", LOGS, "/??*"), FAIL, FAIL),
        (text("arn:aws:s3:::", LOGS, "/public/*"), FAIL, FAIL),
        (text("arn:aws:s3:::", DATA), FAIL, FAIL),
        (text("arn:aws:s3:::", DATA, "/*"), FAIL, FAIL),
        (text("arn:aws:s3:::shop-orders/*"), FAIL, FAIL),
        (text("arn:aws:s3:::", NAME), UNKNOWN, FAIL),
        (text("arn:aws:s3:::", NAME, "/*"), FAIL, UNKNOWN),
        (text(NAME), UNKNOWN, UNKNOWN),
        (text("arn:aws:sqs:::", LOGS), FAIL, FAIL),
        (text("s3:::", LOGS), FAIL, FAIL),
        (Text(), FAIL, FAIL),
    ],
    ids=str,
)
def test_what_a_resource_takes_in(resource: Text, bucket: Status, objects: Status) -> None:
    assert covers_bucket(resource, text(LOGS)) is bucket
    assert covers_objects(resource, text(LOGS)) is objects


@pytest.mark.parametrize(
    ("resource", "objects"),
    [
        ("arn:aws:s3:::shop-*/*", PASS),
        ("arn:aws:s3:::sh?p-*/*", PASS),
        ("arn:aws:s3:::shop-eu/*", UNKNOWN),
        ("arn:aws:s3:::*-eu/*", UNKNOWN),
        ("arn:aws:s3:::bank-*/*", FAIL),
    ],
)
def test_wildcards_against_a_name_that_is_partly_known(resource: str, objects: Status) -> None:
    assert covers_objects(text(resource), text("shop-", NAME)) is objects


@pytest.mark.parametrize(
    ("pattern", "every", "put"),
    [
        ("*", PASS, PASS),
        ("s3:*", PASS, PASS),
        ("S3:*", PASS, PASS),
        ("s3:Put*", FAIL, PASS),
        ("s3:putobject", FAIL, PASS),
        ("s3:*Object", FAIL, PASS),
        ("s3:Put?bject", FAIL, PASS),
        ("s3:GetObject", FAIL, FAIL),
        ("iam:*", FAIL, FAIL),
    ],
)
def test_actions(pattern: str, every: Status, put: Status) -> None:
    assert covers_action(text(pattern), text("s3:", ANY)) is every
    assert covers_action(text(pattern), text("s3:PutObject")) is put


def test_a_policy_variable_covers_something_else_for_others() -> None:
    resource = text("arn:aws:s3:::shop/${aws:username}/*")
    assert covers_objects(resource, text("shop")) is FAIL
    named = text("arn:aws:s3:::${aws:PrincipalTag/bucket}")
    assert covers_bucket(named, text("shop")) is FAIL
    assert touches_bucket(named, text("shop")) is UNKNOWN


@pytest.mark.parametrize(
    ("resource", "partition", "expected"),
    [
        ("arn:aws:s3:::shop", "", PASS),
        ("arn:aws:s3:::shop", "aws", PASS),
        ("arn:aws:s3:::shop", "aws-cn", FAIL),
        ("arn:aws-us-gov:s3:::shop", "aws-us-gov", PASS),
        ("arn:aws-us-gov:s3:::shop", "aws", FAIL),
        ("arn:aws-us-gov:s3:::shop", "", UNKNOWN),
        ("arn:*:s3:::shop", "aws-cn", PASS),
        ("*", "aws-cn", PASS),
    ],
)
def test_partitions(resource: str, partition: str, expected: Status) -> None:
    assert in_partition(text(resource), partition) is expected


def test_a_long_pattern_takes_no_time() -> None:
    pattern = text("*a" * 2000 + "b")
    assert covers(pattern, text("a" * 3000, NAME)) is not PASS


def matches(pattern: str, value: str) -> bool:
    escaped = pattern.replace("[", "[[]")
    return compile_(translate(escaped)).fullmatch(value) is not None


@given(st.text("ab*?", max_size=5), st.text("ab", max_size=4))
def test_agrees_with_fnmatch_where_all_is_known(pattern: str, value: str) -> None:
    assert covers(text(pattern), text(value)) is (PASS if matches(pattern, value) else FAIL)


@given(st.text("ab*?", max_size=4), st.text("ab", max_size=2))
def test_agrees_with_every_text_of_a_small_alphabet(pattern: str, prefix: str) -> None:
    """What covers a prefix and anything behind it matches each text that begins with the prefix."""
    some = ["".join(letters) for size in (1, 2, 3) for letters in product("abc", repeat=size)]
    everything = all(matches(pattern, prefix + rest) for rest in some)
    assert covers(text(pattern), text(prefix, ANY)) is (PASS if everything else FAIL)


parts = st.lists(st.text("ab*", max_size=2) | st.sampled_from([NAME, LOGS]), max_size=4)


@given(parts, parts, st.text("ab", max_size=2), st.text("ab", max_size=2))
def test_what_is_decided_holds_whatever_the_opaque_parts_are(
    pattern: list[Part], asked: list[Part], name: str, logs: str
) -> None:
    asked = [part.replace("*", "") if isinstance(part, str) else part for part in asked]
    found = covers(text(*pattern), text(*asked))
    values = {NAME: name, LOGS: logs}

    def told(mixed: list[Part]) -> str:
        return "".join(part if isinstance(part, str) else values[part] for part in mixed)

    if found is not UNKNOWN:
        assert matches(told(pattern), told(asked)) is (found is PASS)
