"""The table of operations: every call that a live scan can make, and no other is let through."""

from s3audit.collectors.live.operations.base import Operation, Pages
from s3audit.collectors.live.operations.buckets import OF_BUCKETS, UPLOADS

TABLE: tuple[Operation, ...] = (*OF_BUCKETS, UPLOADS)

__all__ = ["TABLE", "Operation", "Pages"]
