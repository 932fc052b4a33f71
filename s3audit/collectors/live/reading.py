"""Reads one kind of resource: a listing, and what is asked about each thing that it lists."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, Protocol

import msgspec

from s3audit.collectors.documents.shape import Shape
from s3audit.collectors.live.answers import Absent, Answer, Gone, NotApplicable, Told, Unseen
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.filler import resource
from s3audit.collectors.live.nodes import answered
from s3audit.collectors.live.operations import Operation
from s3audit.collectors.live.place import Place
from s3audit.location import Location
from s3audit.model.base import Resource, kind_of
from s3audit.model.estate import Listing, Unlisted
from s3audit.setting import Known
from s3audit.text import Text

Scope = Literal["account", "region"]


class Read(msgspec.Struct, frozen=True):
    """What a reader has seen, and what it has not."""

    resources: tuple[Resource, ...] = ()
    listings: tuple[Listing, ...] = ()
    """What was listed completely: what is not there does not exist."""
    unlisted: tuple[Unlisted, ...] = ()

    def __add__(self, other: "Read") -> "Read":
        return Read(
            self.resources + other.resources,
            self.listings + other.listings,
            self.unlisted + other.unlisted,
        )


class Reader(Protocol):
    """Reads what an account has of something, in one of its regions if it is regional."""

    @property
    def need(self) -> str:
        """What a check names in its `needs` to have it read."""

    @property
    def scope(self) -> Scope: ...

    def read(self, asker: Asker, place: Place, region: str) -> Read: ...


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """A question about one thing that was listed."""

    operation: Operation
    parameters: Mapping[str, str]
    """For each parameter where its value stands: `item.Name`, `DescribeKey.KeyMetadata.KeyId`; or `=word`."""
    where: str = ""
    """It is asked only of what has something there; of the rest it is absent."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The reader that a table describes."""

    need: str
    scope: Scope
    shape: Shape
    listing: Operation
    parameters: Mapping[str, str] = {}
    items: str = ""
    """The list in the listing; empty where the answer itself is the one thing."""
    address: str
    """Of a resource, its ARN if it has one: `{item.AccessPointArn}`, `arn:{place.partition}:kms:...`."""
    title: str = ""
    region: str = ""
    """Where it is asked, if that is the same for all: `us-east-1`."""
    only: Mapping[str, str] = {}
    """What an item has to say to be of this kind: `{"item.KeyManager": "CUSTOMER"}`."""
    details: tuple[Detail, ...] = ()

    def read(self, asker: Asker, place: Place, region: str) -> Read:
        """Everything of this kind that the account has there."""
        region = self.region or region
        kind = kind_of(self.shape.section)
        where = region if self.scope == "region" else ""
        about = f"{place.account}/{where}".rstrip("/")
        given = {"place": place.names()}
        answer = asker.ask(self.listing, about, _filled(self.parameters, given), region)
        match answer:
            case Told(document):
                listed = document.get(self.items) or () if self.items else [document]
                made = tuple(self._made(asker, place, region, given | {"item": one}) for one in listed)
                resources = tuple(one for one in made if one is not None)
                return Read(resources, (Listing(kind, place.account, where),))
            case Absent() | NotApplicable() | Gone():
                return Read(listings=(Listing(kind, place.account, where),))
            case Unseen(why=why):
                return Read(unlisted=(Unlisted(kind, place.account, where, why),))

    def _made(
        self, asker: Asker, place: Place, region: str, given: dict[str, Mapping[str, Any]]
    ) -> Resource | None:
        if any(_found(given, path) != wanted for path, wanted in self.only.items()):
            return None
        answers: list[tuple[Operation, Answer]] = []
        address = _written(self.address, given)
        for detail in self.details:
            if detail.where and _found(given, detail.where) in (None, "", [], {}):
                answer: Answer = Absent(derived="there is none")
                asker.note(detail.operation, address, answer)
            else:
                answer = asker.ask(detail.operation, address, _filled(detail.parameters, given), region)
            if isinstance(answer, Gone):
                return None
            if isinstance(answer, Told):
                given = given | {detail.operation.name: answer.document}
                address = _written(self.address, given)
            answers.append((detail.operation, answer))
        return filled(
            self.shape,
            address,
            given["item"],
            self.listing,
            answers,
            place,
            region if self.scope == "region" else "",
            title=_written(self.title, given),
        )


def filled(
    shape: Shape,
    address: str,
    item: Mapping[str, Any],
    listing: Operation,
    answers: Iterable[tuple[Operation, Answer]],
    place: Place,
    region: str,
    **more: Any,
) -> Resource:
    """A resource of what was listed and of what was asked about it, with its account and region."""
    at = Location(address, address, call=listing.id)
    given = {"account": Known(Text((place.account,)), at), **more}
    if region and "region" not in shape.fields:
        given["region"] = Known(Text((region,)), at)
    if address.startswith("arn:") and "arn" not in shape.fields:
        given["arn"] = Known(Text((address,)), at)
    made: Resource = resource(shape, answered(item, listing.id, answers), address, listing.id, **given)
    return made


def _filled(parameters: Mapping[str, str], given: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        name: where[1:] if where.startswith("=") else _found(given, where)
        for name, where in parameters.items()
    }


def _found(given: Mapping[str, Any], path: str) -> Any:
    value: Any = given
    for key in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def _written(template: str, given: Mapping[str, Mapping[str, Any]]) -> str:
    """A text with the values of `{item.Name}` in it."""
    pieces = template.split("{")
    text = [pieces[0]]
    for piece in pieces[1:]:
        path, _, rest = piece.partition("}")
        value = _found(given, path)
        text += "" if value is None else str(value), rest
    return "".join(text)


def total(reads: Sequence[Read]) -> Read:
    """All of them together."""
    return sum(reads, Read())
