"""Does to a module what a fix says, as somebody would who pastes it."""

import re
from collections.abc import Iterable, Iterator
from textwrap import dedent, indent
from typing import NamedTuple

from s3audit.collectors.documents.hcl.reader import read_hcl
from s3audit.collectors.documents.hcl.recovery import closing
from s3audit.collectors.documents.hcl.syntax import Body
from tests.checks.fixes_cloudformation import FixError

STAND_INS = {
    "aws_iam_role.example": """
        resource "aws_iam_role" "example" {
          assume_role_policy = jsonencode({
            Version   = "2012-10-17"
            Statement = [{ Effect = "Allow", Principal = { Service = "s3.amazonaws.com" }, Action = "sts:AssumeRole" }]
          })
        }
        """,
    "aws_kms_key.example": """
        resource "aws_kms_key" "example" {
          enable_key_rotation = true
        }
        """,
    "aws_s3_bucket.logs": """
        resource "aws_s3_bucket" "logs" {
        }
        """,
    "aws_s3_bucket.replica": """
        resource "aws_s3_bucket" "replica" {
        }

        resource "aws_s3_bucket_versioning" "replica" {
          bucket = aws_s3_bucket.replica.id
          versioning_configuration {
            status = "Enabled"
          }
        }
        """,
}
"""What a fix may name that neither it nor the example declares."""

_TOP = {
    "data",
    "import",
    "locals",
    "module",
    "moved",
    "output",
    "provider",
    "removed",
    "resource",
    "variable",
}
"""Blocks that stand in no other."""

_ADDRESS = r"(?:data\.)?aws_\w+\.[a-zA-Z_][\w-]*"


class Part(NamedTuple):
    """An argument or a block, as it is written."""

    kind: str
    labels: tuple[str, ...]
    text: str
    inner: "tuple[Part, ...]"
    value: str
    """Of an argument."""

    @property
    def address(self) -> str:
        names = self.labels if self.kind == "resource" else (self.kind, *self.labels)
        return ".".join(names)

    def argument(self, name: str) -> str:
        return next((part.value for part in self.inner if part.kind == name), "")


def mend(module: str, fix: str, judged: str) -> str:
    """The module with the fix in it; `judged` is the address of what the fix calls `example`."""
    block = re.sub(r"\[.*\]$", "", judged)
    title = re.sub(r"\w+$", "example", block)
    old = parts(module)
    lacking = _named(old) - _declared(old)
    if title != block and title in _declared(old):
        raise FixError(f"the example has another {title}: call it otherwise there")

    change = _change(fix, judged, block, title, _declared(old))
    into = [part for part in change if part.kind not in _TOP]
    into += [inner for part in change if part.address == block for inner in part.inner]
    if into:
        old = _merged(old, block, into)
    for part in change:
        if part.kind == "removed":
            old = [one for one in old if not _is_taken_away(one, part.argument("from"), block)]
        elif part.kind in _TOP and part.address != block:
            old = _added(old, part, block)

    missing = sorted(_named(old) - _declared(old) - lacking)
    if missing:
        raise FixError(
            f"the fix names {', '.join(missing)}: declare it in the fix or in the example, or take one of"
            f" {', '.join(STAND_INS)}"
        )
    return "\n\n".join(part.text for part in old) + "\n"


def _change(fix: str, judged: str, block: str, title: str, there: set[str]) -> list[Part]:
    """The parts of a fix and the stand-ins that it needs, with the names that they have in the module."""
    written = parts(fix)
    own = _declared(written)
    others = (own | _named(written)) - {title}
    texts = [dedent(STAND_INS[one]) for one in sorted(others & STAND_INS.keys() - own - (there - {block}))]
    if title != block and block in others:
        # Another one that is called as the judged one is needs a name of its own.
        fix, *texts = (_renamed(text, block, f"{block}_2") for text in (fix, *texts))
    fix = _renamed(fix, title, block)
    if judged != block:
        fix = re.sub(rf"{re.escape(block)}(?=\.\w)", judged, fix)
    return [part for text in (fix, *texts) for part in parts(text)]


def parts(text: str) -> list[Part]:
    """The arguments and blocks of a text, in the order written."""
    data = dedent(text).strip("\n") + "\n"
    body, problems = read_hcl(data.encode(), "fix.tf")
    if problems:
        raise FixError(f"{problems[0].message} (line {problems[0].at.line})")
    return _parts(data, body)


