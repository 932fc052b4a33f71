"""A small account in which every call of the table has something to tell."""

import json
from collections.abc import Mapping
from typing import Any

from s3audit.collectors.live.answers import Reply
from s3audit.demo import account
from s3audit.demo.account_buckets import KEY
from s3audit.demo.putting import put
from s3audit.demo.world import ACCOUNT, REGION, World
from tests.live.context import (
    test_access_points,
    test_batch,
    test_files,
    test_grants,
    test_lens,
    test_objects,
    test_tables,
    test_vectors,
)
from tests.live.context.scene import Scene
from tests.live.context.test_buckets import V1, V2

ORDERS, LOGS, WEB = "hazelwick-orders", "hazelwick-access-logs", "hazelwick-web"
OLD = "old"
"""It is from before there was a default, so that its objects have ACLs."""
HOT = "hot--euw1-az1--x-s3"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:events"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:resize"
ROLE = "hazelwick-replication"
MANAGED = f"arn:aws:iam::{ACCOUNT}:policy/reads"
_ALLOWS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*"}]}
_POLICY = json.dumps(_ALLOWS)
_ON = {"Status": "ENABLED"}
_STORE = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:eventdatastore/1"
_PLAN, _SELECTION = {"BackupPlanId": "p1"}, {"BackupPlanId": "p1", "SelectionId": "s1"}
_ZONE = {"Id": "/hostedzone/Z1", "Name": "example.com.", "CallerReference": "1"}
_RECORD = {"Name": f"{WEB}.", "Type": "CNAME", "ResourceRecords": [{"Value": f"{WEB}.s3.amazonaws.com"}]}
_ONE_PAGE = {"IsTruncated": False, "MaxItems": "100"}
_ORGANIZATION = f"arn:aws:organizations::{ACCOUNT}:organization/o-abcdefghij"
_SERVICE_POLICY = {
    "Id": "p-1",
    "Arn": f"{_ORGANIZATION}/p-1",
    "Name": "region",
    "Type": "SERVICE_CONTROL_POLICY",
}
_BALANCER = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/app/shop/1"
_VAULT = {"VaultARN": f"arn:aws:glacier:{REGION}:{ACCOUNT}:vaults/deep", "VaultName": "deep"}
_RULE = {"Name": "made", "Arn": "arn:aws:events:::made", "State": "ENABLED", "EventPattern": "{}"}
_INSIGHTS = {
    "TrailARN": "arn:aws:cloudtrail:::trail",
    "InsightSelectors": [{"InsightType": "ApiErrorRateInsight"}],
}
_LOGS_TO = {"Enabled": True, "S3BucketName": LOGS, "S3BucketPrefix": "elb", "EmitInterval": 60}

ANSWERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("route53:ListHostedZones", {"HostedZones": [_ZONE], "Marker": "", **_ONE_PAGE}),
    ("route53:ListResourceRecordSets", {"ResourceRecordSets": [_RECORD], **_ONE_PAGE}),
    ("backup:ListBackupPlans", {"BackupPlansList": [{"BackupPlanArn": "arn:aws:backup:::p1", **_PLAN}]}),
    ("backup:GetBackupPlan", {"BackupPlan": {"BackupPlanName": "daily", "Rules": []}, **_PLAN}),
    ("backup:ListBackupSelections", {"BackupSelectionsList": [_SELECTION]}),
    ("backup:GetBackupSelection", {"BackupSelection": {"SelectionName": "all", "IamRoleArn": "r"}}),
    ("cloudtrail:ListEventDataStores", {"EventDataStores": [{"EventDataStoreArn": _STORE, "Name": "lake"}]}),
    ("cloudtrail:GetEventDataStore", {"EventDataStoreArn": _STORE, "Name": "lake", "Status": "ENABLED"}),
    ("cloudtrail:GetInsightSelectors", _INSIGHTS),
    ("events:ListEventBuses", {"EventBuses": [{"Name": "default"}]}),
    ("events:ListRules", {"Rules": [_RULE]}),
    ("events:ListTargetsByRule", {"Targets": [{"Id": "1", "Arn": TOPIC}]}),
    ("elbv2:DescribeLoadBalancers", {"LoadBalancers": [{"LoadBalancerArn": _BALANCER, "Type": "network"}]}),
    (
        "elbv2:DescribeLoadBalancerAttributes",
        {"Attributes": [{"Key": "access_logs.s3.enabled", "Value": "false"}]},
    ),
    ("elb:DescribeLoadBalancers", {"LoadBalancerDescriptions": [{"LoadBalancerName": "old"}]}),
    ("elb:DescribeLoadBalancerAttributes", {"LoadBalancerAttributes": {"AccessLog": _LOGS_TO}}),
    ("sns:GetTopicAttributes", {"Attributes": {"TopicArn": TOPIC, "Policy": _POLICY}}),
    ("sns:ListSubscriptionsByTopic", {"Subscriptions": [{"Protocol": "sqs", "Endpoint": QUEUE}]}),
    ("sqs:GetQueueUrl", {"QueueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/jobs"}),
    ("sqs:GetQueueAttributes", {"Attributes": {"Policy": _POLICY, "SqsManagedSseEnabled": "true"}}),
    ("lambda:GetFunctionRecursionConfig", {"RecursiveLoop": "Terminate"}),
    ("lambda:GetPolicy", {"Policy": _POLICY}),
    ("lambda:ListEventSourceMappings", {"EventSourceMappings": [{"EventSourceArn": QUEUE}]}),
    ("iam:ListAttachedRolePolicies", {"AttachedPolicies": [{"PolicyArn": MANAGED}], "IsTruncated": False}),
    ("iam:GetPolicy", {"Policy": {"PolicyName": "reads", "Arn": MANAGED, "DefaultVersionId": "v1"}}),
    ("iam:GetPolicyVersion", {"PolicyVersion": {"Document": _ALLOWS, "VersionId": "v1"}}),
    ("glacier:ListVaults", {"VaultList": [_VAULT]}),
    ("glacier:GetVaultLock", {"Policy": _POLICY, "State": "Locked"}),
    ("glacier:GetVaultAccessPolicy", {"policy": {"Policy": _POLICY}}),
    (
        "glacier:GetVaultNotifications",
        {"vaultNotificationConfig": {"SNSTopic": TOPIC, "Events": ["InventoryRetrievalCompleted"]}},
    ),
    ("guardduty:ListDetectors", {"DetectorIds": ["d1"]}),
    ("guardduty:GetDetector", {"ServiceRole": "r", **_ON, "DataSources": {"S3Logs": _ON}}),
    (
        "guardduty:ListMalwareProtectionPlans",
        {"MalwareProtectionPlans": [{"MalwareProtectionPlanId": "p1"}]},
    ),
    (
        "guardduty:GetMalwareProtectionPlan",
        {"ProtectedResource": {"S3Bucket": {"BucketName": ORDERS}}, "Status": "ACTIVE"},
    ),
    ("macie2:GetMacieSession", {"status": "ENABLED"}),
    ("macie2:GetAutomatedDiscoveryConfiguration", {"status": "ENABLED"}),
    ("macie2:ListClassificationJobs", {"items": [{"jobId": "j1", "jobStatus": "RUNNING"}]}),
    (
        "organizations:DescribeOrganization",
        {"Organization": {"Id": "o-abcdefghij", "Arn": _ORGANIZATION, "MasterAccountId": ACCOUNT}},
    ),
    ("organizations:ListAccounts", {"Accounts": [{"Id": ACCOUNT, "Name": "shop", "Status": "ACTIVE"}]}),
    ("organizations:ListRoots", {"Roots": [{"Id": "r-root"}]}),
    ("organizations:ListAccountsForParent", {"Accounts": [{"Id": ACCOUNT}]}),
    ("organizations:ListPolicies", {"Policies": [_SERVICE_POLICY]}),
    ("organizations:DescribePolicy", {"Policy": {"PolicySummary": _SERVICE_POLICY, "Content": _POLICY}}),
    ("organizations:ListTargetsForPolicy", {"Targets": [{"TargetId": "r-root"}]}),
    ("organizations:ListDelegatedAdministrators", {"DelegatedAdministrators": [{"Id": ACCOUNT}]}),
    (
        "organizations:DescribeEffectivePolicy",
        {"EffectivePolicy": {"PolicyContent": '{"s3_attributes": {}}'}},
    ),
)


