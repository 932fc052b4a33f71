"""Tells AWS Security Hub what a live scan has found: the one thing of ours that writes, and only where it is asked for.

What was there before and is in order now goes to the archive. So does what is about something that is gone, where the
scan has seen all that there is; what a scan did not look at, or could not, stays as it was.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import msgspec

from s3audit import api
from s3audit.collectors.live.access import Access, AccessError, apart, enter, forget, transport_of
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.explore import doors
from s3audit.collectors.live.listing import list_regions
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.wanted import Wanted
from s3audit.finding import Finding, FindingStatus, Report
from s3audit.renderers import asff
from s3audit.renderers.clean import clean

CALLS = frozenset({("securityhub", "BatchImportFindings"), ("securityhub", "GetFindings")})
"""All that the client for this can do; that of a scan can do neither."""
MOST, MOST_BYTES = 100, 5_900_000
"""Security Hub takes no more in a call: findings, and with what is around them 6 MB."""
_SETTLED: frozenset[FindingStatus] = frozenset({"pass", "not_applicable", "suppressed"})
_KEPT = (
    "SchemaVersion",
    "Id",
    "ProductArn",
    "GeneratorId",
    "AwsAccountId",
    "CreatedAt",
    "FirstObservedAt",
    "Title",
    "Description",
    "FindingProviderFields",
    "Resources",
    "Compliance",
)
"""Of what is gone, all that there is left to say."""
_ATTEMPTS = 10


class Sent(msgspec.Struct, frozen=True):
    """What became of the findings of an account in a Region."""

    account: str
    region: str
    told: int = 0
    archived: int = 0
    failed: int = 0
    why: str = ""
    """Why some or all of them were not taken."""


def send(asked: Wanted, done: api.Scan, now: int) -> Iterator[Sent]:
    """Tell the hub of each account and Region, with the credentials by which the account was read."""
    try:
        ways_in = {account.id: (account, access) for account, access in _ways_in(asked)}
        # By account is how the findings of a live scan are ordered.
        for source, those in groupby(done.report.findings, key=lambda one: one.subject.source):
            if source in ways_in:
                yield from _of_account(*ways_in.pop(source), those, asked, done, now)
        for account, access in ways_in.values():
            yield from _of_account(account, access, (), asked, done, now)
    except AccessError as error:
        yield Sent("", "", why=str(error))
    finally:
        forget()


def _ways_in(asked: Wanted) -> Iterator[tuple["_Account", Access]]:
    for door in doors(asked).open:
        try:
            identity = enter(door.access)
        except AccessError:  # the scan has said so
            continue
        yield _Account(identity.account, identity.partition), door.access


class _Account(msgspec.Struct, frozen=True):
    id: str
    partition: str


def _of_account(
    account: _Account, access: Access, findings: Iterable[Finding], asked: Wanted, done: api.Scan, now: int
) -> Iterator[Sent]:
    report = done.report
    writing = asff.Writing(report, now)
    hubs: dict[str, _Hub] = {}

    def hub(region: str) -> _Hub:
        if region not in hubs:
            hubs[region] = _Hub(account, region, access, asff.moment(now))
        return hubs[region]

    for finding in findings:
        if asff.is_told(finding.subject):
            hub(asff.region_for(finding.subject)).note(finding, writing, is_shown(report, finding))
    # Also where nothing is found any more.
    for region in _regions(account, access, asked):
        hub(region)
    gone = _Gone(account, asked, done)
    for _, one in sorted(hubs.items()):
        for stored in one.left():
            if gone.is_sure(stored):
                one.archive(stored)
        one.flush()
        if one.has_said:
            yield one.sent()


def is_shown(report: Report, finding: Finding) -> bool:
    """Whether it is to be told: what fails always, and what else is asked for and open."""
    return finding.status in asff.OPEN and finding.status in {"fail", *report.show} and report.counts(finding)


def _regions(account: _Account, access: Access, asked: Wanted) -> Sequence[str]:
    if asked.regions:
        return asked.regions
    listed = list_regions(Asker(transport_of(access)), Place(account.id, account.partition))
    return listed if isinstance(listed, tuple) else ()


class _Gone:
    """Whether what nobody tells of any more is no more."""

    def __init__(self, account: _Account, asked: Wanted, done: api.Scan) -> None:
        ran = done.report.ran
        self._ran = frozenset(check.id for check in done.report.checks) if ran is None else ran
        kinds = {problem.kind for problem in done.report.problems if problem.at.source in ("", account.id)}
        filtered = bool(asked.buckets or asked.exclude or asked.tags)
        self._sees_buckets = not filtered and not done.interrupted and not kinds & {"unreadable", "crash"}
        self._sees_all = self._sees_buckets and "partial" not in kinds

    def is_sure(self, stored: Mapping[str, Any]) -> bool:
        check = str(stored.get("GeneratorId", "")).removeprefix(asff.GENERATOR)
        if check not in self._ran:
            return False
        kinds = {str(one.get("Type")) for one in stored.get("Resources", ())}
        return self._sees_buckets if kinds == {"AwsS3Bucket"} else self._sees_all


class _Hub:
    """Security Hub of an account in a Region."""

    def __init__(self, account: _Account, region: str, access: Access, now: str) -> None:
        self._account, self._region, self._now = account, region, now
        self._client = _client(access, region)
        self._waiting: list[dict[str, Any]] = []
        self._size = 0
        self._counts: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        self._active: dict[str, dict[str, Any]] = {}
        self._closed = ""
        """Why it can't be told anything."""
        try:
            self._active = {one["Id"]: one for one in self._stored()}
        except Exception as error:  # noqa: BLE001 - whatever AWS, botocore or the network may say
            self._closed = _why(error)

    def _stored(self) -> Iterator[dict[str, Any]]:
        """What it has of ours that is not in the archive."""
        product = asff.product(self._account.partition, self._region, self._account.id)
        filters = {
            "ProductArn": [{"Value": product, "Comparison": "EQUALS"}],
            "AwsAccountId": [{"Value": self._account.id, "Comparison": "EQUALS"}],
            "GeneratorId": [{"Value": asff.GENERATOR, "Comparison": "PREFIX"}],
            "RecordState": [{"Value": "ACTIVE", "Comparison": "EQUALS"}],
        }
        pages = self._client.get_paginator("get_findings").paginate(
            Filters=filters, PaginationConfig={"PageSize": MOST}
        )
        for page in pages:
            for one in page["Findings"]:
                yield {name: one[name] for name in _KEPT if name in one}

    def note(self, finding: Finding, writing: asff.Writing, is_shown: bool) -> None:
        """Tell it, or put it into the archive if it is there and settled."""
        stored = self._active.pop(asff.id_of(finding), None)
        is_settled = stored is not None and finding.status in _SETTLED
        if not is_shown and not is_settled:
            return
        if self._closed:
            self._failed[self._closed] += 1
            return
        written = writing.of(finding)
        if stored is not None:
            written["CreatedAt"] = stored["CreatedAt"]
        written["FirstObservedAt"] = (stored or {}).get("FirstObservedAt", written["CreatedAt"])
        if is_settled:  # it was last observed before
            del written["LastObservedAt"]
        self._add(written)

    def left(self) -> Sequence[dict[str, Any]]:
        """What it has and nobody has told of."""
        return tuple(self._active.values())

    def archive(self, stored: Mapping[str, Any]) -> None:
        self._add({**stored, "RecordState": "ARCHIVED", "UpdatedAt": self._now})

    def _add(self, written: dict[str, Any]) -> None:
        size = len(json.dumps(written)) + 2  # as botocore writes it, which escapes what is not ASCII
        if len(self._waiting) == MOST or self._size + size > MOST_BYTES:
            self.flush()
        self._waiting.append(written)
        self._size += size

    def flush(self) -> None:
        batch, self._waiting, self._size = self._waiting, [], 0
        if not batch:
            return
        try:
            answer = self._client.batch_import_findings(Findings=batch)
        except Exception as error:  # noqa: BLE001 - as above
            self._failed[_why(error)] += len(batch)
            return
        refused = {one["Id"]: f"{one['ErrorCode']}: {one['ErrorMessage']}" for one in _refused(answer)}
        self._failed.update(refused.values())
        self._counts.update(one["RecordState"] for one in batch if one["Id"] not in refused)

    @property
    def has_said(self) -> bool:
        return bool(self._counts or self._failed)

    def sent(self) -> Sent:
        return Sent(
            account=self._account.id,
            region=self._region,
            told=self._counts["ACTIVE"],
            archived=self._counts["ARCHIVED"],
            failed=self._failed.total(),
            why="; ".join(clean(why) for why in self._failed),
        )


def _refused(answer: Mapping[str, Any]) -> Sequence[Mapping[str, str]]:
    return answer.get("FailedFindings") or ()


def _client(access: Access, region: str) -> Any:
    from botocore.config import Config

    retries = {"mode": "adaptive", "total_max_attempts": _ATTEMPTS}
    config = Config(retries=retries, user_agent="s3audit")
    return apart(access, CALLS).create_client("securityhub", region_name=region, config=config)


def _why(error: Exception) -> str:
    """In AWS's words."""
    told = getattr(error, "response", {}).get("Error", {})
    return f"{told['Code']}: {told.get('Message', '')}" if told.get("Code") else str(error)
