"""CloudTrail, and who is told: trails, event data stores, metric filters, alarms, event rules."""

from collections.abc import Mapping
from typing import Any

import msgspec

from s3audit.collectors.live.answers import Absent, Answer, Gone, Told, Unseen
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.operations import Operation
from s3audit.collectors.live.operations import trails as operations
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.reading import Detail, Read, Reading, Scope, filled
from s3audit.collectors.live.tables.trails import ALARM, EVENT_DATA_STORE, EVENT_RULE, METRIC_FILTER, TRAIL
from s3audit.model.base import Resource
from s3audit.model.estate import Listing, Unlisted


class Trails(msgspec.Struct, frozen=True):
    """The trails that record in a region, each read where it has its home.

    A trail of several regions, or of the organization, is shown in all of them; it is read in one.
    """

    need: str = "trails"
    scope: Scope = "region"

    def read(self, asker: Asker, place: Place, region: str) -> Read:
        about = f"{place.account}/{region}"
        match asker.ask(operations.TRAILS, about, {"includeShadowTrails": True}, region):
            case Told(document):
                shown = [one for one in document["trailList"] if _is_read_here(one, place, region)]
                made = [_trail(asker, place, one, region) for one in shown]
                there = tuple(one for one in made if one is not None)
                return Read(there, (Listing("trail", place.account, region),))
            case Unseen(why=why):
                return Read(unlisted=(Unlisted("trail", place.account, region, why),))
            case _:
                return Read(listings=(Listing("trail", place.account, region),))


def _is_read_here(item: Mapping[str, Any], place: Place, region: str) -> bool:
    home = item.get("HomeRegion") or region
    if home == region or not place.regions:
        return True
    return home not in place.regions and region == min(place.regions)


def _trail(asker: Asker, place: Place, item: Mapping[str, Any], region: str) -> Resource | None:
    arn = str(item["TrailARN"])
    home = str(item.get("HomeRegion") or region)
    answers: list[tuple[Operation, Answer]] = []
    for operation, parameter in (
        (operations.TRAIL_STATUS, "Name"),
        (operations.EVENT_SELECTORS, "TrailName"),
        (operations.INSIGHT_SELECTORS, "TrailName"),
    ):
        if (
            operation is operations.INSIGHT_SELECTORS
            and item.get("HasInsightSelectors") is False
            and not place.thorough
        ):
            answer: Answer = Absent(derived="the trail has none")
            asker.note(operation, arn, answer)
        else:
            answer = asker.ask(operation, arn, {parameter: arn}, home)
        if isinstance(answer, Gone):
            return None
        answers.append((operation, answer))
    # The trail of an organization belongs to the account that made it.
    told = {**item, "Account": arn.split(":")[4]}
    return filled(TRAIL, arn, told, operations.TRAILS, answers, place, home, title=str(item.get("Name", "")))


TRAILS = Trails()
EVENT_DATA_STORES = Reading(
    need="trails",
    scope="region",
    shape=EVENT_DATA_STORE,
    listing=operations.EVENT_DATA_STORES,
    items="EventDataStores",
    address="{item.EventDataStoreArn}",
    title="{item.Name}",
    details=(
        Detail(
            operation=operations.EVENT_DATA_STORE, parameters={"EventDataStore": "item.EventDataStoreArn"}
        ),
    ),
)
METRIC_FILTERS = Reading(
    need="alarms",
    scope="region",
    shape=METRIC_FILTER,
    listing=operations.METRIC_FILTERS,
    items="metricFilters",
    address="metric-filter:{place.region}:{place.account}:{item.logGroupName}:{item.filterName}",
    title="{item.filterName}",
)


class Alarms(msgspec.Struct, frozen=True):
    """Alarms on a metric, and those that other alarms set off, which have none."""

    need: str = "alarms"
    scope: Scope = "region"

    def read(self, asker: Asker, place: Place, region: str) -> Read:
        asked = {"AlarmTypes": ["MetricAlarm", "CompositeAlarm"]}
        match asker.ask(operations.ALARMS, f"{place.account}/{region}", asked, region):
            case Told(document):
                items = (*document["MetricAlarms"], *document["CompositeAlarms"])
                made = tuple(_alarm(place, item, region) for item in items)
                return Read(made, (Listing("alarm", place.account, region),))
            case Unseen(why=why):
                return Read(unlisted=(Unlisted("alarm", place.account, region, why),))
            case _:
                return Read(listings=(Listing("alarm", place.account, region),))


def _alarm(place: Place, item: Mapping[str, Any], region: str) -> Resource:
    if "MetricName" not in item and item.get("Metrics"):
        gap = Unseen("unexpected", "the alarm is on an expression over several metrics")
        item = {**item, "MetricName": gap, "Namespace": gap}
    name = str(item.get("AlarmName", ""))
    return filled(ALARM, str(item["AlarmArn"]), item, operations.ALARMS, (), place, region, title=name)


ALARMS = Alarms()


class EventRules(msgspec.Struct, frozen=True):
    """The rules of every event bus; whom one tells is asked of those that wait for events."""

    need: str = "alarms"
    scope: Scope = "region"

    def read(self, asker: Asker, place: Place, region: str) -> Read:
        names: list[str] = []
        match asker.ask(operations.EVENT_BUSES, f"{place.account}/{region}", {}, region):
            case Told(document):
                names = [str(bus["Name"]) for bus in document["EventBuses"]]
            case Unseen(why=why):
                return Read(unlisted=(Unlisted("event-rule", place.account, region, why),))
            case _:
                pass
        found: list[Resource] = []
        gaps: list[str] = []
        for name in names:
            match asker.ask(operations.EVENT_RULES, name, {"EventBusName": name}, region):
                case Told(document):
                    made = (_rule(asker, place, item, name, region) for item in document["Rules"])
                    found.extend(one for one in made if one is not None)
                case Unseen(why=why):
                    gaps.append(why)
                case _:
                    continue
        if gaps:
            return Read(tuple(found), (), (Unlisted("event-rule", place.account, region, gaps[0]),))
        return Read(tuple(found), (Listing("event-rule", place.account, region),))


def _rule(asker: Asker, place: Place, item: Mapping[str, Any], bus: str, region: str) -> Resource | None:
    arn, name = str(item["Arn"]), str(item["Name"])
    answer: Answer
    if item.get("EventPattern") or place.thorough:
        answer = asker.ask(operations.RULE_TARGETS, arn, {"Rule": name, "EventBusName": bus}, region)
    else:
        answer = Unseen("unexpected", "the rule has a schedule and waits for no event, so nobody asked")
    if isinstance(answer, Gone):
        return None
    answers = [(operations.RULE_TARGETS, answer)]
    return filled(EVENT_RULE, arn, item, operations.EVENT_RULES, answers, place, region, title=name)


EVENT_RULES = EventRules()

TRAIL_READERS = (TRAILS, EVENT_DATA_STORES, METRIC_FILTERS, ALARMS, EVENT_RULES)
