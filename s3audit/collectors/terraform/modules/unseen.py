"""What a configuration declares where we can't look: in a module that is not at hand, in a part that can't be read."""

from s3audit.collectors.documents.tree import Mapping, location
from s3audit.collectors.documents.tree import Sequence as ListNode
from s3audit.collectors.terraform.gaps import Passed, Unseen
from s3audit.collectors.terraform.language import convert
from s3audit.collectors.terraform.language.declarations import Declarations
from s3audit.collectors.terraform.language.values import Named, Value
from s3audit.collectors.terraform.modules.instances import Instance, ModuleInstance
from s3audit.collectors.terraform.modules.module import ModuleCall
from s3audit.setting import Unknown
from s3audit.text import Text

_MOST_VALUES = 10_000


def hidden(instance: ModuleInstance) -> Unseen:
    """A part of a module that could not be read."""
    return Unseen(Unknown(instance.module.hidden, instance.module.hidden_at), None)


def unread_module(instance: ModuleInstance, call: ModuleCall, one: Instance) -> Unseen:
    """A call of a module that is not at hand: it can speak of what is passed to it."""
    at = location(call.block, call.file, one.address)
    texts: list[Text] = []
    resources: set[str] = set()
    for written in call.arguments.values():
        value = instance.evaluator.evaluate(written.value, one.scope)
        _collect(value, texts, resources, [_MOST_VALUES])
    gap = Unknown(f"it is passed to {one.address}, whose module is not read", at)
    return Unseen(gap, Passed(tuple(texts), frozenset(resources)), one.address)


def _collect(value: Value, texts: list[Text], resources: set[str], left: list[int]) -> None:
    left[0] -= 1
    if left[0] < 0:
        return
    match value:
        case Named(resource=address):
            resources.add(address)
        case Instance(address=address):
            resources.add(address)
        case Declarations(instances=instances):
            resources.update(one.address for one in instances)
        case ListNode(items=items):
            for item in items:
                _collect(item, texts, resources, left)
        case Mapping(entries=entries):
            for entry in entries.values():
                _collect(entry.value, texts, resources, left)
        case _:
            known = convert.text_of(value)
            if known is not None and known.parts:
                texts.append(known)
