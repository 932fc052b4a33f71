"""Batch jobs: S3 keeps them for 90 days."""

from s3audit.collectors.live.operations import batch as calls
from s3audit.collectors.live.reading import Detail, Reading
from s3audit.collectors.live.tables.batch import JOB

BATCH_READER = Reading(
    need="batch jobs",
    scope="region",
    shape=JOB,
    listing=calls.JOBS,
    parameters={"AccountId": "place.account"},
    items="Jobs",
    address="arn:{place.partition}:s3:{place.region}:{place.account}:job/{item.JobId}",
    title="{item.JobId}",
    details=(Detail(operation=calls.JOB, parameters={"AccountId": "place.account", "JobId": "item.JobId"}),),
)
