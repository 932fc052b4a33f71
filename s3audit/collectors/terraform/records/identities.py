"""What recorded resources are called by others: where an argument has their id or ARN, they are meant."""

from collections.abc import Iterable

import msgspec

from s3audit.collectors.terraform.records.arguments import NAMES
from s3audit.collectors.terraform.records.forms import Raw, UnreadableError, decoded, is_null
from s3audit.collectors.terraform.records.given import Record
from s3audit.collectors.terraform.references import reference
from s3audit.text import Text

# Others are found by their name, which their ARN ends with.
_KINDS = frozenset(
    {
        "aws_cloudfront_distribution",
        "aws_cloudfront_origin_access_control",
        "aws_default_route_table",
        "aws_default_security_group",
        "aws_default_subnet",
        "aws_default_vpc",
        "aws_iam_policy",
        "aws_kms_alias",
        "aws_kms_external_key",
        "aws_kms_key",
        "aws_kms_replica_external_key",
        "aws_kms_replica_key",
        "aws_route_table",
        "aws_security_group",
        "aws_subnet",
        "aws_vpc",
        "aws_vpc_endpoint",
    }
)


class Called(msgspec.Struct, gc=False):
    id: object = None
    arn: object = None


class Identities:
    """The resources of one plan or state, by what they are called."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._found: dict[str, tuple[Record, str] | None] = {}
        """None for what several are called."""
        for record in records:
            if record.kind in _KINDS:
                self._add(record)

    def _add(self, record: Record) -> None:
        own = called(record.values)
        for attribute, value in (("id", own.id), ("arn", own.arn)):
            if isinstance(value, str) and value:
                known = self._found.get(value, (record, attribute))
                is_own = known is not None and known[0] is record
                self._found[value] = known if is_own else None

    def named(self, argument: str, value: str) -> tuple[Text, str] | None:
        """The one resource that a value of this argument stands for, as a reference to it gives it, and its address."""
        found = self._found.get(value)
        if found is None:
            return None
        record, attribute = found
        types = NAMES.get(argument)
        if types is None or not record.kind.startswith(types):
            return None
        return reference(record.kind, record.address, attribute, None), record.address


def called(values: Raw) -> Called:
    """Its id and its ARN, as far as they are there."""
    try:
        return Called() if is_null(values) else decoded(values, Called)
    except UnreadableError:
        return Called()
