"""The role that something names by its ARN."""

from s3audit.model.estate import Estate
from s3audit.model.identity import Role
from s3audit.model.lookup import Named
from s3audit.model.names import arn_parts
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text, same
from s3audit.verdict import Status

_DEPLOYING = ("AWS::AccountId", ".account_id")
"""How the origin of an account ends that is the one of whoever deploys it."""


def role_of(named: Setting[Text], estate: Estate) -> Setting[Role | None]:
    """The role of an ARN: known, known not to exist (None), or declared elsewhere."""
    match named:
        case Unknown(why, at):
            return Unknown(f"the role is not known: {why}", at)
        case Known(arn, at) | Unset(arn, at):
            if (own := estate.named_by(arn, Role)) is not None:
                # Without the role that it refers to the deployment would fail.
                return Known(own, at)
            seen = estate.at(arn.literal, Role) if arn.literal else None
            if seen is not None:
                match seen.exists:
                    case Known(False) | Unset(False):
                        return Known(None, at)
                    case Unknown(why):
                        return Unknown(f"whether the role {arn} is there is not known: {why}", at)
                    case _:
                        return Known(seen, at)
            return _by_name(arn, estate, at=named)


def _by_name(arn: Text, estate: Estate, at: Known[Text] | Unset[Text]) -> Setting[Role | None]:
    elsewhere = Unknown(f"the role {arn} is declared elsewhere", at.at)
    parts = arn_parts(arn)
    if parts is None:
        return elsewhere
    account, path = parts[3], parts[4].split("/")
    for address in estate.once(_roles_by_name).meant_by(path[-1]):
        role = estate.at(address, Role)
        if role is None:
            continue
        is_named = isinstance(role.name, Known) and same(role.name.value, path[-1]) is Status.PASS
        if is_named and _is_own(account, role) and isinstance(role.exists, Known):
            return Known(role if role.exists.value else None, at.at)
        return Unknown(f"whether the role {arn} is {role.title or role.address} is not known", at.at)
    return elsewhere


def _is_own(account: Text, role: Role) -> bool:
    """Whether a role is of the account that an ARN names."""
    match account.parts, role.account:
        case ((part,), _) if not isinstance(part, str) and part.origin.endswith(_DEPLOYING):
            return True
        case _, Known(own) | Unset(own):
            return same(own, account) is Status.PASS
        case _:
            return False


def _roles_by_name(estate: Estate) -> Named[str]:
    return Named(
        (role.address, (role.name.value if isinstance(role.name, Known) else None,))
        for role in estate.all(Role)
    )
