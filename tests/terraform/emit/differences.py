"""In what Terraform and CloudFormation do not say the same, though somebody means the same: each with its reason."""

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import msgspec

from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Text

DEMANDED: Mapping[str, Any] = {
    "CacheBehavior.allowed_methods": ["GET", "HEAD"],
    "CustomOrigin.http_port": 80,
    "CustomOrigin.https_port": 443,
    "CustomOrigin.tls_versions": ["TLSv1.2"],
    "ViewerCertificate.default": True,
}
"""What Terraform wants to have written and CloudFormation does not, with what is written then."""

IGNORED: Mapping[str, str] = {
    "Removal.deletion_policy": "an attribute of CloudFormation's resources",
    "Removal.update_replace_policy": "an attribute of CloudFormation's resources",
    "Removal.prevent_destroy": "a meta-argument of Terraform",
}
"""Fields that one of the two has no word for at all."""

UNEXPRESSED: Mapping[str, str] = {
    "unknowns, scenario 1": "a plan knows how many there are of each resource, and of most nested blocks",
}
"""Scenes that no plan can say."""

UNORDERED = frozenset(
    {
        "Bucket.analytics",
        "Bucket.intelligent_tiering",
        "Bucket.inventory",
        "Bucket.metrics",
        "Function.event_sources",
        "Function.permissions",
        "Group.attached_policies",
        "Group.policies",
        "Role.attached_policies",
        "Role.policies",
        "Topic.subscriptions",
        "User.attached_policies",
        "User.policies",
    }
)
"""Lists whose elements are resources of their own, in no order."""

NAMED = "Terraform tells the name that a resource was given, CloudFormation only whose name it is"

PATH = "Terraform has an attribute for the whole path of an identity"


class Rule(NamedTuple):
    """A difference that is none: where, what it is like, and why."""

    places: tuple[str, ...]
    """`Class.field`; `*` stands for anything."""
    holds: Callable[[Any, Any], bool]
    reason: str


def _demanded(place: str) -> Rule:
    def holds(expected: Any, found: Any) -> bool:
        return isinstance(expected, Unset) and _plain(found) == DEMANDED[place]

    return Rule((place,), holds, "Terraform demands it, CloudFormation leaves it to AWS")


def _plain(value: Any) -> Any:
    match value:
        case Known(inner):
            return _plain(inner)
        case tuple():
            return [_plain(item) for item in value]
        case _:
            return value


def _default_or_value(value: Any) -> Any:
    return value.value if isinstance(value, Known) else getattr(value, "default", None)


def _is_empty(value: Any) -> bool:
    return isinstance(value, Known) and value.value == Text()


RULES: tuple[Rule, ...] = (
    *map(_demanded, DEMANDED),
    Rule(
        ("RouteTable.main",),
        lambda expected, found: isinstance(found, Unset) and found.default is False,
        "CloudFormation can't make a route table the main one",
    ),
    Rule(
        (
            "AccessPoint.name",
            "Function.name",
            "MultiRegionAccessPoint.name",
            "ObjectLambdaAccessPoint.name",
            "OriginAccessControl.name",
            "TableBucket.name",
            "Trail.name",
        ),
        lambda expected, found: isinstance(expected, Text) and bool(expected.opaque),
        "Terraform demands a name where CloudFormation makes one up",
    ),
    Rule(
        ("Trail.global_events",),
        lambda expected, found: isinstance(expected, Unknown) and _default_or_value(found) is True,
        "the provider has a default of its own, and CloudFormation's is not documented",
    ),
    Rule(
        ("KmsKey.key_origin", "ReportDestination.sse_s3"),
        lambda expected, found: isinstance(expected, Unset) and _plain(found) == expected.default,
        "what is not written says it too",
    ),
    Rule(
        ("Bucket.name_prefix",),
        lambda expected, found: Text((f"{expected}-",)) == found,
        "CloudFormation sets a hyphen after it",
    ),
    Rule(
        ("BackupPlan.tags", "ManagedPolicy.tags"),
        lambda expected, found: isinstance(expected, Unknown) and isinstance(found, Unset),
        "CloudFormation's managed policies have no tags, and has a mapping of those of plans",
    ),
    Rule(
        ("Metadata.table_bucket_type",),
        lambda expected, found: isinstance(found, Unset),
        "the provider tells it and nobody writes it",
    ),
    Rule(
        ("*.version",),
        lambda expected, found: isinstance(expected, Unset) and _plain(found) == Text(("2008-10-17",)),
        "a policy document data source always names a version; this is the one of a policy without",
    ),
    Rule(
        ("ObjectLock.event_hold_days", "ObjectLock.event_hold_years"),
        lambda expected, found: isinstance(found, Unset),
        "the provider has no argument for it",
    ),
    Rule(
        ("LifecycleRule.prefix", "Origin.access_identity", "ReplicationFilter.prefix"),
        lambda expected, found: _is_empty(expected) and isinstance(found, Unset),
        "to Terraform's provider an empty text is as good as none",
    ),
)


