"""In what Terraform and CloudFormation do not say the same, though somebody means the same: each with its reason."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

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

NAMED = "Terraform tells the name that a resource was given, CloudFormation only whose name it is"


class Rule(NamedTuple):
    """A difference that is none: where, what it is like, and why."""

    places: tuple[str, ...]
    """`Class.field`; `*` for every place."""
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


def _is_empty(value: Any) -> bool:
    return isinstance(value, Known) and value.value == Text()


RULES: tuple[Rule, ...] = (
    *map(_demanded, DEMANDED),
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
        lambda expected, found: isinstance(expected, Unknown) and found == Unset(True, found.at),
        "the provider has a default of its own, and CloudFormation's is not documented",
    ),
    Rule(
        ("KmsKey.key_origin",),
        lambda expected, found: isinstance(expected, Unset) and _plain(found) == expected.default,
        "in Terraform the type of the resource says it",
    ),
    Rule(
        ("Bucket.policy.version", "KmsKey.policy.version"),
        lambda expected, found: isinstance(expected, Unset) and _plain(found) == Text(("2008-10-17",)),
        "a policy document data source always names a version; this is the one of a policy without",
    ),
    Rule(
        ("ObjectLock.event_hold_days", "ObjectLock.event_hold_years"),
        lambda expected, found: isinstance(found, Unset),
        "the provider has no argument for it",
    ),
    Rule(
        ("Origin.access_identity",),
        lambda expected, found: _is_empty(expected) and isinstance(found, Unset),
        "to Terraform's provider an empty text is as good as none",
    ),
)


def reason_for(place: str, expected: Any, found: Any) -> str:
    """Why this difference is none; empty where it is one."""
    for rule in RULES:
        if place in rule.places and rule.holds(expected, found):
            return rule.reason
    return ""
