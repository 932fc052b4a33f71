"""The files of one folder as one module: what they declare, sorted, with the override files merged in.

Nothing is evaluated here, and of a block that nobody asks for nothing but the header is read.
"""

import re
from collections.abc import Callable, Sequence
from typing import cast

import msgspec

from s3audit.collectors.documents.files import File
from s3audit.collectors.documents.hcl.bodies import Later
from s3audit.collectors.documents.hcl.reader import read_hcl
from s3audit.collectors.documents.hcl.syntax import Block, Body, Expression, Literal, Written
from s3audit.collectors.documents.hcl.twice import as_one, both
from s3audit.collectors.documents.problems import shown
from s3audit.collectors.documents.tree import Node, location
from s3audit.collectors.terraform.modules.override import is_override, merged
from s3audit.location import NOWHERE, Location
from s3audit.problem import Problem, ProblemKind

MODULE_ARGUMENTS = frozenset({"source", "version", "providers", "count", "for_each", "depends_on"})
"""Arguments of a `module` block that are no variables of the module."""

_LABELS = {
    "data": 2,
    "ephemeral": 2,
    "locals": 0,
    "module": 1,
    "output": 1,
    "provider": 1,
    "resource": 2,
    "terraform": 0,
    "variable": 1,
}
# They say what happens to something on the way, and not what is there in the end.
_NOT_OURS = frozenset({"action", "check", "import", "language", "moved", "removed"})
_IDENTIFIER = r"[^\W\d][\w-]*"
_NAMES = {
    "data": "data",
    "ephemeral": "ephemeral",
    "module": "calls",
    "output": "outputs",
    "provider": "providers",
    "resource": "resources",
    "variable": "variables",
}
"""Where a module holds the blocks of a type."""

_MOST_SAID = 100
"""About what a folder declares; a generated one that is wrong everywhere does not fill the report."""


class Declaration(msgspec.Struct, eq=False):
    """A block at the top of a file."""

    name: str
    block: Block
    """Its place is the header; its body has the override files merged in."""
    file: str
    """As reports name it."""

    @property
    def body(self) -> Body:
        return self.block.body

    @property
    def enabled(self) -> Written | None:
        """What its `lifecycle` says about whether it is there, as OpenTofu lets it."""
        for block in self.block.body.blocks:
            if block.type == "lifecycle" and (written := block.body.attributes.get("enabled")) is not None:
                return written
        return None

    def argument(self, name: str) -> Expression | None:
        written = self.block.body.attributes.get(name)
        return None if written is None else written.value


class Variable(Declaration, eq=False):
    @property
    def type(self) -> Expression | None:
        return self.argument("type")

    @property
    def default(self) -> Expression | None:
        return self.argument("default")

    @property
    def nullable(self) -> bool:
        return _flag(self.argument("nullable"), True)

    @property
    def sensitive(self) -> bool:
        return _flag(self.argument("sensitive"), False)

    @property
    def ephemeral(self) -> bool:
        return _flag(self.argument("ephemeral"), False)

    @property
    def validations(self) -> list[Block]:
        return [block for block in self.body.blocks if block.type == "validation"]


class Output(Declaration, eq=False):
    @property
    def value(self) -> Expression | None:
        return self.argument("value")

    @property
    def sensitive(self) -> bool:
        return _flag(self.argument("sensitive"), False)


class ResourceBlock(Declaration, eq=False):
    """A `resource`, `data` or `ephemeral` block."""

    type: str
    address: str
    """`aws_s3_bucket.logs`, `data.aws_iam_policy_document.x`: without the module and the key."""


class ModuleCall(Declaration, eq=False):
    @property
    def source(self) -> str | None:
        """Where the module lies, or None where that is an expression."""
        match self.argument("source"):
            case Literal(value=str(source)):
                return source
            case _:
                return None

    @property
    def arguments(self) -> dict[str, Written]:
        """What is given for the variables of the module."""
        attributes = self.body.attributes
        return {name: written for name, written in attributes.items() if name not in MODULE_ARGUMENTS}


class Provider(Declaration, eq=False):
    alias: str
    """Empty for the one that is used unless a resource names another."""


