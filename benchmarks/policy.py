"""Measures what questions to policies cost: CPU time in processes that nothing else runs in.

What a policy costs is the least of several processes: the clock and other work on the machine only ever add to it.
"""

import argparse
import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import policies  # noqa: E402 - the folder of the project has to be on the path first
from benchmarks.run import conditions  # noqa: E402

RESULTS = ROOT / "benchmarks" / "policy.md"
QUESTIONS = ("Q1", "Q2", "Q3", "Q4", "Q4b", "Q5", "Q6", "Q7", "Q8")
IMPORTS = {
    "`pass`": "pass",
    "the model": "import s3audit.model.document",
    "the model, `s3audit.policy`": "import s3audit.model.document, s3audit.policy",
    "the model, all that answers questions": "import s3audit.model.document, s3audit.policy.questions",
}
MOST = {"typical": "half of `pass` (5 ms where that takes 10)", "large": "300", "imports": "half of `pass`"}
PROMISED = """\
The policies are made up, like those that buckets have. Each is read and asked in a process that has asked others
before, as in a scan; for large ones every question has a process of its own, so that it finds nothing left over from
another one."""
Costs = dict[str, list[tuple[float, str]]]
"""By what was asked: milliseconds and what came of it, for each policy."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--policies", type=int, default=200, help="how many near 20 KB [%(default)s]")
    parser.add_argument("--typical", type=int, default=600, help="how many usual ones [%(default)s]")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured [%(default)s]")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--write", action="store_true", help=f"put the figures into {RESULTS.relative_to(ROOT)}"
    )
    parser.add_argument("--child", choices=RUNS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps(RUNS[asked.child](asked)))
        return
    told = f"{conditions(asked.rounds)}\n\n{PROMISED}\n\n{report(asked)}\n"
    print(told)
    if asked.write:
        heading = "# What questions to policies cost\n\nWritten by `benchmarks/policy.py --write`.\n\n"
        RESULTS.write_text(heading + told, "utf-8")


def report(asked: argparse.Namespace) -> str:
    """The tables of figures."""
    imports = _imports(asked.rounds)
    start = imports["`pass`"]
    sizes = [len(json.dumps(one)) for one in _large(asked)]
    return "\n".join(
        [
            f"## {asked.typical} policies of 2 to 9 statements\n",
            f"All nine questions together, with reading; CPU ms, promised at most {MOST['typical']}.\n",
            *_typical(_measured("typical", asked), start),
            f"\n## {asked.policies} policies of {min(sizes):,} to {max(sizes):,} bytes\n",
            f"CPU ms, promised at most {MOST['large']} for a question.\n",
            *_of_large({name: _measured(name, asked)[name] for name in ("reading", *QUESTIONS)}),
            "\n## Policies that were made to take long\n",
            "Promised: an end, with what is not known where it is not.\n",
            *_of_hard(_measured("hard", asked)),
            "\n## Imports\n",
            f"CPU ms of a process, promised at most {MOST['imports']} beyond the model.\n",
            *_of_imports(imports),
        ]
    )


def _typical(costs: Costs, start: float) -> list[str]:
    spent = [cost for cost, _ in costs["all"]]
    return [
        "| | median | p90 | p99 | most |",
        "|---|--:|--:|--:|--:|",
        f"| CPU ms | {_row(spent)} |",
        f"| times `pass` | {_row([cost / start for cost in spent])} |",
    ]


def _of_large(costs: Costs) -> list[str]:
    lines = ["| | median | p90 | p99 | most | PROVEN | p99 of these |", "|---|--:|--:|--:|--:|--:|--:|"]
    for name, them in costs.items():
        proven = [cost for cost, verdict in them if verdict == "PROVEN"]
        told = f"{len(proven)} | {_at(proven, 0.99):.2f}" if proven else "|"
        lines.append(f"| {name} | {_row([cost for cost, _ in them])} | {told} |")
    return lines


def _of_hard(costs: Costs) -> list[str]:
    lines = ["| | CPU ms | answer |", "|---|--:|---|"]
    return [*lines, *(f"| {name} | {them[0][0]:,.0f} | {them[0][1]} |" for name, them in costs.items())]


def _of_imports(costs: Mapping[str, float]) -> list[str]:
    lines = ["| | CPU ms | beyond the model | times `pass` |", "|---|--:|--:|--:|"]
    start, model = costs["`pass`"], costs["the model"]
    for name, cost in costs.items():
        more = f"{cost - model:.1f} | {(cost - model) / start:.2f}" if cost > model else "|"
        lines.append(f"| {name} | {cost:.1f} | {more} |")
    return lines


def _row(costs: Sequence[float]) -> str:
    return " | ".join(f"{one:.2f}" for one in (median(costs), _at(costs, 0.9), _at(costs, 0.99), max(costs)))


def _at(costs: Sequence[float], share: float) -> float:
    return sorted(costs)[min(len(costs) - 1, round(len(costs) * share))]


# What is measured


def _measured(run: str, asked: argparse.Namespace) -> Costs:
    """Of every policy what it costs in the process in which it costs least."""
    least: Costs = {}
    options = [f"--{name}={getattr(asked, name)}" for name in ("policies", "typical", "seed")]
    for _ in range(asked.rounds):
        command = [sys.executable, __file__, "--child", run, *options]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=_environment())
        for name, costs in json.loads(done.stdout).items():
            known = least.setdefault(name, costs)
            least[name] = [min(one, other) for one, other in zip(known, costs, strict=True)]
    return least


def _imports(rounds: int) -> dict[str, float]:
    turns = [{name: _started(code) for name, code in IMPORTS.items()} for _ in range(4 * rounds)]
    return {name: min(turn[name] for turn in turns) for name in IMPORTS}


def _started(code: str) -> float:
    process = subprocess.Popen([sys.executable, "-c", code], env=_environment())
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{code} ended with {process.returncode}")
    return (usage.ru_utime + usage.ru_stime) * 1000


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, "PYTHONPATH": str(ROOT)}


def _large(asked: argparse.Namespace) -> list[policies.Policy]:
    random = Random(asked.seed)
    kinds = policies.KINDS
    return [policies.large(random, kinds[number % len(kinds)]) for number in range(asked.policies)]


def large(name: str) -> Callable[[argparse.Namespace], Costs]:
    """One question to each."""

    def run(asked: argparse.Namespace) -> Costs:
        from s3audit.policy.language import read
        from s3audit.policy.rules import rules_of

        ask = questions().get(name)
        found = []
        for document in _settled(_large(asked)):
            cost, rules = clocked(lambda document=document: rules_of(read(document)))  # type: ignore[misc]
            verdict = ""
            if ask is not None:
                cost, answer = clocked(lambda rules=rules: ask(rules))  # type: ignore[misc]
                verdict = answer.verdict
            found.append((cost, verdict))
        return {name: found}

    return run


def typical(asked: argparse.Namespace) -> Costs:
    """All questions together, to each policy once."""
    from s3audit.policy.language import read
    from s3audit.policy.rules import rules_of

    random = Random(asked.seed)
    every = tuple(questions().values())

    def ask_all(document: Any) -> None:
        rules = rules_of(read(document))
        for ask in every:
            ask(rules)

    documents = _settled([policies.typical(random) for _ in range(asked.typical + 1)])
    ask_all(documents.pop())  # what a process does once
    return {"all": [(clocked(lambda one=one: ask_all(one))[0], "") for one in documents]}  # type: ignore[misc]


def hard(asked: argparse.Namespace) -> Costs:
    from s3audit.policy.language import read
    from s3audit.policy.rules import rules_of

    random = Random(asked.seed)
    cases = {
        "256 clauses of three out of 60 variables, Q2": ("Q2", policies.satisfiability(random)),
        "50 patterns `*xy*` of keys, Q2": ("Q2", policies.infixes()),
        "a pattern of 41 stars, Q1": ("Q1", policies.stars()),
        "200 accounts with access, Q6": ("Q6", policies.accounts(random)),
    }
    found: Costs = {}
    for name, (question, policy) in cases.items():
        (document,) = _settled([policy])
        cost, answer = clocked(lambda: questions()[question](rules_of(read(document))))  # noqa: B023 - it is called at once
        why = f", {answer.reasons[0].why}" if answer.reasons else ""
        found[name] = [(cost, f"{answer.verdict}{why}")]
    return found


def questions() -> dict[str, Callable[[Any], Any]]:
    from s3audit.policy import questions as asking
    from s3audit.policy.replication import Replication, role_can_replicate

    context = asking.Context(
        bucket=policies.NAME,
        owner=policies.OWNER,
        distributions=(policies.DISTRIBUTION,),
        max_age_ms=600_000,
        vpce=(policies.VPCE,),
        cidrs=(policies.CIDR,),
    )
    rule = Replication(
        source=policies.BUCKET, destination=policies.REPLICA, role=policies.ROLE, owner=policies.OWNER
    )
    asks: dict[str, asking.Ask] = {
        "Q1": asking.not_public,
        "Q2": asking.tls_only,
        "Q3": asking.only_cloudfront,
        "Q4": asking.forces_encryption,
        "Q4b": asking.default_encryption_survives,
        "Q5": lambda rules, _: role_can_replicate(rules, rule),
        "Q6": asking.no_outsiders,
        "Q7": asking.presigned_limited,
        "Q8": asking.network_bound,
    }
    return {name: partial(_asked, asks[name], context) for name in QUESTIONS}


def _asked(ask: Callable[..., Any], context: Any, rules: Any) -> Any:
    return ask(rules, context)


def clocked(call: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of CPU time, and what came of it."""
    start = time.process_time()
    found = call()
    return (time.process_time() - start) * 1000, found


def _settled(them: Iterable[policies.Policy]) -> list[Any]:
    """As documents; they are many, and no part of what a scan holds at once, so nobody looks through them again."""
    found = [_document(one) for one in them]
    gc.collect()
    gc.freeze()
    return found


def _document(value: Any) -> Any:
    from s3audit.location import NOWHERE
    from s3audit.model.document import Array, Leaf, Member, Object
    from s3audit.text import text

    if isinstance(value, dict):
        return Object(tuple(Member(name, _document(one), NOWHERE) for name, one in value.items()), NOWHERE)
    if isinstance(value, list):
        return Array(tuple(map(_document, value)), NOWHERE)
    return Leaf(text(value) if isinstance(value, str) else value, NOWHERE)


RUNS = {"typical": typical, "hard": hard, **{name: large(name) for name in ("reading", *QUESTIONS)}}

if __name__ == "__main__":
    main()
