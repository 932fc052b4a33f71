"""Whether CloudTrail records what is done with the objects of a bucket."""

from s3audit.check import LIVE
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.model.trail import EventDataStore, Trail
from s3audit.model.uses import receives_trail_logs
from s3audit.policy.trails import records
from s3audit.verdict import Status, Verdict, failed, not_applicable, unknown, unless


def recorded(bucket: Bucket, estate: Estate, kind: str, what: str) -> Verdict:
    """Whether some trail or event data store records it; `what` is what it records, in words."""

    def asked() -> Verdict:
        if bucket.origin != LIVE and not any(map(len, (estate.all(Trail), estate.all(EventDataStore)))):
            return not_applicable(bucket.at, "no trail is declared here")
        found = _told(records(bucket, estate, kind), bucket, what)
        if found.status is not Status.FAIL:
            return found
        return unless(receives_trail_logs(bucket, estate), "the trail would record its own logs", found)

    return unless(~of_type(bucket, "general"), "its objects have events of another kind", asked)


def _told(found: Verdict, bucket: Bucket, what: str) -> Verdict:
    match found.status:
        case Status.FAIL:
            return failed(bucket.at, f"no trail that is known records {what}")
        case Status.UNKNOWN if not found.evidence:
            return unknown(bucket.at, f"whether a trail records {what} is not known")
        case _:
            return found
