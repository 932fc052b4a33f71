"""Whose a bucket is."""

from __future__ import annotations

from typing import TypeAlias

from s3audit.location import Location
from s3audit.model.bucket import Bucket
from s3audit.model.relations import label
from s3audit.setting import Known, Setting, Unset
from s3audit.text import Text, same, text
from s3audit.verdict import Evidence, Status, Verdict, unknown

Account: TypeAlias = "Setting[Text] | Setting[Text | None]"


def belongs_to(bucket: Bucket, account: Account, at: Location) -> Verdict:
    """Whether a bucket belongs to an account, which is named at a place."""
    return _same(bucket.account, account, at, label(bucket))


def belongs_to_one_of(bucket: Bucket, source: Bucket, accounts: frozenset[str], at: Location) -> Verdict:
    """Whether a bucket belongs to the account of another one, or to one of these."""
    return _one_of(bucket.account, source, accounts, at, label(bucket))


def is_one_of(account: Account, source: Bucket, accounts: frozenset[str]) -> Verdict:
    """Whether an account that is written somewhere is that of a bucket, or one of these."""
    return _one_of(account, source, accounts, account.at, "what is named here")


def _one_of(account: Account, source: Bucket, accounts: frozenset[str], at: Location, what: str) -> Verdict:
    found = _same(account, source.account, at, what)
    for one in sorted(accounts):
        found |= _same(account, Known(text(one), at), at, what)
    return found


def _same(one: Account, other: Account, at: Location, what: str) -> Verdict:
    match one, other:
        case (
            (Known(Text() as own) | Unset(Text() as own)),
            (Known(Text() as wanted) | Unset(Text() as wanted)),
        ):
            found = same(own, wanted)
            if found is not Status.UNKNOWN:
                return Verdict(found, (Evidence(at, f"{what} belongs to the account {own}"),))
            return unknown(at, f"whether {what} belongs to the account {wanted} is not known")
        case _:
            return unknown(at, f"to which account {what} belongs is not known")
