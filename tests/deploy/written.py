"""What of deploy/ is written by `s3audit iam-policy`; run, it writes it anew."""

import sys
from collections.abc import Iterator
from pathlib import Path

from s3audit import __version__, accounts, catalog
from s3audit.check import LIVE
from s3audit.cli.iam_role import Role, data_sources, module, module_statements, template, template_statements
from s3audit.collectors.live.permissions import Statement, statements

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMMAND = ".venv/bin/python -m tests.deploy.written"

_PARTS = {
    "read": ("# As `s3audit iam-policy` prints it", "# End of what it prints."),
    "members": ("# What `s3audit iam-policy --organization` adds", "# End of what it adds."),
}
_INDENT = 10


def allowed(*options: str, role_name: str = accounts.ROLE_NAME) -> tuple[Statement, ...]:
    """What a scan with all checks has to be allowed."""
    needs = {need for check in catalog.load() if LIVE in check.sources for need in check.needs}
    return statements(needs, options, role_name)


def added(role_name: str) -> tuple[Statement, ...]:
    """What the scan of an organization needs besides."""
    usual = allowed()
    return tuple(one for one in allowed("organization", role_name=role_name) if one not in usual)


def files() -> Iterator[tuple[Path, str]]:
    """Each file as it has to be."""
    role = Role(name=accounts.ROLE_NAME)
    for place, write, form in (
        ("cloudformation/account-role.yaml", template, "cloudformation"),
        ("terraform/account-role/main.tf", module, "terraform"),
    ):
        yield DEPLOY / place, write(allowed(), role, __version__, f"s3audit iam-policy -f {form}")
    scan = DEPLOY / "cloudformation" / "scan.yaml"
    yield scan, _with_parts(scan.read_text(encoding="utf-8"))
    yield DEPLOY / "terraform" / "permissions.tf", "\n".join(_permissions()) + "\n"


def _with_parts(text: str) -> str:
    """The template with what stands between these comments written anew."""
    parts = {"read": allowed(), "members": added("${MemberRoleName}")}
    for name, (first, last) in _PARTS.items():
        before, opening, rest = text.partition(first)
        says, _, old = rest.partition("\n")
        _, closing, after = old.partition(f"{' ' * _INDENT}{last}")
        assert opening, first
        assert closing, last
        lines = "\n".join(template_statements(parts[name], _INDENT))
        text = f"{before}{first}{says}\n{lines}\n{closing}{after}"
    return text


def _permissions() -> Iterator[str]:
    members = added("${var.member_role_name}")
    yield f"# What s3audit {__version__} has to be allowed, as `s3audit iam-policy` prints it; a test compares them."
    yield ""
    yield from data_sources((*allowed(), *members))
    yield 'data "aws_iam_policy_document" "read" {'
    yield from module_statements(allowed())
    yield "}"
    yield ""
    yield "# What `s3audit iam-policy --organization` adds."
    yield 'data "aws_iam_policy_document" "members" {'
    yield from module_statements(members)
    yield "}"


def main() -> int:
    for path, text in files():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"{path.relative_to(ROOT)}: written anew")
    return 0


if __name__ == "__main__":
    sys.exit(main())
