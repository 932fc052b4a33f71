"""Where requests come from, put to the reasoner: whether a policy turns away those from elsewhere."""

from collections.abc import Collection, Iterable, Sequence

import msgspec

from s3audit.model.bucket import Bucket
from s3audit.policy import keys
from s3audit.policy.actions import Action
from s3audit.policy.globs import glob, literal
from s3audit.policy.language import Policy
from s3audit.policy.operators import lies_in, network
from s3audit.policy.questions import Context, policies
from s3audit.policy.reason import Answer, both
from s3audit.policy.request import Caller
from s3audit.policy.rules import Rule
from s3audit.policy.solve import Box
from s3audit.policy.space import Space
from s3audit.policy.told import is_matched, values_of
from s3audit.policy.witnesses import Claim, all_denied
from s3audit.verdict import Verdict, unknown

_ORIGIN = "s3:accesspointnetworkorigin"
"""Whether an access point answers its VPC only."""


class Elsewhere(msgspec.Struct, frozen=True):
    """Requests for data that come neither by an endpoint or a VPC that the policy names nor from these addresses."""

    addresses: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    """ARNs, with wildcards, of those who may come from anywhere."""

    def asked(self, rules: Sequence[Rule], context: Context) -> Answer:
        """What is not denied of them; services are not asked to come from anywhere."""
        networks = [one for text in self.addresses if (one := network(text)) is not None]
        patterns = [glob(one) for one in self.spared]
        known = {
            keys.SOURCE_IP: tuple(map(literal, self.addresses)),
            keys.VIA_SERVICE: (),
            _ORIGIN: (literal("VPC"), literal("Internet")),
        }
        named = {key: values_of(rules, key) for key in (keys.SOURCE_VPCE, keys.SOURCE_VPC)}

        def is_asked(caller: Caller) -> bool:
            arns = (caller.arn, caller.session)
            return caller.kind != "service" and not any(
                arn and one.matches(arn) for one in patterns for arn in arns
            )

        def query(space: Space) -> Iterable[Box]:
            box = both(space.doing(_is_about_data), space.who(is_asked))
            for key, globs in named.items():
                box = both(box, space.where(key, lambda held, globs=globs: not is_matched(held, globs)))  # type: ignore[misc]
            box = both(box, space.where(keys.VIA_SERVICE, lambda held: held == "false"))
            box = both(box, space.where(_ORIGIN, lambda held: held != "VPC"))
            yield both(
                box,
                space.where(
                    keys.SOURCE_IP,
                    lambda held: (
                        not (isinstance(held, str) and any(lies_in(held, inside) for inside in networks))
                    ),
                ),
            )

        return policies(rules, context, known=known).not_denied(query)


def _is_about_data(action: Action) -> bool:
    return action.of_objects or action.name.startswith("s3:ListBucket")


def denies_elsewhere(
    policy: Policy, bucket: Bucket, addresses: Collection[str], spared: Collection[str]
) -> Verdict:
    """Whether a bucket policy denies the data to whoever comes from elsewhere."""
    asked = Elsewhere(tuple(sorted(addresses)), tuple(sorted(spared)))
    claim = Claim(
        "from elsewhere",
        "requests from elsewhere",
        asked.asked,
        frozenset({keys.SOURCE_VPCE, keys.SOURCE_VPC, keys.SOURCE_IP, _ORIGIN}),
    )
    gap = unknown(policy.at, "whether it denies all that comes from elsewhere is not known")
    return all_denied(gap, policy, bucket.name, bucket.region, claim)
