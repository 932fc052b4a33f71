"""How to get into an account: a profile, the roles to assume one after the other, the endpoint; never a key."""

from collections.abc import Collection
from functools import reduce
from threading import Lock
from typing import Any, NoReturn

import msgspec

from s3audit.collectors.live import guard
from s3audit.collectors.live.answers import Reply
from s3audit.collectors.live.operations.entry import IDENTITY
from s3audit.collectors.live.transport import (
    ATTEMPTS,
    NO_CREDENTIALS,
    PATIENCE,
    ROLE_REFUSED,
    BotoTransport,
    Patience,
)

NO_REGION = "us-east-1"
"""Where those calls go that belong to no Region, if nobody names one."""
SESSION_NAME = "s3audit"
_MOST_TRANSPORTS = 64

_NONE = (
    "there are no AWS credentials here: sign in, set AWS_PROFILE or AWS_ACCESS_KEY_ID, or name a profile with"
    " --profile"
)
_UNREADABLE = "the AWS credentials can't be had"
_EXPIRED = "the AWS credentials have expired: sign in again or set new ones"
_REFUSED = "AWS does not accept these credentials"
_CLOCK = "the clock of this machine is wrong, so AWS refuses what it sends"

_SAID = {
    "NoCredentialsError": _NONE,
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "RequestExpired": _EXPIRED,
    "TokenRefreshRequired": _EXPIRED,
    "UnauthorizedSSOTokenError": _EXPIRED,
    "SSOTokenLoadError": _EXPIRED,
    "LoginRefreshRequired": _EXPIRED,
    "InvalidAccessKeyId": _REFUSED,
    "InvalidClientTokenId": _REFUSED,
    "InvalidToken": _REFUSED,
    "SignatureDoesNotMatch": _REFUSED,
    "UnrecognizedClientException": _REFUSED,
    "RequestTimeTooSkewed": _CLOCK,
}


class AccessError(Exception):
    """There is no way in; the message says why and what to do, without a full stop."""

    def __init__(self, why: str, *, everywhere: bool = True) -> None:
        super().__init__(why)
        self.everywhere = everywhere
        """Whether the reason is none of this account, so that it keeps us out of all others too."""


class Role(msgspec.Struct, frozen=True):
    arn: str
    external_id: str = ""

    @property
    def account(self) -> str:
        """The account that it is in; empty where the ARN is none."""
        fields = self.arn.split(":")
        return fields[4] if len(fields) > 5 else ""


class Access(msgspec.Struct, frozen=True):
    """Plain data, so that it can be sent to where a unit is worked off."""

    profile: str = ""
    region: str = ""
    roles: tuple[Role, ...] = ()
    endpoint_url: str = ""
    workers: int = 8
    attempts: int = ATTEMPTS
    patience: Patience = PATIENCE
    options: frozenset[str] = frozenset()
    """What calls may be made for that nobody makes unasked: `objects`, `uploads`, `organization`."""


class Identity(msgspec.Struct, frozen=True):
    """Where one is when one is in; a store that has no accounts has no name for it."""

    account: str
    partition: str = "aws"
    unknown: str = ""
    """Why it is not known which account this is, where there has to be one."""


class _Kept:
    """The transports of this process, the last used at the end, and what their sessions share."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.transports: dict[Access, BotoTransport] = {}
        self.sessions: dict[str, Any] = {}
        self.loader: Any = None
        """Of botocore's own data, which takes longer to read than a small scan takes for the rest."""
        self.past = (0, 0)
        """The traffic of transports that are no more."""


_KEPT = _Kept()


def transport_of(access: Access) -> BotoTransport:
    """The transport of this process for it."""
    with _KEPT.lock:
        made = _KEPT.transports.pop(access, None) or _made(access)
        _KEPT.transports[access] = made
        if len(_KEPT.transports) > _MOST_TRANSPORTS:
            oldest = _KEPT.transports.pop(next(iter(_KEPT.transports)))
            _KEPT.past = _added(_KEPT.past, oldest)
        return made


def forget() -> None:
    """Let go of all transports and sign-ins of this process."""
    with _KEPT.lock:
        _KEPT.transports.clear()
        _KEPT.sessions.clear()
        _KEPT.past = (0, 0)


def traffic() -> tuple[int, int]:
    """How many requests this process has sent since it last forgot, and how many of them were throttled."""
    with _KEPT.lock:
        return reduce(_added, _KEPT.transports.values(), _KEPT.past)


def _added(traffic: tuple[int, int], of: BotoTransport) -> tuple[int, int]:
    return traffic[0] + of.requests, traffic[1] + of.throttled


