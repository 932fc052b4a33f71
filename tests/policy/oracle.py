"""A second reading of the semantics: decides plain JSON policies, and shares nothing with what it judges."""

import ipaddress
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import nan
from typing import Any

Statement = Mapping[str, Any]
Ask = Mapping[str, Any]
"""kind, account, arn, session, name, action, resource, and ctx by key in lower case."""

ALLOW, DENY, NEITHER = "allow", "deny", "neither"


def decide(policy: Mapping[str, Any], ask: Ask) -> str:
    hits = [s["Effect"] for s in statements(policy) if applies(s, ask)]
    return DENY if "Deny" in hits else ALLOW if "Allow" in hits else NEITHER


def statements(policy: Mapping[str, Any]) -> list[Statement]:
    found = policy["Statement"]
    return list(found) if isinstance(found, list) else [found]


def applies(s: Statement, ask: Ask) -> bool:
    if "NotPrincipal" in s:
        if is_named(s["NotPrincipal"], ask):
            return False
    elif "Principal" in s and not is_named(s["Principal"], ask):
        return False
    action = ask["action"].lower()
    if "NotAction" in s:
        if any(like(one.lower(), action) for one in listed(s["NotAction"])):
            return False
    elif not any(like(one.lower(), action) for one in listed(s["Action"])):
        return False
    if "NotResource" in s:
        if any(like(one, ask["resource"]) for one in listed(s["NotResource"])):
            return False
    elif not any(like(one, ask["resource"]) for one in listed(s["Resource"])):
        return False
    held = {**ask["ctx"], **of_caller(ask)}
    return all(
        met(operator.lower(), [word(v) for v in listed(values)], held.get(key.lower()))
        for operator, tests in s.get("Condition", {}).items()
        for key, values in tests.items()
    )


def is_named(principal: Any, ask: Ask) -> bool:
    if principal == "*":
        return True
    for kind, names in principal.items():
        for name in listed(names):
            if kind == "AWS":
                if name == "*":
                    return True
                if ask["kind"] != "aws":
                    continue
                account = name if len(name) == 12 else name.split(":")[4] if name.endswith(":root") else None
                if account == ask["account"] or (account is None and name in (ask["arn"], ask["session"])):
                    return True
            elif kind == "Service" and ask["kind"] == "service" and name == ask["name"]:
                return True
    return False


def of_caller(ask: Ask) -> dict[str, Any]:
    match ask["kind"]:
        case "anonymous":
            return {"aws:principalaccount": "anonymous", "aws:principaltype": "Anonymous"}
        case "service":
            return {"aws:principalisawsservice": "true", "aws:principalservicename": ask["name"]}
        case "aws":
            arn = ask["arn"]
            own = arn.split(":", 5)[5]
            found = {
                "aws:principalisawsservice": "false",
                "aws:principalaccount": ask["account"],
                "aws:principalarn": arn,
                "aws:principaltype": "User",
            }
            if own.startswith("user/"):
                found["aws:username"] = arn.split("/")[-1]
            if own.startswith("role/"):
                found["aws:principaltype"] = "AssumedRole"
            if arn.endswith(":root"):
                found["aws:principaltype"] = "Account"
            if own.startswith("federated-user/"):
                found["aws:principaltype"] = "FederatedUser"
            return found
        case _:
            return {"aws:principalisawsservice": "false"}


def met(operator: str, values: Sequence[str], held: Any) -> bool:
    if operator == "null":
        return any((value.lower() == "true") == (held is None) for value in values)
    each, _, rest = operator.rpartition(":")
    if_exists = rest.endswith("ifexists")
    rest = rest.removesuffix("ifexists")
    negated = "not" in rest
    base = rest.replace("not", "")
    if held is None:
        if each == "foranyvalue":
            return if_exists
        return each == "forallvalues" or negated or if_exists

    def one(value: str) -> bool:
        return any(compare(base, wanted, value) for wanted in values) != negated

    if each == "foranyvalue":
        return any(map(one, held if isinstance(held, frozenset) else [held]))
    if each == "forallvalues":
        return all(map(one, held if isinstance(held, frozenset) else [held]))
    if isinstance(held, frozenset):
        [held] = held
    return one(held)


def compare(base: str, wanted: str, held: str) -> bool:
    if base == "stringequals":
        return wanted == held
    if base in ("stringequalsignorecase", "bool"):
        return wanted.lower() == held.lower()
    if base == "stringlike":
        return like(wanted, held)
    if base in ("arnlike", "arnequals"):
        one, other = wanted.split(":", 5), held.split(":", 5)
        return len(one) == len(other) == 6 and all(map(like, one, other))
    if base == "ipaddress":
        network, address = ipaddress.ip_network(wanted, strict=False), ipaddress.ip_address(held)
        return network.version == address.version and address in network
    read = number if base.startswith("numeric") else seconds
    left, right = read(held), read(wanted)
    relation = base.removeprefix("numeric").removeprefix("date")
    return {
        "equals": left == right,
        "lessthan": left < right,
        "lessthanequals": left <= right,
        "greaterthan": left > right,
        "greaterthanequals": left >= right,
    }[relation]


def number(text: str) -> float:
    """What is none equals none, and is neither less nor greater."""
    try:
        return float(text)
    except ValueError:
        return nan


def seconds(text: str) -> float:
    if text.isdigit():
        return float(text)
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()


def like(pattern: str, text: str) -> bool:
    """By the book: for each prefix of the pattern, the prefixes of the text that it matches."""
    ends = {0}
    for char in pattern:
        if char == "*":
            ends = set(range(min(ends), len(text) + 1)) if ends else ends
        else:
            ends = {end + 1 for end in ends if end < len(text) and char in ("?", text[end])}
    return len(text) in ends


def listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
