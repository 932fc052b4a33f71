"""What a snapshot says about itself: the manifest when it is whole, and a mark as long as it is not."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from s3audit import __version__
from s3audit.collectors.live.plan import NO_ACCOUNT
from s3audit.collectors.live.run import Seen
from s3audit.collectors.live.wanted import Wanted

MANIFEST = "manifest.json"
UNFINISHED = "unfinished.json"
RUN = "run.json"
FORMAT = 1


class ManifestError(Exception):
    """It can't be read; the message says why, without a full stop."""


class Asked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The options that decide what is collected, each in one order."""

    roles: tuple[str, ...] = ()
    organization: bool = False
    role_name: str = ""
    regions: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    needs: tuple[str, ...] = ()
    needs_buckets: bool = True
    thorough: bool = False
    optional: tuple[str, ...] = ()
    endpoint_url: str = ""
    redacted: bool = False


_OPTIONS = {
    "roles": "--assume-role",
    "organization": "--organization",
    "role_name": "--role-name",
    "regions": "--region",
    "buckets": "--bucket",
    "exclude": "--exclude",
    "tags": "--tag",
    "needs": "--select or --ignore",
    "needs_buckets": "--select or --ignore",
    "thorough": "--thorough",
    "optional": "--objects or --uploads",
    "endpoint_url": "--endpoint-url",
    "redacted": "--redact",
}


def asked_of(wanted: Wanted, *, redacted: bool) -> Asked:
    """Of all that is wanted, what decides what a snapshot holds."""
    return Asked(
        roles=tuple(sorted(role.arn for role in wanted.roles)),
        organization=wanted.organization,
        role_name=wanted.role_name if wanted.organization else "",
        regions=tuple(sorted(wanted.regions)),
        buckets=tuple(sorted(wanted.buckets)),
        exclude=tuple(sorted(wanted.exclude)),
        tags=wanted.tags,
        needs=tuple(sorted(wanted.needs)),
        needs_buckets=wanted.needs_buckets,
        thorough=wanted.thorough,
        optional=tuple(sorted(wanted.optional)),
        endpoint_url=wanted.endpoint_url,
        redacted=redacted,
    )


def differing(one: Asked, other: Asked) -> list[str]:
    """The options by which they differ."""
    fields = [name for name in Asked.__struct_fields__ if getattr(one, name) != getattr(other, name)]
    return list(dict.fromkeys(_OPTIONS[name] for name in fields))


class Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One file."""

    file: str
    sha256: str
    resources: int = 0
    unit: str = ""
    """Its id; empty for what an account told about itself."""
    kind: Literal["buckets", "context", "named"] = "context"
    account: str = ""
    region: str = ""
    lists: tuple[str, ...] = ()
    """The kinds of which it says that there are no more: without it, nobody knows."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    s3audit_snapshot_manifest: int = FORMAT
    version: str = __version__
    redacted: bool = False
    asked: Asked = Asked()
    expected: tuple[str, ...] = ()
    """The accounts that were to be looked at."""
    reached: tuple[str, ...] = ()
    closed: tuple[tuple[str, str], ...] = ()
    """Accounts that are not active, with their state."""
    refused: str = ""
    """Why the accounts of the organization are not known."""
    not_entered: Mapping[str, str] = {}
    """Why an account was not looked at, where s3audit broke on it."""
    not_read: Mapping[str, str] = {}
    """The same for units."""
    answers: Mapping[str, int] = {}
    """How many there were of each class."""
    files: tuple[Kept, ...] = ()


class Unfinished(msgspec.Struct, frozen=True, kw_only=True):
    """The mark of a snapshot that is being written."""

    s3audit_snapshot_unfinished: int = FORMAT
    version: str = __version__
    clearing: bool = False
    """What was there before is being removed, and nothing of it counts."""
    asked: Asked = Asked()
    """Of one that is redacted no more than that: the rest is in the working copy."""
    work: str = ""
    """The name of the working copy of one that is redacted."""


def manifest(seen: Seen, asked: Asked, files: Iterable[Kept]) -> Manifest:
    """Of a scan that is done; the same for the same account, whoever did the work."""
    there = {one.place.account or NO_ACCOUNT: not one.refused for one in seen.explored}
    expected = {door.account for door in seen.doors.open} | {number for number, _ in seen.doors.closed}
    return Manifest(
        asked=asked,
        expected=tuple(sorted((expected | set(there)) - {""})),
        reached=tuple(sorted(account for account, is_open in there.items() if is_open)),
        closed=seen.doors.closed,
        refused=seen.doors.refused,
        not_entered=seen.broken_doors,
        not_read=seen.broken,
        answers=_answers(seen),
        files=tuple(sorted(files, key=lambda one: one.file)),
    )


def _answers(seen: Seen) -> dict[str, int]:
    counted: Counter[str] = Counter()
    tallies = [one.tally for one in seen.explored] + [part.tally for part in seen.parts.values()]
    for what, times in (one for tally in tallies for one in tally):
        counted[what.rpartition(" ")[2]] += times
    return dict(sorted(counted.items()))


def written(told: msgspec.Struct) -> bytes:
    """For people too."""
    return msgspec.json.format(msgspec.json.Encoder(order="deterministic").encode(told), indent=2) + b"\n"


class _FirstOfManifest(msgspec.Struct):
    s3audit_snapshot_manifest: int
    version: str = ""


class _FirstOfUnfinished(msgspec.Struct):
    s3audit_snapshot_unfinished: int
    version: str = ""


def read_manifest(data: bytes) -> Manifest:
    """Raises `ManifestError`."""
    try:
        first = msgspec.json.decode(data, type=_FirstOfManifest)
        _not_newer(first.s3audit_snapshot_manifest, first.version)
        return msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise ManifestError(f"it is no manifest of a snapshot: {error}") from None


def read_unfinished(data: bytes) -> Unfinished:
    """Raises `ManifestError`."""
    try:
        first = msgspec.json.decode(data, type=_FirstOfUnfinished)
        _not_newer(first.s3audit_snapshot_unfinished, first.version)
        return msgspec.json.decode(data, type=Unfinished)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise ManifestError(f"it does not say what was asked for: {error}") from None


def _not_newer(form: int, version: str) -> None:
    if form > FORMAT:
        raise ManifestError(
            f"it was written by s3audit {version or 'of a newer version'} in format {form}, and this is"
            f" {__version__}, which reads up to format {FORMAT}: update s3audit"
        )
