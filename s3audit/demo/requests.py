"""What a request asks for, read by the input shape of its operation."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from s3audit.demo import scalars, xml
from s3audit.demo.http import Request, parsed

Parameters = dict[str, Any]


def form_of(request: Request) -> Mapping[str, list[str]]:
    """The fields of a form, if the body is one."""
    if "x-www-form-urlencoded" not in request.headers.get("content-type", ""):
        return {}
    return parsed(request.body.decode("utf-8"))


def parameters(
    protocol: str,
    operation: Any,
    request: Request,
    labels: Mapping[str, str],
    form: Mapping[str, list[str]],
) -> Parameters:
    """The parameters of a call, as boto3 was given them."""
    shape = operation.input_shape
    if shape is None:
        return {}
    if form and "Action" in form:
        return _of_form(shape, form, protocol)
    if protocol in ("rest-xml", "rest-json"):
        found = _around(shape, request, labels)
        return found | _of_body(shape, request.body, protocol)
    return _of_json(shape, json.loads(request.body or b"{}"))


def _around(shape: Any, request: Request, labels: Mapping[str, str]) -> Parameters:
    """What stands in the path, the query and the headers."""
    found: Parameters = {}
    for name, member in shape.members.items():
        told = member.serialization
        wire = told.get("name", name)
        match told.get("location"):
            case "uri" if wire in labels:
                found[name] = scalars.read(member, unquote(labels[wire]))
            case "querystring":
                _of_query(member, name, wire, request.query, found)
            case "header" if wire.lower() in request.headers:
                found[name] = scalars.read(member, request.headers[wire.lower()])
            case "headers":
                prefix = wire.lower()
                of = {k.removeprefix(prefix): v for k, v in request.headers.items() if k.startswith(prefix)}
                if of:
                    found[name] = of
            case _:
                pass
    return found


def _of_query(member: Any, name: str, wire: str, query: Mapping[str, list[str]], found: Parameters) -> None:
    if member.type_name == "map":
        found[name] = {key: values[0] for key, values in query.items()}
    elif wire in query:
        if member.type_name == "list":
            found[name] = [scalars.read(member.member, value) for value in query[wire]]
        else:
            found[name] = scalars.read(member, query[wire][0])


def _of_body(shape: Any, body: bytes, protocol: str) -> Parameters:
    payload = shape.serialization.get("payload")
    if payload is None:
        if not body:
            return {}
        if protocol == "rest-xml":
            return xml.structure(shape, xml.read(body))
        return _of_json(shape, json.loads(body))
    member = shape.members[payload]
    if member.type_name == "blob":
        return {payload: body}
    if not body:
        return {}
    if member.type_name == "string":
        return {payload: body.decode("utf-8")}
    if protocol == "rest-xml":
        return {payload: xml.understood(member, xml.read(body))}
    return {payload: _json(member, json.loads(body))}


# JSON


def _of_json(shape: Any, document: Mapping[str, Any]) -> Parameters:
    return {
        name: _json(member, document[wire])
        for name, member in xml.in_body(shape)
        if document.get(wire := member.serialization.get("name", name)) is not None
    }


def _json(shape: Any, value: Any) -> Any:
    match shape.type_name:
        case "structure":
            return value if getattr(shape, "is_document_type", False) else _of_json(shape, value)
        case "list":
            return [_json(shape.member, one) for one in value]
        case "map":
            return {key: _json(shape.value, one) for key, one in value.items()}
        case "timestamp":
            return scalars.moment(value)
        case "blob":
            return scalars.read(shape, value)
        case _:
            return value


# Forms


def _of_form(shape: Any, form: Mapping[str, list[str]], protocol: str) -> Parameters:
    flat = {name: values[0] for name, values in form.items()}
    return _members(shape, flat, "", protocol == "ec2")


def _members(shape: Any, flat: Mapping[str, str], prefix: str, is_ec2: bool) -> Parameters:
    found: Parameters = {}
    for name, member in shape.members.items():
        value = _flat(member, flat, prefix + _field(name, member, is_ec2), is_ec2)
        if value is not None:
            found[name] = value
    return found


def _field(name: str, member: Any, is_ec2: bool) -> str:
    told = member.serialization
    if is_ec2:
        wire = str(told.get("queryName") or told.get("name", name))
        return wire[:1].upper() + wire[1:]
    return xml.wire_name(name, member)


def _flat(shape: Any, flat: Mapping[str, str], name: str, is_ec2: bool) -> Any:
    """What the fields say whose names begin so; None where there are none."""
    match shape.type_name:
        case "structure":
            under = f"{name}."
            if not any(field.startswith(under) for field in flat):
                return None
            return _members(shape, flat, under, is_ec2)
        case "list":
            if not is_ec2 and not shape.serialization.get("flattened"):
                name = f"{name}.{shape.member.serialization.get('name', 'member')}"
            return _numbered(shape.member, flat, name, is_ec2)
        case "map":
            if not shape.serialization.get("flattened"):
                name = f"{name}.entry"
            key, of = (one.serialization.get("name", word) for one, word in _PAIR(shape))
            return _entries(shape, flat, name, key, of) or None
        case _:
            return scalars.read(shape, flat[name]) if name in flat else None


def _PAIR(shape: Any) -> tuple[tuple[Any, str], tuple[Any, str]]:  # noqa: N802
    return (shape.key, "key"), (shape.value, "value")


def _numbered(shape: Any, flat: Mapping[str, str], name: str, is_ec2: bool) -> list[Any] | None:
    found: list[Any] = []
    while (value := _flat(shape, flat, f"{name}.{len(found) + 1}", is_ec2)) is not None:
        found.append(value)
    return found or None


def _entries(shape: Any, flat: Mapping[str, str], name: str, key: str, of: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while (told := flat.get(f"{name}.{len(found) + 1}.{key}")) is not None:
        found[told] = _flat(shape.value, flat, f"{name}.{len(found) + 1}.{of}", False)
    return found
