"""What every part of the model has in common."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from s3audit.location import NOWHERE, Location
from s3audit.setting import NOT_COLLECTED, Known, Listed, Setting
from s3audit.text import Text

T = TypeVar("T")


class Section(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One configuration: a group of settings that stand together; a field that no source told is Unknown."""

    at: Location = NOWHERE


class Tag(Section, frozen=True, kw_only=True):
    key: Setting[Text] = NOT_COLLECTED
    value: Setting[Text] = NOT_COLLECTED


class Duplicate(Section, frozen=True, kw_only=True):
    """A configuration that two declarations set; `at` is the second of them."""

    setting: str
    """The field of the resource: `policy`, `public_access_block`."""
    first: str
    """What declares it, in words."""
    second: str
    first_at: Location


class Resource(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="kind"):
    """One thing that exists, or would exist after a deployment."""

    address: str
    """Its one identity within the estate: `Resources.Logs`, `aws_s3_bucket.logs`, an ARN."""
    at: Location
    """The narrowest place that stands for the whole: its key, its block header."""
    origin: str = ""
    """The source that declared it: `cloudformation`, `terraform`, `live`."""
    exists: Setting[bool] = Known(True, NOWHERE)
    """Unknown when a condition that can't be decided governs it."""
    title: str = ""
    """What its author calls it: the logical id, the construct path; the name when it has no other."""
    arn: Setting[Text] = NOT_COLLECTED
    account: Setting[Text] = NOT_COLLECTED
    region: Setting[Text] = NOT_COLLECTED
    tags: Listed[Tag] = NOT_COLLECTED


def kind_of(resource: type[Resource]) -> str:
    """The tag of a kind: `bucket`, `access-point`."""
    return str(resource.__struct_config__.tag)


def account_of(resource: Resource) -> str:
    """The account that a resource is in; empty where that has no id."""
    match resource.account:
        case Known(name) if name.literal:
            return name.literal
        case _:
            return ""
