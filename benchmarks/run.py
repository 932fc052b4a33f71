"""Measures what a scan costs: the CPU time of whole processes, by how often Python could have started in it.

Ratios travel from one machine to another, milliseconds do not. The runs take turns and the middle one of each
counts, so that a machine with other work slows all of them alike.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import mean, median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results.md"
COUNT = 300
SHORT = 10
# It was promised for a machine on which Python starts in 8.7 ms.
A_FILE = "3.5 ms (0.40)"
A_MODULE = "3 ms (0.34)"
A_PLAN = "10 times `json.loads`, 11 times 200 buckets, 6 times the file (13.8 MB)"
LOADS = "import json, sys; json.loads(open(sys.argv[1]).read())"

# The interpreter itself: a shim on the PATH would cost a shell.
PYTHON = sys.executable
S3AUDIT = [PYTHON, "-m", "s3audit"]
SCAN = [*S3AUDIT, "scan", "-f", "text", "--exit-zero"]


class Run(NamedTuple):
    """A command that is measured."""

    name: str
    command: list[str]
    files: int = 1
    promise: str = ""
    """The most it may cost."""
    times: int = 1
    """How often in a row: what is short is measured as the mean of many, or the clock and the run before show."""


class Cost(NamedTuple):
    milliseconds: float
    mebibytes: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="how often each run is measured [%(default)s]")
    parser.add_argument(
        "--others", action="store_true", help="measure cfn-lint and checkov too, where installed"
    )
    parser.add_argument(
        "--write", action="store_true", help=f"put the figures into {RESULTS.relative_to(ROOT)}"
    )
    parser.add_argument(
        "--imports", action="store_true", help="show what a scan imports instead, and its cost"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # In a process of its own: on Linux the memory of this one counts as that of what it starts.
        for corpus in ("corpus.py", "terraform_corpus.py"):
            subprocess.run([PYTHON, str(ROOT / "benchmarks" / corpus), folder, str(COUNT)], check=True)
        os.chdir(folder)
        if asked.imports:
            print(imports([*SCAN, "yaml/stack000.yaml"]))
            return
        tables = [table(own_runs(), asked.rounds)]
        if asked.others and (others := other_runs()):
            tables.append(table(others, 3))
    report = f"{conditions(asked.rounds)}\n\n" + "\n\n".join(tables) + "\n"
    print(report)
    if asked.write:
        RESULTS.write_text(
            f"# What a scan costs\n\nWritten by `benchmarks/run.py --write`.\n\n{report}", "utf-8"
        )


def start() -> Run:
    return Run("`python -c pass`", [PYTHON, "-c", "pass"], times=SHORT)


def own_runs() -> list[Run]:
    return [
        start(),
        Run("`s3audit --version`", [*S3AUDIT, "--version"], times=SHORT),
        Run("one YAML template", [*SCAN, "yaml/stack000.yaml"], promise="8 times", times=SHORT),
        Run("one JSON template", [*SCAN, "json/stack000.json"], promise="8 times", times=SHORT),
        Run(f"{COUNT} YAML templates", [*SCAN, "yaml"], COUNT, A_FILE),
        Run(f"{COUNT} JSON templates", [*SCAN, "json"], COUNT, A_FILE),
        Run(f"{COUNT} YAML templates full of buckets", [*SCAN, "dense"], COUNT),
        Run("one Terraform module", [*SCAN, "hcl/service000"], promise="8 times", times=SHORT),
        Run(f"{COUNT} Terraform modules", [*SCAN, "hcl"], COUNT, A_MODULE),
        Run(f"{COUNT} Terraform modules full of buckets", [*SCAN, "hcl-dense"], COUNT),
        Run("`json.loads` on a plan of 2,000 buckets", [PYTHON, "-c", LOADS, "plan-2000.json"]),
        Run("a plan of 200 buckets", [*SCAN, "plan-200.json"]),
        Run("a plan of 2,000 buckets", [*SCAN, "plan-2000.json"], promise=A_PLAN),
    ]


def other_runs() -> list[Run]:
    """The same template read by other tools of this environment."""
    template = "yaml/stack000.yaml"
    arguments = {
        "cfn-lint": [template],
        "checkov": [
            "--compact",
            "--quiet",
            "--skip-download",
            "--framework",
            "cloudformation",
            "--file",
            template,
        ],
    }
    installed = {name: Path(PYTHON).with_name(name) for name in arguments}
    found = [
        Run(f"{name}, one YAML template", [PYTHON, str(script), *arguments[name]])
        for name, script in installed.items()
        if script.exists()
    ]
    return [start(), *found] if found else []


def table(runs: list[Run], rounds: int) -> str:
    """A line for each run; the first is what the others are measured by."""
    costs = measured(runs, rounds)
    starts = [cost.milliseconds for cost in costs[0]]
    lines = [
        "| run | times `pass` | CPU ms | CPU ms (times `pass`) a file | peak MiB | promised |",
        "|---|--:|--:|--:|--:|---|",
    ]
    for run, own in zip(runs, costs, strict=True):
        ratio = median(cost.milliseconds / unit for cost, unit in zip(own, starts, strict=True))
        spent = median(cost.milliseconds for cost in own)
        memory = median(cost.mebibytes for cost in own)
        each = f"{spent / run.files:.2f} ({ratio / run.files:.2f})" if run.files > 1 else ""
        lines.append(f"| {run.name} | {ratio:.1f} | {spent:.1f} | {each} | {memory:.0f} | {run.promise} |")
    return "\n".join(lines)


def measured(runs: list[Run], rounds: int) -> list[list[Cost]]:
    costs: list[list[Cost]] = [[] for _ in runs]
    for turn in range(-1, rounds):
        for run, own in zip(runs, costs, strict=True):
            cost = measure(run)
            if turn >= 0:  # the first warms up: byte code is written, files are in memory
                own.append(cost)
    return costs


def measure(run: Run) -> Cost:
    """The mean CPU time of a process and its children, and the most memory that one of them held."""
    costs = [_once(run) for _ in range(run.times)]
    return Cost(mean(cost.milliseconds for cost in costs), max(cost.mebibytes for cost in costs))


def _once(run: Run) -> Cost:
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(run.command, stdout=subprocess.DEVNULL, stderr=errors, env=environment())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        # The other tools have no way to end with 0 whatever they find.
        if process.returncode != 0 and run.command[:3] == S3AUDIT:
            errors.seek(0)
            raise SystemExit(f"{run.name} ended with {process.returncode}:\n{errors.read().decode()}")
    unit = 1024 if sys.platform == "linux" else 1024 * 1024
    return Cost((usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss / unit)


def environment() -> dict[str, str]:
    """Ours without the variables of Python: PYTHONDONTWRITEBYTECODE makes each start compile everything."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, "PYTHONPATH": str(ROOT)}


