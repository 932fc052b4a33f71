"""Which resource types of Terraform's AWS provider are read, and how; each family is loaded when it is needed."""

from functools import cache
from importlib import import_module
from types import ModuleType

from s3audit.collectors.documents.shape import Shape

_FAMILIES = {
    "access_grants": (
        "aws_s3control_access_grant",
        "aws_s3control_access_grants_instance",
        "aws_s3control_access_grants_instance_resource_policy",
        "aws_s3control_access_grants_location",
    ),
    "access_point": (
        "aws_fsx_s3_access_point_attachment",
        "aws_s3_access_point",
        "aws_s3control_access_point_policy",
        "aws_s3control_directory_bucket_access_point_scope",
        "aws_s3control_multi_region_access_point",
        "aws_s3control_multi_region_access_point_policy",
        "aws_s3control_object_lambda_access_point",
        "aws_s3control_object_lambda_access_point_policy",
    ),
    "account": ("aws_s3_account_public_access_block",),
    "backup": ("aws_backup_plan", "aws_backup_selection"),
    "bucket": ("aws_s3_bucket", "aws_s3_directory_bucket"),
    "bucket_lists": (
        "aws_s3_bucket_analytics_configuration",
        "aws_s3_bucket_intelligent_tiering_configuration",
        "aws_s3_bucket_inventory",
        "aws_s3_bucket_metric",
    ),
    "bucket_outposts": (
        "aws_s3control_bucket",
        "aws_s3control_bucket_lifecycle_configuration",
        "aws_s3control_bucket_policy",
    ),
    "bucket_parts": (
        "aws_s3_bucket_abac",
        "aws_s3_bucket_accelerate_configuration",
        "aws_s3_bucket_acl",
        "aws_s3_bucket_cors_configuration",
        "aws_s3_bucket_lifecycle_configuration",
        "aws_s3_bucket_logging",
        "aws_s3_bucket_metadata_configuration",
        "aws_s3_bucket_notification",
        "aws_s3_bucket_object_lock_configuration",
        "aws_s3_bucket_ownership_controls",
        "aws_s3_bucket_policy",
        "aws_s3_bucket_public_access_block",
        "aws_s3_bucket_replication_configuration",
        "aws_s3_bucket_request_payment_configuration",
        "aws_s3_bucket_server_side_encryption_configuration",
        "aws_s3_bucket_versioning",
        "aws_s3_bucket_website_configuration",
    ),
    "distribution": (
        "aws_cloudfront_distribution",
        "aws_cloudfront_multitenant_distribution",
        "aws_cloudfront_origin_access_control",
        "aws_cloudfront_origin_access_identity",
    ),
    "dns": ("aws_route53_record",),
    "file_system": (
        "aws_s3files_access_point",
        "aws_s3files_file_system",
        "aws_s3files_file_system_policy",
        "aws_s3files_mount_target",
    ),
    "identity": (
        "aws_iam_access_key",
        "aws_iam_group",
        "aws_iam_group_membership",
        "aws_iam_group_policy",
        "aws_iam_group_policy_attachment",
        "aws_iam_group_policy_attachments_exclusive",
        "aws_iam_policy",
        "aws_iam_policy_attachment",
        "aws_iam_role",
        "aws_iam_role_policy",
        "aws_iam_role_policy_attachment",
        "aws_iam_role_policy_attachments_exclusive",
        "aws_iam_user",
        "aws_iam_user_group_membership",
        "aws_iam_user_policy",
        "aws_iam_user_policy_attachment",
        "aws_iam_user_policy_attachments_exclusive",
    ),
    "key": (
        "aws_kms_alias",
        "aws_kms_external_key",
        "aws_kms_key",
        "aws_kms_key_policy",
        "aws_kms_replica_external_key",
        "aws_kms_replica_key",
    ),
    "lens": ("aws_s3control_storage_lens_configuration",),
    "load_balancer": ("aws_alb", "aws_elb", "aws_lb"),
    "network": (
        "aws_default_route_table",
        "aws_default_security_group",
        "aws_default_subnet",
        "aws_default_vpc",
        "aws_main_route_table_association",
        "aws_route",
        "aws_route_table",
        "aws_route_table_association",
        "aws_security_group",
        "aws_security_group_rule",
        "aws_subnet",
        "aws_vpc",
        "aws_vpc_endpoint",
        "aws_vpc_endpoint_policy",
        "aws_vpc_endpoint_private_dns",
        "aws_vpc_endpoint_route_table_association",
        "aws_vpc_endpoint_security_group_association",
        "aws_vpc_endpoint_subnet_association",
        "aws_vpc_security_group_ingress_rule",
    ),
    "object": ("aws_s3_bucket_object", "aws_s3_object", "aws_s3_object_copy"),
    "outposts": ("aws_s3outposts_endpoint",),
    "table_bucket": (
        "aws_s3tables_namespace",
        "aws_s3tables_table",
        "aws_s3tables_table_bucket",
        "aws_s3tables_table_bucket_policy",
        "aws_s3tables_table_bucket_replication",
        "aws_s3tables_table_policy",
        "aws_s3tables_table_replication",
    ),
    "target": (
        "aws_lambda_event_source_mapping",
        "aws_lambda_function",
        "aws_lambda_function_recursion_config",
        "aws_lambda_permission",
        "aws_sns_topic",
        "aws_sns_topic_policy",
        "aws_sns_topic_subscription",
        "aws_sqs_queue",
        "aws_sqs_queue_policy",
    ),
    "trail": (
        "aws_cloudtrail",
        "aws_cloudtrail_event_data_store",
        "aws_cloudwatch_event_rule",
        "aws_cloudwatch_event_target",
        "aws_cloudwatch_log_group",
        "aws_cloudwatch_log_metric_filter",
        "aws_cloudwatch_metric_alarm",
    ),
    "vault": ("aws_glacier_vault", "aws_glacier_vault_lock"),
    "vector_bucket": (
        "aws_s3vectors_index",
        "aws_s3vectors_vector_bucket",
        "aws_s3vectors_vector_bucket_policy",
    ),
    "watch": (
        "aws_accessanalyzer_analyzer",
        "aws_guardduty_detector",
        "aws_guardduty_detector_feature",
        "aws_guardduty_malware_protection_plan",
        "aws_macie2_account",
    ),
}
_FAMILY_OF = {name: family for family, names in _FAMILIES.items() for name in names}

TYPES = frozenset(_FAMILY_OF)
"""Every resource type that is read."""


def shape_for(type_name: str) -> Shape | None:
    """How a resource of this type fills the model; None when it is not for us."""
    if type_name not in _FAMILY_OF:
        return None
    tables: dict[str, Shape] = _family(type_name).TABLES
    return tables[type_name]


@cache
def shapes_for(type_name: str) -> tuple[Shape, ...]:
    """All that a declaration of this type says: some types add to several kinds, or to several fields of one."""
    first = shape_for(type_name)
    if first is None:
        return ()
    more: dict[str, tuple[Shape, ...]] = getattr(_family(type_name), "MORE", {})
    return (first, *more.get(type_name, ()))


def _family(type_name: str) -> ModuleType:
    return import_module(f"{__name__}.{_FAMILY_OF[type_name]}")
