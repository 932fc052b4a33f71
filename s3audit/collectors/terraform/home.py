"""In which Region and account a configuration of the provider makes things."""

from collections.abc import Callable
from typing import Any

import msgspec

from s3audit.collectors.documents.fill import NOT_WRITTEN
from s3audit.collectors.terraform.references import ACCOUNT, REGION
from s3audit.model.base import Resource
from s3audit.model.names import arn_parts
from s3audit.setting import NOT_COLLECTED, Known, Setting, Unknown
from s3audit.text import Opaque, Text

CREDENTIALS = (
    "access_key",
    "secret_key",
    "token",
    "profile",
    "shared_config_files",
    "shared_credentials_file",
    "shared_credentials_files",
)
ROLES = ("assume_role", "assume_role_with_web_identity")


class Home(msgspec.Struct, frozen=True):
    """Texts, so that what is not known can still be the same."""

    region: Text
    account: Text


class Written(msgspec.Struct, frozen=True):
    """What a configuration of the provider says."""

    region: Text | None = None
    """None where it says nothing, which leaves it to the environment."""
    credentials: tuple[tuple[str, Text], ...] = ()
    role: Text | None = None
    """The ARN of the last role that it assumes."""
    account: Text | None = None
    """Where AWS was asked who this is, and has answered."""


Homes = Callable[[str], Home]
"""By what a resource says of its provider: `aws.west`, or nothing for the usual one."""


def homes(written: Callable[[str], Written | None]) -> Homes:
    """What follows from what the configurations say; None of one that is not seen."""
    known: dict[str, Home] = {}

    def home(provider: str) -> Home:
        if provider not in known:
            usual = written("") or Written()
            own = written(provider) if provider else usual
            known[provider] = _unseen(provider) if own is None else _home(provider, own, usual)
        return known[provider]

    return home


def _home(provider: str, own: Written, usual: Written) -> Home:
    region = _region(provider, own, usual)
    if own.account is not None:
        return Home(region, own.account)
    if own.credentials == usual.credentials:
        return Home(region, _given(ACCOUNT))
    parts = None if own.role is None else arn_parts(own.role)
    return Home(region, _unseen(provider).account if parts is None else parts[3])


def _region(provider: str, own: Written, usual: Written) -> Text:
    if own.region is not None:
        return own.region
    # A profile has a Region of its own.
    return _given(REGION) if own.credentials == usual.credentials else _unseen(provider).region


def _unseen(provider: str) -> Home:
    return Home(_given(f"the Region of {provider}"), _given(f"the account of {provider}"))


def _given(origin: str) -> Text:
    return Text((Opaque(origin, given=True),))


UNSEEN = homes(lambda _: None)
"""Where nothing is said of any of them."""


def at_home(resource: Resource, where: Homes, provider: str) -> Any:
    """A resource in the Region and the account of its provider, as far as it does not say otherwise itself."""
    home = where(provider)
    changes: dict[str, Setting[Text]] = {}
    if _is_unsaid(resource.region):
        changes["region"] = Known(home.region, resource.at)
    if _is_unsaid(resource.account):
        changes["account"] = Known(home.account, resource.at)
    return msgspec.structs.replace(resource, **changes) if changes else resource


def _is_unsaid(setting: Setting[Text]) -> bool:
    return isinstance(setting, Unknown) and setting.why in (NOT_WRITTEN, NOT_COLLECTED.why)
