"""A batch job, from the answers of the calls about it."""

from s3audit.collectors.documents.shape import Shape, flag, text, word
from s3audit.model.batch import BatchJob

_JOB = "DescribeJob.Job."
_GENERATED = _JOB + "ManifestGenerator.S3JobManifestGenerator.ManifestOutputLocation.Bucket"

JOB = Shape(
    BatchJob,
    {
        "id": text("item.JobId"),
        "status": word("item.Status"),
        "operation": word("item.Operation"),
        "role": text(_JOB + "RoleArn"),
        "manifest_bucket": text(f"{_JOB}Manifest.Location.ObjectArn|{_GENERATED}"),
        "report": flag(_JOB + "Report.Enabled"),
        "report_bucket": text(_JOB + "Report.Bucket"),
        "report_prefix": text(_JOB + "Report.Prefix"),
        "report_bucket_owner": text(_JOB + "Report.ExpectedBucketOwner"),
        "created": text("item.CreationTime"),
    },
)
