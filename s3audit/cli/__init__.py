"""The command line: the only code that prints or exits."""

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from s3audit.cli.lean import lean

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    # A scan builds many small objects that live until its end; looking for garbage among them is wasted time.
    gc.disable()
    try:
        from s3audit.cli.commands import cli

        code = cli.main(
            args=None if arguments is None else list(arguments), prog_name="s3audit", standalone_mode=False
        )
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - click's own, and what is a defect is raised again
        return _usage(error)
    return code if isinstance(code, int) else 0


def run() -> NoReturn:
    """Run the command as a process and end with its exit code.

    Taking all modules and objects apart one by one at the end would cost a fifth of a short run.
    """
    try:
        lean()
        code = main()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except SystemExit as end:  # click's answer to a pipe that is closed
        code = 0 if end.code == 1 else INTERRUPTED
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OSError, ValueError):
                stream.flush()
    os._exit(code)


def _usage(error: Exception) -> int:
    """What click and we say of a wrong call; anything else is a defect and shows itself."""
    import click

    from s3audit.api import UsageError
    from s3audit.check import BadCheckError

    if isinstance(error, click.Abort):
        return INTERRUPTED
    if isinstance(error, click.ClickException):
        error.show()
        return 2
    if isinstance(error, UsageError | BadCheckError):
        click.echo(f"Error: {error}.", err=True)
        return 2
    raise error
