"""What a bucket is used for: websites, logs, distributions and load balancers that depend on its settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import msgspec

from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket, Logging
from s3audit.model.distribution import Distribution, Origin
from s3audit.model.estate import MOST_COMPARED, Estate, is_there
from s3audit.model.load_balancer import LoadBalancer
from s3audit.model.lookup import Named
from s3audit.model.names import bucket_in_domain, is_website_domain
from s3audit.model.relations import label
from s3audit.model.trail import Trail
from s3audit.setting import Known, Setting, Unknown, Unset, some_of, when_set
from s3audit.text import Text, same
from s3audit.verdict import Status, Verdict, passed, some, unknown

T = TypeVar("T")

_MOST_LISTED = 20
"""Buckets of which it is not known whether they log to one, in the evidence of one finding."""

_NO = Verdict(Status.FAIL)
_YES = Verdict(Status.PASS)


def _naming(bucket: Bucket, estate: Estate, index: Callable[[Estate], Named[T]]) -> list[T]:
    """Those that may name this bucket; the others have nothing to do with it."""
    named = estate.once(index)
    match bucket.name:
        case Known(own) | Unset(own):
            return named.meant_by(own)
        case Unknown():
            return named.all


def if_there(neighbour: Resource, found: Verdict) -> Verdict:
    """What follows from a neighbour, which only counts if it exists."""
    return _counts(is_there(neighbour), found)


def _counts(there: Verdict, found: Verdict) -> Verdict:
    return found if there.status is Status.PASS else found & there


def or_unseen(found: Verdict, kind: type[Resource], bucket: Bucket, estate: Estate, what: str) -> Verdict:
    """The same, where all that there is of a kind was seen; else more of it may say otherwise, if none does yet."""
    if found.status is Status.PASS:
        return found
    # The trails of one Region record in others, and a load balancer writes to its own Region.
    region = _literal(bucket.region) if kind is LoadBalancer else ""
    gap = estate.unlisted(kind, _literal(bucket.account), region)
    return found if gap is None else found | unknown(bucket.at, f"whether {what} is not known: {gap.why}")


def _literal(setting: Setting[Text]) -> str:
    match setting:
        case Known(name) | Unset(name):
            return name.literal or ""
        case Unknown():
            return ""


def is_website(bucket: Bucket) -> Verdict:
    """Whether it is served as a website: over plain HTTP, to everyone."""
    return when_set(bucket.website, lambda site: passed(site.at, "it is a website"), _NO)


def receives_access_logs(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether another bucket sends its access logs to it."""
    return some(_listed(_access_logs(bucket, estate), bucket.at)) if _takes_logs(bucket) else _NO


def _listed(loggers: Iterable[Verdict], at: Location) -> Iterator[Verdict]:
    """What may hold of thousands is shown of the first, so that what is said of them all does not grow with each."""
    left_out = -_MOST_LISTED
    for one in loggers:
        left_out += one.status is Status.UNKNOWN
        if one.status is not Status.UNKNOWN or left_out <= 0:
            yield one
    if left_out > 0:
        yield unknown(at, f"and {left_out:,} more of which it is not known whether they log to it")


def _takes_logs(bucket: Bucket) -> bool:
    """Directory buckets and buckets on Outposts can't be the target of logs."""
    return bucket.type == "general"


def _access_logs(bucket: Bucket, estate: Estate) -> Iterator[Verdict]:
    loggers = estate.once(_Loggers)
    for logger, gap in loggers.undecided:
        if logger.address != bucket.address:
            why = unknown(gap.at, f"where {logger.label} logs to is not known: {gap.why}")
            yield _counts(logger.is_there, why)
    if len(loggers.by_target) > MOST_COMPARED:
        yield unknown(bucket.at, f"there are more than {MOST_COMPARED:,} log targets that it might be")
        return
    for target, those in _naming(bucket, estate, _by_log_target):
        for logger in those:
            if logger.address != bucket.address:
                sends = _named(target, bucket, logger.at) & passed(logger.at, f"{logger.label} logs to it")
                yield _counts(logger.is_there, sends)
    unread = estate.unread_buckets(_literal(bucket.account), _literal(bucket.region))
    if unread is not None:
        yield unknown(bucket.at, f"whether logs are sent to it is not known: {unread.why}")
    unseen = estate.gaps.get(bucket.address)
    if unseen is not None:
        yield unknown(unseen.at, f"whether logs are sent to it is not known: {unseen.why}")


class _Logger(msgspec.Struct, frozen=True, gc=False):
    """What is kept of a bucket that sends logs."""

    address: str
    label: str
    is_there: Verdict
    at: Location
    """Where it says to whom."""


