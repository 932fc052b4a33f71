"""An estate with values for what is given from outside: a plan is never without them."""

from collections.abc import Callable
from typing import Any

import msgspec

from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Opaque, Part, Text, text
from tests.terraform.emit.names import slug

PSEUDO = {
    "AWS::AccountId": "111122223333",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::URLSuffix": "amazonaws.com",
}


def completed(estate: Estate, *, with_names: bool) -> Estate:
    """With literal parameters, all of it there; with a name for each bucket where AWS would make one up."""
    names: dict[Part, str] = {}
    for bucket in estate.all(Bucket) if with_names else ():
        if bucket.type == "general" and isinstance(bucket.name, Known):
            own = [part for part in bucket.name.value.opaque if part.resource == bucket.address]
            names |= dict.fromkeys(own, f"shop-{slug(bucket.title).replace('_', '-')}")

    def value_of(part: Part) -> Part:
        match part:
            case Opaque(origin=origin, given=True) if origin not in PSEUDO:
                return slug(origin).replace("_", "-")
            case _:
                return names.get(part, part)

    def resource_of(resource: Resource) -> Resource:
        made: Resource = _mapped(resource, lambda value: text(*map(value_of, value.parts)))
        if isinstance(made, Bucket) and made.name != getattr(resource, "name", made.name):
            # Who names a bucket has no use for a prefix.
            made = msgspec.structs.replace(made, name_prefix=Unset(None, made.at))
        if isinstance(made.exists, Unknown):
            made = msgspec.structs.replace(made, exists=Known(True, made.exists.at))
        return made

    return Estate(map(resource_of, estate.resources))


def placed(estate: Estate) -> Estate:
    """In one account and region, which a plan knows too."""
    return Estate(
        _mapped(resource, lambda value: text(*map(_known, value.parts))) for resource in estate.resources
    )


def _known(part: Part) -> Part:
    return PSEUDO.get(part.origin, part) if isinstance(part, Opaque) else part


def _mapped(value: Any, change: Callable[[Text], Text]) -> Any:
    """The same with other texts."""
    match value:
        case Text():
            return change(value)
        case tuple():
            return tuple(_mapped(item, change) for item in value)
        case msgspec.Struct():
            fields = {name: getattr(value, name) for name in value.__struct_fields__}
            changed = {name: _mapped(field, change) for name, field in fields.items()}
            return type(value)(**changed) if any(changed[n] is not fields[n] for n in fields) else value
        case _:
            return value