class Module(msgspec.Struct, eq=False):
    """What a folder declares; the names are in the order in which they are declared."""

    folder: str
    files: list[str]
    """Those that count, as reports name them."""
    variables: dict[str, Variable] = {}
    locals: dict[str, Written] = {}
    outputs: dict[str, Output] = {}
    resources: dict[str, ResourceBlock] = {}
    """By `aws_s3_bucket.logs`."""
    data: dict[str, ResourceBlock] = {}
    """By `aws_iam_policy_document.x`."""
    ephemeral: dict[str, ResourceBlock] = {}
    calls: dict[str, ModuleCall] = {}
    providers: dict[str, Provider] = {}
    """By `aws`, `aws.west`."""
    settings: list[Block] = []
    """The `terraform` blocks."""
    hidden: str = ""
    """Why there may be more than this; empty when all was read."""
    hidden_at: Location = NOWHERE
    late: list[tuple[list[Problem], int]] = []
    """The problems of each file, and how many of them were known at first."""


def load(
    folder: str, files: Sequence[File], limit: int, later: Later | None = None
) -> tuple[Module, list[Problem]]:
    """The module that these files of one folder make, and what is wrong with it.

    Blocks of which `later` says so are read when they are asked for; what is wrong with them is found in `late` then.
    """
    loader = _Loader(folder)
    overrides = []
    for file in counted(files):
        body, problems = _read(file, limit, later)
        if later is not None:
            loader.module.late.append((problems, len(problems)))
        loader.module.files.append(file.source)
        loader.problems.extend(problems)
        if not body.is_whole:
            loader.hide(file.source, min(problem.at for problem in problems))
        if is_override(_stem(file.source)):
            overrides.append((file.source, body))
        else:
            loader.take(file.source, body, loader.declare)
    for source, body in overrides:
        loader.take(source, body, loader.override)
    return loader.module, loader.problems


def counted(files: Sequence[File]) -> list[File]:
    """The files that Terraform or OpenTofu would read of these, in their order."""
    named = {_name(file.source): file for file in files if not _is_left_behind(_name(file.source))}
    return [
        file
        for name, file in sorted(named.items())
        if not name.endswith((".tf", ".tf.json")) or ".tofu".join(name.rsplit(".tf", 1)) not in named
    ]


def repeated_twice(declared: Declaration) -> Problem | None:
    """What there is to say about a block with two of `count`, `for_each` and `enabled`, of which one is allowed."""
    attributes = declared.body.attributes
    if "count" not in attributes and "for_each" not in attributes:
        return None
    written = {name: attributes.get(name) for name in ("count", "for_each")} | {"enabled": declared.enabled}
    told = [(name, at) for name, at in written.items() if at is not None]
    if len(told) < 2:
        return None
    (first, _), (second, at) = told[:2]
    tool = "OpenTofu" if second == "enabled" else "Terraform"
    return Problem(
        location(at.key, declared.file),
        "partial",
        f"This block has {first} and {second}, and {tool} allows only one of them, so how many there are is not"
        " known. Remove one.",
    )


