"""Finds where the literal parts of a template are written, for the few templates of which somebody asks."""

import re
from functools import cache
from typing import NamedTuple, TypeAlias

from s3audit.collectors.documents.hcl.syntax import (
    Expression,
    Template,
    TemplateFor,
    TemplateIf,
    TemplatePart,
)
from s3audit.collectors.documents.resolved import Piece

_Pattern: TypeAlias = "re.Pattern[str]"


class _Patterns(NamedTuple):
    next: _Pattern
    """Where the next `${` or `%{` stands that is one."""
    close: _Pattern
    """The brace that closes it, after its expression."""
    marker: _Pattern
    """`%{ else }` and the directives that close another one."""
    brace: _Pattern
    header: _Pattern
    """The line on which a heredoc begins."""


@cache
def _patterns() -> _Patterns:
    blank = r"(?:\s|/\*(?s:.*?)\*/|(?:#|//)[^\n]*+\n)*+"
    return _Patterns(
        re.compile(r"(?<!\$)\$\{|(?<!%)%\{"),
        re.compile(rf"{blank}~?\}}"),
        re.compile(rf"%\{{~?{blank}(else|endif|endfor){blank}~?\}}"),
        re.compile(r"[{}]"),
        re.compile(r"<<-?[^\n]*\n"),
    )


def locate(template: Template) -> None:
    """Makes each literal part a Piece, which knows where it is written."""
    if any(isinstance(part, Piece) for part in template.parts):
        return
    text, start = template.lines.text, template.start
    if start or template.end < len(text):
        header = _patterns().header.match(text, start)
        start = start + 1 if header is None else header.end()
    locator = _Locator(template)
    template.parts = locator.located(template.parts, start)


class _Locator:
    def __init__(self, template: Template) -> None:
        self.lines = template.lines
        self.text = template.lines.text
        self.start = template.start
        self.end = template.end
        self.position = -1
        """Where the last part ended; -1 once that can't be told."""

    def located(self, parts: tuple[TemplatePart, ...], position: int) -> tuple[TemplatePart, ...]:
        self.position = position
        return tuple(map(self._part, parts))

    def _part(self, part: TemplatePart) -> TemplatePart:
        if self.position < 0 or not part:
            return part
        if isinstance(part, str):
            start, self.position = self.position, self._next()
            return Piece.of(part, start, self.position, self.lines)
        if isinstance(part, TemplateIf):
            part.yes = self.located(part.yes, self._after(part.test))
            if self._marker() == "else":
                part.no = self.located(part.no, self.position)
                self._marker()
        elif isinstance(part, TemplateFor):
            part.body = self.located(part.body, self._after(part.collection))
            self._marker()
        else:
            self.position = self._after(part)
        return part

    def _after(self, expression: Expression) -> int:
        """Where the brace is closed in which an expression stands."""
        if expression.start == self.start:
            # All parts of a template in a JSON string have the place of the string.
            return self._closing(self._next())
        closed = _patterns().close.match(self.text, expression.end, self.end)
        return -1 if closed is None else closed.end()

    def _closing(self, opening: int) -> int:
        """Where the braces are closed that are opened next."""
        depth = 0
        for brace in _patterns().brace.finditer(self.text, opening, self.end):
            depth += 1 if brace.group() == "{" else -1
            if not depth:
                return brace.end()
        return -1

    def _next(self) -> int:
        found = _patterns().next.search(self.text, self.position, self.end)
        return self.end if found is None else found.start()

    def _marker(self) -> str:
        """Goes behind the directive that must come now."""
        found = None if self.position < 0 else _patterns().marker.match(self.text, self._next())
        self.position = -1 if found is None else found.end()
        return "" if found is None else found[1]
