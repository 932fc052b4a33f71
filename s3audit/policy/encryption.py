"""What a bucket policy makes of the encryption that requests ask for or come with, in the words of findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.policy import keys, shapes
from s3audit.policy.demanded_keys import held_against, possible_keys
from s3audit.policy.elements import has_effect
from s3audit.policy.globs import literal
from s3audit.policy.language import Policy, Statement
from s3audit.policy.operators import Open
from s3audit.policy.patterns import in_partition
from s3audit.policy.placed import literal_of, placed
from s3audit.policy.questions import Context, default_encryption_survives, forces_encryption, policies
from s3audit.policy.reason import PROVEN, WITNESS, Answer, both
from s3audit.policy.request import Held, Request
from s3audit.policy.rules import Rule
from s3audit.policy.solve import Box
from s3audit.policy.space import Space
from s3audit.policy.witnesses import Claim, all_denied
from s3audit.setting import Known, Listed, Setting, Unknown, some_of
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, every, failed, passed, unknown

UPLOAD = frozenset({"s3:PutObject"})
_HEADERS = frozenset({keys.SSE, keys.SSE_KEY, keys.SSE_C})
_NOT_PLACED = "whether its statements are about this bucket is not known"


def denies_sse_c(policy: Policy, bucket: Bucket) -> Verdict:
    """Whether every upload with a key of the caller is denied; a gap with a request for it."""

    def ask(rules: Sequence[Rule], context: Context) -> Answer:
        found = policies(rules, context, known={keys.SSE_C: (), keys.SSE: ()})

        def query(space: Space) -> Iterable[Box]:
            yield {**space.asking_for(UPLOAD), **space.where(keys.SSE_C, lambda held: held is not None)}

        return found.not_denied(query)

    claim = Claim("with SSE-C", "uploads with SSE-C", ask, frozenset({keys.SSE_C}))
    return _all_denied(policy, bucket, claim)


def denies_older_tls(policy: Policy, bucket: Bucket, floor: str) -> Verdict:
    """Whether every request over an older version of TLS is denied."""

    def ask(rules: Sequence[Rule], context: Context) -> Answer:
        found = policies(rules, context, known={keys.TLS: (), keys.TLS_VERSION: ()})

        def query(space: Space) -> Iterable[Box]:
            over_tls = space.where(keys.TLS, lambda held: held == "true")
            yield both(over_tls, space.where(keys.TLS_VERSION, lambda held: _is_below(held, floor)))

        return found.not_denied(query)

    how = f"over TLS below {floor}"
    return _all_denied(policy, bucket, Claim(how, f"requests {how}", ask, frozenset({keys.TLS_VERSION})))


def _is_below(held: Held | None, floor: str) -> bool:
    return isinstance(held, str) and float(held) < float(floor)


def _all_denied(policy: Policy, bucket: Bucket, claim: Claim) -> Verdict:
    if not shapes.may_deny(policy):
        return failed(policy.at, f"no statement denies {claim.what}")
    found = unknown(policy.at, f"whether all {claim.what} are denied is not known")
    return all_denied(found, usual(policy, bucket.region), bucket.name, bucket.region, claim)


def enforces(policy: Policy, bucket: Bucket, estate: Estate, algorithm: str, blocked: Verdict) -> Verdict:
    """Whether every upload that asks for another encryption than the default is denied.

    `blocked` is whether the bucket itself refuses SSE-C.
    """
    may_be_blocked = {Status.PASS: (True,), Status.FAIL: (False,)}.get(blocked.status, (True, False))
    return _agreed(
        [
            _enforced(policy, bucket, estate, algorithm, arn, is_blocked=is_blocked)
            for arn in possible_keys(bucket, estate)
            for is_blocked in may_be_blocked
        ]
    )


def _enforced(
    policy: Policy, bucket: Bucket, estate: Estate, algorithm: str, arn: str, *, is_blocked: bool
) -> Verdict:
    read = held_against(usual(policy, bucket.region), bucket, estate, arn)
    here = placed(read, bucket.name, bucket.region)
    if here is None:
        return unknown(policy.at, _NOT_PLACED)
    context = msgspec.structs.replace(
        here.context,
        required=algorithm,
        default_encryption=algorithm,
        key=arn,
        default_key=arn,
        blocks_sse_c=is_blocked,
    )
    answer = forces_encryption(here.rules, context)
    how = "" if answer.request is None else _asking(answer.request, algorithm)
    claim = Claim(how, "uploads that ask for another encryption", lambda *_: answer, _HEADERS)
    found = unknown(policy.at, f"whether all {claim.what} are denied is not known{_why(answer)}")
    return all_denied(found, read, bucket.name, bucket.region, claim)


def spares_default(policy: Policy, bucket: Bucket) -> Verdict:
    """Whether no upload is denied for saying nothing about encryption."""
    read = usual(policy, bucket.region)
    here = placed(read, bucket.name, bucket.region)
    if here is None:
        return unknown(policy.at, _NOT_PLACED)
    answer = default_encryption_survives(here.rules, here.context)
    if answer.verdict == PROVEN:
        return passed(policy.at, "uploads that say nothing about encryption are not denied for that")
    if answer.verdict != WITNESS or answer.decision is None:
        return unknown(
            policy.at, f"whether uploads without encryption headers are denied is not known{_why(answer)}"
        )
    return every(
        failed(rule.at, "it denies uploads that say nothing about encryption") for rule in answer.decision.by
    )


def allows_without_sse_c(policy: Policy, bucket: Bucket) -> Verdict:
    """Whether some upload without a key of the caller is not denied for that."""
    read = usual(policy, bucket.region)
    here = placed(read, bucket.name, bucket.region)
    if here is None:
        return unknown(policy.at, _NOT_PLACED)
    found = policies(here.rules, here.context, known={keys.SSE_C: ()})

    def query(space: Space) -> Iterable[Box]:
        yield both(space.asking_for(UPLOAD), space.where(keys.SSE_C, lambda held: held is None))

    answer = found.not_denied(query)
    if answer.verdict == WITNESS:
        return passed(policy.at, "not all uploads without SSE-C are denied")
    if answer.verdict != PROVEN:
        return unknown(policy.at, f"whether all uploads without SSE-C are denied is not known{_why(answer)}")
    denying = [rule for rule in here.rules if rule.effect == "Deny" and _tests(rule, keys.SSE_C)]
    return every(failed(rule.at, "it denies uploads without SSE-C") for rule in denying)


def _tests(rule: Rule, *names: str) -> bool:
    return any(not isinstance(test, Open) and test.key in names for test in rule.tests)


def agrees(policy: Policy, bucket: Bucket, estate: Estate, algorithm: str) -> Verdict:
    """Whether uploads may ask for the default encryption, where they may ask for any."""
    return _agreed([_agrees(policy, bucket, estate, algorithm, arn) for arn in possible_keys(bucket, estate)])


def _agrees(policy: Policy, bucket: Bucket, estate: Estate, algorithm: str, arn: str) -> Verdict:
    read = held_against(usual(policy, bucket.region), bucket, estate, arn)
    here = placed(read, bucket.name, bucket.region)
    if here is None:
        return unknown(policy.at, _NOT_PLACED)
    told = (literal(arn),) if arn else ()
    found = policies(here.rules, here.context, known={keys.SSE: (), keys.SSE_KEY: told, keys.SSE_C: ()})
    is_kms = algorithm.startswith("aws:kms")

    def as_default(space: Space) -> Box:
        box = both(space.asking_for(UPLOAD), space.where(keys.SSE, lambda held: held == algorithm))
        if is_kms:
            box = both(box, space.where(keys.SSE_KEY, lambda held: held == (arn or None)))
        return box

    def otherwise(space: Space) -> Iterable[Box]:
        upload = space.asking_for(UPLOAD)
        if is_kms:
            same = both(upload, space.where(keys.SSE, lambda held: held == algorithm))
            yield both(same, space.where(keys.SSE_KEY, lambda held: held != (arn or None)))
        yield both(upload, space.where(keys.SSE, lambda held: held not in (None, algorithm)))

    def is_about_them(rule: Rule) -> bool:
        return bool(rule.why) or any(
            isinstance(test, Open) or test.key in (keys.SSE, keys.SSE_KEY) for test in rule.tests
        )

    refused = found.denied(lambda space: [as_default(space)], is_about_them)
    if refused.verdict == PROVEN:
        return passed(policy.at, "uploads may ask for the default encryption")
    other = found.not_denied(otherwise)
    if other.verdict == PROVEN:
        plain = spares_default(policy, bucket)
        if plain.status is Status.PASS:
            return passed(policy.at, "no upload may ask for an encryption")
        note = ", those asking for another and those asking for none"
        is_told = plain.status is Status.FAIL
    else:
        note = "" if other.request is None else f", and not uploads {_asking(other.request, algorithm)}"
        is_told = other.verdict == WITNESS
    if refused.verdict != WITNESS or refused.decision is None or not is_told:
        gap = _why(refused) or _why(other)
        return unknown(policy.at, f"whether it demands another encryption than the default is not known{gap}")
    return every(
        failed(rule.at, f"it denies uploads asking for the default encryption{note}")
        for rule in refused.decision.by
    )


def speaks_of_encryption(policy: Policy, *names: str) -> Verdict:
    """Whether a Deny has a condition on one of these headers."""
    match policy.statements:
        case Unknown(why, at):
            return unknown(at, why)
        case _:
            return some_of(
                policy.statements,
                lambda one: (
                    has_effect(one, "Deny")
                    & some_of(
                        one.conditions,
                        lambda test: (
                            passed(test.at, "a Deny looks at the encryption")
                            if test.is_about(*(names or _HEADERS))
                            else Verdict(Status.FAIL)
                        ),
                    )
                ),
            )


def _agreed(found: Sequence[Verdict]) -> Verdict:
    """What is so in every case that may be."""
    statuses = {one.status for one in found}
    if len(statuses) == 1:
        return found[0]
    open_ = [one for one in found if one.status is Status.UNKNOWN]
    return open_[0] if open_ else unknown(found[0].evidence[0].at, "the default key is not known")


def _asking(request: Request, algorithm: str) -> str:
    """What an upload says about its encryption."""
    asked, key = request.held(keys.SSE), request.held(keys.SSE_KEY)
    if request.held(keys.SSE_C) is not None:
        return "with a key of the caller (SSE-C)"
    if asked is None:
        return "without a word about encryption"
    if asked != algorithm:
        return f"asking for {asked}"
    return f"asking for {asked} {'without a' if key is None else 'with another'} key"


def _why(answer: Answer) -> str:
    return f": {answer.reasons[0].why}" if answer.reasons and answer.reasons[0].why else ""


def usual(policy: Policy, region: Setting[Text]) -> Policy:
    """The policy for a bucket of the usual partition, where nobody tells which it is.

    What is about another one then may be about this bucket, and may not.
    """
    if literal_of(region):
        return policy

    def mended(item: Setting[Text]) -> Setting[Text]:
        if isinstance(item, Known) and in_partition(item.value, "") is Status.UNKNOWN:
            return Unknown(f"whether the bucket is in the partition of {item.value} is not known", item.at)
        return item

    def each(listed: Listed[Text]) -> Listed[Text]:
        return _over(listed, mended)

    def one(item: Setting[Statement]) -> Setting[Statement]:
        if not isinstance(item, Known):
            return item
        found = item.value
        resources, not_resources = each(found.resources), each(found.not_resources)
        return Known(
            msgspec.structs.replace(found, resources=resources, not_resources=not_resources), item.at
        )

    statements = policy.statements
    if not isinstance(statements, Known):
        return policy
    return msgspec.structs.replace(policy, statements=Known(tuple(map(one, statements.value)), statements.at))


def _over(listed: Listed[Text], function: Callable[[Setting[Text]], Setting[Text]]) -> Listed[Text]:
    if not isinstance(listed, Known):
        return listed
    return Known(tuple(map(function, listed.value)), listed.at)
