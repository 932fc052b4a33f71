"""Which configuration of a provider a resource is made with, whatever its module calls it: another account, perhaps."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from s3audit.collectors.documents.fill import Filler
from s3audit.collectors.documents.hcl.syntax import Block, Expression, Index, Object
from s3audit.collectors.documents.shape import Shape, pairs
from s3audit.collectors.documents.spots import Spot
from s3audit.collectors.documents.tree import location
from s3audit.collectors.terraform.home import CREDENTIALS, NO_TAGS, ROLES, Written
from s3audit.collectors.terraform.language.convert import as_text, literal, text_of
from s3audit.collectors.terraform.language.values import is_null
from s3audit.collectors.terraform.modules.bodies import BodyNode
from s3audit.collectors.terraform.modules.module import ModuleCall, Provider, ResourceBlock
from s3audit.collectors.terraform.tables.common import TAG
from s3audit.model.base import Section, Tag
from s3audit.setting import Listed, Unknown
from s3audit.text import Opaque, Text

if TYPE_CHECKING:
    from s3audit.collectors.terraform.language.scope import Scope
    from s3audit.collectors.terraform.modules.instances import Instance, ModuleInstance

_USUAL = "aws"
_TAGS = "default_tags"
_SOME = "[?]"
"""One of several, and which one is not known."""


class _Tagged(Section, frozen=True, kw_only=True):
    tags: Listed[Tag]


_TAGGED = Shape(_Tagged, {"tags": pairs(f"{_TAGS}[0].tags", TAG)})


class Providers:
    """The configurations that the resources of a root module are made with."""

    def __init__(self, root: "ModuleInstance") -> None:
        self._root = root
        self._found: dict[str, tuple[ModuleInstance, str]] = {}

    def configuration(self, instance: "ModuleInstance", block: ResourceBlock, one: "Instance") -> str:
        """`aws.west`, or `aws.by_region["eu"]` where OpenTofu repeats it; empty for the usual one of the root."""
        written = block.body.attributes.get("provider")
        name = _USUAL if written is None else _named(written.value, one.scope)
        owner, name = _configured(instance, name)
        found = f"{owner.prefix}{name}"
        if found.endswith(_SOME):
            return f"{found} for {one.address}"
        self._found[found] = owner, name
        return "" if found == _USUAL else found

    def written(self, provider: str) -> Written | None:
        """What a configuration says; None where there is none to see."""
        owner, name = self._found.get(provider, (self._root, provider or _USUAL))
        block = owner.module.providers.get(name.partition("[")[0])
        return None if block is None or not block.body.is_whole else _written(block, owner, provider)


def _configured(instance: "ModuleInstance", name: str) -> "tuple[ModuleInstance, str]":
    """What the root module, or a module with a configuration of its own, calls it."""
    around, call = instance.around, instance.call
    if around is None or call is None or name in instance.module.providers:
        return instance, name
    given = _passed(call)
    if name in given:
        return _configured(around, _named(given[name], instance.outer))
    # Only what has no alias is handed down by itself.
    return (instance, name) if "." in name else _configured(around, name)


def _written(provider: Provider, owner: "ModuleInstance", spelled: str) -> Written:
    def known(block: Block, name: str) -> Text | None:
        found = block.body.attributes.get(name)
        if found is None:
            return None
        evaluator = owner.evaluator
        value = evaluator.apart(lambda: evaluator.evaluate(found.value, owner.scope))[0]
        if is_null(value):
            return None
        told = text_of(value)
        return hidden(name) if told is None else told

    def hidden(name: str) -> Text:
        # What can't be told is the same as nothing but itself.
        return Text((Opaque(f"{name} of {spelled or _USUAL}", given=True),))

    credentials = [(name, told) for name in CREDENTIALS if (told := known(provider.block, name)) is not None]
    role = None
    for name, block in _roles(provider):
        role = (None if block is None else known(block, "role_arn")) or hidden(name)
        credentials.append((name, role))
    tags = _default_tags(provider, owner)
    return Written(known(provider.block, "region"), tuple(credentials), role, tags=tags)


def _default_tags(provider: Provider, owner: "ModuleInstance") -> Listed[Tag]:
    """The tags that all it makes gets."""
    body, evaluator = provider.body, owner.evaluator
    names = (
        *(block.type if block.type != "dynamic" else block.labels[0] for block in body.blocks),
        *body.attributes,
    )
    if _TAGS not in names:
        return NO_TAGS
    at = location(provider.block, provider.file, f"provider.{_USUAL}")
    node = BodyNode.of(provider.block, body, owner.scope)
    filler = Filler(provider.file, evaluator, blank_is_unset=True)

    def read() -> Any:
        return filler.section(_TAGGED, Spot(evaluator.resolve(node).node, at), at)

    found: Any = evaluator.apart(read)[0]
    return found.tags if isinstance(found, _Tagged) else Unknown("the default tags can't be told", at)


def _roles(provider: Provider) -> Iterator[tuple[str, Block | None]]:
    """The roles that it assumes one after another; None where its arguments are not at hand."""
    for block in provider.body.blocks:
        if block.type in ROLES:
            yield block.type, block
        elif block.type == "dynamic" and block.labels[0] in ROLES:
            yield block.labels[0], None
    for name in ROLES:
        if name in provider.body.attributes:
            yield name, None


def _passed(call: ModuleCall) -> dict[str, Expression]:
    written = call.argument("providers")
    if not isinstance(written, Object):
        return {}
    return {_text(key): value for key, value in written.items}


def _named(expression: Expression, scope: "Scope | None") -> str:
    """A configuration as it is written, with the key of one of several worked out."""
    if not isinstance(expression, Index) or scope is None:
        return _text(expression)
    evaluator = scope.module.evaluator
    key = literal(as_text(evaluator.apart(lambda: evaluator.evaluate(expression.key, scope))[0]))
    return _text(expression.of) + (_SOME if key is None else f'["{key}"]')


def _text(expression: Expression) -> str:
    return expression.lines.text[expression.start : expression.end].strip('"')
