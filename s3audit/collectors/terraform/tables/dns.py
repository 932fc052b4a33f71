"""Route 53."""

from s3audit.collectors.documents.shape import Shape, listed, text, word
from s3audit.model.dns import DnsRecord

TABLES = {
    "aws_route53_record": Shape(
        DnsRecord,
        {
            "name": text("name"),
            "type": word("type"),
            "zone": text("zone_id"),
            "alias": text("alias[0].name"),
            "alias_zone": text("alias[0].zone_id"),
            "values": listed("records", text("")),
        },
    ),
}
