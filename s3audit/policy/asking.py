"""The questions by name, and what they are asked with as JSON has it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from s3audit.policy import questions
from s3audit.policy.questions import Context
from s3audit.policy.reason import Answer
from s3audit.policy.replication import Replication, role_can_replicate
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
    owner = context.get("owner", Context().owner)
    fixed = {} if context.get("mode", "semantic") == "literal" else {"aws:resourceaccount": str(owner)}
    return Meaning(variables=fixed)


def ask(question: Question, rules: Sequence[Rule], context: Mapping[str, Any], read: Read) -> Answer:
    """The answer, for a context as the files of `s3audit policy ask --context` have it."""
    told = _Told(context)
    if question.id == "Q5":
        asked = _replication(told, read)
        told.done()
        return role_can_replicate(rules, asked)
    found = _context(told)
    told.done()
    return _ASKED[question.id](rules, found)


class _Told:
    """The members of a context; those that nobody asks for are said."""

    def __init__(self, members: Mapping[str, Any]) -> None:
        self.members = members
        self._asked: set[str] = set()

    def text(self, name: str, default: str = "") -> str:
        return str(self._of(name, str, "a text", default))

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


def _context(told: _Told) -> Context:
    usual = Context()
    default = told.any("default_encryption") or {}
    if not isinstance(default, dict) or not set(default) <= {"alg", "key"}:
        raise ContextError(
            'default_encryption in the context is an object such as {"alg": "aws:kms", "key": "arn:..."}'
        )
    mode = told.text("mode", "semantic")
    if mode not in ("semantic", "literal"):
        raise ContextError("mode in the context is semantic or literal")
    return Context(
        bucket=told.text("bucket", usual.bucket),
        owner=told.text("owner", usual.owner),
        partition=told.text("partition", usual.partition),
        literally=mode == "literal",
        access_point=told.flag("access_point"),
        access_point_vpc_origin=told.flag("access_point_vpc_origin"),
        distributions=told.texts("distributions"),
        oai=told.texts("oai"),
        required=told.text("required", usual.required),
        key=told.text("key"),
        default_encryption=str(default.get("alg", usual.default_encryption)),
        default_key=str(default.get("key", "")),
        blocks_sse_c=told.flag("blocks_sse_c"),
        trusted=told.texts("trusted"),
        owner_canonical_id=told.text("owner_canonical_id"),
        max_age_ms=told.number("max_age_ms"),
        signature_versions=told.texts("signature_versions", usual.signature_versions),
        vpce=told.texts("vpce"),
        vpcs=told.texts("vpcs"),
        cidrs=told.texts("cidrs"),
        allow_via_aws_service=told.flag("allow_via_aws_service"),
        allow_services=told.flag("allow_services"),
    )


def _replication(told: _Told, read: Read) -> Replication:
    usual = Context()
    told.any("bucket")
    owner, partition = told.text("owner", usual.owner), told.text("partition", usual.partition)
    for name in ("source", "destination", "role"):
        if not told.text(name):
            raise ContextError(f"role-can-replicate needs {name} in the context")
    policies = told.any("key_policies")
    if policies not in (None, "delegate-to-account") and not isinstance(policies, dict):
        raise ContextError(
            "key_policies in the context is delegate-to-account, or the policies of keys by their ARNs"
        )
    keys = policies if isinstance(policies, dict) else {}
    return Replication(
        source=f"arn:{partition}:s3:::{told.text('source')}",
        destination=f"arn:{partition}:s3:::{told.text('destination')}",
        role=told.text("role"),
        owner=owner,
        destination_owner=told.text("destination_owner"),
        replicate=told.texts("replicate", ("objects",)),
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
    return () if found is None else read(found)
