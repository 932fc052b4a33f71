"""What buckets have to do with one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from s3audit.location import Location
from s3audit.model.bucket import Bucket, Logging
from s3audit.model.estate import Estate
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.verdict import Evidence, Status, Verdict, failed, verdict


class Edge(msgspec.Struct, frozen=True):
    """One bucket names another: where, in which words, and which one it is."""

    at: Location
    note: str
    to: Setting[Bucket | None]


def log_edges(bucket: Bucket, estate: Estate) -> tuple[Edge, ...]:
    """Where the access logs of a bucket go: one edge, or none without logging."""
    match bucket.logging:
        case Unknown(why, at):
            return (Edge(at, "", Unknown(why, at)),)
        case Known(Logging(target=target)) | Unset(Logging(target=target)):
            match target:
                case Unknown(why, at):
                    return (Edge(at, "", Unknown(why, at)),)
                case Known(name, at) | Unset(name, at):
                    found = estate.bucket_named(name, at)
                    return (Edge(at, f"{label(bucket)} logs to {_target(found, str(name), bucket)}", found),)
        case _:
            return ()


def comes_back(start: Bucket, edges: Callable[[Bucket], Iterable[Edge]], what: str) -> Verdict:
    """Whether a way along the edges leads from a bucket back to itself; its steps are the evidence.

    `what` goes that way, in the plural: `the access logs`.
    """
    gaps: list[Evidence] = []
    seen = {start.address}
    paths: list[tuple[Bucket, tuple[Evidence, ...]]] = [(start, ())]
    while paths:
        bucket, path = paths.pop(0)
        for edge in edges(bucket):
            match edge.to:
                case Unknown(why, at):
                    gaps.append(Evidence(at, why))
                case Known(to) | Unset(to):
                    if to is None:
                        continue
                    way = (*path, Evidence(edge.at, edge.note))
                    if to.address == start.address:
                        return verdict(Status.PASS, *way)
                    if to.address not in seen:
                        seen.add(to.address)
                        paths.append((to, way))
    if gaps:
        return verdict(Status.UNKNOWN, *gaps)
    return failed(start.at, f"{what} of {label(start)} do not come back to it")


def label(bucket: Bucket) -> str:
    """What to call a bucket in a sentence."""
    return bucket.title or bucket.address


def _target(found: Setting[Bucket | None], name: str, source: Bucket) -> str:
    match found:
        case Known(Bucket() as bucket) | Unset(Bucket() as bucket):
            return "itself" if bucket.address == source.address else label(bucket)
        case _:
            return name
