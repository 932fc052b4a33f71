"""The records of Route 53 that lead to S3, of all that there are."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from s3audit.collectors.live.answers import Told, Unseen
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.operations.dns import RECORDS, ZONES
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.reading import Read, Scope, filled
from s3audit.collectors.live.tables.dns import DNS_RECORD
from s3audit.model.base import Resource, kind_of
from s3audit.model.dns import DnsRecord
from s3audit.model.estate import Listing, Unlisted
from s3audit.model.names import is_s3_host
from s3audit.text import Text

_KIND = kind_of(DnsRecord)
_STAR = "\\052"
"""How Route 53 spells the star of a name."""


class DnsReader(msgspec.Struct, frozen=True):
    """A company has thousands of records, and few of them are about buckets."""

    need: str = "DNS records"
    scope: Scope = "account"

    def read(self, asker: Asker, place: Place, region: str) -> Read:
        zones = asker.ask(ZONES, place.account, {}, place.home)
        if isinstance(zones, Unseen):
            return Read(unlisted=(Unlisted(_KIND, place.account, "", zones.why),))
        found: list[Resource] = []
        gaps: list[str] = []
        for zone in zones.document["HostedZones"] if isinstance(zones, Told) else ():
            number = str(zone["Id"]).rpartition("/")[2]
            match asker.ask(RECORDS, f"hosted zone {number}", {"HostedZoneId": number}, place.home):
                case Told(document):
                    found += _kept(document, number, place)
                case Unseen(why=why):
                    gaps.append(why)
                case _:
                    continue
        if gaps:
            return Read(tuple(found), unlisted=(Unlisted(_KIND, place.account, "", gaps[0]),))
        return Read(tuple(found), (Listing(_KIND, place.account, ""),))


def _kept(document: Mapping[str, Any], zone: str, place: Place) -> Iterator[Resource]:
    for item in document["ResourceRecordSets"]:
        targets = [item.get("AliasTarget", {}).get("DNSName"), *(_values(item))]
        if any(is_s3_host(Text((target,))) for target in targets if target):
            name = str(item["Name"]).replace(_STAR, "*").rstrip(".")
            parts = (zone, name, item.get("Type"), item.get("SetIdentifier"))
            address = f"route53:hostedzone/{'/'.join(str(part) for part in parts if part)}"
            given = {**item, "Name": name, "Zone": zone}
            yield filled(DNS_RECORD, address, given, RECORDS, (), place, "", title=name)


def _values(item: Mapping[str, Any]) -> list[str]:
    return [str(one.get("Value", "")) for one in item.get("ResourceRecords") or ()]


DNS_READER = DnsReader()
