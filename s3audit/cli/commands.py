"""The commands and their options."""

import os
import signal
import sys
from collections.abc import Iterable, Mapping

import click

from s3audit import __version__, api
from s3audit.check import Check
from s3audit.cli.output import is_terminal, put
from s3audit.discover import configuration
from s3audit.finding import Sheet
from s3audit.renderers import FORMATS
from s3audit.verdict import Severity

CLEAN, FINDINGS, USAGE, INCOMPLETE, INTERRUPTED = 0, 1, 2, 3, 130

_SEVERITIES = click.Choice([s.label for s in Severity])
CONFIG_HELP = (
    "What says what buckets are for [the nearest .s3audit.toml, or pyproject.toml that names s3audit]."
)
_CHECK_HELP = "a check's id, a topic, or a glob such as 'logging-*'; repeatable, or separated by commas."


class _Commands(click.Group):
    """Loads a command that a scan of files has no use for when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted((*super().list_commands(ctx), *_LATER))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _LATER:
            return super().get_command(ctx, cmd_name)
        from importlib import import_module

        name = cmd_name.replace("-", "_")
        found: click.Command = getattr(import_module(f"s3audit.cli.{name}"), name)
        return found


_LATER = ("demo", "iam-policy", "live", "policy")


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
    help="Write a report to a file, '-' is standard output; repeatable.",
)
@click.option(
    "--severity",
    type=_SEVERITIES,
    default="medium",
    show_default=True,
    help="The least severity shown and failing.",
)
@click.option("--select", multiple=True, metavar="CHECK", help="Run only: " + _CHECK_HELP)
@click.option("--ignore", multiple=True, metavar="CHECK", help="Leave out: " + _CHECK_HELP)
@click.option(
    "--show",
    default="fail,error",
    show_default=True,
    help="Statuses to show, separated by commas: fail, error, unknown, suppressed, pass, not_applicable, all.",
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
@click.pass_context
def scan(
    context: click.Context,
    paths: tuple[str, ...],
    form: str | None,
    outputs: tuple[str, ...],
    severity: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    show: str,
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
        severity=api.severity_of(severity),
        show=tuple(api.iter_statuses(show)),
        all_scenarios=all_scenarios,
        max_size=max_size,
        config=config_of(config, no_config),
    )
    if done.interrupted:
        # Whoever is impatient has to wait for what was found; it does not take long.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    for form_, file in wanted:
        write(form_, file, done, color)
    return exit_code(done, strict, exit_zero)


def outputs_of(form: str | None, outputs: Iterable[str]) -> list[tuple[str, str]]:
    wanted: list[tuple[str, str]] = []
    for output in outputs:
        name, equals, file = output.partition("=")
        if not equals or not file or name not in FORMATS:
            expected = ", ".join(FORMATS)
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
    from s3audit.renderers import render

    to_stdout = file == "-"
    sheet = Sheet(lines=done.lines, color=to_stdout and _colored(color), width=_width())
    content = render(form, done.report, sheet)
    if to_stdout:
        put(content)
        return
    try:
        with open(file, "wb") as handle:
            handle.write(content.encode("utf-8", "replace"))
    except OSError as error:
        raise api.UsageError(f"the report can't be written to {file}: {error.strerror or error}") from None


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
    if report.fails and not exit_zero:
        return FINDINGS
    if done.unread:
        return INCOMPLETE
    tally = report.tally()
    undecided = tally["unknown"] or tally["error"]
    missed = any(p.kind in ("unreadable", "partial", "crash") for p in report.problems)
    return INCOMPLETE if strict and (undecided or missed) else CLEAN


@cli.command()
@click.argument("check_id", metavar="CHECK")
def explain(check_id: str) -> int:
    """Say what a check asks, why, and how it is put right."""
    from s3audit.explain import explain as text_of

    for check in api.selected(_catalog(), [check_id], []):
        put(f"{text_of(check)}\n")
    return CLEAN


@cli.command()
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option("--select", multiple=True, metavar="CHECK", help="Only: " + _CHECK_HELP)
def checks(form: str, select: tuple[str, ...]) -> int:
    """List the checks."""
    chosen = api.selected(_catalog(), split(select), [])
    if form == "json":
        import msgspec

        listed = {"checks": [_told(check) for check in chosen]}
        put(f"{msgspec.json.format(msgspec.json.encode(listed), indent=2).decode()}\n")
        return CLEAN
    widest = max(len(check.id) for check in chosen)
    put("".join(f"{check.id:<{widest}}  {check.severity.label:<8}  {check.title}\n" for check in chosen))
    return CLEAN


def _told(check: Check) -> dict[str, object]:
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
        "fix": check.fix,
    }


def _catalog() -> tuple[Check, ...]:
    from s3audit import catalog

    return catalog.load()
