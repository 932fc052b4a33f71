"""Puts a whole estate to the server, as far as a live account can have it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from s3audit.demo.answers import Refused
from s3audit.demo.faults import denied
from s3audit.demo.putting import put
from s3audit.demo.server import Server
from s3audit.demo.world import ACCOUNT, REGION, World
from s3audit.model.access_point import AccessPoint, MultiRegionAccessPoint, ObjectLambdaAccessPoint
from s3audit.model.base import Resource, kind_of
from s3audit.model.bucket import Bucket
from s3audit.model.distribution import Distribution
from s3audit.model.dns import DnsRecord
from s3audit.model.estate import Estate
from s3audit.model.names import bucket_in_domain
from s3audit.model.points import Point, targets
from s3audit.model.records import leads_to_s3
from s3audit.model.trail import Trail
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import text
from s3audit.verdict import Status
from tests.live.emit.form import Left
from tests.live.emit.listings import Listings
from tests.live.emit.names import Names
from tests.live.emit.neighbours import NEIGHBOURS, order
from tests.live.emit.sections import DIRECTORY, SECTIONS
from tests.live.emit.values import UntoldError, is_untold, items, told

ELSEWHERE = "999999999999"
"""The account of buckets that are declared elsewhere."""
_ARN = "arn:aws:s3:::"
_ORDER = ("ownership", "versioning")
"""What other configurations need."""


class Emitted(NamedTuple):
    """What became of an estate."""

    left: tuple[Left, ...]
    """What was left out, and why."""
    arns: Mapping[str, str]
    """By the address in the estate: the address that a live scan gives the same resource."""


def emit(estate: Estate, server: Server, account: str = ACCOUNT, region: str = REGION) -> Emitted:
    """Make the account that the server serves into this estate.

    A configuration of which nothing is known becomes a call that is denied; one of which a part is not known, and
    whatever a live account can't have, is left out. A bucket of which nobody says whether public access is blocked is
    one from before there was a default. Whoever compares verdicts has to leave alone what hangs on something left out.
    """
    names, listings = Names(estate, account, region), Listings()
    left: list[Left] = []
    arns: dict[str, str] = {}
    for resource in sorted(estate.resources, key=order):
        why = _why_not(resource)
        if why:
            left.append(Left(resource.address, "", why))
            continue
        if isinstance(resource, Bucket):
            left += _bucket(names, server, resource)
        else:
            try:
                NEIGHBOURS[kind_of(type(resource))](names, server.world, listings, resource)
            except UntoldError as untold:
                left.append(Left(resource.address, "", str(untold)))
                continue
        arns[resource.address] = names.arn(resource)
    listings.tell(server.world, region)
    referred = {
        *_trail_buckets(names, estate),
        *_distribution_buckets(names, estate),
        *_record_buckets(names, estate),
        *_point_buckets(names, estate),
    }
    _add_those_elsewhere(server.world, region, referred)
    functions = set(_point_functions(names, estate))
    _deny_targets_elsewhere(server.world, region, set(arns.values()), functions)
    return Emitted(tuple(left), arns)


def _trail_buckets(names: Names, estate: Estate) -> Iterator[str]:
    for trail in estate.all(Trail):
        with suppress(UntoldError):
            yield names.text(trail.bucket)


def _point_buckets(names: Names, estate: Estate) -> Iterator[str]:
    """Those behind access points."""
    points: list[Point] = [*estate.all(AccessPoint), *estate.all(MultiRegionAccessPoint)]
    for point in points:
        for target in targets(point):
            with suppress(UntoldError):
                name = names.text(target.name)
                if re.fullmatch(r"[a-z0-9.-]+", name) and not name.endswith("--x-s3"):
                    yield name


def _point_functions(names: Names, estate: Estate) -> Iterator[str]:
    """Those that objects pass through."""
    for point in estate.all(ObjectLambdaAccessPoint):
        with suppress(UntoldError):
            yield from filter(None, items(point.transformations, lambda each: names.text(each.function)))


def _distribution_buckets(names: Names, estate: Estate) -> Iterator[str]:
    """Those that origins lead to, and those that receive the logs."""
    for one in estate.all(Distribution):
        domains = (
            [] if isinstance(one.origins, Unknown) else items(one.origins, lambda each: each.domain_name)
        )
        if isinstance(one.logging, Known | Unset) and (log := told(one.logging)) is not None:
            domains.append(log.bucket)
        for domain in domains:
            with suppress(UntoldError):
                found = bucket_in_domain(text(names.text(domain) or ""))
                if found is not None and re.fullmatch(r"[a-z0-9.-]+", str(found)):
                    yield str(found)


def _record_buckets(names: Names, estate: Estate) -> Iterator[str]:
    """Those that records of Route 53 lead to: they have the names of the records."""
    for record in estate.all(DnsRecord):
        with suppress(UntoldError):
            name = names.text(record.name).rstrip(".")
            if leads_to_s3(record).status is Status.PASS and re.fullmatch(r"[a-z0-9.-]+", name):
                yield name


def _add_those_elsewhere(world: World, region: str, referred: set[str]) -> None:
    """The buckets that are referred to and not declared: somebody else has them."""
    referred |= {name for bucket in world.buckets.values() for name in _buckets_in(bucket.documents)}
    for name in sorted(referred - world.buckets.keys()):
        world.account(ELSEWHERE)
        world.bucket(name, region, ELSEWHERE)


def _deny_targets_elsewhere(world: World, region: str, declared: set[str], named: set[str]) -> None:
    """The topics, queues and functions that somebody names and nobody declares: nothing is told of them."""
    found = named | {arn for bucket in world.buckets.values() for arn in _targets_in(bucket.documents)}
    for arn in sorted(arn for arn in found if ":".join(arn.split(":")[:7]) not in declared):
        for call, when in _asking_for(arn):
            code = "AccessDeniedException" if call.startswith("lambda") else "AccessDenied"
            world.refuse(call, code, status=403, when=when, region=region)


def _asking_for(arn: str) -> Iterator[tuple[str, dict[str, str]]]:
    match arn.split(":"):
        case [_, _, "sns", *_]:
            yield "sns:GetTopicAttributes", {"TopicArn": arn}
        case [_, _, "sqs", _, account, name]:
            yield "sqs:GetQueueUrl", {"QueueName": name, "QueueOwnerAWSAccountId": account}
        case [_, _, "lambda", *_]:
            named = {"FunctionName": ":".join(arn.split(":")[:7])}
            yield "lambda:GetFunctionRecursionConfig", named
            yield "lambda:GetPolicy", named
            yield "lambda:ListEventSourceMappings", {"FunctionName": arn}
        case _:
            pass


def _targets_in(document: Any) -> Iterator[str]:
    match document:
        case dict():
            for name, value in document.items():
                if name in ("TopicArn", "QueueArn", "LambdaFunctionArn") and isinstance(value, str):
                    yield value
                else:
                    yield from _targets_in(value)
        case list():
            for value in document:
                yield from _targets_in(value)
        case _:
            pass


def _buckets_in(document: Any, key: str = "") -> Iterator[str]:
    """The buckets that a configuration names: by `TargetBucket`, or as a destination by ARN."""
    match document:
        case dict():
            for name, value in document.items():
                yield from _buckets_in(value, name)
        case list():
            for value in document:
                yield from _buckets_in(value, key)
        case str() if key == "TargetBucket":
            yield document
        case str() if key == "Bucket" and document.startswith(_ARN):
            yield document.removeprefix(_ARN)
        case _:
            pass


def _why_not(resource: Resource) -> str:
    """Why a live account can't have it at all."""
    if isinstance(resource.exists, Unknown):
        return resource.exists.why
    if not isinstance(resource, Bucket):
        kind = kind_of(type(resource))
        return "" if kind in NEIGHBOURS else f"nothing is written for a {kind} yet"
    if not resource.is_declared:
        return "only what is attached to it is known"
    if resource.type == "outposts":
        return "a bucket on Outposts is listed elsewhere"
    return ""


