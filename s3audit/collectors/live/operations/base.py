"""What stands in the table of operations: one entry for each call that a scan may make, with all there is to say."""

from collections.abc import Mapping
from typing import Any

import msgspec


class Pages(msgspec.Struct, frozen=True):
    """How a listing goes on."""

    items: tuple[str, ...]
    """The lists that grow with each page: `Buckets`, `DistributionList.Items`."""
    token: str
    """Where the answer has the token of the next page; empty at the end."""
    parameter: str
    """What the token is called in the next request."""
    size: tuple[str, int] | None = None
    """The parameter that asks for a number of items, and the number."""
    more: tuple[tuple[str, str], ...] = ()
    """Further tokens that go with it: where the answer has them, and what they are called in the next request."""


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One call: what allows it, what its answers mean and how they are told from those to other questions."""

    service: str
    """As boto3 names it."""
    name: str
    """`GetBucketVersioning`."""
    action: str
    """The IAM action that allows it; empty where none is needed."""
    tells: str
    """What it is asked for, in the words of a reader: `versioning and MFA delete`."""
    resource: str = "*"
    """The resource of the IAM statement, with `{partition}` and `{account}` in it."""
    directory: str = ""
    """The IAM action for a directory bucket; empty where it can't be asked of one."""
    root: tuple[str, ...] = ()
    """The root element of its answer in XML; one that is made of the name of the call is right in any case."""
    has: tuple[str, ...] = ()
    """Members that every answer to it has, as `DistributionList.Quantity`: one without answers another question."""
    in_json: str = ""
    """The member that is the whole body of the answer, a document in JSON."""
    absent: tuple[str, ...] = ()
    """Error codes by which this very call says that nothing is configured."""
    says: str = ""
    """What the message has to say besides, where such a code alone may mean something else."""
    means: Mapping[str, Any] = {}
    """What it means that nothing is configured, as the answer that would say so."""
    wrapped: str = ""
    """A name for the answer as a whole, where the configuration is the answer itself and not a part of it."""
    empty_is_absent: bool = False
    """An answer with nothing in it says that nothing is configured."""
    no_such: tuple[str, ...] = ()
    """Error codes by which it says that what is asked about has no such configuration at all."""
    no_such_says: str = ""
    """Words in the message of an error that say so too, where its code alone does not; in small letters."""
    gone: tuple[str, ...] = ()
    """Error codes by which it says that what is asked about is no more."""
    pages: Pages | None = None
    optional: str = ""
    """What has to be asked for before this is called: `objects`."""
    writes: bool = False
    """IAM calls the action a write; nothing of the account changes by it."""

    id: str = ""
    """`s3:GetBucketVersioning`, made of the two: every place that an answer tells of holds it."""

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "id", f"{self.service}:{self.name}")

    def answers(self, root: str) -> bool:
        """Whether a document with this root element can be the answer to this call."""
        return not self.root or root in self.root or root in (f"{self.name}{end}" for end in _ENDS)


_ENDS = ("Result", "Output", "Response")
