"""What the provider says of its arguments and a plan does not: which are blocks or computed, or name a resource."""


def _words(several: str) -> frozenset[str]:
    return frozenset(several.split())


# What a plan shows as known after apply though nobody wrote it; by type, at the root of the resource.
_INLINE = (
    "acceleration_status",
    "acl",
    "bucket_prefix",
    "cors_rule",
    "grant",
    "lifecycle_rule",
    "logging",
    "object_lock_configuration",
    "object_lock_enabled",
    "policy",
    "replication_configuration",
    "request_payer",
    "server_side_encryption_configuration",
    "versioning",
    "website",
)
COMPUTED = {
    "aws_alb": frozenset({"subnet_mapping"}),
    "aws_backup_selection": frozenset({"condition", "not_resources"}),
    "aws_default_security_group": frozenset({"egress", "ingress"}),
    "aws_iam_role": frozenset({"inline_policy", "managed_policy_arns"}),
    "aws_lb": frozenset({"subnet_mapping"}),
    "aws_route_table": frozenset({"route"}),
    "aws_s3_bucket": frozenset(_INLINE),
    "aws_s3_bucket_acl": frozenset({"access_control_policy"}),
    "aws_s3_bucket_lifecycle_configuration": frozenset({"transition_default_minimum_object_size"}),
    "aws_s3_bucket_website_configuration": frozenset({"routing_rule", "routing_rules"}),
    "aws_s3files_file_system": frozenset({"kms_key_id", "prefix"}),
    "aws_s3files_mount_target": frozenset({"security_groups"}),
    "aws_s3tables_table": frozenset({"encryption_configuration", "maintenance_configuration"}),
    "aws_s3tables_table_bucket": frozenset({"encryption_configuration", "maintenance_configuration"}),
    "aws_s3vectors_index": frozenset({"encryption_configuration"}),
    "aws_s3vectors_vector_bucket": frozenset({"encryption_configuration"}),
    "aws_security_group": frozenset({"egress", "ingress"}),
    "aws_vpc_endpoint": frozenset({"dns_options"}),
}

COMPUTED_INSIDE = frozenset(
    {
        "days",
        "default_ttl",
        "display_name",
        "expired_object_delete_marker",
        "id",
        "max_ttl",
        "mfa_delete",
        "prefix",
        "priority",
        "trusted_key_groups",
        "trusted_signers",
    }
)
"""The same inside of blocks; nobody gives them a value that has to be waited for."""

PLAIN_BEFORE_4 = frozenset(
    {
        "cors_rule",
        "grant",
        "lifecycle_rule",
        "logging",
        "object_lock_configuration",
        "replication_configuration",
        "server_side_encryption_configuration",
        "website",
    }
)
"""Blocks of `aws_s3_bucket` that version 3 of the provider does not compute."""

# Of these only a `dynamic` block can make an unknown number, and a plan's configuration does not show it.
BLOCKS = _words(
    """
    abort_incomplete_multipart_upload access_control_policy access_control_translation access_logs
    account_level activity_metrics advanced_cost_optimization_metrics advanced_data_protection_metrics
    advanced_event_selector alias and apply_server_side_encryption_by_default bucket_level cloud_watch_metrics
    condition connection_logs cors_rule custom_origin_config data_export data_resource default_cache_behavior
    default_retention delete_marker_replication destination detailed_status_code_metrics details egress
    encryption encryption_configuration error_document event_selector event_threshold exclude
    existing_object_replication expiration field_selector filter forwarded_values grant grantee include
    index_document ingress inline_policy inventory_table_configuration journal_table_configuration
    lambda_function lambda_function_association lifecycle_rule lifecycle logging logging_config
    maintenance_configuration malware_protection metric_transformation multi_region_configuration
    noncurrent_version_expiration noncurrent_version_transition not_principals object_lock_configuration
    ordered_cache_behavior origin origin_group partitioned_prefix posix_user prefix_level principals
    public_access_block public_access_block_configuration queue redirect redirect_all_requests_to
    replica_modifications replication_configuration replication_time restrictions route routing_rule rule rules
    s3_bucket_destination s3_logs s3_origin_config selection_criteria selection_tag
    server_side_encryption_configuration simple_prefix source_selection_criteria sse_kms
    sse_kms_encrypted_objects sse_s3 statement storage_class_analysis storage_lens_configuration
    storage_metrics string_equals string_like string_not_equals string_not_like tag tagging target_grant
    target_object_key_format tiering time topic transition versioning versioning_configuration viewer_certificate
    vpc_config vpc_configuration website
    """
)

SETS = _words(
    """
    condition copy_action cors_rule custom_error_response custom_header egress field_selector grant ingress
    inline_policy lambda_function_association listener metric_query not_principals noncurrent_version_transition
    origin origin_group principals route scan_setting selection_tag string_equals string_like string_not_equals
    string_not_like subnet_mapping target_grant tiering transition
    """
)
"""Blocks whose order in a plan is not that of the source."""
_SETS_OF = frozenset({("rule", "aws_backup_plan"), ("rules", "aws_s3_bucket")})

