"""Policies to ask questions of: made up, and like those that buckets have."""

import json
from random import Random
from typing import Any

LIMIT = 20 * 1024
"""Bytes of a bucket's policy."""
OWNER = "111122223333"
NAME = "ledger-archive"
BUCKET = f"arn:aws:s3:::{NAME}"
REPLICA = f"{BUCKET}-dr"
ROLE = f"arn:aws:iam::{OWNER}:role/replication"
DISTRIBUTION = f"arn:aws:cloudfront::{OWNER}:distribution/E1EXAMPLE2"
VPCE = "vpce-0aa11bb22cc33dd44"
CIDR = "203.0.113.0/24"
OPEN, CLOSED, FENCED, REPLICATING = "open", "closed", "fenced", "replicating"
KINDS = (OPEN, CLOSED, FENCED, REPLICATING)
Policy = dict[str, Any]
_UPLOADS = ["s3:PutObject", "s3:AbortMultipartUpload", "s3:DeleteObject"]
_EVERYTHING = {"Principal": "*", "Action": "s3:*", "Resource": [BUCKET, f"{BUCKET}/*"], "Effect": "Deny"}


def large(random: Random, kind: str) -> Policy:
    """Near the limit. Open to others; or closed to them, fenced by networks, or a role's that may replicate."""
    found = {OPEN: _usual, CLOSED: _usual, FENCED: _fences, REPLICATING: _replication}[kind](random)
    length = len(json.dumps(found))
    while length < LIMIT - 700:
        found.append(_statement(random, len(found), kind))
        length += len(json.dumps(found[-1])) + 2
    random.shuffle(found)
    return {"Version": "2012-10-17", "Statement": found}


def typical(random: Random) -> Policy:
    """Of two to nine statements."""
    count = random.randint(2, 9)
    found = _usual(random)
    while len(found) < count:
        found.append(_statement(random, len(found), OPEN))
    random.shuffle(found)
    return {"Version": "2012-10-17", "Statement": found}


def _usual(random: Random) -> list[Policy]:
    """The Denies that policies of buckets have."""
    vpce = [_id(random, "vpce") for _ in range(random.randint(1, 3))] + [VPCE]
    header = "s3:x-amz-server-side-encryption"
    upload = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"{BUCKET}/*"}
    them = [
        {"Sid": "Tls", **_EVERYTHING, "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Sid": "Network", **_EVERYTHING, "Condition": {"StringNotEquals": {"aws:SourceVpce": vpce}}},
        {"Sid": "Encryption", **upload, "Condition": {"StringNotEquals": {header: "aws:kms"}}},
        {"Sid": "Age", **_EVERYTHING, "Condition": {"NumericGreaterThan": {"s3:signatureAge": "600000"}}},
        {
            "Sid": "Others",
            **_EVERYTHING,
            "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
        },
    ]
    return random.sample(them, random.randint(1, 3))


def _fences(random: Random) -> list[Policy]:
    outside = {"StringNotEquals": {"aws:SourceVpce": VPCE}, "NotIpAddress": {"aws:SourceIp": CIDR}}
    tls = {"Bool": {"aws:SecureTransport": "false"}}
    return [
        {"Sid": "Network", **_EVERYTHING, "Condition": outside},
        {"Sid": "Tls", **_EVERYTHING, "Condition": tls},
    ]


def _replication(random: Random) -> list[Policy]:
    needs = {
        BUCKET: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
        f"{BUCKET}/*": ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl"],
        f"{REPLICA}/*": ["s3:ReplicateObject"],
    }
    return [{"Effect": "Allow", "Action": actions, "Resource": arn} for arn, actions in needs.items()]


def _statement(random: Random, number: int, kind: str) -> Policy:
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
        _UPLOADS,
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
    if condition := random.choice(conditions):
        found["Condition"] = condition
    if kind == REPLICATING:  # the policy of an identity names nobody
        del found["Principal"]
        found["Effect"] = "Allow"
    elif kind == CLOSED and found["Effect"] == "Allow":
        found |= random.choice([_for_readers(), _for_own(random)])
    return found


def _for_readers() -> Policy:
    """CloudFront alone reads."""
    return {
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": ["s3:GetObject", "s3:GetObjectVersion"],
        "Condition": {"StringEquals": {"aws:SourceArn": DISTRIBUTION}},
    }


def _for_own(random: Random) -> Policy:
    role = f"arn:aws:iam::{OWNER}:role/{_word(random)}"
    return {"Principal": {"AWS": role}, "Action": _UPLOADS}


def _word(random: Random) -> str:
    return "".join(random.choices("abcdefghijklmnoprstuvw", k=random.randint(3, 10)))


def _id(random: Random, kind: str) -> str:
    return f"{kind}-{random.getrandbits(68):017x}"


# What takes long


def satisfiability(random: Random, clauses: int = 256, variables: int = 60) -> Policy:
    """Each clause a Deny of those who break it: who satisfies all of them is not denied."""
    found = []
    for _ in range(clauses):
        signs = {
            f"aws:PrincipalTag/v{one}": random.random() < 0.5 for one in random.sample(range(variables), 3)
        }
        condition = {
            "StringNotEquals": {key: "1" for key, sign in signs.items() if sign},
            "StringEquals": {key: "1" for key, sign in signs.items() if not sign},
        }
        found.append({**_EVERYTHING, "Condition": condition})
    return {"Version": "2012-10-17", "Statement": found}


def infixes(count: int = 50) -> Policy:
    """Patterns that any of their sets may match at once."""
    patterns = [f"{BUCKET}/*{chr(97 + n % 26)}{chr(97 + n // 26)}*" for n in range(count)]
    http = {"Bool": {"aws:SecureTransport": "false"}}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {**_EVERYTHING, "Resource": [BUCKET, *patterns], "Condition": http},
            {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "NotResource": patterns},
        ],
    }


def stars(count: int = 40) -> Policy:
    """A pattern with many stars, and a key that nearly matches it."""
    long = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {**long, "Resource": f"{BUCKET}/{'*a' * count}*b"},
            {**_EVERYTHING, "Resource": f"{BUCKET}/{'a' * 380}*"},
        ],
    }


def accounts(random: Random, count: int = 200) -> Policy:
    """As many accounts as there is room for, each in a statement's list."""
    them = [f"{random.randint(10**11, 10**12 - 1)}" for _ in range(count)]
    one = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{BUCKET}/*"}
    return {"Version": "2012-10-17", "Statement": [{**one, "Principal": {"AWS": them}}]}
