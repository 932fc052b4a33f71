"""`s3audit iam-policy`: what the credentials of a live scan have to allow, and no more."""

import json
import re
import shlex

import click

from s3audit import __version__, accounts, api
from s3audit.check import LIVE
from s3audit.cli import commands
from s3audit.cli.iam_role import Role, module, template
from s3audit.cli.output import put
from s3audit.collectors.live import permissions
from s3audit.library import library

FORMATS = ("json", "cloudformation", "terraform")

_PARTITION = re.compile(r"aws(-[a-z]+)*")
_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_PRINCIPAL = re.compile(r"\d{12}|arn:aws[a-z-]*:iam::\d{12}:(root|(role|user)/[\w+=,.@/-]+)", re.ASCII)
_EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
_POLICY = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}|aws):policy/[\w+=,.@/-]+", re.ASCII)
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+", re.ASCII)
# What an option means by a value, for those that end up in a text of another language.
_FORMS = (
    ("--partition", "partition", _PARTITION, "one such as aws or aws-us-gov"),
    ("--role-name", "role_name", _NAME, "a name such as s3audit"),
    ("--trust", "trust", _PRINCIPAL, "an account such as 111122223333, or the ARN of a role or user"),
    ("--external-id", "external_id", _EXTERNAL_ID, "2 to 1,224 letters, digits and any of _+=,.@:/-"),
    ("--permissions-boundary", "permissions_boundary", _POLICY, "the ARN of a managed policy"),
)
_WHOSE = (
    "This is for the credentials that take the roles. For the roles themselves: the same command without"
    " --assume-role."
)
_OF_ROLE = ("trust", "external_id", "permissions_boundary")


@click.command("iam-policy")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="json",
    show_default=True,
    help="A policy, or a role with it.",
)
@click.option("--objects", is_flag=True, help="Also for `s3audit live --objects`.")
@click.option("--uploads", is_flag=True, help="Also for `s3audit live --uploads`.")
@click.option("--organization", is_flag=True, help="Also for `s3audit live --organization`.")
@click.option(
    "--assume-role",
    "assume_roles",
    multiple=True,
    metavar="ARN",
    help="Instead: for the credentials of `s3audit live --assume-role`, which take this role; repeatable.",
)
@click.option(
    "--role-name",
    default=accounts.ROLE_NAME,
    show_default=True,
    metavar="NAME",
    help="Of the role, and of that in each account of the organization.",
)
@click.option("--partition", default="", metavar="NAME", help="Of the ARNs in JSON [aws].")
@click.option("--trust", default="", metavar="PRINCIPAL", help="Who may take the role: an account or an ARN.")
@click.option("--external-id", default="", metavar="ID", help="What whoever takes the role has to say.")
@click.option("--permissions-boundary", default="", metavar="ARN", help="Of the policy that bounds the role.")
def iam_policy(
    *,
    form: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    checks_in: tuple[str, ...],
    objects: bool,
    uploads: bool,
    organization: bool,
    assume_roles: tuple[str, ...],
    **given: str,
) -> int:
    """Print what a live scan has to be allowed: exactly the calls that `s3audit live` makes.

    Give it the same --select, --ignore and --checks as the scan. It can read no object and change nothing.

    A scan with --assume-role reads by the roles: they have to allow what is printed without it, and the credentials
    that take them what is printed with it.
    """
    _formed(form, given)
    for arn in assume_roles:
        if not _ROLE.fullmatch(arn):
            expected = "the ARN of a role such as arn:aws:iam::111122223333:role/s3audit"
            raise api.UsageError(f"--assume-role takes {expected}, not {arn!r}")
    wanted = (("objects", objects), ("uploads", uploads), ("organization", organization))
    options = [name for name, on in wanted if on]
    needs = _needs(select, ignore, checks_in)
    if assume_roles:
        allowed = permissions.way_in(assume_roles)
        click.echo(_WHOSE, err=True)
    else:
        allowed = permissions.statements(needs, options, given["role_name"])
    if form == "json":
        _put_policies(permissions.policies(allowed, given["partition"] or "aws"))
        return commands.CLEAN
    role = Role(
        name=given["role_name"],
        trust=given["trust"],
        external_id=given["external_id"],
        boundary=given["permissions_boundary"],
    )
    asked = (("select", select), ("ignore", ignore), ("checks", checks_in), ("assume-role", assume_roles))
    chosen = [f"--{name} {shlex.quote(value)}" for name, values in asked for value in values]
    command = " ".join(["s3audit iam-policy -f", form, *(f"--{name}" for name in options), *chosen])
    put((template if form == "cloudformation" else module)(allowed, role, __version__, command))
    return commands.CLEAN


iam_policy.params += [
    param for param in commands.scan.params if param.name in ("select", "ignore", "checks_in")
]


def _needs(select: tuple[str, ...], ignore: tuple[str, ...], checks_in: tuple[str, ...]) -> frozenset[str]:
    """What the checks need that a live scan with the same options would run."""
    known = library(checks_in)
    if known.is_broken:
        raise api.UsageError(f"{known.problems[0].at}: {known.problems[0].message.rstrip('.')}")
    chosen = known.selected(commands.split(select), commands.split(ignore))
    return frozenset(need for check in chosen if LIVE in check.sources for need in check.needs)


def _formed(form: str, given: dict[str, str]) -> None:
    """Whether the values make sense, one by one and together."""
    for option, name, pattern, expected in _FORMS:
        if given[name] and not pattern.fullmatch(given[name]):
            raise api.UsageError(f"{option} takes {expected}, not {given[name]!r}")
    if form == "json" and any(given[name] for name in _OF_ROLE):
        raise api.UsageError("a policy trusts nobody: ask for a role with -f cloudformation or -f terraform")
    if form != "json" and given["partition"]:
        raise api.UsageError("--partition is for -f json; the others find it out where they are deployed")


def _put_policies(made: list[dict[str, object]]) -> None:
    """One policy, or a list of them with a word about it."""
    put(json.dumps(made[0] if len(made) == 1 else made, indent=2) + "\n")
    if len(made) > 1:
        click.echo(
            f"These are {len(made)} policies in a list, because IAM takes {permissions.LARGEST:,} characters for each;"
            " a role needs all of them.",
            err=True,
        )
