"""Backups, table and vector buckets, file systems and vaults, as the server is told to answer."""

from collections.abc import Callable, Mapping
from typing import Any

from s3audit.demo.world import World
from s3audit.model.backup import BackupCondition, BackupPlan, BackupSelection
from s3audit.model.file_system import FileSystem, MountTarget
from s3audit.model.network import IngressRule, SecurityGroup
from s3audit.model.table_bucket import Table, TableBucket, TableEncryption
from s3audit.model.vector_bucket import VectorBucket, VectorEncryption, VectorIndex
from tests.live.emit.listings import Listings
from tests.live.emit.names import Names
from tests.live.emit.values import fields, items, told

_MADE = "2025-06-02T08:30:00Z"


def _plan(names: Names, world: World, listings: Listings, one: BackupPlan) -> None:
    own, arn, place = names.own[one.address], names.arn(one), names.region
    rules = items(
        one.rules,
        lambda rule: fields(
            RuleName=names.text(rule.name),
            TargetBackupVaultName=names.text(rule.vault),
            ScheduleExpression=names.text(rule.schedule),
            EnableContinuousBackup=told(rule.continuous),
            Lifecycle=fields(DeleteAfterDays=told(rule.delete_after_days)) or None,
        ),
    )
    listings.add("backup:ListBackupPlans", {"BackupPlanArn": arn, "BackupPlanId": own, "BackupPlanName": own})
    asked = {"BackupPlanId": own}
    answer = {"BackupPlan": {"BackupPlanName": own, "Rules": rules}, **asked}
    world.tell("backup:GetBackupPlan", answer, asked, region=place)


def _selection(names: Names, world: World, listings: Listings, one: BackupSelection) -> None:
    own, place, plan = names.own[one.address], names.region, names.text(one.plan)
    role = names.text(one.role)
    body = fields(
        SelectionName=names.text(one.name),
        IamRoleArn=role,
        Resources=items(one.resources, names.said),
        NotResources=items(one.not_resources, names.said),
        ListOfTags=items(one.tagged, lambda each: {"ConditionType": "STRINGEQUALS", **_pair(names, each)}),
        Conditions={
            operator: items(listed, lambda each: _pair(names, each))
            for operator, listed in (
                ("StringEquals", one.equals),
                ("StringNotEquals", one.not_equals),
                ("StringLike", one.like),
                ("StringNotLike", one.not_like),
            )
        },
    )
    asked = {"BackupPlanId": plan}
    item = {"SelectionId": own, "SelectionName": own, "IamRoleArn": role, **asked}
    listings.add("backup:ListBackupSelections", item, **asked)
    world.tell(
        "backup:GetBackupSelection", {"BackupSelection": body}, {**asked, "SelectionId": own}, region=place
    )


def _pair(names: Names, one: BackupCondition) -> dict[str, Any]:
    return {"ConditionKey": names.text(one.key), "ConditionValue": names.text(one.value)}


def _table_bucket(names: Names, world: World, listings: Listings, one: TableBucket) -> None:
    own, arn, place = names.own[one.address], names.arn(one), names.region
    asked = {"tableBucketARN": arn}
    item = {
        "arn": arn,
        "name": own,
        "ownerAccountId": names.account,
        "createdAt": _MADE,
        "type": told(one.type),
    }
    listings.add("s3tables:ListTableBuckets", item)
    world.tell("s3tables:GetTableBucket", item, asked, region=place)
    _encryption(names, world, one.encryption, "s3tables:GetTableBucketEncryption", asked)
    removal = one.file_removal
    settings = fields(
        unreferencedDays=told(removal.unreferenced_days), nonCurrentDays=told(removal.noncurrent_days)
    )
    value = fields(
        status=told(removal.status).lower(),
        settings={"icebergUnreferencedFileRemoval": settings} if settings else None,
    )
    world.tell(
        "s3tables:GetTableBucketMaintenanceConfiguration",
        {**asked, "configuration": {"icebergUnreferencedFileRemoval": value}},
        asked,
        region=place,
    )
    policy = names.json(one.policy)
    if policy is None:
        world.refuse(
            "s3tables:GetTableBucketPolicy", "NotFoundException", status=404, when=asked, region=place
        )
    else:
        world.tell("s3tables:GetTableBucketPolicy", {"resourcePolicy": policy}, asked, region=place)


