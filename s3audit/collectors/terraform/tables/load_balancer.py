"""Load balancers."""

from s3audit.collectors.documents.shape import Shape, absent, always, flag, text, word
from s3audit.collectors.terraform.tables.common import TAGS
from s3audit.model.load_balancer import LoadBalancer

_BALANCER = Shape(
    LoadBalancer,
    {
        "name": text("name"),
        "type": word("load_balancer_type"),
        "access_logs": flag("access_logs[0].enabled"),
        "access_log_bucket": text("access_logs[0].bucket"),
        "access_log_prefix": text("access_logs[0].prefix"),
        "connection_logs": flag("connection_logs[0].enabled"),
        "connection_log_bucket": text("connection_logs[0].bucket"),
        "connection_log_prefix": text("connection_logs[0].prefix"),
        "tags": TAGS,
    },
)

TABLES = {
    "aws_lb": _BALANCER,
    "aws_alb": _BALANCER,
    "aws_elb": Shape(
        LoadBalancer,
        {
            "name": text("name"),
            "type": always("classic"),
            # Here a block that does not say so is enabled too.
            "access_logs": flag("access_logs[0].enabled|access_logs[0]#present"),
            "access_log_bucket": text("access_logs[0].bucket"),
            "access_log_prefix": text("access_logs[0].bucket_prefix"),
            "connection_logs": absent(),
            "connection_log_bucket": absent(),
            "connection_log_prefix": absent(),
            "tags": TAGS,
        },
    ),
}
