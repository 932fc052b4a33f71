"""What the owner says about the storage: intent from the configuration, never from an input."""

from __future__ import annotations

import msgspec

from s3audit.location import Location


class TagMatch(msgspec.Struct, frozen=True, order=True):
    key: str
    value: str = "*"
    """A glob."""


class Matcher(msgspec.Struct, frozen=True):
    """Which resources are meant: all of these hold; one that is empty holds for everything."""

    kinds: tuple[str, ...] = ()
    """Tags of kinds; without any, buckets."""
    names: tuple[str, ...] = ()
    """Globs."""
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    """Globs over the files that declare them."""
    tags: tuple[TagMatch, ...] = ()
    """Any of them; a tag alone never excuses."""


class Retention(msgspec.Struct, frozen=True):
    """How long data must stay, and may stay, in days."""

    minimum: int | None = None
    maximum: int | None = None
    mode: str | None = None
    """COMPLIANCE or GOVERNANCE."""


class Trust(msgspec.Struct, frozen=True):
    """Who and what counts as one's own; None: nothing was said, an empty list: nobody."""

    accounts: tuple[str, ...] | None = None
    organizations: tuple[str, ...] | None = None
    canonical_ids: tuple[str, ...] | None = None
    administrators: tuple[str, ...] | None = None
    """ARNs, with wildcards, of those who may administer storage."""
    readers: tuple[str, ...] | None = None
    """ARNs, with wildcards, of those who may only read."""
    signers: tuple[str, ...] | None = None
    """ARNs, with wildcards, of those who presign requests."""
    vpcs: tuple[str, ...] | None = None
    vpc_endpoints: tuple[str, ...] | None = None
    networks: tuple[str, ...] | None = None
    """CIDR blocks."""
    hosts: tuple[str, ...] | None = None
    """Hosts that a website may send its visitors to."""


class Expectation(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the configuration; what it does not say is None."""

    at: Location
    match: Matcher = Matcher()
    reason: str = ""
    roles: tuple[str, ...] = ()
    """What it is for: website, public, log-store, records, backup-target, critical, only-copy, ..."""
    data: tuple[str, ...] = ()
    """What it holds: confidential, personal, client-side-encrypted, ..."""
    trust: Trust = Trust()
    regions: tuple[str, ...] | None = None
    """Where the data may be, copies included."""
    destinations: tuple[str, ...] | None = None
    """Accounts that copies may go to."""
    public: bool | None = None
    encryption: str | None = None
    """The weakest that is enough: AES256, aws:kms or aws:kms:dsse."""
    encryption_enforced: bool | None = None
    minimum_tls: str | None = None
    versioned: bool | None = None
    object_lock: bool | None = None
    retention: Retention | None = None
    """Of Object Lock's default, and of what lifecycle rules may delete."""
    log_retention: Retention | None = None
    abort_multipart_days: int | None = None
    network: str | None = None
    """private, when only named networks may reach it."""
    access_points_only: bool | None = None
    accelerated: bool | None = None
    requester_pays: bool | None = None
    replicated: bool | None = None
    cross_region: bool | None = None
    backed_up: bool | None = None
    backup_days: int | None = None
    """How old the newest recovery point may be."""
    backup_plans_here: bool | None = None
    """The plans are declared in the same input."""
    notified: bool | None = None
    loop_intended: bool | None = None
    """A function may write where it is notified from."""
    watched: bool | None = None
    """Request metrics are wanted."""
    presigned: bool | None = None
    presigned_minutes: int | None = None
    protective: bool | None = None
    """An Object Lambda access point that hides data."""
    range_safe: bool | None = None
    deliberately_different: bool | None = None
    """The members of a multi-Region access point need not be equal."""
    stateful: bool | None = None
    """It must outlive the stack that declares it."""
    account_regional_name: bool | None = None
    required_tags: tuple[TagMatch, ...] = ()
    """A key, and a glob of the values that it may have; of several for one key any will do."""
    stack_tags: tuple[TagMatch, ...] = ()
    """Tags that the stack gives what it makes; the value is that value."""
    forbidden_names: tuple[str, ...] = ()
    """Regular expressions."""
