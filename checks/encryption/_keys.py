"""The KMS key of default encryption: whether there is one, how it is named, and whose it is."""

from collections.abc import Callable

from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.effective import default_key
from s3audit.model.estate import Estate
from s3audit.model.key import KmsAlias, KmsKey
from s3audit.setting import Known, Unknown, Unset, when_set
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, failed, not_applicable, passed, unknown, unless

KMS = ("aws:kms", "aws:kms:dsse")
_MANAGED = "alias/aws/s3"


def with_kms(bucket: Bucket, judge: Callable[[], Verdict]) -> Verdict:
    """The verdict where default encryption uses KMS; elsewhere the question does not arise."""
    uses_it = bucket.encryption.algorithm.is_in(*KMS, what="default encryption")
    return unless(~uses_it, "there is no KMS key", judge)


def with_own_key(bucket: Bucket, estate: Estate, judge: Callable[[KmsKey], Verdict]) -> Verdict:
    """The verdict about the key where it is one of the owner's, and not the one that AWS manages."""

    def judged() -> Verdict:
        match default_key(bucket, estate):
            case Known(KmsKey() as key) | Unset(KmsKey() as key):
                return judge(key)
            case Unknown(why, at):
                return unknown(at, why)
            case Known(at=at) | Unset(at=at):
                return not_applicable(at, "the key is the one that AWS manages")

    return with_kms(bucket, lambda: unless(is_managed(bucket, estate), "nobody can change it", judged))


def is_managed(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether the key is the one that AWS manages; of a key that a template does not declare its name tells it."""
    return when_set(
        bucket.encryption.kms_key,
        lambda name: _is_managed(name, bucket, estate),
        passed(bucket.encryption.kms_key.at, "no key is named, so it is the one that AWS manages"),
        what="the key",
    )


def _is_managed(name: Text, bucket: Bucket, estate: Estate) -> Verdict:
    at = bucket.encryption.kms_key.at
    by_alias = is_alias(name, estate)
    if by_alias is Status.PASS:  # an alias of one's own can't be of that key
        return _is_managed_alias(name, bucket)
    match default_key(bucket, estate):
        case Known(KmsKey() as key) | Unset(KmsKey() as key):
            return key.manager.is_in("AWS", what=f"the manager of the key {name}")
        case Unknown(why) if bucket.origin == "live" or by_alias is Status.UNKNOWN:
            return unknown(at, why)
        case _:
            return failed(at, f"the key is {name}")


def _is_managed_alias(name: Text, bucket: Bucket) -> Verdict:
    at = bucket.encryption.kms_key.at
    found = Status.FAIL if name.parts and _own(name) else name.ends_with(_MANAGED)
    if found is Status.UNKNOWN:
        return unknown(at, f"which key {name} is of is not known")
    return Verdict(found, passed(at, f"the key is {name}").evidence)


def _own(name: Text) -> str:
    """The address of the resource that the whole of a name is an attribute of."""
    match name.parts:
        case (part,) if not isinstance(part, str):
            return part.resource
        case _:
            return ""


def is_kept_to_itself(bucket: Bucket) -> bool:
    """Whether there is neither a policy nor an ACL, so that no other account needs to be looked for."""
    match bucket.policy, bucket.acl.canned, bucket.acl.grants:
        case (
            (Known(None) | Unset(None)),
            (Known(None | "private") | Unset(None | "private")),
            (Known(()) | Unset(())),
        ):
            return True
        case _:
            return False


def is_alias(name: Text, estate: Estate) -> Status:
    """Whether a key is named by an alias, or by the ARN of one."""
    if estate.named_by(name, KmsAlias) is not None:
        return Status.PASS
    if estate.named_by(name, KmsKey) is not None:
        return Status.FAIL
    written = [part for part in name.parts if isinstance(part, str)]
    if any("alias/" in part for part in written):
        return Status.PASS
    is_told = name.literal is not None or any("key/" in part for part in written)
    return Status.FAIL if is_told else Status.UNKNOWN


def is_arn(name: Text, estate: Estate) -> Status:
    """Whether a key is named by an ARN, its own or that of an alias."""
    for kind in (KmsKey, KmsAlias):
        found: Resource | None = estate.named_by(name, kind)
        if found is not None:
            return Status.PASS if name.opaque[0].origin.lower().endswith("arn") else Status.FAIL
    return name.starts_with("arn:")
