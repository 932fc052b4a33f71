"""Resource types that are no thing of their own but add something to another one."""

from s3audit.model.base import Section
from s3audit.model.document import Value
from s3audit.setting import NOT_COLLECTED, Setting
from s3audit.text import Text


class BucketPolicyAttachment(Section, frozen=True, kw_only=True):
    bucket: Setting[Text] = NOT_COLLECTED
    """The name of the bucket, or a reference to it."""
    document: Setting[Value | None] = NOT_COLLECTED
