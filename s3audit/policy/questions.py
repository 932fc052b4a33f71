"""The questions that a policy is asked, by their names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from s3audit.policy import keys
from s3audit.policy.actions import CONTENTS
from s3audit.policy.callers import OTHER_PROVIDER, account_of, named
from s3audit.policy.globs import Glob, literal
from s3audit.policy.operators import Chosen, Open, lies_in, network
from s3audit.policy.reason import PROVEN, UNKNOWN, WITNESS, Answer, Policies, Query, both
from s3audit.policy.request import ANONYMOUS, Caller, Held
from s3audit.policy.rules import Rule, Test, Who
from s3audit.policy.solve import Box
from s3audit.policy.space import Extent, Space
from s3audit.policy.told import asked_for

_KMS = "aws:kms"
_CLOUDFRONT = "cloudfront.amazonaws.com"
_READING = frozenset((*CONTENTS, "s3:ListBucket", "s3:ListBucketVersions"))
_UPLOAD = frozenset({"s3:PutObject"})
_PRESIGNED = ("REST-QUERY-STRING", "POST")


class Context(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a question is asked of, beside the policy."""

    bucket: str = "bucket"
    """Its name; or the ARN of an access point."""
    owner: str = "111122223333"
    partition: str = "aws"
    # Q1
    literally: bool = False
    """Every wildcard and variable counts as one that lets strangers in, as the words of the documentation have it."""
    access_point: bool = False
    access_point_vpc_origin: bool = False
    # Q3
    distributions: tuple[str, ...] = ()
    oai: tuple[str, ...] = ()
    # Q4
    required: str = _KMS
    key: str = ""
    default_encryption: str = "AES256"
    default_key: str = ""
    blocks_sse_c: bool = False
    # Q6
    trusted: tuple[str, ...] = ()
    owner_canonical_id: str = ""
    # Q7
    max_age_ms: int = 0
    signature_versions: tuple[str, ...] = ("AWS4-HMAC-SHA256",)
    # Q8
    vpce: tuple[str, ...] = ()
    vpcs: tuple[str, ...] = ()
    cidrs: tuple[str, ...] = ()
    allow_via_aws_service: bool = False
    allow_services: bool = False

    @property
    def arn(self) -> str:
        if self.bucket.startswith("arn:"):
            return self.bucket
        return f"arn:{self.partition}:s3:::{self.bucket}"


Ask = Callable[[Sequence[Rule], Context], Answer]


def policies(rules: Sequence[Rule], context: Context, **more: Any) -> Policies:
    """The policy and the requests that a question looks at."""
    return Policies(rules, Extent(bucket=context.arn, owner=context.owner, **more))


# Q1


_TRUSTING = frozenset(
    {
        keys.SOURCE_VPC,
        keys.SOURCE_VPCE,
        keys.ORGANIZATION,
        keys.SOURCE_ARN,
        keys.SOURCE_ACCOUNT,
        "aws:principalorgpaths",
        "aws:sourceorgid",
        "aws:sourceowner",
        "aws:userid",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
        keys.SSE_KEY,
    }
)
"""Keys of which a fixed value keeps strangers out."""
_WIDEST = {4: 8, 6: 32}
"""The shortest prefix of a range of addresses that does."""


class Strangers(msgspec.Struct, frozen=True):
    """Whom the account of a bucket does not trust, as far as its policies tell."""

    callers: tuple[Caller, ...]
    known: Mapping[str, tuple[Glob, ...]]
    among: Callable[[Space, Collection[str]], Box]
    """Their requests, where these accounts are named."""


def not_public(rules: Sequence[Rule], context: Context) -> Answer:
    """Whether anybody whom the account does not trust can do anything."""
    if context.access_point_vpc_origin:
        return Answer(verdict=PROVEN)
    them = strangers(rules, context, services=True)
    found = policies(rules, context, callers=them.callers, known=them.known)
    answer = found.granted(lambda space: [them.among(space, found.told)])
    if not context.literally or answer.verdict == WITNESS:
        return answer
    others = list(_by_letter(rules, context, them, tuple(sorted(found.told))))
    return next((one for verdict in (WITNESS, UNKNOWN) for one in others if one.verdict == verdict), answer)


