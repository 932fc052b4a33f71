"""Who may import whom (docs/architecture.md), read from every import, wherever in its file it stands."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Each may import those before it, and no other.
LAYERS = [
    "s3audit.location",
    "s3audit.problem",
    "s3audit.verdict",
    "s3audit.text",
    "s3audit.setting",
    "s3audit.defaults",
    "s3audit.folds",
    "s3audit.recent",
    "s3audit.model",
    "s3audit.policy",
    "s3audit.intent",
    "s3audit.check",
    "s3audit.finding",
]
UP_TO_POLICY = LAYERS[: LAYERS.index("s3audit.intent")]
BESIDE = [
    "s3audit.findings",
    "s3audit.suppress",
    "s3audit.config",
    "s3audit.catalog",
    "s3audit.packed",
    "s3audit.peers",
    "s3audit.custom",
    "s3audit.baseline",
    "s3audit.frameworks",
]
EVERYTHING = ["s3audit"]
FOR_COLLECTORS = [*UP_TO_POLICY, "s3audit.collectors.documents"]
TERRAFORM = "s3audit.collectors.terraform"
# The parts of one source, as LAYERS: source and records are read apart, and `recorded` joins them.
OF_TERRAFORM = ["references", "language", "policies", "tables", "home", "declared", "gaps", "build"]

# Module -> what of ours it may import beside its own package. `*` is one source or one topic.
ARROWS = {
    **{layer: LAYERS[:place] for place, layer in enumerate(LAYERS)},
    **{sibling: [*LAYERS, *BESIDE] for sibling in BESIDE},
    "s3audit.catalog": [*LAYERS, *BESIDE, "s3audit.checks"],
    # It reads YAML with the places of all that is in it.
    "s3audit.frameworks": [*LAYERS, *BESIDE, "s3audit.checks", "s3audit.collectors.documents"],
    "s3audit.suppress": [*LAYERS, *BESIDE, "s3audit.collectors.documents"],
    "s3audit.engine": [*LAYERS, *BESIDE],
    "s3audit.collectors": [*UP_TO_POLICY, "s3audit.collectors"],
    "s3audit.collectors.documents": [*UP_TO_POLICY],
    "s3audit.collectors.live": [
        *UP_TO_POLICY,
        "s3audit.collectors.documents",
        "s3audit.collectors.snapshot",
    ],
    "s3audit.collectors.*": FOR_COLLECTORS,
    **{
        f"{TERRAFORM}.{part}": [*FOR_COLLECTORS, *(f"{TERRAFORM}.{one}" for one in below)]
        for part, below in {
            **{part: OF_TERRAFORM[:place] for place, part in enumerate(OF_TERRAFORM)},
            "modules": OF_TERRAFORM,
            "records": OF_TERRAFORM,
        }.items()
    },
    "s3audit.demo": [],
    "s3audit.renderers": [*LAYERS, *BESIDE, "s3audit.reports"],
    "s3audit.checks": [],
    "s3audit.reports": [],
    "s3audit.gitignore": [],
    "s3audit.discover": ["s3audit.location", "s3audit.problem", "s3audit.text", "s3audit.gitignore"],
    "s3audit.accounts": EVERYTHING,
    "s3audit.api": EVERYTHING,
    "s3audit.cli": EVERYTHING,
    "s3audit.docs": EVERYTHING,
    "s3audit.exam": EVERYTHING,
    "s3audit.explain": EVERYTHING,
    "s3audit.law": EVERYTHING,
    "s3audit.library": EVERYTHING,
    "s3audit.securityhub": EVERYTHING,
    "s3audit.__init__": EVERYTHING,
    "s3audit.__main__": EVERYTHING,
    "checks.*": [
        "s3audit.check",
        "s3audit.intent",
        "s3audit.model",
        "s3audit.policy",
        "s3audit.setting",
        "s3audit.text",
        "s3audit.verdict",
    ],
}

# Beside the above: what only these may import, though they may import everything.
ONLY_FOR = {"s3audit.cli": ["s3audit.__main__"]}

FOR_ALL = ["s3audit.__version__"]

# The package of checks itself, which says where they are.
BRIDGE = {"s3audit.checks", "s3audit.checks.__path__"}

# A check reasons over what it is given. It needs nothing that reads, writes, waits or remembers.
PURE = {
    "collections",
    "datetime",
    "enum",
    "fnmatch",
    "functools",
    "ipaddress",
    "itertools",
    "math",
    "operator",
    "re",
    "string",
    "typing",
}
IMPURE = {
    "breakpoint",
    "eval",
    "exec",
    "globals",
    "input",
    "now",
    "open",
    "print",
    "today",
    "utcnow",
    "__import__",
}


def covers(prefix: str, name: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}.")


def room(module: str) -> tuple[str, list[str]] | None:
    """The package of ours that a module belongs to, and what ARROWS allows it."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        package, family = ".".join(parts[:length]), ".".join([*parts[: length - 1], "*"])
        if package in ARROWS:
            return package, ARROWS[package]
        if family in ARROWS and parts[length - 1] != "__init__":
            return package, ARROWS[family]
    return None


