"""What stands inside of a bucket, and that it means what it means beside one."""

import json
from typing import Any

import pytest

from s3audit.collectors.documents.fill import Filler
from s3audit.collectors.documents.json_reader import read_json
from s3audit.collectors.documents.shape import Shape
from s3audit.collectors.documents.spots import Spot
from s3audit.collectors.terraform.tables.bucket import INLINE
from s3audit.collectors.terraform.tables.common import Inline
from s3audit.location import Location
from s3audit.setting import Known, Unknown
from tests.terraform.bucket_examples import RULE, RULE_SAYS
from tests.terraform.covering import unread
from tests.terraform.filling import UNKNOWN, Literal, filled, plain, told

POLICY = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}
EVERYONE = "http://acs.amazonaws.com/groups/global/AllUsers"


def inside(written: dict[str, Any]) -> dict[str, Any]:
    """What stands inside a bucket, by the field that it fills."""
    (document,), problems = read_json(json.dumps(written), "x.json")
    assert document.root
    assert problems == []
    at = Location("x.json", "aws_s3_bucket.it", 1, 1, 1, 1)
    filler, spot = Filler("x.json", Literal(), blank_is_unset=True), Spot(document.root, at)
    declared = (one for one in INLINE if any(written.get(key) not in (None, []) for key in one.keys))
    return {one.field: filler.field(one.value, spot, None) for one in declared}


def only(written: dict[str, Any]) -> Any:
    """The one configuration that stands inside a bucket."""
    (value,) = inside(written).values()
    return value


def inline(field: str) -> Inline:
    (found,) = (one for one in INLINE if one.field == field)
    return found


