"""What a live scan has to be allowed: the permissions of the calls that it makes, told by the table of operations."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from s3audit.collectors.live.operations import Operation
from s3audit.collectors.live.operations.access_points import DIRECTORY_TAGS, OF_ACCESS_POINTS, TAGS
from s3audit.collectors.live.operations.account import (
    ACCOUNT_PUBLIC_ACCESS_BLOCK,
    EC2_REGIONS,
    HEAD_BUCKET,
    LIST_BUCKETS,
    LIST_DIRECTORY_BUCKETS,
    NAME,
    REGIONS,
    S3_POLICY,
)
from s3audit.collectors.live.operations.backup import OF_BACKUP
from s3audit.collectors.live.operations.batch import OF_BATCH
from s3audit.collectors.live.operations.buckets import OF_BUCKETS, UPLOADS
from s3audit.collectors.live.operations.distributions import OF_DISTRIBUTIONS
from s3audit.collectors.live.operations.dns import OF_DNS
from s3audit.collectors.live.operations.entry import ACCOUNTS, ASSUME_ROLE, IDENTITY
from s3audit.collectors.live.operations.files import OF_FILES
from s3audit.collectors.live.operations.grants import OF_GRANTS
from s3audit.collectors.live.operations.identity import OF_IDENTITY
from s3audit.collectors.live.operations.keys import OF_KEYS
from s3audit.collectors.live.operations.lens import OF_LENS
from s3audit.collectors.live.operations.network import OF_NETWORK
from s3audit.collectors.live.operations.objects import OF_OBJECTS
from s3audit.collectors.live.operations.organization import OF_ORGANIZATION, ORGANIZATION
from s3audit.collectors.live.operations.tables import OF_TABLES
from s3audit.collectors.live.operations.targets import OF_TARGETS
from s3audit.collectors.live.operations.trails import OF_TRAILS
from s3audit.collectors.live.operations.vaults import OF_VAULTS
from s3audit.collectors.live.operations.vectors import OF_VECTORS
from s3audit.collectors.live.operations.watch import OF_WATCH

LARGEST = 6_144
"""Characters that IAM takes for one managed policy, white space not counted."""
EVERYWHERE = "*"
_ROLES_TOGETHER = 50
"""In one statement, so that each fits a policy."""

_DIRECTORY = "arn:{partition}:s3express:*:{account}:bucket/*"
_OF_DIRECTORIES = (
    *(replace(one, action=one.directory, resource=_DIRECTORY) for one in OF_BUCKETS if one.directory),
    replace(DIRECTORY_TAGS, resource=_DIRECTORY),
)
_TRAILS = tuple(one for one in OF_TRAILS if one.service == "cloudtrail")
_ALARMS = tuple(one for one in OF_TRAILS if one.service != "cloudtrail")
_ENDPOINTS = tuple(one for one in OF_NETWORK if one.service == "ec2")
_BALANCERS = tuple(one for one in OF_NETWORK if one.service != "ec2")


class Purpose(msgspec.Struct, frozen=True, kw_only=True):
    """Calls that are made for one thing, and when they are made."""

    sid: str
    """Of its statement, so it says what it is for."""
    title: str
    """The same for a reader: `Block Public Access and name of the account`."""
    operations: tuple[Operation, ...]
    need: str = ""
    """What a check has to need for it; empty where every scan makes them."""
    option: str = ""
    """What has to be asked for besides: `objects`, `uploads`, `organization`."""
    besides: str = ""
    """The Sid of a second statement, for calls that can't be limited to a resource, where the others can be."""

    @property
    def is_for_all(self) -> bool:
        """Whether every scan makes these calls."""
        return not self.need and not self.option


