"""What resources fill in another one, which a plan shows there as it was before it is applied."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from s3audit.collectors.terraform.records.forms import Raw, ResourceChange, UnreadableError, plain


class _Way(NamedTuple):
    """How the resources of a type fill an argument of another one."""

    owners: tuple[str, ...]
    target: str
    """Their argument that says whose it is."""
    argument: str
    key: str = ""
    """What tells an element of it from others, where they fill only one; nothing where it is the element."""
    value: str = ""
    """Their argument that the element has there."""


class Filling(NamedTuple):
    way: _Way
    element: str
    """Which one it is; empty where all of the argument is meant."""
    is_gone: bool
    """The plan takes it away, so that what the argument says is of before."""
    why: str
    """Why it can't be told what becomes of it; empty where nothing does."""


_BUCKET = ("aws_s3_bucket",)
_ROLE = ("aws_iam_role",)
_ENDPOINT = ("aws_vpc_endpoint",)
_KEYS = ("aws_kms_external_key", "aws_kms_key", "aws_kms_replica_external_key", "aws_kms_replica_key")

# The ACL is not among them: the provider leaves it to the bucket as it is.
_WAYS = {
    "aws_iam_policy_attachment": _Way(_ROLE, "roles", "managed_policy_arns", "", "policy_arn"),
    "aws_iam_role_policy": _Way(_ROLE, "role", "inline_policy", "name", "name"),
    "aws_iam_role_policy_attachment": _Way(_ROLE, "role", "managed_policy_arns", "", "policy_arn"),
    "aws_kms_key_policy": _Way(_KEYS, "key_id", "policy"),
    "aws_s3_bucket_accelerate_configuration": _Way(_BUCKET, "bucket", "acceleration_status"),
    "aws_s3_bucket_cors_configuration": _Way(_BUCKET, "bucket", "cors_rule"),
    "aws_s3_bucket_lifecycle_configuration": _Way(_BUCKET, "bucket", "lifecycle_rule"),
    "aws_s3_bucket_logging": _Way(_BUCKET, "bucket", "logging"),
    "aws_s3_bucket_object_lock_configuration": _Way(_BUCKET, "bucket", "object_lock_configuration"),
    "aws_s3_bucket_policy": _Way(_BUCKET, "bucket", "policy"),
    "aws_s3_bucket_replication_configuration": _Way(_BUCKET, "bucket", "replication_configuration"),
    "aws_s3_bucket_request_payment_configuration": _Way(_BUCKET, "bucket", "request_payer"),
    "aws_s3_bucket_server_side_encryption_configuration": _Way(
        _BUCKET, "bucket", "server_side_encryption_configuration"
    ),
    "aws_s3_bucket_versioning": _Way(_BUCKET, "bucket", "versioning"),
    "aws_s3_bucket_website_configuration": _Way(_BUCKET, "bucket", "website"),
    "aws_s3control_access_point_policy": _Way(("aws_s3_access_point",), "access_point_arn", "policy"),
    "aws_sns_topic_policy": _Way(("aws_sns_topic",), "arn", "policy"),
    "aws_sqs_queue_policy": _Way(("aws_sqs_queue",), "queue_url", "policy"),
    "aws_vpc_endpoint_policy": _Way(_ENDPOINT, "vpc_endpoint_id", "policy"),
    "aws_vpc_endpoint_route_table_association": _Way(
        _ENDPOINT, "vpc_endpoint_id", "route_table_ids", "", "route_table_id"
    ),
    "aws_vpc_endpoint_security_group_association": _Way(
        _ENDPOINT, "vpc_endpoint_id", "security_group_ids", "", "security_group_id"
    ),
    "aws_vpc_endpoint_subnet_association": _Way(_ENDPOINT, "vpc_endpoint_id", "subnet_ids", "", "subnet_id"),
}
_KNOWN_BY = ("arn", "bucket", "id", "key_id", "name", "url")
_ANY = ""


class Fillings:
    """Those of one plan, by the type of what they fill and what they call it."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], list[Filling]] = {}

    def add(self, one: ResourceChange) -> None:
        """What a change says of other resources."""
        way = _WAYS.get(one.type)
        if way is None or one.mode != "managed":
            return
        actions = one.change.actions
        why = f"nothing manages it once the plan forgets {one.address}" if "forget" in actions else ""
        if "delete" in actions or why:
            self._add(way, _data(one.change.before), True, why)
        elif isinstance((after := _data(one.change.after)).get(way.target), str):
            # What is declared beside a resource counts, and what that one shows of it is not said twice.
            self._add(way, after, False, "")

    def take_away(self, kind: str, values: Raw, why: str) -> None:
        """That a resource that was there is not any more, or why that can't be told."""
        if (way := _WAYS.get(kind)) is not None:
            self._add(way, _data(values), True, why)

    def leave_open(self, why: str) -> None:
        """That it can't be told whether anything of it is taken away."""
        for way in _WAYS.values():
            for owner in way.owners:
                self._found.setdefault((owner, _ANY), []).append(Filling(way, "", True, why))

    def _add(self, way: _Way, said: dict[str, Any], is_gone: bool, why: str) -> None:
        target = said.get(way.target)
        targets = target if isinstance(target, list) else [target]
        element = said.get(way.value) if way.value else ""
        made = Filling(way, element if isinstance(element, str) else "", is_gone, why)
        for name in targets:
            known = name if isinstance(name, str) else _ANY
            for owner in way.owners:
                self._found.setdefault((owner, known), []).append(made)

    def of(self, kind: str, values: dict[str, Any]) -> Iterator[Filling]:
        """What is filled in a resource with these arguments."""
        if self._found:
            names = {value for name in _KNOWN_BY if isinstance(value := values.get(name), str)}
            for name in (_ANY, *sorted(names - {_ANY})):
                yield from self._found.get((kind, name), ())


def taken_out(filling: Filling, value: object) -> object:
    """What is left of an argument without what was filled there."""
    key, element = filling.way.key, filling.element
    if not element or not isinstance(value, list):
        return None
    return [one for one in value if (one.get(key) if key and isinstance(one, dict) else one) != element]


def _data(raw: Any) -> dict[str, Any]:
    try:
        found = plain(raw)
    except UnreadableError:
        return {}
    return found if isinstance(found, dict) else {}
