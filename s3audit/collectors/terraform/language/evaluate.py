"""What the expressions of a configuration come to, as far as its files and its variables tell."""

from collections.abc import Callable, Iterable
from collections.abc import Mapping as Map
from typing import Any

from s3audit.collectors.documents.hcl import syntax
from s3audit.collectors.documents.hcl.syntax import Datum, Expression
from s3audit.collectors.documents.resolved import Partial, Resolved, Undecided
from s3audit.collectors.documents.tree import NO_LINES, Mapping, Node, Sequence
from s3audit.collectors.terraform.language import convert
from s3audit.collectors.terraform.language.declarations import Declarations, attribute_of, indexed
from s3audit.collectors.terraform.language.effort import TOO_MUCH, Effort
from s3audit.collectors.terraform.language.loops import for_each, splat
from s3audit.collectors.terraform.language.naming import called, chosen, condition
from s3audit.collectors.terraform.language.operators import binary, conditional, unary
from s3audit.collectors.terraform.language.rendering import template
from s3audit.collectors.terraform.language.scope import ITEM, Condition, Lazy, Scope, Trace
from s3audit.collectors.terraform.language.values import (
    Encoded,
    Failed,
    OpenSequence,
    Primitive,
    SetOf,
    Value,
    again,
    failed,
    is_document,
    keyed,
    opaque,
    partial,
    placed,
    sequence,
    undecided,
)
from s3audit.problem import Problem
from s3audit.text import Opaque, Text

MAX_DEPTH = 250
"""Expressions that may stand in one another, those of locals and modules counted: all of Python's stack but a rest."""
_A_NAME = 2
"""Expressions that a local value, a variable or an output is worth on that stack."""

_TRIMMING = frozenset({"chomp", "trimspace"})
"""Functions that take nothing from a document but the white space around it."""

_UNITING = frozenset({"concat", "setunion"})
"""Functions for which any number of lists that are not known are as good as one."""

_LONGEST_SHOWN = 60
"""Letters of an expression in a reason."""

_TOO_DEEP = "it is nested too deeply"


