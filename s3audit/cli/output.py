"""Writes to standard output, whatever has become of it."""

import os
import sys

from s3audit.api import UsageError


def put(content: str) -> None:
    """Write a text; if whoever read it has gone, that is no fault of the run, and the rest goes nowhere."""
    if sys.stdout is None:
        raise UsageError("standard output is closed; write the report to a file with -o FORMAT=FILE")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise UsageError(f"standard output can't be written: {error.strerror or error}") from None


def is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()
