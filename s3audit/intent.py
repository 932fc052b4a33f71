"""What the owner says about a resource: the entries of the configuration that are about it, taken together.

A later entry counts where two say different things; lists are joined. What is not said is None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from typing import TypeVar

import msgspec

from s3audit.location import NOWHERE, Location
from s3audit.model.base import Resource, kind_of
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.expectation import Expectation, Matcher, TagMatch
from s3audit.policy.patterns import covers
from s3audit.setting import Known, Setting, Unknown, Unset, some_of
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Evidence, Status, Verdict, every, some

T = TypeVar("T")

_NO = Verdict(Status.FAIL)
_YES = Verdict(Status.PASS)
_NOBODY = "the configuration says nothing of it"


def said(resource: Resource, estate: Estate, read: Callable[[Expectation], T | None]) -> Setting[T | None]:
    """One value that is expected; of several the last."""
    for one, about in reversed(list(_about(resource, estate))):
        value = read(one)
        if value is None:
            continue
        if about.status is Status.PASS:
            return Known(value, one.at)
        return _open(one, resource)
    return Unset(None, NOWHERE)


def listed(
    resource: Resource, estate: Estate, read: Callable[[Expectation], Iterable[T] | None]
) -> Setting[frozenset[T] | None]:
    """All that the entries list; None where none has such a list."""
    found: set[T] | None = None
    at = NOWHERE
    for one, about in _about(resource, estate):
        values = read(one)
        if values is None:
            continue
        if about.status is not Status.PASS:
            return _open(one, resource)
        found = {*(found or ()), *values}
        at = one.at
    return Unset(None, NOWHERE) if found is None else Known(frozenset(found), at)


def said_of(
    resources: Iterable[Resource], estate: Estate, read: Callable[[Expectation], T | None]
) -> Setting[T | None]:
    """What is expected of the first of these that anything is expected of: an access point, then its bucket."""
    for one in resources:
        found = said(one, estate, read)
        if not isinstance(found, Unset):
            return found
    return Unset(None, NOWHERE)


def listed_of(
    resources: Iterable[Resource], estate: Estate, read: Callable[[Expectation], Iterable[T] | None]
) -> Setting[frozenset[T] | None]:
    """All that the entries about any of these list."""
    found: frozenset[T] | None = None
    at = NOWHERE
    for one in resources:
        match listed(one, estate, read):
            case Unknown() as gap:
                return gap
            case Known(some, near) if some is not None:
                found, at = some | (found or frozenset()), near
            case _:
                pass
    return Unset(None, NOWHERE) if found is None else Known(found, at)


class Trusted(msgspec.Struct, frozen=True):
    """Who counts as one's own; None stands for a list that nobody wrote."""

    accounts: frozenset[str] | None
    organizations: frozenset[str] | None
    canonical_ids: frozenset[str] | None

    @property
    def is_said(self) -> bool:
        return self.accounts is not None or self.organizations is not None


def trusted(resource: Resource, estate: Estate, *others: Resource) -> Trusted | Unknown:
    """Whom to trust with these; Unknown where an entry of the configuration may be about one of them and may not."""
    found: list[frozenset[str] | None] = []
    for told in (
        listed_of((resource, *others), estate, lambda one: one.trust.accounts),
        listed_of((resource, *others), estate, lambda one: one.trust.organizations),
        listed_of((resource, *others), estate, lambda one: one.trust.canonical_ids),
    ):
        match told:
            case Unknown():
                return told
            case Known(value) | Unset(value):
                found.append(value)
    accounts, organizations, canonical_ids = found
    return Trusted(accounts, organizations, canonical_ids)


def is_for(resource: Resource, estate: Estate, *roles: str) -> Verdict:
    """Whether it is said to be for one of these: `website`, `log-target`, `records`."""
    return _says(resource, estate, roles, lambda one: one.roles, "it is said to be for")


def holds(resource: Resource, estate: Estate, *data: str) -> Verdict:
    """Whether it is said to hold one of these: `confidential`, `personal`."""
    return _says(resource, estate, data, lambda one: one.data, "it is said to hold")


