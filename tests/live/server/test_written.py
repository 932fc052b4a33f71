"""Accounts that are written down as YAML: what the server is told, and what is said of a text that is none."""

import pytest

from s3audit.demo.server import Server
from s3audit.demo.world import ACCOUNT, REGION
from s3audit.demo.written import Written, WrittenError, written

TEXT = """\
# A bucket, one of somebody else's, a role and a job.
Account:
  Buckets:
    - Name: shop-orders
      CreationDate: 2016-05-04
      BucketRegion: us-east-1
      PutBucketVersioning: {VersioningConfiguration: {Status: Enabled}}
    - {Name: partner-reports, Owner: "444455556666"}
  Roles:
    - RoleName: tagging
      PolicyDocument: {Version: "2012-10-17", Statement: []}
      AttachedPolicies:
        - PolicyArn: arn:aws:iam::aws:policy/AmazonS3FullAccess
          PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]}
  Jobs:
    - JobId: job-1
      RoleArn: arn:aws:iam::123456789012:role/tagging
    - {JobId: job-2, Status: Complete}
  Denied: [s3:GetBucketPolicy]
"""


@pytest.fixture(scope="module")
def made() -> Written:
    return written(TEXT)


def test_each_thing_has_the_line_that_names_it(made: Written) -> None:
    assert made.lines == {
        f"arn:aws:iam::{ACCOUNT}:root": 2,
        "arn:aws:s3:::shop-orders": 4,
        "arn:aws:s3:::partner-reports": 8,
        f"arn:aws:iam::{ACCOUNT}:role/tagging": 10,
        f"arn:aws:s3:{REGION}:{ACCOUNT}:job/job-1": 16,
        f"arn:aws:s3:{REGION}:{ACCOUNT}:job/job-2": 18,
    }


def test_boto3_is_answered_what_is_written(made: Written) -> None:
    with Server(made.world) as server:
        s3, iam, control = server.client("s3", "us-east-1"), server.client("iam"), server.client("s3control")
        [bucket] = s3.list_buckets()["Buckets"]
        assert (bucket["Name"], bucket["CreationDate"].isoformat()) == (
            "shop-orders",
            "2016-05-04T00:00:00+00:00",
        )
        assert s3.get_bucket_versioning(Bucket="shop-orders")["Status"] == "Enabled"
        # It is from before there was a default.
        with pytest.raises(s3.exceptions.ClientError, match="NoSuchPublicAccessBlockConfiguration"):
            s3.get_public_access_block(Bucket="shop-orders")
        with pytest.raises(s3.exceptions.ClientError, match="AccessDenied"):
            s3.get_bucket_policy(Bucket="shop-orders")
        [name] = iam.list_role_policies(RoleName="tagging")["PolicyNames"]
        told = iam.get_role_policy(RoleName="tagging", PolicyName=name)
        assert told["PolicyDocument"] == {"Version": "2012-10-17", "Statement": []}
        [attached] = iam.list_attached_role_policies(RoleName="tagging")["AttachedPolicies"]
        assert attached["PolicyName"] == "AmazonS3FullAccess"
        policy = iam.get_policy(PolicyArn=attached["PolicyArn"])["Policy"]
        version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])
        assert version["PolicyVersion"]["Document"]["Statement"][0]["Action"] == "s3:*"
        jobs = control.list_jobs(AccountId=ACCOUNT)["Jobs"]
        assert [(one["JobId"], one["Status"]) for one in jobs] == [("job-1", "Active"), ("job-2", "Complete")]
        job = control.describe_job(AccountId=ACCOUNT, JobId="job-1")["Job"]
        assert job["RoleArn"].endswith("role/tagging")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Account: [", "it is no YAML: while parsing"),
        ("", "an account has one key, Account"),
        ("Account: {}\nResources: {}\n", "an account has one key, Account"),
        (
            "Account:\n  Bucket: []\n",
            "an account has no Bucket; it has Buckets, Roles, Jobs, Denied",
        ),
        ("Account:\n  Buckets:\n    - {Owner: x}\n", "Buckets, line 3: it has no Name"),
        (
            "Account:\n  Buckets:\n    - Name: shop\n      Policy: {}\n",
            "Buckets, line 3: Policy is no call that puts something to a bucket",
        ),
        (
            "Account:\n  Buckets:\n    - Name: shop\n      PutBucketVersioning: {Status: Enabled}\n",
            "Buckets, line 3: s3:PutBucketVersioning has no Status; it has ",
        ),
        (
            "Account:\n  Roles:\n    - {RoleName: r, Policy: {}}\n",
            "Roles, line 3: nothing is known here by the name of Policy",
        ),
    ],
)
def test_what_can_not_be_read_is_told(text: str, said: str) -> None:
    with pytest.raises(WrittenError) as caught:
        written(text)
    assert str(caught.value).startswith(said)
