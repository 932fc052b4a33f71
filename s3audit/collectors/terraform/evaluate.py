"""What the expressions of a configuration come to, as far as its files and its variables tell."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from s3audit.collectors.documents.hcl import syntax
from s3audit.collectors.documents.hcl.syntax import Datum, Expression
from s3audit.collectors.documents.resolved import Partial, Resolved, Undecided
from s3audit.collectors.documents.tree import Entry, Lines, Mapping, Node, Scalar, Sequence
from s3audit.collectors.terraform import convert
from s3audit.collectors.terraform.arithmetic import calculated
from s3audit.collectors.terraform.instances import Declarations, attribute_of, indexed
from s3audit.collectors.terraform.scope import ITEM, Lazy, Scope, Trace
from s3audit.collectors.terraform.values import (
    Encoded,
    Failed,
    Named,
    Primitive,
    SetOf,
    Value,
    failed,
    is_document,
    is_null,
    joined,
    mapping,
    opaque,
    partial,
    sequence,
    undecided,
)
from s3audit.text import Opaque, Text

MAX_DEPTH = 150
"""Expressions that may stand in one another, those of locals and modules counted."""
MAX_STEPS = 3_000_000
MAX_ELEMENTS = 100_000
MAX_TEXT = 1_000_000

_TRIMMING = frozenset({"chomp", "trimspace"})
"""Functions that take nothing from a document but the white space around it."""

_TOO_DEEP = "it is nested too deeply"
_TOO_MUCH = "what it takes to work it out is more than a configuration needs"


class Evaluator:
    """Evaluates the expressions of all modules of one root; locals, variables and outputs once."""

    def __init__(self) -> None:
        self.steps = MAX_STEPS
        self.choices: dict[str, dict[Datum, None]] = {}
        """By variable without a value: those that it was compared with."""
        self.asked: dict[str, tuple[Datum, ...]] = {}
        """The variables without a value that were read, with all values that they may have where that is known."""
        self.traces: dict[str, Trace] = {}
        """By the address of a resource: what its arguments are made of."""
        self._depth = 0
        self._trace = Trace()

    def resolve(self, node: Node) -> Resolved:
        """The head of a node, for whoever fills a section from it."""
        return node.resolve() if isinstance(node, Lazy) else Resolved(node)

    def resolved(self, expression: Expression, scope: Scope) -> Resolved:
        """An argument of a resource, with how it came about."""
        if type(expression) is syntax.Literal:
            return Resolved(Primitive.of(expression, expression.value))
        value, trace = self.watched(lambda: self.evaluate(expression, scope))
        self.trace_of(scope.owner).follow(trace)
        if isinstance(value, Encoded):
            value = value.value
        return Resolved(value, trace.via)

    def trace_of(self, owner: str) -> Trace:
        """What a resource is made of, so far."""
        if owner not in self.traces:
            self.traces[owner] = Trace()
        return self.traces[owner]

    def watched(self, work: Callable[[], Value]) -> tuple[Value, Trace]:
        """What a piece of work gives, and what it was made of."""
        before, self._trace = self._trace, Trace()
        try:
            value = work()
        except RecursionError:
            value = undecided(_NOWHERE, _TOO_DEEP)
        finally:
            made, self._trace = self._trace, before
            before.follow(made)
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

    def choose(self, value: Value, others: Iterable[Datum]) -> None:
        """A variable without a value decides something by being one of these, or none of them."""
        match value:
            case Partial(text=Text(parts=(Opaque(origin=origin, given=True),))) if origin.startswith("var."):
                self.choices.setdefault(origin.removeprefix("var."), {}).update(dict.fromkeys(others))
            case _:
                return

    def truth(self, value: Value) -> bool | Undecided:
        """A value where something is decided."""
        answer = convert.as_bool(value)
        if isinstance(answer, Undecided):
            self.choose(value, (True, False))
        return answer

    def evaluate(self, expression: Expression, scope: Scope) -> Value:
        """The value of an expression; what can't be told is Undecided, in it or as a whole."""
        value = self.reach(expression, scope)
        return value.whole() if isinstance(value, Declarations) else value

    def reach(self, expression: Expression, scope: Scope) -> Value:
        """As `evaluate`, but the instances of a resource or module stay together, so that one can be chosen."""
        work = _WORK.get(type(expression))
        if work is None:
            return undecided(expression, "it is written in a way that is not understood")
        self.steps -= 1
        if self.steps < 0:
            return undecided(expression, _TOO_MUCH)
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
            return self.evaluate(expression, scope)
        finally:
            self._trace = before

    def all(self, expressions: Iterable[Expression], scope: Scope) -> list[Value]:
        return [self.evaluate(one, scope) for one in expressions]


