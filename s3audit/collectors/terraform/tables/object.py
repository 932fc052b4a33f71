"""Objects that a configuration puts into a bucket."""

from s3audit.collectors.documents.shape import Shape, absent, either, flag, listed, section, text, word
from s3audit.collectors.terraform.tables.common import REMOVAL, TAGS
from s3audit.model.acl import Acl, Grant
from s3audit.model.s3object import S3Object

_KMS = {"true": "aws:kms"}
_ACL = {"canned": word("acl"), "grants": absent(), "owner": absent(), "owner_display_name": absent()}
_OBJECT = {
    "bucket": text("bucket"),
    "key": text("key"),
    "acl": section("", Shape(Acl, _ACL)),
    # A key that is named asks for KMS by itself.
    "encryption": either(word("server_side_encryption"), word("kms_key_id#present", _KMS)),
    "kms_key": text("kms_key_id"),
    "bucket_key": flag("bucket_key_enabled"),
    "storage_class": word("storage_class"),
    "lock_mode": word("object_lock_mode"),
    "lock_until": text("object_lock_retain_until_date"),
    "legal_hold": word("object_lock_legal_hold_status"),
    "redirect": text("website_redirect"),
    "sampled": absent(),
    "removal": section("", REMOVAL),
    "tags": TAGS,
}
_GRANT = Shape(
    Grant,
    {
        "type": word("type"),
        "id": text("id"),
        "uri": text("uri"),
        "email": text("email"),
        "display_name": absent(),
        "permission": word("permissions"),
    },
)
_COPY = _OBJECT | {
    "acl": section("", Shape(Acl, _ACL | {"grants": listed("grant", _GRANT, each=("permissions",))}))
}

TABLES = {
    "aws_s3_bucket_object": Shape(S3Object, _OBJECT),
    "aws_s3_object": Shape(S3Object, _OBJECT),
    "aws_s3_object_copy": Shape(S3Object, _COPY),
}
