"""Whether the policy of a key lets CloudFront decrypt for a distribution, and for no other that is not its owner's."""

from collections.abc import Callable

from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.distribution import Distribution
from s3audit.model.estate import Estate
from s3audit.model.identity import Role, User
from s3audit.model.key import KmsKey
from s3audit.policy import keys
from s3audit.policy.access.doors import Door, Told, asked
from s3audit.policy.actions import READ, Action
from s3audit.policy.globs import literal
from s3audit.policy.language import Policy, policy_of
from s3audit.policy.neighbours import arn_of
from s3audit.policy.placed import Ground, ground
from s3audit.policy.reason import PROVEN, WITNESS
from s3audit.policy.request import Caller, Held
from s3audit.policy.rules import Rule
from s3audit.setting import when_set
from s3audit.verdict import Verdict, failed, passed, unknown

_CLOUDFRONT = Caller(kind="service", name="cloudfront.amazonaws.com")
_ACTION = "kms:Decrypt"
_STRANGER = "271828182845"
"""An account that no policy names."""
_SAID = f"{_ACTION} to cloudfront.amazonaws.com"
_NEIGHBOURS: tuple[type[Resource], ...] = (Distribution, KmsKey, Role, User)


def decrypts(distribution: Distribution, bucket: Bucket, key: KmsKey, estate: Estate) -> Verdict:
    """PASS where it is let, and nobody else's distribution; FAIL with what is wrong."""
    return when_set(
        policy_of(key.policy),
        lambda policy: _by_policy(policy, distribution, bucket, key, estate),
        failed(key.policy.at, f"the key has the policy that KMS gives it, which does not allow {_SAID}"),
        what="the policy of the key",
    )


def _by_policy(
    policy: Policy, distribution: Distribution, bucket: Bucket, key: KmsKey, estate: Estate
) -> Verdict:
    def find(address: str) -> Resource | None:
        found = (estate.at(address, kind) for kind in _NEIGHBOURS)
        return next((one for one in found if one is not None), None)

    here = ground(bucket.name, bucket.region, bucket.account, find)
    if here is None or not here.holds(policy):
        return unknown(policy.at, "in which partition the policy of the key is, is not known")
    rules = here.rules(policy, here.here)
    mine = _asked(here, key, rules, arn_of(here, distribution), here.account_of(distribution))
    if mine.verdict == PROVEN:
        return failed(policy.at, f"the policy of the key does not allow {_SAID} for this distribution")
    if mine.verdict != WITNESS:
        return unknown(policy.at, f"whether the policy of the key allows {_SAID} is not known: {mine.why}")
    theirs = _asked(
        here, key, rules, f"arn:{here.partition}:cloudfront::{_STRANGER}:distribution/XQZ", _STRANGER
    )
    if theirs.verdict == PROVEN:
        return passed(policy.at, f"the policy of the key allows {_SAID} for this distribution")
    if theirs.verdict == WITNESS:
        at = policy.at if theirs.rule is None else theirs.rule.at
        return failed(at, f"the policy of the key allows {_SAID} for every distribution, whoever owns it")
    return unknown(policy.at, f"for which distributions {_SAID} is allowed is not known: {theirs.why}")


def _asked(here: Ground, key: KmsKey, rules: tuple[Rule, ...], arn: str, account: str) -> Told:
    """Whether CloudFront may, for this distribution and an object of the bucket."""

    def is_one(*wanted: str) -> Callable[[Held | None], bool]:
        return lambda held: held in wanted

    end = ".amazonaws.com.cn" if here.partition == "aws-cn" else ".amazonaws.com"
    carries = {
        keys.SOURCE_ARN: is_one(arn),
        keys.SOURCE_ACCOUNT: is_one(account),
        keys.TLS: is_one("true"),
        "kms:viaservice": lambda held: held is None or (isinstance(held, str) and held.startswith("s3.")),
        "kms:encryptioncontext:aws:s3:arn": lambda held: (
            isinstance(held, str) and f"{held}/".startswith(f"{here.arn}/")
        ),
    }
    door = Door(
        bucket=arn_of(here, key),
        owner=here.account_of(key),
        allowing=(rules,),
        carries=carries,
        known={
            keys.SOURCE_ARN: (literal(arn),),
            keys.SOURCE_ACCOUNT: (literal(account),),
            "kms:viaservice": (literal(f"s3.{here.region}{end}"),),
            "kms:encryptioncontext:aws:s3:arn": (literal(here.arn), literal(f"{here.arn}/xqz")),
        },
        actions=(Action(_ACTION, READ, of_objects=False),),
    )
    return asked(door, lambda space: [space.who(lambda caller: caller == _CLOUDFRONT)], only=(_CLOUDFRONT,))
