"""What an attribute of a resource gives to whoever refers to it, as far as it is known before it is made."""

from functools import lru_cache

from s3audit.text import Opaque, Part, Text, text

# Every second piece is a value that must be looked up: the name, or what the account and region give.
_NAME = ("", "name", "")
_GENERAL = {
    "id": _NAME,
    "bucket": _NAME,
    "arn": ("arn:", "AWS::Partition", ":s3:::", "name", ""),
    "bucket_domain_name": ("", "name", ".s3.", "AWS::URLSuffix", ""),
    "bucket_regional_domain_name": ("", "name", ".s3.", "AWS::Region", ".", "AWS::URLSuffix", ""),
    "website_endpoint": ("", "name", ".s3-website", "attribute", ""),
}


def _regional(service: str) -> tuple[str, ...]:
    return (
        "arn:",
        "AWS::Partition",
        f":{service}:",
        "AWS::Region",
        ":",
        "AWS::AccountId",
        ":bucket/",
        "name",
        "",
    )


_BUCKETS = {
    "aws_s3_bucket": ("bucket", _GENERAL),
    "aws_s3_directory_bucket": (
        "bucket",
        {"id": _NAME, "bucket": _NAME, "arn": _regional("s3express")},
    ),
    "aws_s3tables_table_bucket": ("name", {"name": _NAME, "arn": _regional("s3tables")}),
    "aws_s3vectors_vector_bucket": (
        "vector_bucket_name",
        {
            "vector_bucket_name": _NAME,
            "arn": _regional("s3vectors"),
            "vector_bucket_arn": _regional("s3vectors"),
        },
    ),
}
"""The types whose name is one of their arguments: that argument, and what their attributes give."""

_PARTS_OF_BUCKETS = frozenset(
    f"aws_s3_bucket_{part}"
    for part in (
        "abac",
        "accelerate_configuration",
        "acl",
        "cors_configuration",
        "lifecycle_configuration",
        "logging",
        "metadata_configuration",
        "notification",
        "object_lock_configuration",
        "ownership_controls",
        "policy",
        "public_access_block",
        "replication_configuration",
        "request_payment_configuration",
        "server_side_encryption_configuration",
        "versioning",
        "website_configuration",
    )
)
"""What they are known by is the name of their bucket."""
_PART = {"id": _NAME, "bucket": _NAME, "website_endpoint": _GENERAL["website_endpoint"]}

_IDENTITIES = frozenset(
    {
        "arn",
        "cloudfront_access_identity_path",
        "dns_name",
        "domain_name",
        "function_name",
        "iam_arn",
        "id",
        "key_id",
        "name",
        "qualified_arn",
        "s3_canonical_user_id",
        "unique_id",
        "url",
    }
)
"""Attributes that name the very resource they belong to."""

_TIES = ("_association", "_attachment")
_POLICIES = ("aws_iam_policy", "aws_organizations_policy")
"""Those that are things of their own; the id of another one is that of what it governs."""

ACCOUNT = "AWS::AccountId"
REGION = "AWS::Region"
_DATA = {
    "aws_caller_identity": {"account_id": ACCOUNT, "id": ACCOUNT},
    "aws_partition": {
        "partition": "AWS::Partition",
        "id": "AWS::Partition",
        "dns_suffix": "AWS::URLSuffix",
    },
    "aws_region": {"name": REGION, "id": REGION, "region": REGION},
}
"""Data sources that tell what CloudFormation's pseudo parameters tell."""

_GIVEN = frozenset(
    {
        "aws_billing_service_account",
        "aws_caller_identity",
        "aws_canonical_user_id",
        "aws_cloudfront_log_delivery_canonical_user_id",
        "aws_cloudtrail_service_account",
        "aws_elb_service_account",
        "aws_partition",
        "aws_redshift_service_account",
        "aws_region",
    }
)
"""Data sources of what is there before anything is made."""


def reference(kind: str, address: str, attribute: str, name: Text | None) -> Text:
    """The value of an attribute that neither a plan nor a state tells; the kind of data begins with `data.`.

    `name` is what the argument `naming(kind)` of the resource says, where that is known.
    """
    data = kind.removeprefix("data.") if kind.startswith("data.") else ""
    if data and (pseudo := _DATA.get(data, {}).get(attribute)) is not None:
        return Text((Opaque(pseudo, given=True),))
    form = _forms(kind)[1].get(attribute)
    if form is not None:
        return _composed(form, _nameless(kind, address) if name is None else name, address, attribute)
    origin = f"{address}.{attribute}"
    if data:
        return Text((Opaque(origin, given=data in _GIVEN),))
    return Text((Opaque(origin, address if identifies(kind, attribute) else ""),))


def naming(kind: str) -> str:
    """The argument that says the name which `reference` asks for; empty where none does."""
    return _forms(kind)[0]


def made_up(address: str, prefix: Text | None = None) -> Text:
    """The name that the provider makes up for a bucket: its `bucket_prefix`, or terraform-, and what is unique."""
    unique = Opaque(f"{address}.id", address, generated=True)
    return text("terraform-", unique) if prefix is None else text(*prefix.parts, unique)


def identifies(kind: str, attribute: str) -> bool:
    """Whether an attribute of a resource names this one resource, and not what it belongs to."""
    if kind.startswith("data.") or kind in _PARTS_OF_BUCKETS or kind.endswith(_TIES):
        return False
    if kind.endswith("_policy") and kind not in _POLICIES:
        return False
    return attribute in _IDENTITIES or (attribute == "alias" and kind.endswith("access_point"))


@lru_cache(maxsize=256)
def _forms(kind: str) -> tuple[str, dict[str, tuple[str, ...]]]:
    if kind in _PARTS_OF_BUCKETS:
        return "bucket", _PART
    return _BUCKETS.get(kind.removeprefix("data."), ("", {}))


def _nameless(kind: str, address: str) -> Text:
    """The name of a bucket of which nothing is known but whose it is."""
    naming, forms = _forms(kind)
    origin = f"{address}.{'id' if 'id' in forms else naming}"
    return Text((Opaque(origin, address if kind in _BUCKETS else ""),))


def _composed(form: tuple[str, ...], name: Text, address: str, attribute: str) -> Text:
    parts: list[Part] = list(form[:1])
    for place in range(1, len(form), 2):
        match form[place]:
            case "name":
                parts += name.parts
            case "attribute":  # the region decides on what stands before it, too
                parts.append(Opaque(f"{address}.{attribute}"))
            case pseudo:
                parts.append(Opaque(pseudo, given=True))
        parts.append(form[place + 1])
    return text(*parts)
