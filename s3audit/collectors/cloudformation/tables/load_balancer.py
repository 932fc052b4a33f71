"""Load balancers."""

from s3audit.collectors.cloudformation.tables.common import TAGS
from s3audit.collectors.documents.shape import Field, Shape, absent, always, flag, text, word
from s3audit.model.load_balancer import LoadBalancer


def _attribute(key: str) -> str:
    return f"LoadBalancerAttributes[Key={key}].Value"


_CLASSIC_CONNECTION_LOGS: dict[str, Field] = {
    "connection_logs": absent(),
    "connection_log_bucket": absent(),
    "connection_log_prefix": absent(),
}

TABLES = {
    "AWS::ElasticLoadBalancingV2::LoadBalancer": Shape(
        LoadBalancer,
        {
            "name": text("Name"),
            "type": word("Type"),
            "access_logs": flag(_attribute("access_logs.s3.enabled")),
            "access_log_bucket": text(_attribute("access_logs.s3.bucket")),
            "access_log_prefix": text(_attribute("access_logs.s3.prefix")),
            "connection_logs": flag(_attribute("connection_logs.s3.enabled")),
            "connection_log_bucket": text(_attribute("connection_logs.s3.bucket")),
            "connection_log_prefix": text(_attribute("connection_logs.s3.prefix")),
            "tags": TAGS,
        },
    ),
    "AWS::ElasticLoadBalancing::LoadBalancer": Shape(
        LoadBalancer,
        {
            "name": text("LoadBalancerName"),
            "type": always("classic"),
            "access_logs": flag("AccessLoggingPolicy.Enabled"),
            "access_log_bucket": text("AccessLoggingPolicy.S3BucketName"),
            "access_log_prefix": text("AccessLoggingPolicy.S3BucketPrefix"),
            **_CLASSIC_CONNECTION_LOGS,
            "tags": TAGS,
        },
    ),
}