class _Loader:
    def __init__(self, folder: str) -> None:
        self.module = Module(folder, [])
        self.problems: list[Problem] = []
        self._said = 0
        self._again: dict[tuple[str, str], list[Block]] = {}
        """The blocks of a type that declare the same."""

    def take(self, source: str, body: Body, each: Callable[[str, Block], None]) -> None:
        """Sort what stands at the top of a file."""
        for written in body.attributes.values():
            self._say(
                "partial",
                written.key,
                source,
                f"Only blocks stand at the top of a Terraform file, and {shown(written.key.value)} is an argument,"
                " so it is not read. Put it into its block.",
            )
        for block in body.blocks:
            if block.type in _NOT_OURS:
                continue
            if (labels := _LABELS.get(block.type)) is None:
                self._malformed(block, source, f"Terraform has no blocks of type {shown(block.type)}")
            elif len(block.labels) != labels:
                expected = ("no label", "one label, its name", "two labels, its type and its name")[labels]
                self._malformed(
                    block, source, f"A {block.type} block has {expected}, and not {len(block.labels)}"
                )
            elif wrong := [label for label in block.labels if not _is_name(label)]:
                self._malformed(block, source, f"{shown(wrong[0])} is no name that Terraform allows")
            elif block.type == "terraform":
                self.module.settings.append(block)
            else:
                each(source, block)

    def declare(self, source: str, block: Block) -> None:
        if block.type == "locals":
            for name, written in self._locals(source, block).items():
                if (known := self.module.locals.setdefault(name, written)) is not written:
                    self.module.locals[name] = both(known, written)
                    self._twice(f"local.{name}", known.key, written.key, source)
            return
        made = _declaration(source, block)
        known_names = self._names(made)
        key = _key(made)
        if key in known_names:
            first = known_names[key]
            self._twice(_shown_header(block), first.block, block, source)
            if (block.type, key) not in self._again:
                blocks = self._again[block.type, key] = [first.block]
                first.block = as_one(blocks)
            self._again[block.type, key].append(block)
        else:
            known_names[key] = made

    def override(self, source: str, block: Block) -> None:
        if block.type == "locals":
            for name, written in self._locals(source, block).items():
                if name in self.module.locals:
                    self.module.locals[name] = written
                else:
                    self._nothing_to_override(f"local.{name}", written.key, source)
            return
        made = _declaration(source, block)
        known_names = self._names(made)
        key = _key(made)
        if key in known_names:
            known_names[key].block = merged(known_names[key].block, block)
        elif isinstance(made, Provider) and not made.alias:
            known_names[key] = made
        else:
            self._nothing_to_override(_shown_header(block), block, source)

    def _names(self, made: Declaration) -> dict[str, Declaration]:
        # The dictionaries hold one class each, which is the one that `made` has.
        return cast("dict[str, Declaration]", getattr(self.module, _NAMES[made.block.type]))

    def _locals(self, source: str, block: Block) -> dict[str, Written]:
        if not block.body.is_whole:
            self.hide(source, location(block, source))
        return block.body.attributes

    def _say(self, kind: ProblemKind, at: Node, source: str, sentence: str) -> None:
        self._said += 1
        if self._said == _MOST_SAID:
            sentence = (
                f"There are more than {_MOST_SAID} such problems in this folder; the rest is not named."
            )
        if self._said <= _MOST_SAID:
            self.problems.append(Problem(location(at, source), kind, sentence))

    def _malformed(self, block: Block, source: str, what: str) -> None:
        self.hide(source, location(block, source))
        self._say("partial", block, source, f"{what}, so this block is not read. Correct it.")

    def hide(self, source: str, at: Location) -> None:
        """There may be more in this file."""
        if not self.module.hidden:
            self.module.hidden, self.module.hidden_at = f"a part of {source} can't be read", at

    def _twice(self, what: str, first: Node, again: Node, source: str) -> None:
        self._say(
            "ambiguous",
            again,
            source,
            f"{what} is declared here and in {location(first, source)} too, and Terraform refuses that."
            " Where they differ, nothing is known; rename or remove the other.",
        )

    def _nothing_to_override(self, what: str, at: Node, source: str) -> None:
        self._say(
            "partial",
            at,
            source,
            f"{what} is declared in an override file only, and Terraform refuses that, so it is not judged."
            " Declare it in another file of this folder.",
        )


def _read(file: File, limit: int, later: Later | None) -> tuple[Body, list[Problem]]:
    is_json = file.source.endswith(".json")
    if not file.source.endswith((".tf", ".tofu", ".json")):  # named by hand, or on standard input
        is_json = file.data[:256].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    if is_json:
        from s3audit.collectors.terraform.modules.json_syntax import read_json_body

        return read_json_body(file.data, file.source, limit=limit)
    return read_hcl(file.data, file.source, limit=limit, later=later)


def _declaration(source: str, block: Block) -> Declaration:
    name = block.labels[-1]
    match block.type:
        case "variable":
            return Variable(name, block, source)
        case "output":
            return Output(name, block, source)
        case "module":
            return ModuleCall(name, block, source)
        case "provider":
            alias = block.body.attributes.get("alias")
            match alias and alias.value:
                case Literal(value=str(text)):
                    return Provider(name, block, source, text)
                case _:
                    return Provider(name, block, source, "")
        case _:
            address = ".".join(block.labels if block.type == "resource" else (block.type, *block.labels))
            return ResourceBlock(name, block, source, block.labels[0], address)


def _is_name(label: str) -> bool:
    return (label.isascii() and label.isidentifier()) or re.fullmatch(_IDENTIFIER, label) is not None


def _key(declared: Declaration) -> str:
    if isinstance(declared, ResourceBlock):
        return f"{declared.type}.{declared.name}"
    if isinstance(declared, Provider) and declared.alias:
        return f"{declared.name}.{declared.alias}"
    return declared.name


def _shown_header(block: Block) -> str:
    return " ".join((block.type, *(f'"{label}"' for label in block.labels)))


def _name(source: str) -> str:
    return source.rpartition("/")[2]


def _stem(source: str) -> str:
    return re.sub(r"\.(?:tf|tofu)(?:\.json)?$", "", _name(source))


def _is_left_behind(name: str) -> bool:
    """Whether an editor made this file, and not for Terraform to read."""
    return name.startswith(".") or name.endswith("~") or (name.startswith("#") and name.endswith("#"))


def _flag(written: Expression | None, default: bool) -> bool:
    match written:
        case Literal(value=bool(told)):
            return told
        case Literal(value="true" | "false" as told):
            return told == "true"
        case _:
            return default
