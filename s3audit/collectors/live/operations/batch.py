"""The calls about S3 Batch Operations."""

from s3audit.collectors.live.operations.base import Operation, Pages

JOBS = Operation(
    service="s3control",
    name="ListJobs",
    action="s3:ListJobs",
    tells="the batch jobs of the last 90 days",
    root=("ListJobsResult",),
    pages=Pages(("Jobs",), "NextToken", "NextToken", ("MaxResults", 1_000)),
)
JOB = Operation(
    service="s3control",
    name="DescribeJob",
    action="s3:DescribeJob",
    tells="the role, the manifest and the report of a batch job",
    root=("DescribeJobResult",),
    has=("Job",),
    gone=("NotFoundException",),
)

OF_BATCH: tuple[Operation, ...] = (JOBS, JOB)
