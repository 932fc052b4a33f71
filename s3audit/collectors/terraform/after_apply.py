"""What a plan tells of values that are known only after apply: that nobody wrote them, or which resource they name."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from s3audit.collectors.documents.resolved import Missing, Partial, Undecided
from s3audit.collectors.documents.tree import Mapping, Node, Scalar, Sequence
from s3audit.collectors.terraform import arguments
from s3audit.collectors.terraform.arguments import NAMES, WHOLE, names_itself
from s3audit.collectors.terraform.configuration import (
    ABSENT,
    LOST,
    Expression,
    Texts,
    Written,
    below,
)
from s3audit.collectors.terraform.follow import Followed, Open, Target, follow
from s3audit.collectors.terraform.forms import UnreadableError, data
from s3audit.collectors.terraform.given import Given, Path, Reader, Record, Source
from s3audit.collectors.terraform.references import identifies, made_up, naming, reference
from s3audit.collectors.terraform.values import partial, undecided
from s3audit.text import Text

UNKNOWN = "it is known only after apply"

_POLICY_DOCUMENT = "data.aws_iam_policy_document"
_POLICY_TEXTS = frozenset({"json", "minified_json"})
_DEEPEST = 20
_MOST_NAMED = 5


class Records:
    """The resources and data sources of a plan, by address and by block."""

    def __init__(self) -> None:
        self.by_address: dict[str, Record] = {}
        self._by_block: dict[str, dict[str, Record]] | None = None
        self._modules: dict[str, list[str]] | None = None

    def add(self, record: Record) -> bool:
        """Whether it is the first of its address."""
        return self.by_address.setdefault(record.address, record) is record

    def instances(self, base: str) -> dict[str, Record]:
        """The instances of a block, by their keys as written."""
        if self._by_block is None:
            self._by_block = {}
            for record in self.by_address.values():
                self._by_block.setdefault(record.base, {})[record.key] = record
        return self._by_block.get(base, {})

    def module_keys(self, base: str) -> list[str]:
        """The keys of the instances of a module that have anything in them; `base` ends with the module's name."""
        if self._modules is None:
            self._modules = _module_keys({record.module for record in self.by_address.values()})
        return self._modules.get(base, [])
