"""Short words for what these tests ask of a scan."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from s3audit import accounts, api
from s3audit.collectors.live.gather import Gathered, gathered
from s3audit.collectors.live.run import look
from s3audit.collectors.live.wanted import Wanted
from s3audit.finding import Report
from s3audit.model.bucket import Bucket

NEEDS = frozenset({"account", "buckets", "distributions", "keys", "load balancers", "trails"})


def wanted(**more: Any) -> Wanted:
    """What a scan with all checks wants; it gives up after the first attempt, and asks once more at the end."""
    return Wanted(**{"needs": NEEDS, "attempts": 1, **more})


def see(asked: Wanted | None = None, **more: Any) -> Gathered:
    return gathered(look(asked or wanted(), **more))


def report(select: Sequence[str] = (), **more: Any) -> Report:
    """The report of a scan that asks for this."""
    asked: dict[str, Any] = {
        "profile": "",
        "regions": (),
        "buckets": (),
        "exclude": (),
        "tags": {},
        "assume_roles": (),
        "external_id": "",
        "organization": False,
        "role_name": "audit",
        "endpoint_url": "",
        "thorough": False,
        "optional": (),
        "workers": 8,
    }
    made = replace(accounts.wanted(**{**asked, **more}), attempts=1)
    return accounts.run(
        made, select=select, ignore=(), severity=api.severity_of("medium"), show=api.DEFAULT_SHOW
    ).report


def names(found: Gathered) -> list[str]:
    """Of the buckets that were read, in their order."""
    return [bucket.title for bucket in found.estate.all(Bucket) if bucket.is_declared]


def messages(found: Gathered | Report) -> list[str]:
    return [f"{problem.at}: {problem.kind}: {problem.message}" for problem in found.problems]


def statuses(of: Report, check: str) -> dict[str, str]:
    """By the name of what was judged."""
    return {finding.subject.name: finding.status for finding in of.findings if finding.check == check}


def only(values: Iterable[str], *words: str) -> list[str]:
    return [value for value in values if all(word in value for word in words)]
