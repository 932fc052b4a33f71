"""How a VPC reaches S3 on Outposts; its buckets have a room of their own."""

from s3audit.collectors.documents.shape import Shape, text, word
from s3audit.model.network import OutpostsEndpoint

TABLES = {
    "aws_s3outposts_endpoint": Shape(
        OutpostsEndpoint,
        {
            "outpost": text("outpost_id"),
            "subnet": text("subnet_id"),
            "security_group": text("security_group_id"),
            "access_type": word("access_type"),
            "customer_owned_pool": text("customer_owned_ipv4_pool"),
        },
    ),
}
