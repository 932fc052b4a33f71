"""The commands and their options."""

import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from s3audit import __version__, api
from s3audit.check import Check
from s3audit.cli.output import is_terminal, put
from s3audit.discover import configuration
from s3audit.finding import FindingStatus, Sheet
from s3audit.renderers import FORMATS
from s3audit.verdict import Severity

if TYPE_CHECKING:
    from s3audit.frameworks.library import Asked
    from s3audit.library import Library

CLEAN, FINDINGS, USAGE, INCOMPLETE, INTERRUPTED = 0, 1, 2, 3, 130
_MANY = 1 << 16

_SEVERITIES = click.Choice([s.label for s in Severity])
CONFIG_HELP = (
    "What says what buckets are for [the nearest .s3audit.toml, or pyproject.toml that names s3audit]."
)
_CHECK_HELP = (
    "a check's id, a topic, a glob such as 'logging-*', or another tool's name for it; repeatable, or separated by"
    " commas."
)
CHECKS_HELP = "A folder of checks of your own, which are Python and are run; repeatable."


class _Commands(click.Group):
    """Loads a command that a scan of files has no use for when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted((*super().list_commands(ctx), *_LATER))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _LATER:
            return super().get_command(ctx, cmd_name)
        from importlib import import_module

        name = _MODULES.get(cmd_name, cmd_name).replace("-", "_")
        found: click.Command = getattr(import_module(f"s3audit.cli.{name}"), name)
        return found


_LATER = ("demo", "frameworks", "iam-policy", "live", "policy", "report", "test")
_MODULES = {"test": "testing"}  # a module of the other name would be taken for tests


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="s3audit", message="%(prog)s %(version)s")
def cli() -> None:
    """Tells whether your S3 storage is set up the way you believe it is."""


@cli.command()
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option(
    "-f", "--format", "form", type=click.Choice(list(FORMATS)), help="Format on standard output [text]."
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT=FILE",
    help="Write a report in one of these formats to a file, '-' is standard output; repeatable.",
)
@click.option(
    "--framework",
    "frameworks",
    multiple=True,
    metavar="NAME|FILE",
    help="Run only the checks that this framework names, and report by its requirements; repeatable.",
)
@click.option(
    "--severity",
    type=_SEVERITIES,
    help="The least severity shown and failing [medium; info with --framework].",
)
@click.option("--select", multiple=True, metavar="CHECK", help="Run only: " + _CHECK_HELP)
@click.option("--ignore", multiple=True, metavar="CHECK", help="Leave out: " + _CHECK_HELP)
@click.option(
    "--show",
    metavar="STATUSES",
    help="Statuses to show, separated by commas: fail, error, unknown, suppressed, pass, not_applicable, all"
    " [fail,error; with --framework also unknown,suppressed].",
)
@click.option(
    "--parameter", "parameters", multiple=True, metavar="KEY=VALUE", help="The value of a template parameter."
)
@click.option(
    "--parameter-file",
    "parameter_files",
    multiple=True,
    metavar="FILE",
    help="A parameter file in the form of the AWS CLI or of CodePipeline.",
)
@click.option(
    "--var", "variables", multiple=True, metavar="NAME=VALUE", help="The value of a Terraform variable."
)
@click.option(
    "--var-file", "variable_files", multiple=True, metavar="FILE", help="A file of Terraform variables."
)
@click.option(
    "--source-dir",
    default="",
    metavar="FOLDER",
    help="Where the source of a plan or state lies [its folder].",
)
@click.option(
    "--all-scenarios",
    is_flag=True,
    help="Judge every allowed value of every parameter and variable, not the default.",
)
@click.option("--strict", is_flag=True, help="Exit with 3 if anything could not be read or decided.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if there are findings.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.option(
    "--max-size",
    type=click.IntRange(1),
    default=api.MAX_SIZE,
    show_default=True,
    help="Bytes a file may have; a plan or state a hundred times that, unless it is given.",
)
@click.option("--config", metavar="FILE", help=CONFIG_HELP)
@click.option("--no-config", is_flag=True, help="Read no configuration.")
@click.option("--checks", "checks_in", multiple=True, metavar="FOLDER", help=CHECKS_HELP)
@click.option(
    "--honor-foreign",
    is_flag=True,
    help="Let comments and metadata count that suppress checks of checkov, Trivy, tfsec, KICS and cfn-lint.",
)
@click.pass_context
def scan(
    context: click.Context,
    paths: tuple[str, ...],
    form: str | None,
    outputs: tuple[str, ...],
    frameworks: tuple[str, ...],
    severity: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    show: str | None,
    parameters: tuple[str, ...],
    parameter_files: tuple[str, ...],
    variables: tuple[str, ...],
    variable_files: tuple[str, ...],
    source_dir: str,
    all_scenarios: bool,
    strict: bool,
    exit_zero: bool,
    color: str,
    max_size: int,
    config: str | None,
    no_config: bool,
    checks_in: tuple[str, ...],
    honor_foreign: bool,
) -> int:
    """Read files and folders ('-' is standard input) and say what is wrong with their S3 storage.

    Exit codes: 0 clean, 1 findings, 2 wrong usage, 3 something that was named could not be read.
    """
    if not paths:
        click.echo("Nothing to scan: name a file or a folder, or '-' for standard input.", err=True)
        return CLEAN
    wanted = outputs_of(form, outputs)
    done = api.run(
        paths,
        parameters=_parameters(parameters, parameter_files),
        variables=pairs(variables, "--var takes NAME=VALUE"),
        variable_files=variable_files,
        source_dir=source_dir,
        select=split(select),
        ignore=split(ignore),
        severity=severity_of(severity, frameworks),
        show=shown(show, frameworks),
        frameworks=frameworks,
        all_scenarios=all_scenarios,
        max_size=max_size,
        config=config_of(config, no_config),
        config_found=config is None,
        checks_in=checks_in,
        honor_foreign=honor_foreign,
    )
    if done.interrupted:
        # Whoever is impatient has to wait for what was found; it does not take long.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    for form_, file in wanted:
        write(form_, file, done, color)
    return exit_code(done, strict, exit_zero)


def severity_of(severity: str | None, frameworks: Sequence[str]) -> Severity:
    """The threshold: a framework asks for what it asks for, however grave we think that is."""
    return api.severity_of(severity or ("info" if frameworks else "medium"))


def shown(statuses: str | None, frameworks: Sequence[str]) -> tuple[FindingStatus, ...]:
    """What is listed: by requirement also what is open, as a requirement may hang on it."""
    if statuses is None:
        return (*api.DEFAULT_SHOW, "unknown", "suppressed") if frameworks else api.DEFAULT_SHOW
    return tuple(api.iter_statuses(statuses))


def outputs_of(
    form: str | None, outputs: Iterable[str], formats: Iterable[str] = FORMATS
) -> list[tuple[str, str]]:
    wanted: list[tuple[str, str]] = []
    for output in outputs:
        name, equals, file = output.partition("=")
        if not equals or not file or name not in formats:
            expected = ", ".join(formats)
            raise api.UsageError(f"-o takes FORMAT=FILE with one of {expected}, not {output!r}")
        wanted.append((name, file))
    if form is not None or not wanted:
        wanted.append((form or "text", "-"))
    if sum(file == "-" for _, file in wanted) > 1:
        raise api.UsageError(
            "only one report fits on standard output; give the others a file: -o FORMAT=FILE"
        )
    return wanted


def config_of(config: str | None, no_config: bool) -> str:
    """The configuration that counts: the one that is named, or else the nearest."""
    if no_config and config is not None:
        raise api.UsageError("--config names a configuration, and --no-config says to read none")
    if no_config or config is not None:
        return config or ""
    return configuration(os.getcwd())


def split(patterns: Iterable[str]) -> list[str]:
    return [piece.strip() for pattern in patterns for piece in pattern.split(",") if piece.strip()]


def _parameters(given: Iterable[str], files: Iterable[str]) -> Mapping[str, str]:
    """What the files say, and above it what was given by hand."""
    values: dict[str, str] = {}
    for file in files:
        from s3audit.collectors.cloudformation.parameters import load_parameter_file

        try:
            with open(file, "rb") as handle:
                data = handle.read()
        except OSError as error:
            raise api.UsageError(
                f"the parameter file {file} can't be read: {error.strerror or error}"
            ) from None
        read, problems = load_parameter_file(data, file)
        if problems:
            raise api.UsageError(f"{problems[0].at}: {problems[0].message.rstrip('.')}")
        values.update(read)
    return {**values, **pairs(given, "--parameter takes KEY=VALUE")}


def pairs(given: Iterable[str], expected: str) -> Mapping[str, str]:
    values: dict[str, str] = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise api.UsageError(f"{expected}, not {pair!r}")
        values[key] = value
    return values


def write(form: str, file: str, done: api.Scan, color: str) -> None:
    from s3audit.renderers import left_out, pieces

    to_stdout = file == "-"
    sheet = Sheet(done.lines, to_stdout and _colored(color), _width(), _now())
    parts = _together(pieces(form, done.report, sheet, done.frameworks))
    first = next(parts, "")  # what breaks while it is made leaves the file as it was
    for sentence in left_out(form, done.report, done.frameworks):
        click.echo(sentence, err=True)
    if to_stdout:
        put(first)
        for part in parts:
            put(part)
        return
    try:
        with open(file, "wb") as handle:
            handle.write(first.encode("utf-8", "replace"))
            handle.writelines(part.encode("utf-8", "replace") for part in parts)
    except OSError as error:
        raise api.UsageError(f"the report can't be written to {file}: {error.strerror or error}") from None


def _together(pieces: Iterable[str]) -> Iterator[str]:
    """The same in fewer pieces."""
    waiting: list[str] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _MANY:
            yield "".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield "".join(waiting)


def _now() -> int:
    """The time of the run; builds that are to be the same each time say which that is."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 12 else int(time.time())


