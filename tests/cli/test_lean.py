"""The command loads less of three libraries than they have, and says the same as a program that has all of it."""

import subprocess
import sys
from pathlib import Path

import pytest

import s3audit
from tests.cli.process import ROOT, run

HEAD = "Resources:\n  Orders:\n    Type: AWS::S3::Bucket\n"
BAD = {
    "a control character": HEAD + '    X: "\x01"\n',
    "an open bracket": HEAD + "    X: [\n",
    "a tab": HEAD + "\tX: 1\n",
    "an undefined alias": HEAD + "    X: *nobody\n",
    "a bad escape": HEAD + '    X: "\\q"\n',
    "a bad tag": HEAD + "    X: !<tag:\n",
    "half a surrogate pair": HEAD + '    X: "\\ud800"\n',
    "a duplicate key": HEAD + "    Type: AWS::S3::Bucket\n",
    "nothing wrong": HEAD,
}


@pytest.mark.parametrize("what", BAD)
def test_the_same_is_said(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "template.yaml").write_text(BAD[what], encoding="utf-8")
    ended = run("scan", "template.yaml", cwd=tmp_path)
    assert "Traceback" not in ended.out + ended.err
    monkeypatch.chdir(tmp_path)
    report = s3audit.scan(["template.yaml"])
    assert bool(report.problems) is (what != "nothing wrong")
    for problem in report.problems:
        assert f"template.yaml:{problem.at.line}:{problem.at.column}" in ended.out
        assert problem.message in " ".join(ended.out.split())
    assert bool(report.failing) is (ended.code == 1)


def test_terraform_reads_yaml_with_it(tmp_path: Path) -> None:
    (tmp_path / "buckets.yaml").write_text("orders: {versioning: Suspended}\n", encoding="utf-8")
    (tmp_path / "main.tf").write_text(
        'resource "aws_s3_bucket" "b" {\n  for_each = yamldecode(file("buckets.yaml"))\n'
        '  bucket   = each.key\n  versioning {\n    enabled = each.value.versioning == "Enabled"\n  }\n}\n',
        encoding="utf-8",
    )
    ended = run("scan", "main.tf", "--select", "versioning-enabled", cwd=tmp_path)
    assert ended.code == 1
    assert 'aws_s3_bucket.b["orders"]' in ended.out
    assert "could not be seen" not in ended.out


LEAN = "from s3audit.cli.lean import lean\nlean()\n"
ASKING = """
import inspect
import msgspec
from inspect import signature

class One(msgspec.Struct):
    x: int

print([inspect.cleandoc(doc) for doc in ("one line", " one ", "a\\n    b\\n      c\\n", "a\\tb", "")])
print(signature(len), inspect.isfunction(print), inspect.getsource(inspect.isfunction).splitlines()[0])
print(msgspec.json.schema(One), msgspec.json.schema_components([One]), msgspec.inspect.type_info(int))
"""


def test_whoever_asks_for_the_rest_has_it() -> None:
    plain = _printed(ASKING)
    assert "One" in plain
    assert _printed(f"{LEAN}{ASKING}") == plain


def test_click_does_without_it() -> None:
    made = "import click, sys\nclick.Option(['--all'], help='All of it.')\nprint('ast' in sys.modules)"
    assert _printed(made) == "True\n"
    assert _printed(LEAN + made) == "False\n"


def test_msgspec_does_without_it() -> None:
    made = "import msgspec, sys\nprint(type(sys.modules['msgspec.inspect']).__name__)"
    assert _printed(made) == "module\n"
    assert _printed(LEAN + made) == "_Late\n"


def _printed(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout
