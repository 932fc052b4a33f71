"""Conditions and rules in three values: they hold, they don't, or what is known leaves it open."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from s3audit.collectors.cloudformation.produced import both
from s3audit.collectors.documents.resolved import Missing, Partial, Resolved, Undecided
from s3audit.collectors.documents.tree import Budget, BudgetError, Mapping, Node, Scalar, Sequence
from s3audit.text import Text, same
from s3audit.verdict import Status

if TYPE_CHECKING:
    from s3audit.collectors.cloudformation.evaluate import Evaluator


class Answer(msgspec.Struct, frozen=True):
    """Whether something holds (PASS), does not (FAIL) or can't be told (UNKNOWN)."""

    status: Status
    via: str = ""
    """How it was decided, if that matters to a reader: `with the default of Env`."""
    why: str = ""
    """Why it can't be told."""


ALWAYS = Answer(Status.PASS)
_NOT = {Status.PASS: Status.FAIL, Status.FAIL: Status.PASS, Status.UNKNOWN: Status.UNKNOWN}


class Conditions:
    """The conditions of one template under one assignment; each is decided once."""

    __slots__ = ("_done", "_evaluator")

    def __init__(self, evaluator: "Evaluator") -> None:
        self._evaluator = evaluator
        self._done: dict[str, Answer] = {}

    def holds(self, name: str) -> Answer:
        """Whether the condition of this name holds."""
        done = self._done.get(name)
        if done is not None:
            return done
        node = self._evaluator.template.conditions.get(name)
        if node is None:
            return _open(f"there is no condition {name}")
        self._done[name] = _open(f"the condition {name} refers to itself")
        answer = self.test(node)
        if answer.status is Status.UNKNOWN:
            answer = _open(f"the condition {name} is open: {answer.why.removeprefix('the condition ')}")
        self._done[name] = answer
        return answer

    def governs(self, node: Node | None) -> Answer:
        """Whether the condition named here holds: a resource's Condition, the first argument of Fn::If."""
        if node is None:
            return ALWAYS
        if isinstance(node, Scalar) and not node.tag:
            name = node.value
            if name not in self._evaluator.template.conditions:
                self._evaluator.complain(node, f"There is no condition {name}.")
            return self.holds(name)
        if _function(node) in TESTS:
            return self.test(node)
        resolved = self._evaluator.resolve(node)
        head, via = resolved.node, resolved.via
        if isinstance(head, Missing):
            return Answer(Status.PASS, via)
        if isinstance(head, Scalar):
            answer = self.holds(head.value)
            return Answer(answer.status, both(answer.via, via), answer.why)
        if isinstance(head, Undecided):
            return _open(head.why)
        return _open("what stands here is no name of a condition")

    def test(self, node: Node) -> Answer:
        """Whether an expression of a condition holds."""
        name = _function(node)
        test = TESTS.get(name)
        if test is None:
            return _open(f"{name or 'what stands there'} is no function of conditions")
        evaluator = self._evaluator
        if not evaluator.deeper():
            evaluator.higher()
            return _open("conditions are nested too deeply")
        try:
            argument = (
                node if node.tag or not isinstance(node, Mapping) else next(iter(node.entries.values())).value
            )
            return test(self, evaluator, argument, node)
        except BudgetError:
            return _open("what is compared is too large")
        finally:
            evaluator.higher()

    def breaks(self, rule: Mapping) -> bool:
        """Whether a rule refuses the parameters for certain."""
        when = rule.get("RuleCondition")
        if when is not None and self.test(when).status is not Status.PASS:
            return False
        assertions = rule.get("Assertions")
        return isinstance(assertions, Sequence) and any(
            isinstance(item, Mapping)
            and (assertion := item.get("Assert")) is not None
            and self.test(assertion).status is Status.FAIL
            for item in assertions.items
        )


def _open(why: str) -> Answer:
    return Answer(Status.UNKNOWN, "", why)


def _function(node: Node) -> str:
    """The function that a node calls, in its long form; "" when it calls none."""
    if node.tag:
        name = node.tag[1:]
        return name if name in ("Condition", "Ref") else f"Fn::{name}"
    if isinstance(node, Mapping) and len(node.entries) == 1:
        return next(iter(node.entries))
    return ""


def _every(answers: Iterable[Answer]) -> Answer:
    """Kleene's AND: one that fails decides."""
    via, left = "", None
    for answer in answers:
        if answer.status is Status.FAIL:
            return answer
        if answer.status is Status.UNKNOWN:
            left = left or answer
        via = both(via, answer.via)
    return left or Answer(Status.PASS, via)


def _negated(answer: Answer) -> Answer:
    return Answer(_NOT[answer.status], answer.via, answer.why)


def _some(answers: Iterable[Answer]) -> Answer:
    """Kleene's OR: one that holds decides."""
    return _negated(_every(_negated(answer) for answer in answers))


def _and(conditions: Conditions, evaluator: "Evaluator", argument: Node, node: Node) -> Answer:
    items = evaluator.arguments(argument, node)
    return (
        _every(conditions.test(item) for item in items)
        if items
        else _open("Fn::And takes a list of conditions")
    )


def _or(conditions: Conditions, evaluator: "Evaluator", argument: Node, node: Node) -> Answer:
    items = evaluator.arguments(argument, node)
    return (
        _some(conditions.test(item) for item in items)
        if items
        else _open("Fn::Or takes a list of conditions")
    )


def _not(conditions: Conditions, evaluator: "Evaluator", argument: Node, node: Node) -> Answer:
    items = evaluator.arguments(argument, node)
    if items is None or len(items) != 1:
        return _open("Fn::Not takes a list of one condition")
    return _negated(conditions.test(items[0]))