def _colored(choice: str) -> bool:
    if choice == "auto":
        return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return choice == "always"


def _width() -> int:
    if not is_terminal():
        return 100
    try:
        return min(max(os.get_terminal_size(sys.stdout.fileno()).columns, 60), 140)
    except OSError:
        return 100


def exit_code(done: api.Scan, strict: bool, exit_zero: bool) -> int:
    report = done.report
    if done.interrupted:
        return INTERRUPTED
    if _fails(done) and not exit_zero:
        return FINDINGS
    if done.unread:
        return INCOMPLETE
    tally = report.tally()
    undecided = tally["unknown"] or tally["error"]
    missed = any(p.kind in ("unreadable", "partial", "crash") for p in report.problems)
    return INCOMPLETE if strict and (undecided or missed) else CLEAN


def _fails(done: api.Scan) -> bool:
    """By requirement, what only stands beside a requirement fails nothing."""
    if not done.frameworks:
        return done.report.fails
    deciding = {check for one in done.frameworks for check in one.deciding}
    least = done.report.threshold
    return any(
        check in deciding and status == "fail" and severity >= least
        for check, status, severity in done.report.counted
    )


@cli.command()
@click.argument("check_id", metavar="CHECK")
@click.option("--checks", "checks_in", multiple=True, metavar="FOLDER", help=CHECKS_HELP)
@click.option("--config", metavar="FILE", help="A configuration that names such folders.")
def explain(check_id: str, checks_in: tuple[str, ...], config: str | None) -> int:
    """Say what a check asks, why, and how it is put right. Another tool's name for it will do."""
    from s3audit.explain import asked_as
    from s3audit.explain import explain as text_of
    from s3audit.frameworks.library import asking, told

    known = _library(checks_in, config)
    chosen = known.selected([check_id], [])
    frameworks = asking()
    pages = [text_of(check, asked=told(frameworks.get(check.id, ()))) for check in chosen]
    for text in filter(None, (asked_as(chosen, check_id), *pages)):
        put(f"{text}\n")
    return _told_of(known)


