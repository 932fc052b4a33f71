"""Keys, trails and load balancers."""

from s3audit.model.key import KmsAlias, KmsKey
from s3audit.model.load_balancer import LoadBalancer
from s3audit.model.trail import AdvancedEventSelector, DataResource, EventSelector, FieldSelector, Trail
from s3audit.setting import Known
from tests.terraform.emit.form import Arguments, Blocks, one
from tests.terraform.emit.names import UnexpressedError
from tests.terraform.emit.writer import Writer


def key(writer: Writer, k: KmsKey) -> None:
    if isinstance(k.primary, Known) and k.primary.value is not None:
        arguments: Arguments = {
            "primary_key_arn": writer.text(k.primary),
            "policy": writer.document(k.policy),
            "enabled": writer.flag(k.enabled),
            "deletion_window_in_days": writer.number(k.pending_window_days),
            "tags": writer.tags(k.tags),
        }
        writer.block("aws_kms_replica_key", writer.name(k), arguments)
        return
    if isinstance(k.key_origin, Known) and k.key_origin.value != "AWS_KMS":
        raise UnexpressedError("a key whose material comes from elsewhere")
    beside = isinstance(k.policy, Known) and not writer.counted and writer.chance.random() < 0.3
    arguments = {
        "policy": None if beside else writer.document(k.policy),
        "is_enabled": writer.flag(k.enabled),
        "enable_key_rotation": writer.flag(k.rotation),
        "rotation_period_in_days": writer.number(k.rotation_days),
        "customer_master_key_spec": writer.word(k.spec),
        "key_usage": writer.word(k.usage),
        "multi_region": writer.flag(k.multi_region),
        "deletion_window_in_days": writer.number(k.pending_window_days),
        "tags": writer.tags(k.tags),
    }
    writer.block("aws_kms_key", writer.name(k), arguments)
    if beside:
        policy: Arguments = {"key_id": writer.reference(k, "id"), "policy": writer.document(k.policy)}
        writer.block("aws_kms_key_policy", writer.name(k), policy)


def alias(writer: Writer, a: KmsAlias) -> None:
    arguments: Arguments = {"name": writer.text(a.name), "target_key_id": writer.text(a.key)}
    writer.block("aws_kms_alias", writer.name(a), arguments)


def trail(writer: Writer, t: Trail) -> None:
    arguments: Arguments = {
        "name": writer.own_name(t),
        "s3_bucket_name": writer.text(t.bucket),
        "s3_key_prefix": writer.text(t.prefix),
        "enable_logging": writer.flag(t.logging),
        "is_multi_region_trail": writer.flag(t.multi_region),
        "is_organization_trail": writer.flag(t.organization),
        "include_global_service_events": writer.flag(t.global_events),
        "enable_log_file_validation": writer.flag(t.file_validation),
        "kms_key_id": writer.text(t.kms_key),
        "cloud_watch_logs_group_arn": writer.text(t.log_group),
        "cloud_watch_logs_role_arn": writer.text(t.log_role),
        "sns_topic_name": writer.text(t.topic),
        "event_selector": writer.blocks_of(t.selectors, lambda one: _selector(writer, one)),
        "advanced_event_selector": writer.blocks_of(t.advanced_selectors, lambda one: advanced(writer, one)),
        "tags": writer.tags(t.tags),
    }
    if isinstance(t.insights, Known):
        insights = t.insights.value
        arguments["insight_selector"] = Blocks(tuple({"insight_type": writer.word(i)} for i in insights))
    writer.block("aws_cloudtrail", writer.name(t), arguments)


def _selector(writer: Writer, selector: EventSelector) -> Arguments:
    def data(resource: DataResource) -> Arguments:
        return {"type": writer.word(resource.type), "values": writer.texts(resource.values)}

    return {
        "read_write_type": writer.word(selector.read_write),
        "include_management_events": writer.flag(selector.management_events),
        "exclude_management_event_sources": writer.texts(selector.excluded_sources),
        "data_resource": writer.blocks_of(selector.data_resources, data),
    }


def advanced(writer: Writer, selector: AdvancedEventSelector) -> Arguments:
    def field(one: FieldSelector) -> Arguments:
        return {
            "field": writer.word(one.field),
            "equals": writer.texts(one.equals),
            "not_equals": writer.texts(one.not_equals),
            "starts_with": writer.texts(one.starts_with),
            "not_starts_with": writer.texts(one.not_starts_with),
            "ends_with": writer.texts(one.ends_with),
            "not_ends_with": writer.texts(one.not_ends_with),
        }

    return {"name": writer.text(selector.name), "field_selector": writer.blocks_of(selector.fields, field)}


def load_balancer(writer: Writer, balancer: LoadBalancer) -> None:
    classic = isinstance(balancer.type, Known) and balancer.type.value == "classic"
    access: Arguments = {
        "bucket": writer.text(balancer.access_log_bucket),
        "bucket_prefix" if classic else "prefix": writer.text(balancer.access_log_prefix),
        "enabled": writer.flag(balancer.access_logs),
    }
    connections: Arguments = {
        "bucket": writer.text(balancer.connection_log_bucket),
        "prefix": writer.text(balancer.connection_log_prefix),
        "enabled": writer.flag(balancer.connection_logs),
    }
    arguments: Arguments = {
        "name": writer.text(balancer.name),
        "access_logs": one(access),
        "subnets": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        "tags": writer.tags(balancer.tags),
    }
    if classic:
        listener: Arguments = {"instance_port": 80, "instance_protocol": "http", "lb_port": 80}
        arguments["listener"] = Blocks(({**listener, "lb_protocol": "http"},))
    else:
        arguments["load_balancer_type"] = writer.word(balancer.type)
        arguments["connection_logs"] = one(connections)
    writer.block("aws_elb" if classic else "aws_lb", writer.name(balancer), arguments)
