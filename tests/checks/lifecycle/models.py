"""Buckets and rules made by hand, for what no template can say or only at length."""

from typing import Any

from s3audit.location import Location
from s3audit.model.base import Resource, Tag
from s3audit.model.bucket import Bucket, ObjectLock, Versioning
from s3audit.model.estate import Estate
from s3audit.model.expectation import Expectation
from s3audit.model.lifecycle import Lifecycle, LifecycleRule, NoncurrentTransition, Transition
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text, text
from s3audit.verdict import Verdict
from tests.checks.examples import CHECKS

AT = Location("account", "orders")
GAP = Unknown("the call was denied", AT)
_NO_RULE = {
    "status": Known("Enabled", AT),
    "prefix": Unset(None, AT),
    "tags": Unset((), AT),
    "size_greater_than": Unset(None, AT),
    "size_less_than": Unset(None, AT),
    "expiration_days": Unset(None, AT),
    "expiration_date": Unset(None, AT),
    "expired_delete_marker": Unset(False, AT),
    "noncurrent_days": Unset(None, AT),
    "noncurrent_newer_versions": Unset(None, AT),
    "transitions": Unset((), AT),
    "noncurrent_transitions": Unset((), AT),
    "abort_multipart_days": Unset(None, AT),
}


def known(value: str) -> Known[Text]:
    return Known(text(value), AT)


def rule(tags: dict[str, str] | None = None, **said: Any) -> LifecycleRule:
    """A rule that is on, about all objects, with what is said of it: plain values, or settings."""
    told = {
        name: value if isinstance(value, Known | Unset | Unknown) else _known(value)
        for name, value in said.items()
    }
    if tags is not None:
        told["tags"] = Known(tuple(Known(tag(*one), AT) for one in tags.items()), AT)
    return LifecycleRule(at=AT, **{**_NO_RULE, **told})  # type: ignore[arg-type]


def _known(value: Any) -> Setting[Any]:
    return known(value) if isinstance(value, str) else Known(value, AT)


def tag(key: str, value: str) -> Tag:
    return Tag(key=known(key), value=known(value))


def moves(*steps: tuple[str, int]) -> Known[Any]:
    made = (
        Transition(at=AT, storage_class=Known(n, AT), days=Known(d, AT), date=Unset(None, AT))
        for n, d in steps
    )
    return Known(tuple(Known(one, AT) for one in made), AT)


def version_moves(*steps: tuple[str, int]) -> Known[Any]:
    made = (NoncurrentTransition(at=AT, storage_class=Known(n, AT), days=Known(d, AT)) for n, d in steps)
    return Known(tuple(Known(one, AT) for one in made), AT)


def bucket(*rules: LifecycleRule, versioning: str = "Unversioned", **sections: Any) -> Bucket:
    made = Lifecycle(
        at=AT,
        rules=Known(tuple(Known(one, AT) for one in rules), AT),
        transition_minimum_size=Unset("all_storage_classes_128K", AT),
    )
    told = {
        "name": known("orders"),
        "lifecycle": Known(made, AT),
        "versioning": Versioning(status=Known(versioning, AT), mfa_delete=Unset("Disabled", AT)),
        "object_lock": unlocked(),
        "replication": Unset(None, AT),
        **sections,
    }
    return Bucket(address="orders", at=AT, origin="live", **told)


def unlocked() -> ObjectLock:
    none: Setting[Any] = Unset(None, AT)
    off = Unset(False, AT)
    return ObjectLock(at=AT, enabled=off, at_creation=off, mode=none, days=none, years=none)


def locked(days: int) -> ObjectLock:
    on = Known(True, AT)
    none: Setting[Any] = Unset(None, AT)
    mode: Setting[str | None] = Known("COMPLIANCE", AT)
    return ObjectLock(at=AT, enabled=on, at_creation=on, mode=mode, days=Known(days, AT), years=none)


def judge(check: str, subject: Bucket, *others: Resource, said: Expectation | None = None) -> Verdict:
    made = CHECKS[f"lifecycle-{check}"]
    estate = Estate([subject, *others])
    estate.expectations = () if said is None else (said,)
    return made.judge(subject, estate) if made.wants_estate else made.judge(subject)
