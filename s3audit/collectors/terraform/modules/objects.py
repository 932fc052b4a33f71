"""What an attribute of a resource or of a data source gives, as far as its block tells."""

from typing import TYPE_CHECKING

from s3audit.collectors.documents.resolved import Partial
from s3audit.collectors.documents.tree import Node
from s3audit.collectors.terraform.language import convert
from s3audit.collectors.terraform.language.values import (
    Named,
    Primitive,
    Value,
    is_null,
    opaque,
    partial,
    why_not_known,
)
from s3audit.collectors.terraform.references import identifies, made_up, naming, reference
from s3audit.text import Opaque, Text

if TYPE_CHECKING:
    from s3audit.collectors.terraform.modules.instances import Instance
    from s3audit.collectors.terraform.modules.module import ResourceBlock

_POLICY_TEXTS = frozenset({"json", "minified_json"})
_STORED = "terraform_data"


def resource_attribute(one: "Instance", name: str, at: Node) -> Value | None:
    """An attribute of a managed resource: what is written, else what AWS makes of it."""
    kind = _block(one).type
    argument = naming(kind)
    if argument and name in (argument, "id"):
        # What belongs to a bucket is known by the name of that bucket.
        return name_of(one, at) if identifies(kind, "id") else _written(one, argument)
    if kind == _STORED:  # it has no provider that would change anything
        return _written(one, "input" if name == "output" else name) or opaque(at, f"{one.address}.{name}")
    if (written := _told(one, name)) is not None:
        return _identified(written, one, name, at)
    return _as_value(reference(kind, one.address, name, _known_name(one)), one, name, at)


def name_of(one: "Instance", at: Node) -> Value:
    """The name of a bucket: literal, partly known, or known only by whose it is."""
    written = _written(one, naming(_block(one).type))
    if written is not None and not is_null(written):
        named = convert.as_text(written)
        if isinstance(named, Primitive):
            return _named(named.value, one, at)
        if isinstance(named, Partial):
            return partial(at, named.text, named.why)
        return partial(at, Text((Opaque(f"{one.address}.id", one.address),)), why_not_known(named) or "")
    prefix = _written(one, "bucket_prefix")
    if prefix is None or is_null(prefix):
        return partial(at, made_up(one.address))
    head = convert.text_of(prefix)
    return partial(at, made_up(one.address, Text() if head is None else head))


def _known_name(one: "Instance") -> Text | None:
    """The name of a bucket or of what belongs to one, for the names that are made of it."""
    kind = _block(one).type
    argument = naming(kind)
    if not argument:
        return None
    named = name_of(one, one) if identifies(kind, "id") else _written(one, argument)
    return None if named is None else convert.text_of(named)


def data_attribute(one: "Instance", name: str, at: Node) -> Value | None:
    """An attribute of a data source."""
    kind = _block(one).type
    if kind == "aws_iam_policy_document" and name in _POLICY_TEXTS:
        return _policy(one, name, at)
    argument = naming(kind)
    if argument and name in (argument, "id"):
        return _written(one, argument)
    if not argument and kind not in _ASKED and (written := _told(one, name)) is not None:
        return written
    named = _written(one, argument) if argument else None
    known = None if named is None else convert.text_of(named)
    return partial(
        at, reference(f"data.{kind}", one.address, name, known), f"only AWS tells {one.address}.{name}"
    )


_ASKED = frozenset({"aws_caller_identity", "aws_partition", "aws_region"})


def _policy(one: "Instance", name: str, at: Node) -> Value:
    from s3audit.collectors.terraform.modules.bodies import BodyNode
    from s3audit.collectors.terraform.policies.document import document

    module = one.scope.module
    body = BodyNode.of(one.block.block, one.block.body, one.scope)
    address = f"{one.address}.{name}"
    is_minified = name == "minified_json"
    return module.once(
        address, at, lambda: document(body, at, module.evaluator, address, minified=is_minified)
    )


def _block(one: "Instance") -> "ResourceBlock":
    block: ResourceBlock = one.block  # type: ignore[assignment]
    return block


def _written(one: "Instance", name: str) -> Value | None:
    """An argument as it is written."""
    written = one.block.body.attributes.get(name)
    if written is None:
        return None
    module = one.scope.module
    return module.once(
        f"{one.address}.{name}", written.key, lambda: module.evaluator.evaluate(written.value, one.scope)
    )


def _told(one: "Instance", name: str) -> Value | None:
    """An argument, unless it is left to the provider to say what it is."""
    written = _written(one, name)
    return None if written is None or is_null(written) else written


def _identified(written: Value, one: "Instance", name: str, at: Node) -> Value:
    """A name that is given is this resource's own."""
    if type(written) is Primitive and isinstance(written.data, str) and identifies(_block(one).type, name):
        return _named(written.data, one, at)
    return written


def _named(name: str, one: "Instance", at: Node) -> Value:
    made = Named.of(at, name)
    assert isinstance(made, Named)  # noqa: S101 - the class it was asked of
    made.resource = one.address
    return made


def _as_value(known: Text, one: "Instance", name: str, at: Node) -> Value:
    """A text; one that is wholly known is the name of this resource, or made of it."""
    if known.literal is None:
        return partial(at, known)
    return (
        _named(known.literal, one, at)
        if identifies(_block(one).type, name)
        else Primitive.of(at, known.literal)
    )
