"""Vaults, from the answers about them."""

from s3audit.collectors.documents.shape import Shape, document, text, word
from s3audit.model.vault import Vault

VAULT = Shape(
    Vault,
    {
        "name": text("item.VaultName"),
        "policy": document("GetVaultAccessPolicy.policy.Policy"),
        "lock_policy": document("GetVaultLock.Policy"),
        "lock_state": word("GetVaultLock.State"),
        "lock_expires": text("GetVaultLock.ExpirationDate"),
        "notification_topic": text("GetVaultNotifications.vaultNotificationConfig.SNSTopic"),
        "created": text("item.CreationDate"),
    },
)
