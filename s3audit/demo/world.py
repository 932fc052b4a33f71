"""What there is: accounts and their keys, buckets, and what was told about everything else. Plain data."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec

from s3audit.demo.answers import Document, Refused
from s3audit.demo.faults import Faults

ACCOUNT = "123456789012"
REGION = "eu-west-1"
CREATED = "2025-06-02T08:30:00Z"


class Identity(msgspec.Struct, frozen=True):
    """Who a key belongs to."""

    account: str
    arn: str
    token: str = ""
    """The session token that goes with it."""


class Account(msgspec.Struct):
    id: str
    public_access_block: dict[str, bool] | None = None
    roles: dict[str, str] = {}
    """The names of roles that may be assumed, each with the external id that it demands."""

    @property
    def canonical_id(self) -> str:
        """As the owner of buckets it has another id."""
        return hashlib.sha256(self.id.encode()).hexdigest()


class Bucket(msgspec.Struct):
    name: str
    account: str
    region: str
    created: str = CREATED
    is_directory: bool = False
    documents: dict[str, Any] = {}
    """By the operation that gets it: the answer. Of a configuration that has ids: by id."""


class AccessPoint(msgspec.Struct):
    name: str
    account: str
    region: str
    document: dict[str, Any]
    """As GetAccessPoint answers it."""
    policy: str = ""


class Told(msgspec.Struct, frozen=True):
    """What an operation answers where its parameters are these."""

    document: Document = {}
    when: Mapping[str, Any] = {}
    account: str = ""
    region: str = ""
    page: int = 0
    code: str = ""
    message: str = ""
    status: int = 0

    def is_about(self, parameters: Mapping[str, Any], account: str, region: str) -> bool:
        """Whether it is the answer to this call."""
        if (self.account and self.account != account) or (self.region and self.region != region):
            return False
        return all(parameters.get(name) == wanted for name, wanted in self.when.items())


class World:
    """All that the server knows; it can be pickled, changed at any time, and told from any thread."""

    def __init__(self, *accounts: str) -> None:
        self.accounts: dict[str, Account] = {}
        self.keys: dict[str, Identity] = {}
        self.buckets: dict[str, Bucket] = {}
        self.access_points: dict[tuple[str, str, str], AccessPoint] = {}
        self.told: dict[str, list[Told]] = {}
        self.faults = Faults()
        self.requests: Counter[str] = Counter()
        """How often each operation was asked for: `s3:GetBucketAcl`."""
        self.requests_about: Counter[tuple[str, str]] = Counter()
        """How often each operation was asked for about each bucket."""
        for account in accounts or (ACCOUNT,):
            self.account(account)

    def account(self, account: str, **roles: str) -> Account:
        """An account with a user `audit`, and roles that may be assumed: `role="external id"`, or an empty one."""
        made = self.accounts.setdefault(account, Account(account))
        made.roles = {**made.roles, **roles}
        self.keys[self.key(account)] = Identity(account, f"arn:aws:iam::{account}:user/audit")
        return made

    @staticmethod
    def key(account: str) -> str:
        """The access key of an account."""
        return f"DEMO{account}"

    def bucket(
        self,
        name: str,
        region: str = REGION,
        account: str = ACCOUNT,
        *,
        is_old: bool = False,
        is_directory: bool = False,
        created: str = CREATED,
    ) -> Bucket:
        """A bucket as AWS makes it now, or as it made them until April 2023."""
        from s3audit.demo.buckets import as_made

        made = Bucket(name, account, region, created, is_directory)
        made.documents = as_made(self.accounts[account], is_old=is_old, is_directory=is_directory)
        self.buckets[name] = made
        return made

    def tell(
        self,
        operation: str,
        document: Document,
        when: Mapping[str, Any] | None = None,
        *,
        account: str = "",
        region: str = "",
        page: int = 0,
    ) -> None:
        """Let an operation (`kms:DescribeKey`) answer this document, in the shape in which boto3 has it.

        `when` names parameters and the values that they have to have. Of several answers the last that fits is
        given. A listing is told whole; `page` is how many of its items are given at once.
        """
        self.told.setdefault(operation, []).insert(0, Told(document, when or {}, account, region, page))

    def refuse(
        self,
        operation: str,
        code: str,
        message: str = "",
        status: int = 400,
        when: Mapping[str, Any] | None = None,
        *,
        account: str = "",
        region: str = "",
    ) -> None:
        """Let an operation answer this error."""
        self.told.setdefault(operation, []).insert(
            0, Told({}, when or {}, account, region, 0, code, message or code, status)
        )

    def identified(self, key: str, token: str) -> Identity:
        """Whose key it is."""
        known = self.keys.get(key)
        if known is None:
            raise Refused(
                "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403
            )
        if known.token != token:
            raise Refused("InvalidToken", "The provided token is malformed or otherwise invalid.", 400)
        return known

    def assumed(self, arn: str, account: str) -> str:
        """A new key, with a session token, for whoever became this."""
        key = f"DEMOSESSION{len(self.keys):05d}"
        self.keys[key] = Identity(account, arn, f"token-of-{key}")
        return key

    def count(self, operation: str, bucket: str) -> None:
        """Note a request."""
        self.requests[operation] += 1
        if bucket:
            self.requests_about[operation, bucket] += 1

    def requests_of(self, bucket: str) -> int:
        """How many requests there were about one bucket."""
        return sum(count for (_, about), count in self.requests_about.items() if about == bucket)
