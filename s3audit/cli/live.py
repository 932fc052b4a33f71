"""`s3audit live`: the options, and what happens between them and the report."""

import gc
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, NoReturn

import click

from s3audit import accounts, api
from s3audit.cli import commands
from s3audit.collectors.live.wanted import Wanted
from s3audit.collectors.live.watch import Watch

_OF_SCAN = frozenset(
    {
        "form",
        "outputs",
        "frameworks",
        "severity",
        "select",
        "ignore",
        "show",
        "strict",
        "exit_zero",
        "color",
        "config",
        "no_config",
        "checks_in",
    }
)


@click.command()
@click.option("--profile", default="", metavar="NAME", help="The AWS profile to sign in with.")
@click.option(
    "--region", "regions", multiple=True, metavar="REGION", help="Look only into this Region; repeatable."
)
@click.option(
    "--bucket", "buckets", multiple=True, metavar="GLOB", help="Read only buckets of this name; repeatable."
)
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out buckets of this name; repeatable.")
@click.option(
    "--tag",
    "tags",
    multiple=True,
    metavar="KEY=GLOB",
    help="Read only buckets with this tag; repeatable, a bucket then has all of them.",
)
@click.option(
    "--assume-role",
    "assume_roles",
    multiple=True,
    metavar="ARN",
    help="Scan the account of this role; repeatable.",
)
@click.option("--external-id", default="", metavar="ID", help="What the roles ask for.")
@click.option("--organization", is_flag=True, help="Scan every account of the organization.")
@click.option(
    "--role-name",
    default=accounts.ROLE_NAME,
    show_default=True,
    metavar="NAME",
    help="The role in each account of the organization.",
)
@click.option("--endpoint-url", default="", metavar="URL", help="Of a store that is compatible with S3.")
@click.option("--objects", is_flag=True, help="Look also at the ACLs of some objects of each bucket.")
@click.option("--uploads", is_flag=True, help="Look also for uploads that were never completed.")
@click.option("--thorough", is_flag=True, help="Ask also for what follows from other answers.")
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=accounts.WORKERS,
    show_default=True,
    help="How many calls are made at the same time.",
)
@click.option(
    "--snapshot",
    default="",
    metavar="FOLDER",
    help="Keep what is seen there, for `s3audit scan FOLDER`; what was not finished is gone on with.",
)
@click.option(
    "--redact", is_flag=True, help="Keep neither policies nor tags nor account ids in the snapshot."
)
@click.option("--overwrite", is_flag=True, help="Put the snapshot in the place of the one that is there.")
@click.option(
    "--send",
    type=click.Choice(["securityhub"]),
    help="Tell AWS Security Hub what is found, and what is no more. This alone writes something.",
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing about the progress.")
def live(
    *,
    tags: tuple[str, ...],
    objects: bool,
    uploads: bool,
    snapshot: str,
    redact: bool,
    overwrite: bool,
    send: str | None,
    quiet: bool,
    form: str | None,
    outputs: tuple[str, ...],
    frameworks: tuple[str, ...],
    severity: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    show: str | None,
    strict: bool,
    exit_zero: bool,
    color: str,
    config: str | None,
    no_config: bool,
    checks_in: tuple[str, ...],
    **asked: Any,
) -> int:
    """Read what an account really has, and say what is wrong with it. Nothing is changed: every call is a read.

    With --send findings are written to AWS Security Hub, and nothing else.

    Without --assume-role and --organization it is the account of the credentials that the AWS CLI would use.
    `s3audit iam-policy` prints what they have to allow.

    Exit codes: 0 clean, 1 findings, 2 wrong usage or no way in, 3 something that was named could not be read.
    """
    configuration = commands.config_of(config, no_config)
    wanted_outputs = commands.outputs_of(form, outputs)
    optional = [name for name, on in (("objects", objects), ("uploads", uploads)) if on]
    wanted = accounts.wanted(tags=commands.pairs(tags, "--tag takes KEY=GLOB"), optional=optional, **asked)
    if send and wanted.endpoint_url:
        raise api.UsageError("--send is for AWS, and --endpoint-url names another store")
    keeping = accounts.kept_in(snapshot, redact=redact, overwrite=overwrite)
    watch = Watch()
    with _unkillable(), nullcontext() if quiet else _progress(watch):
        done = accounts.run(
            wanted,
            select=commands.split(select),
            ignore=commands.split(ignore),
            severity=commands.severity_of(severity, frameworks),
            show=commands.shown(show, frameworks),
            frameworks=frameworks,
            watch=watch,
            keeping=keeping,
            config=configuration,
            config_found=config is None,
            checks_in=checks_in,
        )
    if done.interrupted:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    for form_, file in wanted_outputs:
        commands.write(form_, file, done, color)
    accounts.told(keeping, done)
    code = commands.exit_code(done, strict, exit_zero)
    if send and not _sent(wanted, done) and code == commands.CLEAN:
        return commands.INCOMPLETE
    return code


live.params += [param for param in commands.scan.params if param.name in _OF_SCAN]


def _sent(wanted: Wanted, done: api.Scan) -> bool:
    """Tell Security Hub, and say how that went; whether all of it was taken."""
    from s3audit.securityhub import send

    whole = True
    for one in send(wanted, done, int(time.time())):
        place = f" of {one.account} in {one.region}" if one.account else ""
        if one.told or one.archived:
            click.echo(f"Security Hub{place}: {one.told:,} told, {one.archived:,} archived.", err=True)
        if one.why:
            whole = False
            lost = f"{one.failed:,} not taken, " if one.failed else ""
            click.echo(f"Security Hub{place}: {lost}{one.why.rstrip('.')}.", err=True)
    return whole


@contextmanager
def _unkillable() -> Iterator[None]:
    """A scan of hours collects its garbage, and what a scheduler ends tells what it has seen."""
    was_on = gc.isenabled()
    gc.enable()
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        if not was_on:
            gc.disable()


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _progress(watch: Watch) -> Any:
    from s3audit.cli.live_progress import shown

    return shown(watch, sys.stderr)
