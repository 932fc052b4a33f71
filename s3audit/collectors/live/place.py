"""Where a unit of collection looks, and how far it goes."""

import msgspec

_HOMES = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


class Place(msgspec.Struct, frozen=True):
    """An account, and what is asked there beyond the usual."""

    account: str
    partition: str = "aws"
    thorough: bool = False
    """Ask also for what follows from other answers."""
    optional: frozenset[str] = frozenset()
    """What is asked for beyond the configuration: `uploads`."""
    regions: tuple[str, ...] = ()
    """Those that are read, where that is known: what one of them shows of another is then read there."""

    @property
    def home(self) -> str:
        """Where the services of the partition that have no region are asked."""
        return _HOMES.get(self.partition, "")

    def names(self) -> dict[str, str]:
        """What a table can name of it."""
        return {"account": self.account, "partition": self.partition}