# Each configuration with all of its arguments inside a bucket, and what they say.
INSIDE: dict[str, tuple[dict[str, Any], Any]] = {
    "versioning": (
        {"versioning": [{"enabled": True, "mfa_delete": True}]},
        {"status": "Enabled", "mfa_delete": "Enabled"},
    ),
    "encryption": (
        {
            "server_side_encryption_configuration": [
                {
                    "rule": [
                        {
                            "apply_server_side_encryption_by_default": [
                                {"sse_algorithm": "aws:kms", "kms_master_key_id": "k"}
                            ],
                            "bucket_key_enabled": True,
                            "blocked_encryption_types": ["NONE"],
                        }
                    ]
                }
            ]
        },
        {"algorithm": "aws:kms", "kms_key": "k", "bucket_key": True, "blocked_types": ["NONE"]},
    ),
    "acl": (
        {
            "acl": "public-read",
            "grant": [
                {"type": "Group", "uri": EVERYONE, "id": "", "permissions": ["READ", "READ_ACP"]},
                {"type": "CanonicalUser", "id": "c", "permissions": ["FULL_CONTROL"]},
            ],
        },
        {
            "canned": "public-read",
            "grants": [
                {"type": "Group", "uri": EVERYONE, "permission": "READ"},
                {"type": "Group", "uri": EVERYONE, "permission": "READ_ACP"},
                {"type": "CanonicalUser", "id": "c", "permission": "FULL_CONTROL"},
            ],
        },
    ),
    "object_lock": (
        {
            "object_lock_configuration": [
                {
                    "object_lock_enabled": "Enabled",
                    "rule": [{"default_retention": [{"mode": "GOVERNANCE", "days": 5, "years": 1}]}],
                }
            ]
        },
        {"enabled": True, "at_creation": True, "mode": "GOVERNANCE", "days": 5, "years": 1},
    ),
    "acceleration": ({"acceleration_status": "Enabled"}, {"status": "Enabled"}),
    "request_payment": ({"request_payer": "Requester"}, {"payer": "Requester"}),
    "logging": (
        {"logging": [{"target_bucket": "logs", "target_prefix": "it/"}]},
        {"target": "logs", "prefix": "it/", "partitioned": False},
    ),
    "cors": (
        {
            "cors_rule": [
                {
                    "allowed_origins": ["*"],
                    "allowed_methods": ["GET"],
                    "allowed_headers": ["*"],
                    "expose_headers": ["ETag"],
                    "max_age_seconds": 9,
                }
            ]
        },
        {
            "rules": [
                {
                    "allowed_origins": ["*"],
                    "allowed_methods": ["GET"],
                    "allowed_headers": ["*"],
                    "exposed_headers": ["ETag"],
                    "max_age": 9,
                }
            ]
        },
    ),
    "lifecycle": (
        {
            "lifecycle_rule": [
                {
                    "id": "logs",
                    "enabled": True,
                    "prefix": "logs/",
                    "tags": {"keep": "no"},
                    "expiration": [{"days": 90, "date": "2030-01-01", "expired_object_delete_marker": True}],
                    "noncurrent_version_expiration": [{"days": 30}],
                    "transition": [{"days": 10, "date": "2029-01-01", "storage_class": "GLACIER"}],
                    "noncurrent_version_transition": [{"days": 3, "storage_class": "ONEZONE_IA"}],
                    "abort_incomplete_multipart_upload_days": 7,
                }
            ]
        },
        {
            "rules": [
                {
                    "id": "logs",
                    "status": "Enabled",
                    "prefix": "logs/",
                    "tags": [{"key": "keep", "value": "no"}],
                    "expiration_days": 90,
                    "expiration_date": "2030-01-01",
                    "expired_delete_marker": True,
                    "noncurrent_days": 30,
                    "transitions": [{"storage_class": "GLACIER", "days": 10, "date": "2029-01-01"}],
                    "noncurrent_transitions": [{"storage_class": "ONEZONE_IA", "days": 3}],
                    "abort_multipart_days": 7,
                }
            ]
        },
    ),
    "replication": (
        {
            "replication_configuration": [
                {
                    "role": "r",
                    "rules": [
                        {
                            "id": "all",
                            "status": "Disabled",
                            "priority": 2,
                            "prefix": "a/",
                            "filter": [{"prefix": "b/", "tags": {"copy": "yes"}}],
                            "delete_marker_replication_status": "Enabled",
                            "source_selection_criteria": [{"sse_kms_encrypted_objects": [{"enabled": True}]}],
                            "destination": [
                                {
                                    "bucket": "arn:aws:s3:::copy",
                                    "account_id": "111122223333",
                                    "storage_class": "GLACIER",
                                    "replica_kms_key_id": "k",
                                    "access_control_translation": [{"owner": "Destination"}],
                                    "replication_time": [{"status": "Enabled", "minutes": 15}],
                                    "metrics": [{"status": "Disabled", "minutes": 15}],
                                }
                            ],
                        }
                    ],
                }
            ]
        },
        {
            "role": "r",
            "rules": [
                {
                    "id": "all",
                    "status": "Disabled",
                    "priority": 2,
                    "prefix": "a/",
                    "filter": {"prefix": "b/", "tags": [{"key": "copy", "value": "yes"}]},
                    "delete_markers": "Enabled",
                    "kms_objects": "Enabled",
                    "destination": {
                        "bucket": "arn:aws:s3:::copy",
                        "account": "111122223333",
                        "storage_class": "GLACIER",
                        "owner_override": "Destination",
                        "kms_key": "k",
                        "replication_time": "Enabled",
                        "replication_time_minutes": 15,
                        "metrics": "Disabled",
                        "metrics_minutes": 15,
                    },
                }
            ],
        },
    ),
    "website": (
        {
            "website": [
                {
                    "index_document": "index.html",
                    "error_document": "error.html",
                    "redirect_all_requests_to": "",
                    "routing_rules": json.dumps([RULE]),
                }
            ]
        },
        {"index_document": "index.html", "error_document": "error.html", "routing_rules": [RULE_SAYS]},
    ),
    "policy": ({"policy": json.dumps(POLICY)}, POLICY),
}


def test_every_configuration_has_an_example() -> None:
    assert [one.field for one in INLINE] == list(INSIDE)


