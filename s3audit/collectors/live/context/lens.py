"""Storage Lens: the dashboards and groups whose home a Region is."""

from s3audit.collectors.live.operations import lens as calls
from s3audit.collectors.live.operations.access_points import TAGS
from s3audit.collectors.live.reading import Detail, Reading
from s3audit.collectors.live.tables.lens import STORAGE_LENS, STORAGE_LENS_GROUP

NEED = "storage lens"
_ACCOUNT = {"AccountId": "place.account"}
_CONFIGURATION = {**_ACCOUNT, "ConfigId": "item.Id"}
_AT_HOME = {"item.HomeRegion": "{place.region}"}

LENS_READERS: tuple[Reading, ...] = (
    Reading(
        need=NEED,
        scope="region",
        shape=STORAGE_LENS,
        listing=calls.CONFIGURATIONS,
        parameters=_ACCOUNT,
        items="StorageLensConfigurationList",
        address="{item.StorageLensArn}",
        title="{item.Id}",
        only=_AT_HOME,
        details=(
            Detail(operation=calls.CONFIGURATION, parameters=_CONFIGURATION),
            Detail(operation=calls.CONFIGURATION_TAGS, parameters=_CONFIGURATION),
        ),
    ),
    Reading(
        need=NEED,
        scope="region",
        shape=STORAGE_LENS_GROUP,
        listing=calls.GROUPS,
        parameters=_ACCOUNT,
        items="StorageLensGroupList",
        address="{item.StorageLensGroupArn}",
        title="{item.Name}",
        only=_AT_HOME,
        details=(Detail(operation=TAGS, parameters={**_ACCOUNT, "ResourceArn": "item.StorageLensGroupArn"}),),
    ),
)
