"""Checks of somebody else's that are broken: each is told with file and line, and the rest goes on."""

from pathlib import Path
from typing import Any

import pytest

from s3audit import api, catalog
from s3audit.custom import Custom, NoChecksError, load
from s3audit.finding import STATUSES
from s3audit.library import library
from s3audit.verdict import Severity

GOOD = '''\
from s3audit.check import BUCKETS, LOW, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.verdict import Verdict, failed, passed

EXAMPLE = """
    Resources:
      Logs: # <-
        Type: AWS::S3::Bucket
    """


@check(
    severity=LOW,
    needs=(BUCKETS,),
    fix=Fix(note="Do it."),
    passes=EXAMPLE,
    fails=EXAMPLE,
    unsure=(),
)
def good(bucket: Bucket) -> Verdict:
    """It is good.

    It matters.
    """
    return passed(bucket.at, "it is good")
'''


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def loaded(folder: Path) -> Custom:
    return load([str(folder)], catalog.load())


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ("def good(", "def good(:", "def good(:", "it is no Python: invalid syntax"),
        (
            "import Bucket\n",
            "import Buckets\n",
            "from s3audit.model",
            "ImportError: cannot import name 'Buckets' from 's3audit.model.bucket'",
        ),
        ("EXAMPLE = ", "raise SystemExit(3)\nEXAMPLE = ", "raise SystemExit", "SystemExit: 3"),
        ("LOW,\n", "LOWEST,\n", "    severity", "NameError: name 'LOWEST' is not defined"),
        (
            '    """It is good.\n\n    It matters.\n    """\n',
            "",
            "@check(",
            "mine-good has no a title (the first line of the docstring), and no why it matters",
        ),
        ("    unsure=(),\n", "", "@check(", "mine-good has no an example that can't be decided"),
        (
            "severity=LOW",
            "sevrity=LOW",
            "@check(",
            "what stands in @check(...) is not what it takes: check() got an unexpected keyword argument 'sevrity'",
        ),
        ('Fix(note="Do it.")', '"Do it."', "@check(", "what stands in @check(...) is not what it takes"),
        ("severity=LOW", 'severity="low"', None, "severity is one of INFO, LOW, MEDIUM, HIGH and CRITICAL"),
        (
            "needs=(BUCKETS,)",
            "needs=(BUCKETS)",
            None,
            "needs is a tuple of texts, such as (BUCKETS,), not 'buckets'",
        ),
        ("needs=(BUCKETS,)", 'needs=("bucket",)', None, "needs can't have 'bucket'; expected "),
        (
            "needs=(BUCKETS,)",
            'needs=(), sources=("s3",)',
            None,
            "sources can't have 's3'; expected cloudformation",
        ),
        ("needs=(BUCKETS,)", "needs=(), sources=()", None, "sources names none; leave it out for all"),
        (
            "needs=(BUCKETS,)",
            'needs=(), peers={"a": "b"}',
            None,
            "peers is a mapping from tools to tuples of names",
        ),
        ("unsure=()", "unsure=(3,)", None, "unsure is a tuple of texts"),
        ("bucket: Bucket", "bucket", "@check(", "mine.good.good: the first parameter is annotated"),
        (
            "@check(",
            "@(lambda made: [made])\n@check(",
            None,
            "it holds 0 checks; a check file holds exactly one",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    old: str, new: str, at: str | None, message: str, tmp_path: Path
) -> None:
    broken = GOOD.replace(old, new, 1)
    assert broken != GOOD
    write(tmp_path, "mine/good.py", broken)
    write(tmp_path, "mine/other.py", GOOD)
    found = loaded(tmp_path)
    assert [check.id for check in found.checks] == ["mine-other"]
    (problem,) = found.problems
    assert problem.kind == "crash"
    assert problem.message.startswith(f"This check can't be loaded: {message}")
    assert problem.at.source == str(tmp_path / "mine" / "good.py")
    assert problem.at.line == (1 if at is None else line_of(broken, at))


