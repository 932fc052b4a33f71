"""A request as a policy sees it: who asks, what for, and what the request carries."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import msgspec

ANONYMOUS = "anonymous"
Held = str | frozenset[str]
"""What a key of a request holds; several values only where the key is one that has several."""
Context = Mapping[str, Held]
"""By key, in lower case; a key that is not there is absent."""


class Caller(msgspec.Struct, frozen=True, kw_only=True, gc=False, cache_hash=True):
    """Who makes a request."""

    kind: str = ANONYMOUS
    """`anonymous`, `aws`, `service`, `federated`, `canonical`, `oai`, or `open`: an ARN that is not told in full."""
    account: str = ""
    arn: str = ""
    """Of the user, the role or the account itself; of a session, that of its role."""
    session: str = ""
    """The ARN of the session, where it is one."""
    name: str = ""
    """Of a service or an identity provider; the id of a canonical user."""
    is_nobodys: bool = False
    """It is of an account that no policy is about, whatever it leaves open."""

    @property
    def context(self) -> Context:
        """The keys that follow from who it is."""
        return _context(self)

    @property
    def is_unseen(self) -> bool:
        """Those keys hang on an account behind it that nobody tells."""
        return self.kind in ("canonical", "oai", "open")

    def __str__(self) -> str:
        if self.kind == ANONYMOUS:
            return "anybody, without credentials"
        if self.kind == "service":
            return f"the service {self.name}"
        if self.kind == "federated":
            return f"whoever signs in with {self.name}"
        if self.kind == "canonical":
            return f"the canonical user {self.name}"
        return self.session or self.arn


OF_CALLER = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalisawsservice",
        "aws:principalservicename",
        "aws:principalservicenameslist",
        "aws:principaltype",
        "aws:username",
    }
)
"""The keys that a caller tells."""


@lru_cache(maxsize=4096)
def _context(caller: Caller) -> Context:
    if caller.kind == ANONYMOUS:
        return {"aws:principalaccount": ANONYMOUS, "aws:principaltype": "Anonymous"}
    found: dict[str, Held] = {"aws:principalisawsservice": "true" if caller.kind == "service" else "false"}
    if caller.kind == "service":
        found["aws:principalservicename"] = caller.name
        found["aws:principalservicenameslist"] = frozenset({caller.name})
        return found
    if caller.account:
        found["aws:principalaccount"] = caller.account
    if caller.arn:
        found["aws:principalarn"] = caller.arn
        found["aws:principaltype"] = _type_of(caller)
    if _named_by(caller.arn).startswith("user/"):
        found["aws:username"] = caller.arn.rpartition("/")[2]
    return found


def _named_by(arn: str) -> str:
    """What stands behind the account; there may be colons in a path."""
    return arn.split(":", 5)[-1]


def _type_of(caller: Caller) -> str:
    if caller.arn.endswith(":root"):
        return "Account"
    if _named_by(caller.arn).startswith("federated-user/"):
        return "FederatedUser"
    return "AssumedRole" if caller.session else "User"


class Request(msgspec.Struct, frozen=True, gc=False):
    caller: Caller
    action: str
    resource: str
    context: Context = {}
    """Without what follows from the caller."""

    def held(self, key: str) -> Held | None:
        """What a key holds; None where it is absent."""
        return self.caller.context.get(key) if key in OF_CALLER else self.context.get(key)
