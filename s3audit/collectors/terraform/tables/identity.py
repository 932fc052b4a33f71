"""IAM."""

from s3audit.collectors.documents.shape import Field, Shape, absent, document, listed, number, text, word
from s3audit.collectors.terraform.tables.common import TAGS, attached, part
from s3audit.model.identity import AccessKey, Group, ManagedPolicy, NamedPolicy, Role, User

_POLICY = Shape(NamedPolicy, {"name": text("name"), "document": document("policy")})
_ARN = text("policy_arn")


def _arns(path: str) -> Field:
    """Managed policies that the declaration attaches all at once."""
    return listed(path, text(""))


TABLES = {
    "aws_iam_role": Shape(
        Role,
        {
            "name": text("name"),
            "path": text("path"),
            "assume_role_policy": document("assume_role_policy"),
            "policies": listed("inline_policy", _POLICY),
            "attached_policies": _arns("managed_policy_arns"),
            "permissions_boundary": text("permissions_boundary"),
            "max_session_duration": number("max_session_duration"),
            "tags": TAGS,
        },
    ),
    "aws_iam_user": Shape(
        User,
        {
            "name": text("name"),
            "path": text("path"),
            "policies": absent(),
            "attached_policies": absent(),
            "groups": absent(),
            "permissions_boundary": text("permissions_boundary"),
            "access_keys": absent(),
            "tags": TAGS,
        },
    ),
    "aws_iam_group": Shape(
        Group,
        {
            "name": text("name"),
            "path": text("path"),
            "policies": absent(),
            "attached_policies": absent(),
        },
    ),
    "aws_iam_policy": Shape(
        ManagedPolicy,
        {
            "name": text("name"),
            "path": text("path"),
            "document": document("policy"),
            "roles": absent(),
            "users": absent(),
            "groups": absent(),
            "tags": TAGS,
        },
    ),
    "aws_iam_role_policy": attached("role", "policies", "role", part(_POLICY)),
    "aws_iam_user_policy": attached("user", "policies", "user", part(_POLICY)),
    "aws_iam_group_policy": attached("group", "policies", "group", part(_POLICY)),
    "aws_iam_role_policy_attachment": attached("role", "attached_policies", "role", _ARN),
    "aws_iam_user_policy_attachment": attached("user", "attached_policies", "user", _ARN),
    "aws_iam_group_policy_attachment": attached("group", "attached_policies", "group", _ARN),
    "aws_iam_policy_attachment": attached("role", "attached_policies", "roles", _ARN),
    "aws_iam_role_policy_attachments_exclusive": attached(
        "role", "attached_policies", "role_name", _arns("policy_arns")
    ),
    "aws_iam_user_policy_attachments_exclusive": attached(
        "user", "attached_policies", "user_name", _arns("policy_arns")
    ),
    "aws_iam_group_policy_attachments_exclusive": attached(
        "group", "attached_policies", "group_name", _arns("policy_arns")
    ),
    "aws_iam_group_membership": attached("user", "groups", "users", text("group")),
    "aws_iam_user_group_membership": attached("user", "groups", "user", listed("groups", text(""))),
    "aws_iam_access_key": attached(
        "user", "access_keys", "user", part(Shape(AccessKey, {"status": word("status")}))
    ),
}

MORE = {
    "aws_iam_policy_attachment": (
        attached("user", "attached_policies", "users", _ARN),
        attached("group", "attached_policies", "groups", _ARN),
    ),
}
