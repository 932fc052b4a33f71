"""S3 Access Grants."""

from s3audit.collectors.documents.attachments import Attachment
from s3audit.collectors.documents.shape import Shape, absent, document, text, word
from s3audit.collectors.terraform.tables.common import TAGS
from s3audit.model.access_grants import AccessGrant, AccessGrantsInstance, AccessGrantsLocation

TABLES = {
    "aws_s3control_access_grants_instance": Shape(
        AccessGrantsInstance,
        {"identity_center": text("identity_center_arn"), "policy": absent(), "tags": TAGS},
    ),
    # It names an account, which has an instance in every region: so any of them may be meant.
    "aws_s3control_access_grants_instance_resource_policy": Shape(
        Attachment,
        {"value": document("policy")},
        {"kind": "access-grants-instance", "field": "policy"},
    ),
    "aws_s3control_access_grants_location": Shape(
        AccessGrantsLocation,
        {"scope": text("location_scope"), "role": text("iam_role_arn"), "tags": TAGS},
    ),
    "aws_s3control_access_grant": Shape(
        AccessGrant,
        {
            "location": text("access_grants_location_id"),
            "sub_prefix": text("access_grants_location_configuration[0].s3_sub_prefix"),
            "prefix_type": word("s3_prefix_type"),
            "grantee_type": word("grantee[0].grantee_type"),
            "grantee": text("grantee[0].grantee_identifier"),
            "permission": word("permission"),
            "application": absent(),
            "tags": TAGS,
        },
    ),
}
