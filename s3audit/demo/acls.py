"""ACLs: canned ones and grants in headers become the grants that S3 answers."""

import re
from collections.abc import Mapping
from typing import Any

from s3audit.demo.answers import Refused

_GROUPS = "http://acs.amazonaws.com/groups/"
ALL_USERS = f"{_GROUPS}global/AllUsers"
AUTHENTICATED_USERS = f"{_GROUPS}global/AuthenticatedUsers"
LOG_DELIVERY = f"{_GROUPS}s3/LogDelivery"

_CANNED = {
    "private": (),
    "public-read": ((ALL_USERS, "READ"),),
    "public-read-write": ((ALL_USERS, "READ"), (ALL_USERS, "WRITE")),
    "authenticated-read": ((AUTHENTICATED_USERS, "READ"),),
    "log-delivery-write": ((LOG_DELIVERY, "WRITE"), (LOG_DELIVERY, "READ_ACP")),
    "bucket-owner-read": (),
    "bucket-owner-full-control": (),
}
_HEADERS = {
    "GrantFullControl": "FULL_CONTROL",
    "GrantRead": "READ",
    "GrantReadACP": "READ_ACP",
    "GrantWrite": "WRITE",
    "GrantWriteACP": "WRITE_ACP",
}
_NAMED = re.compile(r'(id|uri|emailAddress)\s*=\s*"?([^",]+)"?')
_KINDS = {
    "id": ("CanonicalUser", "ID"),
    "uri": ("Group", "URI"),
    "emailAddress": ("AmazonCustomerByEmail", "EmailAddress"),
}


def private(owner: str) -> dict[str, Any]:
    """Only the owner."""
    return {"Owner": {"ID": owner}, "Grants": [_grant("CanonicalUser", "ID", owner, "FULL_CONTROL")]}


def asked_for(parameters: Mapping[str, Any], owner: str) -> dict[str, Any] | None:
    """The ACL that a request gives, in its body or its headers; None where it gives none."""
    policy = parameters.get("AccessControlPolicy")
    if policy is not None:
        return {"Owner": policy.get("Owner") or {"ID": owner}, "Grants": policy.get("Grants") or []}
    canned = parameters.get("ACL")
    if canned is not None:
        if canned not in _CANNED:
            raise Refused("InvalidArgument", f"{canned} is no canned ACL")
        made = private(owner)
        made["Grants"] += [_grant("Group", "URI", uri, permission) for uri, permission in _CANNED[canned]]
        return made
    grants = [
        _grant(*_KINDS[kind], value, permission)
        for header, permission in _HEADERS.items()
        for kind, value in _NAMED.findall(parameters.get(header) or "")
    ]
    return {"Owner": {"ID": owner}, "Grants": grants} if grants else None


def is_private(acl: Mapping[str, Any]) -> bool:
    """Whether it gives nobody but the owner anything."""
    owner = acl["Owner"].get("ID")
    return all(grant["Grantee"].get("ID") == owner for grant in acl["Grants"])


def _grant(kind: str, member: str, value: str, permission: str) -> dict[str, Any]:
    return {"Grantee": {member: value, "Type": kind}, "Permission": permission}
