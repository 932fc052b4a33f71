"""Subnets and routes of VPCs, and the records of Route 53."""

from s3audit.model.dns import DnsRecord
from s3audit.model.network import RouteTable, Subnet
from s3audit.setting import Known
from tests.terraform.emit.form import Arguments, Blocks, Reference, written
from tests.terraform.emit.writer import Writer


def record(writer: Writer, r: DnsRecord) -> None:
    arguments: Arguments = {
        "zone_id": writer.text(r.zone),
        "name": writer.text(r.name),
        "type": writer.word(r.type),
        "records": writer.texts(r.values),
    }
    if isinstance(r.alias, Known) and r.alias.value is not None:
        alias: Arguments = {
            "name": writer.text(r.alias),
            "zone_id": writer.text(r.alias_zone),
            "evaluate_target_health": False,
        }
        arguments["alias"] = Blocks((written(alias),))
    writer.block("aws_route53_record", writer.name(r), arguments)


def subnet(writer: Writer, s: Subnet) -> None:
    arguments: Arguments = {
        "vpc_id": writer.text(s.vpc),
        "availability_zone": writer.text(s.availability_zone),
        "tags": writer.tags(s.tags),
    }
    writer.block("aws_subnet", writer.name(s), arguments)


def route_table(writer: Writer, t: RouteTable) -> None:
    arguments: Arguments = {"vpc_id": writer.text(t.vpc), "tags": writer.tags(t.tags)}
    writer.block("aws_route_table", writer.name(t), arguments)
    own: Reference = writer.reference(t, "id")
    for number, one in enumerate(t.subnets.value if isinstance(t.subnets, Known) else (), 1):
        association: Arguments = {"route_table_id": own, "subnet_id": writer.text(one)}
        writer.block("aws_route_table_association", f"{writer.name(t)}_{number}", association)
    for number, each in enumerate(t.routes.value if isinstance(t.routes, Known) else (), 1):
        if isinstance(each, Known):
            route: Arguments = {
                "route_table_id": own,
                "destination_cidr_block": writer.text(each.value.destination),
                "gateway_id": writer.text(each.value.gateway),
            }
            writer.block("aws_route", f"{writer.name(t)}_{number}", route)
