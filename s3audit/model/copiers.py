"""Between which buckets a role copies."""

from collections.abc import Iterator

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.names import bucket_in_arn
from s3audit.model.replication import Replication, ReplicationRule
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Text


class Copied:
    """The buckets by the role that copies them, as it is written."""

    def __init__(self, estate: Estate) -> None:
        self.by_role: dict[Text, dict[Text, None]] = {}
        self.is_whole = not estate.not_read
        """False where it is not known of a bucket which role copies it, or where to."""
        for bucket in estate.all(Bucket):
            self._add(bucket)

    def _add(self, bucket: Bucket) -> None:
        match bucket.replication:
            case Known(None) | Unset(None):
                return
            case Known(Replication(role=Known(role)) as found) | Unset(
                Replication(role=Known(role)) as found
            ):
                names = self.by_role.setdefault(role, {})
                names.update(dict.fromkeys(self._names(bucket, found)))
            case _:
                self.is_whole = False

    def _names(self, bucket: Bucket, replication: Replication) -> Iterator[Text]:
        match bucket.name:
            case Known(name) | Unset(name):
                yield name
            case Unknown():
                self.is_whole = False
        match replication.rules:
            case Unknown():
                self.is_whole = False
            case Known(items) | Unset(items):
                for item in items:
                    match item:
                        case Known(rule) | Unset(rule):
                            yield from self._destination(rule)
                        case Unknown():
                            self.is_whole = False

    def _destination(self, rule: ReplicationRule) -> Iterator[Text]:
        match rule.destination.bucket:
            case Known(arn) | Unset(arn) if (name := bucket_in_arn(arn)) is not None:
                yield name
            case _:
                self.is_whole = False
