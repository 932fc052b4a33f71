"""IAM."""

from s3audit.model.identity import AccessKey, Group, ManagedPolicy, NamedPolicy, Role, User
from s3audit.setting import Known, Listed, Unknown
from s3audit.text import Text
from tests.terraform.emit.form import Arguments
from tests.terraform.emit.names import UnexpressedError
from tests.terraform.emit.writer import Writer


def role(writer: Writer, r: Role) -> None:
    inside = writer.chance.random() < 0.5
    arguments: Arguments = {
        "name": writer.own_name(r, demanded=False),
        "path": writer.text(r.path),
        "assume_role_policy": writer.document(r.assume_role_policy),
        "permissions_boundary": writer.text(r.permissions_boundary),
        "max_session_duration": writer.number(r.max_session_duration),
        "tags": writer.tags(r.tags),
    }
    if inside:
        arguments["managed_policy_arns"] = writer.texts(r.attached_policies)
        arguments["inline_policy"] = writer.blocks_of(r.policies, lambda one: _policy(writer, one))
    writer.block("aws_iam_role", writer.name(r), arguments)
    if not inside:
        _beside(writer, r, "role", r.policies, r.attached_policies)


def user(writer: Writer, u: User) -> None:
    arguments: Arguments = {
        "name": writer.own_name(u),
        "path": writer.text(u.path),
        "permissions_boundary": writer.text(u.permissions_boundary),
        "tags": writer.tags(u.tags),
    }
    writer.block("aws_iam_user", writer.name(u), arguments)
    _beside(writer, u, "user", u.policies, u.attached_policies)
    groups = writer.texts(u.groups)
    if groups is not None:
        membership: Arguments = {"user": writer.reference(u, "name"), "groups": groups}
        writer.block("aws_iam_user_group_membership", writer.name(u), membership)
    for key in writer.each(u.access_keys):
        _access_key(writer, u, key)


def _access_key(writer: Writer, u: User, key: AccessKey) -> None:
    arguments: Arguments = {"user": writer.reference(u, "name"), "status": writer.word(key.status)}
    writer.block("aws_iam_access_key", writer.name(u), arguments)


def group(writer: Writer, g: Group) -> None:
    arguments: Arguments = {"name": writer.own_name(g), "path": writer.text(g.path)}
    writer.block("aws_iam_group", writer.name(g), arguments)
    _beside(writer, g, "group", g.policies, g.attached_policies)


def managed_policy(writer: Writer, p: ManagedPolicy) -> None:
    arguments: Arguments = {
        "name": writer.own_name(p, demanded=False),
        "path": writer.text(p.path),
        "policy": writer.document(p.document),
    }
    writer.block("aws_iam_policy", writer.name(p), arguments)
    if any(isinstance(listed, Known | Unknown) for listed in (p.roles, p.users, p.groups)):
        raise UnexpressedError("a managed policy that says itself what it is attached to")


def _beside(
    writer: Writer,
    owner: Role | User | Group,
    kind: str,
    policies: Listed[NamedPolicy],
    attached: Listed[Text],
) -> None:
    """Policies and attachments as resources of their own."""
    name = writer.reference(owner, "name")
    label = writer.name(owner)
    for policy in writer.each(policies):
        writer.block(f"aws_iam_{kind}_policy", label, {kind: name, **_policy(writer, policy)})
    for arn in writer.each(attached):
        arguments: Arguments = {kind: name, "policy_arn": writer.said(arn)}
        writer.block(f"aws_iam_{kind}_policy_attachment", label, arguments)


def _policy(writer: Writer, policy: NamedPolicy) -> Arguments:
    return {"name": writer.text(policy.name), "policy": writer.document(policy.document)}
