"""Names for what can't be told, but is a text for certain: the expression that gives it; equal ones are equal."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from s3audit.collectors.documents.hcl import syntax
from s3audit.collectors.documents.hcl.syntax import Expression
from s3audit.collectors.documents.resolved import Partial, Undecided
from s3audit.collectors.documents.tree import Mapping, Sequence
from s3audit.collectors.terraform.language import convert
from s3audit.collectors.terraform.language.scope import Condition, Scope
from s3audit.collectors.terraform.language.values import (
    Encoded,
    Failed,
    OpenSequence,
    Primitive,
    SetOf,
    SomeText,
    Value,
    is_document,
    partial,
    some_text,
    spelled,
)
from s3audit.text import Opaque, Text

if TYPE_CHECKING:
    from s3audit.collectors.terraform.language.evaluate import Evaluator

_TEXTS = frozenset(
    {
        "abspath", "basename", "chomp", "cidrhost", "cidrnetmask", "cidrsubnet", "dirname", "format", "formatdate",
        "indent", "join", "lower", "md5", "pathexpand", "replace", "sha1", "sha256", "sha512", "strrev", "substr",
        "timeadd", "title", "trim", "trimprefix", "trimspace", "trimsuffix", "upper", "urlencode", "uuidv5",
    }
)  # fmt: skip
"""Functions that give a text, and never null."""
_CUTTING = frozenset({"split"})
"""Functions that give a list of texts, none of them null."""
_UNSTEADY = frozenset({"bcrypt", "templatefile", "templatestring", "timestamp", "uuid"})
"""Functions that give something else each time, or may call such a one."""

_HOPELESS = ("refers to itself", "too large to be worked out")
"""Of what Terraform refuses too, or nobody can use."""
_EVERYWHERE = frozenset({"path.cwd", "path.root", "terraform.workspace", "tofu.workspace"})
"""What is the same in all modules."""
_STEPS = 100
"""Words of which a name is made at most."""
_PLAIN_KEY = re.compile(r"[A-Za-z_][\w-]*")


class _NoName(Exception):  # noqa: N818 - it is an answer
    """Two that are written like this need not be equal."""


def named(
    evaluator: "Evaluator", expression: Expression, scope: Scope, made: Undecided, *, is_filled: bool = True
) -> Value:
    """What can't be told of an expression that gives a text for certain, by its name where it may have one."""
    if made.why.endswith(_HOPELESS):
        return made
    writer = _Writer(evaluator, scope)
    try:
        name = writer.write(expression)
    except _NoName:
        return made
    known = Text((Opaque(name, given=writer.given),))
    if evaluator.is_tried or not is_filled:  # it may fail, and that is what `try` asks
        return some_text(expression, known, made.why, is_filled=is_filled)
    return partial(expression, known, made.why)


def condition(evaluator: "Evaluator", expression: Expression, scope: Scope) -> Condition | None:
    """A condition by its name; None where what is written alike may turn out in another way."""
    try:
        return Condition(_Writer(evaluator, scope).write(expression))
    except _NoName:
        return None


def called(
    evaluator: "Evaluator", expression: syntax.Call, arguments: list[Value], scope: Scope, made: Undecided
) -> Value:
    """The outcome of a call that can't be told."""
    match expression.name.removeprefix("core::"), arguments:
        case name, _ if name in _TEXTS:
            return named(evaluator, expression, scope, made)
        case "coalesce", _ if _are_united(arguments):
            return named(evaluator, expression, scope, made)
        case "element", [Sequence(items=items), _]:
            return one_of(evaluator, expression, items, scope, made)
        case "element", _ if is_cut(expression.arguments[0]):
            return named(evaluator, expression, scope, made)
        case "lookup", [Mapping(entries=entries), _, default]:
            members = (entry.value for entry in entries.values())
            return one_of(evaluator, expression, [*members, default], scope, made)
        case "try", _:
            # Those that fail for certain are passed over.
            left = [argument for argument in arguments if not isinstance(argument, Failed)]
            return one_of(evaluator, expression, left, scope, made)
        case _:
            return made


