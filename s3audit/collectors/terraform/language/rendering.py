"""Texts with parts to evaluate."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from s3audit.collectors.documents.hcl import syntax
from s3audit.collectors.documents.resolved import Undecided
from s3audit.collectors.documents.tree import NO_LINES, Node, Sequence
from s3audit.collectors.terraform.language import convert
from s3audit.collectors.terraform.language.effort import TOO_MUCH
from s3audit.collectors.terraform.language.scope import Scope
from s3audit.collectors.terraform.language.values import (
    Failed,
    Primitive,
    SomeText,
    Value,
    joined,
    partial,
    placed,
    undecided,
)
from s3audit.text import Text

if TYPE_CHECKING:
    from s3audit.collectors.terraform.language.evaluate import Evaluator

_LONGEST = 1_000_000
_MOST_PIECES = 100_000


def template(evaluator: "Evaluator", expression: syntax.Template, scope: Scope) -> Value:
    parts = expression.parts
    if expression.is_one_value and not isinstance(parts[0], str):
        return placed(evaluator.evaluate(parts[0], scope), expression)
    keep = any(isinstance(part, str) and "{" in part for part in parts)
    if keep:
        from s3audit.collectors.documents.hcl.pieces import locate

        locate(expression)
    draft = _Draft(evaluator, keep)
    stopped = draft.take(expression.parts, scope)
    if stopped is not None:
        return placed(stopped, expression)
    return joined(expression, draft.pieces, keep=keep)


class _Draft:
    """A text in the making."""

    def __init__(self, evaluator: "Evaluator", keep: bool) -> None:
        self.evaluator = evaluator
        self.keep = keep
        """It may be a document, of which one word that can't be told leaves the others."""
        self.pieces: list[str | Value] = []
        self._length = 0

    def take(self, parts: Iterable[syntax.TemplatePart], scope: Scope) -> Undecided | None:
        """Add what these come to; gives what stops it."""
        for part in parts:
            if isinstance(part, str):
                stopped = self._add(part, len(part))
            elif isinstance(part, syntax.TemplateIf):
                test = self.evaluator.truth(self.evaluator.evaluate(part.test, scope))
                stopped = (
                    test if isinstance(test, Undecided) else self.take(part.yes if test else part.no, scope)
                )
            elif isinstance(part, syntax.TemplateFor):
                stopped = self._repeat(part, scope)
            else:
                stopped = self._insert(part, scope)
            if stopped is not None:
                return stopped
        return None

    def _insert(self, part: syntax.Expression, scope: Scope) -> Undecided | None:
        value = convert.as_text(self.evaluator.evaluate(part, scope))
        if isinstance(value, SomeText) and not self.evaluator.is_tried:
            value = partial(part, value.text, value.why)
        if isinstance(value, Undecided):
            if not self.keep or isinstance(value, Failed):
                return value
            value = _open_word(part, value.why)
        if isinstance(value, Primitive):
            return self._add(value, len(value.value))
        known = convert.text_of(value)
        return self._add(value, sum(len(str(one)) for one in known.parts) if known else 0)

    def _repeat(self, part: syntax.TemplateFor, scope: Scope) -> Undecided | None:
        collection = self.evaluator.evaluate(part.collection, scope)
        members = convert.elements(collection)
        if isinstance(members, Undecided):
            return members
        if isinstance(collection, Sequence) and not convert.is_ordered(collection):
            return undecided(part, "the order of a set is not known before all of its elements are")
        for key, value in members:
            names = {part.value: value, part.key: key} if part.key else {part.value: value}
            stopped = self.take(part.body, scope.within(names))
            if stopped is not None:
                return stopped
        return None

    def _add(self, piece: str | Value, length: int) -> Undecided | None:
        self.pieces.append(piece)
        self._length += length
        if not self.evaluator.effort.letters(length):
            return undecided(Node(0, 0, NO_LINES), TOO_MUCH)
        if self._length > _LONGEST or len(self.pieces) > _MOST_PIECES:
            return undecided(Node(0, 0, NO_LINES), "its text is too large to be worked out")
        return None


def _open_word(expression: syntax.Expression, why: str) -> Value:
    """A part of a document that can't be told, known by how it is written, though it is like no other."""
    written = expression.lines.text[expression.start : min(expression.end, expression.start + 60)]
    return partial(expression, Text((convert.Unlike(written),)), why)
