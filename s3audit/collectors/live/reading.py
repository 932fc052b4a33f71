"""Reads one kind of resource: a listing, and what is asked about each thing that it lists."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeAlias

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
_Given: TypeAlias = dict[str, Mapping[str, Any]]
"""What paths lead down from: `place`, `item`, `above` and the answers by the names of their calls."""


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
    """For each parameter where its value stands, as `item.Name`, or the value itself as `=word` or `a/{item.Name}`."""
    where: str = ""
    """It is asked only of what has something there; of the rest it is absent."""


Joined = Callable[[Mapping[str, Any], Mapping[str, Answer]], Mapping[str, Any]]
"""Makes of an item and the answers about it, by the name of the call, the item that the shape reads."""


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
    partitions: tuple[str, ...] = ()
    """Those that have it; all, where none is named."""
    only: Mapping[str, str] = {}
    """What an item has to say to be of this kind: `{"item.KeyManager": "CUSTOMER"}`."""
    adds: Mapping[str, str] = {}
    """What an item does not say of itself, and where it stands: `{"tableBucketARN": "above.item.arn"}`."""
    joined: Joined | None = None
    """Where the answers belong into the item, one by one."""
    details: tuple[Detail, ...] = ()
    below: tuple["Reading", ...] = ()
    """What is listed within each of these; there `above` is all that is known of it."""

    def read(self, asker: Asker, place: Place, region: str) -> Read:
        """Everything of this kind that the account has there, and of those below it."""
        region = self.region or region or place.home
        where = region if self.scope == "region" else ""
        found = _Seen()
        if not self.partitions or place.partition in self.partitions:
            given: _Given = {"place": place.names() | {"region": region}}
            self.gather(asker, place, region, given, f"{place.account}/{where}".rstrip("/"), found)
        return found.read(self.kinds, place.account, where)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Of what it tells everything."""
        return (kind_of(self.shape.section), *(kind for one in self.below for kind in one.kinds))

    def gather(
        self, asker: Asker, place: Place, region: str, given: _Given, about: str, found: "_Seen"
    ) -> None:
        """List them, and ask about each."""
        match asker.ask(self.listing, about, _filled(self.parameters, given), region):
            case Told(document):
                for item in _items(document, self.items):
                    self._one(asker, place, region, given | {"item": item}, found)
            case Unseen(why=why):
                found.gap(self.kinds, why)
            case Absent() | NotApplicable() | Gone():
                pass

    def _one(self, asker: Asker, place: Place, region: str, given: _Given, found: "_Seen") -> None:
        if any(_found(given, path) != _written(wanted, given) for path, wanted in self.only.items()):
            return
        answers: list[tuple[Operation, Answer]] = []
        address = _written(self.address, given)
        for detail in self.details:
            if detail.where and _found(given, detail.where) in (None, "", [], {}):
                answer: Answer = Absent(derived="there is none")
                asker.note(detail.operation, address, answer)
            else:
                answer = asker.ask(detail.operation, address, _filled(detail.parameters, given), region)
            if isinstance(answer, Gone):
                return
            if isinstance(answer, Told):
                given = given | {detail.operation.name: answer.document}
                address = _written(self.address, given)
            answers.append((detail.operation, answer))
        item: Mapping[str, Any] = {**given["item"], **_filled(self.adds, given)}
        if self.joined is not None:
            item = self.joined(item, {operation.name: answer for operation, answer in answers})
        where = region if self.scope == "region" else ""
        title = _written(self.title, given)
        found.resources.append(
            filled(self.shape, address, item, self.listing, answers, place, where, title=title)
        )
        for one in self.below:
            one.gather(asker, place, region, {"place": given["place"], "above": given}, address, found)


class _Seen:
    """What a reading has come upon so far."""

    def __init__(self) -> None:
        self.resources: list[Resource] = []
        self._gaps: dict[str, str] = {}

    def gap(self, kinds: Iterable[str], why: str) -> None:
        """Of these kinds there may be more than was seen."""
        for kind in kinds:
            self._gaps.setdefault(kind, why)

    def read(self, kinds: Iterable[str], account: str, where: str) -> Read:
        return Read(
            tuple(self.resources),
            tuple(Listing(kind, account, where) for kind in kinds if kind not in self._gaps),
            tuple(Unlisted(kind, account, where, why) for kind, why in self._gaps.items()),
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
    given = dict(more)
    if "account" not in shape.fields:
        given.setdefault("account", Known(Text((place.account,)), at))
    if region and "region" not in shape.fields:
        given["region"] = Known(Text((region,)), at)
    if address.startswith("arn:") and "arn" not in shape.fields:
        given["arn"] = Known(Text((address,)), at)
    made: Resource = resource(shape, answered(item, listing.id, answers), address, listing.id, **given)
    return made


def _filled(parameters: Mapping[str, str], given: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {name: _value(where, given) for name, where in parameters.items()}


def _value(where: str, given: Mapping[str, Mapping[str, Any]]) -> Any:
    if where.startswith("="):
        return where[1:]
    return _written(where, given) if "{" in where else _found(given, where)


def _found(given: Mapping[str, Any], path: str) -> Any:
    value: Any = given
    for key in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(key)
        elif isinstance(value, list) and key.isdecimal():
            value = value[int(key)] if int(key) < len(value) else None
        else:
            return None
    return value


def _items(document: Mapping[str, Any], path: str) -> Sequence[Mapping[str, Any]]:
    """What is listed; what is but a text stands in `item.it`."""
    listed = (_found(document, path) or ()) if path else (document,)
    return [one if isinstance(one, Mapping) else {"it": one} for one in listed]


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
    """All of them together; what one of them could not list completely is not listed completely."""
    read = sum(reads, Read())
    gaps = {(gap.kind, gap.account, gap.region) for gap in read.unlisted}
    whole = tuple(one for one in read.listings if (one.kind, one.account, one.region) not in gaps)
    return Read(read.resources, whole, read.unlisted)
