"""What stands around the buckets of the demo account: its key, role, trail, distribution, access point."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from s3audit.demo.account_buckets import (
    ACCOUNT,
    DISTRIBUTION,
    KEY,
    MAIN,
    PARTNER,
    REPLICATION_ROLE,
    SECOND,
    THUMBNAILS,
    TRAIL,
)

_MADE = "2024-03-11T09:00:00Z"
_KEY_ID = KEY.rpartition("/")[2]
_ALIAS = "alias/hazelwick-data"
_ROLE = REPLICATION_ROLE.rpartition("/")[2]
_POINT = "partner-exchange"
_POINT_ARN = f"arn:aws:s3:{MAIN}:{ACCOUNT}:accesspoint/{_POINT}"
_CONTROL = "E1HAZELWICKOAC"


class Answer(msgspec.Struct, frozen=True):
    operation: str
    document: Mapping[str, Any]
    when: Mapping[str, Any] = {}
    region: str = ""


def _policy(*statements: Mapping[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _allow(action: str | list[str], resource: str | list[str], **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


ACCOUNT_BLOCK: dict[str, Any] = {
    # ACLs and policies that were public before go on being so.
    "PublicAccessBlockConfiguration": {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": False,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": False,
    }
}
ACCESS_POINT: dict[str, Any] = {"Name": _POINT, "Bucket": "hazelwick-partner-exchange"}
ACCESS_POINT_POLICY = json.dumps(
    _policy(
        _allow(
            ["s3:GetObject", "s3:PutObject"],
            f"{_POINT_ARN}/object/*",
            Principal={"AWS": f"arn:aws:iam::{PARTNER}:role/exchange"},
        )
    )
)

_KEY_METADATA = {
    "AWSAccountId": ACCOUNT,
    "KeyId": _KEY_ID,
    "Arn": KEY,
    "CreationDate": _MADE,
    "Enabled": True,
    "Description": "Data at rest",
    "KeyUsage": "ENCRYPT_DECRYPT",
    "KeyState": "Enabled",
    "Origin": "AWS_KMS",
    "KeyManager": "CUSTOMER",
    "KeySpec": "SYMMETRIC_DEFAULT",
    "MultiRegion": False,
}
_KEY_POLICY = _policy(
    _allow("kms:*", "*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, Sid="Account"),
)
_KEYS = [
    answer
    for name in (_KEY_ID, KEY, _ALIAS)
    for answer in (
        Answer("kms:DescribeKey", {"KeyMetadata": _KEY_METADATA}, {"KeyId": name}, MAIN),
        Answer(
            "kms:GetKeyPolicy",
            {"Policy": json.dumps(_KEY_POLICY), "PolicyName": "default"},
            {"KeyId": name},
            MAIN,
        ),
        # Nobody has switched it on.
        Answer(
            "kms:GetKeyRotationStatus", {"KeyRotationEnabled": False, "KeyId": KEY}, {"KeyId": name}, MAIN
        ),
    )
]
_ALIASES = {
    "Aliases": [
        {
            "AliasName": _ALIAS,
            "AliasArn": f"arn:aws:kms:{MAIN}:{ACCOUNT}:{_ALIAS}",
            "TargetKeyId": _KEY_ID,
            "CreationDate": _MADE,
        }
    ]
}

_ROLE_POLICY = _policy(
    _allow(
        ["s3:GetReplicationConfiguration", "s3:ListBucket", "s3:GetObjectVersion*"],
        ["arn:aws:s3:::hazelwick-orders", "arn:aws:s3:::hazelwick-orders/*"],
    ),
    # Wider than one replica: it may write to every bucket.
    _allow(["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"], "*"),
)
_ROLE_ANSWERS = [
    Answer(
        "iam:GetRole",
        {
            "Role": {
                "Path": "/",
                "RoleName": _ROLE,
                "RoleId": "AROAHAZELWICKREPLICA1",
                "Arn": REPLICATION_ROLE,
                "CreateDate": _MADE,
                "AssumeRolePolicyDocument": _policy(
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "s3.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    }
                ),
            }
        },
        {"RoleName": _ROLE},
    ),
    Answer("iam:ListRolePolicies", {"PolicyNames": ["replicate"], "IsTruncated": False}, {"RoleName": _ROLE}),
    Answer(
        "iam:GetRolePolicy",
        {"RoleName": _ROLE, "PolicyName": "replicate", "PolicyDocument": _ROLE_POLICY},
        {"RoleName": _ROLE},
    ),
    Answer(
        "iam:ListAttachedRolePolicies", {"AttachedPolicies": [], "IsTruncated": False}, {"RoleName": _ROLE}
    ),
]

_TRAIL = {
    "Name": "hazelwick",
    "S3BucketName": "hazelwick-cloudtrail",
    "IncludeGlobalServiceEvents": True,
    "IsMultiRegionTrail": True,
    "HomeRegion": MAIN,
    "TrailARN": TRAIL,
    "LogFileValidationEnabled": False,
    "HasCustomEventSelectors": True,
    "HasInsightSelectors": False,
    "IsOrganizationTrail": False,
}
# What is written to the data lake is recorded; what is read there, or done to objects elsewhere, is not.
_SELECTORS = [
    {
        "Name": "Management events",
        "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}],
    },
    {
        "Name": "Data lake",
        "FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
            {"Field": "readOnly", "Equals": ["false"]},
            {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::hazelwick-data-lake/"]},
        ],
    },
]
_TRAIL_ANSWERS = [
    Answer("cloudtrail:DescribeTrails", {"trailList": [_TRAIL]}),
    Answer("cloudtrail:GetTrailStatus", {"IsLogging": True}, region=MAIN),
    Answer(
        "cloudtrail:GetEventSelectors", {"TrailARN": TRAIL, "AdvancedEventSelectors": _SELECTORS}, region=MAIN
    ),
]

_ORIGIN = {
    "Id": "web",
    "DomainName": f"hazelwick-web.s3.{MAIN}.amazonaws.com",
    "OriginPath": "",
    "CustomHeaders": {"Quantity": 0},
    "S3OriginConfig": {"OriginAccessIdentity": ""},
    "OriginAccessControlId": _CONTROL,
}
_BEHAVIOR = {
    "TargetOriginId": "web",
    "ViewerProtocolPolicy": "redirect-to-https",
    "Compress": True,
    "SmoothStreaming": False,
}
_VIEWER = {
    "CloudFrontDefaultCertificate": False,
    "ACMCertificateArn": f"arn:aws:acm:{SECOND}:{ACCOUNT}:certificate/0b5ad1c8-62cf-43f7-8a64-2c1de3a90f11",
    "SSLSupportMethod": "sni-only",
    "MinimumProtocolVersion": "TLSv1.2_2021",
}
_SUMMARY = {
    "Id": DISTRIBUTION.rpartition("/")[2],
    "ARN": DISTRIBUTION,
    "Status": "Deployed",
    "LastModifiedTime": _MADE,
    "DomainName": "d3hazelwick0web.cloudfront.net",
    "Aliases": {"Quantity": 1, "Items": ["www.hazelwick.example"]},
    "Origins": {"Quantity": 1, "Items": [_ORIGIN]},
    "OriginGroups": {"Quantity": 0},
    "DefaultCacheBehavior": _BEHAVIOR,
    "CacheBehaviors": {"Quantity": 0},
    "CustomErrorResponses": {"Quantity": 0},
    "Comment": "The shop",
    "PriceClass": "PriceClass_100",
    "Enabled": True,
    "ViewerCertificate": _VIEWER,
    "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
    "WebACLId": "",
    "HttpVersion": "http2",
    "IsIPV6Enabled": True,
    "Staging": False,
}
_CONFIGURATION = {
    key: _SUMMARY[key]
    for key in (
        "Aliases",
        "Origins",
        "OriginGroups",
        "DefaultCacheBehavior",
        "CacheBehaviors",
        "CustomErrorResponses",
        "Comment",
        "PriceClass",
        "Enabled",
        "ViewerCertificate",
        "Restrictions",
        "WebACLId",
        "HttpVersion",
        "IsIPV6Enabled",
        "Staging",
    )
} | {
    "CallerReference": "hazelwick-web-1",
    "DefaultRootObject": "index.html",
    "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
}
_PAGE = {"Marker": "", "MaxItems": 100, "IsTruncated": False, "Quantity": 1}
_DISTRIBUTION_ANSWERS = [
    Answer("cloudfront:ListDistributions", {"DistributionList": {**_PAGE, "Items": [_SUMMARY]}}),
    Answer(
        "cloudfront:GetDistributionConfig",
        {"ETag": "E3TAG", "DistributionConfig": _CONFIGURATION},
        {"Id": _SUMMARY["Id"]},
    ),
    Answer(
        "cloudfront:ListOriginAccessControls",
        {
            "OriginAccessControlList": {
                **_PAGE,
                "Items": [
                    {
                        "Id": _CONTROL,
                        "Description": "",
                        "Name": "hazelwick-web",
                        "SigningProtocol": "sigv4",
                        "SigningBehavior": "always",
                        "OriginAccessControlOriginType": "s3",
                    }
                ],
            }
        },
    ),
]

_THUMBNAILS_POLICY = _policy(
    {
        "Sid": "s3",
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": THUMBNAILS,
        "Condition": {
            "StringEquals": {"AWS:SourceAccount": ACCOUNT},
            "ArnLike": {"AWS:SourceArn": "arn:aws:s3:::hazelwick-uploads"},
        },
    }
)
_ENDPOINT = {
    "VpcEndpointId": "vpce-0d4f6b1a2c3e5f789",
    "VpcEndpointType": "Gateway",
    "VpcId": "vpc-0a1b2c3d4e5f60718",
    "ServiceName": f"com.amazonaws.{MAIN}.s3",
    "State": "available",
    # The policy that it is made with: everything, by everybody.
    "PolicyDocument": json.dumps(_policy(_allow("*", "*", Principal="*"))),
    "RouteTableIds": ["rtb-0f1e2d3c4b5a69788"],
    "OwnerId": ACCOUNT,
}

ANSWERS: tuple[Answer, ...] = (
    *_KEYS,
    Answer("kms:ListAliases", _ALIASES, region=MAIN),
    *_ROLE_ANSWERS,
    *_TRAIL_ANSWERS,
    *_DISTRIBUTION_ANSWERS,
    Answer("lambda:GetPolicy", {"Policy": json.dumps(_THUMBNAILS_POLICY), "RevisionId": "1"}, region=MAIN),
    Answer("lambda:GetFunctionRecursionConfig", {"RecursiveLoop": "Terminate"}, region=MAIN),
    Answer("ec2:DescribeVpcEndpoints", {"VpcEndpoints": [_ENDPOINT]}, region=MAIN),
    Answer("ec2:DescribeVpcs", {"Vpcs": [{"VpcId": _ENDPOINT["VpcId"], "OwnerId": ACCOUNT}]}, region=MAIN),
    Answer(
        "account:GetAccountInformation",
        {
            "AccountId": ACCOUNT,
            "AccountName": "Hazelwick Pottery",
            "AccountCreatedDate": "2018-04-03T10:00:00Z",
        },
    ),
)