def _parts(data: str, body: Body) -> list[Part]:
    found: list[tuple[int, Part]] = []
    for name, written in body.attributes.items():
        start, value = written.key.start, written.value
        text = data[start : value.end].rstrip("\n")
        found.append((start, Part(name, (), _dedented(data, start, text), (), data[value.start : value.end])))
    for block in body.blocks:
        end = closing(data, data.index("{", block.end) + 1) + 1
        text = _dedented(data, block.start, data[block.start : end])
        inner = tuple(_parts(data, block.body))
        found.append((block.start, Part(block.type, block.labels, text, inner, "")))
    return [part for _, part in sorted(found, key=lambda one: one[0])]


def _dedented(data: str, start: int, text: str) -> str:
    """What stands at this place, as if it stood at the margin."""
    margin = data[data.rfind("\n", 0, start) + 1 : start]
    return dedent(margin + text) if not margin.strip() else text


def addresses_in(text: str) -> set[str]:
    """The addresses of what a text refers to, in its code."""
    code = re.sub(r"(?m)(^|\s)(#|//).*$", "", text)
    return set(re.findall(rf"(?<![\w.]){_ADDRESS}", code))


def _named(written: Iterable[Part]) -> set[str]:
    return {one for part in written for one in addresses_in(part.text)}


def _declared(written: Iterable[Part]) -> set[str]:
    return {part.address for part in written}


def _renamed(text: str, old: str, new: str) -> str:
    """References to a block, and the header of the block itself."""
    kind, _, label = old.rpartition(".")
    name = new.rpartition(".")[2]
    text = re.sub(rf"(?<![\w.]){re.escape(old)}(?![\w-])", new, text)
    kind = kind.removeprefix("data.")
    return re.sub(rf'"{re.escape(kind)}" "{label}"', f'"{kind}" "{name}"', text)


def _merged(old: list[Part], block: str, into: list[Part]) -> list[Part]:
    """With these arguments and nested blocks in the judged one, in the place of those of the same names."""
    if block not in _declared(old):
        raise FixError(f"{into[0].kind} is for {block}, which the example does not declare")
    return [_with(part, into) if part.address == block else part for part in old]


def _with(part: Part, into: list[Part]) -> Part:
    names = {one.kind for one in into}
    inner = (*(one for one in part.inner if one.kind not in names), *into)
    header = " ".join([part.kind, *(f'"{label}"' for label in part.labels)])
    body = "".join(f"{indent(one.text, '  ')}\n" for one in inner)
    return part._replace(text=f"{header} {{\n{body}}}", inner=inner)


def _added(old: list[Part], new: Part, block: str) -> list[Part]:
    """In the place of those of its type that are about the same, or at the end."""
    replaced = list(_replaced(old, new)) or [part.address for part in old if part.address == new.address]
    if not replaced:
        return [*old, new]
    # What refers to the block that was there goes on doing so.
    text = _renamed(new.text, new.address, replaced[0])
    [new] = parts(text)
    place = next(i for i, part in enumerate(old) if part.address == replaced[0])
    return [
        new if i == place else part
        for i, part in enumerate(old)
        if i == place or part.address not in replaced
    ]


def _replaced(old: list[Part], new: Part) -> Iterator[str]:
    """The blocks of its type whose same argument points to the same block."""
    for part in new.inner:
        if target := _pointed(part.value):
            named = next((one.argument("bucket") for one in old if one.address == target), "")
            for one in old:
                value = one.argument(part.kind)
                is_same = _pointed(value) == target or (value == named and value.startswith('"'))
                if (one.kind, one.labels[:1]) == (new.kind, new.labels[:1]) and is_same:
                    yield one.address
            return


def _is_taken_away(part: Part, address: str, block: str) -> bool:
    """Whether it is of this type and about the judged block."""
    about = {_pointed(inner.value) for inner in part.inner}
    return part.kind == "resource" and part.labels[0] == address.partition(".")[0] and block in about


def _pointed(value: str) -> str:
    """The block that an expression is an attribute of."""
    found = re.fullmatch(rf"({_ADDRESS})(?:\[[^\]]*\])?\.\w+", value)
    return found[1] if found else ""