class Evaluator:
    """Evaluates the expressions of all modules of one root; locals, variables and outputs once."""

    def __init__(
        self, supposed: Map[str, Datum | Opaque] | None = None, held: Map[Condition, bool] | None = None
    ) -> None:
        self.effort = Effort()
        self.held = held or {}
        """How conditions that nothing decides are taken to turn out."""
        self.open_ended = False
        """Whether there is such a condition."""
        self.supposed = supposed or {}
        """What variables without a value are taken to be where something is decided, and nowhere else."""
        self.asked: dict[str, tuple[Datum, ...]] = {}
        """The variables without a value that were read, with all values that they may have where that is known."""
        self.problems: dict[Problem, None] = {}
        """What was found out to be wrong on the way."""
        self.traces: dict[str, Trace] = {}
        """By the address of a resource: what its arguments are made of."""
        self._depth = 0
        self._trace = Trace()
        self.is_tried = False
        """Whether a failure anywhere in what is evaluated now is one of the whole: `try` asks for it."""

    def resolve(self, node: Node) -> Resolved:
        """The head of a node, for whoever fills a section from it."""
        if isinstance(node, Lazy):
            return node.resolve()
        if isinstance(node, OpenSequence):
            node = node.shown
        return Resolved(node)

    def only(self, blocks: Sequence) -> Node:
        """What to take of several blocks where one is allowed."""
        from s3audit.collectors.terraform.language.twice import the_only

        return the_only(self, blocks)

    def resolved(self, expression: Expression, scope: Scope) -> Resolved:
        """An argument of a resource, with how it came about."""
        if type(expression) is syntax.Literal:
            return Resolved(Primitive.of(expression, expression.value))
        value, trace = self.apart(lambda: self.evaluate(expression, scope))
        self._trace.follow(trace)
        if trace.notes or trace.open or trace.touched:
            self.trace_of(scope.owner).follow(trace)
        if isinstance(value, Encoded):
            value = value.value
        if isinstance(value, OpenSequence):
            value = value.shown
        return Resolved(
            value, _both(trace.via, _passed(expression, scope)) if scope.module.prefix else trace.via
        )

    def trace_of(self, owner: str) -> Trace:
        """What a resource is made of, so far."""
        if owner not in self.traces:
            self.traces[owner] = Trace()
        return self.traces[owner]

    def watched(self, work: Callable[[], Value]) -> tuple[Value, Trace]:
        """What a piece of work gives, and what it was made of."""
        value, made = self.apart(work)
        self._trace.follow(made)
        return value, made

    def apart(self, work: Callable[[], Value]) -> tuple[Value, Trace]:
        """As `watched`, for work of which what is worked out now is not made."""
        before, self._trace = self._trace, Trace()
        was_tried, self.is_tried = self.is_tried, False
        self._depth += _A_NAME
        lent = self.effort.lend()
        try:
            value = work()
        except RecursionError:
            value = undecided(_NOWHERE, _TOO_DEEP)
        finally:
            made, self._trace = self._trace, before
            if lent is not None:
                self.effort.give_back(lent)
            self.is_tried = was_tried
            self._depth -= _A_NAME
        return value, made

    def follow(self, trace: Trace) -> None:
        """What is worked out now is made of this, too."""
        self._trace.follow(trace)

    def assume(self, notes: Iterable[str]) -> None:
        """What is worked out now depends on these assumptions."""
        self._trace.notes.update(dict.fromkeys(notes))

    def ask(self, variable: str, allowed: tuple[Datum, ...] = ()) -> None:
        """A variable of the root module has no value; `allowed` are all that it may have, where that is known."""
        self._trace.open[variable] = None
        self.asked[variable] = allowed

    def touch(self, address: str) -> None:
        self._trace.touched[address] = None

    def deciding(self, value: Value, others: Iterable[Datum] = ()) -> Value:
        """A value where something is decided by whether it is one of these.

        A variable without a value is taken to be one of them there, or none. That it is compared with a value does
        not say that somebody will give it that one, so wherever it is used itself it stays what it is.
        """
        match value:
            case Partial(text=Text(parts=(Opaque(origin=origin, given=True),))) if origin.startswith("var."):
                name = origin.removeprefix("var.")
            case Partial(text=Text(parts=(Opaque(origin="terraform.workspace" as name),))):
                pass
            case _:
                return value
        self._trace.compare((name, other) for other in others)
        if name not in self.supposed:
            return value
        taken = self.supposed[name]
        return partial(value, Text((taken,))) if isinstance(taken, Opaque) else Primitive.of(value, taken)

    def truth(self, value: Value) -> bool | Undecided:
        """A value where something is decided."""
        answer = convert.as_bool(value)
        if isinstance(answer, Undecided) and (taken := self.deciding(value, (True, False))) is not value:
            return convert.as_bool(taken)
        return answer

    def condition(self, test: Expression, scope: Scope, answer: Undecided) -> bool | Undecided:
        """A condition that nothing decides, as it is taken to turn out."""
        name = condition(self, test, scope)
        if name is None:
            return answer
        self.ask(name)
        self.open_ended = True
        return self.held.get(name, answer)

    def evaluate(self, expression: Expression, scope: Scope) -> Value:
        """The value of an expression; what can't be told is Undecided, in it or as a whole."""
        if type(expression) is syntax.Literal and self._depth < MAX_DEPTH and self.effort.take(1):
            return Primitive.of(expression, expression.value)
        value = self.reach(expression, scope)
        if isinstance(value, Declarations):
            self.follow(value.trace)
            return value.whole()
        return value

    def reach(self, expression: Expression, scope: Scope) -> Value:
        """As `evaluate`, but the instances of a resource or module stay together, so that one can be chosen."""
        work = _WORK.get(type(expression))
        if work is None:
            return undecided(expression, "it is written in a way that is not understood")
        if not self.effort.take(1):
            return undecided(expression, TOO_MUCH)
        if self._depth >= MAX_DEPTH:
            return undecided(expression, _TOO_DEEP)
        self._depth += 1
        try:
            return work(self, expression, scope)
        finally:
            self._depth -= 1

    def aside(self, expression: Expression, scope: Scope) -> Value:
        """The value of an expression of which nothing but its type matters."""
        before, self._trace = self._trace, Trace()
        try:
            return self.tried([expression], scope)[0]
        finally:
            self._trace = before

    def all(self, expressions: Iterable[Expression], scope: Scope) -> list[Value]:
        return [self.evaluate(one, scope) for one in expressions]

    def tried(self, expressions: Iterable[Expression], scope: Scope) -> list[Value]:
        """As `all`, for a function that asks whether they can be worked out."""
        before, self.is_tried = self.is_tried, True
        try:
            return self.all(expressions, scope)
        finally:
            self.is_tried = before

    def part(self, of: Opaque, step: str, why: str, at: Node) -> Value:
        """A part of what is known by its origin alone; whether there is such a part is what `try` asks."""
        if self.is_tried:
            return undecided(at, why or f"what {of} holds is not known")
        return opaque(at, f"{of.origin}{step}", why, given=of.given)

    def spoiled(self, items: Iterable[Value]) -> Failed | None:
        """The element that fails, where it takes all with it."""
        if not self.is_tried:
            return None
        return next((item for item in items if isinstance(item, Failed)), None)


