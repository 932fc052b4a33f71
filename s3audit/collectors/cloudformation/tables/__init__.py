"""Which CloudFormation resource types are read, and how; each family is loaded when a template needs it."""

from importlib import import_module

from s3audit.collectors.documents.shape import Shape

_FAMILIES = {
    "access_grants": (
        "AWS::S3::AccessGrant",
        "AWS::S3::AccessGrantsInstance",
        "AWS::S3::AccessGrantsLocation",
    ),
    "access_point": (
        "AWS::S3::AccessPoint",
        "AWS::S3::MultiRegionAccessPoint",
        "AWS::S3::MultiRegionAccessPointPolicy",
        "AWS::S3Express::AccessPoint",
        "AWS::S3ObjectLambda::AccessPoint",
        "AWS::S3ObjectLambda::AccessPointPolicy",
        "AWS::S3Outposts::AccessPoint",
    ),
    "backup": ("AWS::Backup::BackupPlan", "AWS::Backup::BackupSelection"),
    "bucket": (
        "AWS::S3::Bucket",
        "AWS::S3::BucketPolicy",
        "AWS::S3Express::BucketPolicy",
        "AWS::S3Express::DirectoryBucket",
        "Custom::S3AutoDeleteObjects",
    ),
    "distribution": (
        "AWS::CloudFront::CloudFrontOriginAccessIdentity",
        "AWS::CloudFront::Distribution",
        "AWS::CloudFront::OriginAccessControl",
    ),
    "dns": ("AWS::Route53::RecordSet",),
    "file_system": (
        "AWS::S3Files::AccessPoint",
        "AWS::S3Files::FileSystem",
        "AWS::S3Files::FileSystemPolicy",
        "AWS::S3Files::MountTarget",
    ),
    "identity": (
        "AWS::IAM::AccessKey",
        "AWS::IAM::Group",
        "AWS::IAM::GroupPolicy",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::IAM::RolePolicy",
        "AWS::IAM::User",
        "AWS::IAM::UserPolicy",
        "AWS::IAM::UserToGroupAddition",
    ),
    "key": ("AWS::KMS::Alias", "AWS::KMS::Key", "AWS::KMS::ReplicaKey"),
    "lens": ("AWS::S3::StorageLens", "AWS::S3::StorageLensGroup"),
    "load_balancer": (
        "AWS::ElasticLoadBalancing::LoadBalancer",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
    ),
    "network": (
        "AWS::EC2::Route",
        "AWS::EC2::RouteTable",
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::Subnet",
        "AWS::EC2::SubnetRouteTableAssociation",
        "AWS::EC2::VPC",
        "AWS::EC2::VPCEndpoint",
    ),
    "outposts": ("AWS::S3Outposts::Bucket", "AWS::S3Outposts::BucketPolicy", "AWS::S3Outposts::Endpoint"),
    "table_bucket": (
        "AWS::S3Tables::Namespace",
        "AWS::S3Tables::Table",
        "AWS::S3Tables::TableBucket",
        "AWS::S3Tables::TableBucketPolicy",
        "AWS::S3Tables::TablePolicy",
    ),
    "target": (
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::Function",
        "AWS::Lambda::Permission",
        "AWS::SNS::Subscription",
        "AWS::SNS::Topic",
        "AWS::SNS::TopicInlinePolicy",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::Queue",
        "AWS::SQS::QueueInlinePolicy",
        "AWS::SQS::QueuePolicy",
    ),
    "trail": (
        "AWS::CloudTrail::EventDataStore",
        "AWS::CloudTrail::Trail",
        "AWS::CloudWatch::Alarm",
        "AWS::Events::Rule",
        "AWS::Logs::LogGroup",
        "AWS::Logs::MetricFilter",
    ),
    "vector_bucket": (
        "AWS::S3Vectors::Index",
        "AWS::S3Vectors::VectorBucket",
        "AWS::S3Vectors::VectorBucketPolicy",
    ),
    "watch": (
        "AWS::AccessAnalyzer::Analyzer",
        "AWS::GuardDuty::Detector",
        "AWS::GuardDuty::MalwareProtectionPlan",
        "AWS::Macie::Session",
    ),
}
_FAMILY_OF = {name: family for family, names in _FAMILIES.items() for name in names}

TYPES = frozenset(_FAMILY_OF)
"""Every resource type that is read."""


def shape_for(type_name: str) -> Shape | None:
    """How a resource of this type fills the model; None when it is not for us."""
    family = _FAMILY_OF.get(type_name)
    if family is None:
        return None
    tables: dict[str, Shape] = import_module(f"{__name__}.{family}").TABLES
    return tables[type_name]
