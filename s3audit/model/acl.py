"""Access control lists: of buckets, of objects, and of delivered logs."""

from __future__ import annotations

from s3audit.model.base import Section
from s3audit.setting import NOT_COLLECTED, Listed, Setting
from s3audit.text import Text


class Grant(Section, frozen=True, kw_only=True):
    """One grantee and one permission."""

    type: Setting[str] = NOT_COLLECTED
    """CanonicalUser, AmazonCustomerByEmail or Group."""
    id: Setting[Text | None] = NOT_COLLECTED
    uri: Setting[Text | None] = NOT_COLLECTED
    """The group: `http://acs.amazonaws.com/groups/global/AllUsers`."""
    email: Setting[Text | None] = NOT_COLLECTED
    display_name: Setting[Text | None] = NOT_COLLECTED
    permission: Setting[str] = NOT_COLLECTED
    """FULL_CONTROL, WRITE, WRITE_ACP, READ or READ_ACP."""


class Acl(Section, frozen=True, kw_only=True):
    canned: Setting[str | None] = NOT_COLLECTED
    """In S3's own spelling: `public-read`. A live bucket has none, only the grants in force."""
    grants: Listed[Grant] = NOT_COLLECTED
    """What is granted beside the canned ACL."""
    owner: Setting[Text | None] = NOT_COLLECTED
    """The canonical id of the owner."""
    owner_display_name: Setting[Text | None] = NOT_COLLECTED