def _passed(expression: Expression, scope: Scope) -> str:
    """How a caller gives an argument that is nothing but a variable."""
    match expression:
        case syntax.Attribute(of=syntax.Name(name="var"), name=name) if scope.module.gives(name):
            return f"with {name} from {scope.module.prefix.removesuffix('.')}"
        case _:
            return ""


def _both(one: str, other: str) -> str:
    return f"{one} and {other}" if one and other else one or other


_NOWHERE = Node(0, 0, NO_LINES)


def _literal(evaluator: Evaluator, expression: syntax.Literal, scope: Scope) -> Value:
    return Primitive.of(expression, expression.value)


def _invalid(evaluator: Evaluator, expression: syntax.Invalid, scope: Scope) -> Value:
    return undecided(expression, expression.why)


def _name(evaluator: Evaluator, expression: syntax.Name, scope: Scope) -> Value:
    value = scope.names.get(expression.name)
    if value is not None:
        if expression.name == "each" and scope.each is not None:
            evaluator.follow(scope.each)
        return placed(value, expression)
    return failed(expression, f"there is nothing named {expression.name}")


def _item(evaluator: Evaluator, expression: syntax.EachItem, scope: Scope) -> Value:
    return scope.names[ITEM]


def _attribute(evaluator: Evaluator, expression: syntax.Attribute, scope: Scope) -> Value:
    of, name = expression.of, expression.name
    if isinstance(of, syntax.Name) and of.name not in scope.names:
        return placed(scope.module.named(of.name, name, expression), expression)
    if isinstance(of, syntax.Attribute) and isinstance(root := of.of, syntax.Name):
        word = root.name
        if word in ("data", "resource") and word not in scope.names:
            return scope.module.declared(word == "data", of.name, name, expression)
    return placed(attribute(evaluator, evaluator.reach(of, scope), name, expression), expression)


def attribute(evaluator: Evaluator, value: Value, name: str, at: Node) -> Value:
    """An attribute of a value."""
    if isinstance(value, Mapping):
        entry = value.entries.get(name)
        return failed(at, f"{_whose(at)} has no attribute {name}") if entry is None else entry.value
    if isinstance(value, Undecided):
        return again(value, at)
    match value:
        case Partial(text=Text(parts=(Opaque() as only,)), why=why):
            return evaluator.part(only, f".{name}", why, at)
        case Sequence(items=items) if name.isdigit() and not isinstance(value, SetOf):
            return items[int(name)] if int(name) < len(items) else failed(at, f"it has no element {name}")
        case _:
            if isinstance(value, Declarations) and value.mode == "one":
                if evaluator.is_tried or not value.instances:
                    evaluator.follow(value.trace)
                # It need not be there, and that is what `try` asks.
                if value.open and evaluator.is_tried:
                    return undecided(at, value.open)
            found = attribute_of(value, name, at)
            return failed(at, f"{_whose(at)} has no attribute {name}") if found is None else found


def _whose(at: Node) -> str:
    """What an attribute is asked of, as it is written."""
    if not isinstance(at, syntax.Attribute):
        return "it"
    written = " ".join(at.of.lines.text[at.of.start : at.of.end].split())
    return written if len(written) <= _LONGEST_SHOWN else "it"


def _index(evaluator: Evaluator, expression: syntax.Index, scope: Scope) -> Value:
    of = evaluator.reach(expression.of, scope)
    key = evaluator.evaluate(expression.key, scope)
    if isinstance(of, Mapping):
        key = evaluator.deciding(key, of.entries)
    made = placed(index(evaluator, of, key, expression), expression)
    return chosen(evaluator, expression, of, scope, made) if type(made) is Undecided else made


