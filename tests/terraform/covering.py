"""Whether examples cover all that a table reads."""

from collections.abc import Iterator
from typing import Any

from s3audit.collectors.documents.shape import Shape
from s3audit.setting import Known


def unread(shape: Shape | None, *sections: Any) -> list[str]:
    """The fields that a shape can read and none of these sections has a value for."""
    assert shape
    return list(_unread(shape, sections))


def _unread(shape: Shape, sections: tuple[Any, ...]) -> Iterator[str]:
    for name, field in shape.fields.items():
        if field.kind in ("absent", "always"):
            continue
        values = [getattr(section, name) for section in sections]
        if field.kind != "section":
            values = [value.value for value in values if isinstance(value, Known)]
            if not values:
                yield name
                continue
        if isinstance(field.of, Shape):
            inner = (
                values if field.kind in ("section", "optional") else [one for many in values for one in many]
            )
            known = tuple(one.value if isinstance(one, Known) else one for one in inner)
            yield from (f"{name}.{below}" for below in _unread(field.of, known))
