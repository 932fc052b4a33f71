"""What a plan tells of values that are known only after apply: that nobody wrote them, or which resource they name."""

from collections.abc import Callable
from typing import Any, NamedTuple

from s3audit.collectors.documents.resolved import Missing, Partial, Undecided
from s3audit.collectors.documents.tree import Node, Scalar
from s3audit.collectors.terraform.language.values import Named, partial, undecided
from s3audit.collectors.terraform.records.arguments import (
    BLOCKS,
    COMPUTED,
    COMPUTED_INSIDE,
    LISTS,
    NAMES,
    PLAIN_BEFORE_4,
    WANTED,
    WHOLE,
    names_itself,
)
from s3audit.collectors.terraform.records.configuration import ABSENT, LOST, Expression, Texts, Written, below
from s3audit.collectors.terraform.records.fitting import Fitting
from s3audit.collectors.terraform.records.follow import MOST, Followed, Follower, Open, Target
from s3audit.collectors.terraform.records.forms import Raw, UnreadableError, plain
from s3audit.collectors.terraform.records.given import Given, Path, Reader, Record
from s3audit.collectors.terraform.records.marks import marked
from s3audit.collectors.terraform.records.places import Place
from s3audit.collectors.terraform.records.records import Records
from s3audit.collectors.terraform.references import identifies, made_up, naming, reference
from s3audit.text import Text, text

UNKNOWN = "it is known only after apply"

DOCUMENT = "data.aws_iam_policy_document"
_POLICY_TEXTS = frozenset({"json", "minified_json"})
_DEEPEST = 20
_MOST_NAMED = 5


class Unwritten(dict[str, bool]):
    """The same question for many arguments, each asked once."""

    def __init__(self, ask: Callable[[str], bool]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, name: str) -> bool:
        answer = self[name] = self._ask(name)
        return answer


class _Answer(NamedTuple):
    """What an expression is known to come to."""

    why: str = ""
    """Why nothing is known."""
    known: Text | None = None
    resource: str = ""
    """The resource that it is the very name of."""
    document: Target | None = None
    """The policy document that it is the text of."""