_NOWHERE = Node(0, 0, Lines(""))


def _literal(evaluator: Evaluator, expression: syntax.Literal, scope: Scope) -> Value:
    return Primitive.of(expression, expression.value)


def _invalid(evaluator: Evaluator, expression: syntax.Invalid, scope: Scope) -> Value:
    return undecided(expression, expression.why)


def _template(evaluator: Evaluator, expression: syntax.Template, scope: Scope) -> Value:
    parts = expression.parts
    if len(parts) == 1 and not isinstance(only := parts[0], str | syntax.TemplateIf | syntax.TemplateFor):
        return placed(evaluator.evaluate(only, scope), expression)
    keep = any(isinstance(part, str) and "{" in part for part in parts)
    if keep:
        from s3audit.collectors.documents.hcl.pieces import locate

        locate(expression)
    found: list[str | Value] = []
    stopped = _pieces(evaluator, expression.parts, scope, found, keep)
    if stopped is not None:
        return placed(stopped, expression)
    return joined(expression, found, keep=keep)


def _pieces(
    evaluator: Evaluator,
    parts: Iterable[syntax.TemplatePart],
    scope: Scope,
    found: list[str | Value],
    keep: bool,
) -> Undecided | None:
    """Add what the parts of a template come to; what can't be told stops it, but for a word of a document."""
    size = 0
    for part in parts:
        if isinstance(part, str):
            found.append(part)
        elif isinstance(part, syntax.TemplateIf):
            test = evaluator.truth(evaluator.evaluate(part.test, scope))
            if isinstance(test, Undecided):
                return test
            stopped = _pieces(evaluator, part.yes if test else part.no, scope, found, keep)
            if stopped is not None:
                return stopped
        elif isinstance(part, syntax.TemplateFor):
            stopped = _repeated(evaluator, part, scope, found, keep)
            if stopped is not None:
                return stopped
        else:
            value = convert.as_text(evaluator.evaluate(part, scope))
            if isinstance(value, Undecided):
                if not keep or isinstance(value, Failed):
                    return value
                value = _open_word(part, value.why)
            found.append(value)
        last = found[-1] if found else ""
        size += len(last if isinstance(last, str) else str(text_of(last)))
        if size > MAX_TEXT:
            return undecided(_NOWHERE, "its text is too large to be worked out")
    return None


def _open_word(expression: Expression, why: str) -> Value:
    """A part of a document that can't be told, known by how it is written, though it is like no other."""
    written = expression.lines.text[expression.start : min(expression.end, expression.start + 60)]
    return partial(expression, Text((convert.Unlike(written),)), why)


def _repeated(
    evaluator: Evaluator, part: syntax.TemplateFor, scope: Scope, found: list[str | Value], keep: bool
) -> Undecided | None:
    members = convert.elements(evaluator.evaluate(part.collection, scope))
    if isinstance(members, Undecided):
        return members
    for key, value in members:
        names = {part.value: value, part.key: key} if part.key else {part.value: value}
        stopped = _pieces(evaluator, part.body, scope.within(names), found, keep)
        if stopped is not None:
            return stopped
        if len(found) > MAX_ELEMENTS:
            return undecided(part, "its text is too large to be worked out")
    return None