@pytest.mark.parametrize("field", INSIDE)
def test_a_configuration_inside_a_bucket(field: str) -> None:
    arguments, expected = INSIDE[field]
    assert set(arguments) == set(inline(field).keys)
    found = inside(arguments)
    assert list(found) == [field]
    assert plain(found[field]) == expected


@pytest.mark.parametrize("field", INSIDE)
def test_its_example_has_all_that_is_read(field: str) -> None:
    value = only(INSIDE[field][0])
    # What only stands beside a bucket, and what is not taken apart.
    elsewhere = {
        "logging": ["grants", "partition_date_source"],
        "cors": ["rules.id"],
        "website": ["redirect_all"],
    }
    shape = inline(field).value.of
    found = unread(shape, value.value) if isinstance(shape, Shape) else []
    assert found == elsewhere.get(field, [])


@pytest.mark.parametrize("field", INSIDE)
def test_what_is_empty_declares_nothing(field: str) -> None:
    arguments, _ = INSIDE[field]
    assert inside({key: [] if isinstance(value, list) else None for key, value in arguments.items()}) == {}


BESIDE: dict[str, tuple[str, dict[str, Any]]] = {
    "versioning": ("aws_s3_bucket_versioning", {"versioning_configuration": [{"status": "Enabled"}]}),
    "encryption": (
        "aws_s3_bucket_server_side_encryption_configuration",
        {"rule": [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "AES256"}]}]},
    ),
    "acl": (
        "aws_s3_bucket_acl",
        {
            "acl": None,
            "access_control_policy": [
                {"grant": [{"grantee": [{"type": "Group", "uri": EVERYONE}], "permission": "READ"}]}
            ],
        },
    ),
    "object_lock": (
        "aws_s3_bucket_object_lock_configuration",
        {"rule": [{"default_retention": [{"mode": "COMPLIANCE", "days": 9}]}]},
    ),
    "acceleration": ("aws_s3_bucket_accelerate_configuration", {"status": "Enabled"}),
    "request_payment": ("aws_s3_bucket_request_payment_configuration", {"payer": "Requester"}),
    "logging": ("aws_s3_bucket_logging", {"target_bucket": "logs", "target_prefix": "it/"}),
    "cors": (
        "aws_s3_bucket_cors_configuration",
        {"cors_rule": [{"allowed_methods": ["GET"], "allowed_origins": ["*"]}]},
    ),
    "lifecycle": (
        "aws_s3_bucket_lifecycle_configuration",
        {
            "rule": [
                {
                    "id": "one",
                    "status": "Disabled",
                    "filter": [{"and": [{"prefix": "a/", "tags": {"b": "c"}}]}],
                    "noncurrent_version_expiration": [{"noncurrent_days": 9}],
                    "noncurrent_version_transition": [{"noncurrent_days": 3, "storage_class": "GLACIER"}],
                    "abort_incomplete_multipart_upload": [{"days_after_initiation": 2}],
                }
            ]
        },
    ),
    "replication": (
        "aws_s3_bucket_replication_configuration",
        {
            "role": "r",
            "rule": [
                {
                    "status": "Enabled",
                    "filter": [{"and": [{"prefix": "a/", "tags": {"b": "c"}}]}],
                    "delete_marker_replication": [{"status": "Enabled"}],
                    "source_selection_criteria": [{"sse_kms_encrypted_objects": [{"status": "Disabled"}]}],
                    "destination": [
                        {
                            "bucket": "arn:aws:s3:::copy",
                            "account": "111122223333",
                            "encryption_configuration": [{"replica_kms_key_id": "k"}],
                            "replication_time": [{"status": "Enabled", "time": [{"minutes": 15}]}],
                            "metrics": [{"status": "Enabled", "event_threshold": [{"minutes": 15}]}],
                        }
                    ],
                }
            ],
        },
    ),
    "website": (
        "aws_s3_bucket_website_configuration",
        {"index_document": [{"suffix": "i.html"}], "error_document": [{"key": "e.html"}]},
    ),
    "policy": ("aws_s3_bucket_policy", {"policy": json.dumps(POLICY)}),
}
SAME_INSIDE: dict[str, dict[str, Any]] = {
    "versioning": {"versioning": {"enabled": "true"}},
    "encryption": {"server_side_encryption_configuration": [BESIDE["encryption"][1]]},
    "acl": {"grant": [{"type": "Group", "uri": EVERYONE, "permissions": ["READ"]}]},
    "object_lock": {
        "object_lock_configuration": [
            {
                "object_lock_enabled": "Enabled",
                "rule": [{"default_retention": [{"mode": "COMPLIANCE", "days": 9}]}],
            }
        ]
    },
    "acceleration": {"acceleration_status": "Enabled"},
    "request_payment": {"request_payer": "Requester"},
    "logging": {"logging": [{"target_bucket": "logs", "target_prefix": "it/"}]},
    "cors": {"cors_rule": [{"allowed_methods": ["GET"], "allowed_origins": ["*"]}]},
    "lifecycle": {
        "lifecycle_rule": [
            {
                "id": "one",
                "enabled": False,
                "prefix": "a/",
                "tags": {"b": "c"},
                "noncurrent_version_expiration": [{"days": 9}],
                "noncurrent_version_transition": [{"days": 3, "storage_class": "GLACIER"}],
                "abort_incomplete_multipart_upload_days": 2,
            }
        ]
    },
    "replication": {
        "replication_configuration": [
            {
                "role": "r",
                "rules": [
                    {
                        "status": "Enabled",
                        "filter": [{"prefix": "a/", "tags": {"b": "c"}}],
                        "delete_marker_replication_status": "Enabled",
                        "source_selection_criteria": [{"sse_kms_encrypted_objects": [{"enabled": False}]}],
                        "destination": [
                            {
                                "bucket": "arn:aws:s3:::copy",
                                "account_id": "111122223333",
                                "replica_kms_key_id": "k",
                                "replication_time": [{"status": "Enabled", "minutes": 15}],
                                "metrics": [{"status": "Enabled", "minutes": 15}],
                            }
                        ],
                    }
                ],
            }
        ]
    },
    "website": {"website": [{"index_document": "i.html", "error_document": "e.html"}]},
    "policy": {"policy": json.dumps(POLICY)},
}