def test_annotations_that_are_put_off_are_told_of(tmp_path: Path) -> None:
    write(tmp_path, "mine/good.py", f"from __future__ import annotations\n{GOOD}")
    (problem,) = loaded(tmp_path).problems
    assert "without `from __future__ import annotations`, which hides them" in problem.message


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("good.py", "A check lies in the folder of its topic: move this file to FOLDER/<topic>/good.py."),
        (
            "my-topic/good.py",
            "my-topic can't be a part of a check's id: write it with letters, digits and underscores.",
        ),
        (
            "mine/to-do.py",
            "to-do can't be a part of a check's id: write it with letters, digits and underscores.",
        ),
        (
            "logging/enabled.py",
            "There is a check logging-enabled of s3audit already: move this one to another topic or name.",
        ),
        (
            "a_b/c.py",
            "There is a check a-b-c in FOLDER/a/b_c.py already: move this one to another topic or name.",
        ),
    ],
)
def test_what_is_in_the_wrong_place_is_told(file: str, message: str, tmp_path: Path) -> None:
    write(tmp_path, "a/b_c.py", GOOD)
    write(tmp_path, file, GOOD)
    found = loaded(tmp_path)
    assert [check.id for check in found.checks] == ["a-b-c"]
    (problem,) = found.problems
    assert problem.message == message.replace("FOLDER", str(tmp_path))
    assert problem.at.source == str(tmp_path / file)


def test_a_folder_without_checks_is_no_folder_of_checks(tmp_path: Path) -> None:
    with pytest.raises(NoChecksError, match=r"there is no check in .*: each is a file .*/<topic>/<name>\.py"):
        loaded(tmp_path)
    with pytest.raises(NoChecksError, match=r"the folder of checks .* is not there"):
        loaded(tmp_path / "nowhere")


def test_helpers_are_found_and_are_the_newest(tmp_path: Path) -> None:
    text = GOOD.replace("EXAMPLE = ", "from ._words import WORD\nEXAMPLE = ").replace('"it is good"', "WORD")
    for word in ("first", "second and longer"):
        write(tmp_path, "mine/_words.py", f'WORD = "{word}"\n')
        write(tmp_path, "mine/good.py", text)
        assert told(tmp_path)[0] == [("mine-good", "pass", word)]


def told(folder: Path, **asked: Any) -> tuple[list[tuple[str, str, str]], api.Scan]:
    """What the checks of a folder say of a bucket."""
    write(folder, "t/t.yaml", "Resources:\n  Logs:\n    Type: AWS::S3::Bucket\n")
    wanted: dict[str, Any] = {"select": ["mine"], "checks_in": [str(folder)], "ignore": []}
    done = api.run(
        [str(folder / "t" / "t.yaml")],
        parameters={},
        severity=Severity.INFO,
        show=STATUSES,
        all_scenarios=False,
        max_size=api.MAX_SIZE,
        **(wanted | asked),
    )
    found = done.report.findings
    return [(f.check, f.status, f.evidence[0].note if f.evidence else "") for f in found], done


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        ("None", "TypeError: it returned None, and a check returns a Verdict"),
        ("True", "TypeError: it returned True, and a check returns a Verdict"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("exit(4)", "RuntimeError: it wants to end the program with 4"),
        ('passed("here", "note")', "TypeError: its verdict is not made of a status and Evidence(at, note)"),
        ('Verdict("pass", ())', "TypeError: its verdict is not made of a status and Evidence(at, note)"),
    ],
)
def test_one_that_breaks_while_it_judges_is_an_error_there(
    returned: str, message: str, tmp_path: Path
) -> None:
    write(tmp_path, "mine/good.py", GOOD.replace('passed(bucket.at, "it is good")', returned))
    write(tmp_path, "mine/other.py", GOOD)
    found, done = told(tmp_path)
    assert [(check, status) for check, status, _ in found] == [("mine-good", "error"), ("mine-other", "pass")]
    (problem,) = done.report.problems
    assert message in problem.message


def test_the_report_goes_on_and_the_command_says_that_something_is_missing(tmp_path: Path) -> None:
    write(tmp_path, "mine/good.py", GOOD)
    write(tmp_path, "mine/other.py", "import nothing_like_this\n")
    found, done = told(tmp_path)
    assert found == [("mine-good", "pass", "it is good")]
    assert [problem.message for problem in done.report.problems] == [
        "This check can't be loaded: ModuleNotFoundError: No module named 'nothing_like_this'."
    ]
    assert done.unread
    with pytest.raises(
        api.UsageError, match=r"no check 'mine-other', did you mean .*mine/other.py:1:1: This check"
    ):
        told(tmp_path, select=["mine-other"])


def test_ours_are_the_same_beside_them(tmp_path: Path) -> None:
    write(tmp_path, "mine/good.py", GOOD)
    known = library([str(tmp_path)])
    ours = [check for check in known.checks if check.id not in known.files]
    assert ours == list(catalog.lean())
    assert known.files == {"mine-good": str(tmp_path / "mine" / "good.py")}