def _name(evaluator: Evaluator, expression: syntax.Name, scope: Scope) -> Value:
    value = scope.names.get(expression.name)
    if value is not None:
        return placed(value, expression)
    return failed(expression, f"there is nothing named {expression.name}")


def _item(evaluator: Evaluator, expression: syntax.EachItem, scope: Scope) -> Value:
    return scope.names[ITEM]


def _attribute(evaluator: Evaluator, expression: syntax.Attribute, scope: Scope) -> Value:
    of, name = expression.of, expression.name
    match of:
        case syntax.Name(name=root) if root not in scope.names:
            value = scope.module.named(root, name, expression)
        case syntax.Attribute(of=syntax.Name(name="data" | "resource" as root), name=kind) if (
            root not in scope.names
        ):
            value = scope.module.declared(root == "data", kind, name, expression)
        case _:
            value = attribute(evaluator.reach(of, scope), name, expression)
    return placed(value, expression)


def attribute(value: Value, name: str, at: Node) -> Value:
    """An attribute of a value."""
    if isinstance(value, Mapping):
        entry = value.entries.get(name)
        return failed(at, f"it has no attribute {name}") if entry is None else entry.value
    if isinstance(value, Undecided):
        return value
    match value:
        case Partial(text=Text(parts=(Opaque() as only,)), why=why):
            return opaque(at, f"{only.origin}.{name}", why, given=only.given)
        case Sequence(items=items) if name.isdigit() and not isinstance(value, SetOf):
            return items[int(name)] if int(name) < len(items) else failed(at, f"it has no element {name}")
        case _:
            found = attribute_of(value, name, at)
            return failed(at, f"it has no attribute {name}") if found is None else found


def _index(evaluator: Evaluator, expression: syntax.Index, scope: Scope) -> Value:
    of = evaluator.reach(expression.of, scope)
    key = evaluator.evaluate(expression.key, scope)
    if isinstance(of, Mapping):
        evaluator.choose(key, of.entries)
    return placed(index(of, key, expression), expression)


def index(of: Value, key: Value, at: Node) -> Value:
    """An element of a value."""
    if isinstance(of, Undecided):
        return of
    if isinstance(key, Undecided):
        return key
    if isinstance(of, Declarations):
        return indexed(of, key, at)
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
            return opaque(at, f"{only.origin}[{name}]", why, given=only.given)
        case _, Partial(text=known):
            return undecided(at, f"which element is meant by {known} is not known")
        case _, Primitive(data=str(name)) if (found := attribute_of(of, name, at)) is not None:
            return found
        case _:
            return failed(at, "it has no elements to choose from")


def _splat(evaluator: Evaluator, expression: syntax.Splat, scope: Scope) -> Value:
    of = evaluator.evaluate(expression.of, scope)
    if isinstance(of, Undecided):
        return of
    if is_null(of):
        return sequence(expression, ())
    if isinstance(of, Partial) and convert.may_be_anything(of):
        return undecided(expression, f"what {of.text} holds is not known")
    items = of.items if isinstance(of, Sequence) else [of]
    return sequence(
        expression, [evaluator.evaluate(expression.each, scope.within({ITEM: item})) for item in items]
    )


def _call(evaluator: Evaluator, expression: syntax.Call, scope: Scope) -> Value:
    arguments = evaluator.all(expression.arguments, scope)
    if expression.expand and arguments:
        last = arguments.pop()
        if isinstance(last, Undecided):
            return last
        if not isinstance(last, Sequence):
            return failed(expression, f"{expression.name} needs a list before its `...`")
        arguments.extend(last.items)
    if expression.name == "contains" and len(arguments) == 2 and isinstance(arguments[0], Sequence):
        evaluator.choose(arguments[1], (one.data for one in arguments[0].items if isinstance(one, Primitive)))
    elif expression.name == "lookup" and len(arguments) > 1 and isinstance(arguments[0], Mapping):
        evaluator.choose(arguments[1], arguments[0].entries)
    from s3audit.collectors.terraform.functions import call

    made = call(expression.name, arguments, expression, scope.module.context)
    if expression.name not in _TRIMMING or made in arguments or not any(map(is_document, arguments)):
        return made
    if isinstance(made, Primitive | Partial):
        made.pieces = (arguments[0],)
    return made


