"""What is said of a resource that something refers to and no listing has shown."""

from collections.abc import Iterable
from typing import TypeVar

from s3audit.collectors.live.answers import Answer, NotApplicable, Told, Unseen
from s3audit.collectors.live.filler import ORIGIN
from s3audit.collectors.live.operations import Operation
from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.setting import Known, Setting, Unknown
from s3audit.text import Text

R = TypeVar("R", bound=Resource)


def missing(kind: type[R], address: str, operation: Operation) -> R:
    """One that is not there: whoever refers to it refers to nothing."""
    at = Location(address, address, call=operation.id)
    _, _, _, region, account, name = address.split(":", 5)
    return kind(
        address=address,
        at=at,
        origin=ORIGIN,
        exists=Known(False, at),
        title=name.rpartition("/")[2].removeprefix("function:"),
        arn=Known(Text((address,)), at),
        account=Known(Text((account,) if account else ()), at),
        region=Known(Text((region,) if region else ()), at),
    )


def existence(address: str, answers: Iterable[tuple[Operation, Answer]]) -> Setting[bool]:
    """Whether it is there, as far as any of the answers tells."""
    why: Unknown | None = None
    for operation, answer in answers:
        at = Location(address, address, call=operation.id)
        match answer:
            case Told() | NotApplicable():
                return Known(True, at)
            case Unseen(why=reason) if why is None:
                why = Unknown(reason, at)
            case _:
                continue
    return Known(True, Location(address, address)) if why is None else why
