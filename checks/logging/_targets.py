"""The bucket that access logs go to, as the questions about it have it."""

from collections.abc import Callable

from s3audit.model.bucket import Bucket, Logging
from s3audit.model.estate import Estate
from s3audit.model.relations import Edge, log_edges
from s3audit.setting import Known, Unset, when_set
from s3audit.verdict import Verdict, every, not_applicable

NOT_LOGGED = "it has no access logging"
NO_TARGET = "the log target does not exist"


def of_target(bucket: Bucket, estate: Estate, judge: Callable[[Bucket], Verdict]) -> Verdict:
    """What holds of the log target of a bucket, with the place that names it."""
    return of_edge(
        bucket,
        estate,
        lambda edge: when_set(edge.to, lambda target: judge(target).noting(edge.note, edge.at), NO_TARGET),
    )


def of_edge(bucket: Bucket, estate: Estate, judge: Callable[[Edge], Verdict]) -> Verdict:
    """What holds of the way to it; without access logging the question does not arise."""
    return every(map(judge, log_edges(bucket, estate)), empty=not_applicable(bucket.logging.at, NOT_LOGGED))


def logging_of(bucket: Bucket) -> Logging:
    """How it logs, where it is known to."""
    match bucket.logging:
        case Known(Logging() as found) | Unset(Logging() as found):
            return found
        case _:
            return Logging(at=bucket.logging.at)
