"""Measures what questions to policies cost: CPU time in this process, which nothing else runs in."""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from random import Random
from statistics import median
from typing import Any

from s3audit.location import NOWHERE
from s3audit.model.document import Array, Leaf, Member, Object, Value
from s3audit.policy import questions
from s3audit.policy.language import read
from s3audit.policy.questions import Ask, Context
from s3audit.policy.reason import PROVEN, WITNESS, Answer
from s3audit.policy.replication import Replication, role_can_replicate
from s3audit.policy.rules import Rule, rules_of
from s3audit.text import text

LIMIT = 20 * 1024
"""Bytes of a bucket's policy."""
OWNER = "111122223333"
BUCKET = "arn:aws:s3:::ledger-archive"
ROLE = f"arn:aws:iam::{OWNER}:role/replication"
CONTEXT = Context(
    bucket="ledger-archive",
    owner=OWNER,
    distributions=(f"arn:aws:cloudfront::{OWNER}:distribution/E1EXAMPLE2",),
    max_age_ms=600_000,
    vpce=("vpce-0aa11bb22cc33dd44",),
    cidrs=("203.0.113.0/24",),
)


def _replicates(rules: Sequence[Rule], context: Context) -> Answer:
    rule = Replication(source=BUCKET, destination=f"{BUCKET}-dr", role=ROLE, owner=context.owner)
    return role_can_replicate(rules, rule)


QUESTIONS: dict[str, Ask] = {
    "Q1": questions.not_public,
    "Q2": questions.tls_only,
    "Q3": questions.only_cloudfront,
    "Q4": questions.forces_encryption,
    "Q4b": questions.default_encryption_survives,
    "Q5": _replicates,
    "Q6": questions.no_outsiders,
    "Q7": questions.presigned_limited,
    "Q8": questions.network_bound,
}


def document(value: Any) -> Value:
    if isinstance(value, dict):
        return Object(tuple(Member(name, document(one), NOWHERE) for name, one in value.items()), NOWHERE)
    if isinstance(value, list):
        return Array(tuple(map(document, value)), NOWHERE)
    return Leaf(text(value) if isinstance(value, str) else value, NOWHERE)


def policy(random: Random, size: int = 0, statements: int = 0) -> dict[str, Any]:
    """Of so many bytes, or so many statements; with the Denies that policies of buckets have."""
    found: list[dict[str, Any]] = random.sample(_usual(random), random.randint(1, 3))
    length = len(json.dumps(found))
    while (length < size - 700) if size else (len(found) < statements):
        found.append(_statement(random, len(found)))
        length += len(json.dumps(found[-1])) + 2
    random.shuffle(found)
    return {"Version": "2012-10-17", "Statement": found}


def _usual(random: Random) -> list[dict[str, Any]]:
    everything = {"Principal": "*", "Action": "s3:*", "Resource": [BUCKET, f"{BUCKET}/*"], "Effect": "Deny"}
    vpce = [_id(random, "vpce") for _ in range(random.randint(1, 3))] + ["vpce-0aa11bb22cc33dd44"]
    header = "s3:x-amz-server-side-encryption"
    upload = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"{BUCKET}/*"}
    return [
        {"Sid": "Tls", **everything, "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Sid": "Network", **everything, "Condition": {"StringNotEquals": {"aws:SourceVpce": vpce}}},
        {"Sid": "Encryption", **upload, "Condition": {"StringNotEquals": {header: "aws:kms"}}},
        {"Sid": "Age", **everything, "Condition": {"NumericGreaterThan": {"s3:signatureAge": "600000"}}},
        {
            "Sid": "Others",
            **everything,
            "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
        },
    ]


