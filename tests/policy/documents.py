"""Documents of the model made from plain Python values."""

from s3audit.location import NOWHERE
from s3audit.model.document import Array, Leaf, Member, Object, Value
from s3audit.setting import Unknown
from s3audit.text import Text, text


def document(value: object) -> Value:
    """A document as JSON would give it; texts may be partly known, and parts unknown."""
    match value:
        case Unknown():
            return value
        case dict():
            return Object(tuple(Member(str(k), document(v), NOWHERE) for k, v in value.items()), NOWHERE)
        case list() | tuple():
            return Array(tuple(map(document, value)), NOWHERE)
        case str():
            return Leaf(text(value), NOWHERE)
        case Text() | bool() | int() | float() | None:
            return Leaf(value, NOWHERE)
        case _:
            raise TypeError(f"{value!r} is nothing that JSON holds")
