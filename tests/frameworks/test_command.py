"""`scan --framework`, `report` and `frameworks`, as their users meet them."""

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from s3audit.demo.account import world
from s3audit.demo.server import Server
from tests.cli.process import ROOT, Ended, run

PUBLIC = """\
Resources:
  Photos:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration:
        BlockPublicAcls: false
        BlockPublicPolicy: false
        IgnorePublicAcls: false
        RestrictPublicBuckets: false
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Photos
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: s3:GetObject
            Resource: !Sub "${Photos.Arn}/*"
"""
BARE = "Resources:\n  Orders:\n    Type: AWS::S3::Bucket\n"
ACME = """\
id: acme-storage
title: Acme storage rules
version: "2026"
requirements:
  - id: ACME-1
    title: Every bucket keeps old versions
    checks: [versioning-enabled]
  - id: ACME-2
    title: Restores are practised
    manual: Ask for the protocol of the last restore.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "public.yaml").write_text(PUBLIC)
    (tmp_path / "bare.yaml").write_text(BARE)
    (tmp_path / "on.yaml").write_text(
        f"{BARE}    Properties:\n      VersioningConfiguration:\n        Status: Enabled\n"
    )
    (tmp_path / "acme.yaml").write_text(ACME)
    return tmp_path


def requirements(ended: Ended) -> dict[str, dict[str, Any]]:
    [framework] = json.loads(ended.out)["frameworks"]
    return {one["id"]: one for one in framework["requirements"]}


def test_only_its_checks_run(folder: Path) -> None:
    ended = run("scan", "public.yaml", "--framework", "acme.yaml", "-f", "json", "--show", "all", cwd=folder)
    told = json.loads(ended.out)
    assert told["ran"] == ["versioning-enabled"]
    assert {one["check"] for one in told["findings"]} == {"versioning-enabled"}
    assert {name: one["answer"] for name, one in requirements(ended).items()} == {
        "ACME-1": "fail",
        "ACME-2": "manual",
    }


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("on.yaml", "--framework", "acme.yaml"), 0),
        (("bare.yaml", "--framework", "acme.yaml"), 1),
        (("bare.yaml", "--framework", "acme.yaml", "--severity", "high"), 0),
        (("bare.yaml", "--framework", "acme.yaml", "--exit-zero"), 0),
        (("bare.yaml", "--framework", "acme.yaml", "--ignore", "versioning-enabled"), 2),
        (("bare.yaml", "--framework", "cis-aws-5.0", "--framework", "acme.yaml"), 1),
        (("bare.yaml", "--framework", "no-such"), 2),
        (("bare.yaml", "--framework", "bare.yaml"), 2),
        (("missing.yaml", "--framework", "acme.yaml"), 3),
    ],
)
def test_exit_codes(folder: Path, arguments: tuple[str, ...], code: int) -> None:
    ended = run("scan", *arguments, cwd=folder)
    assert ended.code == code, ended
    assert "Traceback" not in ended.out + ended.err


def test_what_is_grave_to_us_or_not_a_framework_asks_for_it(folder: Path) -> None:
    (folder / "keys.yaml").write_text(
        "id: k\ntitle: K\nrequirements:\n  - {id: '1', title: T, checks: [encryption-kms]}\n"
    )
    ended = run("scan", "bare.yaml", "--framework", "keys.yaml", cwd=folder)
    assert ended.code == 1
    assert "bare.yaml:2:3: low[encryption-kms]" in ended.out


def test_what_only_stands_beside_a_requirement_fails_no_run(folder: Path) -> None:
    rules = "id: b\ntitle: B\nrequirements:\n  - id: '1'\n    title: T\n    checks: [acl-disabled]\n"
    (folder / "beside.yaml").write_text(f"{rules}    supporting: [versioning-enabled]\n")
    ended = run("scan", "bare.yaml", "--framework", "beside.yaml", cwd=folder)
    assert "versioning-enabled, 1 failed of 1 (shown beside it, decides nothing): bucket Orders" in ended.out
    assert ended.code == 0


def test_a_check_that_gives_way_to_one_outside_the_framework_speaks_for_itself(folder: Path) -> None:
    """A public bucket: without a framework access-public-read tells it, and CIS 5.0 does not ask for that one."""
    plain = run("scan", "public.yaml", "-f", "json", "--show", "all", "--severity", "info", cwd=folder)
    gives_way = [one for one in json.loads(plain.out)["findings"] if "gave_way" in one]
    assert "access-bucket-public-access-block" in {one["check"] for one in gives_way}
    scanned = run("scan", "public.yaml", "--framework", "cis-aws-5.0", "-f", "json", cwd=folder)
    (folder / "plain.json").write_text(plain.out)
    reported = run("report", "--framework", "cis-aws-5.0", "plain.json", "-f", "json", cwd=folder)
    assert requirements(scanned)["2.1.4"]["answer"] == "fail"
    assert requirements(reported) == requirements(scanned)


def test_a_json_report_says_the_same_as_the_scan(folder: Path) -> None:
    whole = ("-f", "json", "--show", "all", "--severity", "info")
    three = [
        part for name in ("cis-aws-7.0", "nist-800-53-r5", "pci-dss-4.0.1") for part in ("--framework", name)
    ]
    (folder / "whole.json").write_text(run("scan", "public.yaml", "bare.yaml", *whole, cwd=folder).out)
    scanned = run("scan", "public.yaml", "bare.yaml", *three, "-f", "json", cwd=folder)
    reported = run("report", *three, "whole.json", "-f", "json", cwd=folder)
    assert reported.code == 0
    found = json.loads(reported.out)["frameworks"]
    assert found == json.loads(scanned.out)["frameworks"]
    assert [one["id"] for one in found] == ["cis-aws-7.0", "nist-800-53-r5", "pci-dss-4.0.1"]


def test_a_template_has_no_word_for_mfa_delete(folder: Path) -> None:
    found = requirements(run("scan", "on.yaml", "--framework", "cis-aws-5.0", "-f", "json", cwd=folder))[
        "2.1.2"
    ]
    assert (found["answer"], found["subjects"]["pass"]) == ("unknown", 0)
    assert found["why"] == "versioning-mfa-delete can't be told from CloudFormation"


def test_a_report_of_some_checks_leaves_the_others_unknown(folder: Path) -> None:
    some = ("--select", "versioning-enabled", "-f", "json", "--show", "all", "--severity", "info")
    (folder / "some.json").write_text(run("scan", "on.yaml", *some, cwd=folder).out)
    found = requirements(run("report", "--framework", "cis-aws-5.0", "some.json", "-f", "json", cwd=folder))
    assert found["2.1.1"]["answer"] == "unknown"
    assert found["2.1.1"]["why"] == "not run: transport-tls-required"
    assert found["2.1.2"]["subjects"] == {
        "fail": 0,
        "unknown": 1,
        "suppressed": 0,
        "pass": 0,
        "not_applicable": 0,
    }


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("report", "--framework", "gdpr", "acme.yaml"), "acme.yaml is no JSON report of s3audit"),
        (
            ("report", "--framework", "gdpr", "."),
            ". is no snapshot; `s3audit scan --framework NAME .` judges",
        ),
        (("report", "--framework", "gdpr", "nobody.json"), "nobody.json can't be read: No such file"),
        (("report", "acme.yaml"), "Missing option '--framework'"),
        (
            ("report", "--framework", "gdpr", "some.json"),
            "some.json holds 0 of the",
        ),
        (("frameworks", "cis-aws-9"), "there is no framework 'cis-aws-9', did you mean 'cis-aws-"),
        (("scan", "bare.yaml", "--framework", "bare.yaml"), "bare.yaml:1:1: there is no key 'Resources'"),
    ],
)
def test_a_wrong_call_gets_a_sentence(folder: Path, arguments: tuple[str, ...], sentence: str) -> None:
    if "some.json" in arguments:
        run("scan", "on.yaml", "-o", "json=some.json", "--select", "acl", cwd=folder)
    ended = run(*arguments, cwd=folder)
    assert (ended.code, ended.out) == (2, "")
    assert sentence in ended.err


def test_standard_input_and_a_spreadsheet(folder: Path) -> None:
    whole = run("scan", "bare.yaml", "-f", "json", "--show", "all", "--severity", "info", cwd=folder)
    arguments = ("--framework", "acme.yaml", "-f", "csv", "-o", "html=page.html")
    ended = run("report", "-", *arguments, cwd=folder, given=whole.out.encode())
    assert (ended.code, ended.err) == (0, "")
    first, *rows = csv.reader(StringIO(ended.out))
    assert [dict(zip(first, row, strict=True))["answer"] for row in rows] == ["failed", "manual"]
    assert "Acme storage rules 2026" in (folder / "page.html").read_text()


def test_what_could_not_be_read_shows_in_the_end(folder: Path) -> None:
    (folder / "broken.yaml").write_text(f"{BARE}  Bad: [\n")
    whole = ("-f", "json", "--show", "all", "--severity", "info")
    (folder / "whole.json").write_text(run("scan", "on.yaml", "broken.yaml", *whole, cwd=folder).out)
    ended = run("report", "--framework", "acme.yaml", "whole.json", cwd=folder)
    assert ended.code == 3
    assert "What could not be seen" in ended.out


def test_a_check_of_ones_own(folder: Path) -> None:
    """A framework may name what `--checks` brings."""
    (folder / "own.yaml").write_text(ACME.replace("versioning-enabled", "names-no-such"))
    ended = run("scan", "on.yaml", "--framework", "own.yaml", cwd=folder)
    assert (ended.code, ended.out) == (2, "")
    assert "own.yaml:7:14: there is no check 'names-no-such'" in ended.err


def test_the_list() -> None:
    ended = run("frameworks", cwd=ROOT)
    assert ended.code == 0
    assert "cis-aws-5.0          CIS Amazon Web Services Foundations Benchmark v5.0.0" in ended.out
    listed = json.loads(run("frameworks", "-f", "json", cwd=ROOT).out)["frameworks"]
    assert len(listed) == len(list((ROOT / "checks" / "frameworks").iterdir()))
    assert {"id", "title", "version", "also_for", "publisher", "requirements", "checks"} == set(listed[0])


def test_one_in_detail(folder: Path) -> None:
    ended = run("frameworks", "aws-fsbp-1.0.0", cwd=folder)
    assert "  S3.2 No bucket is publicly readable\n    Answered by: access-public-read\n" in ended.out
    assert "No part of it any more, and never scored:\n\n  S3.4 " in ended.out
    told = json.loads(run("frameworks", "acme.yaml", "-f", "json", cwd=folder).out)
    assert [one["id"] for one in told["requirements"]] == ["ACME-1", "ACME-2"]


def test_checks_and_explain_name_them(folder: Path) -> None:
    [line] = run("checks", "--select", "access-point-mrap-public-block", cwd=folder).out.splitlines()
    assert line.endswith("  FSBP, PCI DSS, Security Hub")
    told = json.loads(run("checks", "--select", "transport-tls-required", "-f", "json", cwd=folder).out)
    assert told["checks"][0]["frameworks"]["cis-aws-6.0"] == ["3.1.1"]
    assert "Asked for by\n  AWS Foundational Security Best Practices v1.0.0: S3.5\n" in (
        run("explain", "transport-tls-required", cwd=folder).out
    )


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_scan_without_a_framework_loads_nothing_of_them(folder: Path, form: str) -> None:
    program = (
        "import sys\nfrom s3audit.cli import main\n"
        f"main(['scan', 'bare.yaml', '-f', '{form}', '--exit-zero'])\n"
        "print(*sorted(one for one in sys.modules if 'framework' in one or 'matrix' in one), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.split() == []


@pytest.fixture(scope="module")
def shop() -> Iterator[Server]:
    with Server(world()) as server:
        yield server


def test_live_and_from_its_snapshot(shop: Server, tmp_path: Path) -> None:
    asked = ("--framework", "aws-fsbp-1.0.0", "-f", "json")
    live = run("live", "-q", "--snapshot", "kept", *asked, cwd=tmp_path, env=shop.environment())
    assert live.code == 1, live.err
    kept = run("report", *asked, "kept", cwd=tmp_path)
    assert (kept.code, kept.err) == (0, "")
    assert json.loads(kept.out)["frameworks"] == json.loads(live.out)["frameworks"]
    found = requirements(live)
    assert found["S3.2"]["answer"] == "fail"
    assert found["S3.1"]["subjects"]["fail"] + found["S3.1"]["subjects"]["pass"] == 1
