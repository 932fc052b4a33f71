"""`s3audit iam-policy` as its users meet it."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import s3audit
from tests.cli.process import Ended, run

ACCOUNT = "111122223333"
LATE = ("boto3", "botocore")


def policy(*arguments: str, cwd: Path) -> Any:
    """One policy, however many IAM would have it in."""
    ended = run("iam-policy", *arguments, cwd=cwd)
    assert ended.code == 0
    made = json.loads(ended.out)
    if isinstance(made, dict):
        assert ended.err == ""
        return made
    assert (
        f"These are {len(made)} policies in a list, because IAM takes 6,144 characters for each" in ended.err
    )
    return {"Version": made[0]["Version"], "Statement": [one for each in made for one in each["Statement"]]}


def sids(policy: Any) -> list[str]:
    return [statement["Sid"] for statement in policy["Statement"]]


def test_a_policy_for_all_checks(tmp_path: Path) -> None:
    made = policy(cwd=tmp_path)
    assert made["Version"] == "2012-10-17"
    assert sids(made)[:3] == ["FindBuckets", "ReadBuckets", "ReadDirectoryBuckets"]
    assert {"ReadKeys", "ReadTrails", "ReadDistributions"} <= set(sids(made))
    assert {statement["Effect"] for statement in made["Statement"]} == {"Allow"}


def test_only_what_the_selected_checks_need(tmp_path: Path) -> None:
    assert sids(policy("--select", "cloudfront-oac", cwd=tmp_path)) == ["FindBuckets", "ReadDistributions"]
    assert "ReadTrails" not in sids(policy("--ignore", "logging,versioning,monitoring", cwd=tmp_path))


def test_a_check_that_no_live_scan_runs_needs_nothing(tmp_path: Path) -> None:
    assert sids(policy("--select", "template-duplicate-subresource", cwd=tmp_path)) == ["FindBuckets"]


def test_what_is_optional_stands_by_itself(tmp_path: Path) -> None:
    select = ("--select", "cloudfront-oac")
    usual = policy(*select, cwd=tmp_path)["Statement"]
    asked = policy(*select, "--objects", "--uploads", "--organization", "--role-name", "audit", cwd=tmp_path)
    assert [one for one in asked["Statement"] if one not in usual] == [
        {
            "Sid": "ListMembers",
            "Effect": "Allow",
            "Action": "organizations:ListAccounts",
            "Resource": "*",
        },
        {
            "Sid": "EnterMembers",
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Resource": "arn:aws:iam::*:role/audit",
        },
        {
            "Sid": "SampleObjects",
            "Effect": "Allow",
            "Action": ["s3:GetObjectAcl", "s3:ListBucket"],
            "Resource": ["arn:aws:s3:::*", "arn:aws:s3:::*/*"],
        },
        {
            "Sid": "FindUnfinishedUploads",
            "Effect": "Allow",
            "Action": "s3:ListBucketMultipartUploads",
            "Resource": "arn:aws:s3:::*",
        },
    ]


def test_another_partition(tmp_path: Path) -> None:
    made = policy("--partition", "aws-us-gov", cwd=tmp_path)
    resources = [one["Resource"] for one in made["Statement"]]
    assert "arn:aws-us-gov:s3:::*" in resources
    assert "arn:aws:" not in json.dumps(resources)


ROLES = tuple(f"arn:aws:iam::{account}:role/audit" for account in ("222233334444", ACCOUNT))
TAKING = ("--assume-role", ROLES[0], "--assume-role", ROLES[1])
WHOSE = (
    "This is for the credentials that take the roles. For the roles themselves: the same command without"
    " --assume-role.\n"
)


def test_who_takes_roles_needs_no_more_than_that(tmp_path: Path) -> None:
    """The rest is read by the roles: what the scan asks for besides makes no difference."""
    for more in ((), ("--select", "logging", "--objects", "--uploads", "--organization")):
        ended = run("iam-policy", *TAKING, TAKING[0], ROLES[0], *more, cwd=tmp_path)
        assert (ended.code, ended.err) == (0, WHOSE)
        assert json.loads(ended.out) == {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "AssumeRoles",
                    "Effect": "Allow",
                    "Action": "sts:AssumeRole",
                    "Resource": sorted(ROLES),
                }
            ],
        }


@pytest.mark.parametrize("form", ["cloudformation", "terraform"])
def test_a_role_may_take_roles_too(form: str, tmp_path: Path) -> None:
    from cfnlint.api import lint_file

    ended = run("iam-policy", "-f", form, *TAKING, "--trust", ACCOUNT, cwd=tmp_path)
    assert (ended.code, ended.err) == (0, WHOSE)
    assert f"`s3audit iam-policy -f {form} {' '.join(TAKING)}`" in ended.out
    policy = ended.out.partition("PolicyName" if form == "cloudformation" else '"read" {')[2]
    actions = re.findall(
        r"[a-z0-9-]+:[A-Z][A-Za-z]+\b", policy.partition("Outputs:")[0].partition("\nresource ")[0]
    )
    assert set(actions) - {"AWS:"} == {"sts:AssumeRole"}
    assert [arn for arn in ROLES if f'"{arn}"' in policy] == [*ROLES]
    file = tmp_path / ("role.yaml" if form == "cloudformation" else "role.tf")
    file.write_text(ended.out, encoding="utf-8")
    if form == "cloudformation":
        assert [match.message for match in lint_file(file)] == []
    elif terraform := shutil.which("terraform"):
        done = subprocess.run([terraform, "fmt", "-check", file], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "")


def role(form: str, *arguments: str, cwd: Path) -> str:
    ended = run("iam-policy", "-f", form, *arguments, cwd=cwd)
    assert (ended.code, ended.err) == (0, "")
    return ended.out


@pytest.mark.parametrize(
    "given",
    [
        (),
        ("--trust", ACCOUNT, "--external-id", "a/b:c", "--organization", "--objects", "--uploads"),
        (
            *("--trust", f"arn:aws-cn:iam::{ACCOUNT}:role/scans/nightly", "--select", "logging-*"),
            *("--permissions-boundary", f"arn:aws-cn:iam::{ACCOUNT}:policy/bounds", "--role-name", "a.b@c"),
        ),
    ],
    ids=" ".join,
)
def test_both_roles_are_valid_and_ours_reads_them(given: tuple[str, ...], tmp_path: Path) -> None:
    from cfnlint.api import lint_file

    template, module = tmp_path / "role.yaml", tmp_path / "role.tf"
    template.write_text(role("cloudformation", *given, cwd=tmp_path), encoding="utf-8")
    module.write_text(role("terraform", *given, cwd=tmp_path), encoding="utf-8")
    assert [match.message for match in lint_file(template)] == []
    assert s3audit.scan([tmp_path]).problems == ()
    if terraform := shutil.which("terraform"):
        done = subprocess.run(
            [terraform, "fmt", "-check", module], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout) == (0, "")


def test_all_three_allow_the_same(tmp_path: Path) -> None:
    asked = ("--organization", "--objects")
    actions = {
        action
        for one in policy(*asked, cwd=tmp_path)["Statement"]
        for action in ([one["Action"]] if isinstance(one["Action"], str) else one["Action"])
    }
    named = re.compile(r"\b(?!aws:)[a-z0-9-]+:[A-Z][A-Za-z]+\b")
    template = role("cloudformation", *asked, cwd=tmp_path).partition("Policies:")[2].partition("Outputs:")[0]
    module = role("terraform", *asked, cwd=tmp_path).partition('"read" {')[2].partition("\nresource ")[0]
    assert set(re.findall(r"- ([a-z0-9-]+:[A-Z]\w+)\n", template)) == actions
    assert set(named.findall(module)) == actions


def test_what_is_given_is_a_default_of_the_template(tmp_path: Path) -> None:
    made = role("cloudformation", "--trust", ACCOUNT, "--external-id", "EXAMPLE", cwd=tmp_path)
    assert f'    Default: "{ACCOUNT}"\n' in made
    assert '    Default: "EXAMPLE"\n' in made
    assert role("cloudformation", cwd=tmp_path).count("Default:") == 3


def test_it_says_how_it_was_made(tmp_path: Path) -> None:
    made = role("terraform", "--select", "acl,logging-*", "--objects", cwd=tmp_path)
    assert "`s3audit iam-policy -f terraform --objects --select 'acl,logging-*'`" in made.splitlines()[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--trust", ACCOUNT),
            "a policy trusts nobody: ask for a role with -f cloudformation or -f terraform",
        ),
        (
            ("-f", "terraform", "--partition", "aws-cn"),
            "--partition is for -f json; the others find it out where they are deployed",
        ),
        (
            ("-f", "terraform", "--trust", "everybody"),
            "--trust takes an account such as 111122223333, or the ARN of a role or user, not 'everybody'",
        ),
        (("--role-name", "a b"), "--role-name takes a name such as s3audit, not 'a b'"),
        (("--partition", "AWS"), "--partition takes one such as aws or aws-us-gov, not 'AWS'"),
        (
            ("-f", "terraform", "--external-id", '"'),
            "--external-id takes 2 to 1,224 letters, digits and any of _+=,.@:/-, not '\"'",
        ),
        (
            ("-f", "cloudformation", "--external-id", "x"),
            "--external-id takes 2 to 1,224 letters, digits and any of _+=,.@:/-, not 'x'",
        ),
        (
            ("--assume-role", "audit"),
            "--assume-role takes the ARN of a role such as arn:aws:iam::111122223333:role/s3audit, not 'audit'",
        ),
        (
            ("-f", "terraform", "--permissions-boundary", "x"),
            "--permissions-boundary takes the ARN of a managed policy, not 'x'",
        ),
    ],
    ids=" ".join,
)
def test_wrong_usage(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    assert run("iam-policy", *arguments, cwd=tmp_path) == Ended(2, "", f"Error: {said}.\n")


def test_a_check_that_is_not_there(tmp_path: Path) -> None:
    ended = run("iam-policy", "--select", "no-such-check", cwd=tmp_path)
    assert ended.code == 2
    assert "no-such-check" in ended.err


def test_it_needs_no_boto3(tmp_path: Path) -> None:
    for name in LATE:
        (tmp_path / f"{name}.py").write_text("raise ImportError('not here')\n", encoding="utf-8")
    ended = run("iam-policy", cwd=tmp_path)
    assert ended.code == 0
