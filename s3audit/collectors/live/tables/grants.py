"""S3 Access Grants, from the answers of all calls about them."""

from s3audit.collectors.documents.shape import Shape, document, listed, text, word
from s3audit.collectors.live.tables.buckets import TAG
from s3audit.model.access_grants import AccessGrant, AccessGrantsInstance, AccessGrantsLocation

_TAGS = listed("ListTagsForResource.Tags", TAG)

INSTANCE = Shape(
    AccessGrantsInstance,
    {
        "id": text("item.AccessGrantsInstanceId"),
        "identity_center": text("item.IdentityCenterInstanceArn|item.IdentityCenterArn"),
        "policy": document("GetAccessGrantsInstanceResourcePolicy.Policy"),
        "tags": _TAGS,
    },
)
LOCATION = Shape(
    AccessGrantsLocation,
    {
        "id": text("item.AccessGrantsLocationId"),
        "scope": text("item.LocationScope"),
        "role": text("item.IAMRoleArn"),
    },
)
GRANT = Shape(
    AccessGrant,
    {
        "id": text("item.AccessGrantId"),
        "location": text("item.AccessGrantsLocationId"),
        "sub_prefix": text("item.AccessGrantsLocationConfiguration.S3SubPrefix"),
        "scope": text("item.GrantScope"),
        "grantee_type": word("item.Grantee.GranteeType"),
        "grantee": text("item.Grantee.GranteeIdentifier"),
        "permission": word("item.Permission"),
        "application": text("item.ApplicationArn"),
    },
)
