"""What state a key is in, and where."""

from s3audit.model.bucket import Bucket
from s3audit.model.effective import default_key
from s3audit.model.estate import Estate
from s3audit.model.key import KmsKey
from s3audit.model.names import arn_parts, partition_of
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text, same
from s3audit.verdict import Severity, Status, Verdict, failed, passed, unknown

DELETED = ("PendingDeletion", "PendingReplicaDeletion")
_USABLE = ("Enabled", "Creating", "Updating")
"""Nobody encrypts with a key in any other state; the last two pass by themselves."""


def is_here(bucket: Bucket) -> Verdict:
    """Whether the key is in the Region of the bucket; a name that says nothing of a Region means that one."""
    match bucket.encryption.kms_key:
        case Known(Text() as name, at) | Unset(Text() as name, at):
            parts = arn_parts(name)
            if parts is None:
                return Verdict(Status.PASS)
            match bucket.region:
                case Unknown(why):
                    return unknown(at, f"the Region of the bucket is not known: {why}")
                case Known(region) | Unset(region):
                    found = same(parts[2], region)
                    if found is Status.UNKNOWN:
                        return unknown(
                            at, f"whether the bucket is in {parts[2]}, as its key is, is not known"
                        )
                    note = f"the key is in {parts[2]}, and the bucket in {region}"
                    return failed(at, note) if found is Status.FAIL else passed(at, note)
        case _:
            return Verdict(Status.PASS)


def is_usable(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether S3 can encrypt with the key."""
    match default_key(bucket, estate):
        case Known(KmsKey() as key) | Unset(KmsKey() as key):
            kind = key.spec.is_in("SYMMETRIC_DEFAULT", what="the kind of the key")
            use = key.usage.is_in("ENCRYPT_DECRYPT", what="the use of the key")
            return _is_on(key) & kind & use
        case Unknown(why, at):
            return failed(at, "there is no such key") if _is_gone(bucket, estate) else unknown(at, why)
        case Known(at=at) | Unset(at=at):
            return passed(at, "AWS keeps the key that it manages")


def _is_on(key: KmsKey) -> Verdict:
    match key.state:
        case Known(str() as state, at) | Unset(str() as state, at):
            note = f"the state of the key is {state}"
            if state in _USABLE:
                return passed(at, note)
            return failed(at, note, Severity.CRITICAL if state in DELETED else None)
        case _:
            return key.enabled.is_in(True, what="the key") & _has_material(key)


def _has_material(key: KmsKey) -> Verdict:
    """A key for imported material is of no use before that is done, of which only its state tells."""
    imported = key.key_origin.is_in("EXTERNAL", what="the origin of its key material")
    if imported.status is Status.PASS:
        return unknown(key.key_origin.at, "whether its key material was imported is not known")
    return ~imported


def _is_gone(bucket: Bucket, estate: Estate) -> bool:
    """Whether its own account was asked for the key, and answered that there is none."""
    name, region, account = map(_literal, (bucket.encryption.kms_key, bucket.region, bucket.account))
    if bucket.origin != "live" or not name or not region or not account:
        return False
    if not name.startswith("arn:"):
        path = name if name.startswith("alias/") else f"key/{name}"
        name = f"arn:{partition_of(region)}:kms:{region}:{account}:{path}"
    key = estate.at(name, KmsKey)
    if key is None or _literal(key.account) != account:
        return False
    return key.exists.is_in(True, what="the key").status is Status.FAIL


def _literal(setting: Setting[Text] | Setting[Text | None]) -> str:
    match setting:
        case Known(Text() as told) | Unset(Text() as told):
            return told.literal or ""
        case _:
            return ""
