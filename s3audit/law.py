"""The law of the house, put to one example: what is not known changes no verdict, it only leaves it open."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from s3audit.check import LIVE, Check
from s3audit.collectors.documents.files import File, Options
from s3audit.exam import Example, collected
from s3audit.explain import is_account, is_terraform
from s3audit.location import NOWHERE
from s3audit.model.base import Resource, Section
from s3audit.model.document import Array, Object
from s3audit.model.estate import Estate
from s3audit.model.world import Plain, World
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Status

BLANK = Unknown("it was made unknown", NOWHERE)
MOST_PLACES = 200
"""Of one example; of more than these every second, every third and so on."""

_OPTIONS = Options({}, False, 10_000_000, lambda _: None)

Path = tuple[str | int, ...]


class Slot(NamedTuple):
    """A part of a resource: the way to it, and what it is a part of."""

    path: Path
    key: tuple[str, str]
    """Its class and field; in a document, the name of the member."""
    value: Any


def slots(resource: Resource) -> Iterator[Slot]:
    """Every setting, section and part of a document, however deep."""
    return _below(resource, ())


def _below(value: Any, path: Path) -> Iterator[Slot]:
    match value:
        case Known(value=inner):
            yield from _below(inner, (*path, "value"))
        case Unset(default=inner) if inner:
            yield from _below(inner, (*path, "default"))
        case tuple():
            key = ("", "")
            for index, item in enumerate(value):
                if isinstance(item, Known | Unset | Unknown):
                    yield Slot((*path, index), key, item)
                    yield from _below(item, (*path, index))
        case Object(members=members):
            for index, member in enumerate(members):
                yield from _document(member.value, (*path, "members", index, "value"), member.name)
        case Array(items=items):
            for index, item in enumerate(items):
                yield from _document(item, (*path, "items", index), "")
        case Section() | Resource():
            for name in value.__struct_fields__:
                field = getattr(value, name)
                if isinstance(field, Known | Unset | Unknown | Section):
                    yield Slot((*path, name), (type(value).__name__, name), field)
                    yield from _below(field, (*path, name))
        case _:
            return


def _document(value: Any, path: Path, name: str) -> Iterator[Slot]:
    yield Slot(path, ("document", name.lower()), value)
    yield from _below(value, path)


def put(value: Any, path: Path, new: Any) -> Any:
    """The same, with something else at this place."""
    if not path:
        return new
    step, *rest = path
    if isinstance(step, int):
        return (*value[:step], put(value[step], tuple(rest), new), *value[step + 1 :])
    return msgspec.structs.replace(value, **{step: put(getattr(value, step), tuple(rest), new)})


def blank(slot: Slot) -> Any:
    """What stands there when nobody knows it."""
    return type(slot.value)() if isinstance(slot.value, Section) else BLANK


def worlds(example: Example, needs: Iterable[str] = ()) -> list[World]:
    """What the collector of its language makes of an example; of an account, as far as it is needed."""
    if is_account(example.text):
        return [Plain(LIVE, LIVE, collected(example.text, needs))]
    from s3audit.collectors import cloudformation, terraform

    collect = terraform.collect if is_terraform(example.text) else cloudformation.collect
    return list(collect([File(example.file, example.text.encode())], _OPTIONS).worlds)


def unsound(check: Check, example: Example) -> Iterator[str]:
    """What the check says though it can't know, where that is not what it says when it does; the first such thing."""
    found = [
        (case.estate, resource)
        for world in worlds(example, check.needs)
        for resource in world.estate.resources
        if type(resource) in check.subjects
        for case in world.cases(resource.address)
        if case.estate.at(resource.address, type(resource)) is not None
    ]
    places = [
        (estate, subject, index, slot)
        for estate, subject in found
        for index, resource in enumerate(estate.resources)
        for slot in slots(resource)
    ]
    for estate, subject, index, slot in places[:: len(places) // MOST_PLACES + 1]:
        resources = estate.resources
        without = put(resources, (index, *slot.path), blank(slot))
        where = f"{'.'.join(map(str, slot.path))} of {resources[index].address} is not known"
        try:
            told, said = (
                _status(check, with_others(estate, all_), subject, example) for all_ in (resources, without)
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong with the check
            yield f"it breaks where {where}: {type(error).__name__}: {error}"
            return
        if said not in (told, Status.UNKNOWN):
            yield (
                f"it says {said.value} of {subject.title or subject.address} where {where}, and {told.value} where it"
                " is: the answer is unknown"
            )
            return


def with_others(estate: Estate, resources: Iterable[Resource]) -> Estate:
    """An estate of which is known what of this one is, with these resources in the place of its own."""
    return Estate(
        resources,
        kinds=estate.kinds,
        listings=estate.listings,
        not_listed=estate.not_listed,
        not_read=estate.not_read.values(),
    )


def _status(check: Check, estate: Estate, subject: Resource, example: Example) -> Status:
    estate.expectations = example.expectations
    judged = estate.at(subject.address, type(subject))
    if judged is None:
        return Status.NOT_APPLICABLE
    verdict = check.judge(judged, estate) if check.wants_estate else check.judge(judged)
    return verdict.status
