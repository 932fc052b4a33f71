"""Whom an Access Grants instance lets in, and who of them is said to be trusted."""

from collections.abc import Iterator

from s3audit.intent import is_about
from s3audit.model.access_grants import AccessGrant, AccessGrantsInstance
from s3audit.model.base import kind_of
from s3audit.model.estate import Estate
from s3audit.model.expectation import Matcher
from s3audit.model.names import arn_parts
from s3audit.policy.language import policy_of
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text, same
from s3audit.verdict import Severity, Status, Verdict, failed, passed, unknown


class Trusted:
    """The accounts and organizations that count as one's own; nothing of it may have been said."""

    def __init__(self, instance: AccessGrantsInstance, estate: Estate) -> None:
        self.is_said = False
        self.accounts: set[str] = set()
        self.organizations: set[str] = set()
        account = instance.account
        self.own: Text | None = None if isinstance(account, Unknown) else _value(account)
        for one in estate.expectations:
            trust = one.trust
            if one.match.kinds or (trust.accounts is None and trust.organizations is None):
                continue
            about = is_about(_meant(one.match), instance)
            if about.status is Status.PASS:
                self.is_said = True
                self.accounts.update(trust.accounts or ())
                self.organizations.update(trust.organizations or ())

    def holds(self, account: Text) -> Status:
        """Whether an account is one of them."""
        if self.own is not None and same(account, self.own) is Status.PASS:
            return Status.PASS
        if any(part.resource for part in account.opaque):
            return Status.PASS
        if account.literal is None:
            return Status.UNKNOWN
        return Status.PASS if account.literal in self.accounts else Status.FAIL


def _meant(match: Matcher) -> Matcher:
    """An entry about every bucket is about the instance that gives access to them, too."""
    return Matcher(
        kinds=(kind_of(AccessGrantsInstance),),
        names=match.names,
        accounts=match.accounts,
        regions=match.regions,
        paths=match.paths,
        tags=match.tags,
    )


def of_grant(grant: AccessGrant, trusted: Trusted) -> Verdict:
    """Whether the grantee of a grant is of a trusted account; users of the directory are."""
    match grant.grantee_type:
        case Unknown(why, at):
            return unknown(at, f"what kind of grantee it has is not known: {why}")
        case Known(kind) | Unset(kind):
            if kind != "IAM":
                return passed(grant.grantee_type.at, f"the grantee is a {kind}")
    match grant.grantee:
        case Unknown(why, at):
            return unknown(at, f"the grantee is not known: {why}")
        case Known(who, at) | Unset(who, at):
            if any("*" in part for part in who.parts if isinstance(part, str)):
                return failed(at, f"the grantee is {who}", Severity.CRITICAL)
            account = _account_in(who)
            if account is None:
                return unknown(at, f"which account {who} is of is not known")
            match trusted.holds(account):
                case Status.PASS:
                    return passed(at, f"the grantee is {who}")
                case Status.FAIL:
                    return failed(at, f"the grantee is {who}, whose account is not said to be trusted")
                case _:
                    return unknown(at, f"whether {who} is of a trusted account is not known")


def _account_in(who: Text) -> Text | None:
    if any(part.resource for part in who.opaque) and len(who.parts) == 1:
        return who  # a role or a user of the same input
    parts = arn_parts(who)
    return None if parts is None else parts[3]


def of_policy(instance: AccessGrantsInstance, trusted: Trusted) -> Verdict:
    """Whether the policy of the instance lets in trusted accounts only."""
    written = policy_of(instance.policy)
    if isinstance(written, Unknown):
        return unknown(written.at, f"the policy of the instance is not known: {written.why}")
    policy = written.value if isinstance(written, Known) else written.default
    if policy is None:
        return passed(written.at, "the instance has no policy")
    from s3audit.policy.access.instances import lets_in_only

    return lets_in_only(policy, instance, trusted.accounts, trusted.organizations)


def _value(setting: Known[Text] | Unset[Text]) -> Text:
    return setting.value if isinstance(setting, Known) else setting.default


def grants_of(instance: AccessGrantsInstance, estate: Estate) -> Iterator[AccessGrant]:
    """The grants that belong to an instance, or may."""
    for grant in estate.all(AccessGrant):
        if _may_be_same(grant.account, instance.account) and _may_be_same(grant.region, instance.region):
            yield grant


def _may_be_same(one: Setting[Text], other: Setting[Text]) -> bool:
    match one, other:
        case ((Known(a) | Unset(a)), (Known(b) | Unset(b))):
            return same(a, b) is not Status.FAIL
        case _:
            return True
