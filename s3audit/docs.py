"""Writes the pages about checks and calls from what they are made of: `python -m s3audit.docs`, or `make docs`."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from s3audit import catalog
from s3audit.check import Check
from s3audit.collectors.live.operations import Operation
from s3audit.collectors.live.permissions import PURPOSES, Purpose
from s3audit.explain import MARK, TOOLS, caption, is_terraform, severity, sources, tidy
from s3audit.frameworks.library import asking, told
from s3audit.renderers.contract import schema
from s3audit.renderers.encode import encode
from s3audit.renderers.jsonl import schema as lines_schema
from s3audit.renderers.summary import LANGUAGES, fix_in

FOLDER = Path(__file__).parent.parent / "docs"
README = "../README.md"
COMMAND = "make docs"

_FENCES = {"CloudFormation": "yaml", "Terraform": "hcl", "AWS CLI": "sh"}
_BEGIN, _END = "<!-- topics: `make docs` writes this table -->\n", "<!-- end of topics -->\n"
_ABOUT = {
    "access": "who can read and write, whatever lets them; Block Public Access, access grants, requester pays",
    "account": "Block Public Access of the account",
    "acl": "what ACLs grant, and whether they count",
    "cloudfront": "origins, their identities and policies, names that dangle",
    "cors": "origins and methods that browsers are allowed",
    "encryption": "default encryption, keys and who can use them, uploads that are forced or refused",
    "logging": "access logs, their target, loops, and what keeps them from arriving",
    "object-lock": "retention, and what defeats it",
    "policy": "bucket policies: outsiders, wildcards, conditions that do not hold, lock-out",
    "replication": "rules, roles, keys and destinations of copies",
    "template": "what is declared twice or against itself",
    "transport": "plain HTTP and old TLS",
    "versioning": "versioning, MFA delete, old versions",
}
"""What the checks of a topic are about, in a line."""
_GENERATED = f"<!-- Written by `{COMMAND}` from the check itself; change it there. -->"


def pages(checks: Sequence[Check]) -> dict[str, str]:
    """The text of every page by its place below docs/."""
    return {
        "checks.md": _index(checks),
        "live-calls.md": "\n".join(_calls()) + "\n",
        "report.schema.json": encode(schema()),
        "report-lines.schema.json": encode(lines_schema()),
        **{f"checks/{check.id}.md": _page(check) for check in checks},
    }


def readme(text: str, checks: Sequence[Check]) -> str:
    """The README with the table of topics as it is now."""
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    return before + begin + "\n".join(_topics(checks)) + "\n" + end + after if end else text


def _topics(checks: Sequence[Check]) -> Iterator[str]:
    yield "| Topic | Checks | About |"
    yield "|---|--:|---|"
    for topic, together in _by_topic(checks):
        heading = _heading(topic)
        anchor = heading.lower().replace(" ", "-")
        yield f"| [{heading}](docs/checks.md#{anchor}) | {len(together)} | {_ABOUT.get(topic, together[0].title)} |"


def stale(wanted: Mapping[str, str], folder: Path = FOLDER) -> list[str]:
    """The pages that are missing, out of date, or about a check that is no more."""
    changed = [name for name, text in wanted.items() if _read(folder / name) != text]
    return sorted(changed + [name for name in _present(folder) if name not in wanted])


def write(wanted: Mapping[str, str], folder: Path = FOLDER) -> None:
    for name, text in wanted.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="\n")
    for name in _present(folder):
        if name not in wanted:
            (folder / name).unlink()


def _present(folder: Path) -> list[str]:
    return [f"checks/{place.name}" for place in sorted((folder / "checks").glob("*.md"))]


def _read(place: Path) -> str | None:
    try:
        return place.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None


def _index(checks: Sequence[Check]) -> str:
    return "\n".join(_index_lines(checks)) + "\n"


def _index_lines(checks: Sequence[Check]) -> Iterator[str]:
    yield "# Checks"
    yield ""
    yield _GENERATED
    yield ""
    yield (
        f"s3audit has {len(checks)} checks. Each title says what is true when the check passes. Search this page for a"
    )
    yield "word, or for [the name that another tool has](#names-in-other-tools) for the same question."
    for topic, together in _by_topic(checks):
        yield ""
        yield f"## {_heading(topic)}"
        yield ""
        yield "| Check | What is true when it passes | Severity | Judges |"
        yield "|---|---|---|---|"
        for check in together:
            yield (
                f"| [{check.id}](checks/{check.id}.md) | {_cell(check.title)} | {check.severity.label} |"
                f" {sources(check)} |"
            )
    yield ""
    yield "## Names in other tools"
    yield ""
    yield "| Name | Tool | Check |"
    yield "|---|---|---|"
    found = {
        (TOOLS.get(tool, tool), name, check.id)
        for check in checks
        for tool, names in check.peers.items()
        for name in names
    }
    for tool, name, check_id in sorted(found):
        yield f"| `{name}` | {tool} | [{check_id}](checks/{check_id}.md) |"


def _by_topic(checks: Sequence[Check]) -> Iterator[tuple[str, list[Check]]]:
    for topic, together in groupby(sorted(checks, key=lambda c: (c.topic, c.id)), key=lambda c: c.topic):
        yield topic, list(together)


def _heading(topic: str) -> str:
    known = {"acl": "ACL", "cloudfront": "CloudFront", "cors": "CORS"}
    return known.get(topic, topic.replace("-", " ").capitalize())


def _page(check: Check) -> str:
    return "\n".join(_page_lines(check)) + "\n"


def _page_lines(check: Check) -> Iterator[str]:
    yield f"# {check.id}"
    yield ""
    yield _GENERATED
    yield ""
    yield f"**{check.title}.**"
    yield ""
    yield check.why
    yield ""
    yield f"- **Severity:** {severity(check)}."
    yield f"- **Judges:** {sources(check)}."
    if check.yields_to:
        yield f"- **Gives way to:** {', '.join(map(_link, check.yields_to))}, where one of them fails."
    if check.aliases:
        yield f"- **Also known as:** {', '.join(f'`{alias}`' for alias in check.aliases)}."
    yield f"- **Alone:** `s3audit scan --select {check.id} PATH`; left out: `--ignore {check.id}`."
    yield from _examples("What fails", check.fails)
    yield from _examples("What passes", check.passes)
    yield from _examples("What can't be decided", check.unsure)
    yield from _fix(check)
    yield from _frameworks(check)
    yield from _equivalents(check)


def _examples(heading: str, examples: Sequence[str]) -> Iterator[str]:
    if not examples:
        return
    yield ""
    yield f"## {heading}"
    if any(MARK in example for example in examples):
        yield ""
        yield f"The finding points to the lines that end with `{MARK}`."
    for example in examples:
        says, code = caption(tidy(example))
        yield ""
        yield says
        yield ""
        yield from _fenced(_language(code), code)


def _language(code: str) -> str:
    if is_terraform(code):
        return "hcl"
    return "json" if code.startswith("{") and MARK not in code else "yaml"


def _fix(check: Check) -> Iterator[str]:
    yield ""
    yield "## How to fix it"
    for source, language in LANGUAGES.items():
        if fix := fix_in(check.fix, source):
            yield ""
            yield f"{language}:"
            yield ""
            yield from _fenced(_FENCES[language], fix)
    if check.fix.note:
        yield ""
        yield check.fix.note


def _frameworks(check: Check) -> Iterator[str]:
    """The requirements of ours that it answers."""
    asked = told(_asking().get(check.id, ()))
    if not asked:
        return
    yield ""
    yield "## In frameworks"
    yield ""
    yield "| [Framework](../frameworks.md) | Requirements |"
    yield "|---|---|"
    for framework, requirements in asked:
        yield f"| {framework} | {requirements} |"


_asking = cache(asking)


def _equivalents(check: Check) -> Iterator[str]:
    if not check.peers:
        return
    yield ""
    yield "## In other tools"
    yield ""
    yield "| Tool | Its name there |"
    yield "|---|---|"
    for tool, names in check.peers.items():
        yield f"| {TOOLS.get(tool, tool)} | {'<br>'.join(_cell(name) for name in names)} |"


_OPTIONS = {"organization": "--organization", "objects": "--objects", "uploads": "--uploads"}


def _calls() -> Iterator[str]:
    yield "# The calls of a live scan"
    yield ""
    yield f"<!-- Written by `{COMMAND}` from the table of operations; change it there. -->"
    yield ""
    yield "These are all calls that `s3audit live` can make; a guard in front of boto3 refuses any other. The checks"
    yield "that are selected decide which of them it makes. `s3audit iam-policy` prints what has to be allowed, as a"
    yield "policy or a role."
    yield ""
    yield "*Nothing configured* names the error codes by which this very call says so. Any other error leaves what the"
    yield "call would have told unknown."
    for purpose in PURPOSES:
        yield ""
        yield f"## {purpose.title}"
        yield ""
        yield _when(purpose)
        yield ""
        yield "| Call | Tells | IAM action | Nothing configured |"
        yield "|---|---|---|---|"
        yield from (_call(operation) for operation in sorted(purpose.operations, key=lambda one: one.id))


def _when(purpose: Purpose) -> str:
    if purpose.option:
        return f"Only with `{_OPTIONS[purpose.option]}`."
    return f"For checks that need *{purpose.need}*." if purpose.need else "In every scan."


def _call(operation: Operation) -> str:
    action = f"`{operation.action}`" if operation.action else "none is needed"
    codes = ", ".join(f"`{code}`" for code in operation.absent)
    if operation.says:
        codes += f" with *{operation.says}*"
    return f"| `{operation.id}` | {_cell(operation.tells)} | {action} | {codes} |"


def _fenced(language: str, code: str) -> Iterator[str]:
    yield f"```{language}"
    yield code.rstrip("\n")
    yield "```"


def _link(check_id: str) -> str:
    return f"[{check_id}]({check_id}.md)"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with `--check` say which are not up to date."""
    if not FOLDER.is_dir():
        sys.stderr.write(f"There is no {FOLDER}: the pages are written in a source checkout.\n")
        return 2
    checks = catalog.load()
    wanted = {**pages(checks), README: readme(_read(FOLDER / README) or "", checks)}
    if "--check" not in arguments:
        write(wanted)
        return 0
    changed = stale(wanted)
    for name in changed:
        sys.stderr.write(f"docs/{name} is out of date.\n")
    if changed:
        sys.stderr.write(f"Run `{COMMAND}` and commit what it writes.\n")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