@cli.command()
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option("--select", multiple=True, metavar="CHECK", help="Only: " + _CHECK_HELP)
@click.option("--checks", "checks_in", multiple=True, metavar="FOLDER", help=CHECKS_HELP)
@click.option("--config", metavar="FILE", help="A configuration that names such folders.")
def checks(form: str, select: tuple[str, ...], checks_in: tuple[str, ...], config: str | None) -> int:
    """List the checks."""
    known = _library(checks_in, config)
    from s3audit.frameworks.library import asking, labels

    chosen = known.selected(split(select), [])
    asked = asking()
    if form == "json":
        import msgspec

        listed = {"checks": [_told(check, asked.get(check.id, ())) for check in chosen]}
        put(f"{msgspec.json.format(msgspec.json.encode(listed), indent=2).decode()}\n")
        return _told_of(known)
    widest = max(len(check.id) for check in chosen)
    room = max(len(check.title) for check in chosen)
    lines = (
        f"{check.id:<{widest}}  {check.severity.label:<8}  {check.title:<{room}}"
        f"  {labels(asked.get(check.id, ()))}".rstrip()
        for check in chosen
    )
    put("".join(f"{line}\n" for line in lines))
    return _told_of(known)


def _told(check: Check, asked: "Sequence[Asked]") -> dict[str, object]:
    frameworks: dict[str, list[str]] = {}
    for one in asked:
        frameworks.setdefault(one.framework.id, []).append(one.requirement.id)
    return {
        "id": check.id,
        "topic": check.topic,
        "title": check.title,
        "severity": check.severity.label,
        "severity_rule": check.severity_rule,
        "why": check.why,
        "sources": check.sources,
        "needs": check.needs,
        "aliases": check.aliases,
        "peers": check.peers,
        "frameworks": frameworks,
        "fix": check.fix,
    }


def _library(checks_in: Sequence[str], config: str | None) -> "Library":
    from s3audit.library import library

    return library(checks_in, api.configured(config or ""), whole=True)


def _told_of(known: "Library") -> int:
    """Say which checks could not be loaded."""
    for problem in known.problems:
        click.echo(f"{problem.at}: {problem.message}", err=True)
    return INCOMPLETE if known.is_broken else CLEAN