def _table(names: Names, world: World, listings: Listings, one: Table) -> None:
    own, arn, place = names.own[one.address], names.arn(one), names.region
    bucket, namespace = names.text(one.table_bucket), names.text(one.namespace)
    asked = {"tableBucketARN": bucket, "namespace": namespace, "name": own}
    item = {
        "namespace": [namespace],
        "name": own,
        "type": told(one.type),
        "tableARN": arn,
        "createdAt": _MADE,
        "modifiedAt": _MADE,
    }
    listings.add("s3tables:ListTables", item, tableBucketARN=bucket)
    world.tell("s3tables:GetTable", {**item, "format": told(one.format)}, asked, region=place)
    _encryption(names, world, one.encryption, "s3tables:GetTableEncryption", asked)
    compaction, snapshots = one.compaction, one.snapshots
    configuration = {
        "icebergCompaction": {"status": told(compaction.status).lower()},
        "icebergSnapshotManagement": fields(
            status=told(snapshots.status).lower(),
            settings=_snapshots(told(snapshots.minimum_snapshots), told(snapshots.maximum_age_hours)),
        ),
    }
    answer = {"tableARN": arn, "configuration": configuration}
    world.tell("s3tables:GetTableMaintenanceConfiguration", answer, asked, region=place)
    refuse_expiration = "s3tables:GetTableRecordExpirationConfiguration"
    world.refuse(
        refuse_expiration, "MethodNotAllowedException", status=405, when={"tableArn": arn}, region=place
    )
    policy = names.json(one.policy)
    if policy is None:
        world.refuse("s3tables:GetTablePolicy", "NotFoundException", status=404, when=asked, region=place)
    else:
        world.tell("s3tables:GetTablePolicy", {"resourcePolicy": policy}, asked, region=place)


def _encryption(
    names: Names, world: World, one: TableEncryption, operation: str, asked: dict[str, Any]
) -> None:
    algorithm = told(one.algorithm)
    if algorithm is None:
        world.refuse(operation, "NotFoundException", status=404, when=asked, region=names.region)
        return
    said = fields(sseAlgorithm=algorithm, kmsKeyArn=names.text(one.kms_key))
    world.tell(operation, {"encryptionConfiguration": said}, asked, region=names.region)


def _snapshots(minimum: int | None, hours: int | None) -> dict[str, Any] | None:
    said = fields(minSnapshotsToKeep=minimum, maxSnapshotAgeHours=hours)
    return {"icebergSnapshotManagement": said} if said else None


def _vectors(names: Names, one: VectorEncryption) -> dict[str, Any]:
    return fields(sseType=told(one.algorithm) or "AES256", kmsKeyArn=names.text(one.kms_key))


def _vector_bucket(names: Names, world: World, listings: Listings, one: VectorBucket) -> None:
    own, arn, place = names.own[one.address], names.arn(one), names.region
    asked = {"vectorBucketArn": arn}
    item = {"vectorBucketName": own, "vectorBucketArn": arn, "creationTime": _MADE}
    listings.add("s3vectors:ListVectorBuckets", item)
    whole = {**item, "encryptionConfiguration": _vectors(names, one.encryption)}
    world.tell("s3vectors:GetVectorBucket", {"vectorBucket": whole}, asked, region=place)
    policy = names.json(one.policy)
    if policy is None:
        world.refuse(
            "s3vectors:GetVectorBucketPolicy", "NotFoundException", status=404, when=asked, region=place
        )
    else:
        world.tell("s3vectors:GetVectorBucketPolicy", {"policy": policy}, asked, region=place)


