"""What others refer to: keys, roles and targets of notifications, and buckets that no listing has shown."""

from collections.abc import Sequence

from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.reading import Read


def read_named(asker: Asker, place: Place, region: str, names: Sequence[tuple[str, str]]) -> Read:
    """Each of these, by kind and name."""
    raise NotImplementedError
