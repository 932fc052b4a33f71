from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from s3audit.check import ALL, BUCKETS, LOW, MEDIUM, Fix, check
from s3audit.intent import said
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.lifecycle import Lifecycle, LifecycleRule
from s3audit.model.lifetimes import is_on, takes_in, value_of
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text
from s3audit.verdict import Evidence, Status, Verdict, every, not_applicable, passed, some, unknown, verdict

from ._moments import Moment, moment
from ._rules import of_lifecycle, quiet
from ._steps import Step, current_steps, noncurrent_steps

_NO = Verdict(Status.FAIL)
_YES = Verdict(Status.PASS)
_COST = {"STANDARD_IA": 5, "ONEZONE_IA": 4, "GLACIER_IR": 3, "GLACIER": 1, "DEEP_ARCHIVE": 0}
_MOST_SHOWN = 20
"""Places in the evidence of one finding."""
_TIERING, _TIERING_COST = "INTELLIGENT_TIERING", 2
"""S3 prefers it to all but the two that are cheaper."""


@check(
    severity=LOW,
    severity_rule="low: a rule is there for nothing, and objects go earlier than its author thinks; medium where the"
    " configuration says how long they have to be kept",
    needs=(BUCKETS,),
    about="lifecycle",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # One rule for each part of the bucket.
            LifecycleConfiguration:
              Rules:
                - Id: logs
                  Status: Enabled
                  Prefix: logs/
                  ExpirationInDays: 365
                - Id: tmp
                  Status: Enabled
                  Prefix: tmp/
                  ExpirationInDays: 30
            """,
        terraform="""
            # One rule for each part of the bucket.
            resource "aws_s3_bucket_lifecycle_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                id     = "logs"
                status = "Enabled"
                filter {
                  prefix = "logs/"
                }
                expiration {
                  days = 365
                }
              }
              rule {
                id     = "tmp"
                status = "Enabled"
                filter {
                  prefix = "tmp/"
                }
                expiration {
                  days = 30
                }
              }
            }
            """,
        cli="""
            # This replaces all rules: one for each part of the bucket.
            aws s3api put-bucket-lifecycle-configuration --bucket BUCKET --lifecycle-configuration \\
              '{"Rules": [
                {"ID": "logs", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 365}},
                {"ID": "tmp", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 30}}]}'
            """,
        note="No rule says that some objects are left out, so the wider one has to become several narrow ones.",
    ),
    passes=(
        """
        # The exception goes earlier than the rest.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - {Status: Enabled, ExpirationInDays: 365}
                  - {Status: Enabled, Prefix: tmp/, ExpirationInDays: 7}
        """,
        """
        # Two parts of the bucket; two things that happen to the same objects; the same thing said twice.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - {Status: Enabled, Prefix: logs/, ExpirationInDays: 30}
                  - {Status: Enabled, Prefix: tmp/, ExpirationInDays: 365}
                  - Status: Enabled
                    Prefix: logs/
                    NoncurrentVersionExpiration: {NoncurrentDays: 7}
                  - {Status: Enabled, Prefix: logs/2026/, ExpirationInDays: 30}
                  - {Status: Disabled, ExpirationInDays: 1}
        """,
        """
        # What moved to Intelligent-Tiering moves on to GLACIER; one rule alone is overruled by none.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Transitions: [{StorageClass: INTELLIGENT_TIERING, TransitionInDays: 0}]
                  - Status: Enabled
                    Prefix: old/
                    Transitions: [{StorageClass: GLACIER, TransitionInDays: 90}]
                  - Status: Enabled
                    TagFilters: [{Key: Keep, Value: "yes"}]
                    Transitions: [{StorageClass: INTELLIGENT_TIERING, TransitionInDays: 30}]
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - {Status: Enabled, ExpirationInDays: 30}
        """,
    ),
    fails=(
        """
        # The logs were to stay a year, and go after a month like everything.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    ExpirationInDays: 30 # <-
                  - Status: Enabled
                    Prefix: logs/
                    ExpirationInDays: 365 # <-
        """,
        """
        # What is archived after a month does not come back to STANDARD_IA.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Prefix: reports/
                    TagFilters: [{Key: Read, Value: often}]
                    Transitions:
                      - StorageClass: STANDARD_IA # <-
                        TransitionInDays: 60
                  - Status: Enabled
                    Prefix: rep
                    Transitions:
                      - StorageClass: GLACIER # <-
                        TransitionInDays: 30
        """,
        """
        # Medium: of data that has to be kept; old versions go as early.
        #: [[expect]]
        #: name = "shop-orders"
        #: retention = { minimum = 30 }
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    NoncurrentVersionExpiration:
                      NoncurrentDays: 30 # <-
                  - Status: Enabled
                    ObjectSizeGreaterThan: "1000"
                    NoncurrentVersionExpiration:
                      NoncurrentDays: 365 # <-
        """,
    ),
    unsure=(
        """
        # Which objects the one rule is about is for whoever deploys it.
        Parameters:
          Prefix:
            Type: String
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LifecycleConfiguration:
                Rules:
                  - Status: Enabled
                    Prefix: !Ref Prefix # <-
                    ExpirationInDays: 30
                  - Status: Enabled
                    Prefix: logs/
                    ExpirationInDays: 365
        """,
    ),
)
def rule_overlap(bucket: Bucket, estate: Estate) -> Verdict:
    """No lifecycle rule is overruled by a wider one.

    Where two rules are about an object, S3 takes what costs less: it deletes at the earlier time, and moves to the
    cheaper class. So a rule that was meant to keep some objects longer than the rest keeps nothing.
    """
    found = of_lifecycle(bucket, _judge)
    return found.at_severity(MEDIUM) if found.status is Status.FAIL and _is_kept(bucket, estate) else found


def _is_kept(bucket: Bucket, estate: Estate) -> bool:
    match said(bucket, estate, lambda one: None if one.retention is None else one.retention.minimum):
        case Known(int()):
            return True
        case _:
            return False


class _Rule(NamedTuple):
    """What is compared of a rule again and again."""

    rule: LifecycleRule
    on: Verdict
    prefix: str | None
    """Empty where there is none; None where it is not known in full."""
    tags: frozenset[tuple[str, str]] | None


def _judge(lifecycle: Lifecycle) -> Verdict:
    match lifecycle.rules:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(items) | Unset(items):
            open_ = [unknown(item.at, item.why) for item in items if isinstance(item, Unknown)]
            told = [_told(value_of(item)) for item in items if not isinstance(item, Unknown)]
            return _compared(lifecycle, told, open_)


def _compared(lifecycle: Lifecycle, told: Sequence[_Rule], open_: Sequence[Verdict]) -> Verdict:
    there = [one for one in told if one.on.status is not Status.FAIL]
    if len(there) + len(open_) < 2:
        return not_applicable(lifecycle.at, "there are no two rules that are on")
    sure = sum(one.on.status is Status.PASS for one in there)
    doubts = [one.on for one in there if one.on.status is Status.UNKNOWN] if sure < 2 else []
    found = every((*open_, *doubts, *_pairs(there)))
    if found.status is Status.PASS:
        return passed(lifecycle.at, "no rule is overruled")
    more = len(found.evidence) - _MOST_SHOWN
    if more <= 0:
        return found
    return verdict(found.status, *found.evidence[:_MOST_SHOWN]).noting(f"and {more:,} more", lifecycle.at)


def _told(rule: LifecycleRule) -> _Rule:
    match rule.prefix:
        case Known(Text() as prefix) | Unset(Text() as prefix):
            literal = prefix.literal
        case Unknown():
            literal = None
        case _:
            literal = ""
    return _Rule(rule, quiet(is_on(rule)), literal, _literal_tags(rule))


def _literal_tags(rule: LifecycleRule) -> frozenset[tuple[str, str]] | None:
    if isinstance(rule.tags, Unknown):
        return None
    found = set()
    for item in value_of(rule.tags):
        match item:
            case Known(tag) | Unset(tag):
                pair = (_literal(tag.key), _literal(tag.value))
                if pair[0] is None or pair[1] is None:
                    return None
                found.add((pair[0], pair[1]))
            case Unknown():
                return None
    return frozenset(found)


def _literal(setting: Setting[Text]) -> str | None:
    return None if isinstance(setting, Unknown) else value_of(setting).literal


def _pairs(rules: Sequence[_Rule]) -> Iterator[Verdict]:
    """Of every rule and each that may be about all of its objects: there may be a thousand of both."""
    by_prefix: dict[str | None, list[_Rule]] = {}
    for one in rules:
        by_prefix.setdefault(one.prefix, []).append(one)
    for narrow in rules:
        for wide in _wider(narrow, by_prefix):
            is_about_others = (
                wide.tags is not None and narrow.tags is not None and not wide.tags <= narrow.tags
            )
            if wide is not narrow and not is_about_others:
                yield ~(wide.on & narrow.on & _overruled(narrow.rule, wide.rule))


def _wider(narrow: _Rule, by_prefix: Mapping[str | None, Sequence[_Rule]]) -> Iterator[_Rule]:
    own = narrow.prefix
    if own is None:
        for those in by_prefix.values():
            yield from those
        return
    yield from by_prefix.get(None, ())
    for length in range(len(own) + 1):
        yield from by_prefix.get(own[:length], ())


def _overruled(narrow: LifecycleRule, wide: LifecycleRule) -> Verdict:
    """Whether something that the one rule says never happens because of the other."""
    found = some(_never(narrow, wide))
    return found if found.status is Status.FAIL else found & quiet(takes_in(wide, narrow))


def _never(narrow: LifecycleRule, wide: LifecycleRule) -> Iterator[Verdict]:
    yield _ends_earlier(
        moment(wide.expiration_days, wide.expiration_date),
        moment(narrow.expiration_days, narrow.expiration_date),
        "objects",
    )
    yield _ends_earlier(_days(wide.noncurrent_days), _days(narrow.noncurrent_days), "old versions") & (
        _keeps_no_more(wide.noncurrent_newer_versions, narrow.noncurrent_newer_versions)
    )
    yield from _moves_for_less(current_steps(wide), current_steps(narrow))
    yield from _moves_for_less(noncurrent_steps(wide), noncurrent_steps(narrow))


def _days(days: Setting[int | None]) -> Setting[Moment | None]:
    return moment(days, Unset(None, days.at))


def _ends_earlier(wide: Setting[Moment | None], narrow: Setting[Moment | None], what: str) -> Verdict:
    match wide, narrow:
        case ((Known(None) | Unset(None)), _) | (_, (Known(None) | Unset(None))):
            return _NO
        case (Unknown(why, at), _) | (_, Unknown(why, at)):
            return unknown(at, why)
        case Known(Moment() as one, at), Known(Moment() as other, near) if one.is_date == other.is_date:
            if one.day >= other.day:
                return _NO
            return verdict(
                Status.PASS,
                Evidence(near, f"{what} are to end {other}, and by a wider rule they end before"),
                Evidence(at, f"by this rule the same {what} end {one}"),
            )
        case _:
            return _NO


def _keeps_no_more(wide: Setting[int | None], narrow: Setting[int | None]) -> Verdict:
    """Whether the wider rule spares no more of the newest versions."""
    match wide, narrow:
        case ((Known(None) | Unset(None)), _):
            return _YES
        case (Unknown(why, at), _) | (_, Unknown(why, at)):
            return unknown(at, why)
        case ((Known(one) | Unset(one)), (Known(other) | Unset(other))):
            return _YES if (one or 0) <= (other or 0) else _NO


def _moves_for_less(
    wide: tuple[Step, ...] | Unknown, narrow: tuple[Step, ...] | Unknown
) -> Iterator[Verdict]:
    if wide == () or narrow == ():
        return
    if isinstance(wide, Unknown):
        yield unknown(wide.at, wide.why)
    elif isinstance(narrow, Unknown):
        yield unknown(narrow.at, narrow.why)
    else:
        yield from (_is_cheaper(other, step) for step in narrow for other in wide)


def _is_cheaper(wide: Step, narrow: Step) -> Verdict:
    """Whether the step of the wider rule brings objects, no later, to where S3 prefers to have them."""
    match wide.storage_class, narrow.storage_class:
        case (Unknown(why, at), _) | (_, Unknown(why, at)):
            return unknown(at, why)
        case ((Known(one, at) | Unset(one, at)), (Known(other, near) | Unset(other, near))):
            if _cost(one) >= _cost(other):
                return _NO
            return _is_no_later(wide.when, narrow.when) & verdict(
                Status.PASS,
                Evidence(
                    near,
                    f"a wider rule moves the same objects, no later, to {one}, which S3 prefers to {other}",
                ),
                Evidence(at, f"by this rule they are in {one} already"),
            )


def _cost(storage_class: str) -> int:
    return _COST.get(storage_class, _TIERING_COST if storage_class == _TIERING else len(_COST) + 1)


def _is_no_later(wide: Setting[Moment], narrow: Setting[Moment]) -> Verdict:
    match wide, narrow:
        case (Unknown(why, at), _) | (_, Unknown(why, at)):
            return unknown(at, why)
        case ((Known(one) | Unset(one)), (Known(other) | Unset(other))):
            return _YES if one.is_date == other.is_date and one.day <= other.day else _NO
