"""A record of Route 53, from the listing of its zone."""

from s3audit.collectors.documents.shape import Shape, listed, text, word
from s3audit.model.dns import DnsRecord

DNS_RECORD = Shape(
    DnsRecord,
    {
        "name": text("item.Name"),
        "type": word("item.Type"),
        "zone": text("item.Zone"),
        "alias": text("item.AliasTarget.DNSName"),
        "alias_zone": text("item.AliasTarget.HostedZoneId"),
        "values": listed("item.ResourceRecords", text("Value")),
    },
)