def imports(command: list[str]) -> str:
    """What the modules of each package cost, and the modules that cost most; in milliseconds of their own."""
    timed = [PYTHON, "-X", "importtime", *command[1:]]
    subprocess.run(timed, capture_output=True, env=environment(), check=True)  # writes the byte code
    done = subprocess.run(timed, capture_output=True, text=True, env=environment(), check=True)
    modules: dict[str, float] = {}
    packages: dict[str, float] = {}
    for line in done.stderr.splitlines():
        own, _, name = line.removeprefix("import time:").replace("|", " ").split(maxsplit=2)
        if line.startswith("import time:") and own.isdigit():
            modules[name.strip()] = int(own) / 1000
            package = name.strip().partition(".")[0]
            packages[package] = packages.get(package, 0) + int(own) / 1000
    lines = [f"{len(modules)} modules, {sum(modules.values()):.1f} ms"]
    for title, costs in (("packages", packages), ("modules", modules)):
        lines.append(f"\n{title}")
        dearest = sorted(costs.items(), key=lambda item: -item[1])[:20]
        lines += [f"{cost:7.2f}  {name}" for name, cost in dearest]
    return "\n".join(lines)


def conditions(rounds: int) -> str:
    day = time.strftime("%Y-%m-%d", time.gmtime())
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{day}, {python}, {processor()}, {rounds} rounds."


def processor() -> str:
    if os.path.exists("/proc/cpuinfo"):
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
