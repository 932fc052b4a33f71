"""What README.md and docs/ say is so: commands parse, files are there, output is what the tool prints.

A block of output stands below a comment that says where it comes from:

    <!-- output of `s3audit scan template.yaml`, only: some words / others -->
    <!-- output of the code above -->

`only` keeps the paragraphs that hold one of these words, and the first line that begins with `$` is none of it.
When a test says that a page is stale, `.venv/bin/python tests/test_readme.py` writes it anew.
"""

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *(ROOT / "docs" / f"{name}.md" for name in ("architecture", "cli", "limits", "python-api")),
]
REWRITE = ".venv/bin/python tests/test_readme.py"
LEFT_OUT = "[...]"

_OUTPUT = re.compile(
    r"<!-- output of (?P<what>.+?)(?:, only: (?P<only>.+?))? -->\n```\w*\n(?P<text>.*?)```\n", re.DOTALL
)
_BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_PATH = re.compile(
    r"(?:checks|docs|examples|reports|s3audit|tests|benchmarks)/[\w./-]*|[\w-]+\.md|Makefile|LICENSE"
)
_ENDS = frozenset({"|", ">", ">>", "<", "&&", ";"})


class Command(NamedTuple):
    page: Path
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page.name}: {' '.join(self.words)}"


def commands(page: Path) -> Iterator[Command]:
    """Every `s3audit ...` of a page, in its blocks and in its sentences."""
    text = page.read_text(encoding="utf-8")
    lines = [
        line.removeprefix("$ ").removeprefix("- run: ").strip()
        for block in _BLOCK.finditer(text)
        if block["language"] in ("sh", "yaml")
        for line in block["text"].replace("\\\n", " ").splitlines()
    ]
    for line in [*lines, *_SPAN.findall(_BLOCK.sub("", text))]:
        shown = line.removeprefix("- run: ").removeprefix("$ ")
        if "s3audit" not in shown:
            continue
        words = shlex.split(shown, comments=True)
        starts = [place for place, word in enumerate(words) if word == "s3audit"]
        for start in starts:
            if start and words[start - 1] not in _ENDS:
                continue
            rest = words[start + 1 :]
            end = next((place for place, word in enumerate(rest) if word in _ENDS), len(rest))
            if rest[:end]:
                yield Command(page, tuple(rest[:end]))


COMMANDS = [command for page in PAGES if page.exists() for command in commands(page)]


def test_there_are_commands() -> None:
    assert {command.words[0] for command in COMMANDS} >= {"scan", "explain", "checks", "--version"}


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_every_command_parses(command: Command) -> None:
    from s3audit.cli.commands import cli

    try:
        name, sub, rest = cli.resolve_command(click.Context(cli), list(command.words))
        if sub is not None:
            sub.make_context(name, rest, parent=click.Context(cli))
    except click.exceptions.Exit as done:  # --version, --help
        assert done.exit_code == 0
    except click.UsageError:
        if not command.words[0].startswith("-"):
            raise
        with contextlib.redirect_stdout(io.StringIO()):
            assert cli.main(list(command.words), standalone_mode=False) in (None, 0)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_check_it_names_is_there(page: Path) -> None:
    from s3audit.api import selected
    from s3audit.catalog import load

    every = load()
    for command in commands(page):
        options = dict(zip(command.words, command.words[1:], strict=False))
        named = [options[name] for name in ("explain", "--select", "--ignore") if name in options]
        for pattern in ",".join(named).split(","):
            if pattern and pattern.islower():
                assert selected(every, [pattern], [])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = _BLOCK.sub("", page.read_text(encoding="utf-8"))
    for target in _LINK.findall(text):
        if re.match(r"\w+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = page.parent / path if path else page
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file), target


def anchors(page: Path) -> set[str]:
    """What GitHub makes of the headings of a page."""
    headings = re.findall(r"^#+ +(.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_it_names_is_there(page: Path) -> None:
    text = _BLOCK.sub("", page.read_text(encoding="utf-8"))
    words = {word for span in _SPAN.findall(text) for word in span.split()}
    words |= {word for command in commands(page) for word in command.words}
    for word in sorted(words):
        if _PATH.fullmatch(word):
            assert (ROOT / word).exists() or (page.parent / word).exists(), word


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_is_there(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"\bmake ([a-z]+)\b`?", page.read_text(encoding="utf-8")):
        if f"`make {target}" in page.read_text(encoding="utf-8") or f"\nmake {target}" in page.read_text(
            encoding="utf-8"
        ):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert "\nmake test " in (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(r"^\s*make test\b", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_it_shows_is_what_is_printed(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert renewed(text) == text, f"{page.relative_to(ROOT)} is stale. To write it anew: {REWRITE}"


def renewed(text: str) -> str:
    """The page with the output of today."""

    def write(match: re.Match[str]) -> str:
        what = match["what"]
        printed = (
            run_code(text[: match.start()]) if what == "the code above" else run_command(what.strip("`"))
        )
        if match["only"]:
            printed = kept(printed, match["only"].split(" / "))
        start, end = match.span("text")
        return match[0][: start - match.start()] + printed + match[0][end - match.start() :]

    return _OUTPUT.sub(write, text)


def run_command(command: str) -> str:
    words = shlex.split(command)
    assert words[0] == "s3audit", command
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert not done.stderr, done.stderr
    return done.stdout


def run_code(before: str) -> str:
    """What the last block of Python prints, run in the folder of the checkout."""
    code = [block["text"] for block in _BLOCK.finditer(before) if block["language"] == "python"][-1]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def kept(printed: str, words: list[str]) -> str:
    """The paragraphs that hold one of the words, with a sign where others were."""
    shown: list[str] = []
    for paragraph in printed.strip("\n").split("\n\n"):
        if any(word in paragraph for word in words):
            shown.append(paragraph)
        elif not shown or shown[-1] != LEFT_OUT:
            shown.append(LEFT_OUT)
    return "\n\n".join(shown) + "\n"


def main() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        if (new := renewed(text)) != text:
            page.write_text(new, encoding="utf-8")
            print(f"{page.relative_to(ROOT)}: written anew")


if __name__ == "__main__":
    main()
