"""`s3audit demo`: a live scan of an account that this very process plays."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from s3audit import accounts, api
from s3audit.cli import commands
from s3audit.collectors.live.wanted import Wanted
from s3audit.verdict import Severity

_PAGE = "s3audit-demo.html"
_WORKERS = 8


@click.command()
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT=FILE",
    help=f"Write a report to a file, '-' is standard output; repeatable [text=- and html={_PAGE}].",
)
def demo(outputs: tuple[str, ...]) -> int:
    """Audit the account of a small shop, without credentials and without a network.

    A server on 127.0.0.1 plays AWS; everything else is what `s3audit live` does with a real account.
    """
    wanted = commands.outputs_of(None, outputs or ("text=-", f"html={_PAGE}"))
    with _shop():
        done = accounts.run(
            Wanted(workers=_WORKERS), select=(), ignore=(), severity=Severity.MEDIUM, show=api.DEFAULT_SHOW
        )
    for form, file in wanted:
        commands.write(form, file, done, "auto")
    if not outputs:
        click.echo(
            f"\nThe same as a page: {_PAGE}. With credentials, `s3audit live` reads a real account.", err=True
        )
    return commands.INTERRUPTED if done.interrupted else commands.CLEAN


@contextmanager
def _shop() -> Iterator[None]:
    """The shop's account, and nothing of the user's."""
    from importlib.util import find_spec

    if find_spec("botocore") is None:
        raise api.UsageError("the demo needs boto3: pip install 's3audit[live]'")
    from s3audit.demo.account import world
    from s3audit.demo.alone import alone

    with alone(world()):
        yield
