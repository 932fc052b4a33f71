"""What deploy/ has: it is valid, our own audit finds nothing in it, and its roles are those of `iam-policy`."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import s3audit
from s3audit import __version__
from s3audit.collectors.live.permissions import LARGEST
from s3audit.finding import Report
from tests.cli.process import run
from tests.deploy.written import COMMAND, DEPLOY, ROOT, added, allowed, files

MOST_INLINE = 10_240
"""Characters that the inline policies of a role may take together."""
TEMPLATES = sorted((DEPLOY / "cloudformation").glob("*.yaml"))
MODULES = [DEPLOY / "terraform", DEPLOY / "terraform" / "account-role"]

each_template = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)


@pytest.fixture(scope="module")
def audited() -> Report:
    return s3audit.scan([DEPLOY], severity="info", show=["fail", "error", "unknown", "pass"])


@pytest.mark.parametrize(
    ("path", "text"), [pytest.param(*one, id=one[0].relative_to(DEPLOY).as_posix()) for one in files()]
)
def test_the_permissions_are_those_of_today(path: Path, text: str) -> None:
    assert path.read_text(encoding="utf-8") == text, f"{path} is stale. To write it anew: {COMMAND}"


@pytest.mark.parametrize(
    ("form", "place"),
    [
        ("cloudformation", "cloudformation/account-role.yaml"),
        ("terraform", "terraform/account-role/main.tf"),
    ],
)
def test_the_role_of_an_account_is_what_the_command_prints(form: str, place: str, tmp_path: Path) -> None:
    ended = run("iam-policy", "-f", form, cwd=tmp_path)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (DEPLOY / place).read_text(encoding="utf-8")


@each_template
def test_cfn_lint_finds_nothing(path: Path) -> None:
    from cfnlint.api import lint_file

    assert [f"{match.linenumber}: {match.message}" for match in lint_file(path)] == []


@pytest.mark.skipif(not shutil.which("terraform"), reason="terraform is not installed here")
def test_terraform_lays_it_out_like_this() -> None:
    done = subprocess.run(
        ["terraform", "fmt", "-check", "-recursive", DEPLOY / "terraform"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_our_own_audit_reads_all_of_it_and_finds_nothing(audited: Report) -> None:
    assert audited.problems == ()
    assert [
        f"{f.check}: {f.message}" for f in audited.findings if f.status in ("fail", "error", "unknown")
    ] == []


@pytest.mark.parametrize(
    ("check", "buckets"),
    [
        ("encryption-kms", {"Results", "aws_s3_bucket.results"}),
        ("logging-enabled", {"Results", "aws_s3_bucket.results"}),
        (
            "transport-tls-required",
            {"Results", "AccessLogs", "aws_s3_bucket.results", "aws_s3_bucket.access_logs"},
        ),
        (
            "versioning-enabled",
            {"Results", "AccessLogs", "aws_s3_bucket.results", "aws_s3_bucket.access_logs"},
        ),
    ],
)
def test_the_buckets_pass(audited: Report, check: str, buckets: set[str]) -> None:
    assert {f.subject.name for f in audited.findings if f.check == check and f.status == "pass"} == buckets


def test_no_scenario_of_it_has_a_finding() -> None:
    report = s3audit.scan([DEPLOY], severity="low", all_scenarios=True)
    assert [f"{f.check}: {f.message}" for f in report.findings if f.status == "fail"] == []


def test_the_job_is_the_same_in_both() -> None:
    template = (DEPLOY / "cloudformation" / "scan.yaml").read_text(encoding="utf-8")
    [(indent, body)] = re.findall(r"BuildSpec: \|\n( +)(version.*?)\n\n  ScheduleRole:", template, re.DOTALL)
    plain = body.replace(f"\n{indent}", "\n")
    assert f"{plain}\n" == (DEPLOY / "terraform" / "buildspec.yml").read_text(encoding="utf-8")


def test_template_and_module_take_the_same() -> None:
    template = (DEPLOY / "cloudformation" / "scan.yaml").read_text(encoding="utf-8")
    parameters = re.findall(r"^  (\w+):\n    Type: (?:String|Number)\n", template, re.MULTILINE)
    module = (DEPLOY / "terraform" / "variables.tf").read_text(encoding="utf-8")
    variables = re.findall(r'^variable "(\w+)"', module, re.MULTILINE)
    assert [name.replace("_", "") for name in variables] == [name.lower() for name in parameters]


def test_the_package_is_that_of_this_version() -> None:
    wheel = f"package/s3audit-{__version__}-py3-none-any.whl"
    for place in ("cloudformation/scan.yaml", "terraform/variables.tf"):
        assert wheel in (DEPLOY / place).read_text(encoding="utf-8")
    assert wheel.removeprefix("package/") in (DEPLOY / "README.md").read_text(encoding="utf-8")


def test_the_role_of_the_job_writes_nothing_but_results() -> None:
    template = (DEPLOY / "cloudformation" / "scan.yaml").read_text(encoding="utf-8")
    [job] = re.findall(r"^  JobPolicy:\n(.*?)^  \w+:\n", template, re.DOTALL | re.MULTILINE)
    actions = set(re.findall(r"(?:Action: |- )([a-z0-9]+:[A-Z]\w+)\n", job))
    assert actions == {
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "s3:GetObject",
        "s3:PutObject",
    }
    assert re.findall(r"Resource: (.*)\n", job) == [
        '!Sub "${Results.Arn}/scans/*"',
        '!Sub "${Results.Arn}/package/*"',
        "!GetAtt Key.Arn",
        "!GetAtt Log.Arn",
    ]


def test_members_are_entered_by_the_name_that_is_given() -> None:
    assert [one.sid for one in added("audit")] == ["ListMembers", "EnterMembers"]
    assert added("audit")[-1].resources == ("arn:{partition}:iam::*:role/audit",)
    assert not set(added("audit")) & set(allowed())


def test_the_policy_fits_whatever_is_asked_for(tmp_path: Path) -> None:
    ended = run("iam-policy", "--organization", "--objects", "--uploads", cwd=tmp_path)
    sizes = [len(json.dumps(one, separators=(",", ":"))) for one in json.loads(ended.out)]
    assert max(sizes) <= LARGEST
    assert sum(sizes) <= MOST_INLINE


class TestImage:
    lines = tuple((DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines())

    def words(self, instruction: str) -> list[list[str]]:
        return [line.split()[1:] for line in self.lines if line.startswith(f"{instruction} ")]

    def test_its_base_is_pinned_to_a_version_that_is_tested(self) -> None:
        bases = {words[0] for words in self.words("FROM")}
        assert bases == {"python:3.13-slim-bookworm"}
        assert "Programming Language :: Python :: 3.13" in (ROOT / "pyproject.toml").read_text(
            encoding="utf-8"
        )

    def test_it_does_not_run_as_root(self) -> None:
        last = max(number for number, line in enumerate(self.lines) if line.startswith("FROM "))
        [user] = [line for line in self.lines[last:] if line.startswith("USER ")]
        assert re.fullmatch(r"USER [1-9]\d*:[1-9]\d*", user)

    def test_what_it_copies_is_there_and_let_through(self) -> None:
        copied = {word.removeprefix("./") for words in self.words("COPY")[:4] for word in words[:-1]}
        assert all((ROOT / name).exists() for name in copied)
        ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
        assert {line[1:] for line in ignored if line.startswith("!")} == copied
        assert ignored[0] == "*"

    def test_it_has_all_that_the_wheel_is_made_of(self) -> None:
        hook = (ROOT / "hatch_build.py").read_text(encoding="utf-8")
        [folders] = re.findall(r"for folder in \((.*?)\)", hook)
        copied = " ".join(word for words in self.words("COPY") for word in words)
        assert all(f"./{name}" in copied for name in re.findall(r'"(\w+)"', folders))


def test_the_files_it_tells_of_are_there() -> None:
    text = (DEPLOY / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:cloudformation|terraform)/[\w./-]*", text)) | {"Dockerfile"}
    assert [name for name in sorted(named) if not (DEPLOY / name).exists()] == []


def test_the_commands_of_its_readme_are_ours(tmp_path: Path) -> None:
    text = (DEPLOY / "README.md").read_text(encoding="utf-8")
    for line in re.findall(r"^s3audit (iam-policy [^>\n]*)", text, re.MULTILINE):
        assert run(*line.split(), cwd=tmp_path).code == 0
    for name in re.findall(r"ParameterKey=(\w+)|--parameter-overrides (\w+)=", text):
        declared = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
        assert f"\n  {''.join(name)}:\n" in declared
