"""AWS Backup: the plans of a region, and what each selects."""

from s3audit.collectors.live.operations import backup as operations
from s3audit.collectors.live.reading import Detail, Reading
from s3audit.collectors.live.tables.backup import PLAN, SELECTION

_NEED = "backup plans"
_OF_PLAN = {"BackupPlanId": "item.BackupPlanId"}

_SELECTIONS = Reading(
    need=_NEED,
    scope="region",
    shape=SELECTION,
    listing=operations.SELECTIONS,
    parameters={"BackupPlanId": "above.item.BackupPlanId"},
    items="BackupSelectionsList",
    address="backup-selection:{above.item.BackupPlanArn}:{item.SelectionId}",
    title="{item.SelectionName}",
    details=(
        Detail(operation=operations.SELECTION, parameters=_OF_PLAN | {"SelectionId": "item.SelectionId"}),
    ),
)
BACKUP_READER = Reading(
    need=_NEED,
    scope="region",
    shape=PLAN,
    listing=operations.PLANS,
    items="BackupPlansList",
    address="{item.BackupPlanArn}",
    title="{item.BackupPlanName}",
    details=(Detail(operation=operations.PLAN, parameters=_OF_PLAN),),
    below=(_SELECTIONS,),
)
