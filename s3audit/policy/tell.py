"""An answer in words: the request as people read it, the statements, and what would close the hole."""

from collections.abc import Iterable

import msgspec

from s3audit.policy import keys
from s3audit.policy.actions import family, is_future, words
from s3audit.policy.asking import Question
from s3audit.policy.callers import in_words
from s3audit.policy.evaluate import ALLOWED, DENIED, NEITHER, Decision, Match
from s3audit.policy.reason import PROVEN, UNKNOWN, Answer
from s3audit.policy.request import ANONYMOUS, Caller, Request
from s3audit.policy.rules import Rule, Test, element_as_written

_GRANTS = ("Q1", "Q3", "Q6")
_NOT_DENIED = ("Q2", "Q4", "Q7", "Q8")
_CLOSES = {
    "Q1": "name accounts, roles or services in Principal, or limit it to an organization with aws:PrincipalOrgID",
    "Q2": "deny s3:* to everybody, on the bucket and on its objects, where aws:SecureTransport is false",
    "Q3": "allow it to cloudfront.amazonaws.com alone, where aws:SourceArn is one of the distributions",
    "Q4": "deny s3:PutObject where a header asks for anything else",
    "Q4b": "deny where the header is there and wrong: with Null set to false beside it",
    "Q5": "allow the role this action on this resource",
    "Q6": "take the account out of Principal, or put it into the list of trusted ones",
    "Q7": "deny everything where s3:signatureAge is greater than the limit, or where s3:authType is not REST-HEADER",
    "Q8": "deny everything that comes neither from the endpoints nor from the ranges, also where the key is absent",
}

_ABOUT = {
    "Q2": frozenset({keys.TLS, keys.TLS_VERSION}),
    "Q4": keys.OF_UPLOADS,
    "Q7": frozenset({keys.AUTH_TYPE, keys.SIGNATURE_AGE, keys.SIGNATURE_VERSION}),
    "Q8": frozenset({keys.SOURCE_IP, *keys.OF_ENDPOINTS}),
}
"""The keys that a statement is about which answers a question."""


class Told(msgspec.Struct, frozen=True):
    heading: str
    request: tuple[tuple[str, str], ...] = ()
    """What it is, and its name."""
    why: tuple[str, ...] = ()
    closes: str = ""


class Owner(msgspec.Struct, frozen=True):
    """The account of the bucket, or what stands in for it."""

    account: str = ""
    is_told: bool = True

    def shown(self, said: str, caller: Caller) -> str:
        """Without accounts that nobody told."""
        said = said.replace(str(caller), in_words(caller, self.account, owner_is_told=self.is_told))
        return said if self.is_told else said.replace(self.account, "its own account")


def told(question: Question, answer: Answer, owner: Owner = Owner()) -> Told:  # noqa: B008 - it never changes
    """The answer to a question."""
    if answer.verdict == PROVEN:
        return Told(f"Proven: {question.claim}.")
    if answer.verdict == UNKNOWN:
        return Told(f"Not known whether {question.claim}.", why=tuple(_reasons(answer)))
    request, decision = answer.request, answer.decision
    if request is None or decision is None:
        return Told(f"It is not so that {question.claim}.")
    lines = _spelled(request, decision)
    why = [_by(rule, decision.effect) for rule in decision.by]
    if decision.effect != ALLOWED:
        why += [
            _missed(one)
            for one in decision.others
            if one.rule.effect == ("Allow" if question.id == "Q5" else "Deny")
        ]
    allows_it = _who_else(question, request, decision)
    if not why:
        why.append(f"No statement says anything about it{f'; {allows_it} may allow it' * bool(allows_it)}.")
    elif allows_it:
        why.append(f"No statement allows it; {allows_it} may.")
    if answer.accounts:
        why.append(f"Allowed something: {', '.join(answer.accounts)}.")
        if not owner.is_told and any(map(str.isdigit, answer.accounts)):
            why.append("Any of them may be its own: --owner says which account the bucket is of.")
    why += [f"There may be more: {reason}" for reason in _reasons(answer)]
    return Told(
        f"It is not so that {question.claim}: {_what(question, decision.effect)}",
        tuple((name, owner.shown(value, request.caller)) for name, value in lines),
        tuple(owner.shown(line, request.caller) for line in why),
        owner.shown(_close(question, answer), request.caller),
    )


def _who_else(question: Question, request: Request, decision: Decision) -> str:
    """What may allow a request that no statement does."""
    if decision.effect != NEITHER or question.id not in _NOT_DENIED:
        return ""
    return "an ACL" if request.caller.kind == ANONYMOUS else "a policy of their own"


def _what(question: Question, effect: str) -> str:
    if effect == DENIED:
        return "this request is denied."
    if question.id in _GRANTS:
        return "this request is allowed."
    return "nothing allows this request." if question.id == "Q5" else "this request is not denied."


