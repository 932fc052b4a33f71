"""A small AWS, and what a reader makes of it over HTTP."""

from typing import Any, TypeVar

from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.reading import Read, Reader
from s3audit.collectors.live.transport import Transport
from s3audit.demo.faults import Fault, denied
from s3audit.demo.world import ACCOUNT, REGION, World
from s3audit.model.base import Resource
from s3audit.setting import Known, Unknown
from s3audit.text import Text

R = TypeVar("R", bound=Resource)
PLACE = Place(ACCOUNT)


class Scene:
    """What is told to the world of the server is what is read."""

    def __init__(self, world: World, transport: Transport) -> None:
        self.world = world
        self.asker = Asker(transport)

    def deny(self, operation: str) -> None:
        """Refuse it from now on, as IAM does."""
        self.world.faults.add(denied(), operation)

    def fail(self, fault: Fault, operation: str) -> None:
        self.world.faults.add(fault, operation)

    def read(self, reader: Reader, *, region: str = REGION, place: Place = PLACE) -> Read:
        return reader.read(self.asker, place, region)


def only(read: Read, kind: type[R]) -> R:
    """The one resource of a kind."""
    (found,) = (one for one in read.resources if isinstance(one, kind))
    return found


def value(setting: Any) -> Any:
    """What is known, in plain words; or why it is not, as an error."""
    assert isinstance(setting, Known), f"it is not known: {setting}"
    known = setting.value
    if isinstance(known, tuple):
        return [value(one) for one in known]
    return str(known) if isinstance(known, Text) else known


def values(section: Any, *names: str) -> dict[str, Any]:
    """Some settings of a section."""
    return {name: value(getattr(section, name)) for name in names}


def why(setting: Any) -> str:
    """Why it is not known."""
    assert isinstance(setting, Unknown), f"it is known: {setting}"
    return str(setting.why)


def listed(read: Read) -> dict[tuple[str, str], str]:
    """Each kind and Region that was asked for: empty if it was listed completely, or why not."""
    whole = {(one.kind, one.region): "" for one in read.listings}
    return whole | {(one.kind, one.region): one.why for one in read.unlisted}
