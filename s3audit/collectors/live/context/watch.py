"""What watches S3 in a region: GuardDuty, Macie, IAM Access Analyzer."""

from collections.abc import Mapping
from typing import Any

import msgspec

from s3audit.collectors.live.answers import NotApplicable, Told, Unseen
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.operations import watch as operations
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.reading import Detail, Read, Reading, Scope, filled
from s3audit.collectors.live.tables.watch import ANALYZER, DETECTOR, MACIE, MALWARE_PLAN
from s3audit.model.estate import Listing, Unlisted

_NEED = "watching services"
_GUARDDUTY = "arn:{place.partition}:guardduty:{place.region}:{place.account}:"


DETECTORS = Reading(
    need=_NEED,
    scope="region",
    shape=DETECTOR,
    listing=operations.DETECTORS,
    items="DetectorIds",
    address=_GUARDDUTY + "detector/{item.it}",
    title="{item.it}",
    details=(Detail(operation=operations.DETECTOR, parameters={"DetectorId": "item.it"}),),
)
_ID = "MalwareProtectionPlanId"
MALWARE_PLANS = Reading(
    need=_NEED,
    scope="region",
    shape=MALWARE_PLAN,
    listing=operations.MALWARE_PLANS,
    items="MalwareProtectionPlans",
    address=f"{_GUARDDUTY}malware-protection-plan/{{item.{_ID}}}",
    title=f"{{item.{_ID}}}",
    details=(Detail(operation=operations.MALWARE_PLAN, parameters={_ID: f"item.{_ID}"}),),
)
ANALYZERS = Reading(
    need=_NEED,
    scope="region",
    shape=ANALYZER,
    listing=operations.ANALYZERS,
    items="analyzers",
    address="{item.arn}",
    title="{item.name}",
)


class Macie(msgspec.Struct, frozen=True):
    """The one session of a region, if Macie is on there."""

    need: str = _NEED
    scope: Scope = "region"

    def read(self, asker: Asker, place: Place, region: str) -> Read:
        about = f"{place.account}/{region}"
        listing = Listing("macie-session", place.account, region)
        match asker.ask(operations.MACIE, about, {}, region):
            case Told(document):
                discovery = asker.ask(operations.MACIE_DISCOVERY, about, {}, region)
                jobs = asker.ask(operations.MACIE_JOBS, about, {}, region)
                if isinstance(jobs, Told):
                    jobs = Told({"items": [_job(item) for item in jobs.document["items"]]})
                answers = [(operations.MACIE_DISCOVERY, discovery), (operations.MACIE_JOBS, jobs)]
                address = f"macie:{region}:{place.account}"
                made = filled(
                    MACIE, address, document, operations.MACIE, answers, place, region, title="Macie"
                )
                return Read((made,), (listing,))
            case Unseen(why=why):
                return Read(unlisted=(Unlisted("macie-session", place.account, region, why),))
            case NotApplicable():  # what AWS does not offer in a region is not missing there
                return Read()
            case _:
                return Read(listings=(listing,))


def _job(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """With the names of its buckets, if it has names of them."""
    named = [name for one in item.get("bucketDefinitions") or () for name in one.get("buckets") or ()]
    if item.get("bucketCriteria"):
        gap = Unseen("unexpected", "the job chooses its buckets by what they are like")
        return {**item, "buckets": [*named, gap]}
    return {**item, "buckets": named}


MACIE_SESSIONS = Macie()

WATCH_READERS = (DETECTORS, MALWARE_PLANS, MACIE_SESSIONS, ANALYZERS)
