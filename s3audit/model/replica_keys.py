"""The keys that replication reads and writes with."""

from s3audit.model.bucket import Bucket
from s3audit.model.effective import key_named
from s3audit.model.estate import Estate
from s3audit.model.key import KmsAlias, KmsKey
from s3audit.model.names import arn_parts
from s3audit.model.replication import ReplicationRule
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text, same
from s3audit.verdict import Status, Verdict, failed, passed, unknown


def takes_kms(rule: ReplicationRule) -> Verdict:
    """Whether a rule takes what is encrypted with KMS."""
    return rule.kms_objects.is_in("Enabled", what="SseKmsEncryptedObjects")


def replica_key(rule: ReplicationRule, estate: Estate) -> Setting[KmsKey | None]:
    """The key of the copies, where it is declared or was read; None where the rule names none."""
    match rule.destination.kms_key:
        case Unknown() as gap:
            return gap
        case Known(Text() as name, at) | Unset(Text() as name, at):
            key = key_named(name, estate)
            return Unknown(f"the key {name} is declared elsewhere", at) if key is None else Known(key, at)
        case Known(at=at) | Unset(at=at):
            return Known(None, at)


def region_of_replica_key(rule: ReplicationRule, estate: Estate) -> Setting[Text]:
    """Where the key of the copies is: its ARN tells it, or where it is declared."""
    match replica_key(rule, estate), rule.destination.kms_key:
        case ((Known(KmsKey() as key) | Unset(KmsKey() as key)), _) if not isinstance(key.region, Unknown):
            return key.region
        case _, (Known(Text() as name, at) | Unset(Text() as name, at)):
            alias = estate.named_by(name, KmsAlias)
            if alias is not None and not isinstance(alias.region, Unknown):
                return alias.region
            parts = arn_parts(name)
            if parts is None or not parts[2].parts:
                return Unknown(f"in which Region the key {name} is, is not known", at)
            return Known(parts[2], at)
        case _, gap:
            return Unknown("in which Region the key is, is not known", gap.at)


def is_beside(rule: ReplicationRule, target: Bucket, estate: Estate) -> Verdict:
    """Whether the key of the copies is in the Region of the bucket that they are written to."""
    at = rule.destination.kms_key.at
    match region_of_replica_key(rule, estate), target.region:
        case Unknown(why), _:
            return unknown(at, why)
        case _, Unknown(why):
            return unknown(at, f"the Region of the destination is not known: {why}")
        case ((Known(one) | Unset(one)), (Known(other) | Unset(other))):
            found = same(one, other)
            if found is Status.UNKNOWN:
                return unknown(at, f"whether the destination is in {one}, as its key is, is not known")
            note = f"the key of the copies is in {one}, and the destination in {other}"
            return failed(at, note) if found is Status.FAIL else passed(at, note)
