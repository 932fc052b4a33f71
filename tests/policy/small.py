"""Small random policies over few words, and the requests that those words could tell apart."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

OWNER, FRIEND, OTHER, NOBODY = "111111111111", "222222222222", "223333333333", "444444444444"
BUCKET = "arn:aws:s3:::data"
CLOUDFRONT = "cloudfront.amazonaws.com"
VPCE, VPC = "vpce-1", "vpc-1"
Policy = dict[str, Any]

PRINCIPALS: Sequence[Any] = (
    *["*"] * 6,
    {"AWS": "*"},
    {"AWS": FRIEND},
    {"AWS": f"arn:aws:iam::{OTHER}:root"},
    {"AWS": [f"arn:aws:iam::{FRIEND}:user/ann", f"arn:aws:iam::{OWNER}:role/etl"]},
    {"AWS": [f"arn:aws:iam::{OTHER}:role/etl"]},
    {"AWS": f"arn:aws:sts::{OTHER}:assumed-role/etl/s"},
    {"Service": CLOUDFRONT},
    {"Service": CLOUDFRONT, "AWS": OWNER},
)
ACTIONS = [
    *(
        "s3:*",
        "s3:*",
        "s3:GetObject",
        "s3:Get*",
        "s3:PutObject",
        "s3:PUT*",
        "S3:ListBucket",
        "s3:*Object",
        "*",
    ),
    *("s3:List*", "s3:?etObject", "s3:DeleteObject", "s3:GetBucketPolicy", "ec2:*"),
]
RESOURCES = [
    *(
        f"{BUCKET}/*",
        f"{BUCKET}/*",
        f"{BUCKET}/*",
        BUCKET,
        BUCKET,
        "*",
        f"{BUCKET}*",
        f"{BUCKET}/a*",
        f"{BUCKET}/a/*b",
    ),
    *(
        f"{BUCKET}/?",
        f"{BUCKET}/*x*",
        f"{BUCKET}/${{aws:username}}",
        f"{BUCKET}/A",
        f"{BUCKET}/",
        "arn:aws:s3:::other/*",
    ),
]
_EQUAL = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIfExists",
    "StringNotEqualsIfExists",
    "StringEqualsIgnoreCase",
]
_LIKE = ["StringLike", "StringNotLike", "StringLikeIfExists", "StringNotLikeIfExists"]
_ARN = ["ArnLike", "ArnNotLike", "ArnEquals", "ArnLikeIfExists", "ArnNotEquals"]
_SETS = [f"{each}:{one}" for each in ("ForAnyValue", "ForAllValues") for one in (*_EQUAL, *_LIKE)]
_IP = ["IpAddress", "NotIpAddress", "IpAddressIfExists", "NotIpAddressIfExists"]
_BOUNDS = [
    "Equals",
    "NotEquals",
    "LessThan",
    "LessThanEquals",
    "GreaterThan",
    "GreaterThanEquals",
    "LessThanIfExists",
]
_NUMERIC = [f"Numeric{one}" for one in _BOUNDS]
_DATE = [f"Date{one}" for one in _BOUNDS]
_ARNS = [
    *(
        f"arn:aws:iam::{FRIEND}:user/ann",
        f"arn:aws:iam::{OTHER}:role/*",
        "arn:aws:iam::*:role/etl",
        "arn:aws:iam::22*",
    ),
    *(
        f"arn:aws:iam::{OWNER}:root",
        "arn:aws:iam::22*:user/a*",
        f"arn:aws:iam::{FRIEND}:*",
        "*etl",
        "*:user/?nn",
    ),
]
_KEYS = "arn:aws:kms:a:1:key"
_SOURCES = ["arn:aws:cloudfront::1:d/1", "arn:aws:cloudfront::1:d/2", "arn:aws:x:y:1:d/1", "arn:aws:s3:::b"]
KEYS: Mapping[str, tuple[list[str], list[Any], list[Any]]] = {
    # Operators, what is asked, and what a request may hold.
    "aws:SecureTransport": (["Bool", "Bool", "BoolIfExists", "StringEquals"], ["false", False, "true", "TRUE"], []),
    "aws:ViaAWSService": (["Bool"], ["true", "false"], []),
    "aws:SourceIp": (_IP, ["10.0.0.0/8", "0.0.0.0/0", "10.0.0.1", "::/0", "2001:db8::/32", "0.0.0.0/1"], []),
    "aws:SourceVpce": ([*_EQUAL, *_LIKE, *_SETS], [VPCE, "vpce-*", "vpce-?", "*", "vpce-x"], []),
    "aws:SourceVpc": ([*_EQUAL, *_LIKE], [VPC, "vpc-*", "vpc-?"], []),
    "aws:PrincipalOrgID": ([*_EQUAL, *_LIKE, *_SETS], ["o-1", "o-*", "o-2"], ["o-1", "o-2", "o-3", "O-1"]),
    "aws:PrincipalArn": ([*_EQUAL, *_LIKE, *_ARN], _ARNS, []),
    "aws:PrincipalAccount": ([*_EQUAL, *_LIKE], [FRIEND, OWNER, "22*", "*3", "anonymous"], []),
    "aws:username": ([*_EQUAL, *_LIKE], ["ann", "a*", "?nn", "*n"], []),
    "aws:PrincipalType": (_EQUAL, ["Anonymous", "User", "AssumedRole"], []),
    "aws:PrincipalIsAWSService": (["Bool", "BoolIfExists"], ["true", "false"], []),
    "aws:PrincipalServiceName": ([*_EQUAL, *_LIKE], [CLOUDFRONT, "*.amazonaws.com", "cloud*"], []),
    "aws:SourceAccount": ([*_EQUAL, *_LIKE], [OWNER, "11*"], [OWNER, FRIEND, "119999999999"]),
    "aws:SourceArn": ([*_ARN, "StringEquals", "StringLike"], ["arn:aws:cloudfront::1:d/1", "arn:aws:*:*:1:d/*"], []),
    "aws:PrincipalTag/team": ([*_EQUAL, *_LIKE], ["Red", "red", "r*", ""], ["Red", "red", "RED", "", "r", "blue"]),
    "s3:prefix": ([*_EQUAL, *_LIKE], ["", "a/*", "a/", "*b"], ["", "a/", "a/b", "b", "z"]),
    "s3:max-keys": (_NUMERIC, ["10", "11", "10.5", "0"], ["0", "9", "10", "11", "12", "1000"]),
    "aws:CurrentTime": (_DATE, ["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "1767225600"], []),
    "aws:EpochTime": ([*_NUMERIC, *_DATE], ["1767225600", "1767225602"], [str(1767225598 + n) for n in range(6)]),
    "s3:authType": (_EQUAL, ["REST-HEADER", "REST-QUERY-STRING", "POST", "rest-header"], []),
    "s3:signatureAge": (_NUMERIC, ["0", "600000", "600001"], ["0", "1", "600000", "600001", "600002"]),
    "s3:signatureversion": (_EQUAL, ["AWS", "AWS4-HMAC-SHA256"], []),
    "s3:x-amz-server-side-encryption": ([*_EQUAL, "StringLike"], ["aws:kms", "AES256", "aws:*"], []),
    "s3:x-amz-server-side-encryption-aws-kms-key-id": ([*_EQUAL, *_ARN], [f"{_KEYS}/1", f"{_KEYS}/2"], []),
    "s3:x-amz-server-side-encryption-customer-algorithm": (_EQUAL, ["AES256"], []),
    "s3:TlsVersion": (_NUMERIC, ["1.2", "1.3"], []),
    "aws:TagKeys": (_SETS, ["a", "b", "A", "a*"], [frozenset(one) for one in ("a", "b", "ab", "ac", "c", "abc")]),
    "s3:unheardOf": ([*_NUMERIC], ["5", "7"], ["4", "5", "6", "7", "8"]),
    "aws:unheardOf": ([*_EQUAL, *_LIKE], ["f", "*f*", "F?", "ф"], ["f", "F", "ff", "Fa", "", "xfx", "ф", "Ф", "e"]),
    # The same keys, compared as something else.
    "AWS:SourceIP": ([*_LIKE, "StringEquals"], ["10.*", "9.9.9.9", "*", "10.0.0.1"], []),
    "S3:Max-Keys": ([*_LIKE, "StringEquals", "StringNotEquals"], ["1*", "10", "*"], []),
    "aws:mixed": (_NUMERIC, ["5", "50"], ["5", "50", "500", "4", "6", "51", "7", "57"]),
    "AWS:Mixed": ([*_EQUAL, *_LIKE], ["5*", "50", "?"], []),
}  # fmt: skip
NAMES = list(KEYS)


def policy(random: Random, names: Sequence[str] = NAMES) -> Policy:
    """One to five statements about few keys; or more that differ in conditions, or in whom they name, only."""
    about = random.sample(names, min(len(names), random.randint(1, 3)))
    about += [name for name in names if random.random() < 0.5 and name.lower() in map(str.lower, about)]
    mode = random.choice(["any", "any", "keys", "callers"])
    if mode == "callers":
        about = [name for name in _OF_CALLERS if name in names] or about
    found = [statement(random, about[:2] if mode == "keys" else about) for _ in range(random.randint(1, 5))]
    if mode != "any":
        found += [statement(random, about[:2]) for _ in range(random.randint(1, 4))]
        for one in found:
            one.pop("NotAction", None)
            one.pop("NotResource", None)
            one.update(Action="s3:*", Resource=["*", f"{BUCKET}/*"])
            if mode == "keys":
                one.pop("NotPrincipal", None)
                one["Principal"] = "*"
    return {"Version": random.choice(["2008-10-17", "2012-10-17", "2008-10-17"]), "Statement": found}


_OF_CALLERS = ["aws:PrincipalArn", "aws:PrincipalAccount", "aws:username"]


def statement(random: Random, about: Sequence[str]) -> Policy:
    found: Policy = {"Effect": random.choice(["Allow", "Deny"])}
    if found["Effect"] == "Allow" and random.random() < 0.06:
        found["NotPrincipal"] = random.choice(PRINCIPALS[7:])
    elif random.random() < 0.97:
        found["Principal"] = random.choice(PRINCIPALS)
    found["NotAction" if random.random() < 0.1 else "Action"] = some(random, ACTIONS)
    found["NotResource" if random.random() < 0.1 else "Resource"] = some(random, RESOURCES)
    tests: Policy = {}
    for _ in range(random.choice([0, 1, 1, 1, 2, 2, 3])):
        key = random.choice(about)
        operators, values, _ = KEYS[key]
        if random.random() < 0.12:
            tests.setdefault("Null", {})[key] = random.choice(["true", "false", False])
        else:
            tests.setdefault(random.choice(operators), {})[random.choice([key, key.lower()])] = some(
                random, values
            )
    if tests:
        found["Condition"] = tests
    return found


def some(random: Random, values: Sequence[Any]) -> Any:
    number = random.choice([1, 1, 1, 2, 3])
    return (
        random.choice(values)
        if number == 1
        else random.sample(list(dict.fromkeys(values)), min(number, len(set(values))))
    )


def _user(account: str, name: str) -> dict[str, str]:
    return {
        "kind": "aws",
        "account": account,
        "arn": f"arn:aws:iam::{account}:{name}",
        "session": "",
        "name": "",
    }


def _role(account: str, name: str, session: str) -> dict[str, str]:
    found = _user(account, f"role/{name}")
    return {
        **found,
        "session": f"arn:aws:sts::{account}:assumed-role/{name.rsplit('/', maxsplit=1)[-1]}/{session}",
    }


def _else(kind: str, name: str = "") -> dict[str, str]:
    return {"kind": kind, "account": "", "arn": "", "session": "", "name": name}


CALLERS = [
    *[_else("anonymous")] * 4,
    _else("service", CLOUDFRONT),
    _else("service", "logs.amazonaws.com"),
    *(
        _user(account, name)
        for account in (OWNER, FRIEND, OTHER, NOBODY, "229999999999", "229999999993", "999999999993")
        for name in ("user/ann", "user/a", "user/x/bob", "user/etl", "root", "user/path/nn")
    ),
    *(
        _role(account, name, session)
        for account in (OWNER, FRIEND, OTHER, NOBODY)
        for name, session in (("etl", "s"), ("etl", "t"), ("y", "s"), ("path/etl", "t"))
    ),
]
OF_OBJECTS = [
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:GetObjectAcl",
    "s3:ReplicateObject",
    "s3:Future",
]
OF_BUCKET = [
    "s3:ListBucket",
    "s3:GetBucketPolicy",
    "s3:PutBucketPolicy",
    "s3:ListBucketVersions",
    "s3:Future",
]
OBJECTS = [
    f"{BUCKET}/{key}"
    for key in (
        "a",
        "b",
        "A",
        "a/b",
        "a/xb",
        "ab",
        "zz",
        "x",
        "axe",
        "${aws:username}",
        "*",
        "${aws:usernames}",
    )
]


def request(random: Random, about: Sequence[str]) -> dict[str, Any]:
    """One that AWS could see; `about` are the keys that matter, in lower case."""
    found: dict[str, Any] = dict(random.choice(CALLERS))
    if random.random() < 0.75:
        found["action"], found["resource"] = random.choice(OF_OBJECTS), random.choice(OBJECTS)
    else:
        found["action"], found["resource"] = random.choice(OF_BUCKET), BUCKET
    held: dict[str, Any] = {}
    signed = found["kind"] != "anonymous"
    network = random.choice(
        ["v4", "v6", "endpoint", "endpoint", "v4"] + ["none"] * (found["kind"] == "service")
    )
    tls = random.choice([True, False])
    upload = found["action"] in ("s3:PutObject", "s3:ReplicateObject")
    header = (
        random.choice(["", "", "AES256", "aws:kms", "aws:kms", "aws:kms:dsse", "customer"]) if upload else ""
    )
    always: dict[str, Callable[[], Any]] = {
        "aws:securetransport": lambda: "true" if tls else "false",
        "aws:viaawsservice": lambda: random.choice(["true", "false"]),
        "aws:currenttime": lambda: (
            f"2026-01-01T00:00:0{random.randint(0, 3)}Z" if random.random() < 0.8 else "2025-12-31T23:59:59Z"
        ),
        "aws:epochtime": lambda: random.choice(KEYS["aws:EpochTime"][2]),
    }
    sometimes: dict[str, tuple[bool, Callable[[], Any]]] = {
        "aws:sourceip": (
            network == "v4",
            lambda: random.choice(
                ["10.0.0.1", "10.0.0.2", "9.9.9.9", "11.0.0.0", "198.51.100.1", "128.0.0.0"]
            ),
        ),
        "aws:sourcevpce": (
            network == "endpoint",
            lambda: random.choice([VPCE, "vpce-x", "vpce-2", "vpce-", "vpce-12"]),
        ),
        "aws:sourcevpc": (
            network == "endpoint",
            lambda: random.choice([VPC, "vpc-x", "vpc-2", "vpc-12", "vpc-"]),
        ),
        "s3:tlsversion": (tls, lambda: random.choice(["1.2", "1.3"])),
        "s3:x-amz-server-side-encryption": (header not in ("", "customer"), lambda: header),
        "s3:x-amz-server-side-encryption-customer-algorithm": (header == "customer", lambda: "AES256"),
    }
    optional: dict[str, tuple[bool, Callable[[], Any]]] = {
        "aws:principalorgid": (found["kind"] not in ("anonymous", "service"), _one_of(random, "aws:PrincipalOrgID")),
        "aws:sourceaccount": (found["kind"] == "service", _one_of(random, "aws:SourceAccount")),
        "aws:sourcearn": (found["kind"] == "service", lambda: random.choice(_SOURCES)),
        "s3:prefix": (found["action"].startswith("s3:ListBucket"), _one_of(random, "s3:prefix")),
        "s3:max-keys": (found["action"].startswith("s3:ListBucket"), _one_of(random, "s3:max-keys")),
        "s3:authtype": (signed, lambda: random.choice(["REST-HEADER", "REST-QUERY-STRING", "POST"])),
        "s3:signatureage": (signed, _one_of(random, "s3:signatureAge")),
        "s3:signatureversion": (signed, lambda: random.choice(["AWS", "AWS4-HMAC-SHA256"])),
        "s3:x-amz-server-side-encryption-aws-kms-key-id": (
            header.startswith("aws:kms"),
            lambda: f"{_KEYS}/{random.randint(1, 3)}",
        ),
        "aws:principaltag/team": (True, _one_of(random, "aws:PrincipalTag/team")),
        "aws:tagkeys": (True, _one_of(random, "aws:TagKeys")),
        "s3:unheardof": (True, _one_of(random, "s3:unheardOf")),
        "aws:mixed": (True, _one_of(random, "aws:mixed")),
        "aws:unheardof": (True, _one_of(random, "aws:unheardOf")),
    }  # fmt: skip
    if network == "v6":
        sometimes["aws:sourceip"] = (True, lambda: random.choice(["2001:db8::1", "2001:db9::1", "::1"]))
    for key in about:
        if key in always:
            held[key] = always[key]()
        elif key in sometimes:
            is_there, value = sometimes[key]
            if is_there:
                held[key] = value()
        elif key in optional:
            may_be_there, value = optional[key]
            if may_be_there and random.random() < 0.7:
                held[key] = value()
    found["ctx"] = held
    return found


def _one_of(random: Random, key: str) -> Callable[[], Any]:
    return lambda: random.choice(KEYS[key][2])
