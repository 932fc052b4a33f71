"""Access points, and the private ways to them."""

from s3audit.model.access_point import (
    AccessPoint,
    AccessPointPublicAccessBlock,
    MultiRegionAccessPoint,
    MultiRegionBucket,
    ObjectLambdaAccessPoint,
    ObjectTransformation,
)
from s3audit.model.network import Vpc, VpcEndpoint
from s3audit.setting import Known
from tests.terraform.emit.form import Arguments, Blocks, one, written
from tests.terraform.emit.names import UnexpressedError
from tests.terraform.emit.writer import Writer, is_written


def access_point(writer: Writer, p: AccessPoint) -> None:
    if p.type == "outposts":
        raise UnexpressedError("an access point on Outposts")
    arguments: Arguments = {
        "name": writer.own_name(p),
        "bucket": writer.text(p.bucket),
        "bucket_account_id": writer.text(p.bucket_account),
        "vpc_configuration": one({"vpc_id": writer.text(p.vpc)}),
        "public_access_block_configuration": None
        if p.type == "directory"
        else _block(writer, p.public_access_block),
        "tags": writer.tags(p.tags),
    }
    policy = writer.document(p.policy)
    beside = writer.chance.random() < 0.5
    if not beside:
        arguments["policy"] = policy
    writer.block("aws_s3_access_point", writer.name(p), arguments)
    if beside and policy is not None:
        own: Arguments = {"access_point_arn": writer.reference(p, "arn"), "policy": policy}
        writer.block("aws_s3control_access_point_policy", writer.name(p), own)
    if isinstance(p.scope, Known) and p.scope.value is not None:
        scope = {
            "prefixes": writer.texts(p.scope.value.prefixes),
            "permissions": writer.words(p.scope.value.permissions),
        }
        own = {"name": writer.reference(p, "name"), "scope": Blocks((written(scope),))}
        writer.block("aws_s3control_directory_bucket_access_point_scope", writer.name(p), own)


def _block(writer: Writer, block: AccessPointPublicAccessBlock) -> Blocks | None:
    """In a block that is written, what is left out is on in Terraform, so it is written out."""
    if not is_written(block):
        return None
    return Blocks(
        (
            written(
                {
                    "block_public_acls": writer.flag(block.block_public_acls),
                    "ignore_public_acls": writer.flag(block.ignore_public_acls),
                    "block_public_policy": writer.flag(block.block_public_policy),
                    "restrict_public_buckets": writer.flag(block.restrict_public_buckets),
                }
            ),
        )
    )


def multi_region(writer: Writer, p: MultiRegionAccessPoint) -> None:
    def member(bucket: MultiRegionBucket) -> Arguments:
        return {
            "bucket": writer.text(bucket.bucket),
            "bucket_account_id": writer.text(bucket.bucket_account),
        }

    details: Arguments = {
        "name": writer.own_name(p),
        "region": writer.blocks_of(p.buckets, member),
        "public_access_block": _block(writer, p.public_access_block),
    }
    kind = "aws_s3control_multi_region_access_point"
    writer.block(kind, writer.name(p), {"details": Blocks((written(details),))})
    policy = writer.document(p.policy)
    if policy is not None:
        own: Arguments = {"name": writer.own_name(p), "policy": policy}
        writer.block(f"{kind}_policy", writer.name(p), {"details": Blocks((written(own),))})


def object_lambda(writer: Writer, p: ObjectLambdaAccessPoint) -> None:
    def transformation(found: ObjectTransformation) -> Arguments:
        function = {
            "function_arn": writer.text(found.function),
            "function_payload": writer.text(found.payload),
        }
        content: Arguments = {"aws_lambda": Blocks((written(function),))}
        return {"actions": writer.words(found.actions), "content_transformation": Blocks((content,))}

    configuration: Arguments = {
        "supporting_access_point": writer.text(p.supporting_access_point),
        "allowed_features": writer.words(p.allowed_features),
        "cloud_watch_metrics_enabled": writer.flag(p.cloudwatch_metrics),
        "transformation_configuration": writer.blocks_of(p.transformations, transformation),
    }
    kind = "aws_s3control_object_lambda_access_point"
    arguments: Arguments = {
        "name": writer.own_name(p),
        "configuration": Blocks((written(configuration),)),
    }
    writer.block(kind, writer.name(p), arguments)
    policy = writer.document(p.policy)
    if policy is not None:
        own: Arguments = {"name": writer.reference(p, "name"), "policy": policy}
        writer.block(f"{kind}_policy", writer.name(p), own)


def vpc(writer: Writer, v: Vpc) -> None:
    writer.block("aws_vpc", writer.name(v), {"cidr_block": "10.0.0.0/16", "tags": writer.tags(v.tags)})


def endpoint(writer: Writer, e: VpcEndpoint) -> None:
    arguments: Arguments = {
        "vpc_id": writer.text(e.vpc),
        "service_name": writer.text(e.service),
        "service_region": writer.text(e.service_region),
        "vpc_endpoint_type": writer.word(e.type),
        "route_table_ids": writer.texts(e.route_tables),
        "subnet_ids": writer.texts(e.subnets),
        "security_group_ids": writer.texts(e.security_groups),
        "private_dns_enabled": writer.flag(e.private_dns),
        "tags": writer.tags(e.tags),
    }
    policy = writer.document(e.policy)
    beside = writer.chance.random() < 0.5
    if not beside:
        arguments["policy"] = policy
    writer.block("aws_vpc_endpoint", writer.name(e), arguments)
    if beside and policy is not None:
        own: Arguments = {"vpc_endpoint_id": writer.reference(e, "id"), "policy": policy}
        writer.block("aws_vpc_endpoint_policy", writer.name(e), own)
