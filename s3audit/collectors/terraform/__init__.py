"""Terraform and OpenTofu: the source of modules, plans and states."""

from collections.abc import Sequence

from s3audit.collectors.documents.files import Collected, File, Options
from s3audit.collectors.documents.sniff import sniff
from s3audit.model.world import World
from s3audit.problem import Problem

KIND = "terraform"


def collect(files: Sequence[File], options: Options) -> Collected:
    """A world for each root module, for each plan and for each state."""
    source: list[File] = []
    values: list[File] = []
    worlds: list[World] = []
    problems: list[Problem] = []
    for file in files:
        kind = sniff(file.data, file.source, named=True)
        if kind in ("terraform-plan", "terraform-state"):
            from s3audit.collectors.terraform.recorded import recorded

            world, troubles = recorded(file, kind, options)
            worlds.append(world)
            problems += troubles
        else:
            (values if kind == "terraform-values" else source).append(file)
    if source or values or options.variables or options.variable_files:
        from s3audit.collectors.terraform.modules.roots import roots

        found, troubles = roots(source, options, values, beside_records=bool(worlds))
        worlds += found
        problems += troubles
    return Collected(worlds, list(dict.fromkeys(problems)))
