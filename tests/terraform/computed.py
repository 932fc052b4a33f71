"""Resources of which a plan says that a part is known only after apply."""

from typing import Any

from s3audit.collectors.documents.resolved import Partial
from s3audit.collectors.terraform.declared import Declared
from s3audit.text import Text
from tests.terraform.plans import Json, change, constant

LOGS = "aws_s3_bucket.logs"
DATA = "aws_s3_bucket.data"
POLICY = "aws_s3_bucket_policy.data"
VERSIONING = "aws_s3_bucket_versioning.data"

UNKNOWN = "? it is known only after apply"
MAY = "; the source beside the plan (--source-dir) may tell it"

# As versions 4 and later of the provider plan a new bucket of which only the name is written.
COMPUTED = dict.fromkeys(
    """
    acceleration_status acl arn bucket_domain_name bucket_prefix bucket_regional_domain_name cors_rule grant
    hosted_zone_id id lifecycle_rule logging object_lock_configuration object_lock_enabled policy region
    replication_configuration request_payer server_side_encryption_configuration tags_all versioning website
    website_domain website_endpoint
    """.split(),  # noqa: SIM905 - a list of them is a page long
    True,
)
# And version 3, in which empty lists stand for the blocks that nobody wrote.
PLAIN_3: Json = {
    "acl": "private",
    "cors_rule": [],
    "grant": [],
    "lifecycle_rule": [],
    "logging": [],
    "object_lock_configuration": [],
    "replication_configuration": [],
    "server_side_encryption_configuration": [],
    "tags": None,
    "website": [],
}
COMPUTED_3 = dict.fromkeys(
    ("acceleration_status", "arn", "id", "region", "request_payer", "versioning"), True
)


def new_bucket(address: str, name: str | None, **more: Any) -> Json:
    after = {"force_destroy": None, "tags": None, **({} if name is None else {"bucket": name}), **more}
    unknown = {argument: True for argument in COMPUTED if argument not in more}
    return change(address, after, unknown if name is not None else {**unknown, "bucket": True})


def beside(address: str, **arguments: Any) -> Json:
    """Something declared for a bucket that is new, too."""
    return change(address, {**arguments, "expected_bucket_owner": None}, {"bucket": True, "id": True})


def text_of(declared: Declared, argument: str) -> Text:
    node = declared.resolver.resolve(declared.node).node
    found = declared.resolver.resolve(node.get(argument)).node  # type: ignore[attr-defined]
    assert isinstance(found, Partial)
    return found.text


ELSEWHERE = [
    change(f"terraform_data.{name}", {"input": "x"}, {"id": True, "output": True}) for name in ("one", "two")
]
NAMED = {LOGS: {"bucket": constant("logs")}, DATA: {"bucket": constant("data")}}
