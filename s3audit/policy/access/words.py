"""What is said about who has access: the ways in, and the names of those that no policy names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from s3audit.location import Location
from s3audit.policy.actions import LIST, PERMISSIONS, READ, TAGGING, WRITE
from s3audit.policy.request import Caller
from s3audit.verdict import Evidence

if TYPE_CHECKING:
    from s3audit.policy.rules import Rule

LEVELS = (READ, LIST, WRITE, TAGGING, PERMISSIONS)
ANYBODY, ANY_ACCOUNT, OWN = (
    "anybody, without credentials",
    "any AWS account",
    "identities of the bucket's own account",
)
ANY_SERVICE = "any service"
NAMED = "somebody whom the policy names"
BY_POLICY, BY_ACL = "the bucket policy", "the ACL of the bucket"
ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
SIGNED_IN = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery"
GROUPS: Mapping[str, str] = {
    ALL_USERS: ANYBODY,
    SIGNED_IN: ANY_ACCOUNT,
    LOG_DELIVERY: "the delivery of access logs",
}
PUBLIC = frozenset({ANYBODY, ANY_ACCOUNT})


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody may do, and what lets them."""

    who: str
    can: tuple[str, ...]
    """Of LEVELS."""
    how: str
    at: Location
    where: str = ""
    """What a request has to carry, such as `aws:principalorgid o-1`; of several ways in, one."""
    open: str = ""
    """Why it is not certain."""
    key: str = ""
    """What the default key of the bucket makes of it, where that has a say."""
    steps: tuple[Evidence, ...] = ()
    """What else lets them, such as the bucket policy behind an access point."""
    account: str = ""
    """What it is left to, where that is an account and its access points."""
    callers: tuple[Caller, ...] = ()
    """As the reasoner has them; without any, nobody can be asked about."""
    own: tuple[Rule, ...] = ()
    """The policies of their own, where all of these are known."""

    @property
    def said(self) -> tuple[str, ...]:
        """What they may do, as people read it: of a bucket its ACL lets nobody read more than that ACL."""
        return tuple("read the ACL" if self.how == BY_ACL and level == READ else level for level in self.can)
