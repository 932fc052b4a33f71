"""S3 Files, and the security groups before it."""

from s3audit.model.file_system import FileSystem, MountTarget
from s3audit.model.network import IngressRule, SecurityGroup
from s3audit.setting import Known, Setting, Unset
from s3audit.text import Text
from tests.terraform.emit.form import Argument, Arguments
from tests.terraform.emit.writer import Writer


def file_system(writer: Writer, f: FileSystem) -> None:
    arguments: Arguments = {
        "bucket": writer.text(f.bucket),
        "prefix": writer.text(f.prefix),
        "role_arn": writer.text(f.role),
        "kms_key_id": writer.text(f.kms_key),
        "tags": writer.tags(f.tags),
    }
    writer.block("aws_s3files_file_system", writer.name(f), arguments)
    policy = writer.document(f.policy)
    if policy is not None:
        own: Arguments = {"file_system_id": writer.reference(f, "id"), "policy": policy}
        writer.block("aws_s3files_file_system_policy", writer.name(f), own)


def mount_target(writer: Writer, m: MountTarget) -> None:
    arguments: Arguments = {
        "file_system_id": writer.text(m.file_system),
        "subnet_id": writer.text(m.subnet),
        "security_groups": writer.texts(m.security_groups),
    }
    writer.block("aws_s3files_mount_target", writer.name(m), arguments)


def security_group(writer: Writer, s: SecurityGroup) -> None:
    def listed(setting: Setting[Text | None]) -> Argument:
        match setting:
            case Known(None) | Unset():
                return None
            case _:
                return [writer.text(setting)]

    def rule(r: IngressRule) -> Arguments:
        return {
            "protocol": writer.text(r.protocol),
            "from_port": writer.number(r.from_port),
            "to_port": writer.number(r.to_port),
            "cidr_blocks": listed(r.cidr),
            "ipv6_cidr_blocks": listed(r.cidr_ipv6),
            "security_groups": listed(r.security_group),
            "prefix_list_ids": listed(r.prefix_list),
        }

    arguments: Arguments = {
        "name": writer.own_name(s, demanded=False),
        "vpc_id": writer.text(s.vpc),
        "ingress": writer.blocks_of(s.ingress, rule),
        "tags": writer.tags(s.tags),
    }
    writer.block("aws_security_group", writer.name(s), arguments)
