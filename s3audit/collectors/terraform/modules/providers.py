"""Which configuration of a provider a resource is made with, whatever its module calls it: another account, perhaps."""

from typing import TYPE_CHECKING

from s3audit.collectors.documents.hcl.syntax import Expression, Index, Object
from s3audit.collectors.terraform.language.convert import as_text, literal
from s3audit.collectors.terraform.modules.module import ModuleCall, ResourceBlock

if TYPE_CHECKING:
    from s3audit.collectors.terraform.language.scope import Scope
    from s3audit.collectors.terraform.modules.instances import Instance, ModuleInstance

_USUAL = "aws"
_SOME = "[?]"
"""One of several, and which one is not known."""


def configuration(instance: "ModuleInstance", block: ResourceBlock, one: "Instance") -> str:
    """`aws.west`, or `aws.by_region["eu"]` where OpenTofu repeats it; empty for the usual one of the root module."""
    written = block.body.attributes.get("provider")
    name = _USUAL if written is None else _named(written.value, one.scope)
    found = _configured(instance, name)
    if found.endswith(_SOME):
        return f"{found} for {one.address}"
    return "" if found == _USUAL else found


def _configured(instance: "ModuleInstance", name: str) -> str:
    """What the root module, or a module with a configuration of its own, calls it."""
    around, call = instance.around, instance.call
    if around is None or call is None or name in instance.module.providers:
        return f"{instance.prefix}{name}"
    given = _passed(call)
    if name in given:
        return _configured(around, _named(given[name], instance.outer))
    # Only what has no alias is handed down by itself.
    return f"{instance.prefix}{name}" if "." in name else _configured(around, name)


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
