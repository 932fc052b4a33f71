"""The frameworks that s3audit has: each reads well, and names checks that there are."""

from pathlib import Path

import pytest

from s3audit import catalog
from s3audit.frameworks import library

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "checks" / "frameworks"
NAMES = library.names()


def test_every_file_is_found_by_its_name() -> None:
    assert sorted(path.stem for path in FOLDER.iterdir()) == NAMES
    assert all(path.suffix == ".yaml" for path in FOLDER.iterdir())


def test_no_topic_of_checks_is_made_of_them() -> None:
    assert "frameworks" not in {topic for topic, _ in catalog.places()}


@pytest.mark.parametrize("name", NAMES)
def test_its_checks_are_checks_of_the_library(name: str) -> None:
    """It fails as long as a check that a framework names is not written; the requirement is unknown until then."""
    framework = library.load(name)
    known = {check.id for check in catalog.lean()}
    named = {*framework.checks, *(check for one in framework.retired for check in one.checks)}
    missing = sorted(named - known)
    assert not missing, f"checks/frameworks/{name}.yaml names checks that are not there: {', '.join(missing)}"


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_it_is(name: str) -> None:
    framework = library.load(name)
    assert framework.id == name
    assert framework.short
    assert framework.version
    assert framework.publisher
    assert framework.source, "none is invented: say where the mapping is from"
    for one in framework.requirements:
        assert not one.title.endswith("."), one.id
        assert len(one.title) < 100, one.id


@pytest.mark.parametrize(
    ("name", "requirement", "checks"),
    [
        ("cis-aws-3.0", "2.1.1", {"transport-tls-required"}),
        ("cis-aws-5.0", "1.19", {"monitoring-access-analyzer"}),
        ("cis-aws-6.0", "4.9", {"monitoring-object-read-events"}),
        ("aws-fsbp-1.0.0", "S3.12", {"acl-disabled"}),
        ("aws-security-hub-s3", "S3.17", {"encryption-kms"}),
        ("nist-800-53-r5", "SC-28(3)", {"encryption-kms-key-rotation"}),
        ("pci-dss-4.0.1", "11.5.1", {"monitoring-guardduty-s3"}),
        ("hipaa-security-rule", "164.312(c)(1)", {"versioning-enabled"}),
        ("iso-27001-2022", "A.8.13", {"backup-covered"}),
        ("soc2-tsc-2017", "CC6.3", {"policy-cross-account-untrusted"}),
    ],
)
def test_a_requirement_names_its_checks(name: str, requirement: str, checks: set[str]) -> None:
    [found] = [one for one in library.load(name).requirements if one.id == requirement]
    assert set(found.checks) == checks


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("cis-aws-")])
def test_either_level_of_block_public_access_is_enough_for_cis(name: str) -> None:
    [found] = [one for one in library.load(name).requirements if one.title.startswith("Block Public Access")]
    assert found.checks == ("access-bucket-public-access-block",)
    assert found.supporting == ("account-public-access-block",)


def test_what_our_checks_pass_for_another_reason_too_is_met_in_part_only() -> None:
    for name in NAMES:
        for one in library.load(name).requirements:
            if "versioning-mfa-delete" in one.checks or one.checks == ("logging-enabled",):
                assert one.partial, (name, one.id)


def test_each_check_leads_to_the_requirements_that_it_answers() -> None:
    asked = library.asking()
    assert ("cis-aws-5.0", "2.1.4", "supporting") in {
        (one.framework.id, one.requirement.id, one.how) for one in asked["account-public-access-block"]
    }
    assert dict(library.told(asked["encryption-kms-key-rotation"]))[
        "NIST SP 800-53, security and privacy controls, Revision 5"
    ] == ("SC-12, SC-12(2), SC-28(3) (each in part)")
    assert library.labels(asked["access-point-mrap-public-block"]) == "FSBP, PCI DSS, Security Hub"
