"""KMS."""

from s3audit.collectors.cloudformation.tables.common import TAGS
from s3audit.collectors.documents.shape import Shape, absent, always, document, flag, number, text, word
from s3audit.model.key import KmsAlias, KmsKey

TABLES = {
    "AWS::KMS::Key": Shape(
        KmsKey,
        {
            "policy": document("KeyPolicy"),
            "enabled": flag("Enabled"),
            "manager": always("CUSTOMER"),
            "rotation": flag("EnableKeyRotation"),
            "rotation_days": number("RotationPeriodInDays"),
            "spec": word("KeySpec"),
            "usage": word("KeyUsage"),
            "key_origin": word("Origin"),
            "multi_region": flag("MultiRegion"),
            "primary": absent(),
            "pending_window_days": number("PendingWindowInDays"),
            "tags": TAGS,
        },
    ),
    # What else a replica is, its primary decides.
    "AWS::KMS::ReplicaKey": Shape(
        KmsKey,
        {
            "policy": document("KeyPolicy"),
            "enabled": flag("Enabled"),
            "manager": always("CUSTOMER"),
            "multi_region": always(True),
            "primary": text("PrimaryKeyArn"),
            "pending_window_days": number("PendingWindowInDays"),
            "tags": TAGS,
        },
    ),
    "AWS::KMS::Alias": Shape(KmsAlias, {"name": text("AliasName"), "key": text("TargetKeyId")}),
}