def has_lock_from_start(b: Bucket) -> bool:
    """Whether it is made with Object Lock, which switches versioning on."""
    match b.object_lock.at_creation, b.object_lock.enabled:
        case ((Known(True) | Unset(True)), (Known(True) | Unset(True))):
            return True
        case _:
            return False


def _refused(b: Bucket) -> dict[str, str]:
    """What S3 refuses for the sake of versioning, by field."""
    status = "" if isinstance(b.versioning.status, Unknown) else told(b.versioning.status)
    locked = has_lock_from_start(b)
    found = {}
    if locked and status == "Suspended":
        found["versioning"] = "S3 does not suspend it under Object Lock"
    if status == "Enabled" or locked:
        return found
    why = "it hangs on versioning, which is not told" if not status else "S3 demands versioning"
    if isinstance(b.object_lock.enabled, Unknown) or told(b.object_lock.enabled):
        found["object_lock"] = why
    if isinstance(b.replication, Unknown) or told(b.replication) is not None:
        found["replication"] = why
    return found


def _bucket(names: Names, server: Server, b: Bucket) -> list[Left]:
    world, name = server.world, names.own[b.address]
    is_directory = b.type == "directory"
    world.bucket(name, names.region, names.account, is_directory=is_directory)
    left = []
    match b.duplicates:
        case Known(found) if found:
            left.append(Left(b.address, "duplicates", "a live account has one of each"))
        case _:
            pass
    refusals = {} if is_directory else _refused(b)
    if has_lock_from_start(b):
        # As CreateBucket does it.
        put(
            world,
            "s3:PutBucketVersioning",
            {"Bucket": name, "VersioningConfiguration": {"Status": "Enabled"}},
        )
    left += [Left(b.address, field, why) for field, why in refusals.items()]
    fields = [field for field in SECTIONS if not is_directory or field in DIRECTORY]
    for field in sorted(set(fields) - refusals.keys(), key=lambda field: (field not in _ORDER, field)):
        get, write = SECTIONS[field]
        try:
            puts: list[tuple[str, dict[str, Any]]] = write(names, b)
        except UntoldError as untold:
            if is_untold(getattr(b, field)):
                world.faults.add(denied(), f"s3:{get}", about=name)
            else:
                left.append(Left(b.address, field, str(untold)))
            continue
        for call, parameters in puts:
            try:
                put(world, f"s3:{call}", {"Bucket": name, **parameters})
            except Refused as refused:
                left.append(Left(b.address, field, f"S3 refuses it: {refused.code}"))
    return left
