"""The command as its users meet it: exit codes, outputs, sentences on standard error."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from s3audit.renderers import FORMATS
from tests.cli.process import ROOT, run

OFF = "Resources:\n  Orders:\n    Type: AWS::S3::Bucket\n"
ON = f"{OFF}    Properties:\n      VersioningConfiguration:\n        Status: Enabled\n"
OPEN = f"Parameters:\n  Status: {{Type: String}}\n{ON.replace('Enabled', '!Ref Status')}"
MODULE = """\
variable "status" {
  default = "Suspended"
}
resource "aws_s3_bucket" "orders" {
  bucket = "shop-orders"
  versioning {
    enabled = var.status == "Enabled"
  }
}
"""
ONLY = ("--select", "versioning-enabled")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "off.yaml").write_text(OFF)
    (tmp_path / "on.yaml").write_text(ON)
    (tmp_path / "open.yaml").write_text(OPEN)
    (tmp_path / "broken.yaml").write_text(OFF + "  Bad: [\n")
    (tmp_path / "other.json").write_text('{"name": "a package"}')
    (tmp_path / "main.tf").write_text(MODULE)
    (tmp_path / "on.tfvars").write_text('status = "Enabled"\n')
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("on.yaml",), 0),
        (("off.yaml",), 1),
        (("off.yaml", "--exit-zero"), 0),
        (("off.yaml", "--severity", "high"), 0),
        (("off.yaml", "--ignore", "versioning-enabled"), 2),
        (("open.yaml",), 0),
        (("open.yaml", "--strict"), 3),
        (("open.yaml", "--parameter", "Status=Enabled", "--strict"), 0),
        (("open.yaml", "--parameter", "Status=Suspended"), 1),
        (("other.json",), 0),
        (("missing.yaml",), 3),
        (("broken.yaml",), 3),
        (("broken.yaml", "off.yaml"), 1),
        ((".",), 1),
        (("on.yaml", "--severity", "awful"), 2),
        (("on.yaml", "--show", "nothing"), 2),
        (("on.yaml", "-o", "pdf=x"), 2),
        (("on.yaml", "--parameter", "Status"), 2),
        (("main.tf",), 1),
        (("main.tf", "--var", "status=Enabled"), 0),
        (("main.tf", "--var-file", "on.tfvars"), 0),
        (("main.tf", "--var", "status"), 2),
        (("main.tf", "--var-file", "missing.tfvars"), 2),
        (("main.tf", "--source-dir", "missing"), 2),
        (("main.tf", "--var", "nobody=x", "--strict"), 1),
        (("on.tfvars",), 3),
        (("on.yaml", "--no-such-option"), 2),
    ],
)
def test_exit_codes(folder: Path, arguments: tuple[str, ...], code: int) -> None:
    ended = run("scan", *arguments, *ONLY, cwd=folder)
    assert ended.code == code, ended
    assert "Traceback" not in ended.out + ended.err


def test_a_file_that_is_broken_but_was_not_named_counts_under_strict_only(folder: Path) -> None:
    (folder / "off.yaml").unlink()
    (folder / "main.tf").unlink()
    assert run("scan", ".", *ONLY, cwd=folder).code == 0
    ended = run("scan", ".", "--strict", *ONLY, cwd=folder)
    assert ended.code == 3
    assert "broken.yaml:5:1" in ended.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("--select", "versioning-enabledd"),
            "no check 'versioning-enabledd', did you mean 'versioning-enabled'",
        ),
        (("-o", "pdf=x"), "-o takes FORMAT=FILE with one of text, json, jsonl, sarif, html, markdown, csv,"),
        (("-o", "json=-", "-f", "text"), "only one report fits on standard output"),
        (("--parameter-file", "nobody.json"), "the parameter file nobody.json can't be read"),
        (("-o", "json=no/such/folder/x.json"), "the report can't be written to no/such/folder/x.json"),
    ],
)
def test_a_wrong_call_gets_a_sentence(folder: Path, arguments: tuple[str, ...], sentence: str) -> None:
    ended = run("scan", "on.yaml", *arguments, cwd=folder)
    assert ended.code == 2
    assert sentence in ended.err
    assert ended.out == ""


def test_standard_input(folder: Path) -> None:
    ended = run("scan", "-", *ONLY, cwd=folder, given=OFF.encode())
    assert ended.code == 1
    assert "<stdin>:2:3: medium[versioning-enabled]" in ended.out
    assert "2 |   Orders:" in ended.out


def test_several_outputs_in_one_run(folder: Path) -> None:
    ended = run(
        "scan", "off.yaml", "-o", "sarif=x.sarif", "-o", "json=x.json", "-f", "markdown", *ONLY, cwd=folder
    )
    assert ended.code == 1
    assert ended.out.startswith("## s3audit")
    assert json.loads((folder / "x.sarif").read_text())["version"] == "2.1.0"
    assert [f["check"] for f in json.loads((folder / "x.json").read_text())["findings"]] == [
        "versioning-enabled"
    ]


def test_the_report_goes_to_standard_output_and_nothing_else_does(folder: Path) -> None:
    ended = run("scan", "off.yaml", "-f", "json", *ONLY, cwd=folder)
    assert json.loads(ended.out)["summary"]["status"]["fail"] == 1
    assert ended.err == ""


def test_show(folder: Path) -> None:
    def statuses(*arguments: str) -> list[str]:
        ended = run("scan", "on.yaml", "open.yaml", "off.yaml", "-f", "json", *arguments, *ONLY, cwd=folder)
        return [finding["status"] for finding in json.loads(ended.out)["findings"]]

    assert statuses() == ["fail"]
    assert statuses("--show", "unknown,pass") == ["pass", "unknown"]
    assert statuses("--show", "all") == ["fail", "pass", "unknown"]
    assert statuses("--show", "all", "--severity", "high") == []


def test_nothing_for_us_is_said_aloud(folder: Path) -> None:
    assert "No S3 resources found" in run("scan", "other.json", cwd=folder).out


def test_no_path_at_all(folder: Path) -> None:
    ended = run("scan", cwd=folder)
    assert ended.code == 0
    assert "Nothing to scan" in ended.err


@pytest.mark.parametrize(
    "content",
    [
        '[{"ParameterKey": "Status", "ParameterValue": "Suspended"}]',
        '{"Parameters": {"Status": "Suspended"}}',
        '{"Status": "Suspended"}',
    ],
)
def test_parameter_files(folder: Path, content: str) -> None:
    (folder / "parameters.json").write_text(content)
    assert run("scan", "open.yaml", "--parameter-file", "parameters.json", *ONLY, cwd=folder).code == 1
    by_hand = ("--parameter", "Status=Enabled")
    assert (
        run("scan", "open.yaml", "--parameter-file", "parameters.json", *by_hand, *ONLY, cwd=folder).code == 0
    )


def test_color(folder: Path) -> None:
    assert "\x1b[" not in run("scan", "off.yaml", *ONLY, cwd=folder).out
    assert "\x1b[" in run("scan", "off.yaml", "--color", "always", *ONLY, cwd=folder).out


def test_the_same_input_gives_the_same_bytes(folder: Path) -> None:
    for form in FORMATS:
        runs = [
            run(
                "scan",
                *paths,
                "-f",
                form,
                "--show",
                "all",
                "--severity",
                "info",
                cwd=folder,
                env={"PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "1767225600"},
            )
            for paths, seed in ((("off.yaml", "on.yaml"), "1"), (("on.yaml", "off.yaml"), "2"))
        ]
        assert runs[0] == runs[1]


def test_a_closed_pipe_ends_it_quietly(folder: Path) -> None:
    for number in range(300):
        (folder / f"{number}.yaml").write_text(OFF)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for arguments, code in (("scan . --show all --severity info", 1), ("explain '*'", 0)):
        command = f"'{sys.executable}' -m s3audit {arguments} | head -n 1; echo ${{PIPESTATUS[0]}}"
        done = subprocess.run(
            ["bash", "-c", command], cwd=folder, capture_output=True, text=True, env=environment, check=True
        )
        assert done.stdout.splitlines()[1:] == [str(code)]
        assert done.stderr == ""


@pytest.mark.parametrize(
    ("redirection", "said"),
    [
        (">&-", "standard output is closed"),
        (">/dev/full", "standard output can't be written"),
    ],
)
def test_a_report_that_can_not_be_written_is_said(folder: Path, redirection: str, said: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = f"'{sys.executable}' -m s3audit scan on.yaml {redirection}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, capture_output=True, text=True, env=environment, check=False
    )
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert said in done.stderr


def test_a_closed_standard_input_is_no_crash(folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = f"'{sys.executable}' -m s3audit scan - <&-"
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 3
    assert "<stdin> can't be read" in done.stdout


def test_no_check_at_all_is_a_wrong_call(folder: Path) -> None:
    ended = run("scan", "off.yaml", "--ignore", "*", cwd=folder)
    assert ended.code == 2
    assert "no check is left" in ended.err


def test_an_interrupt_ends_it_with_what_is_done(folder: Path) -> None:
    # Reading a named pipe that nobody writes to would wait for ever; standard input is the one that may.
    process = subprocess.Popen(
        [sys.executable, "-m", "s3audit", "scan", "-"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdin is not None
    # A first byte that is taken from the pipe shows that the scan has begun.
    process.stdin.write(b"R" * 200_000)
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in out + err
    assert b"interrupted" in out


HEAVY = ["boto3", "botocore", "jinja2", "cfnlint", "rich", "asyncio", "multiprocessing", "importlib.metadata"]


@pytest.mark.parametrize("name", ["off.yaml", "off.json"])
def test_a_scan_imports_nothing_heavy(folder: Path, name: str) -> None:
    (folder / "off.json").write_text('{"Resources": {"Orders": {"Type": "AWS::S3::Bucket"}}}')
    program = (
        "import sys; from s3audit.cli import main; main(['scan', sys.argv[1]]);"
        f"sys.stderr.write(' '.join(name for name in {HEAVY} if name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, name],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert done.stderr == ""
    assert "versioning-enabled" in done.stdout


def test_the_pieces_that_a_scan_does_without(folder: Path) -> None:
    """What the standard library charges most for, and the other formats, stay out of a text report."""
    program = (
        "import sys; from s3audit.cli import main; main(['scan', 'off.yaml']);"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    loaded = set(done.stderr.split())
    assert loaded.isdisjoint(
        {"dataclasses", "logging", "tomllib", "hashlib", "json", "pathlib", "subprocess"}
    )
    assert loaded.isdisjoint(
        {"s3audit.renderers.html", "s3audit.renderers.sarif", "s3audit.collectors.snapshot"}
    )
