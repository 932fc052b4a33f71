"""The calls about Storage Lens."""

from s3audit.collectors.live.operations.base import Operation, Pages

# Not every Region can be home to dashboards, and S3 says that with the code of a refusal.
_NO_HOME = "home region"

CONFIGURATIONS = Operation(
    service="s3control",
    name="ListStorageLensConfigurations",
    action="s3:ListStorageLensConfigurations",
    tells="the Storage Lens dashboards",
    root=("ListStorageLensConfigurationResult",),
    no_such_says=_NO_HOME,
    pages=Pages(("StorageLensConfigurationList",), "NextToken", "NextToken"),
)
CONFIGURATION = Operation(
    service="s3control",
    name="GetStorageLensConfiguration",
    action="s3:GetStorageLensConfiguration",
    tells="what a Storage Lens dashboard covers and exports",
    root=("StorageLensConfiguration",),
    gone=("NoSuchConfiguration",),
)
CONFIGURATION_TAGS = Operation(
    service="s3control",
    name="GetStorageLensConfigurationTagging",
    action="s3:GetStorageLensConfigurationTagging",
    tells="the tags of a Storage Lens dashboard",
    root=("GetStorageLensConfigurationTaggingResult",),
    absent=("NoSuchTagSet",),
    gone=("NoSuchConfiguration",),
)
GROUPS = Operation(
    service="s3control",
    name="ListStorageLensGroups",
    action="s3:ListStorageLensGroups",
    tells="the Storage Lens groups",
    root=("ListStorageLensGroupsResult",),
    no_such_says=_NO_HOME,
    pages=Pages(("StorageLensGroupList",), "NextToken", "NextToken"),
)

OF_LENS: tuple[Operation, ...] = (CONFIGURATIONS, CONFIGURATION, CONFIGURATION_TAGS, GROUPS)
