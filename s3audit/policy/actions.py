"""The actions of S3 that a bucket's policy is about: those of buckets and those of objects.

Names, levels and resources are those of AWS's service authorization reference; those of annotations and of their table,
which it did not have in November 2026, are named after their calls.
"""

from __future__ import annotations

import msgspec

_END = "OfTheFuture"
FUTURE = f"s3:Action{_END}"
"""Stands for those that there are not yet: a list of actions never takes it in, `s3:*` does."""
LIST, READ, WRITE, TAGGING, PERMISSIONS = "list", "read", "write", "tagging", "permissions"


class Action(msgspec.Struct, frozen=True, gc=False):
    name: str
    level: str
    of_objects: bool


_BUCKET = {
    LIST: "ListBucket ListBucketMultipartUploads ListBucketVersions ListTagsForResource",
    READ: """
        GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketAbac GetBucketAcl GetBucketCORS GetBucketLocation
        GetBucketLogging GetBucketMetadataTableConfiguration GetBucketNotification GetBucketObjectLockConfiguration
        GetBucketOwnershipControls GetBucketPolicy GetBucketPolicyStatus GetBucketPublicAccessBlock
        GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration
        GetIntelligentTieringConfiguration GetInventoryConfiguration GetLifecycleConfiguration GetMetricsConfiguration
        GetReplicationConfiguration
    """,
    WRITE: """
        CreateBucket CreateBucketMetadataTableConfiguration DeleteBucket DeleteBucketMetadataTableConfiguration
        DeleteBucketWebsite PauseReplication PutAccelerateConfiguration PutAnalyticsConfiguration PutBucketAbac
        PutBucketCORS PutBucketLogging PutBucketNotification PutBucketObjectLockConfiguration PutBucketRequestPayment
        PutBucketVersioning PutBucketWebsite PutEncryptionConfiguration PutIntelligentTieringConfiguration
        PutInventoryConfiguration PutLifecycleConfiguration PutMetricsConfiguration PutReplicationConfiguration
        UpdateBucketMetadataAnnotationTableConfiguration UpdateBucketMetadataInventoryTableConfiguration
        UpdateBucketMetadataJournalTableConfiguration
    """,
    TAGGING: "PutBucketTagging TagResource UntagResource",
    PERMISSIONS: """
        DeleteBucketPolicy PutBucketAcl PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock
    """,
}
_OBJECT = {
    READ: """
        GetObject GetObjectAcl GetObjectAnnotation GetObjectAttributes GetObjectLegalHold GetObjectRetention
        GetObjectTagging GetObjectTorrent GetObjectVersion GetObjectVersionAcl GetObjectVersionAttributes
        GetObjectVersionForReplication GetObjectVersionTagging GetObjectVersionTorrent
    """,
    WRITE: """
        PutObject DeleteObject AbortMultipartUpload DeleteObjectAnnotation DeleteObjectVersion InitiateReplication
        PutObjectAnnotation PutObjectLegalHold PutObjectRetention ReplicateDelete ReplicateObject RestoreObject
        UpdateObjectEncryption
    """,
    LIST: "ListMultipartUploadParts ListObjectAnnotations",
    TAGGING: """
        DeleteObjectTagging DeleteObjectVersionTagging PutObjectTagging PutObjectVersionTagging ReplicateTags
    """,
    PERMISSIONS: """
        PutObjectAcl PutObjectVersionAcl BypassGovernanceRetention ObjectOwnerOverrideToBucketOwner
    """,
}
ACTIONS = tuple(
    Action(f"s3:{name}", level, of_objects)
    for of_objects, levels in ((True, _OBJECT), (False, _BUCKET))
    for level, names in levels.items()
    for name in names.split()
)
"""Those of objects first: what a reader knows best is shown before what they know less."""
CONTENTS = tuple(
    sorted(
        (one.name for one in ACTIONS if one.of_objects and one.level in (READ, LIST)),
        key=lambda name: name != "s3:GetObject",
    )
)
"""What reads objects or what belongs to them."""
FUTURES = (
    *(Action(FUTURE, "", of_objects) for of_objects in (True, False)),
    *(
        Action(f"s3:{verb}{noun}{_END}", "", of_objects)
        for verb in ("Get", "Put", "List", "Delete")
        for of_objects, nouns in ((True, ("Action", "Object")), (False, ("Action", "Bucket")))
        for noun in nouns
    ),
)
"""Of each kind that patterns tell apart one: `s3:Get*` and `s3:GetObject*` take in what is called so in time."""
_ELSEWHERE = """
    AssociateAccessGrantsIdentityCenter CreateAccessGrant CreateAccessGrantsInstance CreateAccessGrantsLocation
    CreateAccessPoint CreateAccessPointForObjectLambda CreateJob CreateMultiRegionAccessPoint CreateStorageLensGroup
    DeleteAccessGrant DeleteAccessGrantsInstance DeleteAccessGrantsInstanceResourcePolicy DeleteAccessGrantsLocation
    DeleteAccessPoint DeleteAccessPointForObjectLambda DeleteAccessPointPolicy
    DeleteAccessPointPolicyForObjectLambda DeleteJobTagging DeleteMultiRegionAccessPoint
    DeleteStorageLensConfiguration DeleteStorageLensConfigurationTagging DeleteStorageLensGroup DescribeJob
    DescribeMultiRegionAccessPointOperation DissociateAccessGrantsIdentityCenter GetAccessGrant
    GetAccessGrantsInstance GetAccessGrantsInstanceForPrefix GetAccessGrantsInstanceResourcePolicy
    GetAccessGrantsLocation GetAccessPoint GetAccessPointConfigurationForObjectLambda GetAccessPointForObjectLambda
    GetAccessPointPolicy GetAccessPointPolicyForObjectLambda GetAccessPointPolicyStatus
    GetAccessPointPolicyStatusForObjectLambda GetAccountPublicAccessBlock GetDataAccess GetJobTagging
    GetMultiRegionAccessPoint GetMultiRegionAccessPointPolicy GetMultiRegionAccessPointPolicyStatus
    GetMultiRegionAccessPointRoutes GetStorageLensConfiguration GetStorageLensConfigurationTagging
    GetStorageLensDashboard GetStorageLensGroup ListAccessGrants ListAccessGrantsInstances ListAccessGrantsLocations
    ListAccessPoints ListAccessPointsForObjectLambda ListAllMyBuckets ListCallerAccessGrants ListJobs
    ListMultiRegionAccessPoints ListStorageLensConfigurations ListStorageLensGroups
    PutAccessGrantsInstanceResourcePolicy PutAccessPointConfigurationForObjectLambda PutAccessPointPolicy
    PutAccessPointPolicyForObjectLambda PutAccessPointPublicAccessBlock PutAccountPublicAccessBlock PutJobTagging
    PutMultiRegionAccessPointPolicy PutStorageLensConfiguration PutStorageLensConfigurationTagging
    SubmitMultiRegionAccessPointRoutes UpdateAccessGrantsLocation UpdateJobPriority UpdateJobStatus
    UpdateStorageLensGroup
"""
ELSEWHERE = tuple(_ELSEWHERE.split())
"""Actions of S3 that are about neither: of accounts, jobs, access points and grants."""


def is_future(name: str) -> bool:
    return name.endswith(_END)


def family(name: str) -> str:
    """What an action of the future goes by: `s3:Get*`."""
    return f"{name.removesuffix(_END).removesuffix('Action')}*"


def words(name: str) -> str:
    """An action as people read it."""
    if not is_future(name):
        return name
    return (
        "any action that may be added" if name == FUTURE else f"any {family(name)} action that may be added"
    )
