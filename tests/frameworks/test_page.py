"""docs/frameworks.md says what is so."""

import re
from pathlib import Path

from s3audit.frameworks import library
from s3audit.frameworks.reading import _FRAMEWORK, _REQUIREMENT
from s3audit.renderers.matrix_words import WORDS
from tests.cli.process import ROOT, run

PAGE = (ROOT / "docs" / "frameworks.md").read_text(encoding="utf-8")


def block(after: str) -> str:
    [found] = re.findall(rf"{re.escape(after)}\n```\w+\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def test_the_table_has_them_all() -> None:
    for one in library.every():
        many, checks = len(one.requirements), len(one.checks)
        assert f"| `{one.id}` | {one.name} | {many} | {checks} |\n" in PAGE
    assert PAGE.count("\n| `") >= len(library.names())


def test_the_example_gives_what_is_shown(tmp_path: Path) -> None:
    rules = tmp_path / "acme-storage.yaml"
    rules.write_text(block("<!-- acme-storage.yaml -->"))
    ended = run("scan", "examples/shop", "--framework", rules, cwd=ROOT)
    assert ended.code == 1, ended.err
    assert ended.out.partition("\nFindings\n")[0] == block("<!-- output of the scan above -->")


def test_the_faults_are_those_that_are_shown(tmp_path: Path) -> None:
    text = block("<!-- acme-storage.yaml -->")
    wrong = text.replace("checks: [transport", "chekcs: [transport").replace("versioning-", "versoning-")
    (tmp_path / "acme-storage.yaml").write_text(wrong)
    ended = run("frameworks", "acme-storage.yaml", cwd=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == block("<!-- what is said of two slips in it -->")


def test_every_key_and_every_answer_is_explained() -> None:
    for key in (*_FRAMEWORK, *_REQUIREMENT):
        assert f"`{key}`" in PAGE, key
    for word in WORDS.values():
        assert f"\n| {word} | " in PAGE, word
