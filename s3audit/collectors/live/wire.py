"""What comes over the wire, seen before botocore makes something of it, and what is made of what it made."""

import re
from collections.abc import Mapping
from typing import Any

from s3audit.collectors.live.answers import Document, Reply

ROOT = "RootElement"
"""Under this an answer has the name of its root element."""
CUT = "BrokeOff"
"""Under this an answer has that it is not whole."""
UNREADABLE = "Unreadable"
"""Under this an answer has that it was no document, though the store said that all is well."""
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]")
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
_ACCOUNT_AT_ADDRESS = re.compile(r"^(https?://)\d{12}\.(\d+\.\d+\.\d+\.\d+|localhost)(?=[:/])")
BROKEN = {
    "ClosedConnectionError": "the connection was closed",
    "ConnectionClosedError": "the connection was closed",
    "IncompleteReadError": "the answer broke off",
    # So botocore falls over another document than the one that it looks into.
    "KeyError": "the answer can't be read",
    "ProxyConnectionError": "the proxy can't be reached",
    "ResponseParserError": "the answer can't be read",
    "ResponseStreamingError": "the answer broke off",
    "UnicodeDecodeError": "the answer can't be read",
}
"""What went wrong, by the name of the error."""


class WebPageError(Exception):
    """Somebody on the way answered with a page for people."""


def look_at(
    operation_model: Any, response_dict: Any, customized_response_dict: dict[str, Any], **_: object
) -> None:
    """Keep the name of the root element, and see whether the answer is whole: botocore looks at neither."""
    body = response_dict.get("body")
    if not isinstance(body, bytes):
        return
    length = str(response_dict.get("headers", {}).get("content-length", ""))
    if length.isdecimal() and len(body) < int(length) and operation_model.http.get("method") != "HEAD":
        customized_response_dict[CUT] = True
        response_dict.update(status_code=500, body=b"")
    elif response_dict.get("status_code", 0) < 300:
        if _PAGE.match(body):
            raise WebPageError
        found = _ROOT.search(body[:4096])
        customized_response_dict[ROOT] = found.group(1).decode("ascii") if found else ""


def without_account(request: Any, **_: object) -> None:
    """Leave the account out of the host where that is an address: no address has a name before it."""
    request.url = _ACCOUNT_AT_ADDRESS.sub(r"\1\2", request.url)


def refused(response: Mapping[str, Any], instead: str = "") -> Reply:
    if response.get(CUT):
        return Reply(status=0, broken=BROKEN["IncompleteReadError"])
    if response.get(UNREADABLE):
        return Reply(status=0, broken=BROKEN["ResponseParserError"])
    error = response.get("Error", {})
    meta = response.get("ResponseMetadata", {})
    code = str(error.get("Code", "")) or str(meta.get("HTTPStatusCode", ""))
    message = str(error.get("Message", ""))
    return Reply(
        status=meta.get("HTTPStatusCode", 0),
        code=instead or code,
        message=f"{code}: {message}" if instead else message,
        region=headers(meta).get("x-amz-bucket-region", "") or str(error.get("Region", "")),
    )


def code_of(parsed: Mapping[str, Any]) -> str:
    return str(parsed.get("Error", {}).get("Code", ""))


def refusal(event: str, status: int, parsed: Mapping[str, Any]) -> dict[str, str]:
    meta = parsed.get("ResponseMetadata", {})
    return {
        "call": event.removeprefix("response-received.").replace(".", ":", 1),
        "status": str(status),
        "code": code_of(parsed),
        "request": str(meta.get("RequestId", "")),
        "host": str(meta.get("HostId", "")),
    }


def headers(meta: Mapping[str, Any]) -> Mapping[str, str]:
    found: Mapping[str, str] = meta.get("HTTPHeaders", {})
    return found


def read(answer: Document) -> Document:
    """The answer, with streams read: none of those that a scan asks for is large."""
    return {key: value.read() if hasattr(value, "read") else value for key, value in answer.items()}
