"""What watches S3, from the answers about it."""

from s3audit.collectors.documents.shape import Shape, flag, listed, pairs, text, word
from s3audit.model.base import Tag
from s3audit.model.watch import Analyzer, Detector, MacieJob, MacieSession, MalwareProtectionPlan

_PAIR = Shape(Tag, {"key": text("key"), "value": text("value")})
_ON = {"ENABLED": "true", "DISABLED": "false"}
_PLAN = "GetMalwareProtectionPlan."

DETECTOR = Shape(
    Detector,
    {
        "id": text("item.it"),
        "enabled": flag("GetDetector.Status", _ON),
        "s3_data_events": word("GetDetector.Features[Name=S3_DATA_EVENTS].Status"),
        "s3_logs": flag("GetDetector.DataSources.S3Logs.Status", _ON),
        "tags": pairs("GetDetector.Tags", _PAIR),
    },
)
MALWARE_PLAN = Shape(
    MalwareProtectionPlan,
    {
        "bucket": text(_PLAN + "ProtectedResource.S3Bucket.BucketName"),
        "prefixes": listed(_PLAN + "ProtectedResource.S3Bucket.ObjectPrefixes", text("")),
        "role": text(_PLAN + "Role"),
        "tagging": word(_PLAN + "Actions.Tagging.Status"),
        "status": word(_PLAN + "Status"),
        "tags": pairs(_PLAN + "Tags", _PAIR),
    },
)
MACIE = Shape(
    MacieSession,
    {
        "status": word("item.status"),
        "automated_discovery": word("GetAutomatedDiscoveryConfiguration.status"),
        "jobs": listed(
            "ListClassificationJobs.items",
            Shape(
                MacieJob,
                {"id": text("jobId"), "status": word("jobStatus"), "buckets": listed("buckets", text(""))},
            ),
        ),
    },
)
ANALYZER = Shape(
    Analyzer,
    {
        "name": text("item.name"),
        "type": word("item.type"),
        "status": word("item.status"),
        "tags": pairs("item.tags", _PAIR),
    },
)
