"""What the owner says about whom to trust."""

from typing import NamedTuple

from s3audit.intent import is_for, listed, said
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Verdict


class Trusted(NamedTuple):
    """None stands for a list that nobody wrote."""

    accounts: frozenset[str] | None
    organizations: frozenset[str] | None
    canonical_ids: frozenset[str] | None

    @property
    def is_said(self) -> bool:
        return self.accounts is not None or self.organizations is not None


def trusted(bucket: Bucket, estate: Estate) -> Trusted | Unknown:
    """Unknown where an entry of the configuration may be about the bucket and may not."""
    found: list[frozenset[str] | None] = []
    for told in (
        listed(bucket, estate, lambda one: one.trust.accounts),
        listed(bucket, estate, lambda one: one.trust.organizations),
        listed(bucket, estate, lambda one: one.trust.canonical_ids),
    ):
        match told:
            case Unknown():
                return told
            case Known(value) | Unset(value):
                found.append(value)
    accounts, organizations, canonical_ids = found
    return Trusted(accounts, organizations, canonical_ids)


def is_public(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether the owner says that everybody may read it."""
    flag = said(bucket, estate, lambda one: one.public)
    return is_for(bucket, estate, "website", "public-data") | flag.satisfies(bool, "it is said to be public")
