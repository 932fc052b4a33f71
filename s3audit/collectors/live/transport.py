"""How calls reach a store: one seam, behind which boto3 stands."""

import re
from collections import deque
from collections.abc import Mapping
from threading import RLock
from time import monotonic
from typing import Any, Protocol
from urllib.parse import urlsplit

import msgspec

from s3audit.collectors.live import guard
from s3audit.collectors.live.answers import Document, Reply
from s3audit.collectors.live.offered import NOT_OFFERED, SOMEWHERE, is_offered

ATTEMPTS = 10
"""How often a call is tried while the store throttles it or breaks."""
MOST_CONNECTIONS = 32

NO_CREDENTIALS = frozenset(
    {
        "CredentialRetrievalError",
        "NoAuthTokenError",
        "NoCredentialsError",
        "PartialCredentialsError",
        "SSOError",
        "SSOTokenLoadError",
        "TokenRetrievalError",
        "UnauthorizedSSOTokenError",
    }
)
"""By these names botocore says that it has nothing to sign with."""
ROLE_REFUSED = "RoleRefused"
"""Our code for a call that was not made because the role for it could not be assumed."""
NOT_KNOWN_HERE = "NotKnownHere"
"""Our code for a call that this version of boto3 does not have."""
MOST_BROKEN = 3
"""So many calls in a row without any answer, and nothing more is sent to that service and Region."""
MOST_REFUSALS = 100
"""Requests that are remembered by their ids, of one transport."""

_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]")
_ROOT_KEY = "RootElement"
_CUT_KEY = "BrokeOff"
_ACCOUNT_AT_ADDRESS = re.compile(r"^(https?://)\d{12}\.(\d+\.\d+\.\d+\.\d+|localhost)(?=[:/])")


class Patience(msgspec.Struct, frozen=True):
    """How many seconds an answer is waited for, and how long nothing is sent to where there was none."""

    connect: float = 10
    read: float = 20
    rest: float = 60


PATIENCE = Patience()


class Transport(Protocol):
    """Makes one call and says what came back; it never raises for what a store or a network may do."""

    def call(
        self, service: str, operation: str, parameters: Mapping[str, Any], region: str = ""
    ) -> Reply: ...


