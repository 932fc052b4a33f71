"""Statements of identities that reach every bucket, and where a role has its policies from."""

from collections.abc import Iterator
from typing import TypeVar

from s3audit.model.document import Value
from s3audit.model.estate import Estate
from s3audit.model.identity import ManagedPolicy, Role
from s3audit.model.lookup import first_by_name
from s3audit.model.names import arn_parts
from s3audit.policy.language import Statement, policy_of
from s3audit.policy.patterns import ANY, covers_action, covers_bucket, covers_objects
from s3audit.setting import Known, Listed, Setting, Unknown, Unset, every_of
from s3audit.text import Text, text
from s3audit.verdict import Status, Verdict, failed, passed, some, unknown

T = TypeVar("T")

_FAMILIES = {f"s3:{verb}*": text(f"s3:{verb}", ANY) for verb in ("", "Get", "Put", "Delete", "List")}
_ELSEWHERE = text("xqz-elsewhere")
"""Stands for a bucket that no policy names."""
_NO = Verdict(Status.FAIL)
_LIVE = "live"


def narrow(document: Setting[Value | None]) -> Verdict:
    """Whether no statement of a policy gives a whole family of rights on every bucket, without a condition."""
    match policy_of(document):
        case Unknown(why, at):
            return unknown(at, why)
        case Known(policy, at) | Unset(policy, at):
            if policy is None:
                return passed(at, "there is no policy")
            return every_of(policy.statements, _narrow, passed(policy.at, "its statements are narrow"))


def _narrow(statement: Statement) -> Verdict:
    allows = statement.effect.is_in("Allow", what="the Effect")
    bare = _has_none(statement)
    broad = allows & bare & _everywhere(statement) & _family(statement)
    match broad.status:
        case Status.PASS:
            said = next((e.note for e in _family(statement).evidence), "much")
            return failed(statement.at, f"it allows {said} on every bucket, without a condition")
        case Status.FAIL:
            return passed(statement.at, "the statement is narrow")
        case _:
            return unknown(
                statement.at, broad.evidence[0].note if broad.evidence else "what it allows is not known"
            )


def _has_none(statement: Statement) -> Verdict:
    match statement.conditions:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(items, at) | Unset(items, at):
            if not items:
                return Verdict(Status.PASS)
            if all(isinstance(item, Unknown) for item in items):
                return unknown(at, "whether it has a condition is not known")
            return _NO


def _family(statement: Statement) -> Verdict:
    match statement.not_actions:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(spared, at):
            covered = some(_covers(item, _FAMILIES["s3:*"], "all of S3") for item in spared)
            return passed(at, "all but a few actions") if covered.status is Status.FAIL else ~covered
        case Unset():
            return _any_family(statement.actions)


def _any_family(actions: Listed[Text]) -> Verdict:
    if isinstance(actions, Unknown):
        return unknown(actions.at, actions.why)
    items = actions.value if isinstance(actions, Known) else actions.default
    return some(_covers(item, family, name) for item in items for name, family in _FAMILIES.items())


def _covers(item: Setting[Text], family: Text, name: str) -> Verdict:
    match item:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(pattern, at) | Unset(pattern, at):
            found = covers_action(pattern, family)
            if found is Status.UNKNOWN:
                return unknown(at, f"whether {pattern} is {name} is not known")
            return passed(at, str(pattern)) if found is Status.PASS else _NO


def _everywhere(statement: Statement) -> Verdict:
    if not isinstance(statement.not_resources, Unset):
        at = statement.not_resources.at
        return passed(at, "its NotResource leaves every other bucket")
    resources = statement.resources
    if isinstance(resources, Unknown):
        return unknown(resources.at, resources.why)
    items = resources.value if isinstance(resources, Known) else resources.default
    return some(_reaches(item) for item in items)


def _reaches(item: Setting[Text]) -> Verdict:
    match item:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(resource, at) | Unset(resource, at):
            answers = (covers_bucket(resource, _ELSEWHERE), covers_objects(resource, _ELSEWHERE))
            if Status.PASS in answers:
                return passed(at, f"it is about {resource}")
            # What stands for the name of a bucket is no wildcard.
            is_one = arn_parts(resource) is not None or any(part.resource for part in resource.opaque)
            if Status.UNKNOWN not in answers or is_one:
                return _NO
            return unknown(at, f"whether {resource} is every bucket is not known")


