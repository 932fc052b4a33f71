"""The command reads YAML without most of PyYAML, and says the same as a program that has all of it."""

from pathlib import Path

import pytest

import s3audit
from tests.cli.process import run

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
