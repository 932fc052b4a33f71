"""Each wrong use of the algebra is a type error."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PRELUDE = """\
from s3audit.setting import Known, Listed, Setting, Unknown, Unset
from s3audit.verdict import Status, Verdict

def use(setting: Setting[str], verdict: Verdict, status: Status) -> int:
"""

WRONG = {
    "a setting as a condition": ("    if setting:\n        return 1\n    return 0\n", "truthy-bool"),
    "a setting negated": ("    return 1 if not setting else 0\n", "truthy-bool"),
    "a verdict as a condition": ("    if verdict:\n        return 1\n    return 0\n", "truthy-bool"),
    "a verdict negated": ("    if not verdict:\n        return 1\n    return 0\n", "truthy-bool"),
    "verdicts joined by and": ("    return 1 if (verdict and setting) else 0\n", "truthy-bool"),
    "a status as a condition": ("    if status:\n        return 1\n    return 0\n", "truthy-bool"),
    "a setting compared with a value": ('    return int(setting == "Enabled")\n', "comparison-overlap"),
    "a verdict compared with a status": ("    return int(verdict == Status.PASS)\n", "comparison-overlap"),
    "a missing state": (
        (
            "    match setting:\n        case Known():\n            pass\n"
            "        case Unset():\n            pass\n    return 0\n"
        ),
        "exhaustive-match",
    ),
    "a missing status": (
        "    match status:\n        case Status.PASS | Status.FAIL:\n            pass\n    return 0\n",
        "exhaustive-match",
    ),
    "the value of something that may not be known": ("    return len(setting.value)\n", "union-attr"),
}

RIGHT = """\
    match setting:
        case Known(value) | Unset(value):
            return len(value)
        case Unknown():
            return int((verdict & ~verdict).status is Status.PASS)
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What mypy says of each use, all in one run."""
    folder = tmp_path_factory.mktemp("misuse")
    names = {f"use_{number}.py": body for number, body in enumerate([*(b for b, _ in WRONG.values()), RIGHT])}
    for name, body in names.items():
        (folder / name).write_text(PRELUDE + body)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml")),
            *("--no-error-summary", "--cache-dir", str(folder / "cache")),
            *(str(folder / name) for name in names),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found: dict[str, list[str]] = {name: [] for name in names}
    for line in done.stdout.splitlines():
        for name in names:
            if f"{name}:" in line and ": error:" in line:
                found[name].append(line)
    return found


@pytest.mark.parametrize(("number", "what"), list(enumerate(WRONG)))
def test_is_a_type_error(number: int, what: str, said: dict[str, list[str]]) -> None:
    errors = said[f"use_{number}.py"]
    assert errors, what
    assert any(error.endswith(f"[{WRONG[what][1]}]") for error in errors), errors


def test_the_right_use_is_none(said: dict[str, list[str]]) -> None:
    assert said[f"use_{len(WRONG)}.py"] == []
