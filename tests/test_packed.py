"""The checks of a scan: the same as those of everybody else but for their examples, from one file that mends itself."""

import marshal
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import asdict

from s3audit import catalog, packed
from s3audit.packed import File, modules

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
        held = modules(self.files(), str(self.path))
        if held is None:
            return None
        names = [one.name for one in self.files() if not one.name.startswith("_")]
        return [there[name].title for name, there in zip(names, held, strict=True)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folder]:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    before = list(sys.meta_path)
    yield Folder(tmp_path)
    sys.meta_path[:] = before
    for name in [name for name in sys.modules if name.startswith("s3audit.checks.made_up")]:
        del sys.modules[name]


def test_they_differ_by_their_examples_alone() -> None:
    for lean, whole in zip(catalog.lean(), catalog.load(), strict=True):
        one, other = asdict(lean), asdict(whole)
        assert lean.judge.__code__.co_filename == whole.judge.__code__.co_filename
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
    folder.write("one", "{WORD}", more="from ._words import WORD\n")
    held = modules(folder.files(), str(folder.path))
    assert held is not None
    assert held[0]["WORD"] == "first"
    assert sys.modules["s3audit.checks.made_up._words"].__file__ == str(folder.path / "made_up" / "_words.py")
    assert sum(type(finder).__name__ == "_Helpers" for finder in sys.meta_path) == 1


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
