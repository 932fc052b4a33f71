"""Every kind of resource that the model knows, by the tag under which a snapshot keeps it."""

from s3audit.model.access_grants import AccessGrant, AccessGrantsInstance, AccessGrantsLocation
from s3audit.model.access_point import AccessPoint, MultiRegionAccessPoint, ObjectLambdaAccessPoint
from s3audit.model.account import Account, Organization
from s3audit.model.backup import BackupPlan, BackupSelection
from s3audit.model.base import Resource, kind_of
from s3audit.model.batch import BatchJob
from s3audit.model.bucket import Bucket
from s3audit.model.distribution import Distribution, OriginAccessControl, OriginAccessIdentity
from s3audit.model.dns import DnsRecord
from s3audit.model.file_system import FileSystem, FileSystemAccessPoint, MountTarget
from s3audit.model.identity import Group, ManagedPolicy, Role, User
from s3audit.model.key import KmsAlias, KmsKey
from s3audit.model.lens import StorageLens, StorageLensGroup
from s3audit.model.load_balancer import LoadBalancer
from s3audit.model.network import OutpostsEndpoint, RouteTable, SecurityGroup, Subnet, Vpc, VpcEndpoint
from s3audit.model.predictable import PredictableName
from s3audit.model.s3object import S3Object
from s3audit.model.table_bucket import Table, TableBucket, TableNamespace
from s3audit.model.target import Function, Queue, Topic
from s3audit.model.trail import Alarm, EventDataStore, EventRule, LogGroup, MetricFilter, Trail
from s3audit.model.vault import Vault
from s3audit.model.vector_bucket import VectorBucket, VectorIndex
from s3audit.model.watch import Analyzer, Detector, MacieSession, MalwareProtectionPlan

_CLASSES: tuple[type[Resource], ...] = (
    Account,
    Organization,
    Bucket,
    S3Object,
    PredictableName,
    AccessPoint,
    MultiRegionAccessPoint,
    ObjectLambdaAccessPoint,
    AccessGrantsInstance,
    AccessGrantsLocation,
    AccessGrant,
    TableBucket,
    TableNamespace,
    Table,
    VectorBucket,
    VectorIndex,
    FileSystem,
    FileSystemAccessPoint,
    MountTarget,
    Distribution,
    OriginAccessControl,
    OriginAccessIdentity,
    Role,
    User,
    Group,
    ManagedPolicy,
    KmsKey,
    KmsAlias,
    Trail,
    EventDataStore,
    LogGroup,
    MetricFilter,
    Alarm,
    EventRule,
    VpcEndpoint,
    Vpc,
    Subnet,
    RouteTable,
    SecurityGroup,
    OutpostsEndpoint,
    Topic,
    Queue,
    Function,
    LoadBalancer,
    DnsRecord,
    BackupPlan,
    BackupSelection,
    Vault,
    StorageLens,
    StorageLensGroup,
    BatchJob,
    Detector,
    MalwareProtectionPlan,
    MacieSession,
    Analyzer,
)


KINDS: dict[str, type[Resource]] = {kind_of(cls): cls for cls in _CLASSES}
