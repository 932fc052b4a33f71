"""The requests by which S3 delivers events, put to the reasoner."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from s3audit.policy import keys
from s3audit.policy.actions import WRITE, Action
from s3audit.policy.evaluate import Decision
from s3audit.policy.globs import Glob, literal
from s3audit.policy.keys import spelled
from s3audit.policy.language import Policy
from s3audit.policy.notifying import S3, Door, fixed_accounts
from s3audit.policy.placed import Ground, ground
from s3audit.policy.reason import PROVEN, WITNESS, Answer, Policies, both
from s3audit.policy.request import Caller, Held
from s3audit.policy.rules import Rule, Test, element_as_written
from s3audit.policy.solve import Box
from s3audit.policy.space import Extent, Space, tested
from s3audit.policy.told import is_matched, values_of
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text, text
from s3audit.verdict import Evidence, Severity, Status, Verdict, failed, passed, unknown, verdict

_DESTINATION = "arn:aws:xqz:::destination"
"""Stands for what the policy belongs to: there only its own Resources count."""
_ANOTHER = "arn:aws:xqz:::another"
_ABSENT = frozenset(
    {
        *(keys.SOURCE_IP, *keys.OF_ENDPOINTS, *keys.OF_MEMBERS),
        *("aws:multifactorauthpresent", "aws:multifactorauthage", "aws:tokenissuetime", "aws:userid"),
        *("aws:calledvia", "aws:calledviafirst", "aws:calledvialast", "aws:federatedprovider"),
        *(
            "aws:sourceidentity",
            "aws:sourceowner",
            "sns:endpoint",
            "sns:protocol",
            "lambda:functionurlauthtype",
        ),
    }
)
"""What comes with people, networks and other services; S3 sends its events without any of it."""
_STRANGE = {
    keys.SOURCE_ARN: "arn:aws:s3:::xqz-stranger",
    keys.SOURCE_ACCOUNT: "999999999999",
    "aws:sourceorgid": "o-xqzstranger",
    "aws:sourceorgpaths": "o-xqzstranger/r-xqz/",
}
_PIECES = 5
"""Colons before the name of a bucket in its ARN."""
_OPEN = "which of its statements count is not known"


def admitted(door: Door) -> Verdict:
    """Whether all these requests are allowed; or none of them is."""
    here = _ground(door)
    if here is None:
        return unknown(door.policy.at, _OPEN)
    source = door.source
    rules = _rules(door, source.told(door.policy), here)
    looked_at = tested(rules)
    told = {keys.SOURCE_ARN: source.told_arn, keys.SOURCE_ACCOUNT: source.told_account}
    known = {name: (literal(value),) for name, value in told.items() if name in looked_at}
    asked = Policies(rules, _extent(door, here, known))

    def query(space: Space) -> Iterator[Box]:
        box = _carried(space)
        for name, value in told.items():
            box = both(box, space.where(name, lambda held, value=value: held == value))  # type: ignore[misc]
        yield box

    missing = asked.refused(query)
    if missing.verdict == PROVEN:
        return passed(door.policy.at, f"{door.called} allows {door.action} to {S3}")
    if asked.granted(query).verdict == PROVEN:
        return verdict(Status.FAIL, *_gaps(missing, door, here))
    return unknown(door.policy.at, _why(missing, door))


def for_strangers(door: Door) -> Verdict:
    """Whether S3 may come for others."""
    here = _ground(door)
    if here is None:
        return unknown(door.policy.at, _OPEN)
    rules = _rules(door, fixed_accounts(door.policy), here)
    told = {key: tuple(one for one in values_of(rules, key) if _is_fixed(one, key)) for key in _STRANGE}
    known = {key: (*values_of(rules, key), literal(strange)) for key, strange in _STRANGE.items()}
    asked = Policies(rules, _extent(door, here, known))

    def others(space: Space, also: Sequence[str] = ()) -> Box:
        box = _carried(space)
        for key in (*(one for one in _STRANGE if one != keys.SOURCE_ARN), *also):
            box = both(box, space.where(key, lambda held, key=key: _is_strange(held, told[key])))  # type: ignore[misc]
        return box

    any_account = asked.granted(lambda space: [others(space)])
    if any_account.verdict == PROVEN:
        return passed(door.policy.at, f"{door.called} lets S3 in for one's own account only")
    any_bucket = asked.granted(lambda space: [others(space, (keys.SOURCE_ARN,))])
    if any_bucket.verdict == WITNESS and any_bucket.decision is not None:
        at = any_bucket.decision.by[0].at
        return failed(at, f"{door.called} lets S3 in for any bucket of any account", Severity.MEDIUM)
    if any_account.verdict == WITNESS and any_bucket.verdict == PROVEN and any_account.decision is not None:
        at = any_account.decision.by[0].at
        note = f"{door.called} lets S3 in for a bucket of a name, of whatever account that is"
        return failed(at, note, Severity.LOW)
    answer = any_account if any_account.verdict != WITNESS else any_bucket
    return unknown(door.policy.at, _why(answer, door))


def _is_strange(held: Held | None, fixed: Sequence[Glob]) -> bool:
    return held is not None and not is_matched(held, fixed)


def _is_fixed(one: Glob, key: str) -> bool:
    """Whether it is one account, one organization or one bucket."""
    if key != keys.SOURCE_ARN:
        return one.is_fixed
    colons = 0
    for sign in one.tokens:
        if sign == ":" and colons < _PIECES:
            colons += 1
        elif not isinstance(sign, str) and colons >= _PIECES:
            return False
    return colons == _PIECES


def _ground(door: Door) -> Ground | None:
    bucket = door.bucket
    here = ground(bucket.name, bucket.region, bucket.account, lambda _: None)
    return here if here is not None and here.holds(door.policy) else None


def _rules(door: Door, policy: Policy, here: Ground) -> tuple[Rule, ...]:
    def mend(item: Setting[Text]) -> Setting[Text]:
        match item:
            case Known(resource, at) | Unset(resource, at):
                match door.owns(resource):
                    case Status.PASS:
                        return Known(text("*"), at)
                    case Status.FAIL:
                        return Known(text(_ANOTHER), at)
                    case _:
                        return Unknown(f"whether {resource} is what the policy belongs to is not known", at)
            case Unknown():
                return item

    return here.rules(policy, mend)


def _extent(door: Door, here: Ground, known: Mapping[str, tuple[Glob, ...]]) -> Extent:
    return Extent(
        bucket=_DESTINATION,
        owner=here.owner,
        only=(Caller(kind="service", name=S3),),
        actions=(Action(door.action, WRITE, of_objects=False),),
        known=known,
    )


def _carried(space: Space) -> Box:
    box = space.where(keys.TLS, lambda held: held == "true")
    box = both(box, space.where(keys.VIA_SERVICE, lambda held: held == "false"))
    for name in space.keys:
        if name in _ABSENT:
            box = both(box, space.where(name, lambda held: held is None))
    return box


# In words


def _gaps(missing: Answer, door: Door, here: Ground) -> Iterable[Evidence]:
    """For each statement that names S3, the first element that does not take a request in."""
    found: list[Evidence] = []
    for one in missing.decision.others if missing.decision is not None else ():
        if one.rule.effect == "Allow" and one.matches is False and one.element not in ("Principal", "Action"):
            said = _shown(one.why.removeprefix("it "), door, here)
            element = "" if one.element == "Condition" else f"{element_as_written(one.rule, one.element)} "
            found.append(Evidence(one.rule.at, _short(f"the statement's {element}{said}")))
    if missing.decision is not None and not found:
        denying = (rule for rule in missing.decision.by if rule.effect == "Deny")
        found = [Evidence(rule.at, f"this denies {door.action} to {S3}") for rule in denying]
    return found or [Evidence(door.policy.at, f"{door.called} does not allow {door.action} to {S3}")]


def _shown(said: str, door: Door, here: Ground) -> str:
    source = door.source
    for own, told in ((source.told_arn, source.arn), (source.told_account, source.account)):
        said = said.replace(own, str(told)) if told is not None else said
    return here.show(said.replace(_DESTINATION, "it"))


def _why(answer: Answer, door: Door) -> str:
    asked = f"whether {door.called} lets S3 in"
    for reason in answer.reasons:
        return _short(f"{asked} is not known: {reason.why}")
    names = [] if answer.decision is None else sorted({spelled(name) for name in _hung_on(answer.decision)})
    return _short(f"{asked} hangs on {' and '.join(names)}" if names else f"{asked} is not known")


def _hung_on(decision: Decision) -> Iterator[str]:
    for rule in (*decision.by, *decision.rest):
        for test in rule.tests:
            if isinstance(test, Test) and test.key not in (*_ABSENT, keys.SOURCE_ARN, keys.SOURCE_ACCOUNT):
                yield test.key


def _short(said: str, most: int = 190) -> str:
    return said if len(said) <= most else f"{said[: most - 3]}..."