def _spelled(request: Request, decision: Decision) -> tuple[tuple[str, str], ...]:
    lines = [("who", str(request.caller)), ("action", words(request.action)), ("resource", request.resource)]
    for key, value in sorted(request.context.items()):
        lines.append(
            (decision.shown(key), value if isinstance(value, str) else ", ".join(sorted(value)) or "(empty)")
        )
    return tuple(lines)


def _by(rule: Rule, effect: str) -> str:
    return f"{_at(rule)}{rule.name} {'denies' if effect == DENIED else 'allows'} it."


def _missed(one: Match) -> str:
    verb = "allow" if one.rule.effect == "Allow" else "deny"
    element = f"its {element_as_written(one.rule, one.element)}" if one.element else "it"
    said = one.why.removeprefix("it ")
    if one.element == "Condition":
        return f"{_at(one.rule)}{one.rule.name} does not {verb} it: {one.why}."
    return f"{_at(one.rule)}{one.rule.name} does not {verb} it: {element} {said}."


def _at(rule: Rule) -> str:
    return f"{rule.at}: " if rule.at.line else ""


def _reasons(answer: Answer) -> Iterable[str]:
    for reason in answer.reasons:
        if reason.rule is None:
            yield f"{reason.why}."
        else:
            written = element_as_written(reason.rule, reason.element)
            element = f"the {written} of {reason.rule.name}" if written else reason.rule.name
            yield f"{_at(reason.rule)}{element} is open: {reason.why}."


def _close(question: Question, answer: Answer) -> str:
    """The smallest change: to the statement that came nearest, or to the one that lets it through."""
    decision, request = answer.decision, answer.request
    usual = _CLOSES[question.id]
    if decision is None or request is None or question.id in _GRANTS or decision.effect == DENIED:
        return f"{usual[0].upper()}{usual[1:]}."
    wanted = "Allow" if question.id == "Q5" else "Deny"
    # What else a statement denies is another matter.
    about = _ABOUT.get(question.id, frozenset())
    near = [
        one
        for one in decision.others
        if one.rule.effect == wanted
        and one.element in ("Resource", "Action")
        and (not about or any(isinstance(test, Test) and test.key in about for test in one.rule.tests))
    ]
    if not near:
        return f"{usual[0].upper()}{usual[1:]}."
    one = max(near, key=lambda found: found.element == "Resource")
    what = _whole(question, one.element, request)
    written = element_as_written(one.rule, one.element)
    if written != one.element:
        return f"Write {one.element} {what} in place of the {written} of {one.rule.name}."
    return f"Let the {one.element} of {one.rule.name} take in {what} too."


def _whole(question: Question, element: str, request: Request) -> str:
    """All that the question needs of what the request shows to be missing."""
    if element == "Action":
        if question.id in _OF_ALL:
            return "s3:*"
        return family(request.action) if is_future(request.action) else request.action
    if question.id == "Q5":
        return request.resource
    head, slash, _ = request.resource.partition("/object/" if ":accesspoint/" in request.resource else "/")
    return f"{head}{slash}*" if slash else head


_OF_ALL = frozenset({"Q2", "Q7", "Q8"})
"""Questions about every action."""


def as_json(
    question: Question,
    answer: Answer,
    owner: Owner = Owner(),  # noqa: B008 - it never changes
) -> dict[str, object]:
    """The answer for programs."""
    found: dict[str, object] = {"question": question.id, "name": question.name, "verdict": answer.verdict}
    request, decision = answer.request, answer.decision
    witness = None
    if answer.verdict not in (PROVEN, UNKNOWN) and request is not None and decision is not None:
        witness = {
            "principal": _principal(request.caller, owner),
            "action": request.action,
            "resource": request.resource,
            "ctx": {
                decision.shown(key): value if isinstance(value, str) else sorted(value)
                for key, value in request.context.items()
            },
            "effect": decision.effect,
            "allowed": decision.effect == ALLOWED,
            "statements": [_statement(rule) for rule in decision.by],
        }
    found["witness"] = witness
    found["reasons"] = [
        {
            "why": one.why,
            "statement": one.rule.number if one.rule else None,
            "element": (one.rule and element_as_written(one.rule, one.element)) or one.element or None,
        }
        for one in answer.reasons
    ]
    if answer.accounts:
        found["accounts"] = list(answer.accounts)
    words = told(question, answer, owner)
    found["message"] = words.heading
    found["why"] = list(words.why)
    found["closes"] = words.closes or None
    return found


def _statement(rule: Rule) -> dict[str, object]:
    return {
        "number": rule.number,
        "sid": rule.sid or None,
        "line": rule.at.line or None,
        "column": rule.at.column or None,
    }


def _principal(caller: Caller, owner: Owner) -> dict[str, str]:
    said = in_words(caller, owner.account, owner_is_told=owner.is_told)
    if said != str(caller):
        # Its account or its name only stands in for any.
        return {"kind": caller.kind, "any": said}
    members = {
        "kind": caller.kind,
        "account": caller.account,
        "arn": caller.arn,
        "session": caller.session,
        "name": caller.name,
    }
    return {name: value for name, value in members.items() if value}
