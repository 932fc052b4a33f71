"""The configuration: what the owner says about the storage, from `.s3audit.toml` or `pyproject.toml`."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from s3audit.location import NOWHERE, Location
from s3audit.model.expectation import Expectation, Matcher, Retention, TagMatch, Trust

_SHARED = "pyproject.toml"
_CHECKS = rb"(?m)^[ \t]*checks[ \t]*="
_HEADER = re.compile(rb"^[ \t]*\[\[\s*(?:tool\s*\.\s*s3audit\s*\.\s*)?expect\s*\]\]", re.MULTILINE)
_KINDS = (
    *("bucket", "access-point", "object-lambda-access-point", "multi-region-access-point", "vault"),
    *("table-bucket", "vector-bucket", "file-system", "batch-job"),
)
_ENCRYPTION = ("AES256", "aws:kms", "aws:kms:dsse")
_MODES = ("COMPLIANCE", "GOVERNANCE")
ROLES = (
    "backup-target",
    "critical",
    "log-target",
    "only-copy",
    "public-data",
    "records",
    "replica",
    "website",
    "worm",
)
DATA = ("client-side-encrypted", "confidential", "critical", "personal", "public")


class ConfigError(Exception):
    """A configuration that can't be read; the message says where and what was expected."""


class Config(msgspec.Struct, frozen=True):
    """All that a configuration says."""

    source: str = ""
    """The file, as it is shown; empty where there is none."""
    expectations: tuple[Expectation, ...] = ()
    checks: tuple[str, ...] = ()
    """Folders of checks of one's own; a relative one starts from the file."""
    checks_at: Location = NOWHERE
    honor_foreign: bool = False
    """Whether the inline suppressions of other tools count."""
    require_reason: bool = True
    """Whether a suppression counts only if it says why."""


def load(path: str) -> Config:
    """The configuration of a file; raises ConfigError."""
    shown = os.path.relpath(path) if not os.path.isabs(path) or _is_below(path) else path
    try:
        with open(path, "rb") as handle:
            data = handle.read()
    except OSError as error:
        raise ConfigError(f"the configuration {shown} can't be read: {error.strerror or error}") from None
    return parsed(data, shown)


def parsed(data: bytes, source: str) -> Config:
    """What a configuration says; raises ConfigError."""
    from tomllib import TOMLDecodeError, loads

    try:
        document: Mapping[str, Any] = loads(data.decode())
    except (TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"the configuration {source} is no TOML: {error}") from None
    where = _Where(source, data)
    if os.path.basename(source) == _SHARED:
        document = _table(_table(document.get("tool", {}), where.top).get("s3audit", {}), where.top)
    _only(document, ("expect", "checks", "honor_foreign", "require_reason"), where.top)
    return Config(
        source,
        tuple(_expectations(document, where)),
        tuple(os.path.join(os.path.dirname(source), one) for one in _folders(document, where)),
        where.checks,
        _boolean(document.get("honor_foreign", False), "honor_foreign", where.top),
        _boolean(document.get("require_reason", True), "require_reason", where.top),
    )


def _folders(document: Mapping[str, Any], where: "_Where") -> tuple[str, ...]:
    return _strings(document["checks"], "checks", where.checks) if "checks" in document else ()


def _is_below(path: str) -> bool:
    return os.path.abspath(path).startswith(os.getcwd() + os.sep)


class _Where:
    """The lines of the entries: TOML's reader does not tell them."""

    def __init__(self, source: str, data: bytes) -> None:
        self.top = Location(source, line=1, column=1)
        written = re.search(_CHECKS, data)
        line = 1 if written is None else data.count(b"\n", 0, written.end()) + 1
        self.checks = Location(source, "checks", line, 1)
        self._lines = [data.count(b"\n", 0, header.end()) + 1 for header in _HEADER.finditer(data)]

    def entry(self, place: int) -> Location:
        line = self._lines[place] if place < len(self._lines) else 1
        return Location(self.top.source, f"expect[{place}]", line, 1)


def _expectations(document: Mapping[str, Any], where: _Where) -> list[Expectation]:
    entries = document.get("expect", [])
    if not isinstance(entries, list):
        raise ConfigError(f"{where.top}: `expect` is a list of tables, each written as [[expect]]")
    return [
        _expectation(_table(one, where.entry(place)), where.entry(place)) for place, one in enumerate(entries)
    ]


_Reader = Callable[[Any, str, Location], Any]


def _expectation(entry: Mapping[str, Any], at: Location) -> Expectation:
    _only(entry, (*_MATCH, *_TRUST, *_SAID), at)

    def read(readers: Mapping[str, tuple[str, _Reader]]) -> dict[str, Any]:
        return {
            field: reader(entry[key], key, at) for key, (field, reader) in readers.items() if key in entry
        }

    match, trust, told = read(_MATCH), read(_TRUST), read(_SAID)
    if not trust and told.keys() <= {"reason"}:
        raise ConfigError(f'{at}: this entry expects nothing; say what, such as `role = "website"`')
    return Expectation(at=at, match=Matcher(**match), trust=Trust(**trust), **told)


def _only(table: Mapping[str, Any], known: Sequence[str], at: Location) -> None:
    for key in table:
        if key not in known:
            raise ConfigError(f"{at}: there is no setting {key!r}{_near(key, known)}")


