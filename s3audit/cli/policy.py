"""`s3audit policy`: asks a policy questions."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from s3audit import api
from s3audit.api import MAX_SIZE, UsageError
from s3audit.cli import commands
from s3audit.cli.output import put
from s3audit.collectors.documents.policy import PolicyReader
from s3audit.collectors.documents.reader import read as read_documents
from s3audit.collectors.documents.resolved import Resolved, Undecided
from s3audit.collectors.documents.tree import Mapping, Node, location
from s3audit.location import Location
from s3audit.model.bucket import Bucket
from s3audit.model.document import Object
from s3audit.policy.access import Access, accesses, not_listed
from s3audit.policy.asking import QUESTIONS, ContextError, Question, ask, meaning_of, question_of, settled
from s3audit.policy.faults import faults
from s3audit.policy.language import read
from s3audit.policy.reason import PROVEN, UNKNOWN
from s3audit.policy.rules import Rule, rules_of
from s3audit.policy.tell import Owner, Told, as_json, told
from s3audit.renderers.clean import clean
from s3audit.setting import Known


@click.group("policy", context_settings={"help_option_names": ["-h", "--help"]})
def policy() -> None:
    """Ask what a policy allows: proven, or refuted with a request."""


@policy.command("ask")
@click.argument("question")
@click.argument("policy_file", metavar="POLICY.json", type=click.Path())
@click.option("--context", "context_file", default="", metavar="FILE", help="What it is asked with, in JSON.")
@click.option(
    "--bucket",
    default="",
    metavar="NAME",
    help="The bucket that has the policy; else the one that its Resources name.",
)
@click.option(
    "--owner", default="", metavar="ACCOUNT", help="The account of the bucket; else one that no policy names."
)
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def ask_policy(
    *, question: str, policy_file: str, context_file: str, bucket: str, owner: str, form: str
) -> int:
    """Ask QUESTION of the policy in a file; '-' is standard input.

    \b
    Q1   not-public                   nobody outside the account's trust can do anything
    Q2   tls-only                     every request over plain HTTP is denied
    Q3   only-cloudfront              nobody but the given distributions is allowed to read
    Q4   forces-encryption            every upload that is not denied is encrypted as required
    Q4b  default-encryption-survives  no upload is denied for saying nothing about encryption
    Q5   role-can-replicate           the role may do all that the replication rule needs
    Q6   no-outsiders                 no other account is allowed anything
    Q7   presigned-limited            every request that was signed too long ago is denied
    Q8   network-bound                every request from outside the given networks is denied

    Ends with 0 where it is proven, with 1 where a request refutes it, with 3 where nobody can tell.
    """
    asked = question_of(question)
    if asked is None:
        known = ", ".join(f"{one.id} {one.name}" for one in QUESTIONS)
        raise UsageError(f"there is no question {question!r}; expected one of {known}")
    context = _context(context_file)
    context |= {name: value for name, value in (("bucket", bucket), ("owner", owner)) if value}
    names_owner = "owner" in context or asked.id == "Q5"
    document = _document(_bytes(policy_file), policy_file)
    if not isinstance(document, Object):
        raise UsageError(f"{policy_file} holds no policy: that is an object with statements, in JSON or YAML")
    for fault in faults(document, of_identity=asked.id == "Q5"):
        click.echo(clean(f"{fault.at}: {fault.message}"), err=True)
    written = read(document)
    try:
        context = settled(asked, rules_of(written), context)
        meaning = meaning_of(context)

        def rules(value: object) -> tuple[Rule, ...]:
            return rules_of(read(_document(json.dumps(value).encode(), context_file)), meaning)

        answer = ask(asked, rules_of(written, meaning), context, rules)
    except ContextError as error:
        raise UsageError(str(error)) from None
    whose = Owner(str(context["owner"]), is_told=names_owner)
    if form == "json":
        put(json.dumps(as_json(asked, answer, whose), indent=2) + "\n")
    else:
        put(_text(asked, told(asked, answer, whose)))
    return {PROVEN: commands.CLEAN, UNKNOWN: commands.INCOMPLETE}.get(answer.verdict, commands.FINDINGS)


@policy.command("who")
@click.argument("target", metavar="BUCKET|PATH")
@click.option("--bucket", default="", metavar="NAME", help="Of the buckets in PATH, this one alone.")
@click.option(
    "--parameter", "parameters", multiple=True, metavar="KEY=VALUE", help="As in a scan; repeatable."
)
@click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="As in a scan; repeatable.")
@click.option("--profile", default="", metavar="NAME", help="Of the credentials for a bucket in an account.")
@click.option("--endpoint-url", default="", metavar="URL", help="Of a store that is compatible with S3.")
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def who_has_access(
    *,
    target: str,
    bucket: str,
    parameters: tuple[str, ...],
    variables: tuple[str, ...],
    profile: str,
    endpoint_url: str,
    form: str,
) -> int:
    """List who has access to buckets, and how.

    By their policies and ACLs as far as Block Public Access lets them, through access points and CloudFront, by
    replication, and by policies of roles and users.

    PATH is a template, a module, a plan or a snapshot, as for `s3audit scan`; anything else is the name of a bucket in
    an account, which is read like `s3audit live` does.
    """
    if os.path.exists(target) or target == "-":
        worlds, problems = api.worlds(
            [target],
            parameters=commands.pairs(parameters, "--parameter takes KEY=VALUE"),
            variables=commands.pairs(variables, "--var takes NAME=VALUE"),
        )
        estates = [world.estate for world in worlds]
    else:
        from s3audit.accounts import estate_with

        estate, problems = estate_with(target, profile=profile, endpoint_url=endpoint_url)
        estates, bucket = [estate], target
    found = [
        (one, accesses(one, estate), not_listed(one, estate))
        for estate in estates
        for one in estate.all(Bucket)
        if one.is_declared and (not bucket or bucket in (one.title, one.address, _name(one)))
    ]
    put(
        json.dumps([_who_json(*one) for one in found], indent=2) + "\n"
        if form == "json"
        else _who_text(found)
    )
    for problem in (one for one in problems if one.kind != "empty"):
        click.echo(clean(f"{problem.at}: {problem.kind}: {problem.message}"), err=True)
    if not found:
        raise UsageError(f"there is no bucket {bucket!r}" if bucket else f"{target} declares no bucket")
    is_open = any(access.open for _, those, _ in found for access in those)
    return (
        commands.INCOMPLETE
        if is_open or any(one.kind == "unreadable" for one in problems)
        else commands.CLEAN
    )


def _name(bucket: Bucket) -> str:
    return str(bucket.name.value) if isinstance(bucket.name, Known) else ""


_Found = tuple[Bucket, Sequence[Access], Sequence[str]]


def _who_text(found: Sequence[_Found]) -> str:
    lines: list[str] = []
    told: dict[str, None] = {}
    for bucket, those, others in found:
        lines += ["", *_heading(bucket)] if lines else _heading(bucket)
        if not those:
            lines.append("  nobody, beside identities of its own account that their own policies let in")
        for one in those:
            limits = "".join(
                f" ({said})"
                for said in (
                    one.where and f"where {one.where}",
                    one.key,
                    one.open and f"perhaps: {one.open}",
                )
                if said
            )
            lines.append(f"  {one.who}: {', '.join(one.said)}, by {one.how}{limits}")
            lines.append(f"    {one.at}")
            lines += [f"    {step.at}: {step.note}" for step in one.steps]
        told.update(dict.fromkeys(others) if those or others[1:] else {})
    lines += ["", *(f"Not listed: {said}." for said in told)] if told else ()
    return "\n".join(map(clean, lines)) + "\n"


def _heading(bucket: Bucket) -> list[str]:
    return [f"Bucket {bucket.title or bucket.address}"]


def _who_json(bucket: Bucket, those: Sequence[Access], others: Sequence[str]) -> dict[str, object]:
    return {
        "bucket": bucket.title or bucket.address,
        "address": bucket.address,
        "access": [
            {
                "who": one.who,
                "can": list(one.said),
                "how": one.how,
                "where": one.where or None,
                "key": one.key or None,
                "open": one.open or None,
                **_place(one.at),
                "steps": [{"note": step.note, **_place(step.at)} for step in one.steps],
            }
            for one in those
        ],
        "not_listed": list(others),
    }


def _place(at: Location) -> dict[str, object]:
    return {
        "source": at.source,
        "line": at.line or None,
        "column": at.column or None,
        "call": at.call or None,
    }


def _text(question: Question, words: Told) -> str:
    lines = [f"{question.id} {question.name}", "", words.heading, ""]
    width = max((len(name) for name, _ in words.request), default=0)
    lines += [f"  {name:<{width}}  {value}" for name, value in words.request]
    if words.request:
        lines.append("")
    lines += [*words.why]
    if words.closes:
        lines += ["", f"To close it: {words.closes}"]
    return "\n".join(map(clean, lines)) + "\n"


def _bytes(path: str) -> bytes:
    if path == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror or error}") from None


def _context(path: str) -> dict[str, Any]:
    if not path:
        return {}
    try:
        found = json.loads(_bytes(path))
    except ValueError as error:
        raise UsageError(f"{path} is no JSON: {error}") from None
    if not isinstance(found, dict):
        raise UsageError(f'{path} holds no object; a context is one, such as {{"bucket": "shop"}}')
    return found


class _Expressions:
    """A function of CloudFormation is something that the policy does not tell."""

    def resolve(self, node: Node) -> Resolved:
        if isinstance(node, Mapping) and len(node.entries) == 1:
            (name,) = node.entries
            if name == "Ref" or name.startswith("Fn::"):
                why = f"it is given by {name}, which the policy does not tell"
                return Resolved(Undecided(node.start, node.end, node.lines, why=why))
        return Resolved(node)


def _document(data: bytes, source: str) -> Any:
    documents, problems = read_documents(data, source, limit=MAX_SIZE)
    root = documents[0].root if documents else None
    if root is None:
        raise UsageError(str(problems[0].message if problems else f"{source} is empty").rstrip("."))
    return PolicyReader(source, _Expressions()).read(root, location(root, source))
