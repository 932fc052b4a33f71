"""S3 Access Grants."""

from s3audit.collectors.cloudformation.tables.common import TAGS
from s3audit.collectors.documents.shape import Shape, absent, text, word
from s3audit.model.access_grants import AccessGrant, AccessGrantsInstance, AccessGrantsLocation

TABLES = {
    "AWS::S3::AccessGrantsInstance": Shape(
        AccessGrantsInstance,
        {"identity_center": text("IdentityCenterArn"), "policy": absent(), "tags": TAGS},
    ),
    "AWS::S3::AccessGrantsLocation": Shape(
        AccessGrantsLocation,
        {"scope": text("LocationScope"), "role": text("IamRoleArn"), "tags": TAGS},
    ),
    "AWS::S3::AccessGrant": Shape(
        AccessGrant,
        {
            "location": text("AccessGrantsLocationId"),
            "sub_prefix": text("AccessGrantsLocationConfiguration.S3SubPrefix"),
            "prefix_type": word("S3PrefixType"),
            "grantee_type": word("Grantee.GranteeType"),
            "grantee": text("Grantee.GranteeIdentifier"),
            "permission": word("Permission"),
            "application": text("ApplicationArn"),
            "tags": TAGS,
        },
    ),
}
