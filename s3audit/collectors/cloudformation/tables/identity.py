"""IAM."""

from s3audit.collectors.cloudformation.tables.common import TAGS, attached, part
from s3audit.collectors.documents.attachments import IdentityPolicyAttachment
from s3audit.collectors.documents.shape import (
    Shape,
    absent,
    document,
    listed,
    number,
    text,
    word,
)
from s3audit.model.identity import AccessKey, Group, ManagedPolicy, NamedPolicy, Role, User

_POLICY = Shape(NamedPolicy, {"name": text("PolicyName"), "document": document("PolicyDocument")})
_OWN_POLICIES = listed("Policies", _POLICY)
_MANAGED = listed("ManagedPolicyArns", text(""))

TABLES = {
    "AWS::IAM::Role": Shape(
        Role,
        {
            "name": text("RoleName"),
            "path": text("Path"),
            "assume_role_policy": document("AssumeRolePolicyDocument"),
            "policies": _OWN_POLICIES,
            "attached_policies": _MANAGED,
            "permissions_boundary": text("PermissionsBoundary"),
            "max_session_duration": number("MaxSessionDuration"),
            "tags": TAGS,
        },
    ),
    "AWS::IAM::User": Shape(
        User,
        {
            "name": text("UserName"),
            "path": text("Path"),
            "policies": _OWN_POLICIES,
            "attached_policies": _MANAGED,
            "groups": listed("Groups", text("")),
            "permissions_boundary": text("PermissionsBoundary"),
            "access_keys": absent(),
            "tags": TAGS,
        },
    ),
    "AWS::IAM::Group": Shape(
        Group,
        {
            "name": text("GroupName"),
            "path": text("Path"),
            "policies": _OWN_POLICIES,
            "attached_policies": _MANAGED,
        },
    ),
    "AWS::IAM::ManagedPolicy": Shape(
        ManagedPolicy,
        {
            "name": text("ManagedPolicyName"),
            "path": text("Path"),
            "document": document("PolicyDocument"),
            "roles": listed("Roles", text("")),
            "users": listed("Users", text("")),
            "groups": listed("Groups", text("")),
        },
    ),
    "AWS::IAM::Policy": Shape(
        IdentityPolicyAttachment,
        {
            "name": text("PolicyName"),
            "document": document("PolicyDocument"),
            "roles": listed("Roles", text("")),
            "users": listed("Users", text("")),
            "groups": listed("Groups", text("")),
        },
    ),
    "AWS::IAM::RolePolicy": attached("role", "policies", "RoleName", part(_POLICY)),
    "AWS::IAM::UserPolicy": attached("user", "policies", "UserName", part(_POLICY)),
    "AWS::IAM::GroupPolicy": attached("group", "policies", "GroupName", part(_POLICY)),
    "AWS::IAM::UserToGroupAddition": attached("user", "groups", "Users", text("GroupName")),
    "AWS::IAM::AccessKey": attached(
        "user", "access_keys", "UserName", part(Shape(AccessKey, {"status": word("Status")}))
    ),
}