def _named(conditions: Conditions, evaluator: "Evaluator", argument: Node, node: Node) -> Answer:
    if not isinstance(argument, Scalar):
        return _open("Condition takes the name of a condition")
    name = argument.value
    if name not in evaluator.template.conditions:
        evaluator.complain(node, f"There is no condition {name}.")
    return conditions.holds(name)


def _equals(conditions: Conditions, evaluator: "Evaluator", argument: Node, node: Node) -> Answer:
    items = evaluator.arguments(argument, node)
    if items is None or len(items) != 2:
        return _open("Fn::Equals takes a list of two values")
    return _compare(evaluator, evaluator.resolve(items[0]), evaluator.resolve(items[1]), Budget(10_000))


def _compare(evaluator: "Evaluator", one: Resolved, other: Resolved, budget: Budget) -> Answer:
    """Whether two values are equal; texts, numbers and booleans compare as strings."""
    budget.spend()
    for side in (one.node, other.node):
        if isinstance(side, Undecided):
            return _open(side.why)
        if isinstance(side, Missing):
            return _open("AWS::NoValue can't be compared")
    via = both(one.via, other.via)
    left, right = one.node, other.node
    if isinstance(left, Scalar | Partial) and isinstance(right, Scalar | Partial):
        return _same(evaluator, evaluator.as_text(left)[0], evaluator.as_text(right)[0], via)
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        answer = _every(_elements(evaluator, left, right, budget))
    elif isinstance(left, Mapping) and isinstance(right, Mapping):
        answer = _every(_members(evaluator, left, right, budget))
    else:
        return _open("values of different kinds are compared")
    return Answer(answer.status, both(answer.via, via), answer.why)


def _same(evaluator: "Evaluator", left: Text | Undecided, right: Text | Undecided, via: str) -> Answer:
    if isinstance(left, Undecided) or isinstance(right, Undecided):
        return _open("what is compared is no text")
    left, right = evaluator.deciding(left), evaluator.deciding(right)
    status = same(left, right)
    if status is Status.UNKNOWN:
        origins = sorted({part.origin for part in (*left.opaque, *right.opaque)})
        return _open(f"it depends on {' and '.join(origins)}")
    return Answer(status, via)


def _elements(evaluator: "Evaluator", left: Sequence, right: Sequence, budget: Budget) -> Iterator[Answer]:
    ours, theirs = evaluator.items(left), evaluator.items(right)
    if isinstance(ours, Undecided) or isinstance(theirs, Undecided):
        return
    for item in (*ours, *theirs):
        if isinstance(
            item.node, Undecided
        ):  # it may turn out to be AWS::NoValue: not even the length is known
            yield _open(item.node.why)
            return
    if len(ours) != len(theirs):
        yield Answer(Status.FAIL)
        return
    for one, other in zip(ours, theirs, strict=True):
        yield _compare(evaluator, one, other, budget)


def _members(evaluator: "Evaluator", left: Mapping, right: Mapping, budget: Budget) -> Iterator[Answer]:
    ours, theirs = evaluator.entries(left), evaluator.entries(right)
    if isinstance(ours, Undecided) or isinstance(theirs, Undecided):
        return
    for member in (*ours.values(), *theirs.values()):
        if isinstance(member.value.node, Undecided):
            yield _open(member.value.node.why)
            return
    if ours.keys() != theirs.keys():
        yield Answer(Status.FAIL)
        return
    for name, member in ours.items():
        yield _compare(evaluator, member.value, theirs[name].value, budget)


def _contains(conditions: Conditions, evaluator: "Evaluator", argument: Node, node: Node) -> Answer:
    """A list has a value among its elements."""
    items = evaluator.arguments(argument, node)
    if items is None or len(items) != 2:
        return _open("Fn::Contains takes a list and a value")
    return _has(evaluator, items[0], evaluator.resolve(items[1]), Budget(10_000))


def _has(evaluator: "Evaluator", listed: Node, value: Resolved, budget: Budget) -> Answer:
    members = evaluator.items(listed)
    if isinstance(members, Undecided):
        return _open(members.why)
    return _some(_compare(evaluator, member, value, budget) for member in members)


def _each_equals(conditions: Conditions, evaluator: "Evaluator", argument: Node, node: Node) -> Answer:
    items = evaluator.arguments(argument, node)
    if items is None or len(items) != 2:
        return _open("Fn::EachMemberEquals takes a list and a value")
    members, value = evaluator.items(items[0]), evaluator.resolve(items[1])
    if isinstance(members, Undecided):
        return _open(members.why)
    budget = Budget(10_000)
    return _every(_compare(evaluator, member, value, budget) for member in members)


def _each_in(conditions: Conditions, evaluator: "Evaluator", argument: Node, node: Node) -> Answer:
    items = evaluator.arguments(argument, node)
    if items is None or len(items) != 2:
        return _open("Fn::EachMemberIn takes two lists")
    members = evaluator.items(items[0])
    if isinstance(members, Undecided):
        return _open(members.why)
    budget = Budget(10_000)
    return _every(_has(evaluator, items[1], member, budget) for member in members)


TESTS = {
    "Condition": _named,
    "Fn::And": _and,
    "Fn::Contains": _contains,
    "Fn::EachMemberEquals": _each_equals,
    "Fn::EachMemberIn": _each_in,
    "Fn::Equals": _equals,
    "Fn::Not": _not,
    "Fn::Or": _or,
}
"""The functions that hold or don't; the three with members stand in Rules only."""
