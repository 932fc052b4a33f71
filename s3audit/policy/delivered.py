"""The requests by which S3 delivers access logs and reports, put to the reasoner."""

from collections.abc import Iterable, Iterator

import msgspec

from s3audit.policy import keys
from s3audit.policy.actions import ACTIONS
from s3audit.policy.delivery import ACTION, Delivery
from s3audit.policy.evaluate import Decision
from s3audit.policy.globs import literal
from s3audit.policy.keys import spelled
from s3audit.policy.language import Policy
from s3audit.policy.placed import Ground, ground
from s3audit.policy.reason import PROVEN, WITNESS, Answer, Policies, both
from s3audit.policy.request import Caller, Held, Request
from s3audit.policy.rules import Rule, Test, element_as_written
from s3audit.policy.solve import Box
from s3audit.policy.space import Extent, Space, tested
from s3audit.text import Text
from s3audit.verdict import Evidence, Status, Verdict, failed, passed, unknown, verdict

_OWN_ACCOUNT = ("aws:resourceaccount", "s3:resourceaccount")
_OF_SOURCE = (keys.SOURCE_ARN, keys.SOURCE_ACCOUNT)
_ABSENT = frozenset(
    {
        *(keys.SSE, keys.SSE_KEY, keys.SSE_C, keys.SOURCE_IP, *keys.OF_ENDPOINTS, *keys.OF_MEMBERS),
        *("aws:multifactorauthpresent", "aws:multifactorauthage", "aws:tokenissuetime", "aws:userid"),
        *("aws:calledvia", "aws:calledviafirst", "aws:calledvialast", "aws:federatedprovider"),
        *("aws:sourceidentity", "aws:tagkeys", "s3:requestobjecttagkeys", "s3:x-amz-copy-source"),
        *("s3:object-lock-mode", "s3:object-lock-retain-until-date", "s3:object-lock-legal-hold"),
        *("s3:object-lock-remaining-retention-days", "s3:versionid", "s3:x-amz-website-redirect-location"),
        *("s3:dataaccesspointarn", "s3:dataaccesspointaccount", "s3:accesspointnetworkorigin"),
    }
)
"""What comes with people, networks, headers and access points; S3 sends its logs without any of it."""
_ENCRYPTION = (keys.SSE, keys.SSE_KEY)
_TAGS = ("aws:principaltag/", "aws:requesttag/", "s3:requestobjecttag/")
_TLS_VERSIONS = ("1.2", "1.3")
_MOST_SHOWN = 90


class _Asked(msgspec.Struct, frozen=True):
    """The policy in its place, and the requests."""

    rules: tuple[Rule, ...]
    extent: Extent
    here: Ground
    delivery: Delivery
    start: str
    """Of the ARNs of the logs."""

    def of(self, effect: str) -> Policies:
        """The statements that have this effect, or may have it."""
        return Policies([rule for rule in self.rules if rule.effect in (effect, "")], self.extent)

    def query(self, space: Space) -> Iterator[Box]:
        box = space.at(lambda arn: arn.startswith(self.start))
        for name in space.keys:
            box = both(box, self._held(space, name))
        yield box

    def _held(self, space: Space, name: str) -> Box:
        if self._is_absent(name):
            return space.where(name, lambda held: held is None)
        fixed = self._fixed(name)
        return space.where(name, lambda held: held in fixed) if fixed else {}

    def _is_absent(self, name: str) -> bool:
        """A report may be told to be encrypted in its own way."""
        if self.delivery.logging is None and name in _ENCRYPTION:
            return False
        return name in _ABSENT or name.startswith(_TAGS)

    def _fixed(self, name: str) -> tuple[Held, ...]:
        """What a key is known to hold; nothing where that is not known."""
        match name:
            case keys.TLS:
                return ("true",)
            case keys.VIA_SERVICE:
                return ("false",)
            case keys.TLS_VERSION:
                return _TLS_VERSIONS
            case keys.SOURCE_ARN:
                return (self.delivery.of.told_arn,)
            case keys.SOURCE_ACCOUNT:
                return (self.delivery.of.told_account,)
            case keys.ACL if self.delivery.acl:
                return (self.delivery.acl,)
            case _ if name in _OWN_ACCOUNT and self.here.owner_is_told:
                return (self.here.owner,)
            case _:
                return ()

    def shown(self, written: str) -> str:
        """As people know it, without what only stands in for names."""
        source, account = self.delivery.of.arn, self.delivery.of.account
        for own, told in ((self.delivery.of.told_arn, source), (self.delivery.of.told_account, account)):
            written = written.replace(own, str(told)) if told is not None else written
        if written.endswith(self.start):
            written += "*"  # the keys go on: no log ends here
        name = str(self.here.bucket_name)
        return self.here.show(written.replace(self.here.arn, f"arn:{self.here.partition}:s3:::{name}"))