class _Nobody:
    """Nothing is read while an account is told."""

    def call(self, service: str, operation: str, parameters: Mapping[str, Any], region: str = "") -> Reply:
        raise NotImplementedError


def world() -> World:
    """The better half of the demo account, all of it in one Region, and what that does not have."""
    made = account.world()
    made.faults.clear()
    kept = {ORDERS, LOGS, WEB}
    made.buckets = {name: bucket for name, bucket in made.buckets.items() if name in kept}
    made.access_points.clear()
    scene = Scene(made, _Nobody())
    test_objects.told(scene, "in/a b.txt")
    made.bucket(HOT, is_directory=True)
    _more(made)
    test_access_points.general(scene)
    test_access_points.directory(scene)
    test_access_points.multi_region(scene)
    test_access_points.object_lambda(scene)
    for family in (test_grants, test_lens, test_tables, test_vectors, test_files):
        family.told(scene)
    test_batch.told(scene, Manifest=test_batch.MANIFEST)
    for name in ("files", "grants", "batch", "replication"):
        arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
        made.tell("iam:GetRole", {"Role": {"RoleName": name, "Arn": arn}}, {"RoleName": name})
    for operation, document in ANSWERS:
        made.tell(operation, document)
    trails = made.told["cloudtrail:DescribeTrails"][0].document["trailList"]
    made.tell("cloudtrail:DescribeTrails", {"trailList": [{**trails[0], "HasInsightSelectors": True}]})
    return made


def _more(made: World) -> None:
    rule = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY},
        "BucketKeyEnabled": True,
    }
    sources = {
        "TopicConfigurations": [{"TopicArn": TOPIC, "Events": ["s3:ObjectRemoved:*"]}],
        "QueueConfigurations": [{"QueueArn": QUEUE, "Events": ["s3:ObjectCreated:Put"]}],
        "LambdaFunctionConfigurations": [{"LambdaFunctionArn": FUNCTION, "Events": ["s3:ObjectRestore:*"]}],
    }
    puts: dict[str, dict[str, Any]] = {
        "PutBucketEncryption": {"ServerSideEncryptionConfiguration": {"Rules": [rule]}},
        "PutBucketNotificationConfiguration": {"NotificationConfiguration": sources},
        "PutBucketAccelerateConfiguration": {"AccelerateConfiguration": {"Status": "Suspended"}},
        "PutBucketMetricsConfiguration": {"Id": "all", "MetricsConfiguration": {"Id": "all"}},
    }
    for call, parameters in puts.items():
        put(made, f"s3:{call}", {"Bucket": ORDERS, **parameters})
    made.tell("s3:HeadBucket", {"BucketRegion": REGION}, {"Bucket": "lens"})
    made.tell("s3:GetBucketMetadataConfiguration", V2, {"Bucket": ORDERS})
    made.tell("s3:GetBucketMetadataTableConfiguration", V1, {"Bucket": ORDERS})
    upload = {"Key": "a", "StorageClass": "STANDARD", "Initiated": "2025-01-02T03:04:05Z"}
    made.tell("s3:ListMultipartUploads", {"Uploads": [upload]}, {"Bucket": ORDERS})
