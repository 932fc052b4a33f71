"""What README.md and docs/ say is so: commands parse, files are there, output is what the tool prints.

A block of output stands below a comment that says where it comes from, and which paragraphs of it to keep:

    <!-- output of `s3audit scan template.yaml`, only those with: some words / others -->
    <!-- output of the code above -->

When a page is stale, `.venv/bin/python tests/test_readme.py` writes these blocks anew.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    "README.md",
    "CHANGELOG.md",
    "deploy/README.md",
    *(
        f"docs/{n}.md"
        for n in ("architecture", "cli", "frameworks", "limits", "live", "python-api", "suppressions")
    ),
]
REWRITE = ".venv/bin/python tests/test_readme.py"
LEFT_OUT = "[...]"

_OUTPUT = re.compile(
    r"<!-- output of (?:`(?P<command>.+?)`|the code above)(?:, only those with: (?P<words>.+?))? -->\n"
    r"```text\n(?P<text>.*?)```\n",
    re.DOTALL,
)
_BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_PATH = re.compile(r"(?:\.ci|benchmarks|checks|deploy|docs|examples|reports|s3audit|tests)/[\w./-]*")
_END = re.compile(r"[|<>&;]+")

# How a row of docs/limits.md begins, and the constants that it tells of.
BOUNDS = {
    "size of a file": ("api.MAX_SIZE", "api.MAX_RECORD"),
    "values that the aliases": ("collectors.documents.yaml_reader.MAX_NODES",),
    "names that all declarations": ("collectors.documents.attach._MOST_COMPARED",),
    "functions and conditions": ("collectors.cloudformation.evaluate.MAX_DEPTH",),
    "length of an evaluated text": (
        "collectors.cloudformation.produced.LONGEST",
        "collectors.terraform.language.effort.MOST_UNPACKED",
        "collectors.terraform.language.functions.common.LONGEST",
        "collectors.terraform.language.rendering._LONGEST",
    ),
    "resources that are judged once more": (
        "collectors.cloudformation.worlds._MOST_MADE",
        "collectors.terraform.modules.roots.MOST_MADE",
    ),
    "scenarios of one resource": ("collectors.terraform.modules.scenarios.MOST",),
    "Terraform: levels": (
        "collectors.documents.hcl.expressions.MAX_DEPTH",
        "collectors.terraform.language.evaluate.MAX_DEPTH",
    ),
    "Terraform: instances": (
        "collectors.terraform.modules.instances.MOST_INSTANCES",
        "collectors.terraform.modules.instances.MOST_IN_ALL",
    ),
    "Terraform: nested": ("collectors.terraform.modules.bodies.MOST_BLOCKS",),
    "Terraform: elements": (
        "collectors.terraform.language.loops._MOST",
        "collectors.terraform.language.functions.common.MOST",
    ),
    "Terraform: work on": (
        "collectors.terraform.language.effort.AT_FIRST",
        "collectors.terraform.language.effort.FOR_EACH_INSTANCE",
        "collectors.terraform.modules.roots.MOST_WORK",
    ),
    "Terraform: modules in one another": (
        "collectors.terraform.modules.roots.MOST_LEVELS",
        "collectors.terraform.records.records.MOST_LEVELS",
    ),
    "Terraform: modules of one": ("collectors.terraform.modules.roots.MOST_MODULES",),
    "Terraform: steps of a regular": ("collectors.terraform.language.functions.machine.MOST_STEPS",),
    "Terraform: statements": ("collectors.terraform.policies.merge.MOST_STATEMENTS",),
    "Terraform: files": (
        "collectors.terraform.modules.sandbox._MOST_NAMES",
        "collectors.terraform.modules.sandbox._MOST_LEVELS",
    ),
    "Terraform: references": ("collectors.terraform.records.follow.MOST",),
}

each_page = pytest.mark.parametrize("page", PAGES)


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def prose(page: str) -> str:
    return _BLOCK.sub("", text_of(page))


def commands(page: str) -> Iterator[list[str]]:
    """The words after `s3audit` of every command on a page, in its blocks and in its sentences."""
    blocks = [b["text"] for b in _BLOCK.finditer(text_of(page)) if b["language"] in ("sh", "yaml")]
    lines = [line.removeprefix("      - run: ") for block in blocks for line in block.splitlines()]
    for line in (*lines, *_SPAN.findall(prose(page))):
        if line.startswith("s3audit "):
            words = shlex.split(line, comments=True)[1:]
            end = next((place for place, word in enumerate(words) if _END.fullmatch(word)), len(words))
            yield words[:end]


COMMANDS = [(page, words) for page in PAGES for words in commands(page)]


def every_command() -> dict[str, click.Command]:
    """By name, those too that are loaded when they are asked for."""
    from s3audit.cli.commands import cli

    context = click.Context(cli)
    found = {name: cli.get_command(context, name) for name in cli.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def test_there_are_commands() -> None:
    assert {words[0] for _, words in COMMANDS} == {*every_command(), "--version"}


@pytest.mark.parametrize(("page", "words"), COMMANDS, ids=str)
def test_every_command_parses(page: str, words: list[str]) -> None:
    from s3audit.cli.commands import cli

    name, *rest = words
    known = every_command()
    if name in known and rest:
        known[name].make_context(name, rest, resilient_parsing="--help" in rest)
    elif name not in known:
        with pytest.raises(click.exceptions.Exit):
            cli.make_context("s3audit", words)


@each_page
def test_every_check_that_a_command_names_is_there(page: str) -> None:
    from s3audit import catalog
    from s3audit.api import selected

    every = catalog.load()
    for words in commands(page):
        for option, named in pairwise(words):
            if option in ("explain", "--select", "--ignore") and not named.isupper():
                assert selected(every, named.split(","), [])


def test_every_option_is_explained() -> None:
    options = {name for one in every_command().values() for option in one.params for name in option.opts}
    told = set(re.findall(r"(?<![\w-])--?\w[\w-]*", text_of("docs/cli.md") + text_of("docs/live.md")))
    assert {name for name in options if name.startswith("--")} - {"--format", "--output"} <= told
    assert {"-f", "-o"} <= told


@pytest.mark.parametrize("what", BOUNDS)
def test_a_bound_is_the_one_that_holds(what: str) -> None:
    [row] = [line for line in text_of("docs/limits.md").splitlines() if line.startswith(f"| {what}")]
    for bound in BOUNDS[what]:
        module, _, name = bound.rpartition(".")
        value = getattr(import_module(f"s3audit.{module}"), name)
        assert re.search(rf"(?<![\d,]){value:,}(?![\d,]\d)", row), f"{bound} is {value:,}"


@each_page
def test_every_link_leads_somewhere(page: str) -> None:
    for target in _LINK.findall(prose(page)):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


def anchors(file: Path) -> set[str]:
    """What GitHub makes of the headings of a page."""
    headings = re.findall(r"^#+ +(.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_page
def test_every_file_that_it_names_is_there(page: str) -> None:
    words = {word for span in _SPAN.findall(prose(page)) for word in span.split()}
    words.update(word for command in commands(page) for word in command)
    missing = {word for word in words if _PATH.fullmatch(word) and not (ROOT / word).exists()}
    assert not missing


@each_page
def test_every_make_target_is_there(page: str) -> None:
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", text_of(page), re.MULTILINE))
    assert named <= set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert re.search(r"^make test ", text_of("README.md"), re.MULTILINE)
    assert re.search(r"^ *make test\b", text_of(".ci/run"), re.MULTILINE)


@each_page
def test_what_it_shows_is_what_is_printed(page: str) -> None:
    assert renewed(text_of(page)) == text_of(page), f"{page} is stale. To write it anew: {REWRITE}"


def renewed(text: str) -> str:
    """The page with the output of today."""

    def write(match: re.Match[str]) -> str:
        if match["command"]:
            printed = output(["-m", *shlex.split(match["command"])])
        else:
            code = [b["text"] for b in _BLOCK.finditer(text[: match.start()]) if b["language"] == "python"]
            printed = output(["-c", code[-1]])
        if match["words"]:
            printed = only(printed, match["words"].split(" / "))
        return match[0].removesuffix(f"{match['text']}```\n") + f"{printed}```\n"

    return _OUTPUT.sub(write, text)


def output(arguments: list[str]) -> str:
    """What Python prints, run in the folder of the checkout."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "NO_COLOR": "1"}
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert not done.stderr, done.stderr
    return done.stdout


def only(printed: str, words: list[str]) -> str:
    """The paragraphs that hold one of the words, and a sign where others were."""
    shown: list[str] = []
    for paragraph in printed.strip("\n").split("\n\n"):
        if any(word in paragraph for word in words):
            shown.append(paragraph)
        elif shown[-1:] != [LEFT_OUT]:
            shown.append(LEFT_OUT)
    return "\n\n".join(shown) + "\n"


if __name__ == "__main__":
    for stale in PAGES:
        if (new := renewed(text_of(stale))) != text_of(stale):
            (ROOT / stale).write_text(new, encoding="utf-8")
            print(f"{stale}: written anew")
