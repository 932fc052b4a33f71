"""Makes CloudFormation templates to measure with: such as people write, and the same for the same number.

python benchmarks/corpus.py FOLDER [COUNT]
"""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import yaml

SIZE = 13_000

Properties = dict[str, Any]


class Fn(NamedTuple):
    """An intrinsic function: `!Sub x` in YAML, `{"Fn::Sub": x}` in JSON."""

    name: str
    value: Any


NO_VALUE = Fn("Ref", "AWS::NoValue")
NAMES = [
    first + second
    for first in ("Audit", "Billing", "Catalog", "Customer", "Events", "Media", "Orders", "Search")
    for second in ("Archive", "Exports", "Images", "Reports", "Uploads")
]
HANDLER = """\
import json
import os

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    for record in event["Records"]:
        key = record["s3"]["object"]["key"]
        answer = s3.head_object(Bucket=os.environ["BUCKET"], Key=key)
        print(json.dumps({"key": key, "size": answer["ContentLength"]}))
    return {"done": len(event["Records"])}
"""


def ref(name: str) -> Fn:
    return Fn("Ref", name)


def sub(text: str) -> Fn:
    return Fn("Sub", text)


def arn(name: str) -> Fn:
    return Fn("GetAtt", f"{name}.Arn")


def resource(kind: str, properties: Properties, **attributes: Any) -> Properties:
    return {"Type": f"AWS::{kind}", **attributes, "Properties": properties}


def allow(actions: list[str], resources: Any, **more: Any) -> Properties:
    return {"Effect": "Allow", **more, "Action": actions, "Resource": resources}


def policy(*statements: Properties) -> Properties:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def tags(random: Random, name: str) -> list[Properties]:
    return [
        {"Key": "Name", "Value": sub(f"${{Project}}-{name.lower()}")},
        {"Key": "Environment", "Value": ref("Environment")},
        {"Key": "CostCenter", "Value": str(random.randrange(1000, 9999))},
    ]


def encryption(random: Random) -> Properties:
    by_key = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": random.choice([arn("DataKey"), "alias/shop"])}
    rule: Properties = {"ServerSideEncryptionByDefault": random.choice([{"SSEAlgorithm": "AES256"}, by_key])}
    return {"ServerSideEncryptionConfiguration": [rule | random.choice([{}, {"BucketKeyEnabled": True}])]}


def lifecycle(random: Random) -> Properties:
    days = random.choice([30, 60, 90])
    archive = {
        "StorageClass": random.choice(["STANDARD_IA", "GLACIER", "DEEP_ARCHIVE"]),
        "TransitionInDays": days,
    }
    rules = [
        {"Id": "archive", "Status": "Enabled", "Prefix": "data/", "Transitions": [archive]},
        {"Id": "tidy", "Status": "Enabled", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}},
        {"Id": "old", "Status": "Enabled", "NoncurrentVersionExpiration": {"NoncurrentDays": 4 * days}},
    ]
    return {"Rules": rules[: random.randint(1, 3)]}


def cors(random: Random) -> Properties:
    origins = random.choice(
        [["*"], [sub("https://${Domain}")], ["https://shop.example.com", "http://localhost:3000"]]
    )
    return {"CorsRules": [{"AllowedMethods": ["GET", "PUT"], "AllowedOrigins": origins, "MaxAge": 3000}]}


def logging(random: Random) -> Properties:
    return {"DestinationBucketName": ref("LogBucket"), "LogFilePrefix": sub("${AWS::StackName}/")}


def block(random: Random) -> Properties:
    flags = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    return dict.fromkeys(flags, True) | {random.choice(flags): random.choice([True, True, "true", False])}


def versioning(random: Random) -> Properties:
    by_stage = Fn("If", ["IsProduction", "Enabled", "Suspended"])
    return {"Status": random.choice(["Enabled", "Enabled", "Suspended", by_stage])}


