"""What a check asks, why, and how it is put right: as text for a terminal."""

import re
from collections.abc import Callable, Iterator, Sequence
from textwrap import wrap

from s3audit.check import CLOUDFORMATION, LIVE, TERRAFORM, Check
from s3audit.renderers.summary import LANGUAGES, fix_in

TOOLS = {
    "checkov": "Checkov",
    "cfn_lint": "cfn-lint",
    "cfn_nag": "cfn_nag",
    "config": "AWS Config",
    "custodian": "Cloud Custodian",
    "guard": "CloudFormation Guard",
    "kics": "KICS",
    "prowler": "Prowler",
    "regula": "Regula",
    "scoutsuite": "ScoutSuite",
    "securityhub": "Security Hub",
    "steampipe": "Steampipe",
    "terrascan": "Terrascan",
    "tflint": "TFLint",
    "trivy": "Trivy",
}
"""The tools whose equivalents a check may name."""

SOURCES = {CLOUDFORMATION: "CloudFormation", TERRAFORM: "Terraform", LIVE: "live accounts"}

MARK = "# <-"
"""Stands at the end of a line of an example that the evidence points to."""

_BOLD, _DIM, _CYAN = "1", "2", "36"
_WIDTH = 80

_Paint = Callable[[str, str], str]


def tidy(text: str) -> str:
    """A text from a check file without the indentation that it has there."""
    lines = text.rstrip().splitlines()
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[margin:].rstrip() for line in lines).strip("\n") + "\n"


def is_terraform(example: str) -> bool:
    """Whether an example is written in Terraform's language; most are CloudFormation templates."""
    return re.search(r'^(?:resource|data|module) "', example, re.MULTILINE) is not None


def is_account(example: str) -> bool:
    """Whether an example is a live account, written down: what no template can tell."""
    return re.search(r"^Account:", example, re.MULTILINE) is not None


def intent(example: str) -> str:
    """The configuration that an example is judged with: its lines that begin with `#:`."""
    return "".join(
        f"{line.removeprefix('#:').strip()}\n" for line in example.splitlines() if line.startswith("#:")
    )


def caption(example: str) -> tuple[str, str]:
    """The first line of a tidy example, which says what it shows, and the example without it."""
    first, _, rest = example.partition("\n")
    return first.removeprefix("#").strip(), rest


def sources(check: Check) -> str:
    """`CloudFormation, Terraform and live accounts`."""
    *others, last = (SOURCES[source] for source in check.sources)
    return f"{', '.join(others)} and {last}" if others else last


def severity(check: Check) -> str:
    """The severity and when a finding has another one: `medium for this; high for that`."""
    rule = check.severity_rule
    return rule if rule.startswith(check.severity.label) else f"{check.severity.label}. {rule}".strip(". ")


def explain(check: Check, color: bool = False, asked: Sequence[tuple[str, str]] = ()) -> str:
    """All that is to know about a check before and after it fails; `asked` are frameworks and their requirements."""
    paint: _Paint = (lambda code, text: f"\x1b[{code}m{text}\x1b[0m") if color else (lambda _, text: text)
    return "\n".join(line.rstrip() for line in _lines(check, paint, asked)) + "\n"


def asked_as(checks: Sequence[Check], name: str) -> str:
    """What led to these checks, where that was a name of another tool; else nothing."""
    from s3audit.peers import tools_of

    tools = list(dict.fromkeys(TOOLS.get(tool, tool) for check in checks for tool in tools_of(check, name)))
    if not tools or any(name in (check.id, check.topic, *check.aliases) for check in checks):
        return ""
    return f"{name} of {' and '.join(tools)} is asked here by {', '.join(check.id for check in checks)}.\n"


def _lines(check: Check, paint: _Paint, asked: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield f"{paint(_BOLD, check.id)}: {check.title}."
    yield ""
    for paragraph in check.why.split("\n\n"):
        yield from wrap(paragraph, _WIDTH)
        yield ""
    yield from _entry("Severity", severity(check))
    yield from _entry("Judges", sources(check))
    if check.aliases:
        yield from _entry("Also", ", ".join(check.aliases))
    for heading, examples in (("Fails", check.fails), ("Passes", check.passes)):
        yield from _section(heading, paint)
        yield from _code(tidy(examples[0]), paint)
    for source, language in LANGUAGES.items():
        if fix := fix_in(check.fix, source):
            yield from _section(f"Fix: {language}", paint)
            yield from _code(fix, paint)
    if check.fix.note:
        yield ""
        yield from wrap(check.fix.note, _WIDTH)
    if asked:
        yield from _section("Asked for by", paint)
        for framework, requirements in asked:
            yield from _entry(framework, requirements, "  ")
    if check.peers:
        yield from _section("Equivalents", paint)
        for tool, names in check.peers.items():
            yield from _entry(TOOLS.get(tool, tool), ", ".join(names), "  ")


def _section(heading: str, paint: _Paint) -> Iterator[str]:
    yield ""
    yield paint(_BOLD, heading)


def _entry(name: str, text: str, indent: str = "") -> Iterator[str]:
    room = " " * (len(indent) + 10)
    yield from wrap(
        f"{name}: {text}", _WIDTH, initial_indent=indent, subsequent_indent=room, break_on_hyphens=False
    )


def _code(code: str, paint: _Paint) -> Iterator[str]:
    for line in code.rstrip("\n").splitlines():
        if line.lstrip().startswith("#"):
            yield paint(_DIM, f"  {line}")
        elif line.endswith(MARK):
            yield f"  {line.removesuffix(MARK)}{paint(_CYAN, MARK)}"
        else:
            yield f"  {line}"
