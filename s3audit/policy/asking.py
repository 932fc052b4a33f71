"""The questions by name, and what they are asked with as JSON has it."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import msgspec

from s3audit.policy import questions
from s3audit.policy.about import buckets_of, reaches_any, without_principal
from s3audit.policy.callers import account_of, named, stranger
from s3audit.policy.language import NO_PRINCIPAL
from s3audit.policy.operators import network
from s3audit.policy.placed import OWNER
from s3audit.policy.questions import Context
from s3audit.policy.reason import UNKNOWN, Answer, Reason
from s3audit.policy.replication import (
    DELETE_MARKERS,
    OBJECTS,
    TAGS,
    Replication,
    role_can_replicate,
)
from s3audit.policy.rules import Meaning, Rule

Read = Callable[[object], tuple[Rule, ...]]
"""Reads a policy that stands in the context."""


class ContextError(Exception):
    """What is wrong with the context, as a sentence without its dot."""


class Question(msgspec.Struct, frozen=True):
    id: str
    name: str
    claim: str
    """What is proven, or refuted by a request."""


QUESTIONS = (
    Question("Q1", "not-public", "nobody outside the account's trust can do anything"),
    Question("Q2", "tls-only", "every request over plain HTTP is denied"),
    Question("Q3", "only-cloudfront", "nobody but the given distributions is allowed to read"),
    Question("Q4", "forces-encryption", "every upload that is not denied is encrypted as required"),
    Question("Q4b", "default-encryption-survives", "no upload is denied for saying nothing about encryption"),
    Question("Q5", "role-can-replicate", "the role may do all that the replication rule needs"),
    Question("Q6", "no-outsiders", "no account beside the owner's and the trusted ones is allowed anything"),
    Question("Q7", "presigned-limited", "every request that was signed too long ago is denied"),
    Question("Q8", "network-bound", "every request from outside the given networks is denied"),
)
_ASKED: dict[str, questions.Ask] = {
    "Q1": questions.not_public,
    "Q2": questions.tls_only,
    "Q3": questions.only_cloudfront,
    "Q4": questions.forces_encryption,
    "Q4b": questions.default_encryption_survives,
    "Q6": questions.no_outsiders,
    "Q7": questions.presigned_limited,
    "Q8": questions.network_bound,
}


def question_of(name: str) -> Question | None:
    """By its id or its name, in any case."""
    wanted = name.lower()
    return next((one for one in QUESTIONS if wanted in (one.id.lower(), one.name)), None)


def meaning_of(context: Mapping[str, Any]) -> Meaning:
    """The variables that are the same for every request."""
    owner = context.get("owner", OWNER)
    fixed = {} if context.get("mode", "semantic") == "literal" else {"aws:resourceaccount": str(owner)}
    return Meaning(variables=fixed)


def settled(question: Question, rules: Sequence[Rule], context: Mapping[str, Any]) -> dict[str, Any]:
    """A context with what it leaves to the policy: its bucket, and an owner whom no policy names."""
    found = dict(context)
    if question.id == "Q5":
        role = context.get("role")
        found.setdefault("owner", (isinstance(role, str) and account_of(role)) or OWNER)
        return found
    those = buckets_of(rules)
    if "bucket" not in context:
        if len({one.bucket for one in those}) != 1:
            said = " and ".join(dict.fromkeys(one.bucket for one in those))
            raise ContextError(
                f"the Resources of the policy name several buckets, {said}; say with --bucket which has it"
                if said
                else "no Resource of the policy names a bucket; say with --bucket which has it"
            )
        found["bucket"] = those[0].bucket
    partitions = {one.partition for one in those if found["bucket"] in (one.bucket, one.arn)}
    if "partition" not in context and len(partitions) == 1:
        (found["partition"],) = partitions
    if "owner" not in context:
        told = named(tuple(rules)).told
        found["owner"] = OWNER if OWNER not in told else stranger(told)
    return found


def ask(question: Question, rules: Sequence[Rule], context: Mapping[str, Any], read: Read) -> Answer:
    """The answer, for a context as the files of `s3audit policy ask --context` have it."""
    told = _Told(settled(question, rules, context))
    if question.id == "Q5":
        asked = _replication(told, read)
        told.done()
        return _unasked((*asked.source_policy, *asked.destination_policy)) or role_can_replicate(rules, asked)
    found = _context(told)
    told.done()
    if question.id == "Q7" and found.max_age_ms < 1:
        raise ContextError(
            "presigned-limited needs max_age_ms in the context: the limit, in milliseconds and above 0"
        )
    if not reaches_any(rules, found.arn):
        why = f"no Resource of the policy reaches {found.arn}, so that it is that of another bucket"
        return Answer(verdict=UNKNOWN, reasons=(Reason(why),))
    return _unasked(rules) or _ASKED[question.id](rules, found)


def _unasked(rules: Sequence[Rule]) -> Answer | None:
    """Of a policy that no bucket can have."""
    refused = without_principal(rules)
    if refused is None:
        return None
    return Answer(verdict=UNKNOWN, reasons=(Reason(NO_PRINCIPAL, refused, "Principal"),))


class _Told:
    """The members of a context; those that nobody asks for are said."""

    def __init__(self, members: Mapping[str, Any]) -> None:
        self.members = members
        self._asked: set[str] = set()

    def text(self, name: str, default: str = "") -> str:
        return str(self._of(name, str, "a text", default))

    def like(self, name: str, shape: str, expected: str, default: str = "") -> str:
        """A text of a form, or nothing."""
        found = self.text(name, default)
        if found and not re.fullmatch(shape, found):
            raise ContextError(f"{name} in the context is {expected}, not {found!r}")
        return found

    def all_like(self, name: str, shape: str, expected: str) -> tuple[str, ...]:
        found = self.texts(name)
        for one in found:
            if not re.fullmatch(shape, one):
                raise ContextError(f"{name} in the context is a list of {expected}, not {one!r}")
        return found

    def word(self, name: str, known: Collection[str], default: str) -> str:
        found = self.text(name, default)
        if found not in known:
            raise ContextError(f"{name} in the context is {_either(known)}, not {found!r}")
        return found

    def words(self, name: str, known: Collection[str], default: tuple[str, ...]) -> tuple[str, ...]:
        found = self.texts(name, default)
        for one in found or ("",):
            if one not in known:
                raise ContextError(
                    f"{name} in the context is a list of {_either(known)}, not {one!r}"
                    if one
                    else f"{name} in the context is empty; expected some of {_either(known)}"
                )
        return found

    def flag(self, name: str) -> bool:
        return bool(self._of(name, bool, "true or false", False))

    def number(self, name: str) -> int:
        return int(self._of(name, int, "a whole number", 0))

    def texts(self, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        found = self._of(name, list, "a list of texts", list(default))
        if not all(isinstance(one, str) for one in found):
            raise ContextError(f"{name} in the context is a list of texts")
        return tuple(found)

    def any(self, name: str) -> Any:
        self._asked.add(name)
        return self.members.get(name)

    def done(self) -> None:
        unknown = sorted(self.members.keys() - self._asked)
        if unknown:
            known = ", ".join(sorted(self._asked))
            raise ContextError(f"there is no {unknown[0]!r} in a context; expected some of {known}")

    def _of(self, name: str, kind: type, expected: str, default: Any) -> Any:
        self._asked.add(name)
        found = self.members.get(name, default)
        if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
            raise ContextError(f"{name} in the context is {expected}")
        return found


_ACCOUNT, _AN_ACCOUNT = r"[0-9]{12}", "an account of twelve digits"
_PARTITION = r"aws(-[a-z]+)*"
_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_BUCKET = rf"{_NAME}|arn:{_PARTITION}:s3:(::{_NAME}|[a-z0-9-]*:{_ACCOUNT}:accesspoint/{_NAME})"
_CANONICAL = r"[0-9a-f]{64}"
_ENCRYPTIONS = ("AES256", "aws:kms", "aws:kms:dsse")
_DEFAULT = 'default_encryption in the context is an object such as {"alg": "aws:kms", "key": "arn:..."}'


def _either(known: Collection[str]) -> str:
    *most, last = known
    return f"{', '.join(most)} or {last}" if most else last


def _owner(told: _Told) -> str:
    return told.like("owner", _ACCOUNT, _AN_ACCOUNT, OWNER)


def _partition(told: _Told) -> str:
    return told.like("partition", _PARTITION, "one such as aws or aws-cn", Context().partition)


def _default(told: _Told) -> tuple[str, str]:
    """The algorithm and the key of the default encryption."""
    found = told.any("default_encryption")
    if found is None:
        return Context().default_encryption, ""
    if not isinstance(found, dict) or not set(found) <= {"alg", "key"}:
        raise ContextError(_DEFAULT)
    alg, key = found.get("alg", Context().default_encryption), found.get("key", "")
    if alg not in _ENCRYPTIONS or not isinstance(key, str):
        raise ContextError(f"{_DEFAULT}; alg is {_either(_ENCRYPTIONS)}")
    return alg, key


def _cidrs(told: _Told) -> tuple[str, ...]:
    found = told.texts("cidrs")
    for one in found:
        if network(one) is None:
            raise ContextError(
                f"cidrs in the context is a list of ranges of addresses such as 192.0.2.0/24, not {one!r}"
            )
    return found


def _context(told: _Told) -> Context:
    usual = Context()
    alg, key = _default(told)
    return Context(
        bucket=told.like(
            "bucket", _BUCKET, "the name of a bucket, or the ARN of an access point", usual.bucket
        ),
        owner=_owner(told),
        partition=_partition(told),
        literally=told.word("mode", ("semantic", "literal"), "semantic") == "literal",
        access_point=told.flag("access_point"),
        access_point_vpc_origin=told.flag("access_point_vpc_origin"),
        distributions=told.all_like(
            "distributions",
            rf"arn:{_PARTITION}:cloudfront::{_ACCOUNT}:distribution/\w+",
            "ARNs of distributions",
        ),
        oai=told.all_like(
            "oai",
            rf"arn:{_PARTITION}:iam::cloudfront:user/.+|{_CANONICAL}",
            "ARNs of origin access identities, or of their canonical ids",
        ),
        required=told.word("required", _ENCRYPTIONS, usual.required),
        key=told.text("key"),
        default_encryption=alg,
        default_key=key,
        blocks_sse_c=told.flag("blocks_sse_c"),
        trusted=told.all_like(
            "trusted", f"{_ACCOUNT}|{_CANONICAL}", "accounts of twelve digits, or canonical ids"
        ),
        owner_canonical_id=told.text("owner_canonical_id"),
        max_age_ms=told.number("max_age_ms"),
        signature_versions=told.words(
            "signature_versions", ("AWS4-HMAC-SHA256", "AWS"), usual.signature_versions
        ),
        vpce=told.all_like("vpce", r"vpce-\w+", "VPC endpoints such as vpce-0aa11bb22cc33dd44"),
        vpcs=told.all_like("vpcs", r"vpc-\w+", "VPCs such as vpc-0aa11bb22cc33dd44"),
        cidrs=_cidrs(told),
        allow_via_aws_service=told.flag("allow_via_aws_service"),
        allow_services=told.flag("allow_services"),
    )


def _replication(told: _Told, read: Read) -> Replication:
    told.any("bucket")
    owner, partition = _owner(told), _partition(told)
    for name in ("source", "destination", "role"):
        if not told.text(name):
            raise ContextError(f"role-can-replicate needs {name} in the context")
    policies = told.any("key_policies")
    if policies not in (None, "delegate-to-account") and not (
        isinstance(policies, dict) and all(isinstance(one, dict) for one in policies.values())
    ):
        raise ContextError(
            "key_policies in the context is delegate-to-account, or the policies of keys by their ARNs"
        )
    keys = policies if isinstance(policies, dict) else {}
    source = told.like("source", _NAME, "the name of a bucket")
    destination = told.like("destination", _NAME, "the name of a bucket")
    return Replication(
        source=f"arn:{partition}:s3:::{source}",
        destination=f"arn:{partition}:s3:::{destination}",
        role=told.like(
            "role",
            rf"arn:{_PARTITION}:iam::{_ACCOUNT}:role/.+",
            "the ARN of a role such as arn:aws:iam::444455556666:role/replication",
        ),
        owner=owner,
        destination_owner=told.like("destination_owner", _ACCOUNT, _AN_ACCOUNT),
        replicate=told.words("replicate", (OBJECTS, TAGS, DELETE_MARKERS), (OBJECTS,)),
        prefix=told.text("rule_prefix"),
        source_policy=_policy(told, "source_policy", read),
        destination_policy=_policy(told, "destination_policy", read),
        source_key=told.text("source_key"),
        destination_key=told.text("destination_key"),
        key_policies={arn: read(policy) for arn, policy in keys.items()},
        bucket_keys=told.flag("bucket_keys"),
        locked=told.flag("locked"),
        changes_owner=told.flag("changes_owner"),
    )


def _policy(told: _Told, name: str, read: Read) -> tuple[Rule, ...]:
    found = told.any(name)
    if found is not None and not isinstance(found, dict):
        raise ContextError(f"{name} in the context is a policy: an object with statements")
    return () if found is None else read(found)
