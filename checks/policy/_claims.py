"""What the statements of a policy deny together, as the reasoner proves it; imported where it is asked."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from s3audit.model.bucket import Bucket
from s3audit.policy import keys
from s3audit.policy.actions import Action
from s3audit.policy.callers import named
from s3audit.policy.globs import Glob, literal
from s3audit.policy.language import Policy
from s3audit.policy.operators import Chosen, lies_in, network
from s3audit.policy.placed import Placed
from s3audit.policy.reason import PROVEN, WITNESS, Answer, Policies, both
from s3audit.policy.request import Caller, Held
from s3audit.policy.rules import Rule, Test
from s3audit.policy.solve import Box
from s3audit.policy.space import Extent, Space
from s3audit.policy.told import is_matched, values_of
from s3audit.setting import Unknown
from s3audit.verdict import Evidence, Severity, Status, Verdict, failed, passed, unknown, verdict

from ._witness import gap, phrase, whole

_ABOUT = "whether its statements are about this bucket is not known"
_CHANGING = frozenset({"s3:PutBucketPolicy", "s3:DeleteBucketPolicy"})
_ABSENT = (
    *(keys.SOURCE_VPCE, keys.SOURCE_VPC, "aws:vpcsourceip", "aws:sourcevpcarn", "aws:vpceaccount"),
    *("aws:vpceorgid", "aws:vpceorgpaths", "aws:calledvia", "aws:multifactorauthage"),
)
"""Keys of requests that come through an endpoint, by a service or with a second factor."""
_MFA = "aws:multifactorauthpresent"
Wanted = Callable[[Held | None], bool]


def leaves_a_way(policy: Policy, bucket: Bucket) -> Verdict:
    """Whether somebody of its own account but root can change the policy, wherever they are."""
    here = whole(policy, bucket)
    if here is None:
        return unknown(policy.at, _ABOUT)
    own = {here.context.owner}
    strict = _way(policy, here, own)
    told = frozenset(named(here.rules).told)
    if here.owner_is_told or told <= own:
        return strict
    # An account that is written out may be the one that it is deployed to.
    found = _way(policy, here, own | told)
    if found.status is strict.status:
        return strict
    return unknown(policy.at, f"whether its own account is {' or '.join(sorted(told - own))} is not known")


def _way(policy: Policy, here: Placed, own: set[str]) -> Verdict:
    elsewhere = _changed(here, here.rules, own, _from_elsewhere(here.rules))
    if elsewhere.verdict == WITNESS:
        return passed(policy.at, "administrators can change the policy")
    if elsewhere.verdict != PROVEN:
        why = gap(elsewhere, policy)
        return unknown(why.at, why.note)
    from_anywhere = _changed(here, here.rules, own, {})
    severity = Severity.HIGH if from_anywhere.verdict == PROVEN else Severity.MEDIUM
    note = "nobody but root may do s3:PutBucketPolicy or s3:DeleteBucketPolicy"
    denying = [rule for rule in here.rules if rule.effect != "Allow"]
    alone = [
        rule for rule in denying if _changed(here, (rule,), own, _from_elsewhere((rule,))).verdict == PROVEN
    ]
    if severity is Severity.MEDIUM:
        note = f"{_how(alone or denying)}{note}"
    return verdict(Status.FAIL, *(Evidence(rule.at, note, severity) for rule in alone or denying))


def _how(rules: Sequence[Rule]) -> str:
    """Of which requests that holds."""
    used = {test.key for rule in rules for test in rule.tests if isinstance(test, Test)}
    said = [
        what
        for what, some in (
            ("from elsewhere", {keys.SOURCE_IP, *_ABSENT[:7]}),
            ("without MFA", {_MFA, _ABSENT[-1]}),
        )
        if used & some
    ]
    return f"{' or '.join(said)} " if said else ""


def _changed(
    here: Placed, rules: Sequence[Rule], own: set[str], where: Mapping[str, tuple[Wanted, tuple[Glob, ...]]]
) -> Answer:
    """Whether a change of the policy by somebody of these accounts is not denied."""
    known = {key: some for key, (_, some) in where.items()}
    extent = Extent(
        bucket=here.context.arn, owner=here.context.owner, known=known, accounts=tuple(sorted(own))
    )

    def query(space: Space) -> Iterable[Box]:
        box = both(
            space.who(lambda one: one.kind == "aws" and one.account in own and not one.arn.endswith(":root")),
            space.doing(lambda action: action.name in _CHANGING),
        )
        for key, (wanted, _) in where.items():
            more = space.where(key, wanted)
            # Where every value is asked for, the condition is no limit.
            box = both(box, more) if all(more.values()) else box
        yield box

    return Policies(rules, extent).not_denied(query)


def _from_elsewhere(rules: Sequence[Rule]) -> dict[str, tuple[Wanted, tuple[Glob, ...]]]:
    """What a request has that comes from no network and through no endpoint that a statement names."""
    ranges = [
        one
        for rule in rules
        for test in rule.tests
        if isinstance(test, Test) and test.key == keys.SOURCE_IP
        for value in test.values
        if isinstance(value, Chosen) and (one := network(value.text)) is not None
    ]

    def is_outside(held: Held | None) -> bool:
        return isinstance(held, str) and not any(lies_in(held, one) for one in ranges)

    used = {test.key for rule in rules for test in rule.tests if isinstance(test, Test)}
    found: dict[str, tuple[Wanted, tuple[Glob, ...]]] = {
        key: (lambda held: not held, ()) for key in _ABSENT if key in used
    }
    if keys.SOURCE_IP in used:
        found[keys.SOURCE_IP] = (is_outside, ())
    for key in (keys.VIA_SERVICE, _MFA):
        if key in used:
            found[key] = (lambda held: held != "true", ())
    return found


def denies_deletion(policy: Policy, bucket: Bucket) -> Verdict:
    """Whether nobody but roles that are named may delete the bucket or versions for good."""
    actions = frozenset({"s3:DeleteBucket", "s3:DeleteObjectVersion"})
    here = whole(policy, bucket)
    if here is None:
        return unknown(policy.at, _ABOUT)
    if isinstance(bucket.account, Unknown):
        return unknown(bucket.account.at, f"its own account is not known: {bucket.account.why}")
    spared = [one for one in named(here.rules).arns if _is_of_few(one)]
    ids = values_of(here.rules, "aws:userid")

    def is_anybody(one: Caller) -> bool:
        is_named = any(shape.matches(one.arn) for shape in spared)
        return (
            one.kind == "aws"
            and one.account == here.context.owner
            and one.arn[-5:] != ":root"
            and not is_named
        )

    def query(space: Space) -> Iterable[Box]:
        box = both(space.who(is_anybody), space.asking_for(actions))
        yield both(box, space.where("aws:userid", lambda held: not is_matched(held, ids)))

    extent = Extent(
        bucket=here.context.arn, owner=here.context.owner, known={"aws:userid": ids} if ids else {}
    )
    return _all_denied(
        policy, bucket, here, extent, query, "deletes the bucket or versions but roles that are named"
    )


def _is_of_few(arn: Glob) -> bool:
    """Whether a pattern names a role or a user, or some that begin alike."""
    written = "".join(token if isinstance(token, str) else "*" for token in arn.tokens)
    name = written.partition(":role/")[2] or written.partition(":user/")[2]
    return not name.startswith("*") and name != ""


def denies_outsiders(
    policy: Policy, bucket: Bucket, organizations: frozenset[str], accounts: frozenset[str]
) -> Verdict:
    """Whether nobody outside these organizations gets at the objects, but for services and these accounts."""
    here = whole(policy, bucket)
    if here is None:
        return unknown(policy.at, _ABOUT)

    def is_outside(one: Caller) -> bool:
        return one.kind == "anonymous" or (
            one.kind == "aws" and one.is_nobodys and one.account not in accounts
        )

    def query(space: Space) -> Iterable[Box]:
        box = both(space.who(is_outside), space.doing(_is_of_objects))
        box = both(box, space.where(keys.ORGANIZATION, lambda held: held not in organizations))
        box = both(box, space.where(keys.VIA_SERVICE, lambda held: held != "true"))
        for key in space.keys:
            if key.startswith("aws:principaltag/"):
                box = both(box, space.where(key, lambda held: held is None))
            elif key == "aws:principalorgpaths":
                box = both(box, space.where(key, lambda held: not _is_in(held, organizations)))
        yield box

    known = {keys.ORGANIZATION: tuple(map(literal, sorted(organizations)))}
    extent = Extent(bucket=here.context.arn, owner=here.context.owner, known=known, accounts=tuple(accounts))
    return _all_denied(
        policy, bucket, here, extent, query, "outside the organization reads or writes objects"
    )


def _who(one: Caller, here: Placed) -> str:
    """Somebody of the own account, whoever that is; empty for others."""
    if one.kind != "aws" or one.account != here.context.owner:
        return ""
    return "a user of its account" if ":user/" in one.arn else "a role of its account"


def _is_of_objects(action: Action) -> bool:
    return action.of_objects


def _is_in(held: Held | None, organizations: frozenset[str]) -> bool:
    values = (held,) if isinstance(held, str) else held or ()
    return any(value.partition("/")[0] in organizations for value in values)


def _all_denied(
    policy: Policy,
    bucket: Bucket,
    here: Placed,
    extent: Extent,
    query: Callable[[Space], Iterable[Box]],
    what: str,
) -> Verdict:
    answer = Policies(here.rules, extent).not_denied(query)
    if answer.verdict == PROVEN:
        return passed(policy.at, f"by its statements nobody {what}")
    if answer.verdict == WITNESS and answer.request is not None:
        request = phrase(answer.request, here, bucket, who=_who(answer.request.caller, here))
        request = request.replace(" may do ", " does ", 1)
        return failed(policy.at, f"no statement denies that {request}")
    why = gap(answer, policy)
    return unknown(why.at, why.note)