def _conditional(evaluator: Evaluator, expression: syntax.Conditional, scope: Scope) -> Value:
    test = evaluator.truth(evaluator.evaluate(expression.test, scope))
    if isinstance(test, Undecided):
        if isinstance(test, Failed):
            return test
        yes, no = evaluator.evaluate(expression.yes, scope), evaluator.evaluate(expression.no, scope)
        if convert.alike(yes, no) is True:
            return yes
        return undecided(expression, test.why)
    taken, other = (expression.yes, expression.no) if test else (expression.no, expression.yes)
    value, rest = evaluator.evaluate(taken, scope), evaluator.aside(other, scope)
    if isinstance(value, Undecided) or is_null(value):
        return value
    together = convert.unify([value, rest])
    if together is not None:
        return together[0]
    # Something empty may have a type that fits, as `tomap({})` has, but not where it is written as a pair of brackets.
    for one, written in ((value, taken), (rest, other)):
        if _is_empty(one) and not isinstance(written, syntax.Tuple | syntax.Object | syntax.For):
            return value
    return failed(expression, "its two results have no type in common")


def _is_empty(value: Value) -> bool:
    match value:
        case Sequence(items=[]):
            return True
        case Mapping(entries=entries):
            return not entries
        case _:
            return False


def _binary(evaluator: Evaluator, expression: syntax.Binary, scope: Scope) -> Value:
    operator = expression.operator
    left = evaluator.evaluate(expression.left, scope)
    if operator in ("&&", "||"):
        return _logical(evaluator, expression, left, scope)
    right = evaluator.evaluate(expression.right, scope)
    if operator in ("==", "!="):
        answer = convert.equal(left, right)
        if isinstance(answer, Undecided):
            for one, other in ((left, right), (right, left)):
                if isinstance(other, Primitive):
                    evaluator.choose(one, (other.data,))
            return _again(answer, expression)
        return Primitive.of(expression, answer is (operator == "=="))
    one_number, other_number = convert.as_number(left), convert.as_number(right)
    if isinstance(one_number, Undecided):
        return _again(one_number, expression)
    if isinstance(other_number, Undecided):
        return _again(other_number, expression)
    return calculated(operator, one_number, other_number, expression)


def _logical(evaluator: Evaluator, expression: syntax.Binary, left: Value, scope: Scope) -> Value:
    """Decided as soon as one side decides."""
    decides = expression.operator == "||"
    one = evaluator.truth(left)
    if isinstance(one, Failed):
        return _again(one, expression)
    if one is decides:
        return Primitive.of(expression, decides)
    other = evaluator.truth(evaluator.evaluate(expression.right, scope))
    if other is decides:
        return Primitive.of(expression, decides)
    for side in (one, other):
        if isinstance(side, Undecided):
            return _again(side, expression)
    return Primitive.of(expression, not decides)


def _unary(evaluator: Evaluator, expression: syntax.Unary, scope: Scope) -> Value:
    operand = evaluator.evaluate(expression.operand, scope)
    if expression.operator == "!":
        answer = evaluator.truth(operand)
        return (
            _again(answer, expression)
            if isinstance(answer, Undecided)
            else Primitive.of(expression, not answer)
        )
    number = convert.as_number(operand)
    return _again(number, expression) if isinstance(number, Undecided) else Primitive.of(expression, -number)


def _tuple(evaluator: Evaluator, expression: syntax.Tuple, scope: Scope) -> Value:
    return sequence(expression, evaluator.all(expression.items, scope))