DOMAIN = "a plan tells which bucket a domain belongs to, and not which of its domains it is"
FILLED_IN = "a plan tells what the provider fills in like what is written"
NOT_TOLD = "a plan tells nothing of a text with parts that are known only after apply"

NOT_TOLD_PLACES = (
    "*.document",
    "*.policy",
    "AccessGrant.*",
    "AccessGrantsLocation.*",
    "DataResource.values",
    "DistributionLogging.bucket",
    "FieldSelector.*",
    "ObjectLambdaAccessPoint.supporting_access_point",
    "Origin.*",
    "ReplicationDestination.bucket",
    "TableEncryption.kms_key",
    "Trail.log_group",
)

_PLAN_RULES: tuple[Rule, ...] = (
    Rule(
        ("*",),
        lambda expected, found: (
            isinstance(expected, Unset)
            and isinstance(found, Known)
            and not expected.since
            and _plain(found) == _plain(expected.default)
        ),
        FILLED_IN,
    ),
    Rule(("ViewerCertificate.minimum_tls",), lambda expected, found: _plain(found) == "TLSv1", FILLED_IN),
    Rule(("ReplicationDestination.metrics_minutes",), lambda expected, found: _plain(found) == 15, FILLED_IN),
    Rule(
        ("LoadBalancer.name", "SecurityGroup.name"),
        lambda expected, found: isinstance(expected, Unset) and bool(found.value.opaque),
        FILLED_IN,
    ),
    Rule(
        ("Metadata.*",),
        lambda expected, found: isinstance(found, Unknown),
        "a plan does not tell what the provider computes inside of this block",
    ),
    Rule(
        (*NOT_TOLD_PLACES,),
        lambda expected, found: _is_after_apply(found),
        NOT_TOLD,
    ),
)


def _is_after_apply(value: Any) -> bool:
    """Whether something in it is not told because it is made only then."""
    match value:
        case Unknown(why):
            return "known only after apply" in why
        case tuple():
            return any(map(_is_after_apply, value))
        case msgspec.Struct():
            return any(_is_after_apply(getattr(value, name)) for name in value.__struct_fields__)
        case _:
            return False


def reason_in_plan(place: str, expected: Any, found: Any) -> str:
    """Why this difference is none where a plan was read."""
    return _reason(_PLAN_RULES, place, expected, found)


def reason_for(place: str, expected: Any, found: Any) -> str:
    """Why this difference is none; empty where it is one."""
    return _reason(RULES, place, expected, found)


def _reason(rules: Iterable[Rule], place: str, expected: Any, found: Any) -> str:
    for rule in rules:
        if any(fnmatchcase(place, one) for one in rule.places) and rule.holds(expected, found):
            return rule.reason
    return ""


REASONS = (NAMED, PATH, *dict.fromkeys(rule.reason for rule in RULES))
PLAN_REASONS = (DOMAIN, *dict.fromkeys(rule.reason for rule in _PLAN_RULES))