class AfterApply:
    """The unknown values of one plan."""

    def __init__(self, records: Records, texts: Texts | None, source: Fitting | None) -> None:
        self._records = records
        self._texts = texts
        self._source = source
        self._follower = None if texts is None else Follower(texts, records, self._is_open)
        self._depth = 0
        self._names: dict[str, Text | None] = {}
        self._written: tuple[Record, Written] | None = None
        self._computes: tuple[Record, bool] | None = None
        self._unwritten: dict[tuple[str, bool], Unwritten] = {}
        self._answers: dict[object, _Answer] = {}
        self._inside = Unwritten(lambda name: name not in BLOCKS)
        self._attributes: dict[tuple[str, str], Text] = {}

    def arguments(self, record: Record) -> Written:
        """What its block says, as far as the plan shows it."""
        if self._texts is None:
            return LOST
        if self._written is None or self._written[0] is not record:
            self._written = record, self._texts.arguments(record.module, record.block)
        return self._written[1]

    def provider(self, record: Record) -> str:
        """The configuration of the provider that it is made with; empty for the usual one."""
        return "" if self._texts is None else self._texts.provider(record.module, record.block)

    def unwritten(self, record: Record, path: Path) -> "Unwritten":
        """Of unknown arguments that no expression is shown for: which are surely not written, and name nothing."""
        if path:
            return self._inside
        kind, place = record.kind, record.place
        computes = kind == "aws_s3_bucket" and self._computes_blocks(record)
        if place is not None:
            return Unwritten(lambda name: _is_unwritten(kind, computes, place, name))
        known = self._unwritten.get((kind, computes))
        if known is None:
            known = Unwritten(lambda name: _is_unwritten(kind, computes, None, name))
            self._unwritten[kind, computes] = known
        return known

    def _computes_blocks(self, record: Record) -> bool:
        """Whether the provider is of version 4 or later, which computes the blocks of a bucket that are not written.

        Of an earlier one, an unknown block is a `dynamic` one.
        """
        if self._computes is None or self._computes[0] is not record:
            marks, written = _data(record.open), self.arguments(record)
            shown = written if isinstance(written, dict) else {}
            unwritten = [name for name in PLAIN_BEFORE_4 if name not in shown]
            unknown = sum(marked(marks, name) is True for name in unwritten)
            answer = 2 * unknown >= len(unwritten)
            self._computes = record, answer
        return self._computes[1]

    def settle(self, node: Given) -> Node:
        """What is known of it all the same; Missing where nobody wrote it."""
        if self._depth >= _DEEPEST:
            return undecided(node, UNKNOWN)
        self._depth += 1
        try:
            return self._settled(node)
        finally:
            self._depth -= 1

    def _settled(self, node: Given) -> Node:
        record, written = node.record, node.written
        name = next((step for step in reversed(node.path) if isinstance(step, str)), "")
        if len(node.path) == 1 and naming(record.kind) == name and names_itself(record.kind, name):
            named = self.name_of(record)
            if named is None and written is ABSENT:
                return _missing(node)
            return partial(node, reference(record.kind, record.address, name, named), UNKNOWN)
        if written is ABSENT and self.unwritten(record, node.path[:-1])[name]:
            return _missing(node)
        if self._source is not None and node.at_source is not None:
            found = self._source.written(record.address, node.at_source)
            resolved = None if found is None else self._source.resolve(found).node
            if resolved is not None and not isinstance(resolved, Undecided):
                return resolved
        if not isinstance(written, Expression):
            return self._unshown(node, name)
        return self._referring(node, name, written)

    def _unshown(self, node: Given, name: str) -> Node:
        """A value of which the plan shows no expression."""
        record = node.record
        if node.written is LOST:
            # Without the configuration too: these are unknown of everything that is new, and hardly ever because
            # somebody wrote something that has to be waited for.
            computed = COMPUTED_INSIDE
            if len(node.path) == 1:
                computed = COMPUTED.get(record.kind, frozenset()) if record.is_new else frozenset()
            if name in computed:
                return _missing(node)
        if len(node.path) == 1 and identifies(record.kind, name):
            return partial(node, self.attribute(record, name), UNKNOWN)
        if node.written is ABSENT:
            return undecided(node, f"how many {name} blocks there are is known only after apply")
        return undecided(node, UNKNOWN)

    def _referring(self, node: Given, name: str, written: Expression) -> Node:
        """A value whose expression refers to something."""
        if written.among[1] > MOST:
            return undecided(node, UNKNOWN)
        # A bucket is referred to in the same words by all that is declared beside it.
        asked = (node.record.module, written, _argument_of(node, name), _is_own_name(node, name))
        answer = self._answers.get(asked)
        if answer is None:
            answer = self._answer(node, name, written)
            # Whoever is asked while another one is settled may not have learned all.
            if self._depth == 1 and not written.is_of_instance:
                self._answers[asked] = answer
        if answer.document is not None:
            return self._document(node, answer.document)
        if answer.known is None:
            return undecided(node, answer.why)
        if not answer.resource:
            return partial(node, answer.known, UNKNOWN)
        made = Named.of(node, str(answer.known))
        made.resource = answer.resource
        return made

    def _answer(self, node: Given, name: str, written: Expression) -> "_Answer":
        assert self._follower is not None  # noqa: S101 - an expression comes from the configuration
        followed = [
            [one for one in found if self._is_open(one)]
            for found in self._follower.followed(written, node.record)
        ]
        followed = [found for found in followed if found]
        every = list(dict.fromkeys(one for found in followed for one in found))
        one = _only(written, followed, every)
        if one is None:
            return _Answer(self._why(every))
        if one.record.kind == DOCUMENT and one.rest[:1] and one.rest[0] in _POLICY_TEXTS:
            return _Answer(document=one)
        known = self._named(node, name, one)
        if known is None:
            return _Answer(self._why([one]))
        is_name = known.literal is not None and names_itself(one.record.kind, naming(one.record.kind))
        return _Answer(known=known, resource=one.record.address if is_name else "")

    def _why(self, every: list[Followed]) -> str:
        """Why a value that comes from these is not known, and what would settle it."""
        if not every:
            return UNKNOWN
        why = f"{UNKNOWN}, from {_listed(every)}"
        if self._source is not None:
            return f"{why}; the source beside the plan is another one" if self._source.is_other else why
        # What is read while a plan is applied, the source does not tell either.
        may_be_told = not any(isinstance(one, Target) and _is_read(one.record.kind) for one in every)
        return f"{why}; the source beside the plan (--source-dir) may tell it" if may_be_told else why

    def _is_open(self, one: Followed) -> bool:
        """Whether it may be why a value is unknown: what is known, no value has to wait for."""
        if isinstance(one, Open) or not one.rest:
            return True
        record, name = one.record, one.rest[0]
        if record.is_new and name in ("arn", "id"):
            return True
        marks = _data(record.open)
        if isinstance(marks, dict):
            return marked(marks, name) is not None
        values = _data(record.values)
        return not isinstance(values, dict) or name not in values

    def _document(self, node: Given, one: Target) -> Node:
        from s3audit.collectors.terraform.policies.document import document

        record, attribute = one.record, one.rest[0]
        reader = Reader(self, self._source)
        return document(
            record, node, reader, f"{record.address}.{attribute}", minified=attribute == "minified_json"
        )

    def _named(self, node: Given, name: str, one: Target) -> Text | None:
        """The text of a reference, where an argument is of those that name another resource."""
        argument, is_element = _argument_of(node, name)
        types = NAMES.get(argument)
        kind = one.record.kind
        if types is None or not kind.removeprefix("data.").startswith(types):
            return None
        if (argument in LISTS and not is_element) or _is_own_name(node, name):
            return None
        attribute = ".".join(one.rest)
        if (whole := WHOLE.get(argument)) is not None and attribute not in whole:
            return None
        # The name of a resource in the place of an ARN is a part of one.
        wanted = WANTED.get(argument, "arn" if argument.endswith(("arn", "arns")) else "")
        if not attribute.endswith(wanted):
            attribute = "bucket_domain_name" if wanted == "domain_name" else wanted
        return self.attribute(one.record, attribute or naming(kind) or "id")

    def attribute(self, record: Record, name: str) -> Text:
        """What an attribute that is known after apply gives to others."""
        question = (record.address, name)
        if question not in self._attributes:
            self._attributes[question] = self._attribute(record, name)
        return self._attributes[question]

    def _attribute(self, record: Record, name: str) -> Text:
        if not naming(record.kind) and not identifies(record.kind, name):
            written = below(self.arguments(record), name)
            if isinstance(written, Expression) and (known := self._text(record, name, written)) is not None:
                return known
        return reference(record.kind, record.address, name, self.name_of(record))

    def name_of(self, record: Record) -> Text | None:
        """The name of a bucket, its own or that of the one it belongs to; None where only that is known."""
        argument = naming(record.kind)
        if not argument:
            return None
        if record.address not in self._names:
            self._names[record.address] = None  # whoever leads back here learns nothing
            self._names[record.address] = self._name_of(record, argument)
        return self._names[record.address]

    def _name_of(self, record: Record, argument: str) -> Text | None:
        values, hidden = _data(record.values), _data(record.hidden)
        if hidden is True or marked(hidden, argument) is not None:
            return None
        known = values.get(argument) if isinstance(values, dict) else None
        if isinstance(known, str):
            return text(known)
        written = below(self.arguments(record), argument)
        if not names_itself(record.kind, argument):
            return self._text(record, argument, written)
        if self._source is not None and written is not ABSENT:
            found = self._source.written(record.address, (argument,))
            if found is not None and (told := _as_text(self._source.resolve(found).node)) is not None:
                return told
        return self._made_up(record, values, written)

    def _made_up(self, record: Record, values: object, written: Written) -> Text | None:
        """A name that the provider makes up, where it is known that it does."""
        if record.kind != "aws_s3_bucket":
            return None
        prefix = values.get("bucket_prefix") if isinstance(values, dict) else None
        if isinstance(prefix, str) and prefix:
            return made_up(record.address, text(prefix))
        is_free = written is ABSENT and below(self.arguments(record), "bucket_prefix") is ABSENT
        return made_up(record.address) if is_free else None

    def _text(self, record: Record, name: str, written: Written) -> Text | None:
        node = Given.of(None, True, None, (name,), record)
        node.written = written
        return _as_text(self.settle(node))


