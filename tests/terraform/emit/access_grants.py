"""S3 Access Grants."""

from s3audit.model.access_grants import AccessGrant, AccessGrantsInstance, AccessGrantsLocation
from tests.terraform.emit.form import Arguments, one
from tests.terraform.emit.writer import Writer


def instance(writer: Writer, i: AccessGrantsInstance) -> None:
    arguments: Arguments = {
        "identity_center_arn": writer.text(i.identity_center),
        "tags": writer.tags(i.tags),
    }
    writer.block("aws_s3control_access_grants_instance", writer.name(i), arguments)


def location(writer: Writer, where: AccessGrantsLocation) -> None:
    arguments: Arguments = {
        "location_scope": writer.text(where.scope),
        "iam_role_arn": writer.text(where.role),
        "tags": writer.tags(where.tags),
    }
    writer.block("aws_s3control_access_grants_location", writer.name(where), arguments)


def grant(writer: Writer, g: AccessGrant) -> None:
    grantee: Arguments = {
        "grantee_type": writer.word(g.grantee_type),
        "grantee_identifier": writer.text(g.grantee),
    }
    arguments: Arguments = {
        "access_grants_location_id": writer.text(g.location),
        "access_grants_location_configuration": one({"s3_sub_prefix": writer.text(g.sub_prefix)}),
        "s3_prefix_type": writer.word(g.prefix_type),
        "permission": writer.word(g.permission),
        "grantee": one(grantee),
        "tags": writer.tags(g.tags),
    }
    writer.block("aws_s3control_access_grant", writer.name(g), arguments)
