"""Patterns mean what they mean to git; where git is installed, it is asked."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s3audit.gitignore import Patterns, is_ignored
from tests.profile import examples


def ignored(content: str | bytes, path: str, is_directory: bool = False) -> bool:
    """Whether git would leave this path out: it, or a folder on the way to it, is ignored."""
    levels = [(Patterns(content if isinstance(content, bytes) else content.encode()), 0)]
    parts = path.split("/")
    return any(
        is_ignored(levels, "/".join(parts[:end]), is_directory or end < len(parts))
        for end in range(1, len(parts) + 1)
    )


@pytest.mark.parametrize(
    ("content", "matches", "leaves"),
    [
        ("a.yaml", ["a.yaml", "x/a.yaml", "a.yaml/x"], ["b.yaml", "aa.yaml"]),
        ("/a.yaml", ["a.yaml"], ["x/a.yaml"]),
        ("x/a.yaml", ["x/a.yaml"], ["a.yaml", "y/x/a.yaml"]),
        ("build/", ["build/a", "x/build/a"], ["build", "x/build"]),
        ("/build/", ["build/a"], ["x/build/a"]),
        ("*.json", ["a.json", "x/.json"], ["a.jsonl"]),
        ("a*c*e", ["ace", "abcde", "acee"], ["aec", "abcd", "a/c/e"]),
        ("a?c", ["abc"], ["ac", "a/c", "abbc"]),
        ("?", ["a"], ["é"]),
        ("??", ["é"], ["a"]),
        ("a/*", ["a/b", "a/b/c"], ["a"]),
        ("a/*/c", ["a/b/c"], ["a/c", "a/b/b/c"]),
        ("**/a", ["a", "x/a", "x/y/a"], ["xa"]),
        ("a/**", ["a/b", "a/b/c"], ["a", "x/a/b"]),
        ("a/**/c", ["a/c", "a/b/c", "a/b/b/c"], ["ac", "a/bc"]),
        ("a/**/b/**/c", ["a/b/c", "a/x/b/y/z/c", "a/b/b/c"], ["a/c", "a/b", "a/x/c"]),
        (r"**\/a", ["x/a", "x/y/a"], ["a"]),
        ("x**/a", ["x/a", "x/y/a", "xy/a", "xa"], ["a", "y/x/a"]),
        ("x/a**b", ["x/ab", "x/aab"], ["x/a/b"]),
        ("[ab]c", ["ac", "bc"], ["cc", "[ab]c"]),
        ("[!ab]c", ["cc"], ["ac", "/c"]),
        ("[^ab]c", ["cc"], ["ac"]),
        ("[]-]", ["]", "-"], ["["]),
        ("[a-c-e]", ["a", "b", "-", "e"], ["d"]),
        ("[c-a]", ["c"], ["a", "b", "-"]),
        ("[[:digit:][:upper:]_]", ["1", "A", "_"], ["a", ":"]),
        ("[[:what:]]", [], ["w", "[[:what:]]"]),
        ("[ab", [], ["a", "[ab"]),
        ("/x[!a]b", ["xbb"], ["xab", "x/b"]),
        (r"\#a", ["#a"], ["a"]),
        ("#a", [], ["#a", "a"]),
        (r"\!a", ["!a"], ["a"]),
        (r"a\*", ["a*"], ["ab", r"a\*"]),
        ("a\\", [], ["a", "a\\"]),
        ("a  ", ["a"], ["a  "]),
        (r"a\\  ", ["a\\"], ["a", "a\\ "]),
        ("a\\ ", ["a "], ["a"]),
        ("a\\ \t ", ["a \t"], ["a ", "a"]),
        (" a", [" a"], ["a"]),
        ("a\r\nb", ["a", "b"], ["a\r"]),
        ("\ufeffa", ["a"], ["\ufeffa"]),
        ("*.yaml\n!b.yaml", ["a.yaml"], ["b.yaml"]),
        ("!b.yaml\n*.yaml", ["a.yaml", "b.yaml"], []),
        ("x/\n!x/b.yaml", ["x/a.yaml", "x/b.yaml"], ["b.yaml"]),
        ("x/*\n!x/b.yaml", ["x/a.yaml"], ["x/b.yaml"]),
        ("/*\n!/x/", ["a", "y/a"], ["x/a"]),
        ("*\n!*/\n!*.yaml", ["a", "x/a"], ["a.yaml", "x/a.yaml"]),
        ("[ab]\n!a\nb?\n!b[b]", ["b", "ba"], ["a", "bb"]),
        ("\n\n/\n//\n!\n", [], ["a", "x/a"]),
    ],
)
def test_a_pattern(content: str, matches: list[str], leaves: list[str]) -> None:
    assert [path for path in matches if not ignored(content, path)] == []
    assert [path for path in leaves if ignored(content, path)] == []


def test_a_name_that_is_no_text_is_its_bytes() -> None:
    assert ignored(b"caf\xe9", os.fsdecode(b"caf\xe9"))
    assert ignored(b"caf?", os.fsdecode(b"caf\xe9"))
    assert not ignored(b"caf\xe9", "café")


def test_only_the_nearest_file_that_speaks_is_heard() -> None:
    far, near = (Patterns(b"*.yaml\n"), 0), (Patterns(b"!a.yaml\n"), len("x/"))
    assert not is_ignored([far, near], "x/a.yaml", False)
    assert is_ignored([far, near], "x/b.yaml", False)
    assert is_ignored([near, far], "x/a.yaml", False)
    assert not is_ignored([], "x/a.yaml", False)


def test_a_file_of_comments_is_empty() -> None:
    assert Patterns(b"# build\n\n   \n").empty
    assert not Patterns(b"[a]").empty


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 60 + "b", "a" * 250),
        ("x/" + "*a" * 60 + "b", "x/" + "a" * 250),
        ("**/a/" * 60 + "b", "a/" * 1000 + "a"),
        ("**/*a*a/" * 60 + "b", "aaaa/" * 500 + "a"),
        ("*" * 5000 + "b", "a" * 250),
        ("*[a-z]" * 60 + "0", "a" * 250),
    ],
)
def test_no_pattern_takes_for_ever(pattern: str, path: str) -> None:
    start = time.process_time()
    assert not is_ignored([(Patterns(pattern.encode()), 0)], path, False)
    assert time.process_time() - start < 2


FOLDERS = 24

PARTS = ["a", "b", "ab", "foo", "foobar", "x", "y"]
PATHS = [
    *PARTS,
    *(f"{one}/{other}" for one in PARTS for other in ("a", "b", "foo", "x")),
    *(f"{one}/{other}" for one in ("foo/x", "foobar/x/y", "a/b/a") for other in ("b", "bar", "a/b", "é")),
    *(
        "a b",
        "a ",
        " ",
        "é",
        "-",
        "]",
        "[",
        "\\",
        "\\a",
        "!a",
        "#a",
        "*",
        "**",
        "?",
        "A",
        "7",
        "_",
        "\ta",
        "\v",
    ),
    *("a.b", "a\r", "\x7f", ",", "a\nb", "[ab]", "^", ":", "foo.", "-a", "a-b"),
]
PIECES = st.sampled_from(
    [
        *("a", "b", "foo", "bar", "x", "y", "é", "A", "-", ".", ",", "]", "^", ":", "\x7f", "\v"),
        *("*", "**", "***", "/", "/**/", "**/", "/**", "?", "\\", "!", "#", " ", "\t", "\r", "\\ ", "\\/"),
        *(
            "[",
            "[!",
            "[^",
            "[ab]",
            "[!a]",
            "[a-f]",
            "[]a]",
            "[\\",
            "[a-\\f]",
            "[--/]",
            "[!-/]",
            "[f-a]",
            "[[:",
            ":]",
        ),
        *(
            f"[[:{name}:]]"
            for name in ("alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "nope")
        ),
        *(f"[^[:{name}:]]" for name in ("print", "punct", "space", "upper", "xdigit", "")),
    ]
)
PATTERN = st.one_of(
    st.lists(PIECES, min_size=1, max_size=7).map("".join),
    st.lists(st.sampled_from(["/", "a", "b", "foo", "x", "*", "**", "[!a]"]), min_size=1, max_size=7).map(
        "".join
    ),
)
FILE = st.lists(st.tuples(st.sampled_from(["", "", "!"]), PATTERN).map("".join), min_size=1, max_size=4).map(
    "\n".join
)


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """What git answers without any setting of the person or machine that runs the tests."""
    found = shutil.which("git")
    if not found:
        pytest.skip("git is not installed, and it is what the patterns are compared with")
    settings = {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "HOME": str(folder),
        "LC_ALL": "C",
    }
    done = subprocess.run(
        [found, *arguments], cwd=folder, input=stdin, capture_output=True, env=settings, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with many folders that hold the same paths, so that one call asks about many files."""
    root = tmp_path_factory.mktemp("repository")
    git(root, "init", "--quiet")
    git(root, "config", "core.ignorecase", "false")
    for number in range(FOLDERS):
        for path in sorted(PATHS, key=len, reverse=True):
            place = root / str(number) / path
            place.parent.mkdir(parents=True, exist_ok=True)
            if not place.exists():
                place.touch()
    return root


@given(st.lists(FILE, min_size=FOLDERS, max_size=FOLDERS))
@settings(max_examples=examples(12))
def test_git_agrees(repository: Path, files: list[str]) -> None:
    for number, content in enumerate(files):
        (repository / str(number) / ".gitignore").write_bytes(content.encode())
    asked = "".join(f"{number}/{path}\0" for number in range(FOLDERS) for path in PATHS)
    answer = git(repository, "check-ignore", "--no-index", "--stdin", "-z", stdin=asked.encode()).decode()
    theirs = set(answer.split("\0"))
    for number, content in enumerate(files):
        for path in PATHS:
            ours = ignored(content, path, (repository / str(number) / path).is_dir())
            assert ours == (f"{number}/{path}" in theirs), (content, path)
