"""Structures as XML, by their shapes."""

from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from s3audit.demo import scalars

Element = ET.Element

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_ISO = "iso8601"


def wire_name(name: str, shape: Any) -> str:
    """The element of a member; that of a flattened list is the name of its items."""
    if shape.type_name == "list" and shape.serialization.get("flattened"):
        inner = shape.member.serialization.get("name")
        if inner is not None:
            return str(inner)
    return str(shape.serialization.get("name", name))


def in_body(shape: Any) -> Iterable[tuple[str, Any]]:
    """The members that stand in the body."""
    return ((name, one) for name, one in shape.members.items() if "location" not in one.serialization)


# Writing


def document(root: str, namespace: str, shape: Any, value: Mapping[str, Any]) -> str:
    """A structure as a whole document."""
    told = f" xmlns={quoteattr(namespace)}" if namespace else ""
    return f"{_HEAD}<{root}{told}{attributes(shape, value)}>{inside(shape, value)}</{root}>"


_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def inside(shape: Any, value: Mapping[str, Any]) -> str:
    """The members of a structure, without what is around them."""
    return "".join(
        _element(wire_name(name, member), member, value[name])
        for name, member in in_body(shape)
        if value.get(name) is not None and not member.serialization.get("xmlAttribute")
    )


def attributes(shape: Any, value: Mapping[str, Any]) -> str:
    """The members of a structure that stand in its tag."""
    found = [
        f" {member.serialization['name']}={quoteattr(str(value[name]))}"
        for name, member in shape.members.items()
        if member.serialization.get("xmlAttribute") and value.get(name) is not None
    ]
    return f' xmlns:xsi="{_XSI}"' + "".join(found) if found else ""


def _element(name: str, shape: Any, value: Any) -> str:
    match shape.type_name:
        case "structure":
            return f"<{name}{attributes(shape, value)}>{inside(shape, value)}</{name}>"
        case "list":
            return _list(name, shape, value)
        case "map":
            return _map(name, shape, value)
        case _:
            return f"<{name}>{escape(_clean(scalars.written(shape, value, _ISO)))}</{name}>"


def _list(name: str, shape: Any, value: Iterable[Any]) -> str:
    if shape.serialization.get("flattened"):
        return "".join(_element(name, shape.member, one) for one in value)
    item = shape.member.serialization.get("name", "member")
    return f"<{name}>{''.join(_element(item, shape.member, one) for one in value)}</{name}>"


def _map(name: str, shape: Any, value: Mapping[str, Any]) -> str:
    flattened = shape.serialization.get("flattened")
    outer = name if flattened else "entry"
    key, of = shape.key.serialization.get("name", "key"), shape.value.serialization.get("name", "value")
    entries = "".join(
        f"<{outer}>{_element(key, shape.key, k)}{_element(of, shape.value, v)}</{outer}>"
        for k, v in value.items()
    )
    return entries if flattened else f"<{name}>{entries}</{name}>"


def _clean(text: str) -> str:
    """What XML 1.0 can't hold at all is left out; a carriage return would be read as a line feed."""
    if text.isprintable():
        return text
    return "".join(c for c in text if c >= " " or c in "\t\n\r").replace("\ufffe", "").replace("\uffff", "")


# Reading


def read(body: bytes) -> Element:
    """The root element of a document, names without their namespaces."""
    root = ET.fromstring(body)  # noqa: S314 - from a client on this machine
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        for name in [name for name in element.attrib if name.startswith("{")]:
            element.attrib[name.rpartition("}")[2]] = element.attrib.pop(name)
    return root


def understood(shape: Any, element: Element) -> Any:
    """The value that an element holds."""
    match shape.type_name:
        case "structure":
            return structure(shape, element)
        case "list":
            return [understood(shape.member, one) for one in element]
        case "map":
            return dict(_entry(shape, one) for one in element)
        case _:
            return scalars.read(shape, element.text or "")


def structure(shape: Any, element: Element) -> dict[str, Any]:
    """The members of a structure that are there."""
    found: dict[str, Any] = {}
    for name, member in in_body(shape):
        if member.serialization.get("xmlAttribute"):
            wire = member.serialization["name"].rpartition(":")[2]
            if wire in element.attrib:
                found[name] = element.attrib[wire]
            continue
        elements = element.findall(wire_name(name, member))
        if not elements:
            continue
        if member.type_name == "list" and member.serialization.get("flattened"):
            found[name] = [understood(member.member, one) for one in elements]
        elif member.type_name == "map" and member.serialization.get("flattened"):
            found[name] = dict(_entry(member, one) for one in elements)
        else:
            found[name] = understood(member, elements[0])
    return found


def _entry(shape: Any, element: Element) -> tuple[Any, Any]:
    key = element.find(shape.key.serialization.get("name", "key"))
    value = element.find(shape.value.serialization.get("name", "value"))
    return (
        "" if key is None else scalars.read(shape.key, key.text or ""),
        None if value is None else understood(shape.value, value),
    )
