"""What S3 takes of transitions, delete markers and archive tiers, where examples show one case of several."""

from pathlib import Path

import pytest

import s3audit
from s3audit.finding import Finding

BUCKET = """
Resources:
  Orders:
    Type: AWS::S3::Bucket
    Properties:
      LifecycleConfiguration:
        Rules:
          - {Status: Enabled, %s}
"""
TIERS = """
Resources:
  Orders:
    Type: AWS::S3::Bucket
    Properties:
      IntelligentTieringConfigurations:
        - {Id: archive, Status: Enabled, Tierings: [%s]}
"""


def judged(check: str, said: str, folder: Path, template: str = BUCKET) -> Finding:
    file = folder / "template.yaml"
    file.write_text(template % said, encoding="utf-8")
    (found,) = s3audit.scan([file], select=[check], severity="info").findings
    return found


def steps(*moves: tuple[str, int], end: int | None = None) -> str:
    written = ", ".join(f"{{StorageClass: {name}, TransitionInDays: {days}}}" for name, days in moves)
    return f"Transitions: [{written}]" + ("" if end is None else f", ExpirationInDays: {end}")


def mixed(storage_class: str, days: int | None = None, date: str = "") -> tuple[str, ...]:
    said = [f"StorageClass: {storage_class}"]
    said += [] if days is None else [f"TransitionInDays: {days}"]
    said += [f'TransitionDate: "{date}"'] if date else []
    return (f"{{{', '.join(said)}}}",)


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        (steps(("STANDARD_IA", 30), ("GLACIER", 60)), "pass"),
        (steps(("STANDARD_IA", 30), ("GLACIER", 59)), "fail"),
        (steps(("STANDARD_IA", 30), ("GLACIER_IR", 31)), "pass"),
        (steps(("STANDARD_IA", 30), ("INTELLIGENT_TIERING", 31)), "pass"),
        (steps(("STANDARD_IA", 30), ("ONEZONE_IA", 59)), "fail"),
        (steps(("ONEZONE_IA", 30), ("DEEP_ARCHIVE", 59)), "fail"),
        (steps(("ONEZONE_IA", 30), ("GLACIER_IR", 90)), "fail"),
        (steps(("INTELLIGENT_TIERING", 0), ("STANDARD_IA", 30)), "fail"),
        (steps(("INTELLIGENT_TIERING", 0), ("ONEZONE_IA", 30)), "pass"),
        (steps(("GLACIER_IR", 1), ("GLACIER", 2), ("DEEP_ARCHIVE", 3)), "pass"),
        # Two that are far apart in the list are compared, too.
        (steps(("STANDARD_IA", 30), ("GLACIER_IR", 40), ("GLACIER", 50)), "fail"),
        # On the same day either may come first.
        (steps(("GLACIER", 30), ("GLACIER_IR", 30)), "pass"),
        (steps(("GLACIER", 30), ("STANDARD_IA", 30)), "fail"),
        (steps(("GLACIER", 30), end=30), "fail"),
        (steps(("GLACIER", 30), end=31), "pass"),
        ("ExpirationInDays: 1", "not_applicable"),
        # Days and a date of one transition; days of one and the date of another.
        (mixed("GLACIER", days=1, date="2027-01-01"), "fail"),
        (mixed("GLACIER_IR", days=1) + mixed("GLACIER", date="2027-01-01"), "fail"),
        (mixed("STANDARD_IA", date="2027-01-01") + mixed("GLACIER", date="2027-01-30"), "fail"),
        (mixed("STANDARD_IA", date="2027-01-01") + mixed("GLACIER", date="2027-01-31"), "pass"),
        (mixed("STANDARD_IA", date="some day") + mixed("GLACIER", date="2027-01-31"), "unknown"),
    ],
)
def test_the_order_of_transitions(rule: str | tuple[str, ...], status: str, tmp_path: Path) -> None:
    told = rule if isinstance(rule, str) else f"Transitions: [{', '.join(rule)}]"
    assert judged("lifecycle-transition-order", told, tmp_path).status == status


def test_the_later_of_two_is_shown_wherever_it_stands(tmp_path: Path) -> None:
    found = judged("lifecycle-transition-order", steps(("GLACIER", 40), ("STANDARD_IA", 30)), tmp_path)
    (evidence,) = found.evidence
    line = (BUCKET % steps(("GLACIER", 40), ("STANDARD_IA", 30))).splitlines()[evidence.at.line - 1]
    assert line[evidence.at.column - 1 : evidence.at.end_column - 1] == "40"
    assert evidence.note == "GLACIER follows STANDARD_IA after 10 days, and not after 30 or more"


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        (steps(("STANDARD_IA", 30)), "pass"),
        (steps(("ONEZONE_IA", 29)), "fail"),
        (steps(("GLACIER", 0)), "not_applicable"),
        # Terraform sends 0 where nothing is said, and CloudFormation nothing that S3 takes.
        ("Transitions: [{StorageClass: STANDARD_IA}]", "fail"),
        ("NoncurrentVersionTransitions: [{StorageClass: STANDARD_IA, TransitionInDays: 29}]", "fail"),
        ("NoncurrentVersionTransitions: [{StorageClass: STANDARD_IA, TransitionInDays: 30}]", "pass"),
    ],
)
def test_the_least_days_of_infrequent_access(rule: str, status: str, tmp_path: Path) -> None:
    assert judged("lifecycle-ia-minimum-days", rule, tmp_path).status == status


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        ("ExpiredObjectDeleteMarker: true, Prefix: tmp/", "pass"),
        ("ExpiredObjectDeleteMarker: true, ObjectSizeLessThan: '10'", "fail"),
        ("ExpiredObjectDeleteMarker: true, ExpirationDate: '2027-01-01T00:00:00Z'", "fail"),
        ("ExpiredObjectDeleteMarker: false, ExpirationInDays: 1", "not_applicable"),
        ("AbortIncompleteMultipartUpload: {DaysAfterInitiation: 1}, ObjectSizeGreaterThan: '0'", "pass"),
    ],
)
def test_filters_of_rules_without_objects(rule: str, status: str, tmp_path: Path) -> None:
    assert judged("lifecycle-abort-filter-invalid", rule, tmp_path).status == status


@pytest.mark.parametrize(
    ("tiers", "status"),
    [
        ([("ARCHIVE_ACCESS", 89)], "fail"),
        ([("ARCHIVE_ACCESS", 90)], "pass"),
        ([("ARCHIVE_ACCESS", 730)], "pass"),
        ([("ARCHIVE_ACCESS", 731)], "fail"),
        ([("DEEP_ARCHIVE_ACCESS", 179)], "fail"),
        ([("DEEP_ARCHIVE_ACCESS", 180)], "pass"),
        ([("DEEP_ARCHIVE_ACCESS", 731)], "fail"),
        ([("DEEP_ARCHIVE_ACCESS", 200), ("ARCHIVE_ACCESS", 199)], "pass"),
        ([("DEEP_ARCHIVE_ACCESS", 200), ("ARCHIVE_ACCESS", 200)], "fail"),
        ([("DEEP_ARCHIVE_ACCESS", 200), ("DEEP_ARCHIVE_ACCESS", 300)], "fail"),
    ],
)
def test_the_days_of_archive_tiers(tiers: list[tuple[str, int]], status: str, tmp_path: Path) -> None:
    said = ", ".join(f"{{AccessTier: {name}, Days: {days}}}" for name, days in tiers)
    assert judged("lifecycle-intelligent-tiering-days", said, tmp_path, TIERS).status == status
