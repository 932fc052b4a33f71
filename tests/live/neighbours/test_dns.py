"""Records of Route 53 that lead to S3, and the buckets that they lead to."""

from typing import Any

from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.context.dns import DNS_READER
from s3audit.collectors.live.named import references
from s3audit.collectors.live.place import Place
from s3audit.demo.faults import denied
from s3audit.demo.server import Server
from s3audit.model.estate import Listing
from tests.live.neighbours.conftest import Look
from tests.live.neighbours.seen import calls, only, own

SITES = "s3-website-eu-west-1.amazonaws.com."


def zones(server: Server, *numbers: str) -> None:
    listed = [{"Id": f"/hostedzone/{one}", "Name": "example.com.", "CallerReference": one} for one in numbers]
    server.world.tell(
        "route53:ListHostedZones",
        {"HostedZones": listed, "Marker": "", "IsTruncated": False, "MaxItems": "100"},
    )


def records(server: Server, zone: str, *items: dict[str, Any]) -> None:
    document = {"ResourceRecordSets": list(items), "IsTruncated": False, "MaxItems": "300"}
    server.world.tell("route53:ListResourceRecordSets", document, {"HostedZoneId": zone})


def alias(name: str, target: str, **more: Any) -> dict[str, Any]:
    to = {"HostedZoneId": "Z1BKCTXD74EZPE", "DNSName": target, "EvaluateTargetHealth": False}
    return {"Name": name, "Type": "A", "AliasTarget": to, **more}


def cname(name: str, *targets: str) -> dict[str, Any]:
    return {"Name": name, "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": one} for one in targets]}


def test_those_that_lead_to_s3_are_kept(server: Server, look: Look) -> None:
    zones(server, "Z1", "Z2")
    records(
        server,
        "Z1",
        alias("www.example.com.", SITES),
        alias("cdn.example.com.", "d111111abcdef8.cloudfront.net."),
        cname("shop.example.com.", "shop.example.net"),
    )
    records(server, "Z2", cname("\\052.example.org.", "x.s3.eu-west-1.amazonaws.com"))
    found = look(DNS_READER)
    assert [one.address for one in found.resources] == [
        "route53:hostedzone/Z1/www.example.com/A",
        "route53:hostedzone/Z2/*.example.org/CNAME",
    ]
    assert found.listings == (Listing("dns-record", "123456789012", ""),)


def test_what_is_told_of_a_record(server: Server, look: Look) -> None:
    zones(server, "Z1")
    records(server, "Z1", alias("www.example.com.", SITES, SetIdentifier="eu", Weight=1))
    one = only(look(DNS_READER).resources)
    assert one.address == "route53:hostedzone/Z1/www.example.com/A/eu"
    assert own(one) == {
        "name": "www.example.com",
        "type": "A",
        "zone": "Z1",
        "alias": SITES,
        "alias_zone": "Z1BKCTXD74EZPE",
        "values": [],
    }
    assert set(calls(one).values()) == {"route53:ListResourceRecordSets"}


def test_a_zone_that_nobody_may_read_leaves_it_open(server: Server, look: Look) -> None:
    zones(server, "Z1", "Z2")
    records(server, "Z1", alias("www.example.com.", SITES))
    server.world.faults.add(denied(), "route53:ListResourceRecordSets", about="Z2")
    found = look(DNS_READER)
    assert [one.title for one in found.resources] == ["www.example.com"]
    assert found.listings == ()
    [gap] = found.unlisted
    assert (gap.kind, gap.account, gap.region) == ("dns-record", "123456789012", "")
    assert "route53:ListResourceRecordSets" in gap.why


def test_zones_that_nobody_may_list(server: Server, look: Look) -> None:
    server.world.faults.add(denied(), "route53:ListHostedZones")
    found = look(DNS_READER)
    assert found.resources == ()
    assert [one.kind for one in found.unlisted] == ["dns-record"]


def test_the_bucket_of_a_record_has_its_name(server: Server, look: Look, place: Place, asker: Asker) -> None:
    zones(server, "Z1")
    records(
        server,
        "Z1",
        cname("www.example.com.", "other.s3-website-eu-west-1.amazonaws.com"),
        cname("\\052.example.com.", "other.s3-website-eu-west-1.amazonaws.com"),
    )
    found = look(DNS_READER).resources
    assert references(found, place, ("buckets",)) == {("bucket", "www.example.com")}
    assert references(found, place, ("buckets",), ("www.example.com",)) == frozenset()
