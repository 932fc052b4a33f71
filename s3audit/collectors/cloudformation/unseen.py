"""What a template declares where we can't look: in a stack whose template is not there, in a macro's output."""

from collections.abc import Iterable, Sequence

import msgspec

from s3audit.collectors.cloudformation.evaluate import Evaluator
from s3audit.collectors.cloudformation.template import ResourceNode
from s3audit.collectors.documents.resolved import Undecided
from s3audit.collectors.documents.tree import location
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.problem import Problem
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Opaque, Text, same
from s3audit.verdict import Status


class Unseen(msgspec.Struct, frozen=True):
    """One such place, and the names that are passed to it; None when it may speak of any bucket."""

    gap: Unknown
    passed: tuple[Text, ...] | None


def unread_stack(evaluator: Evaluator, node: ResourceNode) -> Unseen:
    """A nested stack whose template was not read: it can speak of what is passed to it."""
    at = location(node.key, evaluator.template.source, node.address)
    gap = Unknown(f"it is passed to the nested stack {node.logical_id}, whose template is not read", at)
    entries = evaluator.entries(evaluator.property(node, "Parameters").node)
    if isinstance(entries, Undecided):
        return Unseen(gap, ())
    texts = (evaluator.as_text(member.value.node)[0] for member in entries.values())
    return Unseen(gap, tuple(text for text in texts if isinstance(text, Text)))


def unread_declarations(evaluator: Evaluator, node: ResourceNode) -> Iterable[Unseen]:
    """A module or a stack set: a module belongs to this stack, and may speak of any of its buckets."""
    at = location(node.key, evaluator.template.source, node.address)
    what = "module" if node.type.endswith("::MODULE") else "stack set"
    said = f"What the {what} {node.logical_id} declares is not read and not judged."
    evaluator.problems[Problem(at, "partial", said)] = None
    if what == "module":
        yield Unseen(Unknown(f"the module {node.logical_id}, which is not read, may add to it", at), None)


def hidden(evaluator: Evaluator) -> Iterable[Unseen]:
    """What macros and loops that can't be written out may add to the template."""
    template = evaluator.template
    for why in template.hidden:
        root = template.document.root
        if root is not None:
            start = next(iter(template.resources.values())).key if template.resources else root
            yield Unseen(Unknown(why, location(start, template.source, f"{template.prefix}Resources")), None)


def with_gaps(
    resources: Sequence[Resource], places: Sequence[Unseen], gaps: dict[str, Unknown]
) -> list[Resource]:
    """The buckets, those that an unseen place may speak of without a policy that is known to be absent.

    `gaps` tells of each such bucket why.
    """
    return [_with_gap(one, places, gaps) if isinstance(one, Bucket) else one for one in resources]


def _with_gap(bucket: Bucket, places: Sequence[Unseen], gaps: dict[str, Unknown]) -> Bucket:
    gap = next((place.gap for place in places if _speaks_of(place, bucket)), None)
    if gap is None:
        return bucket
    gaps[bucket.address] = gap
    if not isinstance(bucket.policy, Unset):
        return bucket
    return msgspec.structs.replace(
        bucket, policy=Unknown(f"whether it has one can't be told: {gap.why}", gap.at)
    )


def _speaks_of(place: Unseen, bucket: Bucket) -> bool:
    return place.passed is None or any(_names(text, bucket) for text in place.passed)


def _names(text: Text, bucket: Bucket) -> bool:
    """Whether a text is the bucket's name, its ARN, or another text that holds the name."""
    if any(isinstance(part, Opaque) and part.resource == bucket.address for part in text.parts):
        return True
    match bucket.name:
        case Known(name) | Unset(name):
            return any(same(piece, name) is Status.PASS for piece in text.split(":"))
        case Unknown():
            return True
