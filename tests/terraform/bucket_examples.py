"""What may be declared beside a bucket, with all arguments that say something about it."""

import json
from typing import Any

POLICY = {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}
GROUP = "http://acs.amazonaws.com/groups/s3/LogDelivery"

RULE = {
    "Condition": {"HttpErrorCodeReturnedEquals": "404", "KeyPrefixEquals": "old/"},
    "Redirect": {
        "HostName": "example.org",
        "Protocol": "https",
        "HttpRedirectCode": "302",
        "ReplaceKeyWith": "gone.html",
        "ReplaceKeyPrefixWith": "new/",
    },
}
"""A routing rule in JSON."""
RULE_SAYS = {
    "error_code": "404",
    "key_prefix": "old/",
    "host": "example.org",
    "protocol": "https",
    "redirect_code": "302",
    "replace_key": "gone.html",
    "replace_key_prefix": "new/",
}

COMPLETE: dict[str, tuple[dict[str, Any], str, Any]] = {
    "aws_s3_bucket_abac": ({"abac_status": [{"status": "Enabled"}]}, "abac", {"status": "Enabled"}),
    "aws_s3_bucket_accelerate_configuration": (
        {"status": "Suspended"},
        "acceleration",
        {"status": "Suspended"},
    ),
    "aws_s3_bucket_acl": (
        {
            "acl": "log-delivery-write",
            "access_control_policy": [
                {
                    "owner": [{"id": "o", "display_name": "Olga"}],
                    "grant": [
                        {
                            "grantee": [{"type": "CanonicalUser", "id": "c", "display_name": "Carla"}],
                            "permission": "READ",
                        },
                        {
                            "grantee": [
                                {
                                    "type": "AmazonCustomerByEmail",
                                    "email_address": "a@b.c",
                                    "id": "",
                                    "uri": "",
                                }
                            ],
                            "permission": "WRITE_ACP",
                        },
                        {"grantee": [{"type": "Group", "uri": GROUP}], "permission": "WRITE"},
                    ],
                }
            ],
        },
        "acl",
        {
            "canned": "log-delivery-write",
            "grants": [
                {"type": "CanonicalUser", "id": "c", "display_name": "Carla", "permission": "READ"},
                {"type": "AmazonCustomerByEmail", "email": "a@b.c", "permission": "WRITE_ACP"},
                {"type": "Group", "uri": GROUP, "permission": "WRITE"},
            ],
            "owner": "o",
            "owner_display_name": "Olga",
        },
    ),
    "aws_s3_bucket_cors_configuration": (
        {
            "cors_rule": [
                {
                    "id": "site",
                    "allowed_origins": ["https://example.com"],
                    "allowed_methods": ["GET", "PUT"],
                    "allowed_headers": ["*"],
                    "expose_headers": ["ETag"],
                    "max_age_seconds": 300,
                }
            ]
        },
        "cors",
        {
            "rules": [
                {
                    "id": "site",
                    "allowed_origins": ["https://example.com"],
                    "allowed_methods": ["GET", "PUT"],
                    "allowed_headers": ["*"],
                    "exposed_headers": ["ETag"],
                    "max_age": 300,
                }
            ]
        },
    ),
    "aws_s3_bucket_lifecycle_configuration": (
        {
            "transition_default_minimum_object_size": "varies_by_storage_class",
            "rule": [
                {
                    "id": "logs",
                    "status": "Enabled",
                    "filter": [
                        {
                            "and": [
                                {
                                    "prefix": "logs/",
                                    "tags": {"keep": "no"},
                                    "object_size_greater_than": 1000,
                                    "object_size_less_than": 2000,
                                }
                            ]
                        }
                    ],
                    "expiration": [
                        {"days": 90, "date": "2030-01-01T00:00:00Z", "expired_object_delete_marker": True}
                    ],
                    "noncurrent_version_expiration": [
                        {"noncurrent_days": 30, "newer_noncurrent_versions": 2}
                    ],
                    "transition": [
                        {"days": 10, "storage_class": "STANDARD_IA"},
                        {"date": "2029-01-01T00:00:00Z", "storage_class": "GLACIER"},
                    ],
                    "noncurrent_version_transition": [
                        {
                            "noncurrent_days": 0,
                            "newer_noncurrent_versions": "3",
                            "storage_class": "GLACIER_IR",
                        }
                    ],
                    "abort_incomplete_multipart_upload": [{"days_after_initiation": 7}],
                }
            ],
        },
        "lifecycle",
        {
            "transition_minimum_size": "varies_by_storage_class",
            "rules": [
                {
                    "id": "logs",
                    "status": "Enabled",
                    "prefix": "logs/",
                    "tags": [{"key": "keep", "value": "no"}],
                    "size_greater_than": 1000,
                    "size_less_than": 2000,
                    "expiration_days": 90,
                    "expiration_date": "2030-01-01T00:00:00Z",
                    "expired_delete_marker": True,
                    "noncurrent_days": 30,
                    "noncurrent_newer_versions": 2,
                    "transitions": [
                        {"storage_class": "STANDARD_IA", "days": 10},
                        {"storage_class": "GLACIER", "date": "2029-01-01T00:00:00Z"},
                    ],
                    "noncurrent_transitions": [
                        {"storage_class": "GLACIER_IR", "days": 0, "newer_versions": 3}
                    ],
                    "abort_multipart_days": 7,
                }
            ],
        },
    ),
    "aws_s3_bucket_logging": (
        {
            "target_bucket": "logs",
            "target_prefix": "it/",
            "target_grant": [
                {"grantee": [{"type": "Group", "uri": GROUP}], "permission": "READ"},
                {
                    "grantee": [{"type": "AmazonCustomerByEmail", "email_address": "a@b.c"}],
                    "permission": "FULL_CONTROL",
                },
                {
                    "grantee": [{"type": "CanonicalUser", "id": "c", "display_name": "Carla"}],
                    "permission": "WRITE",
                },
            ],
            "target_object_key_format": [{"partitioned_prefix": [{"partition_date_source": "EventTime"}]}],
        },
        "logging",
        {
            "target": "logs",
            "prefix": "it/",
            "grants": [
                {"type": "Group", "uri": GROUP, "permission": "READ"},
                {"type": "AmazonCustomerByEmail", "email": "a@b.c", "permission": "FULL_CONTROL"},
                {"type": "CanonicalUser", "id": "c", "display_name": "Carla", "permission": "WRITE"},
            ],
            "partitioned": True,
            "partition_date_source": "EventTime",
        },
    ),
    "aws_s3_bucket_metadata_configuration": (
        {
            "metadata_configuration": [
                {
                    "destination": [
                        {
                            "table_bucket_type": "aws",
                            "table_bucket_arn": "arn:aws:s3tables:eu-west-1:1:bucket/aws-s3",
                            "table_namespace": "b_it",
                        }
                    ],
                    "journal_table_configuration": [
                        {
                            "encryption_configuration": [{"sse_algorithm": "aws:kms", "kms_key_arn": "k"}],
                            "record_expiration": [{"expiration": "ENABLED", "days": 365}],
                            "table_arn": "j",
                            "table_name": "journal",
                        }
                    ],
                    "inventory_table_configuration": [
                        {
                            "configuration_state": "DISABLED",
                            "encryption_configuration": [{"sse_algorithm": "aws:kms", "kms_key_arn": "l"}],
                            "table_arn": "i",
                            "table_name": "inventory",
                        }
                    ],
                }
            ]
        },
        "metadata",
        {
            "table_bucket_type": "aws",
            "table_bucket": "arn:aws:s3tables:eu-west-1:1:bucket/aws-s3",
            "namespace": "b_it",
            "journal": {
                "name": "journal",
                "table": "j",
                "algorithm": "aws:kms",
                "kms_key": "k",
                "expiration": "ENABLED",
                "expiration_days": 365,
            },
            "inventory": {
                "state": "DISABLED",
                "name": "inventory",
                "table": "i",
                "algorithm": "aws:kms",
                "kms_key": "l",
            },
        },
    ),
    "aws_s3_bucket_notification": (
        {
            "eventbridge": True,
            "topic": [
                {
                    "id": "t",
                    "topic_arn": "arn:aws:sns:eu-west-1:1:t",
                    "events": ["s3:ObjectCreated:*"],
                    "filter_prefix": "in/",
                    "filter_suffix": ".jpg",
                }
            ],
            "queue": [
                {
                    "id": "q",
                    "queue_arn": "arn:aws:sqs:eu-west-1:1:q",
                    "events": ["s3:ObjectRemoved:*"],
                    "filter_prefix": "a",
                    "filter_suffix": "b",
                }
            ],
            "lambda_function": [
                {
                    "id": "f",
                    "lambda_function_arn": "arn:aws:lambda:eu-west-1:1:function:f",
                    "events": ["s3:ObjectTagging:*"],
                    "filter_prefix": "c",
                    "filter_suffix": "d",
                }
            ],
        },
        "notification",
        {
            "topics": [
                {
                    "id": "t",
                    "target": "arn:aws:sns:eu-west-1:1:t",
                    "events": ["s3:ObjectCreated:*"],
                    "prefix": "in/",
                    "suffix": ".jpg",
                }
            ],
            "queues": [
                {
                    "id": "q",
                    "target": "arn:aws:sqs:eu-west-1:1:q",
                    "events": ["s3:ObjectRemoved:*"],
                    "prefix": "a",
                    "suffix": "b",
                }
            ],
            "functions": [
                {
                    "id": "f",
                    "target": "arn:aws:lambda:eu-west-1:1:function:f",
                    "events": ["s3:ObjectTagging:*"],
                    "prefix": "c",
                    "suffix": "d",
                }
            ],
            "event_bridge": True,
        },
    ),
    "aws_s3_bucket_object_lock_configuration": (
        {
            "object_lock_enabled": "Enabled",
            "rule": [{"default_retention": [{"mode": "COMPLIANCE", "days": 5, "years": 1}]}],
        },
        "object_lock",
        {"enabled": True, "mode": "COMPLIANCE", "days": 5, "years": 1},
    ),
    "aws_s3_bucket_ownership_controls": (
        {"rule": [{"object_ownership": "ObjectWriter"}]},
        "ownership",
        {"object_ownership": "ObjectWriter"},
    ),
    "aws_s3_bucket_policy": ({"policy": json.dumps(POLICY)}, "policy", POLICY),
    "aws_s3_bucket_public_access_block": (
        {
            "block_public_acls": True,
            "ignore_public_acls": False,
            "block_public_policy": "true",
            "restrict_public_buckets": True,
            "skip_destroy": True,
        },
        "public_access_block",
        {
            "block_public_acls": True,
            "ignore_public_acls": False,
            "block_public_policy": True,
            "restrict_public_buckets": True,
        },
    ),
    "aws_s3_bucket_replication_configuration": (
        {
            "role": "arn:aws:iam::1:role/r",
            "rule": [
                {
                    "id": "all",
                    "status": "Enabled",
                    "priority": 1,
                    "prefix": "old/",
                    "filter": [{"and": [{"prefix": "a/", "tags": {"copy": "yes"}}]}],
                    "delete_marker_replication": [{"status": "Disabled"}],
                    "existing_object_replication": [{"status": "Enabled"}],
                    "source_selection_criteria": [
                        {
                            "sse_kms_encrypted_objects": [{"status": "Enabled"}],
                            "replica_modifications": [{"status": "Disabled"}],
                        }
                    ],
                    "destination": [
                        {
                            "bucket": "arn:aws:s3:::copy",
                            "account": "111122223333",
                            "storage_class": "STANDARD_IA",
                            "access_control_translation": [{"owner": "Destination"}],
                            "encryption_configuration": [{"replica_kms_key_id": "k"}],
                            "replication_time": [{"status": "Enabled", "time": [{"minutes": 15}]}],
                            "metrics": [{"status": "Enabled", "event_threshold": [{"minutes": 15}]}],
                        }
                    ],
                }
            ],
        },
        "replication",
        {
            "role": "arn:aws:iam::1:role/r",
            "rules": [
                {
                    "id": "all",
                    "status": "Enabled",
                    "priority": 1,
                    "prefix": "old/",
                    "filter": {"prefix": "a/", "tags": [{"key": "copy", "value": "yes"}]},
                    "delete_markers": "Disabled",
                    "existing_objects": "Enabled",
                    "kms_objects": "Enabled",
                    "replica_modifications": "Disabled",
                    "destination": {
                        "bucket": "arn:aws:s3:::copy",
                        "account": "111122223333",
                        "storage_class": "STANDARD_IA",
                        "owner_override": "Destination",
                        "kms_key": "k",
                        "replication_time": "Enabled",
                        "replication_time_minutes": 15,
                        "metrics": "Enabled",
                        "metrics_minutes": 15,
                    },
                }
            ],
        },
    ),
    "aws_s3_bucket_request_payment_configuration": (
        {"payer": "Requester"},
        "request_payment",
        {"payer": "Requester"},
    ),
    "aws_s3_bucket_server_side_encryption_configuration": (
        {
            "rule": [
                {
                    "apply_server_side_encryption_by_default": [
                        {"sse_algorithm": "aws:kms", "kms_master_key_id": "k"}
                    ],
                    "bucket_key_enabled": True,
                    "blocked_encryption_types": ["SSE-C"],
                }
            ]
        },
        "encryption",
        {"algorithm": "aws:kms", "kms_key": "k", "bucket_key": True, "blocked_types": ["SSE-C"]},
    ),
    "aws_s3_bucket_versioning": (
        {"versioning_configuration": [{"status": "Enabled", "mfa_delete": "Disabled"}], "mfa": "1 2"},
        "versioning",
        {"status": "Enabled", "mfa_delete": "Disabled"},
    ),
    "aws_s3_bucket_website_configuration": (
        {
            "index_document": [{"suffix": "index.html"}],
            "error_document": [{"key": "error.html"}],
            "redirect_all_requests_to": [{"host_name": "example.com", "protocol": "https"}],
            "routing_rule": [
                {
                    "condition": [{"http_error_code_returned_equals": "404", "key_prefix_equals": "old/"}],
                    "redirect": [
                        {
                            "host_name": "example.org",
                            "protocol": "https",
                            "http_redirect_code": "302",
                            "replace_key_with": "gone.html",
                            "replace_key_prefix_with": "new/",
                        }
                    ],
                }
            ],
        },
        "website",
        {
            "index_document": "index.html",
            "error_document": "error.html",
            "redirect_all": {"host": "example.com", "protocol": "https"},
            "routing_rules": [RULE_SAYS],
        },
    ),
    "aws_s3_bucket_analytics_configuration": (
        {
            "name": "all",
            "filter": [{"prefix": "a/", "tags": {"b": "c"}}],
            "storage_class_analysis": [
                {
                    "data_export": [
                        {
                            "output_schema_version": "V_1",
                            "destination": [
                                {
                                    "s3_bucket_destination": [
                                        {
                                            "bucket_arn": "arn:aws:s3:::reports",
                                            "bucket_account_id": "111122223333",
                                            "format": "CSV",
                                            "prefix": "analytics/",
                                        }
                                    ]
                                }
                            ],
                        }
                    ]
                }
            ],
        },
        "analytics",
        {
            "id": "all",
            "prefix": "a/",
            "tags": [{"key": "b", "value": "c"}],
            "export_version": "V_1",
            "export": {
                "bucket": "arn:aws:s3:::reports",
                "account": "111122223333",
                "format": "CSV",
                "prefix": "analytics/",
            },
        },
    ),
    "aws_s3_bucket_intelligent_tiering_configuration": (
        {
            "name": "all",
            "status": "Disabled",
            "filter": [{"prefix": "a/", "tags": {"b": "c"}}],
            "tiering": [{"access_tier": "ARCHIVE_ACCESS", "days": 125}],
        },
        "intelligent_tiering",
        {
            "id": "all",
            "status": "Disabled",
            "prefix": "a/",
            "tags": [{"key": "b", "value": "c"}],
            "tierings": [{"access_tier": "ARCHIVE_ACCESS", "days": 125}],
        },
    ),
    "aws_s3_bucket_inventory": (
        {
            "name": "all",
            "enabled": False,
            "filter": [{"prefix": "a/"}],
            "included_object_versions": "All",
            "optional_fields": ["Size", "EncryptionStatus"],
            "schedule": [{"frequency": "Weekly"}],
            "destination": [
                {
                    "bucket": [
                        {
                            "bucket_arn": "arn:aws:s3:::reports",
                            "account_id": "111122223333",
                            "format": "Parquet",
                            "prefix": "inventory/",
                            "encryption": [{"sse_s3": [{}], "sse_kms": [{"key_id": "k"}]}],
                        }
                    ]
                }
            ],
        },
        "inventory",
        {
            "id": "all",
            "enabled": False,
            "prefix": "a/",
            "included_versions": "All",
            "optional_fields": ["Size", "EncryptionStatus"],
            "frequency": "Weekly",
            "destination": {
                "bucket": "arn:aws:s3:::reports",
                "account": "111122223333",
                "format": "Parquet",
                "prefix": "inventory/",
                "sse_s3": True,
                "kms_key": "k",
            },
        },
    ),
    "aws_s3_bucket_metric": (
        {"name": "all", "filter": [{"prefix": "a/", "tags": {"b": "c"}, "access_point": "arn:x"}]},
        "metrics",
        {"id": "all", "prefix": "a/", "tags": [{"key": "b", "value": "c"}], "access_point": "arn:x"},
    ),
    "aws_s3control_bucket_lifecycle_configuration": (
        {
            "rule": [
                {
                    "id": "logs",
                    "status": "Disabled",
                    "filter": [{"prefix": "logs/", "tags": {"keep": "no"}}],
                    "expiration": [{"days": 9, "date": "2030-01-01", "expired_object_delete_marker": True}],
                    "abort_incomplete_multipart_upload": [{"days_after_initiation": 7}],
                }
            ]
        },
        "lifecycle",
        {
            "rules": [
                {
                    "id": "logs",
                    "status": "Disabled",
                    "prefix": "logs/",
                    "tags": [{"key": "keep", "value": "no"}],
                    "expiration_days": 9,
                    "expiration_date": "2030-01-01",
                    "expired_delete_marker": True,
                    "abort_multipart_days": 7,
                }
            ]
        },
    ),
    "aws_s3control_bucket_policy": ({"policy": json.dumps(POLICY)}, "policy", POLICY),
}
"""For each type its arguments, the field that they fill, and with what."""