def _object(evaluator: Evaluator, expression: syntax.Object, scope: Scope) -> Value:
    found: dict[str, tuple[Node, Value]] = {}
    for key, value in expression.items:
        name = convert.as_text(evaluator.evaluate(key, scope))
        if isinstance(name, Undecided):
            return _again(name, expression)
        known = convert.literal(name)
        if known is None:
            return undecided(expression, f"it has the key {convert.text_of(name)}, which is not known")
        found[known] = (key, evaluator.evaluate(value, scope))
    return keyed(expression, found)


def keyed(at: Node, found: dict[str, tuple[Node, Value]]) -> Mapping:
    """A map whose keys have places of their own."""
    made = mapping(at, {})
    for name, (key, value) in found.items():
        made.entries[name] = Entry(Scalar(key.start, key.end, key.lines, "", name, False, ""), value)
    return made


def _for(evaluator: Evaluator, expression: syntax.For, scope: Scope) -> Value:
    members = convert.elements(evaluator.evaluate(expression.collection, scope))
    if isinstance(members, Undecided):
        return _again(members, expression)
    if len(members) > MAX_ELEMENTS:
        return undecided(expression, f"it has more than {MAX_ELEMENTS:,} elements")
    items: list[Value] = []
    entries: dict[str, tuple[Node, Value]] = {}
    groups: dict[str, list[Value]] = {}
    for key, value in members:
        inner = scope.within(
            {expression.value: value, expression.key: key} if expression.key else {expression.value: value}
        )
        if expression.condition is not None:
            keep = evaluator.truth(evaluator.evaluate(expression.condition, inner))
            if isinstance(keep, Undecided):
                return _again(keep, expression)
            if not keep:
                continue
        result = evaluator.evaluate(expression.result, inner)
        if expression.name is None:
            items.append(result)
            continue
        named = convert.as_text(evaluator.evaluate(expression.name, inner))
        name = convert.literal(named)
        if name is None:
            why = named.why if isinstance(named, Undecided) else "one of its keys is not known"
            return undecided(expression, why)
        if expression.grouped:
            groups.setdefault(name, []).append(result)
        elif name in entries:
            return failed(expression, f"two of its elements have the key {name!r}")
        entries[name] = (expression.name, result)
    if expression.name is None:
        return sequence(expression, items)
    if expression.grouped:
        entries = {name: (key, sequence(expression, groups[name])) for name, (key, _) in entries.items()}
    # A map has no order of its own: Terraform goes through it by its keys.
    return keyed(expression, dict(sorted(entries.items())))


def text_of(value: Value) -> Text:
    """A value that is a text."""
    if isinstance(value, Partial):
        return value.text
    assert isinstance(value, Primitive)  # noqa: S101 - whoever asks has made a text of it
    return Text((value.value,)) if value.value else Text()


def placed(value: Value, at: Node) -> Value:
    """A value in the place where it is used: what is small is shown there, what is large where it is written."""
    if isinstance(value, Primitive):
        if isinstance(value, Named):
            made = Named.of(at, value.data)
            made.resource = value.resource
            return made
        return value if is_document(value) else Primitive.of(at, value.data)
    if isinstance(value, Undecided):
        return _again(value, at)
    if isinstance(value, Partial) and type(value) is Partial and not is_document(value):
        return partial(at, value.text, value.why)
    return value


def _again(value: Undecided, at: Node) -> Undecided:
    """The same reason in another place."""
    return failed(at, value.why) if isinstance(value, Failed) else undecided(at, value.why)


_WORK: dict[type[Expression], Callable[[Evaluator, Any, Scope], Value]] = {
    syntax.Attribute: _attribute,
    syntax.Binary: _binary,
    syntax.Call: _call,
    syntax.Conditional: _conditional,
    syntax.EachItem: _item,
    syntax.For: _for,
    syntax.Index: _index,
    syntax.Invalid: _invalid,
    syntax.Literal: _literal,
    syntax.Name: _name,
    syntax.Object: _object,
    syntax.Splat: _splat,
    syntax.Template: _template,
    syntax.Tuple: _tuple,
    syntax.Unary: _unary,
}
