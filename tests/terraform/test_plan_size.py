"""Large plans: no more than a small multiple of what it takes to read their JSON at all."""

import json
import time
import tracemalloc
from collections.abc import Callable

import pytest

from s3audit.collectors.documents.tree import Mapping, Node, Sequence
from s3audit.collectors.terraform.declared import Declared
from s3audit.collectors.terraform.records.plan import read_plan
from s3audit.collectors.terraform.tables import TYPES
from tests.terraform.large import large_plan
from tests.terraform.plans import change, constant, plan, read, refers

BUCKETS = 200


@pytest.fixture(scope="module")
def large() -> bytes:
    return large_plan(BUCKETS)


def declared_in(data: bytes) -> list[Declared]:
    declared, problems = read_plan(data, "plan.json", TYPES)
    assert problems == []
    return declared


def look_at_everything(declared: list[Declared]) -> int:
    """How many nodes there are."""
    seen = 0
    for one in declared:
        left: list[Node] = [one.node]
        while left:
            seen += 1
            node = one.resolver.resolve(left.pop()).node
            if isinstance(node, Mapping):
                left += [entry.value for entry in node.entries.values()]
            elif isinstance(node, Sequence):
                left += node.items
    return seen


def seconds(work: Callable[[], object]) -> float:
    """The least CPU that it took in a few attempts."""
    taken = []
    for _ in range(4):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def test_a_large_plan_is_all_read(large: bytes) -> None:
    assert 7_500 < len(large) / BUCKETS < 10_000
    declared = declared_in(large)
    assert len(declared) == 6 * BUCKETS
    assert look_at_everything(declared) > 50 * BUCKETS


def test_reading_takes_little_more_than_its_json(large: bytes) -> None:
    known = seconds(lambda: json.loads(large))
    assert seconds(lambda: declared_in(large)) < 2 * known
    assert seconds(lambda: look_at_everything(declared_in(large))) < 8 * known


def test_memory_is_a_small_multiple_of_the_file(large: bytes) -> None:
    tracemalloc.start()
    try:
        declared = declared_in(large)
        look_at_everything(declared)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2 * len(large)


ATTACHMENT = "aws_iam_policy_attachment.it"


def one_list(size: int) -> bytes:
    """A list of many unknown elements from as many references."""
    roles = [f"aws_iam_role.r{number}" for number in range(size)]
    made = plan(
        *(change(role, {}, {"name": True, "arn": True}) for role in roles),
        change(ATTACHMENT, {"roles": [None] * size}, {"roles": [True] * size}),
        written={
            **{role: {} for role in roles},
            ATTACHMENT: {"roles": refers(*(f"{role}.name" for role in roles))},
        },
    )
    return json.dumps(made).encode()


def one_long_reference(size: int) -> bytes:
    """Many values that are made of many others."""
    names = [f"aws_s3_bucket.b{number}" for number in range(size)]
    everything = refers(*(f"{name}.id" for name in names[:50]))
    versionings = [f"aws_s3_bucket_versioning.v{number}" for number in range(size)]
    made = plan(
        *(change(name, {"bucket": name}, {"id": True}) for name in names),
        *(change(name, {}, {"bucket": True}) for name in versionings),
        written={**{name: {} for name in names}, **{name: {"bucket": everything} for name in versionings}},
    )
    return json.dumps(made).encode()


def many_blocks(size: int) -> bytes:
    """Many blocks of a set, each of which is looked for among the others."""
    rules = [{"id": str(number), "allowed_origins": None} for number in range(size)]
    cors = "aws_s3_bucket_cors_configuration.it"
    made = plan(
        *(
            change(
                f"{cors}{number}", {"cors_rule": rules[:20]}, {"cors_rule": [{"allowed_origins": True}] * 20}
            )
            for number in range(size)
        ),
        written={
            f"{cors}{number}": {
                "cors_rule": [{"id": constant(str(rule)), "allowed_origins": {}} for rule in range(20)]
            }
            for number in range(size)
        },
    )
    return json.dumps(made).encode()


def a_chain(size: int) -> bytes:
    """Each is known by the one before it."""
    names = [f"aws_s3_bucket_versioning.v{number}" for number in range(size)]
    made = plan(
        *(change(name, {}, {"bucket": True}) for name in names),
        written={
            name: {"bucket": refers(f"{before}.bucket")}
            for name, before in zip(names, ["aws_s3_bucket.none", *names], strict=False)
        },
    )
    return json.dumps(made).encode()


def test_a_chain_that_is_too_long_ends() -> None:
    data = a_chain(200)
    told = read(data).told("aws_s3_bucket_versioning.v199", "bucket")
    assert told.startswith(("? it is known only after apply", "${aws_s3_bucket_versioning."))


@pytest.mark.parametrize(
    "make",
    [
        large_plan,
        one_list,
        one_long_reference,
        many_blocks,
        a_chain,
    ],
    ids=["buckets", "list", "references", "blocks", "chain"],
)
def test_time_grows_as_the_plan_does(make: Callable[[int], bytes]) -> None:
    small, large = make(30), make(180)
    ratio = len(large) / len(small)
    base = seconds(lambda: look_at_everything(declared_in(small)))
    assert seconds(lambda: look_at_everything(declared_in(large))) < 3 * ratio * base + 0.02
