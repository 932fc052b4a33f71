"""The calls that tell what AWS Backup keeps."""

from typing import Any

from s3audit.collectors.live.operations.base import Operation, Pages


def _backup(name: str, tells: str, **more: Any) -> Operation:
    return Operation(service="backup", name=name, action=f"backup:{name}", tells=tells, **more)


_GONE = ("ResourceNotFoundException",)

PLANS = _backup(
    "ListBackupPlans",
    "backup plans",
    has=("BackupPlansList",),
    pages=Pages(("BackupPlansList",), "NextToken", "NextToken"),
)
PLAN = _backup("GetBackupPlan", "when a plan makes backups", has=("BackupPlan",), gone=_GONE)
SELECTIONS = _backup(
    "ListBackupSelections",
    "what a plan selects",
    has=("BackupSelectionsList",),
    gone=_GONE,
    pages=Pages(("BackupSelectionsList",), "NextToken", "NextToken"),
)
SELECTION = _backup("GetBackupSelection", "what a selection has in it", has=("BackupSelection",), gone=_GONE)

OF_BACKUP: tuple[Operation, ...] = (PLANS, PLAN, SELECTIONS, SELECTION)
