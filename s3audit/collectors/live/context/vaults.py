"""The older Glacier: vaults, their locks and policies."""

from s3audit.collectors.live.operations import Operation
from s3audit.collectors.live.operations import vaults as operations
from s3audit.collectors.live.reading import Detail, Reading
from s3audit.collectors.live.tables.vaults import VAULT


def _detail(operation: Operation) -> Detail:
    parameters = {"accountId": "place.account", "vaultName": "item.VaultName"}
    return Detail(operation=operation, parameters=parameters)


VAULT_READER = Reading(
    need="vaults",
    scope="region",
    shape=VAULT,
    listing=operations.VAULTS,
    parameters={"accountId": "place.account"},
    items="VaultList",
    address="{item.VaultARN}",
    title="{item.VaultName}",
    details=(
        _detail(operations.LOCK),
        _detail(operations.ACCESS_POLICY),
        _detail(operations.NOTIFICATIONS),
    ),
)
