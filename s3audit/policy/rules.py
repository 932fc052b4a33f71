"""The statements of a policy in the form that requests are held against."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

import msgspec

from s3audit.location import Location
from s3audit.policy.globs import MANY, ONE, Glob, Token, joined
from s3audit.policy.keys import spelled
from s3audit.policy.language import Condition, Policy, Principal, Statement
from s3audit.policy.operators import Chosen, Open, Operator, Value, operator
from s3audit.setting import Known, Listed, Setting, Unknown, Unset
from s3audit.text import Opaque, Text, text

T = TypeVar("T")

LIVE_VERSION = "2012-10-17"
"""Of the language: only since then there are variables."""
_VARIABLE = r"(\$\{[^{}]*\})"
_IDENTITY = r"arn:[^:]*:(?:iam|sts)::[^:]*:(?:root$|[a-z-]+/)"
_SPECIAL = {"${*}": "*", "${?}": "?", "${$}": "$"}
_LONG = 200
"""Characters of a pattern that is not worth to be remembered."""
_WILD: dict[str, Token] = {"*": MANY, "?": ONE}


class Pattern(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """One of the texts of an element."""

    shown: str
    glob: Glob
    open: str = ""
    """Why a part of it is not known; what does not fit the rest never fits."""

    def fits(self, asked: str) -> bool | None:
        found = self.glob.matches(asked)
        return None if found and self.open else found


class Who(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """One of the principals of a statement."""

    kind: str
    """As in the document, in lower case; `*` where the whole element is `"*"`."""
    name: str
    open: str = ""
    """Why a part of its ARN is not known, which the name has as `${Account}`; it is one text and no pattern."""


class Test(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """One operator on one key."""

    written: str
    key: str
    """In lower case."""
    shown: str
    """As AWS writes the key, or as the policy does."""
    operator: Operator | None
    """None where there is no such one."""
    values: tuple[Value, ...]
    at: Location


class Rule(msgspec.Struct, frozen=True, kw_only=True, gc=False, cache_hash=True):
    """A statement. None stands for an element that is not written; a list holds Open where nobody knows it."""

    number: int
    """In the policy, from 1."""
    sid: str = ""
    effect: str
    """`Allow`, `Deny`, or empty where that is not known."""
    principals: tuple[Who | Open, ...] | None = None
    not_principals: tuple[Who | Open, ...] | None = None
    actions: tuple[Pattern | Open, ...] | None = None
    not_actions: tuple[Pattern | Open, ...] | None = None
    resources: tuple[Pattern | Open, ...] | None = None
    not_resources: tuple[Pattern | Open, ...] | None = None
    tests: tuple[Test | Open, ...] = ()
    at: Location
    why: str = ""
    """Why nothing of it is known."""
    no_effect: str = ""
    """Why it has none of the two effects."""

    @property
    def name(self) -> str:
        return f"the statement {self.sid}" if self.sid else f"statement {self.number}"


class Meaning(msgspec.Struct, frozen=True, gc=False):
    """What the parts of texts stand for that the document leaves to others."""

    parts: Mapping[Opaque, str] = {}
    """Of a template: the text to take for such a part."""
    variables: Mapping[str, str] = {}
    """Policy variables that are the same for every request: `aws:ResourceAccount`."""


def element_as_written(rule: Rule, element: str) -> str:
    """`NotAction` where a statement has that and no Action."""
    negated = {
        "Principal": rule.not_principals,
        "Action": rule.not_actions,
        "Resource": rule.not_resources,
    }.get(element)
    return element if negated is None else f"Not{element}"


def rules_of(policy: Policy, meaning: Meaning = Meaning()) -> tuple[Rule, ...]:  # noqa: B008 - it never changes
    """Its statements in their order."""
    reader = _Reader(meaning, is_live=_is_live(policy))
    match policy.statements:
        case Unknown(why, at):
            return (Rule(number=1, effect="", at=at, why=why),)
        case Known(items) | Unset(items):
            return tuple(reader.rule(number, item) for number, item in enumerate(items, 1))


def _is_live(policy: Policy) -> bool | None:
    """Whether it has variables; None where its version is not known."""
    match policy.version:
        case Known(Text() as version) | Unset(Text() as version) if version.literal is not None:
            return version.literal == LIVE_VERSION
        case Unset():
            return False
        case _:
            return None


class _Reader:
    def __init__(self, meaning: Meaning, *, is_live: bool | None) -> None:
        self.meaning = meaning
        self.is_live = is_live

    def rule(self, number: int, item: Setting[Statement]) -> Rule:
        match item:
            case Unknown(why, at):
                return Rule(number=number, effect="", at=at, why=why)
            case Known(one) | Unset(one):
                return Rule(
                    number=number,
                    sid=_word(one.sid),
                    effect=_effect(one.effect),
                    no_effect=_no_effect(one.effect),
                    principals=self._whos(one.principals),
                    not_principals=self._whos(one.not_principals),
                    actions=self._patterns(one.actions, lower=True),
                    not_actions=self._patterns(one.not_actions, lower=True),
                    resources=self._patterns(one.resources),
                    not_resources=self._patterns(one.not_resources),
                    tests=self._tests(one.conditions),
                    at=one.at,
                )

    def _whos(self, listed: Listed[Principal]) -> tuple[Who | Open, ...] | None:
        items = _items(listed)
        return None if items is None else tuple(map(self._who, items))

    def _who(self, item: Principal | Open) -> Who | Open:
        if isinstance(item, Open):
            return item
        name = self._filled(item.name)
        if name.literal is not None:
            if item.kind.lower() == "aws" and has_wildcard(name.literal):
                return Open(f"{name} has a wildcard, and AWS takes none in a principal but * alone")
            return Who(item.kind.lower(), name.literal)
        why = f"a principal is {item.name}, which the input does not tell"
        spelled = "".join(_sign(part) if isinstance(part, Opaque) else part for part in name.parts)
        # AWS takes no wildcards in an ARN here.
        return (
            Who("aws", spelled, why)
            if item.kind.lower() == "aws" and re.match(_IDENTITY, spelled)
            else Open(why)
        )

    def _patterns(self, listed: Listed[Text], *, lower: bool = False) -> tuple[Pattern | Open, ...] | None:
        items = _items(listed)
        if items is None:
            return None
        return tuple(item if isinstance(item, Open) else self._pattern(item, lower=lower) for item in items)

    def _pattern(self, written: Text, *, lower: bool) -> Pattern | Open:
        known = written.literal
        if known is not None and len(known) < _LONG and (lower or "${" not in known):
            return _plain(known, lower=lower)
        # Actions have no variables, and ignore case.
        tokens, why = self._tokens(written, is_live=False if lower else self.is_live, wild=True)
        if lower:
            tokens = [token.lower() if isinstance(token, str) else token for token in tokens]
        return Pattern(str(written), Glob(joined(tokens)), why)

    def _tests(self, listed: Listed[Condition]) -> tuple[Test | Open, ...]:
        return tuple(item if isinstance(item, Open) else self._test(item) for item in _items(listed) or ())

    def _test(self, condition: Condition) -> Test:
        which = operator(condition.operator)
        values: tuple[Value, ...]
        match condition.values:
            case Unknown(why):
                values = (Open(why),)
            case Known(items) | Unset(items):
                values = tuple(self._value(which, item) for item in items)
        return Test(
            condition.operator, condition.key.lower(), spelled(condition.key), which, values, condition.at
        )

    def _value(self, which: Operator | None, item: Setting[Text]) -> Value:
        if isinstance(item, Unknown):
            return Open(item.why)
        written = _value(item)
        of_texts = which is not None and which.base.startswith(("string", "arn"))
        patterns = which is not None and which.takes_patterns
        if (known := written.literal) is not None and "${" not in known:
            return Chosen(known, joined(_wild(known)) if patterns else tuple(known))
        # The guide says both that Bool takes variables and that it does not.
        is_live = self.is_live if of_texts or (which is not None and which.base == "bool") else False
        tokens, why = self._tokens(written, is_live=is_live, wild=patterns)
        if why and not of_texts:
            return Open(why)
        return Chosen(_spelled(tokens), joined(tokens), why)

    def _filled(self, written: Text) -> Text:
        parts = self.meaning.parts
        return text(*(parts.get(part, part) if isinstance(part, Opaque) else part for part in written.parts))

    def _tokens(self, written: Text, *, is_live: bool | None, wild: bool) -> tuple[list[Token], str]:
        """As tokens, any text for what is not known, and why it is not."""
        if (known := written.literal) is not None and "${" not in known:
            return _wild(known) if wild else [*known], ""
        found: list[Token] = []
        why = ""
        for part in self._filled(written).parts:
            if isinstance(part, Opaque):
                found.append(MANY)
                why = why or f"{part} is not told by the input"
                continue
            for piece in re.split(_VARIABLE, part) if is_live is not False and "${" in part else (part,):
                if is_live is False or "${" not in piece or not re.fullmatch(_VARIABLE, piece):
                    found += _wild(piece) if wild else piece
                elif is_live is None:
                    found.append(MANY)
                    why = why or f"whether {piece} is a variable is not known, as the version is not"
                elif piece in _SPECIAL:
                    found.append(_SPECIAL[piece])
                elif (fixed := self.meaning.variables.get(piece[2:-1].strip().lower())) is not None:
                    found += fixed
                else:
                    found.append(MANY)
                    why = why or f"the variable {piece} is another text for each request"
        return found, why


@lru_cache(maxsize=4096)
def _plain(written: str, *, lower: bool) -> Pattern:
    """A pattern without variables."""
    tokens: Iterable[Token] = _wild(written)
    if lower:
        tokens = (token.lower() if isinstance(token, str) else token for token in tokens)
    return Pattern(written, Glob(joined(list(tokens))))


def _wild(written: str) -> list[Token]:
    found: list[Token] = [*written]
    for sign, token in _WILD.items():
        at = written.find(sign)
        while at >= 0:
            found[at] = token
            at = written.find(sign, at + 1)
    return found


def _sign(part: Opaque) -> str:
    """What stands for it in an ARN, without what would cut one."""
    return "${" + re.sub(r"[{}:/]+", ".", part.origin) + "}"


def _spelled(tokens: Sequence[Token]) -> str:
    return "".join(token if isinstance(token, str) else "?*"[token] for token in tokens)


def _items(listed: Listed[T]) -> list[T | Open] | None:
    match listed:
        case Unset(()):
            return None
        case Unknown(why):
            return [Open(why)]
        case Known(items) | Unset(items):
            return [Open(item.why) if isinstance(item, Unknown) else _value(item) for item in items]


def _value(item: Known[T] | Unset[T]) -> T:
    match item:
        case Known(value) | Unset(value):
            return value


def _effect(effect: Setting[str]) -> str:
    match effect:
        case Known("Allow" | "Deny" as word) | Unset("Allow" | "Deny" as word):
            return word
        case _:
            return ""


def _no_effect(effect: Setting[str]) -> str:
    match effect:
        case Known("Allow" | "Deny") | Unset("Allow" | "Deny"):
            return ""
        case Unknown(why):
            return why
        case Known(other):
            return f"there is no Effect {other}; it is Allow or Deny, in these letters"
        case Unset():
            return "it has no Effect"


def has_wildcard(principal: str) -> bool:
    """Whether it is a pattern, which AWS takes for no principal."""
    return principal != "*" and ("*" in principal or "?" in principal)


def _word(written: Setting[Text | None]) -> str:
    match written:
        case Known(Text() as known) | Unset(Text() as known):
            return known.literal or ""
        case _:
            return ""