class BotoTransport:
    """Through boto3: one session, a client for each service and region, and botocore's adaptive retries."""

    def __init__(
        self,
        session: Any,
        *,
        endpoint_url: str = "",
        region: str = "",
        workers: int = MOST_CONNECTIONS,
        attempts: int = ATTEMPTS,
        patience: Patience = PATIENCE,
    ) -> None:
        from botocore.config import Config

        self._core = session._session  # noqa: SLF001 - boto3 has no other way to it
        self._endpoint = endpoint_url
        self._region = region
        self._clients: dict[tuple[str, str], Any] = {}
        self._methods: dict[tuple[str, str, str], Any] = {}
        self._patience = patience
        self._breaks = _Breaks(patience.rest)
        self._lock = RLock()
        self.requests = 0
        """How many were sent, also those that were sent again."""
        self.throttled = 0
        self.refusals: deque[dict[str, str]] = deque(maxlen=MOST_REFUSALS)
        """The last of those that were, with what AWS asks for when one complains."""
        self._config = Config(
            # One host for each region, so that its connections serve all buckets.
            s3={"addressing_style": "path"},
            # Who tries once has no reason to go slower.
            retries={"mode": "adaptive" if attempts > 1 else "standard", "total_max_attempts": attempts},
            connect_timeout=patience.connect,
            read_timeout=patience.read,
            max_pool_connections=max(workers, MOST_CONNECTIONS),
            user_agent_extra="s3audit",
        )
        guard.watch(self._core)
        # What is asked about a directory bucket needs no session for its objects, and none is made.
        self._core.set_config_variable("s3_disable_express_session_auth", True)
        self._core.register("before-parse", _look_at)
        self._core.get_component("event_emitter").register_first("needs-retry.*.*", _break_off)
        self._core.register("response-received", self._count)
        self._core.register("before-sign.s3-control", _without_account)

    def call(self, service: str, operation: str, parameters: Mapping[str, Any], region: str = "") -> Reply:
        from botocore.exceptions import ClientError

        region = region or self._region
        if why := self._breaks.why(service, region):
            return Reply(status=0, broken=why)
        try:
            method = self._method(service, operation, region)
        except _UnknownCallError as error:
            return Reply(status=0, code=NOT_KNOWN_HERE, message=str(error))
        except Exception as error:  # noqa: BLE001 - a region or an endpoint that botocore does not take
            return self._broken(error)
        if not self._endpoint and not self._is_offered(service, operation, region):
            return Reply(status=0, code=NOT_OFFERED, message=f"{service} has no endpoint in {region}")
        try:
            answer = method(**parameters)
            meta = answer.pop("ResponseMetadata", {})
            root = answer.pop(_ROOT_KEY, "")
            reply = Reply(
                _read(answer),
                root,
                meta.get("HTTPStatusCode", 200),
                region=_headers(meta).get("x-amz-bucket-region", ""),
            )
        except guard.ReadOnlyError:
            raise
        except ClientError as error:
            # A role is assumed in the middle of the call that needs it.
            reply = _refused(error.response, "" if error.operation_name == operation else ROLE_REFUSED)
        except Exception as error:  # noqa: BLE001 - a parser, a proxy, a credential helper: each has errors of its own
            reply = self._broken(error)
        self._breaks.note(service, region, reply)
        return reply

    def client_with(self, service: str, **keys: str) -> Any:
        """A client with these credentials: for the role that all others are used with."""
        with self._lock:
            return self._core.create_client(
                service,
                region_name=self._region or None,
                endpoint_url=self._endpoint or None,
                config=self._config,
                **keys,
            )

    def _broken(self, error: Exception) -> Reply:
        """In words that are the same each time: what differs from call to call would make a thousand reasons of one."""
        name = type(error).__name__
        if name in NO_CREDENTIALS:
            return Reply(status=0, code=name, message=str(error))
        said = _BROKEN.get(name)
        url = getattr(error, "kwargs", {}).get("endpoint_url")
        if name == "ReadTimeoutError":
            said = f"{_SILENT}{self._patience.read:g} seconds"
        elif name in ("EndpointConnectionError", "ConnectTimeoutError") and url:
            said = f"{_UNREACHED}{urlsplit(str(url)).netloc}"
        elif name == "SSLError" and url:
            said = f"the certificate of {urlsplit(str(url)).netloc} is not accepted"
        elif name == "HTTPClientError" and "IncompleteRead" in str(error):
            said = _BROKEN["IncompleteReadError"]
        return Reply(status=0, message=str(error), broken=said or f"{name}: {error}".rstrip(": "))

    def _is_offered(self, service: str, operation: str, region: str) -> bool:
        if (service, operation) not in SOMEWHERE:
            return True
        # To try what has no address costs all attempts, with the pauses between them.
        control = self._client("s3control", region).meta.endpoint_url
        return is_offered(service, operation, region, control)

    def _method(self, service: str, operation: str, region: str) -> Any:
        key = (service, operation, region)
        if (method := self._methods.get(key)) is None:
            client = self._client(service, region)
            names = {api: name for name, api in client.meta.method_to_api_mapping.items()}
            if operation not in names:
                raise _UnknownCallError(f"{service}:{operation}")
            method = self._methods[key] = getattr(client, names[operation])
        return method

    def _client(self, service: str, region: str) -> Any:
        from botocore.exceptions import UnknownServiceError

        # To make a client is not safe in several threads at once.
        with self._lock:
            if (service, region) not in self._clients:
                try:
                    self._clients[service, region] = self._core.create_client(
                        service,
                        region_name=region or None,
                        endpoint_url=self._endpoint or None,
                        config=self._config,
                    )
                except UnknownServiceError:
                    raise _UnknownCallError(service) from None
            return self._clients[service, region]

    def _count(
        self,
        response_dict: Mapping[str, Any] | None = None,
        parsed_response: Mapping[str, Any] | None = None,
        event_name: str = "",
        **_: object,
    ) -> None:
        status = 0 if response_dict is None else int(response_dict.get("status_code", 0))
        with self._lock:
            self.requests += 1
            self.throttled += status in (429, 503)
            if parsed_response is not None and (status == 403 or status >= 429):
                self.refusals.append(_refusal(event_name, status, parsed_response))


