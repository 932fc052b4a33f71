"""Which configuration of a provider a resource is made with, whatever its module calls it: another account, perhaps."""

from typing import TYPE_CHECKING

from s3audit.collectors.documents.hcl.syntax import Expression, Object
from s3audit.collectors.terraform.modules.module import ModuleCall, ResourceBlock

if TYPE_CHECKING:
    from s3audit.collectors.terraform.modules.instances import ModuleInstance

_USUAL = "aws"


def configuration(instance: "ModuleInstance", block: ResourceBlock, address: str) -> str:
    """`aws.west`; empty for the usual one of the root module."""
    written = block.body.attributes.get("provider")
    name = _USUAL if written is None else _text(written.value)
    found = _configured(instance, name)
    if "[" in found:  # one of several, chosen for each resource
        return f"{found} for {address}"
    return "" if found == _USUAL else found


def _configured(instance: "ModuleInstance", name: str) -> str:
    """What the root module, or a module with a configuration of its own, calls it."""
    around, call = instance.around, instance.call
    if around is None or call is None or name in instance.module.providers:
        return f"{instance.prefix}{name}"
    given = _passed(call)
    if name in given:
        return _configured(around, given[name])
    # Only what has no alias is handed down by itself.
    return f"{instance.prefix}{name}" if "." in name else _configured(around, name)


def _passed(call: ModuleCall) -> dict[str, str]:
    written = call.argument("providers")
    if not isinstance(written, Object):
        return {}
    return {_text(key): _text(value) for key, value in written.items}


def _text(expression: Expression) -> str:
    return expression.lines.text[expression.start : expression.end].strip('"')
