"""One live scan, from the way into accounts to a report: what the command line and Python callers both use."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor

import msgspec
from msgspec.structs import replace

from s3audit import __version__, api
from s3audit.check import (
    ACCESS_POINTS,
    ACCOUNT,
    BUCKETS,
    DISTRIBUTIONS,
    KEYS,
    LIVE,
    ROLES,
    Check,
)
from s3audit.collectors.live.access import AccessError, Role, refusals
from s3audit.collectors.live.gather import Gathered, gathered
from s3audit.collectors.live.run import look
from s3audit.collectors.live.store.begin import StoreError
from s3audit.collectors.live.store.keep import Store, open_store, settle
from s3audit.collectors.live.store.replay import Replayed
from s3audit.collectors.live.wanted import Wanted
from s3audit.collectors.live.watch import Watch
from s3audit.collectors.live.words import count
from s3audit.engine import Into, judge_into
from s3audit.finding import FindingStatus, Input, Report
from s3audit.findings import ManyFindings
from s3audit.library import Library, library
from s3audit.location import Location
from s3audit.model.base import Resource, account_of
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.expectation import Expectation
from s3audit.model.world import Plain, World
from s3audit.problem import Problem
from s3audit.renderers.clean import clean
from s3audit.verdict import Severity

ROLE_NAME = "s3audit"
"""Of the role in each account of an organization, unless another is named."""
WORKERS = 32
OPTIONAL = ("objects", "uploads")

_INTERRUPTED = "The checks were interrupted; this is what was judged so far."
_GOES_ON = "The same command goes on where it ended."
_BEGINS_ANEW = "The same command begins anew."
_LACKS = "The snapshot lacks what s3audit broke on. The same command tries that again."
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")
_REGION = re.compile(r"[a-z]{2,}(-[a-z0-9]+)+-\d+")


class Keeping(msgspec.Struct, frozen=True):
    """Where a snapshot is kept, and how."""

    folder: str
    redact: bool = False
    """Without policies, tags and the ids of accounts."""
    overwrite: bool = False
    """In the place of the one that is there."""


def live(
    *,
    profile: str = "",
    regions: Sequence[str] = (),
    buckets: Sequence[str] = (),
    exclude: Sequence[str] = (),
    tags: Mapping[str, str] | None = None,
    assume_roles: Sequence[str] = (),
    external_id: str = "",
    organization: bool = False,
    role_name: str = ROLE_NAME,
    endpoint_url: str = "",
    thorough: bool = False,
    optional: Iterable[str] = (),
    workers: int = WORKERS,
    snapshot: str | os.PathLike[str] = "",
    redact: bool = False,
    overwrite: bool = False,
    executor: Executor | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    severity: Severity | str = Severity.MEDIUM,
    show: Iterable[FindingStatus] = api.DEFAULT_SHOW,
    config: str | os.PathLike[str] = "",
    frameworks: Sequence[str] = (),
    checks: Sequence[str | os.PathLike[str]] = (),
) -> Report:
    """Read what accounts have, run the checks, and return the report.

    Without `assume_roles` and `organization` it is the account of the profile, or of the usual credentials.
    `buckets` and `exclude` are patterns of names, the values of `tags` patterns too. `executor` is any of
    `concurrent.futures`: the work is sent to it as plain data. `snapshot` is a folder that keeps what is seen,
    for `scan` to judge again; one that was not finished is gone on with. `config` is a file that says what buckets
    are for. With `frameworks`, names or files, only the checks run that these name. `checks` are folders of checks of
    one's own. Raises `UsageError` where there is no way in at all; whatever else can't be read is a `Problem` in the
    report.
    """
    keeping = kept_in(os.fspath(snapshot), redact=redact, overwrite=overwrite)
    done = run(
        wanted(
            profile=profile,
            regions=regions,
            buckets=buckets,
            exclude=exclude,
            tags=tags or {},
            assume_roles=assume_roles,
            external_id=external_id,
            organization=organization,
            role_name=role_name,
            endpoint_url=endpoint_url,
            thorough=thorough,
            optional=optional,
            workers=workers,
        ),
        select=select,
        ignore=ignore,
        severity=api.severity_of(severity),
        show=show,
        executor=executor,
        keeping=keeping,
        config=os.fspath(config),
        frameworks=frameworks,
        checks_in=[os.fspath(folder) for folder in checks],
    )
    told(keeping, done)
    return done.report


def told(keeping: Keeping | None, done: api.Scan) -> None:
    """The report is where it was to go, so nobody has to go on with the snapshot for it."""
    if keeping is not None and not done.interrupted:
        settle(keeping.folder)


def kept_in(folder: str, *, redact: bool, overwrite: bool) -> Keeping | None:
    """Where a snapshot is kept, if one is asked for."""
    if not folder and (redact or overwrite):
        raise api.UsageError(
            "only a snapshot can be redacted or overwritten: name its folder with --snapshot"
        )
    return Keeping(folder, redact, overwrite) if folder else None


def wanted(
    *,
    profile: str,
    regions: Sequence[str],
    buckets: Sequence[str],
    exclude: Sequence[str],
    tags: Mapping[str, str],
    assume_roles: Sequence[str],
    external_id: str,
    organization: bool,
    role_name: str,
    endpoint_url: str,
    thorough: bool,
    optional: Iterable[str],
    workers: int,
) -> Wanted:
    """What is asked for, if that makes sense."""
    for region in regions:
        if not _REGION.fullmatch(region) and not endpoint_url:
            raise api.UsageError(f"{region!r} is no Region; expected one such as eu-west-1")
    for role in assume_roles:
        if not _ROLE.fullmatch(role):
            raise api.UsageError(
                f"{role!r} is no role; expected an ARN such as arn:aws:iam::111122223333:role/audit"
            )
    if organization and len(assume_roles) > 1:
        raise api.UsageError(
            "for an organization one role can be assumed first, that of whoever may list its accounts"
        )
    if external_id and not assume_roles and not organization:
        raise api.UsageError("an external id is for a role: name it, or scan an organization")
    if endpoint_url and not endpoint_url.startswith(("http://", "https://")):
        raise api.UsageError(
            f"{endpoint_url!r} is no endpoint; expected a URL such as https://s3.example.com"
        )
    optional = frozenset(optional)
    if unknown := sorted(optional - set(OPTIONAL)):
        raise api.UsageError(f"there is no {unknown[0]!r} to read; expected one of {', '.join(OPTIONAL)}")
    return Wanted(
        profile=profile,
        endpoint_url=endpoint_url,
        roles=tuple(Role(role, external_id) for role in dict.fromkeys(assume_roles)),
        organization=organization,
        role_name=role_name.rpartition("role/")[2],
        external_id=external_id,
        regions=tuple(dict.fromkeys(regions)),
        buckets=tuple(buckets),
        exclude=tuple(exclude),
        tags=tuple(sorted(tags.items())),
        thorough=thorough,
        optional=optional,
        workers=workers,
    )


def run(
    asked: Wanted,
    *,
    select: Sequence[str],
    ignore: Sequence[str],
    severity: Severity,
    show: Iterable[FindingStatus],
    executor: Executor | None = None,
    watch: Watch | None = None,
    keeping: Keeping | None = None,
    config: str = "",
    frameworks: Sequence[str] = (),
    config_found: bool = False,
    checks_in: Sequence[str] = (),
    known: Library | None = None,
) -> api.Scan:
    """One live scan, with all that the command line needs of it; `known` are the checks, where they are at hand."""
    said = api.configured(config)
    expectations = () if said is None else said.expectations
    known = known or library(checks_in, said, config_found)
    every = known.checks
    chosen: Sequence[Check] = known.selected(select, ignore)
    asking = api.frameworks_of(frameworks, every)
    if asking:
        every = chosen = api.asked_by(asking, chosen)
    checks = [check for check in chosen if LIVE in check.sources]
    needs = frozenset(need for check in checks for need in check.needs)
    asked = replace(asked, needs=needs, needs_buckets=BUCKETS in needs)
    store = None if keeping is None else _opened(keeping, asked)
    try:
        found = gathered(look(asked, executor=executor, watch=watch, keeper=store))
    except AccessError as error:
        raise api.UsageError(clean(str(error))) from None
    finally:
        if store is not None:
            store.close()
    problems = [*known.problems, *found.problems, *_not_kept(store), *_taken_up(store)]
    findings = ManyFindings()
    interrupted = found.interrupted
    try:
        problems.extend(judge_seen(found, checks, findings, expectations))
    except KeyboardInterrupt:
        if not interrupted:
            problems.append(Problem(Location(""), "partial", _INTERRUPTED))
        interrupted = True
    report = Report(
        tool_version=__version__,
        checks=every,
        inputs=tuple(Input(name, LIVE, number) for name, number in sorted(found.accounts.items())),
        problems=tuple(sorted(set(problems), key=lambda p: (p.at.source, p.kind, p.message))),
        findings=findings,
        threshold=severity,
        show=frozenset(show),
        ran=frozenset(check.id for check in chosen),
    )
    unread = known.is_broken or any(problem.kind == "unreadable" for problem in problems)
    return api.Scan(report, lambda _: None, unread, interrupted, asking)


def estate_with(bucket: str, *, profile: str, endpoint_url: str) -> tuple[Estate, list[Problem]]:
    """A bucket of an account with what has a say in who may use it, and what could not be read of them."""
    asked = Wanted(
        profile=profile,
        endpoint_url=endpoint_url,
        buckets=(bucket,),
        needs=frozenset({ACCOUNT, BUCKETS, ACCESS_POINTS, DISTRIBUTIONS, KEYS, ROLES}),
    )
    try:
        found = gathered(look(asked))
    except AccessError as error:
        raise api.UsageError(clean(str(error))) from None
    return found.estate, list(found.problems)


def judge_stored(
    world: World, checks: Sequence[Check], findings: Into, expectations: tuple[Expectation, ...] = ()
) -> tuple[Sequence[Problem], Mapping[str, int]]:
    """Judge what a snapshot has kept as it was judged, or would have been, when it was seen."""
    if not isinstance(world, Replayed):
        return judge_into(findings, world, checks, expectations=expectations), {
            world.source: len(world.estate)
        }
    asked = [check for check in checks if LIVE in check.sources]
    return judge_seen(world.found, asked, findings, expectations), world.found.accounts


def judge_seen(
    found: Gathered, checks: Sequence[Check], findings: Into, expectations: tuple[Expectation, ...] = ()
) -> Sequence[Problem]:
    """Add the findings to those that there are, each with the account that its subject is in; return what broke."""
    only = next(iter(found.accounts)) if len(found.accounts) == 1 else ""

    def source_of(resource: Resource) -> str | None:
        if isinstance(resource, Bucket) and not resource.is_declared:  # known by its name alone
            return None
        return only or account_of(resource) or LIVE

    world = Plain(only or LIVE, LIVE, found.estate)
    return judge_into(findings, world, checks, source_of=source_of, expectations=expectations)


def _opened(keeping: Keeping, asked: Wanted) -> Store:
    try:
        return open_store(
            keeping.folder,
            asked,
            redact=keeping.redact,
            overwrite=keeping.overwrite,
            to_be_told=True,
            requests=refusals,
        )
    except StoreError as error:
        raise api.UsageError(clean(str(error))) from None


def _not_kept(store: Store | None) -> list[Problem]:
    """Why the snapshot is not finished, and what of it lies elsewhere."""
    if store is None or (store.finished and not store.lacks):
        return []
    at = Location(store.path)
    if store.finished:
        return [Problem(at, "partial", f"{_LACKS}{_elsewhere(store)}")]
    left = f"{_BEGINS_ANEW if store.is_redacted and not store.working_copy else _GOES_ON}{_elsewhere(store)}"
    if store.broken:
        said = f"The snapshot could not be written, {clean(store.broken)}: it is not finished."
        return [Problem(at, "unreadable", f"{said} {left}")]
    return [Problem(at, "partial", f"The snapshot is not finished. {left}")]


def _taken_up(store: Store | None) -> list[Problem]:
    """That a part of this was read long before."""
    parts, began = (0, "") if store is None else store.taken_up
    if store is None or not parts:
        return []
    said = (
        f"A scan that began on {began[:10]} at {began[11:16]} UTC had read {count(parts, 'part')} of this, so they"
        " tell how it was then. To read all of it again, begin anew with --overwrite."
    )
    return [Problem(Location(store.path), "partial", said)]


def _elsewhere(store: Store) -> str:
    if not store.working_copy:
        return ""
    return f" Until then what was read lies, not redacted and for its owner alone, in {store.working_copy}."
