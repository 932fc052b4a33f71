"""Answers and errors as their protocols write them, by the output shape of the operation."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

import msgspec

from s3audit.demo import scalars, xml
from s3audit.demo.http import Reply

Document = Mapping[str, Any]

_NAMESPACES = {
    "s3": "http://s3.amazonaws.com/doc/2006-03-01/",
    "s3control": "http://awss3control.amazonaws.com/doc/2018-08-20/",
    "cloudfront": "http://cloudfront.amazonaws.com/doc/2020-05-31/",
    "route53": "https://route53.amazonaws.com/doc/2013-04-01/",
}
_ROOTS = {
    "GetBucketAccelerateConfiguration": "AccelerateConfiguration",
    "GetBucketAcl": "AccessControlPolicy",
    "GetBucketCors": "CORSConfiguration",
    "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
    "GetBucketLogging": "BucketLoggingStatus",
    "GetBucketNotificationConfiguration": "NotificationConfiguration",
    "GetBucketRequestPayment": "RequestPaymentConfiguration",
    "GetBucketTagging": "Tagging",
    "GetBucketVersioning": "VersioningConfiguration",
    "GetBucketWebsite": "WebsiteConfiguration",
    "GetObjectAcl": "AccessControlPolicy",
    "ListBucketAnalyticsConfigurations": "ListBucketAnalyticsConfigurationResult",
    "ListBucketIntelligentTieringConfigurations": "ListBucketIntelligentTieringConfigurationsOutput",
    "ListBucketInventoryConfigurations": "ListInventoryConfigurationsResult",
    "ListBucketMetricsConfigurations": "ListMetricsConfigurationsResult",
    "ListBuckets": "ListAllMyBucketsResult",
    "ListDirectoryBuckets": "ListAllMyDirectoryBucketsResult",
    "ListMultipartUploads": "ListMultipartUploadsResult",
    "ListObjectVersions": "ListVersionsResult",
    "ListObjects": "ListBucketResult",
    "ListObjectsV2": "ListBucketResult",
}
"""Root elements that S3 does not name as its models do."""
_XML = "application/xml"
_ISO = "iso8601"


class Refused(Exception):  # noqa: N818 - a refusal is an answer, no error of ours
    """An error that the service answers."""

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 400,
        *,
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code, message, status)
        self.code = code
        self.message = message
        self.status = status
        self.fields = fields or {}
        """More elements of an error of S3: `Region`, `BucketName`."""
        self.headers = headers or {}


class Raw(msgspec.Struct, frozen=True):
    """An answer of which the protocol knows nothing."""

    body: bytes
    content_type: str = _XML
    status: int = 200


def reply(service: str, protocol: str, operation: Any, document: Document, request_id: str) -> Reply:
    """The answer to a call."""
    shape = operation.output_shape
    made = Reply(_status(operation), _ids(service, request_id))
    if service == "s3" and operation.name == "GetBucketLocation":
        made.body = _location(document)
        made.headers["Content-Type"] = _XML
        return made
    match protocol:
        case "rest-xml" | "rest-json":
            _rest(service, protocol, operation, shape, document, made)
        case "query":
            body = "" if shape is None else xml.inside(shape, document)
            wrapper = None if shape is None else shape.serialization.get("resultWrapper")
            if wrapper:
                body = f"<{wrapper}>{body}</{wrapper}>"
            _whole(
                operation,
                f"{body}<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>",
                made,
            )
        case "ec2":
            body = "" if shape is None else xml.inside(shape, document)
            _whole(operation, f"<requestId>{request_id}</requestId>{body}", made)
        case _:
            version = operation.service_model.metadata.get("jsonVersion", "1.1")
            made.headers["Content-Type"] = f"application/x-amz-json-{version}"
            made.body = json.dumps({} if shape is None else _json(shape, document)).encode()
    return made


def _status(operation: Any) -> int:
    # Models say 200 even of what S3 answers without a body.
    if operation.http.get("method") == "DELETE" and operation.output_shape is None:
        return 204
    return int(operation.http.get("responseCode", 200))


def _ids(service: str, request_id: str) -> dict[str, str]:
    if service in ("s3", "s3control"):
        return {"x-amz-request-id": request_id, "x-amz-id-2": f"{request_id}/host", "Server": "AmazonS3"}
    return {"x-amzn-RequestId": request_id}


def _whole(operation: Any, body: str, made: Reply) -> None:
    namespace = operation.service_model.metadata.get("xmlNamespace", "")
    name = f"{operation.name}Response"
    made.headers["Content-Type"] = "text/xml"
    made.body = f'<{name} xmlns="{namespace}">{body}</{name}>'.encode()


def _location(document: Document) -> bytes:
    """The one answer of S3 that is a text and no structure."""
    region, name = document.get("LocationConstraint") or "", "LocationConstraint"
    return f'<{name} xmlns="{_NAMESPACES["s3"]}">{escape(region)}</{name}>'.encode()


def _rest(service: str, protocol: str, operation: Any, shape: Any, document: Document, made: Reply) -> None:
    if shape is None:
        return
    for name, member in shape.members.items():
        told, value = member.serialization, document.get(name)
        if value is None:
            continue
        match told.get("location"):
            case "header":
                made.headers[told.get("name", name)] = scalars.written(member, value, "rfc822")
            case "headers":
                made.headers |= {f"{told.get('name', '')}{key}": str(one) for key, one in value.items()}
            case "statusCode":
                made.status = int(value)
            case _:
                pass
    payload = shape.serialization.get("payload")
    if payload is None:
        if protocol == "rest-json":
            made.headers["Content-Type"] = "application/json"
            made.body = json.dumps(_json(shape, document)).encode()
        elif any(True for _ in xml.in_body(shape)):
            root = _ROOTS.get(operation.name) if service == "s3" else None
            _xml(service, root or _result(shape.name), shape, document, made)
        return
    member, value = shape.members[payload], document.get(payload)
    if value is None:
        return
    if member.type_name in ("string", "blob"):
        text = json.dumps(value) if isinstance(value, dict) else value
        made.headers["Content-Type"] = "application/json"
        made.body = text if isinstance(text, bytes) else str(text).encode()
    elif protocol == "rest-json":
        made.headers["Content-Type"] = "application/json"
        made.body = json.dumps(_json(member, value)).encode()
    else:
        _xml(service, member.serialization.get("name", payload), member, value, made)


def _result(name: str) -> str:
    return name.removesuffix("Output") + "Result" if name.endswith("Output") else name


def _xml(service: str, root: str, shape: Any, value: Document, made: Reply) -> None:
    made.headers["Content-Type"] = _XML
    made.body = xml.document(root, _NAMESPACES.get(service, ""), shape, value).encode()


def _json(shape: Any, value: Any) -> Any:
    match shape.type_name:
        case "structure":
            if getattr(shape, "is_document_type", False):
                return value
            return {
                member.serialization.get("name", name): _json(member, value[name])
                for name, member in xml.in_body(shape)
                if value.get(name) is not None
            }
        case "list":
            return [_json(shape.member, one) for one in value]
        case "map":
            return {key: _json(shape.value, one) for key, one in value.items()}
        case "timestamp":
            form = shape.serialization.get("timestampFormat", "unixTimestamp")
            at = scalars.moment(value)
            return at.timestamp() if form == "unixTimestamp" else scalars.written_time(at, form)
        case "blob":
            return base64.b64encode(value if isinstance(value, bytes) else str(value).encode()).decode()
        case "string" if isinstance(value, dict | list):
            return json.dumps(value)
        case _:
            return value


# Errors


def refusal(service: str, protocol: str, told: Refused, request_id: str) -> Reply:
    """The error in the words of the protocol."""
    code, message = escape(told.code), escape(told.message)
    made = Reply(told.status, _ids(service, request_id) | dict(told.headers))
    made.headers["Content-Type"] = _XML
    fields = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in told.fields.items())
    if service == "s3":
        made.body = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message>'
            f"{fields}<RequestId>{request_id}</RequestId><HostId>{request_id}/host</HostId></Error>"
        ).encode()
    elif protocol == "ec2":
        made.body = (
            f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
            f"<RequestID>{request_id}</RequestID></Response>"
        ).encode()
    elif protocol in ("query", "rest-xml"):
        fault = "Receiver" if told.status >= 500 else "Sender"
        made.body = (
            f'<ErrorResponse xmlns="{_NAMESPACES.get(service, "")}"><Error><Type>{fault}</Type><Code>{code}</Code>'
            f"<Message>{message}</Message>{fields}</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
        ).encode()
    else:
        made.headers["Content-Type"] = "application/json"
        made.headers["x-amzn-ErrorType"] = told.code
        made.body = json.dumps({"__type": told.code, "message": told.message}).encode()
    return made


def checked(shape: Any, value: Any, at: str) -> None:
    """Whether a document has only what its shape knows; a misspelt name would be left out in silence."""
    match (shape.type_name if shape is not None else "", value):
        case ("structure", Mapping()):
            if getattr(shape, "is_document_type", False):
                return
            for name, one in value.items():
                if name not in shape.members:
                    raise ValueError(f"{at} has no {name}; it has {', '.join(shape.members)}")
                checked(shape.members[name], one, f"{at}.{name}")
        case ("list", list() | tuple()):
            for one in value:
                checked(shape.member, one, f"{at}[]")
        case ("map", Mapping()):
            for one in value.values():
                checked(shape.value, one, f"{at}{{}}")
        case ("structure" | "list" | "map", None):
            pass
        case ("structure" | "list" | "map" as kind, _):
            raise ValueError(f"{at} is a {kind}")
        case ("", Mapping()) if value:
            raise ValueError(f"{at} answers nothing")
        case _:
            pass