# Arguments that name another resource, with what the types of those begin with.
_BUCKET = ("aws_s3",)
_KEY = ("aws_kms_",)
_ROLE = ("aws_iam_role", "aws_iam_instance_profile")
_ANY = ("aws_",)
NAMES = {
    "access_point": ("aws_s3",),
    "access_point_arn": ("aws_s3",),
    "alarm_actions": ("aws_sns_topic", "aws_lambda_"),
    "alias.name": ("aws_cloudfront_distribution", "aws_s3_bucket", "aws_lb", "aws_alb", "aws_elb"),
    "arn": _ANY,
    "bucket": _BUCKET,
    "bucket_arn": _BUCKET,
    "bucket_name": _BUCKET,
    "cloud_watch_logs_role_arn": _ROLE,
    "condition.values": _ANY,
    "destination.bucket": _BUCKET,
    "detector_id": ("aws_guardduty_detector",),
    "distribution_id": ("aws_cloudfront_distribution",),
    "domain_name": _ANY,
    "endpoint": ("aws_lambda_", "aws_sqs_queue"),
    "event_source_arn": _ANY,
    "file_system_id": ("aws_s3files_", "aws_efs_"),
    "function_arn": ("aws_lambda_",),
    "function_name": ("aws_lambda_",),
    "group": ("aws_iam_group",),
    "group_name": ("aws_iam_group",),
    "groups": ("aws_iam_group",),
    "identifiers": _ANY,
    "index_arn": ("aws_s3vectors_",),
    "key_id": _KEY,
    "kms_key": _KEY,
    "kms_key_arn": _KEY,
    "kms_key_id": _KEY,
    "kms_master_key_id": _KEY,
    "lambda_function_arn": ("aws_lambda_",),
    "logging_config.bucket": _BUCKET,
    "log_destination": ("aws_s3_bucket", "aws_cloudwatch_log_group", "aws_kinesis_firehose"),
    "managed_policy_arns": ("aws_iam_policy",),
    "namespace": ("aws_s3tables_namespace",),
    "plan_id": ("aws_backup_plan",),
    "origin_access_control_id": ("aws_cloudfront_origin_access_control",),
    "origin_access_identity": ("aws_cloudfront_origin_access_identity",),
    "permissions_boundary": ("aws_iam_policy",),
    "policy_arn": ("aws_iam_policy",),
    "policy_arns": ("aws_iam_policy",),
    "primary_key_arn": _KEY,
    "queue_arn": ("aws_sqs_queue",),
    "queue_url": ("aws_sqs_queue",),
    "replica_kms_key_id": _KEY,
    "role": _ROLE,
    "role_arn": _ROLE,
    "role_name": _ROLE,
    "roles": _ROLE,
    "route_table_id": ("aws_route_table", "aws_default_route_table", "aws_vpc"),
    "route_table_ids": ("aws_route_table", "aws_default_route_table", "aws_vpc"),
    "s3_bucket": _BUCKET,
    "s3_bucket_arn": _BUCKET,
    "s3_bucket_name": _BUCKET,
    "security_group_id": ("aws_security_group", "aws_default_security_group"),
    "security_group_ids": ("aws_security_group", "aws_default_security_group"),
    "security_groups": ("aws_security_group", "aws_default_security_group"),
    "sns_topic_arn": ("aws_sns_topic",),
    "sns_topic_name": ("aws_sns_topic",),
    "source_arn": _ANY,
    "subnet_id": ("aws_subnet", "aws_default_subnet"),
    "subnet_ids": ("aws_subnet", "aws_default_subnet"),
    "supporting_access_point": ("aws_s3",),
    "table_bucket_arn": ("aws_s3tables_",),
    "target_arn": _ANY,
    "target_bucket": ("aws_s3_bucket",),
    "target_key_id": _KEY,
    "topic": ("aws_sns_topic",),
    "topic_arn": ("aws_sns_topic",),
    "user": ("aws_iam_user",),
    "user_name": ("aws_iam_user",),
    "users": ("aws_iam_user",),
    "vector_bucket_arn": ("aws_s3vectors_",),
    "vector_bucket_name": ("aws_s3vectors_",),
    "vpc_endpoint_id": ("aws_vpc_endpoint",),
    "vpc_id": ("aws_vpc", "aws_default_vpc"),
}

LISTS = _words(
    """
    alarm_actions groups identifiers managed_policy_arns policy_arns roles route_table_ids security_group_ids
    security_groups subnet_ids users values
    """
)
"""Those that name several."""

# What such a text is made of need not be the whole of it, unless it is an attribute of this form.
_ARNS = frozenset({"arn", "iam_arn"})
WHOLE = {
    "alias.name": frozenset({"domain_name", "dns_name", "website_domain"}),
    "domain_name": frozenset(
        {
            "bucket_domain_name",
            "bucket_regional_domain_name",
            "dns_name",
            "domain_name",
            "website_endpoint",
        }
    ),
    "identifiers": _ARNS | {"s3_canonical_user_id", "unique_id"},
    "condition.values": _ARNS,
}

WANTED = {"destination.bucket": "arn", "logging_config.bucket": "domain_name"}
"""What has to stand in an argument whose name does not say so: the name of the resource is only a part of it."""


def is_set(block: str, kind: str) -> bool:
    """Whether the blocks of this name have no order of their own."""
    return block in SETS or (block, kind) in _SETS_OF


def names_itself(kind: str, argument: str) -> bool:
    """Whether an argument that names another resource elsewhere is the name of this one."""
    if argument == "bucket":
        return kind in ("aws_s3_bucket", "aws_s3_directory_bucket", "aws_s3control_bucket")
    if argument == "namespace":
        return kind == "aws_s3tables_namespace"
    if argument == "function_name":
        return kind == "aws_lambda_function"
    return argument == "vector_bucket_name" and kind == "aws_s3vectors_vector_bucket"
