"""The table of operations: every call that a live scan can make, and no other is let through."""

from s3audit.collectors.live.operations.access_points import OF_ACCESS_POINTS
from s3audit.collectors.live.operations.account import OF_ACCOUNT
from s3audit.collectors.live.operations.backup import OF_BACKUP
from s3audit.collectors.live.operations.base import Operation, Pages
from s3audit.collectors.live.operations.batch import OF_BATCH
from s3audit.collectors.live.operations.buckets import OF_BUCKETS, UPLOADS
from s3audit.collectors.live.operations.distributions import OF_DISTRIBUTIONS
from s3audit.collectors.live.operations.dns import OF_DNS
from s3audit.collectors.live.operations.entry import OF_ENTRY
from s3audit.collectors.live.operations.files import OF_FILES
from s3audit.collectors.live.operations.grants import OF_GRANTS
from s3audit.collectors.live.operations.identity import OF_IDENTITY
from s3audit.collectors.live.operations.keys import OF_KEYS
from s3audit.collectors.live.operations.lens import OF_LENS
from s3audit.collectors.live.operations.network import OF_NETWORK
from s3audit.collectors.live.operations.objects import OF_OBJECTS
from s3audit.collectors.live.operations.organization import OF_ORGANIZATION
from s3audit.collectors.live.operations.tables import OF_TABLES
from s3audit.collectors.live.operations.targets import OF_TARGETS
from s3audit.collectors.live.operations.trails import OF_TRAILS
from s3audit.collectors.live.operations.vaults import OF_VAULTS
from s3audit.collectors.live.operations.vectors import OF_VECTORS
from s3audit.collectors.live.operations.watch import OF_WATCH

TABLE: tuple[Operation, ...] = (
    *OF_ENTRY,
    *OF_ACCOUNT,
    *OF_BUCKETS,
    UPLOADS,
    *OF_OBJECTS,
    *OF_ACCESS_POINTS,
    *OF_GRANTS,
    *OF_LENS,
    *OF_BATCH,
    *OF_TABLES,
    *OF_VECTORS,
    *OF_FILES,
    *OF_KEYS,
    *OF_IDENTITY,
    *OF_TRAILS,
    *OF_DISTRIBUTIONS,
    *OF_NETWORK,
    *OF_DNS,
    *OF_TARGETS,
    *OF_VAULTS,
    *OF_WATCH,
    *OF_BACKUP,
    *OF_ORGANIZATION,
)

__all__ = ["TABLE", "Operation", "Pages"]