CONFIGURATIONS: dict[str, Callable[[Random], Any]] = {
    "BucketEncryption": encryption,
    "VersioningConfiguration": versioning,
    "PublicAccessBlockConfiguration": block,
    "LoggingConfiguration": logging,
    "LifecycleConfiguration": lifecycle,
    "CorsConfiguration": cors,
    "OwnershipControls": lambda random: {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
    "AccelerateConfiguration": lambda random: Fn(
        "If", ["IsProduction", {"AccelerationStatus": "Enabled"}, NO_VALUE]
    ),
    "MetricsConfigurations": lambda random: [{"Id": "all"}, {"Id": "data", "Prefix": "data/"}],
    "WebsiteConfiguration": lambda random: {"IndexDocument": "index.html", "ErrorDocument": "error.html"},
}


def bucket(random: Random, name: str) -> Properties:
    chosen = random.sample(list(CONFIGURATIONS), random.randint(3, 8))
    properties: Properties = {key: CONFIGURATIONS[key](random) for key in CONFIGURATIONS if key in chosen}
    if random.random() < 0.5:
        properties = {"BucketName": sub(f"${{Project}}-{name.lower()}-${{AWS::AccountId}}")} | properties
    properties["Tags"] = tags(random, name)
    tls_only: Properties = {
        "Sid": "OnlyOverTls",
        "Effect": "Deny",
        "Principal": random.choice(["*", {"AWS": "*"}]),
        "Action": "s3:*",
        "Resource": [arn(name), sub(f"${{{name}.Arn}}/*")],
        "Condition": {"Bool": {"aws:SecureTransport": random.choice(["false", False])}},
    }
    reader = {
        "AWS": random.choice([arn("DataRole"), sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")])
    }
    statements = [tls_only, allow(["s3:GetObject", "s3:ListBucket"], tls_only["Resource"], Principal=reader)]
    document = policy(*random.sample(statements, random.randint(1, 2)))
    return {
        name: resource("S3::Bucket", properties, DeletionPolicy="Retain", UpdateReplacePolicy="Retain"),
        f"{name}Policy": resource("S3::BucketPolicy", {"Bucket": ref(name), "PolicyDocument": document}),
    }


def function(random: Random, name: str) -> Properties:
    service = {"Service": Fn("Sub", "lambda.${AWS::URLSuffix}")}
    trust = policy({"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"})
    actions = random.sample(["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"], 2)
    inline = policy(
        allow(actions, Fn("Join", ["", [arn("LogBucket"), "/", name.lower(), "/*"]])),
        allow(
            ["kms:Decrypt"],
            arn("DataKey"),
            Condition={"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}},
        ),
    )
    role = {
        "AssumeRolePolicyDocument": trust,
        "ManagedPolicyArns": ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
        "Policies": [{"PolicyName": "storage", "PolicyDocument": inline}],
    }
    properties = {
        "Description": f"Works off what arrives for {name}; see the page of the team for how it is operated.",
        "Runtime": "python3.12",
        "Handler": "index.handler",
        "Role": arn(f"{name}Role"),
        "MemorySize": Fn("FindInMap", ["Sizes", ref("Environment"), "Memory"]),
        "Timeout": random.choice([30, 60, 900]),
        "Environment": {
            "Variables": {"BUCKET": ref("LogBucket"), "STAGE": ref("Environment"), "LOG_LEVEL": "INFO"}
        },
        "Code": {"ZipFile": HANDLER},
        "Tags": tags(random, name),
    }
    return {
        f"{name}Role": resource("IAM::Role", role),
        f"{name}Function": resource("Lambda::Function", properties, DependsOn=[f"{name}Role"]),
        f"{name}Alarm": alarm(f"{name}Function"),
    }


def alarm(function: str) -> Properties:
    properties = {
        "AlarmDescription": sub(f"Errors of {function} in ${{Environment}}"),
        "Namespace": "AWS/Lambda",
        "MetricName": "Errors",
        "Dimensions": [{"Name": "FunctionName", "Value": ref(function)}],
        "Statistic": "Sum",
        "Period": 300,
        "EvaluationPeriods": 2,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    }
    return resource("CloudWatch::Alarm", properties, Condition="IsProduction")


def distribution(random: Random, name: str) -> Properties:
    control = {
        "Name": sub(f"${{AWS::StackName}}-{name.lower()}"),
        "OriginAccessControlOriginType": "s3",
        "SigningBehavior": "always",
        "SigningProtocol": "sigv4",
    }
    origin: Properties = {"Id": "content", "DomainName": Fn("GetAtt", f"{name}.RegionalDomainName")}
    origin |= {"OriginAccessControlId": Fn("GetAtt", f"{name}Control.Id"), "S3OriginConfig": {}}
    behavior = {
        "TargetOriginId": "content",
        "ViewerProtocolPolicy": random.choice(["redirect-to-https", "allow-all"]),
        "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        "Compress": True,
    }
    config = {
        "Enabled": True,
        "Aliases": [ref("Domain")],
        "Origins": [origin],
        "DefaultCacheBehavior": behavior,
    }
    return {
        **bucket(random, name),
        f"{name}Control": resource("CloudFront::OriginAccessControl", {"OriginAccessControlConfig": control}),
        f"{name}Distribution": resource("CloudFront::Distribution", {"DistributionConfig": config}),
    }


def table(random: Random, name: str) -> Properties:
    properties = {
        "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
        "KeySchema": [
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        "BillingMode": "PAY_PER_REQUEST",
        "PointInTimeRecoverySpecification": {
            "PointInTimeRecoveryEnabled": Fn("If", ["IsProduction", True, False])
        },
        "Tags": tags(random, name),
    }
    queue = {"MessageRetentionPeriod": 1209600, "VisibilityTimeout": 900, "Tags": tags(random, name)}
    return {
        f"{name}Table": resource("DynamoDB::Table", properties),
        f"{name}Queue": resource("SQS::Queue", queue),
    }


Group = Callable[[Random, str], Properties]

MIXED: list[Group] = [bucket, function, function, function, distribution, table, table]
"""An application: some two buckets, one of them for logs, among its functions and tables."""
DENSE: list[Group] = [bucket, bucket, bucket, bucket, function, function, distribution, table]
"""Storage above all: four buckets and as many policies."""


def frame(random: Random, number: int) -> Properties:
    """The sections of a template, with what its groups refer to."""
    admin = {"AWS": sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")}
    key = {"EnableKeyRotation": True, "KeyPolicy": policy(allow(["kms:*"], "*", Principal=admin))}
    service = {"Service": ["ecs-tasks.amazonaws.com", "lambda.amazonaws.com"]}
    role = {
        "AssumeRolePolicyDocument": policy(
            {"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"}
        ),
        "Path": "/shop/",
    }
    logs = {"BucketEncryption": encryption(random), "PublicAccessBlockConfiguration": block(random)}
    stages = ["dev", "stage", "prod"]
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Stack {number} of the shop: storage, and what works on it. Deployed by CI.",
        "Parameters": {
            "Environment": {"Type": "String", "Default": random.choice(stages), "AllowedValues": stages},
            "Project": {"Type": "String", "Default": "shop", "AllowedPattern": "[a-z][a-z0-9-]*"},
            "Domain": {"Type": "String", "Description": "Where customers find the shop."},
        },
        "Mappings": {"Sizes": {stage: {"Memory": 256 << place} for place, stage in enumerate(stages)}},
        "Conditions": {
            "IsProduction": Fn("Equals", [ref("Environment"), "prod"]),
            "IsTest": Fn("Not", [{"Condition": "IsProduction"}]),
        },
        "Resources": {
            "DataKey": resource("KMS::Key", key),
            "DataRole": resource("IAM::Role", role),
            "LogBucket": resource("S3::Bucket", logs, DeletionPolicy="Retain"),
        },
        "Outputs": {
            "LogBucketName": {"Value": ref("LogBucket"), "Export": {"Name": sub("${AWS::StackName}-logs")}},
            "DataKeyArn": {"Description": "The key of all data.", "Value": arn("DataKey")},
        },
    }


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _function(dumper: _Dumper, fn: Fn) -> yaml.Node:
    match fn.value:
        case list():
            return dumper.represent_sequence(f"!{fn.name}", fn.value, flow_style=True)
        case _:
            return dumper.represent_scalar(f"!{fn.name}", fn.value)


def _text(dumper: _Dumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(Fn, _function)
_Dumper.add_representer(str, _text)


def as_yaml(body: Properties) -> str:
    text = yaml.dump(body, Dumper=_Dumper, sort_keys=False, width=110)
    text = re.sub(r"^(?=[A-Z]\w+:$)", "\n", text, flags=re.MULTILINE)
    return re.sub(
        r"^  (\w+):\n(?=    Type: AWS::)", r"\n  # The \1 of this stack.\n\g<0>", text, flags=re.MULTILINE
    )


def as_json(body: Properties) -> str:
    return json.dumps(_long(body), indent=2) + "\n"


def _long(value: Any) -> Any:
    match value:
        case Fn("Ref"):
            return {"Ref": value.value}
        case Fn("GetAtt"):
            return {"Fn::GetAtt": value.value.split(".", 1)}
        case Fn():
            return {f"Fn::{value.name}": _long(value.value)}
        case dict():
            return {key: _long(item) for key, item in value.items()}
        case list():
            return [_long(item) for item in value]
        case _:
            return value


def template(number: int, dump: Callable[[Properties], str], groups: list[Group]) -> str:
    """Groups of resources, as they come, until there are enough of them."""
    random = Random(f"s3audit {number}")
    body = frame(random, number)
    names = random.sample(NAMES, len(NAMES))
    while len(text := dump(body)) < SIZE - 1000:  # a group is some 2,000
        body["Resources"] |= random.choice(groups)(random, names.pop())
    return text


def write(folder: Path, count: int) -> None:
    """Fill `yaml`, `json` and `dense` in this folder with so many templates each."""
    kinds = (
        ("yaml", "yaml", as_yaml, MIXED),
        ("json", "json", as_json, MIXED),
        ("dense", "yaml", as_yaml, DENSE),
    )
    for name, form, dump, groups in kinds:
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            file = folder / name / f"stack{number:03}.{form}"
            file.write_text(template(number, dump, groups), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 300)
