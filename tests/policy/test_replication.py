"""The role of a replication rule against every request that the rule makes, tried one by one."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from s3audit.policy.reason import PROVEN, WITNESS
from s3audit.policy.replication import Replication, role_can_replicate
from tests.policy import oracle, small
from tests.policy.asking import plain, rules
from tests.policy.small import FRIEND, OWNER
from tests.profile import examples

Policy = Mapping[str, Any]
SOURCE, TARGET = "arn:aws:s3:::from", "arn:aws:s3:::to"
ROLE = f"arn:aws:iam::{OWNER}:role/copies"
SOURCE_KEY = f"arn:aws:kms:eu-west-1:{OWNER}:key/1"
TARGET_KEY = f"arn:aws:kms:eu-west-2:{OWNER}:key/2"
CALLER = {
    "kind": "aws",
    "account": OWNER,
    "arn": ROLE,
    "session": f"arn:aws:sts::{OWNER}:assumed-role/copies/s3-replication",
    "name": "",
}
KEYS = ("a", "b", "ab", "a/", "a/b", "bb")
"""Of objects: one of each kind that the patterns below tell apart, with the prefix and without."""
NOTHING: Policy = {"Statement": []}


class Told(NamedTuple):
    """A rule, and the policies of both sides."""

    role: Policy
    source: Policy
    target: Policy
    prefix: str
    replicate: tuple[str, ...]
    is_abroad: bool
    keys: Mapping[str, Policy | None]
    """Of the source and of the target, if they are encrypted with one; None where it leaves it to the account."""
    bucket_keys: bool
    locked: bool
    changes_owner: bool


def needed(told: Told) -> Iterator[tuple[tuple[str, ...], list[dict[str, Any]], Policy, bool]]:
    """Which actions will do, what they are asked for, whose policy is asked too, and whether that has to allow it."""
    objects = [key for key in KEYS if key.startswith(told.prefix)]

    def at(place: str, of_objects: bool = True) -> list[dict[str, Any]]:
        held = {"aws:securetransport": "true"}
        return [{"resource": f"{place}/{key}" if of_objects else place, "ctx": held} for key in objects]

    yield ("s3:GetReplicationConfiguration",), at(SOURCE, of_objects=False), told.source, False
    yield ("s3:ListBucket",), at(SOURCE, of_objects=False), told.source, False
    reads = ["s3:GetObjectVersionForReplication"]
    if SOURCE_KEY not in told.keys:
        reads.append("s3:GetObjectVersion")
    yield tuple(reads), at(SOURCE), told.source, False
    more = ["s3:GetObjectVersionAcl"]
    more += ["s3:GetObjectVersionTagging"] if "tags" in told.replicate else []
    more += ["s3:GetObjectRetention", "s3:GetObjectLegalHold"] if told.locked else []
    for action in more:
        yield (action,), at(SOURCE), told.source, False
    writes = ["s3:ReplicateObject"]
    writes += ["s3:ReplicateDelete"] if "delete-markers" in told.replicate else []
    writes += ["s3:ObjectOwnerOverrideToBucketOwner"] if told.changes_owner else []
    for action in writes:
        yield (action,), at(TARGET), told.target, told.is_abroad
    uses = [("kms:Decrypt", SOURCE_KEY, SOURCE), ("kms:Encrypt", TARGET_KEY, TARGET)]
    uses += [("kms:Decrypt", TARGET_KEY, TARGET)] if told.bucket_keys else []
    for action, key, bucket in uses:
        if key not in told.keys:
            continue
        via = {"aws:securetransport": "true", "kms:viaservice": f"s3.{key.split(':')[3]}.amazonaws.com"}
        encrypted = [bucket] if told.bucket_keys else [f"{bucket}/{one}" for one in objects]
        asked = [
            {"resource": key, "ctx": {**via, "kms:encryptioncontext:aws:s3:arn": one}} for one in encrypted
        ]
        policy = told.keys[key]
        yield (action,), asked, policy or NOTHING, policy is not None


def refused(told: Told) -> bool:
    if "tags" in told.replicate and any(
        oracle.decide(policy, whole("s3:ReplicateTags", {"resource": f"{TARGET}/{key}", "ctx": TLS}))
        == oracle.DENY
        for key in KEYS
        if key.startswith(told.prefix)
        for policy in (told.role, told.target)
    ):
        return True
    return not all(
        any(all(is_let(told, whole(action, one), policy, must) for one in asked) for action in actions)
        for actions, asked, policy, must in needed(told)
    )


TLS = {"aws:securetransport": "true"}


def whole(action: str, rest: Mapping[str, Any]) -> dict[str, Any]:
    return {**CALLER, "action": action, **rest}


def is_let(told: Told, ask: oracle.Ask, policy: Policy, must_allow: bool) -> bool:
    said = oracle.decide(policy, ask)
    return oracle.decide(told.role, ask) == oracle.ALLOW and said in (
        (oracle.ALLOW,) if must_allow else (oracle.ALLOW, oracle.NEITHER)
    )


# Policies


ACTIONS = [
    *("s3:*", "s3:*", "*", "s3:Get*", "s3:GetObjectVersion*", "s3:List*", "s3:Replicate*", "s3:ReplicateObject"),
    *("s3:GetObjectVersion", "s3:ObjectOwnerOverrideToBucketOwner", "s3:*Tag*", "s3:GetObject*"),
    *("kms:*", "kms:Decrypt"),
]  # fmt: skip
RESOURCES = ["*", "*", "arn:aws:s3:::*", "arn:aws:kms:*", SOURCE_KEY, TARGET_KEY]
RESOURCES += [
    f"{bucket}{end}" for bucket in (SOURCE, TARGET) for end in ("", "/*", "/*", "/a*", "/a/*", "/?")
]
VIA = "kms:EncryptionContext:aws:s3:arn"
CONDITIONS: list[Policy] = [
    *[{}] * 12,
    {"Bool": {"aws:SecureTransport": "true"}},
    {"Bool": {"aws:SecureTransport": "false"}},
    {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
    {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
    {"ArnEquals": {"aws:PrincipalArn": ROLE}},
    {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWNER}:role/c*"}},
    {"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}},
    {"StringNotEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}},
    {"StringLike": {VIA: [f"{TARGET}*", f"{SOURCE}*"]}},
    {"StringLike": {VIA: f"{SOURCE}/a*"}},
    {"StringEquals": {VIA: TARGET}},
]
WHOS = ["*", {"AWS": ROLE}, {"AWS": OWNER}, {"AWS": FRIEND}, {"AWS": f"arn:aws:iam::{OWNER}:role/x"}]


def policy(random: Random, *, names: bool, most: int, wide: float) -> Policy:
    found: list[dict[str, Any]] = []
    for _ in range(random.randint(0, most)):
        is_wide = random.random() < wide
        one: dict[str, Any] = {"Effect": "Allow" if is_wide else random.choice(["Allow", "Deny"])}
        one["Action"] = ["s3:*", "kms:*"] if is_wide else small.some(random, ACTIONS)
        one["Resource"] = "*" if is_wide else small.some(random, RESOURCES)
        one["Condition"] = random.choice(CONDITIONS)
        if names:
            one["Principal"] = random.choice(WHOS)
        found.append(one)
    return {"Version": "2012-10-17", "Statement": found}


EXTRA = (
    "s3:ReplicateTags",
    "s3:ReplicateDelete",
    "s3:GetObjectVersion",
    "s3:GetObjectVersionTagging",
    "s3:Put*",
)


def nearly_enough(random: Random, told: Told) -> Policy:
    """What the rule needs, in one statement for each action, but for a slip or two."""
    found: list[dict[str, Any]] = []
    for actions, wanted, _, _ in needed(told):
        place = wanted[0]["resource"].split("/")[0] if "kms" not in actions[0] else wanted[0]["resource"]
        within = f"{place}/*" if "/" in wanted[0]["resource"] and place != wanted[0]["resource"] else place
        found.append(
            {"Effect": "Allow", "Action": random.choice(actions), "Resource": within, "Condition": {}}
        )
    for slip in random.choices(["drop", "narrow", "condition", "deny"], k=random.choice([0, 1, 1, 2])):
        one = random.choice(found)
        if slip == "drop":
            one["Action"] = random.choice(EXTRA)
        elif slip == "narrow":
            one["Resource"] = random.choice(RESOURCES)
        elif slip == "condition":
            one["Condition"] = random.choice(CONDITIONS)
        else:
            extra = random.choice([one["Action"], *EXTRA])
            found.append({"Effect": "Deny", "Action": extra, "Resource": small.some(random, RESOURCES)})
    return {"Version": "2012-10-17", "Statement": found}


def drawn(random: Random) -> Told:
    told = at_random(random)
    return told._replace(role=nearly_enough(random, told)) if random.random() < 0.7 else told


def at_random(random: Random) -> Told:
    keys = [key for key in (SOURCE_KEY, TARGET_KEY) if random.random() < 0.4]
    return Told(
        role=policy(random, names=False, most=5, wide=0.5),
        source=policy(random, names=True, most=1, wide=0.3),
        target=policy(random, names=True, most=2, wide=0.5),
        prefix=random.choice(["", "", "a", "a/"]),
        replicate=("objects", *(one for one in ("tags", "delete-markers") if random.random() < 0.4)),
        is_abroad=random.random() < 0.4,
        keys={
            key: policy(random, names=True, most=2, wide=0.8) if random.random() < 0.5 else None
            for key in keys
        },
        bucket_keys=random.random() < 0.4,
        locked=random.random() < 0.3,
        changes_owner=random.random() < 0.3,
    )


def asked(told: Told) -> Replication:
    return Replication(
        source=SOURCE,
        destination=TARGET,
        role=ROLE,
        owner=OWNER,
        destination_owner=FRIEND if told.is_abroad else "",
        replicate=told.replicate,
        prefix=told.prefix,
        source_policy=rules(told.source),
        destination_policy=rules(told.target),
        source_key=SOURCE_KEY if SOURCE_KEY in told.keys else "",
        destination_key=TARGET_KEY if TARGET_KEY in told.keys else "",
        key_policies={key: rules(policy) for key, policy in told.keys.items() if policy is not None},
        bucket_keys=told.bucket_keys,
        locked=told.locked,
        changes_owner=told.changes_owner,
    )


def compare(seed: int) -> str:
    told = drawn(Random(seed))
    answer = role_can_replicate(rules(told.role), asked(told))
    assert answer.verdict == (WITNESS if refused(told) else PROVEN), (answer, told)
    if answer.request is not None:
        ask = plain(answer.request)
        policies: Sequence[Policy | None] = (told.role, told.source, told.target, *told.keys.values())
        said = {oracle.decide(one, ask) for one in policies if one is not None}
        assert said - {oracle.ALLOW}, (answer.request, told)
    return answer.verdict


@given(st.integers(0, 2**48))
@settings(max_examples=examples(250))
def test_the_same_rules_pass(seed: int) -> None:
    compare(seed)


def test_both_come_up() -> None:
    found = [compare(seed) for seed in range(120)]
    assert min(map(found.count, (PROVEN, WITNESS))) > 10


def test_reading_versions_serves_for_what_no_key_encrypts() -> None:
    def asks(keys: Mapping[str, Policy | None]) -> str:
        plain_reads = {"Effect": "Allow", "Action": ["s3:GetObjectVersion", "s3:GetObjectVersionAcl"]}
        rest = ["s3:GetReplicationConfiguration", "s3:ListBucket", "s3:ReplicateObject", "kms:*"]
        role = {
            "Statement": [{**plain_reads, "Resource": "*"}, {**plain_reads, "Action": rest, "Resource": "*"}]
        }
        told = Told(role, NOTHING, NOTHING, "", ("objects",), False, keys, False, False, False)
        assert refused(told) == bool(keys)
        return role_can_replicate(rules(role), asked(told)).verdict

    assert asks({}) == PROVEN
    assert asks({SOURCE_KEY: None}) == WITNESS