def _vector_index(names: Names, world: World, listings: Listings, one: VectorIndex) -> None:
    own, place, named = names.own[one.address], names.region, names.text(one.vector_bucket)
    bucket = (
        named if named.startswith("arn:") else f"arn:aws:s3vectors:{place}:{names.account}:bucket/{named}"
    )
    arn = f"{bucket}/index/{own}"
    item = {
        "vectorBucketName": bucket.rpartition("/")[2],
        "indexName": own,
        "indexArn": arn,
        "creationTime": _MADE,
    }
    listings.add("s3vectors:ListIndexes", item, vectorBucketArn=bucket)
    whole = fields(
        **item,
        dataType=told(one.data_type),
        dimension=told(one.dimension),
        distanceMetric=told(one.distance_metric),
        encryptionConfiguration=_vectors(names, one.encryption) if told(one.encryption.algorithm) else None,
    )
    world.tell("s3vectors:GetIndex", {"index": whole}, {"indexArn": arn}, region=place)


def _file_system(names: Names, world: World, listings: Listings, one: FileSystem) -> None:
    own, arn, place = names.own[one.address], names.arn(one), names.region
    asked = {"fileSystemId": own}
    item = {
        "creationTime": _MADE,
        "fileSystemArn": arn,
        "fileSystemId": own,
        "bucket": names.text(one.bucket),
        "status": "available",
        "roleArn": names.text(one.role),
        "ownerId": names.account,
    }
    listings.add("s3files:ListFileSystems", item)
    more = fields(prefix=names.text(one.prefix), kmsKeyId=names.text(one.kms_key))
    world.tell("s3files:GetFileSystem", item | more, asked, region=place)
    policy = names.json(one.policy)
    if policy is None:
        code = "ResourceNotFoundException"
        world.refuse("s3files:GetFileSystemPolicy", code, status=404, when=asked, region=place)
    else:
        world.tell("s3files:GetFileSystemPolicy", {**asked, "policy": policy}, asked, region=place)


def _mount_target(names: Names, world: World, listings: Listings, one: MountTarget) -> None:
    own, system = names.own[one.address], names.text(one.file_system)
    item = {
        "mountTargetId": own,
        "fileSystemId": system,
        "ownerId": names.account,
        "subnetId": names.text(one.subnet),
        "vpcId": "vpc-0123456789abcdef0",
    }
    listings.add("s3files:ListMountTargets", item, fileSystemId=system)
    groups = {"securityGroups": items(one.security_groups, names.said)}
    world.tell("s3files:GetMountTarget", item | groups, {"mountTargetId": own}, region=names.region)


def _security_group(names: Names, world: World, listings: Listings, one: SecurityGroup) -> None:
    def rule(each: IngressRule) -> dict[str, Any]:
        cidr, ipv6 = names.text(each.cidr), names.text(each.cidr_ipv6)
        return fields(
            IpProtocol=names.text(each.protocol),
            FromPort=told(each.from_port),
            ToPort=told(each.to_port),
            IpRanges=[{"CidrIp": cidr}] if cidr else [],
            Ipv6Ranges=[{"CidrIpv6": ipv6}] if ipv6 else [],
        )

    own = names.own[one.address]
    item = fields(
        GroupId=own,
        GroupName=own,
        OwnerId=names.account,
        VpcId=names.text(one.vpc),
        IpPermissions=items(one.ingress, rule),
    )
    listings.add("ec2:DescribeSecurityGroups", item)


STORAGE: Mapping[str, Callable[[Names, World, Listings, Any], None]] = {
    "backup-plan": _plan,
    "backup-selection": _selection,
    "file-system": _file_system,
    "mount-target": _mount_target,
    "security-group": _security_group,
    "table": _table,
    "table-bucket": _table_bucket,
    "vector-bucket": _vector_bucket,
    "vector-index": _vector_index,
}
"""By kind."""
