"""The role of a live scan as a template of CloudFormation and as a module of Terraform."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from s3audit.collectors.live.permissions import Statement

_BRACES = re.compile(r"\{(partition|account)\}")
_IN_TEMPLATE = {"partition": "${AWS::Partition}", "account": "${AWS::AccountId}"}
_IN_MODULE = {
    "partition": "${data.aws_partition.current.partition}",
    "account": "${data.aws_caller_identity.current.account_id}",
}
POLICY_NAME = "s3audit"


class Role(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    trust: str = ""
    """An account or the ARN of a principal; whoever deploys it is asked where it is empty."""
    external_id: str = ""
    boundary: str = ""


def template(allowed: Sequence[Statement], role: Role, version: str, command: str) -> str:
    """A template of CloudFormation in YAML."""
    return "\n".join(_template(allowed, role, version, command)) + "\n"


def _template(allowed: Sequence[Statement], role: Role, version: str, command: str) -> Iterator[str]:
    trusted = [f'    Default: "{role.trust}"'] if role.trust else []
    yield f"# Written by `{command}`; make it anew for another version of s3audit."
    yield 'AWSTemplateFormatVersion: "2010-09-09"'
    yield f"Description: The role by which s3audit {version} reads how S3 is set up here. It can change nothing."
    yield "Parameters:"
    yield from _parameter("RoleName", "The name of the role.", role.name, r"[\w+=,.@-]{1,64}")
    yield "  TrustedPrincipal:"
    yield "    Type: String"
    yield "    Description: Who may take the role, the id of an account or the ARN of a role or user."
    yield r"    AllowedPattern: (\d{12}|arn:aws[a-z-]*:iam::\d{12}:(root|(role|user)/[\w+=,.@/-]+))"
    yield from trusted
    yield from _parameter(
        "ExternalId",
        "What whoever takes the role has to say; empty for nothing.",
        role.external_id,
        r"([\w+=,.@:/-]{2,1224})?",
    )
    yield from _parameter(
        "PermissionsBoundary", "The ARN of the policy that bounds the role; empty for none.", role.boundary
    )
    yield "Conditions:"
    yield '  HasExternalId: !Not [!Equals [!Ref ExternalId, ""]]'
    yield '  HasPermissionsBoundary: !Not [!Equals [!Ref PermissionsBoundary, ""]]'
    yield "Resources:"
    yield "  Role:"
    yield "    Type: AWS::IAM::Role"
    yield "    Properties:"
    yield "      RoleName: !Ref RoleName"
    yield "      Description: s3audit reads by this role how S3 is set up; it can change nothing."
    yield "      PermissionsBoundary: !If [HasPermissionsBoundary, !Ref PermissionsBoundary, !Ref AWS::NoValue]"
    yield "      AssumeRolePolicyDocument:"
    yield '        Version: "2012-10-17"'
    yield "        Statement:"
    yield "          - Effect: Allow"
    yield "            Principal:"
    yield "              AWS: !Ref TrustedPrincipal"
    yield "            Action: sts:AssumeRole"
    yield "            Condition: !If"
    yield "              - HasExternalId"
    yield "              - StringEquals:"
    yield "                  sts:ExternalId: !Ref ExternalId"
    yield "              - !Ref AWS::NoValue"
    yield "      Policies:"
    yield f"        - PolicyName: {POLICY_NAME}"
    yield "          PolicyDocument:"
    yield '            Version: "2012-10-17"'
    yield "            Statement:"
    yield from template_statements(allowed, 14)
    yield "Outputs:"
    yield "  RoleArn:"
    yield "    Description: For `s3audit live --assume-role`."
    yield "    Value: !GetAtt Role.Arn"


def _parameter(name: str, says: str, default: str, pattern: str = "") -> Iterator[str]:
    yield f"  {name}:"
    yield "    Type: String"
    yield f"    Description: {says}"
    if pattern:
        yield f"    AllowedPattern: '{pattern}'"
    yield f'    Default: "{default}"'


def template_statements(allowed: Sequence[Statement], indent: int) -> Iterator[str]:
    """The lines of the statements in a template."""
    space = " " * indent
    for statement in allowed:
        yield f"{space}- Sid: {statement.sid}"
        yield f"{space}  Effect: Allow"
        yield f"{space}  Action:"
        yield from (f"{space}    - {action}" for action in statement.actions)
        yield f"{space}  Resource:"
        yield from (f"{space}    - {_sub(resource)}" for resource in statement.resources)


def _sub(resource: str) -> str:
    put = _BRACES.sub(lambda found: _IN_TEMPLATE[found[1]], resource)
    return f'"{put}"' if put == resource else f'!Sub "{put}"'


def module(allowed: Sequence[Statement], role: Role, version: str, command: str) -> str:
    """A module of Terraform, laid out as `terraform fmt` does it."""
    return "\n".join(_module(allowed, role, version, command)) + "\n"


def _module(allowed: Sequence[Statement], role: Role, version: str, command: str) -> Iterator[str]:
    yield f"# The role by which s3audit {version} reads how S3 is set up in an account. It can change nothing."
    yield f"# Written by `{command}`; make it anew for another version of s3audit."
    yield ""
    yield from _variable("role_name", "The name of the role.", "string", role.name)
    yield from _variable(
        "trusted_principal",
        "Who may take the role: the id of an account, or the ARN of a role or user.",
        "string",
        role.trust or None,
    )
    yield from _variable(
        "external_id",
        "What whoever takes the role has to say; empty for nothing.",
        "string",
        role.external_id,
    )
    yield from _variable(
        "permissions_boundary",
        "The ARN of the policy that bounds the role; empty for none.",
        "string",
        role.boundary,
    )
    yield from data_sources(allowed)
    yield 'data "aws_iam_policy_document" "trust" {'
    yield "  statement {"
    yield '    actions = ["sts:AssumeRole"]'
    yield ""
    yield "    principals {"
    yield '      type        = "AWS"'
    yield "      identifiers = [var.trusted_principal]"
    yield "    }"
    yield ""
    yield '    dynamic "condition" {'
    yield '      for_each = var.external_id == "" ? [] : [var.external_id]'
    yield ""
    yield "      content {"
    yield '        test     = "StringEquals"'
    yield '        variable = "sts:ExternalId"'
    yield "        values   = [condition.value]"
    yield "      }"
    yield "    }"
    yield "  }"
    yield "}"
    yield ""
    yield 'data "aws_iam_policy_document" "read" {'
    yield from module_statements(allowed)
    yield "}"
    yield ""
    yield 'resource "aws_iam_role" "s3audit" {'
    yield "  name                 = var.role_name"
    yield '  description          = "s3audit reads by this role how S3 is set up; it can change nothing."'
    yield "  assume_role_policy   = data.aws_iam_policy_document.trust.json"
    yield '  permissions_boundary = var.permissions_boundary == "" ? null : var.permissions_boundary'
    yield "}"
    yield ""
    yield 'resource "aws_iam_role_policy" "s3audit" {'
    yield f'  name   = "{POLICY_NAME}"'
    yield "  role   = aws_iam_role.s3audit.id"
    yield "  policy = data.aws_iam_policy_document.read.json"
    yield "}"
    yield ""
    yield 'output "role_arn" {'
    yield '  description = "For `s3audit live --assume-role`."'
    yield "  value       = aws_iam_role.s3audit.arn"
    yield "}"


def _variable(name: str, says: str, kind: str, default: str | None) -> Iterator[str]:
    yield f'variable "{name}" {{'
    yield f'  description = "{says}"'
    yield f"  type        = {kind}"
    if default is not None:
        yield f'  default     = "{default}"'
    yield "}"
    yield ""


def data_sources(allowed: Sequence[Statement]) -> Iterator[str]:
    """The data sources that the statements refer to."""
    used = {name for one in allowed for resource in one.resources for name in _BRACES.findall(resource)}
    if "partition" in used:
        yield 'data "aws_partition" "current" {}'
        yield ""
    if "account" in used:
        yield 'data "aws_caller_identity" "current" {}'
        yield ""


def module_statements(allowed: Sequence[Statement]) -> Iterator[str]:
    """The lines of the statements in a policy document data source."""
    for number, statement in enumerate(allowed):
        if number:
            yield ""
        yield "  statement {"
        yield f'    sid = "{statement.sid}"'
        yield ""
        yield from _listed("actions", statement.actions)
        yield ""
        resources = [_BRACES.sub(lambda found: _IN_MODULE[found[1]], one) for one in statement.resources]
        yield from _listed("resources", resources)
        yield "  }"


def _listed(name: str, values: Sequence[str]) -> Iterator[str]:
    if len(values) == 1:
        yield f'    {name} = ["{values[0]}"]'
        return
    yield f"    {name} = ["
    yield from (f'      "{value}",' for value in values)
    yield "    ]"
