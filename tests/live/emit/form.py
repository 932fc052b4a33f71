"""What emitting leaves behind."""

from typing import NamedTuple


class Left(NamedTuple):
    """What a live account can't be made to say."""

    address: str
    """Of the resource in the estate."""
    what: str
    """A field of the model, or empty for the whole resource."""
    why: str
