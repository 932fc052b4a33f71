"""`s3audit test`: an example that does not hold is told, with what is wrong with it."""

from pathlib import Path

import pytest

from tests.cli.process import run
from tests.custom.test_broken import GOOD, write

CHECK = '''\
from s3audit.check import BUCKETS, LOW, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.setting import Known
from s3audit.verdict import Verdict, failed, passed


@check(
    severity=LOW,
    needs=(BUCKETS,),
    fix=Fix(note="Do it."),
    passes="""
        Resources:
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
        """,
    fails="""
        Resources:
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration:
                Status: Suspended # <-
        """,
    unsure="""
        Parameters:
          Status: {Type: String}
        Resources:
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration:
                Status: !Ref Status # <-
        """,
)
def versions(bucket: Bucket) -> Verdict:
    """It has versions.

    It matters.
    """
    return bucket.versioning.status.is_in("Enabled", what="versioning")
'''
HOLDS = "3 examples of 1 check: 0 wrong\n"


def examined(folder: Path, text: str) -> tuple[int, str]:
    write(folder, "p/mine/versions.py", text)
    ended = run("test", "p", cwd=folder)
    assert ended.err == ""
    return ended.code, ended.out


def test_all_hold(tmp_path: Path) -> None:
    assert examined(tmp_path, CHECK) == (0, HOLDS)


NOT_PASSING = """\
p/mine/versions.py:12: mine-versions, passes, example 1: no subject has the status pass:
fail Logs: Versioning is Suspended. (line 5)
"""
ELSEWHERE = """\
p/mine/versions.py:19: mine-versions, fails, example 1: the evidence points to line 6, and `# <-` ends no line:
fail Logs: Versioning is Suspended. (line 6)
"""
NOT_OPEN = """\
p/mine/versions.py:27: mine-versions, unsure, example 1: no subject has the status unknown:
pass Logs: Versioning is Enabled. (line 8)
"""
UNREADABLE = "p/mine/versions.py:12: mine-versions, passes, example 1: it can't be read: "


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Status: Enabled", "Status: Suspended", NOT_PASSING),
        ("Suspended # <-", "Suspended", ELSEWHERE),
        ("Status: !Ref Status # <-", "Status: Enabled", NOT_OPEN),
        ("{Status: Enabled}", "{{Status: Enabled}}", UNREADABLE),
    ],
)
def test_an_example_that_does_not_hold(old: str, new: str, said: str, tmp_path: Path) -> None:
    code, out = examined(tmp_path, CHECK.replace(old, new, 1))
    assert code == 1
    assert out.startswith(said)
    assert out.endswith("\n\n3 examples of 1 check: 1 wrong\n")


def test_a_check_that_guesses(tmp_path: Path) -> None:
    guess = """\
    match bucket.versioning.status:
        case Known("Enabled", at=at):
            return passed(at, "versioning is on")
        case other:
            return failed(other.at, "versioning is off")
"""
    text = CHECK.replace('    return bucket.versioning.status.is_in("Enabled", what="versioning")\n', guess)
    code, out = examined(tmp_path, text)
    assert code == 1
    assert (
        "p/mine/versions.py:12: mine-versions, passes, example 1: it says fail of Logs where versioning of"
        " Resources.Logs is not known, and pass where it is: the answer is unknown\n"
    ) in out
    assert "mine-versions, unsure, example 1: no subject has the status unknown" in out


def test_a_check_that_breaks_on_what_is_not_known(tmp_path: Path) -> None:
    known = """\
    status = bucket.versioning.status
    if isinstance(status, Known):
        return status.is_in("Enabled", what="versioning")
    return failed(status.at, 1 / 0)
"""
    text = CHECK.replace('    return bucket.versioning.status.is_in("Enabled", what="versioning")\n', known)
    code, out = examined(tmp_path, text)
    assert code == 1
    assert (
        "mine-versions, passes, example 1: it breaks where versioning of Resources.Logs is not known:"
        " ZeroDivisionError: division by zero\n"
    ) in out


def test_only_some_of_them(tmp_path: Path) -> None:
    write(tmp_path, "p/mine/good.py", GOOD)
    write(tmp_path, "p/mine/versions.py", CHECK)
    assert run("test", "p", "--select", "mine-versions", cwd=tmp_path).out == HOLDS
    assert run("test", "p", "--select", "mine-version", cwd=tmp_path).code == 2


def test_one_that_can_not_be_loaded_is_wrong(tmp_path: Path) -> None:
    write(tmp_path, "p/mine/other.py", "import nothing_like_this\n")
    code, out = examined(tmp_path, CHECK)
    assert code == 1
    assert out.startswith("p/mine/other.py:1:1: This check can't be loaded: ModuleNotFoundError")
    assert out.endswith("3 examples of 1 check: 0 wrong, 1 file not loaded\n")


def test_the_folder_has_to_be_there(tmp_path: Path) -> None:
    ended = run("test", "nowhere", cwd=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert (
        ended.err == "Error: the folder of checks nowhere is not there; a relative path starts from here.\n"
    )