def admitted(policy: Policy, delivery: Delivery) -> Verdict:
    """Whether all these requests are allowed, by what the statements allow; or none of them is."""
    asked = _asked(policy, delivery)
    if asked is None:
        return unknown(policy.at, _OPEN)
    allowing = asked.of("Allow")
    missing = allowing.refused(asked.query)
    if missing.verdict == PROVEN:
        return passed(policy.at, f"the policy allows {ACTION} to {delivery.service}")
    if allowing.granted(asked.query).verdict == PROVEN:
        return verdict(Status.FAIL, *_gaps(policy, missing, asked))
    return unknown(policy.at, _why(missing, "is allowed"))


def denied(policy: Policy, delivery: Delivery) -> Verdict:
    """Whether all these requests are denied; or none of them is."""
    asked = _asked(policy, delivery)
    if asked is None:
        return unknown(policy.at, _OPEN)
    denying = asked.of("Deny")
    hit = denying.denied(asked.query, lambda _: True)
    if hit.verdict == PROVEN:
        return failed(policy.at, f"no statement denies {ACTION} to {delivery.service}")
    if denying.not_denied(asked.query).verdict != PROVEN:
        return unknown(policy.at, _why(hit, "is denied"))
    if hit.verdict != WITNESS or hit.request is None or hit.decision is None:
        return passed(policy.at, f"the policy denies {ACTION} to {delivery.service}")
    request = hit.request
    return verdict(
        Status.PASS,
        *(
            Evidence(rule.at, f"{_named(rule)} denies {_phrase(rule, request, asked)}")
            for rule in hit.decision.by
        ),
    )


_OPEN = "which of its statements are about the bucket is not known"


def _asked(policy: Policy, delivery: Delivery) -> _Asked | None:
    target = delivery.target
    here = ground(target.name, target.region, target.account, lambda _: None)
    if here is None or not here.holds(policy):
        return None
    rules = here.rules(delivery.of.told(policy))
    start = f"{here.arn}/{_known_start(delivery.keys)}"
    looked_at = tested(rules)
    known = {
        name: (literal(value),)
        for name, value in (
            (keys.SOURCE_ARN, delivery.of.told_arn),
            (keys.SOURCE_ACCOUNT, delivery.of.told_account),
            *((name, here.owner) for name in _OWN_ACCOUNT),
            *(((keys.ACL, delivery.acl),) if delivery.acl else ()),
        )
        if name in looked_at
    }
    extent = Extent(
        bucket=here.arn,
        owner=here.owner,
        only=(Caller(kind="service", name=delivery.service),),
        actions=tuple(one for one in ACTIONS if one.name == ACTION),
        known=known,
        prefixes=(_known_start(delivery.keys),),
    )
    return _Asked(rules, extent, here, delivery, start)


def _known_start(begun: Text) -> str:
    first = begun.parts[0] if begun.parts else ""
    return first if isinstance(first, str) else ""


# In words


def _gaps(policy: Policy, missing: Answer, asked: _Asked) -> Iterable[Evidence]:
    """For each statement that names the service, the first element that does not take a request in."""
    found: list[Evidence] = []
    for one in missing.decision.others if missing.decision is not None else ():
        if one.rule.effect == "Allow" and one.matches is False and one.element not in ("Principal", "Action"):
            why = asked.shown(one.why.removeprefix("it "))
            element = "" if one.element == "Condition" else f"{element_as_written(one.rule, one.element)} "
            found.append(Evidence(one.rule.at, _short(f"the statement's {element}{why}")))
    return found or [Evidence(policy.at, f"the policy does not allow {ACTION} to {asked.delivery.service}")]


def _why(answer: Answer, what: str) -> str:
    for reason in answer.reasons:
        return f"whether the delivery {what} is not known: {reason.why}"
    decision = answer.decision
    named = [] if decision is None else sorted({spelled(name) for name in _hung_on(decision)})
    if named:
        return f"whether the delivery {what} hangs on {' and '.join(named)}, which AWS does not document"
    return f"whether the delivery {what} is not known"


def _hung_on(decision: Decision) -> Iterator[str]:
    for rule in (*decision.by, *decision.rest):
        for test in rule.tests:
            if isinstance(test, Test) and test.key not in _ABSENT and test.key not in _OF_SOURCE:
                yield test.key


def _phrase(rule: Rule, request: Request, asked: _Asked) -> str:
    """The request, with what the statement asks of it."""
    resource = _short(asked.shown(request.resource), _MOST_SHOWN)
    tests = [test for test in rule.tests if isinstance(test, Test)]
    absent = [test.shown for test in tests if request.held(test.key) is None]
    without = f", which has no {absent[0]}" if absent else ""
    return f"{ACTION} on {resource} by {asked.delivery.service}{without}"


def _named(rule: Rule) -> str:
    return rule.name if rule.sid else "the statement"


def _short(said: str, most: int = 190) -> str:
    return said if len(said) <= most else f"{said[: most - 3]}..."
