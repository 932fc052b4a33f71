"""S3 Access Grants: the one instance that a Region can have, and what is in it."""

from s3audit.collectors.live.operations import grants as calls
from s3audit.collectors.live.operations.access_points import TAGS
from s3audit.collectors.live.reading import Detail, Reading
from s3audit.collectors.live.tables.grants import GRANT, INSTANCE, LOCATION

NEED = "access grants"
_ACCOUNT = {"AccountId": "place.account"}

GRANTS_READER = Reading(
    need=NEED,
    scope="region",
    shape=INSTANCE,
    listing=calls.INSTANCES,
    parameters=_ACCOUNT,
    items="AccessGrantsInstancesList",
    address="{item.AccessGrantsInstanceArn}",
    title="{item.AccessGrantsInstanceId}",
    details=(
        Detail(operation=calls.INSTANCE_POLICY, parameters=_ACCOUNT),
        Detail(operation=TAGS, parameters={**_ACCOUNT, "ResourceArn": "item.AccessGrantsInstanceArn"}),
    ),
    below=(
        Reading(
            need=NEED,
            scope="region",
            shape=LOCATION,
            listing=calls.LOCATIONS,
            parameters=_ACCOUNT,
            items="AccessGrantsLocationsList",
            address="{item.AccessGrantsLocationArn}",
            title="{item.LocationScope}",
        ),
        Reading(
            need=NEED,
            scope="region",
            shape=GRANT,
            listing=calls.GRANTS,
            parameters=_ACCOUNT,
            items="AccessGrantsList",
            address="{item.AccessGrantArn}",
            title="{item.GrantScope}",
        ),
    ),
)
