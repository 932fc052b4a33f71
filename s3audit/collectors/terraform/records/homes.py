"""In which Region and account a plan or a state has its resources, by the configuration of their provider."""

import re
from collections.abc import Collection
from functools import cached_property

from s3audit.collectors.terraform.home import CREDENTIALS, ROLES, Homes, Written, homes
from s3audit.collectors.terraform.records.configuration import expression
from s3audit.collectors.terraform.records.forms import NONE, Raw, UnreadableError, plain
from s3audit.collectors.terraform.records.given import Record
from s3audit.text import Opaque, Text, text

_USUAL = "aws"
_TELLING = ("aws_s3_bucket", "aws_cloudtrail", "aws_cloudtrail_event_data_store")
WHO = "data.aws_caller_identity"
"""Asks AWS whose credentials the provider has."""
_MOST_ASKED = 50
_ACCOUNT = re.compile(r"\d{12}")
_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d")


def homes_of(records: Collection[Record], providers: Raw = NONE) -> Homes:
    """`providers` is what the configuration of a plan says of them."""
    return homes(_Providers(records, providers).written)


class _Providers:
    def __init__(self, records: Collection[Record], providers: Raw) -> None:
        self._records = records
        self._raw = providers

    @cached_property
    def _configured(self) -> dict[str, object]:
        try:
            found = plain(self._raw)
        except UnreadableError:
            return {}
        return found if isinstance(found, dict) else {}

    def written(self, provider: str) -> Written | None:
        one = self._configured.get(provider or _USUAL)
        said = one.get("expressions") if isinstance(one, dict) else None
        region = self._region(provider)
        if not isinstance(said, dict):
            if provider and not isinstance(one, dict):
                return Written(region, (("alias", _hidden("alias", provider)),))
            said = {}
        region = region or _known(said, "region", provider)
        credentials = [
            (name, one) for name in CREDENTIALS if (one := _known(said, name, provider)) is not None
        ]
        role = None
        for name in ROLES:
            blocks = said.get(name)
            for block in blocks if isinstance(blocks, list) else [blocks] if blocks is not None else []:
                role = _known(block, "role_arn", provider) if isinstance(block, dict) else None
                role = role or _hidden(name, provider)
                credentials.append((name, role))
        return Written(region, tuple(credentials), role, self._account(provider))

    def _account(self, provider: str) -> Text | None:
        """Whom AWS has said that it is."""
        for record in self._records:
            if record.kind == WHO and record.provider == provider:
                try:
                    values = plain(record.values)
                except UnreadableError:
                    continue
                told = values.get("account_id") if isinstance(values, dict) else None
                if isinstance(told, str) and _ACCOUNT.fullmatch(told):
                    return text(told)
        return None

    def _region(self, provider: str) -> Text | None:
        """Where AWS has what was made with it already."""
        asked = (one for one in self._records if one.kind in _TELLING and one.provider == provider)
        for record, _ in zip(asked, range(_MOST_ASKED), strict=False):
            try:
                values = plain(record.values)
            except UnreadableError:
                continue
            told = (
                [values.get(name) for name in ("region", "home_region")] if isinstance(values, dict) else []
            )
            for region in told:
                if isinstance(region, str) and _REGION.fullmatch(region):
                    return text(region)
        return None


def _known(said: dict[str, object], name: str, provider: str) -> Text | None:
    """An argument of a provider; what is no constant is the same as nothing but itself."""
    value = said.get(name)
    if value is None:
        return None
    constant = value.get("constant_value") if isinstance(value, dict) else None
    if isinstance(constant, str):
        return text(constant)
    written = expression(value)
    if written is not None and not written.references:
        return None if constant is None else text(str(constant))
    return _hidden(name, provider)


def _hidden(name: str, provider: str) -> Text:
    return Text((Opaque(f"{name} of {provider or _USUAL}", given=True),))
