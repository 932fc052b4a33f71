"""The comments of other tools, as their documentation describes them.

checkov: Suppressing and Skipping Policies. Trivy: Configuration, Skipping resources by inline comments; tfsec: Ignoring
Checks. KICS: Running KICS, Using commands on scanned files as comments.
"""

import re
from collections.abc import Iterator

from s3audit.location import Location
from s3audit.suppress.mark import Mark
from s3audit.suppress.ours import is_day

_CHECKOV = re.compile(r"checkov:skip=\s*(?P<name>[A-Z0-9_]+)(?::(?P<reason>.*))?")
_AQUA = re.compile(
    r"(?:trivy|tfsec):ignore:(?P<name>[^\s:\[]+)(?P<only>\[[^\]]*\])?(?P<more>(?::(?:exp|ws):[^\s:]*)*)(?P<rest>(?:(?!(?:trivy|tfsec):ignore:)[^#])*)"
)
_MORE = re.compile(r":(exp|ws):([^\s:]*)")
_KICS = re.compile(
    r"kics-scan\s+(?P<command>ignore-line|ignore-block|ignore|disable=|enable=)(?P<rest>.*)", re.IGNORECASE
)
_ALL = ("*",)


def marks(comment: str, at: Location, is_first: bool) -> Iterator[Mark]:
    """The suppressions in a comment; `is_first` tells that nothing but comments stands before it."""
    for tool in (_checkov, _aqua):
        yield from tool(comment, at)
    yield from _kics(comment, at, is_first)


def _checkov(comment: str, at: Location) -> Iterator[Mark]:
    for found in _CHECKOV.finditer(comment):
        yield Mark("checkov", (found["name"],), at, "inside", reason=_tidy(found["reason"] or ""))


def _aqua(comment: str, at: Location) -> Iterator[Mark]:
    for found in _AQUA.finditer(comment):
        until, spaces = "", []
        for key, value in _MORE.findall(found["more"]):
            if key == "exp":
                until = value
            else:
                spaces.append(value)
        # For some instances, or in some workspace: nobody tells which these are.
        if found["only"] or any(space != "*" for space in spaces) or (until and not is_day(until)):
            continue
        yield Mark("trivy", (found["name"],), at, "beside", reason=_tidy(found["rest"]), until=until)


def _kics(comment: str, at: Location, is_first: bool) -> Iterator[Mark]:
    found = _KICS.match(comment)
    if found is None:
        return
    command, rest = found["command"].lower(), found["rest"]
    queries = tuple(one.strip().lower() for one in rest.split(",") if one.strip())
    reason = _tidy(rest)
    match command:
        case "ignore-line":
            yield Mark("kics", _ALL, at, "next", reason=reason)
        case "ignore-block":
            yield Mark("kics", _ALL, at, "beside", reason=reason)
        case "ignore" if is_first:
            yield Mark("kics", _ALL, at, "file", reason=reason)
        case "disable=" if is_first and queries:
            yield Mark("kics", queries, at, "file")
        case "enable=" if is_first and queries:
            yield Mark("kics", _ALL, at, "file", but=queries)


def _tidy(reason: str) -> str:
    return reason.strip(" \t:-\"'")