def _by_letter(
    rules: Sequence[Rule], context: Context, them: Strangers, told: tuple[str, ...]
) -> Iterable[Answer]:
    """Whether a statement lets in anybody of another account by a pattern only."""
    for rule in rules:
        wild = _wild_arns(rule) if rule.effect != "Deny" and _is_for_anybody(rule) else ()
        if not wild:
            continue
        part = [one for one in rules if one is rule or one.effect != "Allow"]
        found = policies(part, context, callers=them.callers, known=them.known, accounts=told)

        def fits(caller: Caller, wild: Sequence[Glob] = wild) -> bool:
            return caller.account not in ("", context.owner) and any(one.matches(caller.arn) for one in wild)

        yield found.granted(lambda space, fits=fits: [both(them.among(space, ()), space.who(fits))])  # type: ignore[misc]


def strangers(rules: Sequence[Rule], context: Context, *, services: bool = False) -> Strangers:
    """Everybody, but for what a fixed value in these statements keeps out; with services that nobody named."""
    fixed = _fixed(rules, literally=context.literally)
    of_services = _services_named(rules) if services else None

    def is_stranger(caller: Caller, told: Collection[str]) -> bool:
        match caller.kind:
            case "anonymous":
                return not context.access_point
            case "federated":
                return ":" not in caller.name
            case "service":
                return of_services is not None and caller.name not in of_services
            case kind:
                return kind == "aws" and caller.account not in told

    def among(space: Space, told: Collection[str]) -> Box:
        box = space.who(lambda caller: is_stranger(caller, told))
        for name in space.keys if all(box.values()) else ():
            if name in fixed or name in _TRUSTING or name == keys.SOURCE_IP:
                some = tuple(fixed.get(name, ()))
                box = both(box, space.where(name, lambda held, some=some: not _trusted(held, some), some))  # type: ignore[misc]
        return box

    return Strangers((Caller(kind="federated", name=OTHER_PROVIDER),), _shapes(fixed), among)


def _services_named(rules: Sequence[Rule]) -> frozenset[str]:
    told = named(tuple(rules))
    return frozenset(
        {who.name for who in told.whos if who.kind == "service"}
        | {one.head for one in told.services if one.is_fixed}
    )


def _shapes(fixed: Mapping[str, Sequence[Glob | str]]) -> dict[str, tuple[Glob, ...]]:
    return {
        name: tuple(literal(one) if isinstance(one, str) else one for one in some)
        for name, some in fixed.items()
    }


def _trusted(held: Held | None, fixed: Sequence[Glob | str]) -> bool:
    if held is None:
        return False
    values = {held} if isinstance(held, str) else held
    for one in fixed:
        if isinstance(one, str):
            ranges = network(one)
            if ranges is not None and any(lies_in(value, ranges) for value in values):
                return True
        elif any(one.matches(value) for value in values):
            return True
    return False


def _fixed(rules: Sequence[Rule], *, literally: bool) -> dict[str, list[Glob | str]]:
    """By key: the values that are not for anybody to have."""
    found: dict[str, list[Glob | str]] = {}
    for test in _tests(rules):
        if test.key != keys.SOURCE_IP and test.key not in _TRUSTING:
            continue
        for value in test.values:
            if not isinstance(value, Chosen):
                continue
            if test.key == keys.SOURCE_IP:
                known = network(value.text)
                if known is not None and known.prefixlen >= _WIDEST[known.version]:
                    found.setdefault(test.key, []).append(value.text)
            elif (shape := _fixed_shape(test, value, literally=literally)) is not None:
                found.setdefault(test.key, []).append(shape)
    return found


def _fixed_shape(test: Test, value: Chosen, *, literally: bool) -> Glob | None:
    if test.operator is None or value.open:
        return None
    if not test.operator.takes_patterns:
        return literal(value.text)
    shape = Glob(value.tokens)
    if shape.is_fixed:
        return shape
    if test.key == "s3:dataaccesspointarn" and _account_is_fixed(value.text):
        return shape
    if test.key == keys.SOURCE_ARN and not literally and _account_is_fixed(value.text):
        return shape
    if (
        test.key == "aws:userid"
        and value.text.partition(":")[2] == "*"
        and "*" not in value.text.partition(":")[0]
    ):
        return shape
    return None


def _account_is_fixed(arn: str) -> bool:
    pieces = arn.split(":")
    return len(pieces) > 5 and pieces[4].isdigit()


