"""KMS keys and aliases, from the answers about them."""

from s3audit.collectors.documents.shape import Shape, document, flag, number, text, word
from s3audit.model.key import KmsAlias, KmsKey

_META = "DescribeKey.KeyMetadata."

KEY = Shape(
    KmsKey,
    {
        "id": text(_META + "KeyId"),
        "policy": document("GetKeyPolicy.Policy"),
        "enabled": flag(_META + "Enabled"),
        "state": word(_META + "KeyState"),
        "manager": word(_META + "KeyManager"),
        "rotation": flag("GetKeyRotationStatus.KeyRotationEnabled"),
        "rotation_days": number("GetKeyRotationStatus.RotationPeriodInDays"),
        "spec": word(f"{_META}KeySpec|{_META}CustomerMasterKeySpec"),
        "usage": word(_META + "KeyUsage"),
        "key_origin": word(_META + "Origin"),
        "multi_region": flag(_META + "MultiRegion"),
        # A primary key names itself there.
        "primary": text(_META + "MultiRegionConfiguration[MultiRegionKeyType=REPLICA].PrimaryKey.Arn"),
        "pending_window_days": number(_META + "PendingDeletionWindowInDays"),
        "deletion_date": text(_META + "DeletionDate"),
    },
)
ALIAS = Shape(KmsAlias, {"name": text("item.AliasName"), "key": text("item.TargetKeyId")})