def imports(module: str, tree: ast.AST) -> Iterator[tuple[int, str, bool]]:
    """Each line, what it imports, and whether it names it relative to its own place."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for name in names:
                    yield node.lineno, name.name, False
            case ast.ImportFrom(module=source, names=names, level=level):
                package = module.split(".")[:-level] if level else []
                for name in names:
                    yield node.lineno, ".".join([*package, *filter(None, [source]), name.name]), level > 0
            case ast.Call(ast.Name(called) | ast.Attribute(attr=called), [ast.Constant(str(target)), *_]):
                if called in {"import_module", "__import__"}:
                    yield node.lineno, target, False
            case _:
                pass


def why_not(module: str, home: str, allowed: list[str], target: str, relative: bool) -> str:
    """What is wrong with this import, or nothing."""
    ours = target.partition(".")[0] in ("s3audit", "checks")
    if not ours:
        impure = covers("checks", module) and target.partition(".")[0] not in PURE
        return "a check does no I/O and needs no library" if impure else ""
    if names_a_check(target) and not relative:
        return "the catalog finds the checks, nothing names one"
    for guarded, importers in ONLY_FOR.items():
        if covers(guarded, target):
            return "" if home in (guarded, *importers) else f"only {', '.join(importers)} may"
    if any(covers(prefix, target) for prefix in (*allowed, *FOR_ALL, home)):
        return ""
    return f"{home} stands below it or apart from it"


def names_a_check(target: str) -> bool:
    return covers("checks", target) or (covers("s3audit.checks", target) and target not in BRIDGE)


def forbidden(module: str, source: str) -> list[tuple[int, str]]:
    """The line and the reason of everything in this module that breaks a rule."""
    if (place := room(module)) is None:
        return [(1, f"{module} has no place yet: say in ARROWS what it may import")]
    tree = ast.parse(source)
    found = [
        (line, f"{module} imports {target}: {reason}")
        for line, target, relative in imports(module, tree)
        if (reason := why_not(module, *place, target, relative))
    ]
    if covers("checks", module):
        for node in ast.walk(tree):
            match node:
                case ast.Name(id=used) | ast.Attribute(attr=used) if used in IMPURE:
                    found.append((node.lineno, f"{module} uses {used}: a check does no I/O and has no clock"))
    return sorted(found)


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("folder", ["s3audit", "checks"])
def test_every_import_follows_an_arrow(folder: str) -> None:
    files = sorted((ROOT / folder).rglob("*.py"))
    assert files
    broken = [
        f"{path.relative_to(ROOT)}:{line}: {reason}"
        for path in files
        for line, reason in forbidden(module_name(path), path.read_text(encoding="utf-8"))
    ]
    assert not broken, "\n" + "\n".join(broken)


@pytest.mark.parametrize(
    ("module", "source", "reason"),
    [
        ("s3audit.setting", "from s3audit.model import Bucket", "s3audit.setting stands below"),
        ("s3audit.setting", "def f():\n    import s3audit.engine", "imports s3audit.engine"),
        (
            "s3audit.text",
            "if TYPE_CHECKING:\n    from .setting import Known",
            "imports s3audit.setting.Known",
        ),
        ("s3audit.model.bucket", "from ..check import check", "imports s3audit.check.check"),
        ("s3audit.model.__init__", "from s3audit import scan", "imports s3audit.scan"),
        ("s3audit.finding", "import s3audit", "imports s3audit:"),
        ("s3audit.config", "from s3audit.renderers.text import render", "imports s3audit.renderers.text"),
        ("s3audit.engine", "from s3audit.collectors import live", "imports s3audit.collectors.live"),
        ("s3audit.renderers.html", "from s3audit.engine import run", "imports s3audit.engine"),
        ("s3audit.renderers.html", "from s3audit.collectors.documents import frame", "imports s3audit.coll"),
        ("s3audit.collectors.live.calls", "from ..cloudformation import x", "imports s3audit.collectors.cl"),
        ("s3audit.collectors.snapshot", "from s3audit.finding import Finding", "imports s3audit.finding"),
        ("s3audit.collectors.live.x", "from s3audit import catalog", "imports s3audit.catalog"),
        ("s3audit.collectors.documents.yaml", "from ..live import x", "imports s3audit.collectors.live.x"),
        (f"{TERRAFORM}.language.x", "from ..modules.instances import x", f"imports {TERRAFORM}.modules.inst"),
        (f"{TERRAFORM}.language.x", f"from {TERRAFORM}.records import x", f"imports {TERRAFORM}.records.x"),
        (f"{TERRAFORM}.language.x", f"from {TERRAFORM}.policies import x", f"imports {TERRAFORM}.policies"),
        (f"{TERRAFORM}.policies.x", "from ..modules.module import x", f"imports {TERRAFORM}.modules.module"),
        (f"{TERRAFORM}.modules.x", "from ..records.forms import x", f"imports {TERRAFORM}.records.forms.x"),
        (f"{TERRAFORM}.records.x", "from ..modules.library import x", f"imports {TERRAFORM}.modules.libr"),
        (f"{TERRAFORM}.build", "from .modules.unseen import x", f"imports {TERRAFORM}.modules.unseen.x"),
        (f"{TERRAFORM}.tables.bucket", "from ..build import x", f"imports {TERRAFORM}.build.x"),
        ("s3audit.api", "from s3audit.cli import main", "only s3audit.__main__ may"),
        ("s3audit.__init__", "from .cli import main", "only s3audit.__main__ may"),
        ("s3audit.catalog", "import s3audit.checks.cors.wildcard_origin", "nothing names one"),
        (
            "s3audit.catalog",
            "importlib.import_module('s3audit.checks.cors.wildcard_origin')",
            "nothing names",
        ),
        ("s3audit.engine", "from s3audit.checks.cors import wildcard_origin", "nothing names one"),
        ("s3audit.engine", "import checks.cors.wildcard_origin", "nothing names one"),
        ("s3audit.newcomer", "", "has no place yet"),
        ("checks.cors.wildcard_origin", "from checks.cors._rules import x", "nothing names one"),
        ("checks.cors.wildcard_origin", "from ..acl._grants import x", "imports checks.acl._grants.x"),
        ("checks.cors.wildcard_origin", "from s3audit.catalog import find", "imports s3audit.catalog.find"),
        ("checks.cors.wildcard_origin", "from pathlib import Path", "no I/O"),
        ("checks.cors.wildcard_origin", "import boto3", "no I/O"),
        ("checks.cors.wildcard_origin", "def f(): return open('x')", "uses open"),
        ("checks.cors.wildcard_origin", "import datetime as d\nd.date.today()", "has no clock"),
    ],
)
def test_a_forbidden_arrow_is_named(module: str, source: str, reason: str) -> None:
    [(line, message)] = forbidden(module, source)
    assert reason in message
    assert line == len(source.splitlines() or [""])


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("s3audit.setting", "from s3audit import location, verdict\nfrom .text import Text"),
        ("s3audit.model.bucket", "from .sections import Logging\nfrom s3audit.defaults import x"),
        ("s3audit.model.__init__", "from .bucket import Bucket\nfrom s3audit.model.estate import Estate"),
        ("s3audit.catalog", "from s3audit.checks import __path__\nimport s3audit.checks"),
        ("s3audit.collectors.__init__", "from s3audit.collectors.live import collect"),
        ("s3audit.collectors.snapshot", "from s3audit.collectors.documents import json"),
        (
            f"{TERRAFORM}.modules.x",
            "from ..policies.text import x\nfrom ..build import y\nfrom .module import z",
        ),
        (f"{TERRAFORM}.recorded", "from .modules.roots import x\nfrom .records.plan import y"),
        ("s3audit.collectors.live.calls", "from . import table\nfrom .table import calls\nimport boto3"),
        (
            "s3audit.renderers.sarif",
            "from s3audit import __version__, frameworks\nfrom .columns import utf16",
        ),
        ("s3audit.cli.scan", "from s3audit.api import scan\nfrom s3audit.cli.output import write"),
        ("s3audit.__init__", "from s3audit.api import scan"),
        ("s3audit.__main__", "import sys\nfrom s3audit.cli import main"),
        ("checks.cors.wildcard_origin", "import re\nfrom s3audit.model import Bucket\nfrom ._rules import x"),
    ],
)
def test_an_arrow_of_the_design_is_allowed(module: str, source: str) -> None:
    assert forbidden(module, source) == []


@pytest.mark.parametrize("folder", ["tests", "benchmarks"])
def test_tests_reach_the_checks_through_the_catalog_too(folder: str) -> None:
    named = [
        f"{path.relative_to(ROOT)}:{line}: imports {target}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line, target, _ in imports(module_name(path), ast.parse(path.read_text(encoding="utf-8")))
        if names_a_check(target)
    ]
    assert not named, "\n" + "\n".join(named)