def _wild_arns(rule: Rule) -> list[Glob]:
    return [
        Glob(value.tokens)
        for test in _tests((rule,))
        if test.key == "aws:principalarn" and test.operator is not None and test.operator.takes_patterns
        for value in test.values
        if isinstance(value, Chosen) and not Glob(value.tokens).is_fixed
    ]


def _is_for_anybody(rule: Rule) -> bool:
    """Where a statement names somebody, a pattern lets in none but them."""
    names = rule.principals or ()
    return rule.principals is None or any(isinstance(who, Open) or who.name == "*" for who in names)


def _tests(rules: Sequence[Rule]) -> Iterable[Test]:
    return (test for rule in rules for test in rule.tests if isinstance(test, Test))


# Q2


def tls_only(rules: Sequence[Rule], context: Context) -> Answer:
    """Whether a request over plain HTTP is not denied, whoever makes it and whatever for."""
    found = policies(rules, context, known={keys.TLS: ()})
    return found.not_denied(lambda space: [space.where(keys.TLS, lambda held: held == "false")])


# Q3


def only_cloudfront(rules: Sequence[Rule], context: Context) -> Answer:
    """Whether anybody but these distributions is allowed to read."""
    told = tuple(map(literal, context.distributions))
    found = policies(
        rules, context, known={keys.SOURCE_ARN: told}, callers=(Caller(kind="service", name=_CLOUDFRONT),)
    )

    def query(space: Space) -> Iterable[Box]:
        reading = space.asking_for(_READING)
        if not all(reading.values()):
            return
        yield both(reading, space.who(lambda one: not _is_cloudfront(one, context)))
        others = space.where(keys.SOURCE_ARN, lambda held: held not in context.distributions)
        yield both(both(reading, space.who(lambda one: one.name == _CLOUDFRONT)), others)

    return found.granted(query)


def _is_cloudfront(caller: Caller, context: Context) -> bool:
    return (
        (caller.kind == "service" and caller.name == _CLOUDFRONT)
        or caller.arn in context.oai
        or (caller.kind == "canonical" and caller.name in context.oai)
    )


# Q4


def forces_encryption(rules: Sequence[Rule], context: Context) -> Answer:
    """Whether an upload that would not be encrypted as wanted is not denied."""
    told = (literal(context.key),) if context.key else ()
    found = policies(rules, context, known={keys.SSE: (), keys.SSE_KEY: told, keys.SSE_C: ()})

    def query(space: Space) -> Iterable[Box]:
        upload = space.asking_for(_UPLOAD)
        wrong = space.where(keys.SSE, lambda held: held is not None and held != context.required)
        yield both(upload, wrong)
        if not context.blocks_sse_c:
            yield both(upload, space.where(keys.SSE_C, lambda held: held is not None))
        plain = both(
            space.where(keys.SSE, lambda held: held is None),
            space.where(keys.SSE_C, lambda held: held is None),
        )
        if context.default_encryption != context.required or (
            context.key and context.default_key != context.key
        ):
            yield both(upload, plain)
        if context.key and context.required.startswith(_KMS):
            right = space.where(keys.SSE, lambda held: held == context.required)
            yield both(both(upload, right), space.where(keys.SSE_KEY, lambda held: held != context.key))

    return found.not_denied(query)


def default_encryption_survives(rules: Sequence[Rule], context: Context) -> Answer:
    """Whether an upload without a word about encryption is denied for that."""
    headers = (keys.SSE, keys.SSE_KEY, keys.SSE_C)
    found = policies(rules, context, known=dict.fromkeys(headers, ()))

    def query(space: Space) -> Iterable[Box]:
        box = space.asking_for(_UPLOAD)
        for name in headers:
            box = both(box, space.where(name, lambda held: held is None))
        yield box

    def is_about_them(rule: Rule) -> bool:
        return bool(rule.why) or any(isinstance(test, Open) or test.key in headers for test in rule.tests)

    return found.denied(query, is_about_them)


# Q6