def _says(
    resource: Resource,
    estate: Estate,
    asked: tuple[str, ...],
    read: Callable[[Expectation], tuple[str, ...]],
    words: str,
) -> Verdict:
    return some(
        about & Verdict(Status.PASS, (Evidence(one.at, f"{words} {word}"),))
        for one, about in _about(resource, estate)
        for word in read(one)
        if word in asked
    )


def _open(one: Expectation, resource: Resource) -> Unknown:
    return Unknown(f"whether the entry at {one.at} is about {resource.title or resource.address}", one.at)


def _about(resource: Resource, estate: Estate) -> Iterator[tuple[Expectation, Verdict]]:
    """The entries that are about it, or may be, in their order."""
    for one in estate.expectations:
        about = is_about(one.match, resource)
        if about.status is not Status.FAIL:
            yield one, _YES if about.status is Status.PASS else about


def is_about(match: Matcher, resource: Resource) -> Verdict:
    """Whether a resource is meant: all that the entry names holds of it."""
    kinds = match.kinds or (kind_of(Bucket),)
    if kind_of(type(resource)) not in kinds:
        return _NO
    return every(
        (
            _any(match.names, lambda glob: _is_named(resource, glob)),
            _any(match.accounts, lambda glob: _fits(resource.account, glob, "its account")),
            _any(match.regions, lambda glob: _fits(resource.region, glob, "its Region")),
            _any(match.paths, lambda glob: _decided(_is_in(resource.at.source, glob))),
            _any(match.tags, lambda tag: _is_tagged(resource, tag)),
        )
    )


def _any(wanted: tuple[T, ...], fits: Callable[[T], Verdict]) -> Verdict:
    """What is not asked for holds."""
    return some(map(fits, wanted)) if wanted else _YES


def _is_named(resource: Resource, glob: str) -> Verdict:
    """Its own name if it has one; and what its author calls it."""
    called = (resource.title, resource.address)
    if any(name and fnmatchcase(name, glob) for name in called):
        return _YES
    match getattr(resource, "name", None):
        case Known(Text() as name, at) if not _is_made_up(name):
            return _matched(name, glob, at, "its name")
        case Unknown(why, at):
            return Verdict(Status.UNKNOWN, (Evidence(at, f"its name is not known: {why}"),))
        case _:  # nobody writes a pattern for what is made up while it is created
            return _NO


def _is_made_up(name: Text) -> bool:
    return any(isinstance(part, Opaque) and part.generated for part in name.parts)


def _fits(setting: Setting[Text], glob: str, what: str) -> Verdict:
    match setting:
        case Known(value, at) | Unset(value, at):
            return _matched(value, glob, at, what)
        case Unknown(why, at):
            return Verdict(Status.UNKNOWN, (Evidence(at, f"{what} is not known: {why}"),))


def _matched(value: Text, glob: str, at: Location, what: str) -> Verdict:
    status = covers(text(glob), value)
    note = f"whether {what} {value} fits {glob} is not known" if status is Status.UNKNOWN else ""
    return Verdict(status, (Evidence(at, note),) if note else ())


def _is_in(source: str, glob: str) -> bool:
    """Whether a file is one of a pattern, or lies in a folder of that name."""
    path = source.replace("\\", "/").removeprefix("./")
    glob = glob.removeprefix("./")
    return fnmatchcase(path, glob) or fnmatchcase(path, f"{glob.rstrip('/')}/*")


def _is_tagged(resource: Resource, wanted: TagMatch) -> Verdict:
    return some_of(
        resource.tags,
        lambda tag: (
            _fits(tag.key, _literally(wanted.key), "the key of a tag")
            & _fits(tag.value, wanted.value, f"its tag {wanted.key}")
        ),
    )


def _literally(word: str) -> str:
    """A text in which nothing is a pattern: `*` and `?` can't be told apart from letters, so they match one."""
    return word.replace("*", "?")


def _decided(answer: bool) -> Verdict:
    return _YES if answer else _NO