def chosen(
    evaluator: "Evaluator", expression: syntax.Index, of: Value, scope: Scope, made: Undecided
) -> Value:
    """An element of which can't be told which it is."""
    match of:
        case SetOf():
            return made
        case Sequence(items=items):
            return one_of(evaluator, expression, items, scope, made)
        case Mapping(entries=entries):
            return one_of(evaluator, expression, (entry.value for entry in entries.values()), scope, made)
        case _:
            return named(evaluator, expression, scope, made) if is_cut(expression.of) else made


def _are_united(values: list[Value]) -> bool:
    """Whether the type that they have in common is that of a text, as it is as soon as one of them is one."""
    if any(isinstance(one, Failed | OpenSequence | Sequence | Mapping) or is_document(one) for one in values):
        return False
    return any(map(_is_surely_text, values)) or all(isinstance(one, Partial) for one in values)


def _is_surely_text(value: Value) -> bool:
    if isinstance(value, Primitive):
        return isinstance(value.data, str)
    return isinstance(value, SomeText) or (isinstance(value, Partial) and not convert.may_be_anything(value))


def one_of(
    evaluator: "Evaluator", expression: Expression, values: Iterable[Value], scope: Scope, made: Undecided
) -> Value:
    """One of several values, of which nothing tells which."""
    found = list(values)
    is_filled = True
    for value in found:
        if isinstance(value, SomeText):
            is_filled = is_filled and value.is_filled
        elif convert.literal(value) == "":
            is_filled = False
        elif not is_text(value):
            return made
    return named(evaluator, expression, scope, made, is_filled=is_filled) if found else made


def is_cut(expression: Expression) -> bool:
    """Whether it gives a list of texts, whatever they are."""
    return isinstance(expression, syntax.Call) and expression.name in _CUTTING


def is_text(value: Value) -> bool:
    """Whether it is a text with something in it, as far as one of which only the origin is known is one."""
    if isinstance(value, Primitive):
        return isinstance(value.data, str) and value.data != "" and not is_document(value)
    return isinstance(value, Partial) and not isinstance(value, Encoded) and not is_document(value)