class _Loggers:
    """Every name that access logs are sent to, and the buckets of which it is not known where they log to.

    Any bucket that is declared elsewhere may log to any other; to name one of them makes that no likelier.
    """

    def __init__(self, estate: Estate) -> None:
        self.by_target: dict[Text, list[_Logger]] = {}
        self.undecided: list[tuple[_Logger, Unknown]] = []
        for bucket in estate.all(Bucket):
            match bucket.logging:
                case Known(Logging(target=Known(name, at))) | Unset(Logging(target=Known(name, at))):
                    self.by_target.setdefault(name, []).append(_logger(bucket, at))
                case Known(Logging(target=Unknown(_, at) as gap)):
                    self.undecided.append((_logger(bucket, at), gap))
                case Unknown(_, at) as gap if bucket.is_declared:
                    self.undecided.append((_logger(bucket, at), gap))
                case _:
                    continue


def _logger(bucket: Bucket, at: Location) -> _Logger:
    return _Logger(bucket.address, label(bucket), is_there(bucket), at)


def _by_log_target(estate: Estate) -> Named[tuple[Text, list[_Logger]]]:
    return Named(((target, those), (target,)) for target, those in estate.once(_Loggers).by_target.items())


def is_identity_origin(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether a distribution reads it by an origin access identity."""
    found = some(
        if_there(
            one,
            some_of(one.origins, lambda origin: has_identity(origin) & _is(origin.domain_name, bucket)),
        )
        for one in _naming(bucket, estate, _by_identity_origin)
    )
    return or_unseen(found, Distribution, bucket, estate, "a distribution reads it by an identity")


def is_origin(bucket: Bucket, estate: Estate, *, or_website: bool = False) -> Verdict:
    """Whether a distribution reads it by its REST endpoint; that of a website is there for everybody.

    With `or_website` by either of the two.
    """
    found = some(
        if_there(
            one,
            some_of(
                one.origins,
                lambda origin: (
                    (_YES if or_website else _is_rest(origin.domain_name))
                    & _is(origin.domain_name, bucket)
                    & passed(origin.at, "a distribution reads it")
                ),
            ),
        )
        for one in _naming(bucket, estate, _by_origin)
    )
    found |= estate.once(_open_origins)
    return or_unseen(found, Distribution, bucket, estate, "a distribution reads it")


def _is_rest(domain: Setting[Text]) -> Verdict:
    match domain:
        case Known(written) | Unset(written) if is_website_domain(written):
            return _NO
        case _:
            return Verdict(Status.PASS)


def _by_origin(estate: Estate) -> Named[Distribution]:
    def names(one: Distribution) -> Iterator[Text]:
        return (name for name in _names_of_origins(one, lambda _: True) if name is not None)

    return Named((one, names(one)) for one in estate.all(Distribution))


def _open_origins(estate: Estate) -> Verdict:
    """What is open for every bucket alike: the origins that may lead to any."""
    found = [
        if_there(one, unknown(one.origins.at, f"which buckets {one.title or one.address} reads is not known"))
        for one in estate.all(Distribution)
        if None in _names_of_origins(one, lambda _: True)
    ]
    return some(found[:_MOST_LISTED])


def _by_identity_origin(estate: Estate) -> Named[Distribution]:
    def may_read(origin: Origin) -> bool:
        return has_identity(origin).status is not Status.FAIL

    return Named((one, _names_of_origins(one, may_read)) for one in estate.all(Distribution))


def _names_of_origins(one: Distribution, wanted: Callable[[Origin], bool]) -> Iterator[Text | None]:
    match one.origins:
        case Known(origins) | Unset(origins):
            for item in origins:
                match item:
                    case Known(origin) | Unset(origin):
                        if wanted(origin):
                            yield from _names_in(origin.domain_name)
                    case Unknown():
                        yield None
        case Unknown():
            yield None


def receives_distribution_logs(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether a distribution writes standard logs (legacy) to it."""
    note = "a distribution writes its logs to it"
    if not _takes_logs(bucket):
        return _NO
    found = some(
        if_there(
            one,
            when_set(one.logging, lambda log: filled(log.bucket, note) & _is(log.bucket, bucket), _NO),
        )
        for one in _naming(bucket, estate, _by_distribution_log)
    )
    return or_unseen(found, Distribution, bucket, estate, note)


def _by_distribution_log(estate: Estate) -> Named[Distribution]:
    def names(one: Distribution) -> Iterable[Text | None]:
        match one.logging:
            case Known(log) | Unset(log):
                return () if log is None else _names_in(log.bucket)
            case Unknown():
                return (None,)

    return Named((one, names(one)) for one in estate.all(Distribution))


def receives_trail_logs(bucket: Bucket, estate: Estate, *, of_organization: bool = False) -> Verdict:
    """Whether CloudTrail writes to it; with `of_organization` the trail of a whole organization."""
    note = "CloudTrail writes its logs to it"
    found = some(
        if_there(
            one,
            _trail_logs(one.bucket, bucket)
            & (_is_of_organization(one) if of_organization else _YES)
            & passed(one.bucket.at, note),
        )
        for one in _naming(bucket, estate, _by_trail_bucket)
    )
    return or_unseen(found, Trail, bucket, estate, note)


def _is_of_organization(trail: Trail) -> Verdict:
    found = trail.organization.is_in(True, what="whether it is the trail of an organization")
    return found if found.status is Status.UNKNOWN else Verdict(found.status)


def _by_trail_bucket(estate: Estate) -> Named[Trail]:
    return Named((one, _names(one.bucket)) for one in estate.all(Trail))


def _trail_logs(target: Setting[Text], bucket: Bucket) -> Verdict:
    match target:
        case Known(name, at) | Unset(name, at):
            return _named(name, bucket, at)
        case Unknown(why, at):
            return unknown(at, why)


def receives_balancer_logs(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether an application or classic load balancer writes logs to it."""
    if not _takes_logs(bucket):
        return _NO
    found = some(
        if_there(
            one,
            one.type.is_in("application", "classic", what="the type of the load balancer")
            & (
                _logs(one.access_logs, one.access_log_bucket, bucket)
                | _logs(one.connection_logs, one.connection_log_bucket, bucket)
            ),
        )
        for one in _naming(bucket, estate, _by_balancer_log)
    )
    return or_unseen(found, LoadBalancer, bucket, estate, "a load balancer writes its logs to it")


def _by_balancer_log(estate: Estate) -> Named[LoadBalancer]:
    return Named(
        (one, (*_names(one.access_log_bucket), *_names(one.connection_log_bucket)))
        for one in estate.all(LoadBalancer)
    )


def _logs(on: Setting[bool], target: Setting[Text | None], bucket: Bucket) -> Verdict:
    return on.satisfies(bool, "a load balancer writes its logs to it") & when_set(
        target, lambda name: _named(name, bucket, target.at), _NO
    )


def has_identity(origin: Origin) -> Verdict:
    """Whether an origin has an origin access identity."""
    return filled(origin.access_identity, "it is read by an origin access identity")


def filled(setting: Setting[Text | None], note: str) -> Verdict:
    """Whether there is a text, and not an empty one."""
    found = setting.satisfies(_is_filled, note)
    if found.status is Status.UNKNOWN and not isinstance(setting, Unknown):
        return unknown(setting.at, f"whether {note} is not known")
    return found


def _is_filled(value: Text | None) -> Status:
    if value is None or not value.parts:
        return Status.FAIL
    sure = any(isinstance(part, str) or part.resource for part in value.parts)
    return Status.PASS if sure else Status.UNKNOWN


def _is(domain: Setting[Text] | Setting[Text | None], bucket: Bucket) -> Verdict:
    """Whether a domain name leads to this bucket."""
    match domain:
        case Known(Text() as written, at) | Unset(Text() as written, at):
            name = bucket_in_domain(written)
            if name is not None:
                return _named(name, bucket, at)
            return (
                _NO if written.literal is not None else unknown(at, f"what {written} leads to is not known")
            )
        case Unknown(why, at):
            return unknown(at, why)
        case _:
            return _NO


def _names(setting: Setting[Text] | Setting[Text | None]) -> tuple[Text | None, ...]:
    """The name that is written, if there is one; None where it may be any."""
    match setting:
        case Known(name) | Unset(name):
            return () if name is None else (name,)
        case Unknown():
            return (None,)


def _names_in(domain: Setting[Text] | Setting[Text | None]) -> tuple[Text | None, ...]:
    """The same for the bucket that a domain name leads to."""
    match domain:
        case Known(Text() as written) | Unset(Text() as written):
            name = bucket_in_domain(written)
            return () if name is None and written.literal is not None else (name,)
        case setting:
            return _names(setting)


def _named(name: Text, bucket: Bucket, at: Location) -> Verdict:
    """Whether this is the name of the bucket."""
    match bucket.name:
        case Unknown(why):
            return unknown(at, why)
        case Known(own) | Unset(own):
            found = same(name, own)
            if found is Status.UNKNOWN:
                return unknown(at, f"whether {name} is this bucket is not known")
            return Verdict(found)