def policies_of(role: Role, estate: Estate) -> Iterator[Verdict]:
    """What is to be said of each policy of a role that its account has written."""
    if isinstance(role.policies, Unknown):
        yield unknown(role.policies.at, role.policies.why)
    for item in _items(role.policies):
        match item:
            case Unknown(why, at):
                yield unknown(at, why)
            case Known(inline) | Unset(inline):
                yield narrow(inline.document)
    yield from _attached(role, estate)
    index = estate.once(_Attaching)
    names: tuple[Text | str, ...] = (
        (role.address,) if isinstance(role.name, Unknown) else (role.address, _value(role.name))
    )
    for address in (address for name in names for address in index.by_role.get(name, ())):
        policy = estate.at(address, ManagedPolicy)
        yield narrow(policy.document) if policy is not None else Verdict(Status.NOT_APPLICABLE)
    for address in index.unsure:
        policy = estate.at(address, ManagedPolicy)
        if policy is not None and narrow(policy.document).status is not Status.PASS:
            yield unknown(policy.at, f"whether {policy.title or address} is a policy of it is not known")


def _attached(role: Role, estate: Estate) -> Iterator[Verdict]:
    if isinstance(role.attached_policies, Unknown):
        yield unknown(role.attached_policies.at, role.attached_policies.why)
    for item in _items(role.attached_policies):
        match item:
            case Unknown(why, at):
                yield unknown(at, why)
            case Known(arn, at) | Unset(arn, at):
                if ":iam::aws:policy/" in str(arn):
                    continue
                own = estate.named_by(arn, ManagedPolicy)
                address = estate.once(_by_arn).get(arn) if own is None else None
                found = own if address is None else estate.at(address, ManagedPolicy)
                if found is None:
                    yield unknown(at, f"what the policy {arn} allows is not known")
                else:
                    yield narrow(found.document)


def _by_arn(estate: Estate) -> dict[Text, str]:
    return first_by_name((one.address, (one.arn,)) for one in estate.all(ManagedPolicy))


class _Attaching:
    """Managed policies that say themselves which roles they are for."""

    def __init__(self, estate: Estate) -> None:
        self.by_role: dict[Text | str, list[str]] = {}
        """By the name of the role, or by its address where that is what they name."""
        self.unsure: list[str] = []
        for policy in estate.all(ManagedPolicy):
            if policy.origin == _LIVE:
                continue  # there the roles say which they have
            if isinstance(policy.roles, Unknown):
                self.unsure.append(policy.address)
            for item in _items(policy.roles):
                if isinstance(item, Unknown):
                    self.unsure.append(policy.address)
                else:
                    name = item.value if isinstance(item, Known) else item.default
                    self.by_role.setdefault(_key(name), []).append(policy.address)


def _key(name: Text) -> Text | str:
    match name.parts:
        case (part,) if not isinstance(part, str) and part.resource:
            return part.resource
        case _:
            return name


def _value(setting: Known[Text] | Unset[Text]) -> Text:
    return setting.value if isinstance(setting, Known) else setting.default


def _items(listed: Listed[T]) -> tuple[Setting[T], ...]:
    return (
        () if isinstance(listed, Unknown) else listed.value if isinstance(listed, Known) else listed.default
    )


def let_in_from_outside(role: Role) -> bool:
    """Whether somebody of another account, or anybody, may take the role."""
    written = policy_of(role.assume_role_policy)
    if isinstance(written, Unknown):
        return False
    policy = written.value if isinstance(written, Known) else written.default
    own = "" if isinstance(role.account, Unknown) else _value(role.account).literal or ""
    if policy is None:
        return False
    return any(
        _is_outside(principal.name, own)
        for item in _items(policy.statements)
        if not isinstance(item, Unknown)
        for one in (item.value if isinstance(item, Known) else item.default,)
        for each in _items(one.principals)
        if not isinstance(each, Unknown)
        for principal in (each.value if isinstance(each, Known) else each.default,)
        if principal.kind in ("AWS", "*")
    )


def _is_outside(name: Text, own: str) -> bool:
    if name.literal == "*":
        return True
    parts = arn_parts(name)
    account = name.literal if parts is None else parts[3].literal
    return account is not None and account.isdigit() and account != own