class _UnknownCallError(Exception):
    """This version of boto3 does not have the call."""


class _Breaks:
    """Stops asking where nothing answers: ten attempts for each of twenty calls about each bucket would last hours."""

    def __init__(self, rest: float) -> None:
        self._rest = rest
        self._broken: dict[tuple[str, str], tuple[int, str, float]] = {}

    def why(self, service: str, region: str) -> str:
        """Why there is no use in asking now; empty where there is."""
        times, why, since = self._broken.get((service, region), (0, "", 0.0))
        return why if times >= MOST_BROKEN and monotonic() < since + self._rest else ""

    def note(self, service: str, region: str, reply: Reply) -> None:
        if not reply.broken.startswith((_UNREACHED, _SILENT)):
            self._broken.pop((service, region), None)
            return
        times, _, _ = self._broken.get((service, region), (0, "", 0.0))
        self._broken[service, region] = (times + 1, reply.broken, monotonic())


def _look_at(
    operation_model: Any, response_dict: Any, customized_response_dict: dict[str, Any], **_: object
) -> None:
    """Keep the name of the root element, and see whether the answer is whole: botocore looks at neither."""
    body, headers = response_dict.get("body"), response_dict.get("headers", {})
    if not isinstance(body, bytes):
        return
    length = str(headers.get("content-length", ""))
    if length.isdecimal() and len(body) < int(length) and operation_model.http.get("method") != "HEAD":
        customized_response_dict[_CUT_KEY] = True
        response_dict.update(status_code=500, body=b"")
    elif response_dict.get("status_code", 0) < 300:
        found = _ROOT.search(body[:4096])
        customized_response_dict[_ROOT_KEY] = found.group(1).decode("ascii") if found else ""


def _break_off(response: Any = None, **_: object) -> None:
    """Let what broke off be tried again, as what the server itself says it could not do."""
    if response is not None and response[1].get(_CUT_KEY):
        response[0].status_code = 500


def _without_account(request: Any, **_: object) -> None:
    """Leave the account out of the host where that is an address: no address has a name before it."""
    request.url = _ACCOUNT_AT_ADDRESS.sub(r"\1\2", request.url)


def _refused(response: Mapping[str, Any], instead: str = "") -> Reply:
    if response.get(_CUT_KEY):
        return Reply(status=0, broken=_BROKEN["IncompleteReadError"])
    error = response.get("Error", {})
    meta = response.get("ResponseMetadata", {})
    code = str(error.get("Code", "")) or str(meta.get("HTTPStatusCode", ""))
    message = str(error.get("Message", ""))
    return Reply(
        status=meta.get("HTTPStatusCode", 0),
        code=instead or code,
        message=f"{code}: {message}" if instead else message,
        region=_headers(meta).get("x-amz-bucket-region", "") or str(error.get("Region", "")),
    )


def _refusal(event: str, status: int, parsed: Mapping[str, Any]) -> dict[str, str]:
    meta = parsed.get("ResponseMetadata", {})
    return {
        "call": event.removeprefix("response-received.").replace(".", ":", 1),
        "status": str(status),
        "code": str(parsed.get("Error", {}).get("Code", "")),
        "request": str(meta.get("RequestId", "")),
        "host": str(meta.get("HostId", "")),
    }


def _headers(meta: Mapping[str, Any]) -> Mapping[str, str]:
    found: Mapping[str, str] = meta.get("HTTPHeaders", {})
    return found


def _read(answer: Document) -> Document:
    """The answer, with streams read: none of those that a scan asks for is large."""
    return {key: value.read() if hasattr(value, "read") else value for key, value in answer.items()}


_UNREACHED = "nobody answers at "
_SILENT = "there was no answer in "
_BROKEN = {
    "ClosedConnectionError": "the connection was closed",
    "ConnectionClosedError": "the connection was closed",
    "IncompleteReadError": "the answer broke off",
    # So botocore falls over another document than the one that it looks into.
    "KeyError": "the answer can't be read",
    "ProxyConnectionError": "the proxy can't be reached",
    "ResponseParserError": "the answer can't be read",
    "ResponseStreamingError": "the answer broke off",
}
