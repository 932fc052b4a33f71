"""What a bucket policy denies of requests that were signed beforehand: URLs and forms that anybody may use.

They are about objects: AWS's own examples of such statements name `bucket/*` only.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from s3audit.model.bucket import Bucket
from s3audit.policy import keys
from s3audit.policy.globs import literal
from s3audit.policy.language import Policy
from s3audit.policy.operators import lies_in, network
from s3audit.policy.questions import Context, policies
from s3audit.policy.reason import Answer, both
from s3audit.policy.request import Caller, Held
from s3audit.policy.rules import Rule
from s3audit.policy.solve import Box
from s3audit.policy.space import Space
from s3audit.policy.witnesses import Claim, all_denied
from s3audit.verdict import Verdict, unknown

V2, V4 = "AWS", "AWS4-HMAC-SHA256"
_KEYS = frozenset({keys.AUTH_TYPE, keys.SIGNATURE_AGE, keys.SIGNATURE_VERSION})
_MINUTE = 60_000
"""In milliseconds."""
Ask = Callable[[Sequence[Rule], Context], Answer]


def old_ones_denied(policy: Policy, bucket: Bucket, minutes: int, *, takes_v2: bool) -> Verdict:
    """Whether each one that was signed longer ago is denied; with Signature Version 2 its age is always 0."""
    limit = minutes * _MINUTE

    def ask(rules: Sequence[Rule], context: Context) -> Answer:
        told = (literal(str(limit)), literal("0"))
        found = policies(
            rules, context, known={keys.AUTH_TYPE: (), keys.SIGNATURE_VERSION: (), keys.SIGNATURE_AGE: told}
        )

        def query(space: Space) -> Iterable[Box]:
            by_v4 = space.where(keys.SIGNATURE_VERSION, lambda held: held == V4)
            is_old = space.where(keys.SIGNATURE_AGE, lambda held: _is_above(held, limit))
            by_v2 = space.where(keys.SIGNATURE_VERSION, lambda held: held == V2)
            no_age = space.where(keys.SIGNATURE_AGE, lambda held: held == "0")
            for box in _presigned(space):
                yield both(box, both(by_v4, is_old))
                if takes_v2:
                    yield both(box, both(by_v2, no_age))

        return found.not_denied(query)

    how = f"presigned more than {minutes} minutes ago"
    return _denied(policy, bucket, Claim(how, f"requests that were {how}", ask, _KEYS))


def all_of_them_denied(policy: Policy, bucket: Bucket) -> Verdict:
    """Whether each one is denied."""

    def ask(rules: Sequence[Rule], context: Context) -> Answer:
        found = policies(rules, context, known={keys.AUTH_TYPE: ()})
        return found.not_denied(_presigned)

    return _denied(policy, bucket, Claim("in a presigned request", "presigned requests", ask, _KEYS))


def version_two_denied(policy: Policy, bucket: Bucket) -> Verdict:
    """Whether each one that is signed with Signature Version 2 is denied, in whatever part of it that is."""

    def ask(rules: Sequence[Rule], context: Context) -> Answer:
        found = policies(rules, context, known={keys.SIGNATURE_VERSION: ()})

        def query(space: Space) -> Iterable[Box]:
            by_v2 = space.where(keys.SIGNATURE_VERSION, lambda held: held == V2)
            yield both(_of_people(space), by_v2)

        return found.not_denied(query)

    how = "signed with Signature Version 2"
    return _denied(policy, bucket, Claim(how, f"requests that are {how}", ask, _KEYS))


def those_from_elsewhere_denied(
    policy: Policy, bucket: Bucket, endpoints: Iterable[str], vpcs: Iterable[str], ranges: Iterable[str]
) -> Verdict:
    """Whether each one is denied that comes from none of these networks."""
    near, within, blocks = sorted(endpoints), sorted(vpcs), sorted(ranges)
    inside = [one for text in blocks if (one := network(text)) is not None]

    def ask(rules: Sequence[Rule], context: Context) -> Answer:
        told = {
            keys.SOURCE_VPCE: tuple(map(literal, near)),
            keys.SOURCE_VPC: tuple(map(literal, within)),
            keys.SOURCE_IP: tuple(map(literal, blocks)),
        }
        found = policies(rules, context, known={**told, keys.AUTH_TYPE: (), keys.VIA_SERVICE: ()})

        def query(space: Space) -> Iterable[Box]:
            box = space.where(keys.VIA_SERVICE, lambda held: held == "false")
            box = both(box, space.where(keys.SOURCE_VPCE, lambda held: held not in near))
            box = both(box, space.where(keys.SOURCE_VPC, lambda held: held not in within))
            box = both(box, space.where(keys.SOURCE_IP, lambda held: not _is_inside(held)))
            yield from (both(box, one) for one in _presigned(space))

        return found.not_denied(query)

    def _is_inside(held: Held | None) -> bool:
        return isinstance(held, str) and any(lies_in(held, one) for one in inside)

    about = _KEYS | {keys.VIA_SERVICE, keys.SOURCE_IP, *keys.OF_ENDPOINTS}
    how = "presigned, from another network,"
    return _denied(policy, bucket, Claim(how, "presigned requests from other networks", ask, about))


def _denied(policy: Policy, bucket: Bucket, claim: Claim) -> Verdict:
    found = unknown(policy.at, f"whether the bucket policy denies all {claim.what} is not known")
    return all_denied(found, policy, bucket.name, bucket.region, claim)


def _presigned(space: Space) -> Iterator[Box]:
    """URLs for whatever they are signed for, and forms, which upload."""
    people = _of_people(space)
    yield both(people, space.where(keys.AUTH_TYPE, lambda held: held == "REST-QUERY-STRING"))
    forms = both(people, space.where(keys.AUTH_TYPE, lambda held: held == "POST"))
    yield both(forms, space.doing(lambda action: action.name == "s3:PutObject"))


def _of_people(space: Space) -> Box:
    """Requests for objects by whoever has keys to sign with."""
    return both(space.who(_may_sign), space.doing(lambda action: action.of_objects))


def _may_sign(caller: Caller) -> bool:
    return caller.kind in ("aws", "open", "canonical", "federated")


def _is_above(held: Held | None, limit: int) -> bool:
    return isinstance(held, str) and float(held) > limit