def index(evaluator: Evaluator, of: Value, key: Value, at: Node) -> Value:
    """An element of a value."""
    if isinstance(of, Undecided):
        return again(of, at)
    if isinstance(key, Undecided):
        return again(key, at)
    if isinstance(of, Declarations):
        if of.mode == "one" and (known := convert.text_of(key)) is not None:
            if (name := known.literal) is not None:
                return attribute(evaluator, of, name, at)
            return undecided(at, f"which attribute is meant by {known} is not known")
        chosen = indexed(of, key, at)
        if isinstance(chosen, Undecided) or evaluator.is_tried:
            evaluator.follow(of.trace)
        # It need not be there, and that is what `try` asks.
        return undecided(at, of.open) if of.open and evaluator.is_tried else chosen
    match of, key:
        case Mapping(entries=entries), Primitive(value=name, data=data) if data is not None:
            entry = entries.get(name)
            return failed(at, f"it has no element {name!r}") if entry is None else entry.value
        case SetOf(), _:
            return failed(at, "it is a set, which has no order to choose by")
        case Sequence(items=items), Primitive():
            number = convert.as_number(key)
            if isinstance(number, Undecided):
                return number
            if number != int(number) or not 0 <= number < len(items):
                return failed(at, f"it has no element {number}")
            return items[int(number)]
        case Partial(text=Text(parts=(Opaque() as only,)), why=why), Primitive(value=name):
            return evaluator.part(only, f"[{name}]", why, at)
        case _, Partial(text=known):
            return undecided(at, f"which element is meant by {known} is not known")
        case _, Primitive(data=str(name)) if (found := attribute_of(of, name, at)) is not None:
            return found
        case _:
            return failed(at, "it has no elements to choose from")


def _call(evaluator: Evaluator, expression: syntax.Call, scope: Scope) -> Value:
    if len(expression.arguments) > evaluator.effort.left:
        return undecided(expression, TOO_MUCH)
    work = evaluator.tried if expression.name in ("try", "can") else evaluator.all
    arguments = work(expression.arguments, scope)
    if expression.expand and arguments:
        last = arguments.pop()
        if convert.may_be_anything(last):
            last = undecided(expression, f"what {convert.text_of(last)} holds is not known")
        if isinstance(last, Undecided):
            if expression.name not in _UNITING or isinstance(last, Failed):
                return again(last, expression)
            arguments.extend(last.items if isinstance(last, OpenSequence) else [last])
        elif isinstance(last, Sequence):
            arguments.extend(last.items)
        else:
            return failed(expression, f"{expression.name} needs a list before its `...`")
    if expression.name == "contains" and len(arguments) == 2 and isinstance(arguments[0], Sequence):
        listed = (one.data for one in arguments[0].items if isinstance(one, Primitive))
        arguments[1] = evaluator.deciding(arguments[1], listed)
    elif expression.name == "lookup" and len(arguments) > 1 and isinstance(arguments[0], Mapping):
        arguments[1] = evaluator.deciding(arguments[1], arguments[0].entries)
    if not evaluator.effort.go_through(arguments, expression.name):
        return undecided(expression, TOO_MUCH)
    from s3audit.collectors.terraform.language.functions import call

    made = call(expression.name, arguments, expression, scope.module.context)
    evaluator.effort.go_through([made])
    if type(made) is Undecided:
        return called(evaluator, expression, arguments, scope, made)
    if expression.name not in _TRIMMING or made in arguments or not any(map(is_document, arguments)):
        return made
    if isinstance(made, Primitive | Partial):
        made.pieces = (arguments[0],)
    return made


def _tuple(evaluator: Evaluator, expression: syntax.Tuple, scope: Scope) -> Value:
    if len(expression.items) > evaluator.effort.left:
        return undecided(expression, TOO_MUCH)
    items = evaluator.all(expression.items, scope)
    return evaluator.spoiled(items) or sequence(expression, items)


def _object(evaluator: Evaluator, expression: syntax.Object, scope: Scope) -> Value:
    if len(expression.items) > evaluator.effort.left:
        return undecided(expression, TOO_MUCH)
    found: dict[str, tuple[Node, Value]] = {}
    for key, value in expression.items:
        name = convert.as_text(evaluator.evaluate(key, scope))
        if isinstance(name, Undecided):
            return again(name, expression)
        known = convert.literal(name)
        if known is None:
            return undecided(expression, f"it has the key {convert.text_of(name)}, which is not known")
        made = evaluator.evaluate(value, scope)
        if (spoiled := evaluator.spoiled([made])) is not None:
            return spoiled
        found[known] = (key, made)
    return keyed(expression, found)


_WORK: dict[type[Expression], Callable[[Evaluator, Any, Scope], Value]] = {
    syntax.Attribute: _attribute,
    syntax.Binary: binary,
    syntax.Call: _call,
    syntax.Conditional: conditional,
    syntax.EachItem: _item,
    syntax.For: for_each,
    syntax.Index: _index,
    syntax.Invalid: _invalid,
    syntax.Literal: _literal,
    syntax.Name: _name,
    syntax.Object: _object,
    syntax.Splat: splat,
    syntax.Template: template,
    syntax.Tuple: _tuple,
    syntax.Unary: unary,
}
