"""`s3audit frameworks`: which there are, and what one of them asks for."""

from collections.abc import Iterator, Sequence
from typing import Any

import click

from s3audit import api
from s3audit.cli import commands
from s3audit.cli.output import put
from s3audit.frameworks import library
from s3audit.frameworks.framework import Framework, Requirement
from s3audit.renderers.clean import clean, wrap

_WIDTH = 96


@click.command()
@click.argument("name", required=False, metavar="[NAME|FILE]")
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option("--checks", "checks_in", multiple=True, metavar="FOLDER", help=commands.CHECKS_HELP)
def frameworks(name: str | None, form: str, checks_in: tuple[str, ...]) -> int:
    """List the frameworks, or say what one of them asks for and which checks answer that.

    A FILE of your own is read and checked as a scan with `--framework FILE` would.
    """
    if name is not None:
        from s3audit.library import library as checks

        [found] = api.frameworks_of([name], checks(checks_in).checks)
        put(_json(_whole(found)) if form == "json" else "\n".join(_told(found)) + "\n")
        return 0
    every = library.every()
    put(_json({"frameworks": [_short(one) for one in every]}) if form == "json" else _listed(every))
    return 0


def _json(value: object) -> str:
    from s3audit.renderers.encode import encode

    return encode(value)


def _short(framework: Framework) -> dict[str, Any]:
    return {
        "id": framework.id,
        "title": framework.title,
        "version": framework.version,
        "also_for": framework.also_for,
        "publisher": framework.publisher,
        "requirements": len(framework.requirements),
        "checks": len(framework.checks),
    }


def _whole(framework: Framework) -> object:
    from msgspec.structs import asdict

    return {**asdict(framework), "checks": framework.checks}


def _listed(every: Sequence[Framework]) -> str:
    widest = max(len(one.id) for one in every)
    names = [clean(one.name) for one in every]
    room = max(map(len, names))
    lines = [
        f"{one.id:<{widest}}  {name:<{room}}  {len(one.requirements):>3} requirements, {len(one.checks):>2} checks"
        for one, name in zip(every, names, strict=True)
    ]
    return "\n".join([*lines, "", "`s3audit frameworks NAME` says what one of them asks for."]) + "\n"


def _told(framework: Framework) -> Iterator[str]:
    yield clean(framework.name)
    yield ""
    if framework.publisher:
        yield from _entry("Publisher", framework.publisher)
    if framework.also_for:
        yield from _entry("The same for", ", ".join(framework.also_for))
    if framework.note:
        yield from _entry("Note", framework.note)
    if framework.source:
        yield from _entry("Mapped by", framework.source)
    many, checks = len(framework.requirements), len(framework.checks)
    yield ""
    yield f"{many} requirements that touch S3, {checks} checks:"
    for one in framework.requirements:
        yield ""
        yield from _requirement(one)
    if framework.retired:
        yield ""
        yield "No part of it any more, and never scored:"
        for one in framework.retired:
            yield ""
            yield from _requirement(one)
    if framework.not_followed:
        yield ""
        yield "What others map to it, and why it is left out here:"
        for other in framework.not_followed:
            yield ""
            yield from _wrapped(f"{other.peer}: {other.requirement}", "  ")
            yield from _wrapped(other.why, "    ")


def _requirement(one: Requirement) -> Iterator[str]:
    yield from _wrapped(f"{one.id}  {one.title}", "  ")
    answered = "In part by" if one.partial else "Answered by"
    weak = {check: f"{check} (weak evidence)" for check in one.weak}
    for name, text in (
        (answered, ", ".join(weak.get(check, check) for check in one.checks) or "a person"),
        ("Beside it", ", ".join(one.supporting)),
        ("To look at", one.manual),
        ("Differs", one.differs),
        ("Mapped by", one.basis),
        ("Unsure", "one secondary source alone maps it so" if one.unsure else ""),
        ("Level", ", ".join(filter(None, (one.level, one.assessment)))),
        ("Standards", one.standards),
        ("Note", one.note),
    ):
        if text:
            yield from _entry(name, text, "    ")


def _entry(name: str, text: str, indent: str = "") -> Iterator[str]:
    yield from _wrapped(f"{name}: {text}", indent)


def _wrapped(text: str, indent: str) -> Iterator[str]:
    room = indent
    for line in wrap(clean(text), _WIDTH - len(indent)):
        yield f"{room}{line}"
        room = f"{indent}  "
