"""An answer in words: the request as people read it, the statements, and what would close the hole."""

from collections.abc import Iterable

import msgspec

from s3audit.policy import keys
from s3audit.policy.actions import family, is_future, words
from s3audit.policy.asking import Question
from s3audit.policy.evaluate import ALLOWED, DENIED, Decision, Match
from s3audit.policy.reason import PROVEN, UNKNOWN, Answer
from s3audit.policy.request import Caller, Request
from s3audit.policy.rules import Rule, Test

_GRANTS = ("Q1", "Q3", "Q6")
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
    "Q7": keys.OF_SIGNED,
    "Q8": frozenset({keys.SOURCE_IP, *keys.OF_ENDPOINTS}),
}
"""The keys that a statement is about which answers a question."""


class Told(msgspec.Struct, frozen=True):
    heading: str
    request: tuple[tuple[str, str], ...] = ()
    """What it is, and its name."""
    why: tuple[str, ...] = ()
    closes: str = ""


def told(question: Question, answer: Answer) -> Told:
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
    if not why:
        why.append("No statement says anything about it.")
    if answer.accounts:
        why.append(f"Allowed something: {', '.join(answer.accounts)}.")
    why += [f"There may be more: {reason}" for reason in _reasons(answer)]
    return Told(
        f"It is not so that {question.claim}: {_what(question, decision.effect)}",
        lines,
        tuple(why),
        _close(question, answer),
    )


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
    element = f"its {one.element}" if one.element else "it"
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
            element = f"the {reason.element} of {reason.rule.name}" if reason.element else reason.rule.name
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
    what = request.resource if one.element == "Resource" else request.action
    if is_future(what):
        what = family(what)
    return f"Let the {one.element} of {one.rule.name} take in {what} too."


def as_json(question: Question, answer: Answer) -> dict[str, object]:
    """The answer for programs."""
    found: dict[str, object] = {"question": question.id, "name": question.name, "verdict": answer.verdict}
    request, decision = answer.request, answer.decision
    witness = None
    if answer.verdict not in (PROVEN, UNKNOWN) and request is not None and decision is not None:
        witness = {
            "principal": _principal(request.caller),
            "action": request.action,
            "resource": request.resource,
            "ctx": {
                decision.shown(key): value if isinstance(value, str) else sorted(value)
                for key, value in request.context.items()
            },
            "effect": decision.effect,
            "statements": [_statement(rule) for rule in decision.by],
        }
    found["witness"] = witness
    found["reasons"] = [
        {"why": one.why, "statement": one.rule.number if one.rule else None, "element": one.element or None}
        for one in answer.reasons
    ]
    if answer.accounts:
        found["accounts"] = list(answer.accounts)
    words = told(question, answer)
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


def _principal(caller: Caller) -> dict[str, str]:
    members = {
        "kind": caller.kind,
        "account": caller.account,
        "arn": caller.arn,
        "session": caller.session,
        "name": caller.name,
    }
    return {name: value for name, value in members.items() if value}
