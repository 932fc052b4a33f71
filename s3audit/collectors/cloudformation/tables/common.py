"""What the tables of several families share."""

from s3audit.collectors.documents.attachments import Attachment
from s3audit.collectors.documents.shape import Field, Shape, absent, document, flag, listed, optional, text
from s3audit.model.base import Tag
from s3audit.model.bucket import Removal

TAG = Shape(Tag, {"key": text("Key"), "value": text("Value")})
TAGS = listed("Tags", TAG)

CANNED_ACLS = {
    "Private": "private",
    "PublicRead": "public-read",
    "PublicReadWrite": "public-read-write",
    "AuthenticatedRead": "authenticated-read",
    "AwsExecRead": "aws-exec-read",
    "BucketOwnerRead": "bucket-owner-read",
    "BucketOwnerFullControl": "bucket-owner-full-control",
    "LogDeliveryWrite": "log-delivery-write",
}
STORAGE_CLASSES = {"Glacier": "GLACIER"}

NEVER_EMPTIED = Shape(Removal, {"force_destroy": absent()})
"""CloudFormation itself empties nothing before it deletes it."""

PUBLIC_ACCESS_BLOCK = {
    "block_public_acls": flag("BlockPublicAcls"),
    "ignore_public_acls": flag("IgnorePublicAcls"),
    "block_public_policy": flag("BlockPublicPolicy"),
    "restrict_public_buckets": flag("RestrictPublicBuckets"),
}


def policy_of(kind: str, targets: str, path: str) -> Shape:
    """A policy that is declared beside the resources that it belongs to."""
    return attached(kind, "policy", targets, document(path))


def attached(kind: str, field: str, targets: str, value: Field) -> Shape:
    """A value that is declared beside the resources that it belongs to."""
    return Shape(
        Attachment,
        {"targets": listed(targets, text("")), "value": value},
        {"kind": kind, "field": field},
    )


def part(shape: Shape) -> Field:
    """The whole node as one section."""
    return optional("", shape)


BUCKET_POLICY = policy_of("bucket", "Bucket", "PolicyDocument")
