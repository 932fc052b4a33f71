"""The reasoner against an SMT solver that is given the same statements as formulas over strings."""

from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

import z3  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from s3audit.policy.actions import ACTIONS, FUTURES, is_future
from s3audit.policy.reason import PROVEN, UNKNOWN, WITNESS
from tests.policy import oracle, small
from tests.policy.asking import ask
from tests.policy.small import BUCKET, OTHER, OWNER
from tests.profile import examples

_TEXTS = ["aws:PrincipalTag/team", "aws:unheardOf", "aws:SourceVpce", "aws:userid"]
_NAMES = ["aws:SecureTransport", "aws:PrincipalTag/team", "aws:unheardOf", "aws:SourceVpce", "s3:max-keys"]
_MOMENT = 5_000
"""Milliseconds after which it may give up."""


class Formulas:
    """One request as unknowns, and what is known of every request."""

    def __init__(self) -> None:
        self.callers = list({str(one): one for one in small.CALLERS}.values())
        self.actions = [(one.name, one.of_objects) for one in (*ACTIONS, *FUTURES)]
        self.caller, self.action = z3.Int("caller"), z3.Int("action")
        self.resource = z3.String("resource")
        self.secure = z3.Bool("secure")
        self.count, self.counted = z3.Int("count"), z3.Bool("counted")
        self.held = {name.lower(): (z3.String(name), z3.Bool(f"{name} is there")) for name in _TEXTS}
        prefix = z3.StringVal(f"{BUCKET}/")
        is_object = z3.And(z3.PrefixOf(prefix, self.resource), z3.Length(self.resource) > len(BUCKET) + 1)
        of_objects = self.one_of(self.action, [of_objects for _, of_objects in self.actions])
        lists = [name.startswith("s3:ListBucket") or is_future(name) for name, _ in self.actions]
        self.axioms = [
            *(
                self.caller >= 0,
                self.caller < len(self.callers),
                self.action >= 0,
                self.action < len(self.actions),
            ),
            z3.If(of_objects, is_object, self.resource == z3.StringVal(BUCKET)),
            z3.Implies(self.counted, z3.And(self.count >= 0, self.one_of(self.action, lists))),
        ]

    def one_of(self, unknown: Any, fits: Sequence[bool]) -> Any:
        return z3.Or([unknown == index for index, flag in enumerate(fits) if flag])

    def applies(self, s: small.Policy) -> Any:
        named = s.get("Principal", s.get("NotPrincipal", "*"))
        who = self.one_of(self.caller, [oracle.is_named(named, one) for one in self.callers])
        found = [z3.Not(who) if "NotPrincipal" in s else who]
        written = list(map(str.lower, oracle.listed(s.get("Action", s.get("NotAction")))))
        what = self.one_of(
            self.action, [any(oracle.like(one, name.lower()) for one in written) for name, _ in self.actions]
        )
        found.append(z3.Not(what) if "NotAction" in s else what)
        where = z3.Or(
            [fits(one, self.resource) for one in oracle.listed(s.get("Resource", s.get("NotResource")))]
        )
        found.append(z3.Not(where) if "NotResource" in s else where)
        for operator, tests in s.get("Condition", {}).items():
            for key, values in tests.items():
                found.append(
                    self.met(operator.lower(), key.lower(), list(map(oracle.word, oracle.listed(values))))
                )
        return z3.And(found)

    def met(self, operator: str, key: str, values: Iterable[str]) -> Any:
        if key == "aws:securetransport":
            if operator == "null":
                return z3.BoolVal(any(value == "false" for value in values))
            folded = [value if operator == "stringequals" else value.lower() for value in values]
            fits_it = [self.secure == (value == "true") for value in folded if value in ("true", "false")]
            return z3.Or(fits_it)
        value, is_there = (self.count, self.counted) if key == "s3:max-keys" else self.held[key]
        if operator == "null":
            return z3.Or([z3.Not(is_there) if one == "true" else is_there for one in values])
        if_exists = operator.endswith("ifexists")
        operator = operator.removesuffix("ifexists")
        negated = "not" in operator
        some = z3.Or([compared(operator.replace("not", ""), one, value) for one in values])
        if negated:
            return z3.Implies(is_there, z3.Not(some))
        return z3.Implies(is_there, some) if if_exists else z3.And(is_there, some)


def compared(operator: str, wanted: str, value: Any) -> Any:
    match operator:
        case "stringequals":
            return value == z3.StringVal(wanted)
        case "stringequalsignorecase":
            either = [z3.Union(z3.Re(c.lower()), z3.Re(c.upper())) for c in wanted]
            return z3.InRe(value, sequence(either))
        case "stringlike":
            return fits(wanted, value)
        case _:
            pass
    number = z3.RealVal(wanted)
    return {
        "numericequals": value == number,
        "numericlessthan": value < number,
        "numericlessthanequals": value <= number,
        "numericgreaterthan": value > number,
        "numericgreaterthanequals": value >= number,
    }[operator]


def fits(pattern: str, value: Any) -> Any:
    anything = z3.AllChar(z3.ReSort(z3.StringSort()))
    wild = {"*": z3.Star(anything), "?": anything}
    return z3.InRe(value, sequence([wild[char] if char in wild else z3.Re(char) for char in pattern]))


def sequence(pieces: Sequence[Any]) -> Any:
    return z3.Concat(*pieces) if len(pieces) > 1 else pieces[0] if pieces else z3.Re("")


def solved(policy: small.Policy, name: str) -> Any:
    formulas = Formulas()
    solver = z3.Solver()
    solver.set("timeout", _MOMENT)
    solver.add(formulas.axioms)
    allowed = [formulas.applies(one) for one in policy["Statement"] if one["Effect"] == "Allow"]
    solver.add([z3.Not(formulas.applies(one)) for one in policy["Statement"] if one["Effect"] == "Deny"])
    if name == "Q2":
        solver.add(z3.Not(formulas.secure))
    else:
        solver.add(z3.Or(allowed))
        inside = [one["kind"] == "service" or one["account"] in (OWNER, OTHER) for one in formulas.callers]
        solver.add(z3.Not(formulas.one_of(formulas.caller, inside)))
    return solver.check()


def compare(seed: int, name: str) -> str:
    random = Random(seed)
    policy = small.policy(random, _NAMES)
    for one in policy["Statement"]:
        condition = {op: tests for op, tests in one.get("Condition", {}).items() if not op.startswith("For")}
        one["Condition"] = condition
    answer = ask(name, {**policy, "Version": "2008-10-17"}, owner=OWNER, trusted=(OTHER,))
    found = solved(policy, name)
    if found == z3.unknown:
        return UNKNOWN
    assert answer.verdict == (WITNESS if found == z3.sat else PROVEN), (name, found, answer, policy)
    return answer.verdict


@given(st.integers(0, 2**48), st.sampled_from(["Q2", "Q6"]))
@settings(max_examples=examples(12))
def test_it_finds_the_same(seed: int, name: str) -> None:
    compare(seed, name)
