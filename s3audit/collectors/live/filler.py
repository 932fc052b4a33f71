"""Fills the model from answers: what a complete answer leaves out is known to be so."""

from collections.abc import Container
from typing import Any

import msgspec

from s3audit.collectors.documents.fill import NOT_WRITTEN, Filler
from s3audit.collectors.documents.resolved import Resolved, Resolver
from s3audit.collectors.documents.shape import Shape
from s3audit.collectors.documents.spots import Absent, Gap, Spot
from s3audit.collectors.documents.tree import Mapping, Node
from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.setting import Known, Unknown, Unset

ORIGIN = "live"
_UNTOLD = "the answer does not tell it"


class _Plain:
    """Answers hold no expressions."""

    def resolve(self, node: Node) -> Resolved:
        return Resolved(node)


_PLAIN: Resolver = _Plain()


class _Told(Filler):
    def section(self, shape: Shape, spot: Spot | Absent | Gap, at: Location, **given: object) -> Any:
        return _all_known(shape, super().section(shape, spot, at, **given), given)


def _all_known(shape: Shape, made: Any, given: Container[str] = ()) -> Any:
    known: dict[str, Any] = {}
    for name, field in shape.fields.items():
        if name in given:
            continue
        if field.kind == "section" and not field.path and isinstance(field.of, Shape):
            known[name] = _all_known(field.of, getattr(made, name))
        else:
            known[name] = _known(getattr(made, name))
    return msgspec.structs.replace(made, **known)


def _known(value: Any) -> Any:
    match value:
        case Unset(at=at, since=since) if since:
            # What was made before has an older state, and the answer would say so if it were complete.
            return Unknown(_UNTOLD, at)
        case Unset(default, at, via=via):
            return Known(tuple(map(_known, default)) if isinstance(default, tuple) else default, at, via)
        case Unknown(why, at) if why == NOT_WRITTEN:
            return Unknown(_UNTOLD, at)
        case _:
            return value


def resource(shape: Shape, answers: Mapping, address: str, call: str, **given: Any) -> Any:
    """A resource of the model, made of all that was asked about it."""
    at = Location(address, address, call=call)
    filler = _Told(address, _PLAIN, whole=address)
    made: Resource = filler.section(shape, Spot(answers, at), at, address=address, origin=ORIGIN, **given)
    return made
