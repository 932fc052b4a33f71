"""Route 53."""

from s3audit.collectors.documents.shape import Shape, listed, text, word
from s3audit.model.dns import DnsRecord

TABLES = {
    "AWS::Route53::RecordSet": Shape(
        DnsRecord,
        {
            "name": text("Name"),
            "type": word("Type"),
            "zone": text("HostedZoneId|HostedZoneName"),
            "alias": text("AliasTarget.DNSName"),
            "alias_zone": text("AliasTarget.HostedZoneId"),
            "values": listed("ResourceRecords", text("")),
        },
    ),
}
