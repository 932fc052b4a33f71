"""What a collector is given to read, and what it gives back."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from s3audit.model.world import World
from s3audit.problem import Problem


class File(msgspec.Struct, frozen=True):
    """One file with something for us in it."""

    source: str
    """Its name in reports."""
    data: bytes
    path: str = ""
    """Where it lies; empty for standard input."""


class Options(msgspec.Struct, frozen=True):
    """What the user said about how to read."""

    parameters: Mapping[str, str]
    """Values given by hand; they go before defaults."""
    all_scenarios: bool
    max_size: int
    fetch: Callable[[str], File | None]
    """A file that another one refers to, by its path; None when it is not there or outside the scanned tree."""
    names: Callable[[str], Sequence[str]] = lambda folder: ()
    """What is in a folder, sorted, folders with a slash at their end; nothing of one outside the scanned tree."""
    variables: Mapping[str, str] = {}
    """Values of Terraform variables that were given by hand."""
    variable_files: Sequence[str] = ()
    """Files of Terraform variables that were given by hand; the last one wins."""
    source_dir: str = ""
    """Where the HCL of a plan lies, if not beside it."""


class Collected(msgspec.Struct, frozen=True):
    worlds: Sequence[World]
    problems: Sequence[Problem]
