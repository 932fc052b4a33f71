"""What the questions mean for one request, said once more and apart from how they are answered."""

import ipaddress
from collections.abc import Callable, Mapping
from typing import Any

from tests.policy import oracle
from tests.policy.oracle import Ask
from tests.policy.small import BUCKET, CLOUDFRONT, FRIEND, OTHER, OWNER, VPCE

SSE = "s3:x-amz-server-side-encryption"
SSE_KEY, SSE_C = f"{SSE}-aws-kms-key-id", f"{SSE}-customer-algorithm"
KEY, DISTRIBUTION = "arn:aws:kms:a:1:key/1", "arn:aws:cloudfront::1:d/1"
MAX_AGE = 600_000
CONTEXT: Mapping[str, Any] = {
    "bucket": BUCKET.rpartition(":")[2],
    "owner": OWNER,
    "distributions": (DISTRIBUTION,),
    "key": KEY,
    "max_age_ms": MAX_AGE,
    "signature_versions": ("AWS4-HMAC-SHA256", "AWS"),
    "vpce": (VPCE,),
    "cidrs": ("10.0.0.0/8",),
    "trusted": (OTHER,),
}
"""Of every question, in the names of `Context`."""
_TRUSTING = {
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:principalorgid",
    "aws:sourcearn",
    "aws:sourceaccount",
    SSE_KEY,
}
_READING = ("s3:getobject", "s3:listobject", "s3:listmultipartuploadparts", "s3:listbucketversions")

Policy = Mapping[str, Any]
Breaks = Callable[[Policy, Ask], bool]


def public(policy: Policy, ask: Ask) -> bool:
    kinds = ("anonymous", "aws", "federated", "service")
    if oracle.decide(policy, ask) != oracle.ALLOW or ask["kind"] not in kinds:
        return False
    if ask["kind"] == "aws" and ask["account"] in (OWNER, FRIEND, OTHER):
        return False
    if ask["kind"] == "service" and ask["name"] in _services(policy):
        return False
    return not _is_trusted(policy, ask)


def public_literally(policy: Policy, ask: Ask) -> bool:
    """Whom a statement lets in by a pattern only is a stranger too, but for those of the owner."""
    if public(policy, ask):
        return True
    if oracle.decide(policy, ask) != oracle.ALLOW or ask["kind"] != "aws" or ask["account"] == OWNER:
        return False
    by_pattern = any(
        one["Effect"] == "Allow"
        and ("NotPrincipal" in one or one.get("Principal", "*") in ("*", {"AWS": "*"}))
        and oracle.applies(one, ask)
        and any(oracle.like(pattern, ask["arn"]) for pattern in _wild(one))
        for one in oracle.statements(policy)
    )
    return by_pattern and not _is_trusted(policy, ask)


def _services(policy: Policy) -> set[str]:
    """Those that statements name, as whom they are for or by a fixed value of the key that tells it."""
    principals = {
        name
        for one in oracle.statements(policy)
        for element in ("Principal", "NotPrincipal")
        if isinstance(one.get(element), dict)
        for name in oracle.listed(one[element].get("Service", []))
    }
    return principals | {
        name
        for one in oracle.statements(policy)
        for tests in one.get("Condition", {}).values()
        for key, values in tests.items()
        if key.lower() == "aws:principalservicename"
        for name in map(oracle.word, oracle.listed(values))
        if not {"*", "?"} & set(name)
    }


def _wild(statement: Policy) -> list[str]:
    return [
        value
        for operator, tests in statement.get("Condition", {}).items()
        for name, values in tests.items()
        for value in oracle.listed(values)
        if name.lower() == "aws:principalarn"
        and ("Like" in operator or "Arn" in operator)
        and ("*" in value or "?" in value)
    ]


def _is_trusted(policy: Policy, ask: Ask) -> bool:
    """Whether it carries what a fixed value of the policy asks for."""
    fixed, ranges = _fixed(policy)
    held = ask["ctx"]
    for key in _TRUSTING & set(held):
        if held[key] in fixed.get(key, ()) or (
            isinstance(held[key], frozenset) and held[key] & fixed.get(key, set())
        ):
            return True
    source = held.get("aws:sourcearn")
    if isinstance(source, str) and any(oracle.like(one, source) for one in _of_one_account(policy)):
        return True
    address = held.get("aws:sourceip")
    return address is not None and any(_lies_in(address, one) for one in ranges)