@pytest.mark.parametrize("field", INSIDE)
def test_inside_and_beside_a_bucket_mean_the_same(field: str) -> None:
    within = plain(only(SAME_INSIDE[field]))
    if field == "object_lock":  # what stands beside a bucket may come later
        assert within.pop("at_creation") is True
    assert within == plain(filled(BESIDE[field][0], {"bucket": "it", **BESIDE[field][1]}).value)


@pytest.mark.parametrize("block", [{}, {"enabled": False}, {"enabled": "false", "mfa_delete": False}])
def test_versioning_that_is_off_inside_a_new_bucket_never_was_on(block: dict[str, Any]) -> None:
    made = only({"versioning": [block]}).value
    assert (plain(made.status), plain(made.mfa_delete)) == ("Unversioned", "Disabled")


def test_a_lock_inside_a_bucket_need_not_say_so_twice() -> None:
    lock = only({"object_lock_configuration": [{"rule": [{"default_retention": [{"days": 1}]}]}]}).value
    assert told(lock) == {"days": 1}


def test_a_grant_without_permissions_grants_something_unknown() -> None:
    (grant,) = only({"grant": [{"type": "Group", "uri": EVERYONE, "permissions": []}]}).value.grants.value
    assert isinstance(grant, Known)
    assert isinstance(grant.value.permission, Unknown)


def test_a_redirect_inside_a_bucket_is_not_known() -> None:
    website = only({"website": [{"redirect_all_requests_to": "https://example.com"}]}).value
    assert told(website) == {}
    assert plain(website.redirect_all) == UNKNOWN
