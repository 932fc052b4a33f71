"""What the owner says about Object Lambda access points."""

from collections.abc import Callable

from s3audit.intent import Trusted, said, trusted
from s3audit.model.access_point import ObjectLambdaAccessPoint
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Opaque, text
from s3audit.verdict import Status, Verdict, not_applicable, unknown


def if_protective(point: ObjectLambdaAccessPoint, estate: Estate, judged: Callable[[], Verdict]) -> Verdict:
    """The judgement of one that is said to hide something."""
    wanted = said(point, estate, lambda one: one.protective)
    if isinstance(wanted, Unknown):
        return unknown(point.at, wanted.why)
    if wanted.satisfies(lambda flag: flag is True, "").status is Status.FAIL:
        return not_applicable(point.at, "nobody says that it hides anything")
    return judged()


def is_range_safe(point: ObjectLambdaAccessPoint, estate: Estate) -> Verdict:
    """Whether its function is said to cope with parts of objects."""
    return said(point, estate, lambda one: one.range_safe).satisfies(
        lambda flag: flag is True, "its function is said to cope with parts of objects"
    )


def trusted_by(point: ObjectLambdaAccessPoint, estate: Estate) -> Trusted | Unknown:
    """Whom to trust with it: what is said of it, and of all buckets where it is."""
    nameless = Bucket(
        address="",
        at=point.at,
        origin=point.origin,
        name=Known(text(Opaque("its bucket", generated=True)), point.at),
        account=point.account,
        region=point.region,
        tags=Unset((), point.at),
    )
    return trusted(point, estate, nameless)
