"""What the checks of lifecycle rules ask of each of them."""

from collections.abc import Callable
from typing import TypeVar

from s3audit.model.bucket import Bucket
from s3audit.model.lifecycle import Lifecycle, LifecycleRule
from s3audit.model.lifetimes import is_on
from s3audit.setting import Setting, Unknown, every_of, when_set
from s3audit.verdict import Status, Verdict, not_applicable, passed, unknown, unless

T = TypeVar("T")

NOTHING = "it has no lifecycle configuration"
WHAT = "the lifecycle configuration"


def of_lifecycle(bucket: Bucket, judge: Callable[[Lifecycle], Verdict]) -> Verdict:
    """The judgement, where there is a configuration."""
    return when_set(bucket.lifecycle, judge, NOTHING, what=WHAT)


def of_every_rule(bucket: Bucket, judge: Callable[[LifecycleRule], Verdict], fine: str) -> Verdict:
    """The judgement holds for every rule, on or off: S3 refuses all of them for the sake of one.

    `fine` is what there is to say where it does.
    """

    def judged(lifecycle: Lifecycle) -> Verdict:
        empty = not_applicable(lifecycle.at, "there are no lifecycle rules")
        found = every_of(lifecycle.rules, judge, empty)
        return passed(lifecycle.at, fine) if found.status is Status.PASS else found

    return of_lifecycle(bucket, judged)


def if_on(rule: LifecycleRule, judged: Callable[[], Verdict]) -> Verdict:
    """The judgement of a rule that does something."""
    return unless(~is_on(rule), "the rule does nothing", judged)


def if_allowed(bucket: Bucket, judged: Verdict) -> Verdict:
    """The judgement, where S3 lets the bucket have rules."""
    mfa = bucket.versioning.mfa_delete.is_in("Enabled", what="MFA delete")
    return unless(mfa, "S3 allows no lifecycle rules beside it", judged)


def quiet(found: Verdict) -> Verdict:
    """The same where what decides is shown elsewhere; why it is open is shown."""
    return found if found.status is Status.UNKNOWN else Verdict(found.status)


def fulfils(setting: Setting[T], predicate: Callable[[T], bool], note: str, what: str) -> Verdict:
    """Whether a value is as it has to be; `what` names it where it is not known."""
    if isinstance(setting, Unknown):
        return unknown(setting.at, f"{what} is not known: {setting.why}")
    return setting.satisfies(predicate, note)
