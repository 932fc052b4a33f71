"""`s3audit report`: what was seen at some time, arranged by the requirements of a framework."""

import os
import sys

import click

from s3audit import api
from s3audit.cli import commands
from s3audit.finding import FindingStatus, Report
from s3audit.problem import Problem
from s3audit.renderers import BY_REQUIREMENT
from s3audit.verdict import Severity

_SHOWN: frozenset[FindingStatus] = frozenset({"fail", "error", "unknown", "suppressed"})


@click.command()
@click.argument("seen", metavar="INPUT")
@click.option(
    "--framework",
    "frameworks",
    multiple=True,
    required=True,
    metavar="NAME|FILE",
    help="The framework, one of `s3audit frameworks` or a file of your own; repeatable.",
)
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(list(BY_REQUIREMENT)),
    help="Format on standard output [text].",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT=FILE",
    help="Write a report to a file, '-' is standard output; repeatable.",
)
@click.option("--checks", "checks_in", multiple=True, metavar="FOLDER", help=commands.CHECKS_HELP)
@click.option("--config", metavar="FILE", help=f"For a snapshot. {commands.CONFIG_HELP}")
@click.option("--no-config", is_flag=True, help="Read no configuration.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
def report(
    seen: str,
    frameworks: tuple[str, ...],
    form: str | None,
    outputs: tuple[str, ...],
    checks_in: tuple[str, ...],
    config: str | None,
    no_config: bool,
    color: str,
) -> int:
    """Say what each requirement of a framework comes to, from what was seen before.

    INPUT is the folder of a snapshot (`s3audit live --snapshot FOLDER`), or a JSON report with all its answers
    (`-f json --show all --severity info` of a scan); '-' is standard input.

    Exit codes: 0 the report is written, whatever it says, 2 wrong usage, 3 not all of the input could be read.
    """
    wanted = commands.outputs_of(form, outputs, BY_REQUIREMENT)
    if os.path.isdir(seen):
        done = _of_snapshot(seen, frameworks, checks_in, config, no_config)
    else:
        done = _of_json(seen, frameworks, checks_in, config)
    for form_, file in wanted:
        commands.write(form_, file, done, color)
    return commands.exit_code(done, strict=False, exit_zero=True)


def _of_snapshot(
    folder: str,
    frameworks: tuple[str, ...],
    checks_in: tuple[str, ...],
    config: str | None,
    no_config: bool,
) -> api.Scan:
    done = api.run(
        [folder],
        parameters={},
        select=(),
        ignore=(),
        severity=Severity.INFO,
        show=_SHOWN,
        all_scenarios=False,
        max_size=api.MAX_SIZE,
        config=commands.config_of(config, no_config),
        config_found=config is None,
        checks_in=checks_in,
        frameworks=frameworks,
    )
    if not done.report.inputs or any(one.kind != api.STORED for one in done.report.inputs):
        raise api.UsageError(
            f"{folder} is no snapshot; `s3audit scan --framework NAME {folder}` judges what it declares"
        )
    return done


def _of_json(
    file: str, frameworks: tuple[str, ...], checks_in: tuple[str, ...], config: str | None
) -> api.Scan:
    from s3audit.library import library
    from s3audit.renderers.read_json import NoReportError, read_json

    name = "standard input" if file == "-" else file
    known = library(checks_in, api.configured(config or ""))
    asking = api.frameworks_of(frameworks, known.checks)
    checks = api.asked_by(asking, known.checks)
    try:
        whole = read_json(_bytes_of(file), checks)
    except OSError as error:
        raise api.UsageError(f"{name} can't be read: {error.strerror or error}") from None
    except NoReportError as error:
        raise api.UsageError(f"{name} {error}") from None
    unread = known.is_broken or any(problem.kind == "unreadable" for problem in whole.problems)
    return api.Scan(_only(whole, known.problems), lambda _: None, unread, False, asking)


def _bytes_of(file: str) -> bytes:
    if file == "-":
        if sys.stdin is None:
            raise OSError("standard input is closed")
        return sys.stdin.buffer.read()
    with open(file, "rb") as handle:
        return handle.read()


def _only(whole: Report, problems: tuple[Problem, ...]) -> Report:
    """What the checks of the frameworks have said, and what could not be loaded now."""
    import msgspec

    named = {check.id for check in whole.checks}
    return msgspec.structs.replace(
        whole,
        findings=tuple(finding for finding in whole.findings if finding.check in named),
        problems=(*whole.problems, *problems),
        show=_SHOWN,
    )
