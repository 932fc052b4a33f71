"""`s3audit test`: whether the checks of a folder say of their examples what these stand for."""

import click

from s3audit.cli import commands
from s3audit.cli.output import put
from s3audit.renderers.summary import plural


@click.command("test")
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER...")
@click.option("--select", multiple=True, metavar="CHECK", help="Only these checks of the folders.")
def testing(folders: tuple[str, ...], select: tuple[str, ...]) -> int:
    """Run the examples of your own checks, and say which does not give the verdict that it stands under.

    A FOLDER is one for --checks. Its checks are Python, and are run.

    Each example goes through the collectors that a scan uses. The evidence has to point to the lines that end with
    `# <-`; and where a part of an example is made unknown, the check may not answer otherwise than with it.

    Exit codes: 0 all hold, 1 one does not or a check can't be loaded, 2 wrong usage.
    """
    from s3audit.exam import examined
    from s3audit.library import library

    known = library(folders, whole=True)
    for problem in known.problems:
        put(f"{problem.at}: {problem.message}\n\n")
    own = [check for check in known.checks if check.id in known.files]
    if select and own:
        wanted = {check.id for check in known.selected(commands.split(select), [])}
        own = [check for check in own if check.id in wanted]
    total = wrong = 0
    for check in own:
        for example, faults in examined(check, known):
            total += 1
            wrong += bool(faults)
            place = _place(known.files[check.id], getattr(check, example.kind)[example.number - 1])
            for fault in faults:
                put(f"{place}: {check.id}, {example.kind}, example {example.number}: {fault}\n\n")
    unloaded = f", {plural(len(known.problems), 'file')} not loaded" * bool(known.problems)
    put(f"{plural(total, 'example')} of {plural(len(own), 'check')}: {wrong:,} wrong{unloaded}\n")
    return commands.FINDINGS if wrong or known.problems else commands.CLEAN


def _place(file: str, example: str) -> str:
    """Where an example begins, as far as it is written there letter by letter."""
    with open(file, encoding="utf-8", errors="replace") as handle:
        before, found, _ = handle.read().partition(example.strip("\n"))
    return f"{file}:{before.count(chr(10)) + 1}" if found else file
