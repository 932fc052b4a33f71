"""Statements that let everybody in, each by itself: those without a limit, and those whose limit keeps nobody out."""

from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.policy.elements import elements, has_effect
from s3audit.policy.language import Condition, Policy, Statement
from s3audit.policy.patterns import lowered
from s3audit.setting import Known, Unknown, Unset, every_of, some_of
from s3audit.text import Text
from s3audit.verdict import Evidence, Severity, Status, Verdict, failed, passed, unknown, unless, verdict

from ._statements import known, names_everyone, of_policy
from ._trust import is_public

_SPOOFED = {
    "aws:referer": "whoever asks writes it",
    "aws:useragent": "whoever asks writes it",
    "s3:prefix": "whoever lists the bucket chooses it",
    "aws:securetransport": "everybody can come over HTTPS",
    "s3:tlsversion": "everybody can come over HTTPS",
}
_TELLING = frozenset(
    {
        *("aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn"),
        *("aws:userid", "aws:sourcevpc", "aws:sourcevpce", "aws:sourcearn", "aws:sourceaccount"),
        *("aws:sourceowner", "aws:sourceorgid", "aws:sourceip", "s3:dataaccesspointaccount"),
        *("s3:dataaccesspointarn", "s3:x-amz-server-side-encryption-aws-kms-key-id"),
    }
)
"""Keys of which a fixed value keeps strangers out."""
_HOPE = (Status.FAIL, Status.UNKNOWN, Status.PASS)
_OTHERS = "policies of other buckets than general purpose ones are not asked here"


def no_open_statement(bucket: Bucket, estate: Estate, *, weak: bool) -> Verdict:
    """That no statement lets everybody in: by a condition that keeps nobody out, or else without any."""

    def judged(policy: Policy) -> Verdict:
        return every_of(
            policy.statements, lambda one: _closed_or_meant(one, policy, bucket, estate, weak=weak)
        )

    return unless(~of_type(bucket, "general"), _OTHERS, lambda: of_policy(bucket, judged))


def _closed_or_meant(
    statement: Statement, policy: Policy, bucket: Bucket, estate: Estate, *, weak: bool
) -> Verdict:
    found = _closed(statement, policy, bucket, weak=weak)
    if found.status not in (Status.FAIL, Status.UNKNOWN):
        return found
    meant = is_public(bucket, estate) & _only_reads(statement)
    return found if meant.status is Status.FAIL else found | meant


def _only_reads(statement: Statement) -> Verdict:
    if not isinstance(statement.not_actions, Unset):
        return Verdict(Status.FAIL)
    return every_of(statement.actions, lambda action: Verdict(_reads(lowered(action))))


def _reads(action: Text) -> Status:
    return max((action.starts_with(prefix) for prefix in ("s3:get", "s3:list")), key=_HOPE.index)


def _closed(statement: Statement, policy: Policy, bucket: Bucket, *, weak: bool) -> Verdict:
    wide = has_effect(statement, "Allow") & names_everyone(statement)
    if wide.status is Status.FAIL:
        return ~wide
    limits = some_of(statement.conditions, _limits)
    mine = limits if weak else ~limits
    if mine.status is Status.FAIL:
        return ~mine
    if any(map(_is_fixed, known(statement.conditions))):
        return Verdict(Status.PASS)
    let_in = _lets_in(statement, policy, bucket)
    if Status.UNKNOWN in (wide.status, mine.status) and let_in.status is not Status.FAIL:
        return wide & mine
    if let_in.status is not Status.PASS:
        return ~let_in
    witness = let_in.evidence[0]
    if not weak:
        places = wide.evidence
        return verdict(Status.FAIL, *(Evidence(e.at, witness.note) for e in places))
    if witness.severity is not None:
        return verdict(
            Status.FAIL, *(Evidence(e.at, witness.note, witness.severity) for e in limits.evidence)
        )
    return verdict(Status.FAIL, *limits.evidence).noting(witness.note)


def _is_fixed(item: Known[Condition]) -> bool:
    """Whether it asks for one value of a key that strangers have not, whichever that is."""
    condition = item.value
    operator = condition.operator.lower().removeprefix("foranyvalue:")
    if operator != "stringequals" or not condition.is_about(*_TELLING - {"aws:sourceip"}):
        return False
    values = elements(condition.values)
    return bool(values) and all(value is not None and "${" not in _literals(value) for value in values)


def _literals(value: Text) -> str:
    return "".join(part for part in value.parts if isinstance(part, str))


def _limits(condition: Condition) -> Verdict:
    """Whether a condition looks as if it kept somebody out."""
    key, operator = condition.key.lower(), condition.operator.lower()
    if key not in _SPOOFED and key not in _TELLING:
        return failed(condition.at, f"a condition on {condition.key} is about something else")
    return passed(
        condition.at, f"{condition.operator} on {condition.key}: {_weakness(key, operator, condition)}"
    )


def _weakness(key: str, operator: str, condition: Condition) -> str:
    if key in _SPOOFED:
        return _SPOOFED[key]
    if operator.startswith("forallvalues:"):
        return "a request without the key meets it"
    if "not" in operator and operator != "null":
        return "all but a few meet it"
    if operator.endswith("ifexists"):
        return "a request without the key meets it"
    values = [str(value) for value in elements(condition.values) if value is not None]
    return f"too many meet {' or '.join(values[:2])}" if values else "too many meet it"


def _lets_in(statement: Statement, policy: Policy, bucket: Bucket) -> Verdict:
    """Whether a stranger gets in by this statement alone, with a request that does."""
    from s3audit.policy.questions import Context, not_public
    from s3audit.policy.reason import PROVEN, WITNESS

    from ._witness import alone, gap, phrase

    here = alone(policy, statement, bucket)
    if here is None:
        return unknown(policy.at, "whether its statements are about this bucket is not known")
    answer = not_public(here.rules, here.context)
    severity = None
    if answer.verdict == PROVEN and not isinstance(statement.conditions, Unset):
        told = here.context
        # By the letter of AWS's documentation a pattern lets anybody in: Block Public Access goes by that.
        answer = not_public(
            here.rules,
            Context(bucket=told.bucket, owner=told.owner, partition=told.partition, literally=True),
        )
        severity = Severity.MEDIUM
    if answer.verdict == WITNESS and answer.request is not None:
        note = phrase(answer.request, here, bucket, here.rules)
        if severity is not None and isinstance(bucket.account, Unknown):
            return unknown(bucket.account.at, f"its own account is not known: {bucket.account.why}")
        if severity is not None:
            note = f"S3 calls the policy public, as that is a pattern: {note}"
        return verdict(Status.PASS, Evidence(statement.at, note, severity))
    if answer.verdict == PROVEN:
        return Verdict(Status.FAIL)
    found = gap(answer, policy)
    return unknown(found.at, found.note)
