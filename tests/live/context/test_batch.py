"""Batch jobs."""

from typing import Any

from s3audit.collectors.live.context.batch import BATCH_READER
from s3audit.demo.world import ACCOUNT, REGION
from s3audit.model.batch import BatchJob
from tests.live.context.scene import Scene, listed, only, value, values, why

ROLE = f"arn:aws:iam::{ACCOUNT}:role/batch"
JOB: dict[str, Any] = {
    "JobId": "job-1",
    "Operation": "S3PutObjectAcl",
    "Status": "Complete",
    "CreationTime": "2025-01-02T03:04:05Z",
}
MANIFEST = {
    "Spec": {"Format": "S3BatchOperations_CSV_20180820"},
    "Location": {"ObjectArn": "arn:aws:s3:::lists/all.csv", "ETag": "1"},
}


def told(scene: Scene, **job: Any) -> None:
    scene.world.tell("s3control:ListJobs", {"Jobs": [JOB]})
    scene.world.tell("s3control:DescribeJob", {"Job": {"RoleArn": ROLE, **job}}, {"JobId": "job-1"})


def test_a_job_is_read_whole(scene: Scene) -> None:
    report = {
        "Enabled": True,
        "Bucket": "arn:aws:s3:::reports",
        "Prefix": "acl",
        "ExpectedBucketOwner": ACCOUNT,
    }
    told(scene, Manifest=MANIFEST, Report=report)
    read = scene.read(BATCH_READER)
    job = only(read, BatchJob)
    assert job.address == f"arn:aws:s3:{REGION}:{ACCOUNT}:job/job-1"
    fields = (
        "id",
        "status",
        "operation",
        "role",
        "manifest_bucket",
        "report",
        "report_bucket",
        "report_prefix",
    )
    assert values(job, *fields, "report_bucket_owner", "created") == {
        "id": "job-1",
        "status": "Complete",
        "operation": "S3PutObjectAcl",
        "role": ROLE,
        "manifest_bucket": "arn:aws:s3:::lists/all.csv",
        "report": True,
        "report_bucket": "arn:aws:s3:::reports",
        "report_prefix": "acl",
        "report_bucket_owner": ACCOUNT,
        "created": "2025-01-02T03:04:05Z",
    }
    assert (job.status.at.call, job.role.at.call) == ("s3control:ListJobs", "s3control:DescribeJob")
    assert listed(read) == {("batch-job", REGION): ""}


def test_a_manifest_may_be_made_by_s3(scene: Scene) -> None:
    place = {"Bucket": "arn:aws:s3:::made", "ManifestFormat": "S3InventoryReport_CSV_20211130"}
    generator = {
        "SourceBucket": "arn:aws:s3:::data",
        "EnableManifestOutput": True,
        "ManifestOutputLocation": place,
    }
    told(scene, ManifestGenerator={"S3JobManifestGenerator": generator}, Report={"Enabled": False})
    job = only(scene.read(BATCH_READER), BatchJob)
    assert values(job, "manifest_bucket", "report", "report_bucket") == {
        "manifest_bucket": "arn:aws:s3:::made",
        "report": False,
        "report_bucket": None,
    }


def test_what_is_denied_is_not_known(scene: Scene) -> None:
    told(scene, Manifest=MANIFEST)
    scene.deny("s3control:DescribeJob")
    job = only(scene.read(BATCH_READER), BatchJob)
    said = "s3control:DescribeJob was denied, it needs the permission s3:DescribeJob"
    assert [why(job.role), why(job.report), why(job.manifest_bucket)] == [said] * 3
    assert value(job.operation) == "S3PutObjectAcl"


def test_a_job_that_is_gone_meanwhile_is_left_out(scene: Scene) -> None:
    told(scene)
    scene.world.refuse("s3control:DescribeJob", "NotFoundException", status=404)
    read = scene.read(BATCH_READER)
    assert (read.resources, listed(read)) == ((), {("batch-job", REGION): ""})


def test_all_pages_are_listed(scene: Scene) -> None:
    jobs = [JOB | {"JobId": f"job-{n}"} for n in range(3)]
    scene.world.tell("s3control:ListJobs", {"Jobs": jobs}, page=2)
    scene.world.tell("s3control:DescribeJob", {"Job": {"RoleArn": ROLE}})
    assert [job.title for job in scene.read(BATCH_READER).resources] == ["job-0", "job-1", "job-2"]


def test_a_denied_listing_is_a_gap(scene: Scene) -> None:
    scene.deny("s3control:ListJobs")
    said = "s3control:ListJobs was denied, it needs the permission s3:ListJobs"
    assert listed(scene.read(BATCH_READER)) == {("batch-job", REGION): said}
