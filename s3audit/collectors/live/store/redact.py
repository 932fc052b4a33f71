"""Takes out of a snapshot what is nobody else's business: policies, tags, and which accounts it is about."""

import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any

import msgspec

from s3audit.collectors import snapshot
from s3audit.collectors.live.store.frames import (
    AnyHeader,
    ListingHeader,
    UnitHeader,
    file_of,
    listing_file,
)
from s3audit.collectors.live.store.manifest import Kept, Manifest
from s3audit.collectors.live.unit import Unit
from s3audit.model.backup import BackupCondition
from s3audit.model.base import Resource, Tag
from s3audit.model.document import Array, Leaf, Member, Object
from s3audit.setting import Known, Unknown, Unset

WHY = "redacted"
_ACCOUNT = re.compile(r"[0-9]{12}")
_DIGITS = re.compile(r"[0-9]{12,}")
_TAKEN = re.compile(r"(?:redacted-)*(?:account|canonical)-[0-9]")
_CANONICAL = re.compile(r"(?<![0-9A-Fa-f])[0-9a-f]{64,}(?![0-9A-Fa-f])")
"""The ids by which ACLs know accounts: as good as their numbers."""
_ENCODE = msgspec.json.Encoder(order="deterministic").encode


class Whole(msgspec.Struct, frozen=True):
    """What is in a file, before anything is taken out."""

    kept: Kept
    header: UnitHeader | ListingHeader
    resources: Sequence[Resource] = ()


class Redaction:
    """Of one snapshot, as all its names have to fit together."""

    def __init__(self, files: Iterable[Whole], told: Manifest) -> None:
        self._whole = sorted(files, key=lambda one: one.kept.file)
        self._told = msgspec.structs.replace(
            told, redacted=True, asked=msgspec.structs.replace(told.asked, tags=())
        )
        self._files: list[Kept] = []
        self._names = _Names(one.kept.account for one in self._whole)
        self._names.meet(_plain(self._told))
        for one in self._whole:
            for line in _lines(one):
                self._names.meet(line)
        self._names.settle()

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file, with the path that it is to have."""
        for whole in self._whole:
            one = whole.kept
            lines = [self._names.instead(line) for line in _lines(whole)]
            header = msgspec.convert(lines[0], AnyHeader)
            data = snapshot.sealed(header, b"".join(_ENCODE(line) + b"\n" for line in lines))
            if one.unit:
                file = file_of(msgspec.convert(header.unit, Unit))
            else:
                file = listing_file(self._names.instead(one.account))
            self._files.append(
                msgspec.structs.replace(
                    one,
                    file=file,
                    sha256=sha256(data).hexdigest(),
                    unit=self._names.instead(one.unit),
                    account=self._names.instead(one.account),
                )
            )
            yield file, data

    def manifest(self) -> Manifest:
        """Of these files, once they are all made."""
        told: Manifest = msgspec.convert(self._names.instead(_plain(self._told)), Manifest)
        return msgspec.structs.replace(told, files=tuple(sorted(self._files, key=lambda one: one.file)))


def _lines(whole: Whole) -> Iterator[Any]:
    """The lines of a file as plain data, without policies and tags."""
    header = whole.header
    if isinstance(header, UnitHeader):
        yield _plain(msgspec.structs.replace(header, unit=msgspec.structs.replace(header.unit, tags=())))
    else:
        explored = msgspec.structs.replace(header.explored, name="")
        yield _plain(msgspec.structs.replace(header, explored=explored))
    for resource in whole.resources:
        yield _plain(stripped(resource))


def stripped(value: Any) -> Any:
    """The same without policies and tags: there are some, and what they say is not known."""
    match value:
        case Leaf(at=at) | Array(at=at) | Object(at=at) | Member(at=at):
            return Unknown(WHY, at)
        case Tag(at=at) | BackupCondition(at=at):
            return msgspec.structs.replace(value, key=Unknown(WHY, at), value=Unknown(WHY, at))
        case Known(value=inner) | Unset(default=inner):
            changed = stripped(inner)
            if isinstance(changed, Unknown) or changed is inner:
                return value if changed is inner else changed
            field = "value" if isinstance(value, Known) else "default"
            return msgspec.structs.replace(value, **{field: changed})
        case tuple():
            items = tuple(map(stripped, value))
            return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
        case msgspec.Struct():
            fields = ((name, getattr(value, name)) for name in value.__struct_fields__)
            new = {name: made for name, old in fields if (made := stripped(old)) is not old}
            if isinstance(value, Resource) and "tags" in new:
                new["tags"] = Unknown(WHY, value.at)
            return msgspec.structs.replace(value, **new) if new else value
        case _:
            return value


class _Names:
    """What stands in the place of each account, the same in every file, and from which nobody gets back to it."""

    def __init__(self, scanned: Iterable[str]) -> None:
        self._scanned = {one for one in scanned if _ACCOUNT.fullmatch(one)}
        self._met: set[str] = set()
        self._met_canonical: set[str] = set()
        self._taken = 0
        """How often what has such a name by itself says that it is redacted."""
        self._accounts: dict[str, str] = {}
        self._canonical: dict[str, str] = {}

    def meet(self, value: Any) -> None:
        """Take note of every account that is spoken of."""
        text = "\n".join(_strings(value))
        self._met.update(run for run in _DIGITS.findall(text) if len(run) == 12)
        self._met_canonical.update(_CANONICAL.findall(text))
        self._taken = max([self._taken, *(1 + found.count("redacted-") for found in _TAKEN.findall(text))])

    def settle(self) -> None:
        """Give them their names: in one order, and none that anything has by itself."""
        before = "redacted-" * self._taken
        accounts = (*sorted(self._scanned), *sorted(self._met - self._scanned))
        self._accounts = {one: f"{before}account-{number}" for number, one in enumerate(accounts, 1)}
        self._canonical = {
            one: f"{before}canonical-{number}" for number, one in enumerate(sorted(self._met_canonical), 1)
        }

    def instead(self, value: Any) -> Any:
        """The same plain data with other names."""
        match value:
            case str():
                return self._text(value)
            case list():
                return [self.instead(one) for one in value]
            case dict():
                return {self._text(key): self.instead(one) for key, one in value.items()}
            case _:
                return value

    def _text(self, text: str) -> str:
        text = _CANONICAL.sub(lambda found: self._canonical[found.group()], text)
        return _DIGITS.sub(lambda found: self._number(found.group()), text)

    def _number(self, digits: str) -> str:
        if len(digits) == 12:
            return self._accounts[digits]
        for account, name in self._accounts.items():  # somebody wrote it together with a date
            digits = digits.replace(account, name)
        return digits


def _plain(value: Any) -> Any:
    return msgspec.json.decode(_ENCODE(value))


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for one in value:
                yield from _strings(one)
        case dict():
            for key, one in value.items():
                yield key
                yield from _strings(one)
        case _:
            return
