"""The checks of a scan: the same as those of everybody else but for their examples, from one file that mends itself."""

import marshal
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import asdict

from s3audit import catalog, packed
from s3audit.packed import File, Later, checks

CHECK = '''
from s3audit.check import ALL, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.verdict import Verdict, passed
{more}

@check(
    severity=MEDIUM, needs=(), sources=ALL, fix=Fix(note="Do it."),
    passes="a long example", fails=("another", "a third"), unsure=(),
)
def {name}(bucket: Bucket) -> Verdict:
    """It is {word}.

    It matters.
    """
    return passed(bucket.at, "{word}")
'''


class Folder:
    """A folder of checks that changes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kept = path / "__pycache__" / f"checks.{sys.implementation.cache_tag}.pack"

    def write(self, name: str, word: str = "good", more: str = "") -> None:
        text = CHECK.format(name=name, word=word, more=more) if not name.startswith("_") else more
        (self.path / "made_up").mkdir(exist_ok=True)
        (self.path / "made_up" / f"{name}.py").write_text(text, "utf-8")

    def files(self) -> list[File]:
        return [
            File("made_up", one.stem, str(one), one.stat().st_mtime_ns, one.stat().st_size)
            for one in sorted((self.path / "made_up").glob("*.py"))
        ]

    def titles(self) -> list[str] | None:
        made = checks(self.files(), str(self.path))
        return None if made is None else [one.title for one in made]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folder]:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    before = list(sys.meta_path)
    yield Folder(tmp_path)
    sys.meta_path[:] = before
    for name in [name for name in sys.modules if name.startswith("s3audit.checks.made_up")]:
        del sys.modules[name]


def test_they_differ_by_their_examples_alone(folder: Folder) -> None:
    made = sorted(checks(catalog.files(), str(folder.path)) or (), key=lambda one: one.id)
    for lean, whole in zip(made, catalog.load(), strict=True):
        one, other = asdict(lean), asdict(whole)
        assert isinstance(lean.judge, Later)
        ours, theirs = lean.judge.function.__code__, whole.judge.__code__
        assert (ours.co_filename, ours.co_name) == (theirs.co_filename, theirs.co_name)
        for name in ("passes", "fails", "unsure", "judge"):
            del one[name], other[name]
        assert one == other


def test_what_has_changed_is_compiled_again_and_nothing_else(folder: Folder) -> None:
    folder.write("one")
    folder.write("two")
    assert folder.titles() == ["It is good", "It is good"]
    first = folder.kept.read_bytes()
    assert b"a long example" not in first
    assert folder.titles() == ["It is good", "It is good"]
    assert folder.kept.read_bytes() == first
    folder.write("two", "better")
    folder.write("three", "new")
    assert folder.titles() == ["It is good", "It is new", "It is better"]
    (folder.path / "made_up" / "one.py").unlink()
    assert folder.titles() == ["It is new", "It is better"]


def test_a_helper_is_found_and_is_the_newest(folder: Folder) -> None:
    folder.write("_words", more='WORD = "first"\n')
    folder.write("one", more="from ._words import WORD\n")
    made = checks(folder.files(), str(folder.path))
    assert made is not None
    assert isinstance(made[0].judge, Later)
    assert made[0].judge.function.__globals__["WORD"] == "first"
    assert sys.modules["s3audit.checks.made_up._words"].__file__ == str(folder.path / "made_up" / "_words.py")
    assert sum(type(finder).__name__ == "_Helpers" for finder in sys.meta_path) == 1


def test_annotations_are_not_evaluated_again(folder: Folder) -> None:
    folder.write("one", more="SEEN = []\ndef _beside(it: SEEN.append(1)) -> SEEN.append(2): ...\n")
    for _ in range(2):
        made = checks(folder.files(), str(folder.path))
        assert made is not None
        assert isinstance(made[0].judge, Later)
        assert made[0].judge.function.__globals__["SEEN"] == []
        assert made[0].kinds == ("bucket",)


def test_what_a_helper_says_about_a_check_is_the_newest(folder: Folder) -> None:
    folder.write("one")
    path = folder.path / "made_up" / "one.py"
    path.write_text(
        path.read_text("utf-8")
        .replace('note="Do it."', "note=NOTE")
        .replace("\n\n", "\nfrom ._words import NOTE\n", 1)
    )
    for note in ("Do it.", "Do it twice."):
        folder.write("_words", more=f"NOTE = {note!r}\n")
        made = checks(folder.files(), str(folder.path))
        assert made is not None
        assert made[0].fix.note == note
        sys.modules.pop("s3audit.checks.made_up._words", None)  # as in another process


def test_what_is_judged_nowhere_is_not_run(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text("Resources: {Orders: {Type: AWS::S3::Bucket}}")
    script = """
import sys
from s3audit import api, catalog
from s3audit.packed import Later
ran = []
function = Later.function.fget
Later.function = property(lambda self: (ran.append(self._file.topic), function(self))[1])
api.scan([sys.argv[1]])
print(sorted({"encryption", "glacier", "vectors", "files", "object_lambda"} & set(ran)))
print("s3audit.model.vault" in sys.modules)
"""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    said = [
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path)],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for _ in range(2)  # the first of all makes what is kept
    ]
    assert said[1] == "['encryption']\nFalse\n"


@pytest.mark.parametrize(
    "damage", [b"", b"\x00", b"no", marshal.dumps(((0, "0"), {})), marshal.dumps([1, 2, 3])]
)
def test_what_can_not_be_read_is_made_anew(folder: Folder, damage: bytes) -> None:
    folder.write("one")
    folder.titles()
    right = folder.kept.read_bytes()
    folder.kept.write_bytes(damage)
    assert folder.titles() == ["It is good"]
    assert folder.kept.read_bytes() == right


def test_what_another_version_has_kept_is_not_used(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("one")
    folder.titles()
    before = folder.kept.read_bytes()
    monkeypatch.setattr(packed, "__version__", "999.0")
    assert folder.titles() == ["It is good"]
    assert folder.kept.read_bytes() != before


def test_where_nothing_may_be_kept_nothing_is(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("one")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert folder.titles() is None
    assert not folder.kept.exists()
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (folder.path / "__pycache__").write_text("in the way")
    assert folder.titles() is None
    (folder.path / "__pycache__").unlink()
    assert folder.titles() == ["It is good"]
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert folder.titles() == ["It is good"]
    assert os.listdir(folder.kept.parent) == [folder.kept.name]
