"""One call, understood."""

from collections.abc import Callable
from typing import Any

import msgspec

from s3audit.demo.answers import Document
from s3audit.demo.requests import Parameters
from s3audit.demo.world import Account, Identity, World


class Call(msgspec.Struct, frozen=True):
    world: World
    service: str
    operation: Any
    """botocore's model of it."""
    parameters: Parameters
    who: Identity
    region: str
    """Of the endpoint that it was made to."""

    @property
    def name(self) -> str:
        return str(self.operation.name)

    @property
    def id(self) -> str:
        """`s3:GetBucketAcl`."""
        return f"{self.service}:{self.operation.name}"

    @property
    def account(self) -> Account:
        return self.world.accounts[self.who.account]


Handler = Callable[[Call], Document]