def refusals() -> list[dict[str, str]]:
    """The last requests that were refused, with their ids."""
    with _KEPT.lock:
        made = list(_KEPT.transports.values())
    return [told for one in made for told in one.refusals]


def enter(access: Access) -> Identity:
    """Get in, and find out where that is."""
    reply = transport_of(access).call(IDENTITY.service, IDENTITY.name, {})
    if reply.broken and access.roles:
        raise AccessError(
            f"the role {access.roles[-1].arn} can't be assumed: {reply.broken}", everywhere=False
        )
    if reply.code:
        _look_into(access, reply)
    account, arn = str(reply.document.get("Account", "")), str(reply.document.get("Arn", ""))
    if not account and access.roles:
        arn = access.roles[-1].arn
        account = access.roles[-1].account
    unknown = (
        "" if account or access.endpoint_url else reply.broken or reply.code or "the answer does not tell it"
    )
    return Identity(account, arn.split(":")[1] if arn.count(":") > 4 else "aws", unknown)


def _look_into(access: Access, reply: Reply) -> None:
    """Say why nobody gets in; that a store does not know the question is no reason."""
    code = reply.message.partition(":")[0] if reply.code == ROLE_REFUSED else reply.code
    known = code in NO_CREDENTIALS or (not access.endpoint_url and code in _SAID)
    if reply.code == ROLE_REFUSED and (not known or len(access.roles) > 1):
        said = f"the role {access.roles[-1].arn} can't be assumed: {reply.message.rstrip('.')}"
        raise AccessError(said, everywhere=False)
    if known:
        said = _SAID.get(code, _UNREADABLE)
        raise AccessError(said if said is _NONE else f"{said} ({reply.message.rstrip('.') or code})")


def _made(access: Access) -> BotoTransport:
    try:
        import boto3
    except ImportError:
        raise AccessError("a live scan needs boto3: pip install 's3audit[live]'") from None
    from botocore.exceptions import BotoCoreError

    try:
        core = _session(access.profile)
        region = access.region or core.get_config_variable("region") or NO_REGION
        # Tokens of the global endpoint are not taken in Regions that an account has to enable first.
        core.set_config_variable("sts_regional_endpoints", "regional")
        session = boto3.Session(botocore_session=core, region_name=region)
    except BotoCoreError as error:
        _unusable(access, error)
    transport = BotoTransport(
        session,
        endpoint_url=access.endpoint_url,
        region=region,
        workers=access.workers,
        attempts=access.attempts,
        patience=access.patience,
        options=access.options | ({"roles"} if access.roles else set()),
    )
    if access.roles:
        core._credentials = _of_roles(access.roles, core, transport)  # noqa: SLF001 - botocore has no other way
    return transport


def apart(access: Access, calls: Collection[tuple[str, str]]) -> Any:
    """A botocore session with the same credentials that makes these calls and no other: for what is no scan."""
    transport = transport_of(access)
    core = _session(access.profile)
    guard.only(core, calls)
    if access.roles:
        core._credentials = _of_roles(access.roles, core, transport)  # noqa: SLF001 - as above
    return core


def _unusable(access: Access, error: Exception) -> NoReturn:
    if type(error).__name__ == "ProfileNotFound":
        name = access.profile or "that AWS_PROFILE names"
        raise AccessError(
            f"there is no AWS profile {name}: `aws configure list-profiles` shows those that there are"
        ) from None
    raise AccessError(f"the AWS configuration can't be used: {str(error).rstrip('.')}") from None


def _session(profile: str) -> Any:
    """A session of its own, which costs little because it shares what was read from disk with all others."""
    from botocore.session import Session

    if profile not in _KEPT.sessions:
        _KEPT.sessions[profile] = Session(profile=profile or None)
    first = _KEPT.sessions[profile]
    first.get_scoped_config()  # it says now if there is no such profile
    _KEPT.loader = _KEPT.loader or first.get_component("data_loader")
    made = Session(profile=profile or None)
    made.register_component("data_loader", _KEPT.loader)
    made._credentials = first.get_credentials()  # noqa: SLF001 - one sign-in for all accounts
    return made


def _of_roles(roles: tuple[Role, ...], session: Any, transport: BotoTransport) -> Any:
    """Credentials of the last role, which are got when they are first needed and again before they end."""
    from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials

    found = session.get_credentials()
    for role in roles:
        if found is None:
            return None
        extra = {"RoleSessionName": SESSION_NAME} | (
            {"ExternalId": role.external_id} if role.external_id else {}
        )
        fetcher = AssumeRoleCredentialFetcher(
            transport.client_with, found, role.arn, extra_args=extra, cache={}
        )
        found = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
    return found
