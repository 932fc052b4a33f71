"""Whether a policy keeps out whoever comes over the internet, because it asks for a VPC endpoint."""

from collections.abc import Iterable

from s3audit.location import Location
from s3audit.model.bucket import Bucket
from s3audit.policy import keys
from s3audit.policy.language import Policy
from s3audit.policy.placed import placed
from s3audit.policy.questions import policies
from s3audit.policy.reason import PROVEN, WITNESS, both
from s3audit.policy.rules import Rule, Test
from s3audit.policy.solve import Box
from s3audit.policy.space import Space
from s3audit.verdict import Verdict, failed, passed, unknown

_BY_ENDPOINT = frozenset({keys.SOURCE_VPCE, keys.SOURCE_VPC})
_OBJECTS = frozenset({"s3:GetObject", "s3:PutObject"})


def denies_internet(policy: Policy, bucket: Bucket) -> Verdict:
    """Whether nobody reads or writes an object over the internet, because of Denies that ask for an endpoint."""
    here = placed(policy, bucket.name, bucket.region, bucket.account)
    if here is None:
        return unknown(policy.at, "whom the policy keeps out is not known")

    def query(space: Space) -> Iterable[Box]:
        box = space.doing(lambda action: action.name in _OBJECTS)
        for key in _BY_ENDPOINT:
            box = both(box, space.where(key, lambda held: held is None))
        box = both(box, space.where(keys.VIA_SERVICE, lambda held: held == "false"))
        yield both(box, space.who(lambda one: one.kind != "service"))

    known = dict.fromkeys((*_BY_ENDPOINT, keys.VIA_SERVICE), ())
    answer = policies(here.rules, here.context, known=known).not_denied(query)
    if answer.verdict == PROVEN:
        return passed(
            _place(here.rules, policy.at), "the policy denies whoever comes through no VPC endpoint"
        )
    if answer.verdict == WITNESS:
        return failed(policy.at, "the policy lets requests from the internet through")
    return unknown(policy.at, "whether the policy denies whoever comes through no VPC endpoint is not known")


def _place(rules: Iterable[Rule], otherwise: Location) -> Location:
    """Of the first statement that asks for an endpoint."""
    for rule in rules:
        if any(isinstance(test, Test) and test.key in _BY_ENDPOINT for test in rule.tests):
            return rule.at
    return otherwise
