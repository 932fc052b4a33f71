"""KMS: the aliases of a region, and one key that something refers to."""

from s3audit.collectors.live.answers import Absent, Answer, Gone, Told
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.context.found import existence, missing
from s3audit.collectors.live.operations import Operation
from s3audit.collectors.live.operations import keys as operations
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.reading import Reading, filled
from s3audit.collectors.live.tables.keys import ALIAS, KEY
from s3audit.model.base import Resource
from s3audit.model.key import KmsKey
from s3audit.setting import Known
from s3audit.text import Text

KEY_READERS = (
    Reading(
        need="keys",
        scope="region",
        shape=ALIAS,
        listing=operations.ALIASES,
        items="Aliases",
        address="{item.AliasArn}",
        title="{item.AliasName}",
    ),
)


def read_key(asker: Asker, place: Place, region: str, arn: str) -> tuple[Resource, ...]:
    """The key of an ARN, or of the ARN of an alias, which then is made known too where it is not of this account."""
    meta = asker.ask(operations.KEY, arn, {"KeyId": arn}, region)
    if isinstance(meta, Absent):
        return (missing(KmsKey, arn, operations.KEY),)
    own = arn
    if isinstance(meta, Told):
        own = str(meta.document["KeyMetadata"].get("Arn") or arn)
    answers: list[tuple[Operation, Answer]] = [(operations.KEY, meta)]
    for operation, more in (
        (operations.KEY_POLICY, {"PolicyName": "default"}),
        (operations.KEY_ROTATION, {}),
    ):
        # An alias is known to DescribeKey only.
        answer = meta if _is_alias(own) else asker.ask(operation, own, {"KeyId": own, **more}, region)
        if isinstance(answer, Gone):
            return (missing(KmsKey, own, operation),)
        answers.append((operation, answer))
    account = Text((own.split(":")[4],))
    exists = existence(own, answers)
    key = filled(
        KEY,
        own,
        {},
        operations.KEY,
        answers,
        place,
        region,
        title=own.rpartition("/")[2] if not _is_alias(own) else own.rpartition(":")[2],
        account=Known(account, exists.at),
        exists=exists,
    )
    if own == arn or arn.split(":")[4] == place.account:
        return (key,)
    alias = {"AliasName": arn.rpartition(":")[2], "TargetKeyId": own}
    owner = Known(account, exists.at)
    made = filled(
        ALIAS, arn, alias, operations.KEY, (), place, region, title=alias["AliasName"], account=owner
    )
    return (key, made)


def _is_alias(arn: str) -> bool:
    return ":alias/" in arn