PURPOSES: tuple[Purpose, ...] = (
    Purpose(sid="IdentifyAccount", title="The account", operations=(IDENTITY,)),
    Purpose(
        sid="FindBuckets",
        title="What there is",
        operations=(LIST_BUCKETS, LIST_DIRECTORY_BUCKETS, REGIONS, EC2_REGIONS),
    ),
    Purpose(sid="ReadBuckets", title="Buckets", operations=OF_BUCKETS, need="buckets"),
    Purpose(
        sid="ReadDirectoryBuckets", title="Directory buckets", operations=_OF_DIRECTORIES, need="buckets"
    ),
    Purpose(
        sid="FindNamedBuckets",
        title="Buckets that are named and not listed",
        operations=(HEAD_BUCKET,),
        need="buckets",
    ),
    Purpose(
        sid="FindPredictableNames",
        title="Names of buckets that can be guessed",
        operations=(HEAD_BUCKET,),
        need="predictable names",
    ),
    Purpose(
        sid="ReadAccount",
        title="The account as a whole",
        operations=(ACCOUNT_PUBLIC_ACCESS_BLOCK, NAME, ORGANIZATION, S3_POLICY),
        need="account",
    ),
    Purpose(sid="ReadAccessPoints", title="Access points", operations=OF_ACCESS_POINTS, need="access points"),
    Purpose(
        sid="ReadAccessGrants", title="Access Grants", operations=(*OF_GRANTS, TAGS), need="access grants"
    ),
    Purpose(sid="ReadStorageLens", title="Storage Lens", operations=(*OF_LENS, TAGS), need="storage lens"),
    Purpose(sid="ReadBatchJobs", title="Batch jobs", operations=OF_BATCH, need="batch jobs"),
    Purpose(sid="ReadTableBuckets", title="Table buckets", operations=OF_TABLES, need="table buckets"),
    Purpose(sid="ReadVectorBuckets", title="Vector buckets", operations=OF_VECTORS, need="vector buckets"),
    Purpose(sid="ReadFileSystems", title="S3 Files", operations=OF_FILES, need="file systems"),
    Purpose(sid="ReadKeys", title="KMS keys", operations=OF_KEYS, need="keys", besides="ListKeyAliases"),
    Purpose(sid="ReadRoles", title="Roles", operations=OF_IDENTITY, need="roles"),
    Purpose(sid="ReadTrails", title="CloudTrail", operations=_TRAILS, need="trails"),
    Purpose(sid="ReadAlarms", title="Alarms and event rules", operations=_ALARMS, need="alarms"),
    Purpose(sid="ReadDistributions", title="CloudFront", operations=OF_DISTRIBUTIONS, need="distributions"),
    Purpose(sid="ReadEndpoints", title="VPC endpoints", operations=_ENDPOINTS, need="endpoints"),
    Purpose(
        sid="ReadDnsRecords",
        title="Route 53",
        operations=OF_DNS,
        need="DNS records",
        besides="ListHostedZones",
    ),
    Purpose(sid="ReadLoadBalancers", title="Load balancers", operations=_BALANCERS, need="load balancers"),
    Purpose(
        sid="ReadTargets",
        title="Notification targets",
        operations=OF_TARGETS,
        need="notification targets",
        besides="ListEventSources",
    ),
    Purpose(
        sid="ReadVaults", title="Glacier vaults", operations=OF_VAULTS, need="vaults", besides="ListVaults"
    ),
    Purpose(
        sid="ReadWatchers",
        title="GuardDuty, Macie, IAM Access Analyzer",
        operations=OF_WATCH,
        need="watching services",
    ),
    Purpose(sid="ReadBackups", title="AWS Backup", operations=OF_BACKUP, need="backup plans"),
    Purpose(
        sid="ReadOrganization",
        title="The organization",
        operations=(*OF_ORGANIZATION, ACCOUNTS),
        need="organization",
    ),
    Purpose(
        sid="ListMembers",
        title="The accounts of an organization",
        operations=(ACCOUNTS,),
        option="organization",
    ),
    Purpose(sid="EnterMembers", title="The way into them", operations=(ASSUME_ROLE,), option="organization"),
    Purpose(sid="SampleObjects", title="A sample of objects", operations=OF_OBJECTS, option="objects"),
    Purpose(sid="FindUnfinishedUploads", title="Unfinished uploads", operations=(UPLOADS,), option="uploads"),
)
"""Every call of the table, once for each purpose that it is made for."""


class Statement(msgspec.Struct, frozen=True):
    """Sorted, without what is there twice."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    """With `{partition}` and `{account}` in them."""


def statements(
    needs: Collection[str], options: Collection[str] = (), role_name: str = "*"
) -> tuple[Statement, ...]:
    """What has to be allowed for checks that need this; `role_name` is that of the role in member accounts."""
    made: list[Statement] = []
    for purpose in PURPOSES:
        if purpose.is_for_all or purpose.need in needs or purpose.option in options:
            made += _statements_of(purpose, role_name)
    return tuple(made)


def way_in(roles: Iterable[str]) -> tuple[Statement, ...]:
    """What has to be allowed for `--assume-role`, beside what the roles themselves have to be."""
    arns = sorted(set(roles))
    return tuple(
        Statement(
            f"AssumeRoles{number if number > 1 else ''}",
            (ASSUME_ROLE.action,),
            tuple(arns[first : first + _ROLES_TOGETHER]),
        )
        for number, first in enumerate(range(0, len(arns), _ROLES_TOGETHER), 1)
    )


def _statements_of(purpose: Purpose, role_name: str) -> Iterator[Statement]:
    limited: dict[str, str] = {}
    unlimited: set[str] = set()
    for operation in purpose.operations:
        if operation is ASSUME_ROLE:
            limited[operation.action] = operation.resource.removesuffix("*") + role_name
        elif operation.action and operation.resource == EVERYWHERE:
            unlimited.add(operation.action)
        elif operation.action:
            limited[operation.action] = operation.resource
    if limited:
        yield Statement(purpose.sid, tuple(sorted(limited)), tuple(sorted(set(limited.values()))))
    if unlimited:
        sid = purpose.besides if limited else purpose.sid
        yield Statement(sid, tuple(sorted(unlimited)), (EVERYWHERE,))


def policies(
    allowed: Iterable[Statement], partition: str, account: str = "*", largest: int = LARGEST
) -> list[dict[str, Any]]:
    """The statements as policies, as many as IAM's limit asks for."""
    made: list[dict[str, Any]] = []
    for statement in allowed:
        told = _told(statement, {"partition": partition, "account": account})
        if not made or size({**made[-1], "Statement": [*made[-1]["Statement"], told]}) > largest:
            made.append({"Version": "2012-10-17", "Statement": []})
        made[-1]["Statement"].append(told)
    return made


def size(policy: Mapping[str, Any]) -> int:
    """As IAM counts it."""
    return len(json.dumps(policy, separators=(",", ":")))


def _told(statement: Statement, names: Mapping[str, str]) -> dict[str, Any]:
    resources = [resource.format_map(names) for resource in statement.resources]
    return {
        "Sid": statement.sid,
        "Effect": "Allow",
        "Action": _one_or_all(statement.actions),
        "Resource": _one_or_all(resources),
    }


def _one_or_all(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)
