"""In which Region and account a configuration of the provider makes things, and with which tags."""

from collections.abc import Callable
from typing import Any

import msgspec

from s3audit.collectors.documents.fill import NOT_WRITTEN
from s3audit.collectors.terraform.references import ACCOUNT, REGION
from s3audit.location import NOWHERE
from s3audit.model.base import Resource, Tag
from s3audit.model.names import arn_parts
from s3audit.setting import NOT_COLLECTED, Known, Listed, Setting, Unknown, Unset
from s3audit.text import Opaque, Text, same
from s3audit.verdict import Status

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
NO_TAGS: Listed[Tag] = Unset((), NOWHERE)


class Home(msgspec.Struct, frozen=True):
    """Texts, so that what is not known can still be the same."""

    region: Text
    account: Text
    tags: Listed[Tag] = NO_TAGS
    """What everything gets that says nothing else of the same key."""


class Written(msgspec.Struct, frozen=True):
    """What a configuration of the provider says."""

    region: Text | None = None
    """None where it says nothing, which leaves it to the environment."""
    credentials: tuple[tuple[str, Text], ...] = ()
    role: Text | None = None
    """The ARN of the last role that it assumes."""
    account: Text | None = None
    """Where AWS was asked who this is, and has answered."""
    tags: Listed[Tag] = NO_TAGS
    """Its `default_tags`."""


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
        return Home(region, own.account, own.tags)
    if own.credentials == usual.credentials:
        return Home(region, _given(ACCOUNT), own.tags)
    parts = None if own.role is None else arn_parts(own.role)
    return Home(region, _unseen(provider).account if parts is None else parts[3], own.tags)


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
    changes: dict[str, Setting[Text] | Listed[Tag]] = {}
    if _is_unsaid(resource.region):
        changes["region"] = Known(home.region, resource.at)
    if _is_unsaid(resource.account):
        changes["account"] = Known(home.account, resource.at)
    if home.tags is not NO_TAGS and not isinstance(resource.tags, Unknown):
        changes["tags"] = _with_defaults(resource.tags, home.tags)
    return msgspec.structs.replace(resource, **changes) if changes else resource


def _is_unsaid(setting: Setting[Text]) -> bool:
    return isinstance(setting, Unknown) and setting.why in (NOT_WRITTEN, NOT_COLLECTED.why)


def _with_defaults(
    own: Known[tuple[Setting[Tag], ...]] | Unset[tuple[Setting[Tag], ...]], given: Listed[Tag]
) -> Listed[Tag]:
    """The tags of a resource, and of the provider's those of which it does not write the key itself."""
    items = own.value if isinstance(own, Known) else own.default
    match given:
        case Unknown():
            return Known((*items, given), own.at)
        case Known(defaults) | Unset(defaults):
            return Known((*items, *(one for one in defaults if not _is_written(one, items))), own.at)


def _is_written(default: Setting[Tag], items: tuple[Setting[Tag], ...]) -> bool:
    return any(
        isinstance(item, Known)
        and isinstance(default, Known)
        and isinstance(item.value.key, Known)
        and isinstance(default.value.key, Known)
        and same(item.value.key.value, default.value.key.value) is Status.PASS
        for item in items
    )
