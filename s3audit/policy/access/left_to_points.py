"""What a bucket policy leaves to access points, and what it does without them."""

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.policy.access.delegation import delegated
from s3audit.policy.access.direct import by_policy
from s3audit.policy.access.place import place_of
from s3audit.setting import Unknown
from s3audit.verdict import Evidence, Severity, Status, Verdict, every, failed, passed, unknown, verdict


def reached_by_points_only(bucket: Bucket, estate: Estate, severity: Severity) -> Verdict:
    """Whether nobody gets at the objects without an access point, as far as the bucket policy goes."""
    place = place_of(bucket, estate)
    if isinstance(place, Unknown):
        return unknown(place.at, place.why)
    found = [
        unknown(one.at, one.open)
        if one.open
        else failed(one.at, f"{one.who} can {' and '.join(one.can)} without an access point", severity)
        for one in by_policy(place, lambda action: action.of_objects)
    ]
    return every(found, passed(place.at, "nobody gets at the objects without an access point"))


def leaves_to_others(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether all statements together leave anything to access points of other accounts."""
    place = place_of(bucket, estate)
    if isinstance(place, Unknown):
        return unknown(place.at, place.why)
    left = list(delegated(place, list(by_policy(place))))
    if any(not one.open for one in left):
        return passed(place.at, "it is left to access points of another account")
    if left:
        return verdict(Status.UNKNOWN, *(Evidence(one.at, one.open) for one in left))
    return failed(place.at, "other statements take back what it leaves to access points")
