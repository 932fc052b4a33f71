"""Where a unit of collection looks, and how far it goes."""

import msgspec


class Place(msgspec.Struct, frozen=True):
    """An account, and what is asked there beyond the usual."""

    account: str
    partition: str = "aws"
    thorough: bool = False
    """Ask also for what follows from other answers."""
    optional: frozenset[str] = frozenset()
    """What is asked for beyond the configuration: `uploads`."""

    def names(self) -> dict[str, str]:
        """What a table can name of it."""
        return {"account": self.account, "partition": self.partition}
