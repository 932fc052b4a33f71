"""The calls about Route 53."""

from s3audit.collectors.live.operations.base import Operation, Pages

ZONES = Operation(
    service="route53",
    name="ListHostedZones",
    action="route53:ListHostedZones",
    tells="the hosted zones of Route 53",
    has=("HostedZones",),
    pages=Pages(("HostedZones",), "NextMarker", "Marker"),
)
RECORDS = Operation(
    service="route53",
    name="ListResourceRecordSets",
    action="route53:ListResourceRecordSets",
    tells="the records of a hosted zone, of which those that lead to S3 are kept",
    resource="arn:{partition}:route53:::hostedzone/*",
    has=("ResourceRecordSets",),
    gone=("NoSuchHostedZone",),
    pages=Pages(
        ("ResourceRecordSets",),
        "NextRecordName",
        "StartRecordName",
        more=(("NextRecordType", "StartRecordType"), ("NextRecordIdentifier", "StartRecordIdentifier")),
    ),
)

OF_DNS: tuple[Operation, ...] = (ZONES, RECORDS)
