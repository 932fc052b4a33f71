"""The older Glacier: vaults and their locks."""

from s3audit.collectors.documents.shape import Shape, absent, document, otherwise, text, word
from s3audit.collectors.terraform.tables.common import TAGS, attached
from s3audit.model.vault import Vault

_STATES = {"true": "Locked", "false": "InProgress"}

TABLES = {
    "aws_glacier_vault": Shape(
        Vault,
        {
            "name": text("name"),
            "policy": document("access_policy"),
            "lock_policy": absent(),
            "lock_state": absent(),
            "notification_topic": text("notification[0].sns_topic"),
            "tags": TAGS,
        },
    ),
    "aws_glacier_vault_lock": attached("vault", "lock_policy", "vault_name", document("policy")),
}

MORE = {
    "aws_glacier_vault_lock": (
        attached(
            "vault", "lock_state", "vault_name", otherwise(word("complete_lock", _STATES), "InProgress")
        ),
    ),
}
