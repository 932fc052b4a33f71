"""The model in plain words, for a test to compare."""

from typing import Any

from s3audit.model.base import Resource, Section
from s3audit.model.document import Array, Leaf, Object
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Text

_EVERY = {"address", "at", "origin", "exists", "title", "arn", "account", "region", "tags"}


def plain(value: Any) -> Any:
    """What a setting, a section or a document holds; what is not known as `? why`."""
    match value:
        case Known(found):
            return plain(found)
        case Unset(default):
            return {"not set": plain(default)}
        case Unknown(why):
            return f"? {why}"
        case Text():
            return str(value)
        case Section():
            return {name: plain(getattr(value, name)) for name in value.__struct_fields__ if name != "at"}
        case tuple():
            return [plain(one) for one in value]
        case Object(members):
            return {member.name: plain(member.value) for member in members}
        case Array(items):
            return [plain(item) for item in items]
        case Leaf(found):
            return plain(found)
        case _:
            return value


def own(resource: Resource) -> dict[str, Any]:
    """The fields of its kind alone."""
    return {name: plain(getattr(resource, name)) for name in resource.__struct_fields__ if name not in _EVERY}


def calls(resource: Resource) -> dict[str, str]:
    """The call that told each of these, or did not."""
    fields = (name for name in resource.__struct_fields__ if name not in _EVERY)
    return {
        name: getattr(resource, name).at.call for name in fields if hasattr(getattr(resource, name), "at")
    }


def whose(resource: Resource) -> tuple[str, str, str]:
    """Its ARN, account and region."""
    return plain(resource.arn), plain(resource.account), plain(resource.region)


def only(resources: tuple[Resource, ...]) -> Resource:
    (one,) = resources
    return one