class _Writer:
    """Writes an expression once more, so that two that come out alike have the same value."""

    def __init__(self, evaluator: "Evaluator", scope: Scope) -> None:
        self.evaluator = evaluator
        self.scope = scope
        self.given = True
        """Whether all that it is made of is there before anything is created."""
        self._left = _STEPS
        self._bound: tuple[str, ...] = ()
        self._splats = 0

    def write(self, expression: Expression) -> str:
        self._left -= 1
        if self._left < 0:
            raise _NoName
        match expression:
            case syntax.Literal(value=data):
                return _quoted(data) if isinstance(data, str) else spelled(data)
            case syntax.Template():
                return self._template(expression)
            case syntax.Name() | syntax.EachItem() | syntax.Attribute() | syntax.Index():
                return self._reference(expression)
            case syntax.Splat(of=of, each=each):
                return f"{self.write(of)}[*]{self._inside(each)}"
            case syntax.Call(name=name, arguments=arguments, expand=expand):
                if name.removeprefix("core::") in _UNSTEADY:
                    raise _NoName
                return f"{name}({', '.join(map(self.write, arguments))}{'...' if expand else ''})"
            case syntax.Conditional(test=test, yes=yes, no=no):
                return f"{self._test(test)} ? {self._nested(yes)} : {self._nested(no)}"
            case syntax.Binary(operator=operator, left=left, right=right):
                return f"{self._nested(left)} {operator} {self._nested(right)}"
            case syntax.Unary(operator=operator, operand=operand):
                return f"{operator}{self._nested(operand)}"
            case syntax.Tuple(items=items):
                return f"[{', '.join(map(self.write, items))}]"
            case syntax.Object(items=entries):
                written = (f"{self._key(key)} = {self.write(value)}" for key, value in entries)
                return f"{{ {', '.join(written)} }}"
            case syntax.For():
                return self._for(expression)
            case _:
                raise _NoName

    def _nested(self, expression: Expression) -> str:
        written = self.write(expression)
        return f"({written})" if isinstance(expression, syntax.Binary | syntax.Conditional) else written

    def _test(self, expression: Expression) -> str:
        written = self.write(expression)
        return f"({written})" if isinstance(expression, syntax.Conditional) else written

    def _inside(self, each: Expression) -> str:
        self._splats += 1
        try:
            return self.write(each)
        finally:
            self._splats -= 1

    def _key(self, key: Expression) -> str:
        if isinstance(key, syntax.Literal) and isinstance(key.value, str) and _PLAIN_KEY.fullmatch(key.value):
            return key.value
        return (
            self.write(key) if isinstance(key, syntax.Literal | syntax.Template) else f"({self.write(key)})"
        )

    def _template(self, expression: syntax.Template) -> str:
        parts = expression.parts
        if expression.is_one_value and not isinstance(parts[0], str):
            return self.write(parts[0])
        inner = (_escaped(part) if isinstance(part, str) else f"${{{self.write(part)}}}" for part in parts)
        return f'"{"".join(inner)}"'

    def _for(self, expression: syntax.For) -> str:
        collection = self.write(expression.collection)
        before = self._bound
        names = [name for name in (expression.key, expression.value) if name]
        self._bound = (*before, *names)
        try:
            name = f"{self.write(expression.name)} => " if expression.name is not None else ""
            result = self.write(expression.result) + ("..." if expression.grouped else "")
            kept = f" if {self.write(expression.condition)}" if expression.condition is not None else ""
        finally:
            self._bound = before
        made = f"for {', '.join(names)} in {collection} : {name}{result}{kept}"
        return f"[{made}]" if expression.name is None else f"{{{made}}}"

    def _reference(self, expression: Expression) -> str:
        steps: list[str] = []
        inner = known = expression
        has_index = False
        while isinstance(inner, syntax.Attribute | syntax.Index):
            if isinstance(inner, syntax.Attribute):
                steps.append(f".{inner.name}")
            else:
                steps.append(f"[{self.write(inner.key)}]")
                known, has_index = inner.of, True
            inner = inner.of
        after = "".join(reversed(steps))
        if isinstance(inner, syntax.EachItem) and self._splats:
            return after
        if isinstance(inner, syntax.Name) and inner.name in self._bound:
            return f"{inner.name}{after}"
        if isinstance(inner, syntax.EachItem) or (
            isinstance(inner, syntax.Name) and inner.name in self.scope.names
        ):
            if has_index:
                raise _NoName
            return self._value(expression)
        if not isinstance(inner, syntax.Name):
            return f"{self._nested(inner)}{after}"
        whole = f"{inner.name}{after}"
        if whole in _EVERYWHERE:
            return whole
        prefix = self.scope.module.prefix
        # Of a list, or of what a block declares, an element can't be looked at before it is chosen.
        if (inner.name != "var" or prefix) and not self._is_given(self._look(known)):
            self.given = False
        return f"{prefix}{whole}"

    def _value(self, expression: Expression) -> str:
        """A name of a loop or of repetition, which stands for something else the next time, as what it stands for."""
        value = self._look(expression)
        if isinstance(value, Primitive):
            return _quoted(value.data) if isinstance(value.data, str) else value.value
        if not isinstance(value, Partial) or any(
            isinstance(one, convert.Unlike) for one in value.text.opaque
        ):
            raise _NoName
        if not self._is_given(value):
            self.given = False
        return f'"{value.text}"'

    def _look(self, expression: Expression) -> Value:
        return self.evaluator.evaluate(expression, self.scope)

    def _is_given(self, value: Value) -> bool:
        match value:
            case Partial(text=text):
                return all(part.given for part in text.opaque)
            case Primitive():
                return True
            case Sequence(items=items):
                return all(map(self._is_given, items))
            case Mapping(entries=entries):
                return all(self._is_given(entry.value) for entry in entries.values())
            case _:
                return False


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("${", "$${")
