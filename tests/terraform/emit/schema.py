"""What the AWS provider (version 6) adds to what is written, for a plan to look like one.

    name        optional: null where it is not written
    name~       computed: known only after apply where it is not written
    name=value  optional with a default, as JSON without spaces
    name{ }     nested blocks: an empty list where none is written; `name~{ }` computed, too

What is required need not be here.
"""

import json
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

_PART = "expected_bucket_owner id~ region~"
_TRANSITION = "date days~ storage_class"
_ENCRYPTED = "encryption_configuration{ kms_key_arn }"
_BEHAVIOR = """
    cache_policy_id compress=false default_ttl~ field_level_encryption_id max_ttl~ min_ttl=0
    origin_request_policy_id realtime_log_config_arn response_headers_policy_id smooth_streaming
    trusted_key_groups~ trusted_signers~
    forwarded_values{ headers~ query_string_cache_keys~ cookies{ whitelisted_names~ } }
    function_association{ } lambda_function_association{ } grpc_config~{ }
"""
_SELECTOR = """
    name field_selector{ ends_with equals not_ends_with not_equals not_starts_with starts_with }
"""
_LISTENED = "id~ filter_prefix filter_suffix"

_SCHEMA = {
    "aws_accessanalyzer_analyzer": 'arn~ id~ region~ tags tags_all~ type="ACCOUNT" configuration{ }',
    "aws_backup_plan": """
        arn~ id~ region~ tags tags_all~ version~ advanced_backup_setting{ } scan_setting{ }
        rule{
            completion_window=180 enable_continuous_backup recovery_point_tags schedule
            schedule_expression_timezone="Etc/UTC" start_window=60 target_logically_air_gapped_backup_vault_arn
            copy_action{ } lifecycle{ cold_storage_after delete_after opt_in_to_archive_for_supported_resources~ }
        }
    """,
    "aws_backup_selection": """
        id~ not_resources~ region~ resources selection_tag{ }
        condition~{ string_equals{ } string_like{ } string_not_equals{ } string_not_like{ } }
    """,
    "aws_cloudfront_distribution": f"""
        aliases anycast_ip_list_id arn~ caller_reference~ comment continuous_deployment_policy_id~
        default_root_object domain_name~ etag~ hosted_zone_id~ http_version="http2" id~
        in_progress_validation_batches~ is_ipv6_enabled last_modified_time~ logging_v1_enabled~
        price_class="PriceClass_All" retain_on_delete=false staging=false status~ tags tags_all~
        trusted_key_groups~ trusted_signers~ wait_for_deployment=true web_acl_id
        custom_error_response{{ }}
        default_cache_behavior{{ {_BEHAVIOR} }}
        logging_config{{ include_cookies=false prefix }}
        ordered_cache_behavior{{ {_BEHAVIOR} }}
        origin{{
            connection_attempts=3 connection_timeout=10 origin_access_control_id origin_path=""
            response_completion_timeout~
            custom_header{{ }}
            custom_origin_config{{ ip_address_type origin_keepalive_timeout=5 origin_read_timeout=30 }}
            origin_shield{{ }}
            s3_origin_config{{ }}
            vpc_origin_config{{ origin_keepalive_timeout=5 origin_read_timeout=30 }}
        }}
        origin_group{{ }}
        restrictions{{ geo_restriction{{ locations~ }} }}
        viewer_certificate{{
            acm_certificate_arn cloudfront_default_certificate iam_certificate_id
            minimum_protocol_version="TLSv1" ssl_support_method
        }}
    """,
    "aws_cloudfront_origin_access_control": 'arn~ description="Managed\\u0020by\\u0020Terraform" etag~ id~',
    "aws_cloudfront_origin_access_identity": """
        arn~ caller_reference~ cloudfront_access_identity_path~ comment etag~ iam_arn~ id~ s3_canonical_user_id~
    """,
    "aws_cloudtrail": f"""
        arn~ cloud_watch_logs_group_arn cloud_watch_logs_role_arn enable_log_file_validation=false
        enable_logging=true home_region~ id~ include_global_service_events=true is_multi_region_trail=false
        is_organization_trail=false kms_key_id region~ s3_key_prefix sns_topic_arn~ sns_topic_name tags tags_all~
        advanced_event_selector{{ {_SELECTOR} }}
        event_selector{{
            exclude_management_event_sources include_management_events=true read_write_type="All" data_resource{{ }}
        }}
        insight_selector{{ }}
    """,
    "aws_cloudtrail_event_data_store": f"""
        arn~ billing_mode="EXTENDABLE_RETENTION_PRICING" id~ kms_key_id multi_region_enabled=true
        organization_enabled=false region~ retention_period=2555 suspend tags tags_all~
        termination_protection_enabled=true timeouts advanced_event_selector~{{ {_SELECTOR} }}
    """,
    "aws_cloudwatch_event_rule": """
        arn~ description event_bus_name="default" event_pattern force_destroy=false id~ is_enabled name~
        name_prefix~ region~ role_arn schedule_expression state="ENABLED" tags tags_all~
    """,
    "aws_cloudwatch_event_target": """
        event_bus_name="default" force_destroy=false id~ input input_path region~ role_arn target_id~
    """,
    "aws_cloudwatch_log_group": """
        arn~ id~ kms_key_id log_group_class~ name~ name_prefix~ region~ retention_in_days=0 skip_destroy=false
        tags tags_all~
    """,
    "aws_cloudwatch_log_metric_filter": """
        apply_on_transformed_logs=false id~ region~ metric_transformation{ default_value dimensions unit="None" }
    """,
    "aws_cloudwatch_metric_alarm": """
        actions_enabled=true alarm_actions alarm_description arn~ datapoints_to_alarm dimensions
        evaluate_low_sample_count_percentiles~ extended_statistic id~ insufficient_data_actions metric_name
        namespace ok_actions period region~ statistic tags tags_all~ threshold threshold_metric_id
        treat_missing_data="missing" unit metric_query{ }
    """,
    "aws_elb": """
        arn~ availability_zones~ connection_draining=false connection_draining_timeout=300
        cross_zone_load_balancing=true desync_mitigation_mode="defensive" dns_name~ id~ idle_timeout=60
        instances~ internal~ name~ name_prefix~ region~ security_groups~ source_security_group~
        source_security_group_id~ subnets~ tags tags_all~ timeouts zone_id~
        access_logs{ bucket_prefix enabled=true interval=60 } health_check~{ } listener{ ssl_certificate_id }
    """,
    "aws_guardduty_detector": """
        account_id~ arn~ enable=true finding_publishing_frequency~ id~ region~ tags tags_all~
        datasources~{ kubernetes~{ } malware_protection~{ } s3_logs~{ } }
    """,
    "aws_guardduty_detector_feature": "id~ region~ additional_configuration{ }",
    "aws_iam_access_key": """
        create_date~ encrypted_secret~ encrypted_ses_smtp_password_v4~ id~ key_fingerprint~ pgp_key secret~
        ses_smtp_password_v4~ status="Active"
    """,
    "aws_iam_group": 'arn~ id~ path="/" unique_id~',
    "aws_iam_group_policy": "id~ name~ name_prefix~",
    "aws_iam_group_policy_attachment": "id~",
    "aws_iam_policy_document": "",
    "aws_iam_policy": """
        arn~ attachment_count~ delay_after_policy_creation_in_ms description id~ name~ name_prefix~ path="/"
        policy_id~ tags tags_all~
    """,
    "aws_iam_role": """
        arn~ create_date~ description force_detach_policies=false id~ managed_policy_arns~
        max_session_duration=3600 name~ name_prefix~ path="/" permissions_boundary tags tags_all~ unique_id~
        inline_policy~{ name policy }
    """,
    "aws_iam_role_policy": "id~ name~ name_prefix~",
    "aws_iam_role_policy_attachment": "id~",
    "aws_iam_user": 'arn~ force_destroy=false id~ path="/" permissions_boundary tags tags_all~ unique_id~',
    "aws_iam_user_group_membership": "id~",
    "aws_iam_user_policy": "id~ name~ name_prefix~",
    "aws_iam_user_policy_attachment": "id~",
    "aws_kms_alias": "arn~ id~ name_prefix~ region~ target_key_arn~",
    "aws_kms_key": """
        arn~ bypass_policy_lockout_safety_check=false custom_key_store_id
        customer_master_key_spec="SYMMETRIC_DEFAULT" deletion_window_in_days description~
        enable_key_rotation=false id~ is_enabled=true key_id~ key_usage="ENCRYPT_DECRYPT" multi_region~ policy~
        region~ rotation_period_in_days~ tags tags_all~ timeouts xks_key_id
    """,
    "aws_kms_key_policy": "bypass_policy_lockout_safety_check=false id~ region~",
    "aws_lambda_event_source_mapping": "arn~ batch_size enabled=true function_arn~ id~ region~ state~ uuid~",
    "aws_lambda_function": """
        architectures~ arn~ code_sha256~ code_signing_config_arn description id~ image_uri invoke_arn~
        kms_key_arn last_modified~ layers memory_size=128 package_type="Zip" publish=false qualified_arn~
        qualified_invoke_arn~ region~ reserved_concurrent_executions=-1 s3_bucket s3_key s3_object_version
        skip_destroy=false source_code_hash~ tags tags_all~ timeout=3 timeouts version~
        dead_letter_config{ } environment{ } ephemeral_storage~{ } file_system_config{ } image_config{ }
        logging_config~{ } snap_start{ } tracing_config~{ } vpc_config{ }
    """,
    "aws_lambda_function_recursion_config": "region~",
    "aws_lambda_permission": """
        event_source_token function_url_auth_type id~ principal_org_id qualifier region~ source_account source_arn
        statement_id~ statement_id_prefix~
    """,
    "aws_lb": """
        arn~ arn_suffix~ client_keep_alive=3600 customer_owned_ipv4_pool desync_mitigation_mode="defensive"
        dns_name~ dns_record_client_routing_policy="any_availability_zone" drop_invalid_header_fields=false
        enable_cross_zone_load_balancing~ enable_deletion_protection=false enable_http2=true
        enable_waf_fail_open=false enable_xff_client_port=false enable_zonal_shift=false
        enforce_security_group_inbound_rules_on_private_link_traffic~ id~ idle_timeout=60 internal~
        ip_address_type~ load_balancer_type="application" name~ name_prefix~ preserve_host_header=false region~
        security_groups~ subnets~ tags tags_all~ timeouts vpc_id~ xff_header_processing_mode="append" zone_id~
        access_logs{ enabled=false prefix } connection_logs{ enabled=false prefix }
        minimum_load_balancer_capacity{ } subnet_mapping~{ }
    """,
    "aws_s3_access_point": """
        account_id~ alias~ arn~ bucket_account_id~ domain_name~ endpoints~ has_public_access_policy~ id~
        network_origin~ policy~ region~ tags tags_all~
        public_access_block_configuration{
            block_public_acls=true block_public_policy=true ignore_public_acls=true restrict_public_buckets=true
        }
        vpc_configuration{ }
    """,
    "aws_s3_bucket": """
        acceleration_status~ acl~ arn~ bucket~ bucket_domain_name~ bucket_prefix~ bucket_region~
        bucket_regional_domain_name~ force_destroy=false hosted_zone_id~ id~ object_lock_enabled~ policy~ region~
        request_payer~ tags tags_all~ timeouts website_domain~ website_endpoint~
        cors_rule~{ allowed_headers expose_headers max_age_seconds }
        grant~{ id uri }
        lifecycle_rule~{
            abort_incomplete_multipart_upload_days id~ prefix tags
            expiration{ date days expired_object_delete_marker } noncurrent_version_expiration{ days }
            noncurrent_version_transition{ days } transition{ date days }
        }
        logging~{ target_prefix }
        object_lock_configuration~{ object_lock_enabled="Enabled" rule{ default_retention{ days years } } }
        replication_configuration~{
            rules{
                delete_marker_replication_status id prefix priority
                destination{
                    account_id replica_kms_key_id storage_class access_control_translation{ }
                    metrics{ minutes=15 } replication_time{ minutes=15 }
                }
                filter{ prefix tags } source_selection_criteria{ sse_kms_encrypted_objects{ } }
            }
        }
        server_side_encryption_configuration~{
            rule{ bucket_key_enabled apply_server_side_encryption_by_default{ kms_master_key_id } }
        }
        versioning~{ enabled=false mfa_delete=false }
        website~{ error_document index_document redirect_all_requests_to routing_rules }
    """,
    "aws_s3_bucket_abac": "expected_bucket_owner region~",
    "aws_s3_bucket_accelerate_configuration": _PART,
    "aws_s3_bucket_acl": f"""
        {_PART} acl
        access_control_policy~{{
            owner{{ display_name~ }} grant{{ grantee{{ display_name~ email_address id uri }} }}
        }}
    """,
    "aws_s3_bucket_analytics_configuration": """
        id~ region~ filter{ prefix tags }
        storage_class_analysis{
            data_export{
                output_schema_version="V_1"
                destination{ s3_bucket_destination{ bucket_account_id format="CSV" prefix } }
            }
        }
    """,
    "aws_s3_bucket_cors_configuration": f"""
        {_PART} cors_rule{{ allowed_headers expose_headers id max_age_seconds }}
    """,
    "aws_s3_bucket_intelligent_tiering_configuration": """
        id~ region~ status="Enabled" filter{ prefix tags } tiering{ }
    """,
    "aws_s3_bucket_inventory": """
        enabled=true id~ optional_fields region~ filter{ prefix }
        destination{ bucket{ account_id prefix encryption{ sse_kms{ } sse_s3{ } } } } schedule{ }
    """,
    "aws_s3_bucket_lifecycle_configuration": f"""
        {_PART} timeouts transition_default_minimum_object_size~
        rule{{
            prefix~
            abort_incomplete_multipart_upload{{ }}
            expiration{{ date days~ expired_object_delete_marker~ }}
            filter{{
                object_size_greater_than object_size_less_than prefix tag{{ }}
                and{{ object_size_greater_than object_size_less_than prefix tags }}
            }}
            noncurrent_version_expiration{{ newer_noncurrent_versions noncurrent_days }}
            noncurrent_version_transition{{ newer_noncurrent_versions noncurrent_days }}
            transition{{ {_TRANSITION} }}
        }}
    """,
    "aws_s3_bucket_logging": f"""
        {_PART}
        target_grant{{ grantee{{ display_name~ email_address id uri }} }}
        target_object_key_format{{ partitioned_prefix{{ }} simple_prefix{{ }} }}
    """,
    "aws_s3_bucket_metadata_configuration": f"""
        expected_bucket_owner region~ timeouts
        metadata_configuration{{
            destination~ inventory_table_configuration{{ table_arn~ table_name~ {_ENCRYPTED} }}
            journal_table_configuration{{ table_arn~ table_name~ record_expiration{{ days }} {_ENCRYPTED} }}
        }}
    """,
    "aws_s3_bucket_metric": "id~ region~ filter{ access_point prefix tags }",
    "aws_s3_bucket_notification": f"""
        eventbridge=false id~ region~
        lambda_function{{ {_LISTENED} }} queue{{ {_LISTENED} }} topic{{ {_LISTENED} }}
    """,
    "aws_s3_bucket_object_lock_configuration": f"""
        {_PART} object_lock_enabled="Enabled" token rule{{ default_retention{{ days years }} }}
    """,
    "aws_s3_bucket_ownership_controls": "id~ region~",
    "aws_s3_bucket_policy": "id~ region~",
    "aws_s3_bucket_public_access_block": """
        block_public_acls=false block_public_policy=false id~ ignore_public_acls=false region~
        restrict_public_buckets=false skip_destroy
    """,
    "aws_s3_bucket_replication_configuration": """
        id~ region~ token
        rule{
            id~ prefix priority~ delete_marker_replication{ } existing_object_replication{ }
            destination{
                account storage_class access_control_translation{ } encryption_configuration{ }
                metrics{ event_threshold{ } } replication_time{ time{ } }
            }
            filter{ prefix and{ prefix tags } tag{ } }
            source_selection_criteria{ replica_modifications{ } sse_kms_encrypted_objects{ } }
        }
    """,
    "aws_s3_bucket_request_payment_configuration": _PART,
    "aws_s3_bucket_server_side_encryption_configuration": f"""
        {_PART}
        rule{{
            blocked_encryption_types~ bucket_key_enabled apply_server_side_encryption_by_default{{ kms_master_key_id }}
        }}
    """,
    "aws_s3_bucket_versioning": f"{_PART} mfa versioning_configuration{{ mfa_delete~ }}",
    "aws_s3_bucket_website_configuration": f"""
        {_PART} routing_rules~ website_domain~ website_endpoint~
        error_document{{ }} index_document{{ }} redirect_all_requests_to{{ protocol }}
        routing_rule~{{
            condition{{ http_error_code_returned_equals key_prefix_equals }}
            redirect{{ host_name http_redirect_code protocol replace_key_prefix_with replace_key_with }}
        }}
    """,
    "aws_s3_directory_bucket": """
        arn~ data_redundancy~ force_destroy=false id~ region~ tags tags_all~ type="Directory"
        location{ type="AvailabilityZone" }
    """,
    "aws_macie2_account": "created_at~ finding_publishing_frequency~ id~ region~ service_role~ status~ updated_at~",
    "aws_s3control_access_point_policy": "has_public_access_policy~ id~ region~",
    "aws_s3control_multi_region_access_point": """
        account_id~ alias~ arn~ domain_name~ id~ region~ status~ timeouts
        details{
            public_access_block{
                block_public_acls=true block_public_policy=true ignore_public_acls=true restrict_public_buckets=true
            }
            region{ bucket_account_id~ region~ }
        }
    """,
    "aws_s3control_multi_region_access_point_policy": """
        account_id~ established~ id~ proposed~ region~ timeouts
    """,
    "aws_s3control_object_lambda_access_point": """
        account_id~ alias~ arn~ id~ region~
        configuration{
            allowed_features cloud_watch_metrics_enabled
            transformation_configuration{ content_transformation{ aws_lambda{ function_payload } } }
        }
    """,
    "aws_s3control_object_lambda_access_point_policy": """
        account_id~ has_public_access_policy~ id~ region~
    """,
    "aws_s3control_storage_lens_configuration": """
        account_id~ arn~ id~ region~ tags tags_all~
        storage_lens_configuration{
            account_level{ activity_metrics{ } bucket_level{ activity_metrics{ } prefix_level{ } } }
            aws_org{ } exclude{ } include{ }
            data_export{
                cloud_watch_metrics{ } s3_bucket_destination{ prefix encryption{ sse_kms{ } sse_s3{ } } }
            }
        }
    """,
    "aws_s3files_file_system": """
        accept_bucket_warning arn~ client_token creation_time~ id~ kms_key_id~ name~ owner_id~ prefix~ region~
        status~ status_message~ tags tags_all~
    """,
    "aws_s3files_file_system_policy": "region~",
    "aws_s3files_mount_target": """
        availability_zone_id~ id~ ip_address_type~ ipv4_address~ ipv6_address~ network_interface_id~ owner_id~
        region~ security_groups~ status~ status_message~ vpc_id~
    """,
    "aws_security_group": """
        arn~ description="Managed\\u0020by\\u0020Terraform" egress~ id~ name~ name_prefix~ owner_id~ region~
        revoke_rules_on_delete=false tags tags_all~ timeouts vpc_id~
        ingress~{ cidr_blocks description ipv6_cidr_blocks prefix_list_ids security_groups self=false }
    """,
    "aws_s3tables_table": """
        arn~ created_at~ created_by~ encryption_configuration~ maintenance_configuration~ metadata metadata_location~
        modified_at~ modified_by~ owner_account_id~ region~ tags tags_all~ type~ version_token~ warehouse_location~
    """,
    "aws_s3tables_table_bucket": """
        arn~ created_at~ encryption_configuration~ force_destroy=false maintenance_configuration~ owner_account_id~
        region~ tags tags_all~
    """,
    "aws_s3tables_table_bucket_policy": "region~",
    "aws_s3tables_table_policy": "region~",
    "aws_s3vectors_index": """
        creation_time~ encryption_configuration~ index_arn~ region~ tags tags_all~ metadata_configuration{ }
    """,
    "aws_s3vectors_vector_bucket": """
        creation_time~ encryption_configuration~ force_destroy=false region~ tags tags_all~ vector_bucket_arn~
    """,
    "aws_s3vectors_vector_bucket_policy": "region~",
    "aws_sns_topic": """
        archive_policy arn~ beginning_archive_time~ content_based_deduplication=false delivery_policy
        display_name fifo_throughput_scope~ fifo_topic=false id~ kms_master_key_id name~ name_prefix~ owner~ policy~
        region~ signature_version~ tags tags_all~ tracing_config~
    """,
    "aws_sns_topic_policy": "id~ owner~ region~",
    "aws_sns_topic_subscription": """
        arn~ confirmation_timeout_in_minutes=1 confirmation_was_authenticated~ delivery_policy
        endpoint_auto_confirms=false filter_policy filter_policy_scope~ id~ owner_id~ pending_confirmation~
        raw_message_delivery=false redrive_policy region~ replay_policy subscription_role_arn
    """,
    "aws_sqs_queue": """
        arn~ content_based_deduplication=false deduplication_scope~ delay_seconds=0 fifo_queue=false
        fifo_throughput_limit~ id~ kms_data_key_reuse_period_seconds~ kms_master_key_id max_message_size~
        message_retention_seconds=345600 name~ name_prefix~ policy~ receive_wait_time_seconds=0
        redrive_allow_policy~ redrive_policy~ region~ sqs_managed_sse_enabled~ tags tags_all~ timeouts url~
        visibility_timeout_seconds=30
    """,
    "aws_sqs_queue_policy": "id~ region~",
    "aws_route": """
        carrier_gateway_id core_network_arn destination_cidr_block destination_ipv6_cidr_block
        destination_prefix_list_id egress_only_gateway_id gateway_id id~ instance_id~ instance_owner_id~
        local_gateway_id nat_gateway_id network_interface_id~ origin~ region~ state~ timeouts transit_gateway_id
        vpc_endpoint_id vpc_peering_connection_id
    """,
    "aws_route53_record": """
        allow_overwrite~ fqdn~ health_check_id id~ multivalue_answer_routing_policy records set_identifier ttl timeouts
        alias{ } cidr_routing_policy{ } failover_routing_policy{ } geolocation_routing_policy{ }
        geoproximity_routing_policy{ } latency_routing_policy{ } weighted_routing_policy{ }
    """,
    "aws_route_table": "arn~ id~ owner_id~ propagating_vgws~ region~ tags tags_all~ timeouts route~{ }",
    "aws_route_table_association": "gateway_id id~ region~ subnet_id timeouts",
    "aws_subnet": """
        arn~ assign_ipv6_address_on_creation=false availability_zone~ availability_zone_id~ cidr_block
        customer_owned_ipv4_pool enable_dns64=false enable_lni_at_device_index
        enable_resource_name_dns_a_record_on_launch=false enable_resource_name_dns_aaaa_record_on_launch=false id~
        ipv6_cidr_block ipv6_cidr_block_association_id~ ipv6_native=false map_customer_owned_ip_on_launch
        map_public_ip_on_launch=false outpost_arn owner_id~ private_dns_hostname_type_on_launch~ region~ tags
        tags_all~ timeouts
    """,
    "aws_vpc": """
        arn~ assign_generated_ipv6_cidr_block default_network_acl_id~ default_route_table_id~
        default_security_group_id~ dhcp_options_id~ enable_dns_hostnames~ enable_dns_support=true id~
        instance_tenancy="default" ipv6_cidr_block~ main_route_table_id~ owner_id~ region~ tags tags_all~
    """,
    "aws_vpc_endpoint": """
        arn~ auto_accept cidr_blocks~ dns_entry~ id~ ip_address_type~ network_interface_ids~ owner_id~ policy~
        prefix_list_id~ private_dns_enabled~ region~ requester_managed~ resource_configuration_arn
        route_table_ids~ security_group_ids~ service_name service_network_arn service_region~ state~ subnet_ids~
        tags tags_all~ timeouts vpc_endpoint_type="Gateway" dns_options~{ } subnet_configuration~{ }
    """,
    "aws_vpc_endpoint_policy": "id~ region~ timeouts",
}

BEFORE_4 = frozenset(
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
"""Blocks of a bucket that no version before 4 computes."""


class Schema(NamedTuple):
    """What is added where it is not written."""

    null: tuple[str, ...]
    computed: tuple[str, ...]
    defaults: dict[str, object]
    blocks: dict[str, "Schema"]


_NONE = Schema((), ("id",), {}, {})


@cache
def schema(kind: str) -> Schema:
    """Of a type of resource; of one that is not here no more than that it gets an id."""
    return _read(iter(_SCHEMA[kind].split())) if kind in _SCHEMA else _NONE


def _read(words: Iterator[str]) -> Schema:
    found = Schema((), (), {}, {})
    null: list[str] = []
    computed: list[str] = []
    for word in words:
        if word in ("}", "{"):
            break
        if word.endswith("{"):
            name = word[:-1].removesuffix("~")
            if word.endswith("~{"):
                computed.append(name)
            found.blocks[name] = _read(words)
        elif "=" in word:
            name, _, value = word.partition("=")
            found.defaults[name] = json.loads(value)
        elif word.endswith("~"):
            computed.append(word[:-1])
        else:
            null.append(word)
    return Schema(tuple(null), tuple(computed), found.defaults, found.blocks)
