"""Two policies that a request has to pass together, held against each of them by itself."""

from itertools import product
from random import Random

import pytest

from s3audit.location import NOWHERE
from s3audit.policy.access.doors import Door, asked, moved
from s3audit.policy.access.ways import doing
from s3audit.policy.evaluate import ALLOWED, evaluate
from s3audit.policy.globs import glob
from s3audit.policy.language import read
from s3audit.policy.reason import PROVEN, WITNESS
from s3audit.policy.request import Caller, Request
from s3audit.policy.rules import Pattern, Rule, rules_of
from tests.policy.documents import document

POINT = "arn:aws:s3:eu-west-1:111122223333:accesspoint/point"
BUCKET = "arn:aws:s3:::shop"
CALLERS = (
    Caller(kind="aws", account="444455556666", arn="arn:aws:iam::444455556666:user/ann"),
    Caller(kind="aws", account="777788889999", arn="arn:aws:iam::777788889999:user/bob"),
    Caller(kind="service", name="cloudtrail.amazonaws.com"),
)
ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")
KEYS = ("a", "b/c", "a/b")
VPCS = (None, "vpc-1", "vpc-2")


def pattern(text: str) -> Pattern:
    return Pattern(text, glob(text))


@pytest.mark.parametrize(
    "written",
    [
        "*",
        f"{POINT}",
        f"{POINT}*",
        f"{POINT}/*",
        f"{POINT}/object/*",
        f"{POINT}/object/a*",
        f"{POINT}/object/?/*c",
        f"{POINT}/ob*/a",
        "arn:aws:s3:*:*:accesspoint/*",
        "arn:*/object/b/c",
        "arn:aws:s3:eu-west-1:111122223333:accesspoint/p?int/*/a*b",
        "arn:aws:s3:eu-west-1:111122223333:accesspoint/other/object/*",
        BUCKET,
        f"{BUCKET}/*",
    ],
)
def test_a_resource_of_an_access_point_means_the_same_objects(written: str) -> None:
    rule = Rule(number=1, effect="Allow", resources=(pattern(written),), at=NOWHERE)
    [found] = moved([rule], POINT, BUCKET)
    patterns = [one for one in found.resources or () if isinstance(one, Pattern)]
    for key in ("", "a", "b/c", "a/b", "object/a", "x/c", "ab"):
        at_point = f"{POINT}/object/{key}" if key else POINT
        at_bucket = f"{BUCKET}/{key}" if key else BUCKET
        assert any(one.glob.matches(at_bucket) for one in patterns) == glob(written).matches(at_point), key


def some_rules(random: Random, objects: str) -> tuple[Rule, ...]:
    statements = []
    for _ in range(random.randint(1, 3)):
        statement: dict[str, object] = {
            "Effect": random.choice(["Allow", "Allow", "Deny"]),
            "Principal": {"AWS": random.choice(["*", "444455556666", CALLERS[1].arn])},
            "Action": random.sample([*ACTIONS, "s3:*"], random.randint(1, 2)),
            "Resource": [f"{objects}{one}" for one in random.sample(["*", "a*", "b/*", "*b", "?"], 2)],
        }
        if random.random() < 0.4:
            which = random.choice(["StringEquals", "StringNotEquals", "StringEqualsIfExists"])
            statement["Condition"] = {which: {"aws:SourceVpc": "vpc-1"}}
        statements.append(statement)
    return rules_of(read(document({"Statement": statements})))


def is_allowed(door: Door, request: Request) -> bool:
    return all(evaluate(one, request).effect == ALLOWED for one in door.allowing)


@pytest.mark.parametrize("seed", range(60))
def test_what_both_allow_is_found_and_nothing_else(seed: int) -> None:
    random = Random(seed)
    own, behind = some_rules(random, f"{POINT}/object/"), some_rules(random, f"{BUCKET}/")
    door = Door(bucket=BUCKET, owner="111122223333", allowing=(moved(own, POINT, BUCKET), behind))
    for caller, action in product(CALLERS, ACTIONS):
        query = doing(lambda one, action=action: one.name == action, lambda one, caller=caller: one == caller)  # type: ignore[misc]
        told = asked(door, query, only=(caller,))
        requests = [
            Request(caller, action, f"{BUCKET}/{key}", {} if vpc is None else {"aws:sourcevpc": vpc})
            for key, vpc in product(KEYS, VPCS)
        ]
        if told.verdict == PROVEN:
            assert not any(is_allowed(door, request) for request in requests)
        else:
            assert told.verdict == WITNESS
            assert told.request is not None
            assert is_allowed(door, told.request)
            assert (told.request.caller, told.request.action) == (caller, action)
            # As each of them would be asked by S3.
            key = told.request.resource.removeprefix(f"{BUCKET}/")
            at_point = Request(caller, action, f"{POINT}/object/{key}", told.request.context)
            assert evaluate(own, at_point).effect == ALLOWED
