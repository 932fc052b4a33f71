"""Roles and managed policies, from the answers about them."""

from s3audit.collectors.documents.shape import Shape, absent, document, listed, number, text
from s3audit.collectors.live.tables.buckets import TAG
from s3audit.model.identity import ManagedPolicy, NamedPolicy, Role

_ROLE = "GetRole.Role."

ROLE = Shape(
    Role,
    {
        "name": text(_ROLE + "RoleName"),
        "path": text(_ROLE + "Path"),
        "id": text(_ROLE + "RoleId"),
        "assume_role_policy": document(_ROLE + "AssumeRolePolicyDocument"),
        "policies": listed(
            "ListRolePolicies.Policies",
            Shape(NamedPolicy, {"name": text("PolicyName"), "document": document("PolicyDocument")}),
        ),
        "attached_policies": listed("ListAttachedRolePolicies.AttachedPolicies", text("PolicyArn")),
        "permissions_boundary": text(_ROLE + "PermissionsBoundary.PermissionsBoundaryArn"),
        "max_session_duration": number(_ROLE + "MaxSessionDuration"),
        "tags": listed(_ROLE + "Tags", TAG),
    },
)
# To whom it is attached, those say.
MANAGED_POLICY = Shape(
    ManagedPolicy,
    {
        "name": text("GetPolicy.Policy.PolicyName"),
        "path": text("GetPolicy.Policy.Path"),
        "document": document("GetPolicyVersion.PolicyVersion.Document"),
        "roles": absent(),
        "users": absent(),
        "groups": absent(),
        "tags": listed("GetPolicy.Policy.Tags", TAG),
    },
)