def no_outsiders(rules: Sequence[Rule], context: Context) -> Answer:
    """Which accounts beside the owner's are allowed anything."""
    # Whether AWS takes a * for everybody who signs in anywhere, nobody tells.
    anywhere = any(
        isinstance(who, Who) and who.kind == "federated" and who.name == "*"
        for rule in rules
        for who in (rule.principals or ())
    )
    found = policies(
        rules,
        context,
        accounts=tuple(filter(_is_number, context.trusted)),
        callers=(Caller(kind="federated", name=OTHER_PROVIDER),) if anywhere else (),
    )
    inside = {context.owner, context.owner_canonical_id, *context.trusted}
    met: dict[str, Answer] = {}

    def query() -> Query:
        known = {*inside, *met}

        def outsiders(space: Space) -> Iterable[Box]:
            box = space.who(lambda one: _is_outside(one, known))
            return [box] if all(box.values()) else []

        return outsiders

    last = Answer(verdict=PROVEN)
    for last in found.all_granted(query):
        if last.verdict != WITNESS or last.request is None:
            break
        met[_identity(last.request.caller)] = last
    if not met:
        return last
    accounts = dict.fromkeys(_called(name, answer) for name, answer in met.items())
    return msgspec.structs.replace(next(iter(met.values())), accounts=tuple(accounts), reasons=last.reasons)


def _called(identity: str, answer: Answer) -> str:
    """An account that nobody named stands for any; of the organizations that let it in, if any."""
    request, decision = answer.request, answer.decision
    if request is None or decision is None or not request.caller.is_nobodys:
        return identity
    those = {one for rule in decision.by for one in asked_for(rule, keys.ORGANIZATION)}
    return f"any account (in {' or '.join(sorted(those))})" if those else "any account"


def _is_number(account: str) -> bool:
    return account_of(account) == account


def _identity(caller: Caller) -> str:
    return caller.account or caller.name or caller.arn or ANONYMOUS


def _is_outside(caller: Caller, inside: set[str]) -> bool:
    return caller.kind not in ("service", "oai") and _identity(caller) not in inside


# Q7


def presigned_limited(rules: Sequence[Rule], context: Context) -> Answer:
    """Whether a request that was signed beforehand is not denied, although it is older than wanted."""
    limit = (literal(str(context.max_age_ms)),) if context.max_age_ms else ()
    known = {keys.AUTH_TYPE: (), keys.SIGNATURE_VERSION: (), keys.SIGNATURE_AGE: (*limit, literal("0"))}
    found = policies(rules, context, known=known)
    takes_v2 = "AWS" in context.signature_versions

    def query(space: Space) -> Iterable[Box]:
        signed = space.where(keys.AUTH_TYPE, lambda held: held in _PRESIGNED)
        new = both(signed, space.where(keys.SIGNATURE_VERSION, lambda held: held == "AWS4-HMAC-SHA256"))
        if "AWS4-HMAC-SHA256" in context.signature_versions:
            yield both(
                new,
                space.where(
                    keys.SIGNATURE_AGE,
                    lambda held: held is not None and float(str(held)) > context.max_age_ms,
                ),
            )
        if takes_v2:  # where the age is always 0, however old it is
            old = both(signed, space.where(keys.SIGNATURE_VERSION, lambda held: held == "AWS"))
            yield both(old, space.where(keys.SIGNATURE_AGE, lambda held: held == "0"))

    return found.not_denied(query)


# Q8


def network_bound(rules: Sequence[Rule], context: Context) -> Answer:
    """Whether a request from elsewhere than these networks is not denied."""
    known = {
        keys.SOURCE_VPCE: tuple(map(literal, context.vpce)),
        keys.SOURCE_VPC: tuple(map(literal, context.vpcs)),
        keys.SOURCE_IP: tuple(map(literal, context.cidrs)),
        keys.VIA_SERVICE: (),
    }
    found = policies(rules, context, known=known)
    inside = [one for text in context.cidrs if (one := network(text)) is not None]

    def is_inside(held: Held | None) -> bool:
        return isinstance(held, str) and any(lies_in(held, one) for one in inside)

    def query(space: Space) -> Iterable[Box]:
        box = space.where(keys.SOURCE_VPCE, lambda held: held not in context.vpce)
        box = both(box, space.where(keys.SOURCE_VPC, lambda held: held not in context.vpcs))
        box = both(box, space.where(keys.SOURCE_IP, lambda held: not is_inside(held)))
        if context.allow_via_aws_service:
            box = both(box, space.where(keys.VIA_SERVICE, lambda held: held == "false"))
        if context.allow_services:
            box = both(box, space.who(lambda one: one.kind != "service"))
        yield box

    return found.not_denied(query)
