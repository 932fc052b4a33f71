"""What a build server reads as tests."""

from xml.etree import ElementTree as ET

import pytest

from s3audit.finding import Report
from s3audit.renderers import render
from tests.renderers import live_samples
from tests.renderers.hostile import CRASHED, HOSTILE, SUPPRESSED, VISIBLE, moved
from tests.renderers.samples import FINDINGS, PROBLEMS, everything, report, sheet


def read(given: Report) -> ET.Element:
    """The root, its counts being those of what is in it."""
    root = ET.fromstring(render("junit", given, sheet()))
    for level in (root, *root):
        assert level.get("tests") == str(len(list(level.iter("testcase"))))
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert level.get(attribute) == str(len(list(level.iter(tag))))
    return root


def outcomes(given: Report) -> dict[str, str]:
    """For each case, its outcome and the message of that."""
    return {
        str(case.get("name")): " ".join(f"{one.tag}: {one.get('message')}" for one in case)
        for case in read(given).iter("testcase")
    }


def test_a_report() -> None:
    assert render("junit", report(FINDINGS[3:6], PROBLEMS[:1]), sheet()) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<testsuites name="s3audit" tests="4" failures="1" errors="1" skipped="1">\n'
        '  <testsuite name="shop.yaml" tests="3" failures="1" errors="0" skipped="1">\n'
        '    <testcase name="access-public-read Resources.Logs" classname="shop.yaml" file="shop.yaml" line="3"/>\n'
        '    <testcase name="access-public-read Resources.Photos" classname="shop.yaml" file="shop.yaml" line="10">'
        '<failure message="Everyone may read the objects of Photos (when Env is dev): grants READ to AllUsers."'
        ' type="critical">shop.yaml:10:22: grants READ to AllUsers</failure></testcase>\n'
        '    <testcase name="versioning-enabled Resources.Photos" classname="shop.yaml" file="shop.yaml" line="12">'
        '<skipped message="unknown: Photos: It is not known whether versioning is enabled: the parameter Versions'
        ' has no default.">shop.yaml:12:17: the parameter Versions has no default</skipped></testcase>\n'
        "  </testsuite>\n"
        '  <testsuite name="what could not be seen" tests="1" failures="0" errors="1" skipped="0">\n'
        '    <testcase name="1 unreadable" classname="broken.yaml" file="broken.yaml" line="9">'
        '<error message="broken.yaml:9:1: no YAML: a tab where spaces are expected." type="unreadable"/>'
        "</testcase>\n"
        "  </testsuite>\n"
        "</testsuites>\n"
    )


def test_what_passes_is_a_test_too_and_what_does_not_apply_is_none() -> None:
    told = outcomes(report())
    assert told["access-public-read Resources.Logs"] == ""
    assert "logging-loop Resources.Photos" not in told
    assert outcomes(everything(report()))["logging-loop Resources.Photos"].startswith(
        "skipped: not applicable"
    )


def test_below_the_threshold_nothing_fails() -> None:
    assert "encryption-kms Resources.Logs" not in outcomes(report())
    assert outcomes(everything(report()))["encryption-kms Resources.Logs"].startswith("failure: ")


def test_what_is_accepted_is_skipped_with_its_reason() -> None:
    assert outcomes(report([SUPPRESSED])) == {
        "logging-loop Resources.Logs": "skipped: suppressed (read once a year): The logs of Logs come back:"
        " no target."
    }


def test_a_check_that_broke_is_an_error() -> None:
    [case] = read(report([CRASHED])).iter("testcase")
    assert [(one.tag, one.get("type")) for one in case] == [("error", "crash")]


def test_a_name_is_text_in_xml() -> None:
    [case] = read(report([HOSTILE])).iter("testcase")
    [failure] = case
    assert failure.get("message") == f"The logs of {VISIBLE}."
    assert failure.text == f"shop.yaml:6:7: {VISIBLE}"


def test_a_suite_for_each_file_and_account() -> None:
    other = report([*FINDINGS, live_samples.seen()])
    assert [suite.get("name") for suite in read(other)] == ["111122223333", "shop.yaml"]
    [case] = read(report([live_samples.seen()])).iter("testcase")
    assert dict(case.attrib) == {
        "name": "versioning-enabled arn:aws:s3:::photos",
        "classname": "111122223333",
    }


@pytest.mark.parametrize("lines", [0, 4])
def test_a_case_keeps_its_name_when_it_moves(lines: int) -> None:
    [case] = read(report([moved(FINDINGS[0], lines)])).iter("testcase")
    assert (case.get("name"), case.get("line")) == ("logging-loop Resources.Logs", str(6 + lines))
