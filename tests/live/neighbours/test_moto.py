"""The neighbours as another implementation of AWS tells them: made by its calls, and read back."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.request import Request, urlopen

import pytest

from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.context.keys import KEY_READERS
from s3audit.collectors.live.context.organization import ORGANIZATION_READER
from s3audit.collectors.live.context.trails import ALARMS, EVENT_RULES, METRIC_FILTERS, TRAILS
from s3audit.collectors.live.named import by_region, read_named
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.reading import Reader
from s3audit.collectors.live.transport import BotoTransport
from s3audit.model.base import Resource
from tests.live.neighbours.seen import own, plain

ACCOUNT = "123456789012"
REGION = "eu-west-1"
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


class Moto:
    def __init__(self, url: str, session: Any) -> None:
        self.url = url
        self.session = session
        self.asker = Asker(BotoTransport(session, endpoint_url=url, region=REGION, attempts=1))
        self.place = Place(ACCOUNT, regions=(REGION,))

    def client(self, service: str) -> Any:
        import boto3

        # Not of the session that is read with: that one refuses to make anything.
        keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
        return boto3.Session(**keys, region_name=REGION).client(service, endpoint_url=self.url)

    def read(self, reader: Reader) -> tuple[Resource, ...]:
        found = reader.read(self.asker, self.place, "" if reader.scope == "account" else REGION)
        assert (found.unlisted, len(found.listings)) == ((), len(set(found.listings)))
        return found.resources

    def named(self, kind: str, name: str) -> tuple[Resource, ...]:
        ((region, names),) = by_region([(kind, name)]).items()
        return read_named(self.asker, self.place, region, names).resources


@pytest.fixture(scope="module")
def _server() -> Iterator[Any]:
    from moto.server import ThreadedMotoServer

    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def moto(_server: Any) -> Iterator[Moto]:
    import boto3

    host, port = _server.get_host_and_port()
    session = boto3.Session(aws_access_key_id="a", aws_secret_access_key="b", region_name=REGION)
    yield Moto(f"http://{host}:{port}", session)
    with urlopen(Request(f"http://{host}:{port}/moto-api/reset", method="POST")):
        pass


def test_a_key_and_its_alias(moto: Moto) -> None:
    kms = moto.client("kms")
    made = kms.create_key(Policy=json.dumps(POLICY), MultiRegion=True)["KeyMetadata"]
    kms.enable_key_rotation(KeyId=made["KeyId"])
    kms.create_alias(AliasName="alias/shop", TargetKeyId=made["KeyId"])
    kms.schedule_key_deletion(KeyId=made["KeyId"], PendingWindowInDays=7)
    (key,) = moto.named("kms-key", made["Arn"])
    found = own(key)
    assert found.pop("deletion_date").endswith("Z")
    assert found == {
        "id": made["KeyId"],
        "policy": POLICY,
        "enabled": False,
        "state": "PendingDeletion",
        "manager": "CUSTOMER",
        "rotation": True,
        "rotation_days": None,
        "spec": "SYMMETRIC_DEFAULT",
        "usage": "ENCRYPT_DECRYPT",
        "key_origin": "AWS_KMS",
        "multi_region": True,
        "primary": None,
        "pending_window_days": None,
    }
    aliases = [own(one) for one in moto.read(KEY_READERS[0])]
    assert {"name": "alias/shop", "key": made["KeyId"]} in aliases
    (missing,) = moto.named("kms-key", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/none")
    assert plain(missing.exists) is False


def test_a_role_and_its_policies(moto: Moto) -> None:
    iam = moto.client("iam")
    role = iam.create_role(
        RoleName="copy",
        Path="/jobs/",
        AssumeRolePolicyDocument=json.dumps(TRUST),
        Tags=[{"Key": "a", "Value": "b"}],
    )["Role"]["Arn"]
    iam.put_role_policy(RoleName="copy", PolicyName="own", PolicyDocument=json.dumps(POLICY))
    managed = iam.create_policy(PolicyName="reads", PolicyDocument=json.dumps(POLICY))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="copy", PolicyArn=managed)
    policy, found = moto.named("role", role)
    assert plain(found.tags) == [{"key": "a", "value": "b"}]
    assert own(found) | {"id": ""} == {
        "name": "copy",
        "path": "/jobs/",
        "id": "",
        "assume_role_policy": TRUST,
        "policies": [{"name": "own", "document": POLICY}],
        "attached_policies": [managed],
        "permissions_boundary": None,
        "max_session_duration": 3600,
    }
    assert (own(policy)["name"], own(policy)["document"]) == ("reads", POLICY)
    (missing,) = moto.named("role", f"arn:aws:iam::{ACCOUNT}:role/none")
    assert plain(missing.exists) is False


def test_a_trail_and_who_is_told(moto: Moto) -> None:
    moto.client("s3").create_bucket(
        Bucket="trail-logs", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    trail = moto.client("cloudtrail")
    trail.create_trail(Name="main", S3BucketName="trail-logs", S3KeyPrefix="t", IsMultiRegionTrail=True)
    trail.start_logging(Name="main")
    fields = [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
    ]
    trail.put_event_selectors(
        TrailName="main", AdvancedEventSelectors=[{"Name": "objects", "FieldSelectors": fields}]
    )
    logs = moto.client("logs")
    logs.create_log_group(logGroupName="trail")
    logs.put_metric_filter(
        logGroupName="trail",
        filterName="f",
        filterPattern="x",
        metricTransformations=[{"metricName": "m", "metricNamespace": "n", "metricValue": "1"}],
    )
    moto.client("cloudwatch").put_metric_alarm(
        AlarmName="a",
        MetricName="m",
        Namespace="n",
        AlarmActions=[f"arn:aws:sns:{REGION}:{ACCOUNT}:t"],
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        Period=60,
        Statistic="Sum",
        Threshold=1,
    )
    events = moto.client("events")
    events.put_rule(Name="r", EventPattern=json.dumps({"source": ["aws.s3"]}))
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": f"arn:aws:sns:{REGION}:{ACCOUNT}:t"}])
    (found,) = moto.read(TRAILS)
    seen = own(found)
    assert (seen["bucket"], seen["prefix"], seen["logging"]) == ("trail-logs", "t", True)
    assert (seen["multi_region"], seen["home_region"]) == (True, REGION)
    assert [one["field"] for one in seen["advanced_selectors"][0]["fields"]] == [
        "eventCategory",
        "resources.type",
    ]
    (metric_filter,) = moto.read(METRIC_FILTERS)
    assert own(metric_filter) == {
        "name": "f",
        "log_group": "trail",
        "pattern": "x",
        "metrics": [{"name": "m", "namespace": "n"}],
    }
    (alarm,) = moto.read(ALARMS)
    assert own(alarm) == {
        "name": "a",
        "metric": "m",
        "namespace": "n",
        "actions": [f"arn:aws:sns:{REGION}:{ACCOUNT}:t"],
        "actions_enabled": True,
    }
    (rule,) = moto.read(EVENT_RULES)
    assert own(rule) == {
        "name": "r",
        "bus": "default",
        "state": "ENABLED",
        "pattern": {"source": ["aws.s3"]},
        "targets": [{"id": "1", "target": f"arn:aws:sns:{REGION}:{ACCOUNT}:t", "role": None}],
    }


def test_whom_a_bucket_tells(moto: Moto) -> None:
    sns = moto.client("sns")
    topic = sns.create_topic(Name="t", Attributes={"KmsMasterKeyId": "alias/aws/sns"})["TopicArn"]
    sqs = moto.client("sqs")
    url = sqs.create_queue(QueueName="q", Attributes={"Policy": json.dumps(POLICY)})["QueueUrl"]
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:q"
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    (found,) = moto.named("topic", topic)
    assert own(found)["kms_key"] == "alias/aws/sns"
    assert own(found)["subscriptions"] == [{"protocol": "sqs", "endpoint": queue}]
    (found,) = moto.named("queue", queue)
    assert own(found) == {
        "name": "q",
        "url": url,
        "policy": POLICY,
        "kms_key": None,
        "managed_sse": True,
        "fifo": False,
    }
    for kind, arn in (("topic", f"{topic}x"), ("queue", f"{queue}x")):
        (missing,) = moto.named(kind, arn)
        assert plain(missing.exists) is False, kind


def test_a_bucket_that_was_not_listed(moto: Moto) -> None:
    (missing,) = moto.named("bucket", "nobody-has-it")
    assert plain(missing.exists) is False


def test_an_organization(moto: Moto) -> None:
    client = moto.client("organizations")
    client.create_organization(FeatureSet="ALL")
    root = client.list_roots()["Roots"][0]["Id"]
    unit = client.create_organizational_unit(ParentId=root, Name="shop")["OrganizationalUnit"]["Id"]
    status = client.create_account(Email="a@example.com", AccountName="member")["CreateAccountStatus"]
    member = status["AccountId"]
    client.move_account(AccountId=member, SourceParentId=root, DestinationParentId=unit)
    made = client.create_policy(
        Name="scp", Description="d", Type="SERVICE_CONTROL_POLICY", Content=json.dumps(POLICY)
    )
    policy = made["Policy"]["PolicySummary"]["Id"]
    client.attach_policy(PolicyId=policy, TargetId=unit)
    (found,) = moto.read(ORGANIZATION_READER)
    seen = own(found)
    assert seen["management_account"] == ACCOUNT
    assert {one["id"]: one["path"] for one in seen["members"]} == {ACCOUNT: [root], member: [root, unit]}
    policies = {one["id"]: one for one in seen["policies"] if isinstance(one, dict)}
    assert (policies[policy]["document"], policies[policy]["targets"]) == (POLICY, [unit])
