"""What the policy of a KMS key lets others do with it, through S3."""

from collections.abc import Iterable

from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.identity import Role, User
from s3audit.model.key import KmsKey
from s3audit.policy import keys
from s3audit.policy.access.doors import Door, asked, named_accounts
from s3audit.policy.actions import READ, Action
from s3audit.policy.globs import literal
from s3audit.policy.language import policy_of
from s3audit.policy.neighbours import arn_of
from s3audit.policy.operators import Chosen
from s3audit.policy.placed import Ground, ground, literal_of
from s3audit.policy.questions import Context, strangers
from s3audit.policy.reason import PROVEN, WITNESS, both
from s3audit.policy.request import Caller
from s3audit.policy.rules import Rule, Test
from s3audit.policy.solve import Box
from s3audit.policy.space import Space
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Verdict, failed, passed, unknown

_VIA, _CALLER = "kms:viaservice", "kms:calleraccount"
_NAMED: tuple[type[Resource], ...] = (Role, User, KmsKey)
"""What the policy of a key may name by an attribute."""
_USES = ("kms:Decrypt", "kms:GenerateDataKey")
_POWERS = (
    *_USES,
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:CreateGrant",
    "kms:PutKeyPolicy",
)
ANY = "*"
"""Stands for any account."""


def lets_use(key: KmsKey, account: str, bucket: Bucket, estate: Estate) -> Verdict:
    """Whether it lets somebody of another account decrypt or encrypt what is in the bucket."""
    at = key.policy.at
    read = _read(key, bucket, estate)
    if isinstance(read, Verdict):
        return read
    here, rules = read
    via = f"s3.{literal_of(key.region) or here.region}.amazonaws.com"
    door = Door(
        bucket=arn_of(here, key),
        owner=here.account_of(key),
        allowing=(rules,),
        carries={
            _VIA: lambda held: held is not None and str(held).startswith("s3."),
            keys.TLS: lambda held: held == "true",
        },
        known={_VIA: (literal(via),)},
        actions=_actions(_USES),
    )

    def query(space: Space) -> Iterable[Box]:
        named = {caller.account for caller in space.callers}
        who = account if account in named else space.outside

        def is_meant(caller: Caller) -> bool:
            if caller.kind != "aws":
                return False
            return caller.account not in ("", door.owner) if account == ANY else caller.account == who

        yield space.who(is_meant)

    told = asked(door, query)
    called = "another account" if account == ANY else account
    if told.verdict == WITNESS:
        return passed(at, f"the policy of the key lets {called} use it")
    if told.verdict == PROVEN:
        return failed(at, f"the policy of the key does not let {called} use it")
    return unknown(at, f"whether the policy of the key lets {called} use it is not known: {told.why}")


def is_open(key: KmsKey, bucket: Bucket, estate: Estate) -> Verdict:
    """Whether it lets in whoever asks, of any account."""
    at = key.policy.at
    read = _read(key, bucket, estate)
    if isinstance(read, Verdict):
        return read
    here, rules = read
    door = Door(
        bucket=arn_of(here, key),
        owner=here.account_of(key),
        allowing=(rules,),
        carries={keys.TLS: lambda held: held == "true"},
        actions=_actions(_POWERS),
    )
    # Nobody uses a key without credentials, as with an access point.
    context = Context(bucket=door.bucket, owner=door.owner, partition=here.partition, access_point=True)
    them = strangers(rules, context)
    written = frozenset(
        value.text
        for rule in rules
        for test in rule.tests
        if isinstance(test, Test) and test.key == _CALLER
        for value in test.values
        if isinstance(value, Chosen)
    )

    def query(space: Space) -> Iterable[Box]:
        box = both(them.among(space, named_accounts(door)), space.who(lambda caller: caller.kind == "aws"))
        yield both(box, space.where(_CALLER, lambda held: isinstance(held, str) and held not in written))

    told = asked(door, query, callers=them.callers, known=them.known)
    if told.verdict == WITNESS and told.rule is not None and told.request is not None:
        return passed(told.rule.at, f"the policy of the key lets any AWS account do {told.request.action}")
    if told.verdict == PROVEN:
        return failed(at, "the policy of the key lets in none but those whom it names")
    return unknown(at, f"whether the policy of the key lets in any account is not known: {told.why}")


def _read(key: KmsKey, bucket: Bucket, estate: Estate) -> tuple[Ground, tuple[Rule, ...]] | Verdict:
    """The statements; or what follows where there are none to look at."""
    at = key.policy.at

    def find(address: str) -> Resource | None:
        found = (estate.at(address, kind) for kind in _NAMED)
        return next((one for one in found if one is not None), None)

    here = ground(bucket.name, bucket.region, bucket.account, find)
    if here is None:
        return unknown(bucket.name.at, "the name of the bucket is not known")
    match policy_of(key.policy):
        case Unknown(why):
            return unknown(at, f"the policy of the key is not known: {why}")
        case Known(policy) | Unset(policy):
            if policy is None:
                return failed(at, "the policy of the key lets in its own account only")
            return here, here.rules(policy, here.here)


def _actions(names: Iterable[str]) -> tuple[Action, ...]:
    return tuple(Action(name, READ, of_objects=False) for name in names)