def _statement(random: Random, number: int) -> dict[str, Any]:
    account = f"{random.randint(10**11, 10**12 - 1)}"
    principals: list[Any] = [
        "*",
        {"AWS": [f"arn:aws:iam::{account}:role/{_word(random)}" for _ in range(random.randint(1, 4))]},
        {"AWS": [f"{random.randint(10**11, 10**12 - 1)}" for _ in range(random.randint(1, 6))]},
        {"AWS": f"arn:aws:iam::{account}:root"},
        {"Service": f"{_word(random)}.amazonaws.com"},
    ]
    prefix = "/".join(_word(random) for _ in range(random.randint(1, 3)))
    resources: list[Any] = [
        f"{BUCKET}/{prefix}/*",
        [BUCKET, f"{BUCKET}/{prefix}/*"],
        [f"{BUCKET}/{prefix}/{_word(random)}/*" for _ in range(random.randint(1, 5))],
        f"{BUCKET}/{prefix}/*.{random.choice(['csv', 'log', 'gz'])}",
    ]
    actions: list[Any] = [
        ["s3:GetObject", "s3:GetObjectVersion"],
        ["s3:PutObject", "s3:AbortMultipartUpload", "s3:DeleteObject"],
        "s3:Get*",
        ["s3:ListBucket", "s3:GetObject"],
        "s3:*",
    ]
    conditions: list[Any] = [
        {},
        {},
        {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
        {
            "IpAddress": {
                "aws:SourceIp": [f"10.{random.randint(0, 255)}.{n}.0/24" for n in range(random.randint(1, 5))]
            }
        },
        {"StringEquals": {"aws:SourceVpce": [_id(random, "vpce") for _ in range(random.randint(1, 4))]}},
        {"StringLike": {"s3:prefix": [f"{prefix}/*", _word(random)]}},
        {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{account}:role/{_word(random)}-*"}},
        {"StringNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{account}:role/{_word(random)}*"}},
        {"StringEquals": {"s3:ExistingObjectTag/team": _word(random)}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": f"o-a1b2c3d4e5/r-ab12/ou-{_word(random)}/*"}},
        {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}},
    ]
    found = {
        "Sid": f"S{number}{_word(random)}",
        "Effect": random.choice(["Allow", "Allow", "Deny"]),
        "Principal": random.choice(principals),
        "Action": random.choice(actions),
        "Resource": random.choice(resources),
    }
    condition = random.choice(conditions)
    return {**found, "Condition": condition} if condition else found


def _word(random: Random) -> str:
    return "".join(random.choices("abcdefghijklmnoprstuvw", k=random.randint(3, 10)))


def _id(random: Random, kind: str) -> str:
    return f"{kind}-{random.getrandbits(68):017x}"


def clocked(call: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of CPU time, and what came of it."""
    start = time.process_time()
    found = call()
    return (time.process_time() - start) * 1000, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--policies", type=int, default=200, help="how many near 20 KB [%(default)s]")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    random = Random(chosen.seed)
    large = [policy(random, size=LIMIT) for _ in range(chosen.policies)]
    sizes = [len(json.dumps(one)) for one in large]
    print(f"{len(large)} policies of {min(sizes):,} to {max(sizes):,} bytes, ms of CPU time")
    print(f"{'':6}{'median':>9}{'p99':>9}{'most':>9}   proven witness unknown")
    costs: dict[str, list[float]] = {name: [] for name in QUESTIONS}
    verdicts: dict[str, list[str]] = {name: [] for name in QUESTIONS}
    reading = []
    for one in large:
        written = document(one)
        cost, _ = clocked(lambda written=written: rules_of(read(written)))  # type: ignore[misc]
        reading.append(cost)
        for name, ask in QUESTIONS.items():
            rules = rules_of(read(written))  # nothing left over from the question before
            cost, answer = clocked(lambda ask=ask, rules=rules: ask(rules, CONTEXT))  # type: ignore[misc]
            costs[name].append(cost)
            verdicts[name].append(answer.verdict)
    _row("read", reading)
    for name, some in costs.items():
        counts = [verdicts[name].count(verdict) for verdict in (PROVEN, WITNESS)]
        _row(name, some, [*counts, len(large) - sum(counts)])
    typical = [policy(random, statements=random.randint(2, 9)) for _ in range(chosen.policies)]
    together = [clocked(lambda one=one: _all(rules_of(read(document(one)))))[0] for one in typical]  # type: ignore[misc]
    print(f"{len(typical)} policies of 2 to 9 statements, all questions together, with reading")
    _row("all", together)


def _all(rules: Sequence[Rule]) -> None:
    for ask in QUESTIONS.values():
        ask(rules, CONTEXT)


def _row(name: str, costs: Sequence[float], counts: Sequence[int] = ()) -> None:
    ordered = sorted(costs)
    p99 = ordered[min(len(ordered) - 1, round(len(ordered) * 0.99))]
    told = "".join(f"{count:>8}" for count in counts)
    print(f"{name:6}{median(ordered):9.2f}{p99:9.2f}{ordered[-1]:9.2f}  {told}")


if __name__ == "__main__":
    main()