def _of_one_account(policy: Policy) -> list[str]:
    """The patterns of sources that say whose: strangers have none of these."""
    return [
        value
        for one in oracle.statements(policy)
        for operator, tests in one.get("Condition", {}).items()
        for name, values in tests.items()
        for value in map(oracle.word, oracle.listed(values))
        if name.lower() == "aws:sourcearn"
        and ("Like" in operator or "Arn" in operator)
        and value.count(":") >= 5
        and value.split(":")[4].isdigit()
    ]


def _fixed(policy: Policy) -> tuple[dict[str, set[str]], list[str]]:
    fixed: dict[str, set[str]] = {}
    ranges: list[str] = []
    for statement in oracle.statements(policy):
        for operator, tests in statement.get("Condition", {}).items():
            for name, values in tests.items():
                key = name.lower()
                for value in map(oracle.word, oracle.listed(values)):
                    if key == "aws:sourceip" and operator != "Null" and "*" not in value:
                        known = ipaddress.ip_network(value, strict=False)
                        if known.prefixlen >= (8 if known.version == 4 else 32):
                            ranges.append(value)
                    elif (
                        key != "aws:sourceip"
                        and operator != "Null"
                        and (
                            ("Like" not in operator and "Arn" not in operator)
                            or ("*" not in value and "?" not in value)
                        )
                    ):
                        fixed.setdefault(key, set()).add(value)
    return fixed, ranges


def _lies_in(address: str, network: str) -> bool:
    return oracle.compare("ipaddress", network, address)


def over_http(policy: Policy, ask: Ask) -> bool:
    return oracle.decide(policy, ask) != oracle.DENY and ask["ctx"].get("aws:securetransport") == "false"


def read_elsewhere(policy: Policy, ask: Ask) -> bool:
    if oracle.decide(policy, ask) != oracle.ALLOW:
        return False
    action = ask["action"].lower()
    if action != "s3:listbucket" and not action.startswith(_READING):
        return False
    return not (ask["name"] == CLOUDFRONT and ask["ctx"].get("aws:sourcearn") == DISTRIBUTION)


def badly_encrypted(policy: Policy, ask: Ask) -> bool:
    if ask["action"] != "s3:PutObject" or oracle.decide(policy, ask) == oracle.DENY:
        return False
    return not (ask["ctx"].get(SSE) == "aws:kms" and ask["ctx"].get(SSE_KEY) == KEY)


def refused_without_headers(policy: Policy, ask: Ask) -> bool:
    if ask["action"] != "s3:PutObject" or {SSE, SSE_KEY, SSE_C} & set(ask["ctx"]):
        return False
    return any(
        one["Effect"] == "Deny"
        and oracle.applies(one, ask)
        and any(
            name.lower() in (SSE, SSE_KEY, SSE_C)
            for tests in one.get("Condition", {}).values()
            for name in tests
        )
        for one in oracle.statements(policy)
    )


def outside(policy: Policy, ask: Ask) -> bool:
    if oracle.decide(policy, ask) != oracle.ALLOW or ask["kind"] == "service":
        return False
    return ask["account"] not in (OWNER, OTHER)


def signed_too_early(policy: Policy, ask: Ask) -> bool:
    held = ask["ctx"]
    if oracle.decide(policy, ask) == oracle.DENY or held.get("s3:authtype") not in (
        "REST-QUERY-STRING",
        "POST",
    ):
        return False
    if held.get("s3:signatureversion") == "AWS":
        return bool(held.get("s3:signatureage") == "0")
    is_new = held.get("s3:signatureversion") == "AWS4-HMAC-SHA256"
    return is_new and "s3:signatureage" in held and int(held["s3:signatureage"]) > MAX_AGE


def from_elsewhere(policy: Policy, ask: Ask) -> bool:
    held = ask["ctx"]
    if oracle.decide(policy, ask) == oracle.DENY or held.get("aws:sourcevpce") == VPCE:
        return False
    return "aws:sourceip" not in held or not _lies_in(held["aws:sourceip"], "10.0.0.0/8")


CLAIMS: Mapping[str, tuple[Breaks, tuple[str, ...]]] = {
    # What breaks it, and the keys that it looks at itself.
    "Q1": (public, ()),
    "Q2": (over_http, ("aws:securetransport",)),
    "Q3": (read_elsewhere, ("aws:sourcearn",)),
    "Q4": (badly_encrypted, (SSE, SSE_KEY, SSE_C)),
    "Q4b": (refused_without_headers, (SSE, SSE_KEY, SSE_C)),
    "Q6": (outside, ()),
    "Q7": (signed_too_early, ("s3:authtype", "s3:signatureversion", "s3:signatureage")),
    "Q8": (from_elsewhere, ("aws:sourcevpce", "aws:sourcevpc", "aws:sourceip", "aws:viaawsservice")),
}
