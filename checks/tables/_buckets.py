"""The table bucket that a table is in, and what is expected of it."""

from collections.abc import Callable
from typing import TypeVar

from s3audit.intent import said, trusted
from s3audit.model.base import kind_of
from s3audit.model.estate import Estate
from s3audit.model.expectation import Expectation
from s3audit.model.lookup import first_by_name
from s3audit.model.names import arn_parts
from s3audit.model.table_bucket import Table, TableBucket
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text
from s3audit.verdict import Verdict

T = TypeVar("T")

_KIND = kind_of(TableBucket)
_BUCKET = "bucket/"


def is_of_aws(one: TableBucket | Table) -> Verdict:
    """Whether AWS keeps it, and nobody else can change anything of it."""
    return one.type.is_in("aws", what="its type")


def bucket_of(table: Table, estate: Estate) -> Setting[TableBucket | None]:
    """The table bucket of a table; None where it is declared elsewhere."""
    match table.table_bucket:
        case Unknown() as gap:
            return gap
        case Known(arn, at) | Unset(arn, at):
            own = estate.named_by(arn, TableBucket) or (
                estate.at(arn.literal, TableBucket) if arn.literal else None
            )
            if own is None:
                parts = arn_parts(arn)
                name = None if parts is None else parts[4].without_prefix(_BUCKET)
                address = None if name is None else estate.once(_by_name).get(name)
                own = None if address is None else estate.at(address, TableBucket)
            return Known(own, at)


def _by_name(estate: Estate) -> dict[Text, str]:
    return first_by_name((one.address, (one.name,)) for one in estate.all(TableBucket))


def expected(
    one: TableBucket | Table, estate: Estate, read: Callable[[Expectation], T | None]
) -> Setting[T | None]:
    """What is said of a table bucket, and so of the tables in it."""
    if not _is_said(estate, read):
        return Unset(None, one.at)
    if isinstance(one, TableBucket):
        return said(one, estate, read)
    match bucket_of(one, estate):
        case Unknown(why, at):
            return Unknown(f"in which table bucket it is is not known: {why}", at)
        case Known(TableBucket() as bucket) | Unset(TableBucket() as bucket):
            return said(bucket, estate, read)
        case _:
            return Unset(None, one.at)


def _is_said(estate: Estate, read: Callable[[Expectation], object]) -> bool:
    """Whether anything is expected of any table bucket: most say nothing."""
    return any(_KIND in one.match.kinds and read(one) is not None for one in estate.expectations)


def trusted_with(
    one: TableBucket | Table, estate: Estate
) -> tuple[frozenset[str], frozenset[str]] | Unknown | None:
    """The accounts and organizations that may use it; None where nobody said which."""
    if not _is_said(estate, lambda entry: entry.trust.accounts or entry.trust.organizations):
        return None
    bucket: TableBucket | None = one if isinstance(one, TableBucket) else None
    if isinstance(one, Table):
        match bucket_of(one, estate):
            case Unknown(why, at):
                return Unknown(f"in which table bucket it is is not known: {why}", at)
            case Known(found) | Unset(found):
                bucket = found
    if bucket is None:
        return None
    trust = trusted(bucket, estate)
    if isinstance(trust, Unknown):
        return trust
    nobody = frozenset[str]()
    return (trust.accounts or nobody, trust.organizations or nobody) if trust.is_said else None
