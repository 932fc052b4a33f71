"""Writes a whole estate for Terraform: one function for every kind of resource that the examples have."""

import random
from collections.abc import Callable, Mapping
from typing import Any

from s3audit.model.access_grants import AccessGrant, AccessGrantsInstance, AccessGrantsLocation
from s3audit.model.access_point import AccessPoint, MultiRegionAccessPoint, ObjectLambdaAccessPoint
from s3audit.model.backup import BackupPlan, BackupSelection
from s3audit.model.base import Resource, kind_of
from s3audit.model.bucket import Bucket
from s3audit.model.distribution import Distribution, OriginAccessControl, OriginAccessIdentity
from s3audit.model.dns import DnsRecord
from s3audit.model.estate import Estate
from s3audit.model.file_system import FileSystem, MountTarget
from s3audit.model.identity import Group, ManagedPolicy, Role, User
from s3audit.model.key import KmsAlias, KmsKey
from s3audit.model.lens import StorageLens
from s3audit.model.load_balancer import LoadBalancer
from s3audit.model.network import RouteTable, SecurityGroup, Subnet, Vpc, VpcEndpoint
from s3audit.model.table_bucket import Table, TableBucket
from s3audit.model.target import Function, Queue, Topic
from s3audit.model.trail import Alarm, EventDataStore, EventRule, LogGroup, MetricFilter, Trail
from s3audit.model.vector_bucket import VectorBucket, VectorIndex
from s3audit.model.watch import Analyzer, Detector, MacieSession
from s3audit.setting import Known, Unknown
from tests.terraform.emit import (
    access_grants,
    access_points,
    backups,
    distributions,
    files,
    neighbours,
    network,
    principals,
    tables,
    targets,
    watchers,
)
from tests.terraform.emit.buckets import bucket
from tests.terraform.emit.writer import Writer

_KINDS: Mapping[type[Resource], tuple[str, Callable[[Writer, Any], None]]] = {
    AccessGrant: ("aws_s3control_access_grant", access_grants.grant),
    AccessGrantsInstance: ("aws_s3control_access_grants_instance", access_grants.instance),
    AccessGrantsLocation: ("aws_s3control_access_grants_location", access_grants.location),
    AccessPoint: ("aws_s3_access_point", access_points.access_point),
    Alarm: ("aws_cloudwatch_metric_alarm", watchers.alarm),
    Analyzer: ("aws_accessanalyzer_analyzer", watchers.analyzer),
    BackupPlan: ("aws_backup_plan", backups.plan),
    BackupSelection: ("aws_backup_selection", backups.selection),
    Bucket: ("aws_s3_bucket", bucket),
    Detector: ("aws_guardduty_detector", watchers.detector),
    Distribution: ("aws_cloudfront_distribution", distributions.distribution),
    DnsRecord: ("aws_route53_record", network.record),
    EventDataStore: ("aws_cloudtrail_event_data_store", watchers.event_data_store),
    EventRule: ("aws_cloudwatch_event_rule", watchers.event_rule),
    FileSystem: ("aws_s3files_file_system", files.file_system),
    Function: ("aws_lambda_function", targets.function),
    Group: ("aws_iam_group", principals.group),
    KmsAlias: ("aws_kms_alias", neighbours.alias),
    KmsKey: ("aws_kms_key", neighbours.key),
    LoadBalancer: ("aws_lb", neighbours.load_balancer),
    LogGroup: ("aws_cloudwatch_log_group", watchers.log_group),
    MacieSession: ("aws_macie2_account", watchers.macie_session),
    ManagedPolicy: ("aws_iam_policy", principals.managed_policy),
    MetricFilter: ("aws_cloudwatch_log_metric_filter", watchers.metric_filter),
    MountTarget: ("aws_s3files_mount_target", files.mount_target),
    MultiRegionAccessPoint: ("aws_s3control_multi_region_access_point", access_points.multi_region),
    ObjectLambdaAccessPoint: ("aws_s3control_object_lambda_access_point", access_points.object_lambda),
    OriginAccessControl: ("aws_cloudfront_origin_access_control", distributions.access_control),
    OriginAccessIdentity: ("aws_cloudfront_origin_access_identity", distributions.access_identity),
    Queue: ("aws_sqs_queue", targets.queue),
    Role: ("aws_iam_role", principals.role),
    RouteTable: ("aws_route_table", network.route_table),
    StorageLens: ("aws_s3control_storage_lens_configuration", watchers.storage_lens),
    Subnet: ("aws_subnet", network.subnet),
    SecurityGroup: ("aws_security_group", files.security_group),
    Table: ("aws_s3tables_table", tables.table),
    TableBucket: ("aws_s3tables_table_bucket", tables.table_bucket),
    Topic: ("aws_sns_topic", targets.topic),
    Trail: ("aws_cloudtrail", neighbours.trail),
    User: ("aws_iam_user", principals.user),
    VectorBucket: ("aws_s3vectors_vector_bucket", tables.vector_bucket),
    VectorIndex: ("aws_s3vectors_index", tables.vector_index),
    Vpc: ("aws_vpc", access_points.vpc),
    VpcEndpoint: ("aws_vpc_endpoint", access_points.endpoint),
}


def emitted(estate: Estate, seed: str | random.Random, *, is_counting: bool = True) -> Writer:
    """What says the same in Terraform; the seed, or chance itself, chooses between ways to say it."""
    chance = seed if isinstance(seed, random.Random) else random.Random(seed)
    writer = Writer(estate, _type, chance, is_counting=is_counting)
    for resource in estate.resources:
        writer.counted = isinstance(resource.exists, Unknown)
        _, write = _KINDS[type(resource)]
        write(writer, resource)
    writer.blocks += writer.names.sources.values()
    return writer


def _type(resource: Resource) -> str:
    """The type of the block that it is known by."""
    if type(resource) not in _KINDS:
        raise AssertionError(
            f"no Terraform is written for a {kind_of(type(resource))} yet: write a function for it in"
            " tests/terraform/emit/ and name it in _KINDS of estate.py"
        )
    if isinstance(resource, Bucket) and resource.type == "directory":
        return "aws_s3_directory_bucket"
    if isinstance(resource, LoadBalancer) and resource.type == Known("classic", resource.type.at):
        return "aws_elb"
    if isinstance(resource, KmsKey) and isinstance(resource.primary, Known) and resource.primary.value:
        return "aws_kms_replica_key"
    return _KINDS[type(resource)][0]
