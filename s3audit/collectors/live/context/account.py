"""An account as a whole: Block Public Access as it is in force, its Regions, its organization."""

import json
from typing import Any

import msgspec

from s3audit.collectors.live.answers import Answer, Told, Unseen
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.listing import ask_regions
from s3audit.collectors.live.operations import Operation
from s3audit.collectors.live.operations.account import (
    ACCOUNT_PUBLIC_ACCESS_BLOCK,
    NAME,
    OWNER,
    S3_POLICY,
)
from s3audit.collectors.live.operations.entry import IDENTITY
from s3audit.collectors.live.operations.organization import ORGANIZATION
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.reading import Read, Scope, filled
from s3audit.collectors.live.tables.account import ACCOUNT
from s3audit.model.base import kind_of
from s3audit.model.estate import Listing


class AccountReader(msgspec.Struct, frozen=True):
    """The account is there whatever is refused: what could not be asked is not known of it."""

    need: str = "account"
    scope: Scope = "account"

    def read(self, asker: Asker, place: Place, region: str) -> Read:
        region = region or place.home
        address = f"arn:{place.partition}:iam::{place.account}:root"

        def ask(operation: Operation, **parameters: Any) -> tuple[Operation, Answer]:
            return operation, asker.ask(operation, address, parameters, region)

        answers = [
            ask(ACCOUNT_PUBLIC_ACCESS_BLOCK, AccountId=place.account),
            ask(OWNER, MaxBuckets=1),
            ask(NAME),
            ask_regions(asker, place),
            ask(ORGANIZATION),
            _read(*ask(S3_POLICY, PolicyType="S3_POLICY")),
        ]
        account = filled(
            ACCOUNT, address, {"Id": place.account}, IDENTITY, answers, place, "", title=place.account
        )
        return Read((account,), (Listing(kind_of(ACCOUNT.section), place.account, ""),))


def _read(operation: Operation, answer: Answer) -> tuple[Operation, Answer]:
    """What the policy that is in force says of Block Public Access; it comes as a text in JSON."""
    if not isinstance(answer, Told):
        return operation, answer
    try:
        policy = json.loads(answer.document["EffectivePolicy"].get("PolicyContent") or "{}")
        told = policy.get("s3_attributes", {}).get("public_access_block_configuration")
        if isinstance(told, dict):
            told = told.get("@@assign")
    except (AttributeError, ValueError):
        return operation, Unseen("unexpected", f"{operation.id} told a policy that can't be read")
    return operation, Told({"BlockPublicAccess": told} if told else {})


ACCOUNT_READER = AccountReader()
