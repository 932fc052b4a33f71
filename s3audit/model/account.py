"""The account, and the organization above it."""

from __future__ import annotations

from s3audit.model.base import Resource, Section
from s3audit.model.bucket import PublicAccessBlock
from s3audit.model.document import Value
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class AccountPublicAccessBlock(PublicAccessBlock, frozen=True, kw_only=True):
    """The block of an account, with what an Organizations S3 policy makes of it: the value in force."""

    by_organization: Setting[str | None] = NOT_COLLECTED
    """`all` or `none`, where an Organizations S3 policy sets it: only that policy can change it."""


class Account(Resource, frozen=True, kw_only=True, tag="account"):
    """Its id is the `account` that every resource has."""

    name: Setting[Text | None] = NOT_COLLECTED
    canonical_id: Setting[Text | None] = NOT_COLLECTED
    """The id by which ACLs name it."""
    organization: Setting[Text | None] = NOT_COLLECTED
    """The id of its organization: `o-...`."""
    regions: Listed[Text] = NOT_COLLECTED
    """The Regions that it has enabled."""
    public_access_block: AccountPublicAccessBlock = AccountPublicAccessBlock()


class OrganizationPolicy(Section, frozen=True, kw_only=True):
    """A service control, resource control or S3 policy, and what it is attached to."""

    id: Setting[Text] = NOT_COLLECTED
    type: Setting[str] = NOT_COLLECTED
    """SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY or S3_POLICY."""
    name: Setting[Text | None] = NOT_COLLECTED
    document: Setting[Value | None] = NOT_COLLECTED
    targets: Listed[Text] = NOT_COLLECTED
    """Ids of roots, organizational units and accounts."""


class OrganizationMember(Section, frozen=True, kw_only=True):
    id: Setting[Text] = NOT_COLLECTED
    name: Setting[Text | None] = NOT_COLLECTED
    status: Setting[str | None] = NOT_COLLECTED
    path: Listed[Text] = NOT_COLLECTED
    """The ids above it, from the root down."""


class Organization(Resource, frozen=True, kw_only=True, tag="organization"):
    id: Setting[Text] = NOT_COLLECTED
    management_account: Setting[Text | None] = NOT_COLLECTED
    delegated_administrators: Listed[Text] = NOT_COLLECTED
    members: Listed[OrganizationMember] = NOT_COLLECTED
    policies: Listed[OrganizationPolicy] = NOT_COLLECTED
