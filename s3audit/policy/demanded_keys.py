"""The keys that a policy demands of uploads, held against the default key of a bucket."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from s3audit.model.bucket import Bucket
from s3audit.model.effective import default_key
from s3audit.model.estate import Estate
from s3audit.model.key import KmsAlias, KmsKey
from s3audit.policy import keys
from s3audit.policy.language import Condition, Policy, Statement
from s3audit.setting import Known, Listed, Setting, Unknown, Unset
from s3audit.text import Opaque, Text, same, text
from s3audit.verdict import Status

_STAND_IN = "arn:aws:kms:xqz-region-0:314159265358:key/xqz-default"
"""Stands for the ARN of the default key where nobody tells it: what no policy has."""
_MANAGED = "alias/aws/s3"
_WILD = "*?"


def possible_keys(bucket: Bucket, estate: Estate) -> tuple[str, ...]:
    """The ARNs that the default key may have; an empty one is that of the key that AWS manages.

    Uploads name no ARN for that: who asks for KMS and names no key gets it.
    """
    match bucket.encryption.kms_key:
        case Known(Text() as name) | Unset(Text() as name):
            found = name.ends_with(_MANAGED)
            if found is Status.PASS:
                return ("",)
            arn = _arn_of(name, bucket, estate)
            is_sure = found is Status.FAIL or _own(name, estate) is not None
            return (arn,) if is_sure else ("", arn)
        case Unknown():
            return ("", _STAND_IN)
        case _:
            return ("",)


def held_against(policy: Policy, bucket: Bucket, estate: Estate, arn: str) -> Policy:
    """The policy with an ARN for the default key wherever it demands that; other keys are others, or open."""
    match bucket.encryption.kms_key:
        case Known(Text() as name) | Unset(Text() as name) if arn:
            default: Text | None = name
        case _ if arn:
            default = None
        case _:
            return policy

    def value(item: Setting[Text]) -> Setting[Text]:
        if not isinstance(item, Known):
            return item
        written = item.value
        if any(char in part for part in written.parts if isinstance(part, str) for char in _WILD):
            is_told = written.literal is not None and (arn != _STAND_IN or written.literal == "*")
            return (
                item if is_told else Unknown(f"whether {written} fits the default key is not known", item.at)
            )
        found = Status.UNKNOWN if default is None else _is_default(written, default, bucket, estate)
        match found:
            case Status.PASS:
                return Known(text(arn), item.at)
            case Status.FAIL:
                return Known(text(f"xqz-other-{written}".replace("$", "")), item.at)
            case _:
                return Unknown(f"whether {written} is the default key is not known", item.at)

    def condition(item: Setting[Condition]) -> Setting[Condition]:
        if not isinstance(item, Known) or not item.value.is_about(keys.SSE_KEY):
            return item
        if item.value.operator.lower() == "null":
            return item
        return Known(msgspec.structs.replace(item.value, values=_over(item.value.values, value)), item.at)

    def statement(item: Setting[Statement]) -> Setting[Statement]:
        if not isinstance(item, Known):
            return item
        conditions = _over(item.value.conditions, condition)
        return Known(msgspec.structs.replace(item.value, conditions=conditions), item.at)

    return msgspec.structs.replace(policy, statements=_over(policy.statements, statement))


def _over(listed: Listed, function: Callable) -> Listed:  # type: ignore[type-arg]
    if not isinstance(listed, Known):
        return listed
    return Known(tuple(map(function, listed.value)), listed.at)


def _is_default(written: Text, default: Text, bucket: Bucket, estate: Estate) -> Status:
    """Whether a text is the ARN of the default key; the key of a request always has that form."""
    if written.starts_with("arn:") is Status.FAIL or _is_id(written, estate):
        return Status.FAIL
    own, told = _declared(written, estate), default_key(bucket, estate)
    match told:
        case Known(KmsKey() as key) | Unset(KmsKey() as key):
            if own is not None:
                return Status.PASS if own.address == key.address else Status.FAIL
            match key.arn:
                case Known(arn) | Unset(arn):
                    return same(written, arn)
                case _:
                    return Status.UNKNOWN
        case _:
            if default.starts_with("arn:") is Status.PASS and own is None and _is_of_key(default):
                return same(written, default)
            return Status.UNKNOWN


def _arn_of(name: Text, bucket: Bucket, estate: Estate) -> str:
    match default_key(bucket, estate):
        case Known(KmsKey(arn=Known(arn))) | Unset(KmsKey(arn=Known(arn))):
            return arn.literal or _STAND_IN
        case Known():
            return _STAND_IN
        case _:
            literal = name.literal or ""
            return literal if literal.startswith("arn:") and _is_of_key(name) else _STAND_IN


def _is_of_key(name: Text) -> bool:
    return any(":key/" in part for part in name.parts if isinstance(part, str))


def _declared(written: Text, estate: Estate) -> KmsKey | None:
    """The key of this input whose ARN it is: its attribute, or one that is put together with its id."""
    match written.parts:
        case (Opaque() as part,) if part.origin.lower().endswith("arn"):
            return estate.named_by(written, KmsKey)
        case (str() as start, *_, str() as before, Opaque() as part) if start.startswith("arn:"):
            return estate.named_by(text(part), KmsKey) if before.endswith(":key/") else None
        case _:
            return None


def _is_id(written: Text, estate: Estate) -> bool:
    """Whether it is the id of a key that the input declares, or the name of an alias."""
    match written.parts:
        case (Opaque() as part,) if not part.origin.lower().endswith("arn"):
            return _own(written, estate) is not None
        case _:
            return False


def _own(name: Text, estate: Estate) -> KmsKey | KmsAlias | None:
    return estate.named_by(name, KmsKey) or estate.named_by(name, KmsAlias)