def _is_unwritten(kind: str, computes_blocks: bool, place: Place | None, name: str) -> bool:
    if name in BLOCKS and place is not None and place.below(name).blocks:
        return False
    if name in PLAIN_BEFORE_4 and kind == "aws_s3_bucket":
        return computes_blocks
    computed = name not in BLOCKS or name in COMPUTED.get(kind, ())
    return computed and not identifies(kind, name)


def _argument_of(node: Given, name: str) -> tuple[str, bool]:
    """What a value is the argument of, with the block that it is in where that makes a difference; is it an element?"""
    inner = ".".join([step for step in node.path if isinstance(step, str)][-2:])
    if inner == "condition.values" and _is_of_context(node):
        inner = name = ""
    return inner if inner in NAMES else name, isinstance(node.path[-1], int)


def _is_of_context(node: Given) -> bool:
    """Whether a condition compares what KMS encrypts for: the ARN of a bucket there, or of what is in it."""
    found = _data(node.record.values)
    for step in node.path[: node.path.index("values")]:
        match found, step:
            case dict(), str():
                found = found.get(step)
            case list(), int() if step < len(found):
                found = found[step]
            case _:
                return True
    variable = found.get("variable") if isinstance(found, dict) else None
    return not isinstance(variable, str) or variable.lower().startswith("kms:encryptioncontext:")


def _is_own_name(node: Given, name: str) -> bool:
    """Whether it is the name of the resource that it is an argument of."""
    return len(node.path) == 1 and names_itself(node.record.kind, name)


def _is_read(kind: str) -> bool:
    return kind.startswith("data.") and kind != DOCUMENT


def _only(written: Expression, followed: list[list[Followed]], every: list[Followed]) -> Target | None:
    """The one resource that a value can come from."""
    if written.is_inside:
        place, count = written.among
        if count and count == len(followed):
            # As many references as unknown elements: one for each.
            found = followed[place]
            return found[0] if len(found) == 1 and isinstance(found[0], Target) else None
        if count != 1:
            return None
    return every[0] if len(every) == 1 and isinstance(every[0], Target) else None


def _listed(every: list[Followed]) -> str:
    names = sorted({str(one) for one in every})
    if len(names) > _MOST_NAMED:
        return f"{', '.join(names[:_MOST_NAMED])} and {len(names) - _MOST_NAMED} more"
    return " and ".join(", ".join(names).rsplit(", ", 1))


def _as_text(node: Node) -> Text | None:
    match node:
        case Partial(text=known):
            return known
        case Scalar(value=value, plain=False):
            return text(value)
        case _:
            return None


def _missing(node: Given) -> Missing:
    return Missing.at(node)


def _data(raw: Raw) -> Any:
    try:
        return plain(raw)
    except UnreadableError:
        return None