def _near(word: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, known, n=1)
    return f", did you mean {near[0]!r}?" if near else f"; expected one of {', '.join(known)}"


def _table(value: Any, at: Location) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ConfigError(f"{at}: expected a table, not {value!r}")
    return value


def _string(value: Any, key: str, at: Location) -> str:
    if not isinstance(value, str) or not value:
        raise ConfigError(f"{at}: {key} takes a text, not {value!r}")
    return value


def _strings(value: Any, key: str, at: Location) -> tuple[str, ...]:
    """One text, or a list of them."""
    return tuple(_string(one, key, at) for one in (value if isinstance(value, list) else [value]))


def _expressions(value: Any, key: str, at: Location) -> tuple[str, ...]:
    for one in (found := _strings(value, key, at)):
        try:
            re.compile(one)
        except re.error as error:
            raise ConfigError(
                f"{at}: {key} takes regular expressions, and {one!r} is none: {error}"
            ) from None
    return found


def _of(known: Sequence[str]) -> _Reader:
    def one(value: Any, key: str, at: Location) -> str:
        said = _string(value, key, at)
        if said not in known:
            raise ConfigError(f"{at}: {key} can't be {said!r}{_near(said, known)}")
        return said

    return one


def _some_of(known: Sequence[str]) -> _Reader:
    one = _of(known)

    def some(value: Any, key: str, at: Location) -> tuple[str, ...]:
        return tuple(one(said, key, at) for said in _strings(value, key, at))

    return some


def _accounts(value: Any, key: str, at: Location) -> tuple[str, ...]:
    for one in (found := _strings(value, key, at)):
        if not re.fullmatch(r"\d{12}", one):
            raise ConfigError(f"{at}: {key} takes account ids of twelve digits in quotes, not {one!r}")
    return found


def _boolean(value: Any, key: str, at: Location) -> bool:
    if not isinstance(value, bool):
        raise ConfigError(f"{at}: {key} is true or false, not {value!r}")
    return value


def _days(value: Any, key: str, at: Location) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ConfigError(f"{at}: {key} takes a number, not {value!r}")
    return value


def _tags(value: Any, key: str, at: Location) -> tuple[TagMatch, ...]:
    """`Purpose`, or `Purpose=records` with a pattern of values."""
    found = (one.partition("=") for one in _strings(value, key, at))
    return tuple(TagMatch(name.strip(), wanted.strip() if equals else "*") for name, equals, wanted in found)


def _retention(value: Any, key: str, at: Location) -> Retention:
    table = _table(value, at)
    _only(table, ("minimum", "maximum", "mode"), at)
    days = {
        bound: _days(table[bound], f"{key}.{bound}", at) for bound in ("minimum", "maximum") if bound in table
    }
    mode = _of(_MODES)(table["mode"], f"{key}.mode", at) if "mode" in table else None
    found = Retention(**days, mode=mode)
    if None not in (found.minimum, found.maximum) and days["minimum"] > days["maximum"]:
        raise ConfigError(
            f"{at}: {key} has a minimum of {days['minimum']} days above its maximum of {days['maximum']}"
        )
    return found


_MATCH: dict[str, tuple[str, _Reader]] = {
    "kind": ("kinds", _some_of(_KINDS)),
    "name": ("names", _strings),
    "account": ("accounts", _accounts),
    "region": ("regions", _strings),
    "path": ("paths", _strings),
    "tag": ("tags", _tags),
}
_TRUST: dict[str, tuple[str, _Reader]] = {
    "trusted_accounts": ("accounts", _accounts),
    "organization": ("organizations", _strings),
    "trusted_canonical_ids": ("canonical_ids", _strings),
    "administrators": ("administrators", _strings),
    "readers": ("readers", _strings),
    "signers": ("signers", _strings),
    "vpcs": ("vpcs", _strings),
    "vpc_endpoints": ("vpc_endpoints", _strings),
    "networks": ("networks", _strings),
    "redirect_hosts": ("hosts", _strings),
}
_SAID: dict[str, tuple[str, _Reader]] = {
    "reason": ("reason", _string),
    "role": ("roles", _some_of(ROLES)),
    "data": ("data", _some_of(DATA)),
    "regions": ("regions", _strings),
    "destinations": ("destinations", _accounts),
    "encryption": ("encryption", _of(_ENCRYPTION)),
    "minimum_tls": ("minimum_tls", _of(("1.2", "1.3"))),
    "retention": ("retention", _retention),
    "log_retention": ("log_retention", _retention),
    "network": ("network", _of(("private",))),
    "required_tags": ("required_tags", _tags),
    "stack_tags": ("stack_tags", _tags),
    "forbidden_names": ("forbidden_names", _expressions),
    **{name: (name, _days) for name in ("abort_multipart_days", "backup_days", "presigned_minutes")},
    **{
        name: (name, _boolean)
        for name in (
            "public",
            "encryption_enforced",
            "versioned",
            "object_lock",
            "access_points_only",
            "accelerated",
            "requester_pays",
            "replicated",
            "cross_region",
            "backed_up",
            "backup_plans_here",
            "notified",
            "loop_intended",
            "watched",
            "presigned",
            "protective",
            "range_safe",
            "deliberately_different",
            "stateful",
            "account_regional_name",
        )
    },
}
